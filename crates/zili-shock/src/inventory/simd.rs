//! The loops in which the time goes, with the widest registers that the processor has.
//!
//! Users come in tiles, [`WIDTH`] at a time: all suppliers' flows to them stay in the nearest cache while several runs use them.
//! One run and many go through the same additions in the same order, whatever the registers' width, so that a batch equals its runs
//! to the last bit.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use std::ops::Range;

/// Users in a tile.
pub(crate) const WIDTH: usize = 32;

/// Partial sums of a product; no register holds more.
const LANES: usize = 8;

/// Registers of one kind of sum under way side by side.
const WIDE: usize = 4;

/// What a supplier's flows weigh in two sums.
#[derive(Clone, Copy)]
pub(crate) struct Weight {
    pub supplier: usize,
    pub by: [f64; 2],
}

/// One supplier's flows to the users of a tile; zeros fill the last.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Row(pub [f64; WIDTH]);

/// Partial sums of one supplier's product with what users want.
#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
pub(crate) struct Lanes([f64; LANES]);

/// One value a run and industry, laid out by tiles of industries so that what one tile needs of every run stands together.
pub(crate) struct Tiled {
    runs: usize,
    /// [tiles][runs]
    rows: Vec<Row>,
}

/// The flows of one product's suppliers to some users.
pub(crate) struct Tile<'a> {
    /// One row a supplier.
    pub rows: &'a [Row],
    /// The users.
    pub columns: Range<usize>,
}

/// Runs work with the widest registers there are.
#[inline(always)]
pub(crate) fn widest<W: WithSimd>(work: W) -> W::Output {
    Arch::new().dispatch(work)
}

/// Runs a loop that needs no care but wide registers.
#[inline(always)]
pub(crate) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

impl Row {
    pub const ZERO: Row = Row([0.0; WIDTH]);

    /// Some users' values, zeros for those that are no users of the tile.
    #[inline(always)]
    pub fn of(values: &[f64]) -> Self {
        let mut row = Self::ZERO;
        row.0[..values.len()].copy_from_slice(values);
        row
    }
}

impl Tiled {
    /// Every industry's value the same; one value a run.
    pub fn new(n: usize, values: impl Iterator<Item = f64>) -> Self {
        let runs: Vec<Row> = values.map(|value| Row([value; WIDTH])).collect();
        Self { runs: runs.len(), rows: runs.repeat(n.div_ceil(WIDTH)) }
    }

    /// One run's values by industry.
    pub fn fill(&mut self, b: usize, values: &[f64]) {
        for (tile, values) in values.chunks(WIDTH).enumerate() {
            *self.row_mut((b, tile)) = Row::of(values);
        }
    }

    pub fn get(&self, b: usize, f: usize) -> f64 {
        self.row((b, f / WIDTH)).0[f % WIDTH]
    }

    pub fn get_mut(&mut self, b: usize, f: usize) -> &mut f64 {
        &mut self.row_mut((b, f / WIDTH)).0[f % WIDTH]
    }

    #[inline(always)]
    pub fn row(&self, (b, tile): (usize, usize)) -> &Row {
        &self.rows[tile * self.runs + b]
    }

    #[inline(always)]
    pub fn row_mut(&mut self, (b, tile): (usize, usize)) -> &mut Row {
        &mut self.rows[tile * self.runs + b]
    }

    /// All runs' rows, tile by tile.
    pub fn tiles_mut(&mut self) -> impl IndexedParallelIterator<Item = &mut [Row]> {
        self.rows.par_chunks_exact_mut(self.runs)
    }
}

impl Lanes {
    pub fn sum(&self) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.0;
        ((a + e) + (c + g)) + ((b + f) + (d + h))
    }
}

impl Tile<'_> {
    /// `start` + Σ_r a_r row_r and `start` + Σ_r b_r row_r over some suppliers r, each row read once.
    #[inline(always)]
    pub fn weighted<S: Simd>(&self, simd: S, start: &Row, weights: &[Weight]) -> [Row; 2] {
        let mut results = [*start; 2];
        let [first, second] = results.each_mut().map(|row| S::as_mut_simd_f64s(&mut row.0).0);
        for from in (0..WIDTH / S::F64_LANES).step_by(WIDE) {
            let (first, second) = (&mut first[from..from + WIDE], &mut second[from..from + WIDE]);
            let (mut x, mut y) = ([simd.splat_f64s(0.0); WIDE], [simd.splat_f64s(0.0); WIDE]);
            x.copy_from_slice(first);
            y.copy_from_slice(second);
            for weight in weights {
                let z = &S::as_simd_f64s(&self.rows[weight.supplier].0).0[from..from + WIDE];
                let [a, b] = weight.by.map(|by| simd.splat_f64s(by));
                for k in 0..WIDE {
                    x[k] = simd.mul_add_e_f64s(z[k], a, x[k]);
                    y[k] = simd.mul_add_e_f64s(z[k], b, y[k]);
                }
            }
            first.copy_from_slice(&x);
            second.copy_from_slice(&y);
        }
        results
    }

    /// Products of every row with some vectors, added to the sums of each.
    #[inline(always)]
    pub fn products<S: Simd, const K: usize>(&self, simd: S, vectors: [&Row; K], mut sums: [&mut [Lanes]; K]) {
        let vectors = vectors.map(|vector| S::as_simd_f64s(&vector.0).0);
        let stride = LANES / S::F64_LANES;
        for (r, row) in self.rows.iter().enumerate() {
            let z = S::as_simd_f64s(&row.0).0;
            for (vector, sums) in vectors.iter().zip(&mut sums) {
                for (k, sum) in S::as_mut_simd_f64s(&mut sums[r].0).0.iter_mut().enumerate() {
                    let places = (k..WIDTH / S::F64_LANES).step_by(stride);
                    *sum = places.fold(*sum, |sum, at| simd.mul_add_e_f64s(z[at], vector[at], sum));
                }
            }
        }
    }
}

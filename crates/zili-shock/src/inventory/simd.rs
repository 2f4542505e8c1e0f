//! The loops in which the time goes, with the widest registers that the processor has.
//!
//! One run and many go through the same additions in the same order, so that a batch equals its runs to the last bit.

use pulp::{Arch, Simd, WithSimd};
use std::ops::Range;

/// Runs a loop that needs no care but wide registers.
#[inline(always)]
pub(crate) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

/// The flows of one product's suppliers to some users.
#[derive(Clone)]
pub(crate) struct Tile<'a> {
    /// One row a supplier, one after another.
    pub rows: &'a [f64],
    /// The users.
    pub columns: Range<usize>,
}

impl<'a> Tile<'a> {
    fn height(&self) -> usize {
        self.rows.len() / self.columns.len()
    }

    #[inline(always)]
    pub fn row(&self, r: usize) -> &'a [f64] {
        let width = self.columns.len();
        &self.rows[r * width..(r + 1) * width]
    }

    /// Σ_r a_r row_r and Σ_r b_r row_r, each row read once.
    pub fn weighted_twice(self, a: &[f64], b: &[f64], first: &mut [f64], second: &mut [f64]) {
        Arch::new().dispatch(WeightedTwice { tile: self, a, b, first, second });
    }

    /// Products of every row with some vectors, added to their sums.
    pub fn products<const RUNS: usize>(self, vectors: [&[f64]; RUNS], sums: [&mut [f64]; RUNS]) {
        Arch::new().dispatch(Products { tile: self, vectors, sums });
    }
}

struct WeightedTwice<'a> {
    tile: Tile<'a>,
    a: &'a [f64],
    b: &'a [f64],
    first: &'a mut [f64],
    second: &'a mut [f64],
}

/// Registers side by side: so many sums are under way at once.
const WIDE: usize = 4;

impl WithSimd for WeightedTwice<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { tile, a, b, first, second } = self;
        let width = tile.columns.len();
        let (first, second) = (&mut first[..width], &mut second[..width]);
        let lanes = size_of::<S::f64s>() / size_of::<f64>();
        let group = WIDE * lanes;
        let grouped = width - width % group;
        for start in (0..grouped).step_by(group) {
            let mut x = [simd.splat_f64s(0.0); WIDE];
            let mut y = [simd.splat_f64s(0.0); WIDE];
            for r in 0..tile.height() {
                let (z, _) = S::as_simd_f64s(&tile.row(r)[start..start + group]);
                let (a, b) = (simd.splat_f64s(a[r]), simd.splat_f64s(b[r]));
                for k in 0..WIDE {
                    x[k] = simd.mul_add_e_f64s(z[k], a, x[k]);
                    y[k] = simd.mul_add_e_f64s(z[k], b, y[k]);
                }
            }
            S::as_mut_simd_f64s(&mut first[start..start + group]).0.copy_from_slice(&x);
            S::as_mut_simd_f64s(&mut second[start..start + group]).0.copy_from_slice(&y);
        }
        first[grouped..].fill(0.0);
        second[grouped..].fill(0.0);
        for r in 0..tile.height() {
            let row = &tile.row(r)[grouped..];
            for ((x, y), z) in first[grouped..].iter_mut().zip(&mut second[grouped..]).zip(row) {
                *x += z * a[r];
                *y += z * b[r];
            }
        }
    }
}

struct Products<'a, const RUNS: usize> {
    tile: Tile<'a>,
    vectors: [&'a [f64]; RUNS],
    sums: [&'a mut [f64]; RUNS],
}

impl<const RUNS: usize> WithSimd for Products<'_, RUNS> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { tile, vectors, sums } = self;
        let vectors = vectors.map(|vector| S::as_simd_f64s(&vector[..tile.columns.len()]));
        let height = tile.height();
        for quad in (0..height).step_by(WIDE) {
            // The last rows stand in for those that a full four would need.
            let rows: [_; WIDE] = std::array::from_fn(|d| S::as_simd_f64s(tile.row((quad + d).min(height - 1))));
            let mut products = [[simd.splat_f64s(0.0); WIDE]; RUNS];
            let [r0, r1, r2, r3] = rows.map(|row| row.0);
            for (c, (((z0, z1), z2), z3)) in r0.iter().zip(r1).zip(r2).zip(r3).enumerate() {
                for b in 0..RUNS {
                    let u = vectors[b].0[c];
                    products[b][0] = simd.mul_add_e_f64s(*z0, u, products[b][0]);
                    products[b][1] = simd.mul_add_e_f64s(*z1, u, products[b][1]);
                    products[b][2] = simd.mul_add_e_f64s(*z2, u, products[b][2]);
                    products[b][3] = simd.mul_add_e_f64s(*z3, u, products[b][3]);
                }
            }
            for b in 0..RUNS {
                for d in 0..WIDE.min(height - quad) {
                    let rest: f64 = rows[d].1.iter().zip(vectors[b].1).map(|(z, u)| z * u).sum();
                    sums[b][quad + d] += simd.reduce_sum_f64s(products[b][d]) + rest;
                }
            }
        }
    }
}

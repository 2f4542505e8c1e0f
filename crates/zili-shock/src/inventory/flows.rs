//! The flows of a table laid out for stepping through time: suppliers of one product side by side.
//!
//! Orders are `O[(r,p), f] = w_(r,p) Z[(r,p), f] u_pf`: the supplier's weight, the flow of the table, the user's multiplier. Only `w` and `u` change,
//! so no step writes an n × n matrix. All that a step needs of Z for one product p stands in one block of R rows, which is read from memory once:
//! sums over suppliers give what is delivered and the weights' norm, these give the new `u_p`, and while the block is still in the cache
//! its products with `u_p` give the demand for the next step.

use super::simd::{Lanes, Row, Tile, WIDTH, Weight, widest};
use pulp::{Simd, WithSimd};
use zili_world::Table;

/// Z of one table in tiles: for each product, some users at a time, the flows of all its suppliers to them, one row a supplier.
pub(crate) struct Flows {
    pub regions: usize,
    pub sectors: usize,
    /// Industries, regions × sectors.
    pub n: usize,
    /// [products][tiles][regions]
    z: Vec<Row>,
    /// Σ_r Z[(r,p), f], [products × industries].
    composite: Vec<f64>,
}

impl Flows {
    /// The flows of a table times `scale`: 1/365 turns a year's into a day's. `mixing` is the share of what a user buys of a product
    /// that is taken to come from its region's origins at large; totals by user, and by supplier and region, stay as they are.
    pub fn new(table: &Table, scale: f64, mixing: f64) -> Self {
        let (regions, sectors) = (table.classification.regions().len(), table.classification.sectors().len());
        let n = regions * sectors;
        let origins = Origins::of(table, regions, sectors);
        let mut z = vec![Row::ZERO; sectors * n.div_ceil(WIDTH) * regions];
        for (k, rows) in z.chunks_exact_mut(regions).enumerate() {
            let (p, start) = (k / n.div_ceil(WIDTH), k % n.div_ceil(WIDTH) * WIDTH);
            for (r, cells) in rows.iter_mut().enumerate() {
                let row = table.z.row(r * sectors + p);
                let mixed = |f: usize| (1.0 - mixing) * row[f] + mixing * origins.at_large(r, p, f);
                for (cell, f) in cells.0.iter_mut().zip(start..n) {
                    *cell = scale * if mixing > 0.0 { mixed(f) } else { row[f] };
                }
            }
        }
        let mut flows = Self { regions, sectors, n, z, composite: Vec::new() };
        let mut composite = vec![0.0; sectors * n];
        for (p, sum) in composite.chunks_exact_mut(n).enumerate() {
            flows.weighted(p, |_| 1.0, sum);
        }
        flows.composite = composite;
        flows
    }

    /// Σ_r Z[(r,p), :], what users bought of product p.
    pub fn composite(&self, p: usize) -> &[f64] {
        &self.composite[p * self.n..(p + 1) * self.n]
    }

    /// The flow of supplier (r, p) to user f.
    pub fn flow(&self, p: usize, r: usize, f: usize) -> f64 {
        self.z[(p * self.n.div_ceil(WIDTH) + f / WIDTH) * self.regions + r].0[f % WIDTH]
    }

    /// The flows of product p in tiles of users, each small enough to stay at hand while several runs use it.
    #[inline(always)]
    pub fn tiles(&self, p: usize) -> impl Iterator<Item = Tile<'_>> {
        let size = self.n.div_ceil(WIDTH) * self.regions;
        let tiles = self.z[p * size..(p + 1) * size].chunks_exact(self.regions);
        tiles
            .zip((0..self.n).step_by(WIDTH))
            .map(|(rows, start)| Tile { rows, columns: start..self.n.min(start + WIDTH) })
    }

    /// Σ_r weight_r Z[(r,p), :], into `sum`.
    pub fn weighted(&self, p: usize, weight: impl Fn(usize) -> f64, sum: &mut [f64]) {
        let weights: Vec<f64> = (0..self.regions).map(weight).collect();
        self.weighted_twice(p, &weights, &weights, sum, &mut vec![0.0; self.n]);
    }

    /// Two weighted sums over the suppliers of p in one pass: Σ_r a_r Z[(r,p), :] and Σ_r b_r Z[(r,p), :].
    pub fn weighted_twice(&self, p: usize, a: &[f64], b: &[f64], first: &mut [f64], second: &mut [f64]) {
        widest(WeightedTwice { flows: self, p, a, b, first, second });
    }

    /// Σ_f Z[(r,p), f] u_f for every supplying region r, into `sums`.
    pub fn products(&self, p: usize, u: &[f64], sums: &mut [f64]) {
        widest(Products { flows: self, p, u, sums });
    }
}

struct WeightedTwice<'a> {
    flows: &'a Flows,
    p: usize,
    a: &'a [f64],
    b: &'a [f64],
    first: &'a mut [f64],
    second: &'a mut [f64],
}

impl WithSimd for WeightedTwice<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let pairs = self.a.iter().zip(self.b).enumerate();
        let weights: Vec<Weight> = pairs.map(|(supplier, (a, b))| Weight { supplier, by: [*a, *b] }).collect();
        for tile in self.flows.tiles(self.p) {
            let [x, y] = tile.weighted(simd, &Row::ZERO, &weights);
            let width = tile.columns.len();
            self.first[tile.columns.clone()].copy_from_slice(&x.0[..width]);
            self.second[tile.columns].copy_from_slice(&y.0[..width]);
        }
    }
}

struct Products<'a> {
    flows: &'a Flows,
    p: usize,
    u: &'a [f64],
    sums: &'a mut [f64],
}

impl WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let mut lanes = vec![Lanes::default(); self.flows.regions];
        for tile in self.flows.tiles(self.p) {
            tile.products(simd, [&Row::of(&self.u[tile.columns.clone()])], [&mut lanes]);
        }
        self.sums.iter_mut().zip(&lanes).for_each(|(sum, lanes)| *sum = lanes.sum());
    }
}

/// What each user buys of each product, and from where its region does.
struct Origins {
    regions: usize,
    sectors: usize,
    /// Σ_r Z[(r,p), f], [products × industries].
    bought: Vec<f64>,
    /// Share of supplying region r in what region j buys of product p, [products × regions × regions].
    shares: Vec<f64>,
}

impl Origins {
    fn of(table: &Table, regions: usize, sectors: usize) -> Self {
        let n = regions * sectors;
        let mut bought = vec![0.0; sectors * n];
        let mut shares = vec![0.0; sectors * regions * regions];
        for p in 0..sectors {
            for r in 0..regions {
                for (f, flow) in table.z.row(r * sectors + p).iter().enumerate() {
                    bought[p * n + f] += flow;
                    shares[(p * regions + r) * regions + f / sectors] += flow;
                }
            }
            for j in 0..regions {
                let total: f64 = bought[p * n + j * sectors..p * n + (j + 1) * sectors].iter().sum();
                (0..regions)
                    .for_each(|r| shares[(p * regions + r) * regions + j] /= if total != 0.0 { total } else { 1.0 });
            }
        }
        Self { regions, sectors, bought, shares }
    }

    /// The flow from supplier (r, p) to user f if it bought as its region does.
    fn at_large(&self, r: usize, p: usize, f: usize) -> f64 {
        let n = self.regions * self.sectors;
        self.bought[p * n + f] * self.shares[(p * self.regions + r) * self.regions + f / self.sectors]
    }
}

/// What every version of the model starts from, per step of `days` days.
pub(crate) struct Baseline {
    /// Output, by industry.
    pub x: Vec<f64>,
    /// Input coefficients by product, Σ_r Z[(r,p), f] / x_f, [products × industries].
    pub a: Vec<f64>,
    /// Final use by supplier and region, [industries × regions].
    pub y: Vec<f64>,
    /// Final use by supplier.
    pub final_use: Vec<f64>,
    /// What final use puts back on the market, by supplier: the negative cells of `y`, falling inventories, as a supply.
    pub drawn: Vec<f64>,
    /// Value added a year, output less inputs and never negative, by industry.
    pub value_added: Vec<f64>,
}

impl Baseline {
    pub fn new(table: &Table, flows: &Flows, days: f64) -> Self {
        let scale = days / 365.0;
        let (n, regions) = (flows.n, flows.regions);
        let x: Vec<f64> = table.output().iter().map(|x| x * scale).collect();
        let mut a = vec![0.0; flows.sectors * n];
        for (p, row) in a.chunks_exact_mut(n).enumerate() {
            flows.weighted(p, |_| 1.0, row);
            row.iter_mut().zip(&x).for_each(|(a, x)| *a = if *x != 0.0 { *a / x } else { 0.0 });
        }
        let classification = &table.classification;
        let mut y = vec![0.0; n * regions];
        for (i, row) in y.chunks_exact_mut(regions).enumerate() {
            for (r, cell) in row.iter_mut().enumerate() {
                *cell = scale * classification.final_columns_of(r).map(|c| table.y[(i, c)]).sum::<f64>();
            }
        }
        let final_use = y.chunks_exact(regions).map(|row| row.iter().sum()).collect();
        let drawn = y.chunks_exact(regions).map(|row| row.iter().map(|y| (-y).max(0.0)).sum()).collect();
        let value_added = table.residual().into_iter().map(|v| v.max(0.0)).collect();
        Self { x, a, y, final_use, drawn, value_added }
    }
}

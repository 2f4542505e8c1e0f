//! The flows of a table laid out for stepping through time: suppliers of one product side by side.
//!
//! Orders are `O[(r,p), f] = w_(r,p) Z[(r,p), f] u_pf`: the supplier's weight, the flow of the table, the user's multiplier. Only `w` and `u` change,
//! so no step writes an n × n matrix. All that a step needs of Z for one product p stands in one block of R rows, which is read from memory once:
//! sums over suppliers give what is delivered and the weights' norm, these give the new `u_p`, and while the block is still in the cache
//! its products with `u_p` give the demand for the next step.

use super::simd::Tile;
use zili_world::Table;

/// Z of one table in tiles: for each product, some users at a time, the flows of all its suppliers to them, one row a supplier.
pub(crate) struct Flows {
    pub regions: usize,
    pub sectors: usize,
    /// Industries, regions × sectors.
    pub n: usize,
    /// Users in a tile; fewer in the last.
    width: usize,
    /// [products][tiles][regions][users of the tile], from `origin` on, where a cache line begins.
    z: Vec<f64>,
    origin: usize,
    /// Σ_r Z[(r,p), f], [products × industries].
    composite: Vec<f64>,
}

impl Flows {
    /// The flows of a table times `scale`: 1/365 turns a year's into a day's. `mixing` is the share of what a user buys of a product
    /// that is taken to come from its region's origins at large; totals by user, and by supplier and region, stay as they are.
    pub fn new(table: &Table, scale: f64, mixing: f64) -> Self {
        let (regions, sectors) = (table.classification.regions().len(), table.classification.sectors().len());
        let n = regions * sectors;
        // Some 128 kB: wide enough for long sums, small enough to stay at hand.
        let width = (16_000 / regions / 8 * 8).clamp(16, 512);
        let origins = Origins::of(table, regions, sectors);
        let mut z: Vec<f64> = Vec::with_capacity(n * n + 8);
        let origin = z.as_ptr().align_offset(64).min(8);
        z.resize(origin, 0.0);
        for p in 0..sectors {
            for start in (0..n).step_by(width) {
                let users = start..(start + width).min(n);
                for r in 0..regions {
                    let row = table.z.row(r * sectors + p);
                    let mixed = |f: usize| (1.0 - mixing) * row[f] + mixing * origins.at_large(r, p, f);
                    z.extend(users.clone().map(|f| scale * if mixing > 0.0 { mixed(f) } else { row[f] }));
                }
            }
        }
        let mut flows = Self { regions, sectors, n, width, z, origin, composite: Vec::new() };
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
        let (start, inside) = (f - f % self.width, f % self.width);
        let width = self.width.min(self.n - start);
        self.z[self.origin + (p * self.n + start) * self.regions + r * width + inside]
    }

    /// The flows of product p in tiles of users, each small enough to stay at hand while several runs use it.
    pub fn tiles(&self, p: usize) -> impl Iterator<Item = Tile<'_>> {
        let size = self.regions * self.n;
        let tiles = self.z[self.origin..][p * size..(p + 1) * size].chunks(self.regions * self.width);
        tiles.enumerate().map(|(k, rows)| {
            let start = k * self.width;
            Tile { rows, columns: start..(start + self.width).min(self.n) }
        })
    }

    /// The flows of supplier (r, p) to every user, into `row`.
    pub fn copy_row(&self, p: usize, r: usize, row: &mut [f64]) {
        for tile in self.tiles(p) {
            row[tile.columns.clone()].copy_from_slice(tile.row(r));
        }
    }

    /// Σ_r weight_r Z[(r,p), :], into `sum`.
    pub fn weighted(&self, p: usize, weight: impl Fn(usize) -> f64, sum: &mut [f64]) {
        sum.fill(0.0);
        for tile in self.tiles(p) {
            let part = &mut sum[tile.columns.clone()];
            (0..self.regions).for_each(|r| zili_world::linalg::add_scaled(part, weight(r), tile.row(r)));
        }
    }

    /// Two weighted sums over the suppliers of p in one pass: Σ_r a_r Z[(r,p), :] and Σ_r b_r Z[(r,p), :].
    pub fn weighted_twice(&self, p: usize, a: &[f64], b: &[f64], first: &mut [f64], second: &mut [f64]) {
        for tile in self.tiles(p) {
            let columns = tile.columns.clone();
            tile.weighted_twice(a, b, &mut first[columns.clone()], &mut second[columns]);
        }
    }

    /// Σ_f Z[(r,p), f] u_f for every supplying region r, into `sums`.
    pub fn products(&self, p: usize, u: &[f64], sums: &mut [f64]) {
        sums.fill(0.0);
        for tile in self.tiles(p) {
            let columns = tile.columns.clone();
            tile.products([&u[columns]], [&mut *sums]);
        }
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

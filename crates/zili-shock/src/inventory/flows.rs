//! The flows of a table laid out for stepping through time: suppliers of one product side by side.
//!
//! Orders are `O[(r,p), f] = w_(r,p) Z[(r,p), f] u_pf`: the supplier's weight, the flow of the table, the user's multiplier. Only `w` and `u` change,
//! so no step writes an n × n matrix. All that a step needs of Z for one product p stands in one block of R rows, which is read from memory once:
//! sums over suppliers give what is delivered and the weights' norm, these give the new `u_p`, and while the block is still in the cache
//! its products with `u_p` give the demand for the next step.

use zili_world::Table;

/// Z of one table, product by product: row `p·R + r` holds the flows of supplier (r, p) to every user.
pub(crate) struct Flows {
    pub regions: usize,
    pub sectors: usize,
    /// Industries, regions × sectors.
    pub n: usize,
    z: Vec<f64>,
    /// Σ_r Z[(r,p), f], [products × industries].
    composite: Vec<f64>,
}

impl Flows {
    /// The flows of a table times `scale`: 1/365 turns a year's into a day's.
    pub fn new(table: &Table, scale: f64) -> Self {
        let (regions, sectors) = (table.classification.regions().len(), table.classification.sectors().len());
        let n = regions * sectors;
        let mut z = Vec::with_capacity(n * n);
        for p in 0..sectors {
            for r in 0..regions {
                z.extend(table.z.row(r * sectors + p).iter().map(|flow| flow * scale));
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

    /// Flows of supplier (r, p).
    pub fn row(&self, p: usize, r: usize) -> &[f64] {
        let start = (p * self.regions + r) * self.n;
        &self.z[start..start + self.n]
    }

    /// Σ_r weight_r Z[(r,p), :], into `sum`.
    pub fn weighted(&self, p: usize, weight: impl Fn(usize) -> f64, sum: &mut [f64]) {
        sum.fill(0.0);
        for r in 0..self.regions {
            zili_world::linalg::add_scaled(sum, weight(r), self.row(p, r));
        }
    }

    /// Two weighted sums over the suppliers of p in one pass: Σ_r a_r Z[(r,p), :] and Σ_r b_r Z[(r,p), :].
    pub fn weighted_twice(
        &self,
        p: usize,
        weights: impl Fn(usize) -> (f64, f64),
        first: &mut [f64],
        second: &mut [f64],
    ) {
        first.fill(0.0);
        second.fill(0.0);
        // Four rows at once, so that the sums are read and written a quarter as often.
        for quad in (0..self.regions).step_by(4) {
            let rows: [&[f64]; 4] = std::array::from_fn(|d| self.row(p, (quad + d).min(self.regions - 1)));
            let k = std::array::from_fn(|d| if quad + d < self.regions { weights(quad + d) } else { (0.0, 0.0) });
            vectorised(
                #[inline(always)]
                || add_rows(rows, k, first, second),
            );
        }
    }

    /// The same two sums, for weights of which most are 1: only the rows that differ are read.
    pub fn weighted_from_ones(
        &self,
        p: usize,
        weights: &impl Fn(usize) -> (f64, f64),
        first: &mut [f64],
        second: &mut [f64],
    ) {
        let differs: Vec<(usize, f64, f64)> = (0..self.regions)
            .map(|r| (r, weights(r).0 - 1.0, weights(r).1 - 1.0))
            .filter(|&(_, a, b)| a != 0.0 || b != 0.0)
            .collect();
        // Taking much away from a sum leaves its rounding errors behind: then it is summed anew.
        if 2 * differs.len() > self.regions || differs.iter().any(|&(_, a, b)| a < -0.5 || b < -0.5) {
            return self.weighted_twice(p, weights, first, second);
        }
        first.copy_from_slice(self.composite(p));
        second.copy_from_slice(self.composite(p));
        for (r, a, b) in differs {
            for ((first, second), z) in first.iter_mut().zip(second.iter_mut()).zip(self.row(p, r)) {
                *first += a * z;
                *second += b * z;
            }
        }
    }

    /// Σ_f Z[(r,p), f] u_f for every r, into `sums`.
    pub fn products(&self, p: usize, u: &[f64], sums: &mut [f64]) {
        for quad in (0..self.regions).step_by(4) {
            let rows: [&[f64]; 4] = std::array::from_fn(|d| self.row(p, (quad + d).min(self.regions - 1)));
            let four = vectorised(
                #[inline(always)]
                || dots(rows, u),
            );
            sums[quad..].iter_mut().zip(four).for_each(|(sum, dot)| *sum = dot);
        }
    }
}

/// Runs a loop with the widest vector registers that the processor has. No sum is reordered by it: results are the same on all.
#[inline(always)]
pub(crate) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

#[inline(always)]
fn add_rows(rows: [&[f64]; 4], k: [(f64, f64); 4], first: &mut [f64], second: &mut [f64]) {
    let n = first.len();
    let (rows, second) = (rows.map(|row| &row[..n]), &mut second[..n]);
    for f in 0..n {
        let z = [rows[0][f], rows[1][f], rows[2][f], rows[3][f]];
        first[f] += (k[0].0 * z[0] + k[1].0 * z[1]) + (k[2].0 * z[2] + k[3].0 * z[3]);
        second[f] += (k[0].1 * z[0] + k[1].1 * z[1]) + (k[2].1 * z[2] + k[3].1 * z[3]);
    }
}

/// Four products at once, each in eight running sums: as many additions under way as the processor can hold.
#[inline(always)]
fn dots(rows: [&[f64]; 4], u: &[f64]) -> [f64; 4] {
    let mut sums = [[0.0; 8]; 4];
    let (u8, u_rest) = u.as_chunks::<8>();
    let parts = rows.map(|row| row[..u.len()].as_chunks::<8>());
    for (c, u) in u8.iter().enumerate() {
        for d in 0..4 {
            let z = &parts[d].0[c];
            for k in 0..8 {
                sums[d][k] += z[k] * u[k];
            }
        }
    }
    let rest = |d: usize| parts[d].1.iter().zip(u_rest).map(|(z, u)| z * u).sum::<f64>();
    std::array::from_fn(|d| sums[d].iter().sum::<f64>() + rest(d))
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
        let value_added = table.residual().into_iter().map(|v| v.max(0.0)).collect();
        Self { x, a, y, final_use, value_added }
    }
}

//! What follows from given wages: prices and sales by inner fixed points that start where the last ones ended, and the gaps that they leave in labour markets.

use super::anderson::Anderson;
use super::economy::{Deficits, Economy, Shock};
use super::solve::{Equilibrium, Failed};
use crate::inventory::simd::vectorised;
use rayon::prelude::*;
use zili_world::linalg::{add_scaled, dot};

/// Inner rounds; each takes off at least the smallest share of value added.
const INNER: usize = 5000;
const INNER_MEMORY: usize = 4;
/// Work of a sweep, in products, from which on threads are worth it.
const THREADS_FROM: usize = 400_000;

pub(super) struct Solver<'a> {
    pub economy: &'a Economy,
    /// π κ̂^(−θ) by use, [(j·N + n)·N + i].
    weights: Vec<Vec<f64>>,
    tariffs: &'a [f64],
    /// World value added: amounts are in units of it.
    pub scale: f64,
    pub supply: Vec<f64>,
    /// By use, whether anything is spent, [n·J + j].
    active: Vec<Vec<bool>>,
}

/// Prices by use, and costs.
pub(super) type Prices = (Vec<Vec<f64>>, Vec<f64>);

/// Wages, and what is near to that which follows from them.
#[derive(Clone)]
pub(super) struct Place {
    pub wages: Vec<f64>,
    pub prices: Prices,
    /// In units of world value added.
    pub output: Vec<f64>,
}

/// What follows from the wages of a place beside its prices and its output.
pub(super) struct Round {
    pub shares: Vec<Vec<f64>>,
    pub deficits: Vec<f64>,
    /// Tariff revenue per USD spent, by use, [n·J + j].
    pub rates: Vec<Vec<f64>>,
    /// ln(labour demand / supply).
    pub gaps: Vec<f64>,
}

impl Round {
    /// The region with the widest gap, and how wide it is; NaN is the widest.
    pub fn widest(&self) -> (usize, f64) {
        let wider = |(region, most): (usize, f64), (n, gap): (usize, &f64)| match gap.abs() > most || gap.is_nan() {
            true => (n, gap.abs()),
            false => (region, most),
        };
        self.gaps.iter().enumerate().fold((0, 0.0), wider)
    }
}

impl<'a> Solver<'a> {
    pub fn new(economy: &'a Economy, shock: &'a Shock) -> Result<Self, Failed> {
        let (regions, sectors) = (economy.regions, economy.sectors);
        let mut weights = economy.shares.clone();
        for (weights, left) in weights.iter_mut().zip(&shock.left) {
            for (j, theta) in economy.elasticity.iter().enumerate() {
                let of_sector = economy.flow(j, 0, 0)..economy.flow(j + 1, 0, 0);
                for at in of_sector {
                    let (old, new) = (economy.tariffs[at], shock.tariffs[at]);
                    let taxed = if new == old { 1.0 } else { (new / old).powf(-theta) };
                    weights[at] *= left[at] * taxed;
                }
            }
        }
        let scale: f64 = economy.value_added.iter().sum();
        one_way(economy, &mut weights, scale);
        let sums = |shares: &[f64]| {
            let sum = |n: usize, j: usize| shares[economy.flow(j, n, 0)..economy.flow(j, n, 0) + regions].iter().sum();
            (0..regions).flat_map(|n| (0..sectors).map(move |j| (n, j))).map(|(n, j)| sum(n, j)).collect::<Vec<f64>>()
        };
        let active: Vec<Vec<bool>> =
            economy.shares.iter().map(|shares| sums(shares).iter().map(|sum| *sum > 0.0).collect()).collect();
        let mut nobody: Vec<(usize, usize)> = Vec::new();
        for (active, weights) in active.iter().zip(&weights) {
            let dry =
                active.iter().zip(sums(weights)).enumerate().filter(|(_, (active, left))| **active && *left <= 0.0);
            nobody.extend(dry.map(|(at, _)| (at / sectors, at % sectors)));
        }
        nobody.sort_unstable();
        nobody.dedup();
        if !nobody.is_empty() {
            return Err(Failed::Nobody(nobody));
        }
        let cut = cut(economy, &weights, scale);
        if !cut.is_empty() {
            return Err(Failed::Cut(cut));
        }
        Ok(Self {
            economy,
            weights,
            tariffs: &shock.tariffs,
            scale,
            supply: economy.value_added.iter().map(|amount| amount / scale).collect(),
            active,
        })
    }

    /// The place before the shock.
    pub fn before(&self) -> Place {
        let cells = self.economy.regions * self.economy.sectors;
        let spending: Vec<Vec<f64>> = self
            .economy
            .spending
            .iter()
            .map(|amounts| amounts.iter().map(|amount| amount / self.scale).collect())
            .collect();
        let output = self.sales(&self.received(&self.economy.shares, &self.economy.tariffs), &spending);
        let prices = (vec![vec![0.0; cells]; self.economy.uses()], vec![0.0; cells]);
        Place { wages: vec![0.0; self.economy.regions], prices, output }
    }

    /// The place of an equilibrium of the same regions and sectors.
    pub fn at(&self, near: &Equilibrium) -> Place {
        let output = near.output.iter().map(|amount| amount / self.scale).collect();
        Place { wages: near.wages.clone(), prices: (near.prices.clone(), near.costs.clone()), output }
    }

    /// Everything at the wages of a place, which are set to the numeraire first; inner fixed points are left `tolerance` away.
    pub fn given(&self, place: &mut Place, rule: Deficits, tolerance: f64) -> Round {
        self.project(&mut place.wages);
        self.prices(&place.wages, &mut place.prices, tolerance);
        let shares = self.shares(&place.prices);
        let deficits = self.deficits(&place.wages, rule);
        let received = self.received(&shares, self.tariffs);
        let rates = self.rates(&shares, &received);
        self.spend(&place.wages, &received, &rates, &deficits, &mut place.output, tolerance);
        let gaps = self.gaps(&place.wages, &place.output);
        Round { shares, deficits, rates, gaps }
    }

    /// Σ ŵ wL = Σ wL.
    fn project(&self, wages: &mut [f64]) {
        let total: f64 = wages.iter().zip(&self.supply).map(|(wage, supply)| wage.exp() * supply).sum();
        wages.iter_mut().for_each(|wage| *wage -= total.ln());
    }

    /// ĉ_nj = ŵ_n^γ_nj Π_k P̂_nk^γ_nkj and P̂_nj = (Σ_i π_nij (κ̂_nij ĉ_ij)^(−θ_j))^(−1/θ_j), in logarithms.
    fn prices(&self, wages: &[f64], (prices, costs): &mut Prices, tolerance: f64) {
        let mut anderson = Anderson::new(INNER_MEMORY);
        let as_inputs = self.economy.as_inputs();
        for _ in 0..INNER {
            self.costs(wages, &prices[as_inputs], costs);
            let new = self.index(as_inputs, costs);
            let rest: Vec<f64> = new.iter().zip(&prices[as_inputs]).map(|(new, old)| new - old).collect();
            let close = rest.iter().all(|rest| rest.abs() <= tolerance);
            prices[as_inputs] = if close { new } else { anderson.next(&prices[as_inputs], &rest, 1.0) };
            if close {
                break;
            }
        }
        self.costs(wages, &prices[as_inputs], costs);
        for u in (0..self.economy.uses()).filter(|u| *u != as_inputs) {
            prices[u] = self.index(u, costs);
        }
    }

    fn costs(&self, wages: &[f64], prices: &[f64], costs: &mut [f64]) {
        let sectors = self.economy.sectors;
        let of_region = |(n, costs): (usize, &mut [f64])| {
            let cells = n * sectors..(n + 1) * sectors;
            for (cost, added) in costs.iter_mut().zip(&self.economy.added[cells.clone()]) {
                *cost = added * wages[n];
            }
            let inputs = self.economy.inputs[n * sectors * sectors..].chunks_exact(sectors);
            vectorised(|| {
                prices[cells].iter().zip(inputs).for_each(|(price, inputs)| add_scaled(costs, *price, inputs))
            });
        };
        match self.economy.inputs.len() >= THREADS_FROM {
            true => costs.par_chunks_mut(sectors).enumerate().for_each(of_region),
            false => costs.chunks_mut(sectors).enumerate().for_each(of_region),
        }
    }

    /// Runs something for every sector, on several threads where it is worth it.
    fn by_sector<T: Send>(&self, of: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
        match self.economy.tariffs.len() >= THREADS_FROM {
            true => (0..self.economy.sectors).into_par_iter().map(of).collect(),
            false => (0..self.economy.sectors).map(of).collect(),
        }
    }

    /// ln P̂ of a use.
    fn index(&self, u: usize, costs: &[f64]) -> Vec<f64> {
        let (regions, sectors) = (self.economy.regions, self.economy.sectors);
        let of_sector = |j: usize| {
            let theta = self.economy.elasticity[j];
            let cost = |i: usize| costs[i * sectors + j];
            let least = (0..regions).map(cost).fold(f64::INFINITY, f64::min);
            let powers: Vec<f64> = (0..regions).map(|i| (-theta * (cost(i) - least)).exp()).collect();
            let mut totals = vec![0.0; regions];
            let weights = self.weights[u][self.economy.flow(j, 0, 0)..].chunks_exact(regions);
            vectorised(|| totals.iter_mut().zip(weights).for_each(|(total, weights)| *total = dot(weights, &powers)));
            let price = |n: usize| {
                if !self.active[u][n * sectors + j] {
                    return 0.0;
                }
                if totals[n] > 1e-200 {
                    return least - totals[n].ln() / theta;
                }
                let weights = &self.weights[u][self.economy.flow(j, n, 0)..][..regions];
                // Whoever can only buy from those that are dear: the same from the cheapest of them.
                let sources = || weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0);
                let least = sources().map(|(i, _)| cost(i)).fold(f64::INFINITY, f64::min);
                let total: f64 = sources().map(|(i, weight)| weight * (-theta * (cost(i) - least)).exp()).sum();
                least - total.ln() / theta
            };
            (0..regions).map(price).collect::<Vec<f64>>()
        };
        let columns = self.by_sector(of_sector);
        let cells = (0..regions).flat_map(|n| (0..sectors).map(move |j| (n, j)));
        cells.map(|(n, j)| columns[j][n]).collect()
    }

    /// π'_nij = π_nij κ̂^(−θ) (ĉ_ij / P̂_nj)^(−θ_j).
    fn shares(&self, (prices, costs): &Prices) -> Vec<Vec<f64>> {
        let (regions, sectors) = (self.economy.regions, self.economy.sectors);
        let of_use = |u: usize| {
            let of_sector = |j: usize| {
                let theta = self.economy.elasticity[j];
                let least = (0..regions).map(|i| costs[i * sectors + j]).fold(f64::INFINITY, f64::min);
                let powers: Vec<f64> =
                    (0..regions).map(|i| (-theta * (costs[i * sectors + j] - least)).exp()).collect();
                let powers_are_numbers = powers.iter().all(|power| *power > 0.0);
                let mut shares = self.weights[u][self.economy.flow(j, 0, 0)..][..regions * regions].to_vec();
                for (n, row) in shares.chunks_mut(regions).enumerate() {
                    let price = prices[u][n * sectors + j];
                    let common = (theta * (price - least)).exp();
                    if common.is_finite() && powers_are_numbers {
                        vectorised(|| row.iter_mut().zip(&powers).for_each(|(share, power)| *share *= power * common));
                        continue;
                    }
                    // Where a factor overflows, each on its own.
                    for (i, share) in row.iter_mut().enumerate().filter(|(_, share)| **share > 0.0) {
                        *share *= (theta * (price - costs[i * sectors + j])).exp();
                    }
                }
                shares
            };
            self.by_sector(of_sector).concat()
        };
        (0..self.economy.uses()).map(of_use).collect()
    }

    /// Tariff revenue per USD spent, by use, [n·J + j].
    fn rates(&self, shares: &[Vec<f64>], received: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let (regions, sectors) = (self.economy.regions, self.economy.sectors);
        let of_use = |(shares, received): (&Vec<f64>, &Vec<f64>)| {
            let rate = |n: usize, j: usize| -> f64 {
                let row = self.economy.flow(j, n, 0)..self.economy.flow(j, n, 0) + regions;
                shares[row.clone()].iter().zip(&received[row]).map(|(share, received)| share - received).sum()
            };
            (0..regions).flat_map(|n| (0..sectors).map(move |j| (n, j))).map(|(n, j)| rate(n, j)).collect()
        };
        shares.iter().zip(received).map(of_use).collect()
    }

    fn deficits(&self, wages: &[f64], rule: Deficits) -> Vec<f64> {
        let base = self.economy.deficits.iter().map(|amount| amount / self.scale);
        match rule {
            Deficits::Held => base.collect(),
            Deficits::Scaled => {
                let scaled: Vec<f64> = base.zip(wages).map(|(amount, wage)| amount * wage.exp()).collect();
                let open: f64 = scaled.iter().sum();
                let paid = wages.iter().zip(&self.supply).map(|(wage, supply)| wage.exp() * supply);
                scaled.iter().zip(paid).map(|(amount, paid)| amount - open * paid).collect()
            }
        }
    }

    /// π_nij / τ_nij: what of spending an origin receives, by use.
    fn received(&self, shares: &[Vec<f64>], tariffs: &[f64]) -> Vec<Vec<f64>> {
        let of_use = |shares: &Vec<f64>| shares.iter().zip(tariffs).map(|(share, tariff)| share / tariff).collect();
        shares.iter().map(of_use).collect()
    }

    /// Y_nj = Σ_i π_inj X_ij / τ_inj, over all uses.
    fn sales(&self, received: &[Vec<f64>], spending: &[Vec<f64>]) -> Vec<f64> {
        let (regions, sectors) = (self.economy.regions, self.economy.sectors);
        let of_sector = |j: usize| {
            let mut sales = vec![0.0; regions];
            for (received, spending) in received.iter().zip(spending) {
                let rows = received[self.economy.flow(j, 0, 0)..].chunks_exact(regions);
                let spent = spending[j..].iter().step_by(sectors);
                vectorised(|| spent.zip(rows).for_each(|(spent, row)| add_scaled(&mut sales, *spent, row)));
            }
            sales
        };
        let columns = self.by_sector(of_sector);
        let cells = (0..regions).flat_map(|n| (0..sectors).map(move |j| (n, j)));
        cells.map(|(n, j)| columns[j][n]).collect()
    }

    /// X of every use from what is sold: inputs of producers, and final spending out of income.
    ///
    /// Income has tariff revenue in it, which is a share of spending itself: with final spending α I and revenue r on all spending,
    /// I = (ŵ wL + D + Σ_j r_j X_j of inputs) / (1 − Σ_j r_j α_j).
    pub fn spending(
        &self,
        wages: &[f64],
        rates: &[Vec<f64>],
        deficits: &[f64],
        output: &[f64],
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        let (economy, sectors) = (self.economy, self.economy.sectors);
        let (as_inputs, finally) = (economy.as_inputs(), economy.finally());
        let mut spending = vec![vec![0.0; output.len()]; economy.uses()];
        let mut incomes = vec![0.0; economy.regions];
        for n in 0..economy.regions {
            let cells = n * sectors..(n + 1) * sectors;
            let made = &output[cells.clone()];
            let inputs = economy.inputs[n * sectors * sectors..].chunks_exact(sectors);
            let spent = spending[as_inputs][cells.clone()].iter_mut();
            vectorised(|| spent.zip(inputs).for_each(|(spent, inputs)| *spent = dot(inputs, made)));
            let revenue: f64 = cells.clone().map(|at| rates[as_inputs][at] * spending[as_inputs][at]).sum();
            let taxed: f64 = cells.clone().map(|at| rates[finally][at] * economy.consumption[at]).sum();
            incomes[n] = (wages[n].exp() * self.supply[n] + deficits[n] + revenue) / (1.0 - taxed);
            for at in cells {
                spending[finally][at] += economy.consumption[at] * incomes[n];
            }
        }
        (spending, incomes)
    }

    /// Y' at which what is spent is what is sold: a contraction, as every sale pays value added.
    fn spend(
        &self,
        wages: &[f64],
        received: &[Vec<f64>],
        rates: &[Vec<f64>],
        deficits: &[f64],
        output: &mut Vec<f64>,
        tolerance: f64,
    ) {
        let mut anderson = Anderson::new(INNER_MEMORY);
        let mean = output.iter().sum::<f64>() / output.len() as f64;
        for _ in 0..INNER {
            let (spending, _) = self.spending(wages, rates, deficits, output);
            let sold = self.sales(received, &spending);
            let rest: Vec<f64> = sold.iter().zip(output.iter()).map(|(sold, made)| sold - made).collect();
            // Small sectors may be a little further off: a share of what is sold, or of the mean.
            let close =
                rest.iter().zip(&sold).all(|(rest, sold)| rest.abs() <= tolerance * (sold.abs() + 1e-3 * mean.abs()));
            *output = if close { sold } else { anderson.next(output, &rest, 1.0) };
            if close {
                return;
            }
        }
    }

    /// ln(labour demand / supply): Σ_j γ_nj Y'_nj against ŵ_n wL_n.
    fn gaps(&self, wages: &[f64], output: &[f64]) -> Vec<f64> {
        let sectors = self.economy.sectors;
        let gap = |n: usize| {
            let made = output[n * sectors..].iter().zip(&self.economy.added[n * sectors..]).take(sectors);
            let demand: f64 = made.map(|(made, added)| made * added).sum();
            // Nobody works where nothing is made.
            if self.supply[n] == 0.0 { 0.0 } else { (demand / self.supply[n]).max(1e-300).ln() - wages[n] }
        };
        (0..self.economy.regions).map(gap).collect()
    }
}

/// Deficits of which less is left, as a share of world value added, are rounding.
const NO_DEFICIT: f64 = 1e-12;

/// Whether each region can buy abroad, and sell.
fn open(economy: &Economy, weights: &[Vec<f64>]) -> (Vec<bool>, Vec<bool>) {
    let regions = economy.regions;
    let (mut buys, mut sells) = (vec![false; regions], vec![false; regions]);
    for weights in weights {
        for (at, _) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            let (importer, exporter) = (at / regions % regions, at % regions);
            buys[importer] |= importer != exporter;
            sells[exporter] |= importer != exporter;
        }
    }
    (buys, sells)
}

/// Who could only buy or only sell, and has no deficit to pay for it, does neither in the end: its wages would fall, or rise, without bound until then.
fn one_way(economy: &Economy, weights: &mut [Vec<f64>], scale: f64) {
    let regions = economy.regions;
    loop {
        let (buys, sells) = open(economy, weights);
        let alone = |n: usize| buys[n] != sells[n] && economy.deficits[n].abs() <= NO_DEFICIT * scale;
        if !(0..regions).any(alone) {
            return;
        }
        for (at, weight) in weights.iter_mut().flat_map(|weights| weights.iter_mut().enumerate()) {
            let (importer, exporter) = (at / regions % regions, at % regions);
            if importer != exporter && (alone(importer) || alone(exporter)) {
                *weight = 0.0;
            }
        }
    }
}

/// Regions that owe imports they cannot buy, or exports they cannot sell.
fn cut(economy: &Economy, weights: &[Vec<f64>], scale: f64) -> Vec<usize> {
    let (buys, sells) = open(economy, weights);
    let owes = |n: usize| economy.deficits[n] / scale;
    (0..economy.regions).filter(|&n| owes(n) > NO_DEFICIT && !buys[n] || owes(n) < -NO_DEFICIT && !sells[n]).collect()
}

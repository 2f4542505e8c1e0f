//! The equilibrium after a shock: wages by an outer fixed point, prices and spending by inner ones that start where the last ones ended.

use super::anderson::Anderson;
use super::economy::{Deficits, Economy, Shock};
use crate::Error;
use crate::inventory::simd::vectorised;
use rayon::prelude::*;
use zili_world::linalg::{add_scaled, dot};

/// Hats and levels after a shock; logarithms of hats, million USD.
#[derive(Clone, Debug, PartialEq)]
pub struct Equilibrium {
    /// ln ŵ_n.
    pub wages: Vec<f64>,
    /// ln P̂_nj by use, [n·J + j].
    pub prices: Vec<Vec<f64>>,
    /// ln ĉ_nj, [n·J + j].
    pub costs: Vec<f64>,
    /// π'_nij by use.
    pub shares: Vec<Vec<f64>>,
    /// X'_nj by use.
    pub spending: Vec<Vec<f64>>,
    /// Y'_nj, net of tariffs.
    pub output: Vec<f64>,
    /// I'_n.
    pub incomes: Vec<f64>,
    /// D'_n.
    pub deficits: Vec<f64>,
    /// Outer rounds.
    pub rounds: usize,
}

/// Why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Failed {
    /// Regions and sectors of which nobody is left to supply anything that was used: autarky that cannot be.
    Nobody(Vec<(usize, usize)>),
    /// Regions that can no longer buy or sell anything abroad, but are held to a deficit or surplus.
    Cut(Vec<usize>),
    /// Not found in so many rounds; the region whose labour market is furthest from clearing, and by how much.
    Rounds { rounds: usize, region: usize, gap: f64 },
}

impl Failed {
    /// In words, with the names of regions and sectors.
    pub fn said<'a>(&self, region: &dyn Fn(usize) -> &'a str, sector: &dyn Fn(usize) -> &'a str) -> Error {
        const NAMED: usize = 8;
        Error::NoEquilibrium(match self {
            Failed::Nobody(places) => {
                let named: Vec<String> =
                    places.iter().take(NAMED).map(|&(n, j)| format!("{} in {}", sector(j), region(n))).collect();
                let more = match places.len().saturating_sub(NAMED) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!(
                    "nobody is left who could supply {}{more}; what was used of it cannot be done without here. Deny less than all, or fewer sectors",
                    named.join(", ")
                )
            }
            Failed::Cut(cut) => format!(
                "{} can no longer trade as its deficit or surplus of before asks for; with deficits=closed (--set, or in the scenario's file) it has none",
                cut.iter().map(|&n| region(n)).collect::<Vec<_>>().join(", ")
            ),
            Failed::Rounds { rounds, region: at, gap } => format!(
                "not found in {rounds} rounds: in {} labour demanded and supplied are still {gap:.1e} apart (logarithm); allow more with a larger tolerance (--set, or in the scenario's file), or deny less",
                region(*at)
            ),
        })
    }
}

/// When to stop, and what becomes of deficits.
#[derive(Clone, Copy, Debug)]
pub struct Closure {
    pub deficits: Deficits,
    /// Largest |ln(labour demand / supply)| allowed.
    pub tolerance: f64,
}

const ROUNDS: usize = 500;
/// Inner rounds; each takes off at least the smallest share of value added.
const INNER: usize = 5000;
/// Part of the gap in labour demand that wages move by before acceleration: demand falls by several per cent for each per cent of wages.
const PART: f64 = 0.3;
const MEMORY: usize = 8;
const INNER_MEMORY: usize = 4;
/// Work of a sweep, in products, from which on threads are worth it.
const THREADS_FROM: usize = 400_000;

/// The equilibrium of an economy after a shock; numeraire Σ ŵ wL = Σ wL.
pub fn solve(economy: &Economy, shock: &Shock, closure: Closure) -> Result<Equilibrium, Failed> {
    Solver::new(economy, shock)?.run(closure, None)
}

/// The same from wages that are near.
pub fn solve_from(
    economy: &Economy,
    shock: &Shock,
    closure: Closure,
    near: &Equilibrium,
) -> Result<Equilibrium, Failed> {
    Solver::new(economy, shock)?.run(closure, Some(near))
}

struct Solver<'a> {
    economy: &'a Economy,
    /// π κ̂^(−θ) by use, [(j·N + n)·N + i].
    weights: Vec<Vec<f64>>,
    tariffs: &'a [f64],
    /// World value added: amounts are in units of it.
    scale: f64,
    supply: Vec<f64>,
    /// By use, whether anything is spent, [n·J + j].
    active: Vec<Vec<bool>>,
}

/// Prices by use, and costs.
type Prices = (Vec<Vec<f64>>, Vec<f64>);

impl<'a> Solver<'a> {
    fn new(economy: &'a Economy, shock: &'a Shock) -> Result<Self, Failed> {
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
        let scale: f64 = economy.value_added.iter().sum();
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

    fn run(&self, closure: Closure, near: Option<&Equilibrium>) -> Result<Equilibrium, Failed> {
        let economy = self.economy;
        let cells = economy.regions * economy.sectors;
        let mut wages = near.map_or_else(|| vec![0.0; economy.regions], |near| near.wages.clone());
        let mut prices: Prices = match near {
            Some(near) => (near.prices.clone(), near.costs.clone()),
            None => (vec![vec![0.0; cells]; economy.uses()], vec![0.0; cells]),
        };
        let mut output: Vec<f64> = match near {
            Some(near) => near.output.iter().map(|amount| amount / self.scale).collect(),
            None => self.base_output(),
        };
        let mut anderson = Anderson::new(MEMORY);
        let (mut part, mut smallest, mut gap) = (PART, f64::INFINITY, 1e-2_f64);
        for rounds in 1..=ROUNDS {
            self.project(&mut wages);
            let inner = (0.01 * gap).min(1e-4).max(0.03 * closure.tolerance);
            self.prices(&wages, &mut prices, inner);
            let shares = self.shares(&prices);
            let deficits = self.deficits(&wages, closure.deficits);
            let received = self.received(&shares, self.tariffs);
            let revenue = self.rates(&shares, &received);
            self.spend(&wages, &received, &revenue, &deficits, &mut output, inner);
            let gaps = self.gaps(&wages, &output);
            let (region, largest) =
                gaps.iter().enumerate().fold((0, 0.0), |(region, most), (n, gap): (usize, &f64)| {
                    if gap.abs() > most || gap.is_nan() { (n, gap.abs()) } else { (region, most) }
                });
            // Inner fixed points as close as the outer one, or their rest would be taken for it.
            if largest < closure.tolerance && inner <= 0.1 * closure.tolerance {
                return Ok(self.found(wages, prices, shares, output, &revenue, deficits, rounds));
            }
            if rounds == ROUNDS || largest.is_nan() {
                return Err(Failed::Rounds { rounds, region, gap: largest });
            }
            // Acceleration that goes astray begins anew with shorter steps.
            if largest > 4.0 * smallest.max(closure.tolerance) {
                anderson = Anderson::new(MEMORY);
                part = (0.7 * part).max(0.02);
                smallest = largest;
            }
            smallest = smallest.min(largest);
            gap = largest;
            // A wage does not move by more than a factor e in a round.
            let next = anderson.next(&wages, &gaps, part);
            wages.iter_mut().zip(next).for_each(|(wage, next)| *wage += (next - *wage).clamp(-1.0, 1.0));
        }
        unreachable!("the last round returns")
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

    /// Y of the year, in units of world value added.
    fn base_output(&self) -> Vec<f64> {
        let spending: Vec<Vec<f64>> = self
            .economy
            .spending
            .iter()
            .map(|amounts| amounts.iter().map(|amount| amount / self.scale).collect())
            .collect();
        self.sales(&self.received(&self.economy.shares, &self.economy.tariffs), &spending)
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
    fn spending(
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
            let close = rest.iter().zip(&sold).all(|(rest, sold)| rest.abs() <= tolerance * (sold + 1e-3 * mean));
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

    #[allow(clippy::too_many_arguments)]
    fn found(
        &self,
        wages: Vec<f64>,
        (prices, costs): Prices,
        shares: Vec<Vec<f64>>,
        output: Vec<f64>,
        rates: &[Vec<f64>],
        deficits: Vec<f64>,
        rounds: usize,
    ) -> Equilibrium {
        let (spending, incomes) = self.spending(&wages, rates, &deficits, &output);
        let scaled = |amounts: Vec<f64>| amounts.into_iter().map(|amount| amount * self.scale).collect::<Vec<f64>>();
        Equilibrium {
            wages,
            prices,
            costs,
            shares,
            spending: spending.into_iter().map(scaled).collect(),
            output: scaled(output),
            incomes: scaled(incomes),
            deficits: scaled(deficits),
            rounds,
        }
    }
}

/// Regions that owe imports they cannot buy, or exports they cannot sell.
fn cut(economy: &Economy, weights: &[Vec<f64>], scale: f64) -> Vec<usize> {
    let regions = economy.regions;
    let (mut buys, mut sells) = (vec![false; regions], vec![false; regions]);
    for weights in weights {
        for (at, _) in weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0) {
            let (importer, exporter) = (at / regions % regions, at % regions);
            buys[importer] |= importer != exporter;
            sells[exporter] |= importer != exporter;
        }
    }
    // Deficits of which less is left are rounding.
    let owes = |n: usize| economy.deficits[n] / scale;
    (0..regions).filter(|&n| owes(n) > 1e-12 && !buys[n] || owes(n) < -1e-12 && !sells[n]).collect()
}

impl Economy {
    /// The economy after a shock, as a base for the next one.
    pub fn at(&self, equilibrium: &Equilibrium, tariffs: &[f64]) -> Economy {
        let paid = self.value_added.iter().zip(&equilibrium.wages).map(|(amount, wage)| amount * wage.exp());
        Economy {
            shares: equilibrium.shares.clone(),
            tariffs: tariffs.to_vec(),
            value_added: paid.collect(),
            deficits: equilibrium.deficits.clone(),
            spending: equilibrium.spending.clone(),
            ..self.clone()
        }
    }

    /// The same without deficits: the equilibrium in which each region spends what it earns.
    pub fn closed(&self, tolerance: f64) -> Result<Economy, Failed> {
        let without = Economy { deficits: vec![0.0; self.regions], ..self.clone() };
        let closure = Closure { deficits: Deficits::Held, tolerance };
        let found = solve(&without, &self.unchanged(), closure)?;
        Ok(without.at(&found, &self.tariffs))
    }
}

//! Prices, shares and sales that follow from factor prices: everything but whether factors are as much in demand as there is of them.

use super::economy::{Elasticities, Network, Shock};
use crate::equilibrium::anderson::Anderson;
use crate::inventory::simd::vectorised;
use rayon::prelude::*;
use zili_world::Matrix;
use zili_world::linalg::add_scaled;

/// Where the inner fixed points end: largest change of a logarithm, or of a sale as a share of what is sold.
const TOLERANCE: f64 = 1e-13;
const ROUNDS: usize = 400;
const MEMORY: usize = 6;
/// Rows summed together before the sums are added up in order, for the same digits on any number of threads.
const CHUNK: usize = 64;

/// A network with part of what is done to it, and how easily things take each other's place.
pub struct Stage<'a> {
    pub network: &'a Network,
    pub elasticities: &'a Elasticities,
    /// Ω_ij left_ij and b_cj left_cj: shares at prices that have not changed, not adding up to one.
    inputs: Matrix,
    consumption: Matrix,
    /// By buyer, what each sector had of its costs before; industries first, then regions' final use.
    before: Matrix,
    productivity: Vec<f64>,
    transfers: Vec<f64>,
}

/// Logarithms of hats, shares of world income.
#[derive(Clone, Debug)]
pub struct State {
    /// ln w by factor.
    pub wages: Vec<f64>,
    /// ln p_i.
    pub prices: Vec<f64>,
    /// ln P_C by region.
    pub consumer_prices: Vec<f64>,
    /// Ω'_ij and b'_cj.
    pub inputs: Matrix,
    pub consumption: Matrix,
    /// γ'_i.
    pub added: Vec<f64>,
    /// χ'_c.
    pub spending: Vec<f64>,
    /// λ'_i.
    pub sales: Vec<f64>,
}

/// Prices as they enter the choice of origins.
struct Powers {
    of: Vec<f64>,
    /// ln of the lowest price by sector.
    cheapest: Vec<f64>,
}

/// What a buyer's costs become: by sector bought the sum of its flows and ln P_k, and ln P of the whole.
struct Nest {
    after: Vec<f64>,
    prices: Vec<f64>,
    whole: f64,
}

/// ln of a CES index of logarithms of prices, with shares that add up to a total; Cobb-Douglas at an elasticity of 1.
fn index(shares: &[f64], total: f64, prices: &[f64], elasticity: f64) -> f64 {
    if total <= 0.0 {
        return 0.0;
    }
    let power = 1.0 - elasticity;
    let used = || shares.iter().zip(prices).filter(|(share, _)| **share > 0.0);
    if power.abs() < 1e-9 {
        return used().map(|(share, price)| share * price).sum::<f64>() / total;
    }
    // The largest term is taken out, so that no power overflows.
    let most = used().map(|(_, price)| power * price).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = used().map(|(share, price)| share * (power * price - most).exp()).sum();
    ((sum / total).ln() + most) / power
}

impl<'a> Stage<'a> {
    pub fn new(network: &'a Network, elasticities: &'a Elasticities, shock: &Shock) -> Self {
        let sectors = network.sectors;
        let times = |shares: &Matrix, left: &dyn Fn(usize) -> usize, of: &Matrix| {
            let mut out = shares.clone();
            for i in 0..out.rows() {
                out.row_mut(i).iter_mut().zip(of.row(left(i))).for_each(|(share, left)| *share *= left);
            }
            out
        };
        Self {
            network,
            elasticities,
            inputs: times(&network.inputs, &|i| i / sectors, &shock.left[0]),
            consumption: times(&network.consumption, &|c| c, &shock.left[1]),
            before: before(network),
            productivity: shock.productivity.clone(),
            transfers: network.transfers(),
        }
    }

    /// Everything before anything is done.
    pub fn before(network: &Network) -> State {
        State {
            wages: vec![0.0; network.factors.len()],
            prices: vec![0.0; network.sales.len()],
            consumer_prices: vec![0.0; network.regions],
            inputs: network.inputs.clone(),
            consumption: network.consumption.clone(),
            added: network.added.clone(),
            spending: network.spending.clone(),
            sales: network.sales.clone(),
        }
    }

    /// What follows from factor prices, starting from a state nearby; world income is 1. None if prices are not found.
    pub fn at(&self, mut wages: Vec<f64>, near: &State) -> Option<State> {
        let network = self.network;
        let incomes = |wages: &[f64]| -> Vec<f64> {
            wages.iter().enumerate().map(|(f, wage)| network.factor_income(f) * wage.exp()).collect()
        };
        let world: f64 = incomes(&wages).iter().sum();
        wages.iter_mut().for_each(|wage| *wage -= world.ln());
        let mut of_industry = vec![0.0; network.sales.len()];
        for (members, wage) in network.factors.iter().zip(&wages) {
            members.iter().for_each(|&i| of_industry[i] = *wage);
        }
        // Those without a factor follow world income, as everything does.
        let prices = self.prices(&of_industry, &near.prices)?;
        let powers = self.powers(&prices);

        let (mut inputs, mut added) = (self.inputs.clone(), vec![0.0; prices.len()]);
        let sectors = network.sectors;
        let scale = |row: &mut [f64], factors: &[f64]| {
            for (shares, powers) in row.chunks_mut(sectors).zip(powers.of.chunks(sectors)) {
                for (k, share) in shares.iter_mut().enumerate() {
                    *share *= powers[k] * factors[k];
                }
            }
        };
        let Elasticities { sigma, eta, epsilon, .. } = *self.elasticities;
        inputs.as_mut_slice().par_chunks_mut(prices.len()).zip(added.par_iter_mut()).enumerate().for_each(
            |(i, (row, added))| {
                let nest = self.materials(i, &powers);
                let cost = prices[i] + self.productivity[i];
                let materials = ((1.0 - eta) * (nest.whole - cost)).exp();
                let mut factors = nest.factors(self.before.row(i), epsilon);
                factors.iter_mut().for_each(|factor| *factor *= materials);
                scale(row, &factors);
                *added = network.added[i] * ((1.0 - eta) * (of_industry[i] - cost)).exp();
            },
        );
        let mut consumption = self.consumption.clone();
        let mut consumer_prices = vec![0.0; network.regions];
        for (c, price) in consumer_prices.iter_mut().enumerate() {
            let nest = self.finally(c, &powers);
            scale(consumption.row_mut(c), &nest.factors(self.before.row(prices.len() + c), sigma));
            *price = nest.whole;
        }
        let mut spending = self.transfers.clone();
        incomes(&wages).iter().enumerate().for_each(|(f, income)| spending[network.region_of(f)] += income);
        let sales = settled(&inputs, consumption.vector_times(&spending), &near.sales)?;
        Some(State { wages, prices, consumer_prices, inputs, consumption, added, spending, sales })
    }

    /// ln of what of each factor is in demand, over what there is.
    pub fn gaps(&self, state: &State) -> Vec<f64> {
        let demand = |members: &Vec<usize>| members.iter().map(|&i| state.sales[i] * state.added[i]).sum::<f64>();
        let factors = self.network.factors.iter().enumerate().zip(&state.wages);
        factors.map(|((f, members), wage)| (demand(members) / self.network.factor_income(f)).ln() - wage).collect()
    }

    /// (p_j / p)^(−θ), p the cheapest origin's price of the sector, so that no power overflows.
    fn powers(&self, prices: &[f64]) -> Powers {
        let theta = &self.elasticities.theta;
        let mut cheapest = vec![f64::INFINITY; theta.len()];
        for prices in prices.chunks(theta.len()) {
            cheapest.iter_mut().zip(prices).for_each(|(least, price)| *least = price.min(*least));
        }
        let power = |(j, price): (usize, &f64)| (-theta[j % theta.len()] * (price - cheapest[j % theta.len()])).exp();
        Powers { of: prices.iter().enumerate().map(power).collect(), cheapest }
    }

    /// Prices of all industries at some factor prices, ln p = ln c(w, p) − ln A.
    fn prices(&self, wages: &[f64], start: &[f64]) -> Option<Vec<f64>> {
        let (eta, added) = (self.elasticities.eta, &self.network.added);
        let mut prices = start.to_vec();
        let mut anderson = Anderson::new(MEMORY);
        for _ in 0..ROUNDS {
            let powers = self.powers(&prices);
            let next = |i: usize| {
                let materials = if added[i] < 1.0 { self.materials(i, &powers).whole } else { 0.0 };
                index(&[added[i], 1.0 - added[i]], 1.0, &[wages[i], materials], eta) - self.productivity[i]
            };
            let rest: Vec<f64> = (0..prices.len()).into_par_iter().map(|i| next(i) - prices[i]).collect();
            let gap = largest(&rest);
            if !gap.is_finite() {
                return None;
            }
            if gap < TOLERANCE * (1.0 + largest(&prices)) {
                return Some(prices);
            }
            prices = anderson.next(&prices, &rest, 1.0);
        }
        None
    }

    fn materials(&self, i: usize, powers: &Powers) -> Nest {
        let total = 1.0 - self.network.added[i];
        self.nest(self.before.row(i), self.inputs.row(i), total, self.elasticities.epsilon, powers)
    }

    fn finally(&self, c: usize, powers: &Powers) -> Nest {
        let before = self.before.row(self.inputs.rows() + c);
        self.nest(before, self.consumption.row(c), 1.0, self.elasticities.sigma, powers)
    }

    /// Origins within sectors, sectors within the whole, of which all shares together are `total`.
    fn nest(&self, before: &[f64], left: &[f64], total: f64, elasticity: f64, powers: &Powers) -> Nest {
        let sectors = before.len();
        let mut after = vec![0.0; sectors];
        // Besides being faster, this leaves the registers in a state in which the exponentials below are not held up by what a
        // product of matrices left in them: they take ten times as long otherwise.
        vectorised(|| {
            for (left, powers) in left.chunks_exact(sectors).zip(powers.of.chunks_exact(sectors)) {
                for ((after, left), power) in after.iter_mut().zip(left).zip(powers) {
                    *after += left * power;
                }
            }
        });
        let theta = &self.elasticities.theta;
        let mut prices = vec![0.0; sectors];
        for k in (0..sectors).filter(|&k| before[k] > 0.0) {
            prices[k] = powers.cheapest[k] - (after[k] / before[k]).ln() / theta[k];
        }
        let whole = index(before, total, &prices, elasticity);
        Nest { after, prices, whole }
    }
}

impl Nest {
    /// What flows of each sector are multiplied with, beside their own powers.
    fn factors(&self, before: &[f64], elasticity: f64) -> Vec<f64> {
        let factor = |k: usize| match before[k] > 0.0 {
            true => before[k] / self.after[k] * ((1.0 - elasticity) * (self.prices[k] - self.whole)).exp(),
            false => 0.0,
        };
        (0..before.len()).map(factor).collect()
    }
}

/// What each buyer spends on each sector, as a share of its costs.
fn before(network: &Network) -> Matrix {
    let mut out = Matrix::zeros(network.inputs.rows() + network.regions, network.sectors);
    for i in 0..out.rows() {
        let shares = match i.checked_sub(network.inputs.rows()) {
            None => network.inputs.row(i),
            Some(c) => network.consumption.row(c),
        };
        shares.chunks(network.sectors).for_each(|shares| add_scaled(out.row_mut(i), 1.0, shares));
    }
    out
}

/// λ = Ω'λ + f.
fn settled(inputs: &Matrix, finally: Vec<f64>, start: &[f64]) -> Option<Vec<f64>> {
    let mut sales = start.to_vec();
    let mut anderson = Anderson::new(MEMORY);
    for _ in 0..ROUNDS {
        let mut next = finally.clone();
        add_scaled(&mut next, 1.0, &columns_times(inputs, &sales));
        let rest: Vec<f64> = next.iter().zip(&sales).map(|(next, sold)| next - sold).collect();
        let gap = rest.iter().zip(&next).map(|(rest, sold)| if *sold > 0.0 { (rest / sold).abs() } else { 0.0 });
        let gap = gap.fold(0.0, |most, gap| if gap > most || gap.is_nan() { gap } else { most });
        if !gap.is_finite() {
            return None;
        }
        // A share of each sale, so that those of small industries are as exact as those of large ones.
        if gap < 10.0 * TOLERANCE {
            return Some(next);
        }
        // Far from the end differences are those of large industries only; the plain step keeps all above zero.
        sales = match anderson.next(&sales, &rest, 1.0) {
            quick if quick.iter().all(|sold| *sold >= 0.0) => quick,
            _ => next,
        };
    }
    None
}

/// M'x with the rows in chunks of their own, added up in order.
fn columns_times(matrix: &Matrix, x: &[f64]) -> Vec<f64> {
    let columns = matrix.columns();
    let rows = matrix.as_slice().par_chunks(columns * CHUNK).zip(x.par_chunks(CHUNK));
    let parts: Vec<Vec<f64>> = rows
        .map(|(rows, x)| {
            let mut sum = vec![0.0; columns];
            vectorised(|| rows.chunks(columns).zip(x).for_each(|(row, x)| add_scaled(&mut sum, *x, row)));
            sum
        })
        .collect();
    let mut out = vec![0.0; columns];
    parts.iter().for_each(|part| add_scaled(&mut out, 1.0, part));
    out
}

/// Largest absolute value; NaN if there is one.
pub fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, value| if value.abs() > most || value.is_nan() { value.abs() } else { most })
}

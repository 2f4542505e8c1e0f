//! How the demand for factors answers to their prices: the analytic Jacobian of [`super::state::Stage::gaps`].
//!
//! ```text
//! d ln p = Φ d ln w                        Φ = L Γ' F,  L = (I − Ω')⁻¹
//! dλ     = Lᵀ (R Φ + b'ᵀ dχ/d ln w) d ln w
//! J      = F-weighted [diag(1/λ) dλ + (1 − η)(F − Φ)] − I
//!
//! R_jl   = Σ_i λ_i Ω'_ij [−θ_j 1{j=l} + (θ_k + 1 − ε) π'_il 1{same sector k} + (ε − η) Ω'_il/(1 − γ'_i) − (1 − η) 1{i=l}]
//!        + Σ_c χ_c b'_cj [−θ_j 1{j=l} + (θ_k + 1 − σ) π'_cl 1{same sector k} + (σ − 1) b'_cl]
//! ```
//!
//! Only L and one product of its size are dense work: the parts of R within sectors are sparse, that of final use has as many rows as
//! there are regions, and `Ω' L = L − I` does away with the others. With D = diag((ε − η) λ/(1 − γ')) and S the parts within sectors,
//!
//! ```text
//! (Lᵀ R Φ)ᵀ = Φᵀ [S L + b'ᵀ diag((σ − 1) χ) b' L − (1 − η) diag(λ) (L − I) + D (L − I)] − (Γ' F)ᵀ D (L − I)
//! ```
//!
//! All prices may rise together without any change in demand, so that J has a kernel; it is filled by −1 s', s the factors' shares of income.

use super::economy::{Elasticities, Network, identity_less};
use super::state::State;
use rayon::prelude::*;
use zili_world::Matrix;
use zili_world::linalg::{Lu, add_scaled};

/// Factors whose columns of L are read together: those of neighbours lie side by side.
const TOGETHER: usize = 16;

/// J at a state, factorised; none if it has no inverse.
pub fn jacobian(network: &Network, elasticities: &Elasticities, state: &State) -> Option<Lu> {
    let (n, f) = (state.sales.len(), network.factors.len());
    let leontief = Lu::factor(identity_less(&state.inputs)).ok()?.inverse();
    // Φᵀ: row by row what one factor's price does to all prices.
    let mut phi = Matrix::zeros(f, n);
    phi.as_mut_slice().par_chunks_mut(n * TOGETHER).zip(network.factors.par_chunks(TOGETHER)).for_each(
        |(rows, factors)| {
            for i in 0..n {
                for (row, members) in rows.chunks_mut(n).zip(factors) {
                    row[i] = members.iter().map(|&m| leontief[(i, m)] * state.added[m]).sum();
                }
            }
        },
    );
    let incomes: Vec<f64> = (0..f).map(|factor| network.factor_income(factor) * state.wages[factor].exp()).collect();
    let sales = sales(network, elasticities, state, &leontief, &phi, &incomes);
    drop(leontief);

    let mut jacobian = Matrix::zeros(f, f);
    let eta = elasticities.eta;
    jacobian.as_mut_slice().par_chunks_mut(f).zip(network.factors.par_iter()).enumerate().for_each(
        |(of, (row, members))| {
            let demand: f64 = members.iter().map(|&i| state.sales[i] * state.added[i]).sum();
            let weights: Vec<(usize, f64)> =
                members.iter().map(|&i| (i, state.sales[i] * state.added[i] / demand)).collect();
            for (by, cell) in row.iter_mut().enumerate() {
                let (sales, phi) = (sales.row(by), phi.row(by));
                let answer: f64 = weights
                    .iter()
                    .map(|&(i, weight)| weight * (sales[i] / state.sales[i] - (1.0 - eta) * phi[i]))
                    .sum();
                *cell = answer - incomes[by];
            }
            row[of] += 1.0 - eta - 1.0;
        },
    );
    Lu::factor(jacobian).ok()
}

/// dλᵀ: row by row what one factor's price does to all industries' sales.
fn sales(
    network: &Network,
    elasticities: &Elasticities,
    state: &State,
    leontief: &Matrix,
    phi: &Matrix,
    incomes: &[f64],
) -> Matrix {
    let Elasticities { sigma, eta, epsilon, .. } = *elasticities;
    // What final users of each region need of all industries, b' L.
    let needed = state.consumption.times(leontief);
    let spread = |i: usize| {
        let share = 1.0 - state.added[i];
        if share > 0.0 { (epsilon - eta) * state.sales[i] / share } else { 0.0 }
    };
    let within = within_sectors(network, elasticities, state);
    let (sectors, regions) = (network.sectors, network.regions);
    let mut answers = Matrix::zeros(leontief.rows(), leontief.columns());
    answers.as_mut_slice().par_chunks_mut(leontief.columns()).enumerate().for_each(|(l, row)| {
        let (region, k) = (l / sectors, l % sectors);
        for (other, value) in within[k][region * regions..(region + 1) * regions].iter().enumerate() {
            if *value != 0.0 {
                add_scaled(row, *value, leontief.row(other * sectors + k));
            }
        }
        for c in 0..regions {
            add_scaled(row, (sigma - 1.0) * state.spending[c] * state.consumption[(c, l)], needed.row(c));
        }
        let own = spread(l) - (1.0 - eta) * state.sales[l];
        add_scaled(row, own, leontief.row(l));
        row[l] -= own;
    });
    let mut sales = phi.times(&answers);
    drop(answers);

    let transfers = network.transfers();
    let from_transfers = needed.vector_times(&transfers);
    sales.as_mut_slice().par_chunks_mut(leontief.columns()).zip(&network.factors).enumerate().for_each(
        |(factor, (row, members))| {
            for &m in members {
                let own = -state.added[m] * spread(m);
                if own != 0.0 {
                    add_scaled(row, own, leontief.row(m));
                    row[m] -= own;
                }
            }
            add_scaled(row, incomes[factor], needed.row(network.region_of(factor)));
            add_scaled(row, incomes[factor], &from_transfers);
        },
    );
    sales
}

/// S: how what is bought of j answers to the price of l of the same sector, sector by sector [region of l × region of j].
fn within_sectors(network: &Network, elasticities: &Elasticities, state: &State) -> Vec<Vec<f64>> {
    let (n, sectors, regions) = (state.sales.len(), network.sectors, network.regions);
    let Elasticities { sigma, epsilon, ref theta, .. } = *elasticities;
    let (inputs, consumption) = (&state.inputs, &state.consumption);
    let of_sector = |k: usize| -> Vec<f64> {
        let mut block = vec![0.0; regions * regions];
        let industries = (0..n).map(|i| (inputs.row(i), state.sales[i] * (theta[k] + 1.0 - epsilon)));
        let finally = (0..regions).map(|c| (consumption.row(c), state.spending[c] * (theta[k] + 1.0 - sigma)));
        let mut origins = vec![0.0; regions];
        for (row, weight) in industries.chain(finally) {
            origins.iter_mut().enumerate().for_each(|(o, share)| *share = row[o * sectors + k]);
            let total: f64 = origins.iter().sum();
            if total > 0.0 && weight != 0.0 {
                for (block, own) in block.chunks_mut(regions).zip(&origins) {
                    if *own != 0.0 {
                        add_scaled(block, weight * own / total, &origins);
                    }
                }
            }
        }
        (0..regions).for_each(|o| block[o * regions + o] -= theta[k] * state.sales[o * sectors + k]);
        block
    };
    (0..sectors).into_par_iter().map(of_sector).collect()
}

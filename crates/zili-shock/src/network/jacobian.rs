//! How the demand for factors answers to their prices: the analytic Jacobian of [`super::state::Stage::gaps`].
//!
//! ```text
//! d ln p = Φ d ln w                        Φ = (I − Ω')⁻¹ Γ' F
//! dλ     = (I − Ω'ᵀ)⁻¹ (R Φ + b'ᵀ dχ/d ln w) d ln w
//! J      = F-weighted [diag(1/λ) dλ + (1 − η)(F − Φ)] − I
//!
//! R_jl   = Σ_i λ_i Ω'_ij [−θ_j 1{j=l} + (θ_k + 1 − ε) π'_il 1{same sector k} + (ε − η) Ω'_il/(1 − γ'_i) − (1 − η) 1{i=l}]
//!        + Σ_c χ_c b'_cj [−θ_j 1{j=l} + (θ_k + 1 − σ) π'_cl 1{same sector k} + (σ − 1) b'_cl]
//! ```
//!
//! All prices may rise together without any change in demand, so that J has a kernel; it is filled by −1 s', s the factors' shares of income.

use super::economy::{Elasticities, Network, identity_less};
use super::state::State;
use rayon::prelude::*;
use zili_world::Matrix;
use zili_world::linalg::{Lu, add_scaled};

/// J at a state, factorised; none if it has no inverse.
pub fn jacobian(network: &Network, elasticities: &Elasticities, state: &State) -> Option<Lu> {
    let (n, f) = (state.sales.len(), network.factors.len());
    let shares = Lu::factor(identity_less(&state.inputs)).ok()?;
    let mut phi = Matrix::zeros(n, f);
    for (factor, members) in network.factors.iter().enumerate() {
        members.iter().for_each(|&i| phi[(i, factor)] = state.added[i]);
    }
    shares.solve(&mut phi);

    // Transposed from here on: row by row what one factor's price does to all industries' sales.
    let phi = transposed(&phi);
    let mut sales = phi.times(&responses(network, elasticities, state));
    let transfers = network.transfers();
    let from_transfers = state.consumption.vector_times(&transfers);
    let incomes: Vec<f64> = (0..f).map(|factor| network.factor_income(factor) * state.wages[factor].exp()).collect();
    for (factor, income) in incomes.iter().enumerate() {
        let row = sales.row_mut(factor);
        add_scaled(row, *income, state.consumption.row(network.region_of(factor)));
        add_scaled(row, *income, &from_transfers);
    }
    shares.solve_rows(&mut sales);

    let mut jacobian = Matrix::zeros(f, f);
    let eta = elasticities.eta;
    for (of, members) in network.factors.iter().enumerate() {
        let demand: f64 = members.iter().map(|&i| state.sales[i] * state.added[i]).sum();
        let weights: Vec<(usize, f64)> =
            members.iter().map(|&i| (i, state.sales[i] * state.added[i] / demand)).collect();
        let row = jacobian.row_mut(of);
        for (by, cell) in row.iter_mut().enumerate() {
            let (sales, phi) = (sales.row(by), phi.row(by));
            let answer: f64 =
                weights.iter().map(|&(i, weight)| weight * (sales[i] / state.sales[i] - (1.0 - eta) * phi[i])).sum();
            *cell = answer - incomes[by];
        }
        row[of] += 1.0 - eta - 1.0;
    }
    Lu::factor(jacobian).ok()
}

/// R': how what is bought of j answers to the price of l, at [l, j].
fn responses(network: &Network, elasticities: &Elasticities, state: &State) -> Matrix {
    let (n, sectors, regions) = (state.sales.len(), network.sectors, network.regions);
    let Elasticities { sigma, eta, epsilon, ref theta } = *elasticities;
    let (inputs, consumption) = (&state.inputs, &state.consumption);
    // Sectors of final use, and of materials where these are not as easily replaced as they are by value added.
    let mut out = scaled_square(consumption, |c| (sigma - 1.0) * state.spending[c]);
    if epsilon != eta {
        let materials = scaled_square(inputs, |i| {
            let share = 1.0 - state.added[i];
            if share > 0.0 { (epsilon - eta) * state.sales[i] / share } else { 0.0 }
        });
        out.as_mut_slice().iter_mut().zip(materials.as_slice()).for_each(|(out, more)| *out += more);
    }
    // Origins within sectors.
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
                    add_scaled(block, weight * own / total, &origins);
                }
            }
        }
        block
    };
    let blocks: Vec<Vec<f64>> = (0..sectors).into_par_iter().map(of_sector).collect();
    for (k, block) in blocks.iter().enumerate() {
        for (o, row) in block.chunks(regions).enumerate() {
            for (other, value) in row.iter().enumerate() {
                out[(o * sectors + k, other * sectors + k)] += value;
            }
        }
    }
    for l in 0..n {
        out[(l, l)] -= theta[l % sectors] * state.sales[l];
        add_scaled(out.row_mut(l), -(1.0 - eta) * state.sales[l], inputs.row(l));
    }
    out
}

/// M' diag(w) M.
fn scaled_square(matrix: &Matrix, weight: impl Fn(usize) -> f64) -> Matrix {
    let mut scaled = matrix.clone();
    for i in 0..scaled.rows() {
        let weight = weight(i);
        scaled.row_mut(i).iter_mut().for_each(|value| *value *= weight);
    }
    transposed(matrix).times(&scaled)
}

fn transposed(matrix: &Matrix) -> Matrix {
    Matrix::from_fn(matrix.columns(), matrix.rows(), |i, j| matrix[(j, i)])
}

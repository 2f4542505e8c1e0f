//! The exposure matrices are the Jacobian of the trade equilibrium with one sector and no inputs.

use zili_exposure::friends_enemies::Exposure;
use zili_shock::equilibrium::economy::{Deficits, Economy, Shock};
use zili_shock::equilibrium::solve::{Closure, solve};
use zili_shock::equilibrium::welfare::welfare;
use zili_world::Matrix;

const THETA: f64 = 5.0;

/// Sales that balance: rows and columns add up to the same.
const SALES: [[f64; 3]; 3] = [[80.0, 12.0, 8.0], [9.0, 60.0, 6.0], [11.0, 3.0, 40.0]];

fn economy() -> Economy {
    let spent: Vec<f64> = (0..3).map(|n| (0..3).map(|i| SALES[i][n]).sum()).collect();
    Economy {
        regions: 3,
        sectors: 1,
        elasticity: vec![THETA],
        shares: vec![(0..3).flat_map(|n| (0..3).map(move |i| (n, i))).map(|(n, i)| SALES[i][n] / spent[n]).collect()],
        tariffs: vec![1.0; 9],
        inputs: vec![0.0; 3],
        added: vec![1.0; 3],
        consumption: vec![1.0; 3],
        value_added: spent.clone(),
        deficits: vec![0.0; 3],
        spending: vec![spent],
    }
}

/// ln ŵ and ln û if productivity of i grows by a logarithm.
fn exact(i: usize, growth: f64) -> Vec<(f64, f64)> {
    let economy = economy();
    let mut shock: Shock = economy.unchanged();
    for n in 0..3 {
        // Cheaper for everyone who buys from it.
        shock.left[0][economy.flow(0, n, i)] = (THETA * growth).exp();
    }
    let closure = Closure { deficits: Deficits::Held, tolerance: 1e-13 };
    let found = solve(&economy, &shock, closure).expect("solved");
    let all = welfare(&economy, &found, &shock.tariffs);
    found.wages.iter().zip(all).map(|(wage, welfare)| (*wage, welfare.exact.ln_1p())).collect()
}

#[test]
fn exposure_is_the_finite_difference_of_the_exact_model_to_second_order() {
    let sales = Matrix::from_fn(3, 3, |i, n| SALES[i][n]);
    assert_eq!(sales.row_sums(), sales.column_sums());
    let found = Exposure::of(&sales, THETA).expect("regular");
    for i in 0..3 {
        let gap = |step: f64| {
            let (up, down) = (exact(i, step), exact(i, -step));
            let of = |n: usize| {
                let income = (up[n].0 - down[n].0) / (2.0 * step) - found.income[(n, i)];
                let welfare = (up[n].1 - down[n].1) / (2.0 * step) - found.welfare[(n, i)];
                income.abs().max(welfare.abs())
            };
            (0..3).map(of).fold(0.0, f64::max)
        };
        let (coarse, fine) = (gap(0.02), gap(0.01));
        // Halving the step of a central difference quarters its error.
        assert!((coarse / fine - 4.0).abs() < 0.05, "{coarse} {fine}");
        assert!(fine < 1e-3, "{fine}");
    }
}

//! Where effort pays: Liu (2019) and Liu & Ma.

use proptest::prelude::*;
use zili_plan::distortion::centrality;
use zili_plan::research::{gains, patient, value_of_research};
use zili_plan::{allocation, distortion, research};
use zili_testkit::oracle::{self, Arrays};
use zili_testkit::{ask, assert_close, column, random, region, world};
use zili_world::{Finding, Matrix, linalg::Lu};

fn arrays(name: &str) -> Arrays {
    Arrays::open(&oracle::own("plan").join(name))
}

#[test]
fn liu_2019_network() {
    let mut reference = arrays("liu2019_network.npz");
    let (shares, wedges, beta) = (reference.matrix("Omega"), reference.matrix("chi"), reference.vector("beta"));
    let found = centrality(&shares, &wedges, &beta).expect("solved");
    // Closed forms on five sectors: 1e-9 is asked, 1e-12 is met.
    assert_close("influence", &found.influence, &reference.vector("mu"), 1e-12);
    assert_close("Domar weights", &found.domar, &reference.vector("gamma"), 1e-12);
    assert_close("distortion centrality", &found.distortion, &reference.vector("xi"), 1e-12);
    // E_VA[ξ] = 1, value added being payments to labour.
    let weights = found.domar.iter().zip(reference.vector("sL")).map(|(gamma, labour)| gamma * labour);
    let mean: f64 = weights.zip(&found.distortion).map(|(weight, xi)| weight * xi).sum();
    assert!((mean - 1.0).abs() < 1e-12, "{mean}");
}

#[test]
fn liu_2019_two_sectors() {
    for (chi, b) in [(0.1, 0.5), (0.3, 0.8), (0.05, 0.2)] {
        let shares = Matrix::from_rows(2, 2, vec![0.0, 0.0, b / (1.0 + chi), 0.0]);
        let wedges = Matrix::from_rows(2, 2, vec![chi; 4]);
        let xi = centrality(&shares, &wedges, &[0.0, 1.0]).expect("solved").distortion;
        assert_close("ξ", &xi, &[1.0 + chi * (1.0 - b), (1.0 - b) + b / (1.0 + chi)], 1e-14);
    }
}

/// Log net output of the Cobb–Douglas economy of Liu (2019) with a subsidy, everything solved anew: wage from prices, sales from demand.
fn log_net_output(elasticities: &Matrix, wedges: &Matrix, subsidies: &Matrix, beta: &[f64]) -> f64 {
    let n = beta.len();
    let paid = |i: usize, j: usize| 1.0 + wedges[(i, j)] - subsidies[(i, j)];
    // ln P = Σ (ln P + ln paid) + (1 − Σ1) ln w, β'ln P = 0.
    let less =
        |m: &Matrix| Lu::factor(Matrix::from_fn(n, n, |i, j| f64::from(i == j) - m[(i, j)])).expect("productive");
    let costs = (0..n).map(|i| (0..n).map(|j| elasticities[(i, j)] * paid(i, j).ln()).sum()).collect();
    let prices = less(elasticities).solve_vector(costs);
    let log_wage: f64 = -prices.iter().zip(beta).map(|(price, beta)| price * beta).sum::<f64>();
    let shares = Matrix::from_fn(n, n, |i, j| elasticities[(i, j)] / paid(i, j));
    let mut sales = Matrix::from_rows(1, n, beta.to_vec());
    less(&shares).solve_rows(&mut sales);
    let labour: f64 = (0..n).map(|i| (1.0 - elasticities.row(i).iter().sum::<f64>()) * sales[(0, i)]).sum();
    // Subsidies are paid by a tax on wages; what is left is consumed.
    let tax: f64 =
        (0..n).map(|i| (0..n).map(|j| sales[(0, i)] / labour * shares[(i, j)] * subsidies[(i, j)]).sum::<f64>()).sum();
    log_wage + (1.0 - tax).ln()
}

#[test]
fn liu_2019_effect_of_a_subsidy_is_the_derivative_of_net_output() {
    let mut reference = arrays("liu2019_network.npz");
    let (shares, wedges, beta) = (reference.matrix("Omega"), reference.matrix("chi"), reference.vector("beta"));
    let elasticities = reference.matrix("Sigma");
    let found = centrality(&shares, &wedges, &beta).expect("solved");
    let effects = distortion::subsidy_effects(&shares, &found);
    let step = 1e-5;
    for (i, j) in [(0, 0), (1, 3), (2, 4), (4, 1)] {
        let with = |tau: f64| {
            let mut subsidies = Matrix::zeros(5, 5);
            subsidies[(i, j)] = tau;
            log_net_output(&elasticities, &wedges, &subsidies, &beta)
        };
        let slope = (with(step) - with(-step)) / (2.0 * step);
        // A central difference is off by the square of the step, and by rounding over the step: 1e-16/1e-5.
        assert!((slope - effects[(i, j)]).abs() < 1e-9, "τ_{i}{j}: {slope} against {}", effects[(i, j)]);
    }
}

#[test]
fn liu_ma_network() {
    let mut reference = arrays("liuma_network.npz");
    let (network, beta, today) = (reference.matrix("Omega"), reference.vector("beta"), reference.vector("s"));
    let (rho, lambda) = (reference.flat("rho")[0], reference.flat("lam")[0]);
    let best = value_of_research(&network, &beta, rho, lambda).expect("solved");
    assert_close("γ", &best, &reference.vector("gamma"), 1e-12);
    let gain: f64 = gains(&best, &today, 1.0, rho, lambda).iter().sum();
    let expected = reference.flat("logwelfare")[0];
    assert!((gain - expected).abs() < 1e-12, "{gain} against {expected}");
}

/// Welfare ∫e^(−ρt) β'ln q dt of constant shares, by stepping d ln q/dt = λ(ln s + M ln q − ln q) until nothing is left of it.
fn welfare(network: &Matrix, beta: &[f64], shares: &[f64], rho: f64, lambda: f64) -> f64 {
    let step = 0.002;
    let mut knowledge = vec![0.0; beta.len()];
    let flow = |knowledge: &[f64]| -> f64 { knowledge.iter().zip(beta).map(|(q, beta)| q * beta).sum() };
    let slope = |knowledge: &[f64]| -> Vec<f64> {
        let built = network.times_vector(knowledge);
        (0..beta.len()).map(|i| lambda * (shares[i].ln() + built[i] - knowledge[i])).collect()
    };
    let mut sum = 0.0;
    for k in 0..200_000 {
        let time = step * f64::from(k);
        // Heun's rule for knowledge, the trapezium for welfare.
        let first = slope(&knowledge);
        let guess: Vec<f64> = knowledge.iter().zip(&first).map(|(q, d)| q + step * d).collect();
        let second = slope(&guess);
        let next: Vec<f64> = (0..beta.len()).map(|i| knowledge[i] + 0.5 * step * (first[i] + second[i])).collect();
        sum += 0.5 * step * ((-rho * time).exp() * flow(&knowledge) + (-rho * (time + step)).exp() * flow(&next));
        knowledge = next;
    }
    sum
}

#[test]
fn liu_ma_gain_is_the_difference_of_welfare_simulated() {
    let mut reference = arrays("liuma_network.npz");
    let (network, beta, today) = (reference.matrix("Omega"), reference.vector("beta"), reference.vector("s"));
    let (rho, lambda) = (0.05, 0.17);
    // In an open economy a part of what is built on comes from abroad and does not move with home's research.
    for home_share in [1.0, 0.6] {
        let own = Matrix::from_fn(6, 6, |i, j| network[(i, j)] * if i == j { 1.0 } else { home_share });
        let value = value_of_research(&own, &beta, rho, lambda).expect("solved");
        let kept: f64 = value.iter().sum();
        let best: Vec<f64> = value.iter().map(|v| v / kept).collect();
        let gain: f64 = gains(&best, &today, kept, rho, lambda).iter().sum();
        // A permanent change of log consumption is worth 1/ρ of it.
        let found = rho * (welfare(&own, &beta, &best, rho, lambda) - welfare(&own, &beta, &today, rho, lambda));
        // Steps of 0.002 years over 400 years: rules of second order are off by about 1e-6, and e^(−20) is left out.
        assert!((gain - found).abs() < 1e-5, "{home_share}: {gain} against {found}");
        // No other shares do better.
        let other: Vec<f64> = best.iter().zip(&today).map(|(a, b)| 0.9 * a + 0.1 * b).collect();
        assert!(gains(&best, &other, kept, rho, lambda).iter().sum::<f64>() > 0.0);
    }
}

#[test]
fn liu_ma_limits_of_the_discount_rate() {
    let mut reference = arrays("liuma_network.npz");
    let (network, beta) = (reference.matrix("Omega"), reference.vector("beta"));
    // ρ → ∞: only today's consumption counts. What remains is of the order λ/ρ.
    let impatient = value_of_research(&network, &beta, 1e9, 0.17).expect("solved");
    assert_close("ρ → ∞", &impatient, &beta, 1e-9);
    // ρ → 0: a' = a'Ω.
    let centrality = patient(&network, &beta).expect("solved");
    assert_close("a'Ω", &network.vector_times(&centrality), &centrality, 1e-8);
    assert!((centrality.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}

/// One region with two sectors, one upstream of the other, both sold finally.
fn closed() -> zili_world::World {
    let z = Matrix::from_rows(2, 2, vec![10.0, 40.0, 5.0, 20.0]);
    let y = Matrix::from_rows(2, 1, vec![50.0, 75.0]);
    world(&["AAA".to_owned()], &["up".to_owned(), "down".to_owned()], 1, z, y)
}

fn by_sector(finding: &Finding, name: &str) -> Vec<f64> {
    let code = finding.column("sector").expect("sectors");
    let mut rows: Vec<(String, f64)> =
        finding.rows.iter().map(|row| row[code].text().to_owned()).zip(column(finding, name)).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter().map(|(_, value)| value).collect()
}

#[test]
fn a_closed_economy_is_the_same_however_imports_count() {
    let world = closed();
    let of = |imports: &str| {
        let params = ask(&world, region(&world, 0), &distortion::METHOD, &[("imports", imports), ("draws", "5")]);
        by_sector(&distortion::run(&world, &params).expect("answered"), "distortion")
    };
    assert_eq!(of("outside"), of("at-home"));
    assert_eq!(of("outside"), of("traded"));
    // By hand: Ω' from the columns of Z over output, β from final use.
    let shares = Matrix::from_rows(2, 2, vec![0.1, 0.05, 0.4, 0.2]);
    let expected = centrality(&shares, &Matrix::from_rows(2, 2, vec![0.1; 4]), &[0.4, 0.6]).expect("solved").distortion;
    let found = of("outside");
    assert_close("ξ", &[found[1], found[0]], &expected, 1e-13);
}

#[test]
fn on_its_own_a_closed_economy_has_nothing_to_change() {
    let world = closed();
    let params = ask(&world, region(&world, 0), &research::METHOD, &[]);
    let finding = research::run(&world, &params).expect("answered");
    assert!(column(&finding, "change").iter().all(|change| change.abs() < 1e-15));
    assert!(column(&finding, "foreign_knowledge").iter().all(|share| share.abs() < 1e-15));
}

proptest! {
    #[test]
    fn value_added_weighs_distortion_to_one_and_it_follows_its_recursion(recipe in random::recipe(), wedge in 0.01..0.5f64) {
        let world = recipe.world();
        let home = region(&world, 0);
        let params = ask(&world, home, &distortion::METHOD, &[("wedge", &wedge.to_string()), ("draws", "1")]);
        let Ok(finding) = distortion::run(&world, &params) else { return Ok(()) };
        let (xi, gamma, chi) =
            (by_sector(&finding, "distortion"), by_sector(&finding, "domar"), by_sector(&finding, "wedge"));
        let n = recipe.sectors;
        let table = world.table(zili_testkit::YEAR).expect("a table");
        let share = |user: usize, maker: usize| match table.output()[user] {
            x if x > 0.0 => table.z[(maker, user)] / x,
            _ => 0.0,
        };
        let mean: f64 = (0..n)
            .filter(|&i| xi[i].is_finite())
            .map(|i| gamma[i] * (1.0 - (0..n).map(|j| (1.0 + chi[i]) * share(i, j)).sum::<f64>()) * xi[i])
            .sum();
        prop_assert!((mean - 1.0).abs() < 1e-9, "{mean}");
        // ξ_j = (Y_j/Q_j)(wL/Y) + Σ_i ξ_i (1 + χ_ij) θ_ij, θ_ij the part of j's output that i buys.
        let sold = |j: usize| table.output()[j] - (0..n).map(|i| table.z[(j, i)]).sum::<f64>();
        let all_final: f64 = (0..n).map(sold).sum();
        let primary: f64 =
            (0..n).map(|i| table.output()[i] * (1.0 - (0..n).map(|j| (1.0 + chi[i]) * share(i, j)).sum::<f64>())).sum();
        for j in (0..n).filter(|&j| xi[j].is_finite()) {
            let bought: f64 = (0..n)
                .filter(|&i| xi[i].is_finite())
                .map(|i| xi[i] * (1.0 + chi[i]) * table.z[(j, i)] / table.output()[j])
                .sum();
            let expected = sold(j) / table.output()[j] * primary / all_final + bought;
            prop_assert!((xi[j] - expected).abs() < 1e-9 * (1.0 + xi[j].abs()), "{} against {expected}", xi[j]);
        }
    }

    #[test]
    fn shares_of_research_sum_to_one_and_gains_are_not_negative(recipe in random::recipe()) {
        let world = recipe.world();
        let params = ask(&world, region(&world, 0), &research::METHOD, &[]);
        let Ok(finding) = research::run(&world, &params) else { return Ok(()) };
        let rows = finding.rows.len() - 1;
        for name in ["today", "open", "closed", "final_share", "centrality"] {
            let values = column(&finding, name);
            let sum: f64 = values[..rows].iter().filter(|v| !v.is_nan()).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9 && values.iter().all(|v| v.is_nan() || *v >= -1e-12), "{name}: {values:?}");
        }
        for name in ["gain_open", "gain_closed"] {
            let gain = column(&finding, name)[rows];
            prop_assert!(gain.is_nan() || gain > -1e-12, "{name}: {gain}");
        }
    }

    #[test]
    fn names_and_their_order_change_nothing(recipe in random::recipe()) {
        let (world, (turned, _)) = (recipe.world(), recipe.permuted());
        let last = recipe.regions - 1;
        let options = [("draws", "1")];
        let one = ask(&world, region(&world, 0), &allocation::METHOD, &options);
        let other = ask(&turned, region(&turned, last), &allocation::METHOD, &options);
        let (Ok(one), Ok(other)) = (allocation::run(&world, &one), allocation::run(&turned, &other)) else { return Ok(()) };
        for name in ["distortion", "research_open", "research_closed", "foreign_share"] {
            for (a, b) in by_sector(&one, name).into_iter().zip(by_sector(&other, name)) {
                prop_assert!((a - b).abs() < 1e-9 || a.is_nan() && b.is_nan(), "{name}: {a} against {b}");
            }
        }
    }
}

//! Trade equilibrium on made-up economies: identities and limits.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use zili_shock::equilibrium::economy::{Deficits, Economy, Shock};
use zili_shock::equilibrium::solve::{Closure, Equilibrium, Failed, solve, solve_from};
use zili_shock::equilibrium::welfare::welfare;

const CLOSURE: Closure = Closure { deficits: Deficits::Held, tolerance: 1e-12 };

/// An economy in balance from flows drawn at random; one use or two.
fn economy(regions: usize, sectors: usize, uses: usize, tariffs: bool, draws: &[f64]) -> Economy {
    let mut at = 0;
    let mut draw = || {
        at += 1;
        draws[at % draws.len()] * 0.8 + draws[(7 * at + 3) % draws.len()] * 0.2
    };
    let mut economy = Economy { regions, sectors, ..Economy::default() };
    economy.elasticity = (0..sectors).map(|_| 1.0 + 8.0 * draw()).collect();
    let normal = |values: &mut [f64]| {
        let total: f64 = values.iter().sum();
        values.iter_mut().for_each(|value| *value /= total);
    };
    for _ in 0..uses {
        let mut shares: Vec<f64> = (0..sectors * regions * regions).map(|_| 0.05 + draw()).collect();
        for (cell, row) in shares.chunks_mut(regions).enumerate() {
            // Everyone buys most at home.
            row[cell % regions] += 2.0;
            normal(row);
        }
        economy.shares.push(shares);
    }
    economy.tariffs = vec![1.0; sectors * regions * regions];
    if tariffs {
        for (at, tariff) in economy.tariffs.iter_mut().enumerate() {
            let (importer, exporter) = (at / regions % regions, at % regions);
            *tariff += if importer == exporter { 0.0 } else { 0.3 * draw() };
        }
    }
    economy.added = (0..regions * sectors).map(|_| 0.3 + 0.5 * draw()).collect();
    economy.inputs = vec![0.0; regions * sectors * sectors];
    for n in 0..regions {
        for j in 0..sectors {
            let mut column: Vec<f64> = (0..sectors).map(|_| 0.1 + draw()).collect();
            normal(&mut column);
            for (k, share) in column.iter().enumerate() {
                economy.inputs[(n * sectors + k) * sectors + j] = share * (1.0 - economy.added[n * sectors + j]);
            }
        }
    }
    economy.consumption = (0..regions * sectors).map(|_| 0.1 + draw()).collect();
    economy.consumption.chunks_mut(sectors).for_each(normal);
    economy.value_added = (0..regions).map(|_| 50.0 + 100.0 * draw()).collect();
    economy.deficits = vec![0.0; regions];
    economy.spending = vec![vec![100.0; regions * sectors]; uses];
    // Whatever was drawn, the equilibrium without a shock is a base.
    economy.closed(CLOSURE.tolerance).expect("balanced")
}

fn draws() -> impl Strategy<Value = Vec<f64>> {
    proptest::collection::vec(0.0..1.0f64, 64)
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

/// Some flows denied in part, and all of one origin to one importer altogether.
fn shock(economy: &Economy, draws: &[f64]) -> Shock {
    let mut shock = economy.unchanged();
    for left in &mut shock.left {
        for (at, left) in left.iter_mut().enumerate() {
            let (importer, exporter) = (at / economy.regions % economy.regions, at % economy.regions);
            if importer != exporter {
                *left = 1.0 - 0.9 * draws[at % draws.len()];
            }
            if (importer, exporter) == (0, 1) {
                *left = 0.0;
            }
        }
    }
    shock
}

#[test]
fn no_shock_changes_nothing() {
    let case = |draws: Vec<f64>| {
        let economy = economy(4, 3, 2, true, &draws);
        let found = solve(&economy, &economy.unchanged(), CLOSURE).expect("solved");
        let hats = found.wages.iter().chain(&found.costs).chain(found.prices.iter().flatten());
        // The tolerance of the base itself.
        hats.for_each(|hat| assert!(hat.abs() < 1e-11, "{hat}"));
        Ok(())
    };
    runner(30).run(&draws(), case).expect("holds");
}

#[test]
fn a_coarse_tolerance_ends_sooner_and_nearby() {
    let case = |draws: Vec<f64>| {
        let economy = economy(4, 3, 2, true, &draws);
        let shock = shock(&economy, &draws);
        let exact = solve(&economy, &shock, CLOSURE).expect("solved");
        for tolerance in [1e-4, 0.01, 0.09] {
            let coarse = solve(&economy, &shock, Closure { tolerance, ..CLOSURE }).expect("solved");
            assert!(coarse.rounds <= exact.rounds);
            let apart = exact.wages.iter().zip(&coarse.wages).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            // Demand falls with the wage by more than it by itself, so wages are no further off than gaps of labour twice over.
            assert!(apart < 2.0 * tolerance, "{apart} {tolerance}");
        }
        Ok(())
    };
    runner(30).run(&draws(), case).expect("holds");
}

/// ln(ŵ_n/P̂_n) = −α_n'(I − Γ_n')⁻¹ [ln(π'_nn/π_nn)/θ] (Caliendo & Parro 2015), which holds for any shock.
#[test]
fn real_wages_follow_from_home_shares() {
    let case = |draws: Vec<f64>| {
        let economy = economy(4, 3, 1, true, &draws);
        let shock = shock(&economy, &draws);
        let found = solve(&economy, &shock, CLOSURE).expect("solved");
        let all = welfare(&economy, &found, &shock.tariffs);
        for (n, welfare) in all.iter().enumerate() {
            let j = economy.sectors;
            let home = |s: usize| {
                let at = economy.flow(s, n, n);
                (found.shares[0][at] / economy.shares[0][at]).ln() / economy.elasticity[s]
            };
            // (I − Γ')⁻¹ b by its series: the smallest share of value added is 0.3.
            let mut term: Vec<f64> = (0..j).map(home).collect();
            let mut sum = term.clone();
            for _ in 0..200 {
                let next = |s: usize| (0..j).map(|k| economy.inputs[(n * j + k) * j + s] * term[k]).sum::<f64>();
                term = (0..j).map(next).collect();
                sum.iter_mut().zip(&term).for_each(|(sum, term)| *sum += term);
            }
            let expected: f64 = -economy.consumption[n * j..].iter().zip(&sum).map(|(a, b)| a * b).sum::<f64>();
            let real = welfare.real_wage.ln_1p();
            assert!((real - expected).abs() < 1e-9, "{real} {expected}");
        }
        Ok(())
    };
    runner(30).run(&draws(), case).expect("holds");
}

fn balances(economy: &Economy, shock: &Shock, found: &Equilibrium) {
    let next = economy.at(found, &shock.tariffs);
    let trade = |n: usize, i: usize| (0..economy.sectors).map(|j| next.bought(j, n, i)).sum::<f64>();
    let scale: f64 = economy.value_added.iter().sum();
    for n in 0..economy.regions {
        let imports: f64 = (0..economy.regions).map(|i| trade(n, i)).sum();
        let exports: f64 = (0..economy.regions).map(|i| trade(i, n)).sum();
        assert!((imports - exports - found.deficits[n]).abs() < 1e-9 * scale, "{imports} {exports}");
    }
    assert!((next.value_added.iter().sum::<f64>() - scale).abs() < 1e-11 * scale, "the numeraire");
    assert!(found.deficits.iter().sum::<f64>().abs() < 1e-9 * scale, "Walras");
    for (shares, base) in found.shares.iter().zip(&economy.shares) {
        for (row, base) in shares.chunks(economy.regions).zip(base.chunks(economy.regions)) {
            assert!((row.iter().sum::<f64>() - base.iter().sum::<f64>()).abs() < 1e-9);
        }
    }
}

#[test]
fn trade_balances_up_to_deficits_and_full_denial_is_zero() {
    let case = |(draws, uses, scaled): (Vec<f64>, usize, bool)| {
        let mut economy = economy(4, 3, uses, true, &draws);
        // Deficits that add up to nothing.
        let scale: f64 = economy.value_added.iter().sum();
        economy.deficits = vec![0.02 * scale, -0.01 * scale, 0.0, -0.01 * scale];
        let base = solve(&economy, &economy.unchanged(), CLOSURE).expect("solved");
        let economy = economy.at(&base, &economy.tariffs);
        let shock = shock(&economy, &draws);
        let deficits = if scaled { Deficits::Scaled } else { Deficits::Held };
        let found = solve(&economy, &shock, Closure { deficits, ..CLOSURE }).expect("solved");
        balances(&economy, &shock, &found);
        for shares in &found.shares {
            (0..3).for_each(|j| assert_eq!(shares[economy.flow(j, 0, 1)], 0.0));
        }
        let near = solve_from(&economy, &shock, Closure { deficits, ..CLOSURE }, &found).expect("solved");
        assert!(near.rounds <= found.rounds);
        near.wages.iter().zip(&found.wages).for_each(|(a, b)| assert!((a - b).abs() < 1e-10));
        Ok(())
    };
    runner(20).run(&(draws(), 1..=2usize, any::<bool>()), case).expect("holds");
}

/// Tariffs and elasticities with which a step too far is one into a world without trade.
#[test]
fn tariffs_of_a_thousand_percent_are_solved() {
    let case = |draws: Vec<f64>| {
        let mut economy = economy(4, 3, 1, true, &draws);
        economy.elasticity.iter_mut().for_each(|theta| *theta *= 3.0);
        let mut shock = economy.unchanged();
        for (at, tariff) in shock.tariffs.iter_mut().enumerate() {
            let (importer, exporter) = (at / economy.regions % economy.regions, at % economy.regions);
            *tariff += if importer == exporter { 0.0 } else { 10.0 };
        }
        // With elasticities up to 27, what rounding leaves of prices is some 1e-12 of demand.
        let found = solve(&economy, &shock, Closure { tolerance: 1e-10, ..CLOSURE }).expect("solved");
        balances(&economy, &shock, &found);
        Ok(())
    };
    runner(100).run(&draws(), case).expect("holds");
}

/// What is left of trade, a billionth at unchanged prices, changes incomes by some of its own size.
#[test]
fn as_trade_ends_real_incomes_become_those_of_autarky() {
    let case = |draws: Vec<f64>| {
        let economy = economy(4, 3, 2, false, &draws);
        let of_trade = |left: f64| {
            let mut shock = economy.unchanged();
            for flows in &mut shock.left {
                for (at, flow) in flows.iter_mut().enumerate() {
                    let (importer, exporter) = (at / economy.regions % economy.regions, at % economy.regions);
                    *flow = if importer == exporter { 1.0 } else { left };
                }
            }
            let found = solve(&economy, &shock, CLOSURE).expect("solved");
            welfare(&economy, &found, &shock.tariffs)
        };
        for (ending, ended) in of_trade(1e-9).iter().zip(of_trade(0.0)) {
            assert!((ending.exact - ended.exact).abs() < 1e-7, "{} {}", ending.exact, ended.exact);
        }
        Ok(())
    };
    runner(100).run(&draws(), case).expect("holds");
}

/// Cut off from everyone, a region with one sector and no inputs loses λ_nn^(1/θ) (Arkolakis, Costinot & Rodríguez-Clare 2012).
#[test]
fn autarky_of_one_sector_costs_what_the_home_share_says() {
    let mut economy = economy(3, 1, 1, false, &[0.3, 0.9, 0.1, 0.6]);
    economy.added = vec![1.0; 3];
    economy.inputs = vec![0.0; 3];
    let economy = economy.closed(CLOSURE.tolerance).expect("balanced");
    let mut shock = economy.unchanged();
    for other in 1..3 {
        (shock.left[0][economy.flow(0, 0, other)], shock.left[0][economy.flow(0, other, 0)]) = (0.0, 0.0);
    }
    let found = solve(&economy, &shock, CLOSURE).expect("solved");
    let expected = economy.shares[0][economy.flow(0, 0, 0)].powf(1.0 / economy.elasticity[0]) - 1.0;
    let exact = welfare(&economy, &found, &shock.tariffs)[0].exact;
    assert!((exact - expected).abs() < 1e-10, "{exact} {expected}");
}

/// Without a deficit to pay for, exports that are denied end imports too, and the other way round.
#[test]
fn who_can_only_buy_or_only_sell_ends_in_autarky() {
    let economy = economy(3, 2, 2, true, &[0.3, 0.9, 0.1, 0.6]);
    let denied = |both: bool, imports: bool| {
        let mut shock = economy.unchanged();
        for (other, j, u) in (1..3).flat_map(|n| (0..2).flat_map(move |j| (0..2).map(move |u| (n, j, u)))) {
            if both || imports {
                shock.left[u][economy.flow(j, 0, other)] = 0.0;
            }
            if both || !imports {
                shock.left[u][economy.flow(j, other, 0)] = 0.0;
            }
        }
        let found = solve(&economy, &shock, CLOSURE).expect("solved");
        welfare(&economy, &found, &shock.tariffs)
    };
    for imports in [true, false] {
        for (one_way, autarky) in denied(false, imports).iter().zip(denied(true, imports)) {
            // The same equilibrium, found twice.
            assert!((one_way.exact - autarky.exact).abs() < 1e-11, "{} {}", one_way.exact, autarky.exact);
        }
    }
}

#[test]
fn autarky_without_a_home_supplier_is_named_and_not_iterated_on() {
    let mut economy = economy(3, 2, 1, false, &[0.3, 0.9, 0.1, 0.6]);
    let home = economy.flow(1, 0, 0);
    economy.shares[0][home + 1] += economy.shares[0][home];
    economy.shares[0][home] = 0.0;
    let mut shock = economy.unchanged();
    for other in 1..3 {
        (0..2).for_each(|j| shock.left[0][economy.flow(j, 0, other)] = 0.0);
    }
    assert_eq!(solve(&economy, &shock, CLOSURE).err(), Some(Failed::Nobody(vec![(0, 1)])));
}

//! Cost push: a worked example, brute force, and what must hold whatever the numbers.

use proptest::prelude::*;
use zili_scenario::{Control, Flows, Scenario, Sectors};
use zili_shock::model;
use zili_shock::price::Rises;
use zili_testkit::{YEAR, ask, assert_close, random, region};
use zili_world::linalg::Lu;
use zili_world::{Finding, Matrix, System, World};

/// Two regions, one sector: x = (100, 100), A = [[0.1, 0.3], [0.2, 0.3]].
fn two_regions() -> World {
    let z = Matrix::from_rows(2, 2, vec![10.0, 30.0, 20.0, 30.0]);
    let y = Matrix::from_rows(2, 2, vec![50.0, 10.0, 10.0, 40.0]);
    zili_testkit::world(&["A".into(), "B".into()], &["S".into()], 1, z, y)
}

fn denial(world: &World, by: usize, against: usize, severity: f64) -> Control {
    Control::new(region(world, by), region(world, against), Sectors::All, severity, Flows::Both).expect("a control")
}

fn answer(world: &World, control: Control, options: &[(&str, &str)]) -> Finding {
    let model = model("price").expect("known");
    let params = ask(world, control.against.clone(), model.method, options);
    let scenario = Scenario::of_controls(params.home.clone(), YEAR, vec![control]);
    model.answer(world, &scenario, &params, &zili_world::Unwatched).expect("answered")
}

fn value(finding: &Finding, code: &str, name: &str) -> f64 {
    let (r, c) = (finding.column("region").expect("column"), finding.column(name).expect("column"));
    finding.rows.iter().find(|row| row[r].text() == code).expect("a row")[c].number().expect("a number")
}

/// A denies B everything. Half of B's inputs go: at σ = 2 they double in price, 0.6 per unit of output.
/// det(I − A) = 0.57, L = [[0.7, 0.3], [0.2, 0.9]] / 0.57. A fifth of B's final use goes: 1/0.8 − 1 = 0.25.
#[test]
fn worked_example_of_two_regions() {
    let finding = answer(&two_regions(), denial(&two_regions(), 0, 1, 1.0), &[("sigma", "2")]);
    let (a, b) = (0.6 * 0.2 / 0.57, 0.6 * 0.9 / 0.57);
    for (code, name, expected) in [
        ("B", "cost_push", 60.0),
        ("A", "cost_push", 0.0),
        ("A", "output_price", a),
        ("B", "output_price", b),
        ("B", "direct_bill", 0.25 * 50.0),
        ("B", "bill", 0.25 * 50.0 + 10.0 * a + 40.0 * b),
        ("A", "bill", 50.0 * a + 10.0 * b),
        ("A", "bill_share", (50.0 * a + 10.0 * b) / 60.0),
    ] {
        let found = value(&finding, code, name);
        assert!((found - expected).abs() < 1e-12, "{code} {name}: {found} against {expected}");
    }
    // Final users pay for all of it: Σ bills = Δc'L f + direct = Δc'x + direct.
    let bills = value(&finding, "A", "bill") + value(&finding, "B", "bill");
    assert!((bills - 60.0 - 12.5).abs() < 1e-12);
}

/// B's only origin of inputs and final products is A: the share denied is the severity itself.
fn one_origin() -> World {
    let z = Matrix::from_rows(2, 2, vec![10.0, 40.0, 0.0, 0.0]);
    let y = Matrix::from_rows(2, 2, vec![20.0, 30.0, 80.0, 0.0]);
    zili_testkit::world(&["A".into(), "B".into()], &["S".into()], 1, z, y)
}

#[test]
fn with_one_origin_the_share_denied_is_the_severity() {
    let world = one_origin();
    let finding = answer(&world, denial(&world, 0, 1, 0.75), &[("sigma", "3")]);
    // (1 − ¾)^(−½) − 1 = 1.
    assert!((value(&finding, "B", "cost_push") - 40.0).abs() < 1e-12);
    assert!((value(&finding, "B", "direct_bill") - 30.0).abs() < 1e-12);
}

#[test]
fn the_last_supplier_takes_the_limit_and_a_note_names_it() {
    let world = one_origin();
    let finding = answer(&world, denial(&world, 0, 1, 1.0), &[("limit", "2")]);
    assert!((value(&finding, "B", "cost_push") - 80.0).abs() < 1e-12);
    let note = finding.evidence.notes.iter().find(|note| note.contains("largest rise allowed, 200 %")).expect("a note");
    assert!(
        note.starts_with("2 purchases") && note.contains("S by B.S (40)") && note.contains("final users in B (30)")
    );
}

#[test]
fn a_scenario_without_controls_is_refused() {
    let world = two_regions();
    let model = model("price").expect("known");
    let params = ask(&world, region(&world, 0), model.method, &[]);
    let error = model
        .answer(&world, &Scenario::quiet(params.home.clone(), YEAR), &params, &zili_world::Unwatched)
        .expect_err("refused");
    assert!(error.to_string().contains("who denies what to whom"));
}

/// Cost push and prices, region 0 denying all others: every sum written out, prices by a solve of their own.
fn brute_force(system: &System, severity: f64, sigma: f64, limit: f64) -> (Vec<f64>, Vec<f64>) {
    let (n, z, x) = (system.industries(), &system.table().z, system.output());
    let sectors = system.classification().sectors().len();
    let mut push = vec![0.0; n];
    for f in sectors..n {
        for p in 0..sectors {
            let all: f64 = (p..n).step_by(sectors).map(|i| z[(i, f)]).sum();
            if all > 0.0 && x[f] > 0.0 {
                let left: f64 = 1.0 - severity * z[(p, f)] / all;
                push[f] += all / x[f] * (left.powf(-1.0 / (sigma - 1.0)) - 1.0).min(limit);
            }
        }
    }
    let transposed = |i: usize, j: usize| f64::from(u8::from(i == j)) - if x[i] > 0.0 { z[(j, i)] / x[i] } else { 0.0 };
    let price = Lu::factor(Matrix::from_fn(n, n, transposed)).expect("regular").solve_vector(push.clone());
    (push, price)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn prices_are_the_full_solve(recipe in random::recipe(), severity in 0.0..=1.0f64, sigma in 1.2..9.0f64) {
        let world = recipe.world();
        let system = world.system(YEAR).expect("system");
        let others: Vec<usize> = (1..recipe.regions).collect();
        let against = zili_testkit::bloc(&world, &others);
        let control = Control::new(region(&world, 0), against, Sectors::All, severity, Flows::Both).expect("a control");
        let rises = Rises::of(&system, &[control], sigma, 10.0).expect("answered");
        let (push, price) = brute_force(&system, severity, sigma, 10.0);
        assert_close("cost push", &rises.cost_push, &push, 1e-12);
        assert_close("price", &rises.price, &price, 1e-12);
    }

    #[test]
    fn dearer_with_severity_and_cheaper_with_substitution(recipe in random::recipe(), severity in 0.0..0.9f64, sigma in 1.2..9.0f64) {
        let world = recipe.world();
        let system = world.system(YEAR).expect("system");
        let total = |severity: f64, sigma: f64| -> f64 {
            let rises = Rises::of(&system, &[denial(&world, 0, 1, severity)], sigma, 10.0).expect("answered");
            (0..recipe.regions).flat_map(|r| rises.bill(&system, r)).sum()
        };
        let here = total(severity, sigma);
        prop_assert!(here >= 0.0);
        prop_assert!(total(severity + 0.1, sigma) >= here);
        prop_assert!(total(severity, sigma + 1.0) <= here);
        // At severity below 0.9 nothing rises by more than 10^(1/(σ−1)) − 1.
        let spent: f64 = system.table().y.as_slice().iter().map(|y| y.abs()).sum();
        prop_assert!(total(severity, 1e9) <= 1e-7 * spent);
        prop_assert_eq!(total(0.0, sigma), 0.0);
    }
}

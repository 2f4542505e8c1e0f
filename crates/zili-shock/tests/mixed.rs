//! Industries held to a limit: worked numbers, the partitioned solve, identities, and what a scenario holds down.

use proptest::prelude::*;
use zili_scenario::{
    Control, Criticality, Disruption, Flows, Impact, Need, Recovery, Response, Scenario, Sectors, Window,
};
use zili_shock::extraction::{Variant, extract};
use zili_shock::mixed::State;
use zili_shock::{Error, model};
use zili_testkit::{YEAR, ask, assert_close, random, region};
use zili_world::linalg::Lu;
use zili_world::{Finding, Matrix, System, World};

/// Two regions A and B, sectors S and T. Columns of Z are cost shares of 0.5 at most; B.T buys half of its S from A.
fn world() -> World {
    let z = Matrix::from_rows(
        4,
        4,
        vec![
            10.0, 20.0, 5.0, 10.0, // A.S
            5.0, 10.0, 0.0, 0.5, // A.T
            0.0, 5.0, 10.0, 10.0, // B.S
            5.0, 0.0, 10.0, 10.0, // B.T
        ],
    );
    let y = Matrix::from_rows(4, 2, vec![45.0, 10.0, 80.0, 4.5, 10.0, 65.0, 10.0, 65.0]);
    zili_testkit::world(&["A".into(), "B".into()], &["S".into(), "T".into()], 1, z, y)
}

fn quiet(world: &World) -> Scenario {
    Scenario::quiet(region(world, 1), YEAR)
}

fn answer(world: &World, scenario: &Scenario, options: &[(&str, &str)]) -> Finding {
    let model = model("mixed").expect("known");
    let params = ask(world, scenario.home.clone(), model.method, &[&[("detail", "sectors")], options].concat());
    model.answer(world, scenario, &params, &zili_world::Unwatched).expect("answered")
}

fn cell<'a>(finding: &'a Finding, region: &str, sector: &str, name: &str) -> &'a zili_world::Cell {
    let at = |name: &str| finding.column(name).expect("column");
    let fits = |row: &&Vec<zili_world::Cell>| row[at("region")].text() == region && row[at("sector")].text() == sector;
    &finding.rows.iter().find(fits).expect("a row")[at(name)]
}

fn value(finding: &Finding, region: &str, sector: &str, name: &str) -> f64 {
    cell(finding, region, sector, name).number().expect("a number")
}

#[track_caller]
fn is(finding: &Finding, region: &str, sector: &str, name: &str, expected: f64) {
    let found = value(finding, region, sector, name);
    assert!((found - expected).abs() < 1e-10, "{region}.{sector} {name}: {found} against {expected}");
}

fn disruption(world: &World, at: usize, sector: &str, impact: Impact) -> Disruption {
    let sectors = Sectors::These(vec![sector.into()]);
    Disruption { at: region(world, at), sectors, impact, from: 0.0, lasts: 30.0, recovery: Recovery::AtOnce }
}

fn denied(world: &World, sector: &str, severity: f64) -> Control {
    let sectors = Sectors::These(vec![sector.into()]);
    Control::new(region(world, 0), region(world, 1), sectors, severity, Flows::Intermediate).expect("a control")
}

/// x = (100, 100), A = [[0.1, 0.3], [0.2, 0.3]]; the second makes 50:
/// x₁ = (60 + 0.3·50)/0.9 = 83⅓, f₂ = 0.7·50 − 0.2·83⅓ = 18⅓.
#[test]
fn worked_example_of_two_industries() {
    let z = Matrix::from_rows(2, 2, vec![10.0, 30.0, 20.0, 30.0]);
    let y = Matrix::from_rows(2, 1, vec![60.0, 50.0]);
    let world = zili_testkit::world(&["A".into()], &["S".into(), "T".into()], 1, z, y);
    let system = world.system(YEAR).expect("system");
    let state = State::of(&system, &[1.0, 0.5], None).expect("answered");
    assert_close("upstream", &state.upstream, &[100.0 - 75.0 / 0.9, 0.0], 1e-14);
    assert_close("direct", &state.direct, &[0.0, 50.0], 0.0);
    assert_close("deliveries", &state.final_use, &[60.0, 35.0 - 15.0 / 0.9], 1e-14);
}

#[test]
fn several_disruptions_of_an_industry_multiply() {
    let world = world();
    let mut scenario = quiet(&world);
    scenario.disruptions = vec![
        disruption(&world, 1, "T", Impact::Labour(0.5)),
        disruption(&world, 1, "T", Impact::Capacity(0.2)),
        disruption(&world, 0, "T", Impact::Capital(0.1)),
    ];
    let finding = answer(&world, &scenario, &[]);
    is(&finding, "B", "T", "direct_output", 60.0);
    is(&finding, "A", "T", "direct_output", 10.0);
    is(&finding, "B", "*", "constrained", 1.0);
    assert_eq!(cell(&finding, "B", "T", "bound_by").text(), "disruption");
}

#[test]
fn damage_is_a_share_of_capital() {
    let world = world();
    // Value added of B.T is 100 − 30.5 = 69.5; capital at 4 years of it 278.
    let lost = |damage: f64| {
        let mut scenario = quiet(&world);
        scenario.disruptions = vec![disruption(&world, 1, "T", Impact::Damage(damage))];
        answer(&world, &scenario, &[])
    };
    is(&lost(27.8), "B", "T", "direct_output", 10.0);
    let all = lost(1e6);
    is(&all, "B", "T", "direct_output", 100.0);
    assert!(all.evidence.notes.iter().any(|note| note.contains("exceeds the capital")));
}

#[test]
fn a_needed_input_binds_and_a_small_one_does_not() {
    let world = world();
    let with = |sector: &str, options: &[(&str, &str)]| {
        let scenario = Scenario { controls: vec![denied(&world, sector, 0.5)], ..quiet(&world) };
        answer(&world, &scenario, options)
    };
    // B.T buys S for 20, 10 of it from A; B.S for 15, 5 of it from A.
    let s = with("S", &[]);
    is(&s, "B", "T", "direct_output", 25.0);
    is(&s, "B", "S", "direct_output", 100.0 / 6.0);
    assert_eq!(cell(&s, "B", "T", "bound_by").text(), "S");
    // T of A is 0.5 of the 10.5 that B.T buys of it: needed at 10.5 % of cost, not above a threshold of 20 %.
    is(&with("T", &[]), "B", "T", "direct_output", 100.0 * 0.5 * 0.5 / 10.5);
    let none = with("T", &[("essential", "0.2")]);
    is(&none, "B", "*", "direct_output", 0.0);
    assert!(none.evidence.notes.iter().any(|note| note.starts_with("1 denied inputs")));
}

#[test]
fn a_control_that_no_table_shows_says_so() {
    let world = world();
    let what = zili_scenario::What::Inputs(vec!["lithography".into()]);
    let scenario = Scenario { controls: vec![Control { what, ..denied(&world, "S", 1.0) }], ..quiet(&world) };
    let finding = answer(&world, &scenario, &[]);
    assert!(finding.evidence.notes.iter().any(|note| note.contains("falls on no flow of the table")));
    is(&finding, "B", "*", "direct_output", 0.0);
}

#[test]
fn criticality_and_other_suppliers_soften_a_denial() {
    let world = world();
    let lost = |criticality: Option<Need>, share: Option<f64>, cap: Option<f64>| {
        let mut scenario = Scenario { controls: vec![denied(&world, "S", 1.0)], ..quiet(&world) };
        let said = |need| Criticality { users: Sectors::These(vec!["T".into()]), inputs: Sectors::All, need };
        scenario.criticality.extend(criticality.map(said));
        let (at, window) = (region(&world, 1), Window::ALWAYS);
        let answered = |share| Response::Diversification { at, sectors: Sectors::All, share, window, cap };
        scenario.responses.extend(share.map(answered));
        value(&answer(&world, &scenario, &[]), "B", "T", "direct_output")
    };
    let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} against {expected}");
    close(lost(None, None, None), 50.0);
    close(lost(Some(Need::Essential), None, None), 50.0);
    close(lost(Some(Need::Important), None, None), 25.0);
    close(lost(Some(Need::Negligible), None, None), 0.0);
    close(lost(None, Some(0.4), None), 30.0);
    // B's own 10 may grow by a tenth: 1 of the 10 denied.
    close(lost(None, Some(0.4), Some(1.1)), 45.0);
    close(lost(None, Some(0.4), Some(0.5)), 50.0);
}

/// Half of what B's final users buy of S from A (10) is made by B instead: ΔX = L Δf, and no limit binds.
#[test]
fn procurement_moves_final_use_before_any_limit() {
    let world = world();
    let system = world.system(YEAR).expect("system");
    let mut scenario = quiet(&world);
    scenario.responses = vec![Response::Procurement {
        at: region(&world, 1),
        sectors: Sectors::These(vec!["S".into()]),
        categories: vec!["F0".into()],
        share: 0.5,
        window: Window::ALWAYS,
    }];
    let finding = answer(&world, &scenario, &[]);
    let l = system.leontief();
    for (i, (region, sector)) in [("A", "S"), ("A", "T"), ("B", "S"), ("B", "T")].into_iter().enumerate() {
        is(&finding, region, sector, "demand_output", 5.0 * (l[(i, 0)] - l[(i, 2)]));
    }
    is(&finding, "B", "*", "constrained", 0.0);

    // Demand for B.S falls further than its limit: the limit no longer binds.
    scenario.disruptions =
        vec![disruption(&world, 1, "S", Impact::Capacity(0.01)), disruption(&world, 1, "S", Impact::Demand(0.5))];
    let finding = answer(&world, &scenario, &[]);
    is(&finding, "B", "*", "constrained", 0.0);
    assert!(finding.evidence.notes.iter().any(|note| note.starts_with("1 limits do not bind")));

    let Response::Procurement { categories, .. } = &mut scenario.responses[0] else { unreachable!() };
    categories.push("F9".into());
    let model = model("mixed").expect("known");
    let params = ask(&world, scenario.home.clone(), model.method, &[]);
    let error = model.answer(&world, &scenario, &params, &zili_world::Unwatched).expect_err("refused");
    assert!(error.to_string().contains("final-use category"), "{error}");
}

#[test]
fn limits_that_contradict_each_other_are_named() {
    let world = world();
    let mut scenario = quiet(&world);
    scenario.disruptions = vec![disruption(&world, 1, "T", Impact::Capacity(1.0))];
    let finding = answer(&world, &scenario, &[]);
    // Others still call for B.T's products, of which there are none.
    assert!(
        finding
            .evidence
            .notes
            .iter()
            .any(|note| note.contains("final deliveries of 1 industries") && note.contains("B.T"))
    );
    assert!(value(&finding, "B", "T", "final_loss") > 75.0);
}

#[test]
fn a_scenario_in_which_nothing_happens_is_refused() {
    let world = world();
    let model = model("mixed").expect("known");
    let params = ask(&world, region(&world, 0), model.method, &[]);
    let error = model.answer(&world, &quiet(&world), &params, &zili_world::Unwatched).expect_err("refused");
    assert!(matches!(error, Error::NothingHappens(_)));
}

/// The mixed system solved as it is written: output given in C, final use in U.
fn partitioned(system: &System, possible: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = system.industries();
    let held = |i: usize| possible[i] < 1.0 && system.output()[i] > 0.0;
    let (c, u): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| held(i));
    let mut x = system.output().to_vec();
    let mut f = system.table().final_use();
    c.iter().for_each(|&i| x[i] *= possible[i]);
    let given: Vec<f64> = u.iter().map(|&i| f[i] + c.iter().map(|&j| system.a(i, j) * x[j]).sum::<f64>()).collect();
    if !u.is_empty() {
        let solved = Lu::factor(system.identity_minus_a_block(&u)).expect("regular").solve_vector(given);
        u.iter().zip(solved).for_each(|(&i, solved)| x[i] = solved);
    }
    c.iter().for_each(|&i| f[i] = x[i] - (0..n).map(|j| system.a(i, j) * x[j]).sum::<f64>());
    (x, f)
}

fn after(system: &System, state: &State) -> Vec<f64> {
    (0..system.industries())
        .map(|i| system.output()[i] - state.direct[i] - state.upstream[i] - state.demand[i])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn low_rank_is_the_partitioned_solve(recipe in random::recipe(), shares in proptest::collection::vec(0.0..2.0f64, 16)) {
        let world = recipe.world();
        let system = world.system(YEAR).expect("system");
        let possible: Vec<f64> = (0..system.industries()).map(|i| shares[i].min(1.0)).collect();
        let state = State::of(&system, &possible, None).expect("answered");
        let (x, f) = partitioned(&system, &possible);
        assert_close("output", &after(&system, &state), &x, 1e-11);
        assert_close("final use", &state.final_use, &f, 1e-11);
    }

    #[test]
    fn without_limits_nothing_is_lost_and_with_all_nothing_is_upstream(recipe in random::recipe(), share in 0.0..1.0f64) {
        let world = recipe.world();
        let system = world.system(YEAR).expect("system");
        let n = system.industries();
        let state = State::of(&system, &vec![1.0; n], None).expect("answered");
        prop_assert!(state.direct.iter().chain(&state.upstream).chain(&state.final_loss).all(|v| *v == 0.0));
        let state = State::of(&system, &vec![share; n], None).expect("answered");
        let scaled: Vec<f64> = system.table().final_use().iter().map(|f| f * share).collect();
        prop_assert!(state.upstream.iter().all(|v| *v == 0.0));
        let scale = system.output().iter().fold(0.0f64, |m, x| m.max(*x));
        prop_assert!(state.final_use.iter().zip(scaled).all(|(found, expected)| (found - expected).abs() <= 1e-11 * scale));
    }

    /// What makes nothing is extracted, its final deliveries what the others still call for.
    #[test]
    fn a_limit_of_nothing_is_full_extraction(recipe in random::recipe(), two: bool) {
        let world = recipe.world();
        let system = world.system(YEAR).expect("system");
        let set: Vec<usize> = if two { vec![0, 1] } else { vec![0] };
        let mut possible = vec![1.0; system.industries()];
        set.iter().for_each(|&i| possible[i] = 0.0);
        let state = State::of(&system, &possible, None).expect("answered");
        let loss: Vec<f64> = state.direct.iter().zip(&state.upstream).map(|(d, u)| d + u).collect();
        assert_close("loss", &loss, &extract(&system, &set, Variant::Full).expect("extracted"), 1e-11);
    }

    #[test]
    fn a_harder_denial_costs_more(recipe in random::recipe(), severity in 0.0..0.9f64) {
        let world = recipe.world();
        let lost = |severity: f64| -> f64 {
            let scenario = Scenario { controls: vec![denied(&world, "S00", severity)], ..quiet(&world) };
            zili_testkit::column(&answer(&world, &scenario, &[]), "direct_output").iter().sum()
        };
        prop_assert!(lost(severity + 0.1) >= lost(severity));
        prop_assert_eq!(lost(0.0), 0.0);
    }
}

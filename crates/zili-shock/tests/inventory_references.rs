//! The inventory model's modes against series recorded elsewhere, each scenario from its file: what the files hold and where it is from
//! stands in the testkit's README beside them.
//!
//! Tolerance everywhere: 1e-9 of each series' largest value, what BoARIO itself moves by when its labels are reversed being 3e-11.

use std::path::Path;
use zili_scenario::{BlocBook, Scenario};
use zili_shock::inventory::{METHOD, paths};
use zili_testkit::oracle::{Arrays, own};
use zili_testkit::{ask, column, gap};
use zili_world::{Finding, World};

/// A scenario beside its series, and its course by industry.
fn played(path: &Path, world: &World) -> (Scenario, Finding) {
    let text = std::fs::read_to_string(path).expect("a scenario");
    let (book, methods) = (BlocBook::bundled().expect("blocs"), zili_shock::settable());
    let reading = zili_scenario::read(&text, &path.display().to_string(), world, &book, &methods);
    let scenario = reading.unwrap_or_else(|error| panic!("{error}")).scenario;
    let own = scenario.settings[METHOD.name].iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let options: Vec<(&str, &str)> = own.chain([("detail", "industries")]).collect();
    let params = ask(world, scenario.home.clone(), &paths::METHOD, &options);
    let finding = paths::run(world, &scenario, &params, &zili_world::Unwatched).expect("played");
    (scenario, finding)
}

/// Rows of some steps, times a factor.
fn at(series: &[f64], n: usize, steps: impl Iterator<Item = usize>, factor: f64) -> Vec<f64> {
    steps.flat_map(|t| series[t * n..(t + 1) * n].iter().map(|v| v * factor)).collect()
}

#[track_caller]
fn close(what: &str, found: &[f64], expected: &[f64], floor: f64) {
    let scale = expected.iter().fold(floor, |most, v| most.max(v.abs()));
    let worst = found.iter().zip(expected).map(|(f, e)| (f - e).abs()).fold(0.0, f64::max);
    assert!(found.len() == expected.len() && worst <= 1e-9 * scale, "{what}: off by {worst:.3e} of {scale:.3e}");
}

/// BoARIO 0.7.2; amounts there are per step, in paths per day.
fn boario(name: &str) {
    let table = if name.ends_with("dense") { "dense57/static.npz" } else { "tiny57/static.npz" };
    let world = Arrays::open(&own(table)).world(5, 7);
    let (scenario, finding) = played(&own(&format!("boario/{name}.toml")), &world);
    let mut recorded = Arrays::open(&own(&format!("boario/{name}.npz")));
    let steps: Vec<usize> = recorded.flat("steps").into_iter().map(|t| t as usize).collect();
    let n = 35;
    let most_final = column(&finding, "final_demand").iter().fold(0.0f64, |most, v| most.max(v.abs()));
    for (ours, theirs, factor) in [
        ("production", "production", scenario.step),
        ("capacity", "capacity", scenario.step),
        ("intermediate_demand", "orders", scenario.step),
        ("final_unmet", "final_unmet", scenario.step),
        ("overproduction", "overproduction", 1.0),
    ] {
        let found = at(&column(&finding, ours), n, steps.iter().copied(), factor);
        // Next to nothing is unmet where next to nothing happens: rounding of final demand is all there is to compare.
        let floor = if theirs == "final_unmet" { 1e-9 * most_final * factor } else { 0.0 };
        close(&format!("{name} {theirs}"), &found, &recorded.flat(theirs), floor);
    }
    let total = recorded.flat("stock_total");
    let shares = at(&column(&finding, "stock_share"), n, steps.iter().copied(), 1.0);
    assert_eq!(steps[0], 0, "the first row is what stocks are a share of");
    let held: Vec<f64> = shares.iter().enumerate().map(|(k, share)| share * total[k % n]).collect();
    close(&format!("{name} stocks"), &held, &total, 0.0);
}

macro_rules! boario {
    ($($test:ident $name:literal)*) => { $(#[test] fn $test() { boario($name) })* };
}

boario! {
    boario_recovery_linear "recovery-linear"
    boario_recovery_with_short_stocks "recovery-short-stocks"
    boario_orders_in_fixed_shares "fixed-orders"
    boario_capacity_loss "capacity-loss"
    boario_rebuilding_with_a_factor "rebuild-factor"
    boario_two_events_rebuilt_at_once "rebuild-two"
    boario_base_model "base-model"
    boario_infinite_stock_of_one_input "infinite-stock"
    boario_infinite_stock_where_all_is_used "infinite-stock-dense"
    boario_infinite_stocks_of_what_is_not_used "infinite-stocks-unused"
    boario_stock_of_less_than_a_step "step-7-short-stock"
    boario_step_beyond_the_end_of_a_line "step-7-overshoot"
    boario_damages_above_all_capital_but_apart "damages-apart"
}

#[test]
fn guan_2020_labour_trade_and_demand_restricted() {
    let world = Arrays::open(&own("tiny57/static.npz")).world(5, 7);
    let (scenario, finding) = played(&own("guan/restrictions.toml"), &world);
    let mut recorded = Arrays::open(&own("guan/restrictions.npz"));
    for (ours, theirs) in [("production", "production"), ("capacity", "production_max")] {
        let found = at(&column(&finding, ours), 35, 0..52, scenario.step);
        let expected = recorded.flat(theirs);
        assert!(gap(&found, &expected) <= 1e-9, "{theirs}: {:.1e}", gap(&found, &expected));
    }
    // Recorded as a week ends, shown as the next begins.
    let found = at(&column(&finding, "overproduction"), 35, 1..52, 1.0);
    let expected = recorded.flat("overprod");
    close("overprod", &found, &expected[..51 * 35], 0.0);
}

#[test]
fn pichler_2022_leontief_capacity_and_demand_lost() {
    let mut recorded = Arrays::open(&own("pichler/leontief.npz"));
    let world = recorded.world(1, 7);
    let (scenario, finding) = played(&own("pichler/leontief.toml"), &world);
    for (ours, theirs) in [("production", "production"), ("intermediate_demand", "orders")] {
        let found = at(&column(&finding, ours), 7, 0..120, scenario.step);
        close(theirs, &found, &recorded.flat(theirs), 0.0);
    }
}

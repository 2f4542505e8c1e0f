//! What strategies mean, each by a case whose plan is known beforehand: one input of which ten units a year are wanted for four years, none is made,
//! and a missing one costs a hundred.

use std::sync::LazyLock;
use zili_plan::portfolio::{self, Planned};
use zili_plan::strategy::{Strategy, read};
use zili_scenario::BlocBook;
use zili_world::{Options, Unwatched, World};

static WORLD: LazyLock<World> = LazyLock::new(|| World::bundled("wiod2013").expect("bundled"));
static BOOK: LazyLock<BlocBook> = LazyLock::new(|| BlocBook::bundled().expect("blocs"));

const HEAD: &str = r#"
home = "FIN"
from = 2026
years = 4
discount = 0
default_source = "assumption"
"#;

const INPUT: &str = r#"
[[input]]
name = "m"
demand = 10
home = 0
home_cost = 1
penalty = 100
"#;

fn strategy(text: &str) -> Strategy {
    let text = format!("{HEAD}{text}");
    match read(&text, "s.toml", &WORLD, &BOOK) {
        Ok((strategy, _)) => strategy,
        Err(error) => panic!("{error}"),
    }
}

fn options() -> Options {
    Options::defaults(&portfolio::METHOD).with_number(&portfolio::METHOD, "gap", 1e-9).expect("a gap")
}

fn plan(strategy: &Strategy) -> Planned {
    portfolio::plan(strategy, &options(), &[], &Unwatched).expect("a plan")
}

/// Mode and year in which something starts.
fn start(planned: &Planned, name: &str) -> Option<(String, i32)> {
    planned.starts().into_iter().find(|start| start.name == name).map(|start| (start.mode, start.year))
}

fn programme(duration: usize, cost: &str, rest: &str) -> String {
    format!(
        "[[programme]]\nname = \"p\"\ndelivers = {{ m = 10 }}\n{rest}\n[[programme.mode]]\nduration = {duration}\ncost = {cost}\n"
    )
}

fn budget(level: &str, amount: f64, carry: f64) -> String {
    format!("[[budget]]\nlevel = \"{level}\"\namount = {amount}\ncarry = {carry}\n")
}

#[test]
fn who_shares_costs_pays_its_part_or_nothing_starts() {
    // A fifth of 20 is for the regions: with 4 a year at once, with 3 when a year's are saved, with 3 that lapse never.
    let shared = programme(
        1,
        "{ central = 16, regional = 4 }",
        "cofunding = { level = \"regional\", beside = \"central\", ratio = 0.25 }",
    );
    for (regional, carry, year) in [(4.0, 1.0, Some(2026)), (3.0, 1.0, Some(2027)), (3.0, 0.0, None)] {
        let text = [INPUT, &budget("central", 100.0, 1.0), &budget("regional", regional, carry), &shared].concat();
        let strategy = strategy(&text);
        assert_eq!(start(&plan(&strategy), "p").map(|(_, year)| year), year, "{regional} {carry}");
    }
}

#[test]
fn a_fund_makes_possible_what_the_budget_does_not() {
    let lever = "[[lever]]\nname = \"fund\"\nkind = \"state-fund\"\nduration = 4\nevidence = \"-\"\neffect = [{ on = \"budget\", level = \"central\", amount = 4 }]\n";
    let without = [INPUT, &budget("central", 5.0, 0.0), &programme(1, "{ central = 8 }", "")].concat();
    assert_eq!(start(&plan(&strategy(&without)), "p"), None);
    let with = strategy(&(without + lever));
    let planned = plan(&with);
    assert_eq!(start(&planned, "p").map(|(_, year)| year), Some(2026));
    assert!(start(&planned, "fund").is_some());
    // Three years of demand met, one not, at 1 and 100 a unit; and the programme.
    assert!((planned.found.cost - (8.0 + 1000.0 + 30.0)).abs() < 1e-6, "{}", planned.found.cost);
}

#[test]
fn levers_make_programmes_cheaper_shorter_and_surer_while_they_last() {
    let lever = |effect: &str| {
        format!(
            "[[lever]]\nname = \"help\"\nkind = \"cluster\"\nduration = 1\nevidence = \"-\"\ncost = {{ central = 1 }}\neffect = [{effect}]\n"
        )
    };
    let case = |mode: &str, effect: &str| {
        [INPUT, &budget("central", 5.0, 0.0), &programme(2, mode, ""), &lever(effect)].concat()
    };

    let cheaper = strategy(&case("{ central = 8 }", "{ on = \"cost\", programmes = [\"p\"], factor = 0.5 }"));
    let planned = plan(&cheaper);
    assert_eq!(start(&planned, "p"), Some(("normal with help".into(), 2026)));
    // Two years at half of 8, the lever, two years without and two with.
    assert!((planned.found.cost - (8.0 + 1.0 + 2000.0 + 20.0)).abs() < 1e-6, "{}", planned.found.cost);

    let shorter = strategy(&case("{ central = 2 }", "{ on = \"duration\", programmes = [\"p\"], years = 1 }"));
    let planned = plan(&shorter);
    assert_eq!(planned.found.plan.capacity(&planned.instance, &[])[0], [0.0, 10.0, 10.0, 10.0]);
    // What was to be paid in the year saved is paid in the last one left.
    assert!((planned.found.cost - (4.0 + 1.0 + 1000.0 + 30.0)).abs() < 1e-6, "{}", planned.found.cost);

    let surer = case("{ central = 2 }\nsuccess = 0.5", "{ on = \"failure\", programmes = [\"p\"], factor = 0.2 }");
    let surer = strategy(&surer);
    let planned = plan(&surer);
    let capacity = &planned.found.plan.capacity(&planned.instance, &[])[0];
    assert!((capacity[2] - 9.0).abs() < 1e-9, "1 − 0.5 × 0.2 of 10: {capacity:?}");
}

/// Wright's law by five steps: X0 = 1, at most 10 more, b = ½; two units a year, so that years begin with 0, 2, 4 and 6 units of experience, which
/// are in the first, third, fourth and fifth step.
#[test]
fn experience_lowers_cost_step_by_step() {
    let text = format!(
        "{INPUT}expansion = {{ cost = 10, lag = 0, seed = 2, learning = {{ exponent = 0.5, so_far = 1 }} }}\n{}",
        budget("central", 1000.0, 1.0)
    );
    let strategy = strategy(&text);
    let planned = plan(&strategy);
    assert_eq!(
        planned.found.plan.capacity(&planned.instance, &[])[0].iter().map(|k| k.round()).collect::<Vec<_>>(),
        [2.0, 4.0, 6.0, 8.0]
    );
    let share = |step: f64| 11f64.powf(-0.5 * step / 5.0);
    let built = 20.0 * (1.0 + share(2.0) + share(3.0) + share(4.0));
    let own = planned.found.plan.cost(&planned.instance);
    assert!((own - built).abs() < 1e-4, "{own} {built}");
}

/// Of 3 a year lost to wear from 10 built in 2026 there are 10, 7, 4.9.
#[test]
fn capacity_wears_out() {
    let text = [
        INPUT,
        "depreciation = 0.3\n",
        &budget("central", 10.0, 1.0),
        &programme(1, "{ central = 8 }", "starts = [2026, 2026]"),
    ]
    .concat();
    let strategy = strategy(&text);
    let planned = plan(&strategy);
    let capacity = &planned.found.plan.capacity(&planned.instance, &[])[0];
    for (there, known) in capacity.iter().zip([0.0, 10.0, 7.0, 4.9]) {
        assert!((there - known).abs() < 1e-9, "{capacity:?}");
    }
}

/// p for 8 makes 6 of 10 and is worth it; q for 1300 makes the other 4 and saves 3 · 4 · 99 = 1188.
fn worth_it_and_not() -> Strategy {
    let q = "[[programme]]\nname = \"q\"\ndelivers = { m = 4 }\n[[programme.mode]]\nduration = 1\ncost = { central = 1300 }\n";
    let p = programme(1, "{ central = 8 }", "").replace("m = 10", "m = 6");
    strategy(&[INPUT, &budget("central", 2000.0, 1.0), &p, q].concat())
}

fn told(found: &zili_world::Finding, row: &[zili_world::Cell], name: &str) -> f64 {
    row[found.column(name).expect("a column")].number().unwrap_or(f64::NAN)
}

#[test]
fn the_frontier_turns_where_more_costs_more_than_it_saves() {
    let strategy = worth_it_and_not();
    let planned = plan(&strategy);
    let found = portfolio::frontier::finding(&planned, &options(), &Unwatched).expect("rows");
    // 1000 in the first year, and 3 · (6 + 400) after it.
    for (asked, reliance, spent, follows, saves) in [
        ("spend 0 % at most", 0.0, 0.0, 4000.0, f64::NAN),
        ("spend 80 % at most", 0.0, 0.0, 4000.0, f64::NAN),
        ("best plan", 0.6, 8.0, 2218.0, 1782.0 / 8.0),
        ("reach 68 %", 1.0, 1308.0, 1030.0, 1188.0 / 1300.0),
        ("reach 100 %", 1.0, 1308.0, 1030.0, f64::NAN),
    ] {
        let row = found.rows.iter().find(|row| row[1].text() == asked).expect("a row");
        let row = ["reliance", "spent", "follows", "saves"].map(|name| told(&found, row, name));
        for (value, known) in row.iter().zip([reliance, spent, follows, saves]) {
            // Sums of some hundreds, to the solver's tolerance.
            assert!((value - known).abs() < 1e-5 || value.is_nan() && known.is_nan(), "{asked}: {row:?}");
        }
    }
}

#[test]
fn what_the_plan_hangs_on_is_known_beforehand() {
    let strategy = worth_it_and_not();
    let found = portfolio::sensitivity::finding(&plan(&strategy), &options(), &Unwatched).expect("rows");
    for (numbers, of, smaller, larger, stuck, which) in [
        ("demand", "m", -800.0, 800.0, 0.0, ""),
        // At 120 a unit q saves 3 · 4 · 119 = 1428, 128 more than it costs.
        ("penalty", "m", -440.0, 312.0, 128.0, "if larger: +q"),
        ("capacity", "p", 356.4, -356.4, 0.0, ""),
        ("cost", "q", -148.0, 0.0, 148.0, "if smaller: +q"),
        ("cost", "p", -1.6, 1.6, 0.0, ""),
        ("capacity", "q", 0.0, 0.0, 0.0, ""),
        ("budget", "central", 0.0, 0.0, 0.0, ""),
    ] {
        let row = found.rows.iter().find(|row| row[1].text() == numbers && row[2].text() == of).expect("a row");
        let values = ["smaller", "larger", "stuck"].map(|name| told(&found, row, name));
        for (value, known) in values.iter().zip([smaller, larger, stuck]) {
            assert!((value - known).abs() < 1e-5, "{numbers} {of}: {values:?}");
        }
        assert_eq!(row[found.column("which").expect("a column")].text(), which, "{numbers} {of}");
    }
    let swings: Vec<f64> = found.rows.iter().map(|row| told(&found, row, "swing")).collect();
    assert!(swings.is_sorted_by(|a, b| a >= b) && (swings[0] - 1600.0).abs() < 1e-5, "{swings:?}");
}

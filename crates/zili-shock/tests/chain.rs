//! The chain model: closed forms, invariants, and the published chip chain.

use proptest::prelude::*;
use zili_scenario::{Control, Flows, Scenario, Sectors, What, Window};
use zili_shock::chain::{METHOD, run};
use zili_testkit::chains::{chain, input, source, supply};
use zili_testkit::column;
use zili_world::{Bloc, Finding, World};

/// A machine of one kind for each grade, and a material that two share.
fn world() -> World {
    let small = chain(
        "name = \"small\"\nproduct = \"part\"\ngrades = [\"fine\", \"coarse\"]",
        &[
            source("Invented"),
            input("part", "product", ""),
            input("machine", "process", "goes_into = \"part\""),
            input("new-machine", "tool", "variant_of = \"machine\"\ngrades = [\"fine\"]"),
            input("old-machine", "tool", "variant_of = \"machine\"\ngrades = [\"coarse\"]"),
            input("stuff", "material", "goes_into = \"part\""),
            supply("new-machine", "NLD", "firm = \"N\"\nshare = 1.0"),
            supply("old-machine", "NLD", "firm = \"N\"\nshare = 0.5"),
            supply("old-machine", "JPN", "firm = \"J\"\nshare = 0.5"),
            supply("stuff", "JPN", "share = [0.6, 0.8]"),
            supply("stuff", "DEU", ""),
        ],
    );
    World::bundled("wiod2013").expect("bundled").with_chain(small)
}

fn region(world: &World, code: &str) -> Bloc {
    Bloc::of_region(world.classification(), world.classification().region(code).expect("a region"))
}

fn denial(world: &World, by: &str, what: What, severity: f64, from: f64) -> Control {
    let (by, against) = (region(world, by), region(world, "CHN"));
    let control = Control::new(by, against, Sectors::All, severity, Flows::Both).expect("a control");
    Control { what, window: Window { from, ..Window::ALWAYS }, ..control }
}

fn inputs(names: &[&str]) -> What {
    What::Inputs(names.iter().map(|name| name.to_string()).collect())
}

fn played(world: &World, controls: Vec<Control>, options: &[(&str, &str)]) -> Finding {
    let home = region(world, "CHN");
    let scenario = Scenario { controls, horizon: 720.0, ..Scenario::quiet(home.clone(), 2011) };
    let options = [&[("chain", "small")], options].concat();
    run(world, &scenario, &zili_testkit::ask(world, home, &METHOD, &options)).expect("played")
}

/// Values of one grade.
fn of(finding: &Finding, grade: &str, name: &str) -> Vec<f64> {
    let grades = finding.rows.iter().map(|row| row[0].text());
    grades.zip(column(finding, name)).filter(|(g, _)| *g == grade).map(|(_, value)| value).collect()
}

#[test]
fn tools_wear_out_exponentially_and_only_the_grade_that_needs_them_falls() {
    let world = world();
    let control = denial(&world, "NLD", inputs(&["new-machine"]), 1.0, 0.0);
    let finding = played(&world, vec![control], &[("tool_life", "8"), ("expansion", "0")]);
    for (day, capacity) in of(&finding, "fine", "day").iter().zip(of(&finding, "fine", "capacity_low")) {
        let expected = (-(day + 1.0) / (8.0 * 365.0)).exp();
        // 1e-12: as many products of steps as there are days.
        assert!((capacity - expected).abs() < 1e-12, "day {day}: {capacity} {expected}");
    }
    assert!(of(&finding, "coarse", "capacity_low").iter().all(|c| *c == 1.0));
    let last = finding.rows.iter().rfind(|row| row[0].text() == "fine").expect("a row");
    assert_eq!(last[4].text(), "new-machine");
}

#[test]
fn materials_run_out_after_their_stock_and_the_interval_holds_what_is_not_known() {
    let world = world();
    let control = denial(&world, "JPN", inputs(&["Stuff"]), 1.0, 30.0);
    let finding = played(&world, vec![control], &[("stock_days", "60"), ("expansion", "0"), ("every", "1")]);
    let (low, high) = (of(&finding, "fine", "capacity_low"), of(&finding, "fine", "capacity_high"));
    // Of what is used a day 0.8 is missing at most, 0.6 at least: 60 days of stock last 75 and 100 days.
    let first = |path: &[f64]| path.iter().position(|c| *c < 0.999).expect("it falls");
    assert_eq!((first(&low), first(&high)), (30 + 75, 30 + 100));
    assert!((low[200] - 0.2).abs() < 1e-12 && (high[200] - 0.4).abs() < 1e-12, "{} {}", low[200], high[200]);
}

#[test]
fn a_listed_firm_takes_what_it_supplies_and_suppliers_that_are_left_expand() {
    let world = world();
    let listed = What::Entities(vec!["n".to_owned()]);
    let control = denial(&world, "NLD", listed, 1.0, 0.0);
    let finding = played(&world, vec![control.clone()], &[("tool_life", "0.00001"), ("expansion", "0.5")]);
    let (day, coarse) = (of(&finding, "coarse", "day"), of(&finding, "coarse", "capacity_low"));
    for (day, capacity) in day.iter().zip(&coarse) {
        // Japan's half grows by half of itself a year; tools that last hours follow what is delivered.
        let expected = (0.5 * (1.0 + 0.5 * day / 365.0)).min(1.0);
        assert!((capacity - expected).abs() < 1e-9, "day {day}: {capacity} {expected}");
    }
    assert!(of(&finding, "fine", "capacity_low").iter().all(|c| *c < 1e-9));
}

#[test]
fn a_control_that_falls_on_nothing_of_the_chain_is_refused() {
    let world = world();
    let home = region(&world, "CHN");
    let scenario = Scenario::quiet(home.clone(), 2011);
    let params = zili_testkit::ask(&world, home, &METHOD, &[("chain", "small")]);
    let refused = run(&world, &scenario, &params).expect_err("nothing");
    assert!(
        refused.to_string().contains("no control of the scenario denies the whole of home an input of small"),
        "{refused}"
    );
}

proptest! {
    #[test]
    fn harder_denial_never_leaves_more_and_low_is_never_above_high(severity in 0.0..1.0f64, more in 0.0..1.0f64, stock in 0.0..90.0f64) {
        let world = world();
        let stock = stock.to_string();
        let path = |severity: f64| {
            let controls = vec![
                denial(&world, "JPN", inputs(&["stuff", "old-machine"]), severity, 10.0),
                denial(&world, "NLD", inputs(&["new-machine", "old-machine"]), severity / 2.0, 50.0),
            ];
            played(&world, controls, &[("stock_days", stock.as_str())])
        };
        let (soft, hard) = (path(severity * more), path(severity));
        for grade in ["fine", "coarse"] {
            for bound in ["capacity_low", "capacity_high"] {
                let pairs = of(&soft, grade, bound).into_iter().zip(of(&hard, grade, bound));
                // 1e-9: the same sums in another order.
                for (soft, hard) in pairs {
                    prop_assert!(hard <= soft + 1e-9, "{grade} {bound}: {hard} {soft}");
                }
            }
            let pairs = of(&hard, grade, "capacity_low").into_iter().zip(of(&hard, grade, "capacity_high"));
            for (low, high) in pairs {
                prop_assert!(low <= high + 1e-12 && (0.0..=1.0 + 1e-12).contains(&low));
            }
        }
    }
}

/// A product with one material, and these suppliers of it: region, firm, share.
fn of_one(suppliers: &[(&str, &str, f64)]) -> World {
    let supplied = |(region, firm, share): &(&str, &str, f64)| {
        let firm = if firm.is_empty() { String::new() } else { format!("firm = \"{firm}\"\n") };
        supply("m", region, &format!("{firm}share = {share}"))
    };
    let mut parts = vec![
        source("Invented"),
        input("p", "product", ""),
        input("group", "process", "goes_into = \"p\""),
        input("m", "material", "goes_into = \"group\""),
    ];
    parts.extend(suppliers.iter().map(supplied));
    World::bundled("wiod2013").expect("bundled").with_chain(chain("name = \"small\"\nproduct = \"p\"", &parts))
}

/// What is left of the product when stocks are gone, at least and at most.
fn left(world: &World, controls: Vec<Control>) -> (f64, f64) {
    let finding = played(world, controls, &[("stock_days", "0"), ("expansion", "0")]);
    let last = |name: &str| *column(&finding, name).last().expect("a row");
    (last("capacity_low"), last("capacity_high"))
}

fn listed(firm: &str) -> What {
    What::Entities(vec![firm.to_owned()])
}

#[test]
fn two_listings_of_a_regions_firms_add_up() {
    let world = of_one(&[("NLD", "A", 0.25), ("NLD", "B", 0.5), ("JPN", "C", 0.25)]);
    let by = |firm: &str| denial(&world, "NLD", listed(firm), 1.0, 0.0);
    assert_eq!(left(&world, vec![by("A")]), (0.75, 0.75));
    assert_eq!(left(&world, vec![by("A"), by("B")]), (0.25, 0.25));
}

#[test]
fn a_firm_is_part_of_its_regions_own_row() {
    let world = of_one(&[("NLD", "", 0.8), ("NLD", "A", 0.2), ("JPN", "", 0.2)]);
    let (low, high) = left(&world, vec![denial(&world, "NLD", listed("A"), 1.0, 0.0)]);
    // 1e-12: shares of shares.
    assert!((low - 0.8).abs() < 1e-12 && (high - 0.8).abs() < 1e-12, "{low} {high}");
}

#[test]
fn a_region_that_no_table_names_denies_with_the_rest_of_the_world() {
    let world = of_one(&[("CHE", "", 0.6), ("JPN", "", 0.4)]);
    assert_eq!(left(&world, vec![denial(&world, "ROW", inputs(&["m"]), 1.0, 0.0)]), (0.4, 0.4));
}

#[test]
fn a_group_that_nobody_supplies_stands_for_what_it_is_made_of() {
    let world = of_one(&[("NLD", "", 0.6), ("JPN", "", 0.4)]);
    assert_eq!(left(&world, vec![denial(&world, "NLD", inputs(&["group"]), 1.0, 0.0)]), (0.4, 0.4));
}

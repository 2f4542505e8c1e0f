//! The scenario language: words to types, every named error with its line and column, and no panic whatever the text.

use proptest::prelude::*;
use std::sync::{LazyLock, OnceLock};
use zili_scenario::diagnostic::{Level, Name};
use zili_scenario::template::{Kind, template};
use zili_scenario::{
    BlocBook, Diagnostic, Error, Filled, Flows, Impact, Need, Reading, Recovery, Response, Sectors, Shape, Unknown,
    What, Window, explain, read,
};
use zili_world::method::Accepts;
use zili_world::{Matrix, Method, Parameter, World};

static BUNDLED: LazyLock<World> = LazyLock::new(|| World::bundled("wiod2013").expect("bundled"));
/// The world that examples are written for.
static TODAY: LazyLock<World> = LazyLock::new(|| World::bundled("icio2022").expect("bundled"));

static METHOD: Method = Method {
    name: "inventory",
    page: "# Inventory\n",
    columns: &[],
    parameters: &[
        Parameter { name: "psi", accepts: Accepts::Fraction { default: 0.8 }, description: "" },
        Parameter { name: "rule", accepts: Accepts::Choice(&["one", "other"]), description: "" },
    ],
};

/// Two regions AAA and BBB with two sectors s1 and s2, one category; BBB buys no s2 of AAA, and BBB makes no s2 at all.
fn small() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let words = |list: [&str; 2]| list.map(str::to_owned).to_vec();
        let z = [[10.0, 20.0, 30.0, 0.0], [5.0, 5.0, 0.0, 0.0], [10.0, 10.0, 5.0, 0.0], [0.0; 4]];
        let y = [[40.0, 10.0], [20.0, 0.0], [10.0, 20.0], [0.0; 2]];
        zili_testkit::world(
            &words(["AAA", "BBB"]),
            &words(["s1", "s2"]),
            1,
            Matrix::from_rows(4, 4, z.concat()),
            Matrix::from_rows(4, 2, y.concat()),
        )
    })
}

fn read_in(world: &World, text: &str) -> Result<Reading, Error> {
    read(text, "test.toml", world, &BlocBook::bundled().expect("blocs"), &[&METHOD])
}

fn sound(world: &World, text: &str) -> Reading {
    read_in(world, text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refused(world: &World, text: &str) -> Vec<Diagnostic> {
    match read_in(world, text) {
        Err(Error::Refused(refusal)) => refusal.0,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("accepted:\n{text}"),
    }
}

/// The one error of a file whose head is `home = "AAA"` in line 1, with name, line, column and a word of the message.
#[track_caller]
fn one(body: &str, name: Name, line: usize, column: usize, says: &str) {
    let text = format!("home = \"AAA\"\n{body}");
    let errors = refused(small(), &text);
    let [error] = errors.as_slice() else { panic!("{} errors: {errors:#?}", errors.len()) };
    assert_eq!((error.name, error.line, error.column), (name, line, column), "{error}\n{text}");
    assert!(error.message.contains(says), "'{}' should say '{says}'", error.message);
    assert!(error.to_string().contains(&format!("test.toml:{line}:{column}")), "{error}");
}

const CONTROL: &str = "[[control]]\nby = \"BBB\"\nagainst = \"home\"\n";

#[test]
fn every_key_reaches_the_scenario() {
    let text = r#"
name = "A name"
description = "What it is about"
home = "AAA"
year = 2000
start = 2026-01-31
horizon = 100
step = 0.5
overlaps = "severest"

[[control]]
by = "!home"
against = ["home"]
sectors = "s1"
severity = 0.8
severity_range = [0.5, 1]
flows = "intermediate"
from = 2026-02-02
until = 50
ramp = 3

[[control]]
by = "BBB"
against = "AAA"
inputs = ["EUV lithography scanners"]
severity = 1

[[disruption]]
at = "all"
sectors = ["S1"]
capacity_loss = 0.5
from = 10
lasts = 30
recovery = { shape = "steep-convex", days = 60 }

[[disruption]]
at = "AAA"
household_damage_musd = 5
rebuild = { days = 180, sectors = { s1 = 0.7, s2 = 0.3 }, factor = 1.1 }

[[disruption]]
at = "BBB"
demand_loss = -0.1
lasts = inf

[[response]]
kind = "stockpile"
sectors = ["s1"]
days = 20
from = 5
filled = "bought"

[[response]]
kind = "procurement"
categories = ["F0"]
share = 0.25
from = 1
until = 9
ramp = 2

[[response]]
kind = "diversification"
sectors = ["s1"]
share = 0.5
cap = 2

[[response]]
kind = "retaliation"
against = "BBB"
severity = 0.3

[[stock]]
inputs = "s1"
users = ["s2"]
at = "BBB"
days = inf

[[criticality]]
inputs = ["s2"]
need = "important"

[model.inventory]
psi = 0.7
rule = "other"

[[uncertain]]
parameter = "inventory.psi"
low = 0.5
high = 0.9
"#;
    // BBB has no third region to turn to, and denies.
    let errors = refused(small(), text);
    assert_eq!(errors.iter().map(|e| e.name).collect::<Vec<_>>(), [Name::Contradiction], "{errors:#?}");
    let text = text.replace(
        "kind = \"diversification\"\nsectors = [\"s1\"]\nshare = 0.5\ncap = 2",
        "kind = \"stockpile\"\ndays = 1",
    );
    let Reading { scenario: s, warnings } = sound(small(), &text);
    assert_eq!((s.name.as_str(), s.description.as_str()), ("A name", "What it is about"));
    assert_eq!((s.home.code.as_str(), s.year, s.start.as_deref()), ("AAA", 2000, Some("2026-01-31")));
    assert_eq!((s.horizon, s.step), (100.0, 0.5));
    let control = &s.controls[0];
    assert_eq!((control.by.code.as_str(), control.by.members[0].as_str()), ("!AAA", "BBB"));
    assert_eq!(control.what, What::Sectors(Sectors::These(vec!["s1".into()])));
    assert_eq!((control.severity, control.flows), (0.8, Flows::Intermediate));
    assert_eq!(control.window, Window { from: 2.0, until: 50.0, ramp: 3.0 });
    assert_eq!(s.controls[1].what, What::Inputs(vec!["EUV lithography scanners".into()]));
    assert!(s.controls[2].retaliation && s.controls[2].by.code == "AAA" && s.controls[2].window == Window::ALWAYS);
    let hit = &s.disruptions[0];
    assert_eq!((hit.at.members.len(), hit.from, hit.lasts), (2, 10.0, 30.0));
    assert_eq!(hit.sectors, Sectors::These(vec!["s1".into()]));
    assert_eq!(hit.impact, Impact::Capacity(0.5));
    assert_eq!(hit.recovery, Recovery::Curve { shape: Shape::SteepConvex, days: 60.0 });
    assert_eq!(s.disruptions[1].impact, Impact::HouseholdDamage(5.0));
    let Recovery::Rebuild(rebuild) = &s.disruptions[1].recovery else { panic!("rebuilt") };
    assert_eq!((rebuild.days, rebuild.factor, rebuild.sectors.len()), (180.0, 1.1, 2));
    assert_eq!((&s.disruptions[2].impact, s.disruptions[2].lasts), (&Impact::Demand(-0.1), f64::INFINITY));
    assert!(matches!(&s.responses[0], Response::Stockpile { days: 20.0, from: 5.0, filled: Filled::Bought, .. }));
    let Response::Procurement { categories, share, window, .. } = &s.responses[1] else { panic!("procurement") };
    assert_eq!((categories.as_slice(), *share), (["F0".to_owned()].as_slice(), 0.25));
    assert_eq!(*window, Window { from: 1.0, until: 9.0, ramp: 2.0 });
    assert_eq!((s.stocks[0].days, s.criticality[0].need), (f64::INFINITY, Need::Important));
    let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(s.settings["inventory"], [setting("psi", "0.7"), setting("rule", "other")]);
    assert_eq!(s.uncertain[0].what, Unknown::Severity(0));
    assert_eq!((s.uncertain[0].low, s.uncertain[0].high, s.uncertain[0].mode), (0.5, 1.0, Some(0.8)));
    assert_eq!(s.uncertain[1].what, Unknown::Setting { model: "inventory".into(), option: "psi".into() });
    assert_eq!(s.uncertain[1].mode, None);
    assert_eq!(warnings.iter().map(|w| w.name).collect::<Vec<_>>(), [Name::NotOnATable]);
}

#[test]
fn a_file_without_a_name_goes_by_its_own_and_names_are_visible_characters() {
    assert_eq!(sound(small(), "home = \"AAA\"").scenario.name, "test");
    one("name = \"two\\nlines\\u001B[31m\"", Name::WrongType, 2, 8, "U+001B");
}

#[test]
fn defaults_are_those_of_the_book() {
    let s = sound(small(), "home = \"AAA\"").scenario;
    assert_eq!((s.year, s.horizon, s.step, s.start), (zili_testkit::YEAR, 365.0, 1.0, None));
    let s = sound(small(), &format!("home = \"AAA\"\n{CONTROL}severity = 1")).scenario;
    assert_eq!((&s.controls[0].what, s.controls[0].flows), (&What::Sectors(Sectors::All), Flows::Both));
    assert_eq!(s.controls[0].window, Window::ALWAYS);
}

#[test]
fn shape_errors_are_named_and_placed() {
    one("[[control]\n", Name::Syntax, 2, 11, "");
    one("horizn = 3", Name::UnknownKey, 2, 1, "did you mean 'horizon'?");
    one("[[control]]\nby = \"BBB\"\nseverity = 1\n", Name::MissingKey, 2, 1, "`against`");
    one("[[control]]\nagainst = \"home\"\nseverity = 1\n", Name::MissingKey, 2, 1, "`by`");
    one(CONTROL, Name::MissingKey, 2, 1, "`severity`");
    one(&format!("{CONTROL}sevrity = 1"), Name::UnknownKey, 5, 1, "did you mean 'severity'?");
    one(&format!("{CONTROL}severity = \"20%\""), Name::WrongType, 5, 12, "write 0.2");
    one(&format!("{CONTROL}severity = \"a lot\""), Name::WrongType, 5, 12, "plain number");
    one(&format!("{CONTROL}severity = 1\nproducts = [8486]"), Name::WrongType, 6, 13, "\"8486\"");
    one(&format!("{CONTROL}severity = 1\nflows = \"inputs\""), Name::UnknownWord, 6, 9, "intermediate");
    one(&format!("{CONTROL}severity = 1\nfrom = \"2026-01-01\""), Name::WrongType, 6, 8, "without quotes");
    one("control = 3", Name::WrongType, 2, 11, "[[control]]");
    one("[[response]]\nkind = \"stockpil\"\ndays = 3", Name::UnknownWord, 3, 8, "did you mean 'stockpile'?");
    one("[[response]]\ndays = 3", Name::MissingKey, 2, 1, "kind");
    one("[[criticality]]\ninputs = \"s1\"\nneed = \"vital\"", Name::UnknownWord, 4, 8, "essential");
}

#[test]
fn unknown_codes_are_named_and_placed() {
    one("year = 1999", Name::UnknownCode, 2, 8, "2000");
    one("[[control]]\nby = [\"BBB\", \"CCC\"]\nagainst = \"home\"\nseverity = 1", Name::UnknownCode, 3, 14, "AAA");
    one(&format!("{CONTROL}severity = 1\nsectors = [\"s1\", \"x9\"]"), Name::UnknownCode, 6, 18, "s1, s2");
    let chain = format!("{CONTROL}severity = 1\ninputs = \"euv-scaners\"");
    one(
        &chain,
        Name::UnknownCode,
        6,
        10,
        "did you mean 'euv-scanners'? (chains: advanced-chips, battery-ev, permanent-magnets)",
    );
    let procurement = "[[response]]\nkind = \"procurement\"\nshare = 1\ncategories = \"government\"";
    one(procurement, Name::UnknownCode, 5, 14, "F0");
    one("[model.inventry]\npsi = 0.1", Name::UnknownKey, 2, 1, "did you mean 'inventory'?");
    one("[model.inventory]\nphi = 0.1", Name::UnknownKey, 3, 7, "did you mean 'psi'?");
    one("[[uncertain]]\nparameter = \"inventory.rule\"\nlow = 0\nhigh = 1", Name::UnknownKey, 3, 13, "psi");
}

#[test]
fn numbers_out_of_range_are_named_and_placed() {
    one(&format!("{CONTROL}severity = 20"), Name::OutOfRange, 5, 12, "20 per cent is 0.2");
    one(&format!("{CONTROL}severity = nan"), Name::OutOfRange, 5, 12, "from 0 to 1");
    one(&format!("{CONTROL}severity = 1\nramp = -1"), Name::OutOfRange, 6, 8, "from 0 on");
    one(&format!("{CONTROL}severity = 1\nramp = inf"), Name::OutOfRange, 6, 8, "from 0 on");
    one(&format!("{CONTROL}severity = 1\nfrom = -1"), Name::OutOfRange, 6, 8, "from 0 on");
    one(&format!("{CONTROL}severity = 0.4\nseverity_range = [0.5, 1]"), Name::OutOfRange, 6, 18, "most likely");
    // BBB sells 10 + 10 of inputs and 10 of final use to AAA.
    one(&format!("{CONTROL}amount_musd = 31"), Name::OutOfRange, 5, 15, "the flow is 30.0");
    one("horizon = 0", Name::OutOfRange, 2, 11, "above 0");
    one("horizon = 5\nstep = 6", Name::OutOfRange, 3, 8, "longer than");
    one("[[stock]]\ninputs = \"s1\"\ndays = -3", Name::OutOfRange, 4, 8, "from 0 on");
    one("[model.inventory]\npsi = 2", Name::OutOfRange, 3, 7, "from 0 to 1");
    one("[[uncertain]]\nparameter = \"inventory.psi\"\nlow = 0.5\nhigh = 0.4", Name::OutOfRange, 4, 7, "low < high");
    let rebuild = "[[disruption]]\nat = \"AAA\"\ncapital_loss = 0.1\nrebuild = { days = 9, sectors = { s1 = 0.5 } }";
    one(rebuild, Name::OutOfRange, 5, 33, "sum to 0.5");
    let curve = "[[disruption]]\nat = \"AAA\"\ncapacity_loss = 0.1\nrecovery = { shape = \"convex\", days = 0.5 }";
    one(curve, Name::OutOfRange, 5, 39, "at least 1");
    one("[[response]]\nkind = \"stockpile\"\ndays = inf", Name::OutOfRange, 4, 8, "above 0");
}

#[test]
fn contradictions_are_named_and_placed() {
    one("[[control]]\nby = \"all\"\nagainst = \"home\"\nseverity = 1", Name::Contradiction, 4, 11, "!X");
    one(&format!("{CONTROL}severity = 1\namount_musd = 3"), Name::Contradiction, 6, 15, "one of them");
    one(&format!("{CONTROL}severity = 1\nsectors = \"s1\"\ninputs = \"x\""), Name::Contradiction, 7, 10, "write two");
    one(&format!("{CONTROL}severity = 1\nfrom = 9\nuntil = 9"), Name::Contradiction, 7, 9, "`until` comes after");
    one(&format!("{CONTROL}severity = 1\npart = 0.1"), Name::Contradiction, 6, 8, "without `products`");
    one("[[response]]\nkind = \"retaliation\"\nagainst = \"AAA\"\nseverity = 1", Name::Contradiction, 4, 11, "itself");
    one(
        "[[response]]\nkind = \"retaliation\"\nby = \"BBB\"\nagainst = \"AAA\"\nseverity = 1",
        Name::Contradiction,
        4,
        6,
        "not home",
    );
    let two = "[[disruption]]\nat = \"AAA\"\ncapacity_loss = 0.1\nlabour_loss = 0.1\nlasts = 3";
    one(two, Name::Contradiction, 5, 15, "write two");
    let rebuilt = "[[disruption]]\nat = \"AAA\"\ncapacity_loss = 0.1\nrebuild = { days = 9, sectors = { s1 = 1 } }";
    one(rebuilt, Name::Contradiction, 4, 17, "destroyed");
    one("[[control]]\nby = [\"BBB\", \"BBB\"]\nagainst = \"AAA\"\nseverity = 1", Name::Contradiction, 3, 14, "twice");
    let nobody = "severity = 1\n[[response]]\nkind = \"diversification\"\nshare = 0.1";
    one(&format!("{CONTROL}{nobody}"), Name::Contradiction, 6, 1, "nobody is left");
    one(&format!("{CONTROL}severity = 1\nfrom = 2026-01-01"), Name::MissingKey, 6, 8, "`start`");
    let psi = "[[uncertain]]\nparameter = \"inventory.psi\"\nlow = 0.5\nhigh = 0.9\n";
    one(&psi.repeat(2), Name::Contradiction, 7, 13, "uncertain twice");
}

#[test]
fn entries_without_effect_are_named_and_placed() {
    one(&format!("{CONTROL}severity = 0"), Name::EmptyEffect, 5, 12, "denies nothing");
    one(&format!("{CONTROL}severity = 1\nsectors = \"s2\""), Name::EmptyEffect, 2, 1, "no such flow");
    one(&format!("{CONTROL}severity = 1\nfrom = 365"), Name::EmptyEffect, 6, 8, "365 days are played");
    one(
        "[[disruption]]\nat = \"BBB\"\nsectors = \"s2\"\ncapacity_loss = 1\nlasts = 3",
        Name::EmptyEffect,
        2,
        1,
        "BBB.s2",
    );
    one("[[disruption]]\nat = \"BBB\"\ncapacity_loss = 0\nlasts = 3", Name::EmptyEffect, 4, 17, "takes nothing");
    one("[[disruption]]\nat = \"BBB\"\ncapacity_loss = 1\nlasts = 0", Name::EmptyEffect, 5, 9, "as soon as");
    one("[[disruption]]\nat = \"BBB\"\nhousehold_damage_musd = 1\nlasts = 3", Name::EmptyEffect, 4, 25, "`rebuild`");
    one("[[response]]\nkind = \"diversification\"\nshare = 0.1", Name::EmptyEffect, 2, 1, "nothing of these sectors");
    let small_part = "[[response]]\nkind = \"procurement\"\nsectors = \"s2\"\nshare = 0.5";
    one(small_part, Name::EmptyEffect, 2, 1, "none of these products abroad");
    let unused = read_in(small(), "home = \"BBB\"\n[[response]]\nkind = \"stockpile\"\nsectors = \"s2\"\ndays = 9");
    assert!(unused.is_err_and(|e| e.to_string().contains("uses none of these products")));
    // A part without effect is a warning while others have one.
    let reading = sound(small(), &format!("home = \"AAA\"\n{CONTROL}severity = 1\nsectors = [\"s1\", \"s2\"]"));
    let [warning] = reading.warnings.as_slice() else { panic!("{:#?}", reading.warnings) };
    assert_eq!((warning.name, warning.level, warning.line, warning.column), (Name::EmptyEffect, Level::Warning, 6, 11));
}

#[test]
fn overlapping_controls_are_refused_unless_the_severest_holds() {
    let second = "severity = 1\nfrom = 5\nuntil = 10\n";
    let overlap = format!("{CONTROL}{second}{CONTROL}severity = 0.5\nfrom = 9\n");
    one(&overlap, Name::Overlap, 8, 1, "line 2");
    sound(small(), &format!("home = \"AAA\"\noverlaps = \"severest\"\n{overlap}"));
    // One after the other, other uses: not the same flow.
    sound(small(), &format!("home = \"AAA\"\n{CONTROL}{second}{CONTROL}severity = 0.5\nfrom = 10\n"));
    let uses = format!("{CONTROL}severity = 1\nflows = \"final\"\n{CONTROL}severity = 0.5\nflows = \"intermediate\"\n");
    sound(small(), &format!("home = \"AAA\"\n{uses}"));
}

#[test]
fn every_error_of_a_file_is_reported_at_once() {
    let text = "home = \"AAA\"\nhorizon = -1\n[[control]]\nby = \"XXX\"\nagainst = \"home\"\nseverity = 7\n[[stock]]\ninpts = 3\n";
    let names: Vec<Name> = refused(small(), text).iter().map(|e| e.name).collect();
    assert_eq!(names, [Name::OutOfRange, Name::UnknownKey]);
    let text = text.replace("horizon = -1", "horizon = 9");
    let names: Vec<Name> = refused(small(), &text).iter().map(|e| e.name).collect();
    assert_eq!(names, [Name::UnknownCode, Name::OutOfRange, Name::UnknownKey]);
}

#[test]
fn an_amount_becomes_a_share_of_the_flow() {
    let control = &sound(small(), &format!("home = \"AAA\"\n{CONTROL}amount_musd = 15")).scenario.controls[0];
    assert_eq!(control.severity, 0.5);
    let text = format!("home = \"AAA\"\n{CONTROL}flows = \"final\"\namount_musd = 2.5");
    assert_eq!(sound(small(), &text).scenario.controls[0].severity, 0.25);
}

#[test]
fn an_explanation_counts_what_is_removed() {
    let text = format!("home = \"AAA\"\nhorizon = 100\n{CONTROL}severity = 0.5\nfrom = 40\nramp = 20\nuntil = 90\n");
    let explanation = explain(&sound(small(), &text).scenario, small()).expect("explained");
    let c = &explanation.controls[0];
    // BBB sells AAA 10 + 10 inputs and 10 final; AAA buys 35 + 25 inputs in all, 60 + 10 of final products.
    assert_eq!((c.inputs_musd_a_year, c.final_use_musd_a_year), (10.0, 5.0));
    assert_eq!(c.share_of_all_inputs, Some(10.0 / 60.0));
    assert_eq!(c.share_of_this_final_use, Some(5.0 / 70.0));
    assert_eq!(c.days_in_force, 50.0);
    // Ten days' worth are lost to the ramp.
    assert!((c.total_musd - 15.0 * 40.0 / 365.0).abs() < 1e-12);
}

const PRODUCTS: &str = "home = \"USA\"\nyear = 2011\n[[control]]\nby = \"CHN\"\nagainst = \"home\"\nseverity = 1\n";

#[test]
fn products_are_parts_of_their_sectors_flows() {
    let reading = sound(&BUNDLED, &format!("{PRODUCTS}products = \"850511\""));
    let names: Vec<Name> = reading.warnings.iter().map(|w| w.name).collect();
    assert_eq!(names, [Name::OtherYear]);
    let What::Products { codes, parts } = &reading.scenario.controls[0].what else { panic!("products") };
    assert_eq!(codes, &["850511"]);
    let [part] = parts.as_slice() else { panic!("{parts:?}") };
    assert_eq!((part.by.as_str(), part.against.as_str(), part.sector.as_str()), ("CHN", "USA", "30t33"));
    // The value in the bundled extract over the row sum of the table, both by hand.
    let trade = include_str!("../../../data/products/critical-trade.csv");
    let line = trade.lines().find(|line| line.starts_with("850511,CHN,USA,")).expect("magnets");
    let usd: f64 = line.rsplit(',').next().expect("a value").parse().expect("a number");
    let table = BUNDLED.table(2011).expect("table");
    let c = &table.classification;
    let (china, america, sector) =
        (c.region("CHN").expect("known"), c.region("USA").expect("known"), c.sector("30t33").expect("known"));
    let row = c.industries_of(china).start + sector;
    let flow = table.z.row(row)[c.industries_of(america)].iter().sum::<f64>()
        + table.y.row(row)[c.final_columns_of(america)].iter().sum::<f64>();
    assert!((part.share - usd / 1e6 / flow).abs() < 1e-15);
    assert!(part.share > 1e-4 && part.share < 0.1, "{}", part.share);
}

#[test]
fn taiwan_and_the_rest_of_the_world_are_found_in_trade() {
    let text = "home = \"USA\"\n[[control]]\nby = [\"TWN\", \"ROW\"]\nagainst = \"home\"\nseverity = 1\nproducts = [\"850511\", \"260600\"]";
    let reading = sound(&BUNDLED, text);
    let What::Products { parts, .. } = &reading.scenario.controls[0].what else { panic!("products") };
    assert!(parts.iter().any(|p| p.by.as_str() == "TWN" && p.sector.as_str() == "30t33"), "{parts:?}");
    assert!(parts.iter().any(|p| p.by.as_str() == "ROW" && p.sector.as_str() == "C"), "{parts:?}");
    assert!(parts.iter().all(|p| p.share > 0.0 && p.share <= 1.0));
}

#[test]
fn products_without_trade_need_a_stated_part() {
    let errors = refused(&BUNDLED, &format!("{PRODUCTS}products = \"8486\""));
    assert_eq!((errors[0].name, errors[0].line, errors[0].column), (Name::NoTradeData, 7, 12));
    assert!(errors[0].message.contains("850511") && errors[0].message.contains("part"), "{}", errors[0]);
    let reading = sound(&BUNDLED, &format!("{PRODUCTS}products = \"8486\"\npart = 0.12"));
    let What::Products { parts, .. } = &reading.scenario.controls[0].what else { panic!("products") };
    // Chip-making machines are machinery, whatever the table of classes says.
    assert_eq!(parts.iter().map(|p| (p.sector.as_str(), p.share)).collect::<Vec<_>>(), [("29", 0.12)]);
    let reading = sound(&BUNDLED, &format!("{PRODUCTS}products = \"8505\""));
    assert!(reading.warnings.iter().any(|w| w.name == Name::PartialTradeData), "{:?}", reading.warnings);
    let errors = refused(&BUNDLED, &format!("{PRODUCTS}products = [\"850512x\", \"9999\", \"123456\"]"));
    assert!(errors.len() >= 2 && errors[0].name == Name::UnknownCode, "{errors:#?}");
    let errors = refused(small(), &format!("home = \"AAA\"\n{CONTROL}severity = 1\nproducts = \"8486\"\npart = 0.1"));
    assert_eq!(errors[0].name, Name::NoConcordance);
}

#[test]
fn every_example_is_sound() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/scenarios");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).expect("examples") {
        let path = entry.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("text");
        assert!(text.starts_with("# What it teaches: "), "{}", path.display());
        let reading = sound(&TODAY, &text);
        explain(&reading.scenario, &TODAY).expect("explained");
        files += 1;
    }
    assert!(files >= 4);
}

#[test]
fn every_template_is_sound_for_every_home() {
    let book = BlocBook::bundled().expect("blocs");
    let classification = BUNDLED.classification();
    let regions = classification.regions().iter().map(|r| r.code.to_string());
    for home in regions.chain(["EU27".to_owned(), "CHN+USA".to_owned()]) {
        let home = book.resolve(&home, classification).expect("known");
        for kind in [Kind::Control, Kind::Lockdown, Kind::Blockade, Kind::Retaliation] {
            // Reading the table each time takes long; kinds differ in text only for most homes.
            if kind == Kind::Control || home.code == "CHN" || home.code == "EU27" || home.code == "MLT" {
                sound(&BUNDLED, &template(kind, &home, &BUNDLED).expect("somebody else"));
            }
        }
    }
}

#[test]
fn templates_for_a_world_of_two_regions_are_sound() {
    let classification = small().classification();
    let book = BlocBook::bundled().expect("blocs");
    let home = |word: &str| book.resolve(word, classification).expect("known");
    for kind in [Kind::Control, Kind::Lockdown, Kind::Blockade, Kind::Retaliation] {
        sound(small(), &template(kind, &home("AAA"), small()).expect("somebody else"));
        let nobody = template(kind, &home("AAA+BBB"), small());
        assert!(nobody.is_err_and(|e| e.to_string().contains("nobody is left")));
    }
}

#[test]
fn the_book_and_the_schema_are_those_of_the_code() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/reference");
    let schema = zili_scenario::schema::schema();
    let path = format!("{folder}/scenario.schema.json");
    if std::env::var_os("ZILI_BLESS").is_some() {
        std::fs::write(&path, &schema).expect("written");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == schema, "scenario.schema.json is behind the code; run ZILI_BLESS=1 cargo test");
    let book = std::fs::read_to_string(format!("{folder}/scenarios.md")).expect("the book");
    for (name, _) in Name::ALL {
        assert!(book.contains(&format!("| `{}` |", name.as_str())), "the book does not explain {}", name.as_str());
    }
    let schema: serde_json::Value = serde_json::from_str(&schema).expect("json");
    keys(&schema, &mut |key, of| {
        assert!(of.get("description").is_some() || of.get("const").is_some(), "{key} has no description");
        let spellings = [format!("`{key}`"), format!("`[[{key}]]`"), format!("`[{key}.")];
        assert!(spellings.iter().any(|spelling| book.contains(spelling)), "the book does not mention {key}");
    });
    assert_eq!(Name::ALL.iter().filter(|(name, _)| serde_json::json!(name) != name.as_str()).count(), 0);
    let example = book.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    sound(&TODAY, example);
}

/// Every key that the schema declares, wherever.
fn keys(schema: &serde_json::Value, see: &mut impl FnMut(&str, &serde_json::Value)) {
    match schema {
        serde_json::Value::Object(map) => {
            if let Some(serde_json::Value::Object(properties)) = map.get("properties") {
                properties.iter().for_each(|(key, of)| see(key, of));
            }
            map.values().for_each(|value| keys(value, see));
        }
        serde_json::Value::Array(list) => list.iter().for_each(|value| keys(value, see)),
        _ => {}
    }
}

/// Pieces of the language, to be thrown together.
fn line() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "name",
        "home",
        "year",
        "start",
        "horizon",
        "step",
        "overlaps",
        "by",
        "against",
        "sectors",
        "products",
        "inputs",
        "entities",
        "severity",
        "amount_musd",
        "severity_range",
        "part",
        "flows",
        "from",
        "until",
        "ramp",
        "at",
        "capacity_loss",
        "damage_musd",
        "household_damage_musd",
        "demand_loss",
        "lasts",
        "recovery",
        "rebuild",
        "kind",
        "days",
        "share",
        "categories",
        "cap",
        "filled",
        "users",
        "need",
        "parameter",
        "low",
        "high",
        "mode",
        "psi",
    ]);
    let value = prop::sample::select(vec![
        "\"AAA\"",
        "\"BBB\"",
        "\"home\"",
        "\"!home\"",
        "\"!\"",
        "\"!!A\"",
        "\"+\"",
        "\"all\"",
        "[\"AAA\", \"BBB\"]",
        "[]",
        "\"s1\"",
        "\"s2\"",
        "1",
        "0",
        "-1",
        "0.5",
        "inf",
        "-inf",
        "nan",
        "1e308",
        "365",
        "2026-01-01",
        "0000-01-01",
        "9999-12-31",
        "2026-01-01T00:00:00Z",
        "[0.1, 1]",
        "{ shape = \"linear\", days = 3 }",
        "\"at-once\"",
        "{ days = 3, sectors = { s1 = 1 } }",
        "\"stockpile\"",
        "\"diversification\"",
        "\"retaliation\"",
        "\"procurement\"",
        "\"both\"",
        "\"essential\"",
        "\"inventory.psi\"",
        "true",
        "\"é\"",
        "\"\"",
        "9223372036854775807",
        "99999999999999999999",
        "{}",
    ]);
    prop_oneof![
        8 => (key, value).prop_map(|(key, value)| format!("{key} = {value}")),
        3 => prop::sample::select(vec![
            "[[control]]", "[[disruption]]", "[[response]]", "[[stock]]", "[[criticality]]", "[[uncertain]]",
            "[model.inventory]", "[control]", "é", "\t\t",
        ]).prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn no_lines_make_it_panic(lines in prop::collection::vec(line(), 0..24), home: bool) {
        let head = if home { "home = \"AAA\"\n" } else { "" };
        let _ = read_in(small(), &format!("{head}{}", lines.join("\n"))).map(|r| explain(&r.scenario, small()));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        let _ = read_in(small(), &text);
        let _ = read_in(small(), &format!("home = \"AAA\"\n[[control]]\nby = \"{text}\"\nagainst = \"home\"\nseverity = 1"));
    }

    #[test]
    fn steps_of_any_length_see_the_same_total(
        from in 0.0..100.0f64, lasts in 0.1..300.0f64, ramp in 0.0..100.0f64, steps in 1usize..400, horizon in 1.0..400.0f64,
    ) {
        let window = Window { from, until: from + lasts, ramp };
        let step = horizon / steps as f64;
        let parts: f64 = (0..steps).map(|k| step * window.mean(k as f64 * step, (k + 1) as f64 * step)).sum();
        let whole = horizon * window.mean(0.0, horizon);
        prop_assert!((parts - whole).abs() <= 1e-9 * horizon, "{parts} {whole}");
        // The level itself, summed finely.
        let fine = horizon / 20_000.0;
        let sum: f64 = (0..20_000).map(|k| fine * window.at((k as f64 + 0.5) * fine)).sum();
        prop_assert!((sum - whole).abs() <= 2.0 * fine + 1e-9, "{sum} {whole}");
    }
}

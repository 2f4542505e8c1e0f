//! Who decides a strategy: cases whose losses are known beforehand.

use std::sync::LazyLock;
use zili_plan::governance::strategy as governance;
use zili_plan::strategy::{Strategy, read};
use zili_scenario::BlocBook;
use zili_world::{Cell, Finding, Options, Unwatched, World};

static WORLD: LazyLock<World> = LazyLock::new(|| World::bundled("wiod2013").expect("bundled"));
static BOOK: LazyLock<BlocBook> = LazyLock::new(|| BlocBook::bundled().expect("blocs"));

/// Ten units a year are wanted of every input for four years; one made at home costs 1, a missing one 10. A programme delivers after a year.
fn strategy(inputs: &[&str], programmes: &[(&str, &str, f64)]) -> Strategy {
    let mut text = "home = \"FIN\"\nfrom = 2026\nyears = 4\ndiscount = 0\ndefault_source = \"assumption\"\n\
                    [[budget]]\nlevel = \"central\"\namount = 1000\n"
        .to_owned();
    for input in inputs {
        text += &format!("[[input]]\nname = \"{input}\"\ndemand = 10\nhome = 0\nhome_cost = 1\npenalty = 10\n");
    }
    for (k, (region, input, cost)) in programmes.iter().enumerate() {
        text += &format!(
            "[[programme]]\nname = \"p{k}\"\nregion = \"{region}\"\ndelivers = {{ {input} = 10 }}\n\
             [[programme.mode]]\nduration = 1\ncost = {{ central = {cost} }}\n"
        );
    }
    match read(&text, "s.toml", &WORLD, &BOOK) {
        Ok((strategy, _)) => strategy,
        Err(error) => panic!("{error}"),
    }
}

fn ask(strategy: &Strategy, set: &[(&str, f64)]) -> Result<Finding, zili_plan::Error> {
    let defaults = Options::defaults(&governance::METHOD);
    let options = set.iter().fold(defaults, |options, (name, value)| {
        options.with_number(&governance::METHOD, name, *value).expect("an option")
    });
    governance::run(strategy, &options, &Unwatched)
}

fn at(finding: &Finding, row: usize, column: &str) -> f64 {
    let at = finding.columns.iter().position(|c| c.name == column).expect("a column");
    match &finding.rows[row][at] {
        Cell::Number(value) => *value,
        Cell::Missing => f64::NAN,
        other => panic!("{other:?}"),
    }
}

fn rows<'a>(finding: &'a Finding, case: &'a str) -> impl Iterator<Item = usize> + 'a {
    (0..finding.rows.len()).filter(move |&row| finding.rows[row][1] == Cell::from(case))
}

/// Both build for 200 where each aims at all 3 · 10 · 9 = 270 of the market, and neither where each aims at half of it.
#[test]
fn two_regions_that_aim_at_one_market_build_it_twice() {
    let twice = strategy(&["m"], &[("north", "m", 200.0), ("south", "m", 200.0)]);
    let finding = ask(&twice, &[("spread", 0.0), ("draws", 2.0), ("gap", 1e-9)]).expect("rows");
    for row in rows(&finding, "line") {
        let (overlap, loss) = (at(&finding, row, "overlap"), at(&finding, row, "loss_regions"));
        // At a share a of the market, building saves 270a.
        let both = 270.0 * (0.5 + 0.5 * overlap) > 200.0;
        // Sums of a few whole numbers, to the solver's tolerance.
        assert!((loss - if both { 200.0 } else { 70.0 }).abs() < 1e-6, "{overlap}: {loss}");
        assert!((at(&finding, row, "spent_regions") - if both { 400.0 } else { 0.0 }).abs() < 1e-6);
        assert!(at(&finding, row, "loss_centre").abs() < 1e-6);
    }
    // The centre leaves one of the two to a region that knows of it.
    for row in rows(&finding, "hybrid").filter(|&row| at(&finding, row, "central") >= 0.5) {
        assert!(at(&finding, row, "loss_hybrid").abs() < 1e-6, "{}", at(&finding, row, "loss_hybrid"));
    }
}

/// A programme for 220 saves 270 min(d, 1): worth it from d = 22/27 on. Who never hears of d builds it always, and loses E(220 − 270d)⁺ with d
/// uniform on 0.6 to 1.4, (220 − 162)²/(2 · 270 · 0.8) = 7.787.
#[test]
fn a_centre_that_hears_nothing_loses_what_knowing_is_worth() {
    let apart = strategy(&["m", "n"], &[("north", "m", 220.0), ("south", "n", 220.0)]);
    let finding = ask(&apart, &[("spread", 0.4), ("draws", 150.0), ("gap", 1e-9)]).expect("rows");
    let expected = 2.0 * 58f64.powi(2) / (2.0 * 270.0 * 0.8);
    for row in rows(&finding, "noise") {
        let (noise, loss) = (at(&finding, row, "noise"), at(&finding, row, "loss_centre"));
        // Each is heard of by itself: the loss is in proportion. Four standard errors miss once in 16 000.
        let error = 4.0 * at(&finding, row, "error_centre") + 1e-6;
        assert!((loss - noise * expected).abs() <= error, "{noise}: {loss} {} ± {error}", noise * expected);
        assert!(at(&finding, row, "loss_regions").abs() < 1e-6, "regions know all they need");
        assert!(at(&finding, row, "break_even_noise").is_nan());
    }
}

/// One region that does everything is a centre that hears everything.
#[test]
fn a_single_region_loses_nothing() {
    let alone = strategy(&["m", "n"], &[("north", "m", 220.0), ("north", "n", 120.0), ("north", "n", 100.0)]);
    let finding = ask(&alone, &[("draws", 12.0), ("gap", 1e-9)]).expect("rows");
    for row in 0..finding.rows.len() {
        assert!(at(&finding, row, "loss_regions").abs() < 1e-6 && at(&finding, row, "loss_centre") > -1e-6);
    }
    let mut centre: Vec<f64> = rows(&finding, "noise").map(|row| at(&finding, row, "loss_centre")).collect();
    assert!(centre[0].abs() < 1e-9, "a centre that hears everything has the best plan");
    assert!(centre.pop().expect("a row") > 1.0, "one that hears nothing does not");
}

/// The line of break-even goes down in between: regions know d, and build twice with the overlap given.
#[test]
fn break_even_noise_is_where_both_lose_the_same() {
    // Building m twice costs 60; knowing which of the other three are worth it is worth about 32 each.
    let three = [("north", "n", 220.0), ("north", "o", 220.0), ("south", "q", 220.0)];
    let both = strategy(&["m", "n", "o", "q"], &[&[("north", "m", 60.0), ("south", "m", 60.0)][..], &three].concat());
    let asked = [("spread", 0.8), ("draws", 60.0), ("overlap", 1.0), ("gap", 1e-9)];
    let finding = ask(&both, &asked).expect("rows");
    let even = at(&finding, 0, "break_even_noise");
    assert!(even > 0.0 && even < 1.0, "{even}");
    let there = ask(&both, &[&asked[..], &[("noise", even)]].concat()).expect("rows");
    let (centre, regions) = (at(&there, 0, "loss_centre"), at(&there, 0, "loss_regions"));
    // Between points of the grid the centre's loss is only nearly straight.
    let error = 3.0 * (at(&there, 0, "error_centre") + at(&there, 0, "error_regions"));
    assert!((centre - regions).abs() < error, "{centre} {regions} ± {error}");
}

#[test]
fn a_strategy_without_regions_is_told_what_is_missing() {
    let mut nobody = strategy(&["m"], &[("north", "m", 200.0)]);
    nobody.programmes[0].region = None;
    let error = ask(&nobody, &[]).expect_err("nobody to decide").to_string();
    assert!(error.contains("region = \"NAME\""), "{error}");
}

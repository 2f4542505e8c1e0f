//! Draws: against the closed form of the distribution, the same for any number of threads, and what is refused.

use std::sync::atomic::{AtomicUsize, Ordering};
use zili_scenario::{Control, Flows, Scenario, Sectors, Uncertain, Unknown};
use zili_shock::uncertainty::Draws;
use zili_shock::{Error, Model, Posed, Run, model, uncertainty};
use zili_testkit::{YEAR, ask, region};
use zili_world::method::{Accepts, column};
use zili_world::{Column, Finding, Matrix, Method, Parameter, Params, Watch, World, row};

/// A model whose result is known: 100 · severity in A, minus that in B, rows in an order that depends on the draw.
static LINEAR: Method = Method {
    name: "linear",
    page: "# Linear\n",
    columns: &[
        column::REGION,
        Column::text("bound_by", "Bound by", "changes with the draw").result(),
        Column::musd("loss", "Loss", "a loss"),
        Column::number("scale", "Scale", "times", "the option"),
    ],
    parameters: &[Parameter {
        name: "scale",
        accepts: Accepts::Number { default: 3.0, above: 0.0, below: 1e6 },
        description: "a number",
    }],
};

fn linear(_: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let severity = scenario.controls[0].severity;
    let scale = params.options.number("scale");
    let mut finding = Finding::new(&LINEAR, params);
    let word = if severity < 0.5 { "low" } else { "high" };
    let first = row!["A", word, 100.0 * severity, scale];
    let other = row!["B", word, -100.0 * severity, scale];
    // A row with the key of another: told apart by its place among them.
    let second = row!["A", word, 7.0, scale];
    finding.rows = if severity < 0.5 { vec![first, other, second] } else { vec![other, first, second] };
    Ok(finding)
}

fn world() -> World {
    let z = Matrix::from_rows(2, 2, vec![10.0, 30.0, 20.0, 30.0]);
    let y = Matrix::from_rows(2, 2, vec![50.0, 10.0, 10.0, 40.0]);
    zili_testkit::world(&["A".into(), "B".into()], &["S".into()], 1, z, y)
}

fn severity(low: f64, high: f64, mode: Option<f64>) -> Uncertain {
    Uncertain { what: Unknown::Severity(0), low, high, mode }
}

fn option(model: &str, option: &str, low: f64, high: f64) -> Uncertain {
    Uncertain { what: Unknown::Setting { model: model.into(), option: option.into() }, low, high, mode: None }
}

fn try_run(model: &Model, uncertain: Vec<Uncertain>, draws: usize) -> Result<Finding, Error> {
    let world = world();
    let control =
        Control::new(region(&world, 0), region(&world, 1), Sectors::All, 0.5, Flows::Both).expect("a control");
    let params = ask(&world, region(&world, 1), model.method, &[]);
    let scenario = Scenario { uncertain, ..Scenario::of_controls(params.home.clone(), YEAR, vec![control]) };
    let steps = Steps(AtomicUsize::new(0));
    let finding = uncertainty::run(&world, &Posed { scenario, params }, model, Draws { draws, seed: 11 }, &steps)?;
    assert_eq!(steps.0.into_inner(), draws);
    Ok(finding)
}

/// Counts the steps it is told of.
struct Steps(AtomicUsize);

impl Watch for Steps {
    fn step(&self, steps: u64) {
        self.0.fetch_add(steps as usize, Ordering::Relaxed);
    }
}

const LINEAR_MODEL: Model = Model::new(&LINEAR, "none", Run::Scenario(|w, s, p, _| linear(w, s, p)));

fn run(model: &Model, uncertain: Vec<Uncertain>, draws: usize) -> Finding {
    try_run(model, uncertain, draws).expect("answered")
}

/// The first row of a region and measure.
fn value(finding: &Finding, region: &str, measure: &str, name: &str) -> f64 {
    let at = |name: &str| finding.column(name).expect("column");
    let fits =
        |row: &&Vec<zili_world::Cell>| row[at("region")].text() == region && row[at("measure")].text() == measure;
    finding.rows.iter().find(fits).expect("a row")[at(name)].number().unwrap_or(f64::NAN)
}

#[test]
fn quantiles_of_a_triangle_within_four_standard_errors() {
    let (low, mode, high, n) = (0.2, 0.4, 0.9, 4000);
    let finding = run(&LINEAR_MODEL, vec![severity(low, high, Some(mode))], n);
    let mean = 100.0 * (low + mode + high) / 3.0;
    let sd = 100.0 * ((low * low + mode * mode + high * high - low * mode - low * high - mode * high) / 18.0f64).sqrt();
    let found = |name: &str| value(&finding, "A", "loss", name);
    assert!((found("mean") - mean).abs() < 4.0 * sd / (n as f64).sqrt());
    assert!((found("sd") / sd - 1.0).abs() < 0.04);
    assert!((found("standard_error") - found("sd") / (n as f64).sqrt()).abs() < 1e-12);
    for (name, q) in [("q05", 0.05f64), ("q25", 0.25), ("q50", 0.5), ("q75", 0.75), ("q95", 0.95)] {
        let up = (mode - low) / (high - low);
        let (expected, density) = if q < up {
            let t = (q * (high - low) * (mode - low)).sqrt();
            (low + t, 2.0 * t / ((high - low) * (mode - low)))
        } else {
            let t = ((1.0 - q) * (high - low) * (high - mode)).sqrt();
            (high - t, 2.0 * t / ((high - low) * (high - mode)))
        };
        let error = 100.0 * (q * (1.0 - q) / n as f64).sqrt() / density;
        assert!((found(name) - 100.0 * expected).abs() < 4.0 * error, "{name}: {} against {expected}", found(name));
    }
    assert_eq!(found("baseline"), 50.0);
    assert_eq!(found("draws"), n as f64);
    assert!(found("convergence") < 0.05);
}

#[test]
fn uniform_draws_have_the_mean_and_spread_of_a_uniform() {
    let n = 4000;
    let finding = run(&LINEAR_MODEL, vec![severity(0.2, 0.8, None)], n);
    let sd = 60.0 / 12f64.sqrt();
    assert!((value(&finding, "A", "loss", "mean") - 50.0).abs() < 4.0 * sd / (n as f64).sqrt());
    assert!((value(&finding, "A", "loss", "sd") / sd - 1.0).abs() < 0.04);
}

#[test]
fn rows_are_matched_by_their_keys_and_text_results_are_left_out() {
    let finding = run(&LINEAR_MODEL, vec![severity(0.2, 0.8, None)], 200);
    // Two regions, A twice; of the two measures only the loss moves.
    assert_eq!(finding.rows.len(), 3);
    assert_eq!(finding.columns[0].name, "region");
    assert_eq!(finding.columns[1].name, "measure");
    assert!(value(&finding, "A", "loss", "q05") > 0.0);
    assert!(value(&finding, "B", "loss", "q95") < 0.0);
    let (m, sd) = (finding.column("measure").expect("column"), finding.column("sd").expect("column"));
    let again = finding.rows.iter().rfind(|row| row[0].text() == "A" && row[m].text() == "loss").expect("a row");
    assert_eq!(again[sd].number(), Some(0.0), "the second row of A is 7 in every draw");
}

#[test]
fn bounds_that_meet_leave_no_spread() {
    let finding = run(&LINEAR_MODEL, vec![severity(0.3, 0.3, Some(0.3)), option("linear", "scale", 2.0, 2.0)], 50);
    for (measure, expected) in [("loss", 100.0 * 0.3), ("scale", 2.0)] {
        for name in ["mean", "q05", "q50", "q95"] {
            assert_eq!(value(&finding, "A", measure, name), expected, "{measure} {name}");
        }
        assert_eq!(value(&finding, "A", measure, "sd"), 0.0);
        assert_eq!(value(&finding, "A", measure, "convergence"), 0.0);
    }
    assert_eq!(value(&finding, "A", "scale", "baseline"), 3.0);
    assert!(finding.evidence.notes.iter().any(|note| note.starts_with("only 50 draws")));
}

/// σ of the price model: the bill at the median σ is the median bill, because one falls with the other.
#[test]
fn an_option_of_a_model_is_drawn() {
    let price = model("price").expect("known");
    let drawn = run(price, vec![option("price", "sigma", 2.0, 8.0), option("linear", "scale", 1.0, 2.0)], 2000);
    let at = |sigma: &str| {
        let world = world();
        let params = ask(&world, region(&world, 1), price.method, &[("sigma", sigma)]);
        let control = Control::new(region(&world, 0), region(&world, 1), Sectors::All, 0.5, Flows::Both).expect("one");
        let scenario = Scenario::of_controls(params.home.clone(), YEAR, vec![control]);
        let finding = price.answer(&world, &scenario, &params, &zili_world::Unwatched).expect("answered");
        let (r, c) = (finding.column("region").expect("column"), finding.column("bill").expect("column"));
        finding.rows.iter().find(|row| row[r].text() == "B").expect("a row")[c].number().expect("a number")
    };
    let median = value(&drawn, "B", "bill", "q50");
    // Four standard errors of the median of σ: 6 · ½/√2000 = 0.067 each.
    assert!(at("5.27") < median && median < at("4.73"), "{median}");
    assert_eq!(value(&drawn, "B", "bill", "baseline"), at("6"));
    assert!(drawn.evidence.notes.iter().any(|note| note.starts_with("1 uncertain options belong to other models")));
}

#[test]
fn the_same_for_any_number_of_threads() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let entries = vec![severity(0.1, 0.9, Some(0.5)), option("price", "sigma", 2.0, 8.0)];
        pool.install(|| run(model("price").expect("known"), entries, 64))
    };
    assert_eq!(on(1), on(4));
}

#[test]
fn what_cannot_be_drawn_is_refused_with_what_to_write() {
    let refused = |uncertain: Vec<Uncertain>, draws: usize, words: &str| {
        let error = try_run(model("price").expect("known"), uncertain, draws).expect_err("refused").to_string();
        assert!(error.contains(words), "{error}");
    };
    refused(vec![], 10, "severity_range");
    refused(vec![option("mixed", "essential", 0.0, 0.1)], 10, "price.OPTION");
    refused(vec![severity(0.2, 0.8, None)], 1, "too few");
    refused(vec![severity(0.8, 0.2, None)], 10, "severity of control 1 cannot be drawn between 0.8 and 0.2");
    refused(vec![severity(0.2, 1.8, None)], 10, "cannot be drawn");
    refused(vec![severity(0.2, f64::NAN, None)], 10, "cannot be drawn");
    refused(vec![severity(0.2, 0.8, Some(0.9))], 10, "cannot be drawn");
    refused(vec![Uncertain { what: Unknown::Severity(7), ..severity(0.2, 0.8, None) }], 10, "severity of control 8");
    refused(vec![option("price", "sigma", 1.0, 8.0)], 10, "a number above 1");
    refused(vec![option("price", "sgima", 2.0, 8.0)], 10, "did you mean 'sigma'");
    refused(vec![option("price", "detail", 2.0, 8.0)], 10, "one of regions, sectors");
}

//! Every horizon: each row is what its model says, intervals hold what was drawn, indices add up.

use zili_scenario::{Control, Flows, Scenario, Sectors};
use zili_shock::{Error, model};
use zili_testkit::{YEAR, bloc, region};
use zili_world::{Bloc, Cell, Finding, Matrix, Options, Params, ValueAdded, World};

/// Three regions of two sectors, everyone buying from everyone.
fn world() -> World {
    let names = |prefix: &str, n: usize| (0..n).map(|k| format!("{prefix}{k}")).collect::<Vec<_>>();
    let near = |a: usize, b: usize| if a / 2 == b / 2 { 3.0 } else { 1.0 };
    let z = Matrix::from_fn(6, 6, |i, j| near(i, j) * (2.0 + ((3 * i + j) % 5) as f64));
    let y = Matrix::from_fn(6, 3, |i, c| if i / 2 == c { 60.0 } else { 4.0 + ((i + 2 * c) % 3) as f64 });
    zili_testkit::world(&names("R", 3), &names("S", 2), 1, z, y)
}

fn scenario(world: &World, severity: f64) -> Scenario {
    let control = Control::new(region(world, 0), region(world, 1), Sectors::All, severity, Flows::Both).expect("one");
    let mut scenario = Scenario::of_controls(region(world, 1), YEAR, vec![control]);
    scenario.horizon = 400.0;
    scenario.step = 1.0;
    for name in ["network", "trade-equilibrium", "diffusion"] {
        scenario.settings.insert(name.to_owned(), vec![("theta".to_owned(), "4".to_owned())]);
    }
    scenario
}

fn ask(world: &World, scenario: &Scenario, name: &str, set: &[(&str, &str)]) -> Result<Finding, Error> {
    let asked = model(name).expect("a model");
    let options = Options::parse(asked.method, set.iter().copied()).expect("options");
    let params = Params {
        home: scenario.home.clone(),
        partners: Vec::new(),
        year: YEAR,
        value_added: ValueAdded::Residual,
        options,
    };
    asked.answer(world, scenario, &params, &zili_world::Unwatched)
}

/// Numbers of a column by who and model.
fn told(finding: &Finding, role: &str, by: &str, column: &str) -> Vec<f64> {
    let at = |name: &str| finding.column(name).expect("a column");
    let rows = finding.rows.iter().filter(|row| row[at("role")].text() == role && row[at("model")].text() == by);
    rows.map(|row| row[at(column)].number().unwrap_or(f64::NAN)).collect()
}

/// Of steps that are longer than a day or begin before the control does, the part that is in the time.
#[test]
fn thirty_days_are_thirty_days_whatever_the_step() {
    let world = world();
    let base = |step: f64| {
        let mut scenario = scenario(&world, 0.6);
        scenario.step = step;
        scenario.controls[0].window.from = 9.0;
        let all = ask(&world, &scenario, "all", &[("draws", "1")]).expect("answers");
        told(&all, "home", "inventory", "base")
    };
    let daily = base(1.0);
    assert!((daily[1] / daily[0] - 3.0).abs() < 1e-12, "{daily:?}");
    for step in [4.0, 20.0] {
        let coarse = base(step);
        assert!(daily.iter().zip(&coarse).all(|(a, b)| (a / b - 1.0).abs() < 1e-12), "{step}: {coarse:?} {daily:?}");
    }
}

#[test]
fn each_row_is_what_its_model_says() {
    let world = world();
    let scenario = scenario(&world, 0.6);
    let all = ask(&world, &scenario, "all", &[("draws", "1")]).expect("answers");
    assert_eq!(all.evidence.method, "horizons");
    // Home, who denies and a bystander: three times in weeks, then three models.
    assert_eq!(all.rows.len(), 3 * 6);
    for (role, r) in [("home", 1), ("deniers", 0), ("bystanders", 2)] {
        let code = format!("R{r}");
        for (name, base, lost) in
            [("network", "gne", "worth"), ("trade-equilibrium", "income", "worth"), ("diffusion", "income", "worth")]
        {
            let own = ask(&world, &scenario, name, &[("theta", "4")]).expect("an answer");
            let at = |column: &str| own.column(column).expect("a column");
            let whole = |row: &&Vec<Cell>| {
                row[at("region")].text() == code && own.column("sector").is_ok_and(|s| row[s].text() == "*")
                    || own.column("sector").is_err() && row[at("region")].text() == code
            };
            let row = own.rows.iter().find(whole).expect("a row");
            let number = |column: &str| row[at(column)].number().expect("a number");
            let close = |a: f64, b: f64| (a - b).abs() < 1e-9 * b.abs().max(1.0);
            assert!(close(told(&all, role, name, "base")[0], number(base)), "{role} {name}");
            assert!(close(told(&all, role, name, "lost")[0], -number(lost)), "{role} {name}");
        }
        // Losses of a year by the inventory model, whose horizon of 365 days ends there.
        let mut year = scenario.clone();
        year.horizon = 365.0;
        let own = ask(&world, &year, "inventory", &[]).expect("an answer");
        let at = |column: &str| own.column(column).expect("a column");
        let row = own.rows.iter().find(|row| row[at("region")].text() == code).expect("a row");
        let lost = row[at("value_added_lost")].number().expect("a number");
        assert!((told(&all, role, "inventory", "lost")[2] - lost).abs() < 1e-6 * lost.abs().max(1.0), "{role}");
    }
}

#[test]
fn intervals_widen_with_what_is_not_known_and_close_where_all_is() {
    let world = world();
    let known = scenario(&world, 0.6);
    let narrow = ask(&world, &known, "all", &[("draws", "32")]).expect("answers");
    let mut open = known.clone();
    open.uncertain.push(zili_scenario::Uncertain {
        what: zili_scenario::Unknown::Severity(0),
        low: 0.1,
        high: 1.0,
        mode: None,
    });
    let wide = ask(&world, &open, "all", &[("draws", "32")]).expect("answers");
    for name in ["network", "trade-equilibrium", "diffusion"] {
        let width = |finding: &Finding| told(finding, "home", name, "high")[0] - told(finding, "home", name, "low")[0];
        assert!(width(&wide) > width(&narrow) && width(&narrow) > 0.0, "{name}");
        let loss = told(&narrow, "home", name, "loss")[0];
        assert!(told(&narrow, "home", name, "low")[0] < loss && loss < told(&narrow, "home", name, "high")[0]);
    }
    // Nothing denied, whatever else is not known: nothing lost.
    let still = ask(&world, &scenario(&world, 0.0), "all", &[("draws", "16")]).expect("answers");
    for name in ["network", "trade-equilibrium", "diffusion"] {
        for column in ["loss", "low", "high"] {
            assert!(told(&still, "home", name, column)[0].abs() < 1e-6, "{name} {column}");
        }
    }
}

#[test]
fn indices_are_shares_and_the_only_unknown_has_all() {
    let world = world();
    let mut scenario = scenario(&world, 0.6);
    // Elasticities known: their ranges are a point.
    let factor =
        zili_scenario::Unknown::Setting { model: "trade-equilibrium".to_owned(), option: "theta_factor".to_owned() };
    scenario.uncertain.push(zili_scenario::Uncertain { what: factor, low: 1.0, high: 1.0, mode: None });
    scenario.uncertain.push(zili_scenario::Uncertain {
        what: zili_scenario::Unknown::Severity(0),
        low: 0.2,
        high: 0.8,
        mode: None,
    });
    let found = ask(&world, &scenario, "horizons-drivers", &[("draws", "64")]).expect("answers");
    let at = |name: &str| found.column(name).expect("a column");
    let number = |row: &Vec<Cell>, name: &str| row[at(name)].number().expect("a number");
    for row in &found.rows {
        let (first, total) = (number(row, "first"), number(row, "total"));
        assert!((0.0..=1.0).contains(&first) && first <= total + 1e-12 && total <= 1.0 + 1e-12);
    }
    let long_run =
        |row: &&Vec<Cell>| row[at("role")].text() == "home" && row[at("model")].text() == "trade-equilibrium";
    let rows: Vec<&Vec<Cell>> = found.rows.iter().filter(long_run).collect();
    assert_eq!(rows[0][at("unknown")].text(), "severity of control 1");
    // All of the polynomial's variance but for what rounding gives to the other.
    assert!(number(rows[0], "first") > 0.999 && number(rows[0], "explained") > 0.99, "{:?}", rows[0]);
}

#[test]
fn a_model_without_an_answer_is_named_and_the_others_answer() {
    let world = world();
    // R0 sells nobody anything: with a surplus it has no long run, but it has a first month.
    let others = bloc(&world, &[1, 2]);
    let control = |by: Bloc, against: Bloc| Control::new(by, against, Sectors::All, 1.0, Flows::Both).expect("one");
    let mut cut = scenario(&world, 1.0);
    cut.controls = vec![control(region(&world, 0), others.clone()), control(others, region(&world, 0))];
    let found = ask(&world, &cut, "all", &[("draws", "1")]).expect("answers");
    assert!(!told(&found, "home", "inventory", "lost").is_empty());
    assert!(told(&found, "home", "network", "lost").is_empty());
    assert!(found.evidence.notes.iter().any(|note| note.starts_with("network (a year): there is no equilibrium")));
    let none = ask(&world, &Scenario::of_controls(region(&world, 1), YEAR, Vec::new()), "all", &[]).expect_err("none");
    assert!(matches!(none, Error::NoControl(_)));
}

#[test]
fn the_same_for_any_number_of_threads() {
    let world = world();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| ask(&world, &scenario(&world, 0.6), "all", &[("draws", "16")]).expect("answers").rows)
    };
    assert_eq!(with(1), with(3));
}

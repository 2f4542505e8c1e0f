//! Trade equilibrium on the bundled world.

use std::sync::LazyLock;
use zili_scenario::{Control, Flows, Scenario, Sectors};
use zili_shock::equilibrium::calibrate::calibrate;
use zili_shock::equilibrium::{self, METHOD};
use zili_shock::{Error, model};
use zili_world::{Bloc, Cell, Finding, Options, Params, SectorCode, ValueAdded, World};

static WORLD: LazyLock<World> = LazyLock::new(|| World::bundled("wiod2013").expect("bundled"));

fn bloc(codes: &[&str]) -> Bloc {
    let members = codes.iter().map(|code| zili_world::RegionCode::new(*code)).collect();
    Bloc::new(codes.join("+"), codes.join("+"), members).expect("a bloc")
}

fn all_but(code: &str) -> Bloc {
    let regions = WORLD.classification().regions().iter();
    let codes: Vec<&str> = regions.map(|region| region.code.as_str()).filter(|known| *known != code).collect();
    bloc(&codes)
}

fn ask(controls: Vec<Control>, year: i32, set: &[(&str, &str)]) -> Result<Finding, Error> {
    let home = bloc(&["DEU"]);
    let options = Options::parse(&METHOD, set.iter().copied()).expect("options");
    let params = Params { home: home.clone(), partners: Vec::new(), year, value_added: ValueAdded::Residual, options };
    equilibrium::run(&WORLD, &Scenario::of_controls(home, year, controls), &params)
}

fn control(by: Bloc, against: Bloc, sectors: &[&str], severity: f64) -> Control {
    let sectors = match sectors {
        [] => Sectors::All,
        codes => Sectors::These(codes.iter().map(|code| SectorCode::new(*code)).collect()),
    };
    Control::new(by, against, sectors, severity, Flows::Both).expect("a control")
}

fn told(finding: &Finding, region: &str, column: &str) -> f64 {
    let (at, of, sector) = (finding.column(column), finding.column("region"), finding.column("sector"));
    let (at, of, sector) = (at.expect("a column"), of.expect("a column"), sector.expect("a column"));
    let row = finding.rows.iter().find(|row| row[of].text() == region && row[sector].text() == "*").expect("a row");
    row[at].number().expect("a number")
}

#[test]
fn no_severity_changes_nothing() {
    for uses in ["together", "apart"] {
        let found = ask(vec![control(bloc(&["RUS"]), bloc(&["DEU"]), &[], 0.0)], 2011, &[("uses", uses)]);
        let found = found.expect("solved");
        for region in WORLD.classification().regions() {
            for column in ["real_income", "linear", "price", "output"] {
                // What the base itself is solved to.
                let change = told(&found, region.code.as_str(), column).abs();
                assert!(change < 1e-8, "{} {column} {change}", region.code);
            }
        }
    }
}

#[test]
fn losses_grow_with_severity_and_the_world_loses() {
    let mut before = 0.0;
    for severity in [0.25, 0.5, 0.75, 1.0] {
        let found =
            ask(vec![control(bloc(&["RUS"]), bloc(&["DEU"]), &["C", "23"], severity)], 2011, &[]).expect("solved");
        let germany = told(&found, "DEU", "real_income");
        assert!(germany < before && told(&found, "*", "real_income") < 0.0, "{severity}: {germany}");
        before = germany;
    }
    // Of a full denial nothing is left, and not a very small number.
    assert!(before > -0.05, "{before}");
}

/// Cut off both ways, a region keeps what its home shares say, ln real wage = α'(I − Γ')⁻¹ (ln π_nn / θ), which needs no equilibrium (Costinot &
/// Rodríguez-Clare 2014, for an economy that spends what it earns).
#[test]
fn autarky_is_what_home_shares_say() {
    let everything = |code: &str| {
        vec![control(all_but(code), bloc(&[code]), &[], 1.0), control(bloc(&[code]), all_but(code), &[], 1.0)]
    };
    let table = WORLD.table(2011).expect("a table");
    let base = calibrate(&table, vec![5.0; 35], false, 1e-11).expect("calibrated").economy;
    let base = base.closed(1e-11).expect("closed");
    for code in ["USA", "DEU", "BRA"] {
        let set = [("deficits", "closed"), ("theta", "5"), ("tolerance", "1e-11")];
        let found = ask(everything(code), 2011, &set).expect("solved");
        let n = WORLD.classification().region(code).expect("a region");
        let home = |j: usize| base.shares[0][base.flow(j, n, n)];
        // What is not used at all has no part in it.
        let mut term: Vec<f64> = (0..35).map(|j| if home(j) > 0.0 { home(j).ln() / 5.0 } else { 0.0 }).collect();
        let mut sum = term.clone();
        // Inputs of inputs of inputs: under 1e-12 of the first after 400 rounds, as no sector adds less than 1 % of value.
        for _ in 0..400 {
            let next = |j: usize| (0..35).map(|k| base.inputs[(n * 35 + k) * 35 + j] * term[k]).sum::<f64>();
            term = (0..35).map(next).collect();
            sum.iter_mut().zip(&term).for_each(|(sum, term)| *sum += term);
        }
        let expected: f64 = base.consumption[n * 35..].iter().zip(&sum).map(|(a, b)| a * b).sum::<f64>().exp_m1();
        for column in ["real_wage", "real_income"] {
            // Without tariffs and deficits income is wages; the base is solved to 1e-11.
            let told = told(&found, code, column);
            assert!((told - expected).abs() < 1e-9, "{code} {column}: {told} {expected}");
        }
        assert!((told(&found, code, "home_share_after") - 1.0).abs() < 1e-12);
    }
    // Held to a deficit, nobody can be cut off both ways.
    let error = ask(everything("USA"), 2011, &[]).expect_err("it cannot be").to_string();
    assert!(error.contains("USA") && error.contains("deficits=closed"), "{error}");
}

#[test]
fn what_cannot_be_asked_is_said() {
    let one = || vec![control(bloc(&["RUS"]), bloc(&["DEU"]), &[], 0.5)];
    assert!(matches!(ask(Vec::new(), 2011, &[]), Err(Error::NoControl(_))));
    assert!(
        Options::parse(&METHOD, [("theta", "-1")].into_iter()).is_err()
            && Options::parse(&METHOD, [("theta_factor", "0")].into_iter()).is_err()
    );
    assert!(Options::parse(&METHOD, [("elasticities", "Nobody2000")].into_iter()).is_err());
    // Luxembourg makes no leather: shut off from those who do, there is none.
    let leather = ask(vec![control(all_but("LUX"), bloc(&["LUX"]), &["19"], 1.0)], 2011, &[]);
    let error = leather.expect_err("nobody is left").to_string();
    assert!(error.contains("19 in LUX"), "{error}");
    assert_eq!(model("trade-equilibrium").expect("registered").method.name, METHOD.name);
    let both = ask(one(), 2011, &[("elasticities", "CaliendoParro2015")]).expect("solved");
    let own = ask(one(), 2011, &[]).expect("solved");
    assert_ne!(told(&both, "DEU", "real_income"), told(&own, "DEU", "real_income"));
}

#[test]
fn rows_are_in_order_and_hold_together() {
    let found = ask(
        vec![control(bloc(&["USA", "NLD", "JPN"]), bloc(&["CHN"]), &["29", "30t33"], 0.8)],
        2011,
        &[("detail", "sectors")],
    );
    let found = found.expect("solved");
    let (region, sector, income) = (0, 1, 2);
    let at = ["region", "sector", "income"].map(|name| found.column(name).expect("a column"));
    let rows: Vec<&Vec<Cell>> = found.rows.iter().filter(|row| row[at[region]].text() == "CHN").collect();
    assert_eq!(rows.len(), 36);
    let parts: f64 =
        rows.iter().filter(|row| row[at[sector]].text() != "*").filter_map(|row| row[at[income]].number()).sum();
    // A sum of 35 numbers.
    assert!((parts / told(&found, "CHN", "income") - 1.0).abs() < 1e-12);
    assert_eq!(found.rows.last().expect("rows")[at[region]].text(), "*");
}

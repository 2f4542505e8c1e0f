//! What denying costs and brings: severity curves, leverage, burden sharing; each against the trade equilibrium by itself.

use std::sync::LazyLock;
use zili_scenario::{Control, Flows, Scenario, Sectors};
use zili_shock::{Error, model};
use zili_world::{Bloc, Cell, Finding, Options, Params, RegionCode, SectorCode, ValueAdded, World};

static WORLD: LazyLock<World> = LazyLock::new(|| World::bundled("wiod2013").expect("bundled"));
const YEAR: i32 = 2011;

fn bloc(codes: &[&str]) -> Bloc {
    let members = codes.iter().map(|code| RegionCode::new(*code)).collect();
    Bloc::new(codes.join("+"), codes.join("+"), members).expect("a bloc")
}

fn control(by: &[&str], sectors: &[&str], severity: f64) -> Control {
    let sectors = Sectors::These(sectors.iter().map(|code| SectorCode::new(*code)).collect());
    Control::new(bloc(by), bloc(&["CHN"]), sectors, severity, Flows::Both).expect("a control")
}

fn ask(controls: Vec<Control>, name: &str, set: &[(&str, &str)]) -> Result<Finding, Error> {
    let asked = model(name).expect("a model");
    let home = bloc(&["CHN"]);
    let options = Options::parse(asked.method, set.iter().copied()).expect("options");
    let params =
        Params { home: home.clone(), partners: Vec::new(), year: YEAR, value_added: ValueAdded::Residual, options };
    asked.answer(&WORLD, &Scenario::of_controls(home, YEAR, controls), &params, &zili_world::Unwatched)
}

fn number(finding: &Finding, row: &[Cell], column: &str) -> f64 {
    row[finding.column(column).expect("a column")].number().unwrap_or(f64::NAN)
}

fn text<'a>(finding: &Finding, row: &'a [Cell], column: &str) -> &'a str {
    row[finding.column(column).expect("a column")].text()
}

/// Real income lost by some regions in the trade equilibrium, million USD.
fn lost(controls: Vec<Control>, regions: &[&str]) -> f64 {
    let found = ask(controls, "trade-equilibrium", &[]).expect("an equilibrium");
    let of = |row: &&Vec<Cell>| regions.contains(&text(&found, row, "region")) && text(&found, row, "sector") == "*";
    -found.rows.iter().filter(of).map(|row| number(&found, row, "worth")).sum::<f64>()
}

const DENIERS: [&str; 3] = ["USA", "NLD", "JPN"];
const SECTORS: [&str; 2] = ["29", "30t33"];

#[test]
fn each_point_of_the_curve_is_the_model_at_that_severity() {
    let curve = ask(vec![control(&DENIERS, &SECTORS, 0.3)], "severity-curve", &[("steps", "4")]).expect("a curve");
    assert_eq!(curve.rows.len(), 4);
    for row in &curve.rows {
        let severity = number(&curve, row, "severity");
        let home = lost(vec![control(&DENIERS, &SECTORS, severity)], &["CHN"]);
        let deniers = lost(vec![control(&DENIERS, &SECTORS, severity)], &DENIERS);
        // The same equilibrium: only sums are taken in another order.
        assert!((number(&curve, row, "denied_lost") - home).abs() < 1e-6 * home);
        assert!((number(&curve, row, "deniers_lost") - deniers).abs() < 1e-6 * deniers);
        assert!((number(&curve, row, "each") - home / deniers).abs() < 1e-6 * home / deniers);
    }
    let losses: Vec<f64> = curve.rows.iter().map(|row| number(&curve, row, "denied_loss")).collect();
    assert!(losses.is_sorted() && losses[0] > 0.0);
    let other = ask(vec![control(&DENIERS, &SECTORS, 0.3)], "severity-curve", &[("by", "network"), ("steps", "1")]);
    assert_eq!(other.expect("a curve").rows.len(), 1);
}

#[test]
fn exact_sets_are_the_best_of_all_and_greedy_ones_no_better() {
    let controls = vec![control(&DENIERS, &SECTORS, 0.8)];
    let found = ask(controls, "leverage", &[("size", "2"), ("least", "1e-9")]).expect("sets");
    let of = |kind: &str| {
        found.rows.iter().filter(|row| text(&found, row, "search") == kind).map(|row| row.to_vec()).collect::<Vec<_>>()
    };
    let (alone, greedy, exact) = (of("alone"), of("greedy"), of("exact"));
    assert_eq!((alone.len(), greedy.len(), exact.len()), (6, 2, 2));
    // Every set of two by brute force, each denial a control of its own.
    let pairs: Vec<(&str, &str)> = DENIERS.iter().flat_map(|by| SECTORS.iter().map(move |of| (*by, *of))).collect();
    let each = |set: &[(&str, &str)]| {
        let controls = || set.iter().map(|(by, of)| control(&[by], &[of], 0.8)).collect::<Vec<_>>();
        lost(controls(), &["CHN"]) / lost(controls(), &DENIERS)
    };
    let mut best = (f64::NEG_INFINITY, String::new());
    for (a, one) in pairs.iter().enumerate() {
        for other in &pairs[a + 1..] {
            let value = each(&[*one, *other]);
            assert!(value > 0.0, "none of these is free: {value}");
            if value > best.0 {
                let mut named = [format!("{} {}", one.0, one.1), format!("{} {}", other.0, other.1)];
                named.sort();
                best = (value, named.join(", "));
            }
        }
    }
    let value = number(&found, &exact[1], "each");
    // Two solutions to 1e-9 of incomes of 1e7, over a cost of more than 100.
    assert!((value / best.0 - 1.0).abs() < 1e-3, "{value} against {best:?}");
    let mut named: Vec<&str> = text(&found, &exact[1], "denials").split(", ").collect();
    named.sort_unstable();
    assert_eq!(named.join(", "), best.1);
    assert!(number(&found, &greedy[1], "each") <= value * (1.0 + 1e-9));
    assert_eq!(number(&found, &greedy[0], "each"), number(&found, &alone[0], "each"));
    assert_eq!(number(&found, &exact[0], "each"), number(&found, &alone[0], "each"));
    let order: Vec<f64> = alone.iter().map(|row| number(&found, row, "each")).collect();
    assert!(order.windows(2).all(|pair| pair[0] >= pair[1]), "{order:?}");
}

#[test]
fn leverage_is_of_denials_that_fall_on_home_and_are_felt_there() {
    let all = || vec![control(&DENIERS, &SECTORS, 0.8)];
    let felt = ask(all(), "leverage", &[("size", "1"), ("least", "0.5")]).expect("sets");
    let alone: Vec<f64> = felt
        .rows
        .iter()
        .filter(|row| text(&felt, row, "search") == "alone")
        .map(|row| number(&felt, row, "lost"))
        .collect();
    let most = alone.iter().copied().fold(0.0, f64::max);
    assert!(alone.len() < 6 && alone.iter().all(|lost| *lost >= 0.5 * most), "{alone:?}");

    // Home's retaliation, and what others deny each other, change nothing.
    let sectors = Sectors::These(vec![SectorCode::new("29")]);
    let mut answer = Control::new(bloc(&["CHN"]), bloc(&DENIERS), sectors.clone(), 1.0, Flows::Both).expect("one");
    answer.retaliation = true;
    let aside = Control::new(bloc(&["KOR"]), bloc(&["AUS"]), sectors, 1.0, Flows::Both).expect("one");
    let more =
        ask([all(), vec![answer.clone(), aside.clone()]].concat(), "leverage", &[("size", "1"), ("least", "0.5")]);
    assert_eq!(more.expect("sets").rows, felt.rows);
    for one in [answer, aside] {
        assert!(matches!(ask(vec![one], "leverage", &[]), Err(Error::Nothing(why)) if why.contains("CHN")));
    }
    let many = ask(
        vec![control(&DENIERS, &["29", "30t33", "24", "27t28", "25"], 0.8)],
        "leverage",
        &[("size", "8"), ("shortlist", "15"), ("least", "1e-9")],
    );
    assert!(matches!(many, Err(Error::Nothing(why)) if why.contains("too many")), "a search is bounded");
}

#[test]
fn sides_of_a_curve_are_those_of_the_denials_whoever_home_is() {
    let mut answer = Control::new(bloc(&["CHN"]), bloc(&["USA"]), Sectors::All, 0.1, Flows::Both).expect("one");
    answer.retaliation = true;
    let both = || vec![control(&["USA"], &["29"], 0.3), answer.clone()];
    let curve = ask(both(), "severity-curve", &[("steps", "2")]).expect("a curve");
    // Retaliation stays as it is, and its sides are none of the curve's.
    let half = lost(vec![control(&["USA"], &["29"], 0.5), answer.clone()], &["CHN"]);
    assert!((number(&curve, &curve.rows[0], "denied_lost") - half).abs() < 1e-6 * half);
    assert!(matches!(ask(vec![answer.clone()], "severity-curve", &[]), Err(Error::Nothing(_))));
    assert!(matches!(ask(vec![answer.clone()], "burden-sharing", &[]), Err(Error::Nothing(_))));
}

#[test]
fn a_coalition_whose_members_deny_each_other_is_refused() {
    let sectors = Sectors::These(vec![SectorCode::new("29")]);
    let against = Control::new(bloc(&["JPN"]), bloc(&["USA"]), sectors, 1.0, Flows::Both).expect("one");
    let refused = ask(vec![control(&DENIERS, &SECTORS, 0.8), against], "burden-sharing", &[]);
    assert!(matches!(refused, Err(Error::Nothing(why)) if why.contains("USA")));
}

#[test]
fn transfers_leave_all_members_with_the_same_loss_and_add_up_to_nothing() {
    let controls = || vec![control(&DENIERS, &SECTORS, 0.8)];
    let found = ask(controls(), "burden-sharing", &[]).expect("transfers");
    assert_eq!(found.rows.len(), 3);
    let column = |name: &str| found.rows.iter().map(|row| number(&found, row, name)).collect::<Vec<f64>>();
    let after = column("after_sharing");
    assert!(after.iter().all(|loss| (loss - after[0]).abs() < 2e-9), "{after:?}");
    assert!(column("transfer").iter().sum::<f64>().abs() < 1e-3 && column("transfer")[0] > 0.0);
    // Who loses most without transfers receives most.
    let before = column("before_sharing");
    assert!(before.windows(2).all(|pair| pair[0] <= pair[1]), "{before:?}");
    // The coalition's loss hardly changes: transfers move it within, but for what they do to prices.
    let total = |shares: &[f64]| shares.iter().zip(column("income")).map(|(share, income)| share * income).sum::<f64>();
    assert!((total(&after) / total(&before) - 1.0).abs() < 0.1);
    let alone = ask(vec![control(&["JPN"], &SECTORS, 0.8)], "burden-sharing", &[]).expect("nothing to share");
    assert_eq!(number(&alone, &alone.rows[0], "transfer"), 0.0);
}

#[test]
fn without_controls_there_is_nothing_to_say() {
    for name in ["severity-curve", "leverage", "burden-sharing", "network", "diffusion"] {
        assert!(matches!(ask(Vec::new(), name, &[]), Err(Error::NoControl(_))), "{name}");
    }
}

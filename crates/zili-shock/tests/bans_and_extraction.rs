//! Denials and extractions: references (1e-10 relative, as given with them), the worked figure, and brute force
//! (1e-12 of output: two ways of rounding one solve).

use proptest::prelude::*;
use zili_scenario::{Control, Flows, Scenario, Sectors};
use zili_shock::ban::Losses;
use zili_shock::extraction::{Variant, every_industry, extract};
use zili_shock::{model, scan as scan_model};
use zili_testkit::oracle::{Arrays, beside, own};
use zili_testkit::{ask, assert_close, bloc, random, region};
use zili_world::linalg::Lu;
use zili_world::{Bloc, Finding, Matrix, System, World};

fn control(by: Bloc, against: Bloc, sectors: Sectors, severity: f64) -> Control {
    Control::new(by, against, sectors, severity, Flows::Both).expect("a control")
}

/// Full solves, a new system for each question: (denied inputs, lost sales) by industry.
fn brute_force(system: &System, control: &Control) -> (Vec<f64>, Vec<f64>) {
    let denial = control.on(system.classification()).expect("codes");
    let n = system.industries();
    let (table, x) = (system.table(), system.output());
    let mut z = table.z.clone();
    let mut f = table.final_use();
    for (k, &i) in denial.suppliers.iter().enumerate() {
        for (b, &buyer) in denial.buyers.iter().enumerate() {
            let columns = system.classification().final_columns_of(buyer);
            system.classification().industries_of(buyer).for_each(|j| z[(i, j)] *= 1.0 - denial.intermediate[(k, b)]);
            f[i] -= denial.final_use[(k, b)] * columns.map(|c| table.y[(i, c)]).sum::<f64>();
        }
    }
    let inverse = system.inverse_output();
    let identity = |i: usize, j: usize| f64::from(u8::from(i == j));
    let leontief = Matrix::from_fn(n, n, |i, j| identity(i, j) - z[(i, j)] * inverse[j]);
    let sales = Lu::factor(leontief).expect("regular").solve_vector(f);
    let ghosh = Matrix::from_fn(n, n, |i, j| identity(i, j) - z[(i, j)] * inverse[i]);
    let mut inputs = Matrix::from_rows(1, n, table.residual());
    Lu::factor(ghosh).expect("regular").solve_rows(&mut inputs);
    let lost = |after: &[f64]| x.iter().zip(after).map(|(x, after)| x - after).collect();
    (lost(inputs.row(0)), lost(&sales))
}

/// Gap relative to output, not to the loss: a loss is a difference of outputs.
fn assert_same_loss(what: &str, system: &System, found: &[f64], expected: &[f64], tolerance: f64) {
    let scale = system.output().iter().fold(0.0f64, |m, x| m.max(x.abs()));
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= tolerance * scale, "{what}, industry {i}: {found} against {expected}");
    }
}

fn check_references(arrays: &mut Arrays, regions: usize, sectors: usize) {
    let world = arrays.world(regions, sectors);
    let system = world.system(zili_testkit::YEAR).expect("system");
    let x = system.output().to_vec();
    for (array, variant) in [
        ("hem_full_x", Variant::Full),
        ("hem_backward_x", Variant::Backward),
        ("hem_export_x", Variant::Export),
        ("hem_isolate_x", Variant::Isolate),
    ] {
        let expected = arrays.matrix(array);
        for r in 0..regions {
            let set: Vec<usize> = world.classification().industries_of(r).collect();
            let loss = extract(&system, &set, variant).expect("extracted");
            let after: Vec<f64> = x.iter().zip(&loss).map(|(x, loss)| x - loss).collect();
            assert_close(array, &after, expected.row(r), 1e-10);
        }
    }
    // Regions 1 and 2 are denied sectors 1 and 3 by region 0.
    let named = [1, 3].map(|s| world.classification().sectors()[s].code.clone());
    let ban = control(region(&world, 0), bloc(&world, &[1, 2]), Sectors::These(named.to_vec()), 1.0);
    let losses = Losses::under(&system, &[ban]).expect("answered");
    let relative = |loss: &[f64]| loss.iter().zip(&x).map(|(loss, x)| loss / x).collect::<Vec<_>>();
    assert_close("HOT", &relative(&losses.lost_sales), &arrays.vector("HOT_full"), 1e-10);
    assert_close("SHOT", &relative(&losses.denied_inputs), &arrays.vector("SHOT_full"), 1e-10);
}

#[test]
fn tiny57_extraction_and_imbs_pauwels() {
    check_references(&mut Arrays::open(&own("tiny57/static.npz")), 5, 7);
}

#[test]
fn dense57_extraction_and_imbs_pauwels() {
    check_references(&mut Arrays::open(&own("dense57/static.npz")), 5, 7);
}

#[test]
fn pymrio_test_system_extraction_and_imbs_pauwels() {
    let Some(path) = beside("oracles/static/pymriotest/static.npz") else { return };
    check_references(&mut Arrays::open(&path), 6, 8);
}

/// Machinery and electrical equipment of USA, NLD and JPN denied to CHN, 2011: output lost by China 243,712; value added lost for want of sales JPN 78,856, USA 45,322, NLD 2,257 million USD.
#[test]
fn chips_and_machinery_denied_to_china_2011() {
    let world = World::bundled("wiod2013").expect("bundled");
    let at = |code: &str| world.classification().region(code).expect("known");
    let by = bloc(&world, &["USA", "NLD", "JPN"].map(at));
    let sectors = Sectors::These(vec!["29".into(), "30t33".into()]);
    let control = control(by, region(&world, at("CHN")), sectors, 1.0);
    let model = model("ban").expect("known");
    let mut params = ask(&world, region(&world, at("CHN")), model.method, &[]);
    params.value_added = zili_world::ValueAdded::Published;
    let finding = model
        .answer(
            &world,
            &Scenario::of_controls(params.home.clone(), params.year, vec![control]),
            &params,
            &zili_world::Unwatched,
        )
        .expect("answered");
    // Published to the million.
    let is = |code: &str, name: &str, expected: f64| {
        let (r, c) = (finding.column("region").expect("column"), finding.column(name).expect("column"));
        let row = finding.rows.iter().find(|row| row[r].text() == code).expect("a row");
        let found = row[c].number().expect("a number");
        assert!((found - expected).abs() < 0.5, "{code}: {found} against {expected}");
    };
    is("CHN", "denied_inputs_output", 243_712.0);
    is("JPN", "lost_sales_value_added", 78_856.0);
    is("USA", "lost_sales_value_added", 45_322.0);
    is("NLD", "lost_sales_value_added", 2_257.0);
}

fn scan(world: &World, home: Bloc, over: &str, partners: Option<Vec<Bloc>>, severity: f64) -> Finding {
    let severity = severity.to_string();
    let mut params = ask(world, home, &scan_model::METHOD, &[("over", over), ("severity", &severity)]);
    params.partners = partners.unwrap_or(params.partners);
    scan_model::run(world, &params).expect("answered")
}

/// What a line of a scan must equal: the ban it stands for.
fn assert_line_is_ban(world: &World, home: &[usize], by: &[usize], sectors: Sectors, severity: f64, line: &[f64]) {
    let system = world.system(zili_testkit::YEAR).expect("system");
    let labels = world.classification();
    let losses =
        Losses::under(&system, &[control(bloc(world, by), bloc(world, home), sectors, severity)]).expect("answered");
    let v = system.value_added_coefficients(zili_world::ValueAdded::Residual).expect("coefficients");
    let value = |loss: &[f64], regions: &[usize]| -> f64 {
        regions.iter().flat_map(|&r| labels.industries_of(r)).map(|i| loss[i] * v[i]).sum()
    };
    let expected = [value(&losses.denied_inputs, home), value(&losses.lost_sales, by)];
    let scale: f64 = system.output().iter().sum();
    for (found, expected) in line.iter().zip(expected) {
        assert!((found - expected).abs() <= 1e-12 * scale, "{found} against {expected}");
    }
}

fn line_of(finding: &Finding, partner: &str, sector: &str) -> Vec<f64> {
    let (p, s) = (finding.column("partner").expect("column"), finding.column("sector").expect("column"));
    let row = finding.rows.iter().find(|row| row[p].text() == partner && row[s].text() == sector).expect("a row");
    ["home_loss", "denier_loss"]
        .map(|name| row[finding.column(name).expect("column")].number().expect("a number"))
        .to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The low-rank answers equal full solves, on whichever side the small system is.
    #[test]
    fn ban_by_low_rank_is_the_full_solve(recipe in random::recipe(), severity in 0.0..=1.0f64, one_sector: bool) {
        let world = recipe.world();
        let system = world.system(zili_testkit::YEAR).expect("system");
        let sectors = if one_sector { Sectors::These(vec!["S00".into()]) } else { Sectors::All };
        for (by, against) in [(vec![0], (1..recipe.regions).collect::<Vec<_>>()), ((1..recipe.regions).collect(), vec![0])] {
            let control = control(bloc(&world, &by), bloc(&world, &against), sectors.clone(), severity);
            let (inputs, sales) = brute_force(&system, &control);
            let losses = Losses::under(&system, &[control]).expect("answered");
            assert_same_loss("denied inputs", &system, &losses.denied_inputs, &inputs, 1e-12);
            assert_same_loss("lost sales", &system, &losses.lost_sales, &sales, 1e-12);
        }
    }

    #[test]
    fn a_ban_of_nothing_costs_nothing(recipe in random::recipe()) {
        let world = recipe.world();
        let system = world.system(zili_testkit::YEAR).expect("system");
        let losses = Losses::under(&system, &[control(region(&world, 0), region(&world, 1), Sectors::All, 0.0)]).expect("answered");
        prop_assert!(losses.denied_inputs.iter().chain(&losses.lost_sales).all(|loss| *loss == 0.0));
    }

    #[test]
    fn two_controls_on_one_flow_are_the_more_severe(recipe in random::recipe()) {
        let world = recipe.world();
        let system = world.system(zili_testkit::YEAR).expect("system");
        let with = |severity: f64| control(region(&world, 0), region(&world, 1), Sectors::All, severity);
        let both = Losses::under(&system, &[with(0.3), with(0.8)]).expect("answered");
        let severe = Losses::under(&system, &[with(0.8)]).expect("answered");
        prop_assert_eq!(both.denied_inputs, severe.denied_inputs);
        prop_assert_eq!(both.lost_sales, severe.lost_sales);
    }

    #[test]
    fn every_line_of_a_scan_is_the_ban_it_stands_for(recipe in random::recipe(), severity in 0.1..=1.0f64) {
        let world = recipe.world();
        let labels = world.classification();
        let code = |r: usize| labels.regions()[r].code.to_string();
        let others: Vec<usize> = (1..recipe.regions).collect();

        let partners = scan(&world, region(&world, 0), "partners", None, severity);
        let pairs = scan(&world, region(&world, 0), "pairs", None, severity);
        for &r in &others {
            assert_line_is_ban(&world, &[0], &[r], Sectors::All, severity, &line_of(&partners, &code(r), "*"));
            for sector in labels.sectors() {
                let these = Sectors::These(vec![sector.code.clone()]);
                assert_line_is_ban(&world, &[0], &[r], these, severity, &line_of(&pairs, &code(r), sector.code.as_str()));
            }
        }
        let sectors = scan(&world, region(&world, 0), "sectors", None, severity);
        for sector in labels.sectors() {
            let these = Sectors::These(vec![sector.code.clone()]);
            assert_line_is_ban(&world, &[0], &others, these, severity, &line_of(&sectors, "*", sector.code.as_str()));
        }
        let singles: Vec<Bloc> = others.iter().map(|&r| region(&world, r)).collect();
        let coalitions = scan(&world, region(&world, 0), "coalitions", Some(singles), severity);
        prop_assert_eq!(coalitions.rows.len(), (1 << others.len()) - 1);
        let all = others.iter().map(|&r| code(r)).collect::<Vec<_>>().join("+");
        assert_line_is_ban(&world, &[0], &others, Sectors::All, severity, &line_of(&coalitions, &all, "*"));
        // A bloc at home, wider than its suppliers are many.
        if recipe.regions > 2 {
            let home: Vec<usize> = (1..recipe.regions).collect();
            let finding = scan(&world, bloc(&world, &home), "partners", None, severity);
            assert_line_is_ban(&world, &home, &[0], Sectors::All, severity, &line_of(&finding, &code(0), "*"));
        }
    }

    #[test]
    fn what_a_partner_loses_in_return_is_the_ban_turned_round(recipe in random::recipe()) {
        let world = recipe.world();
        let finding = scan(&world, region(&world, 0), "partners", None, 1.0);
        let returned = scan(&world, region(&world, 1), "partners", None, 1.0);
        let code = |r: usize| world.classification().regions()[r].code.to_string();
        let row = |finding: &Finding, r: usize, name: &str| {
            let p = finding.column("partner").expect("column");
            let row = finding.rows.iter().find(|row| row[p].text() == code(r)).expect("a row");
            row[finding.column(name).expect("column")].number().expect("a number")
        };
        let (a, b) = (row(&finding, 1, "return_loss"), row(&returned, 0, "home_loss"));
        prop_assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} against {b}");
    }

    #[test]
    fn single_extractions_in_closed_form_are_brute_force(recipe in random::recipe()) {
        let world = recipe.world();
        let system = world.system(zili_testkit::YEAR).expect("system");
        let n = system.industries();
        let every = every_industry(&system, &vec![1.0; system.industries()]);
        let (backward, forward) = (every.backward, every.forward);
        let (inverse, x) = (system.inverse_output(), system.output());
        let identity = |i: usize, j: usize| f64::from(u8::from(i == j));
        let z = &system.table().z;
        let total: f64 = x.iter().sum();
        for k in 0..n {
            let a = Matrix::from_fn(n, n, |i, j| identity(i, j) - if j == k { 0.0 } else { z[(i, j)] * inverse[j] });
            let after = Lu::factor(a).expect("regular").solve_vector(system.table().final_use());
            let expected = total - after.iter().sum::<f64>();
            prop_assert!((backward[k] - expected).abs() <= 1e-12 * total, "backward {k}: {} against {expected}", backward[k]);
            let b = Matrix::from_fn(n, n, |i, j| identity(i, j) - if i == k { 0.0 } else { z[(i, j)] * inverse[i] });
            let mut after = Matrix::from_rows(1, n, system.table().residual());
            Lu::factor(b).expect("regular").solve_rows(&mut after);
            let expected = total - after.row(0).iter().sum::<f64>();
            prop_assert!((forward[k] - expected).abs() <= 1e-12 * total, "forward {k}: {} against {expected}", forward[k]);
            for (variant, sum) in [(Variant::Backward, backward[k]), (Variant::Forward, forward[k])] {
                let loss: f64 = extract(&system, &[k], variant).expect("extracted").iter().sum();
                prop_assert!((loss - sum).abs() <= 1e-12 * total);
            }
        }
    }

    #[test]
    fn ghosh_by_scaling_is_the_inverse(recipe in random::recipe()) {
        let world = recipe.world();
        let system = world.system(zili_testkit::YEAR).expect("system");
        let n = system.industries();
        let (x, inverse) = (system.output(), system.inverse_output());
        let b = Matrix::from_fn(n, n, |i, j| f64::from(u8::from(i == j)) - system.table().z[(i, j)] * inverse[i]);
        let ghosh = Lu::factor(b).expect("regular").inverse();
        let scaled = Matrix::from_fn(n, n, |i, j| match inverse[i] != 0.0 {
            true => system.leontief()[(i, j)] * x[j] * inverse[i],
            // An industry without output sells nothing: its row of G is the identity's.
            false => f64::from(u8::from(i == j)),
        });
        assert_close("G", scaled.as_slice(), ghosh.as_slice(), 1e-12);
    }

    #[test]
    fn bans_do_not_depend_on_the_order_of_labels(recipe in random::recipe()) {
        let (world, (permuted, industry)) = (recipe.world(), recipe.permuted());
        let under = |world: &World, by: usize, against: usize| {
            let system = world.system(zili_testkit::YEAR).expect("system");
            Losses::under(&system, &[control(region(world, by), region(world, against), Sectors::All, 1.0)]).expect("answered")
        };
        let last = recipe.regions - 1;
        let (a, b) = (under(&world, 0, 1), under(&permuted, last, last - 1));
        let moved: Vec<f64> = industry.iter().map(|&i| a.denied_inputs[i]).collect();
        let system = world.system(zili_testkit::YEAR).expect("system");
        assert_same_loss("permuted", &system, &b.denied_inputs, &moved, 1e-12);
    }
}

/// One column an industry extracted, one row an industry that loses.
#[test]
fn ioanalysis_extraction_tiny57() {
    let Some(folder) = beside("oracles/gvc") else { return };
    let world = Arrays::open(&own("tiny57/static.npz")).world(5, 7);
    let system = world.system(zili_testkit::YEAR).expect("system");
    let numbers = |file: &str| -> Vec<Vec<f64>> {
        let text =
            std::fs::read_to_string(folder.join(format!("tiny57_ioan_extraction_{file}.csv"))).expect("readable");
        let fields =
            |line: &str| line.split(',').skip(1).map(|v| v.trim_matches('"').parse().expect("a number")).collect();
        text.lines().skip(1).map(fields).collect()
    };
    for (file, variant) in [("backward", Variant::Backward), ("forward", Variant::Forward)] {
        let expected = numbers(file);
        for j in 0..35 {
            let loss = extract(&system, &[j], variant).expect("extracted");
            let expected: Vec<f64> = expected.iter().map(|row| row[j]).collect();
            assert_same_loss(file, &system, &loss, &expected, 1e-10);
        }
        let region: Vec<usize> = (0..7).collect();
        let loss = extract(&system, &region, variant).expect("extracted");
        let expected = numbers(&format!("simul_R00_{file}")).concat();
        assert_same_loss("region 0", &system, &loss, &expected, 1e-10);
    }
}

//! Koopman, Wang & Wei's nine terms against decompr, and the identities of the decompositions.

use proptest::prelude::*;
use std::path::Path;
use zili_exposure::measure;
use zili_testkit::oracle::{Arrays, beside, own};
use zili_testkit::{ask, assert_close, bloc, column, random, region, world};
use zili_world::{Bloc, Finding, Matrix, World};

fn run(world: &World, name: &str, home: Bloc) -> Finding {
    let measure = measure(name).expect("known");
    (measure.run)(world, &ask(world, home, measure.method, &[])).expect("answered")
}

/// Numbers of a csv with a header, its first `skip` columns dropped.
fn numbers(path: &Path, skip: usize) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(path).expect("readable");
    let fields =
        |line: &str| line.split(',').skip(skip).map(|v| v.trim_matches('"').parse().expect("a number")).collect();
    text.lines().skip(1).filter(|line| !line.is_empty()).map(fields).collect()
}

/// Tolerance 1e-9 of exports, as given with the references.
fn agrees_with_reference(world: &World, expected: &[Vec<f64>]) {
    for (r, expected) in expected.iter().enumerate() {
        let found = column(&run(world, "kww", region(world, r)), "value");
        let exports: f64 = expected.iter().sum();
        for (k, (found, expected)) in found.iter().zip(expected).enumerate() {
            assert!((found - expected).abs() <= 1e-9 * exports, "region {r}, term {k}: {found} against {expected}");
        }
    }
}

#[test]
fn decompr_kww_tiny57() {
    let world = Arrays::open(&own("tiny57/static.npz")).world(5, 7);
    agrees_with_reference(&world, &numbers(&own("tiny57/decompr_kww.csv"), 2));
}

/// exvatools gives each term by exporting sector; a region's sectors add up to zili's term.
#[test]
fn exvatools_kww_tiny57() {
    let Some(folder) = beside("oracles/gvc") else { return };
    let world = Arrays::open(&own("tiny57/static.npz")).world(5, 7);
    let terms = ["VAX1", "VAX2", "VAX3", "REF1", "REF2", "DDC", "FVA1", "FVA2", "FDC"];
    let by_term: Vec<Vec<f64>> =
        terms.map(|term| numbers(&folder.join(format!("tiny57_exva_kww_terms_{term}.csv")), 1).concat()).to_vec();
    let of_region = |r: usize| by_term.iter().map(|term| term[r * 7..(r + 1) * 7].iter().sum()).collect();
    agrees_with_reference(&world, &(0..5).map(of_region).collect::<Vec<_>>());
}

#[test]
fn decompr_kww_leather() {
    let Some(folder) = beside("oracles/leather") else { return };
    let matrix = |file: &str| {
        let rows = numbers(&folder.join(file), 1);
        Matrix::from_rows(rows.len(), rows[0].len(), rows.concat())
    };
    let codes = |letter: &str| (0..3).map(|k| format!("{letter}{k}")).collect::<Vec<_>>();
    // The example's output is given beside its flows; they balance, so row sums are that output.
    let world = world(&codes("R"), &codes("S"), 1, matrix("inter.csv"), matrix("final.csv"));
    let published = matrix("out.csv");
    let system = world.system(zili_testkit::YEAR).expect("system");
    assert_close("output", system.output(), published.as_slice(), 1e-12);
    agrees_with_reference(&world, &numbers(&folder.join("leather_kww.csv"), 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nine_terms_sum_to_exports(recipe in random::recipe()) {
        let world = recipe.world();
        for r in 0..recipe.regions {
            let terms: f64 = column(&run(&world, "kww", region(&world, r)), "value").iter().sum();
            let accounts = run(&world, "accounts", region(&world, r));
            let last = |name: &str| *column(&accounts, name).last().expect("a row");
            let exports = last("exports_intermediate") + last("exports_final");
            // 1e-9: the accuracy promised for every decomposition.
            prop_assert!((terms - exports).abs() <= 1e-9 * last("output").abs().max(exports.abs()), "{terms} against {exports}");
        }
    }

    #[test]
    fn five_loops_sum_to_value_added(recipe in random::recipe()) {
        let world = recipe.world();
        for home in [region(&world, 0), bloc(&world, &[0, recipe.regions - 1])] {
            let parts: f64 = column(&run(&world, "dual-circulation", home.clone()), "value").iter().sum();
            let accounts = run(&world, "accounts", home);
            let gdp = *column(&accounts, "value_added").last().expect("a row");
            prop_assert!((parts - gdp).abs() <= 1e-9 * gdp.abs().max(1.0), "{parts} against {gdp}");
        }
    }

    #[test]
    fn value_added_of_all_origins_is_final_use(recipe in random::recipe()) {
        let world = recipe.world();
        let finding = run(&world, "bilateral", region(&world, 0));
        let shares: f64 = column(&finding, "partner_share_at_home").iter().sum();
        // A home that uses nothing finally has nothing to share out: missing, not zero.
        let used = column(&finding, "partner_value_at_home").iter().any(|v| *v != 0.0);
        prop_assert!(if used { (shares - 1.0).abs() <= 1e-9 } else { shares.is_nan() }, "{shares}");
        let shares: f64 = column(&finding, "home_share_there").iter().sum();
        // A home that makes nothing has no value added to share out: missing, not zero.
        let makes_something = world.system(zili_testkit::YEAR).expect("system").output()[..recipe.sectors].iter().any(|x| *x > 0.0);
        prop_assert!(if makes_something { (shares - 1.0).abs() <= 1e-9 } else { shares.is_nan() }, "{shares}");
    }

    #[test]
    fn decompositions_do_not_depend_on_the_order_of_labels(recipe in random::recipe()) {
        let (world, (permuted, _)) = (recipe.world(), recipe.permuted());
        for name in ["kww", "dual-circulation"] {
            let a = column(&run(&world, name, region(&world, 0)), "value");
            let b = column(&run(&permuted, name, region(&permuted, recipe.regions - 1)), "value");
            let scale = a.iter().map(|v| v.abs()).sum::<f64>().max(1.0);
            for (a, b) in a.iter().zip(&b) {
                // Sums run in another order: rounding only.
                prop_assert!((a - b).abs() <= 1e-11 * scale, "{name}: {a} against {b}");
            }
        }
    }
}

#[test]
fn parts_sum_on_the_bundled_world_for_every_region() {
    let world = World::bundled("wiod2013").expect("bundled");
    let _held = world.system(2011).expect("2011");
    for r in 0..world.classification().regions().len() {
        let home = region(&world, r);
        for (name, share) in [("kww", "share"), ("dual-circulation", "share"), ("bilateral", "partner_share_at_home")] {
            let sum: f64 = column(&run(&world, name, home.clone()), share).iter().sum();
            assert!((sum - 1.0).abs() <= 1e-9, "{name} of {}: {sum}", home.code);
        }
    }
}

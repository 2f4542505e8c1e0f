//! The bundled tables say what the published ones say.

use zili_world::{ValueAdded, World};

fn trillion(values: &[f64], positions: impl Iterator<Item = usize>) -> f64 {
    positions.map(|i| values[i]).sum::<f64>() / 1e6
}

#[test]
fn wiod_2011_value_added_is_67_40_trillion() {
    let world = World::bundled("wiod2013").expect("bundled");
    let system = world.system(2011).expect("2011");
    let v = system.value_added(ValueAdded::Published).expect("published");
    // Published to two decimals of a trillion.
    let is = |found: f64, expected: f64| assert!((found - expected).abs() < 0.005, "{found} against {expected}");
    is(trillion(&v, 0..v.len()), 67.40);
    for (code, expected) in [("CHN", 7.30), ("USA", 15.09), ("JPN", 5.87)] {
        let region = world.classification().region(code).expect("known");
        is(trillion(&v, world.classification().industries_of(region)), expected);
    }
}

#[test]
fn every_year_has_41_regions_and_35_sectors_and_balances() {
    let world = World::bundled("wiod2013").expect("bundled");
    assert_eq!(world.years(), (1995..=2011).collect::<Vec<_>>());
    for year in world.years() {
        let system = world.system(year).expect("a year");
        assert_eq!(system.industries(), 41 * 35);
        let back = system.output_for(system.table().final_use());
        // 1e-12 of the largest output: rounding of one solve.
        zili_testkit::assert_close("L f", &back, system.output(), 1e-12);
    }
}

#[test]
fn codes_are_canonical_and_aliases_are_known() {
    let world = World::bundled("wiod2013").expect("bundled");
    let labels = world.classification();
    assert_eq!(labels.region("rou").expect("ROU"), labels.region("Romania").expect("name"));
    assert!(labels.region("ROW").is_ok());
    assert_eq!(labels.sector("c14").expect("alias"), labels.sector("30t33").expect("code"));
    let error = labels.region("CHA").expect_err("unknown").to_string();
    assert!(error.contains("did you mean") && error.contains("CHN"), "{error}");
}

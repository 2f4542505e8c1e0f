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

/// OECD (2025), Inter-Country Input-Output Tables, 2022: published margins, to the digits printed.
#[test]
fn icio_2022_has_the_published_margins() {
    let world = World::bundled("icio2022").expect("bundled");
    assert_eq!((world.classification().regions().len(), world.classification().sectors().len()), (81, 50));
    let table = world.table(2022).expect("2022");
    let labels = world.classification();
    let v = table.published_value_added().expect("published");
    let is = |found: f64, expected: f64| assert!((found - expected).abs() < 0.0005, "{found} against {expected}");
    is(trillion(&v, 0..v.len()), 93.808);
    for (code, expected) in [
        ("CHN", 16.535),
        ("USA", 24.836),
        ("JPN", 3.872),
        ("DEU", 3.691),
        ("TWN", 0.736),
        ("NLD", 0.904),
        ("KOR", 1.656),
        ("IND", 3.043),
    ] {
        let region = labels.region(code).expect("known");
        is(trillion(&v, labels.industries_of(region)), expected);
    }
    // Of the world's final use; published to two decimals of a trillion.
    for (kind, expected) in [("HFCE", 51.02), ("GGFC", 16.45), ("GFCF", 25.70)] {
        let position = labels.categories().iter().position(|category| category.code == kind).expect("known");
        let columns: Vec<usize> =
            (0..labels.regions().len()).map(|r| labels.final_columns_of(r).start + position).collect();
        let found = table.final_use_of(&columns).iter().sum::<f64>() / 1e6;
        assert!((found - expected).abs() < 0.005, "{kind} {found}");
    }
    // Cells are rounded to hundredths, 4,536 of them in a row: a fifth of a million is what that leaves.
    let electronics =
        labels.industries_of(labels.region("CHN").expect("known")).start + labels.sector("C26").expect("known");
    assert!((table.output()[electronics] - 2_136_721.18).abs() < 0.5, "{}", table.output()[electronics]);
    assert!(world.estimates_note().is_some_and(|note| note.contains("0.2 points")));
}

#[test]
fn every_bundled_classification_knows_its_sectors() {
    for (world, electronics, power) in [("icio2022", "C26", "D"), ("wiod2013", "30t33", "E")] {
        let world = World::bundled(world).expect("bundled");
        let labels = world.classification();
        labels.placed("a test").expect("placed");
        let storable = |code: &str| labels.storable(labels.sector(code).expect("known"));
        assert_eq!((storable(electronics), storable(power)), (Some(true), Some(false)));
        assert_eq!(labels.sector_at("2610"), labels.sector(electronics).ok());
        // ISIC Rev. 4, section C, in either; each of the sectors of WIOD from food to recycling.
        let made = labels.sectors_in(zili_world::isic::Group::Manufacturing).len();
        assert_eq!(made, if electronics == "C26" { 19 } else { 14 });
    }
}

/// Made again from its numbers, the bundled table has the bytes that ship.
#[test]
fn icio_2022_is_written_with_the_bytes_that_ship() {
    let world = World::bundled("icio2022").expect("bundled");
    let root = tempfile::tempdir().expect("a folder");
    let table = world.table(2022).expect("a table");
    let place = zili_world::store::write(root.path(), world.manifest().clone(), &[table], false).expect("written");
    let back = World::open(&place).expect("opened");
    assert_eq!(back.manifest().tables, world.manifest().tables, "SHA-256 of each file");
}

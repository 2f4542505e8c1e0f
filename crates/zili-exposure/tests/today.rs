//! Figures of the table of 2022 that were computed elsewhere from the same table, to the digits given.

use zili_exposure::measure;
use zili_testkit::{ask, region};
use zili_world::World;

/// Look-through and direct self-reliance: with numpy, from the published margins and flows.
#[test]
fn look_through_self_reliance_of_2022() {
    let world = World::bundled("icio2022").expect("bundled");
    // Held, so that it is factored once.
    let _system = world.system(2022).expect("2022");
    let share = |home: &str, sector: &str, column: &str| {
        let home = region(&world, world.classification().region(home).expect("known"));
        let measure = measure("self-sufficiency").expect("known");
        let mut params = ask(&world, home, measure.method, &[]);
        params.value_added = zili_world::ValueAdded::Published;
        let finding = (measure.run)(&world, &params).expect("answered");
        let (s, c) = (finding.column("sector").expect("a column"), finding.column(column).expect("a column"));
        let row = finding.rows.iter().find(|row| row[s].text() == sector).expect("a row");
        row[c].number().expect("a share")
    };
    for (home, expected) in [
        ("CHN", 0.8703),
        ("USA", 0.8792),
        ("DEU", 0.7040),
        ("JPN", 0.7902),
        ("TWN", 0.6772),
        ("NLD", 0.6644),
        ("KOR", 0.7145),
    ] {
        let found = share(home, "*", "look_through");
        assert!((found - expected).abs() < 0.00005, "{home} {found}");
    }
    for (home, expected) in [("CHN", 0.775), ("USA", 0.554), ("DEU", 0.198), ("TWN", 0.693)] {
        let found = share(home, "C26", "direct");
        assert!((found - expected).abs() < 0.0005, "{home} {found}");
    }
}

//! Chains carried onto a table.

use zili_scenario::{BlocBook, Impact};
use zili_shock::{carried, chain, inventory};
use zili_testkit::ask;
use zili_world::World;

/// A sector of which a fifth needs the product loses a fifth of what the chain cannot make: week by week at its mean, and at its worst
/// where there is no time.
#[test]
fn what_a_chain_loses_is_capacity_of_the_sectors_that_need_it() {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/scenarios/chip-tools.toml"));
    let world = World::bundled("icio2022").expect("a world");
    let book = BlocBook::bundled().expect("blocs");
    let reading =
        zili_scenario::read(&text.expect("an example"), "chip-tools.toml", &world, &book, &zili_shock::settable());
    let reading = reading.expect("sound");
    // `[[chain]]` brings controls on inputs onto the table.
    assert!(reading.warnings.is_empty(), "{:?}", reading.warnings);
    let scenario = reading.scenario;
    let laid = carried::onto_table(&world, &scenario).expect("laid");
    assert!(laid.chains.is_empty() && laid.disruptions.len() > 200, "{}", laid.disruptions.len());
    let levels: Vec<f64> = laid
        .disruptions
        .iter()
        .map(|d| match d.impact {
            Impact::Capacity(level) => level,
            _ => panic!("{:?}", d.impact),
        })
        .collect();
    // What the model of the chain finds on the days that it reports.
    let params = ask(&world, scenario.home.clone(), &chain::METHOD, &[("every", "5")]);
    let finding = chain::run(&world, &scenario, &params).expect("a finding");
    let grade = finding.column("grade").expect("a column");
    let low: Vec<f64> = finding
        .rows
        .iter()
        .filter(|row| row[grade].text() == "leading-edge")
        .map(|row| row[finding.column("capacity_low").expect("a column")].number().expect("a share"))
        .collect();
    for disruption in &laid.disruptions {
        let Impact::Capacity(level) = disruption.impact else { panic!("capacity") };
        // A stretch is one step of five days here, and starts on a step.
        let t = (disruption.from / scenario.step).round() as usize;
        assert!((level - 0.1 * (1.0 - low[t])).abs() < 1e-15, "day {}: {level} {}", disruption.from, low[t]);
    }
    assert!(laid.disruptions.last().expect("one").lasts.is_infinite());
    let worst = carried::at_its_worst(&world, &scenario).expect("laid");
    let [only] = worst.disruptions.as_slice() else { panic!("{:?}", worst.disruptions) };
    assert_eq!(only.impact, Impact::Capacity(levels.iter().copied().fold(0.0, f64::max)));
}

/// The inventory model loses at least the value that the sectors cannot make, and more the more of them need the product.
#[test]
fn a_lost_chain_costs_the_economy_more_the_more_needs_it() {
    let world = World::bundled("wiod2013").expect("a world");
    let book = BlocBook::bundled().expect("blocs");
    let lost = |share: f64, case: &str| {
        let text = format!(
            "home = \"CHN\"\nhorizon = 365\nstep = 5\n[[control]]\nby = \"NLD\"\nagainst = \"home\"\ninputs = [\"euv-scanners\"]\nseverity = 1.0\n\
             [[chain]]\nname = \"advanced-chips\"\nsectors = [\"30t33\"]\nshare = {share}\ncase = \"{case}\"\n"
        );
        let scenario =
            zili_scenario::read(&text, "s.toml", &world, &book, &zili_shock::settable()).expect("sound").scenario;
        let params = ask(&world, scenario.home.clone(), &inventory::METHOD, &[]);
        let finding = inventory::run(&world, &scenario, &params, &zili_world::Unwatched).expect("a finding");
        let row =
            finding.rows.iter().find(|row| row[finding.column("region").expect("")].text() == "CHN").expect("home");
        let of = |name: &str| row[finding.column(name).expect("a column")].number().expect("a number");
        (of("value_added_lost"), of("lost_capacity"))
    };
    let (half, whole) = (lost(0.5, "worst"), lost(1.0, "worst"));
    assert!(half.0 >= half.1 && half.1 > 0.0, "{half:?}");
    // Direct losses are in proportion, as long as overtime is not used up.
    assert!((whole.1 / half.1 - 2.0).abs() < 0.05, "{half:?} {whole:?}");
    assert!(whole.0 > half.0);
    assert!(lost(1.0, "best").0 <= whole.0);
}

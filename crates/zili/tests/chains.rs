//! Technology chains from their files: the published one of 2025 and 2026 where it is at hand, and what the command line says of chains.

mod program;

use program::with_store as zili;
use std::path::Path;
use zili_exposure::chains::{chokepoints, inputs, mutual};
use zili_testkit::oracle::beside;
use zili_world::chain::{self, Chain, Share, Shares};
use zili_world::{Bloc, Finding, Params, World};

fn published(edition: &str) -> Option<Chain> {
    let folder = beside(&format!("data/chips-noncommercial/{edition}"))?;
    let zili_import::Kind::Chain(read) = zili_import::format("chip-chain").expect("a format").kind else {
        panic!("chip-chain holds a chain")
    };
    let text = read(&folder, "chips").expect("read");
    Some(chain::read(&text, "chips.toml").unwrap_or_else(|refusal| panic!("{refusal}")).0)
}

fn ask(world: &World, home: &str, method: &'static zili_world::Method) -> Params {
    let r = world.classification().region(home).expect("a region");
    let home = Bloc::of_region(world.classification(), r);
    zili_testkit::ask(world, home, method, &[("chain", "chips")])
}

/// The share of a region in an input by its id, as the publisher has it.
fn share(chain: &Chain, input: &str, region: &str) -> f64 {
    let shares = Shares::of(chain, chain.input(input).expect("an input")).expect("suppliers");
    let holding = shares.regions.iter().find(|(code, _)| code.as_str() == region).expect("a supplier").1;
    assert!(holding.is_known(), "{input} {region}: {holding:?}");
    holding.low * shares.published_sum
}

fn cell<'a>(finding: &'a Finding, key: &str, of: &str, column: &str) -> &'a str {
    let (key, column) = (finding.column(key).expect("a key"), finding.column(column).expect("a column"));
    finding.rows.iter().find(|row| row[key].text() == of).expect("a row")[column].text()
}

#[test]
fn published_chip_chain_2025() {
    let Some(chain) = published("2025") else { return };
    for (input, region, expected) in [
        // EUV scanners, design software, resist processing, ArF immersion and ArF scanners; then the stages.
        ("N20", "NLD", 1.00),
        ("N22", "NLD", 0.91),
        ("N22", "JPN", 0.09),
        ("N21", "JPN", 0.43),
        ("S1", "USA", 0.61),
        ("S2", "TWN", 0.47),
        ("S3", "TWN", 0.29),
    ] {
        let found = share(&chain, input, region);
        assert!((found - expected).abs() < 1e-9, "{input} {region}: {found}");
    }
    let above = (0..chain.inputs.len()).filter(|&i| chain.inputs[i].kind != chain::Kind::Stage).filter(|&i| {
        let large = |share: Share| matches!(share, Share::Known(share) if share > 0.70);
        chain.supplies_of(i).any(|supply| supply.region.is_some() && supply.firm.is_none() && large(supply.share))
    });
    assert_eq!(above.count(), 22);
    // A Dutch denial takes all EUV scanners away: the leading edge ends, mature chips are made with what Japan has.
    let world = World::bundled("wiod2013").expect("bundled").with_chain(chain);
    let finding = inputs::run(&world, &ask(&world, "CHN", &inputs::METHOD)).expect("a finding");
    assert_eq!(cell(&finding, "input", "N20", "alone"), "NLD");
    assert_eq!(cell(&finding, "input", "N20", "stops"), "leading-edge");
    let finding = mutual::run(&world, &ask(&world, "CHN", &mutual::METHOD)).expect("a finding");
    assert_eq!(cell(&finding, "partner", "NLD", "stops"), "leading-edge");
    let points = chokepoints::run(&world, &ask(&world, "CHN", &chokepoints::METHOD)).expect("a finding");
    let dutch = points.rows.iter().filter(|row| row[4].text() == "NLD");
    assert!(dutch.map(|row| (row[1].text(), row[2].text())).any(|found| found == ("leading-edge", "certain")));
}

#[test]
fn published_chip_chain_2026_is_read() {
    let Some(chain) = published("2026") else { return };
    assert_eq!(chain.inputs.iter().filter(|input| input.kind == chain::Kind::Product).count(), 1);
    assert!((0..chain.grades.len()).all(|g| chain.works(g, |_| false)[chain.product]));
}

#[test]
fn a_chain_that_ships_is_measured_and_one_of_the_users_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let (text, _, code) = zili(folder.path(), &["expose", "chain-chokepoints", "--home", "CHN", "--format", "csv"]);
    assert_eq!(code, Some(0));
    assert!(text.lines().any(|line| line.contains("leading-edge,certain,1,NLD,")), "{text}");
    let (_, said, code) =
        zili(folder.path(), &["expose", "chain-inputs", "--home", "CHN", "--set", "chain=advanced-chip"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("did you mean 'advanced-chips'?"), "{said}");
    let half = ["expose", "chain-chokepoints", "--home", "CHN", "--set", "order=0.5"];
    let (_, said, code) = zili(folder.path(), &half);
    assert_ne!(code, Some(0));
    assert!(said.contains("a whole number from 1 to 8"), "{said}");
    // Of fabs for mature chips one share is known, and another may be larger.
    let fabs = ["expose", "chain-inputs", "--home", "CHN", "--format", "json"];
    let (text, _, _) = zili(folder.path(), &fabs);
    let found: serde_json::Value = serde_json::from_str(&text).expect("json");
    let row = found["rows"].as_array().expect("rows").iter().find(|row| row["input"] == "mature-fabs");
    let row = row.expect("a row");
    assert!(row["top"].is_null() && row["kind"] == "process", "{row}");
    let file = folder.path().join("odd.toml");
    std::fs::write(&file, "name = \"odd\"\nproduct = \"p\"\n[[input]]\nid = \"p\"\nkind = \"thing\"\n")
        .expect("written");
    let name = file.display().to_string();
    let (_, said, code) = zili(folder.path(), &["expose", "chain-inputs", "--home", "CHN", "--chain-file", &name]);
    assert_ne!(code, Some(0));
    assert!(said.contains("odd.toml:5:8") && said.contains("unknown word 'thing'"), "{said}");
}

#[test]
fn the_example_of_a_chain_is_played_within_80_columns() {
    let folder = tempfile::tempdir().expect("a folder");
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/scenarios/chip-tools.toml");
    let (text, said, code) = zili(folder.path(), &["shock", "run", example, "--model", "chain", "--set", "every=365"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("not-on-a-table"), "{said}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.lines().any(|line| line.starts_with("leading-edge") && line.contains("euv-scanners")), "{text}");
    // Models of tables say that nothing of it is theirs, and what to do.
    for model in ["ban", "price"] {
        let (_, said, code) = zili(folder.path(), &["shock", "run", example, "--model", model]);
        assert_eq!(code, Some(1), "{said}");
        let all = ["on inputs of a chain or on firms only", "--model chain", "[[chain]]"];
        assert!(all.iter().all(|part| said.contains(part)), "{said}");
    }
}

#[test]
fn a_scenario_on_a_chain_alone_says_what_is_left_of_the_product() {
    let folder = tempfile::tempdir().expect("a folder");
    let example = include_str!("../../../examples/scenarios/chip-tools.toml");
    let (alone, carried) = example.split_once("[[chain]]").expect("carried onto the table");
    assert!(!carried.contains("[["), "nothing else comes after it");
    let file = folder.path().join("alone.toml");
    std::fs::write(&file, alone).expect("written");
    let (name, out) = (file.display().to_string(), folder.path().join("report").display().to_string());
    let (text, said, code) = zili(folder.path(), &["assess", "CHN", "--scenario", &name, "--out", &out]);
    assert_eq!(code, Some(0), "{said}");
    // Nothing is lost on the table: no loss of nothing, but the least of what model `chain` finds.
    assert!(!text.contains("Loss if it happens"), "{text}");
    let played = ["shock", "run", &name, "--model", "chain", "--format", "csv"];
    let (found, said, _) = zili(folder.path(), &played);
    assert!(!found.is_empty(), "{said}");
    let column = found.lines().next().and_then(|head| head.split(',').position(|name| name == "capacity_low"));
    let shares = found.lines().skip(1).filter_map(|line| line.split(',').nth(column?)?.parse().ok());
    let least = 100.0 * shares.fold(1.0, f64::min);
    let card =
        text.lines().find(|line| line.starts_with("Still made if it happens")).unwrap_or_else(|| panic!("{text}"));
    assert!(card.contains(&format!("{least:.1} %")), "{least} {card}");
    let page = std::fs::read_to_string(folder.path().join("report/report.html")).expect("a page");
    assert!(page.contains("chain-advanced-chips-course-1") && !page.contains("course-losses"), "figures");
    assert!(page.contains("None of that is a flow of the table"), "the chapter says why it has no figures");
}

#[test]
fn an_imported_chain_is_found_again() {
    let Some(folder) = beside("data/chips-noncommercial/2025") else { return };
    let store = tempfile::tempdir().expect("a folder");
    let from = folder.display().to_string();
    let import = ["data", "import", "chip-chain", &from, "--name", "chips"];
    let (_, said, code) = zili(store.path(), &import);
    assert_eq!(code, Some(0), "{said}");
    let (_, said, code) = zili(store.path(), &import);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--replace"), "{said}");
    let words = ["expose", "chain-mutual", "--home", "CHN", "--set", "chain=chips", "--format", "csv"];
    let (text, said, code) = zili(store.path(), &words);
    assert_eq!(code, Some(0), "{said}");
    assert!(text.contains("CHN,NLD,"), "{text}");
}

/// The chapter of a chain has what a scenario leaves of it, and the published chain of 2026 has a chapter where it is at hand.
#[test]
fn the_report_plays_a_scenario_on_a_chain_and_draws_every_chain() {
    let store = tempfile::tempdir().expect("a folder");
    let out = store.path().join("report");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/scenarios/chip-tools.toml");
    let beside = beside("data/chips-noncommercial/2026");
    if let Some(folder) = &beside {
        let words = ["data", "import", "chip-chain", folder.to_str().expect("text"), "--name", "chips"];
        assert_eq!(zili(store.path(), &words).2, Some(0));
    }
    let (out, scenario) = (out.to_str().expect("text"), scenario.display().to_string());
    let (_, said, code) = zili(store.path(), &["assess", "CHN", "--scenario", &scenario, "--out", out]);
    assert_eq!(code, Some(0), "{said}");
    let table = |name: &str| std::fs::read_to_string(Path::new(out).join(format!("tables/{name}.csv")));
    let course = table("chain-advanced-chips-course-1").expect("a course");
    assert!(course.starts_with("grade,day,capacity_low"), "{course}");
    let page = std::fs::read_to_string(Path::new(out).join("report.html")).expect("a page");
    for chain in ["advanced-chips", "chips"].into_iter().take(1 + usize::from(beside.is_some())) {
        assert!(page.contains(&format!("<section id=\"chain-{chain}\"")), "{chain}");
        assert!(table(&format!("chain-{chain}-inputs")).expect("a table").lines().count() > 50);
    }
}

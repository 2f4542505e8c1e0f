//! Tariffs before and after, from a folder and from the store.

mod program;

use program::{out, refused, with_store, zili};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/tariffs");

#[test]
fn what_is_imported_is_what_the_folder_says() {
    let store = tempfile::tempdir().expect("a folder");
    let ask = |words: &[&str]| with_store(store.path(), words);
    let by_name = ["shock", "tariffs", "two", "--format", "json"];
    let (_, said, code) = ask(&by_name);
    assert!(code == Some(2) && said.contains("zili data import caliendo-parro"), "{said}");

    let import = ["data", "import", "caliendo-parro", EXAMPLE, "--name", "two"];
    let (_, said, code) = ask(&import);
    assert!(code == Some(0) && said.contains("zili shock tariffs two"), "{said}");
    let (kept, _, code) = ask(&by_name);
    assert_eq!(code, Some(0));
    assert_eq!(kept, out(&zili(&["shock", "tariffs", EXAMPLE, "--format", "json"])));

    let (_, said, code) = ask(&import);
    assert!(code != Some(0) && said.contains("there already"), "{said}");
    assert_eq!(ask(&[&import[..], &["--replace"]].concat()).2, Some(0));
    let (_, said, _) = ask(&["shock", "tariffs", "tow"]);
    assert!(said.contains("two"), "{said}");
}

#[test]
fn kept_tariffs_are_listed_and_checked() {
    let store = tempfile::tempdir().expect("a folder");
    let ask = |words: &[&str]| with_store(store.path(), words);
    let list = || ask(&["data", "tariffs"]);
    let (listed, said, code) = list();
    assert!(code == Some(0) && listed.is_empty() && said.contains("zili data import caliendo-parro"), "{listed}{said}");
    for name in ["spoilt", "two"] {
        assert_eq!(ask(&["data", "import", "caliendo-parro", EXAMPLE, "--name", name]).2, Some(0));
    }
    let generations = std::fs::read_dir(store.path().join("tariffs/spoilt")).expect("it was kept");
    let kept = generations.filter_map(|entry| Some(entry.ok()?.path().join("theta.csv"))).find(|file| file.is_file());
    std::fs::remove_file(kept.expect("it was kept")).expect("removed");
    let (listed, _, code) = list();
    let lines: Vec<&str> = listed.lines().collect();
    assert!(code == Some(0) && lines.len() == 2, "{listed}");
    assert!(lines[0].starts_with("spoilt") && lines[0].contains("theta"), "{listed}");
    assert!(lines[1].starts_with("two") && lines[1].ends_with("2 regions × 2 sectors"), "{listed}");
}

#[test]
fn the_example_gains_where_its_tariff_falls() {
    let text = out(&zili(&["shock", "tariffs", EXAMPLE, "--format", "csv"]));
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let at = |name: &str| rows[0].iter().position(|column| *column == name).expect("a column");
    let real = |region: &str| {
        let row = rows.iter().find(|row| row[0] == region).expect("a row");
        row[at("real_income")].parse::<f64>().expect("a number")
    };
    // North sells more to South, which gives up revenue and terms of trade for cheaper goods.
    assert!(real("North") > 0.0 && real("South") < real("North"), "{text}");
}

#[test]
fn what_is_no_tariffs_is_refused() {
    refused(&["data", "import", "caliendo-parro", env!("CARGO_MANIFEST_DIR"), "--name", "x"], 3, &["regions.txt"]);
}

//! `zili plan check|explain|new|schema` as a user meets them.

mod program;

use program::{err, out, zili, zili_in};
use std::fs;
use std::path::PathBuf;

fn examples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/strategies")
}

#[test]
fn every_example_passes_without_a_warning_and_is_explained_in_80_columns() {
    let folder = examples();
    let mut files: Vec<String> = fs::read_dir(&folder)
        .expect("examples")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .collect();
    files.sort();
    let readme = fs::read_to_string(folder.join("../README.md")).expect("readme");
    let mut words = vec!["plan", "check"];
    words.extend(files.iter().map(String::as_str));
    let checked = zili_in(&folder, &words);
    assert_eq!(out(&checked), files.iter().map(|file| format!("{file}: ok\n")).collect::<String>());
    assert_eq!(err(&checked), "");
    for file in &files {
        assert!(readme.contains(file.as_str()), "{file} is not in the README");
        let text = out(&zili_in(&folder, &["plan", "explain", file]));
        assert!(text.lines().all(|line| line.chars().count() <= 80), "wider than 80 columns:\n{text}");
        for heading in ["What is wanted", "What could be funded", "With which money", "Against what", "On whose word"] {
            assert!(text.contains(heading), "{file} has no '{heading}':\n{text}");
        }
    }
}

#[test]
fn the_numbers_explained_are_those_of_the_file() {
    let json = out(&zili_in(&examples(), &["plan", "explain", "by-hand.toml", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("json");
    assert_eq!(json["inputs"][0]["home_first"], 0.2);
    // 2 of home's own, 4 of the plant and 2 of recycling, of 10.
    assert_eq!(json["inputs"][0]["with_all_programmes"], 0.8);
    assert_eq!(json["calm"], 0.8);
    // Pilot line 10, plant 16, the normal second line 2 × 8, lean motors 5.
    assert_eq!(json["budgets"][0]["asked_musd"], 47.0);
    assert_eq!(json["skills"][0]["people_last"], 38.0);
    assert_eq!(json["figures"]["sourced"], 0);
    let assumed = json["figures"]["assumed"].as_u64().expect("a count");
    assert_eq!(json["figures"]["assumptions"].as_array().map(|list| list.len() as u64), Some(assumed));
}

#[test]
fn errors_show_the_place_and_the_other_files_are_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = fs::read_to_string(examples().join("by-hand.toml")).expect("the example");
    let bad = good.replacen("success = 0.8", "success = 1.2", 1);
    fs::write(folder.path().join("good.toml"), &good).expect("written");
    fs::write(folder.path().join("bad.toml"), &bad).expect("written");
    let output = zili_in(folder.path(), &["plan", "check", "bad.toml", "good.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "good.toml: ok\n");
    let line = bad.lines().position(|line| line == "success = 1.2").expect("the line") + 1;
    let said = err(&output);
    assert!(said.contains("error[out-of-range]") && said.contains(&format!("bad.toml:{line}:11")), "{said}");
    assert!(said.contains("  | success = 1.2\n") || said.contains(&format!("{line} | success = 1.2\n")), "{said}");
    assert!(said.contains("1 of 2 files refused"), "{said}");
    assert_eq!(zili_in(folder.path(), &["plan", "check", "none.toml"]).status.code(), Some(3));
}

#[test]
fn a_new_file_passes_and_is_not_written_over_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let passes = |words: &[&str], file: &str| {
        let mut all = vec!["plan", "new", "--output", file];
        all.extend(words);
        out(&zili_in(folder.path(), &all));
        let checked = zili_in(folder.path(), &["plan", "check", file]);
        assert_eq!((out(&checked), err(&checked)), (format!("{file}: ok\n"), String::new()));
        assert_eq!(zili_in(folder.path(), &all).status.code(), Some(3));
        fs::read_to_string(folder.path().join(file)).expect("written")
    };
    assert!(passes(&["--home", "EU27", "--from", "2030"], "plain.toml").contains("from = 2030"));
    passes(&["--home", "VNM"], "country.toml");
    for chain in ["advanced-chips", "battery-ev", "permanent-magnets"] {
        for home in
            ["CHN", "EU27", "USA", "VNM"].into_iter().filter(|home| (*home, chain) != ("CHN", "permanent-magnets"))
        {
            let text = passes(&["--home", home, "--chain", chain], &format!("{home}-{chain}.toml"));
            assert!(text.matches("[[programme]]").count() >= 1, "no programme for {home} in {chain}");
        }
    }
    // Nobody can stop China's magnets alone, and that is said.
    let none = zili_in(folder.path(), &["plan", "new", "--home", "CHN", "--chain", "permanent-magnets"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(err(&none).contains("nothing to suggest"), "{}", err(&none));
    let text = fs::read_to_string(folder.path().join("CHN-advanced-chips.toml")).expect("written");
    assert!(text.contains("name = \"euv-scanners\"") && text.contains("source = \"jbpress-litho-2024\""), "{text}");
}

#[test]
fn the_schema_is_printed() {
    let text = out(&zili(&["plan", "schema"]));
    let published = examples().join("../../docs/src/reference/strategy.schema.json");
    assert_eq!(text, fs::read_to_string(published).expect("the schema"));
}

#[test]
fn a_report_has_the_plan_of_its_home_and_of_nobody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = examples().join("by-hand.toml");
    let file = file.to_str().expect("a path");
    let text = out(&zili_in(folder.path(), &["assess", "FIN", "--strategy", file]));
    assert!(text.contains("What to build first, by the strategy “By hand”"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "wider than 80 columns:\n{text}");
    let report = folder.path().join("zili-report");
    let page = fs::read_to_string(report.join("report.html")).expect("page");
    assert!(page.contains("<section id=\"plan\"") && page.contains("What to build first: By hand"));
    let manifest = fs::read_to_string(report.join("manifest.json")).expect("manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("json");
    assert_eq!(manifest["question"]["strategy"], "By hand");
    let other = zili_in(folder.path(), &["assess", "CHN", "--strategy", file, "--out", "other"]);
    assert_eq!(other.status.code(), Some(2), "{}", err(&other));
    assert!(err(&other).contains("the strategy is for Finland, the report for CHN"), "{}", err(&other));
    assert!(!folder.path().join("other").exists());
}

//! `zili scenario` as a user meets it.

mod program;

use program::{err, out, zili, zili_in};
use std::fs;
use std::path::PathBuf;

fn examples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/scenarios")
}

#[test]
fn every_example_passes_and_is_explained_on_a_page() {
    let folder = examples();
    let mut files: Vec<String> = fs::read_dir(&folder)
        .expect("examples")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
        .collect();
    files.sort();
    let readme = fs::read_to_string(folder.join("../README.md")).expect("readme");
    let mut words = vec!["scenario", "check"];
    words.extend(files.iter().map(String::as_str));
    let text = out(&zili_in(&folder, &words));
    assert_eq!(text, files.iter().map(|file| format!("{file}: ok\n")).collect::<String>());
    for file in &files {
        assert!(readme.contains(file.as_str()), "{file} is not in the README");
        let text = out(&zili_in(&folder, &["scenario", "explain", file]));
        assert!(text.lines().all(|line| line.chars().count() <= 80), "wider than 80 columns:\n{text}");
    }
    let text = out(&zili_in(&folder, &["scenario", "explain", "coalition-machinery.toml"]));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for say in ["a year", "of all its inputs", "diversification", "day 0 is 2026-01-01", "not known for sure"] {
        assert!(text.to_lowercase().contains(say), "should say '{say}':\n{text}");
    }
    let json = out(&zili_in(&folder, &["scenario", "explain", "blockade.toml", "--format", "json"]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("json");
    assert_eq!(json["controls"][0]["days_in_force"], 90.0);
    assert_eq!(json["controls"][0]["denied_side"], "JPN");
}

#[test]
fn errors_show_the_place_and_the_other_files_are_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("good.toml"), "home = \"CHN\"\n").expect("written");
    let bad = "home = \"CHN\"\n[[control]]\nby = \"Untied States\"\nagainst = \"home\"\nseverity = \"20%\"\n";
    fs::write(folder.path().join("bad.toml"), bad).expect("written");
    let output = zili_in(folder.path(), &["scenario", "check", "bad.toml", "good.toml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "good.toml: ok\n");
    let said = err(&output);
    assert!(said.contains("error[wrong-type]") && said.contains("bad.toml:5:12"), "{said}");
    assert!(said.contains("  5 | severity = \"20%\"\n    |            ^^^^^\n"), "{said}");
    assert!(said.contains("1 of 2 files refused"), "{said}");
    let fixed = bad.replace("\"20%\"", "0.2");
    fs::write(folder.path().join("bad.toml"), fixed).expect("written");
    let said = err(&zili_in(folder.path(), &["scenario", "explain", "bad.toml"]));
    assert!(said.contains("unknown-code") && said.contains("did you mean 'USA'"), "{said}");
    assert_eq!(zili_in(folder.path(), &["scenario", "check", "none.toml"]).status.code(), Some(3));
}

#[test]
fn a_new_file_passes_and_is_not_written_over_another() {
    let folder = tempfile::tempdir().expect("a folder");
    for kind in ["control", "lockdown", "blockade", "retaliation"] {
        let file = format!("{kind}.toml");
        out(&zili_in(folder.path(), &["scenario", "new", "--home", "EU27", "--kind", kind, "--output", &file]));
        assert_eq!(out(&zili_in(folder.path(), &["scenario", "check", &file])), format!("{file}: ok\n"));
        assert_eq!(zili_in(folder.path(), &["scenario", "new", "--output", &file]).status.code(), Some(3));
    }
    assert!(out(&zili_in(folder.path(), &["scenario", "new"])).contains("home = \"CHN\""));
}

#[test]
fn the_schema_is_printed() {
    let text = out(&zili(&["scenario", "schema"]));
    let published = examples().join("../../docs/src/reference/scenario.schema.json");
    assert_eq!(text, fs::read_to_string(published).expect("the schema"));
}

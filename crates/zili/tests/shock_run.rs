//! Scenario files played from the command line.

mod program;

use program::zili;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What it writes, where it succeeds.
fn out(words: &[&str]) -> String {
    program::out(&zili(words))
}

const EXAMPLES: [&str; 4] = ["coalition-machinery", "metals-retaliation", "hub-lockdown", "blockade"];

fn example(name: &str) -> String {
    format!("{}/../../examples/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_example_is_played_by_every_model_within_80_columns() {
    for name in EXAMPLES {
        for model in ["ban", "price", "mixed", "inventory", "inventory-bottlenecks"] {
            // A lockdown denies nothing: models of denial alone say so.
            if name == "hub-lockdown" && ["ban", "price"].contains(&model) {
                let output = zili(&["shock", "run", &example(name), "--model", model]);
                assert_eq!(output.status.code(), Some(1), "{name} {model}");
                continue;
            }
            let text = out(&["shock", "run", &example(name), "--model", model, "--top", "8", "--quiet"]);
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{name} {model}:\n{text}");
            // Behind stocks, or far from a lockdown, nobody at home is held back.
            let spared = name != "coalition-machinery" && model == "inventory-bottlenecks";
            let rows = if spared { 0 } else { 3 };
            assert!(text.lines().count() > rows, "{name} {model}:\n{text}");
        }
    }
}

/// Small variations of one example: severity from 0.1 on, sixty days.
fn variations(folder: &Path, count: usize) -> Vec<PathBuf> {
    let text = fs::read_to_string(example("blockade")).expect("the example").replace("horizon = 365", "horizon = 60");
    (1..=count)
        .map(|k| {
            let path = folder.join(format!("v{k:02}.toml"));
            fs::write(&path, text.replace("severity = 1.0", &format!("severity = 0.{k}"))).expect("written");
            path
        })
        .collect()
}

fn batch(files: &[PathBuf], folder: &Path, more: &[&str]) -> String {
    let mut words = vec!["shock", "run", "--out", folder.to_str().expect("a path")];
    words.extend(files.iter().map(|f| f.to_str().expect("a path")));
    words.extend(more);
    let output = zili(&words);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_batch_resumes_where_it_stopped_and_gives_what_it_would_have_given() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = variations(folder.path(), 5);
    let (whole, stopped) = (folder.path().join("whole"), folder.path().join("stopped"));
    assert!(batch(&files, &whole, &[]).contains("5 scenarios played"));
    // As if stopped after two; then one result is damaged.
    assert!(batch(&files[..2], &stopped, &[]).contains("2 scenarios played"));
    fs::write(stopped.join("v02-inventory.csv"), "half a fi").expect("written");
    let said = batch(&files, &stopped, &["--threads", "1"]);
    assert!(said.contains("4 scenarios played, 1 were there already"), "{said}");
    for k in 1..=5 {
        let name = format!("v0{k}-inventory.csv");
        assert_eq!(
            fs::read(whole.join(&name)).expect("there"),
            fs::read(stopped.join(&name)).expect("there"),
            "{name}"
        );
    }
    // Another question is asked anew, another scenario too.
    assert!(batch(&files, &stopped, &["--set", "psi=0.7"]).contains("5 scenarios played: "));
    let text = fs::read_to_string(&files[0]).expect("there").replace("severity = 0.1", "severity = 0.15");
    fs::write(&files[0], text).expect("written");
    assert!(batch(&files, &whole, &[]).contains("1 scenarios played, 4 were there already"));
}

#[test]
fn a_run_in_a_batch_is_the_run_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = variations(folder.path(), 3);
    batch(&files, &folder.path().join("all"), &["--format", "csv"]);
    for file in &files {
        let name = format!("{}-inventory.csv", file.file_stem().expect("a name").to_string_lossy());
        let alone = out(&["shock", "run", file.to_str().expect("a path"), "--format", "csv"]);
        assert_eq!(fs::read_to_string(folder.path().join("all").join(name)).expect("there"), alone);
    }
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    for model in ["inventory", "inventory-paths"] {
        let play = |threads: &str| {
            out(&[
                "shock",
                "run",
                &example("coalition-machinery"),
                "--model",
                model,
                "--format",
                "csv",
                "--threads",
                threads,
            ])
        };
        assert_eq!(play("1"), play("3"), "{model}");
    }
    let drawn = |threads: &str, seed: &str| {
        let file = example("coalition-machinery");
        out(&[
            "shock",
            "run",
            &file,
            "--model",
            "ban",
            "--draws",
            "40",
            "--seed",
            seed,
            "--format",
            "csv",
            "--threads",
            threads,
        ])
    };
    assert_eq!(drawn("1", "7"), drawn("3", "7"));
    assert_ne!(drawn("1", "7"), drawn("1", "8"));
}

#[test]
fn scenarios_side_by_side() {
    let (file, other) = (example("coalition-machinery"), example("blockade"));
    let text = out(&["shock", "compare", &file, &file, &other, "--format", "csv"]);
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let at = |name: &str| rows[0].iter().position(|n| *n == name).expect("a column");
    assert_eq!((rows[1][at("region")], rows[1][at("difference")], rows[2][at("difference")]), ("CHN", "0", "0"));
    assert_eq!(rows[1][at("value_added_lost")], rows[2][at("value_added_lost")]);
    assert_ne!(rows[3][at("difference")], "0");
}

#[test]
fn the_report_has_a_chapter_for_the_scenario() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("report");
    let (file, other) = (example("coalition-machinery"), example("hub-lockdown"));
    let to = place.to_str().expect("a path");
    let words = ["assess", "CHN", "--scenario", &file, "--scenario", &other, "--draws", "2", "--out", to];
    assert!(out(&words).contains("Loss if it happens"));
    for table in [
        "course-regions",
        "course-sectors",
        "course-bottlenecks",
        "course-parts",
        "course-losses",
        "course-comparison",
        "horizons-losses",
        "horizons-severity",
    ] {
        let rows = fs::read_to_string(place.join("tables").join(format!("{table}.csv"))).expect(table);
        assert!(rows.lines().count() > 1, "{table} is empty");
    }
    let page = fs::read_to_string(place.join("report.html")).expect("page");
    assert!(page.contains("If it happens: Coalition control"));
    assert!(page.contains("From weeks to decades: Coalition control") && page.contains("Home loses 0.03"));
}

/// BoARIO's wheel lacks what it needs to run; this program needs nothing but itself.
#[test]
fn defect_14_nothing_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new(env!("CARGO_BIN_EXE_zili"))
        .env_clear()
        .current_dir(folder.path())
        .args(["shock", "run", &example("hub-lockdown"), "--top", "3"])
        .output()
        .expect("started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0, "and it leaves nothing behind");
}

#[test]
fn what_cannot_be_played_is_refused_in_words() {
    let refused = |words: &[&str], code: i32, says: &str| {
        let output = zili(words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{words:?}: {said}");
        assert!(said.contains(says), "{words:?} should say '{says}': {said}");
        assert!(output.stdout.is_empty());
    };
    let file = example("coalition-machinery");
    refused(&["shock", "run", &file, "--model", "inventry"], 1, "did you mean 'inventory'?");
    refused(&["shock", "run", &file, "--set", "mode=boario"], 1, "knows no control");
    refused(&["shock", "run", &file, "--set", "psi=2"], 1, "psi");
    refused(&["shock", "run", "nowhere.toml"], 3, "nowhere.toml");
    refused(&["shock", "run", &example("blockade"), "--model", "ban", "--draws", "50"], 1, "uncertain");
    refused(&["shock", "compare", &file], 2, "");
}

#[test]
fn one_scenario_is_seen_at_every_horizon_and_by_everyone() {
    let file = example("coalition-machinery");
    let text = out(&["shock", "run", &file, "--model", "all", "--set", "draws=1", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&text).expect("json");
    let rows = json["rows"].as_array().expect("rows");
    // Home, deniers and bystanders: three times in weeks, and three models.
    assert_eq!(rows.len(), 18);
    for model in ["inventory", "network", "trade-equilibrium", "diffusion"] {
        let home = rows.iter().find(|row| row["role"] == "home" && row["model"] == model).expect("a row");
        let loss = home["loss"].as_f64().expect("a number");
        assert!(loss > 0.0 && loss < 0.05, "{model} {loss}");
    }
    for model in ["severity-curve", "leverage", "burden-sharing", "diffusion"] {
        let shown = out(&["shock", "run", &file, "--model", model, "--top", "8", "--quiet"]);
        assert!(shown.lines().all(|line| line.chars().count() <= 80) && shown.lines().count() > 4, "{model}:\n{shown}");
    }
    // What was not drawn is not said to have been.
    assert!(!text.contains("drawn for"), "{text}");
    let output = zili(&["shock", "run", &file, "--model", "all", "--draws", "5"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--set draws=N"));
}

#[test]
fn options_that_a_file_sets_for_a_model_do_not_break_its_other_findings() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("detail.toml");
    // On the smaller world: eleven equilibria.
    let text = fs::read_to_string(example("coalition-machinery")).expect("the example");
    let text = text.replace("year = 2022", "year = 2011").replace("[\"C26\", \"C28\"]", "[\"29\", \"30t33\"]");
    fs::write(&file, text + "\n[model.network]\ndetail = \"sectors\"\nsigma = 0.8\n").expect("written");
    let file = file.to_str().expect("a path");
    let found =
        out(&["shock", "run", file, "--world", "wiod2013", "--model", "network-elasticities", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&found).expect("json");
    let rows = json["rows"].as_array().expect("rows");
    let sigma = rows.iter().find(|row| row["elasticity"] == "sigma").expect("a row");
    assert_eq!(sigma["low"].as_f64(), Some(0.4));
}

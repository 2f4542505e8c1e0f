//! `zili plan run|reserve|talent` as a user types them.

mod program;

use program::{err, out, zili};
use std::path::Path;
use std::process::Output;

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/strategies").join(name).display().to_string()
}

/// Rows of a csv on standard output, by column name.
fn rows(output: &Output) -> Vec<std::collections::HashMap<String, String>> {
    let text = out(output);
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let fields = |line: &str| names.iter().map(|n| n.to_string()).zip(line.split(',').map(str::to_owned)).collect();
    lines.map(fields).collect()
}

fn number(row: &std::collections::HashMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// The book works it out with pencil and paper: guide/strategies.md.
#[test]
fn the_example_by_hand_is_as_in_the_book() {
    let file = example("by-hand.toml");
    let attacks = zili(&["plan", "run", &file, "--show", "portfolio-attacks", "--format", "csv"]);
    let worst = &rows(&attacks)[0];
    assert_eq!(worst["moves"], "japan-magnets + brazil-magnets");
    assert!((number(worst, "before") - 460.8).abs() < 1e-9);
    assert!((number(worst, "after") - 194.8).abs() < 1e-9);

    let supply = rows(&zili(&["plan", "run", &file, "--show", "portfolio-supply", "--format", "csv"]));
    let made: Vec<f64> = supply
        .iter()
        .filter(|row| row["plan"] == "plan" && row["case"] == "worst attack" && row["input"] == "magnets")
        .map(|row| number(row, "made"))
        .collect();
    assert_eq!(made[2..], [6.0, 6.0, 8.0]);
    for row in &supply {
        let parts = ["made", "imported", "reserve", "unmet"].map(|part| number(row, part));
        assert!((parts.iter().sum::<f64>() - number(row, "demand")).abs() < 1e-9, "{row:?}");
    }
}

/// Money and people are kept to, in every example, whatever the plan is made against.
#[test]
fn examples_keep_to_their_means() {
    for name in ["by-hand.toml", "chips-chn.toml", "minerals-eu.toml"] {
        for against in ["adversary", "scenarios", "nothing"] {
            let set = format!("against={against}");
            let output =
                zili(&["plan", "run", &example(name), "--show", "portfolio-means", "--set", &set, "--format", "csv"]);
            for row in rows(&output) {
                let there = number(&row, "limit") + number(&row, "carried");
                assert!(number(&row, "used") <= there * (1.0 + 1e-6) + 1e-6, "{name} {against}: {row:?}");
            }
        }
    }
}

/// Cost is worked out from the plan without the solver, the bound is the solver's: they meet, levers, learning, training and co-funding included.
#[test]
fn the_plan_costs_what_the_solver_says() {
    for name in ["by-hand.toml", "chips-chn.toml", "minerals-eu.toml"] {
        for against in ["adversary", "scenarios", "nothing"] {
            let set = format!("against={against}");
            let words = [
                "plan",
                "run",
                &example(name),
                "--set",
                &set,
                "--set",
                "gap=0.000001",
                "--show",
                "portfolio-value",
                "--format",
                "csv",
            ];
            let output = zili(&words);
            let rows = rows(&output);
            let (cost, bound) = (number(&rows[0], "value"), number(&rows[0], "least"));
            // The solver's own tolerances allow 1e-6 of a row, the gap asked for as much again.
            assert!((cost - bound).abs() <= 3e-6 * cost, "{name} {against}: {cost} {bound}");
        }
    }
}

/// Where nothing can fail, luck changes nothing; where something can, the same seed gives the same.
#[test]
fn draws_of_success() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sure.toml");
    let text = std::fs::read_to_string(example("by-hand.toml")).expect("the example");
    std::fs::write(&path, text.replace("success = 0.8", "success = 1.0")).expect("written");
    let cost = |file: &str, draws: &str| {
        let set = format!("draws={draws}");
        let words = [
            "plan",
            "run",
            file,
            "--set",
            "against=scenarios",
            "--set",
            &set,
            "--show",
            "portfolio-value",
            "--format",
            "csv",
        ];
        let output = zili(&words);
        out(&output);
        number(&rows(&output)[0], "value")
    };
    let sure = path.display().to_string();
    assert!((cost(&sure, "0") - cost(&sure, "6")).abs() < 1e-6);
    assert_eq!(cost(&example("by-hand.toml"), "6"), cost(&example("by-hand.toml"), "6"));
}

#[test]
fn a_folder_holds_every_table_and_a_manifest() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("plan").display().to_string();
    let output =
        zili(&["plan", "run", &example("by-hand.toml"), "--set", "near=0.05", "--format", "json", "--out", &out]);
    assert!(output.status.success(), "{}", err(&output));
    let text = std::fs::read_to_string(folder.path().join("plan/manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let tables = manifest["tables"].as_array().expect("tables");
    assert_eq!(tables.len(), 7);
    for table in tables {
        let bytes =
            std::fs::read(folder.path().join("plan").join(table["file"].as_str().unwrap())).expect("it is there");
        assert_eq!(table["sha256"], zili_world::store::sha256(&bytes));
    }
    assert_eq!(manifest["starts"].as_array().expect("starts").len(), 4);
    // Once more: it goes on from what is there, and finds nothing worse.
    let again = zili(&["plan", "run", &example("by-hand.toml"), "--out", &out]);
    assert!(err(&again).contains("Goes on from the plan"));
    let text = std::fs::read_to_string(folder.path().join("plan/manifest.json")).expect("a manifest");
    let later: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert!(later["cost_musd"].as_f64().unwrap() <= manifest["cost_musd"].as_f64().unwrap() + 1e-6);
    assert!(manifest["gap"].as_f64().unwrap() <= 0.005);
    assert!(manifest["bound_musd"].as_f64().unwrap() <= manifest["cost_musd"].as_f64().unwrap());
}

/// Each way in which nothing is possible is named: budget, talent, prerequisites, horizon.
#[test]
fn why_nothing_is_possible_names_the_culprit() {
    let text = std::fs::read_to_string(example("by-hand.toml")).expect("the example");
    let must = text.replace("target = { share = 0.6, by = 2029 }", "target = { share = 0.6, by = 2029, must = true }");
    assert_ne!(must, text);
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        let output = zili(&["plan", "run", &path.display().to_string()]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        err(&output)
    };
    let poor = refused("poor.toml", &must.replace("amount = 12", "amount = 1"));
    assert!(poor.contains("no more of the budget 'central' than there is"), "{poor}");
    assert!(poor.contains("million USD more of the budget 'central' every year would do"), "{poor}");
    let few =
        refused("few.toml", &must.replace("people = 30", "people = 3").replace("graduates = 2\n", "graduates = 0\n"));
    assert!(few.contains("people more of the talent 'engineers' every year would do"), "{few}");
    let soon = refused("soon.toml", &must.replace("by = 2029, must", "by = 2026, must"));
    assert!(soon.contains("do not add so much so soon"), "{soon}");
    let rich = must.replace("amount = 12", "amount = 100").replace("amount = [4, 4, 4, 4, 4]", "amount = 100");
    let needs = refused("needs.toml", &rich.replace("by = 2029, must", "by = 2027, must"));
    assert!(needs.contains("the prerequisites of 'magnet-plant'"), "{needs}");
}

#[test]
fn reserves_and_talent_answer() {
    let reserve = rows(&zili(&["plan", "reserve", &example("chips-chn.toml"), "--format", "csv"]));
    assert!(reserve.iter().any(|row| row["best"].contains("worst")));
    // More held never costs less, and never loses more at worst.
    for pair in reserve.windows(2).filter(|pair| pair[0]["input"] == pair[1]["input"]) {
        assert!(number(&pair[1], "cost") >= number(&pair[0], "cost") - 1e-9);
        assert!(number(&pair[1], "worst") <= number(&pair[0], "worst") + 1e-6);
    }
    let talent = rows(&zili(&["plan", "talent", &example("by-hand.toml"), "--format", "csv"]));
    // 30 engineers, two graduates a year, nobody leaves; five students a year from 2026 on are at work from 2029 on.
    let people: Vec<f64> = talent.iter().map(|row| number(row, "people")).collect();
    let trained: Vec<f64> = talent.iter().map(|row| number(row, "trained")).collect();
    assert_eq!(people, [30.0, 32.0, 34.0, 36.0, 38.0]);
    assert_eq!(trained, [0.0, 0.0, 0.0, 5.0, 10.0]);
}

#[test]
fn a_wrong_table_or_opponent_is_refused_in_words() {
    let wrong = zili(&["plan", "run", &example("by-hand.toml"), "--show", "portfolio-suply"]);
    let text = err(&wrong);
    assert!(!wrong.status.success() && text.contains("portfolio-supply"), "{text}");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("calm.toml");
    let text = std::fs::read_to_string(example("by-hand.toml")).expect("the example");
    let calm = &text[..text.find("[adversary]").expect("an adversary")];
    std::fs::write(&path, calm).expect("written");
    let none = zili(&["plan", "run", &path.display().to_string(), "--set", "against=adversary"]);
    let text = err(&none);
    assert!(!none.status.success() && text.contains("no adversary"), "{text}");
}

//! `zili plan` as a user meets it.

mod program;

use program::{out, refused, zili};
use std::collections::HashMap;
use std::fs;

/// Rows of a result as maps from column to value.
fn rows(words: &[&str]) -> Vec<HashMap<String, serde_json::Value>> {
    let json: serde_json::Value =
        serde_json::from_str(&out(&zili(&[words, &["--format", "json"]].concat()))).expect("json");
    let rows = json["rows"].as_array().expect("rows").iter();
    rows.map(|row| row.as_object().expect("a row").clone().into_iter().collect()).collect()
}

#[test]
fn dependence_is_that_of_self_sufficiency() {
    let measured = rows(&["expose", "self-sufficiency", "--home", "CHN"]);
    let foreign: HashMap<&str, &serde_json::Value> =
        measured.iter().map(|row| (row["sector"].as_str().expect("a code"), &row["foreign_direct"])).collect();
    for method in ["allocation", "distortion", "research"] {
        let planned = rows(&["plan", "allocate", "--home", "CHN", "--method", method]);
        assert!(planned.len() >= 35, "{method}");
        for row in planned {
            let sector = row["sector"].as_str().expect("a code");
            match (row["foreign_share"].as_f64(), foreign[sector].as_f64()) {
                // The same two numbers, subtracted alike.
                (Some(found), Some(expected)) => assert!((found - expected).abs() < 1e-15, "{method} {sector}"),
                (found, expected) => assert_eq!(found, expected, "{method} {sector}"),
            }
        }
    }
}

#[test]
fn verdicts_follow_the_rule_that_their_column_states() {
    let words = ["plan", "allocate", "--home", "CHN", "--set", "draws=3"];
    let all = rows(&["expose", "self-sufficiency", "--home", "CHN"]);
    let threshold = all.last().expect("all sectors")["foreign_direct"].as_f64().expect("a share");
    let mut seen = Vec::new();
    for row in rows(&words) {
        let value = |name: &str| row[name].as_f64();
        let Some(verdict) = row["verdict"].as_str() else {
            assert!(value("distortion").is_none() || value("research_today").is_none());
            continue;
        };
        let of = |name: &str| value(name).expect("a number");
        let worth = of("distortion") > 1.0
            && of("research_open") > of("research_today")
            && of("research_closed") > of("research_today");
        let dependent = of("foreign_share") > threshold;
        let expected = match (worth, dependent) {
            (true, true) => "worth it and dependent",
            (true, false) => "worth it",
            (false, true) => "merely dependent",
            (false, false) => "neither",
        };
        assert_eq!(verdict, expected, "{row:?}");
        seen.push(expected);
    }
    assert!(seen.contains(&"neither") && seen.contains(&"merely dependent"), "{seen:?}");
}

#[test]
fn bytes_do_not_depend_on_the_number_of_threads() {
    for words in [
        vec!["plan", "allocate", "--home", "EU27"],
        vec!["plan", "governance", "--set", "draws=20000"],
        vec!["plan", "governance", "--method", "governance-adaptation", "--set", "draws=20000"],
        vec!["plan", "governance", "--method", "governance-initiative", "--set", "draws=20000"],
        vec!["plan", "governance", "../../examples/strategies/by-hand.toml", "--set", "draws=3"],
    ] {
        let with = |threads: &str| out(&zili(&[&words[..], &["--format", "csv", "--threads", threads]].concat()));
        let one = with("1");
        assert_eq!(one, with("2"), "{words:?}");
        assert_eq!(one, with("5"), "{words:?}");
    }
}

#[test]
fn files_of_research_and_citations_are_used_and_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let sectors = rows(&["expose", "accounts", "--home", "DEU"]);
    let codes: Vec<&str> =
        sectors.iter().map(|row| row["sector"].as_str().expect("a code")).filter(|code| *code != "*").collect();
    let (research, citations) = (folder.path().join("rd.csv"), folder.path().join("cites.csv"));
    let mut text = "sector,research\n".to_owned();
    codes.iter().enumerate().for_each(|(k, code)| text += &format!("{code},{}\n", k + 1));
    fs::write(&research, &text).expect("written");
    let mut cites = "citing,cited,citations,domestic\n".to_owned();
    for (k, code) in codes.iter().enumerate() {
        cites += &format!("{code},{},4,1\n{code},{code},4,4\n", codes[(k + 1) % codes.len()]);
    }
    fs::write(&citations, &cites).expect("written");
    let (rd, pat) = (research.to_str().expect("text"), citations.to_str().expect("text"));
    let words = ["plan", "allocate", "--home", "DEU", "--method", "research", "--research", rd, "--citations", pat];
    let json: serde_json::Value =
        serde_json::from_str(&out(&zili(&[&words[..], &["--format", "json"]].concat()))).expect("json");
    let inputs = json["evidence"]["inputs"].as_array().expect("inputs");
    for (name, bytes) in [("rd.csv", &text), ("cites.csv", &cites)] {
        let input = inputs.iter().find(|input| input["file"] == name).expect("named");
        assert_eq!(input["sha256"], zili_world::store::sha256(bytes.as_bytes()).as_str());
    }
    for row in json["rows"].as_array().expect("rows").iter().filter(|row| row["sector"] != "*") {
        // Three of eight citations are of patents abroad.
        let foreign = row["foreign_knowledge"].as_f64().expect("a share");
        assert!((foreign - 0.375).abs() < 1e-12, "{row}");
    }
    // Slips are named with file, line and code.
    fs::write(&research, text.replace("C26,", "C2T6,")).expect("written");
    refused(&words, 1, &["rd.csv:", "unknown sector 'C2T6'", "did you mean 'C26'"]);
    fs::write(&research, "sector,research\nC10T12,1\n").expect("written");
    refused(&words, 1, &["rd.csv: no research of", "give 0 where there is none"]);
    fs::remove_file(&research).expect("removed");
    refused(&words, 3, &["rd.csv"]);
}

#[test]
fn governance_has_the_line_of_break_even() {
    let rows = rows(&["plan", "governance", "--set", "variety=0", "--set", "draws=1000"]);
    assert_eq!(rows[0]["case"], "asked");
    // To the digits that the page prints.
    for (conflict, need) in [(0.65, 1.1497), (0.7, 0.5666), (0.8, 0.3113), (0.9, 0.2315), (1.0, 0.1926)] {
        let line = |row: &&HashMap<String, serde_json::Value>| row["case"] == "line" && row["conflict"] == conflict;
        let found = rows.iter().find(line).expect("a row")["break_even"].as_f64().expect("a number");
        assert!((found - need).abs() < 5e-5, "{conflict}: {found}");
    }
    let below: Vec<_> = rows.iter().filter(|row| row["conflict"].as_f64().expect("a number") < 0.6).collect();
    assert!(below.len() >= 2 && below.iter().all(|row| row["break_even"].is_null() && row["decides"] != "centre"));
}

#[test]
fn words_that_are_not_understood_are_answered() {
    refused(&["plan", "allocate", "--home", "Chnia"], 1, &["did you mean 'CHN'"]);
    refused(&["plan", "allocate"], 2, &["--home"]);
    refused(&["plan", "allocate", "--home", "CHN", "--method", "distorsion"], 1, &["did you mean 'distortion'"]);
    refused(&["plan", "allocate", "--home", "CHN", "--method", "governance"], 1, &["accepted: allocation"]);
    refused(&["plan", "allocate", "--home", "CHN", "--set", "wedge=0"], 1, &["above 0"]);
    refused(&["plan", "allocate", "--home", "CHN", "--set", "draws=1000000"], 1, &["100000"]);
    refused(&["plan", "allocate", "--home", "CHN", "--set", "research=file"], 1, &["--research FILE"]);
    refused(&["plan", "allocate", "--home", "CHN", "--set", "citations=file"], 1, &["--citations FILE"]);
    refused(
        &["plan", "allocate", "--home", "CHN", "--method", "distortion", "--research", "x.csv"],
        1,
        &["option 'research'"],
    );
    refused(&["plan", "governance", "--method", "governance-strategy"], 2, &["zili plan governance FILE"]);
    refused(&["plan", "governance", "--set", "conflict=0.4"], 1, &["0.5 to 1"]);
    refused(&["plan", "governance", "--set", "draws=1"], 1, &["from 2 on"]);
    refused(
        &["plan", "governance", "--method", "governance-initiative", "--set", "cost_centre=0.5"],
        1,
        &["at least gain_centre"],
    );
}

#[test]
fn every_region_and_year_is_answered() {
    for home in ["LUX", "MLT", "ROW", "EU27", "USA+CHN", "TWN"] {
        for imports in ["outside", "traded", "at-home"] {
            let options = format!("imports={imports}");
            let words = ["plan", "allocate", "--home", home, "--set", "draws=5", "--set", &options, "--quiet"];
            let output = zili(&[&words[..], &["--format", "csv"]].concat());
            assert_eq!(out(&output).lines().count(), 1 + 50, "{home}");
        }
    }
    assert_eq!(
        out(&zili(&[
            "plan", "allocate", "--home", "CHN", "--world", "wiod2013", "--year", "1995", "--format", "csv", "--top",
            "3"
        ]))
        .lines()
        .count(),
        4
    );
}

#[test]
fn methods_lists_the_planners() {
    let list = out(&zili(&["methods"]));
    assert!(list.contains("zili plan") && list.lines().all(|line| line.chars().count() <= 100), "{list}");
    for planner in zili_plan::PLANNERS {
        assert!(list.contains(planner.method.name));
        assert!(out(&zili(&["methods", planner.method.name])).contains("## Equation"));
    }
}

/// The same denial as a scenario file, played by the model itself.
#[test]
fn penalties_are_what_the_inventory_model_loses() {
    let file = "../../examples/strategies/minerals-eu.toml";
    let found = rows(&["plan", "penalty", file, "--set", "severity=0.5", "--set", "days=120"]);
    let folder = tempfile::tempdir().expect("a folder");
    for row in &found {
        let text = |name: &str| row[name].as_str().expect("text").to_owned();
        let number = |name: &str| row[name].as_f64().expect("a number");
        let scenario = folder.path().join("s.toml");
        fs::write(
            &scenario,
            format!(
                "home = \"EU27\"\nyear = 2022\nhorizon = 120\n[[control]]\nby = \"!home\"\nagainst = \"home\"\nsectors = \"{}\"\nseverity = 0.5\nflows = \"intermediate\"\n",
                text("sector")
            ),
        )
        .expect("written");
        let played = self::rows(&["shock", "run", scenario.to_str().expect("text")]);
        let lost: f64 = played
            .iter()
            .filter(|row| row["sector"] == "*")
            .filter(|row| EU27.contains(&row["region"].as_str().expect("a code")))
            .filter_map(|row| row["value_added_lost"].as_f64())
            .sum();
        // The same sums in the same order, but for the reading of the file.
        assert!((number("lost") - lost).abs() <= 1e-9 * lost, "{} {lost}", number("lost"));
        assert!(
            (number("penalty") - number("price") * number("lost") / number("denied")).abs() < 1e-9 * number("penalty")
        );
    }
    assert!(found.len() >= 3);
    refused(&["plan", "penalty", "../../examples/strategies/by-hand.toml"], 1, &["sector = \"CODE\""]);
}

const EU27: &[&str] = &[
    "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN", "IRL", "ITA",
    "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "ROM", "SVK", "SVN", "SWE",
];

//! The program as a user meets it: words in, data and exit code out.

mod program;

use program::{err, out, refused, zili, zili_in};
use std::fs;
use std::process::Command;

#[test]
fn assess_writes_page_tables_and_manifest() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = out(&zili_in(folder.path(), &["assess", "CHN"]));
    assert!(text.contains("16.5 T USD") && text.contains("China (CHN), 2022"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "wider than 80 columns:\n{text}");
    let report = folder.path().join("zili-report");
    let page = fs::read_to_string(report.join("report.html")).expect("page");
    for attribute in ["src=\"http", "href=\"http", "url(http", "@import"] {
        assert!(!page.contains(attribute), "the page loads something: {attribute}");
    }
    // Every figure names its sources, and each of them is on the page.
    let credits: Vec<&str> = page.split("<b>Source</b>").skip(1).filter_map(|rest| rest.split("<i>").next()).collect();
    assert!(credits.len() > 20, "{}", credits.len());
    for credit in credits {
        // A source that the page lacks leaves nothing between two semicolons, or at an end.
        let said = credit.trim();
        let whole = said.starts_with("<a href=\"#source-") && said.ends_with("</a>") && !said.contains("; ;");
        assert!(whole, "{credit}");
    }
    let manifest: serde_json::Value =
        serde_json::from_slice(&fs::read(report.join("manifest.json")).expect("manifest")).expect("json");
    for table in manifest["tables"].as_array().expect("tables") {
        let bytes = fs::read(report.join(table["file"].as_str().expect("a name"))).expect("table");
        assert_eq!(zili_world::store::sha256(&bytes), table["sha256"].as_str().expect("a hash"));
    }
    // Again over the earlier report, and the same bytes.
    out(&zili_in(folder.path(), &["assess", "CHN", "--threads", "1"]));
    assert_eq!(fs::read_to_string(report.join("report.html")).expect("page"), page);
    assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 1, "nothing is left beside the report");
}

/// With the line on standard error that says where the report is.
#[test]
fn the_summary_is_one_screen() {
    let folder = tempfile::tempdir().expect("a folder");
    // Those of the longest names and the most to say; all others are shorter.
    for home in ["ROW", "GBR", "EU27"] {
        let output = zili_in(folder.path(), &["assess", home]);
        let text = out(&output);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "wider than 80 columns:\n{text}");
        assert!(text.lines().count() + err(&output).lines().count() <= 40, "more than a screen:\n{text}");
    }
}

#[test]
fn assess_answers_for_blocs_and_coalitions() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = out(&zili_in(
        folder.path(),
        &["assess", "EU27", "--partner", "USA,CHN", "--world", "wiod2013", "--year", "2008", "--out", "eu/report"],
    ));
    assert!(text.contains("European Union (27) (EU27), 2008") && text.contains("Loss by those asked about"), "{text}");
    assert!(folder.path().join("eu/report/report.html").is_file());
    let text = out(&zili_in(folder.path(), &["assess", "Germany", "--bloc", "BRICS"]));
    assert!(text.contains("Germany (DEU)"), "{text}");
}

#[test]
fn a_folder_that_is_not_a_report_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("mine")).expect("made");
    fs::write(folder.path().join("mine/thesis.txt"), "years of work").expect("written");
    let output = zili_in(folder.path(), &["assess", "CHN", "--out", "mine"]);
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    assert_eq!(fs::read_to_string(folder.path().join("mine/thesis.txt")).expect("kept"), "years of work");
    assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 1);
}

#[test]
fn a_report_with_notes_of_the_users_is_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    out(&zili_in(folder.path(), &["assess", "MLT"]));
    for name in ["notes.txt", "tables/mine.ods"] {
        let notes = folder.path().join("zili-report").join(name);
        fs::write(&notes, "mine").expect("written");
        let output = zili_in(folder.path(), &["assess", "MLT"]);
        assert_eq!(output.status.code(), Some(3), "{}", err(&output));
        assert_eq!(fs::read_to_string(&notes).expect("kept"), "mine");
        fs::remove_file(notes).expect("removed");
    }
}

#[cfg(unix)]
#[test]
fn an_output_file_keeps_its_link_and_its_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let (target, link) = (folder.path().join("target.csv"), folder.path().join("link.csv"));
    fs::write(&target, "old").expect("written");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).expect("private");
    symlink(&target, &link).expect("linked");
    out(&zili_in(folder.path(), &["expose", "kww", "--home", "MLT", "--format", "csv", "--output", "link.csv"]));
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    assert!(fs::read_to_string(&target).expect("there").starts_with("year,"));
    assert_eq!(fs::metadata(&target).expect("there").permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_report_on_the_residual_basis_is_on_it_throughout() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = ["assess", "CHN", "--value-added", "residual", "--world", "wiod2013"];
    let text = out(&zili_in(folder.path(), &words));
    assert!(text.contains("18.0 % of the value") && text.contains("to 18.0 % in"), "{text}");
    assert!(!text.contains("Measured as output less inputs"), "{text}");
}

#[test]
fn an_unwritable_place_is_said_and_nothing_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("file"), "").expect("written");
    let output = zili_in(folder.path(), &["assess", "CHN", "--out", "file/report"]);
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    let output =
        zili_in(folder.path(), &["expose", "kww", "--home", "CHN", "--format", "csv", "--output", "nowhere/x.csv"]);
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 1);
}

/// A device that is always full stands for a full disk.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let mut command = Command::new(env!("CARGO_BIN_EXE_zili"));
    let output =
        command.args(["expose", "kww", "--home", "CHN", "--format", "csv"]).stdout(full).output().expect("started");
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
}

#[test]
fn unknown_words_are_refused_with_the_nearest() {
    refused(&["assess", "Chnia"], 1, &["did you mean 'CHN'", "USA"]);
    refused(&["expose", "self-suficiency", "--home", "CHN"], 1, &["did you mean 'self-sufficiency'"]);
    refused(&["expose", "kww", "--home", "CHN", "--year", "2012"], 1, &["no table of 2012; it has 2022"]);
    refused(&["expose", "kww", "--home", "CHN", "--year", "2009"], 1, &["'wiod2013' has one: --world wiod2013"]);
    refused(&["expose", "kww", "--home", "CHN", "--world", "wiod2014"], 1, &["did you mean 'wiod2013'"]);
    refused(&["shock", "ban", "--by", "USA", "--against", "CHN", "--sectors", "C2T9"], 1, &["did you mean 'C2"]);
    refused(&["expose", "power", "--home", "CHN", "--set", "sigm=3"], 1, &["did you mean 'sigma'"]);
    refused(&["expose", "power", "--home", "CHN", "--set", "sigma=1"], 1, &["above 1"]);
    refused(&["methods", "kwww"], 1, &["did you mean 'kww'"]);
    refused(&["data", "import", "plane", ".", "--name", "x"], 1, &["did you mean 'plain'"]);
}

/// `C26` was read as WIOD's `c26`, transport services, and `C20` as wholesale.
#[test]
fn codes_of_another_classification_are_refused_with_what_is_likely_meant() {
    let asked = |world: &'static str, sector: &'static str| {
        ["shock", "ban", "--by", "USA", "--against", "CHN", "--world", world, "--sectors", sector]
    };
    refused(&asked("wiod2013", "C26"), 1, &["another classification", "here 30t33"]);
    refused(&asked("wiod2013", "C20"), 1, &["another classification", "here 24"]);
    refused(&asked("icio2022", "30t33"), 1, &["another classification", "here C26 and C27"]);
    refused(&asked("icio2022", "29"), 1, &["here C29", "here C28"]);
    // The publisher's own codes, names and codes in another case are known.
    for (world, sector) in [("wiod2013", "c26"), ("wiod2013", "Mining and Quarrying"), ("icio2022", "c26")] {
        assert!(zili(&asked(world, sector)).status.success(), "{world} {sector}");
    }
}

#[test]
fn economies_answer_to_the_words_that_people_use() {
    for (word, name) in [
        ("Taiwan", "Taiwan (TWN)"),
        ("UK", "(GBR)"),
        ("South Korea", "(KOR)"),
        ("Holland", "(NLD)"),
        ("Turkey", "(TUR)"),
    ] {
        let said = err(&zili(&["expose", "accounts", "--home", word, "--top", "1"]));
        let code = name.rsplit('(').next().expect("a code").trim_end_matches(')');
        assert!(said.contains(&format!("home {code}")), "{word}: {said}");
    }
}

#[test]
fn senseless_questions_are_refused() {
    refused(&["shock", "ban", "--by", "EU27", "--against", "DEU"], 1, &["both include DEU"]);
    refused(&["shock", "ban", "--by", "USA", "--against", "CHN", "--severity", "1.5"], 1, &["between 0 and 1"]);
    refused(&["assess", "CHN", "--partner", "CHN"], 2, &["home itself"]);
    refused(&["shock", "scan", "--home", "CHN", "--set", "over=blocs"], 2, &["has --over"]);
    refused(&["expose", "power", "--home", "CHN", "--set", "sigma=3", "--set", "sigma=4"], 2, &["twice"]);
    refused(&["expose", "kww", "--home", "CHN,CHN"], 2, &["twice"]);
    refused(
        &["expose", "kww", "--home", "CHN", "--world", "wiod2013", "--year", "2011..1995"],
        2,
        &["must not be later"],
    );
    refused(&["expose", "kww", "--home", "CHN", "--year", "last"], 2, &["is not a year"]);
    refused(&["expose", "kww"], 2, &["--home"]);
    refused(&["data", "import", "plain", "no-such-folder", "--name", "x"], 3, &["no-such-folder", "No such file"]);
    refused(&["assess", "CHN", "--blocs", "no-such-file.toml"], 3, &["no-such-file.toml"]);
}

#[test]
fn data_goes_to_standard_output_and_words_to_standard_error() {
    let output = zili(&["expose", "dual-circulation", "--home", "CHN", "--format", "csv"]);
    let text = out(&output);
    assert!(text.starts_with("year,home,part,part_name,value,share\n"), "{text}");
    assert_eq!(text.lines().count(), 6);
    let output = zili(&["expose", "dual-circulation", "--home", "CHN"]);
    assert!(err(&output).contains("value added published"), "{}", err(&output));
    let output = zili(&["expose", "dual-circulation", "--home", "CHN", "--quiet"]);
    assert!(output.stderr.is_empty(), "{}", err(&output));
}

#[test]
fn json_and_parquet_hold_the_same_numbers_and_units() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = ["expose", "dual-circulation", "--home", "CHN", "--format"];
    let json: serde_json::Value = serde_json::from_str(&out(&zili(&[&words[..], &["json"]].concat()))).expect("json");
    assert_eq!(json["columns"][4]["unit"], "million USD");
    assert_eq!(json["evidence"]["sources"][0], "icio2022");
    // What was estimated in the table is said with every finding from it, with the error as measured.
    let notes = json["evidence"]["notes"].to_string();
    assert!(notes.contains("estimated in icio2022") && notes.contains("0.2 points on average"), "{notes}");
    let value = json["rows"][0]["value"].as_f64().expect("a number");
    out(&zili_in(folder.path(), &[&words[..], &["parquet", "--output", "x.parquet"]].concat()));
    let bytes = fs::read(folder.path().join("x.parquet")).expect("file");
    // Its numeric columns alone cannot be read with text beside them; the magic and the metadata can.
    assert_eq!(&bytes[..4], b"PAR1");
    assert!(String::from_utf8_lossy(&bytes).contains("zili.evidence"));
    let csv = out(&zili(&[&words[..], &["csv"]].concat()));
    let first: f64 =
        csv.lines().nth(1).and_then(|line| line.rsplit(',').nth(1)).expect("a cell").parse().expect("a number");
    assert_eq!(first, value);
}

#[test]
fn a_series_is_its_years_one_after_another() {
    let asked = |measure: &str, year: &str| {
        out(&zili(&["expose", measure, "--home", "CHN", "--world", "wiod2013", "--year", year, "--format", "csv"]))
    };
    let (one, many) = (asked("self-sufficiency", "2005"), asked("self-sufficiency", "2004..2006"));
    let of_2005: Vec<&str> = many.lines().filter(|line| line.starts_with("2005")).collect();
    assert_eq!(of_2005, one.lines().skip(1).collect::<Vec<_>>());
    let all = asked("dual-circulation", "all");
    assert_eq!(all.lines().count(), 1 + 17 * 5);
}

#[test]
fn bytes_do_not_depend_on_the_number_of_threads() {
    for words in [
        vec!["expose", "linkages", "--home", "CHN", "--world", "wiod2013", "--year", "2010..2011"],
        vec!["expose", "kww", "--home", "all", "--world", "wiod2013"],
        vec!["shock", "scan", "--home", "CHN", "--over", "pairs"],
        vec!["shock", "scan", "--home", "EU27", "--over", "coalitions", "--world", "wiod2013"],
        vec!["shock", "extraction", "--home", "CHN", "--partner", "USA", "--world", "wiod2013"],
    ] {
        let with = |threads: &str| out(&zili(&[&words[..], &["--format", "csv", "--threads", threads]].concat()));
        let one = with("1");
        assert_eq!(one, with("2"), "{words:?}");
        assert_eq!(one, with("5"), "{words:?}");
    }
}

#[test]
fn an_imported_world_works_like_the_bundled_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/plain-table");
    let store = folder.path().join("store");
    let store = store.to_str().expect("text");
    out(&zili_in(folder.path(), &["data", "import", "plain", plain, "--name", "mine", "--store", store]));
    let listed = out(&zili(&["data", "list", "--store", store]));
    assert!(["mine", "icio2022", "wiod2013"].iter().all(|name| listed.contains(name)), "{listed}");
    assert!(out(&zili(&["data", "check", "mine", "--store", store])).contains("sound"));
    let text = out(&zili_in(folder.path(), &["assess", "AAA", "--world", "mine", "--store", store]));
    assert!(text.contains("Aland (AAA)"), "{text}");
    for measure in zili_exposure::MEASURES {
        let mut words = vec![
            "expose",
            measure.method.name,
            "--home",
            "BBB",
            "--world",
            "mine",
            "--store",
            store,
            "--format",
            "csv",
        ];
        // Nobody trades with an invented region but those of its own table.
        if measure.method.parameters.iter().any(|parameter| parameter.name == "trade") {
            words.extend(["--set", "trade=table"]);
        }
        // No file has elasticities for sectors of one's own.
        if measure.method.parameters.iter().any(|parameter| parameter.name == "elasticities") {
            refused(&words, 1, &["'s1' first", "column isic4", "--set theta=NUMBER"]);
            words.extend(["--set", "theta=5"]);
        }
        // Two economies are too few to be compared.
        if measure.method.name.starts_with("complexity") {
            refused(&words, 1, &["it takes 3 of either"]);
            continue;
        }
        assert!(out(&zili(&words)).lines().count() > 1, "{}", measure.method.name);
    }
    // A second import of the name is refused, and works with --replace.
    let again = ["data", "import", "plain", plain, "--name", "mine", "--store", store];
    assert_eq!(zili_in(folder.path(), &again).status.code(), Some(2));
    out(&zili_in(folder.path(), &[&again[..], &["--replace"]].concat()));
}

#[test]
fn examples_with_blocs_run_as_they_are() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/blocs.toml");
    let words = ["shock", "ban", "--by", "Lithography", "--against", "CHN", "--sectors", "C26,C28", "--format", "csv"];
    let text = out(&zili(&[&words[..], &["--blocs", file]].concat()));
    assert!(text.contains(",NLD,Netherlands,denier,"), "{text}");
    let words = ["shock", "scan", "--home", "DEU", "--over", "coalitions", "--partner", "CHN,USA,Nordics"];
    let text = out(&zili(&[&words[..], &["--format", "csv", "--blocs", file]].concat()));
    assert_eq!(text.lines().count(), 1 + 7, "every union of three");
}

#[test]
fn blocs_of_ones_own_are_known_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("blocs.toml");
    fs::write(&file, "[[bloc]]\ncode = \"Chips\"\nname = \"Chip makers\"\nmembers = [\"USA\", \"JPN\", \"NLD\"]\n")
        .expect("written");
    let file = file.to_str().expect("text");
    let text = out(&zili(&["shock", "ban", "--by", "Chips", "--against", "CHN", "--blocs", file, "--format", "csv"]));
    assert!(text.contains(",NLD,Netherlands,denier,"), "{text}");
    fs::write(file, "[[bloc]]\ncode = \"Chips\"\nmembers = [\"USA\", \"JPX\"]\n").expect("written");
    refused(&["shock", "ban", "--by", "Chips", "--against", "CHN", "--blocs", file], 1, &["JPX", "did you mean 'JPN'"]);
    fs::write(file, "[[bloc]\ncode = 1").expect("written");
    refused(&["shock", "ban", "--by", "Chips", "--against", "CHN", "--blocs", file], 3, &["line 1"]);
}

#[test]
fn everything_listed_can_be_asked_about() {
    let list = out(&zili(&["methods"]));
    assert!(list.lines().all(|line| line.chars().count() <= 100), "too wide");
    for measure in zili_exposure::MEASURES {
        assert!(list.contains(measure.method.name));
        assert!(out(&zili(&["methods", measure.method.name])).contains("## Equation"));
    }
    assert!(out(&zili(&["data", "show", "wiod2013"])).contains("CC BY 4.0"));
    assert!(out(&zili(&["data", "show"])).contains("OECD terms"));
    assert!(out(&zili(&["data", "blocs", "wiod2013"])).contains("HRV"), "members a world does not tell apart are said");
    for shell in ["bash", "zsh", "fish"] {
        assert!(out(&zili(&["completions", shell])).contains("assess"));
    }
}

//! Production of minerals by the command line: an edition imported, asked about, and refused.

mod program;

use program::with_store as zili;

#[test]
fn an_edition_is_imported_and_named() {
    let store = tempfile::tempdir().expect("a folder");
    let folder = store.path().join("edition");
    std::fs::create_dir(&folder).expect("a folder");
    // Gallium is a material of the bundled trade too. 60 of 80 tonnes are China's.
    let table = "Source,Country,Type,Prod_kg_2030,Prod_kg_est_2031\n,China,Primary production,1,\"60,000\"\n\
        ,Germany,Primary production,1,\"20,000\"\n,World total (rounded),Primary production,2,\"80,000\"\n";
    let file = folder.join("mcs2032-galli_world.csv");
    std::fs::write(&file, table).expect("written");
    let from = folder.display().to_string();
    let import = ["data", "import", "usgs", &from, "--name", "mine"];
    let (_, said, code) = zili(store.path(), &import);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("6 figures of 2032") && said.contains("--set production=mine"), "{said}");
    let (_, said, code) = zili(store.path(), &import);
    assert!(code == Some(2) && said.contains("--replace"), "{said}");
    let (_, said, code) = zili(store.path(), &["data", "import", "usgs", &from, "--name", "mcs"]);
    assert!(code == Some(2) && said.contains("zili has data of that name itself"), "{said}");
    let (_, said, code) = zili(store.path(), &["data", "import", "plain", &from, "--name", "minerals"]);
    assert!(code == Some(2) && said.contains("keeps other data there"), "{said}");

    for measure in ["minerals", "mineral-dependence"] {
        let ask = ["expose", measure, "--home", "DEU", "--set", "production=mine", "--format", "json"];
        let (text, said, code) = zili(store.path(), &ask);
        assert_eq!(code, Some(0), "{said}");
        let found: serde_json::Value = serde_json::from_str(&text).expect("json");
        let rows = found["rows"].as_array().expect("rows");
        let of = |row: &&serde_json::Value| row["mineral"] == "gallium" && row["stage"] == "primary";
        let row = rows.iter().find(of).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((row["year"].as_i64(), row["top_foreign"].as_str()), (Some(2031), Some("CHN")), "{row}");
        assert_eq!((row["top_foreign_share"].as_f64(), row["home_low"].as_f64()), (Some(0.75), Some(0.25)), "{row}");
        assert!(text.contains("usgs-mcs-2032") && text.contains("mine.csv") && !text.contains("minerals/mcs.csv"));
        let (_, said, code) = zili(store.path(), &[&ask[..], &["--set", "edition=2024"]].concat());
        assert!(code != Some(0) && said.contains("2032, latest"), "{said}");
    }
    // The bundled set stays where it was, and its editions can be named.
    let bundled = ["expose", "minerals", "--home", "DEU", "--set", "edition=2023", "--format", "json"];
    let (text, said, code) = zili(store.path(), &bundled);
    assert!(code == Some(0) && text.contains("usgs-mcs-2023") && text.contains("minerals/mcs.csv"), "{said}");
    // A set that was damaged since is named and does not stop others.
    std::fs::write(store.path().join("minerals/odd.csv"), "no set\n").expect("written");
    let (_, said, code) = zili(store.path(), &bundled);
    assert!(code == Some(0) && said.contains("odd.csv") && said.contains("left out"), "{said}");
    std::fs::write(&file, table.replace("Germany", "Atlantis")).expect("written");
    let (_, said, code) = zili(store.path(), &["data", "import", "usgs", &from, "--name", "other"]);
    assert!(code == Some(1) && said.contains("mcs2032-galli_world.csv:3: country 'Atlantis' is not known"), "{said}");
}

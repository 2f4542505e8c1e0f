//! Indicators of science and technology by the command line: a file of the World Bank imported, asked about, and refused.

mod program;

use program::with_store as zili;

#[test]
fn indicators_of_the_world_bank_are_imported_and_named() {
    let store = tempfile::tempdir().expect("a folder");
    let file = store.path().join("API_5.csv");
    // GDP in the set: dependence of a year that no table has. 2 % of 4 trillion is 80 bn, and 20 bn are paid.
    let text = "\"Data Source\",\"World Development Indicators\",\n\n\"Last Updated Date\",\"2024-06-28\",\n\n\
        \"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2022\",\n\
        \"Germany\",\"DEU\",\"R&D\",\"GB.XPD.RSDV.GD.ZS\",\"2\",\n\"Germany\",\"DEU\",\"GDP\",\"NY.GDP.MKTP.CD\",\"4e12\",\n\
        \"Germany\",\"DEU\",\"Paid\",\"BM.GSR.ROYL.CD\",\"2e10\",\n\"World\",\"WLD\",\"R&D\",\"GB.XPD.RSDV.GD.ZS\",\"3\",\n";
    std::fs::write(&file, text).expect("written");
    let from = file.display().to_string();
    let import = ["data", "import", "world-bank", &from, "--name", "wdi"];
    let (_, said, code) = zili(store.path(), &import);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("WLD") && said.contains("3 figures") && said.contains("--set indicators=wdi"), "{said}");
    let (_, said, code) = zili(store.path(), &import);
    assert!(code == Some(2) && said.contains("--replace"), "{said}");
    let (_, said, code) = zili(store.path(), &["data", "import", "world-bank", &from, "--name", "wdi-2021"]);
    assert!(code == Some(2) && said.contains("zili has data of that name itself"), "{said}");
    let ask =
        ["expose", "technology", "--home", "DEU", "--partner", "TWN", "--set", "indicators=wdi", "--format", "json"];
    let (text, said, code) = zili(store.path(), &ask);
    assert_eq!(code, Some(0), "{said}");
    let found: serde_json::Value = serde_json::from_str(&text).expect("json");
    let row = &found["rows"][0];
    assert_eq!((row["year"].as_i64(), row["dependence"].as_f64()), (Some(2022), Some(0.2)), "{row}");
    assert!(found["rows"][1]["dependence"].is_null() && text.contains("updated 2024-06-28"), "{text}");
    // A set that was damaged since is named and does not stop others.
    std::fs::write(store.path().join("indicators/odd.csv"), "no set\n").expect("written");
    let (_, said, code) = zili(store.path(), &ask);
    assert!(code == Some(0) && said.contains("'odd' is left out") && said.contains("odd.csv"), "{said}");
    std::fs::write(&file, "iso3,year\n").expect("written");
    let (_, said, code) = zili(store.path(), &["data", "import", "world-bank", &from, "--name", "other"]);
    assert!(code == Some(1) && said.contains("API_5.csv:1: not the World Bank's layout"), "{said}");
}

#[test]
fn technology_of_home_and_partners_fits_80_columns() {
    let store = tempfile::tempdir().expect("a folder");
    let ask = ["expose", "technology", "--home", "CHN", "--partner", "USA,JPN,KOR", "--set", "from=2010"];
    let (text, _, code) = zili(store.path(), &ask);
    assert_eq!(code, Some(0));
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    // 1.78 % of GDP for research, a tenth of what is spent on technology paid abroad.
    assert!(
        text.lines().any(|line| line.starts_with("2011  CHN") && line.contains("1.78 %") && line.contains("10.1 %"))
    );
}

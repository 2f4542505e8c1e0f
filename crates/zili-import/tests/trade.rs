//! Trade from files of others.

use std::path::Path;
use zili_import::{Error, ImportedTrade, Kind, TradeSettings};

fn read(format: &str, path: &Path, year: Option<i32>) -> Result<ImportedTrade, Error> {
    let Kind::Trade(read) = zili_import::format(format).expect("a format").kind else { panic!("no trade") };
    read(path, &TradeSettings { name: "mine".into(), year })
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    files.iter().for_each(|(name, text)| std::fs::write(folder.path().join(name), text).expect("written"));
    folder
}

const CODES_2023: &str = "\u{feff}country_code,country_name_abbreviation,country_name_full,iso_2digit_alpha,iso_3digit_alpha\r\n\
    156,China,China,CN,CHN\r\n490,Chinese Taipai,Taiwan,TW,TWN\r\n516,Namibia,Namibia,,NAM\r\n849,Isds,US Misc. Pacific Isds,N/A,N/A\r\n";
const CODES_2026: &str = "country_code,country_name,country_iso2,country_iso3\n\
    156,China,CN,CHN\n490,\"Other Asia, nes\",,S19\n842,USA,US,USA\n697,\"Europe EFTA, nes\",,R20\n";

/// Thousand USD, padded cells, quantities that are not there, a product that lost its zero, two editions' codes of countries.
#[test]
fn baci_of_both_editions() {
    let of_2026 = folder(&[
        (
            "BACI_HS17_Y2022_V202601.csv",
            "t,i,j,k,v,q\n2022,156,490,854231,   1.500,  NA\n2022,490,842,10121,0.001,\n2022,697,842,854231,2,3\n",
        ),
        ("BACI_HS17_Y2023_V202601.csv", "t,i,j,k,v,q\n2023,842,156,854231,7.25,1\n"),
        ("country_codes_V202601.csv", CODES_2026),
        (
            "product_codes_HS17_V202601.csv",
            "code,description\n854231,\"Circuits; processors, controllers\"\n010121,Horses\n",
        ),
    ]);
    let (manifest, years) = read("baci", of_2026.path(), None).expect("read");
    let codes: Vec<&str> = manifest.economies.iter().map(|e| e.code.as_str()).collect();
    assert_eq!(codes, ["CHN", "R20", "TWN", "USA"]);
    assert_eq!(manifest.economies[2].name, "Taiwan");
    assert_eq!(manifest.products[0].name, "Horses");
    assert_eq!(manifest.products[1].name, "Circuits; processors, controllers");
    assert_eq!(manifest.nomenclature, "HS 2017");
    assert_eq!(years.iter().map(|y| (y.year, y.len())).collect::<Vec<_>>(), [(2022, 3), (2023, 1)]);
    let circuits: Vec<(usize, Option<usize>, f64)> = years[0].of(1).map(|f| (f.exporter, f.importer, f.usd)).collect();
    assert_eq!(circuits, [(0, Some(2), 1500.0), (1, Some(3), 2000.0)]);
    let (_, only) = read("baci", of_2026.path(), Some(2023)).expect("read");
    assert_eq!(only.len(), 1);
    let (_, one) = read("baci", &of_2026.path().join("BACI_HS17_Y2023_V202601.csv"), None).expect("read");
    assert_eq!(one, only);
    let of_2023 = folder(&[
        ("BACI_HS92_Y2020_V202301.csv", "t,i,j,k,v,q\n2020,490,516,010121,1,1\n2020,849,156,010121,1,1\n"),
        ("country_codes_V202301.csv", CODES_2023),
    ]);
    let (manifest, _) = read("baci", of_2023.path(), None).expect("read");
    let codes: Vec<&str> = manifest.economies.iter().map(|e| e.code.as_str()).collect();
    assert_eq!(codes, ["849", "CHN", "NAM", "TWN"]);
    assert_eq!(manifest.nomenclature, "HS 1992");
}

#[test]
fn what_is_not_baci_is_named_with_its_line() {
    let refusal = |file: &str| {
        let folder = folder(&[("BACI_HS17_Y2022_V202601.csv", file), ("country_codes_V202601.csv", CODES_2026)]);
        read("baci", folder.path(), None).map(drop).expect_err("refused").to_string()
    };
    for (file, expected) in [
        (
            "t,i,j,k,v,q\n2022,156,490,854231,1,1\n2022,999,842,854231,1,1\n",
            "csv:3: country code '999' is not in the file",
        ),
        ("t,i,j,k,v,q\n2021,156,490,854231,1,1\n", "csv:2: year '2021' in a file of 2022"),
        ("t,i,j,k,v,q\n2022,156,490,85423X,1,1\n", "csv:2: product '85423X'"),
        ("t,i,j,k,v,q\n2022,156,490,854231,NA,1\n", "csv:2: value 'NA' is not a number"),
        ("t,i,j,k,v,q\n2022,156,490,854231,-1,1\n", "csv:2: -1000 is not a value in USD"),
        ("t,i,j,product,v\n", "csv:1: no column 'k' (found: t, i, j, product, v)"),
        ("t,i,j,k,v,q\n2022,156,490\n", "csv"),
        ("t,i,j,k,v,q\n2022,156,490,854231,1,1\n2022,156,490,854231,2,1\n", "CHN to TWN in 2022: product 854231"),
    ] {
        let found = refusal(file);
        assert!(found.contains(expected), "{found}");
    }
    let without_codes = folder(&[("BACI_HS17_Y2022_V202601.csv", "t,i,j,k,v,q\n")]);
    let found = read("baci", without_codes.path(), None).map(drop).expect_err("refused").to_string();
    assert!(found.contains("country_codes_V202601.csv: not found"), "{found}");
    let empty = folder(&[]);
    let found = read("baci", empty.path(), None).map(drop).expect_err("refused").to_string();
    assert!(found.contains("no file of BACI here"), "{found}");
    let one = folder(&[("BACI_HS17_Y2022_V202601.csv", "t,i,j,k,v,q\n"), ("country_codes_V202601.csv", CODES_2026)]);
    let found = read("baci", one.path(), Some(2019)).map(drop).expect_err("refused").to_string();
    assert!(found.contains("no file of 2019 here; there is 2022"), "{found}");
    let found = read("baci", one.path(), None).map(drop).expect_err("refused").to_string();
    assert!(found.contains("no flows with a value"), "{found}");
}

#[test]
fn plain_trade_with_and_without_buyers() {
    let with = folder(&[(
        "flows.csv",
        "year,exporter,importer,product,million_usd\n2020,fra,DEU,wine,1.5\n2020,DEU,fra,wine,0\n2021,DEU,fra,beer,2\n",
    )]);
    let (manifest, years) = read("trade", with.path(), None).expect("read");
    assert_eq!(manifest.economies.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["Germany", "France"]);
    assert_eq!(
        years.iter().map(|y| (y.year, y.len(), y.has_partners())).collect::<Vec<_>>(),
        [(2020, 1, true), (2021, 1, true)]
    );
    assert_eq!(years[0].exports().row_sums(), [0.0, 1_500_000.0]);
    let without = folder(&[
        ("flows.csv", "country,product,usd\nXAA,p1,10\nXBB,p1,20\n"),
        ("economies.csv", "code,name,population\nXAA,Aland,1000\nXBB,Bland,\n"),
        ("products.csv", "code,name\np1,Things\n"),
        ("trade.toml", "title = \"Invented\"\nnomenclature = \"ours\"\n"),
    ]);
    let (manifest, years) = read("trade", without.path(), None).expect("read");
    assert_eq!((years[0].year, years[0].has_partners()), (0, false));
    assert_eq!((manifest.title.as_str(), manifest.products[0].name.as_str()), ("Invented", "Things"));
    assert_eq!(manifest.economies.iter().map(|e| e.population).collect::<Vec<_>>(), [Some(1000.0), None]);
}

#[test]
fn what_is_wrong_in_plain_trade_is_named_with_its_line() {
    for (file, expected) in [
        ("exporter,product\nA,p\n", ":1: give one column of values, named by its unit: usd, thousand_usd, million_usd"),
        ("exporter,product,usd,million_usd\n", ":1: give one column of values"),
        ("product,usd\n", ":1: no column 'exporter' or 'country' (found: product, usd)"),
        ("exporter,product,usd\nA,p,much\n", ":2: value 'much' is not a number"),
        ("exporter,product,usd\nA,p,1\n,p,1\n", ":3: the exporter is empty"),
        ("exporter,product,usd\nA,,1\n", ":2: the product is empty"),
        ("exporter,product,usd,year\nA,p,1,now\n", ":2: year 'now' is not a whole number"),
        ("exporter,product,usd\nA,p,0\n", "no flows with a value"),
        ("exporter,product,usd,usd\n", ":1: column 'usd' is there twice"),
        ("exporter,importer,product,usd\nA,a,p,1\n", ":2: A sells to itself"),
    ] {
        let folder = folder(&[("flows.csv", file)]);
        let found = read("trade", folder.path(), None).map(drop).expect_err("refused").to_string();
        assert!(found.contains(expected), "{found}");
    }
}

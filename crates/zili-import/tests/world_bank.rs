//! The World Bank's csv: the official file where it is at hand, its layout made by hand, and files that are not it.

use std::path::{Path, PathBuf};
use zili_import::{Error, Kind, SetFile};
use zili_testkit::oracle::beside;
use zili_world::science::{self, Indicator, Indicators};

const START: &str =
    "\u{feff}\"Data Source\",\"World Development Indicators\",\r\n\r\n\"Last Updated Date\",\"2021-09-15\",\r\n\r\n";
const HEADER: &str = "\"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2018\",\"2019\",\r\n";

fn written(folder: &Path, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join("API_14.csv");
    std::fs::write(&path, text).expect("written");
    path
}

fn read(text: impl AsRef<[u8]>) -> Result<SetFile, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = written(folder.path(), text);
    world_bank(&path).map_err(|refusal| refusal.to_string())
}

fn world_bank(path: &Path) -> Result<SetFile, Error> {
    let Kind::Indicators(read) = zili_import::format("world-bank").expect("a format").kind else {
        panic!("world-bank holds indicators")
    };
    read(path)
}

fn set(file: &SetFile) -> Indicators {
    science::read(&file.text, "set.csv", "set").expect("a sound set")
}

#[test]
fn the_official_layout_is_read() {
    let rows = "\"Korea, Rep.\",\"KOR\",\"R&D (% of GDP)\",\"GB.XPD.RSDV.GD.ZS\",\"4.81009\",\"\",\r\n\
                \"World\",\"WLD\",\"R&D (% of GDP)\",\"GB.XPD.RSDV.GD.ZS\",\"2.2\",\"\",\r\n\
                \"Korea, Rep.\",\"KOR\",\"Trademarks\",\"IP.TMK.TOTL\",\"1\",\"2\",\r\n\
                \"Yemen, Rep.\",\"YEM\",\"Receipts\",\"BX.GSR.ROYL.CD\",\"\",\"-4800000\",\r\n";
    let file = read(format!("{START}{HEADER}{rows}")).expect("read");
    let set = set(&file);
    assert_eq!((set.len(), set.years()), (2, &[2018, 2019][..]));
    assert_eq!(set.title, "World Bank, World Development Indicators, updated 2021-09-15");
    assert_eq!(set.value(Indicator::RdIntensity, &"KOR".into(), 2018), Some(4.81009));
    assert_eq!(set.value(Indicator::RdIntensity, &"KOR".into(), 2019), None);
    assert_eq!(file.remarks.len(), 2);
    assert!(file.remarks[0].contains("1 codes that are no countries left out: WLD"), "{:?}", file.remarks);
    assert!(file.remarks[1].contains("1 indicators that no method uses left out: IP.TMK.TOTL"), "{:?}", file.remarks);
    // The whole database in one file has no lines above its header, and no comma at the end.
    let bare = "Country Name,Country Code,Indicator Name,Indicator Code,2018\nGermany,DEU,GDP,NY.GDP.MKTP.CD,3.97e12\n";
    let file = read(bare).expect("read");
    assert!(file.remarks.is_empty() && file.text.contains("\nDEU,NY.GDP.MKTP.CD,2018,3.97e12,\n"), "{}", file.text);
}

#[test]
fn the_order_of_rows_is_nothing() {
    let (a, b) = ("A,AUT,x,IP.PAT.RESD,1,2,\n", "B,BEL,x,IP.PAT.RESD,3,4,\n");
    let of = |rows: String| read(format!("{START}{HEADER}{rows}")).expect("read").text;
    assert_eq!(of(format!("{a}{b}")), of(format!("{b}{a}")));
}

#[test]
fn what_is_not_that_layout_is_refused_with_its_line() {
    let whole = |rows: &str| format!("{START}{HEADER}{rows}");
    for (text, expected) in [
        (String::new(), "API_14.csv: not the World Bank's layout: no header"),
        (START.to_owned(), "API_14.csv: not the World Bank's layout: no header"),
        (
            "\"Country Name\",\"Country Code\",\"Year\",\"R&D\"\n\"Belgium\",\"BEL\",\"2008\",\"1.9\"\n".to_owned(),
            "API_14.csv:1: not the World Bank's layout: 'Country Name' where the header",
        ),
        (format!("{START}iso3,year\n"), "API_14.csv:5: not the World Bank's layout: 'iso3'"),
        (format!("{START}{}", HEADER.replace("2019", "2019 [YR2019]")), "API_14.csv:5: column '2019 [YR2019]': a year"),
        (format!("{START}{}", HEADER.replace("2019", "2018")), "API_14.csv:5: two columns of 2018"),
        (
            format!("{START}Country Name,Country Code,Indicator Name,Indicator Code,\n"),
            "API_14.csv:5: no columns of years",
        ),
        (whole("A,AUT,x,IP.PAT.RESD,1,2,\nB,BEL,x,IP.PAT.RESD,3,\n"), "API_14.csv:7: 6 cells, but the header has 7"),
        (whole("A,AUT,x,IP.PAT.RESD,1,2,3,\n"), "API_14.csv:6: 8 cells, but the header has 7"),
        (whole("A,AUT,x,IP.PAT.RESD,1,2,3\n"), "API_14.csv:6: '3' after the last year"),
        (whole("A,AUT\n"), "API_14.csv:6: 2 cells"),
        (
            whole("A,AUT,x,IP.PAT.RESD,1,..,\n"),
            "API_14.csv:6: IP.PAT.RESD of AUT in 2019 is '..', not a number or an empty",
        ),
        (whole("A,AUT,x,IP.PAT.RESD,1,-2,\n"), "in 2019 is '-2', not a number from 0 on"),
        (whole("A,AUT,x,IP.PAT.RESD,1,1e999,\n"), "in 2019 is '1e999', not a finite number"),
        (whole("A,AUT,x,GB.XPD.RSDV.GD.ZS,1,250,\n"), "in 2019 is '250', not per cent from 0 to 100"),
        (
            whole("A,AUT,x,IP.PAT.RESD,1,2,\nA,AUT,x,IP.PAT.RESD,1,2,\n"),
            "API_14.csv:7: IP.PAT.RESD of AUT stands in line 6 already",
        ),
        (
            whole("W,WLD,x,IP.PAT.RESD,1,2,\n"),
            "no figure of a country for an indicator that is used (these are: NY.GDP",
        ),
        (whole("A,AUT,x,IP.TMK.TOTL,1,2,\n"), "no figure of a country"),
    ] {
        let refusal = read(&text).expect_err(&text);
        assert!(refusal.contains(expected), "{text}: {refusal}");
    }
    let mut bytes = whole("A,AUT,x,IP.PAT.RESD,1,2,\n").into_bytes();
    bytes.extend(b"\xff\xfe,BEL,x,IP.PAT.RESD,1,2,\n");
    let refusal = read(bytes).expect_err("not text");
    assert!(refusal.contains("API_14.csv:7: not UTF-8"), "{refusal}");
}

#[test]
fn a_folder_and_a_file_that_is_not_there_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(world_bank(folder.path()).expect_err("a folder").to_string().contains("is a folder; give the csv"));
    assert!(world_bank(&folder.path().join("none.csv")).is_err());
}

/// The World Bank's own file gives the figures that ship with zili, but for their digits, and years before 1996 besides.
#[test]
fn the_official_file_gives_the_bundled_figures() {
    let Some(path) = beside("data/science-technology/science-and-technology-raw-2021.csv") else { return };
    let file = world_bank(&path).expect("read");
    let (set, bundled) = (set(&file), science::bundled().expect("sound"));
    let mut compared = 0;
    for (code, indicator) in Indicator::CODES.iter().filter(|(code, _)| !code.starts_with("EXPPPP")) {
        for country in bundled.countries() {
            for &year in bundled.years() {
                let (ours, theirs) = (bundled.value(*indicator, country, year), set.value(*indicator, country, year));
                assert_eq!(ours.is_some(), theirs.is_some(), "{code} {country} {year}");
                let Some((ours, theirs)) = ours.zip(theirs) else { continue };
                // Eight digits, or whole ones from a million on.
                assert!((ours - theirs).abs() <= 5e-7 * theirs.abs(), "{code} {country} {year}: {ours} {theirs}");
                compared += 1;
            }
        }
    }
    let of_the_bank = |line: &&str| !line.contains("EXPPPP");
    let text = include_str!("../../../data/science-technology/wdi-2021.csv");
    assert_eq!(compared, text.lines().skip(2).filter(of_the_bank).count());
    assert!(
        file.remarks[0].starts_with("51 codes that are no countries") && file.remarks[1].starts_with("4 indicators")
    );
}

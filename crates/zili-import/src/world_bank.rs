//! The World Bank's csv of indicators: some lines about the file, a header, a row for each country and indicator with a column for each year.
//!
//! Rows of groups of countries (`WLD`, `EUU`) and of indicators that no method uses are left out, and that is said. An empty cell is no figure.

use crate::{Error, SetFile, records};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use zili_world::science::{HEADER, Indicator};

pub const ABOUT: &str =
    "a set of indicators, from the World Bank's csv of a topic or of indicators (API_….csv, also WDICSV.csv)";

const LABELS: [&str; 4] = ["Country Name", "Country Code", "Indicator Name", "Indicator Code"];
const LAYOUT: &str = "Country Name,Country Code,Indicator Name,Indicator Code,1960,1961,…";

/// ISO 3166-1 alpha-3: what is not here is a group of countries, or no country of its own in the standard.
const COUNTRIES: &str = "\
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ \
BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU \
DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC \
GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM \
KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG \
MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL \
PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN \
SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB \
VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE";

pub fn read(path: &Path) -> Result<SetFile, Error> {
    if path.is_dir() {
        return Err(Error::file(path, "is a folder; give the csv in it whose name starts with API_"));
    }
    let text = records::text(path)?;
    let mut records = records::records(path, &text);
    let mut updated = None;
    let (years, width) = loop {
        let Some(next) = records.next() else {
            return Err(Error::file(path, format!("not the World Bank's layout: no header {LAYOUT}")));
        };
        let (line, record) = next?;
        match record.get(0).unwrap_or_default() {
            "Data Source" | "" => {}
            "Last Updated Date" => updated = record.get(1).map(|date| date.replace(['\n', '\r'], " ")),
            _ if record.iter().take(LABELS.len()).eq(LABELS) => {
                break (years(path, line, &record)?, record.len());
            }
            first => {
                let reason = format!("not the World Bank's layout: '{first}' where the header {LAYOUT} is expected");
                return Err(Error::line(path, line, reason));
            }
        }
    };

    let mut figures: Vec<(Indicator, String, i32, String)> = Vec::new();
    let mut seen: HashMap<(String, Indicator), u64> = HashMap::new();
    let (mut groups, mut others) = (BTreeSet::new(), BTreeSet::new());
    for next in records {
        let (line, record) = next?;
        if record.len() != width {
            let reason = format!("{} cells, but the header has {width}: a line is cut short or runs on", record.len());
            return Err(Error::line(path, line, reason));
        }
        if let Some(surplus) = record.get(years.len() + LABELS.len()).filter(|cell| !cell.is_empty()) {
            return Err(Error::line(path, line, format!("'{surplus}' after the last year")));
        }
        let (country, code) = (record[1].to_owned(), &record[3]);
        let Some(indicator) = Indicator::by_code(code) else {
            others.insert(code.to_owned());
            continue;
        };
        if !COUNTRIES.split(' ').any(|known| known == country) {
            groups.insert(country);
            continue;
        }
        if let Some(first) = seen.insert((country.clone(), indicator), line) {
            return Err(Error::line(path, line, format!("{code} of {country} stands in line {first} already")));
        }
        for (year, cell) in years.iter().zip(record.iter().skip(LABELS.len())) {
            if cell.is_empty() {
                continue;
            }
            let refused = |wanted: &str| {
                Error::line(path, line, format!("{code} of {country} in {year} is '{cell}', not {wanted}"))
            };
            let value: f64 = cell.parse().map_err(|_| refused("a number or an empty cell"))?;
            if let Some(wanted) = indicator.refuses(value) {
                return Err(refused(wanted));
            }
            figures.push((indicator, country.clone(), *year, cell.to_owned()));
        }
    }
    if figures.is_empty() {
        let known: Vec<&str> = Indicator::CODES.iter().map(|(code, _)| *code).collect();
        let reason = format!("no figure of a country for an indicator that is used (these are: {})", known.join(", "));
        return Err(Error::file(path, reason));
    }
    Ok(SetFile { text: written(figures, updated.as_deref()), remarks: remarks(&groups, &others) })
}

/// Years of the header's columns.
fn years(path: &Path, line: u64, header: &csv::StringRecord) -> Result<Vec<i32>, Error> {
    let mut years = Vec::new();
    let columns = header.len() - usize::from(header.iter().next_back() == Some(""));
    for word in header.iter().take(columns).skip(LABELS.len()) {
        let digits = word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
        let year = word.parse().ok().filter(|year| digits && *year >= 1000);
        let year = year.ok_or_else(|| Error::line(path, line, format!("column '{word}': a year is expected")))?;
        if years.contains(&year) {
            return Err(Error::line(path, line, format!("two columns of {year}")));
        }
        years.push(year);
    }
    match years.is_empty() {
        true => Err(Error::line(path, line, format!("no columns of years: the header must read {LAYOUT}"))),
        false => Ok(years),
    }
}

/// The set's file: sorted, so that the order of rows in the source does not matter.
fn written(mut figures: Vec<(Indicator, String, i32, String)>, updated: Option<&str>) -> String {
    figures.sort_by(|a, b| (a.0, &a.1, a.2).cmp(&(b.0, &b.1, b.2)));
    let edition = updated.map(|date| format!(", updated {date}")).unwrap_or_default();
    let mut text = format!("# World Bank, World Development Indicators{edition}\n{}\n", HEADER.join(","));
    for (indicator, country, year, value) in figures {
        let code = Indicator::CODES.iter().find(|(_, i)| *i == indicator).map_or("", |(code, _)| code);
        text += &format!("{country},{code},{year},{value},\n");
    }
    text
}

fn remarks(groups: &BTreeSet<String>, others: &BTreeSet<String>) -> Vec<String> {
    let listed = |codes: &BTreeSet<String>| {
        let first: Vec<&str> = codes.iter().take(8).map(String::as_str).collect();
        let more = codes.len().saturating_sub(first.len());
        first.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
    };
    let mut remarks = Vec::new();
    if !groups.is_empty() {
        remarks.push(format!("{} codes that are no countries left out: {}", groups.len(), listed(groups)));
    }
    if !others.is_empty() {
        remarks.push(format!("{} indicators that no method uses left out: {}", others.len(), listed(others)));
    }
    remarks
}

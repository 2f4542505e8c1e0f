//! Classifications that zili knows: names of their sectors, and where each stands in ISIC Rev. 4.
//!
//! One file each under `data/classifications/`. A world whose sectors are those of one of them has its facts, whoever imported it.

use crate::error::Meaning;
use crate::{Sector, isic};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::LazyLock;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/classifications");
/// Its file lists the others, each with a title.
const TITLES: &str = "titles";
/// A table may leave out so many sectors, such as households as employers, and still be recognised.
const MISSING: usize = 2;

/// A classification with its sectors.
#[derive(Debug)]
pub struct Known {
    pub name: String,
    pub title: String,
    pub sectors: Vec<Sector>,
}

/// Every classification that zili knows, in the order of `titles.csv`.
pub fn classifications() -> &'static [Known] {
    static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
        let known = |(name, title): (String, String)| Known {
            sectors: rows::<Row>(&name).into_iter().map(Sector::from).collect(),
            name,
            title,
        };
        rows(TITLES).into_iter().map(known).collect()
    });
    &KNOWN
}

/// The classification that these codes are of, by code or alias.
pub fn recognised<'a>(codes: impl Iterator<Item = &'a str> + Clone) -> Option<&'static Known> {
    let count = codes.clone().count();
    let fits = |known: &&Known| {
        count + MISSING >= known.sectors.len() && codes.clone().all(|code| known.sector(code).is_some())
    };
    classifications().iter().find(fits)
}

impl Known {
    /// A sector by its code or alias, letter for letter.
    pub fn sector(&self, code: &str) -> Option<&Sector> {
        self.sectors.iter().find(|sector| sector.code.as_str() == code || sector.alias.as_deref() == Some(code))
    }
}

/// Rows of a file, read as what a row is; the files are part of the program, and tests read every one.
fn rows<Row: DeserializeOwned>(name: &str) -> Vec<Row> {
    let text = FILES.get_file(format!("{name}.csv")).and_then(|file| file.contents_utf8()).unwrap_or_default();
    csv::Reader::from_reader(text.as_bytes()).deserialize().filter_map(Result::ok).collect()
}

/// A line of a classification's file.
#[derive(Deserialize)]
struct Row {
    code: String,
    name: String,
    #[serde(default)]
    official: Option<String>,
    #[serde(default)]
    alias: Option<String>,
    isic4: String,
}

impl From<Row> for Sector {
    fn from(row: Row) -> Self {
        Sector {
            code: row.code.as_str().into(),
            name: row.name,
            official: row.official,
            alias: row.alias,
            isic4: row.isic4.split(' ').map(str::to_owned).collect(),
        }
    }
}

/// Sectors with what is known of them, where none says its place in ISIC Rev. 4 itself; names stay, but a code is no name.
pub(crate) fn described(mut sectors: Vec<Sector>) -> (Vec<Sector>, Option<&'static Known>) {
    let known = recognised(sectors.iter().map(|sector| sector.code.as_str()));
    if let (Some(known), true) = (known, sectors.iter().all(|sector| sector.isic4.is_empty())) {
        for sector in &mut sectors {
            let Some(fact) = known.sector(sector.code.as_str()) else { continue };
            sector.isic4 = fact.isic4.clone();
            if sector.name == sector.code.as_str() {
                sector.name = fact.name.clone();
            }
        }
    }
    (sectors, known)
}

/// What a code that is none here means in other classifications, each meaning once.
pub(crate) fn of_others(code: &str, sectors: &[Sector]) -> Vec<Meaning> {
    let mut meanings: Vec<Meaning> = Vec::new();
    for known in classifications() {
        let Some(sector) = known.sector(code) else { continue };
        let covers = |here: &&Sector| {
            here.isic4.iter().any(|place| sector.isic4.iter().any(|other| isic::overlap(place, other)))
        };
        let here: Vec<String> = sectors.iter().filter(covers).map(|here| here.code.to_string()).collect();
        if !here.is_empty() && meanings.iter().all(|meaning| meaning.here != here) {
            meanings.push(Meaning { classification: known.title.clone(), name: sector.name.clone(), here });
        }
    }
    meanings
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_file_is_sound_and_places_no_division_twice() {
        let sizes: Vec<(&str, usize)> =
            classifications().iter().map(|known| (known.name.as_str(), known.sectors.len())).collect();
        let expected =
            [("icio50", 50), ("icio45", 45), ("icio36", 36), ("wiod35", 35), ("wiod56", 56), ("figaro64", 64)];
        assert_eq!(sizes, [&expected[..], &[("isic4-sections", 21)]].concat());
        for known in classifications() {
            let mut places = HashSet::new();
            for sector in &known.sectors {
                assert!(sector.name.chars().count() <= 28, "{}: {}", known.name, sector.name);
                for place in &sector.isic4 {
                    assert!(isic::is_place(place), "{}: {place}", known.name);
                    assert!(places.insert(place), "{}: {place} twice", known.name);
                }
            }
            assert_eq!(recognised(known.sectors.iter().map(|s| s.code.as_str())).map(|k| &k.name), Some(&known.name));
        }
        assert!(recognised(["A", "B", "C"].into_iter()).is_none());
    }
}

//! The US Geological Survey's Mineral Commodity Summaries: a folder of `mcs20YY-COMMODITY_world.csv`, as the editions 2022 to 2024 have them.
//!
//! Each file has a row for each country and type of production and a column for each year. What a country reports in several
//! rows is added up; capacities and reserves are not read. Nothing is guessed: a country, a type or a mark that the tables
//! under `data/minerals/` do not know is refused with its line.

mod sheet;
mod words;

use crate::{Error, SetFile};
use sheet::{Amount, Row};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use words::Words;
use zili_world::minerals::HEADER;

pub const ABOUT: &str = "a set of mineral production, from the US Geological Survey's Mineral Commodity Summaries (a folder of mcs20YY-…_world.csv, editions 2022–2024)";

const WORLD: &str = "WLD";
const OTHERS: &str = "OTH";

/// What a line of the set is about. The order is that of the set: a world's total after its producers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    edition: i32,
    mineral: String,
    stage: String,
    year: i32,
    /// Countries, then those not told apart, then the world.
    rank: u8,
    country: String,
}

/// What is known of it, by the rows that speak of it.
#[derive(Default)]
struct Cell {
    name: String,
    amounts: Vec<Amount>,
    excludes: BTreeSet<String>,
}

pub fn read(path: &Path) -> Result<SetFile, Error> {
    let words = Words::bundled()?;
    let mut cells: BTreeMap<Key, Cell> = BTreeMap::new();
    let mut remarks = Vec::new();
    let mut left_out = BTreeSet::new();
    for (place, name) in named(path)? {
        let sheet = sheet::read(&place, &name, &words)?;
        if sheet.rows.is_empty() {
            remarks.push(format!("{}: no production in it, and left out", shown(&place)));
        }
        remarks.extend(sheet.unclear.iter().map(|(line, said)| {
            format!("{}:{line}: what the world's total leaves out is not understood: '{said}'", shown(&place))
        }));
        for row in sheet.rows {
            match row.kind.left_out.as_str() {
                "" => add(&mut cells, &place, &name, row, &sheet.excludes, &words)?,
                why => {
                    left_out.insert(format!("{}: a type of production left out: {why}", name.commodity));
                }
            }
        }
    }
    if cells.is_empty() {
        return Err(Error::file(path, "no production of a mineral in its files"));
    }
    remarks.extend(left_out);
    Ok(SetFile { text: written(&cells), remarks })
}

/// Puts the figures of a row with those of the same producer.
fn add(
    cells: &mut BTreeMap<Key, Cell>,
    path: &Path,
    name: &Name,
    row: Row,
    excludes: &BTreeSet<String>,
    words: &Words,
) -> Result<(), Error> {
    let rank = match row.country.as_str() {
        WORLD => 2,
        OTHERS => 1,
        _ => 0,
    };
    for (year, amount) in row.amounts {
        let (mineral, stage) = (row.kind.mineral.clone(), row.kind.stage.clone());
        let key = Key { edition: name.edition, mineral, stage, year, rank, country: row.country.clone() };
        let cell = cells.entry(key).or_default();
        if row.country == WORLD {
            if !cell.amounts.is_empty() {
                let reason = format!("a second world total of {} ({}) in {year}", row.kind.mineral, row.kind.stage);
                return Err(Error::line(path, row.line, reason));
            }
            cell.excludes.extend(excludes.iter().cloned());
            cell.excludes.extend(words.leaves_out(name.edition, &row.kind.mineral).map(str::to_owned));
        }
        cell.name.clone_from(&row.kind.name);
        cell.amounts.push(amount);
    }
    Ok(())
}

/// The set's file.
fn written(cells: &BTreeMap<Key, Cell>) -> String {
    let mut text = HEADER.join(",") + "\n";
    for (key, cell) in cells {
        // A figure that lacks a part is none.
        let missing = cell.amounts.iter().find_map(|amount| match amount {
            Amount::None(why) => Some(why.as_str()),
            Amount::Tonnes { .. } => None,
        });
        let estimated = cell.amounts.iter().any(|amount| matches!(amount, Amount::Tonnes { estimated: true, .. }));
        let sum: f64 = cell.amounts.iter().map(|amount| amount.tonnes().unwrap_or(0.0)).sum();
        let (tonnes, flag) = match missing {
            Some(why) => (String::new(), why),
            None => (rounded(sum), if estimated { "estimated" } else { "" }),
        };
        let excludes: Vec<&str> = cell.excludes.iter().map(String::as_str).collect();
        let Key { edition, mineral, stage, year, country, .. } = key;
        let (name, excludes) = (&cell.name, excludes.join(" "));
        text += &format!("{edition},{mineral},{name},{stage},{country},{year},{tonnes},{flag},{excludes}\n");
    }
    text
}

/// Twelve digits: what is beyond comes from units and sums in binary, not from the publisher.
fn rounded(tonnes: f64) -> String {
    format!("{tonnes:.11e}").parse::<f64>().unwrap_or(tonnes).to_string()
}

/// What a file's name says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name {
    pub edition: i32,
    pub commodity: String,
}

const ENDING: &str = "_world.csv";

/// Files of production under a folder, or the one file given; by edition and commodity, so that the order in the folder is nothing.
fn named(path: &Path) -> Result<Vec<(PathBuf, Name)>, Error> {
    let mut places = Vec::new();
    match path.is_dir() {
        true => walk(path, &mut places)?,
        false => places.push(path.to_owned()),
    }
    let mut found: BTreeMap<Name, PathBuf> = BTreeMap::new();
    for place in places {
        let expected = "the name must read mcs20YY-COMMODITY_world.csv, with the year of the edition";
        let name = name_of(&place).ok_or_else(|| Error::file(&place, expected))?;
        if let Some(first) = found.get(&name) {
            let reason = format!("the same edition and commodity as {}; keep one of them", first.display());
            return Err(Error::file(&place, reason));
        }
        found.insert(name, place);
    }
    match found.is_empty() {
        true => Err(Error::file(path, "no file in it or in a folder of it is named mcs20YY-COMMODITY_world.csv")),
        false => Ok(found.into_iter().map(|(name, place)| (place, name)).collect()),
    }
}

/// Links to folders are not followed, so that none can lead round in a circle.
fn walk(folder: &Path, places: &mut Vec<PathBuf>) -> Result<(), Error> {
    let mut inside: Vec<_> =
        std::fs::read_dir(folder).and_then(Iterator::collect::<Result<_, _>>).map_err(Error::io(folder))?;
    inside.sort_by_key(std::fs::DirEntry::path);
    for entry in inside {
        let path = entry.path();
        if entry.file_type().map_err(Error::io(&path))?.is_dir() {
            walk(&path, places)?;
        } else if path.to_string_lossy().to_lowercase().ends_with(ENDING) {
            places.push(path);
        }
    }
    Ok(())
}

fn name_of(path: &Path) -> Option<Name> {
    let whole = path.file_name()?.to_str()?.to_lowercase();
    let (_, rest) = whole.strip_suffix(ENDING)?.rsplit_once("mcs")?;
    let (year, commodity) = (rest.get(..4)?, rest.get(4..)?);
    let commodity = commodity.strip_prefix('-').unwrap_or(commodity);
    let plain = year.starts_with("20") && year.bytes().all(|b| b.is_ascii_digit()) && !commodity.is_empty();
    plain.then(|| Some(Name { edition: year.parse().ok()?, commodity: commodity.to_owned() }))?
}

fn shown(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

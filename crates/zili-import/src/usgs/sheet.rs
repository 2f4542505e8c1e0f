//! One file of the publisher: production of one commodity.

use super::words::{Kind, Words};
use super::{Name, WORLD};
use crate::{Error, records};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

const LAYOUT: &str = "Source,Country,Type,Prod_UNIT_YEAR,Prod_UNIT_est_YEAR,…";

pub(super) struct Sheet {
    pub rows: Vec<Row>,
    /// Producers that its world totals leave out, by what stands under them.
    pub excludes: BTreeSet<String>,
    /// Lines that speak of something left out, where it is not clear what.
    pub unclear: Vec<(u64, String)>,
}

pub(super) struct Row {
    pub line: u64,
    pub kind: Kind,
    pub country: String,
    /// By year.
    pub amounts: Vec<(i32, Amount)>,
}

pub(super) enum Amount {
    Tonnes {
        tonnes: f64,
        estimated: bool,
    },
    /// The reason.
    None(String),
}

impl Amount {
    pub fn tonnes(&self) -> Option<f64> {
        match self {
            Amount::Tonnes { tonnes, .. } => Some(*tonnes),
            Amount::None(_) => None,
        }
    }
}

/// A column of production.
struct Column {
    at: usize,
    year: i32,
    /// Tonnes in its unit.
    unit: f64,
    estimated: bool,
}

pub(super) fn read(path: &Path, name: &Name, words: &Words) -> Result<Sheet, Error> {
    let text = records::text(path)?;
    let mut columns: Option<Vec<Column>> = None;
    let mut sheet = Sheet { rows: Vec::new(), excludes: BTreeSet::new(), unclear: Vec::new() };
    let mut seen: HashMap<(String, String), u64> = HashMap::new();
    for record in records::records(path, &text) {
        let (line, record) = record?;
        let refused = |reason: String| Error::line(path, line, reason);
        let cells: Vec<String> = record.iter().map(plain).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let Some(columns) = &columns else {
            columns = Some(header(&cells, words).map_err(refused)?);
            continue;
        };
        let Some(end) = columns.last() else { continue };
        if cells.len() <= end.at {
            return Err(refused(format!(
                "{} cells, but production is in {}: the line is cut short",
                cells.len(),
                end.at + 1
            )));
        }
        let (source, country, of) = (&cells[0], &cells[1], &cells[2]);
        let year: String = source.chars().filter(char::is_ascii_digit).collect();
        if !year.is_empty() && year != name.edition.to_string() {
            return Err(refused(format!("'{source}' in a file whose name says {}", name.edition)));
        }
        if columns.iter().all(|column| cells[column.at].is_empty()) {
            continue;
        }
        let kind = words.kind(&name.commodity, of).map_err(refused)?.clone();
        if !kind.left_out.is_empty() {
            sheet.rows.push(Row { line, kind, country: String::new(), amounts: Vec::new() });
            continue;
        }
        let code = words.country(country).map_err(refused)?;
        if let Some(first) = seen.insert((country.clone(), of.clone()), line) {
            return Err(refused(format!("'{country}', '{of}' stands in line {first} already")));
        }
        if code == WORLD {
            exclusions(&cells.join(" "), line, words, &mut sheet);
        }
        let mut amounts = Vec::new();
        for column in columns.iter().filter(|column| !cells[column.at].is_empty()) {
            amounts.push((column.year, amount(&cells[column.at], column, words).map_err(refused)?));
        }
        sheet.rows.push(Row { line, kind, country: code, amounts });
    }
    match columns {
        None => Err(Error::file(path, format!("not the publisher's layout: no header {LAYOUT}"))),
        Some(_) => Ok(sheet),
    }
}

/// A cell without what is only there for the eye: spaces of any kind, single and not at an end.
fn plain(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The columns of production. Their names are `Prod`, sometimes the product, the unit, `est` for estimates, and the year.
fn header(cells: &[String], words: &Words) -> Result<Vec<Column>, String> {
    if cells.len() < 4 || cells[0] != "Source" || cells[1] != "Country" {
        return Err(format!("not the publisher's layout: the header must read {LAYOUT}"));
    }
    let mut columns: Vec<Column> = Vec::new();
    for (at, cell) in cells.iter().enumerate().skip(3) {
        let small = cell.to_lowercase();
        let parts: Vec<&str> = small.split('_').collect();
        let (unit, estimated, year) = match parts.as_slice() {
            ["prod", "note" | "notes"] => continue,
            [first, ..] if *first != "prod" => continue,
            ["prod", unit, year] | ["prod", "sponge", unit, year] if *unit != "est" => (unit, false, year),
            ["prod", unit, "est", year] | ["prod", "sponge", unit, "est", year] => (unit, true, year),
            _ => return Err(format!("column '{cell}' is not known (accepted: Prod_UNIT_YEAR, Prod_UNIT_est_YEAR)")),
        };
        let digits = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
        let number =
            year.parse().ok().filter(|_| digits).ok_or_else(|| format!("column '{cell}' does not end in a year"))?;
        if columns.iter().any(|column| column.year == number) {
            return Err(format!("two columns of production in {year}"));
        }
        let unit = words.unit(unit).map_err(|reason| format!("column '{cell}': {reason}"))?;
        columns.push(Column { at, year: number, unit, estimated });
    }
    Ok(columns)
}

fn amount(cell: &str, column: &Column, words: &Words) -> Result<Amount, String> {
    if let Some(flag) = words.mark(cell) {
        return Ok(Amount::None(flag.to_owned()));
    }
    let (digits, marked) = match cell.strip_prefix('e') {
        Some(digits) => (digits, true),
        None => (cell, false),
    };
    let tonnes =
        number(digits).map(|number| number * column.unit).filter(|tonnes| tonnes.is_finite()).ok_or_else(|| {
            let marks = words.marks();
            format!(
                "production in {} is '{cell}', not a number such as 5000, '5,000' or 'e5,000', nor one of {marks}",
                column.year
            )
        })?;
    Ok(Amount::Tonnes { tonnes, estimated: column.estimated || marked })
}

/// Digits with or without commas between thousands; a comma elsewhere could be a decimal sign.
fn number(word: &str) -> Option<f64> {
    let whole = word.split('.').next()?;
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = |group: &str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
    let sound = !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit()) && groups.all(grouped);
    let thousands = !whole.contains(',') || first.len() <= 3;
    let fraction = word[whole.len()..].bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (sound && thousands && fraction).then(|| word.replace(',', "").parse().ok())?
}

/// Who is left out, by the name of a total or the note beside it.
fn exclusions(said: &str, line: u64, words: &Words, sheet: &mut Sheet) {
    let small = said.to_lowercase();
    for verb in ["excludes ", "excluding "] {
        for (at, _) in small.match_indices(verb) {
            let rest = &small[at + verb.len()..];
            match words.excluded(rest) {
                Some("") => {}
                Some(code) => {
                    sheet.excludes.insert(code.to_owned());
                }
                None => sheet.unclear.push((line, format!("{verb}{}", rest.chars().take(40).collect::<String>()))),
            }
        }
    }
}

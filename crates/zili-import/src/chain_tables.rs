//! A technology chain as tables: what a chain file says, as csv files with a column for each key.
//!
//! A cell with `;` in it is a list, or of a share the least and the most. What a chain may hold is for the reader of chain files to say; each
//! entry carries the line that it came from.

use crate::Error;
use std::path::Path;
use toml::Value;

pub const ABOUT: &str = "a technology chain as tables: chain.toml (name, title, product, …), inputs.csv, supplies.csv, sources.csv, optionally stages.csv, with a \
column for each key of a chain file; lists and ranges with `;`";

const NEEDED: &str = "chain.toml, inputs.csv, supplies.csv, sources.csv";

type Columns = &'static [(&'static str, Cell)];

/// Table, key of the chain file, columns, whether it must be there.
const TABLES: [(&str, &str, Columns, bool); 4] = [
    (
        "sources.csv",
        "source",
        &[("id", Text), ("title", Text), ("publisher", Text), ("year", Whole), ("url", Text)],
        true,
    ),
    ("stages.csv", "stage", &[("id", Text), ("name", Text), ("note", Text)], false),
    (
        "inputs.csv",
        "input",
        &[
            ("id", Text),
            ("name", Text),
            ("kind", Text),
            ("stage", Text),
            ("goes_into", List),
            ("variant_of", List),
            ("grades", List),
            ("market_musd", Number),
            ("market_year", Whole),
            ("market_source", Text),
            ("note", Text),
        ],
        true,
    ),
    (
        "supplies.csv",
        "supply",
        &[
            ("input", Text),
            ("region", Text),
            ("firm", Text),
            ("share", Number),
            ("year", Whole),
            ("source", Text),
            ("note", Text),
        ],
        true,
    ),
];

use Cell::{List, Number, Text, Whole};

/// What a column holds.
#[derive(Clone, Copy)]
enum Cell {
    Text,
    Whole,
    /// One, or two with `;` between them.
    Number,
    List,
}

/// The folder as a chain file of some name.
pub fn read(folder: &Path, name: &str) -> Result<String, Error> {
    let path = folder.join("chain.toml");
    if !path.is_file() {
        return Err(Error::Missing { path, needed: NEEDED });
    }
    let text = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
    let mut head: toml::Table = toml::from_str(&text).map_err(|e| Error::file(&path, e))?;
    head.insert("name".to_owned(), Value::String(name.to_owned()));
    let mut file = toml::to_string(&head).map_err(|e| Error::file(&path, e))?;
    for (table, key, columns, needed) in TABLES {
        let path = folder.join(table);
        if !path.is_file() && !needed {
            continue;
        }
        if !path.is_file() {
            return Err(Error::Missing { path, needed: NEEDED });
        }
        let text = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader.headers().map_err(|e| Error::file(&path, e))?.clone();
        let cells: Vec<(&str, Cell)> =
            header.iter().map(|name| known(&path, name, columns)).collect::<Result<_, _>>()?;
        for record in reader.records() {
            let record = record.map_err(|e| Error::line(&path, e.position().map_or(0, csv::Position::line), &e))?;
            let line = record.position().map_or(0, csv::Position::line);
            let mut entry = toml::Table::new();
            for ((name, cell), word) in cells.iter().zip(&record).filter(|(_, word)| !word.is_empty()) {
                let value =
                    value(*cell, word).map_err(|what| Error::line(&path, line, format!("{name} '{word}': {what}")))?;
                entry.insert((*name).to_owned(), value);
            }
            let entry = toml::to_string(&entry).map_err(|e| Error::line(&path, line, e))?;
            file += &format!("\n# {table}, line {line}\n[[{key}]]\n{entry}");
        }
    }
    Ok(file)
}

fn known<'a>(path: &Path, name: &str, columns: &[(&'a str, Cell)]) -> Result<(&'a str, Cell), Error> {
    let accepted: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let found = columns.iter().find(|(known, _)| *known == name);
    found
        .copied()
        .ok_or_else(|| Error::line(path, 1, format!("unknown column '{name}' (accepted: {})", accepted.join(", "))))
}

fn value(cell: Cell, word: &str) -> Result<Value, &'static str> {
    let number = |word: &str| match (word.trim().parse::<i64>(), word.trim().parse::<f64>()) {
        (Ok(whole), _) => Ok(Value::Integer(whole)),
        (_, Ok(number)) if number.is_finite() => Ok(Value::Float(number)),
        _ => Err("not a number"),
    };
    match cell {
        Text => Ok(Value::String(word.to_owned())),
        Whole => word.parse().map(Value::Integer).map_err(|_| "not a whole number"),
        Number if word.contains(';') => word.split(';').map(number).collect::<Result<_, _>>().map(Value::Array),
        Number => number(word),
        List => Ok(Value::Array(word.split(';').map(|part| Value::String(part.trim().to_owned())).collect())),
    }
}

//! What this floor refuses, and what it says then.

use crate::code::nearest;
use std::path::PathBuf;

/// Every refusal names what was given and what would be accepted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("unknown {what} '{given}'{}{}", suggestion_text(suggestion), accepted_text(accepted))]
    Unknown { what: &'static str, given: String, suggestion: Option<String>, accepted: Vec<String> },

    #[error("sector '{given}' is a code of another classification: {}", meanings_text(meanings))]
    OtherClassification { given: String, meanings: Vec<Meaning> },

    #[error("{name} ({code}) is not told apart in this world{}", if *.rest { ": it is inside ROW" } else { "" })]
    NotApart { code: String, name: String, rest: bool },

    #[error("world '{world}' has no table of {year}; it has {}{}", years_text(years), other_text(other))]
    NoYear { year: i32, world: String, years: Vec<i32>, other: Option<String> },

    #[error("{what} '{given}' is given twice")]
    Duplicate { what: &'static str, given: String },

    #[error("option '{name}' = '{given}' is not accepted; give {expected}")]
    Option { name: String, given: String, expected: String },

    #[error("{matrix} of {year} is {rows} × {columns}, but the labels say {expected_rows} × {expected_columns}")]
    Shape {
        matrix: &'static str,
        year: i32,
        rows: usize,
        columns: usize,
        expected_rows: usize,
        expected_columns: usize,
    },

    #[error("I − A of {year} cannot be inverted: {reason}")]
    Singular { year: i32, reason: String },

    #[error("{0}")]
    Unanswerable(String),

    #[error("{0}")]
    Stopped(crate::Stop),

    #[error("{path}: {reason}")]
    Store { path: PathBuf, reason: String },

    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
}

/// What a code means in a classification that has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// Title of the classification.
    pub classification: String,
    /// Its name for the sector.
    pub name: String,
    /// Codes of the sectors here that cover it.
    pub here: Vec<String>,
}

impl Error {
    /// An unknown code, with the nearest of `spellings` and the list of `accepted` codes.
    pub fn unknown<'a>(
        what: &'static str,
        given: &str,
        spellings: impl Iterator<Item = &'a str>,
        accepted: &[String],
    ) -> Self {
        // The suggestion is given in its canonical spelling where it has one.
        let suggestion = nearest(given, spellings)
            .map(|near| accepted.iter().find(|code| code.to_lowercase() == near).cloned().unwrap_or(near));
        Error::Unknown { what, given: given.to_owned(), suggestion, accepted: accepted.to_vec() }
    }

    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Error::Io { path, source }
    }

    pub fn store(path: impl Into<PathBuf>, reason: impl ToString) -> Self {
        Error::Store { path: path.into(), reason: reason.to_string() }
    }
}

fn suggestion_text(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map(|near| format!(": did you mean '{near}'?")).unwrap_or_default()
}

/// "1995 to 2011", or each.
fn years_text(years: &[i32]) -> String {
    match years {
        [first, .., last] if (last - first) as usize + 1 == years.len() => format!("{first} to {last}"),
        [] => "none".to_owned(),
        years => years.iter().map(i32::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn other_text(other: &Option<String>) -> String {
    other.as_ref().map(|name| format!("; '{name}' has one: --world {name}")).unwrap_or_default()
}

fn meanings_text(meanings: &[Meaning]) -> String {
    let one = |meaning: &Meaning| {
        let Meaning { classification, name, here } = meaning;
        format!("{name} in {classification}, here {}", some_of(here))
    };
    meanings.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// So many codes are written out.
const WRITTEN_OUT: usize = 6;

fn some_of(codes: &[String]) -> String {
    match codes {
        [rest @ .., last] if (1..WRITTEN_OUT).contains(&rest.len()) => format!("{} and {last}", rest.join(", ")),
        codes if codes.len() > WRITTEN_OUT => {
            let shown = WRITTEN_OUT / 2;
            format!("{} and {} more", codes[..shown].join(", "), codes.len() - shown)
        }
        codes => codes.concat(),
    }
}

fn accepted_text(accepted: &[String]) -> String {
    if accepted.is_empty() { String::new() } else { format!(" (accepted: {})", accepted.join(", ")) }
}

//! What a method gives back: a table whose columns have units, and the evidence for it.

use crate::{Bloc, Column, Error, Method, Options, Params};
use serde::Serialize;

/// One value of a finding. Missing is not zero.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    Text(String),
    Integer(i64),
    Number(f64),
    Missing,
}

impl Cell {
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Number(v) => Some(*v),
            Cell::Integer(v) => Some(*v as f64),
            _ => None,
        }
    }
    pub fn text(&self) -> &str {
        match self {
            Cell::Text(text) => text,
            _ => "",
        }
    }
}

impl From<f64> for Cell {
    /// A number that does not exist (0/0) is missing.
    fn from(value: f64) -> Self {
        if value.is_finite() { Cell::Number(value) } else { Cell::Missing }
    }
}
impl From<i32> for Cell {
    fn from(value: i32) -> Self {
        Cell::Integer(value.into())
    }
}
impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        Cell::Integer(value as i64)
    }
}
impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Cell::Text(value.to_owned())
    }
}
impl From<&String> for Cell {
    fn from(value: &String) -> Self {
        Cell::Text(value.clone())
    }
}
impl From<String> for Cell {
    fn from(value: String) -> Self {
        Cell::Text(value)
    }
}

/// Where a finding comes from: enough to do it again.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    pub method: String,
    pub title: String,
    pub equation: String,
    pub citation: String,
    /// Name and value of everything that was asked.
    pub parameters: Vec<(String, String)>,
    /// Identifiers of the world's sources.
    pub sources: Vec<String>,
    /// The files that were read, with their checksums.
    pub inputs: Vec<Input>,
    /// What the reader must know to use the numbers rightly.
    pub notes: Vec<String>,
    /// Years of the world's tables that it rests on, for the world's signature; none where it rests on no table.
    #[serde(skip)]
    pub tables: Vec<i32>,
}

/// A file of the store that a finding rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Input {
    /// Within the world's folder, such as `2011/flows.parquet`.
    pub file: String,
    pub sha256: String,
}

/// A typed table of results with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    pub evidence: Evidence,
}

/// Makes a row of cells: `row![2011, "CHN", 0.5]`.
#[macro_export]
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$($crate::Cell::from($value)),*] };
}

impl Finding {
    /// An empty finding of a method about the table of a year, with its columns and the question asked as evidence.
    pub fn new(method: &Method, params: &Params) -> Self {
        let asked = [
            ("home", described(&params.home)),
            ("year", params.year.to_string()),
            ("value added", params.value_added.describe().to_owned()),
        ];
        let mut finding = Self::of_options(method, &params.options);
        let asked = asked.map(|(name, value)| (name.to_owned(), value));
        finding.evidence.parameters.splice(0..0, asked);
        finding.evidence.notes = params.partners.iter().chain([&params.home]).filter_map(Bloc::absence).collect();
        finding.evidence.tables = vec![params.year];
        finding
    }

    /// One about home, and no table: it names years and sources of its own, and may know members of blocs that no table tells apart.
    pub fn apart(method: &Method, params: &Params) -> Self {
        let mut finding = Self::of_options(method, &params.options);
        finding.evidence.parameters.insert(0, ("home".to_owned(), described(&params.home)));
        finding
    }

    /// One about nobody in particular: options are all that is asked.
    pub fn of_options(method: &Method, options: &Options) -> Self {
        Self {
            columns: method.columns.to_vec(),
            rows: Vec::new(),
            evidence: Evidence {
                method: method.name.to_owned(),
                title: method.title().to_owned(),
                equation: method.equation(),
                citation: method.citation().to_owned(),
                parameters: options.listed(),
                sources: Vec::new(),
                inputs: Vec::new(),
                notes: Vec::new(),
                tables: Vec::new(),
            },
        }
    }

    /// Adds a row. Panics if it has not one cell per column: a slip in the method, not in the input.
    pub fn push(&mut self, row: Vec<Cell>) {
        assert_eq!(row.len(), self.columns.len(), "cells in a row of {}", self.evidence.method);
        self.rows.push(row);
    }

    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.evidence.notes.contains(&note) {
            self.evidence.notes.push(note);
        }
    }

    /// Adds an argument to the evidence.
    pub fn parameter(&mut self, name: &str, value: impl Into<String>) {
        self.evidence.parameters.push((name.to_owned(), value.into()));
    }

    /// Position of a column by name.
    pub fn column(&self, name: &str) -> Result<usize, Error> {
        self.columns.iter().position(|c| c.name == name).ok_or_else(|| {
            let names: Vec<String> = self.columns.iter().map(|c| c.name.to_owned()).collect();
            Error::unknown("column", name, self.columns.iter().map(|c| c.name), &names)
        })
    }

    /// The rows of several findings of one method one after another: a series over years.
    pub fn concatenate(findings: Vec<Finding>) -> Result<Finding, Error> {
        let mut findings = findings.into_iter();
        let mut all = findings.next().ok_or_else(|| Error::Unanswerable("a series of no years".to_owned()))?;
        // What a year or a home of a series may be asked differently from the others.
        const VARIED: [&str; 3] = ["home", "world", "value added"];
        let mut years = vec![all.asked("year")];
        let mut varied = VARIED.map(|name| vec![all.asked(name)]);
        for finding in findings {
            years.push(finding.asked("year"));
            VARIED.iter().zip(&mut varied).for_each(|(name, values)| values.push(finding.asked(name)));
            for source in finding.evidence.sources {
                if !all.evidence.sources.contains(&source) {
                    all.evidence.sources.push(source);
                }
            }
            all.rows.extend(finding.rows);
            for year in finding.evidence.tables {
                if !all.evidence.tables.contains(&year) {
                    all.evidence.tables.push(year);
                }
            }
            for input in finding.evidence.inputs {
                if !all.evidence.inputs.contains(&input) {
                    all.evidence.inputs.push(input);
                }
            }
            for note in finding.evidence.notes {
                if !all.evidence.notes.contains(&note) {
                    all.evidence.notes.push(note);
                }
            }
        }
        all.answer("year", span(years));
        VARIED.iter().zip(varied).for_each(|(name, values)| all.answer(name, listed(values)));
        Ok(all)
    }

    /// What was asked under a name.
    fn asked(&self, name: &str) -> String {
        let found = self.evidence.parameters.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    fn answer(&mut self, name: &str, value: String) {
        self.evidence.parameters.iter_mut().filter(|(n, _)| n == name).for_each(|(_, v)| *v = value.clone());
    }
}

/// "1995..2011", or the year alone; spans stay beside each other, as "1995..2011, 2022".
fn span(mut years: Vec<String>) -> String {
    years.dedup();
    match years.as_slice() {
        years if years.iter().any(|year| year.contains("..")) => years.join(", "),
        [first, .., last] => format!("{first}..{last}"),
        _ => years.concat(),
    }
}

/// Each once, in order of appearance.
fn listed(homes: Vec<String>) -> String {
    let mut once: Vec<String> = Vec::new();
    homes.into_iter().for_each(|home| {
        if !once.contains(&home) {
            once.push(home)
        }
    });
    once.join(", ")
}

fn described(bloc: &Bloc) -> String {
    // A country that the table lacks has no member of the table.
    if bloc.members.len() <= 1 {
        return bloc.code.clone();
    }
    let members: Vec<&str> = bloc.members.iter().map(|m| m.as_str()).collect();
    format!("{} ({})", bloc.code, members.join(", "))
}

//! From a file's text to a scenario: its shape first, then every code and number against the world, then entries against each other.

mod carried;
mod checks;
mod control;
mod disruption;
mod products;
mod response;
mod settings;
mod shape;
mod words;

use crate::file::{CriticalityEntry, File, Overlaps, ResponseEntry, StockEntry};
use crate::scenario::{Criticality, Scenario, Stock, Uncertain, Unknown};
use crate::{BlocBook, Error};
use control::Placed;
use std::sync::Arc;
use zili_world::written::diagnostic::{Diagnostic, Name};
use zili_world::written::{At, Findings, Number};
use zili_world::{Bloc, Classification, Method, Table, World};

/// A scenario and what its reader should know.
#[derive(Clone, Debug)]
pub struct Reading {
    pub scenario: Scenario,
    pub warnings: Vec<Diagnostic>,
}

/// Reads a scenario file against a world. `file` is for messages; `methods` are those whose options the file may set.
/// Everything that is wrong is reported at once, as [`Error::Refused`].
pub fn read(text: &str, file: &str, world: &World, book: &BlocBook, methods: &[&Method]) -> Result<Reading, Error> {
    let mut findings = Findings::new(text, file);
    let scenario = match shape::parse(&mut findings) {
        Some(shaped) => assemble(&mut findings, &shaped, world, book, methods)?,
        None => None,
    };
    let (scenario, warnings) = findings.outcome(scenario).map_err(Error::Refused)?;
    Ok(Reading { scenario, warnings })
}

/// What entries are read against.
struct Reader<'a, 't, 'f> {
    findings: &'f mut Findings<'t>,
    /// Whether a chain carries controls on inputs and firms onto the table.
    carries: bool,
    /// Whose chains may be named.
    world: &'a World,
    classification: &'a Classification,
    book: &'a BlocBook,
    table: Arc<Table>,
    home: Bloc,
    /// Day 0 as days from 1970-01-01.
    start: Option<i64>,
    horizon: f64,
}

/// The scenario, or none if something is wrong with it.
fn assemble(
    findings: &mut Findings,
    file: &File,
    world: &World,
    book: &BlocBook,
    methods: &[&Method],
) -> Result<Option<Scenario>, Error> {
    let classification = world.classification();
    let home = words::home(findings, &file.home, classification, book);
    let year = year(findings, file.year.as_ref(), world)?;
    let time = time(findings, file);
    let settings = settings::of_models(findings, &file.model, methods);
    let uncertain = settings::uncertain(findings, &file.uncertain, methods);
    let (Some(home), Some(year), Some((horizon, step))) = (home, year, time) else { return Ok(None) };

    let mut scenario = Scenario::quiet(home.clone(), year);
    let mut reader = Reader {
        findings,
        world,
        classification,
        book,
        table: world.table(year)?,
        home,
        start: file.start.as_ref().map(|date| date.value.day),
        horizon,
        carries: !file.chain.is_empty(),
    };
    reader.left_out(&scenario.home, &file.home.span);
    let mut placed: Vec<Placed> =
        file.control.iter().filter_map(|entry| reader.denial(&entry.value, &entry.span, false)).collect();
    scenario.disruptions = file.disruption.iter().filter_map(|entry| reader.disruption(entry)).collect();
    scenario.chains = file.chain.iter().filter_map(|entry| reader.carried(&entry.value)).collect();
    let mut answers = Vec::new();
    for entry in &file.response {
        match &entry.value {
            ResponseEntry::Retaliation(answer) => {
                placed.extend(reader.denial(answer, &entry.span, true));
            }
            _ => answers.extend(reader.response(entry)),
        }
    }
    scenario.stocks = file.stock.iter().filter_map(|entry| reader.stock(&entry.value)).collect();
    scenario.criticality = file.criticality.iter().filter_map(|entry| reader.criticality(&entry.value)).collect();
    // Entries that could not be read would only make the others look wrong.
    if !reader.findings.any_error() {
        if file.overlaps == Overlaps::Refuse {
            reader.overlaps(&placed)?;
        }
        reader.diversifications(&answers, &placed)?;
        reader.without_flows(&answers)?;
    }

    let ranges = placed.iter().enumerate().filter_map(|(k, placed)| {
        let (low, high) = placed.range?;
        let mode = Some(placed.control.severity);
        Some(Uncertain { what: Unknown::Severity(k), low, high, mode })
    });
    scenario.uncertain = ranges.chain(uncertain).collect();
    scenario.controls = placed.into_iter().map(|placed| placed.control).collect();
    scenario.responses = answers.into_iter().map(|answer| answer.value).collect();
    scenario.settings = settings;
    let stem = || std::path::Path::new(findings.file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    scenario.name = one_line(&file.name.clone().unwrap_or_else(stem));
    scenario.description = one_line(file.description.as_deref().unwrap_or_default());
    scenario.start = file.start.as_ref().map(|date| date.value.text.clone());
    (scenario.horizon, scenario.step) = (horizon, step);
    Ok(Some(scenario))
}

/// Text for headings and terminals: line breaks and other control characters become blanks.
fn one_line(text: &str) -> String {
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(blank).collect::<String>().trim().to_owned()
}

fn year(findings: &mut Findings, given: Option<&At<i32>>, world: &World) -> Result<Option<i32>, Error> {
    let Some(given) = given else { return Ok(Some(world.latest()?)) };
    match world.has_year(given.value) {
        Ok(()) => Ok(Some(given.value)),
        Err(error) => {
            findings.error(Name::UnknownCode, &given.span, error.to_string());
            Ok(None)
        }
    }
}

/// More steps than this are a slip.
const MOST_STEPS: f64 = 1e6;

/// Days played and days in a step.
fn time(findings: &mut Findings, file: &File) -> Option<(f64, f64)> {
    let positive = |v: f64| v > 0.0 && v.is_finite();
    let mut read = |given: &Option<At<Number>>, what: &str, default: f64| match given {
        None => Some(default),
        Some(given) => findings.number(given, what, "a number of days above 0", positive),
    };
    let (horizon, step) = (read(&file.horizon, "horizon", 365.0), read(&file.step, "step", 1.0));
    let (horizon, step) = (horizon?, step?);
    let message = match horizon / step {
        steps if steps < 1.0 => format!("a step of {step} days is longer than the {horizon} days played"),
        steps if steps > MOST_STEPS => format!("{horizon} days in steps of {step} are more than a million steps"),
        _ => return Some((horizon, step)),
    };
    let span = file.step.as_ref().or(file.horizon.as_ref()).map_or(0..0, |given| given.span.clone());
    findings.error(Name::OutOfRange, &span, message);
    None
}

impl Reader<'_, '_, '_> {
    fn stock(&mut self, entry: &StockEntry) -> Option<Stock> {
        let at = match &entry.at {
            Some(words) => Some(self.bloc(words)?),
            None => None,
        };
        let (users, inputs) = (self.sectors(entry.users.as_ref())?, self.sectors(Some(&entry.inputs))?);
        let days =
            self.findings
                .number(&entry.days, "days", "a number of days from 0 on, or inf for never short", |v| v >= 0.0)?;
        Some(Stock { at, users, inputs, days })
    }

    fn criticality(&mut self, entry: &CriticalityEntry) -> Option<Criticality> {
        let (users, inputs) = (self.sectors(entry.users.as_ref())?, self.sectors(Some(&entry.inputs))?);
        Some(Criticality { users, inputs, need: entry.need })
    }
}

//! From a file's text to a strategy: its shape first, then every name and number, then entries against each other.

mod checks;
mod denials;
mod figures;
mod levers;
mod means;
mod names;
mod programmes;
mod reach;
mod regions;
mod wanted;

use super::file::File;
use super::{Figure, Risk, Source, Strategy, shape};
use crate::Error;
use figures::{Entry, Origin, SHARE};
use names::Names;
use std::collections::HashSet;
use zili_scenario::BlocBook;
use zili_world::written::diagnostic::Name;
use zili_world::written::{At, Diagnostic, Findings};
use zili_world::{Bloc, Chain, World};

/// Reads a strategy file against a world. `file` is for messages. Everything that is wrong is reported at once, as
/// [`Error::Refused`]; what a reader should know beside the strategy comes with it.
pub fn read(text: &str, file: &str, world: &World, book: &BlocBook) -> Result<(Strategy, Vec<Diagnostic>), Error> {
    let mut findings = Findings::new(text, file);
    let strategy = match shape::parse(&mut findings) {
        Some(shaped) => assemble(&mut findings, &shaped, world, book),
        None => None,
    };
    findings.outcome(strategy).map_err(Error::Refused)
}

/// What entries are read against.
struct Reader<'a, 't, 'f> {
    findings: &'f mut Findings<'t>,
    world: &'a World,
    book: &'a BlocBook,
    home: Bloc,
    chain: Option<&'a Chain>,
    from: i32,
    years: usize,
    /// Who says the numbers of entries that name nobody.
    default: Option<Origin>,
    sources: Names<'a>,
    inputs: Names<'a>,
    levels: Names<'a>,
    skills: Names<'a>,
    programmes: Names<'a>,
    /// Programmes and capabilities: either can be required.
    steps: Names<'a>,
    capabilities: Names<'a>,
    /// What some programme requires.
    required: HashSet<&'a str>,
    /// Names of entries that cannot be read are not known; who names them is not to blame.
    damaged: bool,
    figures: Vec<Figure>,
}

/// More years than this are a slip.
const MOST_YEARS: i64 = 100;

/// The strategy, or none if something is wrong with it.
fn assemble(findings: &mut Findings, file: &File, world: &World, book: &BlocBook) -> Option<Strategy> {
    let damaged = findings.any_error();
    let home = regions::home(findings, &file.home, world, book);
    let time = time(findings, file);
    let chain = match &file.chain {
        None => Some(None),
        Some(name) => match world.chain(&name.value) {
            Ok(chain) => Some(Some(chain)),
            Err(error) => {
                findings.error(Name::UnknownCode, &name.span, error.to_string());
                None
            }
        },
    };
    let (Some(home), Some((from, years)), Some(chain)) = (home, time, chain) else { return None };
    let mut reader = Reader {
        home: home.clone(),
        chain,
        from,
        years,
        default: None,
        sources: Names::of(findings, "source", file.source.iter().map(|entry| &entry.value.id)),
        inputs: Names::of(findings, "input", file.input.iter().map(|entry| &entry.value.name)),
        levels: Names::of(findings, "budget", file.budget.iter().map(|entry| &entry.value.level)),
        skills: Names::of(findings, "skill", file.skill.iter().map(|entry| &entry.value.name)),
        programmes: Names::unchecked("programme", file.programme.iter().map(|entry| &entry.value.name)),
        capabilities: Names::unchecked("capability", file.capability.iter().map(|entry| &entry.value.name)),
        steps: Names::of(
            findings,
            "programme or capability",
            file.programme
                .iter()
                .map(|entry| &entry.value.name)
                .chain(file.capability.iter().map(|entry| &entry.value.name)),
        ),
        required: required(file),
        damaged,
        figures: Vec::new(),
        findings,
        world,
        book,
    };
    reader.reserved_source(file.source.iter().map(|entry| entry.value.id.clone()));
    reader.default = file.default_source.as_ref().and_then(|word| reader.origin(word));

    let mut head = Entry::new("strategy", reader.default.clone());
    let discount = reader.number_or(&mut head, "discount", file.discount.as_ref(), 0.03, SHARE);
    let sources = file.source.iter().map(|entry| {
        let s = &entry.value;
        let text = |text: &str| one_line(text);
        Source {
            id: s.id.value.clone(),
            title: text(&s.title),
            publisher: text(&s.publisher),
            year: s.year,
            url: text(&s.url),
        }
    });
    let sources = sources.collect();
    let inputs = reader.inputs(&file.input);
    let suppliers = reader.suppliers(&file.supplier, &inputs);
    let budgets = reader.budgets(&file.budget);
    let skills = reader.skills(&file.skill);
    let capabilities = reader.capabilities(&file.capability);
    let programmes = reader.programmes(&file.programme);
    let levers = reader.levers(&file.lever);
    let scenarios = reader.scenarios(&file.scenario, &suppliers);
    let adversary = reader.adversary(file.adversary.as_ref(), &suppliers);
    let risk = reader.risk(file);
    reader.something_to_plan(file);
    // Entries that could not be read would only make the others look wrong.
    if reader.findings.any_error() {
        return None;
    }
    let stem =
        std::path::Path::new(reader.findings.file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let strategy = Strategy {
        name: one_line(file.name.as_deref().unwrap_or(&stem)),
        description: one_line(file.description.as_deref().unwrap_or_default()),
        home,
        from,
        years,
        discount: discount?,
        chain: chain.map(|chain| chain.name.clone()),
        inputs,
        suppliers,
        budgets,
        skills,
        capabilities,
        programmes,
        levers,
        scenarios,
        adversary: adversary?,
        risk: risk?,
        sources,
        figures: std::mem::take(&mut reader.figures),
    };
    reader.reach(&strategy, file);
    if !reader.findings.any_error() {
        reader.checks(&strategy, file);
    }
    (!reader.findings.any_error()).then_some(strategy)
}

/// Every programme and capability that some programme requires.
fn required(file: &File) -> HashSet<&str> {
    let programmes = file.programme.iter().map(|entry| &entry.value);
    let lists = programmes.flat_map(|p| p.requires.iter().chain(&p.any));
    lists.flat_map(|words| &words.list).map(|word| word.value.as_str()).collect()
}

/// First year and number of years.
fn time(findings: &mut Findings, file: &File) -> Option<(i32, usize)> {
    let (from, years) = (&file.from, &file.years);
    let fine = (1900..=2200).contains(&from.value);
    if !fine {
        let text = format!("from = {}: give the first year planned, from 1900 to 2200", from.value);
        findings.error(Name::OutOfRange, &from.span, text);
    }
    if !(1..=MOST_YEARS).contains(&years.value) {
        let text = format!("years = {}: give how many years are planned, from 1 to {MOST_YEARS}", years.value);
        findings.error(Name::OutOfRange, &years.span, text);
        return None;
    }
    fine.then_some((from.value, usize::try_from(years.value).ok()?))
}

impl Reader<'_, '_, '_> {
    /// Last year planned.
    fn last(&self) -> i32 {
        self.from + self.years as i32 - 1
    }

    fn risk(&mut self, file: &File) -> Option<Risk> {
        let (weight, tail, source) = match &file.risk {
            Some(risk) => (risk.weight.as_ref(), risk.tail.as_ref(), risk.source.as_ref()),
            None => (None, None, None),
        };
        let mut entry = self.entry("risk".to_owned(), source);
        let weight = self.number_or(&mut entry, "weight", weight, 0.0, SHARE);
        let tail = self.number_or(&mut entry, "tail", tail, 0.95, figures::BELOW_ONE);
        Some(Risk { weight: weight?, tail: tail? })
    }

    /// A strategy wants something, and there is something that can be done about it.
    fn something_to_plan(&mut self, file: &File) {
        let start = &(0..0);
        if file.input.is_empty() && !self.damaged {
            let text = "nothing is wanted: add an [[input]] with what home needs of it";
            self.findings.error(Name::MissingKey, start, text);
        }
        let by_itself = |at: &At<super::file::InputEntry>| at.value.reserve.is_some() || at.value.expansion.is_some();
        let nothing = file.programme.is_empty() && file.lever.is_empty() && !file.input.iter().any(by_itself);
        if nothing && !self.damaged {
            let text = "nothing can be done: add a [[programme]], a [[lever]], or a reserve or expansion of an input";
            self.findings.error(Name::EmptyEffect, start, text);
        }
    }
}

/// Text for headings and terminals: line breaks and other control characters become blanks.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

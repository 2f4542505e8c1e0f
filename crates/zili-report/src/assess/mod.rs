//! The main job: every measure and scan that makes up the picture of one home, and what it says in words.

mod chain;
mod course;
mod figures;
mod findings;
mod horizons;
mod layered;
mod minerals;
mod places;
mod plan;
mod products;
mod words;

use crate::Error;
use course::Course;
use findings::Findings;
use serde::Serialize;
use serde_json::Value;
use words::{Words, capital};
use zili_plan::Strategy;
use zili_scenario::Scenario;
use zili_world::{Bloc, Finding, Source, Unit, ValueAdded, Watch, World};

/// Whose picture.
#[derive(Clone, Debug)]
pub struct Question {
    pub home: Bloc,
    /// A coalition to look at beside everybody else.
    pub focus: Option<Bloc>,
    /// Blocs to rank, less home's own members.
    pub blocs: Vec<Bloc>,
    pub year: i32,
    pub value_added: ValueAdded,
    /// Scenarios to play with home in view; the first has a chapter, the others stand beside it.
    pub scenarios: Vec<Scenario>,
    /// Points for the intervals of every horizon; 1: none.
    pub draws: u32,
    /// A strategy of home's, for which a plan is made.
    pub strategy: Option<Strategy>,
}

/// One chart with its table.
#[derive(Debug)]
pub struct Figure {
    pub id: String,
    pub kind: &'static str,
    pub title: String,
    pub subtitle: String,
    pub alt: String,
    pub note: Option<String>,
    /// Which columns are drawn, and how.
    pub options: Value,
    pub finding: Finding,
}

#[derive(Debug)]
pub struct Section {
    pub id: String,
    pub title: String,
    pub lead: String,
    pub figures: Vec<Figure>,
}

/// One number to remember.
#[derive(Debug, Serialize)]
pub struct Headline {
    pub label: String,
    pub value: String,
    pub detail: String,
    /// The figure it comes from.
    pub figure: String,
    /// Whether a sentence of the summary says all of it: one screen need not say it twice.
    #[serde(skip)]
    pub told: bool,
}

/// Where figures are from that are of no table: they have sources of their own.
#[derive(Debug, Serialize)]
pub struct Origin {
    pub source: Source,
    /// The file whose findings have this as their only source; none if they name their sources themselves.
    pub file: Option<String>,
    pub sha256: String,
    /// What it cites in turn.
    pub references: Vec<String>,
}

/// The whole picture.
#[derive(Debug)]
pub struct Assessment {
    pub question: Question,
    pub summary: Vec<String>,
    pub headlines: Vec<Headline>,
    pub sections: Vec<Section>,
    pub caveats: Vec<String>,
    pub years: Vec<i32>,
    pub origins: Vec<Origin>,
}

/// Chains that have their word on the first screen; all have a chapter.
const SPOKEN: usize = 2;

/// Answers the question; each chapter is some steps for whoever watches.
pub fn assess(world: &World, question: &Question, watch: &dyn Watch) -> Result<Assessment, Error> {
    let findings = Findings::gather(world, question, watch)?;
    let unit = world.unit();
    let words = Words::of(question, &findings, unit.clone());
    let course = course::course(world, question, watch)?;
    let mut headlines = words.headlines()?;
    if course.is_some() {
        watch.next()?;
    }
    headlines.extend(course.as_ref().and_then(Course::headline));
    let mut summary = words.summary()?;
    let years = world.years();
    let mut sections = figures::sections(question, findings, unit.text())?;
    let mut origins = earlier_sources(world)?;
    let chains = chain::chains(world);
    // Of the chains that a scenario falls on, and nothing else: the one of which least is left.
    let mut left: Option<chain::Left> = None;
    let place = headlines.len();
    for k in 0..chains.len() {
        let chapter = chain::chapter(world, question, chains[k], &chain::slug(&chains, k), watch)?;
        if k < SPOKEN {
            summary.extend(chapter.sentence);
            headlines.extend(chapter.headline);
        }
        origins.push(chapter.origin);
        sections.push(chapter.section);
        left = left.into_iter().chain(chapter.left).min_by(|a, b| a.share.total_cmp(&b.share));
    }
    if question.scenarios.first().is_some_and(Scenario::is_only_on_chains) {
        headlines.splice(place..place, left.map(|left| left.headline()));
    }
    let raw = minerals::chapter(world, question, watch)?;
    summary.extend(raw.sentence);
    headlines.extend(raw.headline);
    origins.extend(raw.origins);
    sections.push(raw.section);
    let products = products::chapter(world, question, watch)?;
    summary.extend(products.sentence);
    origins.extend(products.origins);
    sections.push(products.section);
    let mut caveats = caveats(world, question);
    if !chains.is_empty() {
        caveats.push("Shares along a technology chain are of several years and bases (units, value, capacity; by place or by headquarters), none of them the table's: each has its own source, year and note.".to_owned());
    }
    caveats.push(raw.caveat);
    caveats.push(products.caveat);
    if let Some(mut course) = course {
        course.section.figures.retain(|f| !f.finding.rows.is_empty());
        sections.push(course.section);
    }
    sections.extend(horizons::chapter(world, question, watch)?);
    if let Some(plan) = plan::chapter(world, question, watch)? {
        summary.extend(plan.sentence);
        headlines.extend(plan.headline);
        origins.push(plan.origin);
        sections.push(plan.section);
        caveats.push(plan.caveat);
    }
    in_unit(&mut sections, &unit);
    Ok(Assessment { question: question.clone(), summary, headlines, sections, caveats, years, origins })
}

impl Question {
    /// The year in words; a table need not have one.
    pub fn when(&self) -> String {
        if self.year == 0 { "undated table".to_owned() } else { self.year.to_string() }
    }

    /// "In 2011, " to begin a sentence with, or nothing.
    fn when_then(&self) -> String {
        if self.year == 0 { String::new() } else { format!("In {}, ", self.year) }
    }
}

/// Figures that were made of findings on the world's tables are in its unit as those are.
fn in_unit(sections: &mut [Section], unit: &Unit) {
    let findings = sections.iter_mut().flat_map(|section| &mut section.figures).map(|figure| &mut figure.finding);
    for finding in findings.filter(|finding| !finding.evidence.tables.is_empty()) {
        finding.columns.iter_mut().for_each(|column| column.unit = unit.of_column(column.unit));
    }
}

/// Sources of the earlier edition, whose findings name them.
fn earlier_sources(world: &World) -> Result<Vec<Origin>, Error> {
    let earlier = world.earlier()?;
    let sources = earlier.into_iter().flat_map(|world| world.manifest().sources.clone());
    Ok(sources.map(|source| Origin { source, file: None, sha256: String::new(), references: Vec::new() }).collect())
}

/// Why there is nothing of earlier years, where another bundled table has them.
fn untold(world: &World, question: &Question) -> Option<String> {
    let earlier = world.earlier().ok()??;
    if question.home.within(earlier.classification()).is_some() {
        return None;
    }
    let (first, last) = (earlier.years().first().copied()?, earlier.latest().ok()?);
    let (name, home) = (&earlier.manifest().name, words::in_text(&question.home.name));
    Some(format!(
        "Nothing is said of {first} to {last}: the table of those years ({name}) does not tell {home} apart, or means other economies by it."
    ))
}

fn caveats(world: &World, question: &Question) -> Vec<String> {
    let mut caveats = world.manifest().caveats.clone();
    caveats.extend(world.estimates_note().map(|note| capital(&format!("{note}."))));
    caveats.extend(untold(world, question));
    caveats.push("Losses of bans and scans are static: fixed coefficients, no stocks, no prices. They assume that nobody replaces what is denied, which overstates a loss, and that an input counts only by its cost, which understates the loss of one that cannot be done without. Use them to rank threats, not to forecast.".to_owned());
    if !question.scenarios.is_empty() {
        caveats.push("The chapter of the scenario has stocks and time, and with them thresholds and speeds that are assumed: vary them before believing a figure.".to_owned());
    }
    caveats.push(
        "Denied inputs (supply side) and lost sales (demand side) are two measures of one event; they are never added."
            .to_owned(),
    );
    caveats.push("Trade shows who ships, not who owns the technology or the plant.".to_owned());
    if question.home.members.iter().any(|m| m.as_str() == "ROW") {
        caveats.push(
            "The rest of the world is many economies taken as one: what they trade with each other counts as its own."
                .to_owned(),
        );
    }
    caveats.extend(question.blocs.iter().chain(&question.focus).chain([&question.home]).filter_map(Bloc::absence));
    caveats
}

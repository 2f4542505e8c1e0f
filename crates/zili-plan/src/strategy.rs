//! A strategy: what is wanted, what could be funded, with which means, against which denials.
//!
//! Everything here is read and checked: names stand for entries that exist, courses have one value a year.
//! Amounts of money are in million USD at constant prices; amounts of an input are in its own unit a year.
//! Blocs of suppliers and cuts have every country of theirs as a member, whether the world's tables tell it apart or not: only home is
//! ever looked up in a table. A cut hits all members of a supplier or none.

pub mod explain;
mod file;
mod read;
mod shape;
pub mod template;
mod value;

pub use file::schema;
pub use read::read;

use schemars::JsonSchema;
use serde::Deserialize;
use zili_world::{Bloc, Finding, Method, Options};

/// What a plan is made for.
#[derive(Clone, Debug)]
pub struct Strategy {
    pub name: String,
    pub description: String,
    pub home: Bloc,
    /// First year planned.
    pub from: i32,
    /// How many years are planned.
    pub years: usize,
    /// Discount rate a year, share.
    pub discount: f64,
    /// The technology chain whose inputs are named, if any.
    pub chain: Option<String>,
    pub inputs: Vec<Input>,
    pub suppliers: Vec<Supplier>,
    pub budgets: Vec<Budget>,
    pub skills: Vec<Skill>,
    pub capabilities: Vec<Capability>,
    pub programmes: Vec<Programme>,
    pub levers: Vec<Lever>,
    pub scenarios: Vec<Denial>,
    pub adversary: Option<Adversary>,
    pub risk: Risk,
    pub sources: Vec<Source>,
    /// Where each number is from.
    pub figures: Vec<Figure>,
}

impl Strategy {
    /// A finding about it, before any rows: what was asked, its sources, and how many of its numbers are assumptions.
    pub fn begun(&self, method: &Method, options: &Options) -> Finding {
        let mut finding = Finding::of_options(method, options);
        let asked = [("strategy", &self.name), ("home", &self.home.code)];
        finding.evidence.parameters.splice(0..0, asked.map(|(name, value)| (name.to_owned(), value.clone())));
        finding.evidence.notes = self.home.absence().into_iter().collect();
        finding.evidence.sources = self.sources.iter().map(|source| source.title.clone()).collect();
        finding.note(format!("{} of the strategy's {} numbers are assumptions", self.assumed(), self.figures.len()));
        finding
    }

    /// How many of its numbers have no source, those that zili fills in among them.
    pub fn assumed(&self) -> usize {
        self.figures.iter().filter(|figure| figure.source.is_none()).count()
    }
}

/// Something that home cannot do without, and for which demand must be met.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    pub title: String,
    /// What its amounts count, such as `wafers` or `tonnes`; all are a year.
    pub unit: String,
    /// The input of the strategy's chain that it is.
    pub chain_input: Option<String>,
    /// The sector of the table that it belongs to.
    pub sector: Option<String>,
    /// Units, by year.
    pub demand: Vec<f64>,
    /// What home can make without any programme: units, by year.
    pub home: Vec<f64>,
    /// Million USD per unit made at home, by year.
    pub home_cost: Vec<f64>,
    /// Million USD lost per unit of demand that is not met, by year.
    pub penalty: Vec<f64>,
    /// Share of added capacity that wears out in a year.
    pub depreciation: f64,
    pub reserve: Option<Reserve>,
    pub expansion: Option<Expansion>,
    pub target: Option<Target>,
}

/// What may be bought in calm years and released while something is denied.
#[derive(Clone, Debug)]
pub struct Reserve {
    /// Units that are there at the start.
    pub initial: f64,
    /// Most units bought in all.
    pub most: f64,
    /// Million USD a unit bought.
    pub cost: f64,
    /// Million USD a unit and year held.
    pub holding: f64,
    /// Who pays.
    pub level: Option<String>,
}

/// Capacity that can be bought by the unit once a capability is there.
#[derive(Clone, Debug)]
pub struct Expansion {
    /// Without one it can be bought from the start.
    pub capability: Option<String>,
    /// Million USD for a unit of yearly capacity.
    pub cost: f64,
    /// Years from paying to producing.
    pub lag: usize,
    /// Units that may be added in any year, whatever is there.
    pub seed: f64,
    /// Share of the capacity of the year before by which it may grow beside that.
    pub growth: f64,
    pub learning: Option<Learning>,
    /// Who pays.
    pub level: Option<String>,
}

/// Wright's law: cost per unit falls as (X/X0)^−b in cumulative capacity X.
#[derive(Clone, Debug)]
pub struct Learning {
    /// b.
    pub exponent: f64,
    /// X0, units of capacity built so far.
    pub so_far: f64,
}

/// Self-reliance that is wanted.
#[derive(Clone, Debug)]
pub struct Target {
    /// Home capacity as a share of demand.
    pub share: f64,
    /// From this year on.
    pub by: i32,
    /// Whether a plan that misses it is no plan; else it is reported only.
    pub must: bool,
}

/// From whom an input can be bought.
#[derive(Clone, Debug)]
pub struct Supplier {
    pub input: String,
    pub region: Bloc,
    /// Most units, by year.
    pub capacity: Vec<f64>,
    /// Million USD a unit, by year.
    pub price: Vec<f64>,
}

/// A level that pays: centre, regions, firms.
#[derive(Clone, Debug)]
pub struct Budget {
    pub level: String,
    /// Million USD, by year.
    pub amount: Vec<f64>,
    /// Share of what is left that can be spent a year later.
    pub carry: f64,
}

/// Engineers and scientists of a kind.
#[derive(Clone, Debug)]
pub struct Skill {
    pub name: String,
    pub title: String,
    /// People at work at the start.
    pub people: f64,
    /// Share that leaves the work in a year.
    pub attrition: f64,
    /// Graduates that come anyway, by year.
    pub graduates: Vec<f64>,
    /// Who come back from abroad, by year.
    pub returnees: Vec<f64>,
    /// Who are lost to other countries, by year.
    pub lost: Vec<f64>,
    /// More students than today that can be taken in, a year.
    pub intake: f64,
    /// Years until they are at work.
    pub training: usize,
    /// Share of them that stays.
    pub retention: f64,
    /// Million USD a student.
    pub cost: f64,
    /// Who pays.
    pub level: Option<String>,
}

/// Something that home can do, or cannot yet: what programmes deliver and others need.
#[derive(Clone, Debug)]
pub struct Capability {
    pub name: String,
    pub title: String,
    /// The input of the strategy's chain that one must be able to make for it.
    pub chain_input: Option<String>,
    /// Whether it is there from the start.
    pub at_hand: bool,
}

/// A funded effort.
#[derive(Clone, Debug)]
pub struct Programme {
    pub name: String,
    pub title: String,
    /// Who runs it, for the question of who decides.
    pub region: Option<String>,
    /// Ways of doing it, of which one is chosen at most.
    pub modes: Vec<Mode>,
    pub delivers: Vec<Delivery>,
    /// Capabilities that are there once it has ended.
    pub capabilities: Vec<String>,
    /// Programmes and capabilities, all of which must be there when it starts.
    pub requires: Vec<String>,
    /// Lists of programmes and capabilities, of each of which one must be there.
    pub any: Vec<Vec<String>>,
    /// First and last year in which it may start.
    pub starts: (i32, i32),
    pub cofunding: Option<Cofunding>,
}

/// A way of doing a programme: crash, normal.
#[derive(Clone, Debug)]
pub struct Mode {
    pub name: String,
    /// Years until it delivers.
    pub duration: usize,
    /// By level, million USD in each year of it.
    pub cost: Vec<(String, Vec<f64>)>,
    /// By skill, people in each year of it.
    pub talent: Vec<(String, Vec<f64>)>,
    /// Probability that it delivers.
    pub success: f64,
}

/// Home capacity that a programme adds once it has ended.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub input: String,
    /// Units a year.
    pub capacity: f64,
}

/// Two levels share the cost as a plan sees fit, but one pays at least so much for what the other does.
#[derive(Clone, Debug)]
pub struct Cofunding {
    /// Who pays at least …
    pub level: String,
    /// … `ratio` times what this level pays.
    pub beside: String,
    pub ratio: f64,
}

/// An instrument that can be taken up in some year.
#[derive(Clone, Debug)]
pub struct Lever {
    pub name: String,
    pub title: String,
    pub kind: LeverKind,
    /// First and last year in which it may start.
    pub starts: (i32, i32),
    /// How many years it lasts.
    pub duration: usize,
    /// By level, million USD in each of its years.
    pub cost: Vec<(String, Vec<f64>)>,
    pub effects: Vec<Effect>,
    /// Why it should work, and by how much.
    pub evidence: String,
}

/// What an instrument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum LeverKind {
    /// A fund of the centre.
    StateFund,
    /// A fund of regions.
    RegionalFund,
    /// Guaranteed purchases.
    Procurement,
    /// Taxes forgone.
    TaxCredit,
    /// A line of basic research.
    BasicResearch,
    /// People won, trained or kept.
    TalentScheme,
    /// Firms, institutes and suppliers in one place.
    Cluster,
    /// Rules on rights and licences.
    IntellectualProperty,
    /// Permits and other rules.
    Regulation,
}

/// What a lever changes while it lasts.
#[derive(Clone, Debug)]
pub enum Effect {
    /// More money at a level: million USD in each of its years.
    Budget { level: String, amount: Vec<f64> },
    /// More people of a skill: how many join in each of its years.
    People { skill: String, amount: Vec<f64> },
    /// More students that can be taken in, a year.
    Intake { skill: String, amount: f64 },
    /// Programmes started while it lasts cost this share of what they would.
    Cost { programmes: Vec<String>, factor: f64 },
    /// Programmes started while it lasts take so many years less.
    Duration { programmes: Vec<String>, years: usize },
    /// Failure of programmes started while it lasts is this share of what it would be.
    Failure { programmes: Vec<String>, factor: f64 },
    /// Units a year bought at home at home's cost, whatever the world price: they count as demand met at home and as experience.
    Purchase { input: String, amount: f64 },
}

/// Something that others may do, with a probability.
#[derive(Clone, Debug)]
pub struct Denial {
    pub name: String,
    pub probability: f64,
    pub cuts: Vec<Cut>,
}

/// A part of what some regions supply, denied from a year on.
#[derive(Clone, Debug)]
pub struct Cut {
    pub regions: Bloc,
    /// All inputs if empty.
    pub inputs: Vec<String>,
    /// Share of their supply that is denied.
    pub severity: f64,
    pub from: i32,
    /// Last year of it; to the end without one.
    pub until: Option<i32>,
}

/// Who chooses the worst for home that they can afford, knowing the plan.
#[derive(Clone, Debug)]
pub struct Adversary {
    /// What all moves together may cost, in the adversary's own unit.
    pub budget: f64,
    /// Most of their own sales that they would give up, million USD a year at the suppliers' prices of the first year; none if any.
    pub own_loss: Option<f64>,
    pub moves: Vec<Move>,
}

/// A step open to the adversary.
#[derive(Clone, Debug)]
pub struct Move {
    pub name: String,
    pub cost: f64,
    pub cuts: Vec<Cut>,
}

/// How much the bad outcomes weigh: (1 − weight) · expectation + weight · CVaR at `tail`.
#[derive(Clone, Debug)]
pub struct Risk {
    /// λ, from 0 to 1.
    pub weight: f64,
    /// α: CVaR is the mean of the worst 1 − α.
    pub tail: f64,
}

/// Where numbers are from.
#[derive(Clone, Debug)]
pub struct Source {
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub year: Option<i32>,
    pub url: String,
}

/// A number of the file.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Which: `programme lithography, mode crash: cost central`.
    pub what: String,
    /// As one reads it: `120`, `10 to 30` for a course over years.
    pub value: String,
    /// Id of its source; none for an assumption.
    pub source: Option<String>,
    /// Whether it stands nowhere in the file: an assumption that zili makes where the file says nothing.
    pub by_default: bool,
}

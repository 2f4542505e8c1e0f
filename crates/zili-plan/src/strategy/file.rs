//! The file as a user writes it, key by key. Descriptions here are those of the JSON Schema.

use super::LeverKind;
use super::value::{Amount, Course, Named};
use schemars::JsonSchema;
use serde::Deserialize;
use zili_world::written::{At, Words};

/// The JSON Schema of strategy files, as text.
pub fn schema() -> String {
    zili_world::written::schema::of::<File>()
}

/// A zili strategy: what is wanted, what could be funded, with which means, against which denials.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(rename = "zili strategy")]
pub(crate) struct File {
    /// What it is called in results; the file's name if left out.
    pub name: Option<String>,
    /// What it is about, for the reader.
    pub description: Option<String>,
    /// Whose plan it is: a region's code or name, a bloc, or several joined by +.
    pub home: At<String>,
    /// First year planned.
    pub from: At<i32>,
    /// How many years are planned.
    #[schemars(extend("minimum" = 1, "maximum" = 100))]
    pub years: At<i64>,
    /// Discount rate a year, share; 0.03 if left out.
    pub discount: Option<At<Amount>>,
    /// The technology chain whose inputs are named.
    pub chain: Option<At<String>>,
    /// Who says the numbers of entries that name no source: the id of a source, or "assumption".
    pub default_source: Option<At<String>>,
    /// Where numbers are from.
    #[serde(default)]
    pub source: Vec<At<SourceEntry>>,
    /// What home cannot do without.
    #[serde(default)]
    pub input: Vec<At<InputEntry>>,
    /// From whom inputs can be bought.
    #[serde(default)]
    pub supplier: Vec<At<SupplierEntry>>,
    /// Who pays, and how much there is.
    #[serde(default)]
    pub budget: Vec<At<BudgetEntry>>,
    /// Engineers and scientists of a kind.
    #[serde(default)]
    pub skill: Vec<At<SkillEntry>>,
    /// What home can do, or cannot yet: programmes deliver it, others need it.
    #[serde(default)]
    pub capability: Vec<At<CapabilityEntry>>,
    /// What could be funded.
    #[serde(default)]
    pub programme: Vec<At<ProgrammeEntry>>,
    /// Instruments that could be taken up.
    #[serde(default)]
    pub lever: Vec<At<LeverEntry>>,
    /// What others may do, with a probability.
    #[serde(default)]
    pub scenario: Vec<At<ScenarioEntry>>,
    /// Who chooses the worst for home that they can afford, knowing the plan.
    pub adversary: Option<AdversaryEntry>,
    /// How much the bad outcomes weigh.
    pub risk: Option<RiskEntry>,
}

/// A report, article or data set.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct SourceEntry {
    /// How entries name it.
    pub id: At<String>,
    /// Of the report, article or data.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// When.
    pub year: Option<i32>,
    /// Where it can be read.
    #[serde(default)]
    pub url: String,
}

/// An input and the demand for it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct InputEntry {
    /// How others name it.
    pub name: At<String>,
    /// For headings.
    pub title: Option<String>,
    /// What its amounts count, such as tonnes; all are a year.
    pub unit: Option<String>,
    /// The input of the strategy's chain that it is, by id or name.
    pub chain_input: Option<At<String>>,
    /// The sector of the world's tables that it belongs to.
    pub sector: Option<At<String>>,
    /// Units a year that home needs.
    pub demand: At<Course>,
    /// Units a year that home can make without any programme.
    pub home: At<Course>,
    /// Million USD a unit made at home.
    pub home_cost: At<Course>,
    /// Million USD lost for each unit of demand that is not met.
    pub penalty: At<Course>,
    /// Share of added capacity that wears out in a year; 0 if left out.
    pub depreciation: Option<At<Amount>>,
    /// What may be bought in calm years and released while something is denied.
    pub reserve: Option<At<ReserveEntry>>,
    /// Capacity that can be bought by the unit.
    pub expansion: Option<At<ExpansionEntry>>,
    /// Self-reliance that is wanted.
    pub target: Option<At<TargetEntry>>,
    /// Who says these numbers: the id of a source, or "assumption".
    pub source: Option<At<String>>,
}

/// A stockpile.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct ReserveEntry {
    /// Units that are there at the start; 0 if left out.
    pub initial: Option<At<Amount>>,
    /// Most units bought in all.
    pub most: At<Amount>,
    /// Million USD a unit bought.
    pub cost: At<Amount>,
    /// Million USD a unit and year held; 0 if left out.
    pub holding: Option<At<Amount>>,
    /// Budget that pays.
    pub level: Option<At<String>>,
    /// Who says these numbers; the input's if left out.
    pub source: Option<At<String>>,
}

/// Capacity by the unit.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct ExpansionEntry {
    /// What home must be able to do first.
    pub capability: Option<At<String>>,
    /// Million USD for a unit of yearly capacity.
    pub cost: At<Amount>,
    /// Years from paying to producing.
    pub lag: At<Amount>,
    /// Units that may be added in any year, whatever is there.
    pub seed: At<Amount>,
    /// Share of the capacity of the year before by which it may grow beside that; 0 if left out.
    pub growth: Option<At<Amount>>,
    /// How its cost falls with experience.
    pub learning: Option<At<LearningEntry>>,
    /// Budget that pays.
    pub level: Option<At<String>>,
    /// Who says these numbers; the input's if left out.
    pub source: Option<At<String>>,
}

/// Wright's law. Either `exponent` or `rate`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct LearningEntry {
    /// Cost falls as cumulative capacity to the power of minus this.
    pub exponent: Option<At<Amount>>,
    /// Share by which cost falls with each doubling of cumulative capacity.
    pub rate: Option<At<Amount>>,
    /// Units of capacity built so far.
    pub so_far: At<Amount>,
    /// Who says these numbers; the expansion's if left out.
    pub source: Option<At<String>>,
}

/// A target.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct TargetEntry {
    /// Home capacity as a share of demand, 0-1.
    pub share: At<Amount>,
    /// From this year on.
    pub by: At<i32>,
    /// Whether a plan that misses it is no plan; else it is reported only.
    #[serde(default)]
    pub must: bool,
    /// Who wants it so; the input's if left out.
    pub source: Option<At<String>>,
}

/// A foreign supplier. Either `capacity` or `share`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct SupplierEntry {
    /// What it supplies.
    pub input: At<String>,
    /// Where it is: a region's or country's code or name, a bloc, or several.
    pub region: Words,
    /// Most units a year.
    pub capacity: Option<At<Course>>,
    /// The same as a share of home's demand.
    pub share: Option<At<Course>>,
    /// Million USD a unit.
    pub price: At<Course>,
    /// Who says these numbers.
    pub source: Option<At<String>>,
}

/// A level that pays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct BudgetEntry {
    /// What it is called, such as central, regional, firms.
    pub level: At<String>,
    /// Million USD a year.
    pub amount: At<Course>,
    /// Share of what is left that can be spent a year later; 1 if left out.
    pub carry: Option<At<Amount>>,
    /// Who says these numbers.
    pub source: Option<At<String>>,
}

/// People who can do the work.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct SkillEntry {
    /// How others name it.
    pub name: At<String>,
    /// For headings.
    pub title: Option<String>,
    /// People at work at the start who could work for programmes.
    pub people: At<Amount>,
    /// Share that leaves the work in a year; 0 if left out.
    pub attrition: Option<At<Amount>>,
    /// Graduates that come anyway, a year; 0 if left out.
    pub graduates: Option<At<Course>>,
    /// Who come back from abroad, a year; 0 if left out.
    pub returnees: Option<At<Course>>,
    /// Who are lost to other countries, a year; 0 if left out.
    pub lost: Option<At<Course>>,
    /// More students than today that can be taken in, a year; 0 if left out.
    pub intake: Option<At<Amount>>,
    /// Years until they are at work; required with intake.
    pub training: Option<At<Amount>>,
    /// Share of them that stays; 1 if left out.
    pub retention: Option<At<Amount>>,
    /// Million USD a student; required with intake.
    pub cost: Option<At<Amount>>,
    /// Budget that pays.
    pub level: Option<At<String>>,
    /// Who says these numbers.
    pub source: Option<At<String>>,
}

/// A capability.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct CapabilityEntry {
    /// How others name it.
    pub name: At<String>,
    /// For headings.
    pub title: Option<String>,
    /// The input of the strategy's chain that one must be able to make for it, by id or name.
    pub chain_input: Option<At<String>>,
    /// Whether it is there from the start.
    #[serde(default)]
    pub at_hand: bool,
}

/// A funded effort.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct ProgrammeEntry {
    /// How others name it.
    pub name: At<String>,
    /// For headings.
    pub title: Option<String>,
    /// Who runs it, for the question of who decides.
    pub region: Option<String>,
    /// Ways of doing it, of which one is chosen at most.
    #[serde(default)]
    pub mode: Vec<At<ModeEntry>>,
    /// Home capacity that it adds once it has ended: units a year by input.
    #[serde(default)]
    pub delivers: Named<At<Amount>>,
    /// Capabilities that are there once it has ended.
    pub capabilities: Option<Words>,
    /// Programmes and capabilities, all of which must be there when it starts.
    pub requires: Option<Words>,
    /// Lists of programmes and capabilities, of each of which one must be there when it starts.
    #[serde(default)]
    pub any: Vec<Words>,
    /// First and last year in which it may start; any if left out.
    #[schemars(extend("minItems" = 2, "maxItems" = 2))]
    pub starts: Option<At<Vec<i32>>>,
    /// Two levels that share its cost.
    pub cofunding: Option<At<CofundingEntry>>,
    /// Who says these numbers, those of its modes among them.
    pub source: Option<At<String>>,
}

/// A way of doing a programme.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct ModeEntry {
    /// What it is called, such as normal, crash; normal if left out.
    pub name: Option<At<String>>,
    /// Years until it delivers.
    pub duration: At<Amount>,
    /// Million USD a year by level of budget: the same every year, or a list with one for each of its years.
    #[serde(default)]
    pub cost: Named<At<Course>>,
    /// People by skill, in the same ways.
    #[serde(default)]
    pub talent: Named<At<Course>>,
    /// Probability that it delivers, 0-1; 1 if left out.
    pub success: Option<At<Amount>>,
    /// Who says these numbers; the programme's if left out.
    pub source: Option<At<String>>,
}

/// One level pays at least so much for what another pays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct CofundingEntry {
    /// The level that pays at least ...
    pub level: At<String>,
    /// ... `ratio` times what this level pays.
    pub beside: At<String>,
    /// How many times.
    pub ratio: At<Amount>,
    /// Who says so; the programme's if left out.
    pub source: Option<At<String>>,
}

/// An instrument.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct LeverEntry {
    /// How others name it.
    pub name: At<String>,
    /// For headings.
    pub title: Option<String>,
    /// What it is.
    pub kind: LeverKind,
    /// First and last year in which it may start; any if left out.
    #[schemars(extend("minItems" = 2, "maxItems" = 2))]
    pub starts: Option<At<Vec<i32>>>,
    /// How many years it lasts.
    pub duration: At<Amount>,
    /// Million USD a year by level of budget: the same every year, or a list with one for each of its years.
    #[serde(default)]
    pub cost: Named<At<Course>>,
    /// What it changes while it lasts.
    #[serde(default)]
    pub effect: Vec<At<EffectEntry>>,
    /// Why it should work, and by how much.
    #[serde(default)]
    pub evidence: String,
    /// Who says these numbers, those of its effects among them.
    pub source: Option<At<String>>,
}

/// What a lever changes; `on` says which other keys there are.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct EffectEntry {
    /// What changes.
    pub on: At<EffectWord>,
    /// With budget: which.
    pub level: Option<At<String>>,
    /// With people and intake: which.
    pub skill: Option<At<String>>,
    /// With purchase: which.
    pub input: Option<At<String>>,
    /// With cost, duration and failure: which programmes; all if left out.
    pub programmes: Option<Words>,
    /// With budget: million USD in each of its years. With people: who join in each of its years. With intake: students a year. With purchase: units a year.
    pub amount: Option<At<Course>>,
    /// With cost and failure: what is left of it, as a share.
    pub factor: Option<At<Amount>>,
    /// With duration: how many years less.
    pub years: Option<At<Amount>>,
    /// Who says these numbers; the lever's if left out.
    pub source: Option<At<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub(crate) enum EffectWord {
    /// More money at a level.
    Budget,
    /// More people of a skill.
    People,
    /// More students that can be taken in.
    Intake,
    /// Programmes started while it lasts cost less.
    Cost,
    /// Programmes started while it lasts take fewer years.
    Duration,
    /// Programmes started while it lasts fail less often.
    Failure,
    /// Units bought at home, whatever the world price.
    Purchase,
}

/// What others may do.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct ScenarioEntry {
    /// What it is called.
    pub name: At<String>,
    /// How likely it is, 0-1; what is left to 1 over all scenarios is the probability that nothing happens.
    pub probability: At<Amount>,
    /// What is denied.
    #[serde(default)]
    pub cut: Vec<At<CutEntry>>,
    /// Who says these numbers, those of its cuts among them.
    pub source: Option<At<String>>,
}

/// A part of what some regions supply, denied.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct CutEntry {
    /// Whose supply: codes or names of regions or countries, blocs, "!home" (everyone but home) or "all".
    pub regions: Words,
    /// Of what; all inputs if left out.
    pub inputs: Option<Words>,
    /// Share of their supply that is denied, 0-1.
    pub severity: At<Amount>,
    /// First year of it; the strategy's first if left out.
    pub from: Option<At<i32>>,
    /// Last year of it; to the end if left out.
    pub until: Option<At<i32>>,
    /// Who says these numbers; the scenario's or adversary's if left out.
    pub source: Option<At<String>>,
}

/// Who chooses the worst.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct AdversaryEntry {
    /// What all moves together may cost, in the adversary's own unit.
    pub budget: At<Amount>,
    /// Most of their own sales that they would give up, million USD a year at the prices of the first year; any if left out.
    pub own_loss: Option<At<Amount>>,
    /// Steps open to the adversary.
    #[serde(default, rename = "move")]
    pub moves: Vec<At<MoveEntry>>,
    /// Who says these numbers, those of its moves among them.
    pub source: Option<At<String>>,
}

/// A step open to the adversary.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct MoveEntry {
    /// What it is called.
    pub name: At<String>,
    /// What it costs, in the adversary's own unit.
    pub cost: At<Amount>,
    /// What is denied.
    #[serde(default)]
    pub cut: Vec<At<CutEntry>>,
    /// Who says these numbers; the adversary's if left out.
    pub source: Option<At<String>>,
}

/// (1 - weight) times the expectation plus weight times the mean of the worst cases.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "a table")]
#[schemars(inline)]
pub(crate) struct RiskEntry {
    /// How much the bad outcomes weigh, 0-1; 0 if left out.
    pub weight: Option<At<Amount>>,
    /// The worst cases are those beyond this quantile, 0-1; 0.95 if left out.
    pub tail: Option<At<Amount>>,
    /// Who says these numbers.
    pub source: Option<At<String>>,
}

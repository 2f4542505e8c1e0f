//! The file as a user writes it, key by key. Descriptions here are those of the JSON Schema.

use crate::scenario::{Case, Filled, Need, Shape};
use crate::value::RecoveryEntry;
use crate::{Flows, value};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use zili_world::written::{Amounts, At, Date, Moment, Number, Setting, Words};

/// A zili scenario: who denies what to whom, what breaks, and what home does about it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "zili scenario")]
pub(crate) struct File {
    /// What it is called in results.
    pub name: Option<String>,
    /// What it is about, for the reader.
    pub description: Option<String>,
    /// Whose reliance is asked about: a region's code or name, a bloc, or several joined by +.
    pub home: Words,
    /// Year of the table; the world's latest if left out.
    pub year: Option<At<i32>>,
    /// The date that is day 0, without quotes, such as 2026-01-01. With it, days may be written as dates.
    pub start: Option<At<Date>>,
    /// Days played; 365 if left out.
    #[schemars(extend("exclusiveMinimum" = 0, "default" = 365))]
    pub horizon: Option<At<Number>>,
    /// Days in a step of the models that have steps; 1 if left out, at most the horizon.
    #[schemars(extend("exclusiveMinimum" = 0, "default" = 1))]
    pub step: Option<At<Number>>,
    /// What to do where two controls fall on the same flow at the same time.
    #[serde(default)]
    pub overlaps: Overlaps,
    /// Who denies what to whom.
    #[serde(default)]
    #[schemars(transform = value::require_by)]
    pub control: Vec<At<ControlEntry>>,
    /// What breaks: capacity, labour, capital or demand lost.
    #[serde(default)]
    pub disruption: Vec<At<DisruptionEntry>>,
    /// Technology chains whose lost product holds down sectors of home.
    #[serde(default)]
    pub chain: Vec<At<ChainEntry>>,
    /// What home does about it.
    #[serde(default)]
    pub response: Vec<At<ResponseEntry>>,
    /// Days of stock that firms hold of some inputs; the last that fits holds.
    #[serde(default)]
    pub stock: Vec<At<StockEntry>>,
    /// How much production needs an input; the last that fits holds.
    #[serde(default)]
    pub criticality: Vec<At<CriticalityEntry>>,
    /// Numbers that are not known for sure.
    #[serde(default)]
    pub uncertain: Vec<At<UncertainEntry>>,
    /// Options of models, a table each; `zili methods NAME` lists them.
    #[serde(default)]
    pub model: BTreeMap<String, At<BTreeMap<String, At<Setting>>>>,
}

/// What to do where two controls fall on the same flow at the same time.
#[derive(Clone, Copy, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Overlaps {
    /// The file is refused.
    #[default]
    Refuse,
    /// The more severe holds.
    Severest,
}

/// A denial of supply by some regions to others.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct ControlEntry {
    /// Who denies: region codes or names, blocs, A+B, "home", "!home" (everyone but home) or "all".
    pub by: Option<Words>,
    /// Who is denied, in the same words.
    pub against: Words,
    /// Sectors whose products are denied, by code or name; all if nothing is named.
    pub sectors: Option<Words>,
    /// Products denied: HS 2017 codes of 2, 4 or 6 digits, in quotes. Instead of sectors.
    pub products: Option<Words>,
    /// Inputs of a technology chain, by name. Instead of sectors; models of tables do not use them.
    pub inputs: Option<Words>,
    /// Listed firms, by name. Instead of sectors; models of tables do not use them.
    pub entities: Option<Words>,
    /// Share of the flow denied, 0-1. This or amount_musd.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub severity: Option<At<Number>>,
    /// Million USD a year denied, at most the flow in the table. This or severity.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub amount_musd: Option<At<Number>>,
    /// Lowest and highest severity (shares 0-1) that are possible; severity is the most likely.
    #[schemars(extend("minItems" = 2, "maxItems" = 2))]
    pub severity_range: Option<Amounts>,
    /// With products: the share (0-1) of their sector's flow that they make up, an assumption in place of trade data.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    pub part: Option<At<Number>>,
    /// Which uses are denied.
    #[serde(default)]
    pub flows: Flows,
    /// First day (a number, or a date where start is given); 0 if left out.
    pub from: Option<At<Moment>>,
    /// First day on which it no longer holds; for good if left out.
    pub until: Option<At<Moment>>,
    /// Days until it is in full force; 0 if left out.
    #[schemars(extend("minimum" = 0))]
    pub ramp: Option<At<Number>>,
}

/// Capacity, labour, capital or demand lost somewhere. Exactly one of the keys that say how much.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct DisruptionEntry {
    /// Where, in the words of a control's `by`.
    pub at: Words,
    /// Sectors hit, by code or name; all if left out.
    pub sectors: Option<Words>,
    /// Share of production capacity lost, 0-1.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub capacity_loss: Option<At<Number>>,
    /// Share of labour lost, 0-1; capacity falls with it.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub labour_loss: Option<At<Number>>,
    /// Share of productive capital destroyed, 0-1; capacity falls with it.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub capital_loss: Option<At<Number>>,
    /// Productive capital destroyed, million USD in all, spread over the industries hit in proportion to their capital.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub damage_musd: Option<At<Number>>,
    /// Dwellings and goods of households destroyed, million USD in all; only with rebuild.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub household_damage_musd: Option<At<Number>>,
    /// Share of final use of the sectors' products that falls away, at most 1; negative adds demand.
    #[schemars(extend("maximum" = 1))]
    pub demand_loss: Option<At<Number>>,
    /// Day on which it strikes (a number, or a date where start is given); 0 if left out.
    pub from: Option<At<Moment>>,
    /// Days at full size before recovery begins; `inf`: it never does. May be left out with a recovery curve or rebuild (0).
    #[schemars(extend("minimum" = 0))]
    pub lasts: Option<At<Number>>,
    /// How what was lost comes back by itself: "at-once" (default) or a curve.
    pub recovery: Option<At<RecoveryEntry>>,
    /// It comes back by being built anew, at the expense of the sectors that build. Instead of recovery; with capital_loss, damage_musd or household_damage_musd.
    pub rebuild: Option<RebuildEntry>,
}

/// A recovery curve.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct CurveEntry {
    /// Shape of the curve.
    pub shape: Shape,
    /// Days of recovery: all of them for linear, the time constant of the others.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub days: At<Number>,
}

/// Reconstruction as demand.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct RebuildEntry {
    /// Days over which it is ordered.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub days: At<Number>,
    /// Who builds: shares (0-1) by sector that sum to 1.
    pub sectors: At<BTreeMap<String, At<Number>>>,
    /// Reconstruction demand per unit of damage; 1 if left out.
    #[schemars(extend("exclusiveMinimum" = 0, "default" = 1))]
    pub factor: Option<At<Number>>,
}

/// What home does about it.
#[derive(JsonSchema)]
#[schemars(tag = "kind", rename_all = "kebab-case", inline)]
pub(crate) enum ResponseEntry {
    Stockpile(StockpileEntry),
    Procurement(ProcurementEntry),
    Diversification(DiversificationEntry),
    Retaliation(Box<ControlEntry>),
}

/// The kind decides which keys there are, so that a response is taken apart by hand ([`crate::read`]) and never gets here.
impl<'de> Deserialize<'de> for ResponseEntry {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("a response is a table: write [[response]]"))
    }
}

/// Days of use of these sectors' products, held beyond what industries hold anyway.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct StockpileEntry {
    /// Whose; home's if left out.
    pub at: Option<Words>,
    /// Sectors whose products are held; all if left out.
    pub sectors: Option<Words>,
    /// Days of use.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub days: At<Number>,
    /// Day from which it is there, or is ordered; 0 if left out.
    pub from: Option<At<Moment>>,
    /// How it comes to be.
    #[serde(default)]
    pub filled: Filled,
}

/// A share of final use of foreign products is shifted to own ones.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct ProcurementEntry {
    /// Whose; home's if left out.
    pub at: Option<Words>,
    /// Sectors whose products are bought at home instead; all if left out.
    pub sectors: Option<Words>,
    /// Codes of categories of final use, such as government's; all if left out.
    pub categories: Option<Words>,
    /// Share shifted, 0-1.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub share: At<Number>,
    /// First day; 0 if left out.
    pub from: Option<At<Moment>>,
    /// First day on which it no longer holds; for good if left out.
    pub until: Option<At<Moment>>,
    /// Days until the whole share is shifted; 0 if left out.
    #[schemars(extend("minimum" = 0))]
    pub ramp: Option<At<Number>>,
}

/// A share of what is denied may be ordered from suppliers elsewhere who do not deny it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct DiversificationEntry {
    /// Who looks for other suppliers; home if left out.
    pub at: Option<Words>,
    /// Sectors whose products are looked for; all if left out.
    pub sectors: Option<Words>,
    /// Share of the denied flow that finds another supplier once the ramp is over, 0-1.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub share: At<Number>,
    /// First day; 0 if left out.
    pub from: Option<At<Moment>>,
    /// First day on which it no longer holds; for good if left out.
    pub until: Option<At<Moment>>,
    /// Days until the whole share is found; 0 if left out.
    #[schemars(extend("minimum" = 0))]
    pub ramp: Option<At<Number>>,
    /// The suppliers that take over sell anyone together no more of a product than this times their old flows, at least 1; no cap if left out.
    #[schemars(extend("minimum" = 1))]
    pub cap: Option<At<Number>>,
}

/// Days of stock of some inputs.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct StockEntry {
    /// Whose; everyone's if left out.
    pub at: Option<Words>,
    /// Using sectors; all if left out.
    pub users: Option<Words>,
    /// Sectors whose products are held.
    pub inputs: Words,
    /// Days of use in stock; `inf`: never short.
    #[schemars(extend("minimum" = 0))]
    pub days: At<Number>,
}

/// A technology chain's lost product, carried onto a table.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct ChainEntry {
    /// Name of the chain; `zili data chains` lists them.
    pub name: At<String>,
    /// Grade of its product that the sectors need; the chain's first if left out.
    pub grade: Option<At<String>>,
    /// Sectors of home that need the product.
    pub sectors: Words,
    /// Share of their capacity that needs it, 0-1.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub share: At<Number>,
    /// Where shares of suppliers are not known: "worst" (default) or "best".
    #[serde(default)]
    pub case: Case,
}

/// How much production needs an input.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct CriticalityEntry {
    /// Using sectors; all if left out.
    pub users: Option<Words>,
    /// Sectors whose products are needed.
    pub inputs: Words,
    /// How much.
    pub need: Need,
}

/// A number of a model that is not known for sure.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct UncertainEntry {
    /// MODEL.OPTION, such as inventory.psi; numeric options only.
    pub parameter: At<String>,
    /// Lowest possible value, in the option's unit.
    pub low: At<Number>,
    /// Highest possible value.
    pub high: At<Number>,
    /// Most likely value of a triangular distribution; uniform if left out.
    pub mode: Option<At<Number>>,
}

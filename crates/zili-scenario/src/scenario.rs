//! What a scenario is once it has met a world: every code resolved, every number checked.
//!
//! The file that a user writes is read by another module; models and tests can also build a scenario here by hand.

use crate::{Control, Sectors};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use zili_world::{Bloc, SectorCode};

/// Who denies what to whom, what breaks, and what home does about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    pub name: String,
    pub description: String,
    pub home: Bloc,
    /// Year of the table that it is played on.
    pub year: i32,
    /// The day that is day 0, as written (`2026-01-01`), if the file gives one.
    pub start: Option<String>,
    /// Days played.
    pub horizon: f64,
    /// Days in a step of the models that have steps.
    pub step: f64,
    /// Denials, home's own retaliation among them.
    pub controls: Vec<Control>,
    pub disruptions: Vec<Disruption>,
    /// Chains whose lost product holds down sectors of home.
    pub chains: Vec<Carried>,
    pub responses: Vec<Response>,
    /// Days of stock that firms hold of some inputs, where the file says so; the last that fits holds.
    pub stocks: Vec<Stock>,
    /// How much some users need some inputs, where the file says so; the last that fits holds.
    pub criticality: Vec<Criticality>,
    /// What is not known for sure.
    pub uncertain: Vec<Uncertain>,
    /// Options by model, as words for [`zili_world::Options::parse`].
    pub settings: BTreeMap<String, Vec<(String, String)>>,
}

/// From when until when something holds, and how fast it comes into force. Days from the start.
///
/// Level 0 before `from`, rising in a straight line to 1 at `from + ramp`, 0 again from `until` on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub from: f64,
    /// Infinity: for good.
    pub until: f64,
    /// Days until it is in full force.
    pub ramp: f64,
}

/// Capacity, capital or demand lost somewhere, for whatever reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Disruption {
    pub at: Bloc,
    pub sectors: Sectors,
    pub impact: Impact,
    /// Day on which it strikes.
    pub from: f64,
    /// Days for which it stays at full size before recovery begins.
    pub lasts: f64,
    pub recovery: Recovery,
}

/// A technology chain's lost product, carried onto a table: these sectors of home lose a share of their capacity as it fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    pub chain: String,
    /// Grade of the product; the chain's first if absent.
    pub grade: Option<String>,
    pub sectors: Sectors,
    /// Share of the sectors' capacity that needs the product, 0–1.
    pub share: f64,
    pub case: Case,
}

/// Which end of what is possible where shares of suppliers are not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// As little of the product as is possible.
    #[default]
    Worst,
    /// As much as is possible.
    Best,
}

/// What a disruption takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Impact {
    /// Share of production capacity, 0–1.
    Capacity(f64),
    /// Share of labour, 0–1; capacity falls with it.
    Labour(f64),
    /// Share of productive capital destroyed, 0–1; capacity falls with it.
    Capital(f64),
    /// Productive capital destroyed, million USD in all, spread over the industries hit in proportion to their capital.
    Damage(f64),
    /// Dwellings and goods of households destroyed, million USD in all; no capacity falls, but rebuilding asks for products.
    HouseholdDamage(f64),
    /// Share of final use of the sectors' products by the regions that falls away, −∞–1; negative adds demand.
    Demand(f64),
}

/// How what was lost comes back.
#[derive(Clone, Debug, PartialEq)]
pub enum Recovery {
    /// All at once when the disruption ends.
    AtOnce,
    /// By itself along a curve.
    Curve { shape: Shape, days: f64 },
    /// By being built anew, at the expense of the sectors that build.
    Rebuild(Rebuild),
}

/// Shape of a recovery without rebuilding; `e` days of `days` gone by, share still lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// 1 − e/days.
    Linear,
    /// (1 − 1/days)^e: fast first, a tail that never quite ends.
    Convex,
    /// The same with 4e in place of e.
    SteepConvex,
    /// days / (days + σ eᵏ): slow, then at once.
    Concave,
}

/// Reconstruction as demand.
#[derive(Clone, Debug, PartialEq)]
pub struct Rebuild {
    /// Days over which it is ordered.
    pub days: f64,
    /// Who builds, with shares that sum to 1.
    pub sectors: Vec<(SectorCode, f64)>,
    /// Reconstruction demand per unit of damage.
    pub factor: f64,
}

/// What home does about it.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    /// So many days of use of these sectors' products, held by home's industries beyond what they hold anyway.
    Stockpile { at: Bloc, sectors: Sectors, days: f64, from: f64, filled: Filled },
    /// A share of final use of foreign products is shifted to home's own; `categories` are codes of final-use categories, all if empty.
    Procurement { at: Bloc, sectors: Sectors, categories: Vec<String>, share: f64, window: Window },
    /// A share of what is denied may be ordered from suppliers elsewhere who do not deny it.
    Diversification {
        at: Bloc,
        sectors: Sectors,
        /// Share of the denied flow that finds another supplier, 0–1, once the ramp is over.
        share: f64,
        window: Window,
        /// The suppliers that take over sell anyone together no more of a product than this times their old flows; none if absent.
        cap: Option<f64>,
    },
}

/// How a stockpile comes to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Filled {
    #[default]
    /// It is there on the day, bought before the scenario begins.
    Held,
    /// It is ordered from the day on, in competition with everyone else.
    Bought,
}

/// Days of stock of some inputs; infinity: never short.
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// Whose; everyone's if absent.
    pub at: Option<Bloc>,
    /// Using sectors.
    pub users: Sectors,
    /// Sectors whose products are held.
    pub inputs: Sectors,
    pub days: f64,
}

/// How much production needs an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// No production without it.
    Essential,
    /// Production goes on at half without it.
    Important,
    /// Production does not fall for want of it.
    Negligible,
}

/// A user's need of an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Criticality {
    /// Using sectors.
    pub users: Sectors,
    /// Sectors whose products are needed.
    pub inputs: Sectors,
    pub need: Need,
}

/// A number that is not known for sure, between two bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertain {
    pub what: Unknown,
    pub low: f64,
    pub high: f64,
    /// Most likely value of a triangular distribution; uniform if absent.
    pub mode: Option<f64>,
}

/// Which number is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Severity of the control at this position of [`Scenario::controls`].
    Severity(usize),
    /// A numeric option of a model.
    Setting { model: String, option: String },
}

impl Window {
    pub const ALWAYS: Window = Window { from: 0.0, until: f64::INFINITY, ramp: 0.0 };

    /// Mean level over the days from `a` to `b`, so that a step of any length sees the same total.
    pub fn mean(&self, a: f64, b: f64) -> f64 {
        if b <= a {
            return self.at(a);
        }
        // Integral of the level from `from` to t, for t ≤ until.
        let integral = |t: f64| {
            let t = t.min(self.until) - self.from;
            match (t <= 0.0, t < self.ramp) {
                (true, _) => 0.0,
                (_, true) => t * t / (2.0 * self.ramp),
                _ => t - self.ramp / 2.0,
            }
        };
        (integral(b) - integral(a)) / (b - a)
    }

    /// Days in force before the horizon, the ramp included.
    pub fn days(&self, horizon: f64) -> f64 {
        (self.until.min(horizon) - self.from).max(0.0)
    }

    /// Level at one moment.
    pub fn at(&self, t: f64) -> f64 {
        match t {
            t if t < self.from || t >= self.until => 0.0,
            t if t >= self.from + self.ramp => 1.0,
            t => (t - self.from) / self.ramp,
        }
    }
}

impl Scenario {
    /// Its controls that fall on a table.
    pub fn controls_on_table(&self) -> Vec<Control> {
        self.controls.iter().filter(|control| control.is_on_table()).cloned().collect()
    }

    /// Whether all that it does is to deny inputs of chains or firms, with nothing that brings a loss onto a table.
    pub fn is_only_on_chains(&self) -> bool {
        let on_table = self.controls.iter().any(Control::is_on_table);
        !self.controls.is_empty() && !on_table && self.disruptions.is_empty() && self.chains.is_empty()
    }

    /// Steps that it takes.
    pub fn steps(&self) -> usize {
        (self.horizon / self.step).round().max(1.0) as usize
    }

    /// A scenario in which nothing happens, to add to.
    pub fn quiet(home: Bloc, year: i32) -> Self {
        Self {
            name: "scenario".to_owned(),
            description: String::new(),
            home,
            year,
            start: None,
            horizon: 365.0,
            step: 1.0,
            controls: Vec::new(),
            disruptions: Vec::new(),
            chains: Vec::new(),
            responses: Vec::new(),
            stocks: Vec::new(),
            criticality: Vec::new(),
            uncertain: Vec::new(),
            settings: BTreeMap::new(),
        }
    }

    /// The same with some controls, for models without time.
    pub fn of_controls(home: Bloc, year: i32, controls: Vec<Control>) -> Self {
        Self { controls, ..Self::quiet(home, year) }
    }
}

impl Sectors {
    /// Positions of the sectors in a classification, ascending; refuses unknown codes.
    pub fn positions(&self, classification: &zili_world::Classification) -> Result<Vec<usize>, zili_world::Error> {
        match self {
            Sectors::All => Ok((0..classification.sectors().len()).collect()),
            Sectors::These(codes) => {
                let mut found: Vec<usize> =
                    codes.iter().map(|c| classification.sector(c.as_str())).collect::<Result<_, _>>()?;
                found.sort_unstable();
                found.dedup();
                Ok(found)
            }
        }
    }
}

//! Parts of a scenario in words, the same wherever they are told: before a model runs, and in the evidence of what it found.

use crate::scenario::{Criticality, Disruption, Filled, Impact, Need, Recovery, Response, Shape, Stock, Window};
use crate::{Carried, Case, Control, Flows, Sectors, What};

impl Sectors {
    /// Codes, or that all are meant.
    pub fn describe(&self) -> String {
        match self {
            Sectors::All => "all sectors".to_owned(),
            Sectors::These(codes) => codes.iter().map(|c| c.as_str()).collect::<Vec<_>>().join(", "),
        }
    }
}

impl Control {
    /// By whom, against whom, what, how much, when.
    pub fn describe(&self) -> String {
        let list = |words: &[String]| words.join(", ");
        let what = match &self.what {
            What::Sectors(sectors) => sectors.describe(),
            What::Products { codes, .. } => format!("products {}", list(codes)),
            What::Inputs(names) => format!("chain inputs {}", list(names)),
            What::Entities(names) => format!("entities {}", list(names)),
        };
        let uses = match self.flows {
            Flows::Both => "inputs and final use",
            Flows::Intermediate => "inputs only",
            Flows::Final => "final use only",
        };
        let (by, against, window) = (&self.by.code, &self.against.code, self.window.describe());
        format!("{by} → {against}, {what}, {uses}, severity {}{window}", self.severity)
    }
}

impl Disruption {
    /// What is lost, where, from when.
    pub fn describe(&self) -> String {
        let loss = match self.impact {
            Impact::Capacity(share) => format!("{} of capacity", percent(share)),
            Impact::Labour(share) => format!("{} of labour", percent(share)),
            Impact::Capital(share) => format!("{} of capital", percent(share)),
            Impact::Damage(musd) => format!("capital of {musd} million USD destroyed"),
            Impact::HouseholdDamage(musd) => format!("households' goods of {musd} million USD destroyed"),
            Impact::Demand(share) if share < 0.0 => format!("{} more final use", percent(-share)),
            Impact::Demand(share) => format!("{} less final use", percent(share)),
        };
        format!("{loss} in {}, {}, from day {}", self.at.code, self.sectors.describe(), self.from)
    }

    /// For how long, and how it comes back.
    pub fn describe_end(&self) -> String {
        match self.lasts.is_finite() {
            true => format!("{} days at full size, then back {}", self.lasts, self.recovery.describe()),
            false => "for good".to_owned(),
        }
    }
}

impl Recovery {
    pub fn describe(&self) -> String {
        match self {
            Recovery::AtOnce => "at once".to_owned(),
            Recovery::Curve { shape, days } => format!("{} over {days} days", shape.describe()),
            Recovery::Rebuild(rebuild) => {
                let builders: Vec<String> =
                    rebuild.sectors.iter().map(|(sector, share)| format!("{sector} {}", percent(*share))).collect();
                format!("rebuilt over {} days by {}, factor {}", rebuild.days, builders.join(", "), rebuild.factor)
            }
        }
    }
}

impl Response {
    /// Who does what, when.
    pub fn describe(&self) -> String {
        match self {
            Response::Stockpile { at, sectors, days, from, filled } => {
                let how = match filled {
                    Filled::Held => "held",
                    Filled::Bought => "to be bought",
                };
                let sectors = sectors.describe();
                format!("stockpile of {}: {days} days of use of {sectors}, {how} from day {from}", at.code)
            }
            Response::Procurement { at, sectors, categories, share, window } => {
                let kinds =
                    if categories.is_empty() { String::new() } else { format!(" by {}", categories.join(", ")) };
                format!(
                    "procurement: {} of what {} buys abroad for final use{kinds} ({}) is bought at home{}",
                    percent(*share),
                    at.code,
                    sectors.describe(),
                    window.describe()
                )
            }
            Response::Diversification { at, sectors, share, window, cap } => {
                let cap = cap
                    .map(|cap| format!(", suppliers that take over selling at most {cap} times their old flows"))
                    .unwrap_or_default();
                format!(
                    "diversification: {} of what is denied to {} ({}) is looked for elsewhere{}{cap}",
                    percent(*share),
                    at.code,
                    sectors.describe(),
                    window.describe()
                )
            }
        }
    }
}

impl Carried {
    pub fn describe(&self) -> String {
        let grade = self.grade.as_ref().map(|grade| format!(" ({grade})")).unwrap_or_default();
        let case = if self.case == Case::Worst { "worst" } else { "best" };
        let (chain, share, sectors) = (&self.chain, percent(self.share), self.sectors.describe());
        format!("product of {chain}{grade}, needed by {share} of the capacity of {sectors}, in the {case} case")
    }
}

impl Stock {
    pub fn describe(&self) -> String {
        let whose = self.at.as_ref().map_or("everyone", |at| at.code.as_str());
        let (users, inputs) = (self.users.describe(), self.inputs.describe());
        match self.days.is_finite() {
            true => format!("{} days of {inputs} held by {users} ({whose})", self.days),
            false => format!("{inputs} held by {users} ({whose}): never short"),
        }
    }
}

impl Criticality {
    pub fn describe(&self) -> String {
        let need = match self.need {
            Need::Essential => "essential",
            Need::Important => "important",
            Need::Negligible => "negligible",
        };
        format!("{} for {}: {need}", self.inputs.describe(), self.users.describe())
    }
}

impl Window {
    /// Begins with a comma; empty if it always holds.
    pub fn describe(&self) -> String {
        let mut text = String::new();
        if self.from > 0.0 {
            text += &format!(", from day {}", self.from);
        }
        if self.until.is_finite() {
            text += &format!(", until day {}", self.until);
        }
        if self.ramp > 0.0 {
            text += &format!(", ramp {} days", self.ramp);
        }
        text
    }
}

impl Shape {
    pub fn describe(self) -> &'static str {
        match self {
            Self::Linear => "in a straight line",
            Self::Convex => "fast first",
            Self::SteepConvex => "very fast first",
            Self::Concave => "slowly first",
        }
    }
}

/// Plain decimals: 12.5 %.
fn percent(share: f64) -> String {
    format!("{} %", (share * 1e4).round() / 100.0)
}

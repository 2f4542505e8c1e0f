//! A control: by whom, against whom, what, how severe, when; and the cells of a table it falls on.

use crate::Error;
use crate::scenario::Window;
use schemars::JsonSchema;
use serde::Deserialize;
use zili_world::{Bloc, Classification, Matrix, RegionCode, SectorCode};

/// Which sectors.
#[derive(Clone, Debug, PartialEq)]
pub enum Sectors {
    All,
    These(Vec<SectorCode>),
}

/// What a control denies.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Everything these sectors make.
    Sectors(Sectors),
    /// Traded products: on a table, the part of each sector's flow that they make up.
    Products { codes: Vec<String>, parts: Vec<Part> },
    /// Inputs of a technology chain, by name; falls on no table.
    Inputs(Vec<String>),
    /// Listed firms, by name; falls on no table.
    Entities(Vec<String>),
}

/// The part of a flow between two regions that a product control is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub by: RegionCode,
    pub against: RegionCode,
    pub sector: SectorCode,
    /// Share of the sector's flow, 0–1.
    pub share: f64,
}

/// Which uses are denied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Flows {
    /// Inputs of industries and final use.
    #[default]
    Both,
    /// Inputs of industries only.
    Intermediate,
    /// Final use only.
    Final,
}

/// A denial of supply by some regions to others.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    pub by: Bloc,
    pub against: Bloc,
    pub what: What,
    /// Share of the flow denied, 0–1.
    pub severity: f64,
    pub flows: Flows,
    pub window: Window,
    /// Home's answer to somebody else's control.
    pub retaliation: bool,
}

/// Where a control falls on a table, as shares denied of the flows from suppliers to buyers' regions.
#[derive(Clone, Debug, PartialEq)]
pub struct Denial {
    /// Supplying industries, ascending.
    pub suppliers: Vec<usize>,
    /// Buying regions, ascending.
    pub buyers: Vec<usize>,
    /// Share of intermediate flows denied, [suppliers × buyers].
    pub intermediate: Matrix,
    /// Share of final flows denied, [suppliers × buyers].
    pub final_use: Matrix,
}

impl Control {
    /// Whether it falls on a table at all; controls on chain inputs and on firms do not.
    pub fn is_on_table(&self) -> bool {
        matches!(self.what, What::Sectors(_) | What::Products { .. })
    }

    /// A control on sectors, in force for good. Refuses a severity outside 0–1 and regions on both sides.
    pub fn new(by: Bloc, against: Bloc, sectors: Sectors, severity: f64, flows: Flows) -> Result<Self, Error> {
        if !(0.0..=1.0).contains(&severity) {
            return Err(Error::Severity(severity));
        }
        if let Some(shared) = by.members.iter().find(|m| against.members.contains(m)) {
            return Err(Error::Overlap { by: by.code, against: against.code, shared: shared.to_string() });
        }
        let what = What::Sectors(sectors);
        Ok(Self { by, against, what, severity, flows, window: Window::ALWAYS, retaliation: false })
    }

    /// The cells of a table with these labels that the control falls on when in full force; refuses unknown codes.
    pub fn on(&self, classification: &Classification) -> Result<Denial, Error> {
        let sectors = match &self.what {
            What::Sectors(sectors) => sectors.positions(classification)?,
            What::Products { parts, .. } => {
                Sectors::These(parts.iter().map(|p| p.sector.clone()).collect()).positions(classification)?
            }
            What::Inputs(_) | What::Entities(_) => Vec::new(),
        };
        let mut suppliers = Vec::new();
        for region in self.by.positions(classification)? {
            let first = classification.industries_of(region).start;
            suppliers.extend(sectors.iter().map(|s| first + s));
        }
        suppliers.sort_unstable();
        let mut buyers = self.against.positions(classification)?;
        buyers.sort_unstable();
        let mut share = Matrix::from_fn(suppliers.len(), buyers.len(), |_, _| self.severity);
        if let What::Products { parts, .. } = &self.what {
            share = Matrix::zeros(suppliers.len(), buyers.len());
            for part in parts {
                let supplier = classification.industries_of(classification.region(part.by.as_str())?).start
                    + classification.sector(part.sector.as_str())?;
                let buyer = classification.region(part.against.as_str())?;
                if let (Ok(k), Ok(j)) = (suppliers.binary_search(&supplier), buyers.binary_search(&buyer)) {
                    share[(k, j)] = self.severity * part.share;
                }
            }
        }
        let none = || Matrix::zeros(suppliers.len(), buyers.len());
        Ok(Denial {
            intermediate: if self.flows == Flows::Final { none() } else { share.clone() },
            final_use: if self.flows == Flows::Intermediate { none() } else { share },
            suppliers,
            buyers,
        })
    }
}

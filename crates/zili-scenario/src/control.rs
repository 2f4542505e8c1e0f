//! A control: by whom, against whom, what, how severe; and the cells of a table it falls on.

use crate::Error;
use zili_world::{Bloc, Classification, SectorCode};

/// Which sectors are denied.
#[derive(Clone, Debug, PartialEq)]
pub enum Sectors {
    All,
    These(Vec<SectorCode>),
}

/// Which uses are denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flows {
    Both,
    Intermediate,
    Final,
}

/// A denial of supply by some regions to others.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    pub by: Bloc,
    pub against: Bloc,
    pub sectors: Sectors,
    /// Share of the flow denied, 0–1.
    pub severity: f64,
    pub flows: Flows,
}

/// Where a control falls on a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Denial {
    /// Industries that no longer supply, ascending.
    pub suppliers: Vec<usize>,
    /// Industries that are no longer supplied, ascending.
    pub users: Vec<usize>,
    /// Final-use columns that are no longer supplied, ascending.
    pub final_columns: Vec<usize>,
    /// Share of intermediate flows denied.
    pub intermediate: f64,
    /// Share of final flows denied.
    pub final_use: f64,
}

impl Control {
    /// Refuses a severity outside 0–1 and regions on both sides.
    pub fn new(by: Bloc, against: Bloc, sectors: Sectors, severity: f64, flows: Flows) -> Result<Self, Error> {
        if !(0.0..=1.0).contains(&severity) {
            return Err(Error::Severity(severity));
        }
        if let Some(shared) = by.members.iter().find(|m| against.members.contains(m)) {
            return Err(Error::Overlap { by: by.code, against: against.code, shared: shared.to_string() });
        }
        Ok(Self { by, against, sectors, severity, flows })
    }

    /// The cells of a table with these labels that the control falls on; refuses unknown codes.
    pub fn on(&self, classification: &Classification) -> Result<Denial, Error> {
        let sectors: Vec<usize> = match &self.sectors {
            Sectors::All => (0..classification.sectors().len()).collect(),
            Sectors::These(codes) => {
                let mut found: Vec<usize> =
                    codes.iter().map(|c| classification.sector(c.as_str())).collect::<Result<_, _>>()?;
                found.sort_unstable();
                found.dedup();
                found
            }
        };
        let mut suppliers = Vec::new();
        for region in self.by.positions(classification)? {
            let first = classification.industries_of(region).start;
            suppliers.extend(sectors.iter().map(|s| first + s));
        }
        let share = |denied: bool| if denied { self.severity } else { 0.0 };
        Ok(Denial {
            suppliers,
            users: self.against.industries(classification)?,
            final_columns: self.against.final_columns(classification)?,
            intermediate: share(self.flows != Flows::Final),
            final_use: share(self.flows != Flows::Intermediate),
        })
    }
}

//! The labels of a world: regions, sectors, categories of final use, primary inputs.

use crate::code::Lookup;
use crate::{Error, RegionCode, SectorCode};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// An economy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    pub code: RegionCode,
    pub name: String,
}

/// An industry. `alias` is the publisher's own code where it differs (`c14` for `30t33`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sector {
    pub code: SectorCode,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
}

/// A category of final use, such as household consumption or fixed capital formation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FinalCategory {
    pub code: String,
    pub name: String,
}

/// What a row of primary inputs is, so that value added is never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Part of value added (wages, profits, other taxes on production).
    ValueAdded,
    /// Taxes, margins and adjustments that stand between intermediate inputs and output.
    Other,
    /// Everything between intermediate inputs and output in one row, value added included but not told apart.
    Residual,
}

/// A row of primary inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrimaryInput {
    pub code: String,
    pub name: String,
    pub role: Role,
}

/// Regions, sectors and final categories of a world, in the order of every table's axes.
///
/// Industries run region-major: industry `(r, s)` stands at `r·S + s`; final columns likewise at `r·C + c`.
#[derive(Clone, Debug)]
pub struct Classification {
    regions: Vec<Region>,
    sectors: Vec<Sector>,
    categories: Vec<FinalCategory>,
    region_lookup: Lookup,
    sector_lookup: Lookup,
}

impl Classification {
    /// Refuses empty lists and repeated codes.
    pub fn new(regions: Vec<Region>, sectors: Vec<Sector>, categories: Vec<FinalCategory>) -> Result<Self, Error> {
        unique("region", regions.iter().map(|r| r.code.as_str()))?;
        unique("sector", sectors.iter().map(|s| s.code.as_str()))?;
        unique("final-use category", categories.iter().map(|c| c.code.as_str()))?;
        let region_lookup = Lookup::new("region", regions.iter().map(|r| vec![r.code.as_str(), r.name.as_str()]));
        let sector_lookup = Lookup::new(
            "sector",
            sectors.iter().map(|s| {
                let mut spellings = vec![s.code.as_str(), s.name.as_str()];
                spellings.extend(s.alias.as_deref());
                spellings
            }),
        );
        Ok(Self { regions, sectors, categories, region_lookup, sector_lookup })
    }

    pub fn regions(&self) -> &[Region] {
        &self.regions
    }
    pub fn sectors(&self) -> &[Sector] {
        &self.sectors
    }
    pub fn categories(&self) -> &[FinalCategory] {
        &self.categories
    }

    /// Number of industries, regions × sectors.
    pub fn industries(&self) -> usize {
        self.regions.len() * self.sectors.len()
    }
    /// Number of final-use columns, regions × categories.
    pub fn final_columns(&self) -> usize {
        self.regions.len() * self.categories.len()
    }

    /// Position of a region by code or name.
    pub fn region(&self, code: &str) -> Result<usize, Error> {
        self.region_lookup.find(code)
    }
    /// Position of a sector by code, alias or name.
    pub fn sector(&self, code: &str) -> Result<usize, Error> {
        self.sector_lookup.find(code)
    }

    /// Industry positions of one region.
    pub fn industries_of(&self, region: usize) -> std::ops::Range<usize> {
        let s = self.sectors.len();
        region * s..(region + 1) * s
    }
    /// Final-use column positions of one region.
    pub fn final_columns_of(&self, region: usize) -> std::ops::Range<usize> {
        let c = self.categories.len();
        region * c..(region + 1) * c
    }
    /// The region an industry is in.
    pub fn region_of(&self, industry: usize) -> &Region {
        &self.regions[industry / self.sectors.len()]
    }
    /// The sector an industry belongs to.
    pub fn sector_of(&self, industry: usize) -> &Sector {
        &self.sectors[industry % self.sectors.len()]
    }
    /// `REG.sector`, for messages about one industry.
    pub fn industry_label(&self, industry: usize) -> String {
        format!("{}.{}", self.region_of(industry).code, self.sector_of(industry).code)
    }
}

fn unique<'a>(what: &'static str, codes: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for code in codes {
        if !seen.insert(code.to_lowercase()) {
            return Err(Error::Duplicate { what, given: code.to_owned() });
        }
    }
    if seen.is_empty() { Err(Error::Unanswerable(format!("the list of {what}s is empty"))) } else { Ok(()) }
}

//! The labels of a world: regions, sectors, categories of final use, primary inputs.

use crate::code::Lookup;
use crate::isic::{self, Group};
use crate::known::{self, Known};
use crate::{Error, RegionCode, SectorCode, countries};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// An economy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    pub code: RegionCode,
    pub name: String,
}

/// An industry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sector {
    pub code: SectorCode,
    /// As it stands in charts and sentences.
    pub name: String,
    /// The publisher's name, where `name` is a shorter one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub official: Option<String>,
    /// The publisher's own code where it differs (`c14` for `30t33`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Its places in ISIC Rev. 4: divisions, groups or classes; see [`crate::isic`]. Empty: not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub isic4: Vec<String>,
}

impl Sector {
    /// A sector of which nothing but code and name is known.
    pub fn new(code: impl Into<String>, name: impl Into<String>) -> Self {
        Self { code: SectorCode::new(code), name: name.into(), official: None, alias: None, isic4: Vec::new() }
    }
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
    alias_lookup: Lookup,
    known: Option<&'static Known>,
}

impl Classification {
    /// Refuses empty lists and repeated codes.
    pub fn new(regions: Vec<Region>, sectors: Vec<Sector>, categories: Vec<FinalCategory>) -> Result<Self, Error> {
        unique("region", regions.iter().map(|r| r.code.as_str()))?;
        unique("sector", sectors.iter().map(|s| s.code.as_str()))?;
        unique("final-use category", categories.iter().map(|c| c.code.as_str()))?;
        let region_lookup = Lookup::new("region", regions.iter().map(|r| vec![r.code.as_str(), r.name.as_str()]));
        let (sectors, known) = known::described(sectors);
        let spellings = |s: &Sector| vec![s.code.to_string(), s.name.clone(), s.official.clone().unwrap_or_default()];
        let spelled: Vec<Vec<String>> = sectors.iter().map(spellings).collect();
        let sector_lookup = Lookup::new(
            "sector",
            spelled.iter().map(|s| s.iter().map(String::as_str).filter(|s| !s.is_empty()).collect()),
        );
        let alias_lookup =
            Lookup::new("sector", sectors.iter().map(|s| vec![s.alias.as_deref().unwrap_or(s.code.as_str())]));
        Ok(Self { regions, sectors, categories, region_lookup, sector_lookup, alias_lookup, known })
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

    /// Position of a region by code or name, or by another word for the country.
    pub fn region(&self, word: &str) -> Result<usize, Error> {
        let alias = || countries::by_alias(word).and_then(|code| self.region_lookup.find(code).ok());
        self.region_lookup.find(word).or_else(|unknown| alias().ok_or(unknown))
    }
    /// Position of a sector by code, name or alias. A code that only another classification has is refused with what is likely meant.
    pub fn sector(&self, word: &str) -> Result<usize, Error> {
        let word = word.trim();
        let code = |s: &Sector| s.code.as_str() == word;
        let alias = |s: &Sector| s.alias.as_deref() == Some(word);
        let exactly = self.sectors.iter().position(code).or_else(|| self.sectors.iter().position(alias));
        if let Some(position) = exactly {
            return Ok(position);
        }
        let unknown = match self.sector_lookup.find(word) {
            Ok(position) => return Ok(position),
            Err(unknown) => unknown,
        };
        // Before aliases in another case: `C26` is not this world's `c26`.
        let meanings = known::of_others(word, &self.sectors);
        if !meanings.is_empty() {
            return Err(Error::OtherClassification { given: word.to_owned(), meanings });
        }
        self.alias_lookup.find(word).map_err(|_| unknown)
    }

    /// The classification that these sectors are of, if zili knows it.
    pub fn known(&self) -> Option<&'static str> {
        self.known.map(|known| known.name.as_str())
    }
    /// Positions of the sectors of one kind of industry.
    pub fn sectors_in(&self, group: Group) -> Vec<usize> {
        (0..self.sectors.len()).filter(|&s| isic::group(&self.sectors[s].isic4) == Some(group)).collect()
    }
    /// Whether a sector's products can be kept in store; none if it is not known.
    pub fn storable(&self, sector: usize) -> Option<bool> {
        isic::storable(&self.sectors[sector].isic4)
    }
    /// The sector that holds a division, group or class of ISIC Rev. 4.
    pub fn sector_at(&self, place: &str) -> Option<usize> {
        self.sectors.iter().position(|sector| sector.isic4.iter().any(|own| place.starts_with(own.as_str())))
    }
    /// Refuses a world of which some sector's place in ISIC Rev. 4 is not known; `what` needs it.
    pub fn placed(&self, what: &str) -> Result<(), Error> {
        let unplaced: Vec<&str> = self.sectors.iter().filter(|s| s.isic4.is_empty()).map(|s| s.code.as_str()).collect();
        match unplaced.first() {
            None => Ok(()),
            Some(first) => Err(Error::Unanswerable(format!(
                "{what}: it is not known where {} of {} sectors stand in ISIC Rev. 4 ('{first}' first); give each its divisions in a column isic4 of sectors.csv, such as \"26 27\", and import the world again",
                unplaced.len(),
                self.sectors.len()
            ))),
        }
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

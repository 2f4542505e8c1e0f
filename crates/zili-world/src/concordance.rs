//! Products and the sectors that make them.

use crate::Classification;
use std::collections::BTreeMap;

const BUNDLED: &str = include_str!("../../../data/products/hs2017-wiod2013.csv");

/// Which sector makes a product.
pub struct Concordance {
    /// Sector by product of 6 digits; none where no industry is known for it.
    sectors: BTreeMap<&'static str, Option<&'static str>>,
}

impl Concordance {
    /// HS 2017 to the sectors of the World Input–Output Database, 2013 release.
    pub fn bundled() -> Self {
        let rows = BUNDLED.lines().skip(1).filter_map(|line| line.split_once(','));
        Self { sectors: rows.map(|(hs6, sector)| (hs6, Some(sector).filter(|s| !s.is_empty()))).collect() }
    }

    /// The sector that makes a product of 6 digits.
    pub fn sector(&self, hs6: &str) -> Option<&'static str> {
        self.sectors.get(hs6).copied().flatten()
    }

    /// Whether every sector it names is one of these.
    pub fn fits(&self, classification: &Classification) -> bool {
        self.sectors.values().flatten().all(|sector| classification.sector(sector).is_ok())
    }

    /// Products under a code of 2, 4 or 6 digits, with their sectors.
    pub fn under(&self, code: &str) -> Vec<(&'static str, Option<&'static str>)> {
        self.sectors.iter().filter(|(hs6, _)| hs6.starts_with(code)).map(|(hs6, sector)| (*hs6, *sector)).collect()
    }

    /// Every code that can be written with so many digits.
    pub fn codes(&self, digits: usize) -> Vec<&'static str> {
        let mut codes: Vec<&str> = self.sectors.keys().filter_map(|hs6| hs6.get(..digits)).collect();
        codes.dedup();
        codes
    }
}

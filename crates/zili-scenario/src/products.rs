//! Traded products: what is known of who sells what to whom, and which sector makes it.

use crate::Error;
use std::collections::{BTreeMap, HashMap};
use zili_world::{Classification, RegionCode};

const BUNDLED_TRADE: &str = include_str!("../../../data/products/critical-trade.csv");
const BUNDLED_SECTORS: &str = include_str!("../../../data/products/hs2017-wiod2013.csv");

/// Bilateral trade in products, one year.
pub struct Trade {
    /// Who says so, for messages.
    pub source: String,
    pub year: i32,
    /// USD by exporter and importer, by product of 6 digits.
    values: BTreeMap<String, HashMap<(RegionCode, RegionCode), f64>>,
}

impl Trade {
    /// The bundled extract: 30 critical materials, its latest year.
    pub fn bundled() -> Result<Self, Error> {
        let broken = || Error::File { file: "bundled critical-trade.csv".into(), text: "not as it was made".into() };
        let mut lines = BUNDLED_TRADE.lines();
        let latest = lines.next().and_then(|header| header.rsplit_once("usd_")).ok_or_else(broken)?.1;
        let year = latest.parse().map_err(|_| broken())?;
        let mut values: BTreeMap<String, HashMap<_, _>> = BTreeMap::new();
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let [hs6, by, against, .., value] = cells.as_slice() else { return Err(broken()) };
            let flows = values.entry((*hs6).to_owned()).or_default();
            // Empty: no flow was recorded in this year.
            if !value.is_empty() {
                let value: f64 = value.parse().map_err(|_| broken())?;
                flows.insert((region(by), region(against)), value);
            }
        }
        Ok(Self { source: format!("BACI extract, {year}"), year, values })
    }

    /// Products whose trade is known.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// Million USD of a product by pair of regions of a world; partners that it does not tell apart are in its rest of the world, if it has one.
    pub fn of(&self, hs6: &str, classification: &Classification) -> HashMap<(usize, usize), f64> {
        let rest = classification.region("ROW").ok();
        let position = |code: &RegionCode| classification.region(code.as_str()).ok().or(rest);
        let mut pairs = HashMap::new();
        for ((by, against), usd) in self.values.get(hs6).into_iter().flatten() {
            if let (Some(by), Some(against)) = (position(by), position(against)) {
                *pairs.entry((by, against)).or_insert(0.0) += usd / 1e6;
            }
        }
        pairs
    }
}

/// The source has a code of its own for Taiwan.
fn region(code: &str) -> RegionCode {
    RegionCode::new(if code == "S19" { "TWN" } else { code })
}

/// Which sector makes a product.
pub struct Concordance {
    /// Sector by product of 6 digits; none where no industry is known for it.
    sectors: BTreeMap<&'static str, Option<&'static str>>,
}

impl Concordance {
    /// HS 2017 to the sectors of the World Input–Output Database, 2013 release.
    pub fn bundled() -> Self {
        let rows = BUNDLED_SECTORS.lines().skip(1).filter_map(|line| line.split_once(','));
        Self { sectors: rows.map(|(hs6, sector)| (hs6, Some(sector).filter(|s| !s.is_empty()))).collect() }
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

//! Traded products: what is known of who sells what to whom, and which sector makes it.

use std::collections::{BTreeMap, HashMap};
use zili_world::trade::Flows;
use zili_world::{Classification, Trade};

const BUNDLED_SECTORS: &str = include_str!("../../../data/products/hs2017-wiod2013.csv");

/// Million USD of a product by pair of regions of a world; partners that it does not tell apart are in its rest of the world, if it has one.
pub fn traded(
    trade: &Trade,
    flows: &Flows,
    hs6: &str,
    classification: &Classification,
) -> HashMap<(usize, usize), f64> {
    let rest = classification.region("ROW").ok();
    let position = |economy: usize| classification.region(trade.economies()[economy].code.as_str()).ok().or(rest);
    let mut pairs = HashMap::new();
    for flow in trade.product(hs6).into_iter().flat_map(|product| flows.of(product)) {
        if let (Some(by), Some(against)) = (position(flow.exporter), flow.importer.and_then(position)) {
            *pairs.entry((by, against)).or_insert(0.0) += flow.usd / 1e6;
        }
    }
    pairs
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

//! Traded products between the regions of a world.

use std::collections::HashMap;
use zili_world::trade::Flows;
use zili_world::{Classification, Trade};

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

//! Trade in products for tests.

use zili_world::store::SCHEMA;
use zili_world::trade::{Economy, Flows, Manifest, Product, YearEntry};

/// What such trade data say of themselves: names are codes, and there is no source.
pub fn manifest(economies: Vec<String>, products: Vec<String>, years: &[Flows]) -> Manifest {
    let economy = |code: String| Economy { code: code.as_str().into(), name: code, population: None };
    Manifest {
        schema: SCHEMA,
        name: "mine".into(),
        title: "mine".into(),
        nomenclature: String::new(),
        economies: economies.into_iter().map(economy).collect(),
        products: products.into_iter().map(|code| Product { name: code.clone(), code }).collect(),
        years: years.iter().map(YearEntry::of).collect(),
        sources: Vec::new(),
        caveats: Vec::new(),
    }
}

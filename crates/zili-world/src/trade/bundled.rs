//! Trade that ships with zili: thirty products of critical materials.

use super::{Collected, Collector, Economy, Manifest, Product, Trade, YearEntry};
use crate::store::{SCHEMA, Source, sha256};
use crate::{Error, RegionCode, countries};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// Its name.
pub const CRITICAL: &str = "critical-materials";

const FLOWS_FILE: &str = "products/critical-trade.csv";
const NAMES_FILE: &str = "products/critical-products.csv";
static FLOWS: &str = include_str!("../../../../data/products/critical-trade.csv");
static NAMES: &str = include_str!("../../../../data/products/critical-products.csv");

/// The trade that ships with zili.
pub fn bundled() -> Result<Arc<Trade>, Error> {
    static TRADE: LazyLock<Result<Arc<Trade>, String>> =
        LazyLock::new(|| read().map(Arc::new).map_err(|refusal| refusal.to_string()));
    TRADE.clone().map_err(Error::Unanswerable)
}

fn read() -> Result<Trade, Error> {
    let broken = |line: usize| Error::store(FLOWS_FILE, format!("line {line} is not as it was made"));
    let mut lines = FLOWS.lines();
    let header = lines.next().unwrap_or_default().split(',').skip(3);
    let years: Option<Vec<i32>> = header.map(|name| name.strip_prefix("usd_")?.parse().ok()).collect();
    let years = years.ok_or_else(|| broken(1))?;
    let mut collector = Collector::default();
    for (k, line) in lines.enumerate() {
        let broken = || broken(k + 2);
        let cells: Vec<&str> = line.split(',').collect();
        let [hs6, exporter, importer, values @ ..] = cells.as_slice() else { return Err(broken()) };
        for (year, value) in years.iter().zip(values) {
            // Empty: no flow was recorded in this year.
            if !value.is_empty() {
                let usd = value.parse().map_err(|_| broken())?;
                collector.add(*year, code(exporter), Some(code(importer)), hs6, usd).map_err(|_| broken())?;
            }
        }
    }
    let Collected { economies, products, years: flows } = collector.finish()?;
    let names = named(NAMES);
    let name = |names: &HashMap<&str, &str>, code: &str| names.get(code).unwrap_or(&code).to_string();
    let files = [(FLOWS_FILE.to_owned(), sha256(FLOWS.as_bytes())), (NAMES_FILE.to_owned(), sha256(NAMES.as_bytes()))];
    let manifest = Manifest {
        schema: SCHEMA,
        name: CRITICAL.to_owned(),
        title: "Trade in critical materials, 30 products".to_owned(),
        nomenclature: "HS 2017".to_owned(),
        products: products.into_iter().map(|code| Product { name: name(&names, &code), code }).collect(),
        years: flows.iter().map(|flows| YearEntry { files: files.clone().into(), ..YearEntry::of(flows) }).collect(),
        economies: economies
            .into_iter()
            .map(|code| Economy { name: countries::name(&code).to_owned(), code: RegionCode::new(code), population: None })
            .collect(),
        sources: vec![Source {
            id: "baci-202601".to_owned(),
            title: "BACI, extract of 30 products".to_owned(),
            publisher: "CEPII".to_owned(),
            edition: "V202601".to_owned(),
            licence: "Etalab 2.0".to_owned(),
            citation: "Gaulier & Zignago (2010), BACI: international trade database at the product level, CEPII working paper 2010-23".to_owned(),
            changes: "values in whole USD; Taiwan, S19 in the source, is TWN".to_owned(),
        }],
        caveats: vec![
            "Trade shows who ships, not who mines or refines".to_owned(),
            "811292 holds gallium, germanium, indium and more".to_owned(),
        ],
    };
    Ok(Trade::in_memory(manifest, flows))
}

/// The source has a code of its own for Taiwan.
fn code(code: &str) -> &str {
    if code == "S19" { "TWN" } else { code }
}

/// Names by code, from a file whose first two columns these are; no name holds a comma.
fn named(text: &'static str) -> HashMap<&'static str, &'static str> {
    let rows = text.lines().skip(1).filter_map(|line| {
        let mut cells = line.split(',');
        Some((cells.next()?, cells.next()?))
    });
    rows.collect()
}

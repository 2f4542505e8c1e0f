//! zili's plain layout of trade: one table of flows, with or without buyers.

use super::{ImportedTrade, Rows, TradeSettings, number, text};
use crate::Error;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use zili_world::store::{SCHEMA, Source};
use zili_world::trade::{Collected, Collector, Economy, Manifest, Product, YearEntry};
use zili_world::{RegionCode, countries};

pub const ABOUT: &str = "trade in products, as one csv: exporter, product, usd (or thousand_usd, million_usd), optionally importer and year; or a folder with flows.csv, \
optionally economies.csv (code, name, population), products.csv (code, name) and trade.toml (title, nomenclature, caveats, [[source]])";

/// Names of the column of values, and how many USD one is.
const UNITS: [(&str, f64); 3] = [("usd", 1.0), ("thousand_usd", 1e3), ("million_usd", 1e6)];

/// Optional `trade.toml`: what the flows cannot say about themselves.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct About {
    title: Option<String>,
    nomenclature: Option<String>,
    caveats: Vec<String>,
    #[serde(rename = "source")]
    sources: Vec<Source>,
}

/// Reads a file of flows, or a folder with one; see [`ABOUT`].
pub fn read(path: &Path, settings: &TradeSettings) -> Result<ImportedTrade, Error> {
    let (flows, beside) = match path.is_dir() {
        true => (path.join("flows.csv"), Some(path)),
        false => (path.to_owned(), None),
    };
    if !flows.is_file() {
        return Err(Error::Missing { path: flows, needed: "flows.csv with the columns exporter, product and usd" });
    }
    let collector = collected(&flows, settings.year)?;
    let Collected { economies, products, mut years } = collector.finish()?;
    years.retain(|flows| !flows.is_empty());
    if years.is_empty() {
        let of_year = settings.year.map(|year| format!(" of {year}")).unwrap_or_default();
        return Err(Error::file(&flows, format!("no flows{of_year} with a value")));
    }
    let about: About = match beside.map(|folder| folder.join("trade.toml")).filter(|path| path.is_file()) {
        Some(path) => {
            let text = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
            toml::from_str(&text).map_err(|e| Error::file(&path, e))?
        }
        None => About::default(),
    };
    let mut named = labels(beside, "economies.csv")?;
    let economies = economies.into_iter().map(|code| {
        let (name, population) = named.remove(&code).unwrap_or_default();
        let name = name.unwrap_or_else(|| countries::name(&code).to_owned());
        Economy { code: RegionCode::new(code), name, population }
    });
    let mut products_named = labels(beside, "products.csv")?;
    let products = products.into_iter().map(|code| {
        let name = products_named.remove(&code).and_then(|(name, _)| name).unwrap_or_else(|| code.clone());
        Product { code, name }
    });
    let own = || Source {
        id: settings.name.clone(),
        title: format!("{}, brought by the user", settings.name),
        ..Source::default()
    };
    let manifest = Manifest {
        schema: SCHEMA,
        name: settings.name.clone(),
        title: about.title.unwrap_or_else(|| settings.name.clone()),
        nomenclature: about.nomenclature.unwrap_or_default(),
        economies: economies.collect(),
        products: products.collect(),
        years: years.iter().map(YearEntry::of).collect(),
        sources: if about.sources.is_empty() { vec![own()] } else { about.sources },
        caveats: about.caveats,
    };
    Ok((manifest, years))
}

fn collected(path: &Path, only: Option<i32>) -> Result<Collector, Error> {
    let rows = Rows::open(path)?;
    if only.is_some() && rows.column(&["year"]).is_none() {
        return Err(Error::line(path, 1, "no column 'year' to pick a year by"));
    }
    let exporter = rows.needed(&["exporter", "country"])?;
    let product = rows.needed(&["product"])?;
    let values = UNITS.iter().filter_map(|(name, usd)| Some((rows.column(&[name])?, usd)));
    let values: Vec<(usize, &f64)> = values.collect();
    let &[(value, unit)] = values.as_slice() else {
        let names = UNITS.map(|(name, _)| name).join(", ");
        return Err(Error::line(path, 1, format!("give one column of values, named by its unit: {names}")));
    };
    let (importer, year) = (rows.column(&["importer"]), rows.column(&["year"]));
    let mut collector = Collector::default();
    rows.each(|_, record| {
        let of_year = match year {
            None => 0,
            Some(column) => {
                let word = text(record, column)?;
                word.parse().map_err(|_| format!("year '{word}' is not a whole number"))?
            }
        };
        if only.is_some_and(|only| only != of_year) {
            return Ok(());
        }
        let code = |column: usize, what: &str| -> Result<String, String> {
            let word = text(record, column)?;
            match word.is_empty() {
                true => Err(format!("the {what} is empty")),
                false => Ok(word.to_uppercase()),
            }
        };
        let importer = importer.map(|column| code(column, "importer")).transpose()?;
        let product = text(record, product)?;
        if product.is_empty() {
            return Err("the product is empty".to_owned());
        }
        let usd = number(record, value, "value")? * unit;
        collector.add(of_year, &code(exporter, "exporter")?, importer.as_deref(), product, usd)
    })?;
    Ok(collector)
}

/// A name and a population, where they are given.
type Label = (Option<String>, Option<f64>);

/// Names and populations by code; nothing where there is no such file.
fn labels(folder: Option<&Path>, file: &str) -> Result<HashMap<String, Label>, Error> {
    let Some(path) = folder.map(|folder| folder.join(file)).filter(|path: &PathBuf| path.is_file()) else {
        return Ok(HashMap::new());
    };
    let rows = Rows::open(&path)?;
    let code = rows.needed(&["code"])?;
    let (name, population) = (rows.column(&["name"]), rows.column(&["population"]));
    let mut labels = HashMap::new();
    rows.each(|_, record| {
        let code = text(record, code)?;
        let code = if file == "economies.csv" { code.to_uppercase() } else { code.to_owned() };
        let field = |column: Option<usize>| column.filter(|column| record.get(*column).is_some_and(|c| !c.is_empty()));
        let name = field(name).map(|column| text(record, column).map(str::to_owned)).transpose()?;
        let population = field(population).map(|column| number(record, column, "population")).transpose()?;
        if population.is_some_and(|people| people < 0.0) {
            return Err("a population below zero".to_owned());
        }
        match labels.insert(code.clone(), (name, population)) {
            Some(_) => Err(format!("code '{code}' is given twice")),
            None => Ok(()),
        }
    })?;
    Ok(labels)
}

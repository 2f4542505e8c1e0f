//! Trade in products between countries: who sells what to whom, by year.
//!
//! Trade has countries of its own, more than a table tells apart; a [`Bloc`](crate::Bloc) of a world finds its members among
//! them with [`Bloc::holds`](crate::Bloc::holds).

mod bundled;
mod flows;
mod folder;
mod of_table;

pub use bundled::{CRITICAL, bundled};
pub use flows::{Collected, Collector, Flow, Flows};
pub use folder::{list, write};
pub use of_table::TABLE;

use crate::code::Lookup;
use crate::finding::Input;
use crate::method::{Accepts, Parameter};
use crate::shelf;
use crate::store::{Files, Source, unique};
use crate::{Error, Finding, RegionCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The option by which a measure is told which trade is meant.
pub const OPTION: Parameter = Parameter {
    name: "trade",
    accepts: Accepts::Name { default: CRITICAL },
    description: "name of the trade data; `zili data trade` lists them",
};

/// Everything about trade but its numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub schema: u32,
    pub name: String,
    pub title: String,
    /// How products are named, such as "HS 2017".
    pub nomenclature: String,
    /// Ascending by code.
    pub economies: Vec<Economy>,
    /// Ascending by code.
    pub products: Vec<Product>,
    /// Ascending.
    pub years: Vec<YearEntry>,
    pub sources: Vec<Source>,
    /// What a user must know before using the numbers.
    #[serde(default)]
    pub caveats: Vec<String>,
}

impl Manifest {
    /// Refuses trade without years, and a year or label that is there twice.
    pub fn check(&self) -> Result<(), Error> {
        if self.years.is_empty() {
            return Err(Error::Unanswerable(format!(
                "trade data '{}' have no years; one at least is needed",
                self.name
            )));
        }
        unique("year of trade", self.years.iter().map(|entry| entry.year))?;
        unique("economy", self.economies.iter().map(|economy| economy.code.as_str()))?;
        unique("product", self.products.iter().map(|product| product.code.as_str()))
    }
}

/// An economy that sells or buys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Economy {
    pub code: RegionCode,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<f64>,
}

/// A traded good.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Product {
    pub code: String,
    pub name: String,
}

/// One year in the manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct YearEntry {
    pub year: i32,
    /// How many pairs of countries and products have a figure.
    pub flows: usize,
    /// Whether buyers are told apart; else each figure is all that a country sells.
    pub partners: bool,
    /// What the reader noticed and let pass.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// SHA-256 of each file of this year.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

impl YearEntry {
    /// What a year's flows say of themselves.
    pub fn of(flows: &Flows) -> Self {
        let (year, partners) = (flows.year, flows.has_partners());
        Self { year, flows: flows.len(), partners, remarks: Vec::new(), files: BTreeMap::new() }
    }
}

/// Labels and sources; a year's numbers are read on first use.
pub struct Trade {
    manifest: Manifest,
    economies: Lookup,
    products: Lookup,
    years: Years,
    /// The year read last: many questions in a row are about one.
    latest: Mutex<Option<Arc<Flows>>>,
}

/// Where the numbers come from.
enum Years {
    Files(Box<dyn Files>),
    Memory(Vec<Arc<Flows>>),
}

impl Trade {
    /// Trade in a folder written by [`write`].
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let (manifest, files, path) = shelf::open(folder)?;
        let manifest: Manifest = shelf::typed(manifest, &path)?;
        manifest.check().map_err(|refusal| Error::store(path, refusal))?;
        Ok(Self::with(manifest, Years::Files(Box::new(files))))
    }

    /// Trade whose years are already read.
    pub fn in_memory(manifest: Manifest, years: Vec<Flows>) -> Self {
        Self::with(manifest, Years::Memory(years.into_iter().map(Arc::new).collect()))
    }

    fn with(manifest: Manifest, years: Years) -> Self {
        let spellings = manifest.economies.iter().map(|e| vec![e.code.as_str(), e.name.as_str()]);
        let economies = Lookup::new("economy of the trade data", spellings);
        let products = Lookup::new("product", manifest.products.iter().map(|p| vec![p.code.as_str(), p.name.as_str()]));
        Self { economies, products, manifest, years, latest: Mutex::default() }
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
    pub fn name(&self) -> &str {
        &self.manifest.name
    }
    pub fn economies(&self) -> &[Economy] {
        &self.manifest.economies
    }
    pub fn products(&self) -> &[Product] {
        &self.manifest.products
    }

    /// Position of an economy by code or name.
    pub fn economy(&self, code: &str) -> Result<usize, Error> {
        self.economies.find(code)
    }
    /// Position of a product by code or name.
    pub fn product(&self, code: &str) -> Result<usize, Error> {
        self.products.find(code)
    }

    /// Years with figures, ascending.
    pub fn years(&self) -> Vec<i32> {
        self.manifest.years.iter().map(|entry| entry.year).collect()
    }

    /// The latest year, or the one named.
    pub fn year(&self, word: &str) -> Result<i32, Error> {
        let years: Vec<String> = self.manifest.years.iter().map(|entry| entry.year.to_string()).collect();
        let none = || Error::Unanswerable(format!("trade data '{}' have no years", self.name()));
        if word == LATEST {
            return self.manifest.years.last().map(|entry| entry.year).ok_or_else(none);
        }
        let position = years.iter().position(|year| year == word);
        let unknown = || Error::Unknown {
            what: "year of the trade data",
            given: word.to_owned(),
            suggestion: None,
            accepted: years.iter().cloned().chain([LATEST.to_owned()]).collect(),
        };
        Ok(self.manifest.years[position.ok_or_else(unknown)?].year)
    }

    /// The flows of a year.
    pub fn flows(&self, year: i32) -> Result<Arc<Flows>, Error> {
        let entry = self.manifest.years.iter().find(|entry| entry.year == year);
        let missing = || Error::Unanswerable(format!("trade data '{}' have no year {year}", self.name()));
        let entry = entry.ok_or_else(missing)?;
        match &self.years {
            Years::Memory(years) => years.iter().find(|flows| flows.year == year).cloned().ok_or_else(missing),
            Years::Files(files) => {
                let latest = || self.latest.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(flows) = latest().as_ref().filter(|flows| flows.year == year) {
                    return Ok(flows.clone());
                }
                let (economies, products) = (self.economies().len(), self.products().len());
                let flows = Arc::new(folder::read_flows(files.as_ref(), entry, economies, products)?);
                *latest() = Some(flows.clone());
                Ok(flows)
            }
        }
    }

    /// Writes into the evidence of a finding apart from any table where its numbers come from.
    pub fn sign(&self, finding: &mut Finding, years: &[i32]) {
        let evidence = &mut finding.evidence;
        let spoken: Vec<String> = years.iter().map(i32::to_string).collect();
        evidence.parameters.push(("years of trade".to_owned(), spoken.join(", ")));
        evidence.sources = self.manifest.sources.iter().map(|source| source.id.clone()).collect();
        for entry in self.manifest.years.iter().filter(|entry| years.contains(&entry.year)) {
            let of_year = |(file, hash): (&String, &String)| {
                // What ships with zili is one file for all years.
                let file = if file.contains('/') { file.clone() } else { format!("{}/{file}", entry.year) };
                Input { file, sha256: hash.clone() }
            };
            evidence.inputs.extend(entry.files.iter().map(of_year));
        }
        evidence.inputs.dedup();
        self.manifest.caveats.iter().for_each(|caveat| finding.note(caveat.clone()));
    }
}

/// The word for the last year there is.
pub const LATEST: &str = "latest";

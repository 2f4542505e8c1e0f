//! The immutable snapshot of data that every method reads.

use crate::chain::{self, Chain};
use crate::finding::Input;
use crate::innovation::{Citations, ResearchSpending};
use crate::minerals::{self, ProductionSet};
use crate::science::{self, Indicators};
use crate::shelf;
use crate::store::{self, Files};
use crate::trade::{self, Trade};
use crate::{Classification, Error, Finding, Manifest, Memory, System, Table, Unit, ValueAdded};
use bytes::Bytes;
use include_dir::{Dir, include_dir};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

/// The worlds inside the program, the default first.
static BUNDLED: [(&str, Dir<'_>); 2] = [
    (DEFAULT, include_dir!("$CARGO_MANIFEST_DIR/../../data/icio2022")),
    ("wiod2013", include_dir!("$CARGO_MANIFEST_DIR/../../data/wiod2013")),
];

/// The world that is meant where none is named.
pub const DEFAULT: &str = "icio2022";

/// Names of the worlds inside the program, the default first.
pub fn bundled_names() -> impl Iterator<Item = &'static str> {
    BUNDLED.iter().map(|(name, _)| *name)
}

/// Labels, sources and tables. A year's numbers are read on first use and let go when nobody holds them, the last year's
/// when another is read, so that a series over all years needs the memory of a few.
pub struct World {
    manifest: Manifest,
    classification: Arc<Classification>,
    tables: Tables,
    /// The table read last: many questions in a row are about one year.
    latest: Mutex<Option<Arc<Table>>>,
    /// Technology chains given by the user, before those that ship with zili.
    chains: Vec<Chain>,
    /// Trade given by the user, before that which ships with zili.
    trades: Vec<Arc<Trade>>,
    /// Sets of indicators given by the user, before the one that ships with zili.
    indicators: Vec<Indicators>,
    /// Sets of production of minerals given by the user, before the one that ships with zili.
    minerals: Vec<ProductionSet>,
    /// Research by sector, where the user knows it.
    research: Option<ResearchSpending>,
    /// Which sectors' patents cite whose, where the user knows it.
    citations: Option<Citations>,
    /// Value added by region, of years asked for: reading a table again for one number a region would be slow.
    value_added: Mutex<HashMap<i32, Arc<Vec<f64>>>>,
    systems: Mutex<HashMap<i32, Weak<System>>>,
    /// What holds systems between questions.
    memory: Arc<Memory>,
    /// The world of an earlier edition, once it was asked for.
    earlier: OnceLock<Box<World>>,
}

/// Where numbers of a world come from: identifiers of its sources, its files, and what a reader must know of them.
pub struct Signature {
    pub sources: Vec<String>,
    pub inputs: Vec<Input>,
    pub notes: Vec<String>,
}

/// Where the numbers come from.
enum Tables {
    Files(Box<dyn Files>),
    Memory(Vec<Arc<Table>>),
}

/// Files of a world inside the program.
struct Embedded {
    name: &'static str,
    files: &'static Dir<'static>,
}

impl Files for Embedded {
    fn read(&self, path: &str) -> Result<Bytes, Error> {
        let file = self.files.get_file(path).ok_or_else(|| Error::store(path, "not in the bundled world"))?;
        Ok(Bytes::from_static(file.contents()))
    }
    fn place(&self, path: &str) -> PathBuf {
        PathBuf::from(format!("bundled {}/{path}", self.name))
    }
}

impl World {
    /// A world that ships with zili: `icio2022`, OECD Inter-Country Input-Output Tables, 2025 edition, of 2022, or `wiod2013`, World
    /// Input–Output Database, 2013 release, 1995–2011.
    pub fn bundled(name: &str) -> Result<Self, Error> {
        let known = || BUNDLED.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<String>>();
        let unknown = || Error::unknown("bundled world", name, bundled_names(), &known());
        let (name, files) = BUNDLED.iter().find(|(bundled, _)| *bundled == name).ok_or_else(unknown)?;
        let files = Embedded { name, files };
        Self::from_files(store::read_manifest(&files)?, Box::new(files))
    }

    /// A world in a folder written by [`store::write`]. It stays as it is now for as long as it is held, whoever replaces it.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let (manifest, files, path) = shelf::open(folder)?;
        Self::from_files(store::typed(manifest, &path)?, Box::new(files))
    }

    fn from_files(manifest: Manifest, files: Box<dyn Files>) -> Result<Self, Error> {
        let classification = Arc::new(manifest.classification()?);
        Ok(Self::with(manifest, classification, Tables::Files(files)))
    }

    /// A world whose tables are already read.
    pub fn in_memory(manifest: Manifest, tables: Vec<impl Into<Arc<Table>>>) -> Result<Self, Error> {
        let classification = Arc::new(manifest.classification()?);
        let tables = tables.into_iter().map(Into::into).collect();
        Ok(Self::with(manifest, classification, Tables::Memory(tables)))
    }

    fn with(manifest: Manifest, classification: Arc<Classification>, tables: Tables) -> Self {
        Self {
            manifest,
            classification,
            tables,
            latest: Mutex::default(),
            chains: Vec::new(),
            trades: Vec::new(),
            indicators: Vec::new(),
            minerals: Vec::new(),
            research: None,
            citations: None,
            value_added: Mutex::default(),
            systems: Mutex::default(),
            memory: Arc::default(),
            earlier: OnceLock::new(),
        }
    }

    /// The world with a memory for its factorisations; without one they go when nobody holds them.
    pub fn with_memory(self, memory: Arc<Memory>) -> Self {
        Self { memory, ..self }
    }

    /// The world with a chain of the user's, which hides one of the same name.
    pub fn with_chain(mut self, chain: Chain) -> Self {
        self.chains.insert(0, chain);
        self
    }

    /// Every chain that can be named.
    pub fn chains(&self) -> impl Iterator<Item = &Chain> {
        self.chains.iter().chain(chain::bundled())
    }

    /// A technology chain by name: the user's, or one that ships with zili.
    pub fn chain(&self, name: &str) -> Result<&Chain, Error> {
        self.chains().find(|chain| chain.name == name).ok_or_else(|| {
            let names: Vec<String> = self.chains().map(|chain| chain.name.clone()).collect();
            Error::unknown("chain", name, names.iter().map(String::as_str), &names)
        })
    }

    /// The world with trade of the user's, which hides that of the same name.
    pub fn with_trade(mut self, trade: Trade) -> Self {
        self.trades.insert(0, Arc::new(trade));
        self
    }

    /// All trade data that can be named.
    pub fn trades(&self) -> Result<Vec<Arc<Trade>>, Error> {
        Ok(self.trades.iter().cloned().chain([trade::bundled()?]).collect())
    }

    /// Trade data by name: the user's, or those that ship with zili.
    pub fn trade(&self, name: &str) -> Result<Arc<Trade>, Error> {
        let trades = self.trades()?;
        trades.iter().find(|trade| trade.name() == name).cloned().ok_or_else(|| {
            let names: Vec<String> = trades.iter().map(|trade| trade.name().to_owned()).collect();
            Error::unknown("trade data", name, names.iter().map(String::as_str), &names)
        })
    }

    /// The world with a set of indicators of the user's, which hides one of the same name.
    pub fn with_indicators(mut self, indicators: Indicators) -> Self {
        self.indicators.insert(0, indicators);
        self
    }

    /// Indicators of science and technology by name: the user's, or those that ship with zili.
    pub fn indicators(&self, name: &str) -> Result<&Indicators, Error> {
        let known: Vec<&Indicators> = self.indicators.iter().chain([science::bundled()?]).collect();
        known.iter().find(|set| set.name == name).copied().ok_or_else(|| {
            let names: Vec<String> = known.iter().map(|set| set.name.clone()).collect();
            Error::unknown("set of indicators", name, names.iter().map(String::as_str), &names)
        })
    }

    /// The world with production of minerals of the user's, which hides a set of the same name.
    pub fn with_minerals(mut self, production: ProductionSet) -> Self {
        self.minerals.insert(0, production);
        self
    }

    /// Production of minerals by name: the user's, or that which ships with zili.
    pub fn minerals(&self, name: &str) -> Result<&ProductionSet, Error> {
        let known: Vec<&ProductionSet> = self.minerals.iter().chain([&minerals::bundled()?.production]).collect();
        known.iter().find(|set| set.name == name).copied().ok_or_else(|| {
            let names: Vec<String> = known.iter().map(|set| set.name.clone()).collect();
            Error::unknown("set of production", name, names.iter().map(String::as_str), &names)
        })
    }

    /// The world with what home spends on research by sector.
    pub fn with_research(mut self, research: ResearchSpending) -> Self {
        self.research = Some(research);
        self
    }

    /// What is spent on research by sector, if the user gave it.
    pub fn research(&self) -> Option<&ResearchSpending> {
        self.research.as_ref()
    }

    /// The world with citations between sectors' patents.
    pub fn with_citations(mut self, citations: Citations) -> Self {
        self.citations = Some(citations);
        self
    }

    /// Citations between sectors' patents, if the user gave them.
    pub fn citations(&self) -> Option<&Citations> {
        self.citations.as_ref()
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
    pub fn classification(&self) -> &Arc<Classification> {
        &self.classification
    }

    /// Years with a table, ascending.
    pub fn years(&self) -> Vec<i32> {
        let mut years: Vec<i32> = self.manifest.tables.iter().map(|t| t.year).collect();
        years.sort_unstable();
        years
    }

    /// Refuses a year without a table; says which edition that ships with zili has one.
    pub fn has_year(&self, year: i32) -> Result<(), Error> {
        if self.years().contains(&year) {
            return Ok(());
        }
        let has = |name: &&str| World::bundled(name).is_ok_and(|world| world.years().contains(&year));
        let other = bundled_names().filter(|name| *name != self.manifest.name).find(has);
        Err(Error::NoYear {
            year,
            world: self.manifest.name.clone(),
            years: self.years(),
            other: other.map(str::to_owned),
        })
    }

    /// The latest year.
    pub fn latest(&self) -> Result<i32, Error> {
        let none = || Error::Unanswerable(format!("world '{}' has no tables", self.manifest.name));
        self.years().last().copied().ok_or_else(none)
    }

    /// The bundled world of an earlier edition that stands beside this one in series, if there is one.
    pub fn earlier(&self) -> Result<Option<&World>, Error> {
        let Some(name) = &self.manifest.earlier else { return Ok(None) };
        if self.earlier.get().is_none() {
            let world = Box::new(World::bundled(name)?);
            self.earlier.get_or_init(|| world);
        }
        Ok(self.earlier.get().map(Box::as_ref))
    }

    /// The unit of its flows.
    pub fn unit(&self) -> Unit {
        Unit::parse(&self.manifest.unit)
    }

    /// What of the tables was estimated and how far off that is.
    pub fn estimates_note(&self) -> Option<String> {
        let estimated: Vec<String> = self.manifest.estimated.iter().map(ToString::to_string).collect();
        (!estimated.is_empty()).then(|| format!("estimated in {}: {}", self.manifest.name, estimated.join("; ")))
    }

    /// The same in fewer words: how far off results are for what was estimated.
    pub fn errors_note(&self) -> Option<String> {
        let errors: Vec<&str> = self.manifest.estimated.iter().map(|estimate| estimate.error.as_str()).collect();
        (!errors.is_empty())
            .then(|| format!("some flows of {} are estimated: {}", self.manifest.name, errors.join("; ")))
    }

    /// Writes into the evidence of a finding that rests on tables of this world where its numbers come from: the world, its sources, and
    /// the files of these years, before whatever else it names. Done once, when it is whole.
    pub fn sign(&self, finding: &mut Finding) -> Result<(), Error> {
        if finding.evidence.tables.is_empty() {
            return Ok(());
        }
        let signature = self.signature(&finding.evidence.tables)?;
        let unit = self.unit();
        finding.columns.iter_mut().for_each(|column| column.unit = unit.of_column(column.unit));
        finding.evidence.parameters.insert(0, ("world".to_owned(), self.manifest.name.clone()));
        finding.evidence.sources.splice(0..0, signature.sources);
        finding.evidence.inputs.splice(0..0, signature.inputs);
        signature.notes.into_iter().for_each(|note| finding.note(note));
        Ok(())
    }

    /// What every finding from tables of these years says of where they come from.
    pub fn signature(&self, years: &[i32]) -> Result<Signature, Error> {
        let mut inputs = Vec::new();
        for &year in years {
            let files = &self.manifest.entry(year)?.files;
            inputs.extend(
                files.iter().map(|(name, hash)| Input { file: format!("{year}/{name}"), sha256: hash.clone() }),
            );
        }
        Ok(Signature {
            sources: self.manifest.sources.iter().map(|source| source.id.clone()).collect(),
            inputs,
            notes: self.estimates_note().into_iter().collect(),
        })
    }

    /// The table of a year.
    pub fn table(&self, year: i32) -> Result<Arc<Table>, Error> {
        let entry = self.manifest.entry(year)?;
        match &self.tables {
            Tables::Files(files) => {
                let latest = || self.latest.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(table) = latest().as_ref().filter(|table| table.year == year) {
                    return Ok(table.clone());
                }
                // Read outside the lock: other years must not wait for this one.
                let table = Arc::new(store::read_table(files.as_ref(), entry, &self.classification)?);
                // Series ask for it long after the table is gone.
                self.keep_value_added(&table);
                *latest() = Some(table.clone());
                Ok(table)
            }
            Tables::Memory(tables) => tables.iter().find(|table| table.year == year).cloned().ok_or_else(|| {
                Error::Unanswerable(format!("the table of {year} is in the manifest but was not given"))
            }),
        }
    }

    /// Value added of each region in a year: output less intermediate inputs, which every table has.
    pub fn value_added_by_region(&self, year: i32) -> Result<Arc<Vec<f64>>, Error> {
        let known = || self.value_added.lock().unwrap_or_else(PoisonError::into_inner).get(&year).cloned();
        match known() {
            Some(values) => Ok(values),
            None => Ok(self.keep_value_added(&*self.table(year)?)),
        }
    }

    fn keep_value_added(&self, table: &Table) -> Arc<Vec<f64>> {
        let residual = table.residual();
        let of_region = |r: usize| self.classification.industries_of(r).map(|i| residual[i]).sum();
        let values = Arc::new((0..self.classification.regions().len()).map(of_region).collect::<Vec<f64>>());
        self.value_added.lock().unwrap_or_else(PoisonError::into_inner).insert(table.year, values.clone());
        values
    }

    /// The Leontief system of a year, shared by all who hold it.
    pub fn system(&self, year: i32) -> Result<Arc<System>, Error> {
        let held = |world: &Self| world.lock().get(&year).and_then(Weak::upgrade);
        let system = match held(self) {
            Some(system) => system,
            None => {
                let system = Arc::new(System::new(self.table(year)?)?);
                self.lock().insert(year, Arc::downgrade(&system));
                system
            }
        };
        self.memory.hold(&system);
        Ok(system)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<i32, Weak<System>>> {
        self.systems.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Published value added if every one of these years has it, else the residual, so that a series has no break.
    pub fn value_added_basis(&self, years: &[i32]) -> Result<ValueAdded, Error> {
        let mut basis = ValueAdded::Published;
        for &year in years {
            let inputs = &self.manifest.entry(year)?.primary_inputs;
            if !inputs.iter().any(|input| input.role == crate::Role::ValueAdded) {
                basis = ValueAdded::Residual;
            }
        }
        Ok(basis)
    }
}

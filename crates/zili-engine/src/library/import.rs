//! Files from outside become data of the library.

use super::kind::Kind;
use super::{Library, chains, indicators, minerals, tariffs, trade, worlds};
use crate::Error;
use std::path::{Path, PathBuf};
use zili_import::{Repair, SetFile, Settings, TradeSettings};
use zili_world::minerals::ProductionSet;
use zili_world::{Watch, chain, science, shelf, store};

/// What is to be imported, and how.
#[derive(Clone, Debug)]
pub struct Importing {
    /// Name of the format.
    pub format: String,
    pub path: PathBuf,
    /// What it will be called.
    pub name: String,
    pub year: Option<i32>,
    /// Largest relative gap that still counts as balanced.
    pub tolerance: f64,
    /// Names of repairs to apply where a check would stop.
    pub repairs: Vec<String>,
    /// Whether older data of the kind and name may go.
    pub replace: bool,
}

/// Largest relative gap that still counts as balanced where nothing else is said: what rounding leaves in published tables.
pub const TOLERANCE: f64 = 1e-3;

impl Importing {
    /// An import with nothing else said.
    pub fn of(format: &str, path: impl Into<PathBuf>, name: &str) -> Self {
        Self {
            format: format.to_owned(),
            path: path.into(),
            name: name.to_owned(),
            year: None,
            tolerance: TOLERANCE,
            repairs: Vec::new(),
            replace: false,
        }
    }
}

/// What became of it.
pub struct Imported {
    pub kind: &'static Kind,
    pub name: String,
    pub place: PathBuf,
    /// What it is, in words: "79 regions".
    pub what: String,
    /// What the checks found and let pass.
    pub remarks: Vec<String>,
}

impl Library {
    /// Reads files, checks them, and keeps them under a name. Nothing is kept half.
    pub fn import(&self, asked: &Importing, watch: &dyn Watch) -> Result<Imported, Error> {
        let kind = zili_import::format(&asked.format)?.kind;
        // Before hours of reading: names are refused for what they are.
        shelf::check_name(&asked.name, &store::RESERVED).map_err(Error::Question)?;
        std::fs::metadata(&asked.path).map_err(Error::io(&asked.path))?;
        let is_world = matches!(kind, zili_import::Kind::World(_));
        if !asked.repairs.is_empty() && !is_world {
            return Err(Error::Question("repairs are for tables: this format has none".to_owned()));
        }
        if asked.year.is_some() && !is_world && !matches!(kind, zili_import::Kind::Trade(_)) {
            return Err(Error::Question("a year is for tables and trade: this format is read whole".to_owned()));
        }
        let of = kept_as(&kind);
        self.not_bundled(of, &asked.name)?;
        if !asked.replace && self.kept(of).iter().any(|entry| entry.name == asked.name) {
            return Err(Error::Question(format!(
                "a {} '{}' is there already; choose another name, or replace it (--replace)",
                of.what, asked.name
            )));
        }
        watch.say("reading");
        match kind {
            zili_import::Kind::World(read) => self.world_of(asked, read, watch),
            zili_import::Kind::Trade(read) => self.trade_of(asked, read, watch),
            zili_import::Kind::Chain(read) => {
                let text = read(&asked.path, &asked.name)?;
                self.file_of(asked, &chains::KIND, &SetFile { text, remarks: Vec::new() }, |text, place| {
                    let read = chain::read(text, place).map_err(zili_scenario::Error::Refused)?;
                    read.1.iter().for_each(|warning| watch.warn(&warning.to_string()));
                    Ok(format!("{} inputs", read.0.inputs.len()))
                })
            }
            zili_import::Kind::Indicators(read) => {
                self.file_of(asked, &indicators::KIND, &read(&asked.path)?, |text, place| {
                    Ok(format!("{} figures", science::read(text, place, &asked.name)?.len()))
                })
            }
            zili_import::Kind::Minerals(read) => {
                self.file_of(asked, &minerals::KIND, &read(&asked.path)?, |text, place| {
                    let set = ProductionSet::read(text, place, &asked.name)?;
                    let editions: Vec<String> = set.editions().iter().map(i32::to_string).collect();
                    Ok(format!("{} figures of {}", set.rows.len(), editions.join(", ")))
                })
            }
            zili_import::Kind::Tariffs(read) => {
                let data = read(&asked.path)?;
                let root = self.folder(&tariffs::KIND)?;
                let place = zili_world::tariffs::write(&root, &asked.name, &data, &asked.path, asked.replace)?;
                let what = format!("{} regions × {} sectors", data.regions.len(), data.sectors.len());
                Ok(imported(&tariffs::KIND, asked, place, what, data.remarks()))
            }
        }
    }

    fn world_of(&self, asked: &Importing, read: zili_import::ReadWorld, watch: &dyn Watch) -> Result<Imported, Error> {
        if !(0.0..0.1).contains(&asked.tolerance) {
            let given = asked.tolerance;
            return Err(Error::Question(format!("tolerance {given}: give a share from 0 to below 0.1")));
        }
        let settings = Settings {
            name: asked.name.clone(),
            year: asked.year,
            tolerance: asked.tolerance,
            repairs: asked.repairs.iter().map(|name| Repair::parse(name)).collect::<Result<_, _>>()?,
        };
        let read = read(&asked.path, &settings)?;
        let remarks = read.manifest.tables.iter().flat_map(|entry| {
            entry.remarks.iter().map(|remark| format!("{}: {remark}", entry.year)).collect::<Vec<_>>()
        });
        let remarks = remarks.collect();
        let what = format!("{} regions × {} sectors", read.manifest.regions.len(), read.manifest.sectors.len());
        watch.say("writing");
        watch.go_on()?;
        let place = store::write(self.root()?, read.manifest, &read.tables, asked.replace)?;
        Ok(imported(&worlds::KIND, asked, place, what, remarks))
    }

    fn trade_of(&self, asked: &Importing, read: zili_import::ReadTrade, watch: &dyn Watch) -> Result<Imported, Error> {
        let settings = TradeSettings { name: asked.name.clone(), year: asked.year };
        let (manifest, years) = read(&asked.path, &settings)?;
        watch.say("writing");
        watch.go_on()?;
        let flows: usize = years.iter().map(|year| year.len()).sum();
        let place = zili_world::trade::write(&self.folder(&trade::KIND)?, manifest, &years, asked.replace)?;
        Ok(imported(&trade::KIND, asked, place, format!("{flows} flows"), Vec::new()))
    }

    /// A file that is kept as it is, once `read` has read it under its place there, as later questions will.
    fn file_of(
        &self,
        asked: &Importing,
        kind: &'static Kind,
        set: &SetFile,
        read: impl FnOnce(&str, &str) -> Result<String, Error>,
    ) -> Result<Imported, Error> {
        let place = self.folder(kind)?.join(format!("{}.{}", asked.name, kind.ending));
        let what = read(&set.text, &place.display().to_string())?;
        let shelf = kind.shelf(self.root()?);
        let place = shelf.write_file(&asked.name, kind.ending, kind.what, asked.replace, set.text.as_bytes())?;
        Ok(imported(kind, asked, place, what, set.remarks.clone()))
    }

    fn folder(&self, kind: &Kind) -> Result<PathBuf, Error> {
        let root: &Path = self.root()?;
        Ok(root.join(kind.folder))
    }

    /// Refuses the name of what ships with zili, in any spelling.
    fn not_bundled(&self, kind: &Kind, name: &str) -> Result<(), Error> {
        match !kind.hides && (kind.bundled)().iter().any(|bundled| bundled.eq_ignore_ascii_case(name)) {
            true => Err(Error::Question(format!(
                "the name '{name}' is not accepted: zili has data of that name itself; choose another"
            ))),
            false => Ok(()),
        }
    }
}

/// The kind of data that a kind of format becomes.
fn kept_as(format: &zili_import::Kind) -> &'static Kind {
    match format {
        zili_import::Kind::World(_) => &worlds::KIND,
        zili_import::Kind::Chain(_) => &chains::KIND,
        zili_import::Kind::Trade(_) => &trade::KIND,
        zili_import::Kind::Indicators(_) => &indicators::KIND,
        zili_import::Kind::Minerals(_) => &minerals::KIND,
        zili_import::Kind::Tariffs(_) => &tariffs::KIND,
    }
}

fn imported(kind: &'static Kind, asked: &Importing, place: PathBuf, what: String, remarks: Vec<String>) -> Imported {
    Imported { kind, name: asked.name.clone(), place, what, remarks }
}

//! The data that questions name: what ships with zili, and the user's own in a folder.

use crate::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use zili_world::minerals::ProductionSet;
use zili_world::tariffs::TariffData;
use zili_world::world::bundled_names;
use zili_world::{Chain, Trade, Watch, World, chain, science, store, trade};

/// Data by name. Opening it reads nothing: what a question names is read when it is asked.
#[derive(Clone, Debug)]
pub struct Library {
    root: Option<PathBuf>,
}

/// Folders of a library beside its worlds.
pub const FOLDERS: [&str; 5] = ["chains", "trade", "indicators", "minerals", "tariffs"];

impl Library {
    /// What ships with zili alone.
    pub fn bundled() -> Self {
        Self { root: None }
    }

    /// The same with what is kept in a folder, which need not be there yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: Some(root.into()) }
    }

    /// The folder that imported data go to.
    pub fn root(&self) -> Result<&Path, Error> {
        let none = || Error::Question("there is no folder to keep data in".to_owned());
        self.root.as_deref().ok_or_else(none)
    }

    /// A folder of the library, for one kind of data.
    pub fn folder(&self, kind: &str) -> Option<PathBuf> {
        self.root.as_ref().map(|root| root.join(kind))
    }

    /// Names of the worlds that can be asked about, the bundled ones first.
    pub fn worlds(&self) -> Result<Vec<String>, Error> {
        let mut names: Vec<String> = bundled_names().map(str::to_owned).collect();
        let kept = self.root.as_deref().map(store::list).transpose()?.unwrap_or_default();
        names.extend(kept.into_iter().filter(|name| bundled_names().all(|bundled| bundled != name)));
        Ok(names)
    }

    /// A world alone.
    pub fn world(&self, name: &str) -> Result<World, Error> {
        if bundled_names().any(|bundled| bundled == name) {
            return Ok(World::bundled(name)?);
        }
        let known = self.worlds()?;
        match &self.root {
            Some(root) if known.iter().any(|k| k == name) => Ok(World::open(&root.join(name))?),
            _ => Err(zili_world::Error::unknown("world", name, known.iter().map(String::as_str), &known).into()),
        }
    }

    /// A world with every other set of data that can be named in it. One that is damaged is said and left out: it must not stop the others.
    pub fn furnish(&self, world: World, watch: &dyn Watch) -> World {
        let world = self.kept("chains", "toml").into_iter().fold(world, |world, path| match read_chain(&path) {
            Ok(chain) => world.with_chain(chain),
            Err(_) => {
                watch.warn(&format!("{}: not a sound chain, and left out", path.display()));
                world
            }
        });
        let world = self.with_trade(world, watch);
        let world = self.with_sets(world, ("indicators", "indicators"), watch, science::read, World::with_indicators);
        self.with_sets(world, ("minerals", "production"), watch, ProductionSet::read, World::with_minerals)
    }

    fn with_trade(&self, world: World, watch: &dyn Watch) -> World {
        let Some(folder) = self.folder("trade") else { return world };
        let kept = trade::list(&folder).unwrap_or_else(|error| {
            watch.warn(&format!("trade data are left out: {error}"));
            Vec::new()
        });
        // The first by name is listed first.
        kept.into_iter().rev().fold(world, |world, (name, place)| match Trade::open(&place) {
            Ok(trade) => world.with_trade(trade),
            Err(error) => {
                watch.warn(&format!("trade data '{name}' are left out: {error}"));
                world
            }
        })
    }

    /// A world with the sets of a folder, each read by its text, its file and its name.
    fn with_sets<T>(
        &self,
        world: World,
        (folder, what): (&str, &str),
        watch: &dyn Watch,
        read: impl Fn(&str, &str, &str) -> Result<T, zili_world::Error>,
        add: impl Fn(World, T) -> World,
    ) -> World {
        self.kept(folder, "csv").iter().fold(world, |world, path| {
            let text = std::fs::read_to_string(path).ok();
            let name = path.file_stem().and_then(|name| name.to_str());
            match text.zip(name).and_then(|(text, name)| read(&text, &path.display().to_string(), name).ok()) {
                Some(set) => add(world, set),
                None => {
                    watch.warn(&format!("{}: not a sound set of {what}, and left out", path.display()));
                    world
                }
            }
        })
    }

    /// Files of a folder with an ending, in order; none if it is not there.
    fn kept(&self, folder: &str, ending: &str) -> Vec<PathBuf> {
        let Some(folder) = self.folder(folder) else { return Vec::new() };
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
        let mut files: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|e| e == ending) && path.is_file()).collect();
        files.sort();
        files
    }

    /// Names of the tariffs that are kept, in order.
    pub fn tariff_names(&self) -> Vec<String> {
        let entries = self.folder("tariffs").map(std::fs::read_dir).into_iter().flatten().flatten();
        let names = entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
        names.sort();
        names
    }

    /// Tariffs of a folder: itself, or the one of that name in the library.
    pub fn tariffs(&self, given: &str) -> Result<TariffData, Error> {
        if Path::new(given).is_dir() {
            return Ok(zili_import::caliendo_parro(Path::new(given))?);
        }
        let names = self.tariff_names();
        match self.folder("tariffs") {
            Some(folder) if names.iter().any(|name| name == given) => {
                Ok(zili_import::caliendo_parro(&folder.join(given))?)
            }
            _ if names.is_empty() => Err(Error::Question(format!("'{given}' is no folder, and {NO_TARIFFS}"))),
            _ => {
                Err(zili_world::Error::unknown("set of tariffs", given, names.iter().map(String::as_str), &names)
                    .into())
            }
        }
    }

    /// What a furnished world depends on, so that one that was opened earlier is used as long as nothing has changed.
    pub(crate) fn stamp(&self, world: &str) -> String {
        let mut stamp = world.to_owned();
        let Some(root) = &self.root else { return stamp };
        let world = root.join(world);
        let folders = ["chains", "trade", "indicators", "minerals"].map(|kind| root.join(kind));
        for folder in folders.iter().chain([&world]) {
            let mut files: Vec<PathBuf> =
                std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|e| e.path()).collect();
            files.sort();
            for file in files {
                let manifest = file.join("manifest.json");
                let place = if manifest.is_file() { &manifest } else { &file };
                let Ok(about) = std::fs::metadata(place) else { continue };
                let _ = write!(stamp, "|{} {} {:?}", place.display(), about.len(), about.modified().ok());
            }
        }
        stamp
    }
}

pub const NO_TARIFFS: &str =
    "no tariffs are kept yet: import some with zili data import caliendo-parro DIR --name NAME";

fn read_chain(path: &Path) -> Result<Chain, Error> {
    let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
    let read = chain::read(&text, &path.display().to_string());
    Ok(read.map_err(zili_scenario::Error::Refused)?.0)
}

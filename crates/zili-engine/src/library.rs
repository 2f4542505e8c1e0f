//! The data that questions name: what ships with zili, and the user's own in a folder.

mod chains;
mod import;
mod indicators;
mod kind;
mod minerals;
mod tariffs;
mod trade;
mod worlds;

pub use import::{Imported, Importing, TOLERANCE};
pub use kind::{KINDS, Kind};
pub use tariffs::NONE as NO_TARIFFS;

use crate::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use zili_world::shelf::Entry;
use zili_world::tariffs::TariffData;
use zili_world::world::bundled_names;
use zili_world::{Watch, World};

/// Data by name. Opening it reads nothing: what a question names is read when it is asked.
#[derive(Clone, Debug)]
pub struct Library {
    root: Option<PathBuf>,
}

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
        let none =
            || Error::Question("there is no folder to keep data in: name one with --store, or set HOME".to_owned());
        self.root.as_deref().ok_or_else(none)
    }

    /// What is kept of a kind, by name.
    pub fn kept(&self, kind: &Kind) -> Vec<Entry> {
        let Some(root) = &self.root else { return Vec::new() };
        let shelf = kind.shelf(root);
        let bundled = (kind.bundled)();
        let mut kept = if kind.ending.is_empty() { shelf.folders() } else { shelf.files(kind.ending) };
        // What ships with zili is meant by its name, whatever an earlier version let in.
        kept.retain(|entry| kind.hides || !bundled.contains(&entry.name.as_str()));
        kept
    }

    /// The kind of the imported data that have a name; refused where that is not one.
    pub fn kind_of(&self, name: &str) -> Result<&'static Kind, Error> {
        let has = |kind: &&&'static Kind| self.kept(kind).iter().any(|entry| entry.name == name);
        let kinds: Vec<&'static Kind> = KINDS.iter().filter(has).copied().collect();
        match kinds.as_slice() {
            [kind] => Ok(kind),
            [] if KINDS.iter().any(|kind| (kind.bundled)().contains(&name)) => {
                Err(Error::Question(format!("'{name}' ships with zili: it cannot be deleted")))
            }
            [] => {
                let names: Vec<String> =
                    KINDS.iter().flat_map(|kind| self.kept(kind)).map(|entry| entry.name).collect();
                Err(zili_world::Error::unknown("imported data", name, names.iter().map(String::as_str), &names).into())
            }
            several => {
                let words: Vec<&str> = several.iter().map(|kind| kind.plural()).collect();
                Err(Error::Question(format!("'{name}' is the name of several: say which kind, {}", words.join(" or "))))
            }
        }
    }

    /// Takes data away.
    pub fn delete(&self, kind: &Kind, name: &str) -> Result<(), Error> {
        let shelf = kind.shelf(self.root()?);
        let kept = self.kept(kind);
        if !kept.iter().any(|entry| entry.name == name) {
            let names: Vec<String> = kept.into_iter().map(|entry| entry.name).collect();
            return Err(zili_world::Error::unknown(kind.what, name, names.iter().map(String::as_str), &names).into());
        }
        match kind.ending {
            "" => shelf.remove_folder(name, kind.what)?,
            ending => shelf.remove_file(name, ending, kind.what)?,
        }
        Ok(())
    }

    /// Reads data whole again, as later questions will, and says of each part what was found; the kind by what has the name, worlds first.
    pub fn check(&self, name: &str) -> Result<Vec<String>, Error> {
        for kind in KINDS {
            if !kind.hides && (kind.bundled)().contains(&name) {
                return (kind.check)(None, name);
            }
            if let Some(entry) = self.kept(kind).into_iter().find(|entry| entry.name == name) {
                entry.state.map_err(|reason| zili_world::Error::store(&entry.place, reason))?;
                return (kind.check)(Some(&entry.place), name);
            }
            if (kind.bundled)().contains(&name) {
                return (kind.check)(None, name);
            }
        }
        let names = || {
            let mut names: Vec<String> = KINDS.iter().flat_map(|kind| self.names(kind)).collect();
            names.sort();
            names.dedup();
            names
        };
        Err(zili_world::Error::unknown("data", name, names().iter().map(String::as_str), &names()).into())
    }

    /// Names that can be asked about, the bundled ones first.
    pub fn names(&self, kind: &Kind) -> Vec<String> {
        let mut names: Vec<String> = (kind.bundled)().into_iter().map(str::to_owned).collect();
        for Entry { name, .. } in self.kept(kind) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Names of the worlds that can be asked about, the bundled ones first.
    pub fn worlds(&self) -> Vec<String> {
        self.names(&worlds::KIND)
    }

    /// A world alone.
    pub fn world(&self, name: &str) -> Result<World, Error> {
        if bundled_names().any(|bundled| bundled == name) {
            return Ok(World::bundled(name)?);
        }
        let Some(entry) = self.kept(&worlds::KIND).into_iter().find(|entry| entry.name == name) else {
            let known = self.worlds();
            return Err(zili_world::Error::unknown("world", name, known.iter().map(String::as_str), &known).into());
        };
        entry.state.map_err(|reason| zili_world::Error::store(&entry.place, reason))?;
        Ok(World::open(&entry.place)?)
    }

    /// A world with every other set of data that can be named in it. One that is damaged is said and left out: it must not stop the others.
    pub fn furnish(&self, mut world: World, watch: &dyn Watch) -> World {
        for kind in KINDS {
            let Some(add) = kind.add else { continue };
            // The first by name is listed first.
            for Entry { name, place, state } in self.kept(kind).into_iter().rev() {
                let read = match state {
                    Ok(()) => add(&place, &name).map_err(|error| error.to_string()),
                    Err(reason) => Err(format!("{}: {reason}", place.display())),
                };
                match read {
                    Ok(add) => world = add(world),
                    Err(reason) => watch.warn(&format!("{} '{name}' is left out: {reason}", kind.what)),
                }
            }
        }
        world
    }

    /// Names of the tariffs that are kept, in order.
    pub fn tariff_names(&self) -> Vec<String> {
        self.names(&tariffs::KIND)
    }

    /// Tariffs of a folder: itself, or the one of that name in the library.
    pub fn tariffs(&self, given: &str) -> Result<TariffData, Error> {
        let kept = self.kept(&tariffs::KIND);
        if let Some(entry) = kept.iter().find(|entry| entry.name == given) {
            return tariffs::read(&entry.place);
        }
        if Path::new(given).is_dir() {
            return Ok(zili_import::caliendo_parro(Path::new(given))?);
        }
        if kept.is_empty() {
            return Err(Error::Question(format!("'{given}' is no folder, and {NO_TARIFFS}")));
        }
        let names: Vec<String> = kept.into_iter().map(|entry| entry.name).collect();
        Err(zili_world::Error::unknown("set of tariffs", given, names.iter().map(String::as_str), &names).into())
    }

    /// What a furnished world depends on, so that one that was opened earlier is used as long as nothing has changed.
    pub(crate) fn stamp(&self, world: &str) -> String {
        let mut stamp = world.to_owned();
        for kind in KINDS {
            for entry in self.kept(kind).iter().filter(|entry| kind.add.is_some() || entry.name == world) {
                let manifest = entry.place.join("manifest.json");
                let file = if kind.ending.is_empty() { &manifest } else { &entry.place };
                let Ok(about) = std::fs::metadata(file) else { continue };
                let _ = write!(stamp, "|{} {} {:?}", file.display(), about.len(), about.modified().ok());
            }
        }
        stamp
    }
}

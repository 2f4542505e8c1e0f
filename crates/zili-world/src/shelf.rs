//! Where imported data are kept: one way of writing, replacing, removing and listing for every kind.
//!
//! ```text
//! ROOT/.lock                      held by who writes
//! ROOT/NAME/manifest.json         labels, sources, the folder of its files, SHA-256 of each and of the whole
//! ROOT/NAME/g-0123456789abcdef/   the files, a generation; `lock` in it is held, shared, by who reads
//! ROOT/.writing-XXXXXX/           what is being written; swept when no living writer holds it
//! ROOT/NAME.ENDING                data that are one file
//! ```
//!
//! New data are written aside and put in place by one rename: of the folder, or of the manifest over an older one. So a
//! reader, and a crash, finds the old data or the new, never a mixture. The files of older data go once nobody reads
//! them. A manifest of schema 1 or 2 has its files beside it.

mod file;
mod folder;
mod lock;
mod name;
mod scan;
mod seal;
mod staging;
mod sweep;

pub use file::{read, sha256};
pub use folder::{Files, Folder};
pub use name::check as check_name;
pub use scan::Entry;
pub use seal::SCHEMA;
pub use staging::abandon;

pub(crate) use file::write_synced;
pub(crate) use folder::{folder_of, open};
pub(crate) use seal::{typed, unseal};

use crate::{Error, label};
use serde_json::Value;
use staging::Staging;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) const MANIFEST: &str = "manifest.json";

/// One folder of the store, with data of one kind.
#[derive(Clone, Debug)]
pub struct Shelf {
    root: PathBuf,
    reserved: &'static [&'static str],
    bare: bool,
    patience: Duration,
}

impl Shelf {
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), reserved: &[], bare: false, patience: lock::PATIENCE }
    }

    /// The same with names that nothing may have.
    pub fn reserving(self, reserved: &'static [&'static str]) -> Self {
        Self { reserved, ..self }
    }

    /// The same where an earlier version kept folders without a manifest.
    pub fn with_bare_folders(self) -> Self {
        Self { bare: true, ..self }
    }

    /// The same with another time to wait for a writer.
    pub fn waiting(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Keeps a folder of data as `root/NAME`, all or nothing, and returns its place. `replace` allows older data of that
    /// name to go. `fill` writes the files to a folder it is given and returns the manifest.
    pub fn write_folder(
        &self,
        name: &str,
        what: &str,
        replace: bool,
        fill: impl FnOnce(&Path) -> Result<Value, Error>,
    ) -> Result<PathBuf, Error> {
        let place = self.place_of(name, "")?;
        let staging = {
            let _lock = self.lock()?;
            // Before the work as well: who may not write learns it now.
            self.check_folder(name, what, replace)?;
            match place.is_dir() {
                // Inside, so that a rename is enough where the folder is a link to another file system.
                true => Staging::new_in(&place).map_err(|e| kept(&place, e))?,
                false => Staging::new_in(&self.root)?,
            }
        };
        let manifest = fill(&staging.files())?;
        label::check_all(&manifest).map_err(|reason| Error::store(&place, reason))?;
        let _lock = self.lock()?;
        self.check_folder(name, what, replace)?;
        staging.finish(|| put_in_place(&staging, &place, manifest))?;
        sweep::folder(&place, self.bare);
        Ok(place)
    }

    /// Keeps data that are one file as `root/NAME.ENDING`, all or nothing, and returns its place.
    pub fn write_file(
        &self,
        name: &str,
        ending: &str,
        what: &str,
        replace: bool,
        bytes: &[u8],
    ) -> Result<PathBuf, Error> {
        let place = self.place_of(name, ending)?;
        let _lock = self.lock()?;
        self.check_case(name, ending, what)?;
        match fs::symlink_metadata(&place) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io(&place)(error)),
            Ok(_) if !place.is_file() => return Err(in_the_way(&place, what)),
            Ok(_) if !replace => return Err(there_already(&place, what)),
            Ok(_) => {}
        }
        let staging = Staging::new_in(&self.root)?;
        let file = staging.write("file", bytes)?;
        staging.finish(|| {
            fs::rename(&file, &place).map_err(|e| kept(&place, Error::io(&place)(e)))?;
            file::sync_folder(&self.root)
        })?;
        Ok(place)
    }

    /// Takes a folder of data away; who reads it goes on reading it.
    pub fn remove_folder(&self, name: &str, what: &str) -> Result<(), Error> {
        let place = self.place_of(name, "")?;
        let _lock = self.lock()?;
        let manifest = place.join(MANIFEST);
        let there = manifest.is_file() || (self.bare && place.is_dir());
        if !there {
            return Err(Error::store(&place, format!("there is no {what} of this name")));
        }
        let held = old_layout(&manifest);
        if let Some(Some(old)) = &held
            && old.try_lock().is_err()
        {
            return Err(Error::store(&place, "it is being read; remove it when that is done"));
        }
        if manifest.is_file() {
            fs::remove_file(&manifest).map_err(Error::io(&manifest))?;
        }
        if held.is_some() {
            sweep::remove_beside(&place);
        }
        sweep::folder(&place, self.bare);
        let _ = fs::remove_dir(&place);
        file::sync_folder(&self.root)
    }

    /// Takes a file of data away.
    pub fn remove_file(&self, name: &str, ending: &str, what: &str) -> Result<(), Error> {
        let place = self.place_of(name, ending)?;
        let _lock = self.lock()?;
        if !place.is_file() {
            return Err(Error::store(&place, format!("there is no {what} of this name")));
        }
        fs::remove_file(&place).map_err(Error::io(&place))?;
        file::sync_folder(&self.root)
    }

    /// Folders of data, sorted by name; never fails, as an entry that cannot be read says why.
    pub fn folders(&self) -> Vec<Entry> {
        scan::folders(&self.root, self.bare, self.reserved)
    }

    /// Files of data with an ending, sorted by name.
    pub fn files(&self, ending: &str) -> Vec<Entry> {
        scan::files(&self.root, ending)
    }

    fn place_of(&self, name: &str, ending: &str) -> Result<PathBuf, Error> {
        name::check(name, self.reserved).map_err(|reason| Error::store(&self.root, reason))?;
        Ok(self.root.join(file_name(name, ending)))
    }

    /// The right to write, with what dead writers left removed.
    fn lock(&self) -> Result<lock::WriteLock, Error> {
        fs::create_dir_all(&self.root).map_err(Error::io(&self.root))?;
        let lock = lock::take(&self.root, self.patience)?;
        sweep::root(&self.root, self.bare, self.reserved);
        Ok(lock)
    }

    /// Refuses a place that is taken, or by something that is not zili's to replace.
    fn check_folder(&self, name: &str, what: &str, replace: bool) -> Result<(), Error> {
        self.check_case(name, "", what)?;
        let place = self.root.join(name);
        let taken = match fs::symlink_metadata(&place) {
            Err(error) if error.kind() == ErrorKind::NotFound => folder::aside(&place).is_dir(),
            Err(error) => return Err(Error::io(&place)(error)),
            Ok(_) if !place.is_dir() => return Err(in_the_way(&place, what)),
            Ok(_) => match place.join(MANIFEST).symlink_metadata() {
                Ok(_) => true,
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(kept(&place, Error::io(&place)(error)));
                }
                Err(_) if sweep::is_left_over(&place) || sweep::is_empty(&place) => false,
                Err(_) if self.bare => true,
                Err(_) => return Err(in_the_way(&place, what)),
            },
        };
        if taken && !replace { Err(there_already(&place, what)) } else { Ok(()) }
    }

    /// Some file systems take names that differ in case alone for one, and so do people.
    fn check_case(&self, name: &str, ending: &str, what: &str) -> Result<(), Error> {
        let own = file_name(name, ending);
        let entries = fs::read_dir(&self.root).map_err(Error::io(&self.root))?.filter_map(Result::ok);
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let names: Vec<String> =
            names.map(|name| name.strip_suffix(folder::ASIDE).map(str::to_owned).unwrap_or(name)).collect();
        let alike = names.iter().find(|other| **other != own && other.eq_ignore_ascii_case(&own));
        match alike.filter(|_| !names.contains(&own)) {
            None => Ok(()),
            Some(other) => Err(Error::store(
                self.root.join(&own),
                format!("'{other}' is there, and {what} names must differ in more than case; choose another name"),
            )),
        }
    }
}

fn file_name(name: &str, ending: &str) -> String {
    if ending.is_empty() { name.to_owned() } else { format!("{name}.{ending}") }
}

fn there_already(place: &Path, what: &str) -> Error {
    Error::store(place, format!("a {what} of this name is there already; choose another name or ask to replace it"))
}

fn in_the_way(place: &Path, what: &str) -> Error {
    let found = place.metadata().map_or("a broken link", |found| file::in_words(found.file_type()));
    let reason =
        format!("{found} that is no {what} stands here, and is not replaced; move it away or choose another name");
    Error::store(place, reason)
}

/// Why older data could not be replaced.
fn kept(place: &Path, error: Error) -> Error {
    let why = match error {
        Error::Io { source, .. } => source.to_string(),
        other => other.to_string(),
    };
    Error::store(place, format!("this cannot be replaced ({why}) and is left as it was; choose another name"))
}

/// Names the new generation, seals the manifest, and switches with one rename.
fn put_in_place(staging: &Staging, place: &Path, manifest: Value) -> Result<(), Error> {
    let digest = sha256(manifest.to_string().as_bytes());
    let names = (1..).map(|copy| name::generation(&digest, copy));
    // The same data may be there already, held by a reader or damaged.
    let generation = names.into_iter().find(|name| !place.join(name).exists()).unwrap_or_default();
    let text = seal::seal(manifest, &generation).map_err(|reason| Error::store(place, reason))?;
    let files = staging.files();
    write_synced(&files.join(staging::LOCK), b"")?;
    file::sync_folders(&files)?;
    let written = staging.write(MANIFEST, text.as_bytes())?;
    let rename = |from: &Path, to: &Path| fs::rename(from, to).map_err(Error::io(to));
    if !place.is_dir() {
        let whole = staging.place().join("whole");
        fs::create_dir(&whole).map_err(Error::io(&whole))?;
        rename(&files, &whole.join(&generation))?;
        rename(&written, &whole.join(MANIFEST))?;
        file::sync_folder(&whole)?;
        rename(&whole, place)?;
        return place.parent().map_or(Ok(()), file::sync_folder);
    }
    let (inside, path) = (place.join(&generation), place.join(MANIFEST));
    let held = old_layout(&path);
    if held.is_some() {
        // Its readers hold it, so it keeps a name: a later writer asks there whether they are done.
        let mark = place.join(staging::LOCK);
        let _ = fs::remove_file(&mark);
        let _ = fs::hard_link(&path, &mark);
    }
    rename(&files, &inside).map_err(|e| kept(place, e))?;
    file::sync_folder(place)?;
    if let Err(error) = rename(&written, &path) {
        let _ = fs::remove_dir_all(&inside);
        return Err(kept(place, error));
    }
    file::sync_folder(place)?;
    if let Some(old) = held
        && old.as_ref().is_none_or(|manifest| manifest.try_lock().is_ok())
    {
        sweep::remove_beside(place);
    }
    Ok(())
}

/// A manifest whose files stand beside it, opened where it can be: its readers hold it. None: there are no such files.
fn old_layout(manifest: &Path) -> Option<Option<fs::File>> {
    let opened = file::open(manifest).ok();
    let bytes = opened.as_ref().and_then(|file| file::read_open(file, manifest).ok()).unwrap_or_default();
    match unseal(&bytes, manifest) {
        Ok(sealed) if sealed.generation.is_some() => None,
        _ => Some(opened),
    }
}

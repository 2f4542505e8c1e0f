//! What is kept in a folder, opened: its manifest, and its files for as long as the reader lives.

use super::seal::{Sealed, unseal};
use super::staging::LOCK;
use super::{MANIFEST, file};
use crate::{Error, label};
use bytes::Bytes;
use serde_json::Value;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where files are: a folder, or the program itself.
pub trait Files: Send + Sync {
    fn read(&self, path: &str) -> Result<Bytes, Error>;
    /// A file's place as a user knows it, for messages.
    fn place(&self, path: &str) -> PathBuf;
}

/// The files of one generation, which no writer removes as long as this lives.
pub struct Folder {
    place: PathBuf,
    /// The shared lock; none where the file system gives none or the store may not be locked.
    _held: Option<File>,
}

impl Folder {
    /// A folder of an earlier version that has no manifest, and so nothing to hold.
    pub(crate) fn bare(place: PathBuf) -> Self {
        Self { place, _held: None }
    }

    pub fn path(&self) -> &Path {
        &self.place
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Bytes, Error> {
        file::read(&self.place(path)).map(Bytes::from)
    }
    fn place(&self, path: &str) -> PathBuf {
        self.place.join(path)
    }
}

/// Ending of a world that an earlier version was replacing. Found without its successor, it is the world: a crash came in
/// between.
pub(super) const ASIDE: &str = ".old";

pub(super) fn aside(place: &Path) -> PathBuf {
    let mut name: OsString = place.as_os_str().to_owned();
    name.push(ASIDE);
    PathBuf::from(name)
}

/// The folder to read from: its own, or the one set aside if a crash left only that.
pub(crate) fn folder_of(place: &Path) -> PathBuf {
    let aside = aside(place);
    if !place.exists() && aside.is_dir() { aside } else { place.to_owned() }
}

/// So often a manifest is read again when its files went meanwhile: each time, a whole replacement came in between.
const ATTEMPTS: u32 = 100;
/// And so often if they are missing: they may just be put right, or replaced.
const MISSING: u32 = 3;

/// Opens what stands at `place`: its manifest, and the files that it names.
pub(crate) fn open(place: &Path) -> Result<(Value, Folder, PathBuf), Error> {
    let mut before: Option<(Vec<u8>, u32)> = None;
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            std::thread::sleep(Duration::from_millis(attempt.min(10).into()));
        }
        let folder = folder_of(place);
        let kind = fs::metadata(&folder).map_err(Error::io(&folder));
        if let Ok(kind) = &kind
            && !kind.is_dir()
        {
            let found = file::in_words(kind.file_type());
            return Err(Error::store(&folder, format!("{found} stands here, and a folder is needed")));
        }
        let path = folder.join(MANIFEST);
        let manifest = match kind.and_then(|_| file::open(&path)) {
            Err(Error::Io { source, .. }) if source.kind() == ErrorKind::NotFound && attempt < MISSING => continue,
            manifest => manifest?,
        };
        let bytes = file::read_open(&manifest, &path)?;
        let Sealed { value, generation } = unseal(&bytes, &path)?;
        check_name(&value, place, &path)?;
        let held = match &generation {
            None => hold(Ok(manifest), &path),
            Some(generation) => {
                let lock = folder.join(generation).join(LOCK);
                hold(file::open(&lock), &lock)
            }
        };
        let files = generation.as_ref().map_or(folder.clone(), |generation| folder.join(generation));
        let held = match held {
            Held::Lock(lock) => Some(lock),
            Held::Nothing => None,
            Held::Gone => {
                // A manifest that goes on naming them says that they are not being removed.
                let again = before.take().filter(|(bytes_before, _)| *bytes_before == bytes).map_or(0, |(_, k)| k + 1);
                if again < MISSING {
                    before = Some((bytes, again));
                    continue;
                }
                if !files.is_dir() {
                    let reason = "the folder that the manifest names is not there: import the data again";
                    return Err(Error::store(files, reason));
                }
                None
            }
        };
        return Ok((value, Folder { place: files, _held: held }, path));
    }
    Err(Error::store(place, "it is being replaced again and again; try again when that is done"))
}

enum Held {
    Lock(File),
    /// There is no lock to be had: the store is read without.
    Nothing,
    /// The lock is not there, or a writer has it who removes these files: a newer manifest is in place.
    Gone,
}

fn hold(lock: Result<File, Error>, path: &Path) -> Held {
    let lock = match lock {
        Ok(lock) => lock,
        Err(Error::Io { source, .. }) if source.kind() == ErrorKind::NotFound => return Held::Gone,
        Err(_) => return Held::Nothing,
    };
    match lock.try_lock_shared() {
        Ok(()) if file::is_at(&lock, path) => Held::Lock(lock),
        Ok(()) | Err(TryLockError::WouldBlock) => Held::Gone,
        Err(TryLockError::Error(_)) => Held::Nothing,
    }
}

/// A folder that was copied or renamed by hand is not what its manifest says it is.
fn check_name(manifest: &Value, place: &Path, path: &Path) -> Result<(), Error> {
    let Some(folder) = place.file_name().map(|name| name.to_string_lossy()) else { return Ok(()) };
    match manifest.get("name").and_then(Value::as_str) {
        Some(name) if name == folder => Ok(()),
        found => {
            let (folder, found) = (label::escaped(&folder), found.unwrap_or("nothing"));
            let reason = format!("the folder is named '{folder}', but the manifest says '{found}'; rename the folder");
            Err(Error::store(path, reason))
        }
    }
}

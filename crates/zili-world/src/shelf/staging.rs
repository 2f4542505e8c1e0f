//! Where new data are written before they are put in their place, and what is left of that when a writer is stopped.
//!
//! ```text
//! .writing-XXXXXX/lock      held by the writer for as long as it lives
//! .writing-XXXXXX/files/    what becomes the new generation
//! ```

use super::file::{self, write_synced};
use crate::Error;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

const PREFIX: &str = ".writing-";
/// Held by who writes here, or reads.
pub(super) const LOCK: &str = "lock";

/// The staging places of this process. Held while data are put in their place, so that [`abandon`] never removes what
/// just became a world.
static PLACES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn places() -> MutexGuard<'static, Vec<PathBuf>> {
    PLACES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what this process is writing and has not put in its place, for a program that is told to stop. An import that
/// still runs is refused when it wants to finish. Waits for what is being put in its place at this moment.
pub fn abandon() {
    for place in places().drain(..) {
        // A writer may put a file there meanwhile: what is left then is swept by the next import.
        let _ = (0..3).any(|_| fs::remove_dir_all(&place).is_ok());
    }
}

/// A place to write to, removed with all that is in it when dropped.
pub(super) struct Staging {
    place: PathBuf,
    _lock: File,
}

impl Staging {
    /// To be called with the store's lock held, so that nobody sweeps it before it has its own.
    pub fn new_in(folder: &Path) -> Result<Self, Error> {
        let mut places = places();
        let place = tempfile::Builder::new().prefix(PREFIX).tempdir_in(folder).map_err(Error::io(folder))?;
        let path = place.path().join(LOCK);
        let lock = File::create(&path).map_err(Error::io(&path))?;
        lock.lock().map_err(Error::io(&path))?;
        let files = place.path().join("files");
        fs::create_dir(&files).map_err(Error::io(&files))?;
        let place = place.keep();
        places.push(place.clone());
        Ok(Self { place, _lock: lock })
    }

    pub fn place(&self) -> &Path {
        &self.place
    }

    pub fn files(&self) -> PathBuf {
        self.place.join("files")
    }

    /// Writes a file beside the others.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Error> {
        let path = self.place.join(name);
        write_synced(&path, bytes)?;
        Ok(path)
    }

    /// Puts in place what was written; refused if it was abandoned.
    pub fn finish<T>(&self, put: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let places = places();
        if !places.contains(&self.place) {
            return Err(Error::Unanswerable("the import was stopped: nothing was written".to_owned()));
        }
        put()
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        places().retain(|place| *place != self.place);
        // What cannot be removed now is swept by the next writer.
        let _ = fs::remove_dir_all(&self.place);
    }
}

/// Removes staging places that no living writer holds. To be called with the store's lock held.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        if is_staging(&entry.file_name().to_string_lossy()) {
            let (path, kind) = (entry.path(), entry.file_type());
            // Best effort: another user's is left to that user.
            let _ = match kind.is_ok_and(|kind| kind.is_dir()) {
                true if is_free(&path.join(LOCK)).is_some() => fs::remove_dir_all(&path),
                true => Ok(()),
                false => fs::remove_file(&path),
            };
        }
    }
}

/// A place that is swept as staging is.
pub(super) fn named(name: &str) -> String {
    format!("{PREFIX}{name}")
}

pub(super) fn is_staging(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// A lock that nobody holds, taken so that nobody takes it now; a file that is not there is held by nobody.
pub(super) fn is_free(path: &Path) -> Option<Option<File>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Some(None),
        Err(_) => return None,
        Ok(_) => {}
    }
    let lock = file::open(path).ok()?;
    match lock.try_lock() {
        Ok(()) => Some(Some(lock)),
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => None,
    }
}

//! One writer at a time: a lock file in each folder of the store, waited for with a bound.

use super::file;
use crate::Error;
use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// The lock's file. It stays: to remove it would let two writers each hold a file of that name.
pub(super) const FILE: &str = ".lock";
/// So long a writer waits for another.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// And so often it asks.
const ASK: Duration = Duration::from_millis(10);

/// Held until it is dropped, or the process ends in whatever way.
pub(super) struct WriteLock(#[expect(dead_code, reason = "held, not read")] File);

pub(super) fn take(root: &Path, patience: Duration) -> Result<WriteLock, Error> {
    let path = root.join(FILE);
    let file = opened(&path)?;
    let until = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(WriteLock(file)),
            Err(TryLockError::WouldBlock) if Instant::now() < until => std::thread::sleep(ASK),
            Err(TryLockError::WouldBlock) => {
                let waited = patience.as_secs();
                return Err(Error::store(
                    root,
                    format!("another import has been writing here for {waited} seconds; try again when it is done"),
                ));
            }
            Err(TryLockError::Error(error)) => {
                let reason = format!("the file system gives no locks ({error}); keep the store on another");
                return Err(Error::store(path, reason));
            }
        }
    }
}

fn opened(path: &Path) -> Result<File, Error> {
    // A pipe of this name would be waited for without end.
    if let Ok(found) = fs::metadata(path)
        && !found.is_file()
    {
        let found = file::in_words(found.file_type());
        return Err(Error::store(path, format!("{found} stands here, and the lock's file is needed; move it away")));
    }
    let created = File::options().read(true).write(true).create(true).truncate(false).open(path);
    // Another user's lock can be taken where it can be read.
    created.or_else(|error| File::open(path).map_err(|_| error)).map_err(Error::io(path))
}

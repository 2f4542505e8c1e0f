//! Files of the store: never opened unless they are plain files, and on the disk before anything names them.

use crate::Error;
use sha2::{Digest, Sha256};
use std::fs::{self, File, FileType};
use std::io::{Read, Write};
use std::path::Path;

/// What stands at a place, in words.
pub(super) fn in_words(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a named pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    match (kind.is_dir(), kind.is_file()) {
        (true, _) => "a folder",
        (_, true) => "a file",
        _ => "something that is neither file nor folder",
    }
}

/// Opens a plain file. A named pipe would be waited for without end, so nothing else is opened.
pub fn open(path: &Path) -> Result<File, Error> {
    let kind = fs::metadata(path).map_err(Error::io(path))?.file_type();
    if !kind.is_file() {
        return Err(Error::store(path, format!("{} stands here, and a file is needed", in_words(kind))));
    }
    File::open(path).map_err(Error::io(path))
}

/// Reads a plain file; anything else is refused and not waited for.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    read_open(&open(path)?, path)
}

pub(super) fn read_open(mut file: &File, path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(Error::io(path))?;
    Ok(bytes)
}

/// On the disk before the folder is renamed into its place.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = File::create(path).map_err(Error::io(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::io(path))
}

/// A folder's list of names on the disk. Where folders cannot be opened as files, as on Windows, the system sees to it.
pub(super) fn sync_folder(path: &Path) -> Result<(), Error> {
    if cfg!(unix) { File::open(path).and_then(|folder| folder.sync_all()).map_err(Error::io(path)) } else { Ok(()) }
}

/// The same for a folder and those inside it.
pub(super) fn sync_folders(path: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(path).map_err(Error::io(path))? {
        let entry = entry.map_err(Error::io(path))?;
        if entry.file_type().map_err(Error::io(path))?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    sync_folder(path)
}

/// Whether a place still has the file that was opened there.
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let id = |found: fs::Metadata| (found.dev(), found.ino());
        let (Ok(opened), Ok(there)) = (file.metadata(), fs::metadata(path)) else { return false };
        id(opened) == id(there)
    }
    // Elsewhere a file that is open cannot be removed from its place.
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

/// SHA-256 as lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

//! What a folder of the store holds. What cannot be read is an entry with a reason: it must not hide the others.

use super::folder::ASIDE;
use super::{MANIFEST, file};
use crate::label;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Something in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub name: String,
    pub place: PathBuf,
    /// Why it cannot be read, where that is known without opening it.
    pub state: Result<(), String>,
}

/// Folders with a manifest, sorted by name. `bare`: those without one too. `reserved` are other shelves.
pub(super) fn folders(root: &Path, bare: bool, reserved: &[&str]) -> Vec<Entry> {
    let of_path = |name: &str, path: &Path| {
        let name = name.strip_suffix(ASIDE).unwrap_or(name);
        if reserved.contains(&name) {
            return None;
        }
        let state = match fs::metadata(path) {
            Err(error) => Err(error.to_string()),
            // A file that lies about is no data.
            Ok(found) if found.is_file() => return None,
            Ok(found) if !found.is_dir() => Err(format!("{}, which is not opened", file::in_words(found.file_type()))),
            Ok(_) => match fs::metadata(path.join(MANIFEST)) {
                Ok(found) if found.is_file() => Ok(()),
                Ok(found) => Err(format!("{MANIFEST} is {}, which is not opened", file::in_words(found.file_type()))),
                Err(error) if error.kind() == ErrorKind::NotFound => match fs::read_dir(path).map(Iterator::count) {
                    Ok(1..) if bare => Ok(()),
                    Ok(_) => return None,
                    Err(error) => Err(error.to_string()),
                },
                Err(error) => Err(error.to_string()),
            },
        };
        Some((name.to_owned(), state))
    };
    scan(root, &of_path)
}

/// Files with an ending, sorted by name.
pub(super) fn files(root: &Path, ending: &str) -> Vec<Entry> {
    let of_path = |name: &str, path: &Path| {
        let name = name.strip_suffix(ending)?.strip_suffix('.')?;
        let state = match fs::metadata(path) {
            Err(error) => Err(error.to_string()),
            Ok(found) if !found.is_file() => Err(format!("{}, which is not opened", file::in_words(found.file_type()))),
            Ok(_) => Ok(()),
        };
        Some((name.to_owned(), state))
    };
    scan(root, &of_path)
}

type OfPath<'a> = &'a dyn Fn(&str, &Path) -> Option<(String, Result<(), String>)>;

fn scan(root: &Path, of_path: OfPath) -> Vec<Entry> {
    // A folder that cannot be listed is said under its own name.
    let unread = |error: std::io::Error| {
        let name = root.file_name().map_or_else(|| ".".into(), |name| name.to_string_lossy());
        Entry { name: label::escaped(&name).into_owned(), place: root.to_owned(), state: Err(error.to_string()) }
    };
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
        Err(error) => return vec![unread(error)],
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.push(unread(error));
                continue;
            }
        };
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        if let Some((name, state)) = of_path(&name, &entry.path()) {
            // A name made by hand may have what a terminal obeys.
            let place = root.join(
                entry
                    .file_name()
                    .to_string_lossy()
                    .strip_suffix(ASIDE)
                    .map_or_else(|| entry.file_name(), |own| own.to_owned().into()),
            );
            found.push(Entry { name: label::escaped(&name).into_owned(), place, state });
        }
    }
    // Of one name that is there twice, one set aside, the sound one is listed.
    found.sort_by(|a, b| (&a.name, a.state.is_err()).cmp(&(&b.name, b.state.is_err())));
    found.dedup_by(|a, b| a.name == b.name);
    found
}

//! What writers leave behind is removed by the next one, unless somebody still reads or writes it. All of this is called
//! with the store's lock held, and does what it can: what cannot be removed now is left to a later import.

use super::folder::ASIDE;
use super::name::is_generation;
use super::seal::unseal;
use super::staging::{self, LOCK, is_free, is_staging};
use super::{MANIFEST, file};
use std::fs;
use std::path::{Path, PathBuf};

/// Sweeps a folder of the store and those in it, but not other shelves, `reserved`. `bare`: folders without a manifest are
/// data too.
pub(super) fn root(root: &Path, bare: bool, reserved: &[&str]) {
    staging::sweep(root);
    for (name, place) in entries(root) {
        if name.starts_with('.') || reserved.contains(&name.as_str()) || !place.is_dir() {
            continue;
        }
        match name.strip_suffix(ASIDE) {
            Some(own) => put_right(&root.join(own), &place, bare),
            None => folder(&place, bare),
        }
    }
}

/// Removes from one folder what its manifest does not name.
pub(super) fn folder(place: &Path, bare: bool) {
    let manifest = place.join(MANIFEST);
    if manifest.symlink_metadata().is_err() {
        let left_over = is_left_over(place);
        if bare || left_over {
            staging::sweep(place);
        }
        if left_over {
            remove_generations(place, None);
            // Only if it is empty.
            let _ = fs::remove_dir(place);
        }
        return;
    }
    staging::sweep(place);
    // What cannot be read cannot say what it needs.
    let Some(Ok(sealed)) = file::read(&manifest).ok().map(|bytes| unseal(&bytes, &manifest)) else { return };
    remove_generations(place, sealed.generation.as_deref());
    let mark = place.join(LOCK);
    if sealed.generation.is_some()
        && mark.exists()
        && let Some(_lock) = is_free(&mark)
    {
        remove_beside(place);
    }
}

/// Whether nothing but generations is in a folder without a manifest: what is left of data that were removed.
pub(super) fn is_left_over(place: &Path) -> bool {
    let left = |(name, place): &(String, PathBuf)| {
        is_staging(name) || (is_generation(name) && place.is_dir() && !place.join(MANIFEST).exists())
    };
    let entries = entries(place);
    entries.iter().all(left) && entries.iter().any(|(name, _)| is_generation(name))
}

/// Whether a folder has nothing in it but what was being written.
pub(super) fn is_empty(place: &Path) -> bool {
    fs::read_dir(place).is_ok() && entries(place).iter().all(|(name, _)| is_staging(name))
}

fn remove_generations(place: &Path, but: Option<&str>) {
    for (name, generation) in entries(place) {
        if is_generation(&name)
            && but != Some(&name)
            && !generation.join(MANIFEST).exists()
            && let Some(_lock) = is_free(&generation.join(LOCK))
        {
            // First out of its place, so that nobody finds a part of it.
            let away = place.join(staging::named(&name));
            let _ = fs::rename(&generation, &away).and_then(|()| fs::remove_dir_all(&away));
        }
    }
}

/// Removes files of an earlier layout, which stood beside the manifest.
pub(super) fn remove_beside(place: &Path) {
    for (name, path) in entries(place) {
        if name != MANIFEST && name != LOCK && !is_generation(&name) && !is_staging(&name) {
            let folder = path.symlink_metadata().is_ok_and(|found| found.is_dir());
            let _ = if folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        }
    }
    // Last, so that a crash leaves the mark that there is something to remove.
    let _ = fs::remove_file(place.join(LOCK));
}

/// A folder that an earlier version set aside while it replaced it: the data if nothing took their place, else in the way.
fn put_right(place: &Path, set_aside: &Path, bare: bool) {
    let manifest = set_aside.join(MANIFEST);
    // Somebody else's folder of such a name is left alone.
    let ours = || -> Option<bool> {
        let sealed = unseal(&file::read(&manifest).ok()?, &manifest).ok()?;
        Some(place.file_name()?.to_str()? == sealed.value.get("name")?.as_str()?)
    };
    let without = bare && manifest.symlink_metadata().is_err();
    if !without && ours() != Some(true) {
        return;
    }
    let Some(lock) = is_free(&manifest) else { return };
    let _ = match place.symlink_metadata() {
        Err(_) => fs::rename(set_aside, place),
        Ok(_) if place.join(MANIFEST).is_file() || (bare && place.is_dir()) => fs::remove_dir_all(set_aside),
        Ok(_) => Ok(()),
    };
    drop(lock);
}

fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect()
}

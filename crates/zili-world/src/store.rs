//! A world on disk: one folder with a manifest and, per year, two Parquet files.
//!
//! ```text
//! NAME/manifest.json           schema version, labels, sources, checks and repairs, SHA-256 of every file
//! NAME/2011/flows.parquet      one column `value`: [Z | Y], row by row
//! NAME/2011/primary.parquet    one column `value`: [V | VY], row by row; missing where VY is not published
//! ```
//!
//! A world is written to a temporary folder beside its place and renamed into it, so that a crash leaves the old world or the new one, never half.

use crate::columnar::{self, Values};
use crate::{Classification, Error, FinalCategory, Matrix, PrimaryInput, Region, Sector, Table};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Version of the folder's layout: the second has decimals. The first is read too, any other refused.
pub const SCHEMA: u32 = 2;
const READABLE: std::ops::RangeInclusive<u64> = 1..=2;
const MANIFEST: &str = "manifest.json";
const FLOWS: &str = "flows.parquet";
const PRIMARY: &str = "primary.parquet";
/// Ending of a world that is being replaced. Found without its successor, it is the world: a crash came in between.
const ASIDE: &str = "old";

/// Everything about a world but its numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub schema: u32,
    pub name: String,
    pub title: String,
    /// Unit of every flow, such as "million USD, current prices".
    pub unit: String,
    pub regions: Vec<Region>,
    pub sectors: Vec<Sector>,
    pub final_categories: Vec<FinalCategory>,
    pub tables: Vec<TableEntry>,
    pub sources: Vec<Source>,
    /// What a user must know before using the numbers.
    #[serde(default)]
    pub caveats: Vec<String>,
    /// A bundled world with tables of earlier years, of another edition: beside this one in series, never in one line with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<String>,
    /// Which flows were not observed.
    #[serde(default, rename = "estimates", skip_serializing_if = "Vec::is_empty")]
    pub estimated: Vec<Estimate>,
}

/// Flows that were estimated, said with every finding from their world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// Which flows, in few words.
    pub what: String,
    /// How far off results are for that, as measured.
    pub error: String,
}

impl std::fmt::Display for Estimate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (error: {})", self.what, self.error)
    }
}

/// One year's table in the manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableEntry {
    pub year: i32,
    pub primary_inputs: Vec<PrimaryInput>,
    /// What the checks on import found and let pass.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// Named repairs that were asked for.
    #[serde(default)]
    pub repairs: Vec<String>,
    /// SHA-256 of each file of this year.
    pub files: BTreeMap<String, String>,
}

/// Who published the data, on what terms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub publisher: String,
    #[serde(default)]
    pub edition: String,
    #[serde(default)]
    pub licence: String,
    #[serde(default)]
    pub citation: String,
    /// What was done to the data on the way in.
    #[serde(default)]
    pub changes: String,
}

impl Manifest {
    pub fn classification(&self) -> Result<Classification, Error> {
        Classification::new(self.regions.clone(), self.sectors.clone(), self.final_categories.clone())
    }

    pub fn entry(&self, year: i32) -> Result<&TableEntry, Error> {
        self.tables.iter().find(|t| t.year == year).ok_or_else(|| {
            let years: Vec<String> = self.tables.iter().map(|t| t.year.to_string()).collect();
            let nearest = self.tables.iter().min_by_key(|t| t.year.abs_diff(year));
            Error::Unknown {
                what: "year",
                given: year.to_string(),
                suggestion: nearest.map(|t| t.year.to_string()),
                accepted: years,
            }
        })
    }
}

/// Where a world's files are: a folder, or the program itself.
pub trait Files: Send + Sync {
    fn read(&self, path: &str) -> Result<Bytes, Error>;
    /// A file's place as a user knows it, for messages.
    fn place(&self, path: &str) -> PathBuf;
}

/// A world's folder.
pub struct Folder(pub PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Bytes, Error> {
        let path = self.place(path);
        fs::read(&path).map(Bytes::from).map_err(Error::io(path))
    }
    fn place(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }
}

/// The folder to read a world from: its own, or the one set aside if a crash left only that.
pub(crate) fn folder_of(place: &Path) -> PathBuf {
    let aside = place.with_extension(ASIDE);
    if !place.exists() && aside.is_dir() { aside } else { place.to_owned() }
}

pub(crate) fn read_manifest<M: DeserializeOwned>(files: &dyn Files) -> Result<M, Error> {
    let bytes = files.read(MANIFEST)?;
    let refuse = |reason: String| Error::store(files.place(MANIFEST), reason);
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| refuse(e.to_string()))?;
    match value.get("schema").and_then(serde_json::Value::as_u64) {
        Some(schema) if READABLE.contains(&schema) => {}
        found => {
            let found = found.map_or("none".to_owned(), |v| v.to_string());
            return Err(refuse(format!("schema {found}, but this zili reads schema {SCHEMA}; import the data again")));
        }
    }
    serde_json::from_value(value).map_err(|e| refuse(e.to_string()))
}

/// Reads a file, checking it against what the manifest says of it.
pub(crate) fn read_checked(files: &dyn Files, path: &str, expected: Option<&String>) -> Result<Bytes, Error> {
    let bytes = files.read(path)?;
    let expected = expected.ok_or_else(|| Error::store(files.place(path), "not in the manifest"))?;
    let found = sha256(&bytes);
    if found != *expected {
        return Err(Error::store(
            files.place(path),
            format!("SHA-256 is {found}, the manifest says {expected}: the file was changed or cut short"),
        ));
    }
    Ok(bytes)
}

/// Reads one year, checking every file against the manifest's SHA-256.
pub(crate) fn read_table(
    files: &dyn Files,
    entry: &TableEntry,
    classification: &Arc<Classification>,
) -> Result<Table, Error> {
    let (n, m, p) = (classification.industries(), classification.final_columns(), entry.primary_inputs.len());
    let (z, y) = read_matrix(files, entry, FLOWS, n, (n, m))?;
    let (v, vy) = read_matrix(files, entry, PRIMARY, p, (n, m))?;
    let vy = vy.as_slice().iter().all(|value| value.is_finite()).then_some(vy);
    Table::new(classification.clone(), entry.year, z, y, v, vy, entry.primary_inputs.clone())
}

/// Reads `[left | right]` of so many rows, the two `widths` wide.
fn read_matrix(
    files: &dyn Files,
    entry: &TableEntry,
    file: &str,
    rows: usize,
    widths: (usize, usize),
) -> Result<(Matrix, Matrix), Error> {
    let path = format!("{}/{file}", entry.year);
    let bytes = read_checked(files, &path, entry.files.get(file))?;
    let (left, width) = (widths.0, widths.0 + widths.1);
    let mut halves = (Vec::with_capacity(rows * left), Vec::with_capacity(rows * widths.1));
    let mut read = 0;
    columnar::stream_numbers(bytes, "value", &mut |mut numbers| {
        while !numbers.is_empty() && read < rows * width {
            let column = read % width;
            let (half, end) = if column < left { (&mut halves.0, left) } else { (&mut halves.1, width) };
            let (now, later) = numbers.split_at(numbers.len().min(end - column));
            half.extend_from_slice(now);
            (read, numbers) = (read + now.len(), later);
        }
        read += numbers.len();
    })
    .map_err(|e| Error::store(files.place(&path), e))?;
    if read != rows * width {
        let reason = format!("{read} values, but the labels say {rows} × {width}");
        return Err(Error::store(files.place(&path), reason));
    }
    Ok((Matrix::from_rows(rows, left, halves.0), Matrix::from_rows(rows, widths.1, halves.1)))
}

/// Writes a world as `root/NAME`, all or nothing, and returns its folder. `replace` allows an older world of that name to go.
///
/// The manifest's file checksums are filled in here.
pub fn write(
    root: &Path,
    mut manifest: Manifest,
    tables: &[impl Borrow<Table>],
    replace: bool,
) -> Result<PathBuf, Error> {
    let name = manifest.name.clone();
    write_folder(root, &name, "world", replace, |staging| {
        for (entry, table) in manifest.tables.iter_mut().zip(tables) {
            let table = table.borrow();
            let folder = staging.join(entry.year.to_string());
            fs::create_dir(&folder).map_err(Error::io(&folder))?;
            let y = (table.z.columns(), Some(&table.y));
            entry.files.insert(FLOWS.to_owned(), write_matrix(&folder.join(FLOWS), &table.z, y)?);
            let vy = (table.y.columns(), table.vy.as_ref());
            entry.files.insert(PRIMARY.to_owned(), write_matrix(&folder.join(PRIMARY), &table.v, vy)?);
        }
        write_manifest(staging, &manifest)
    })
}

/// Fills a temporary folder and renames it to `root/NAME`: all or nothing.
pub(crate) fn write_folder(
    root: &Path,
    name: &str,
    what: &str,
    replace: bool,
    fill: impl FnOnce(&Path) -> Result<(), Error>,
) -> Result<PathBuf, Error> {
    fs::create_dir_all(root).map_err(Error::io(root))?;
    let place = root.join(name);
    if folder_of(&place).exists() && !replace {
        let reason = format!("a {what} of this name is there already; choose another name or ask to replace it");
        return Err(Error::store(&place, reason));
    }
    let staging = tempfile::Builder::new().prefix(".writing-").tempdir_in(root).map_err(Error::io(root))?;
    fill(staging.path())?;
    put_in_place(staging, &place)?;
    Ok(place)
}

pub(crate) fn write_manifest(folder: &Path, manifest: &impl Serialize) -> Result<(), Error> {
    let path = folder.join(MANIFEST);
    let text = serde_json::to_string_pretty(manifest).map_err(|e| Error::store(&path, e))?;
    write_synced(&path, (text + "\n").as_bytes())
}

/// Renames the finished folder into its place; an older one is moved aside first and removed last.
fn put_in_place(staging: tempfile::TempDir, place: &Path) -> Result<(), Error> {
    let aside = place.with_extension(ASIDE);
    if place.exists() {
        if aside.exists() {
            fs::remove_dir_all(&aside).map_err(Error::io(&aside))?;
        }
        fs::rename(place, &aside).map_err(Error::io(place))?;
    }
    if let Err(error) = fs::rename(staging.path(), place) {
        // Back to the old world; should that fail too, it is found under its other name.
        let _ = fs::rename(&aside, place);
        return Err(Error::io(place)(error));
    }
    let _ = staging.keep();
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(Error::io(&aside))?;
    }
    Ok(())
}

/// Writes `[left | right]`; a right part that is not published is written as missing, `width` wide. Returns the SHA-256.
fn write_matrix(path: &Path, left: &Matrix, right: (usize, Option<&Matrix>)) -> Result<String, Error> {
    let (width, right) = right;
    let width = right.map_or(width, Matrix::columns);
    let mut values = Vec::with_capacity(left.rows() * (left.columns() + width));
    for i in 0..left.rows() {
        values.extend(left.row(i).iter().map(|&v| Some(v)));
        match right {
            Some(right) => values.extend(right.row(i).iter().map(|&v| Some(v))),
            None => values.extend(std::iter::repeat_n(None, width)),
        }
    }
    let values = Values::of_numbers(values);
    let mut bytes = Vec::new();
    columnar::write(&mut bytes, vec![("value".to_owned(), values)], Vec::new()).map_err(|e| Error::store(path, e))?;
    write_synced(path, &bytes)?;
    Ok(sha256(&bytes))
}

/// On the disk before the folder is renamed into its place.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = fs::File::create(path).map_err(Error::io(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Error::io(path))
}

/// SHA-256 as lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Names of the worlds in a folder, sorted; folders without a manifest are no worlds.
pub fn list(root: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::io(root)(e)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(Error::io(root))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.path().join(MANIFEST).is_file() {
            names.push(name.trim_end_matches(".old").to_owned());
        }
    }
    names.sort();
    names.dedup();
    Ok(names)
}

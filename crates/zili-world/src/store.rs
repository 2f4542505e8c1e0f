//! A world on disk: one folder with a manifest and, per year, two Parquet files.
//!
//! ```text
//! NAME/manifest.json                    labels, sources, checks and repairs, SHA-256 of every file and of the whole
//! NAME/GENERATION/2011/flows.parquet    one column `value`: [Z | Y], row by row
//! NAME/GENERATION/2011/primary.parquet  one column `value`: [V | VY], row by row; missing where VY is not published
//! ```
//!
//! How it is put there, so that a crash or another writer leaves the old world or the new one, never half, is the
//! [`shelf`]'s. Worlds that ship with zili have their years beside the manifest.

use crate::columnar::{self, Values};
use crate::shelf::{self, MANIFEST, Shelf, write_synced};
use crate::{Classification, Error, FinalCategory, Matrix, PrimaryInput, Region, Sector, Table};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use crate::shelf::{Files, Folder, SCHEMA, sha256};

const FLOWS: &str = "flows.parquet";
const PRIMARY: &str = "primary.parquet";

/// Folders of the store that are not worlds.
pub const RESERVED: [&str; 5] = ["chains", "trade", "indicators", "minerals", "tariffs"];

/// The shelf of worlds: the store's own folder.
pub fn worlds(root: &Path) -> Shelf {
    Shelf::new(root).reserving(&RESERVED)
}

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

    /// Refuses a world without tables, and a year or label that is there twice.
    pub fn check(&self) -> Result<(), Error> {
        if self.tables.is_empty() {
            return Err(Error::Unanswerable(format!("world '{}' has no tables; one at least is needed", self.name)));
        }
        unique("table of a year", self.tables.iter().map(|table| table.year))?;
        for table in &self.tables {
            unique("primary input", table.primary_inputs.iter().map(|input| input.code.as_str()))?;
        }
        self.classification().map(|_| ())
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

/// Reads a world's manifest from the program's own files.
pub(crate) fn read_manifest(files: &dyn Files) -> Result<Manifest, Error> {
    let (bytes, path) = (files.read(MANIFEST)?, files.place(MANIFEST));
    typed(shelf::unseal(&bytes, &path)?.value, &path)
}

/// A world's manifest out of its text.
pub(crate) fn typed(value: serde_json::Value, path: &Path) -> Result<Manifest, Error> {
    let manifest: Manifest = shelf::typed(value, path)?;
    manifest.check().map_err(|refusal| Error::store(path, refusal))?;
    Ok(manifest)
}

/// Refuses what is in a list twice.
pub(crate) fn unique<T: std::hash::Hash + Eq + ToString>(
    what: &'static str,
    given: impl Iterator<Item = T>,
) -> Result<(), Error> {
    let mut seen = HashSet::new();
    for one in given {
        let spelled = one.to_string();
        if !seen.insert(one) {
            return Err(Error::Duplicate { what, given: spelled });
        }
    }
    Ok(())
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
    manifest.check()?;
    if manifest.tables.len() != tables.len() {
        let (said, given) = (manifest.tables.len(), tables.len());
        return Err(Error::Unanswerable(format!("the manifest has {said} tables, but {given} are given")));
    }
    let name = manifest.name.clone();
    worlds(root).write_folder(&name, "world", replace, |folder| {
        for (entry, table) in manifest.tables.iter_mut().zip(tables) {
            let table = table.borrow();
            let folder = folder.join(entry.year.to_string());
            fs::create_dir(&folder).map_err(Error::io(&folder))?;
            let y = (table.z.columns(), Some(&table.y));
            entry.files.insert(FLOWS.to_owned(), write_matrix(&folder.join(FLOWS), &table.z, y)?);
            let vy = (table.y.columns(), table.vy.as_ref());
            entry.files.insert(PRIMARY.to_owned(), write_matrix(&folder.join(PRIMARY), &table.v, vy)?);
        }
        serde_json::to_value(&manifest).map_err(|e| Error::store(root, e))
    })
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

/// Names of the worlds in a folder, sorted; folders without a manifest are no worlds. What cannot be read is among them:
/// opened, it says why.
pub fn list(root: &Path) -> Result<Vec<String>, Error> {
    Ok(worlds(root).folders().into_iter().map(|entry| entry.name).collect())
}

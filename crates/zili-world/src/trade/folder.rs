//! Trade on disk: one folder with a manifest and, per year, one Parquet file.
//!
//! ```text
//! NAME/manifest.json                    economies, products, sources, SHA-256 of every file and of the whole
//! NAME/GENERATION/2022/flows.parquet    columns product, exporter (positions in the manifest's lists), importer (left out where
//!                                       buyers are not told apart), usd; in this order of keys, no flow twice, none of zero
//! ```

use super::{Flows, Manifest, YearEntry};
use crate::Error;
use crate::columnar::{self, Values};
use crate::shelf::{Files, Shelf, sha256, write_synced};
use crate::store;
use std::fs;
use std::path::{Path, PathBuf};

const FLOWS: &str = "flows.parquet";

/// Writes trade as `root/NAME`, all or nothing, and returns its folder; `replace` allows older trade of that name to go.
///
/// The manifest's file checksums are filled in here.
pub fn write(root: &Path, mut manifest: Manifest, years: &[Flows], replace: bool) -> Result<PathBuf, Error> {
    manifest.check()?;
    if manifest.years.len() != years.len() {
        let (said, given) = (manifest.years.len(), years.len());
        return Err(Error::Unanswerable(format!("the manifest has {said} years, but {given} are given")));
    }
    let name = manifest.name.clone();
    Shelf::new(root).write_folder(&name, "set of trade data", replace, |folder| {
        for (entry, flows) in manifest.years.iter_mut().zip(years) {
            let folder = folder.join(entry.year.to_string());
            fs::create_dir(&folder).map_err(Error::io(&folder))?;
            let path = folder.join(FLOWS);
            let bytes = encoded(flows).map_err(|e| Error::store(&path, e))?;
            write_synced(&path, &bytes)?;
            entry.files.insert(FLOWS.to_owned(), sha256(&bytes));
        }
        serde_json::to_value(&manifest).map_err(|e| Error::store(root, e))
    })
}

fn whole(units: Vec<i32>) -> Values {
    Values::Decimal { units, decimals: 0 }
}

fn encoded(flows: &Flows) -> Result<Vec<u8>, parquet::errors::ParquetError> {
    let (products, exporters, importers, usd) = flows.columns();
    let mut columns = vec![("product", whole(products)), ("exporter", whole(exporters))];
    if flows.has_partners() {
        columns.push(("importer", whole(importers)));
    }
    columns.push(("usd", Values::Number(usd.into_iter().map(Some).collect())));
    let columns = columns.into_iter().map(|(name, values)| (name.to_owned(), values)).collect();
    let mut bytes = Vec::new();
    columnar::write(&mut bytes, columns, Vec::new())?;
    Ok(bytes)
}

/// Reads one year, checking the file against the manifest's SHA-256.
pub(super) fn read_flows(
    files: &dyn Files,
    entry: &YearEntry,
    economies: usize,
    products: usize,
) -> Result<Flows, Error> {
    let path = format!("{}/{FLOWS}", entry.year);
    let refuse = |reason: String| Error::store(files.place(&path), reason);
    let bytes = store::read_checked(files, &path, entry.files.get(FLOWS))?;
    // One column after another: a year can have eleven million rows.
    let column = |name: &str| columnar::read_number_column(bytes.clone(), name).map_err(|e| refuse(e.to_string()));
    let positions = |name: &str, most: usize| -> Result<Vec<u32>, Error> {
        let whole = |v: f64| (v >= 0.0 && v.fract() == 0.0 && v < most as f64).then_some(v as u32);
        let found: Option<Vec<u32>> = column(name)?.into_iter().map(whole).collect();
        found.ok_or_else(|| refuse(format!("column '{name}' has positions beyond the manifest's lists")))
    };
    let of_economies = |name: &str| -> Result<Vec<u16>, Error> {
        Ok(positions(name, economies.min(usize::from(u16::MAX)))?.into_iter().map(|p| p as u16).collect())
    };
    let of_product = positions("product", products)?;
    let exporters = of_economies("exporter")?;
    let importers = if entry.partners { of_economies("importer")? } else { Vec::new() };
    let usd = column("usd")?;
    Flows::new(entry.year, (economies, products), &of_product, exporters, importers, usd).map_err(refuse)
}

/// Trade data in a folder, each with its place, sorted by name. What cannot be read is among them: opened, it says why.
pub fn list(root: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    Ok(Shelf::new(root).folders().into_iter().map(|entry| (entry.name, entry.place)).collect())
}

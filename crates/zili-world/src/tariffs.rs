//! Trade by sector with its tariffs, before and after: the data of a tariff counterfactual, complete in itself.
//!
//! Shares of regions and sectors of a data set of its own, not those of a world's table: what is spent on a sector need not be what is used of it
//! there, as trade and national accounts are two sources.

use crate::Error;
use crate::finding::Input;
use crate::shelf::{self, Entry, Folder, Shelf, sha256, write_synced};
use crate::store::read_checked;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// N regions, J sectors; amounts in any one unit of money.
#[derive(Clone, Debug, Default)]
pub struct TariffData {
    pub files: Vec<Input>,
    pub regions: Vec<String>,
    pub sectors: Vec<String>,
    /// θ by sector, above 0.
    pub elasticity: Vec<f64>,
    /// What importer n buys of sector j from exporter i, its own included, net of tariffs; [(j·N + n)·N + i].
    pub flows: Vec<f64>,
    /// 1 + tariff of the data, of the baseline and of the counterfactual, as flows.
    pub tariffs: [Vec<f64>; 3],
    /// Other barriers of the baseline and of the counterfactual; 1 is what the data has.
    pub barriers: [Vec<f64>; 2],
    /// By region and sector, [n·J + j].
    pub value_added: Vec<f64>,
    /// What sector j of region n pays for inputs of sector k, [(n·J + k)·J + j].
    pub inputs: Vec<f64>,
    /// By region and sector.
    pub final_use: Vec<f64>,
    /// Imports less exports, by region.
    pub deficits: Vec<f64>,
}

impl TariffData {
    /// Position of what n buys of j from i.
    pub fn flow(&self, j: usize, n: usize, i: usize) -> usize {
        (j * self.regions.len() + n) * self.regions.len() + i
    }

    /// Refuses elasticities that are not above 0, trade and value added below zero, tariffs of −100 % and below, barriers that are not above 0, regions
    /// that make or use nothing, what is used but not bought or made but not sold, each by name; and deficits that do not add up to zero.
    pub fn check(&self) -> Result<(), Error> {
        let refuse = |reason: String| Err(Error::Unanswerable(reason));
        let (n, j) = (self.regions.len(), self.sectors.len());
        if let Some(s) = (0..j).find(|&s| self.elasticity[s].is_nan() || self.elasticity[s] <= 0.0) {
            return refuse(format!("θ of {} is {}; it must be above 0", self.sectors[s], self.elasticity[s]));
        }
        let place = |at: usize| {
            let (sector, importer, exporter) = (at / n / n, at / n % n, at % n);
            format!("{} from {} to {}", self.sectors[sector], self.regions[exporter], self.regions[importer])
        };
        if let Some(at) = self.flows.iter().position(|flow| *flow < 0.0) {
            return refuse(format!("trade in {} is below zero", place(at)));
        }
        for (name, values) in
            [("the data", 0), ("the baseline", 1), ("the counterfactual", 2)].map(|(a, k)| (a, &self.tariffs[k]))
        {
            if let Some(at) = values.iter().position(|tariff| *tariff <= 0.0) {
                return refuse(format!("the tariff of {name} on {} is −100 % or below", place(at)));
            }
        }
        if let Some(at) = self.barriers.iter().find_map(|values| values.iter().position(|barrier| *barrier <= 0.0)) {
            return refuse(format!("the barrier on {} must be above 0; 1 changes nothing", place(at)));
        }
        let cells = [("value added", &self.value_added), ("final use", &self.final_use)];
        for (name, values) in cells {
            if let Some(r) = (0..n).find(|r| values[r * j..(r + 1) * j].iter().sum::<f64>() <= 0.0) {
                return refuse(format!("{} has no {name}", self.regions[r]));
            }
        }
        self.check_markets()
    }

    /// Part of world value added that deficits may add up to: what rounded figures leave, and is shared out.
    const OPEN: f64 = 1e-6;

    fn check_markets(&self) -> Result<(), Error> {
        let (n, j) = (self.regions.len(), self.sectors.len());
        for (r, s) in (0..n).flat_map(|r| (0..j).map(move |s| (r, s))) {
            let refuse = |what: &str| {
                let (sector, region) = (&self.sectors[s], &self.regions[r]);
                Err(Error::Unanswerable(format!("{sector} in {region}: {what}")))
            };
            let sum = |flow: &dyn Fn(usize) -> usize| (0..n).map(|other| self.flows[flow(other)]).sum::<f64>();
            let used = self.inputs[(r * j + s) * j..][..j].iter().chain([&self.final_use[r * j + s]]);
            let made = self.value_added[r * j + s];
            if made < 0.0 {
                return refuse("value added is below zero");
            }
            if used.into_iter().any(|amount| *amount != 0.0) && sum(&|i| self.flow(s, r, i)) == 0.0 {
                return refuse("it is used there, but trade has nobody who sells it there");
            }
            if made > 0.0 && sum(&|n| self.flow(s, n, r)) == 0.0 {
                return refuse("it has value added, but trade has nobody who buys it");
            }
        }
        let (open, world) = (self.deficits.iter().sum::<f64>(), self.value_added.iter().sum::<f64>());
        match open.abs() > Self::OPEN * world {
            true => Err(Error::Unanswerable(format!("deficits must add up to 0; here they add up to {open:.6}"))),
            false => Ok(()),
        }
    }

    /// Amounts below zero, which accounts have for scrap and by-products and which are kept as they are.
    pub fn remarks(&self) -> Vec<String> {
        let amounts = [("inputs", &self.inputs), ("final use", &self.final_use)];
        let below = amounts.into_iter().filter_map(|(name, values)| {
            let below: Vec<f64> = values.iter().copied().filter(|value| *value < 0.0).collect();
            let largest = below.iter().copied().fold(0.0, f64::min);
            let plural = if below.len() == 1 { "" } else { "s" };
            let text =
                format!("{name} below zero in {} place{plural}, {largest:.3e} at most: kept as they are", below.len());
            (!below.is_empty()).then_some(text)
        });
        below.collect()
    }
}

/// What is kept of tariffs: the files they were read from.
#[derive(Serialize, Deserialize)]
struct Manifest {
    schema: u32,
    name: String,
    /// SHA-256 of each file.
    files: BTreeMap<String, String>,
}

/// The shelf of tariffs. Earlier versions kept their files without a manifest.
pub fn kept(root: &Path) -> Shelf {
    Shelf::new(root).with_bare_folders()
}

/// Tariffs in a folder of the store, sorted by name.
pub fn list(root: &Path) -> Vec<Entry> {
    kept(root).folders()
}

/// Copies the files of data that were read from a folder into `root/NAME`: all or nothing.
pub fn write(root: &Path, name: &str, data: &TariffData, from: &Path, replace: bool) -> Result<PathBuf, Error> {
    kept(root).write_folder(name, "set of tariffs", replace, |folder| {
        let mut files = BTreeMap::new();
        for Input { file, .. } in &data.files {
            let (source, copy) = (from.join(plain(file, from)?), folder.join(file));
            let bytes = shelf::read(&source)?;
            write_synced(&copy, &bytes)?;
            files.insert(file.clone(), sha256(&bytes));
        }
        let manifest = Manifest { schema: shelf::SCHEMA, name: name.to_owned(), files };
        serde_json::to_value(&manifest).map_err(|e| Error::store(root, e))
    })
}

/// The folder of the files of `root/NAME`, each checked against the manifest. They stay for as long as it is held.
pub fn open(place: &Path) -> Result<Folder, Error> {
    let folder = shelf::folder_of(place);
    if folder.is_dir() && folder.join(shelf::MANIFEST).symlink_metadata().is_err() {
        return Ok(Folder::bare(folder));
    }
    let (manifest, files, path) = shelf::open(place)?;
    let manifest: Manifest = shelf::typed(manifest, &path)?;
    for (file, sum) in &manifest.files {
        read_checked(&files, plain(file, &path)?, Some(sum))?;
    }
    Ok(files)
}

/// Refuses the name of a file that is a path: it could lead out of the folder.
fn plain<'a>(file: &'a str, place: &Path) -> Result<&'a str, Error> {
    let mut parts = Path::new(file).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(_)), None) if !file.contains(['/', '\\']) => Ok(file),
        _ => Err(Error::store(place, format!("'{file}' is not the name of a file in its folder"))),
    }
}

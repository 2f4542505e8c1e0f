//! A folder in the layout of the data of Caliendo & Parro (2015): names, trade with tariffs before and after, accounts by sector, elasticities.
//!
//! `regions.txt` and `sectors.txt` have a name a line; all else is csv, plain or gzipped:
//!
//! | file | columns |
//! |---|---|
//! | `trade` | sector, exporter, importer, value (net of tariffs), tariff, tariff_bln, tariff_cfl; optionally d_bln, d_cfl |
//! | `value_added`, `final_consumption` | sector, region, value |
//! | `intermediate_consumption` | input, sector, region, value |
//! | `theta` | sector, value |
//! | `deficit` | region, D |
//!
//! A flow, an input or a deficit that is not there is none; a θ, a value added or a final use must be there, if only as 0.

use crate::Error;
use crate::innovation::input;
use crate::trade::{Rows, number, text};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use zili_world::finding::Input;
use zili_world::tariffs::TariffData;

pub const ABOUT: &str = "a set of tariffs before and after with the trade they fall on, for `zili shock tariffs`: a folder in the layout of the data of Caliendo and \
Parro (2015), which `zili shock tariffs --help` tells";

const NEEDED: &str = "regions.txt, sectors.txt, and as csv or csv.gz trade, value_added, intermediate_consumption, final_consumption, deficit and theta";

/// Reads the folder. Refuses what is not there by file, unknown names and what is given twice by line, and what
/// [`TariffData::check`] refuses. A folder of the store is read where its manifest says.
pub fn caliendo_parro(folder: &Path) -> Result<TariffData, Error> {
    if !folder.join("regions.txt").exists() && folder.join("manifest.json").is_file() {
        // Held until all is read, so that nobody replaces half of it meanwhile.
        let kept = zili_world::tariffs::open(folder)?;
        return read(kept.path());
    }
    read(folder)
}

fn read(folder: &Path) -> Result<TariffData, Error> {
    let names = |file: &str| -> Result<(PathBuf, Vec<String>), Error> {
        let path = folder.join(file);
        if !path.is_file() {
            return Err(Error::Missing { path, needed: NEEDED });
        }
        let text = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
        let names: Vec<String> = text
            .trim_start_matches('\u{feff}')
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        if let Some(at) = (0..names.len()).find(|&k| names[..k].contains(&names[k])) {
            return Err(Error::file(&path, format!("'{}' is there twice", names[at])));
        }
        Ok((path, names))
    };
    let ((regions_at, regions), (sectors_at, sectors)) = (names("regions.txt")?, names("sectors.txt")?);
    let (n, j) = (regions.len(), sectors.len());
    let (region, sector) = (Names::new("region", &regions), Names::new("sector", &sectors));
    let cells = || vec![0.0; n * j];
    let flows = |value: f64| vec![value; j * n * n];
    let mut data = TariffData {
        files: vec![read_as_input(&regions_at)?, read_as_input(&sectors_at)?],
        elasticity: vec![f64::NAN; j],
        flows: flows(0.0),
        tariffs: [flows(1.0), flows(1.0), flows(1.0)],
        barriers: [flows(1.0), flows(1.0)],
        value_added: cells(),
        inputs: vec![0.0; n * j * j],
        final_use: cells(),
        deficits: vec![0.0; n],
        regions: regions.clone(),
        sectors: sectors.clone(),
    };

    let path = table(folder, "trade")?;
    let rows = Rows::open(&path)?;
    let places = [rows.needed(&["sector"])?, rows.needed(&["importer"])?, rows.needed(&["exporter"])?];
    let value = rows.needed(&["value"])?;
    let tariffs = [rows.needed(&["tariff"])?, rows.needed(&["tariff_bln"])?, rows.needed(&["tariff_cfl"])?];
    let barriers = [rows.column(&["d_bln"]), rows.column(&["d_cfl"])];
    let mut seen = Seen::new(j * n * n);
    rows.each(|_, record| {
        let [s, importer, exporter] = places.map(|column| text(record, column));
        let at = (sector.at(s?)? * n + region.at(importer?)?) * n + region.at(exporter?)?;
        seen.once(at)?;
        data.flows[at] = number(record, value, "value")?;
        for (values, column) in data.tariffs.iter_mut().zip(tariffs) {
            values[at] = 1.0 + number(record, column, "tariff")?;
        }
        for (values, column) in data.barriers.iter_mut().zip(barriers) {
            if let Some(column) = column {
                values[at] = number(record, column, "barrier")?;
            }
        }
        Ok(())
    })?;
    data.files.push(read_as_input(&path)?);

    for (name, values) in [("value_added", &mut data.value_added), ("final_consumption", &mut data.final_use)] {
        let path = table(folder, name)?;
        let rows = Rows::open(&path)?;
        let columns = [rows.needed(&["sector"])?, rows.needed(&["region"])?, rows.needed(&["value"])?];
        let mut seen = Seen::new(n * j);
        rows.each(|_, record| {
            let at = region.at(text(record, columns[1])?)? * j + sector.at(text(record, columns[0])?)?;
            seen.once(at)?;
            values[at] = number(record, columns[2], "value")?;
            Ok(())
        })?;
        seen.all(&path, |at| format!("{} of {}; write 0 for none", sectors[at % j], regions[at / j]))?;
        data.files.push(read_as_input(&path)?);
    }
    let path = table(folder, "intermediate_consumption")?;
    let rows = Rows::open(&path)?;
    let columns = [rows.needed(&["input"])?, rows.needed(&["sector"])?, rows.needed(&["region"])?];
    let value = rows.needed(&["value"])?;
    let mut seen = Seen::new(n * j * j);
    rows.each(|_, record| {
        let [k, user, place] = columns.map(|column| text(record, column));
        let at = (region.at(place?)? * j + sector.at(k?)?) * j + sector.at(user?)?;
        seen.once(at)?;
        data.inputs[at] = number(record, value, "value")?;
        Ok(())
    })?;
    data.files.push(read_as_input(&path)?);
    let mut by_name =
        |name: &str, of: &Names, column: &'static str, values: &mut [f64]| -> Result<(PathBuf, Seen), Error> {
            let path = table(folder, name)?;
            let rows = Rows::open(&path)?;
            let (place, value) = (rows.needed(&[of.kind])?, rows.needed(&[column])?);
            let mut seen = Seen::new(values.len());
            rows.each(|_, record| {
                let at = of.at(text(record, place)?)?;
                seen.once(at)?;
                values[at] = number(record, value, column)?;
                Ok(())
            })?;
            data.files.push(read_as_input(&path)?);
            Ok((path, seen))
        };
    let (path, seen) = by_name("theta", &sector, "value", &mut data.elasticity)?;
    seen.all(&path, |at| sectors[at].clone())?;
    by_name("deficit", &region, "d", &mut data.deficits)?;
    data.check()?;
    Ok(data)
}

/// A csv of the folder, plain or gzipped.
fn table(folder: &Path, name: &str) -> Result<PathBuf, Error> {
    let plain = folder.join(format!("{name}.csv"));
    let packed = folder.join(format!("{name}.csv.gz"));
    match (plain.is_file(), packed.is_file()) {
        (true, _) => Ok(plain),
        (false, true) => Ok(packed),
        _ => Err(Error::Missing { path: plain, needed: NEEDED }),
    }
}

/// Which cells have been given.
struct Seen(Vec<bool>);

impl Seen {
    fn new(cells: usize) -> Self {
        Self(vec![false; cells])
    }

    fn once(&mut self, at: usize) -> Result<(), String> {
        match std::mem::replace(&mut self.0[at], true) {
            true => Err("this is given twice".to_owned()),
            false => Ok(()),
        }
    }

    /// Refuses a file that lacks one, named by `name`.
    fn all(&self, path: &Path, name: impl Fn(usize) -> String) -> Result<(), Error> {
        match self.0.iter().position(|seen| !seen) {
            Some(at) => Err(Error::file(path, format!("there is no row for {}", name(at)))),
            None => Ok(()),
        }
    }
}

/// Positions of names.
struct Names<'a> {
    kind: &'static str,
    all: &'a [String],
    positions: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn new(kind: &'static str, all: &'a [String]) -> Self {
        Self { kind, all, positions: all.iter().enumerate().map(|(k, name)| (name.as_str(), k)).collect() }
    }

    fn at(&self, name: &str) -> Result<usize, String> {
        let names = || self.all.iter().map(String::as_str);
        let unknown = || zili_world::Error::unknown(self.kind, name, names(), self.all).to_string();
        self.positions.get(name).copied().ok_or_else(unknown)
    }
}

/// A file by its name and checksum.
fn read_as_input(path: &Path) -> Result<Input, Error> {
    let bytes = std::fs::read(path).map_err(Error::io(path))?;
    Ok(input(&path.display().to_string(), &bytes))
}

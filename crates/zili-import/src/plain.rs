//! zili's plain layout: label files and matrices in a folder.

use crate::check::{self, Draft};
use crate::labels::{self, Label};
use crate::{Error, Imported, Settings, matrix};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zili_world::store::{Estimate, SCHEMA, TableEntry};
use zili_world::{
    Classification, FinalCategory, Manifest, Matrix, PrimaryInput, Region, RegionCode, Role, Sector, SectorCode,
    Source, Table, isic,
};

pub const ABOUT: &str = "a world, from any table as label files and bare matrices: regions.csv, sectors.csv, final_demand.csv, primary_inputs.csv \
(column `code`, optionally `name`, `official`, `alias`, `role`, and `isic4`: where a sector stands in ISIC Rev. 4, such as \"26 27\"), and Z, Y, V, optionally VY and x, each .csv (numbers only) or .parquet; \
one table in the folder itself, or one per subfolder named by its year";

pub const NEEDED: &str =
    "regions.csv, sectors.csv, final_demand.csv, primary_inputs.csv and the matrices Z, Y, V (.csv or .parquet)";

/// Optional `world.toml`: what the matrices cannot say about themselves.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct About {
    title: Option<String>,
    unit: Option<String>,
    year: Option<i32>,
    caveats: Vec<String>,
    earlier: Option<String>,
    #[serde(rename = "source")]
    sources: Vec<Source>,
    #[serde(rename = "estimate")]
    estimated: Vec<Estimate>,
}

/// Reads a folder in the plain layout; see [`ABOUT`].
pub fn read(root: &Path, settings: &Settings) -> Result<Imported, Error> {
    if !root.is_dir() {
        let source = std::io::Error::new(std::io::ErrorKind::NotFound, "no such folder");
        return Err(Error::Io { path: root.to_owned(), source });
    }
    let about = read_about(root)?;
    let regions = labels::read(&root_or_first_year(root, "regions.csv")?)?;
    let sectors = labels::read(&root_or_first_year(root, "sectors.csv")?)?;
    let categories = labels::read(&root_or_first_year(root, "final_demand.csv")?)?;
    reachable(root, &regions, "regions.csv", &['+', ',', '*'])?;
    reachable(root, &sectors, "sectors.csv", &['*'])?;
    let regions: Vec<Region> = regions.into_iter().map(region).collect();
    let place = root_or_first_year(root, "sectors.csv")?;
    let sectors: Vec<Sector> = sectors.into_iter().map(|label| sector(&place, label)).collect::<Result<_, _>>()?;
    let categories: Vec<FinalCategory> = categories.into_iter().map(category).collect();
    let classification = Arc::new(Classification::new(regions.clone(), sectors.clone(), categories.clone())?);

    let mut entries = Vec::new();
    let mut tables = Vec::new();
    for (year, folder) in folders(root, settings.year.or(about.year))? {
        let (entry, table) = read_year(root, &folder, year, &classification, settings)?;
        entries.push(entry);
        tables.push(table);
    }
    if let Some(earlier) = &about.earlier {
        zili_world::World::bundled(earlier)?;
    }
    let sources = if about.sources.is_empty() { vec![unnamed_source(&settings.name)] } else { about.sources };
    let manifest = Manifest {
        schema: SCHEMA,
        name: settings.name.clone(),
        title: about.title.unwrap_or_else(|| settings.name.clone()),
        unit: about.unit.unwrap_or_else(|| "million USD, current prices".to_owned()),
        regions,
        sectors,
        final_categories: categories,
        tables: entries,
        sources,
        caveats: about.caveats,
        earlier: about.earlier,
        estimated: about.estimated,
    };
    Ok(Imported { manifest, tables })
}

/// Codes that a command line could not name, or that mean something else in a result, are refused.
fn reachable(root: &Path, labels: &[Label], file: &str, reserved: &[char]) -> Result<(), Error> {
    for label in labels {
        if label.code.contains(reserved) || (file == "regions.csv" && label.code.eq_ignore_ascii_case("all")) {
            let signs: String = reserved.iter().map(|c| format!(" {c}")).collect();
            let reason = format!("code '{}' cannot be used: no{signs} in it, and no region is 'all'", label.code);
            return Err(Error::line(&root.join(file), label.line, reason));
        }
    }
    Ok(())
}

fn read_about(root: &Path) -> Result<About, Error> {
    let path = root.join("world.toml");
    if !path.is_file() {
        return Ok(About::default());
    }
    let text = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
    toml::from_str(&text).map_err(|e| Error::file(&path, e))
}

fn unnamed_source(name: &str) -> Source {
    Source { id: name.to_owned(), title: format!("{name}, brought by the user"), ..Source::default() }
}

/// Year subfolders in ascending order.
fn year_folders(root: &Path) -> Result<Vec<(i32, PathBuf)>, Error> {
    let mut years = Vec::new();
    for entry in std::fs::read_dir(root).map_err(Error::io(root))? {
        let entry = entry.map_err(Error::io(root))?;
        if let (Ok(year), true) = (entry.file_name().to_string_lossy().parse(), entry.path().is_dir()) {
            years.push((year, entry.path()));
        }
    }
    years.sort();
    // Such as 2020 and 02020.
    if let Some(pair) = years.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let reason = format!("this and {} are of one year; keep one", pair[0].1.display());
        return Err(Error::file(&pair[1].1, reason));
    }
    Ok(years)
}

/// Every table's folder with its year: the folder itself if Z is there, else its year subfolders.
fn folders(root: &Path, year: Option<i32>) -> Result<Vec<(i32, PathBuf)>, Error> {
    let years = year_folders(root)?;
    if years.is_empty() || matrix::find(root, "Z")?.is_some() {
        // A table that does not say its year gets year 0.
        return Ok(vec![(year.unwrap_or(0), root.to_owned())]);
    }
    Ok(years)
}

/// A label file common to all years stands in the folder itself, or else in the first year's.
fn root_or_first_year(root: &Path, file: &str) -> Result<PathBuf, Error> {
    let common = root.join(file);
    if common.is_file() {
        return Ok(common);
    }
    Ok(year_folders(root)?.first().map(|(_, folder)| folder.join(file)).filter(|p| p.is_file()).unwrap_or(common))
}

fn read_year(
    root: &Path,
    folder: &Path,
    year: i32,
    classification: &Arc<Classification>,
    settings: &Settings,
) -> Result<(TableEntry, Table), Error> {
    same_codes(folder, "regions.csv", classification.regions().iter().map(|r| r.code.as_str()))?;
    same_codes(folder, "sectors.csv", classification.sectors().iter().map(|s| s.code.as_str()))?;
    same_codes(folder, "final_demand.csv", classification.categories().iter().map(|c| c.code.as_str()))?;
    let own = folder.join("primary_inputs.csv");
    let path = if own.is_file() { own } else { root.join("primary_inputs.csv") };
    let primary_inputs = primary_inputs(&path, labels::read(&path)?)?;
    let (n, m, p) = (classification.industries(), classification.final_columns(), primary_inputs.len());
    let required = |name: &str, rows: usize, columns: usize| -> Result<Matrix, Error> {
        let missing = || Error::Missing { path: folder.join(format!("{name}.csv")), needed: NEEDED };
        matrix::read(&matrix::find(folder, name)?.ok_or_else(missing)?, rows, columns)
    };
    let optional = |name: &str, rows: usize, columns: usize| -> Result<Option<Matrix>, Error> {
        matrix::find(folder, name)?.map(|path| matrix::read(&path, rows, columns)).transpose()
    };
    let mut draft = Draft {
        z: required("Z", n, n)?,
        y: required("Y", n, m)?,
        v: required("V", p, n)?,
        x: optional("x", n, 1)?.map(|x| x.as_slice().to_vec()),
    };
    let vy = optional("VY", p, m)?;
    let remarks =
        check::apply(&mut draft, classification, settings).map_err(|defects| Error::Defects { year, defects })?;
    let table = Table::new(classification.clone(), year, draft.z, draft.y, draft.v, vy, primary_inputs.clone())?;
    let repairs = settings.repairs.iter().map(|r| r.name().to_owned()).collect();
    Ok((TableEntry { year, primary_inputs, remarks, repairs, files: Default::default() }, table))
}

/// A year may repeat the common label files, but not differ from them.
fn same_codes<'a>(folder: &Path, file: &str, expected: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let path = folder.join(file);
    if !path.is_file() {
        return Ok(());
    }
    let found = labels::read(&path)?;
    let expected: Vec<&str> = expected.collect();
    for (k, label) in found.iter().enumerate() {
        if expected.get(k) != Some(&label.code.as_str()) {
            let other = expected.get(k).copied().unwrap_or("nothing");
            return Err(Error::line(
                &path,
                label.line,
                format!("code '{}' where the other years have '{other}'", label.code),
            ));
        }
    }
    if found.len() != expected.len() {
        return Err(Error::file(&path, format!("{} codes, but the other years have {}", found.len(), expected.len())));
    }
    Ok(())
}

fn region(label: Label) -> Region {
    Region { code: RegionCode::new(label.code), name: label.name }
}
fn sector(path: &Path, label: Label) -> Result<Sector, Error> {
    let isic4: Vec<String> =
        label.isic4.iter().flat_map(|places| places.split_whitespace()).map(str::to_owned).collect();
    if let Some(place) = isic4.iter().find(|place| !isic::is_place(place)) {
        let reason = format!(
            "isic4 '{place}' is not in ISIC Rev. 4; give its divisions (2 digits), groups (3) or classes (4), such as \"26 27\""
        );
        return Err(Error::line(path, label.line, reason));
    }
    let (code, name) = (SectorCode::new(label.code), label.name);
    Ok(Sector { code, name, official: label.official, alias: label.alias, isic4 })
}
fn category(label: Label) -> FinalCategory {
    FinalCategory { code: label.code, name: label.name }
}

/// Without a `role` column every row is taken as part of value added.
fn primary_inputs(path: &Path, labels: Vec<Label>) -> Result<Vec<PrimaryInput>, Error> {
    let role = |label: &Label| match label.role.as_deref() {
        None | Some("value-added") => Ok(Role::ValueAdded),
        Some("other") => Ok(Role::Other),
        Some("residual") => Ok(Role::Residual),
        Some(other) => {
            let reason = format!("role '{other}' is not known; give value-added, other or residual");
            Err(Error::line(path, label.line, reason))
        }
    };
    labels
        .into_iter()
        .map(|label| Ok(PrimaryInput { role: role(&label)?, code: label.code, name: label.name }))
        .collect()
}

//! An assessment as a folder: the page, every table, and a manifest to do it again.

use crate::assess::Assessment;
use crate::files::{self, FileFormat};
use crate::{Error, html};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use zili_world::World;
use zili_world::store::sha256;

const PAGE: &str = "report.html";
const MANIFEST: &str = "manifest.json";
const TABLES: &str = "tables";

/// Writes `report.html`, `tables/*.csv` and `manifest.json`, all or nothing. An earlier report there is replaced;
/// a folder that holds anything else is left alone and refused. A link to a folder is followed.
pub fn write(world: &World, assessment: &Assessment, out: &Path) -> Result<(), Error> {
    let place = if out.exists() { fs::canonicalize(out).map_err(Error::io(out))? } else { out.to_owned() };
    if place.file_name().is_none() {
        return Err(Error::file(out, "is no place for a report; name a folder"));
    }
    let earlier = earlier_report(&place)?;
    let parent = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(Error::io(parent))?;
    let staging = tempfile::Builder::new().prefix(".zili-").tempdir_in(parent).map_err(Error::io(parent))?;
    fill(world, assessment, staging.path())?;
    readable(staging.path()).map_err(Error::io(staging.path()))?;
    if !earlier {
        fs::rename(staging.path(), &place).map_err(Error::io(out))?;
        let _ = staging.keep();
        return Ok(());
    }
    // The earlier report is moved aside, into a folder that goes away by itself, and back if its place cannot be taken.
    let aside = tempfile::Builder::new().prefix(".zili-old-").tempdir_in(parent).map_err(Error::io(parent))?;
    let kept = aside.path().join("report");
    fs::rename(&place, &kept).map_err(Error::io(out))?;
    if let Err(error) = fs::rename(staging.path(), &place) {
        if fs::rename(&kept, &place).is_err() {
            let _ = aside.keep();
        }
        return Err(Error::io(out)(error));
    }
    let _ = staging.keep();
    Ok(())
}

/// True if there is a report to replace, false if there is nothing; refuses what is neither.
fn earlier_report(out: &Path) -> Result<bool, Error> {
    if !out.exists() {
        return Ok(false);
    }
    if !out.is_dir() {
        return Err(Error::file(out, "is a file; give a folder"));
    }
    let names = |folder: &Path| -> Result<Vec<String>, Error> {
        let entries = fs::read_dir(folder).map_err(Error::io(folder))?;
        entries.map(|e| Ok(e.map_err(Error::io(folder))?.file_name().to_string_lossy().into_owned())).collect()
    };
    let found = names(out)?;
    let stranger = found.iter().find(|name| ![PAGE, MANIFEST, TABLES].contains(&name.as_str()));
    let tables = out.join(TABLES);
    let in_tables = if tables.is_dir() { names(&tables)? } else { Vec::new() };
    let stranger = stranger.or_else(|| in_tables.iter().find(|name| !name.ends_with(".csv")));
    let whole = found.is_empty() || (found.iter().any(|n| n == PAGE) && found.iter().any(|n| n == MANIFEST));
    match stranger {
        None if whole => Ok(true),
        None => Err(Error::file(out, "is no earlier report; give another folder with --out")),
        Some(name) => Err(Error::file(
            out,
            format!("holds '{name}', which is no part of a report; give another folder with --out"),
        )),
    }
}

fn fill(world: &World, assessment: &Assessment, folder: &Path) -> Result<(), Error> {
    let tables = folder.join(TABLES);
    fs::create_dir(&tables).map_err(Error::io(&tables))?;
    let put = |path: &Path, bytes: &[u8]| fs::write(path, bytes).map_err(Error::io(path));
    let mut listed = Vec::new();
    for figure in assessment.sections.iter().flat_map(|s| &s.figures) {
        let name = format!("{}.csv", figure.id);
        let bytes = files::encode(&figure.finding, FileFormat::Csv)?;
        put(&tables.join(&name), &bytes)?;
        listed
            .push(json!({"file": format!("{TABLES}/{name}"), "title": figure.title, "rows": figure.finding.rows.len(),
            "sha256": sha256(&bytes), "columns": figure.finding.columns, "evidence": figure.finding.evidence}));
    }
    let page = html::render(world, assessment)?;
    put(&folder.join(PAGE), page.as_bytes())?;
    let manifest = format!("{:#}\n", manifest(world, assessment, listed, sha256(page.as_bytes()))?);
    put(&folder.join(MANIFEST), manifest.as_bytes())
}

fn manifest(world: &World, assessment: &Assessment, tables: Vec<Value>, page: String) -> Result<Value, Error> {
    let question = &assessment.question;
    let bloc = |b: &zili_world::Bloc| json!({"code": b.code, "name": b.name, "members": b.members, "absent": b.absent});
    let origins = assessment.origins.iter().map(|o| &o.source);
    let sources: Vec<Value> = world.manifest().sources.iter().chain(origins).map(|source| json!(source)).collect();
    let inputs: Vec<Value> =
        world.manifest().tables.iter().map(|t| json!({"year": t.year, "sha256": t.files})).collect();
    Ok(json!({
        "zili": env!("CARGO_PKG_VERSION"),
        "question": {
            "home": bloc(&question.home),
            "focus": question.focus.as_ref().map(bloc),
            "blocs": question.blocs.iter().map(bloc).collect::<Vec<_>>(),
            "year": question.year,
            "value_added": question.value_added.as_str(),
            "scenarios": question.scenarios.iter().map(|s| json!(s.name)).collect::<Vec<_>>(),
            "strategy": question.strategy.as_ref().map(|s| &s.name),
        },
        "world": {"name": world.manifest().name, "title": world.manifest().title, "unit": world.manifest().unit, "inputs": inputs},
        "sources": sources,
        "headlines": assessment.headlines,
        "summary": assessment.summary,
        "page": {"file": PAGE, "sha256": page},
        "tables": tables,
    }))
}

/// A temporary folder is private; a report is not.
#[cfg(unix)]
fn readable(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}
#[cfg(not(unix))]
fn readable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

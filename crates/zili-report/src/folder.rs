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

/// Writes `report.html`, `tables/*.csv` and `manifest.json`, all or nothing. An earlier report there is replaced; anything else is left alone and refused.
pub fn write(world: &World, assessment: &Assessment, out: &Path) -> Result<(), Error> {
    let earlier = earlier_report(out)?;
    let parent = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(Error::io(parent))?;
    let staging = tempfile::Builder::new().prefix(".zili-").tempdir_in(parent).map_err(Error::io(parent))?;
    fill(world, assessment, staging.path())?;
    readable(staging.path()).map_err(Error::io(staging.path()))?;
    if earlier {
        // Moved into a folder that goes away by itself.
        let aside = tempfile::Builder::new().prefix(".zili-old-").tempdir_in(parent).map_err(Error::io(parent))?;
        fs::rename(out, aside.path().join("report")).map_err(Error::io(out))?;
    }
    fs::rename(staging.path(), out).map_err(Error::io(out))?;
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
    let empty = fs::read_dir(out).map_err(Error::io(out))?.next().is_none();
    let ours = out.join(PAGE).is_file() && out.join(MANIFEST).is_file();
    if empty || ours {
        return Ok(true);
    }
    Err(Error::file(out, "holds something else than an earlier report; give another folder with --out"))
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
        },
        "world": {"name": world.manifest().name, "title": world.manifest().title, "unit": world.manifest().unit, "inputs": inputs},
        "sources": world.manifest().sources,
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

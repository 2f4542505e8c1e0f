//! A plan in a folder: every table of it, and a manifest from which a later search goes on.

use crate::args::{Common, OutputFormat};
use crate::failure::Failure;
use crate::output;
use crate::watching::Terminal;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;
use zili_engine::{Engine, Question, Start};
use zili_plan::RUN;
use zili_plan::portfolio::Earlier;
use zili_plan::portfolio::program::SOLVER;
use zili_report::files::{self, FileFormat};
use zili_world::store;

const MANIFEST: &str = "manifest.json";

/// Makes the plan that a question is about, and writes all that is told of it.
pub fn run(
    common: &Common,
    engine: &Engine,
    mut question: Question,
    format: OutputFormat,
    folder: &Path,
) -> Result<(), Failure> {
    let begun = Instant::now();
    let file = question.strategy.as_ref().map(zili_engine::Document::path).unwrap_or_default();
    question.start = earlier(folder)?;
    if !question.start.is_empty() {
        output::message(common, "Goes on from the plan that is in the folder.");
    }
    question.read_files(Path::new("."))?;
    let watch = Terminal::new(common, engine.entry(&question.method)?.method.title());
    let planned = engine.planned(&engine.ready(&question, &watch)?, &watch)?;
    let seconds = begun.elapsed().as_secs_f64();
    std::fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    let (encoding, ending) = match format {
        OutputFormat::Table | OutputFormat::Csv => (FileFormat::Csv, "csv"),
        OutputFormat::Json => (FileFormat::Json, "json"),
        OutputFormat::Parquet => (FileFormat::Parquet, "parquet"),
    };
    let found = &planned.found;
    let start = |start: &Earlier| json!({"programme": start.name, "mode": start.mode, "start": start.year});
    let text = question.strategy.as_ref().map(|document| document.read()).transpose()?;
    let manifest = |tables: &[Value], options: &Value| {
        let manifest = json!({
            "zili": env!("CARGO_PKG_VERSION"),
            "strategy": {
                "name": planned.strategy.name,
                "file": file.file_name().map(|name| name.to_string_lossy()),
                "sha256": text.map(|(_, text)| store::sha256(text.as_bytes())),
            },
            "against": planned.opponent.words(),
            "solver": SOLVER,
            "cost_musd": found.cost,
            "bound_musd": found.bound,
            "gap": found.gap(),
            "stopped": found.stopped,
            "seconds": seconds,
            "rounds": found.rounds,
            "attacks": found.attacks,
            "starts": planned.starts().iter().map(start).collect::<Vec<_>>(),
            "options": options,
            "tables": tables,
        });
        files::write_whole(&folder.join(MANIFEST), format!("{manifest:#}\n").as_bytes())
    };
    // The plan first, so that a run that is called off goes on from it; with its tables once all are there.
    manifest(&[], &Value::Null)?;
    let (mut listed, mut options) = (Vec::new(), Value::Null);
    for entry in engine.entries().iter().filter(|entry| entry.command() == Some(RUN)) {
        let asked = Question { method: entry.method.name.to_owned(), ..question.clone() };
        let finding = match engine.answer(&asked, &watch) {
            Ok(finding) => finding,
            // Some tables are there only where the strategy has what they tell of.
            Err(zili_engine::Error::Plan(zili_plan::Error::Nothing(_))) => continue,
            Err(stopped) if stopped.kind() == zili_engine::Kind::Stopped => {
                watch.finish();
                let place = folder.display();
                return Err(Failure::Stopped(format!(
                    "{stopped}: the plan is in {place}, {} of its tables too; the same command goes on from there",
                    listed.len()
                )));
            }
            Err(error) => return Err(error.into()),
        };
        let name = format!("{}.{ending}", entry.method.name.replace(zili_plan::portfolio::METHOD.name, "plan"));
        let bytes = files::encode(&finding, encoding)?;
        files::write_whole(&folder.join(&name), &bytes)?;
        if options.is_null() {
            options = json!(&finding.evidence.parameters);
        }
        listed.push(json!({
            "file": name, "title": entry.method.title(), "rows": finding.rows.len(),
            "sha256": store::sha256(&bytes), "columns": finding.columns, "evidence": finding.evidence,
        }));
    }
    watch.finish();
    manifest(&listed, &options)?;
    output::message(common, &format!("{}: {} tables and {MANIFEST}", folder.display(), listed.len()));
    Ok(())
}

/// What an earlier run started, from the manifest that it left; nothing if there is none.
fn earlier(folder: &Path) -> Result<Vec<Start>, Failure> {
    let path = folder.join(MANIFEST);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Failure::io(&path)(e)),
    };
    let refuse = |e: serde_json::Error| {
        Failure::Usage(format!("{} is no manifest of a plan ({e}); give another --out folder", path.display()))
    };
    let mut manifest: Value = serde_json::from_str(&text).map_err(refuse)?;
    match manifest["starts"].take() {
        Value::Null => Ok(Vec::new()),
        starts => serde_json::from_value(starts).map_err(refuse),
    }
}

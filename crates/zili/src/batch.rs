//! Many scenarios into one folder, a result each, resumed where an earlier run stopped.

use crate::args::{Common, OutputFormat};
use crate::failure::Failure;
use crate::output;
use crate::shock::ending;
use crate::watching::Terminal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use zili_engine::{Engine, Error, Question, Ready};
use zili_report::files::{self, FileFormat};
use zili_world::{Watch, store};

/// What is in the folder already: file, the question it answers, and its checksum.
#[derive(Default, Serialize, Deserialize)]
struct Done(BTreeMap<String, Entry>);

#[derive(Serialize, Deserialize)]
struct Entry {
    question: String,
    sha256: String,
}

const INDEX: &str = "results.json";

/// A question that has no result yet.
struct Waiting {
    file: PathBuf,
    result: String,
    fingerprint: String,
}

pub fn run(
    common: &Common,
    engine: &Engine,
    mut questions: Vec<Question>,
    format: OutputFormat,
    folder: &Path,
) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    let mut done = Done::read(folder)?;
    let watch = Terminal::new(common, "scenarios");
    let (mut waiting, mut ready): (Vec<Waiting>, Vec<Ready>) = Default::default();
    let (mut names, mut refused, all) = (BTreeMap::new(), 0, questions.len());
    for question in &mut questions {
        let document = question.scenario.as_slice().first().cloned();
        let file = document.as_ref().map(zili_engine::Document::path).unwrap_or_default();
        question.read_files(Path::new("."))?;
        let checked = match engine.ready(question, &watch) {
            Ok(checked) => checked,
            // The others are read all the same: all that is wrong is said at once.
            Err(error @ Error::Scenario(zili_scenario::Error::Refused(_))) => {
                output::complain(&format!("{error}\n"));
                refused += 1;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let stem = document.as_ref().map(zili_engine::Document::stem).unwrap_or_default();
        let result = format!("{stem}-{}.{}", question.model.as_ref().unwrap_or(&question.method), ending(format));
        if let Some(other) = names.insert(result.clone(), file.clone()) {
            let text = format!("{} and {} would both be {result}", other.display(), file.display());
            return Err(Failure::Usage(text));
        }
        let fingerprint = engine.fingerprint(question, &checked);
        if !done.has(folder, &result, &fingerprint) {
            waiting.push(Waiting { file, result, fingerprint });
            ready.push(checked);
        }
    }
    if refused > 0 {
        return Err(Failure::Checked(format!("{refused} of {all} files refused")));
    }
    let there = all - waiting.len();
    watch.begin("steps", ready.iter().filter_map(Ready::posed).map(|posed| posed.scenario.steps() as u64).sum());
    let mut failed = 0;
    let answered = engine.answers(&ready, &watch, &mut |k, found| {
        let Waiting { file, result, fingerprint } = &waiting[k];
        let finding = match found {
            Ok(finding) => finding,
            Err(stopped) if stopped.kind() == zili_engine::Kind::Stopped => return Err(stopped),
            Err(refusal) => {
                output::complain(&format!("{}: {refusal}", file.display()));
                failed += 1;
                return Ok(());
            }
        };
        // Written as soon as it is known, so that what is stopped goes on from here.
        let mut kept = || -> Result<(), Failure> {
            let bytes = files::encode(&finding, file_format(format))?;
            files::write_whole(&folder.join(result), &bytes)?;
            let entry = Entry { question: fingerprint.clone(), sha256: store::sha256(&bytes) };
            done.0.insert(result.clone(), entry);
            done.write(folder)
        };
        kept().map_err(|failure| Error::Question(failure.to_string()))
    });
    watch.finish();
    match answered {
        Err(stopped) if stopped.kind() == zili_engine::Kind::Stopped => {
            let how = format!(
                "{stopped}: {} results are in {}; the same command goes on from there",
                done.0.len(),
                folder.display()
            );
            return Err(Failure::Stopped(how));
        }
        answered => answered?,
    }
    let played = waiting.len() - failed;
    let already = if there > 0 { format!(", {there} were there already") } else { String::new() };
    output::message(common, &format!("{played} scenarios played{already}: {}", folder.display()));
    match failed {
        0 => Ok(()),
        _ => Err(Failure::Checked(format!("{failed} of {all} scenarios could not be played"))),
    }
}

fn file_format(format: OutputFormat) -> FileFormat {
    match format {
        OutputFormat::Json => FileFormat::Json,
        OutputFormat::Parquet => FileFormat::Parquet,
        OutputFormat::Csv | OutputFormat::Table => FileFormat::Csv,
    }
}

impl Done {
    fn read(folder: &Path) -> Result<Self, Failure> {
        let path: PathBuf = folder.join(INDEX);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(Failure::io(&path)(e)),
        };
        serde_json::from_str(&text).map_err(|e| {
            let text = format!("{} is not a list of results ({e}); give another --out folder", path.display());
            Failure::Usage(text)
        })
    }

    /// Whether a file answers this question and is as it was written.
    fn has(&self, folder: &Path, name: &str, question: &str) -> bool {
        let whole = |entry: &Entry| std::fs::read(folder.join(name)).is_ok_and(|b| store::sha256(&b) == entry.sha256);
        self.0.get(name).is_some_and(|entry| entry.question == question && whole(entry))
    }

    fn write(&self, folder: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).map_err(|e| Failure::Usage(e.to_string()))?;
        Ok(files::write_whole(&folder.join(INDEX), text.as_bytes())?)
    }
}

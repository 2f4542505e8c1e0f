//! Many scenarios into one folder: played in groups that share each reading of the flows, resumed where an earlier run stopped.

use crate::args::{Common, RunArgs};
use crate::context::Context;
use crate::failure::Failure;
use crate::output;
use crate::play::{self, Played, answer, ask, ending, is_inventory, stem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use zili_report::files::{self, FileFormat};
use zili_shock::inventory::{Detail, Stage, bottlenecks, losses, paths};
use zili_shock::{Model, inventory};
use zili_world::{Finding, store};

/// So many scenarios step side by side: enough to share the flows, few enough to stay in the cache.
const TOGETHER: usize = 16;

/// What is in the folder already: file, the question it answers, and its checksum.
#[derive(Default, Serialize, Deserialize)]
struct Done(BTreeMap<String, Entry>);

#[derive(Serialize, Deserialize)]
struct Entry {
    question: String,
    sha256: String,
}

const INDEX: &str = "results.json";

pub fn run(
    common: &Common,
    context: &Context,
    args: &RunArgs,
    model: &Model,
    played: &[Played],
    folder: &Path,
) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    let mut done = Done::read(folder)?;
    let mut waiting = Vec::new();
    let mut names = BTreeMap::new();
    for scenario in played {
        let name = format!("{}-{}.{}", stem(&scenario.path), model.method.name, ending(args.output.format));
        if let Some(other) = names.insert(name.clone(), &scenario.path) {
            let text = format!("{} and {} would both be {name}", other.display(), scenario.path.display());
            return Err(Failure::Usage(text));
        }
        let question = question(context, args, model, scenario)?;
        if !done.has(folder, &name, &question) {
            waiting.push((scenario, name, question));
        }
    }
    let there = played.len() - waiting.len();
    let bar = output::progress(common, waiting.iter().map(|(played, ..)| played.scenario.steps()).sum(), "steps");
    let mut alone = Vec::new();
    let mut refused = 0;
    while !waiting.is_empty() || !alone.is_empty() {
        let group = match waiting.is_empty() {
            true => vec![alone.remove(0)],
            false => next_group(&mut waiting, args, model),
        };
        let begun = bar.position();
        let findings = match findings(common, context, args, model, &group, &|steps| bar.inc(steps)) {
            Ok(findings) => findings,
            // One that is refused must not take the others with it.
            Err(_) if group.len() > 1 => {
                bar.set_position(begun);
                alone.extend(group);
                continue;
            }
            Err(failure) => {
                output::complain(&format!("{}: {failure}", group[0].0.path.display()));
                refused += 1;
                continue;
            }
        };
        for ((_, name, question), finding) in group.iter().zip(findings) {
            let bytes = files::encode(&finding, format(args))?;
            files::write_whole(&folder.join(name), &bytes)?;
            done.0.insert(name.clone(), Entry { question: question.clone(), sha256: store::sha256(&bytes) });
        }
        bar.set_position(begun + group.iter().map(|(played, ..)| played.scenario.steps() as u64).sum::<u64>());
        done.write(folder)?;
    }
    bar.finish_and_clear();
    let played_now = played.len() - there - refused;
    let already = if there > 0 { format!(", {there} were there already") } else { String::new() };
    output::message(common, &format!("{played_now} scenarios played{already}: {}", folder.display()));
    match refused {
        0 => Ok(()),
        _ => Err(Failure::Checked(format!("{refused} of {} scenarios could not be played", played.len()))),
    }
}

type Waiting<'a> = (&'a Played, String, String);

/// Takes the scenarios that can be played together off the front of the queue: one, unless the model can do more.
fn next_group<'a>(waiting: &mut Vec<Waiting<'a>>, args: &RunArgs, model: &Model) -> Vec<Waiting<'a>> {
    if args.draws.is_some() || !is_inventory(model.method) {
        return vec![waiting.remove(0)];
    }
    let key = |p: &Played| {
        let mixing = inventory::mixing(&p.params).to_bits();
        (p.scenario.year, p.scenario.step.to_bits(), p.scenario.horizon.to_bits(), mixing)
    };
    let first = key(waiting[0].0);
    let mut group = Vec::new();
    let mut k = 0;
    while k < waiting.len() && group.len() < TOGETHER {
        if key(waiting[k].0) == first { group.push(waiting.remove(k)) } else { k += 1 }
    }
    group
}

fn findings(
    common: &Common,
    context: &Context,
    args: &RunArgs,
    model: &Model,
    group: &[Waiting],
    stepped: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Finding>, Failure> {
    let quiet = Common { quiet: true, ..common.clone() };
    if args.draws.is_some() || !is_inventory(model.method) {
        return group.iter().map(|(played, _, _)| answer(&quiet, context, args, model, played)).collect();
    }
    let stage = Stage::new(&context.world, &group[0].0.scenario, &group[0].0.params)?;
    let detail = |played: &Played| match model.method.name {
        name if name == paths::METHOD.name => paths::detail(&played.params),
        _ => Detail::Totals,
    };
    let asks: Vec<inventory::Ask> = group.iter().map(|(played, _, _)| ask(played, detail(played))).collect();
    let records = stage.play(&asks, &|done| stepped(done as u64))?;
    group
        .iter()
        .zip(&records)
        .map(|((played, _, _), record)| {
            let (scenario, params) = (&played.scenario, &played.params);
            let mut finding = match model.method.name {
                name if name == paths::METHOD.name => paths::paths(&stage, scenario, params, record)?,
                name if name == bottlenecks::METHOD.name => bottlenecks::bottlenecks(&stage, scenario, params, record)?,
                _ => losses(&stage, scenario, params, record)?,
            };
            context.world.sign(&mut finding, &[scenario.year])?;
            finding.parameter("scenario file", store::sha256(played.text.as_bytes()));
            Ok(finding)
        })
        .collect()
}

fn format(args: &RunArgs) -> FileFormat {
    match play::ending(args.output.format) {
        "json" => FileFormat::Json,
        "parquet" => FileFormat::Parquet,
        _ => FileFormat::Csv,
    }
}

/// Everything that a result depends on, in one checksum.
fn question(context: &Context, args: &RunArgs, model: &Model, played: &Played) -> Result<String, Failure> {
    let manifest = serde_json::to_string(context.world.manifest()).map_err(|e| Failure::Usage(e.to_string()))?;
    let parts = [
        env!("CARGO_PKG_VERSION").to_owned(),
        model.method.name.to_owned(),
        format!("{:?} {} {:?}", args.draws, args.seed, args.play.world.value_added.as_str()),
        format!("{:?}", played.params.options.listed()),
        format!("{:?}", played.scenario),
        manifest,
    ];
    Ok(store::sha256(parts.join("\n").as_bytes()))
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

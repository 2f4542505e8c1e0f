//! `zili scenario`: files checked, explained and begun.

use crate::args::{
    Common, ExplainFormat, ScenarioArgs, ScenarioCheckArgs, ScenarioCommand, ScenarioExplainArgs, ScenarioKind,
    ScenarioNewArgs,
};
use crate::asking;
use crate::failure::Failure;
use crate::output;
use std::io::Write;
use std::path::Path;
use zili_engine::{Engine, Names};
use zili_report::explanation;
use zili_scenario::template::{Kind, template};
use zili_scenario::{BlocBook, Reading, explain, schema};
use zili_world::World;

pub fn run(common: &Common, engine: &Engine, args: ScenarioArgs) -> Result<(), Failure> {
    match args.command {
        ScenarioCommand::Check(args) => check(common, engine, &args),
        ScenarioCommand::Explain(args) => explained(common, engine, &args),
        ScenarioCommand::New(args) => new(common, engine, &args),
        ScenarioCommand::Schema => output::to_stdout(schema::schema().as_bytes()),
    }
}

/// A scenario file against a world.
pub fn read(path: &Path, world: &World, book: &BlocBook) -> Result<Reading, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
    Ok(zili_scenario::read(&text, &path.display().to_string(), world, book, &zili_shock::settable())?)
}

fn check(common: &Common, engine: &Engine, args: &ScenarioCheckArgs) -> Result<(), Failure> {
    let Names { world, book } = asking::named(common, engine, &args.world, &[])?;
    let mut refused = 0;
    for path in &args.files {
        match read(path, &world, &book) {
            Ok(reading) => {
                warn(common, &reading);
                output::to_stdout(format!("{}: ok\n", path.display()).as_bytes())?;
            }
            // The other files are checked all the same.
            Err(Failure::Engine(zili_engine::Error::Scenario(error @ zili_scenario::Error::Refused(_)))) => {
                output::complain(&format!("{error}\n"));
                refused += 1;
            }
            Err(failure) => return Err(failure),
        }
    }
    match refused {
        0 => Ok(()),
        _ => Err(Failure::Checked(format!("{refused} of {} files refused", args.files.len()))),
    }
}

pub fn warn(common: &Common, reading: &Reading) {
    reading.warnings.iter().for_each(|warning| output::message(common, &format!("{warning}\n")));
}

fn explained(common: &Common, engine: &Engine, args: &ScenarioExplainArgs) -> Result<(), Failure> {
    let Names { world, book } = asking::named(common, engine, &args.world, &[])?;
    let reading = read(&args.file, &world, &book)?;
    warn(common, &reading);
    let explanation = explain(&reading.scenario, &world)?;
    let text = match args.format {
        ExplainFormat::Text => explanation::text(&explanation, &world.unit(), output::width().min(80)),
        ExplainFormat::Json => {
            let json = serde_json::to_string_pretty(&explanation);
            json.map_err(|e| Failure::Usage(e.to_string()))? + "\n"
        }
    };
    output::to_stdout(text.as_bytes())
}

fn new(common: &Common, engine: &Engine, args: &ScenarioNewArgs) -> Result<(), Failure> {
    let Names { world, book } = asking::named(common, engine, &args.world, &[])?;
    let home = book.resolve(&args.home, world.classification())?;
    let kind = match args.kind {
        ScenarioKind::Control => Kind::Control,
        ScenarioKind::Lockdown => Kind::Lockdown,
        ScenarioKind::Blockade => Kind::Blockade,
        ScenarioKind::Retaliation => Kind::Retaliation,
    };
    let text = template(kind, &home, &world)?;
    let Some(path) = &args.output else { return output::to_stdout(text.as_bytes()) };
    // Somebody's work may be in a file of this name.
    let mut file = std::fs::File::create_new(path).map_err(Failure::io(path))?;
    file.write_all(text.as_bytes()).map_err(Failure::io(path))?;
    output::message(common, &format!("{}: change it, then run zili scenario check {0}", path.display()));
    Ok(())
}

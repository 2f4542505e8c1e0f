//! `zili shock`: one model, one finding; or many scenarios, a finding each.

use crate::args::{
    BanArgs, Common, CompareArgs, ExtractionArgs, FlowArg, OutputFormat, RunArgs, ScanArgs, ShockArgs, ShockCommand,
    ShockCommon, TariffsArgs,
};
use crate::failure::Failure;
use crate::{asking, batch};
use zili_engine::{Denial, Document, Engine, Field, Need, Question, Uses, Verb, Years};
use zili_shock::{ban, equilibrium, extraction, inventory, scan, uncertainty};
use zili_world::Method;

pub fn run(common: &Common, engine: &Engine, args: ShockArgs) -> Result<(), Failure> {
    match args.model {
        ShockCommand::Run(args) => scenarios(common, engine, args),
        ShockCommand::Compare(args) => compare(common, engine, args),
        ShockCommand::Ban(args) => denial(common, engine, args),
        ShockCommand::Scan(args) => denials(common, engine, args),
        ShockCommand::Tariffs(args) => tariffs(common, engine, args),
        ShockCommand::Extraction(args) => extracted(common, engine, args),
    }
}

fn scenarios(common: &Common, engine: &Engine, args: RunArgs) -> Result<(), Failure> {
    let entry = engine.entry_of(Verb::Shock, &args.model)?;
    // These make denials of their own; a scenario would have no part in what they find.
    if !entry.is_of_scenario() {
        let name = entry.method.name;
        return Err(Failure::Usage(match (entry.need(Field::Draws), entry.need(Field::Scenario)) {
            (Need::Must, _) => format!("{name} draws another model's answer: give --draws N with that --model"),
            (_, Need::Must) => format!("{name} is of several scenarios: use `zili shock compare`"),
            _ => format!("{name} plays no scenario; use `zili shock {name}`"),
        }));
    }
    if args.draws.is_some() && entry.draws() {
        return Err(Failure::Usage(format!("{} draws by itself; give --set draws=N", entry.method.name)));
    }
    let mut question = asking::question(common, &args.model, Some(&args.play.world), &args.play.options)?;
    if let Some(draws) = args.draws {
        question.model = Some(std::mem::replace(&mut question.method, uncertainty::METHOD.name.to_owned()));
        (question.draws, question.seed) = (Some(draws), Some(args.seed));
    }
    if !args.by.is_empty() {
        question.denial = Some(Denial {
            by: args.by.into(),
            against: args.against.into(),
            sectors: args.sectors.into(),
            severity: args.severity.unwrap_or(1.0),
            flows: Uses::Both,
        });
        return asking::show(common, engine, question, &args.output);
    }
    if let Some(folder) = &args.out {
        let of = |file| Question { scenario: Document::file(file).into(), ..question.clone() };
        return batch::run(common, engine, args.files.iter().map(of).collect(), args.output.format, folder);
    }
    let several = args.files.len() > 1;
    question.scenario = args.files.iter().map(Document::file).collect::<Vec<_>>().into();
    if several {
        if args.draws.is_some() || entry.method.name != inventory::METHOD.name {
            return Err(Failure::Usage(format!(
                "several files and one screen: give --out DIR for a result each, or play them with --model {}",
                inventory::METHOD.name
            )));
        }
        question.method = inventory::comparison::METHOD.name.to_owned();
    }
    asking::show(common, engine, question, &args.output)
}

fn compare(common: &Common, engine: &Engine, args: CompareArgs) -> Result<(), Failure> {
    let method = &inventory::comparison::METHOD;
    let question = asking::question(common, method.name, Some(&args.play.world), &args.play.options)?;
    let scenario = args.files.iter().map(Document::file).collect::<Vec<_>>().into();
    asking::show(common, engine, Question { scenario, ..question }, &args.output)
}

fn denial(common: &Common, engine: &Engine, args: BanArgs) -> Result<(), Failure> {
    let denial = Denial {
        by: args.by.into(),
        against: args.against.into(),
        sectors: args.sectors.into(),
        severity: args.severity,
        flows: match args.flows {
            FlowArg::Both => Uses::Both,
            FlowArg::Intermediate => Uses::Intermediate,
            FlowArg::Final => Uses::Final,
        },
    };
    let question = dated(common, &ban::METHOD, &args.common)?;
    asking::show(common, engine, Question { denial: Some(denial), ..question }, &args.common.output)
}

fn denials(common: &Common, engine: &Engine, args: ScanArgs) -> Result<(), Failure> {
    let mut question = dated(common, &scan::METHOD, &args.common)?;
    asking::flag(&mut question, "over", &args.over)?;
    asking::flag(&mut question, "severity", &args.severity.to_string())?;
    (question.home, question.partner) = (args.home.as_str().into(), args.partner.into());
    asking::show(common, engine, question, &args.common.output)
}

fn extracted(common: &Common, engine: &Engine, args: ExtractionArgs) -> Result<(), Failure> {
    let mut question = dated(common, &extraction::METHOD, &args.common)?;
    asking::flag(&mut question, "over", &args.over)?;
    (question.home, question.partner) = (args.home.as_str().into(), args.partner.into());
    asking::show(common, engine, question, &args.common.output)
}

fn dated(common: &Common, method: &Method, args: &ShockCommon) -> Result<Question, Failure> {
    let question = asking::question(common, method.name, Some(&args.world), &args.options)?;
    Ok(Question { year: args.year.map(Years::One), ..question })
}

/// A data set of its own, with no world in it.
fn tariffs(common: &Common, engine: &Engine, args: TariffsArgs) -> Result<(), Failure> {
    let question = asking::question(common, equilibrium::tariffs::METHOD.name, None, &args.options)?;
    asking::show(common, engine, Question { tariffs: Some(args.data), ..question }, &args.output)
}

/// The ending of a file in a format.
pub fn ending(format: OutputFormat) -> &'static str {
    match format {
        OutputFormat::Json => "json",
        OutputFormat::Parquet => "parquet",
        OutputFormat::Csv | OutputFormat::Table => "csv",
    }
}

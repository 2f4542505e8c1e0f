//! `zili plan`: what to build first, and who should decide it.

use crate::args::{AllocateArgs, Common, GovernanceArgs, PlanArgs, PlanAskArgs, PlanCommand, PlanRunArgs};
use crate::asking;
use crate::failure::Failure;
use crate::{output, plan_folder, strategy};
use zili_engine::{Document, Engine, Entry, Field, Need, Question, Years, methods::penalty};
use zili_plan::{ALLOCATE, GOVERNANCE, RUN, reserve, talent};
use zili_world::Method;

pub fn run(common: &Common, engine: &Engine, args: PlanArgs) -> Result<(), Failure> {
    match args.command {
        PlanCommand::Run(args) => best(common, engine, args),
        PlanCommand::Reserve(args) => of_strategy(common, engine, &reserve::METHOD, args),
        PlanCommand::Penalty(args) => of_strategy(common, engine, &penalty::METHOD, args),
        PlanCommand::Talent(args) => of_strategy(common, engine, &talent::METHOD, args),
        PlanCommand::Allocate(args) => allocate(common, engine, args),
        PlanCommand::Governance(args) => governance(common, engine, args),
        PlanCommand::Check(args) => strategy::check(common, engine, &args),
        PlanCommand::Explain(args) => strategy::explained(common, engine, &args),
        PlanCommand::New(args) => strategy::new(common, engine, &args),
        PlanCommand::Schema => output::to_stdout(zili_plan::strategy::schema().as_bytes()),
    }
}

/// The best plan, one table of it or all.
fn best(common: &Common, engine: &Engine, args: PlanRunArgs) -> Result<(), Failure> {
    let entry = named(engine, RUN, &args.show, |_| true)?;
    let question = strategic(common, entry.method, &args.ask)?;
    match &args.out {
        Some(folder) => plan_folder::run(common, engine, question, args.ask.output.format, folder),
        None => asking::show(common, engine, question, &args.ask.output),
    }
}

fn of_strategy(common: &Common, engine: &Engine, method: &Method, args: PlanAskArgs) -> Result<(), Failure> {
    let question = strategic(common, method, &args)?;
    asking::show(common, engine, question, &args.output)
}

fn strategic(common: &Common, method: &Method, args: &PlanAskArgs) -> Result<Question, Failure> {
    // What counts as value added is no part of a strategy.
    let question = asking::question(common, method.name, Some(&args.world), &args.options)?;
    Ok(Question { strategy: Some(Document::file(&args.file)), ..question })
}

fn allocate(common: &Common, engine: &Engine, args: AllocateArgs) -> Result<(), Failure> {
    let entry = named(engine, ALLOCATE, &args.method, |_| true)?;
    let question = asking::question(common, entry.method.name, Some(&args.world), &args.options)?;
    let question = Question {
        home: args.home.as_str().into(),
        year: args.year.map(Years::One),
        research: args.research.map(Document::file),
        citations: args.citations.map(Document::file),
        ..question
    };
    asking::show(common, engine, question, &args.output)
}

/// Models of who decides: asked of a strategy where there is a file, else of nobody in particular.
fn governance(common: &Common, engine: &Engine, args: GovernanceArgs) -> Result<(), Failure> {
    let of_strategy = |entry: &Entry| entry.need(Field::Strategy) == Need::Must;
    let asked = |entry: &Entry| of_strategy(entry) == args.file.is_some();
    let first = engine.entries().iter().find(|entry| entry.command() == Some(GOVERNANCE) && asked(entry));
    let name = args.method.as_deref().or(first.map(|entry| entry.method.name)).unwrap_or_default();
    let entry = named(engine, GOVERNANCE, name, |_| true)?;
    match (args.file, of_strategy(entry)) {
        (None, true) => Err(Failure::Usage(format!("{name} is asked of a strategy: zili plan governance FILE"))),
        (Some(_), false) => {
            Err(Failure::Usage(format!("{name} knows of no strategy: leave the file out, or leave --method out")))
        }
        (None, false) => {
            let question = asking::question(common, name, None, &args.options)?;
            asking::show(common, engine, question, &args.output)
        }
        (Some(file), true) => {
            let ask = PlanAskArgs { file, options: args.options, world: args.world, output: args.output };
            self::of_strategy(common, engine, entry.method, ask)
        }
    }
}

/// A method by name among those that a command asks.
fn named<'e>(
    engine: &'e Engine,
    command: &str,
    name: &str,
    fits: impl Fn(&Entry) -> bool,
) -> Result<&'e Entry, Failure> {
    let among = || engine.entries().iter().filter(|entry| entry.command() == Some(command) && fits(entry));
    among().find(|entry| entry.method.name == name).ok_or_else(|| {
        let names: Vec<String> = among().map(|entry| entry.method.name.to_owned()).collect();
        zili_world::Error::unknown("method", name, names.iter().map(String::as_str), &names).into()
    })
}

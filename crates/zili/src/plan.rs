//! `zili plan`: what to build first, and who should decide it.

use crate::args::{AllocateArgs, Common, GovernanceArgs, OptionArgs, OutputArgs, PlanArgs, PlanAskArgs, PlanCommand};
use crate::context::{Context, options};
use crate::failure::Failure;
use crate::{output, portfolio, strategy};
use zili_plan::Run;
use zili_world::world::DEFAULT;
use zili_world::{Bloc, Finding, Method, Params, World};

/// Planners of where effort pays, the first the default.
const ALLOCATE: [&str; 3] = ["allocation", "distortion", "research"];
/// Planners of who decides.
const GOVERNANCE: [&str; 3] = ["governance", "governance-adaptation", "governance-initiative"];

pub fn run(common: &Common, args: PlanArgs) -> Result<(), Failure> {
    match args.command {
        PlanCommand::Run(args) => portfolio::run(common, args),
        PlanCommand::Reserve(args) => portfolio::ask(common, &zili_plan::reserve::METHOD, args),
        PlanCommand::Penalty(args) => portfolio::penalty(common, &zili_report::penalty::METHOD, args),
        PlanCommand::Talent(args) => portfolio::ask(common, &zili_plan::talent::METHOD, args),
        PlanCommand::Allocate(args) => allocate(common, args),
        PlanCommand::Governance(args) => governance(common, args),
        PlanCommand::Check(args) => strategy::check(common, &args),
        PlanCommand::Explain(args) => strategy::explained(common, &args),
        PlanCommand::New(args) => strategy::new(common, &args),
        PlanCommand::Schema => output::to_stdout(zili_plan::strategy::schema().as_bytes()),
    }
}

fn allocate(common: &Common, args: AllocateArgs) -> Result<(), Failure> {
    let method = planner(&args.method, &ALLOCATE)?;
    let own: Vec<(&str, &str)> = [("research", &args.research), ("citations", &args.citations)]
        .into_iter()
        .filter(|(_, file)| file.is_some())
        .map(|(name, _)| (name, "file"))
        .collect();
    let options = options(method, &args.options, &own)?;
    let mut context = Context::new(common, &args.world)?;
    let classification = context.world.classification().clone();
    if let Some(path) = &args.research {
        context.world = context.world.with_research(zili_import::innovation::research(path, &classification)?);
    }
    if let Some(path) = &args.citations {
        context.world = context.world.with_citations(zili_import::innovation::citations(path, &classification)?);
    }
    let home = context.bloc(&args.home)?;
    let year = context.year(args.year)?;
    let value_added = context.value_added(args.world.value_added, &[year])?;
    let params = Params { home, partners: Vec::new(), year, value_added, options };
    let mut finding = answer(common, &context.world, method, &params)?;
    // The user's own files are named by the method; the world's come first.
    let files = std::mem::take(&mut finding.evidence.inputs);
    context.world.sign(&mut finding, &[year])?;
    finding.evidence.inputs.extend(files);
    output::finding(common, &args.output, finding)
}

fn governance(common: &Common, args: GovernanceArgs) -> Result<(), Failure> {
    let named = |otherwise| args.method.as_deref().unwrap_or(otherwise);
    let own = &zili_plan::governance::strategy::METHOD;
    let Some(file) = args.file else {
        let name = named(GOVERNANCE[0]);
        if name == own.name {
            return Err(Failure::Usage(format!("{name} is asked of a strategy: zili plan governance FILE")));
        }
        return models(common, name, &args.options, &args.output);
    };
    let name = named(own.name);
    if GOVERNANCE.contains(&name) {
        return Err(Failure::Usage(format!("{name} knows of no strategy: leave the file out, or leave --method out")));
    }
    planner(name, &[own.name])?;
    let ask = PlanAskArgs { file, options: args.options, world: args.world, output: args.output };
    portfolio::governance(common, own, ask)
}

/// Models of who decides, asked of nobody in particular: they have no table.
fn models(common: &Common, name: &str, set: &OptionArgs, shown: &OutputArgs) -> Result<(), Failure> {
    let method = planner(name, &GOVERNANCE)?;
    let options = options(method, set, &[])?;
    let world = World::bundled(DEFAULT)?;
    let params = Params {
        home: Bloc::of_region(world.classification(), 0),
        partners: Vec::new(),
        year: world.latest()?,
        value_added: zili_world::ValueAdded::Residual,
        options,
    };
    let finding = answer(common, &world, method, &params)?;
    output::finding(common, shown, finding)
}

/// A planner among those that a command has.
fn planner(name: &str, among: &[&'static str]) -> Result<&'static Method, Failure> {
    if !among.contains(&name) {
        let accepted: Vec<String> = among.iter().map(|name| (*name).to_owned()).collect();
        return Err(zili_world::Error::unknown("method", name, among.iter().copied(), &accepted).into());
    }
    Ok(zili_plan::planner(name)?.method)
}

fn answer(common: &Common, world: &World, method: &'static Method, params: &Params) -> Result<Finding, Failure> {
    let spinner = output::spinner(common, method.title());
    let finding = match zili_plan::planner(method.name)?.run {
        Run::World(run) => run(world, params)?,
        Run::Strategy(_) => return Err(Failure::Usage(format!("{} needs a strategy file", method.name))),
    };
    spinner.finish_and_clear();
    Ok(finding)
}

//! `zili plan run|reserve|talent`: what the planners make of a strategy.

use crate::args::{Common, OutputFormat, PlanAskArgs, PlanRunArgs};
use crate::context::{Context, options};
use crate::failure::Failure;
use crate::{output, strategy};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;
use zili_plan::portfolio::{self, Earlier, Planned};
use zili_plan::{Run, Strategy};
use zili_report::files::{self, FileFormat};
use zili_world::{Finding, Method, Params, ValueAdded, store};

const MANIFEST: &str = "manifest.json";

/// A planner that answers at once.
pub fn ask(common: &Common, method: &'static Method, args: PlanAskArgs) -> Result<(), Failure> {
    let (context, strategy, params) = asked(common, method, &args)?;
    let planner = zili_plan::planner(method.name)?;
    let bar = output::spinner(common, method.title());
    let finding = match planner.run {
        Run::World(run) => run(&context.world, &params)?,
        Run::Strategy(run) => run(&context.world, &strategy, &params)?,
    };
    bar.finish_and_clear();
    output::finding(common, &args.output, finding)
}

/// Who should decide it: some dozen plans for every draw, counted while they are made.
pub fn governance(common: &Common, method: &'static Method, args: PlanAskArgs) -> Result<(), Failure> {
    let (_, strategy, params) = asked(common, method, &args)?;
    let bar = output::spinner(common, method.title());
    let say = |done: usize, all: usize| bar.set_message(format!("{}: {done} of {all} draws", method.title()));
    let finding = zili_plan::governance::strategy::run_saying(&strategy, &params, &say)?;
    bar.finish_and_clear();
    output::finding(common, &args.output, finding)
}

/// What going without costs, by the shock model.
pub fn penalty(common: &Common, method: &'static Method, args: PlanAskArgs) -> Result<(), Failure> {
    let (context, strategy, params) = asked(common, method, &args)?;
    let bar = output::spinner(common, method.title());
    let finding = zili_report::penalty::run(&context.world, &strategy, &params)?;
    bar.finish_and_clear();
    output::finding(common, &args.output, finding)
}

fn asked(common: &Common, method: &Method, args: &PlanAskArgs) -> Result<(Context, Strategy, Params), Failure> {
    let options = options(method, &args.options, &[])?;
    let context = Context::new(common, &args.world)?;
    let strategy = strategy::read(common, &args.file, &context)?;
    let params = Params {
        home: strategy.home.clone(),
        partners: Vec::new(),
        year: context.world.latest()?,
        value_added: ValueAdded::Residual,
        options,
    };
    Ok((context, strategy, params))
}

/// The best plan, one table of it or all.
pub fn run(common: &Common, args: PlanRunArgs) -> Result<(), Failure> {
    let names: Vec<String> = portfolio::TABLES.iter().map(|table| table.method.name.to_owned()).collect();
    let table = portfolio::TABLES.iter().find(|table| table.method.name == args.show);
    let unknown = || zili_world::Error::unknown("table", &args.show, names.iter().map(String::as_str), &names);
    let table = table.ok_or_else(unknown)?;
    let (_, strategy, params) = asked(common, &portfolio::METHOD, &args.ask)?;

    let begun = Instant::now();
    let bar = output::spinner(common, "Best plan");
    let say = |cost: f64, bound: f64| {
        let known = if cost.is_finite() { format!("{cost:.1}") } else { "none yet".to_owned() };
        bar.set_message(format!("Best plan: cost {known}, at least {bound:.1} million USD"));
    };
    let earlier = args.out.as_deref().map(earlier).unwrap_or_default();
    if !earlier.is_empty() {
        output::message(common, "Goes on from the plan that is in the folder.");
    }
    let planned = portfolio::resume(&strategy, &params, &earlier, &say)?;
    let seconds = begun.elapsed().as_secs_f64();
    let Some(folder) = &args.out else {
        bar.set_message("What else could be done");
        let finding = (table.make)(&planned, &params)?;
        bar.finish_and_clear();
        return output::finding(common, &args.ask.output, finding);
    };
    let mut written = Vec::new();
    for table in portfolio::TABLES {
        // An adversary's attacks are there only where the strategy has one.
        if table.method.name == portfolio::attacks::METHOD.name && planned.instance.adversary.is_none() {
            continue;
        }
        bar.set_message(table.method.title());
        written.push((table.method, (table.make)(&planned, &params)?));
    }
    bar.finish_and_clear();
    write(common, folder, &args, &planned, seconds, &written)
}

/// What an earlier run started, from the manifest that it left; nothing if there is none.
fn earlier(folder: &Path) -> Vec<Earlier> {
    let text = std::fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
    let manifest: Value = serde_json::from_str(&text).unwrap_or_default();
    let starts = manifest["starts"].as_array().into_iter().flatten().filter_map(|start| {
        let text = |key: &str| Some(start[key].as_str()?.to_owned());
        let year = i32::try_from(start["start"].as_i64()?).ok()?;
        Some(Earlier { name: text("programme")?, mode: text("mode")?, year })
    });
    starts.collect()
}

/// Tables and manifest into a folder, the manifest last: where it is, all is there.
fn write(
    common: &Common,
    folder: &Path,
    args: &PlanRunArgs,
    planned: &Planned,
    seconds: f64,
    tables: &[(&Method, Finding)],
) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    let (format, ending) = match args.ask.output.format {
        OutputFormat::Table | OutputFormat::Csv => (FileFormat::Csv, "csv"),
        OutputFormat::Json => (FileFormat::Json, "json"),
        OutputFormat::Parquet => (FileFormat::Parquet, "parquet"),
    };
    let mut listed = Vec::new();
    for (method, finding) in tables {
        let name = format!("{}.{ending}", method.name.replace("portfolio", "plan"));
        let bytes = files::encode(finding, format)?;
        files::write_whole(&folder.join(&name), &bytes)?;
        listed.push(json!({
            "file": name, "title": method.title(), "rows": finding.rows.len(),
            "sha256": store::sha256(&bytes), "columns": finding.columns, "evidence": finding.evidence,
        }));
    }
    let text = std::fs::read(&args.ask.file).map_err(Failure::io(&args.ask.file))?;
    let found = &planned.found;
    let manifest = json!({
        "zili": env!("CARGO_PKG_VERSION"),
        "strategy": {
            "name": planned.strategy.name,
            "file": args.ask.file.file_name().map(|name| name.to_string_lossy()),
            "sha256": store::sha256(&text),
        },
        "against": planned.opponent.words(),
        "solver": portfolio::program::SOLVER,
        "cost_musd": found.cost,
        "bound_musd": found.bound,
        "gap": found.gap(),
        "stopped": found.stopped,
        "seconds": seconds,
        "rounds": found.rounds,
        "attacks": found.attacks,
        "starts": planned
            .starts()
            .iter()
            .map(|start| json!({"programme": start.name, "mode": start.mode, "start": start.year}))
            .collect::<Vec<_>>(),
        "options": tables.first().map(|(_, finding)| &finding.evidence.parameters),
        "tables": listed,
    });
    files::write_whole(&folder.join(MANIFEST), format!("{manifest:#}\n").as_bytes())?;
    output::message(common, &format!("{}: {} tables and {MANIFEST}", folder.display(), tables.len()));
    Ok(())
}

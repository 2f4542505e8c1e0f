//! `zili shock run` and `zili shock compare`: scenario files played by a model.

use crate::args::{Common, CompareArgs, OutputFormat, PlayArgs, RunArgs};
use crate::batch;
use crate::context::{Context, options};
use crate::failure::Failure;
use crate::output;
use crate::scenario;
use std::path::{Path, PathBuf};
use zili_scenario::Scenario;
use zili_scenario::diagnostic::Name;
use zili_shock::inventory::comparison;
use zili_shock::inventory::{Ask, Detail, Record, Stage};
use zili_shock::{Model, horizons, uncertainty};
use zili_world::{Bloc, Finding, Method, Options, Params};

/// A scenario file that was read, and the question it makes.
pub struct Played {
    pub path: PathBuf,
    pub text: String,
    pub scenario: Scenario,
    pub params: Params,
}

pub fn run(common: &Common, args: &RunArgs) -> Result<(), Failure> {
    let model = zili_shock::model(&args.model)?;
    // These make denials of their own; a scenario would have no part in what they find.
    if !zili_shock::plays_scenarios(model.method) {
        return Err(Failure::Usage(format!("{0} plays no scenario; use `zili shock {0}`", model.method.name)));
    }
    if args.draws.is_some() && zili_shock::draws_itself(model.method) {
        return Err(Failure::Usage(format!("{} draws by itself; give --set draws=N", model.method.name)));
    }
    let context = Context::new(common, &args.play.world)?;
    let played = read(common, &context, &args.play, &args.files, model.method)?;
    if let Some(folder) = &args.out {
        return batch::run(common, &context, args, model, &played, folder);
    }
    match played.as_slice() {
        [one] => output::finding(common, &args.output, answer(common, &context, args, model, one)?),
        _ if args.draws.is_some() || model.method.name != zili_shock::inventory::METHOD.name => Err(Failure::Usage(
            "several files and one screen: give --out DIR for a result each, or play them with --model inventory"
                .into(),
        )),
        many => output::finding(common, &args.output, compared(common, &context, many)?),
    }
}

pub fn compare(common: &Common, args: &CompareArgs) -> Result<(), Failure> {
    let context = Context::new(common, &args.play.world)?;
    let played = read(common, &context, &args.play, &args.files, &comparison::METHOD)?;
    output::finding(common, &args.output, compared(common, &context, &played)?)
}

/// One scenario, one finding.
pub fn answer(
    common: &Common,
    context: &Context,
    args: &RunArgs,
    model: &Model,
    played: &Played,
) -> Result<Finding, Failure> {
    let (scenario, params) = (&played.scenario, &played.params);
    let mut finding = match args.draws {
        Some(draws) => {
            let bar = output::progress(common, draws, "draws");
            let step = || bar.inc(1);
            let finding = uncertainty::run(&context.world, scenario, params, model, draws, args.seed, &step)?;
            bar.finish_and_clear();
            finding
        }
        None if zili_shock::draws_itself(model.method) => {
            let bar = output::progress(common, horizons::steps(params), "models played");
            let step = || bar.inc(1);
            let finding = horizons::answer(&context.world, scenario, params, model.method, &step)?;
            bar.finish_and_clear();
            finding
        }
        None => {
            let spinner = output::spinner(common, model.method.title());
            let finding = (model.run)(&context.world, scenario, params)?;
            spinner.finish_and_clear();
            finding
        }
    };
    // What rests on a chain alone has signed itself, and no table.
    if finding.evidence.inputs.is_empty() {
        context.world.sign(&mut finding, &[scenario.year])?;
    }
    finding.parameter("scenario file", zili_world::store::sha256(played.text.as_bytes()));
    Ok(finding)
}

/// Scenario files with the options that they and the command line give to a method.
pub fn read(
    common: &Common,
    context: &Context,
    args: &PlayArgs,
    files: &[PathBuf],
    method: &'static Method,
) -> Result<Vec<Played>, Failure> {
    let mut played = Vec::new();
    let mut refused = 0;
    for path in files {
        let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
        let reading = match scenario::parse(&text, path, &context.world, &context.book) {
            Ok(reading) => reading,
            // The others are read all the same: all that is wrong is said at once.
            Err(Failure::Scenario(error @ zili_scenario::Error::Refused(_))) => {
                output::complain(&format!("{error}\n"));
                refused += 1;
                continue;
            }
            Err(failure) => return Err(failure),
        };
        let mut reading = reading;
        if method.name == zili_shock::chain::METHOD.name {
            // Controls that fall on no table are just what it is about.
            reading.warnings.retain(|warning| warning.name != Name::NotOnATable);
        }
        scenario::warn(common, &reading);
        let mut scenario = reading.scenario;
        // Scenarios that have no name of their own, or that of another, go by their file's.
        let taken = |name: &str| played.iter().any(|p: &Played| p.scenario.name == name);
        if taken(&scenario.name) {
            scenario.name = format!("{} ({})", scenario.name, stem(path));
        }
        let params = Params {
            home: scenario.home.clone(),
            partners: Bloc::partners_of(&scenario.home, context.world.classification()),
            year: scenario.year,
            value_added: context.value_added(args.world.value_added, &[scenario.year])?,
            options: chosen(&scenario, method, args)?,
        };
        played.push(Played { path: path.clone(), text, scenario, params });
    }
    match refused {
        0 => Ok(played),
        _ => Err(Failure::Checked(format!("{refused} of {} files refused", files.len()))),
    }
}

/// The scenario's own options, then the command line's.
fn chosen(scenario: &Scenario, method: &'static Method, args: &PlayArgs) -> Result<Options, Failure> {
    let key = zili_shock::settings_name(method);
    let none = Vec::new();
    let own = scenario.settings.get(key).unwrap_or(&none);
    let given: Vec<&str> =
        args.options.set.iter().filter_map(|word| word.split_once('=')).map(|(name, _)| name).collect();
    // They were checked against the model that they are set for; a finding of that model's may know fewer.
    let known = |name: &str| method.parameters.iter().any(|parameter| parameter.name == name);
    let own: Vec<(&str, &str)> =
        own.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| known(n) && !given.contains(n)).collect();
    options(method, &args.options, &own)
}

/// Whether runs of this method can be played side by side.
pub fn is_inventory(method: &Method) -> bool {
    zili_shock::settings_name(method) == zili_shock::inventory::METHOD.name
}

fn compared(common: &Common, context: &Context, played: &[Played]) -> Result<Finding, Failure> {
    let stage = Stage::new(&context.world, &played[0].scenario, &played[0].params)?;
    if let Some(odd) = played.iter().find(|p| !stage.fits(&p.scenario, &p.params)) {
        let (first, odd) = (played[0].path.display(), odd.path.display());
        return Err(Failure::Usage(format!("{odd} has another year, step or mixing than {first}; give them the same")));
    }
    let asks: Vec<Ask> = played.iter().map(|p| ask(p, Detail::Totals)).collect();
    let records = together(common, &stage, &asks)?;
    let mut finding = comparison::comparison(&stage, &asks, &records)?;
    let first = &played[0].scenario;
    if played.iter().any(|p| p.scenario.horizon != first.horizon) {
        finding.note("the scenarios have different horizons: losses over different times are set side by side");
    }
    if played.iter().any(|p| p.scenario.home != first.home) {
        finding.note(format!("home is that of the first scenario, {}", first.home.code));
    }
    context.world.sign(&mut finding, &[played[0].scenario.year])?;
    Ok(finding)
}

pub fn ask(played: &Played, detail: Detail) -> Ask<'_> {
    Ask { scenario: &played.scenario, params: &played.params, detail }
}

/// Plays scenarios side by side under a bar.
pub fn together(common: &Common, stage: &Stage, asks: &[Ask]) -> Result<Vec<Record>, Failure> {
    let steps = asks.iter().map(|ask| ask.scenario.steps()).sum();
    let bar = output::progress(common, steps, "steps");
    let records = stage.play(asks, &|done| bar.inc(done as u64))?;
    bar.finish_and_clear();
    Ok(records)
}

/// The ending of a file in a format.
pub fn ending(format: OutputFormat) -> &'static str {
    match format {
        OutputFormat::Json => "json",
        OutputFormat::Parquet => "parquet",
        OutputFormat::Csv | OutputFormat::Table => "csv",
    }
}

/// The name that a scenario's results go by.
pub fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

//! `zili plan check|explain|new|schema`: strategy files checked, explained and begun.

use crate::args::{Common, ExplainFormat, PlanCheckArgs, PlanExplainArgs, PlanNewArgs};
use crate::context::Context;
use crate::failure::Failure;
use crate::output;
use std::io::Write;
use std::path::Path;
use zili_plan::strategy::template::{self, Chokepoint};
use zili_plan::strategy::{self, Strategy, explain};
use zili_world::{Bloc, Cell, Options, Params};

/// A strategy file against a world; warnings go to the person at the terminal.
pub fn read(common: &Common, path: &Path, context: &Context) -> Result<Strategy, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
    let (strategy, warnings) = strategy::read(&text, &path.display().to_string(), &context.world, &context.book)?;
    warnings.iter().for_each(|warning| output::message(common, &format!("{warning}\n")));
    Ok(strategy)
}

pub fn check(common: &Common, args: &PlanCheckArgs) -> Result<(), Failure> {
    let context = Context::new(common, &args.world)?;
    let mut refused = 0;
    for path in &args.files {
        match read(common, path, &context) {
            Ok(_) => output::to_stdout(format!("{}: ok\n", path.display()).as_bytes())?,
            // The other files are checked all the same.
            Err(Failure::Plan(error @ zili_plan::Error::Refused(_))) => {
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

pub fn explained(common: &Common, args: &PlanExplainArgs) -> Result<(), Failure> {
    let context = Context::new(common, &args.world)?;
    let explanation = explain::explain(&read(common, &args.file, &context)?);
    let text = match args.format {
        ExplainFormat::Text => zili_report::strategy::text(&explanation, output::width().min(80)),
        ExplainFormat::Json => {
            let json = serde_json::to_string_pretty(&explanation);
            json.map_err(|e| Failure::Usage(e.to_string()))? + "\n"
        }
    };
    output::to_stdout(text.as_bytes())
}

pub fn new(common: &Common, args: &PlanNewArgs) -> Result<(), Failure> {
    let context = Context::new(common, &args.world)?;
    let home = context.bloc_or_country(&args.home)?;
    let text = match &args.chain {
        None => template::template(&home, args.from),
        Some(name) => {
            let points = chokepoints(&context, &home, name, args.most)?;
            template::of_chain(&home, args.from, context.world.chain(name)?, &points, &context.world)
        }
    };
    let Some(path) = &args.output else { return output::to_stdout(text.as_bytes()) };
    // Somebody's work may be in a file of this name.
    let mut file = std::fs::File::create_new(path).map_err(Failure::io(path))?;
    file.write_all(text.as_bytes()).map_err(Failure::io(path))?;
    output::message(common, &format!("{}: change it, then run zili plan check {0}", path.display()));
    Ok(())
}

/// Inputs of a chain that one region abroad can take away, the most foreign first.
fn chokepoints(context: &Context, home: &Bloc, name: &str, most: usize) -> Result<Vec<Chokepoint>, Failure> {
    let measure = zili_exposure::measure("chain-inputs")?;
    let params = Params {
        home: home.clone(),
        partners: Vec::new(),
        year: context.world.latest()?,
        value_added: zili_world::ValueAdded::Residual,
        options: Options::parse(measure.method, [("chain", name)].into_iter())?,
    };
    let chain = context.world.chain(name)?;
    let years = [params.year];
    let finding = zili_exposure::series(&context.world, measure, std::slice::from_ref(home), &years, &params, &|| ())?;
    let column = |name: &str| finding.columns.iter().position(|column| column.name == name);
    let text = |row: &[Cell], name: &str| match column(name).and_then(|c| row.get(c)) {
        Some(Cell::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let points = finding.rows.iter().filter_map(|row| {
        let (certain, perhaps) = (text(row, "alone"), text(row, "perhaps"));
        let alone = match (certain.is_empty(), perhaps.is_empty()) {
            (true, true) => return None,
            (false, true) => certain,
            (true, false) => format!("perhaps {perhaps}"),
            (false, false) => format!("{certain}, perhaps {perhaps}"),
        };
        Some(Chokepoint { input: chain.input(&text(row, "input"))?, alone, stops: text(row, "stops") })
    });
    let points: Vec<Chokepoint> = points.take(most).collect();
    if points.is_empty() {
        let text =
            format!("nobody abroad can take an input of {name} away from {} alone: nothing to suggest", home.code);
        return Err(zili_world::Error::Unanswerable(text).into());
    }
    Ok(points)
}

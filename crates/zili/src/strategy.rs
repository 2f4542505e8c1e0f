//! `zili plan check|explain|new|schema`: strategy files checked, explained and begun.

use crate::args::{Common, ExplainFormat, PlanCheckArgs, PlanExplainArgs, PlanNewArgs};
use crate::asking;
use crate::failure::Failure;
use crate::output;
use std::io::Write;
use std::path::Path;
use zili_engine::{Engine, Names};
use zili_exposure::chains::inputs;
use zili_plan::strategy::template::{self, Chokepoint};
use zili_plan::strategy::{self, Strategy, explain};
use zili_world::{Bloc, Cell, Options, Params};

/// A strategy file against a world; warnings go to the person at the terminal.
pub fn read(common: &Common, path: &Path, names: &Names) -> Result<Strategy, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::io(path))?;
    let (strategy, warnings) = strategy::read(&text, &path.display().to_string(), &names.world, &names.book)?;
    warnings.iter().for_each(|warning| output::message(common, &format!("{warning}\n")));
    Ok(strategy)
}

pub fn check(common: &Common, engine: &Engine, args: &PlanCheckArgs) -> Result<(), Failure> {
    let names = asking::names(common, engine, &args.world)?;
    let mut refused = 0;
    for path in &args.files {
        match read(common, path, &names) {
            Ok(_) => output::to_stdout(format!("{}: ok\n", path.display()).as_bytes())?,
            // The other files are checked all the same.
            Err(Failure::Engine(zili_engine::Error::Plan(error @ zili_plan::Error::Refused(_)))) => {
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

pub fn explained(common: &Common, engine: &Engine, args: &PlanExplainArgs) -> Result<(), Failure> {
    let names = asking::names(common, engine, &args.world)?;
    let explanation = explain::explain(&read(common, &args.file, &names)?);
    let text = match args.format {
        ExplainFormat::Text => zili_report::strategy::text(&explanation, output::width().min(80)),
        ExplainFormat::Json => {
            let json = serde_json::to_string_pretty(&explanation);
            json.map_err(|e| Failure::Usage(e.to_string()))? + "\n"
        }
    };
    output::to_stdout(text.as_bytes())
}

pub fn new(common: &Common, engine: &Engine, args: &PlanNewArgs) -> Result<(), Failure> {
    let names = asking::names(common, engine, &args.world)?;
    let home = names.bloc_or_country(&args.home)?;
    let text = match &args.chain {
        None => template::template(&home, args.from),
        Some(name) => {
            let points = chokepoints(&names, &home, name, args.most)?;
            template::of_chain(&home, args.from, names.world.chain(name)?, &points, &names.world)
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
fn chokepoints(names: &Names, home: &Bloc, name: &str, most: usize) -> Result<Vec<Chokepoint>, Failure> {
    let chain = names.world.chain(name)?;
    let params = Params {
        home: home.clone(),
        partners: Vec::new(),
        year: names.world.latest()?,
        value_added: zili_world::ValueAdded::Residual,
        options: Options::parse(&inputs::METHOD, [("chain", name)].into_iter())?,
    };
    let finding = inputs::run(&names.world, &params)?;
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

//! The command line with a measure of one's own: its file, its page, and one line of a register. It is then at every door.
//!
//! `cargo run --example one_more_measure -- expose output-share --home DEU`

use std::process::ExitCode;
use zili_engine::{Entry, Run};
use zili_exposure::Measure;
use zili_world::method::column;
use zili_world::{Column, Error, Finding, Method, Params, World, row};

static METHOD: Method = Method {
    name: "output-share",
    page: "# Share of the world's output\n\n## Answers\n\nHow much of the world's gross output home makes.\n\n## Equation\n\n```text\ns = Σ_home x / Σ x\n```\n\n## Columns\n\n## Options\n\nNone.\n\n## Limits\n\nDouble counting intended.\n\n## Source\n\nAccounting.\n",
    columns: &[column::YEAR, column::HOME, Column::share("share", "Share", "home's output over the world's")],
    parameters: &[],
};

fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let table = world.table(params.year)?;
    let home: f64 = params.home.industries(&table.classification)?.iter().map(|&i| table.output()[i]).sum();
    let mut finding = Finding::new(&METHOD, params);
    finding.push(row![params.year, &params.home.code, home / table.output().iter().sum::<f64>()]);
    Ok(finding)
}

static MEASURE: Measure = Measure::of_table(&METHOD, run);

fn main() -> ExitCode {
    zili::main_with(&[Entry { method: &METHOD, run: Run::Measure(&MEASURE) }])
}

#![doc = include_str!("../../../../docs/src/methods/horizons.md")]

pub mod drivers;
pub mod indices;
pub(crate) mod play;
pub mod study;

use crate::Error;
use crate::by_region;
use study::{Line, Outcome, Study};
use zili_scenario::Scenario;
use zili_world::method::{Accepts, column};
use zili_world::{Column, Finding, Method, Parameter, Params, Watch, World, row};

const DRAWS: Parameter = Parameter {
    name: "draws",
    accepts: Accepts::Count { default: 32, most: 65_536 },
    description: "points of the sequence for the intervals; 1: none. What two of d unknowns do together is told from (d + 1)(d + 2) draws on",
};

pub static METHOD: Method = Method {
    name: "horizons",
    page: include_str!("../../../../docs/src/methods/horizons.md"),
    columns: &[
        column::YEAR.minor(),
        Column::text("role", "Who", "home, those who deny, others who are denied, or bystanders").key(),
        Column::text("regions", "Regions", "code of home, or the regions meant").key().minor(),
        Column::text("when", "When", "time that the answer is about").key(),
        Column::text("model", "Model", "which model answers").key().minor(),
        Column::musd("base", "Otherwise", "value added of that time, or spending of a year, without the scenario")
            .minor(),
        Column::musd("lost", "Lost", "what is lost of it; below zero it is a gain"),
        Column::share("loss", "Loss", "lost / base"),
        Column::share("low", "from", "5 % of draws are below"),
        Column::share("high", "to", "95 % of draws are below"),
        Column::text("hangs_on", "Hangs on", "the number on which the spread hangs most, with its total Sobol index"),
        Column::integer("draws", "Draws", "draws", "draws that have an answer").minor(),
    ],
    parameters: &[DRAWS],
};

/// One scenario at every horizon.
pub fn run(world: &World, scenario: &Scenario, params: &Params, watch: &dyn Watch) -> Result<Finding, Error> {
    Ok(finding(&asked(world, scenario, params, watch)?, scenario, params))
}

fn draws(params: &Params) -> usize {
    match params.options.number(DRAWS.name) as usize {
        1 => 0,
        draws => draws,
    }
}

/// The study that the options ask for.
pub fn asked(world: &World, scenario: &Scenario, params: &Params, watch: &dyn Watch) -> Result<Study, Error> {
    let draws = draws(params);
    watch.begin("runs of models", (play::HORIZONS.len() * (1 + draws)) as u64);
    Study::new(world, scenario, params, draws, watch)
}

/// A study as rows: those who are in it, then the times.
pub fn finding(study: &Study, scenario: &Scenario, params: &Params) -> Finding {
    let mut finding = Finding::new(&METHOD, params);
    for (a, actor) in study.actors.iter().enumerate() {
        for line in &study.lines {
            let outcome = &line.outcomes[a];
            finding.push(row![
                params.year,
                actor.role,
                &actor.name,
                &line.when,
                line.model,
                outcome.base,
                outcome.lost,
                outcome.lost / outcome.base,
                outcome.interval[0],
                outcome.interval[1],
                hangs_on(line, outcome),
                outcome.draws,
            ]);
        }
    }
    if (2..FEW).contains(&draws(params)) {
        finding
            .note(format!("intervals from {} draws are rough, and too narrow: ask for {FEW} or more", draws(params)));
    }
    describe(&mut finding, study, scenario);
    finding
}

/// Draws of the sequence, which fills space evenly, that are enough for an interval.
const FEW: usize = 16;

/// The number with the largest total index.
fn hangs_on(line: &Line, outcome: &Outcome) -> String {
    let Some(indices) = &outcome.indices else { return String::new() };
    let largest = indices.total.iter().zip(&line.unknowns).max_by(|a, b| a.0.total_cmp(b.0));
    largest.map_or(String::new(), |(total, unknown)| format!("{} {total:.2}", unknown.name))
}

fn describe(finding: &mut Finding, study: &Study, scenario: &Scenario) {
    by_region::describe(finding, &scenario.controls_on_table());
    let mut told: Vec<&str> = Vec::new();
    for line in study.lines.iter().filter(|line| !line.unknowns.is_empty()) {
        if !told.contains(&line.model) {
            told.push(line.model);
            let drawn: Vec<String> =
                line.unknowns.iter().map(|d| format!("{} {:.3} to {:.3}", d.name, d.low, d.high)).collect();
            finding.parameter(&format!("drawn for {}", line.model), drawn.join(", "));
        }
    }
    study.notes.iter().for_each(|note| finding.note(note.clone()));
    finding.note(
        "losses of weeks and months are of value added in that time, all others of a year's spending in real terms",
    );
    finding.note("in the models of a year and longer controls count as in full force and for good, and nothing but controls counts");
}

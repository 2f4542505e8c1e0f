#![doc = include_str!("../../../../docs/src/methods/horizons-drivers.md")]

use super::study::Study;
use super::{DRAWS, asked, describe};
use crate::Error;
use zili_scenario::Scenario;
use zili_world::method::column;
use zili_world::{Cell, Column, Finding, Method, Params, Watch, World, row};

pub static METHOD: Method = Method {
    name: "horizons-drivers",
    page: include_str!("../../../../docs/src/methods/horizons-drivers.md"),
    columns: &[
        column::YEAR.minor(),
        Column::text("role", "Who", "home, those who deny, others who are denied, or bystanders").key(),
        Column::text("when", "When", "time that the answer is about").key(),
        Column::text("model", "Model", "which model answers").key(),
        Column::text("unknown", "What is not known", "option of the model, or severity of a control").key(),
        Column::number("low", "From", "the unknown's", "its lowest value").minor(),
        Column::number("high", "To", "the unknown's", "its highest value").minor(),
        Column::share("first", "Alone", "first-order Sobol index: share of the loss's variance due to it alone"),
        Column::share("total", "In all", "total Sobol index: with what it does together with others"),
        Column::share("explained", "Fit", "share of the variance of the draws that the fitted polynomial has"),
    ],
    parameters: &[DRAWS],
};

/// What the answer of each horizon hangs on.
pub fn run(world: &World, scenario: &Scenario, params: &Params, watch: &dyn Watch) -> Result<Finding, Error> {
    Ok(finding(&asked(world, scenario, params, watch)?, scenario, params))
}

/// A study's indices as rows, the largest first for each time.
pub fn finding(study: &Study, scenario: &Scenario, params: &Params) -> Finding {
    let mut finding = Finding::new(&METHOD, params);
    for (a, actor) in study.actors.iter().enumerate() {
        for line in &study.lines {
            let Some(indices) = &line.outcomes[a].indices else { continue };
            let mut rows: Vec<(f64, Vec<Cell>)> = Vec::new();
            for (k, unknown) in line.unknowns.iter().enumerate() {
                let mut cells = row![params.year, actor.role, &line.when, line.model, &unknown.name];
                cells.extend(row![unknown.low, unknown.high, indices.first[k], indices.total[k], indices.explained]);
                rows.push((indices.total[k], cells));
            }
            rows.sort_by(|a, b| b.0.total_cmp(&a.0));
            rows.into_iter().for_each(|(_, cells)| finding.push(cells));
        }
    }
    if finding.rows.is_empty() {
        finding.note("too few draws to tell: ask for 32 or more; d unknowns need 2 (d + 1) at least");
    }
    describe(&mut finding, study, scenario);
    finding
}

#![doc = include_str!("../../../docs/src/methods/mixed.md")]

use crate::Error;
use crate::by_region::{self, DETAIL, rows};
use crate::carried;
use crate::demand;
use crate::limits::{Cause, Limits};
use crate::low_rank::singular;
use zili_scenario::{Response, Scenario};
use zili_world::linalg::Lu;
use zili_world::method::{Accepts, column};
use zili_world::{Column, Finding, Method, Parameter, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "mixed",
    page: include_str!("../../../docs/src/methods/mixed.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::integer(
            "constrained",
            "Held to a limit",
            "industries",
            "industries that make no more than their limit",
        ),
        Column::text(
            "bound_by",
            "Bound by",
            "what holds the industry to its limit: 'disruption', or the sector whose products are denied",
        )
        .result(),
        Column::musd("output", "Gross output", "gross output before").minor(),
        Column::musd("value_added", "Value added", "value added before").minor(),
        Column::musd("direct_output", "Output lost, limit", "output lost by industries held to a limit"),
        Column::musd(
            "upstream_output",
            "Output lost, upstream",
            "output lost by the others, whose products are no longer called for",
        ),
        Column::musd(
            "demand_output",
            "Output lost, demand",
            "output lost to the scenario's own changes of final use; a gain is negative",
        )
        .minor(),
        Column::musd("value_added_loss", "Value added lost", "value added lost with all three"),
        Column::share("loss_share", "of value added", "value_added_loss / value_added"),
        Column::musd(
            "final_loss",
            "Final deliveries lost",
            "deliveries to final users that the industries held to a limit can no longer make",
        ),
    ],
    parameters: &[
        DETAIL,
        Parameter {
            name: "essential",
            accepts: Accepts::Fraction { default: 0.01 },
            description: "smallest share of a denied input in output at which production cannot do without it, where the scenario does not say; 0.01 is a convention",
        },
        Parameter {
            name: "capital_ratio",
            accepts: Accepts::Number { default: 4.0, above: 0.0, below: 1e3 },
            description: "capital per unit of value added, years; 4 as in Hallegatte (2008)",
        },
    ],
};

/// What the world still makes when some industries are held to a limit.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let chains = &scenario.chains;
    let scenario = &*carried::at_its_worst(world, scenario)?;
    if scenario.controls.is_empty() && scenario.disruptions.is_empty() && scenario.responses.is_empty() {
        return Err(Error::NothingHappens("the mixed model"));
    }
    let system = world.system(params.year)?;
    let limits = Limits::of(&system, scenario, params)?;
    let final_change = demand::change(&system, scenario)?;
    let state = State::of(&system, &limits.possible, final_change)?;

    let mut finding = Finding::new(&METHOD, params);
    report(&mut finding, &system, &limits, &state, params)?;
    by_region::describe_carried(&mut finding, &scenario.controls, chains);
    describe(&mut finding, &system, scenario, &limits, &state);
    Ok(finding)
}

fn report(
    finding: &mut Finding,
    system: &System,
    limits: &Limits,
    state: &State,
    params: &Params,
) -> Result<(), Error> {
    let classification = system.classification();
    let value_added = system.value_added(params.value_added)?;
    let coefficients = system.value_added_coefficients(params.value_added)?;
    let lost = |i: usize| (state.direct[i] + state.upstream[i] + state.demand[i]) * coefficients[i];
    let of_region = |r: usize| classification.industries_of(r).map(lost).sum::<f64>();
    let mut regions: Vec<(f64, usize)> = (0..classification.regions().len()).map(|r| (of_region(r), r)).collect();
    regions.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, r) in regions {
        let region = &classification.regions()[r];
        let first = classification.industries_of(r).start;
        for (code, name, sectors) in rows(classification, params) {
            let at = first + sectors.start..first + sectors.end;
            let sum = |values: &[f64]| values[at.clone()].iter().sum::<f64>();
            let constrained = at.clone().filter(|&i| state.constrained(i)).count();
            let (before, lost) = (sum(&value_added), at.clone().map(lost).sum::<f64>());
            let bound_by = match limits.cause[at.start] {
                Cause::Disruption if code != "*" && constrained > 0 => "disruption",
                Cause::Input(p) if code != "*" && constrained > 0 => classification.sectors()[p].code.as_str(),
                _ => "",
            };
            let mut cells = row![params.year, region.code.as_str(), &region.name, code, name, constrained, bound_by];
            cells.extend(row![sum(system.output()), before, sum(&state.direct), sum(&state.upstream)]);
            cells.extend(row![sum(&state.demand), lost, lost / before, sum(&state.final_loss)]);
            finding.push(cells);
        }
    }
    Ok(())
}

fn describe(finding: &mut Finding, system: &System, scenario: &Scenario, limits: &Limits, state: &State) {
    limits.notes.iter().for_each(|note| finding.note(note));
    let (count, value) = limits.passed_over;
    if count > 0 {
        finding.note(format!(
            "{count} denied inputs ({value:.0} million USD a year) hold no industry down: they are below the threshold `essential`, or the scenario calls them negligible"
        ));
    }
    if state.idle > 0 {
        finding.note(format!("{} limits do not bind, because demand has fallen below them", state.idle));
    }
    if let Some((count, worst, delivery)) = state.impossible() {
        finding.note(format!(
            "the limits are not consistent: final deliveries of {count} industries would have to be negative, most of all those of {} ({delivery:.0} million USD): others call for more of its product than it can make, which only imports or rationing could settle",
            system.classification().industry_label(worst)
        ));
    }
    if scenario.responses.iter().any(|r| matches!(r, Response::Stockpile { .. })) {
        finding.note("stockpiles play no part in a model without stocks");
    }
    finding.note(
        "static: disruptions, controls and responses in their full size for the whole year, dates and recovery are not used",
    );
}

/// Outputs under the limits, against those before; million USD, by industry.
pub struct State {
    /// Lost by industries held to their limit.
    pub direct: Vec<f64>,
    /// Lost by the others.
    pub upstream: Vec<f64>,
    /// Lost to the change of final use, before any limit.
    pub demand: Vec<f64>,
    /// Final deliveries lost, of industries held to their limit.
    pub final_loss: Vec<f64>,
    /// Final deliveries after.
    pub final_use: Vec<f64>,
    held: Vec<usize>,
    /// Limits that do not bind.
    idle: usize,
}

impl State {
    /// Solves for industries that make at most a share `possible` of their output, final use changed by `final_change`.
    pub fn of(system: &System, possible: &[f64], final_change: Option<Vec<f64>>) -> Result<Self, Error> {
        let (n, before) = (system.industries(), system.output());
        let mut final_use = system.table().final_use();
        // Without a change of demand nothing is lost to it, not even to rounding.
        let mut demand = vec![0.0; n];
        if let Some(change) = final_change {
            final_use.iter_mut().zip(&change).for_each(|(f, change)| *f += change);
            demand = system.output_for(change).into_iter().map(|gain| -gain).collect();
        }
        let limited: Vec<usize> = (0..n).filter(|&i| possible[i] < 1.0 && before[i] > 0.0).collect();
        let shortfall = |i: usize| before[i] * (1.0 - possible[i]) - demand[i];
        let held: Vec<usize> = limited.iter().copied().filter(|&i| shortfall(i) > 0.0).collect();
        let given: Vec<f64> = held.iter().map(|&i| shortfall(i)).collect();
        let lost = deliveries_lost(system, &held, &given)?;

        let (mut direct, mut final_loss) = (vec![0.0; n], vec![0.0; n]);
        for ((&i, given), lost) in held.iter().zip(&given).zip(&lost) {
            direct[i] = *given;
            final_loss[i] = *lost;
            final_use[i] -= lost;
        }
        let mut upstream: Vec<f64> = system.output_for(final_loss.clone());
        held.iter().for_each(|&i| upstream[i] = 0.0);
        Ok(Self { direct, upstream, demand, final_loss, final_use, idle: limited.len() - held.len(), held })
    }

    /// Whether an industry is held to its limit.
    pub fn constrained(&self, industry: usize) -> bool {
        self.held.binary_search(&industry).is_ok()
    }

    /// Industries whose limit would need negative final deliveries: how many, the worst, and its deliveries.
    fn impossible(&self) -> Option<(usize, usize, f64)> {
        // What rounding leaves of an exact zero is no contradiction.
        let negative = |i: &usize| {
            let before = self.final_use[*i] + self.final_loss[*i];
            self.final_use[*i] < before.min(0.0) - 1e-9 * self.direct[*i]
        };
        let found: Vec<usize> = self.held.iter().copied().filter(negative).collect();
        let worst = found.iter().copied().min_by(|a, b| self.final_use[*a].total_cmp(&self.final_use[*b]))?;
        Some((found.len(), worst, self.final_use[worst]))
    }
}

/// (L_CC)⁻¹ g: the final deliveries that industries C give up so that their outputs fall by g.
fn deliveries_lost(system: &System, held: &[usize], given: &[f64]) -> Result<Vec<f64>, Error> {
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let block = Lu::factor(system.leontief_block(held, held)).map_err(|_| singular(system))?;
    Ok(block.solve_vector(given.to_vec()))
}

#![doc = include_str!("../../../../docs/src/methods/network-elasticities.md")]

use super::economy::Elasticities;
use super::{Change, EPSILON, ETA, FACTORS, ICEBERG, Problem, SIGMA, TOLERANCE};
use crate::Error;
use crate::by_region::{self, ranked, role};
use crate::equilibrium::THETA_FACTOR;
use zili_scenario::Scenario;
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Column, Finding, Method, Parameter, Params, Watch, World, elasticities as trade, row};

const TIMES: Parameter = Parameter {
    name: "times",
    accepts: Accepts::Number { default: 2.0, above: 1.0, below: 100.0 },
    description: "each elasticity is divided and multiplied by it, one at a time",
};

pub static METHOD: Method = Method {
    name: "network-elasticities",
    page: include_str!("../../../../docs/src/methods/network-elasticities.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        by_region::ROLE,
        Column::text("elasticity", "Elasticity", "which is changed").key(),
        Column::number(
            "low",
            "From",
            "elasticity",
            "its smaller value; of trade elasticities the factor to all of them",
        )
        .minor(),
        Column::number("high", "To", "elasticity", "its larger value").minor(),
        Column::share("real_gne", "Real spending", "change of real national expenditure (GNE) as the options have it"),
        Column::share("at_low", "at the smaller", "the same with the smaller value"),
        Column::share("at_high", "at the larger", "the same with the larger value"),
        Column::share("swing", "Swing", "distance between the largest and the smallest of the three"),
    ],
    parameters: &[TIMES, FACTORS, SIGMA, ETA, EPSILON, trade::FILE, trade::THETA, THETA_FACTOR, ICEBERG, TOLERANCE],
};

/// Which elasticity drives the result of the production network.
pub fn run(world: &World, scenario: &Scenario, params: &Params, watch: &dyn Watch) -> Result<Finding, Error> {
    let problem = Problem::new(world, scenario, params)?;
    let times = params.options.number(TIMES.name);
    let base = problem.solve(&problem.elasticities, None, watch)?;
    let real = |state: &super::state::State, r: usize| Change { network: &problem.network, state }.real_gne(r);

    let mut swings: Vec<Swing> = Vec::new();
    for (name, value, with) in changes(&problem.elasticities, params.options.number(THETA_FACTOR.name)) {
        let [low, high] = [1.0 / times, times];
        let at = |factor: f64| problem.solve(&with(factor), Some(&base.state), watch);
        swings.push(Swing { name, low: low * value, high: high * value, states: [at(low)?.state, at(high)?.state] });
    }

    let mut finding = Finding::new(&METHOD, params);
    let classification = &problem.classification;
    for r in ranked(&problem.controls, classification, |r| -real(&base.state, r)) {
        let region = &classification.regions()[r];
        let role = role(&problem.controls, &Bloc::of_region(classification, r));
        let own = real(&base.state, r);
        let mut of_region: Vec<(f64, Vec<zili_world::Cell>)> = swings
            .iter()
            .map(|swing| {
                let [low, high] = [0, 1].map(|k| real(&swing.states[k], r));
                let width = own.max(low).max(high) - own.min(low).min(high);
                let mut cells = row![params.year, region.code.as_str(), &region.name, role, swing.name];
                cells.extend(row![swing.low, swing.high, own, low, high, width]);
                (width, cells)
            })
            .collect();
        of_region.sort_by(|a, b| b.0.total_cmp(&a.0));
        of_region.into_iter().for_each(|(_, cells)| finding.push(cells));
    }
    problem.describe(&mut finding, scenario);
    Ok(finding)
}

/// An elasticity, its two values, and what follows from them.
struct Swing {
    name: &'static str,
    low: f64,
    high: f64,
    states: [super::state::State; 2],
}

type With<'a> = Box<dyn Fn(f64) -> Elasticities + 'a>;

/// Each elasticity with its value and how all look when it is multiplied.
fn changes(of: &Elasticities, theta_factor: f64) -> [(&'static str, f64, With<'_>); 4] {
    let all = || of.clone();
    [
        ("sigma", of.sigma, Box::new(move |by| Elasticities { sigma: by * of.sigma, ..all() })),
        ("eta", of.eta, Box::new(move |by| Elasticities { eta: by * of.eta, ..all() })),
        ("epsilon", of.epsilon, Box::new(move |by| Elasticities { epsilon: by * of.epsilon, ..all() })),
        (
            "theta",
            theta_factor,
            Box::new(move |by| Elasticities { theta: of.theta.iter().map(|theta| by * theta).collect(), ..all() }),
        ),
    ]
}

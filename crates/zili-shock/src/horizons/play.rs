//! The models side by side: what each says of every region.

use crate::inventory::{self, Detail, Stage};
use crate::network::state::State;
use crate::network::{self, Problem};
use crate::{Error, diffusion, equilibrium};
use zili_scenario::Scenario;
use zili_world::{Finding, Method, Params, World};

/// A model, when its answer holds, and how far its options are uncertain where the scenario does not say: factors to their values.
pub(crate) struct Horizon {
    pub method: &'static Method,
    pub when: &'static str,
    pub ranges: &'static [(&'static str, f64, f64)],
    pub play: fn(&World, &Scenario, &Params, Option<&State>) -> Result<Played, Error>,
}

/// One answer for each time that the model knows of, and the state from which its draws start.
pub(crate) struct Played {
    pub told: Vec<Told>,
    pub state: Option<State>,
}

/// By region: what it has in that time otherwise, and what it loses of it, million USD.
pub(crate) struct Told {
    pub when: String,
    pub base: Vec<f64>,
    pub lost: Vec<f64>,
}

pub(crate) static HORIZONS: &[Horizon] = &[
    Horizon {
        method: &inventory::METHOD,
        when: "weeks to months",
        ranges: &[("psi", 0.75, 1.25), ("stock_days", 0.5, 1.5), ("restoration", 0.5, 1.5)],
        play: weeks,
    },
    Horizon {
        method: &network::METHOD,
        when: "a year",
        ranges: &[("theta_factor", 0.5, 2.0), ("sigma", 0.5, 1.5), ("eta", 0.5, 2.0), ("epsilon", 0.5, 2.0)],
        play: year,
    },
    Horizon {
        method: &equilibrium::METHOD,
        when: "the long run",
        ranges: &[("theta_factor", 0.5, 2.0)],
        play: |world, scenario, params, _| {
            read(world, &equilibrium::run(world, scenario, params)?, params, "the long run", "income", "worth")
        },
    },
    Horizon {
        method: &diffusion::METHOD,
        when: "decades",
        ranges: &[("theta_factor", 0.5, 2.0), ("beta", 0.5, 1.5), ("growth", 0.5, 2.0)],
        play: |world, scenario, params, _| {
            let when = format!("{} years", params.options.number("years"));
            // Only β in between is read: the band of the model's own must not stand in a draw's way.
            let (mut options, beta) = (params.options.clone(), params.options.number("beta"));
            for end in ["beta_low", "beta_high"] {
                options = options.with_number(&diffusion::METHOD, end, beta)?;
            }
            let params = &Params { options, ..params.clone() };
            read(world, &diffusion::run(world, scenario, params)?, params, &when, "income", "worth")
        },
    },
];

/// Days after the first control comes into force, by which losses are added up.
const DAYS: [f64; 3] = [30.0, 90.0, 365.0];

fn weeks(world: &World, scenario: &Scenario, params: &Params, _: Option<&State>) -> Result<Played, Error> {
    let stage = Stage::new(world, scenario, params)?;
    let record = stage.play_one(scenario, params, Detail::Totals)?;
    let regions = stage.classification().regions().len();
    let begins = scenario.controls.iter().map(|control| control.window.from).fold(f64::INFINITY, f64::min);
    let begins = if begins.is_finite() { begins } else { 0.0 };
    let usual = record.usual(stage.classification());
    let until = |days: f64| {
        let steps =
            (begins / record.step) as usize..(((begins + days) / record.step).ceil() as usize).min(record.steps);
        let made = |r: usize| steps.clone().map(|t| record.value_added[t * regions + r]).sum::<f64>();
        let base: Vec<f64> = usual.iter().map(|usual| usual * steps.len() as f64).collect();
        Told { when: format!("first {days} days"), lost: (0..regions).map(|r| base[r] - made(r)).collect(), base }
    };
    let room = scenario.horizon - begins;
    let mut told: Vec<Told> = DAYS.into_iter().filter(|days| *days <= room).map(until).collect();
    if told.is_empty() {
        told.push(until(room));
    }
    Ok(Played { told, state: None })
}

fn year(world: &World, scenario: &Scenario, params: &Params, near: Option<&State>) -> Result<Played, Error> {
    let problem = Problem::new(world, scenario, params)?;
    let state = problem.solve(&problem.elasticities, near)?.state;
    let change = network::Change { network: &problem.network, state: &state };
    let base: Vec<f64> = problem.network.spending.iter().map(|share| share * problem.network.world).collect();
    let lost = base.iter().enumerate().map(|(r, gne)| -change.real_gne(r) * gne).collect();
    Ok(Played { told: vec![Told { when: "a year".to_owned(), base, lost }], state: Some(state) })
}

/// From the rows of a finding that are about whole regions.
fn read(
    world: &World,
    finding: &Finding,
    params: &Params,
    when: &str,
    base: &str,
    worth: &str,
) -> Result<Played, Error> {
    let table = world.table(params.year)?;
    let regions = table.classification.regions();
    let at = |name: &str| finding.column(name);
    let (region, sector, base, worth) = (at("region")?, at("sector").ok(), at(base)?, at(worth)?);
    let number = |code: &str, column: usize| {
        let whole = |row: &&Vec<zili_world::Cell>| {
            row[region].text() == code && sector.is_none_or(|sector| row[sector].text() == "*")
        };
        finding.rows.iter().find(whole).and_then(|row| row[column].number()).unwrap_or(f64::NAN)
    };
    let of = |column: usize, sign: f64| regions.iter().map(|r| sign * number(r.code.as_str(), column)).collect();
    Ok(Played { told: vec![Told { when: when.to_owned(), base: of(base, 1.0), lost: of(worth, -1.0) }], state: None })
}

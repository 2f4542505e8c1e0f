//! The models side by side: what each says of every region.

use crate::equilibrium::long_run::LongRun;
use crate::inventory::{self, Detail, Stage};
use crate::network::state::State;
use crate::network::{self, Problem};
use crate::{Error, Model, by_region, diffusion, equilibrium, model};
use zili_scenario::Scenario;
use zili_world::{Method, Options, Params, Quiet, Watch, World};

/// A model, when its answer holds, and how far its options are uncertain where the scenario does not say: factors to their values.
pub(crate) struct Horizon {
    pub method: &'static Method,
    pub when: &'static str,
    /// What stands before the time of one of its answers in a sentence.
    pub before_when: &'static str,
    pub ranges: &'static [(&'static str, f64, f64)],
    pub play: Play,
}

/// From the state of an earlier answer where there is one.
type Play = fn(&World, &Scenario, &Params, Option<&State>, &dyn Watch) -> Result<Played, Error>;

/// One answer for each time that the model knows of, and the state from which its draws start.
pub(crate) struct Played {
    pub told: Vec<Told>,
    pub state: Option<State>,
}

impl Played {
    /// One answer, in changes of what each region has otherwise.
    fn once(when: String, base: Vec<f64>, changes: impl IntoIterator<Item = f64>) -> Self {
        let lost = base.iter().zip(changes).map(|(base, change)| -change * base).collect();
        Self { told: vec![Told { when, base, lost }], state: None }
    }
}

impl Horizon {
    /// The model of this horizon in the register.
    pub fn model(&self) -> Result<&'static Model, Error> {
        Ok(model(self.method.name)?)
    }

    /// The question with the options that a scenario sets for this model.
    pub fn params(&self, scenario: &Scenario, params: &Params) -> Result<Params, Error> {
        let none = Vec::new();
        let own = scenario.settings.get(self.method.name).unwrap_or(&none);
        let options = Options::parse(self.method, own.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
        Ok(Params { options, ..params.clone() })
    }
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
        before_when: "in the",
        ranges: &[("psi", 0.75, 1.25), ("stock_days", 0.5, 1.5), ("restoration", 0.5, 1.5)],
        play: weeks,
    },
    Horizon {
        method: &network::METHOD,
        when: "a year",
        before_when: "within",
        ranges: &[("theta_factor", 0.5, 2.0), ("sigma", 0.5, 1.5), ("eta", 0.5, 2.0), ("epsilon", 0.5, 2.0)],
        play: year,
    },
    Horizon {
        method: &equilibrium::METHOD,
        when: "the long run",
        before_when: "in",
        ranges: &[("theta_factor", 0.5, 2.0)],
        play: long_run,
    },
    Horizon {
        method: &diffusion::METHOD,
        when: "decades",
        before_when: "after",
        ranges: &[("theta_factor", 0.5, 2.0), ("beta", 0.5, 1.5), ("renewal", 0.5, 2.0)],
        play: decades,
    },
];

/// Days after the first control comes into force, by which losses are added up.
const DAYS: [f64; 3] = [30.0, 90.0, 365.0];

fn weeks(
    world: &World,
    scenario: &Scenario,
    params: &Params,
    _: Option<&State>,
    watch: &dyn Watch,
) -> Result<Played, Error> {
    let stage = Stage::new(world, scenario, params)?;
    let record = stage.play_one(scenario, params, Detail::Totals, &Quiet(watch))?;
    let regions = stage.classification().regions().len();
    let begins = scenario.controls.iter().map(|control| control.window.from).fold(f64::INFINITY, f64::min);
    let begins = if begins.is_finite() { begins } else { 0.0 };
    let usual = record.usual(stage.classification());
    let until = |days: f64| {
        // Of a step longer than a day, the part that is in it.
        let inside = |t: usize| {
            let (from, to) = (t as f64 * record.step, (t + 1) as f64 * record.step);
            ((to.min(begins + days) - from.max(begins)) / record.step).max(0.0)
        };
        let of_region = |r: usize| (0..record.steps).map(move |t| (inside(t), t * regions + r));
        let base: Vec<f64> = (0..regions).map(|r| of_region(r).map(|(part, _)| part * usual[r]).sum()).collect();
        let made = |r: usize| of_region(r).map(|(part, at)| part * record.value_added[at]).sum::<f64>();
        Told { when: format!("first {days} days"), lost: (0..regions).map(|r| base[r] - made(r)).collect(), base }
    };
    let room = scenario.horizon - begins;
    let mut told: Vec<Told> = DAYS.into_iter().filter(|days| *days <= room).map(until).collect();
    if told.is_empty() {
        told.push(until(room));
    }
    Ok(Played { told, state: None })
}

fn year(
    world: &World,
    scenario: &Scenario,
    params: &Params,
    near: Option<&State>,
    watch: &dyn Watch,
) -> Result<Played, Error> {
    let problem = Problem::new(world, scenario, params)?;
    let state = problem.solve(&problem.elasticities, near, watch)?.state;
    let change = network::Change { network: &problem.network, state: &state };
    let spending = problem.network.spending.iter().map(|share| share * problem.network.world).collect();
    let changes = (0..problem.network.regions).map(|r| change.real_gne(r));
    Ok(Played { state: Some(state.clone()), ..Played::once("a year".to_owned(), spending, changes) })
}

fn long_run(
    world: &World,
    scenario: &Scenario,
    params: &Params,
    _: Option<&State>,
    _: &dyn Watch,
) -> Result<Played, Error> {
    let controls = by_region::controls(scenario, "the trade equilibrium")?;
    let base = LongRun::new(world, params, equilibrium::uses_apart(params))?;
    let welfare = base.welfare(&base.shock(&controls)?).map_err(|failed| base.refused(failed))?;
    let changes = welfare.iter().map(|welfare| welfare.exact);
    Ok(Played::once("the long run".to_owned(), base.economy.incomes(), changes))
}

/// With the β in between only: the band of the model's own must not stand in a draw's way.
fn decades(
    world: &World,
    scenario: &Scenario,
    params: &Params,
    _: Option<&State>,
    _: &dyn Watch,
) -> Result<Played, Error> {
    let controls = by_region::controls(scenario, "the diffusion of knowledge")?;
    let asked = diffusion::Asked::new(world, &controls, params)?;
    let path = asked.path(params.options.number("beta"))?;
    let when = format!("{} years", params.options.number("years"));
    Ok(Played::once(when, asked.base.economy.incomes(), asked.real_income(&path.after)))
}

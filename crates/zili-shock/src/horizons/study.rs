//! One scenario at every horizon, for those who are in it, with what is not known drawn.

use super::indices::{Indices, indices};
use super::play::{HORIZONS, Horizon, Played};
use crate::Error;
use crate::by_region::role;
use crate::uncertainty::{describe_unknown, drawn_at, quantile_of, sorted, unknowns};
use rayon::prelude::*;
use zili_scenario::{Scenario, Uncertain, Unknown};
use zili_world::{Bloc, Params, Watch, World};

/// Those who are asked about together.
pub struct Actor {
    pub role: &'static str,
    pub name: String,
    members: Vec<usize>,
}

/// What one model says of one time.
pub struct Line {
    pub model: &'static str,
    pub when: String,
    /// Of each actor.
    pub outcomes: Vec<Outcome>,
    pub unknowns: Vec<Drawn>,
}

/// A number that was drawn.
#[derive(Clone)]
pub struct Drawn {
    pub name: String,
    pub low: f64,
    pub high: f64,
}

pub struct Outcome {
    /// In that time, million USD.
    pub base: f64,
    pub lost: f64,
    /// 5 and 95 % of draws, share of base lost.
    pub interval: [f64; 2],
    pub draws: usize,
    pub indices: Option<Indices>,
}

pub struct Study {
    pub actors: Vec<Actor>,
    pub lines: Vec<Line>,
    pub notes: Vec<String>,
}

/// Dimensions of the sequence.
const MOST_UNKNOWNS: usize = 256;

/// Of the scrambled sequence; there is nothing to choose.
const SEED: u32 = 20_260_101;

impl Study {
    /// Each run of a model is a step for whoever watches.
    pub fn new(
        world: &World,
        scenario: &Scenario,
        params: &Params,
        draws: usize,
        watch: &dyn Watch,
    ) -> Result<Self, Error> {
        if scenario.controls.is_empty() {
            return Err(Error::NoControl("a look at every horizon"));
        }
        let mut study = Self { actors: actors(world, scenario, params)?, lines: Vec::new(), notes: Vec::new() };
        for horizon in HORIZONS {
            let name = horizon.method.name;
            match study.look(world, scenario, params, horizon, draws, watch) {
                Ok(lines) => study.lines.extend(lines),
                // The other horizons have their answers all the same.
                Err(error @ (Error::NoEquilibrium(_) | Error::OnChainsOnly(_) | Error::NothingHappens(_))) => {
                    study.notes.push(format!("{name} ({}): {error}", horizon.when));
                }
                Err(error) => return Err(error),
            }
        }
        if study.lines.is_empty() {
            return Err(Error::NoEquilibrium(study.notes.join("; ")));
        }
        Ok(study)
    }

    fn look(
        &mut self,
        world: &World,
        scenario: &Scenario,
        params: &Params,
        horizon: &Horizon,
        draws: usize,
        watch: &dyn Watch,
    ) -> Result<Vec<Line>, Error> {
        let method = horizon.method;
        let params = horizon.params(scenario, params)?;
        let mut scenario = scenario.clone();
        for &(option, low, high) in horizon.ranges {
            let what = Unknown::Setting { model: method.name.to_owned(), option: option.to_owned() };
            let value = params.options.number(option);
            if !scenario.uncertain.iter().any(|entry| entry.what == what) {
                let accepted = |value: f64| params.options.clone().with_number(method, option, value).is_ok();
                // A range that leaves what the model accepts ends at the value itself.
                let end = |factor: f64| if accepted(factor * value) { factor * value } else { value };
                scenario.uncertain.push(Uncertain { what, low: end(low), high: end(high), mode: Some(value) });
            }
        }
        let model = horizon.model()?;
        let known = if draws == 0 { Vec::new() } else { unknowns(&scenario, &params, model)? };
        if known.len() > MOST_UNKNOWNS {
            return Err(Error::Nothing(format!(
                "{} numbers are uncertain for {}: at most {MOST_UNKNOWNS} can be drawn together, as the sequence has so many dimensions",
                known.len(),
                method.name
            )));
        }
        let before = (horizon.play)(world, &scenario, &params, None, watch)?;
        watch.next()?;

        let point = |draw: usize| -> Vec<f64> {
            (0..known.len() as u32).map(|d| f64::from(sobol_burley::sample(draw as u32, d, SEED))).collect()
        };
        let points: Vec<Vec<f64>> = (0..draws).map(point).collect();
        let play = |point: &Vec<f64>| -> Result<Played, Error> {
            let mut uniform = vec![0.5; scenario.uncertain.len()];
            known.iter().zip(point).for_each(|((k, _), value)| uniform[*k] = *value);
            let (scenario, params) = drawn_at(&scenario, &params, model, &known, &uniform)?;
            let played = (horizon.play)(world, &scenario, &params, before.state.as_ref(), watch);
            watch.next()?;
            played
        };
        let found: Vec<Result<Played, Error>> = points.par_iter().map(play).collect();
        // Only where there is no equilibrium a draw is left out; whatever else goes wrong goes wrong for all.
        let answered = |found: Result<Played, Error>| match found {
            Ok(played) => Ok(Some(played)),
            Err(Error::NoEquilibrium(_)) => Ok(None),
            Err(error) => Err(error),
        };
        let found: Vec<Option<Played>> = found.into_iter().map(answered).collect::<Result<_, _>>()?;
        let lost = found.iter().filter(|found| found.is_none()).count();
        if lost > 0 {
            self.notes.push(format!("{}: {lost} of {draws} draws have no equilibrium and are left out", method.name));
        }
        let shares = |line: usize, actor: &Actor| -> Vec<f64> {
            let of = |found: &Option<Played>| {
                let told = &found.as_ref()?.told[line];
                Some(actor.of(&told.lost) / actor.of(&told.base))
            };
            found.iter().map(|found| of(found).unwrap_or(f64::NAN)).collect()
        };
        let line = |(at, told): (usize, &super::play::Told)| {
            let outcome = |actor: &Actor| {
                let shares = shares(at, actor);
                let ordered = sorted(shares.iter().copied().filter(|share| share.is_finite()).collect());
                Outcome {
                    base: actor.of(&told.base),
                    lost: actor.of(&told.lost),
                    interval: [0.05, 0.95].map(|q| quantile_of(&ordered, q)),
                    draws: ordered.len(),
                    indices: indices(&points, &shares),
                }
            };
            Line {
                model: method.name,
                when: told.when.clone(),
                outcomes: self.actors.iter().map(outcome).collect(),
                unknowns: known
                    .iter()
                    .map(|(_, entry)| Drawn {
                        name: describe_unknown(&entry.what).replace(&format!("{}.", method.name), ""),
                        low: entry.low,
                        high: entry.high,
                    })
                    .collect(),
            }
        };
        Ok(before.told.iter().enumerate().map(line).collect())
    }
}

impl Line {
    /// "in the first 30 days", "within a year", "in the long run", "after 20 years".
    pub fn when_in_text(&self) -> String {
        let horizon = HORIZONS.iter().find(|horizon| horizon.method.name == self.model);
        format!("{} {}", horizon.map_or("in", |horizon| horizon.before_when), self.when)
    }
}

impl Actor {
    /// Their sum.
    fn of(&self, by_region: &[f64]) -> f64 {
        self.members.iter().map(|&r| by_region[r]).sum()
    }
}

/// Home, those who deny, others who are denied, bystanders; none without members.
fn actors(world: &World, scenario: &Scenario, params: &Params) -> Result<Vec<Actor>, Error> {
    let table = world.table(params.year)?;
    let classification = &table.classification;
    let controls = scenario.controls_on_table();
    let home = |r: usize| params.home.members.contains(&classification.regions()[r].code);
    let of_role = |r: usize| match role(&controls, &Bloc::of_region(classification, r)) {
        _ if home(r) => "home",
        "bystander" => "bystanders",
        "denied" => "denied",
        _ => "deniers",
    };
    let regions = classification.regions();
    let actor = |wanted: &'static str| {
        const NAMED: usize = 5;
        let members: Vec<usize> = (0..regions.len()).filter(|&r| of_role(r) == wanted).collect();
        let name = match members.as_slice() {
            _ if wanted == "home" => params.home.code.clone(),
            few if few.len() <= NAMED => few.iter().map(|&r| regions[r].code.as_str()).collect::<Vec<_>>().join("+"),
            many => format!("{} regions", many.len()),
        };
        Actor { role: wanted, name, members }
    };
    let all = ["home", "deniers", "denied", "bystanders"].map(actor);
    Ok(all.into_iter().filter(|actor| !actor.members.is_empty()).collect())
}

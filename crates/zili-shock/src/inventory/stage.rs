//! What every run on one table shares, and playing scenarios on it.

use super::flows::{Baseline, Flows};
use super::plan::{Plan, Rules};
use super::record::{Detail, Record};
use super::view::View;
use super::{compat, dynamics};
use crate::Error;
use crate::by_region;
use zili_scenario::{Response, Scenario};
use zili_world::{Classification, Finding, Params, Table, World};

/// One table laid out for steps of one length.
pub struct Stage {
    pub(super) table: Table,
    pub(super) flows: Flows,
    pub(super) base: Baseline,
    pub(super) step: f64,
    mixing: f64,
}

/// The published models know no mixing.
pub fn mixing(params: &Params) -> f64 {
    if params.options.choice("mode") == "sound" { params.options.number("mixing") } else { 0.0 }
}

/// A scenario with the options it is played under.
pub struct Ask<'a> {
    pub scenario: &'a Scenario,
    pub params: &'a Params,
    pub detail: Detail,
}

impl Stage {
    /// The table of the scenario's year in steps of its length, its origins mixed as the options say.
    pub fn new(world: &World, scenario: &Scenario, params: &Params) -> Result<Self, Error> {
        let table = world.table(scenario.year)?;
        let step = scenario.step;
        if !(step.is_finite() && step > 0.0 && scenario.horizon.is_finite() && scenario.horizon >= step) {
            return Err(Error::Nothing(format!(
                "a horizon of {} days in steps of {step}: give a step above 0 and a horizon of at least one step",
                scenario.horizon
            )));
        }
        if let Some(k) = table.z.as_slice().iter().position(|z| !z.is_finite()) {
            let (i, j) = (k / table.z.columns(), k % table.z.columns());
            let label = |i: usize| table.classification.industry_label(i);
            return Err(Error::Nothing(format!("the flow from {} to {} is not a number", label(i), label(j))));
        }
        if let Some(k) = table.y.as_slice().iter().position(|y| !y.is_finite()) {
            let label = table.classification.industry_label(k / table.y.columns());
            return Err(Error::Nothing(format!("final use of the products of {label} is not a number")));
        }
        let mixing = mixing(params);
        let flows = Flows::new(&table, step / 365.0, mixing);
        let base = Baseline::new(&table, &flows, step);
        Ok(Self { table, flows, base, step, mixing })
    }

    pub fn classification(&self) -> &Classification {
        &self.table.classification
    }

    /// Whether a scenario can be played on this stage together with others.
    pub fn fits(&self, scenario: &Scenario, params: &Params) -> bool {
        scenario.year == self.table.year && scenario.step == self.step && mixing(params) == self.mixing
    }

    /// Value added a unit of output, on the basis asked for.
    pub(super) fn coefficients(&self, params: &Params) -> Result<Vec<f64>, Error> {
        let value_added = match params.value_added {
            zili_world::ValueAdded::Residual => self.table.residual(),
            zili_world::ValueAdded::Published => self.table.published_value_added().ok_or_else(|| {
                zili_world::Error::Unanswerable(format!(
                    "the table of {} has no published value-added row; ask for value_added = residual",
                    self.table.year
                ))
            })?,
        };
        let output = self.table.output();
        Ok(value_added.iter().zip(output).map(|(v, x)| if *x != 0.0 { v / x } else { 0.0 }).collect())
    }

    /// Plays one scenario.
    pub fn play_one(&self, scenario: &Scenario, params: &Params, detail: Detail) -> Result<Record, Error> {
        let mut records = self.play(&[Ask { scenario, params, detail }], &|_| ())?;
        records.pop().ok_or_else(|| Error::Nothing("no scenario was played".to_owned()))
    }

    /// Plays several scenarios of one horizon side by side: they share each reading of the flows.
    ///
    /// `done` is told how many steps of how many scenarios have been played.
    pub fn play(&self, asks: &[Ask], done: &(dyn Fn(usize) + Sync)) -> Result<Vec<Record>, Error> {
        let mut records: Vec<Record> = asks.iter().map(|ask| self.record(ask)).collect::<Result<_, _>>()?;
        let sound: Vec<usize> = (0..asks.len()).filter(|&k| asks[k].params.options.choice("mode") == "sound").collect();
        for k in (0..asks.len()).filter(|k| !sound.contains(k)) {
            let record = &mut records[k];
            compat::play(self, &asks[k], record.steps, &mut |view| {
                record.see(view, &self.flows);
                done(1);
            })?;
        }
        let plans: Vec<Plan> = sound.iter().map(|&k| self.plan(&asks[k])).collect::<Result<_, _>>()?;
        let steps = sound.iter().map(|&k| records[k].steps).max().unwrap_or(0);
        let shared: Vec<&Plan> = plans.iter().collect();
        dynamics::simulate(&self.flows, &self.base, &shared, steps, &mut |b: usize, view: &View| {
            let record = &mut records[sound[b]];
            if view.step < record.steps {
                record.see(view, &self.flows);
            }
            done(1);
        });
        let records: Vec<Record> = records.into_iter().map(Record::finish).collect();
        for (record, ask) in records.iter().zip(asks) {
            if let Some(step) = record.broken {
                let text = format!("'{}': production is not a number from step {step} on", ask.scenario.name);
                return Err(Error::Nothing(text));
            }
        }
        Ok(records)
    }

    fn plan(&self, ask: &Ask) -> Result<Plan, Error> {
        let rules = Rules::new(&ask.params.options, self.step);
        Plan::new(ask.scenario, rules, &self.flows, &self.base, &self.table)
    }

    fn record(&self, ask: &Ask) -> Result<Record, Error> {
        let steps = (ask.scenario.horizon / self.step).round().max(1.0) as usize;
        let classification = self.classification();
        let home = ask.params.home.positions(classification)?;
        let followed: Vec<usize> = match (ask.detail, ask.params.options.choice("detail")) {
            (Detail::Totals, _) => Vec::new(),
            (Detail::Regions, _) => (0..classification.regions().len()).collect(),
            (Detail::Industries, "industries") => (0..self.flows.n).collect(),
            (Detail::Industries, _) => home.iter().flat_map(|&r| classification.industries_of(r)).collect(),
        };
        let coefficients = self.coefficients(ask.params)?;
        Ok(Record::new(self.step, steps, &self.base, coefficients, ask.detail, followed))
    }

    /// Adds to a finding's evidence what was played.
    pub(super) fn describe(
        &self,
        finding: &mut Finding,
        scenario: &Scenario,
        params: &Params,
        record: &Record,
    ) -> Result<(), Error> {
        finding.parameter("scenario", scenario.name.as_str());
        finding.parameter("horizon", format!("{} days in steps of {}", record.steps as f64 * record.step, record.step));
        by_region::describe(finding, &scenario.controls);
        for disruption in &scenario.disruptions {
            let (at, what) = (&disruption.at.code, disruption.sectors.describe());
            let (from, lasts) = (disruption.from, disruption.lasts);
            let text = format!(
                "{at}, {what}: {:?} from day {from} for {lasts} days, then {:?}",
                disruption.impact, disruption.recovery
            );
            finding.parameter("disruption", text);
        }
        for response in &scenario.responses {
            finding.parameter("response", describe_response(response));
        }
        for stock in &scenario.stocks {
            let text = format!("{} days of {} held by {}", stock.days, stock.inputs.describe(), stock.users.describe());
            finding.parameter("stock", text);
        }
        for entry in &scenario.criticality {
            let text = format!("{} {:?} for {}", entry.inputs.describe(), entry.need, entry.users.describe());
            finding.parameter("criticality", text);
        }
        if params.options.choice("mode") == "sound" {
            let plan = self.plan(&Ask { scenario, params, detail: Detail::Totals })?;
            if plan.needs.raised > 0 {
                finding.note(format!(
                    "{} stocks of less than {} days were taken as that: a step must be shorter than what it lives on",
                    plan.needs.raised,
                    self.step / plan.rules.psi
                ));
            }
        } else {
            finding.note(format!("played in the mode '{}', its oddities included", params.options.choice("mode")));
        }
        finding.note("stocks, thresholds and speeds are assumptions: vary them before believing a figure");
        Ok(())
    }
}

fn describe_response(response: &Response) -> String {
    match response {
        Response::Stockpile { at, sectors, days, from, filled } => {
            format!("{}: {days} days of {} stockpiled ({filled:?}) from day {from}", at.code, sectors.describe())
        }
        Response::Procurement { at, sectors, share, window, .. } => {
            format!(
                "{}: {share} of foreign final use of {} bought at home, {}",
                at.code,
                sectors.describe(),
                window.describe()
            )
        }
        Response::Diversification { at, sectors, share, window, .. } => {
            format!(
                "{}: {share} of what is denied of {} ordered elsewhere, {}",
                at.code,
                sectors.describe(),
                window.describe()
            )
        }
    }
}

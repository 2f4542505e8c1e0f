//! What every run on one table shares, and playing scenarios on it.

use super::flows::{Baseline, Flows};
use super::needs::Needs;
use super::plan::{Plan, Rules};
use super::record::{Detail, Record};
use super::view::View;
use super::{compat, dynamics};
use crate::Error;
use crate::by_region;
use crate::carried;
use std::borrow::Cow;
use std::sync::Arc;
use zili_scenario::Scenario;
use zili_world::{Classification, Finding, Params, Table, Watch, World};

/// One table laid out for steps of one length.
pub struct Stage<'w> {
    /// Whose chains may be carried onto the table.
    world: &'w World,
    pub(super) table: Arc<Table>,
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

impl<'w> Stage<'w> {
    /// The table of the scenario's year in steps of its length, its origins mixed as the options say.
    pub fn new(world: &'w World, scenario: &Scenario, params: &Params) -> Result<Self, Error> {
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
        Ok(Self { world, table, flows, base, step, mixing })
    }

    pub fn classification(&self) -> &Classification {
        &self.table.classification
    }

    /// Whether a scenario can be played on this stage together with others.
    pub fn fits(&self, scenario: &Scenario, params: &Params) -> bool {
        scenario.year == self.table.year && scenario.step == self.step && mixing(params) == self.mixing
    }

    /// Value added a unit of output, on the basis asked for.
    fn coefficients(&self, params: &Params) -> Result<Vec<f64>, Error> {
        let value_added = self.table.value_added(params.value_added)?;
        let output = self.table.output();
        Ok(value_added.iter().zip(output).map(|(v, x)| if *x != 0.0 { v / x } else { 0.0 }).collect())
    }

    /// Plays one scenario.
    pub fn play_one(
        &self,
        scenario: &Scenario,
        params: &Params,
        detail: Detail,
        watch: &dyn Watch,
    ) -> Result<Record, Error> {
        let mut records = self.play(&[Ask { scenario, params, detail }], watch)?;
        records.pop().ok_or_else(|| Error::Nothing("no scenario was played".to_owned()))
    }

    /// Plays several scenarios of one horizon side by side: they share each reading of the flows.
    ///
    /// Each step of each scenario is one for whoever watches.
    pub fn play(&self, asks: &[Ask], watch: &dyn Watch) -> Result<Vec<Record>, Error> {
        let laid = asks.iter().map(|ask| carried::onto_table(self.world, ask.scenario));
        let laid = laid.collect::<Result<Vec<Cow<Scenario>>, Error>>()?;
        let asks: Vec<Ask> = asks.iter().zip(&laid).map(|(ask, scenario)| Ask { scenario, ..*ask }).collect();
        let mut records: Vec<Record> = Vec::new();
        for (k, ask) in asks.iter().enumerate() {
            let like = asks[..k].iter().position(|other| other.params.value_added == ask.params.value_added);
            let coefficients = match like {
                Some(k) => records[k].coefficients.clone(),
                None => self.coefficients(ask.params)?,
            };
            records.push(self.record(ask, coefficients)?);
        }
        let sound: Vec<usize> = (0..asks.len()).filter(|&k| asks[k].params.options.choice("mode") == "sound").collect();
        for k in (0..asks.len()).filter(|k| !sound.contains(k)) {
            let record = &mut records[k];
            compat::play(self, &asks[k], record.steps, &mut |view| {
                record.see(view, &self.flows);
                watch.step(1);
            })?;
            watch.go_on()?;
        }
        let plans = self.plans(sound.iter().map(|&k| &asks[k]))?;
        sound.iter().zip(&plans).for_each(|(&k, plan)| records[k].notes.clone_from(&plan.notes));
        let steps = sound.iter().map(|&k| records[k].steps).max().unwrap_or(0);
        let shared: Vec<&Plan> = plans.iter().collect();
        dynamics::simulate(&self.flows, &self.base, &shared, steps, watch, &mut |b: usize, view: &View| {
            let record = &mut records[sound[b]];
            if view.step < record.steps {
                record.see(view, &self.flows);
            }
            watch.step(1);
        });
        watch.go_on()?;
        let records: Vec<Record> = records.into_iter().map(Record::finish).collect();
        for (record, ask) in records.iter().zip(&asks) {
            if let Some(step) = record.broken {
                let text = format!("'{}': production is not a number from step {step} on", ask.scenario.name);
                return Err(Error::Nothing(text));
            }
        }
        Ok(records)
    }

    /// The scenarios laid onto the table; those that say the same of stocks and needs share them.
    fn plans<'a>(&self, asks: impl Iterator<Item = &'a Ask<'a>>) -> Result<Vec<Plan>, Error> {
        let mut plans: Vec<(&Ask, Plan)> = Vec::new();
        for ask in asks {
            let rules = Rules::new(&ask.params.options, self.step);
            let same = |(other, plan): &&(&Ask, Plan)| {
                let (one, two) = (other.scenario, ask.scenario);
                plan.rules == rules && one.stocks == two.stocks && one.criticality == two.criticality
            };
            let needs = match plans.iter().find(same) {
                Some((_, plan)) => plan.needs.clone(),
                None => self.needs(ask.scenario, &rules)?,
            };
            plans.push((ask, Plan::new(ask.scenario, rules, needs, &self.flows, &self.base, &self.table)?));
        }
        Ok(plans.into_iter().map(|(_, plan)| plan).collect())
    }

    /// Stocks and needs of a scenario.
    pub(super) fn needs(&self, scenario: &Scenario, rules: &Rules) -> Result<Arc<Needs>, Error> {
        Ok(Arc::new(Needs::new(scenario, rules, &self.flows, &self.base, self.classification())?))
    }

    fn record(&self, ask: &Ask, coefficients: Vec<f64>) -> Result<Record, Error> {
        let steps = ask.scenario.steps();
        let classification = self.classification();
        let home = ask.params.home.positions(classification)?;
        let followed: Vec<usize> = match (ask.detail, ask.params.options.choice("detail")) {
            (Detail::Totals, _) => Vec::new(),
            (Detail::Regions, _) => (0..classification.regions().len()).collect(),
            (Detail::Industries, "industries") => (0..self.flows.n).collect(),
            (Detail::Industries, _) => home.iter().flat_map(|&r| classification.industries_of(r)).collect(),
        };
        Ok(Record::new(self.step, steps, &self.base, coefficients, ask.detail, followed))
    }

    /// Flows that a scenario's controls remove within its horizon; million USD.
    pub(super) fn removed(&self, scenario: &Scenario) -> Result<f64, Error> {
        Ok(zili_scenario::explain::removed(scenario, &self.table)?)
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
        by_region::describe_carried(finding, &scenario.controls, &scenario.chains);
        let disruptions = scenario.disruptions.iter().map(|d| format!("{}, {}", d.describe(), d.describe_end()));
        disruptions.for_each(|text| finding.parameter("disruption", text));
        scenario.responses.iter().for_each(|response| finding.parameter("response", response.describe()));
        scenario.stocks.iter().for_each(|stock| finding.parameter("stock", stock.describe()));
        scenario.criticality.iter().for_each(|entry| finding.parameter("criticality", entry.describe()));
        record.notes.iter().for_each(|note| finding.note(note.as_str()));
        if params.options.choice("mode") != "sound" {
            finding.note(format!("played in the mode '{}', its oddities included", params.options.choice("mode")));
        }
        finding.note("stocks, thresholds and speeds are assumptions: vary them before believing a figure");
        Ok(())
    }
}

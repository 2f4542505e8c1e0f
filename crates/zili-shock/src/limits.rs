//! How much each industry can still make under a scenario, for models without time.

use crate::Error;
use crate::by_region::industries;
use crate::severity::{Purchases, Severity};
use zili_scenario::{Disruption, Impact, Need, Response, Scenario};
use zili_world::{Classification, Params, System};

/// What holds an industry down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cause {
    Nothing,
    /// Capacity, labour or capital lost.
    Disruption,
    /// Denied products of this sector.
    Input(usize),
}

/// Share of its output that each industry can make, and why not more.
pub(crate) struct Limits {
    /// 0–1, by industry.
    pub possible: Vec<f64>,
    pub cause: Vec<Cause>,
    /// Denied inputs that hold nobody down because they are too small a part of cost or said to be dispensable:
    /// how many, and million USD a year denied.
    pub passed_over: (usize, f64),
    pub notes: Vec<String>,
}

impl Limits {
    pub fn of(system: &System, scenario: &Scenario, params: &Params) -> Result<Self, Error> {
        let n = system.industries();
        let mut limits =
            Self { possible: vec![1.0; n], cause: vec![Cause::Nothing; n], passed_over: (0, 0.0), notes: Vec::new() };
        for disruption in &scenario.disruptions {
            limits.disrupt(system, disruption, params)?;
        }
        let severity = Severity::of(system, &scenario.controls)?;
        let needs = Needs::of(system.classification(), scenario, params.options.number("essential"))?;
        let sourcing = Resourcing::of(system.classification(), scenario)?;
        limits.deny(system, &severity, &needs, &sourcing);
        let final_use: f64 = severity.final_flows(system).iter().sum();
        if final_use > 0.0 {
            limits.notes.push(format!(
                "final products denied ({final_use:.0} million USD a year) hold no industry down and are left out"
            ));
        }
        Ok(limits)
    }

    /// Losses of one industry from several disruptions multiply.
    fn disrupt(&mut self, system: &System, disruption: &Disruption, params: &Params) -> Result<(), Error> {
        let classification = system.classification();
        let regions = disruption.at.positions(classification)?;
        let hit = industries(classification, regions, &disruption.sectors.positions(classification)?);
        let lost = match disruption.impact {
            Impact::Capacity(share) | Impact::Labour(share) | Impact::Capital(share) => share,
            Impact::Damage(damage) => self.share_of_capital(system, &hit, damage, params),
            Impact::Demand(_) => return Ok(()),
            Impact::HouseholdDamage(_) => {
                self.notes.push("damage to households lowers no capacity, and rebuilding is left out".to_owned());
                return Ok(());
            }
        };
        for i in hit {
            self.possible[i] *= 1.0 - lost;
            if lost > 0.0 {
                self.cause[i] = Cause::Disruption;
            }
        }
        Ok(())
    }

    /// Damage over the capital of those hit, K = `capital_ratio` · (x − Z'1), as in the inventory model; at most all of it.
    fn share_of_capital(&mut self, system: &System, hit: &[usize], damage: f64, params: &Params) -> f64 {
        let value_added = system.table().residual();
        let capital: f64 =
            params.options.number("capital_ratio") * hit.iter().map(|&i| value_added[i].max(0.0)).sum::<f64>();
        if damage > capital {
            self.notes.push(format!(
                "damage of {damage:.0} million USD exceeds the capital of those hit, {capital:.0}: all of it is lost"
            ));
        }
        if damage > 0.0 { (damage / capital).min(1.0) } else { 0.0 }
    }

    /// The scarcest needed input, or what was lost before if that is scarcer still, is the limit.
    fn deny(&mut self, system: &System, severity: &Severity, needs: &Needs, sourcing: &Resourcing) {
        let inputs = severity.inputs(system);
        let makes_something = |(_, j): &(usize, &usize)| system.output()[**j] > 0.0;
        for (u, &j) in severity.users.iter().enumerate().filter(makes_something) {
            for p in 0..inputs.bought.rows() {
                let denied = inputs.share(p, u);
                if denied == 0.0 {
                    continue;
                }
                let coefficient = inputs.bought[(p, u)] * system.inverse_output()[j];
                let weight = needs.weight(system.classification(), p, j, coefficient);
                if weight == 0.0 {
                    self.passed_over.0 += 1;
                    self.passed_over.1 += inputs.denied[(p, u)];
                }
                let short = denied * (1.0 - sourcing.share(&inputs, p, j, u));
                let possible = 1.0 - weight * short;
                if possible < self.possible[j] {
                    self.possible[j] = possible;
                    self.cause[j] = Cause::Input(p);
                }
            }
        }
    }
}

/// How much of an industry's output hangs on an input, 0–1.
struct Needs {
    /// Smallest share of cost at which an input is needed, where the scenario does not say.
    essential: f64,
    /// Users, inputs and weight as the scenario says; the last that fits holds.
    said: Vec<(Vec<usize>, Vec<usize>, f64)>,
}

impl Needs {
    fn of(classification: &Classification, scenario: &Scenario, essential: f64) -> Result<Self, Error> {
        let weight = |need: Need| match need {
            Need::Essential => 1.0,
            Need::Important => 0.5,
            Need::Negligible => 0.0,
        };
        let said = scenario
            .criticality
            .iter()
            .map(|c| Ok((c.users.positions(classification)?, c.inputs.positions(classification)?, weight(c.need))))
            .collect::<Result<_, zili_world::Error>>()?;
        Ok(Self { essential, said })
    }

    fn weight(&self, classification: &Classification, product: usize, user: usize, coefficient: f64) -> f64 {
        let sector = user % classification.sectors().len();
        let fits = |said: &&(Vec<usize>, Vec<usize>, f64)| said.0.contains(&sector) && said.1.contains(&product);
        match self.said.iter().rev().find(fits) {
            Some((_, _, weight)) => *weight,
            None => f64::from(u8::from(coefficient >= self.essential)),
        }
    }
}

/// Who finds other suppliers for what is denied; where several responses fit the largest share holds.
struct Resourcing(Vec<Elsewhere>);

/// One such response.
struct Elsewhere {
    /// Buying industries.
    users: Vec<usize>,
    /// Sectors whose products are bought elsewhere.
    products: Vec<usize>,
    /// Share of what is denied.
    share: f64,
    /// The most that a supplier sells, as a multiple of its old flow.
    cap: Option<f64>,
}

impl Resourcing {
    fn of(classification: &Classification, scenario: &Scenario) -> Result<Self, Error> {
        let mut all = Vec::new();
        for response in &scenario.responses {
            if let Response::Diversification { at, sectors, share, cap, .. } = response {
                let (users, products) = (at.industries(classification)?, sectors.positions(classification)?);
                all.push(Elsewhere { users, products, share: *share, cap: *cap });
            }
        }
        Ok(Self(all))
    }

    /// Of what user `j`, at position `u` of the purchases, is denied of a product.
    fn share(&self, inputs: &Purchases, product: usize, j: usize, u: usize) -> f64 {
        let room = |cap: f64| (cap - 1.0).max(0.0) * inputs.free[(product, u)] / inputs.denied[(product, u)];
        let fits = self.0.iter().filter(|e| e.users.contains(&j) && e.products.contains(&product));
        fits.map(|e| e.share.min(e.cap.map_or(f64::INFINITY, room))).fold(0.0, f64::max)
    }
}

//! How much of each input an industry holds, and how its production falls when the stock does.
//!
//! Every production function of the model is a minimum (or a sum) of straight lines in the stocks, `c0 + c1 Ω`, so that a step needs no branches.

use super::flows::{Baseline, Flows};
use super::plan::Rules;
use super::simd::WIDTH;
use crate::Error;
use std::ops::Range;
use zili_scenario::{Need, Scenario};
use zili_world::Classification;

/// The five ways in which production follows from stocks (Pichler et al. 2022).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    /// Every input is essential.
    Leontief,
    /// Essential and important inputs are.
    StronglyCritical,
    /// Essential inputs are; without an important one production goes on at half.
    HalfCritical,
    /// Only essential inputs count.
    WeaklyCritical,
    /// Inputs replace each other.
    Linear,
}

/// Cost shares from which on an input is essential or important, where the scenario does not say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Thresholds {
    pub essential: f64,
    pub important: f64,
}

impl Function {
    pub const NAMES: &'static [&'static str] =
        &["half-critical", "leontief", "strongly-critical", "weakly-critical", "linear"];

    pub fn named(name: &str) -> Self {
        match name {
            "leontief" => Function::Leontief,
            "strongly-critical" => Function::StronglyCritical,
            "weakly-critical" => Function::WeaklyCritical,
            "linear" => Function::Linear,
            _ => Function::HalfCritical,
        }
    }
}

/// Stocks and needs by product and user, [products × industries].
pub(crate) struct Needs {
    /// Target stock, in the table's unit; infinity: never short.
    pub goal: Vec<f64>,
    /// Production a step that the stock allows: `c0 + c1 Ω`.
    pub c0: Vec<f64>,
    pub c1: Vec<f64>,
    /// The allowed productions are added up, not compared.
    pub sum: bool,
    /// Stocks that were too short to last a step and were raised to that.
    pub raised: usize,
}

/// Coefficients below this are noise of the table, not inputs (BoARIO's threshold).
const NO_INPUT: f64 = 1e-5;

impl Needs {
    pub fn new(
        scenario: &Scenario,
        rules: &Rules,
        flows: &Flows,
        base: &Baseline,
        classification: &Classification,
    ) -> Result<Self, Error> {
        let (n, sectors, step) = (flows.n, flows.sectors, rules.step);
        let days = days(scenario, rules, flows, classification)?;
        let stated = stated(scenario, flows, classification)?;
        let mut needs = Needs {
            goal: vec![0.0; sectors * n],
            c0: vec![f64::INFINITY; sectors * n],
            c1: vec![0.0; sectors * n],
            sum: rules.function == Function::Linear,
            raised: 0,
        };
        // Σ_p a_pf over the inputs that can run short.
        let mut weight = vec![0.0; n];
        for k in 0..sectors * n {
            if days[k].is_finite() && base.a[k] > NO_INPUT {
                weight[k % n] += base.a[k];
            }
        }
        for k in 0..sectors * n {
            let (f, a) = (k % n, base.a[k]);
            if a <= 0.0 || base.x[f] <= 0.0 {
                continue;
            }
            if days[k].is_infinite() {
                needs.goal[k] = f64::INFINITY;
                continue;
            }
            // ψ of the target must last a step.
            let shortest = step / rules.psi;
            if days[k] < shortest {
                needs.raised += 1;
            }
            let held = days[k].max(shortest) / step;
            needs.goal[k] = held * a * base.x[f];
            if a <= NO_INPUT {
                continue;
            }
            let slope = 1.0 / (rules.psi * held * a);
            let need = stated[k].unwrap_or_else(|| rules.thresholds.need(a));
            (needs.c0[k], needs.c1[k]) = match (rules.function, need) {
                (Function::Linear, _) => (0.0, slope * a / weight[f]),
                (Function::Leontief, _) | (_, Need::Essential) | (Function::StronglyCritical, Need::Important) => {
                    (0.0, slope)
                }
                (Function::HalfCritical, Need::Important) => (0.5 * base.x[f], 0.5 * slope),
                _ => (f64::INFINITY, 0.0),
            };
        }
        if needs.sum {
            needs.c0.fill(0.0);
            // Who holds nothing in store is not held back.
            (0..n).filter(|f| weight[*f] == 0.0).for_each(|f| needs.c0[f] = f64::INFINITY);
        }
        Ok(needs)
    }

    /// Takes one product's stocks into account for some users, whose places are `lines`.
    #[inline(always)]
    pub fn lower(&self, lines: Range<usize>, stocks: &[f64; WIDTH], allowed: &mut [f64; WIDTH]) {
        let (c0, c1) = (&self.c0[lines.clone()], &self.c1[lines]);
        let each = allowed.iter_mut().zip(c0.iter().zip(c1).zip(stocks));
        if self.sum {
            // A stock without end is no line.
            each.for_each(|(allowed, ((c0, c1), stock))| *allowed += c0 + if *c1 > 0.0 { c1 * stock } else { 0.0 });
        } else {
            each.for_each(|(allowed, ((c0, c1), stock))| {
                let most = c0 + c1 * stock;
                *allowed = if most < *allowed { most } else { *allowed };
            });
        }
    }
}

impl Thresholds {
    pub fn need(&self, coefficient: f64) -> Need {
        match coefficient {
            a if a >= self.essential => Need::Essential,
            a if a >= self.important => Need::Important,
            _ => Need::Negligible,
        }
    }
}

/// Days of stock by product and user: the rule's by kind of product, then what the scenario says.
fn days(scenario: &Scenario, rules: &Rules, flows: &Flows, classification: &Classification) -> Result<Vec<f64>, Error> {
    let (n, sectors) = (flows.n, flows.sectors);
    let mut days = vec![rules.stock_days; sectors * n];
    for (p, _) in storable(classification).iter().enumerate().filter(|(_, storable)| !**storable) {
        days[p * n..(p + 1) * n].fill(f64::INFINITY);
    }
    for stock in &scenario.stocks {
        let at = match &stock.at {
            Some(bloc) => bloc.positions(classification)?,
            None => (0..flows.regions).collect(),
        };
        let users = stock.users.positions(classification)?;
        for p in stock.inputs.positions(classification)? {
            for &r in &at {
                users.iter().for_each(|s| days[p * n + r * sectors + s] = stock.days);
            }
        }
    }
    Ok(days)
}

/// What the scenario says of needs.
pub(crate) fn stated(
    scenario: &Scenario,
    flows: &Flows,
    classification: &Classification,
) -> Result<Vec<Option<Need>>, Error> {
    let (n, sectors) = (flows.n, flows.sectors);
    let mut stated = vec![None; sectors * n];
    for entry in &scenario.criticality {
        let users = entry.users.positions(classification)?;
        for p in entry.inputs.positions(classification)? {
            for r in 0..flows.regions {
                users.iter().for_each(|s| stated[p * n + r * sectors + s] = Some(entry.need));
            }
        }
    }
    Ok(stated)
}

/// Whether each sector's products can be kept in store; those of which nothing is known count as storable.
pub(crate) fn storable(classification: &Classification) -> Vec<bool> {
    (0..classification.sectors().len()).map(|s| classification.storable(s).unwrap_or(true)).collect()
}

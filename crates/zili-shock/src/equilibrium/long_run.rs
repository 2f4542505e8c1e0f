//! A table's economy as the options ask for it, to be shocked as often as one likes.

use super::calibrate::{Calibrated, calibrate, refused};
use super::economy::{Deficits, Economy, Shock};
use super::solve::{Closure, Equilibrium, Failed, solve};
use super::welfare::{Welfare, welfare};
use super::{DEFICITS, THETA_FACTOR, TOLERANCE};
use crate::Error;
use std::sync::Arc;
use zili_scenario::Control;
use zili_world::{Classification, Finding, Params, World, elasticities};

pub(crate) struct LongRun {
    pub classification: Arc<Classification>,
    /// What a shock is held against.
    pub economy: Economy,
    pub closure: Closure,
    calibrated: Calibrated,
    /// Where elasticities are from.
    source: String,
}

impl LongRun {
    /// Inputs and final use together, or `apart`.
    pub fn new(world: &World, params: &Params, apart: bool) -> Result<Self, Error> {
        let options = &params.options;
        let table = world.table(params.year)?;
        let classification = table.classification.clone();
        let (theta, source) = elasticities::asked(options, &classification)?;
        let theta = theta.iter().map(|theta| theta * options.number(THETA_FACTOR.name)).collect();
        let tolerance = options.number(TOLERANCE.name);
        let calibrated = calibrate(&table, theta, apart, tolerance)?;
        let (economy, deficits) = match options.choice(DEFICITS.name) {
            "closed" => (calibrated.economy.closed(tolerance).map_err(refused(&classification))?, Deficits::Held),
            "scaled" => (calibrated.economy.clone(), Deficits::Scaled),
            _ => (calibrated.economy.clone(), Deficits::Held),
        };
        Ok(Self { classification, economy, closure: Closure { deficits, tolerance }, calibrated, source })
    }

    /// What controls in full force leave of each flow.
    pub fn shock(&self, controls: &[Control]) -> Result<Shock, Error> {
        self.calibrated.shock(controls, &self.classification)
    }

    pub fn solve(&self, shock: &Shock) -> Result<Equilibrium, Failed> {
        solve(&self.economy, shock, self.closure)
    }

    /// By region.
    pub fn welfare(&self, shock: &Shock) -> Result<Vec<Welfare>, Failed> {
        Ok(welfare(&self.economy, &self.solve(shock)?, &shock.tariffs))
    }

    /// Why there is no equilibrium, in the table's codes.
    pub fn refused(&self, failed: Failed) -> Error {
        refused(&self.classification)(failed)
    }

    /// What was done to the table, and whose elasticities these are.
    pub fn describe(&self, finding: &mut Finding) {
        finding.parameter("elasticity source", &self.source);
        self.calibrated.notes.iter().for_each(|note| finding.note(note.clone()));
    }
}

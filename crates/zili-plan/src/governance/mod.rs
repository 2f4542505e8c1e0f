//! Who decides, centre or regions: what is lost when whoever decides does not know, does not coordinate, or does not try.
//!
//! Three models, each with its closed form and a simulation that converges to it, which need no world; and a strategy at hand, decided either way. A simulator that gave the centre full
//! information could never prefer regions, so the loss of information is in every model.

pub mod adaptation;
pub mod coordination;
pub mod initiative;
pub mod regimes;
pub mod strategy;

use crate::draws::Estimate;
use zili_world::method::{Accepts, Parameter};
use zili_world::{Cell, Error, Options};

pub(crate) const DRAWS: Parameter = Parameter {
    name: "draws",
    accepts: Accepts::Count { default: 100_000, most: 10_000_000 },
    description: "draws of the simulation of each row",
};

pub(crate) const CENTRE: &str = "centre";
pub(crate) const REGIONS: &str = "regions";
pub(crate) const EITHER: &str = "either";
/// Rows of a line, and the row asked about.
pub(crate) const ASKED: &str = "asked";
pub(crate) const LINE: &str = "line";

/// Whose loss is smaller; equal up to rounding is either's.
fn decides(loss_of_centre: f64, loss_of_regions: f64) -> &'static str {
    let gap = loss_of_regions - loss_of_centre;
    match gap.abs() <= 1e-12 * (1.0 + loss_of_centre.abs()) {
        true => EITHER,
        false if gap > 0.0 => CENTRE,
        false => REGIONS,
    }
}

fn out_of_range(parameter: &Parameter, given: f64, expected: &str) -> Error {
    Error::Option { name: parameter.name.into(), given: given.to_string(), expected: expected.to_owned() }
}

fn draws(options: &Options) -> Result<(u32, u64), Error> {
    let draws = options.number(DRAWS.name);
    if draws < 2.0 {
        return Err(out_of_range(&DRAWS, draws, "a whole number from 2 on"));
    }
    // A count is a whole number that fits.
    Ok((draws as u32, options.number(crate::draws::SEED.name) as u64))
}

/// Mean and standard error as two cells.
fn cells(estimate: Estimate) -> [Cell; 2] {
    [Cell::from(estimate.mean), Cell::from(estimate.error)]
}

/// Where a function changes sign between two points at which it differs, to the last bits; none if it has the same sign at both.
fn root(mut low: f64, mut high: f64, f: impl Fn(f64) -> f64) -> Option<f64> {
    let below = f(low);
    if below.is_nan() || (below > 0.0) == (f(high) > 0.0) {
        return None;
    }
    // 200 halvings end any interval of f64.
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        match (f(middle) > 0.0) == (below > 0.0) {
            true => low = middle,
            false => high = middle,
        }
    }
    Some(0.5 * (low + high))
}

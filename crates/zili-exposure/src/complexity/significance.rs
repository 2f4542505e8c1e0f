#![doc = include_str!("../../../../docs/src/methods/complexity-null.md")]

use super::chance::shuffled;
use super::convention::{CONVENTION, Convention};
use super::indicators::{Indicators, correlation};
use super::presence::Presence;
use super::standing::Standing;
use super::{MIN_EXPORTS, MIN_POPULATION, MIN_PRODUCT, THRESHOLD, TRADE, YEAR};
use rayon::prelude::*;
use zili_world::method::{Accepts, column};
use zili_world::{Column, Error, Finding, Method, Parameter, Params, World, row};

const DRAWS: Parameter = Parameter {
    name: "draws",
    accepts: Accepts::Count { default: 100, most: 10_000 },
    description: "draws at random; the smallest share that can be found is 1 / (draws + 1)",
};
const SEED: Parameter = Parameter {
    name: "seed",
    accepts: Accepts::Count { default: 1, most: 4_294_967_295 },
    description: "seed of the draws",
};

pub static METHOD: Method = Method {
    name: "complexity-null",
    page: include_str!("../../../../docs/src/methods/complexity-null.md"),
    columns: &[
        column::HOME,
        Column { description: "year of the trade", ..column::YEAR },
        Column::text("statistic", "Statistic", "what is compared; see the page"),
        Column::number("observed", "Observed", "as the statistic", "what there is"),
        Column::number("mean", "At random", "as the statistic", "mean of the draws"),
        Column::number("deviation", "Deviation", "as the statistic", "standard deviation of the draws"),
        Column::number("z", "z", "deviations", "(observed − mean) / deviation; missing if all draws are alike"),
        Column::share("share_at_least", "Draws at least", "(1 + draws that reach what is observed) / (1 + draws)"),
    ],
    parameters: &[TRADE, YEAR, DRAWS, SEED, CONVENTION, THRESHOLD, MIN_EXPORTS, MIN_POPULATION, MIN_PRODUCT],
};

/// Each statistic against its draws.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let standing = Standing::with_steps(world, params, 0)?;
    let convention = Convention::named(params.options.choice(CONVENTION.name));
    let (draws, seed) = (params.options.number(DRAWS.name) as u64, params.options.number(SEED.name) as u64);
    let home: Vec<usize> =
        (0..standing.economies.len()).filter(|c| standing.market.is_home(standing.economies[*c])).collect();
    let home = if let [one] = home.as_slice() { Some(*one) } else { None };
    let observed = statistics(&standing.presence, convention, home)?;
    let drawn: Vec<Vec<(&str, f64)>> = (1..=draws)
        .into_par_iter()
        .map(|draw| statistics(&shuffled(&standing.presence, seed, draw), convention, home))
        .collect::<Result<_, Error>>()?;
    let mut finding = standing.finding(&METHOD, params);
    if home.is_none() {
        finding.note("home is not one of the economies compared, so that only the whole is");
    }
    for (k, (name, observed)) in observed.into_iter().enumerate() {
        let values: Vec<f64> = drawn.iter().map(|draw| draw[k].1).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = (squares / (values.len() as f64 - 1.0)).sqrt();
        // Draws that are alike differ by rounding only.
        let alike = deviation <= 1e-12 * mean.abs();
        let z = if alike { f64::NAN } else { (observed - mean) / deviation };
        let reach = values.iter().filter(|value| **value >= observed - 1e-12 * observed.abs()).count();
        let share = (1.0 + reach as f64) / (1.0 + values.len() as f64);
        finding.push(row![&params.home.code, standing.market.flows.year, name, observed, mean, deviation, z, share]);
    }
    Ok(finding)
}

/// Of the whole, and of home where it is one of the economies.
fn statistics(
    presence: &Presence,
    convention: Convention,
    home: Option<usize>,
) -> Result<Vec<(&'static str, f64)>, Error> {
    // Fitness plays no part here.
    let found = Indicators::new(presence, convention, 0)?;
    let products = presence.products() as f64;
    // A product's proximity to itself is left out.
    let near: f64 = presence.related(&vec![1.0; presence.products()]).iter().sum::<f64>() - products;
    let mut all = vec![
        ("second eigenvalue", found.eigenvalues[1]),
        ("correlation of ECI with diversity", correlation(&found.eci, &presence.diversity())),
        ("mean proximity", near / (products * (products - 1.0))),
    ];
    if let Some(c) = home {
        let own = presence.made_by(c);
        let coherence = own.iter().map(|p| found.density[(c, *p)]).sum::<f64>() / own.len() as f64;
        all.extend([("ECI of home", found.eci[c]), ("coherence of home", coherence)]);
    }
    Ok(all)
}

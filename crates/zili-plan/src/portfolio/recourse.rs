//! What is done once something is denied, input by input: the cheapest way of meeting demand with what is there.
//!
//! Per input, with K_t home capacity, w the reserve, and c_jt what link j still supplies:
//!
//! ```text
//! Q = min Σ_t [ penalty_t u_t + home_cost_t y_t + Σ_j price_jt z_jt ]
//!     u_t + y_t + q_t + Σ_j z_jt ≥ demand_t,  y_t ≤ K_t,  z_jt ≤ c_jt,  Σ_t q_t ≤ w,  q_t = 0 in calm years
//! ```
//!
//! No solver is needed: each year is served in order of cost, and the reserve then takes the place of the dearest units of all years.

use super::instance::{Cut, Input};

/// How much of each link is left: by link and year, a share of its capacity.
pub type Left = Vec<Vec<f64>>;

/// What cuts leave. Where several fall on one link, the most severe counts.
pub fn left<'a>(input: &Input, years: usize, cuts: impl Iterator<Item = &'a Cut>) -> Left {
    let mut left = vec![vec![1.0; years]; input.links.len()];
    for cut in cuts {
        for share in &mut left[cut.link][cut.from.min(years)..cut.until.min(years)] {
            *share = f64::min(*share, 1.0 - cut.severity);
        }
    }
    left
}

/// How demand was met in a year, units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Supply {
    pub home: f64,
    pub links: Vec<f64>,
    pub reserve: f64,
    pub unmet: f64,
}

/// A way of meeting demand, in order of its cost.
#[derive(Clone, Copy)]
enum Way {
    Home,
    Link(usize),
    Unmet,
}

/// A lot served in some year, which the reserve may replace.
struct Lot {
    year: usize,
    way: Way,
    cost: f64,
    units: f64,
}

/// Lots by which years are served before any reserve is used.
fn lots(input: &Input, capacity: &[f64], left: &Left, years: std::ops::Range<usize>) -> Vec<Lot> {
    let mut lots = Vec::new();
    let mut ways: Vec<(f64, f64, Way)> = Vec::with_capacity(input.links.len() + 2);
    for year in years {
        ways.clear();
        ways.push((input.penalty[year], f64::INFINITY, Way::Unmet));
        ways.push((input.home_cost[year], capacity[year], Way::Home));
        let links = input.links.iter().enumerate();
        ways.extend(links.map(|(j, link)| (link.price[year], link.capacity[year] * left[j][year], Way::Link(j))));
        // Stable, so that equals keep one order: what is not met first, so that nothing is made at a loss.
        ways.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut open = input.demand[year];
        for &(cost, most, way) in &ways {
            if open <= 0.0 {
                break;
            }
            let units = open.min(most);
            if units > 0.0 {
                lots.push(Lot { year, way, cost, units });
                open -= units;
            }
        }
    }
    lots
}

/// Takes the reserve out of the dearest lots, and gives year and units released; nothing is released to replace what costs nothing.
fn release(lots: &mut [Lot], reserve: f64) -> Vec<(usize, f64)> {
    lots.sort_by(|a, b| b.cost.total_cmp(&a.cost));
    let mut there = reserve;
    let released = lots.iter_mut().map_while(move |lot| {
        let units = if lot.cost > 0.0 { lot.units.min(there) } else { 0.0 };
        there -= units;
        lot.units -= units;
        (units > 0.0).then_some((lot.year, units))
    });
    released.collect()
}

/// Cost of calm years: nothing is denied and no reserve is used.
pub fn calm_cost(input: &Input, capacity: &[f64]) -> f64 {
    let left = vec![vec![1.0; input.calm]; input.links.len()];
    lots(input, capacity, &left, 0..input.calm).iter().map(|lot| lot.cost * lot.units).sum()
}

/// Cost of the years after calm ones.
pub fn cost(input: &Input, capacity: &[f64], reserve: f64, left: &Left) -> f64 {
    let mut lots = lots(input, capacity, left, input.calm..input.demand.len());
    if reserve > 0.0 {
        release(&mut lots, reserve);
    }
    lots.iter().map(|lot| lot.cost * lot.units).sum()
}

/// How every year is served.
pub fn supply(input: &Input, capacity: &[f64], reserve: f64, left: &Left) -> Vec<Supply> {
    let years = input.demand.len();
    let mut calm = lots(input, capacity, left, 0..input.calm);
    let mut later = lots(input, capacity, left, input.calm..years);
    let mut supplies = vec![Supply { links: vec![0.0; input.links.len()], ..Supply::default() }; years];
    for (year, units) in release(&mut later, reserve) {
        supplies[year].reserve += units;
    }
    calm.append(&mut later);
    for lot in calm {
        let supply = &mut supplies[lot.year];
        match lot.way {
            Way::Home => supply.home += lot.units,
            Way::Link(j) => supply.links[j] += lot.units,
            Way::Unmet => supply.unmet += lot.units,
        }
    }
    supplies
}

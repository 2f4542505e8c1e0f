//! The daily model of Pichler et al. (2022, Journal of Economic Dynamics and Control 144: 104527) with capacities given from outside.
//!
//! ```text
//! O_pf = max(0, a_pf d_f(t−1) + (n Z_pf − S_pf)/τ)     fixed shares among origins
//! d_i  = Σ_f O_if + c_i
//! x    = min(capacity, inputs(S), d)                   rationing in proportion
//! S   += delivered − a x, never below 0
//! ```
//!
//! Orders follow the demand of the day before, not production; stocks bind when a day's use is not there.

use super::flows::{Baseline, Flows};
use super::needs::Function;
use super::view::{Bound, View};
use zili_scenario::Need;

pub(crate) struct Settings {
    pub function: Function,
    /// Days of stock aimed at, by product.
    pub target_days: Vec<f64>,
    /// τ, days in which a gap in stocks is closed.
    pub restoration: f64,
    /// How much users need products, [products × industries].
    pub needs: Vec<Need>,
}

/// Plays the days; `given` fills in capacity by industry, as a share of the baseline's output, and final demand by supplier and region.
pub(crate) fn simulate(
    flows: &Flows,
    base: &Baseline,
    settings: &Settings,
    days: usize,
    mut given: impl FnMut(usize, &mut [f64], &mut [f64]),
    see: &mut dyn FnMut(&View),
) {
    let (n, regions, sectors) = (flows.n, flows.regions, flows.sectors);
    let goal = |k: usize| settings.target_days[k / n] * flows.composite(k / n)[k % n];
    let mut stocks: Vec<f64> = (0..sectors * n).map(goal).collect();
    let mut demand_before = base.x.clone();
    let (mut capacity, mut by_region) = (vec![1.0; n], base.y.clone());
    let ones = vec![1.0; n];
    let zero = vec![0.0; n];
    for t in 0..days {
        given(t, &mut capacity, &mut by_region);
        let capacity: Vec<f64> = capacity.iter().zip(&base.x).map(|(share, x)| share * x).collect();
        // Orders a unit of flow: fixed shares among origins.
        let mut u = vec![0.0; sectors * n];
        for (k, u) in u.iter_mut().enumerate() {
            let (flow, used) = (flows.composite(k / n)[k % n], base.a[k] * demand_before[k % n]);
            let gap = if stocks[k].is_finite() { (goal(k) - stocks[k]) / settings.restoration } else { 0.0 };
            *u = if flow > 0.0 { (used + gap).max(0.0) / flow } else { 0.0 };
        }
        let mut orders = vec![0.0; n];
        let mut sums = vec![0.0; regions];
        for p in 0..sectors {
            flows.products(p, &u[p * n..(p + 1) * n], &mut sums);
            sums.iter().enumerate().for_each(|(r, sum)| orders[r * sectors + p] = *sum);
        }
        let final_demand: Vec<f64> = by_region.chunks_exact(regions).map(|row| row.iter().sum()).collect();
        let demand: Vec<f64> = orders.iter().zip(&final_demand).map(|(o, y)| o + y).collect();
        let mut bound = vec![Bound::Demand; n];
        let production: Vec<f64> = (0..n)
            .map(|f| {
                let (allowed, input) = allowed(settings, base, &stocks, f);
                let mut made = demand[f];
                if capacity[f] < made {
                    (made, bound[f]) = (capacity[f], Bound::Capacity);
                }
                if allowed < made {
                    (made, bound[f]) = (allowed, input);
                }
                made
            })
            .collect();
        let filled: Vec<f64> =
            demand.iter().zip(&production).map(|(d, x)| if *d > 0.0 { x / d } else { 0.0 }).collect();
        let mut unmet = vec![0.0; n];
        for (i, row) in by_region.chunks_exact(regions).enumerate() {
            row.iter().enumerate().for_each(|(r, y)| unmet[r * sectors + i % sectors] += (1.0 - filled[i]) * y);
        }
        let undelivered: Vec<f64> = final_demand.iter().zip(&filled).map(|(y, q)| (1.0 - q) * y).collect();
        see(&View {
            step: t,
            production: &production,
            capacity: &capacity,
            intermediate_demand: &orders,
            final_demand: &final_demand,
            rebuild_demand: &zero,
            rebuild_delivered: &zero,
            overproduction: &ones,
            final_undelivered: &undelivered,
            final_unmet: &unmet,
            stock: &|p, f| stocks[p * n + f],
            bound: &bound,
            filled: &filled,
            open: &|_, _| 1.0,
            capital_lost: &zero,
        });
        let mut arrived = vec![0.0; n];
        for p in 0..sectors {
            flows.weighted(p, |r| filled[r * sectors + p], &mut arrived);
            for f in 0..n {
                let k = p * n + f;
                stocks[k] = (stocks[k] + arrived[f] * u[k] - base.a[k] * production[f]).max(0.0);
            }
        }
        demand_before = demand;
    }
}

/// Production that stocks allow, and the input that allows least.
fn allowed(settings: &Settings, base: &Baseline, stocks: &[f64], f: usize) -> (f64, Bound) {
    let n = base.x.len();
    let (mut least, mut by) = (f64::INFINITY, Bound::Demand);
    let (mut held, mut used) = (0.0, 0.0);
    for p in 0..stocks.len() / n {
        let k = p * n + f;
        if base.a[k] <= 0.0 {
            continue;
        }
        let full = stocks[k] / base.a[k];
        let most = match (settings.function, settings.needs[k]) {
            (Function::Linear, _) => {
                held += stocks[k];
                used += base.a[k];
                continue;
            }
            (Function::Leontief, _) | (_, Need::Essential) | (Function::StronglyCritical, Need::Important) => full,
            (Function::HalfCritical, Need::Important) => 0.5 * (full + base.x[f]),
            _ => continue,
        };
        if most < least {
            (least, by) = (most, Bound::Input(p as u32));
        }
    }
    if used > 0.0 { (held / used, Bound::Inputs) } else { (least, by) }
}

//! The weekly model of Guan et al. (2020, Nature Human Behaviour 4: 577): labour and pairwise transport constraints.
//!
//! ```text
//! x   = min(x0 λ α, min_p Ω_pf / a_pf, D)         negligible inputs (Z < 1e-5 x0) allow 1.25 x0
//! Ω  += delivered − a x                            from 6 weeks of use, towards a fixed goal of 7
//! O   = min(max(Ω* − Ω, 0)·w, Z T)                 w = Z T λ, shares among origins
//! F   = min(Σ_r F_t·w_F, F0 T, F_t)
//! α   += ± |D − x0 λ α|/x0 · 0.25/52, within 1–1.25
//! ```
//!
//! No supplier ever sells anyone more than before the shock; stocks bind only when they run out.

use super::flows::{Baseline, Flows};
use super::view::{Bound, View};

/// What is given for each week.
pub(crate) struct Week<'a> {
    /// λ, labour by industry, 0–1.
    pub labour: &'a [f64],
    /// T, transport from industry to region, 0–1, [industries × regions].
    pub transport: &'a [f64],
    /// The same for final demand; the authors have one for both.
    pub transport_final: &'a [f64],
    /// Final demand, [industries × regions].
    pub final_demand: &'a [f64],
}

const WEEKS_HELD: f64 = 6.0;
const WEEKS_WANTED: f64 = 7.0;
const ALPHA_MAX: f64 = 1.25;
const ALPHA_STEP: f64 = 0.25 / 52.0;

/// Plays the weeks; flows and base are those of a week.
pub(crate) fn simulate<'a>(
    flows: &Flows,
    base: &Baseline,
    weeks: usize,
    given: impl Fn(usize) -> Week<'a>,
    see: &mut dyn FnMut(&View),
) {
    let (n, regions, sectors) = (flows.n, flows.regions, flows.sectors);
    let composite: Vec<f64> = (0..sectors).flat_map(|p| flows.composite(p).iter().copied()).collect();
    let mut stocks: Vec<f64> = composite.iter().map(|z| WEEKS_HELD * z).collect();
    let mut alpha = vec![1.0; n];
    // Orders in full: the cap on each of them has no factors.
    let mut orders: Vec<f64> = (0..n * n).map(|k| flows.flow(k / n % sectors, k / n / sectors, k % n)).collect();
    let mut final_orders = base.y.clone();
    let zero = vec![0.0; n];
    for t in 0..weeks {
        let week = given(t);
        let capacity: Vec<f64> = (0..n).map(|f| base.x[f] * week.labour[f] * alpha[f]).collect();
        let orders_in: Vec<f64> = orders.chunks_exact(n).map(|row| row.iter().sum()).collect();
        let final_in: Vec<f64> = final_orders.chunks_exact(regions).map(|row| row.iter().sum()).collect();
        let allowed = |stocks: &[f64], p: usize, f: usize| match composite[p * n + f] >= 1e-5 * base.x[f] {
            true => stocks[p * n + f] / base.a[p * n + f],
            false => ALPHA_MAX * base.x[f],
        };
        let mut bound = vec![Bound::Demand; n];
        let production: Vec<f64> = (0..n)
            .map(|f| {
                let mut made = orders_in[f] + final_in[f];
                if capacity[f] < made {
                    (made, bound[f]) = (capacity[f], Bound::Capacity);
                }
                for p in 0..sectors {
                    let most = allowed(&stocks, p, f);
                    if most < made {
                        (made, bound[f]) = (most, Bound::Input(p as u32));
                    }
                }
                made
            })
            .collect();
        let filled: Vec<f64> = (0..n)
            .map(|i| if orders_in[i] + final_in[i] > 0.0 { production[i] / (orders_in[i] + final_in[i]) } else { 0.0 })
            .collect();
        let mut unmet = vec![0.0; n];
        for i in 0..n {
            for r in 0..regions {
                let cell = i * regions + r;
                unmet[r * sectors + i % sectors] += week.final_demand[cell] - filled[i] * final_orders[cell];
            }
        }
        let undelivered: Vec<f64> = (0..n).map(|i| (1.0 - filled[i]) * final_in[i]).collect();
        let held = stocks.clone();
        for k in 0..sectors * n {
            stocks[k] -= base.a[k] * production[k % n];
        }
        for i in 0..n {
            let kept = &mut stocks[(i % sectors) * n..(i % sectors + 1) * n];
            kept.iter_mut().zip(&orders[i * n..(i + 1) * n]).for_each(|(stock, o)| *stock += filled[i] * o);
        }
        see(&View {
            step: t,
            production: &production,
            capacity: &capacity,
            intermediate_demand: &orders_in,
            final_demand: &final_in,
            rebuild_demand: &zero,
            rebuild_delivered: &zero,
            overproduction: &alpha,
            final_undelivered: &undelivered,
            final_unmet: &unmet,
            stock: &|p, f| held[p * n + f],
            bound: &bound,
            filled: &filled,
            open: &|i, r| week.transport[i * regions + r],
            capital_lost: &zero,
        });
        place(flows, base, &week, &composite, &stocks, &mut orders, &mut final_orders);
        for f in 0..n {
            let wanted: f64 = orders[f * n..(f + 1) * n].iter().sum::<f64>()
                + final_orders[f * regions..(f + 1) * regions].iter().sum::<f64>();
            let least = (0..sectors).map(|p| allowed(&stocks, p, f)).fold(f64::INFINITY, f64::min);
            let change = (wanted - capacity[f]).abs() / base.x[f] * ALPHA_STEP;
            if base.x[f] > 0.0 && capacity[f] < least && capacity[f] < wanted {
                alpha[f] += change;
            } else if base.x[f] > 0.0 && (capacity[f] > least || capacity[f] > wanted) {
                alpha[f] -= change;
            }
            alpha[f] = alpha[f].clamp(1.0, ALPHA_MAX);
        }
    }
}

/// Orders of inputs and of final use for the next week.
fn place(
    flows: &Flows,
    base: &Baseline,
    week: &Week,
    composite: &[f64],
    stocks: &[f64],
    orders: &mut [f64],
    final_orders: &mut [f64],
) {
    let (n, regions, sectors) = (flows.n, flows.regions, flows.sectors);
    let weight = |transport: &[f64], r: usize, p: usize, region: usize| {
        let i = r * sectors + p;
        transport[i * regions + region] * week.labour[i]
    };
    for p in 0..sectors {
        for f in 0..n {
            let (k, region) = (p * n + f, f / sectors);
            let gap = (WEEKS_WANTED * composite[k] - stocks[k]).max(0.0);
            let norm: f64 = (0..regions).map(|r| flows.flow(p, r, f) * weight(week.transport, r, p, region)).sum();
            for r in 0..regions {
                let i = r * sectors + p;
                let flow = flows.flow(p, r, f);
                let share = if norm > 0.0 { flow * weight(week.transport, r, p, region) / norm } else { 0.0 };
                orders[i * n + f] = (gap * share).min(flow * week.transport[i * regions + region]);
            }
        }
        for region in 0..regions {
            let cell = |r: usize| (r * sectors + p) * regions + region;
            let norm: f64 = (0..regions).map(|r| base.y[cell(r)] * weight(week.transport_final, r, p, region)).sum();
            let total: f64 = (0..regions).map(|r| week.final_demand[cell(r)]).sum();
            for r in 0..regions {
                let share =
                    if norm > 0.0 { base.y[cell(r)] * weight(week.transport_final, r, p, region) / norm } else { 0.0 };
                let most = (base.y[cell(r)] * week.transport_final[cell(r)]).min(week.final_demand[cell(r)]);
                final_orders[cell(r)] = (total * share).min(most);
            }
        }
    }
}

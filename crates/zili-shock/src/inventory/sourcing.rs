//! From whom each user buys: denied flows, what may be ordered elsewhere instead, and final demand.
//!
//! For product p, user f in region j and supplier r, with the share T_rj of a flow that is not denied and e_rj = 1 where nothing is:
//!
//! ```text
//! O_rf = Z_rf w_r (T_rj m_f + e_rj m'_f)
//! m_f  = min(wanted_f, Z_f)/Σ_r w Z        where something is denied, else wanted_f/Σ_r w Z
//! m'_f = min(wanted_f − Σ_r O_rf, ρ_jp B_f Z_f)/Σ_r w e Z    B_f = 1 − Σ_r w T Z/Σ_r w Z    Z_f = Σ_r Z_rf
//! ```
//!
//! Suppliers that are left sell no more than before, but for the share ρ of what is denied, which those take over that deny nothing.

use super::flows::{Baseline, Flows};
use super::plan::{Plan, Procurement};
use super::simd::Weight;
use crate::demand::bring_home;
use std::sync::Arc;

/// What is open of one product's flows in one step.
#[derive(Clone)]
struct Access {
    /// T, [supplying regions × buying regions].
    open: Vec<f64>,
    /// ρ by buying region.
    elsewhere: Vec<f64>,
    /// Most that a supplier who takes over sells beyond its old flow, as a share of it, by buying region.
    beyond: Vec<f64>,
}

/// The users of one product in a buying region to whom something is denied, in the step in progress or the next.
pub(crate) struct Gate {
    pub region: usize,
    /// Weights of suppliers in what arrives: of old ones, and of those that take over.
    pub arriving: Vec<Weight>,
    /// The same for the next orders: w T and w e.
    pub ordering: Vec<Weight>,
    elsewhere: f64,
    beyond: f64,
}

impl Gate {
    /// Orders a unit of flow, from suppliers as they are and from those that take over, for one user: what it wants, what it used
    /// to buy, and its suppliers' weighted flows: all, as far as they are not denied, and those of which nothing is.
    pub fn order(&self, wanted: f64, old: f64, norm: f64, available: f64, free: f64) -> (f64, f64) {
        let denied = if norm > 0.0 { 1.0 - available / norm } else { 0.0 };
        // Rounding denies nothing.
        if denied <= 1e-12 {
            return (unit(wanted, norm), 0.0);
        }
        let u = unit(wanted.min(old), norm);
        let missing = wanted - u * available;
        let most = (self.elsewhere * denied * old).min(self.beyond * free);
        (u, unit(missing.min(most).max(0.0), free))
    }
}

/// One run's access to suppliers, of the step in progress and of the one that is ordered for.
pub(crate) struct Sourcing {
    now: Vec<Option<Arc<Access>>>,
    next: Vec<Option<Arc<Access>>>,
    for_final: Vec<Option<Access>>,
    /// Levels in force when `next`, and final demand, were last worked out.
    levels: Vec<f64>,
    final_levels: Vec<f64>,
}

impl Sourcing {
    pub fn new(flows: &Flows) -> Self {
        let none = || vec![None; flows.sectors];
        Self {
            now: none(),
            next: none(),
            for_final: vec![None; flows.sectors],
            levels: Vec::new(),
            final_levels: Vec::new(),
        }
    }

    /// Whether any control of a plan falls on inputs of product p.
    pub fn touches(plan: &Plan, p: usize, flows: &Flows) -> bool {
        plan.controls.iter().any(|(denial, _)| denial.suppliers.iter().any(|i| i % flows.sectors == p))
    }

    /// Works out what is open in the step from day `from` to day `to`, for which orders are placed next.
    pub fn look_ahead(&mut self, from: f64, to: f64, plan: &Plan, flows: &Flows) {
        let levels = levels(from, to, plan);
        if levels == self.levels {
            return;
        }
        self.next = accesses(plan, &levels, flows, |denial| &denial.intermediate)
            .into_iter()
            .map(|a| a.map(Arc::new))
            .collect();
        self.levels = levels;
    }

    /// Share of the flow from a supplier to a region's users that is not denied in the step in progress.
    pub fn open(&self, supplier: usize, region: usize) -> f64 {
        let sectors = self.now.len();
        self.now[supplier % sectors].as_ref().map_or(1.0, |access| {
            let regions = access.elsewhere.len();
            access.open[supplier / sectors * regions + region]
        })
    }

    /// The step that was ordered for begins.
    pub fn advance(&mut self) {
        self.now.clone_from(&self.next);
    }

    /// Buying regions to whom something of product p is denied, in the step in progress or the next. Weights by supplying region:
    /// of what arrives from old suppliers, and from those that take over; of the next orders.
    pub fn gates(&self, p: usize, served: &[f64], new: &[f64], next: &[f64]) -> Vec<Gate> {
        let [now, then] = [&self.now[p], &self.next[p]];
        if now.is_none() && then.is_none() {
            return Vec::new();
        }
        let regions = served.len();
        let open = |access: &Option<Arc<Access>>, r: usize, j: usize| -> f64 {
            access.as_ref().map_or(1.0, |access| access.open[r * regions + j])
        };
        let closed = |j: &usize| (0..regions).any(|r| open(now, r, *j) < 1.0 || open(then, r, *j) < 1.0);
        let weights = |access: &Option<Arc<Access>>, j: usize, old: &[f64], new: &[f64]| -> Vec<Weight> {
            let weigh = |r: usize| {
                let open = open(access, r, j);
                Weight { supplier: r, by: [old[r] * open, if open == 1.0 { new[r] } else { 0.0 }] }
            };
            (0..regions).map(weigh).collect()
        };
        (0..regions)
            .filter(closed)
            .map(|j| Gate {
                region: j,
                arriving: weights(now, j, served, new),
                ordering: weights(then, j, next, next),
                elsewhere: then.as_ref().map_or(0.0, |access| access.elsewhere[j]),
                beyond: then.as_ref().map_or(f64::INFINITY, |access| access.beyond[j]),
            })
            .collect()
    }

    /// Final demand by supplier and region in the step: of old customers, in the place of denied flows (empty where nobody may),
    /// and what would be wanted without controls by consuming region and product. Tells whether anything changed.
    #[allow(clippy::too_many_arguments)]
    pub fn final_demand(
        &mut self,
        (from, to): (f64, f64),
        plan: &Plan,
        income: &[f64],
        flows: &Flows,
        base: &Baseline,
        by_region: &mut [f64],
        new: &mut Vec<f64>,
        wanted: &mut [f64],
    ) -> bool {
        let mut now = levels(from, to, plan);
        now.extend(plan.demand.iter().map(|loss| loss.strike.level(from, to)));
        now.extend(plan.procurement.iter().map(|p| p.window.mean(from, to)));
        now.extend(income);
        if now == self.final_levels {
            return false;
        }
        self.for_final = accesses(plan, &now, flows, |denial| &denial.final_use);
        self.final_levels = now;
        let (regions, sectors) = (flows.regions, flows.sectors);
        // Falling inventories are no demand but a supply, which stands elsewhere.
        by_region.iter_mut().zip(&base.y).for_each(|(now, y)| *now = y.max(0.0));
        let cell = |i: usize, j: usize| i * regions + j;
        for loss in &plan.demand {
            let left = 1.0 - loss.share * loss.strike.level(from, to);
            for &j in &loss.regions {
                for i in loss.products.iter().flat_map(|p| (0..regions).map(move |r| r * sectors + p)) {
                    by_region[cell(i, j)] *= left;
                }
            }
        }
        let response = plan.rules.income_response;
        if response > 0.0 {
            for row in by_region.chunks_exact_mut(regions) {
                let poorer = row.iter_mut().zip(income).filter(|(y, _)| **y > 0.0);
                poorer.for_each(|(y, income)| *y *= 1.0 - response * (1.0 - income));
            }
        }
        for procurement in &plan.procurement {
            procure(procurement, procurement.share * procurement.window.mean(from, to), flows, base, by_region);
        }
        wanted.fill(0.0);
        for (i, row) in by_region.chunks_exact(regions).enumerate() {
            row.iter().enumerate().for_each(|(j, y)| wanted[j * sectors + i % sectors] += y);
        }
        new.clear();
        for (p, access) in self.for_final.iter().enumerate() {
            let Some(access) = access else { continue };
            new.resize(flows.n * regions, 0.0);
            for j in 0..regions {
                let supplier = |r: usize| cell(r * sectors + p, j);
                let (mut denied, mut free) = (0.0, 0.0);
                for r in 0..regions {
                    let (y, open) = (by_region[supplier(r)].max(0.0), access.open[r * regions + j]);
                    denied += (1.0 - open) * y;
                    free += if open == 1.0 { y } else { 0.0 };
                }
                if denied <= 0.0 {
                    continue;
                }
                let more = if free > 0.0 { (access.elsewhere[j] * denied / free).min(access.beyond[j]) } else { 0.0 };
                for r in 0..regions {
                    let (y, open) = (&mut by_region[supplier(r)], access.open[r * regions + j]);
                    if *y > 0.0 && open == 1.0 {
                        new[supplier(r)] = more * *y;
                    } else if *y > 0.0 {
                        *y *= open;
                    }
                }
            }
        }
        true
    }
}

/// What is ordered a unit of flow; nothing where nobody is left to order from.
#[inline(always)]
pub(crate) fn unit(wanted: f64, norm: f64) -> f64 {
    if norm > 0.0 { wanted / norm } else { 0.0 }
}

/// A procurement at a share in force.
fn procure(procurement: &Procurement, share: f64, flows: &Flows, base: &Baseline, by_region: &mut [f64]) {
    let (regions, sectors) = (flows.regions, flows.sectors);
    for &p in &procurement.products {
        for &j in &procurement.regions {
            let at = |r: usize| (r * sectors + p) * regions + j;
            let mut bought: Vec<f64> = (0..regions).map(|r| by_region[at(r)]).collect();
            let output = |r: usize| base.x[r * sectors + p];
            bring_home(&mut bought, &procurement.regions, |r| share * procurement.part[at(r)], output);
            bought.iter().enumerate().for_each(|(r, after)| by_region[at(r)] = *after);
        }
    }
}

/// Levels of controls and of what may be ordered elsewhere, averaged over a step.
fn levels(from: f64, to: f64, plan: &Plan) -> Vec<f64> {
    let controls = plan.controls.iter().map(|(_, window)| window.mean(from, to));
    let diversification = plan.diversification.iter().map(|d| d.window.mean(from, to));
    controls
        .chain(diversification)
        .chain(plan.controls.iter().map(|(_, window)| ramp(from, to, plan, window)))
        .collect()
}

/// How far the rule's own re-sourcing has come for what one control denies.
fn ramp(from: f64, to: f64, plan: &Plan, control: &zili_scenario::Window) -> f64 {
    let window = zili_scenario::Window { from: control.from, until: f64::INFINITY, ramp: plan.rules.resourcing_days };
    if plan.rules.resourcing > 0.0 { window.mean(from, to) } else { 0.0 }
}

/// What is open of each product's flows; none where nothing is denied. Where two controls fall on one flow the more severe holds.
fn accesses(
    plan: &Plan,
    levels: &[f64],
    flows: &Flows,
    severity: impl Fn(&zili_scenario::Denial) -> &zili_world::Matrix,
) -> Vec<Option<Access>> {
    let (regions, sectors) = (flows.regions, flows.sectors);
    let mut accesses: Vec<Option<Access>> = vec![None; sectors];
    let ramps = &levels[plan.controls.len() + plan.diversification.len()..];
    for (((denial, _), &level), ramp) in plan.controls.iter().zip(levels).zip(ramps) {
        for (k, &i) in denial.suppliers.iter().enumerate() {
            for (b, &j) in denial.buyers.iter().enumerate() {
                let denied = level * severity(denial)[(k, b)];
                if denied > 0.0 {
                    let access = accesses[i % sectors].get_or_insert_with(|| Access::open(regions));
                    let open = &mut access.open[i / sectors * regions + j];
                    *open = open.min(1.0 - denied);
                    access.elsewhere[j] = access.elsewhere[j].max(plan.rules.resourcing * ramp);
                }
            }
        }
    }
    for (p, access) in accesses.iter_mut().enumerate() {
        let Some(access) = access else { continue };
        for (diversification, &level) in plan.diversification.iter().zip(&levels[plan.controls.len()..]) {
            if level > 0.0 && diversification.products.contains(&p) {
                for &j in &diversification.regions {
                    access.elsewhere[j] = access.elsewhere[j].max(level * diversification.share);
                    access.beyond[j] = access.beyond[j].min(diversification.cap - 1.0);
                }
            }
        }
    }
    accesses
}

impl Access {
    fn open(regions: usize) -> Self {
        Self { open: vec![1.0; regions * regions], elsewhere: vec![0.0; regions], beyond: vec![f64::INFINITY; regions] }
    }
}

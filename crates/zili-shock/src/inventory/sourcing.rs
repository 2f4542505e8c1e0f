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
use crate::demand::bring_home;
use std::ops::Range;
use std::sync::Arc;
use zili_world::linalg::{add_scaled, dot};

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

    /// Whether nothing is denied of product p, in the step in progress and in the next.
    pub fn is_open(&self, p: usize) -> bool {
        self.now[p].is_none() && self.next[p].is_none()
    }

    /// Arrivals by user where something may be denied. `weight` is that of supplying region r, `new_weight` that of what it delivers
    /// in the place of a denied flow.
    #[allow(clippy::too_many_arguments)]
    pub fn receive(
        &self,
        p: usize,
        flows: &Flows,
        weight: impl Fn(usize) -> f64,
        new_weight: impl Fn(usize) -> f64,
        u: &[f64],
        extra: &[f64],
        arrived: &mut [f64],
    ) {
        let Some(access) = &self.now[p] else {
            flows.weighted(p, weight, arrived);
            arrived.iter_mut().zip(u).for_each(|(arrived, u)| *arrived *= u);
            return;
        };
        arrived.fill(0.0);
        let mut taken_over = vec![0.0; flows.n];
        access.each(p, flows, |r, j, users, flow| {
            let open = access.open[r * flows.regions + j];
            add_scaled(&mut arrived[users.clone()], weight(r) * open, flow);
            if open == 1.0 {
                add_scaled(&mut taken_over[users], new_weight(r), flow);
            }
        });
        for f in 0..flows.n {
            arrived[f] = arrived[f] * u[f] + taken_over[f] * extra[f];
        }
    }

    /// Turns what is wanted (in `u`) into orders a unit of flow: `u` from suppliers as they are, `extra` from those that take over.
    pub fn order(
        &self,
        p: usize,
        flows: &Flows,
        weight: impl Fn(usize) -> f64,
        norm: &[f64],
        u: &mut [f64],
        extra: &mut [f64],
    ) {
        let Some(access) = &self.next[p] else {
            extra.fill(0.0);
            u.iter_mut().zip(norm).for_each(|(u, norm)| *u = unit(*u, *norm));
            return;
        };
        let mut available = vec![0.0; flows.n];
        let mut free = vec![0.0; flows.n];
        access.each(p, flows, |r, j, users, flow| {
            let open = access.open[r * flows.regions + j];
            add_scaled(&mut available[users.clone()], weight(r) * open, flow);
            if open == 1.0 {
                add_scaled(&mut free[users], weight(r), flow);
            }
        });
        let old = flows.composite(p);
        for f in 0..flows.n {
            let (wanted, j) = (u[f], f / flows.sectors);
            let denied = if norm[f] > 0.0 { 1.0 - available[f] / norm[f] } else { 0.0 };
            // Rounding denies nothing.
            if denied <= 1e-12 {
                (u[f], extra[f]) = (unit(wanted, norm[f]), 0.0);
                continue;
            }
            u[f] = unit(wanted.min(old[f]), norm[f]);
            let missing = wanted - u[f] * available[f];
            let taken_over =
                missing.min(access.elsewhere[j] * denied * old[f]).min(access.beyond[j] * free[f]).max(0.0);
            extra[f] = unit(taken_over, free[f]);
        }
    }

    /// Orders for the suppliers of p before their weights, by supplying region, where something is denied:
    /// of old customers, and in the place of denied flows.
    pub fn demand(
        &self,
        p: usize,
        flows: &Flows,
        u: &[f64],
        extra: &[f64],
        demand: &mut [f64],
        new_demand: &mut [f64],
    ) {
        new_demand.fill(0.0);
        let Some(access) = &self.next[p] else { return flows.products(p, u, demand) };
        demand.fill(0.0);
        access.each(p, flows, |r, j, users, flow| {
            let open = access.open[r * flows.regions + j];
            demand[r] += open * dot(flow, &u[users.clone()]);
            if open == 1.0 {
                new_demand[r] += dot(flow, &extra[users]);
            }
        });
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

    /// Every pair of supplying and buying region, with the buying region's users and the flows to them.
    fn each(&self, p: usize, flows: &Flows, mut visit: impl FnMut(usize, usize, Range<usize>, &[f64])) {
        let mut row = vec![0.0; flows.n];
        for r in 0..flows.regions {
            flows.copy_row(p, r, &mut row);
            for (j, flow) in row.chunks_exact(flows.sectors).enumerate() {
                visit(r, j, j * flows.sectors..(j + 1) * flows.sectors, flow);
            }
        }
    }
}

//! The model: stocks, orders and production step by step, for one scenario or for many that share each reading of Z.
//!
//! A step, for every run:
//!
//! 1. what strikes now: capacity, demand, controls ([`Run::begin`]);
//! 2. production, the least of demand, capacity and what stocks allow, and who is served ([`Run::produce`]);
//! 3. product by product: deliveries reach the stocks, new orders are placed, and become the next step's demand ([`Block::step`]).

use super::flows::{Baseline, Flows};
use super::needs::Needs;
use super::plan::{Plan, Rationing};
use super::rebuilding::Sites;
use super::simd::vectorised;
use super::sourcing::{Sourcing, unit};
use super::view::{Bound, View};
use rayon::prelude::*;
use std::ops::Range;
use zili_scenario::Filled;

/// One scenario on its way.
struct Run<'a> {
    plan: &'a Plan,
    sourcing: Sourcing,
    sites: Sites,
    alpha: Vec<f64>,
    /// Weights with which this step's orders were placed, and the next step's will be.
    weights: Vec<f64>,
    next_weights: Vec<f64>,
    /// Orders of inputs received, by supplier: those of old customers, and those that take the place of denied flows.
    orders: Vec<f64>,
    new_orders: Vec<f64>,
    /// Capital destroyed and not yet restored.
    capital_lost: Vec<f64>,
    capacity: Vec<f64>,
    /// Final demand by supplier and region, [industries × regions], and by supplier.
    final_by_region: Vec<f64>,
    final_demand: Vec<f64>,
    /// The same in the place of denied flows (by region empty where nobody may), and together with new orders of inputs.
    new_by_region: Vec<f64>,
    new_final: Vec<f64>,
    new_demand: Vec<f64>,
    /// Final demand by consuming region and product: as it would be without controls, and as far as somebody is asked for it.
    final_wanted: Vec<f64>,
    final_covered: Vec<f64>,
    rebuild_demand: Vec<f64>,
    production: Vec<f64>,
    bound: Vec<Bound>,
    /// Shares of orders of inputs, of final demand, of reconstruction and of new orders that are filled.
    filled: [Vec<f64>; 4],
    /// Value added of each region as a share of what it was.
    income: Vec<f64>,
}

/// All runs' stocks and orders of one product.
struct Block {
    /// [runs × industries]
    stocks: Vec<f64>,
    /// Orders a unit of flow, from suppliers as they are and from those that take over what others deny.
    u: Vec<f64>,
    extra: Vec<f64>,
    /// Reserves released where stocks fall below their target; empty if nobody holds any.
    reserve: Vec<f64>,
    /// Target stocks above the usual, from stockpiles that are bought; empty if there are none.
    raised: Vec<f64>,
    /// Demand for the suppliers of this product, of old customers and of new ones, [runs × regions].
    demand: Vec<f64>,
    new_demand: Vec<f64>,
}

/// Plays every plan for `steps` steps; `see` is told each run's position and step, in order.
pub(crate) fn simulate(
    flows: &Flows,
    base: &Baseline,
    plans: &[&Plan],
    steps: usize,
    see: &mut dyn FnMut(usize, &View),
) {
    let mut runs: Vec<Run> = plans.iter().map(|plan| Run::new(plan, flows, base)).collect();
    runs.iter_mut().for_each(|run| run.look_ahead(0, flows));
    let mut blocks: Vec<Block> = (0..flows.sectors).map(|p| Block::new(p, &runs, flows)).collect();
    blocks.par_iter_mut().enumerate().for_each(|(p, block)| block.first_orders(p, &runs, flows, base));
    runs.par_iter_mut().enumerate().for_each(|(b, run)| run.take_orders(b, &blocks, flows));
    for t in 0..steps {
        runs.par_iter_mut().for_each(|run| run.begin(t, flows, base));
        runs.par_iter_mut().enumerate().for_each(|(b, run)| run.produce(b, &blocks, flows, base));
        for (b, run) in runs.iter().enumerate() {
            run.show(b, t, &blocks, flows, base, see);
        }
        runs.iter_mut().for_each(|run| run.look_ahead(t + 1, flows));
        blocks.par_iter_mut().enumerate().for_each(|(p, block)| block.step(p, t, &runs, flows, base));
        runs.par_iter_mut().enumerate().for_each(|(b, run)| run.end(b, &blocks, flows, base));
    }
}

impl<'a> Run<'a> {
    fn new(plan: &'a Plan, flows: &Flows, base: &Baseline) -> Self {
        let n = flows.n;
        Self {
            plan,
            sourcing: Sourcing::new(flows),
            sites: Sites::new(plan, flows, base),
            alpha: vec![1.0; n],
            weights: vec![1.0; n],
            next_weights: vec![1.0; n],
            orders: vec![0.0; n],
            new_orders: vec![0.0; n],
            capital_lost: vec![0.0; n],
            capacity: vec![0.0; n],
            final_by_region: base.y.clone(),
            final_demand: vec![0.0; n],
            new_by_region: Vec::new(),
            new_final: vec![0.0; n],
            new_demand: vec![0.0; n],
            final_wanted: vec![0.0; n],
            final_covered: vec![0.0; n],
            rebuild_demand: vec![0.0; n],
            production: base.x.clone(),
            bound: vec![Bound::Nothing; n],
            filled: std::array::from_fn(|_| vec![1.0; n]),
            income: vec![1.0; flows.regions],
        }
    }

    /// What is in force in the step that begins: capacity, controls, final demand, reconstruction.
    fn begin(&mut self, t: usize, flows: &Flows, base: &Baseline) {
        let rules = &self.plan.rules;
        let (from, to) = (t as f64 * rules.step, (t + 1) as f64 * rules.step);
        self.sites.begin(from, to, &mut self.capital_lost, &mut self.rebuild_demand);
        for f in 0..flows.n {
            let capital = self.plan.capital[f];
            // Damages add up, and nothing is destroyed twice.
            let lost = if capital > 0.0 { (self.capital_lost[f] / capital).min(1.0) } else { 0.0 };
            self.capacity[f] = base.x[f].max(0.0) * (1.0 - lost) * self.alpha[f];
        }
        // Orders for the next step go by the capacity that suppliers will have in it, as far as the scenario tells.
        self.next_weights.copy_from_slice(&self.capacity);
        for strike in &self.plan.capacity {
            for (capacity, at) in [(&mut self.capacity, from), (&mut self.next_weights, to)] {
                let level = strike.level(at, at + rules.step);
                if level > 0.0 {
                    strike.size.iter().for_each(|&(f, share)| capacity[f] *= (1.0 - level * share).max(0.0));
                }
            }
        }
        for (weight, x) in self.next_weights.iter_mut().zip(&base.x) {
            *weight = if rules.orders_follow_capacity && *x > 0.0 { *weight / x } else { 1.0 };
        }
        let changed = self.sourcing.final_demand(
            (from, to),
            self.plan,
            &self.income,
            flows,
            base,
            &mut self.final_by_region,
            &mut self.new_by_region,
            &mut self.final_wanted,
        );
        if changed {
            self.add_up_final_demand(flows);
        }
        self.new_demand.iter_mut().zip(&self.new_orders).zip(&self.new_final).for_each(|((sum, o), y)| *sum = o + y);
    }

    /// Sums of final demand, which change only where the scenario does.
    fn add_up_final_demand(&mut self, flows: &Flows) {
        let (regions, sectors) = (flows.regions, flows.sectors);
        self.final_covered.fill(0.0);
        for (i, row) in self.final_by_region.chunks_exact(regions).enumerate() {
            self.final_demand[i] = row.iter().sum();
            row.iter().enumerate().for_each(|(r, y)| self.final_covered[r * sectors + i % sectors] += y);
        }
        self.new_final.fill(0.0);
        for (i, row) in self.new_by_region.chunks_exact(regions).enumerate() {
            self.new_final[i] = row.iter().sum();
            row.iter().enumerate().for_each(|(r, y)| self.final_covered[r * sectors + i % sectors] += y);
        }
    }

    /// Production, what held it back, and who is served.
    fn produce(&mut self, b: usize, blocks: &[Block], flows: &Flows, base: &Baseline) {
        let n = flows.n;
        let needs = self.plan.needs.as_ref();
        let mut allowed = vec![if needs.sum { 0.0 } else { f64::INFINITY }; n];
        for (p, block) in blocks.iter().enumerate() {
            let (c0, c1) = (&needs.c0[p * n..(p + 1) * n], &needs.c1[p * n..(p + 1) * n]);
            let stocks = &block.stocks[b * n..(b + 1) * n];
            vectorised(
                #[inline(always)]
                || {
                    let lines = allowed.iter_mut().zip(c0.iter().zip(c1).zip(stocks));
                    if needs.sum {
                        // A stock without end is no line.
                        lines.for_each(|(allowed, ((_, c1), stock))| {
                            *allowed += if *c1 > 0.0 { c1 * stock } else { 0.0 }
                        });
                    } else {
                        lines.for_each(|(allowed, ((c0, c1), stock))| {
                            let most = c0 + c1 * stock;
                            *allowed = if most < *allowed { most } else { *allowed };
                        });
                    }
                },
            );
        }
        if needs.sum {
            unbound_where_nothing_is_held(needs, &mut allowed);
        }
        for (f, &allowed) in allowed.iter().enumerate() {
            if base.x[f] <= 0.0 {
                // Odd rows of a rounded table: they stay as they are.
                self.production[f] = base.x[f];
                continue;
            }
            let demand = [self.orders[f], self.final_demand[f], self.rebuild_demand[f]];
            let usual = (demand[0] + demand[1] + demand[2]).max(0.0);
            let drawn = base.drawn[f];
            let wanted = (usual + self.new_demand[f] - drawn).max(0.0);
            let made = wanted.min(self.capacity[f]).min(allowed);
            self.production[f] = made;
            self.bound[f] = match made {
                made if made >= wanted * FULL => Bound::Demand,
                made if made >= self.capacity[f] => Bound::Capacity,
                _ if needs.sum => Bound::Inputs,
                _ => scarcest(needs, blocks, b, n, f),
            };
            // Who comes in the place of a denied flow is served from what old customers leave.
            let supply = made + drawn;
            let served = serve(self.plan.rules.rationing, demand, usual, supply);
            (0..3).for_each(|k| self.filled[k][f] = served[k]);
            let left = (supply - usual).max(0.0);
            self.filled[3][f] = if self.new_demand[f] > 0.0 { (left / self.new_demand[f]).min(1.0) } else { 1.0 };
        }
        self.sites.receive(&self.filled[2]);
    }

    fn show(
        &self,
        b: usize,
        t: usize,
        blocks: &[Block],
        flows: &Flows,
        base: &Baseline,
        see: &mut dyn FnMut(usize, &View),
    ) {
        let (n, regions, sectors) = (flows.n, flows.regions, flows.sectors);
        // What nobody is asked for is unmet, and of the rest what suppliers that are short do not deliver.
        let mut unmet: Vec<f64> =
            self.final_wanted.iter().zip(&self.final_covered).map(|(y, asked)| y - asked).collect();
        let mut undelivered = vec![0.0; n];
        for (kind, by_region) in [(1, &self.final_by_region), (3, &self.new_by_region)] {
            for (i, row) in by_region.chunks_exact(regions).enumerate() {
                let missing = 1.0 - self.filled[kind][i];
                if missing != 0.0 {
                    undelivered[i] += missing * row.iter().sum::<f64>();
                    row.iter().enumerate().for_each(|(r, y)| unmet[r * sectors + i % sectors] += missing * y);
                }
            }
        }
        let delivered: Vec<f64> = self.rebuild_demand.iter().zip(&self.filled[2]).map(|(d, q)| d * q).collect();
        // New final customers count among the orders: the view has no place of their own for them.
        let orders: Vec<f64> = self.orders.iter().zip(&self.new_demand).map(|(old, new)| old + new).collect();
        // As in the table, what inventories give back is deducted.
        let final_demand: Vec<f64> = self.final_demand.iter().zip(&base.drawn).map(|(y, drawn)| y - drawn).collect();
        let stocks: Vec<&[f64]> = blocks.iter().map(|block| &block.stocks[b * n..(b + 1) * n]).collect();
        see(
            b,
            &View {
                step: t,
                production: &self.production,
                capacity: &self.capacity,
                intermediate_demand: &orders,
                final_demand: &final_demand,
                rebuild_demand: &self.rebuild_demand,
                rebuild_delivered: &delivered,
                overproduction: &self.alpha,
                final_undelivered: &undelivered,
                final_unmet: &unmet,
                stocks: &stocks,
                bound: &self.bound,
                filled: &self.filled[0],
                open: &|i, r| self.sourcing.open(i, r),
                capital_lost: &self.capital_lost,
            },
        );
    }

    /// Weights of the suppliers of p in what arrives: placed with them, and filled to the share of this kind of demand.
    fn served(&self, kind: usize, p: usize, flows: &Flows) -> Vec<f64> {
        let of = |i: usize| self.filled[kind][i] * self.weights[i];
        (0..flows.regions).map(|r| of(r * flows.sectors + p)).collect()
    }

    /// Weights of the suppliers of p in the next orders.
    fn next_weights(&self, p: usize, flows: &Flows) -> Vec<f64> {
        (0..flows.regions).map(|r| self.next_weights[r * flows.sectors + p]).collect()
    }

    /// What is denied in step `t`, for which orders are placed now.
    fn look_ahead(&mut self, t: usize, flows: &Flows) {
        let step = self.plan.rules.step;
        self.sourcing.look_ahead(t as f64 * step, (t + 1) as f64 * step, self.plan, flows);
    }

    /// The orders that were placed become the demand of the step that follows.
    fn take_orders(&mut self, b: usize, blocks: &[Block], flows: &Flows) {
        let (regions, sectors) = (flows.regions, flows.sectors);
        for i in 0..flows.n {
            let (block, at) = (&blocks[i % sectors], b * regions + i / sectors);
            self.orders[i] = block.demand[at];
            self.new_orders[i] = block.new_demand.get(at).copied().unwrap_or(0.0);
        }
        std::mem::swap(&mut self.weights, &mut self.next_weights);
        self.sourcing.advance();
    }

    /// Orders for the next step, stretched capacity, incomes.
    fn end(&mut self, b: usize, blocks: &[Block], flows: &Flows, base: &Baseline) {
        let sectors = flows.sectors;
        let rules = &self.plan.rules;
        let rate = 1.0 - (-rules.step / rules.alpha_tau).exp();
        for i in 0..flows.n {
            // Capacity is stretched where it is what binds, and relaxes where it is not.
            let asked = self.orders[i] + self.new_demand[i] + self.final_demand[i] + self.rebuild_demand[i];
            let wanted = asked - base.drawn[i];
            let goal = if self.bound[i] == Bound::Capacity {
                self.alpha[i] + (rules.alpha_max - self.alpha[i]) * (wanted - self.production[i]) / wanted
            } else {
                1.0
            };
            self.alpha[i] += (goal - self.alpha[i]) * rate;
            if self.alpha[i] - 1.0 < 1e-9 {
                self.alpha[i] = 1.0;
            }
        }
        self.take_orders(b, blocks, flows);
        if rules.income_response > 0.0 {
            for (r, income) in self.income.iter_mut().enumerate() {
                let industries = r * sectors..(r + 1) * sectors;
                let earned = |x: &[f64]| -> f64 {
                    let coefficient = |i: usize| if base.x[i] > 0.0 { base.value_added[i] / base.x[i] } else { 0.0 };
                    industries.clone().map(|i| x[i] * coefficient(i)).sum()
                };
                let before = earned(&base.x);
                *income = if before > 0.0 { (earned(&self.production) / before).min(1.0) } else { 1.0 };
            }
        }
    }
}

/// Demand is met when nothing but rounding is missing.
const FULL: f64 = 1.0 - 1e-13;

/// With inputs that replace each other, an industry that holds none in store is not held back.
fn unbound_where_nothing_is_held(needs: &Needs, allowed: &mut [f64]) {
    let n = allowed.len();
    for (f, allowed) in allowed.iter_mut().enumerate() {
        if (f..needs.c1.len()).step_by(n).all(|k| needs.c1[k] == 0.0) {
            *allowed = f64::INFINITY;
        }
    }
}

/// The input that allows least.
fn scarcest(needs: &Needs, blocks: &[Block], b: usize, n: usize, f: usize) -> Bound {
    let allowed = |p: usize| match (needs.c0[p * n + f], needs.c1[p * n + f]) {
        (_, 0.0) => f64::INFINITY,
        (c0, c1) => c0 + c1 * blocks[p].stocks[b * n + f],
    };
    let least = (0..blocks.len()).min_by(|&p, &q| allowed(p).total_cmp(&allowed(q)));
    Bound::Input(least.unwrap_or(0) as u32)
}

/// Shares of the three kinds of demand that are filled: inputs, final use, reconstruction.
fn serve(rule: Rationing, demand: [f64; 3], wanted: f64, made: f64) -> [f64; 3] {
    if made >= wanted * FULL {
        return [1.0; 3];
    }
    let share = |left: f64, asked: f64| if asked > 0.0 { (left / asked).clamp(0.0, 1.0) } else { 1.0 };
    let rest = |first: f64, others: f64| {
        let served = share(made, first);
        (served, share(made - served * first.max(0.0), others))
    };
    match rule {
        Rationing::Proportional => [made / wanted; 3],
        Rationing::InputsFirst => {
            let (inputs, others) = rest(demand[0], demand[1] + demand[2]);
            [inputs, others, others]
        }
        Rationing::FinalFirst => {
            let (end, others) = rest(demand[1], demand[0] + demand[2]);
            [others, end, others]
        }
    }
}

/// Stocks after use and deliveries, and what is wanted for the next step: what was used, and a part of the gap to the target.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn turn_over(
    a: &[f64],
    production: &[f64],
    arrived: &[f64],
    goals: &[f64],
    raised: Option<&[f64]>,
    closing: f64,
    stocks: &mut [f64],
    wanted: &mut [f64],
) {
    let n = a.len();
    let (production, arrived, goals) = (&production[..n], &arrived[..n], &goals[..n]);
    let (stocks, wanted) = (&mut stocks[..n], &mut wanted[..n]);
    for f in 0..n {
        let used = a[f] * production[f];
        let goal = goals[f] + raised.map_or(0.0, |raised| raised[f]);
        let stock = stocks[f] + arrived[f] - used;
        // A stock without end stays so, and asks for what is used.
        let gap = if goal == f64::INFINITY { 0.0 } else { (goal - stock) * closing };
        stocks[f] = if stock > 0.0 { stock } else { 0.0 };
        wanted[f] = if used + gap > 0.0 { used + gap } else { 0.0 };
    }
}

/// Reserves fill stocks up to their target as far as they reach.
fn release(reserve: &mut [f64], goals: &[f64], closing: f64, stocks: &mut [f64], wanted: &mut [f64]) {
    for f in 0..reserve.len() {
        if reserve[f] > 0.0 && goals[f].is_finite() {
            let released = reserve[f].min((goals[f] - stocks[f]).max(0.0));
            reserve[f] -= released;
            stocks[f] += released;
            wanted[f] = (wanted[f] - released * closing).max(0.0);
        }
    }
}

impl Block {
    fn new(p: usize, runs: &[Run], flows: &Flows) -> Self {
        let n = flows.n;
        let goals = |run: &Run| run.plan.needs.goal[p * n..(p + 1) * n].to_vec();
        let piled = |filled: Filled| {
            runs.iter().any(|run| run.plan.stockpiles.iter().any(|s| s.filled == filled && s.products.contains(&p)))
        };
        let sized = |wanted: bool| if wanted { vec![0.0; runs.len() * n] } else { Vec::new() };
        let controlled = runs.iter().any(|run| Sourcing::touches(run.plan, p, flows));
        Self {
            stocks: runs.iter().flat_map(goals).collect(),
            u: vec![1.0; runs.len() * n],
            extra: sized(controlled),
            reserve: sized(piled(Filled::Held)),
            raised: sized(piled(Filled::Bought)),
            demand: vec![0.0; runs.len() * flows.regions],
            new_demand: if controlled { vec![0.0; runs.len() * flows.regions] } else { Vec::new() },
        }
    }

    /// Deliveries, stocks and new orders of product p, for every run while the flows of p are at hand.
    fn step(&mut self, p: usize, t: usize, runs: &[Run], flows: &Flows, base: &Baseline) {
        let a = &base.a[p * flows.n..(p + 1) * flows.n];
        for (b, run) in runs.iter().enumerate() {
            self.pile_up(p, b, t, run, base);
        }
        self.step_open(p, runs, flows, a);
        for (b, run) in runs.iter().enumerate().filter(|(_, run)| !run.sourcing.is_open(p)) {
            self.step_denied(p, b, run, flows, a);
        }
        self.weigh_demand(p, runs, flows);
    }

    /// Runs in which nothing is denied of p go together, tile by tile of the flows.
    fn step_open(&mut self, p: usize, runs: &[Run], flows: &Flows, a: &[f64]) {
        let (n, regions) = (flows.n, flows.regions);
        let open: Vec<usize> = (0..runs.len()).filter(|&b| runs[b].sourcing.is_open(p)).collect();
        let served: Vec<Vec<f64>> = open.iter().map(|&b| runs[b].served(0, p, flows)).collect();
        let next: Vec<Vec<f64>> = open.iter().map(|&b| runs[b].next_weights(p, flows)).collect();
        open.iter().for_each(|&b| self.demand[b * regions..(b + 1) * regions].fill(0.0));
        let mut arrived = vec![0.0; n];
        let mut norm = vec![0.0; n];
        for tile in flows.tiles(p) {
            let columns = tile.columns.clone();
            let (arrived, norm) = (&mut arrived[columns.clone()], &mut norm[columns.clone()]);
            for (k, &b) in open.iter().enumerate() {
                tile.clone().weighted_twice(&served[k], &next[k], arrived, norm);
                let u = &self.u[b * n..(b + 1) * n][columns.clone()];
                arrived.iter_mut().zip(u).for_each(|(arrived, u)| *arrived *= u);
                self.turn_over(p, b, &runs[b], n, columns.clone(), a, arrived);
                let u = &mut self.u[b * n..(b + 1) * n][columns.clone()];
                vectorised(
                    #[inline(always)]
                    || u.iter_mut().zip(&*norm).for_each(|(u, norm)| *u = unit(*u, *norm)),
                );
            }
            // Two runs at once share the reading of the rows.
            for pair in open.chunks(2) {
                let u = |b: usize| &self.u[b * n..(b + 1) * n][columns.clone()];
                match *pair {
                    [one, other] => {
                        let (before, after) = self.demand.split_at_mut(other * regions);
                        let sums = [&mut before[one * regions..(one + 1) * regions], &mut after[..regions]];
                        tile.clone().products([u(one), u(other)], sums);
                    }
                    [one] => {
                        let sums = [&mut self.demand[one * regions..(one + 1) * regions]];
                        tile.clone().products([u(one)], sums);
                    }
                    _ => (),
                }
            }
        }
    }

    /// A run in which some flows of p are denied.
    fn step_denied(&mut self, p: usize, b: usize, run: &Run, flows: &Flows, a: &[f64]) {
        let n = flows.n;
        let mut arrived = vec![0.0; n];
        let (served, new) = (run.served(0, p, flows), run.served(3, p, flows));
        let (u, extra) = (&self.u[b * n..(b + 1) * n], &self.extra[b * n..(b + 1) * n]);
        run.sourcing.receive(p, flows, |r| served[r], |r| new[r], u, extra, &mut arrived);
        self.turn_over(p, b, run, n, 0..n, a, &arrived);
        let mut norm = vec![0.0; n];
        let weights = run.next_weights(p, flows);
        flows.weighted(p, |r| weights[r], &mut norm);
        self.order_where_denied(p, b, run, flows, &norm);
    }

    /// Shares out what is wanted, which stands in `u`, among suppliers of whom some deny, and adds up what that makes for each.
    fn order_where_denied(&mut self, p: usize, b: usize, run: &Run, flows: &Flows, norm: &[f64]) {
        let (n, regions) = (flows.n, flows.regions);
        let weights = run.next_weights(p, flows);
        let (u, extra) = (&mut self.u[b * n..(b + 1) * n], &mut self.extra[b * n..(b + 1) * n]);
        run.sourcing.order(p, flows, |r| weights[r], norm, u, extra);
        let at = b * regions..(b + 1) * regions;
        run.sourcing.demand(p, flows, u, extra, &mut self.demand[at.clone()], &mut self.new_demand[at]);
    }

    /// Orders weigh on suppliers as much as they were weighted when they were placed.
    fn weigh_demand(&mut self, p: usize, runs: &[Run], flows: &Flows) {
        for (b, run) in runs.iter().enumerate() {
            let weights = run.next_weights(p, flows);
            let at = b * flows.regions..(b + 1) * flows.regions;
            self.demand[at.clone()].iter_mut().zip(&weights).for_each(|(demand, w)| *demand *= w);
            if let Some(new) = self.new_demand.get_mut(at) {
                new.iter_mut().zip(&weights).for_each(|(demand, w)| *demand *= w);
            }
        }
    }

    /// Stocks after use and deliveries; what is wanted for the next step goes to `u`.
    #[allow(clippy::too_many_arguments)]
    fn turn_over(
        &mut self,
        p: usize,
        b: usize,
        run: &Run,
        n: usize,
        columns: Range<usize>,
        a: &[f64],
        arrived: &[f64],
    ) {
        let goals = &run.plan.needs.goal[p * n..(p + 1) * n][columns.clone()];
        let span = b * n + columns.start..b * n + columns.end;
        let (stocks, u) = (&mut self.stocks[span.clone()], &mut self.u[span.clone()]);
        let raised = self.raised.get(span.clone());
        let closing = (run.plan.rules.step / run.plan.rules.restoration).min(1.0);
        let (a, production) = (&a[columns.clone()], &run.production[columns]);
        vectorised(
            #[inline(always)]
            || turn_over(a, production, arrived, goals, raised, closing, stocks, u),
        );
        if let Some(reserve) = self.reserve.get_mut(span) {
            release(reserve, goals, closing, stocks, u);
        }
    }

    /// Orders for the first step: what is used at full production.
    fn first_orders(&mut self, p: usize, runs: &[Run], flows: &Flows, base: &Baseline) {
        let (n, regions) = (flows.n, flows.regions);
        for (b, run) in runs.iter().enumerate() {
            let used = base.a[p * n..(p + 1) * n].iter().zip(&base.x).map(|(a, x)| a * x);
            self.u[b * n..(b + 1) * n].iter_mut().zip(used).for_each(|(u, used)| *u = used);
            let norm = flows.composite(p);
            if run.sourcing.is_open(p) {
                let u = &mut self.u[b * n..(b + 1) * n];
                u.iter_mut().zip(norm).for_each(|(u, norm)| *u = unit(*u, *norm));
                flows.products(p, u, &mut self.demand[b * regions..(b + 1) * regions]);
            } else {
                self.order_where_denied(p, b, run, flows, norm);
            }
        }
        self.weigh_demand(p, runs, flows);
    }

    /// Stockpiles of the scenario come into being on their day.
    fn pile_up(&mut self, p: usize, b: usize, t: usize, run: &Run, base: &Baseline) {
        let n = base.x.len();
        let a = &base.a[p * n..(p + 1) * n];
        let step = run.plan.rules.step;
        for pile in &run.plan.stockpiles {
            let today = (t as f64 * step..(t + 1) as f64 * step).contains(&pile.from);
            if !today || !pile.products.contains(&p) {
                continue;
            }
            let held = match pile.filled {
                Filled::Held => &mut self.reserve,
                Filled::Bought => &mut self.raised,
            };
            pile.users.iter().for_each(|&f| held[b * n + f] += pile.days / step * a[f] * base.x[f]);
        }
    }
}

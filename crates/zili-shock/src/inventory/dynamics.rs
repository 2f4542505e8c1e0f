//! The model: stocks, orders and production step by step, for one scenario or for many that share each reading of Z.
//!
//! A step, for every run:
//!
//! 1. what strikes now: capacity, demand, controls ([`Run::begin`]);
//! 2. production, the least of demand, capacity and what stocks allow, and who is served ([`Run::produce`]);
//! 3. product by product: deliveries reach the stocks, new orders are placed, and become the next step's demand ([`Block::step`]).

use super::block::Block;
use super::flows::{Baseline, Flows};
use super::needs::Needs;
use super::plan::{Plan, Rationing};
use super::rebuilding::Sites;
use super::simd::{Tiled, WIDTH, vectorised};
use super::sourcing::Sourcing;
use super::view::{Bound, View};
use rayon::prelude::*;
use zili_world::Watch;

/// One scenario on its way.
pub(super) struct Run<'a> {
    pub plan: &'a Plan,
    pub sourcing: Sourcing,
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
    pub production: Vec<f64>,
    bound: Vec<Bound>,
    /// Shares of orders of inputs, of final demand, of reconstruction and of new orders that are filled.
    filled: [Vec<f64>; 4],
    /// Value added of each region as a share of what it was.
    income: Vec<f64>,
}

/// Plays every plan for `steps` steps; `see` is told each run's position and step, in order.
pub(crate) fn simulate(
    flows: &Flows,
    base: &Baseline,
    plans: &[&Plan],
    steps: usize,
    watch: &dyn Watch,
    see: &mut dyn FnMut(usize, &View),
) {
    let mut runs: Vec<Run> = plans.iter().map(|plan| Run::new(plan, flows, base)).collect();
    runs.iter_mut().for_each(|run| run.look_ahead(0, flows));
    let mut blocks: Vec<Block> = (0..flows.sectors).map(|p| Block::new(p, &runs, flows, base)).collect();
    blocks.par_iter_mut().enumerate().for_each(|(p, block)| block.first_orders(p, &runs, flows, base));
    runs.par_iter_mut().enumerate().for_each(|(b, run)| run.take_orders(b, &blocks, flows));
    let mut allowed = Tiled::new(flows.n, runs.iter().map(|_| 0.0));
    for t in 0..steps {
        if watch.stop().is_some() {
            return;
        }
        runs.par_iter_mut().for_each(|run| run.begin(t, flows, base));
        allow(&mut allowed, &blocks, &runs, flows);
        runs.par_iter_mut().enumerate().for_each(|(b, run)| run.produce(b, &allowed, &blocks, flows, base));
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
    fn produce(&mut self, b: usize, allowed: &Tiled, blocks: &[Block], flows: &Flows, base: &Baseline) {
        let needs = self.plan.needs.as_ref();
        for f in 0..flows.n {
            let allowed = allowed.get(b, f);
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
                _ => scarcest(needs, blocks, b, flows.n, f),
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
                stock: &|p, f| blocks[p].stocks.get(b, f),
                bound: &self.bound,
                filled: &self.filled[0],
                open: &|i, r| self.sourcing.open(i, r),
                capital_lost: &self.capital_lost,
            },
        );
    }

    /// Weights of the suppliers of p in what arrives: placed with them, and filled to the share of this kind of demand.
    pub fn served(&self, kind: usize, p: usize, flows: &Flows) -> Vec<f64> {
        let of = |i: usize| self.filled[kind][i] * self.weights[i];
        (0..flows.regions).map(|r| of(r * flows.sectors + p)).collect()
    }

    /// Weights of the suppliers of p in the next orders.
    pub fn next_weights(&self, p: usize, flows: &Flows) -> Vec<f64> {
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

/// Production that stocks allow, every run's: the least of the lines of its inputs, or their sum.
fn allow(allowed: &mut Tiled, blocks: &[Block], runs: &[Run], flows: &Flows) {
    let n = flows.n;
    let products = || blocks.iter().enumerate();
    allowed.tiles_mut().enumerate().for_each(|(tile, rows)| {
        vectorised(
            #[inline(always)]
            || {
                for (run, row) in runs.iter().zip(&mut *rows) {
                    row.0.fill(if run.plan.needs.sum { 0.0 } else { f64::INFINITY });
                }
                for (p, block) in products() {
                    let lines = p * n + tile * WIDTH..p * n + n.min((tile + 1) * WIDTH);
                    for (b, (run, row)) in runs.iter().zip(&mut *rows).enumerate() {
                        run.plan.needs.lower(lines.clone(), &block.stocks.row((b, tile)).0, &mut row.0);
                    }
                }
            },
        );
    });
}

/// The input that allows least.
fn scarcest(needs: &Needs, blocks: &[Block], b: usize, n: usize, f: usize) -> Bound {
    let allowed = |p: usize| match (needs.c0[p * n + f], needs.c1[p * n + f]) {
        (_, 0.0) => f64::INFINITY,
        (c0, c1) => c0 + c1 * blocks[p].stocks.get(b, f),
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

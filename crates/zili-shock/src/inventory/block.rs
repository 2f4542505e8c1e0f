//! One product at a time, for every run: deliveries reach the stocks, new orders are placed, and become the next step's demand.
//!
//! Tile by tile of the flows: a tile is read from memory once, and all runs go over it while it is in the nearest cache.

use super::dynamics::Run;
use super::flows::{Baseline, Flows};
use super::simd::{Lanes, Row, Tile, Tiled, WIDTH, Weight, widest};
use super::sourcing::{Gate, Sourcing, unit};
use pulp::{Simd, WithSimd};
use std::ops::Range;
use zili_scenario::Filled;

/// All runs' stocks and orders of one product.
pub(super) struct Block {
    pub stocks: Tiled,
    /// Orders a unit of flow, from suppliers as they are and from those that take over what others deny; none if nobody is denied.
    u: Tiled,
    extra: Option<Tiled>,
    /// Reserves released where stocks fall below their target, if anybody holds any.
    reserve: Option<Tiled>,
    /// Target stocks above the usual, from stockpiles that are bought, if there are any.
    raised: Option<Tiled>,
    /// Demand for the suppliers of this product, of old customers and of new ones, [runs × regions].
    pub demand: Vec<f64>,
    pub new_demand: Vec<f64>,
}

/// What one run brings to a step of one product.
struct Visit<'a> {
    run: &'a Run<'a>,
    /// Target stocks by user.
    goals: &'a [f64],
    /// Share of a gap in stocks that a step closes.
    closing: f64,
    /// Weights of suppliers in what arrives and in the next orders: all, and how far from 1 those are that are not 1.
    weights: Vec<Weight>,
    changes: Vec<Weight>,
    /// Regions to whom something is denied.
    gates: Vec<Gate>,
    /// Orders under way, by supplying region.
    sums: Vec<Lanes>,
}

impl Block {
    pub fn new(p: usize, runs: &[Run], flows: &Flows, base: &Baseline) -> Self {
        let n = flows.n;
        let used: Vec<f64> = base.a[p * n..(p + 1) * n].iter().zip(&base.x).map(|(a, x)| a * x).collect();
        let zeros = || Tiled::new(n, runs.iter().map(|_| 0.0));
        let (mut stocks, mut u) = (zeros(), zeros());
        for (b, run) in runs.iter().enumerate() {
            stocks.fill(b, &run.plan.needs.goal[p * n..(p + 1) * n]);
            u.fill(b, &used);
        }
        let piled = |filled: Filled| {
            runs.iter().any(|run| run.plan.stockpiles.iter().any(|s| s.filled == filled && s.products.contains(&p)))
        };
        let controlled = runs.iter().any(|run| Sourcing::touches(run.plan, p, flows));
        Self {
            stocks,
            u,
            extra: controlled.then(zeros),
            reserve: piled(Filled::Held).then(zeros),
            raised: piled(Filled::Bought).then(zeros),
            demand: vec![0.0; runs.len() * flows.regions],
            new_demand: vec![0.0; if controlled { runs.len() * flows.regions } else { 0 }],
        }
    }

    /// Orders for the first step: what is used at full production, which stands in `u`.
    pub fn first_orders(&mut self, p: usize, runs: &[Run], flows: &Flows, base: &Baseline) {
        widest(Step { block: self, p, runs, flows, base, first: true });
    }

    /// Deliveries, stocks and new orders of product p in step `t`.
    pub fn step(&mut self, p: usize, t: usize, runs: &[Run], flows: &Flows, base: &Baseline) {
        for (b, run) in runs.iter().enumerate() {
            self.pile_up(p, b, t, run, base);
        }
        widest(Step { block: self, p, runs, flows, base, first: false });
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
            let Some(held) = held else { continue };
            pile.users.iter().for_each(|&f| *held.get_mut(b, f) += pile.days / step * a[f] * base.x[f]);
        }
    }
}

/// A step of one product, to be run in wide registers.
struct Step<'a> {
    block: &'a mut Block,
    p: usize,
    runs: &'a [Run<'a>],
    flows: &'a Flows,
    base: &'a Baseline,
    /// Whether orders are placed for the first time: nothing has been used or delivered.
    first: bool,
}

impl WithSimd for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let flows = self.flows;
        let mut visits: Vec<Visit> = self.runs.iter().map(|run| Visit::new(self.p, run, flows)).collect();
        self.block.demand.fill(0.0);
        self.block.new_demand.fill(0.0);
        for (k, tile) in flows.tiles(self.p).enumerate() {
            let closed = |visit: &Visit| visit.gates.iter().any(|gate| gate.users(&tile, flows.sectors).is_some());
            // Two runs at once share the reading of the rows.
            let mut b = 0;
            while let [one, rest @ ..] = &mut visits[b..] {
                b += match rest {
                    _ if closed(one) => {
                        simd.vectorize(Denied { step: &mut self, tile: &tile, at: (b, k), visit: one });
                        1
                    }
                    [two, ..] if !closed(two) => {
                        self.open(simd, &tile, (b, k), [one, two]);
                        2
                    }
                    _ => {
                        self.open(simd, &tile, (b, k), [one]);
                        1
                    }
                };
            }
        }
        for (visit, demand) in visits.iter().zip(self.block.demand.chunks_exact_mut(flows.regions)) {
            // Orders weigh on suppliers as much as they were weighted when they were placed.
            let sums = visit.weights.iter().zip(&visit.sums);
            demand.iter_mut().zip(sums).for_each(|(demand, (weight, sum))| *demand += weight.by[1] * sum.sum());
        }
    }
}

impl Step<'_> {
    /// Users of whom nothing is denied, for one run or two; `at` is the first run's place and the tile's.
    #[inline(always)]
    fn open<S: Simd, const K: usize>(&mut self, simd: S, tile: &Tile, at: (usize, usize), visits: [&mut Visit; K]) {
        let mut orders = [Row::ZERO; K];
        for (d, visit) in visits.iter().enumerate() {
            let at = (at.0 + d, at.1);
            let [mut arrived, norm] = self.weighted(simd, tile, visit);
            arrived.0.iter_mut().zip(&self.block.u.row(at).0).for_each(|(arrived, u)| *arrived *= u);
            self.turn_over(tile, at, visit, &arrived);
            let u = self.block.u.row_mut(at);
            u.0.iter_mut().zip(&norm.0).for_each(|(u, norm)| *u = unit(*u, *norm));
            orders[d] = *u;
        }
        tile.products(simd, orders.each_ref(), visits.map(|visit| &mut visit.sums[..]));
    }

    /// Users of whom some are denied something, in this step or the next.
    #[inline(always)]
    fn denied<S: Simd>(&mut self, simd: S, tile: &Tile, at: (usize, usize), visit: &mut Visit) {
        let sectors = self.flows.sectors;
        let gates = || visit.gates.iter().filter_map(|gate| Some((gate, gate.users(tile, sectors)?)));
        let Some(extra) = &mut self.block.extra else { return };
        let (mut u, mut extra) = (*self.block.u.row(at), *extra.row(at));
        let [mut arrived, norm] = self.weighted(simd, tile, visit);
        arrived.0.iter_mut().zip(&u.0).for_each(|(arrived, u)| *arrived *= u);
        for (gate, users) in gates() {
            let [old, new] = tile.weighted(simd, &Row::ZERO, &gate.arriving);
            users.for_each(|c| arrived.0[c] = old.0[c] * u.0[c] + new.0[c] * extra.0[c]);
        }
        self.turn_over(tile, at, visit, &arrived);
        let wanted = *self.block.u.row(at);
        u.0.iter_mut().zip(wanted.0.iter().zip(&norm.0)).for_each(|(u, (wanted, norm))| *u = unit(*wanted, *norm));
        let mut undenied = u;
        let composite = self.composite(tile);
        let regions = self.flows.regions;
        let own = at.0 * regions..(at.0 + 1) * regions;
        for (gate, users) in gates() {
            let [available, free] = tile.weighted(simd, &Row::ZERO, &gate.ordering);
            let (mut from_old, mut from_new) = (Row::ZERO, Row::ZERO);
            for c in users {
                let (old, new) = gate.order(wanted.0[c], composite.0[c], norm.0[c], available.0[c], free.0[c]);
                (u.0[c], extra.0[c], undenied.0[c]) = (old, new, 0.0);
                (from_old.0[c], from_new.0[c]) = (old, new);
            }
            let mut sums = [(); 2].map(|()| vec![Lanes::default(); regions]);
            tile.products(simd, [&from_old, &from_new], sums.each_mut().map(|sums| &mut sums[..]));
            for (k, demand) in [&mut self.block.demand, &mut self.block.new_demand].into_iter().enumerate() {
                let weighted = gate.ordering.iter().zip(&sums[k]).map(|(weight, sum)| weight.by[k] * sum.sum());
                demand[own.clone()].iter_mut().zip(weighted).for_each(|(demand, more)| *demand += more);
            }
        }
        tile.products(simd, [&undenied], [&mut visit.sums]);
        *self.block.u.row_mut(at) = u;
        if let Some(rows) = &mut self.block.extra {
            *rows.row_mut(at) = extra;
        }
    }

    /// Weighted sums over suppliers, of what arrives and of the next orders. Most weights are 1, and the others' difference from that
    /// is added to the plain sum, unless little of it would be left and rounding would show.
    #[inline(always)]
    fn weighted<S: Simd>(&self, simd: S, tile: &Tile, visit: &Visit) -> [Row; 2] {
        let composite = self.composite(tile);
        let sums = tile.weighted(simd, &composite, &visit.changes);
        let little =
            |sums: &Row| sums.0.iter().zip(&composite.0).fold(false, |any, (sum, all)| any | (*sum < 0.25 * all));
        if little(&sums[0]) || little(&sums[1]) { tile.weighted(simd, &Row::ZERO, &visit.weights) } else { sums }
    }

    /// What the users of a tile used to buy of the product.
    #[inline(always)]
    fn composite(&self, tile: &Tile) -> Row {
        Row::of(&self.flows.composite(self.p)[tile.columns.clone()])
    }

    /// Stocks after use and deliveries; what is wanted for the next step goes to `u`.
    #[inline(always)]
    fn turn_over(&mut self, tile: &Tile, at: (usize, usize), visit: &Visit, arrived: &Row) {
        if self.first {
            return;
        }
        let block = &mut *self.block;
        let goals = &visit.goals[tile.columns.clone()];
        let a = &self.base.a[self.p * self.flows.n..][tile.columns.clone()];
        let production = &visit.run.production[tile.columns.clone()];
        let raised = block.raised.as_ref().map(|raised| &raised.row(at).0);
        let (stocks, u) = (&mut block.stocks.row_mut(at).0, &mut block.u.row_mut(at).0);
        turn_over(a, production, &arrived.0, goals, raised, visit.closing, stocks, u);
        if let Some(reserve) = &mut block.reserve {
            release(&mut reserve.row_mut(at).0, goals, visit.closing, stocks, u);
        }
    }
}

/// [`Step::denied`], on its own in wide registers: it is long, and seldom.
struct Denied<'a, 'b, 'c> {
    step: &'a mut Step<'b>,
    tile: &'a Tile<'a>,
    at: (usize, usize),
    visit: &'a mut Visit<'c>,
}

impl WithSimd for Denied<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.step.denied(simd, self.tile, self.at, self.visit);
    }
}

impl<'a> Visit<'a> {
    fn new(p: usize, run: &'a Run, flows: &Flows) -> Self {
        let rules = &run.plan.rules;
        let (served, next) = (run.served(0, p, flows), run.next_weights(p, flows));
        let pairs = served.iter().zip(&next).enumerate();
        let weights: Vec<Weight> = pairs.map(|(supplier, (a, b))| Weight { supplier, by: [*a, *b] }).collect();
        let changed = weights.iter().filter(|weight| weight.by != [1.0; 2]);
        Self {
            run,
            goals: &run.plan.needs.goal[p * flows.n..(p + 1) * flows.n],
            closing: (rules.step / rules.restoration).min(1.0),
            changes: changed.map(|weight| Weight { by: weight.by.map(|w| w - 1.0), ..*weight }).collect(),
            weights,
            gates: run.sourcing.gates(p, &served, &run.served(3, p, flows), &next),
            sums: vec![Lanes::default(); flows.regions],
        }
    }
}

impl Gate {
    /// Its users' places in a tile, if any are there.
    #[inline(always)]
    fn users(&self, tile: &Tile, sectors: usize) -> Option<Range<usize>> {
        let (start, end) = (tile.columns.start, tile.columns.end);
        let users = start.max(self.region * sectors)..end.min((self.region + 1) * sectors);
        (users.start < users.end).then(|| users.start - start..users.end - start)
    }
}

/// Stocks after use and deliveries, and what is wanted for the next step: what was used, and a part of the gap to the target.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn turn_over(
    a: &[f64],
    production: &[f64],
    arrived: &[f64; WIDTH],
    goals: &[f64],
    raised: Option<&[f64; WIDTH]>,
    closing: f64,
    stocks: &mut [f64; WIDTH],
    wanted: &mut [f64; WIDTH],
) {
    let n = a.len().min(WIDTH);
    let (a, production, goals) = (&a[..n], &production[..n], &goals[..n]);
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
fn release(
    reserve: &mut [f64; WIDTH],
    goals: &[f64],
    closing: f64,
    stocks: &mut [f64; WIDTH],
    wanted: &mut [f64; WIDTH],
) {
    for (f, goal) in goals.iter().enumerate() {
        if reserve[f] > 0.0 && goal.is_finite() {
            let released = reserve[f].min((goal - stocks[f]).max(0.0));
            reserve[f] -= released;
            stocks[f] += released;
            wanted[f] = (wanted[f] - released * closing).max(0.0);
        }
    }
}

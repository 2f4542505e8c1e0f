//! The model exactly as BoARIO 0.7.2 computes it, its oddities included, so that its users can move over and check.
//!
//! ```text
//! α(t)  = max(1, α + (α_max − α) z φ + (α_b − α) [z = 0] φ)   z = (D(t) − x(t−1))/D(t), φ = step/τ_α, from t = 2
//! x     = X·min(1, min_p Ω_pf / C_pf)    X = min(D, x0 (1 − Δ) α)    C_pf = ψ s_p a_pf X_f
//! Ω    += delivered − a x                 unless all differences are tiny
//! O     = (gap_pf·step/τ_inv + a_pf x_f)·w_(r,p) Z/Σ_r w Z            w = x0 (1 − Δ) α / x0
//! ```
//!
//! Papers: Hallegatte 2014 (Risk Analysis 34: 152); Guan et al. 2020; Juhel 2024 (JOSS). The names of its parameters are BoARIO's.
//! What is odd is kept: arbitrary losses act one step late, overproduction relaxes only where demand equals earlier output to the last bit,
//! orders look at capacity and not at production, damage to an industry that buys nothing from the builders vanishes.

use super::flows::{Baseline, Flows};
use super::simd::{Lanes, Row, WIDTH, Weight, vectorised, widest};
use super::view::{Bound, View};
use pulp::{Simd, WithSimd};
use rayon::prelude::*;
use zili_scenario::Shape;

/// Parameters under BoARIO's names.
pub(crate) struct Settings {
    pub psi: f64,
    /// Steps over which a gap in stocks is closed; none: the whole gap at once (its base model).
    pub inventory_restoration_tau: Option<f64>,
    /// Days of stock by product; infinity: never short.
    pub inventory: Vec<f64>,
    pub alpha_base: f64,
    pub alpha_max: f64,
    pub alpha_tau: f64,
    /// Orders follow capacity ("alt"), else fixed shares.
    pub orders_follow_capacity: bool,
    /// Days in a step.
    pub step: f64,
    /// Decimals to which damages are rounded.
    pub decimals: i32,
}

/// One event; times in days.
pub(crate) struct Event {
    pub occurrence: f64,
    pub duration: f64,
    pub kind: Kind,
}

pub(crate) enum Kind {
    /// Capital destroyed by industry, restored along a curve.
    Recovery { damage: Vec<f64>, shape: Shape, tau: f64 },
    /// Share of capacity lost by industry, restored along a curve.
    Arbitrary { share: Vec<f64>, shape: Shape, tau: f64 },
    /// Capital destroyed by industry, built anew by sectors with shares.
    Rebuild { damage: Vec<f64>, tau: f64, factor: f64, sectors: Vec<(usize, f64)> },
}

#[derive(Clone, Copy, PartialEq)]
enum Status {
    Pending,
    Happening,
    Recovering,
    Rebuilding,
    Finished,
}

/// An event on its way.
struct Running<'a> {
    event: &'a Event,
    status: Status,
    /// Loss in force, by industry: capital or share.
    loss: Vec<f64>,
    site: Option<Site>,
}

/// Reconstruction still asked for: rows are building industries, columns the industries hit.
struct Site {
    builders: Vec<usize>,
    damaged: Vec<usize>,
    /// M, [builders × damaged].
    wanted: Vec<f64>,
    /// Γ, of the step.
    ordered: Vec<f64>,
    factor: f64,
}

/// Runs `steps` steps and shows each to `see`.
pub(crate) fn simulate(
    flows: &Flows,
    base: &Baseline,
    capital: &[f64],
    settings: &Settings,
    events: &[Event],
    steps: usize,
    see: &mut dyn FnMut(&View),
) {
    let (n, sectors) = (flows.n, flows.sectors);
    let step = settings.step;
    let stock_steps: Vec<f64> =
        settings.inventory.iter().map(|s| if s / step <= 1.0 { 2.0 } else { s / step }).collect();
    let mut stocks: Vec<f64> = (0..sectors * n).map(|k| target(stock_steps[k / n], base.a[k], base.x[k % n])).collect();
    let mut next_stocks = stocks.clone();
    let mut norms = vec![0.0; sectors * n];
    let mut u = vec![1.0; sectors * n];
    let mut weights = vec![1.0; n];
    let mut by_product = vec![0.0; n];
    by_product.chunks_exact_mut(flows.regions).enumerate().for_each(|(p, sums)| {
        flows.products(p, &u[p * n..(p + 1) * n], sums);
    });
    let mut orders = received(&by_product, &weights, flows);
    let mut alpha = vec![settings.alpha_base; n];
    let mut before = base.x.clone();
    let mut running: Vec<Running> =
        events.iter().map(|event| Running { event, status: Status::Pending, loss: Vec::new(), site: None }).collect();
    let mut arbitrary_late = vec![0.0f64; n];

    for t in 0..steps {
        let day = t as f64 * step;
        running.iter_mut().for_each(|r| r.begin(day, step, flows));
        let mut capital_lost = vec![0.0; n];
        let mut arbitrary: Option<Vec<f64>> = None;
        let mut of_capital = false;
        for r in running.iter().filter(|r| !matches!(r.status, Status::Pending | Status::Finished)) {
            match (r.event.kind.is_arbitrary(), &mut arbitrary) {
                (true, None) => arbitrary = Some(r.loss.clone()),
                (true, Some(most)) => r.loss.iter().zip(most).for_each(|(l, a)| *a = a.max(*l)),
                (false, _) => {
                    of_capital = true;
                    r.loss.iter().zip(&mut capital_lost).for_each(|(l, c)| *c += l);
                }
            }
        }
        // With nothing but arbitrary events under way capital is not looked at: a curve that steps beyond its end is not cut off at 0.
        let alone = arbitrary.is_some() && !of_capital;
        let lost: Vec<f64> = (0..n)
            .map(|f| match capital[f] > 0.0 {
                _ if alone => arbitrary_late[f],
                true => arbitrary_late[f].max(capital_lost[f] / capital[f]),
                false => arbitrary_late[f].max(0.0),
            })
            .collect();
        arbitrary_late = arbitrary.unwrap_or_else(|| vec![0.0; n]);
        let rebuild = |running: &[Running]| {
            let mut sum = vec![0.0; n];
            running.iter().filter_map(|r| r.site.as_ref()).for_each(|site| site.add_orders(&mut sum));
            sum
        };
        let rebuild_demand = rebuild(&running);
        let demand: Vec<f64> = (0..n).map(|i| orders[i] + base.final_use[i] + rebuild_demand[i]).collect();

        if t as f64 * step > 1.0 {
            for f in 0..n {
                let scarcity = if demand[f] != 0.0 { (demand[f] - before[f]) / demand[f] } else { 0.0 };
                let rate = step / settings.alpha_tau;
                let relax = if scarcity == 0.0 { (settings.alpha_base - alpha[f]) * rate } else { 0.0 };
                alpha[f] = (alpha[f] + (settings.alpha_max - alpha[f]) * scarcity * rate + relax).max(1.0);
            }
        }
        let capacity: Vec<f64> = (0..n).map(|f| base.x[f] * (1.0 - lost[f]) * alpha[f]).collect();
        let (production, bound) = produce(&demand, &capacity, &stocks, base, settings, &stock_steps);
        let filled: Vec<f64> =
            demand.iter().zip(&production).map(|(d, x)| if *d != 0.0 { x / d } else { 0.0 }).collect();

        let rebuild_delivered: Vec<f64> = rebuild_demand.iter().zip(&filled).map(|(d, q)| d * q).collect();
        running.iter_mut().for_each(|r| r.receive(&filled, settings));
        let (undelivered, unmet) = unmet(flows, base, &filled);

        // Orders for the next step: capacities as they were, demand with what is left of the reconstruction orders.
        let left = rebuild(&running);
        let wanted: Vec<f64> = (0..n).map(|f| (orders[f] + base.final_use[f] + left[f]).min(capacity[f])).collect();
        let next_weights: Vec<f64> = match settings.orders_follow_capacity {
            true => (0..n).map(|f| if base.x[f] != 0.0 { capacity[f] / base.x[f] } else { 1.0 }).collect(),
            false => vec![1.0; n],
        };
        let restored = settings.inventory_restoration_tau.map_or(1.0, |tau| step / tau);
        let turn = |p: usize| Turn {
            steps: stock_steps[p],
            restored,
            a: &base.a[p * n..(p + 1) * n],
            wanted: &wanted,
            production: &production,
        };
        // Deliveries change stocks, unless all of them are what was used; orders close gaps, unless there is none. Both are nearly
        // always so, and are taken to be while the flows of a product are at hand.
        let (moved, short) = next_stocks
            .par_chunks_exact_mut(n)
            .zip(norms.par_chunks_exact_mut(n))
            .zip(u.par_chunks_exact_mut(n))
            .zip(by_product.par_chunks_exact_mut(flows.regions))
            .enumerate()
            .map(|(p, (((next, norm), u), sums))| {
                let weigh = |r: usize| {
                    let i = r * sectors + p;
                    Weight { supplier: r, by: [filled[i] * weights[i], next_weights[i]] }
                };
                let weights: Vec<Weight> = (0..flows.regions).map(weigh).collect();
                let stocks = &stocks[p * n..(p + 1) * n];
                widest(Turning { turn: turn(p), flows, p, weights: &weights, stocks, next, norm, u, sums })
            })
            .reduce(|| (false, false), |a, b| (a.0 | b.0, a.1 | b.1));
        let seen = View {
            step: t,
            production: &production,
            capacity: &capacity,
            intermediate_demand: &orders,
            final_demand: &base.final_use,
            rebuild_demand: &rebuild_demand,
            rebuild_delivered: &rebuild_delivered,
            overproduction: &alpha,
            final_undelivered: &undelivered,
            final_unmet: &unmet,
            stock: &|p, f| stocks[p * n + f],
            bound: &bound,
            filled: &filled,
            open: &|_, _| 1.0,
            capital_lost: &capital_lost,
        };
        see(&seen);
        if moved {
            std::mem::swap(&mut stocks, &mut next_stocks);
        }
        if !(moved && short) {
            let held = |p: usize| &stocks[p * n..(p + 1) * n];
            let short = (0..sectors).into_par_iter().any(|p| turn(p).is_short(held(p)));
            u.par_chunks_exact_mut(n)
                .zip(norms.par_chunks_exact(n))
                .zip(by_product.par_chunks_exact_mut(flows.regions))
                .enumerate()
                .for_each(|(p, ((u, norm), sums))| {
                    turn(p).order(held(p), norm, short, u);
                    flows.products(p, u, sums);
                });
        }
        orders = received(&by_product, &next_weights, flows);
        weights = next_weights;
        before = production;
        running.iter_mut().for_each(|r| r.end(day, settings));
    }
}

/// Orders received by each industry, w ∘ Σ_f Z u, from the sums [products × regions].
fn received(by_product: &[f64], weights: &[f64], flows: &Flows) -> Vec<f64> {
    let (regions, sectors) = (flows.regions, flows.sectors);
    (0..flows.n).map(|i| weights[i] * by_product[(i % sectors) * regions + i / sectors]).collect()
}

/// Target stock of one input.
#[inline(always)]
fn target(steps: f64, a: f64, x: f64) -> f64 {
    if steps.is_finite() { steps * a * x } else { f64::INFINITY }
}

/// What decides on the orders for one product.
struct Turn<'a> {
    /// Steps that stocks last.
    steps: f64,
    /// Share of a gap that is ordered in a step.
    restored: f64,
    a: &'a [f64],
    wanted: &'a [f64],
    production: &'a [f64],
}

/// A step of one product as if stocks moved and were short, tile by tile of the flows; tells whether they did and were.
struct Turning<'a> {
    turn: Turn<'a>,
    flows: &'a Flows,
    p: usize,
    /// Of suppliers in what arrives and in the next orders.
    weights: &'a [Weight],
    stocks: &'a [f64],
    next: &'a mut [f64],
    norm: &'a mut [f64],
    u: &'a mut [f64],
    sums: &'a mut [f64],
}

impl WithSimd for Turning<'_> {
    type Output = (bool, bool);

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> (bool, bool) {
        let Self { turn, flows, p, weights, stocks, next, norm, u, sums } = self;
        let (mut moved, mut short) = (false, false);
        let mut lanes = vec![Lanes::default(); flows.regions];
        for tile in flows.tiles(p) {
            let users = tile.columns.clone();
            let [added, norms] = tile.weighted(simd, &Row::ZERO, weights);
            let (u, next) = (&mut u[users.clone()], &mut next[users.clone()]);
            norm[users.clone()].copy_from_slice(&norms.0[..users.len()]);
            let (a, production) = (&turn.a[users.clone()], &turn.production[users.clone()]);
            let (wanted, stocks) = (&turn.wanted[users.clone()], &stocks[users.clone()]);
            for f in 0..users.len().min(WIDTH) {
                let (add, used) = (added.0[f] * u[f], a[f] * production[f]);
                moved |= !close(add, used);
                next[f] = stocks[f] - used + add;
                short |= turn.shows(a[f], wanted[f], next[f]);
                u[f] = turn.multiplier(a[f], wanted[f], production[f], next[f], norms.0[f], true);
            }
            tile.products(simd, [&Row::of(u)], [&mut lanes]);
        }
        sums.iter_mut().zip(&lanes).for_each(|(sum, lanes)| *sum = lanes.sum());
        (moved, short)
    }
}

impl Turn<'_> {
    /// Orders a unit of flow.
    #[inline(always)]
    fn multiplier(&self, a: f64, wanted: f64, production: f64, stock: f64, norm: f64, short: bool) -> f64 {
        let gap = (target(self.steps, a, wanted) - stock).max(0.0);
        let gap = if short && self.steps.is_finite() { gap } else { 0.0 };
        let total = gap * self.restored + a * production;
        if norm != 0.0 { total / norm } else { 0.0 }
    }

    /// Whether a stock differs from its target. Without limit times nothing used is not a number there, and equals nothing.
    #[inline(always)]
    fn shows(&self, a: f64, wanted: f64, stock: f64) -> bool {
        (self.steps.is_infinite() & (a * wanted == 0.0)) | !close(stock, target(self.steps, a, wanted))
    }

    fn is_short(&self, stocks: &[f64]) -> bool {
        (0..self.a.len()).any(|f| self.shows(self.a[f], self.wanted[f], stocks[f]))
    }

    /// Orders a unit of flow, by user.
    fn order(&self, stocks: &[f64], norm: &[f64], short: bool, u: &mut [f64]) {
        for (f, u) in u.iter_mut().enumerate() {
            *u = self.multiplier(self.a[f], self.wanted[f], self.production[f], stocks[f], norm[f], short);
        }
    }
}

/// Industries for which production is worked out together.
const TOGETHER: usize = 256;

/// What is made, and what held it back: the least of demand and capacity, times the least share that stocks allow.
fn produce(
    demand: &[f64],
    capacity: &[f64],
    stocks: &[f64],
    base: &Baseline,
    settings: &Settings,
    stock_steps: &[f64],
) -> (Vec<f64>, Vec<Bound>) {
    let n = demand.len();
    // Annual coefficients against output of a step: the threshold as the package has it.
    let input = 1e-5 * settings.step / 365.0;
    let mut production: Vec<f64> = demand.iter().zip(capacity).map(|(d, c)| d.min(*c)).collect();
    let mut bound = vec![Bound::Demand; n];
    production.par_chunks_mut(TOGETHER).zip(bound.par_chunks_mut(TOGETHER)).enumerate().for_each(
        |(k, (made, bound))| {
            let (mut share, mut by) = ([1.0; TOGETHER], [u32::MAX; TOGETHER]);
            let (share, by) = (&mut share[..made.len()], &mut by[..made.len()]);
            for (p, steps) in stock_steps.iter().enumerate().filter(|(_, steps)| steps.is_finite()) {
                let at = p * n + k * TOGETHER..p * n + k * TOGETHER + made.len();
                let inputs = base.a[at.clone()].iter().zip(&stocks[at]);
                let most = settings.psi * steps;
                vectorised(
                    #[inline(always)]
                    || {
                        for (((a, stock), wanted), (share, by)) in
                            inputs.zip(&*made).zip(share.iter_mut().zip(&mut *by))
                        {
                            let needed = most * a * wanted;
                            let allowed = stock / needed;
                            let less = (*a > input) & (needed != 0.0) & (allowed < *share);
                            *share = if less { allowed } else { *share };
                            *by = if less { p as u32 } else { *by };
                        }
                    },
                );
            }
            for (f, made) in made.iter_mut().enumerate() {
                let i = k * TOGETHER + f;
                *made *= share[f];
                bound[f] = match by[f] {
                    u32::MAX if demand[i] <= capacity[i] => Bound::Demand,
                    u32::MAX => Bound::Capacity,
                    p => Bound::Input(p),
                };
            }
        },
    );
    (production, bound)
}

/// Final demand not delivered by supplier, and not met by consuming region and product.
fn unmet(flows: &Flows, base: &Baseline, filled: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (regions, sectors) = (flows.regions, flows.sectors);
    let mut unmet = vec![0.0; flows.n];
    let mut undelivered = vec![0.0; flows.n];
    for (i, row) in base.y.chunks_exact(regions).enumerate() {
        let missing = 1.0 - filled[i];
        undelivered[i] = missing * base.final_use[i];
        row.iter().enumerate().for_each(|(r, y)| unmet[r * sectors + i % sectors] += missing * y);
    }
    (undelivered, unmet)
}

/// numpy's `allclose` for two numbers.
#[inline(always)]
fn close(a: f64, b: f64) -> bool {
    (a == b) | ((a - b).abs() <= 1e-8 + 1e-5 * b.abs())
}

fn round(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).round_ties_even() / scale
}

/// What is left of `initial` after `elapsed` of `tau` days.
pub(crate) fn remaining(shape: Shape, initial: f64, elapsed: f64, tau: f64) -> f64 {
    match shape {
        Shape::Linear => initial * (1.0 - elapsed / tau),
        Shape::Convex => initial * (1.0 - 1.0 / tau).powf(elapsed),
        Shape::SteepConvex => initial * (1.0 - 1.0 / tau).powf(4.0 * elapsed),
        Shape::Concave => {
            let steepness = 1e-6f64;
            let exponent = (tau.ln() - steepness.ln()) / (tau.ln() - 2f64.ln());
            initial * tau / (tau + steepness * elapsed.powf(exponent))
        }
    }
}

impl Running<'_> {
    /// What happens to the event as a step begins.
    fn begin(&mut self, day: f64, step: f64, flows: &Flows) {
        let Event { occurrence, duration, kind } = self.event;
        if self.status == Status::Pending && day >= *occurrence {
            self.status = Status::Happening;
            self.loss = match kind {
                Kind::Recovery { damage, .. } | Kind::Rebuild { damage, .. } => damage.clone(),
                Kind::Arbitrary { share, .. } => share.clone(),
            };
        }
        if self.status == Status::Happening && day >= occurrence + duration {
            match kind {
                Kind::Rebuild { damage, factor, sectors, .. } => {
                    self.status = Status::Rebuilding;
                    self.site = Some(Site::new(flows, damage, sectors, *factor));
                }
                _ => self.status = Status::Recovering,
            }
        }
        if let (Status::Rebuilding, Kind::Rebuild { tau, .. }, Some(site)) = (self.status, kind, &mut self.site) {
            site.ordered = site.wanted.iter().map(|m| m * step / tau).collect();
        }
    }

    /// Deliveries of the step reach the sites.
    fn receive(&mut self, filled: &[f64], settings: &Settings) {
        let Some(site) = &mut self.site else { return };
        let width = site.damaged.len();
        for (b, &builder) in site.builders.iter().enumerate() {
            for k in b * width..(b + 1) * width {
                let delivered = site.ordered[k] * filled[builder];
                site.ordered[k] -= delivered;
                if self.status == Status::Rebuilding {
                    site.wanted[k] = round(site.wanted[k] - delivered, settings.decimals).max(0.0);
                }
            }
        }
    }

    /// What happens to the event as a step ends.
    fn end(&mut self, day: f64, settings: &Settings) {
        let Event { occurrence, duration, kind } = self.event;
        let elapsed = day - (occurrence + duration);
        match (self.status, kind) {
            (Status::Recovering, Kind::Recovery { damage, shape, tau }) => {
                self.loss =
                    damage.iter().map(|d| round(remaining(*shape, *d, elapsed, *tau), settings.decimals)).collect();
            }
            (Status::Recovering, Kind::Arbitrary { share, shape, tau }) => {
                self.loss = share.iter().map(|d| round(remaining(*shape, *d, elapsed, *tau), 6)).collect();
            }
            (Status::Rebuilding, _) => {
                if let Some(site) = &self.site {
                    self.loss = site.loss(self.loss.len());
                }
            }
            _ => return,
        }
        if self.loss.iter().all(|l| *l == 0.0) {
            self.status = Status::Finished;
        }
    }
}

impl Site {
    fn new(flows: &Flows, damage: &[f64], sectors: &[(usize, f64)], factor: f64) -> Self {
        let damaged: Vec<usize> = (0..flows.n).filter(|&f| damage[f] != 0.0).collect();
        let mut builders = Vec::new();
        let mut wanted = Vec::new();
        for &(p, share) in sectors {
            let mut sum = vec![0.0; flows.n];
            flows.weighted(p, |_| 1.0, &mut sum);
            for r in 0..flows.regions {
                builders.push(r * flows.sectors + p);
                let part = |f: usize| if sum[f] != 0.0 { flows.flow(p, r, f) / sum[f] } else { 0.0 };
                wanted.extend(damaged.iter().map(|&f| damage[f] * share * factor * part(f)));
            }
        }
        let ordered = vec![0.0; wanted.len()];
        Self { builders, damaged, wanted, ordered, factor }
    }

    /// D_j = Σ_i M_ij / factor.
    fn loss(&self, n: usize) -> Vec<f64> {
        let mut loss = vec![0.0; n];
        for row in self.wanted.chunks_exact(self.damaged.len().max(1)) {
            row.iter().zip(&self.damaged).for_each(|(m, &f)| loss[f] += m / self.factor);
        }
        loss
    }

    fn add_orders(&self, sum: &mut [f64]) {
        let width = self.damaged.len().max(1);
        for (row, &builder) in self.ordered.chunks_exact(width).zip(&self.builders) {
            sum[builder] += row.iter().sum::<f64>();
        }
    }
}

impl Kind {
    fn is_arbitrary(&self) -> bool {
        matches!(self, Self::Arbitrary { .. })
    }
}

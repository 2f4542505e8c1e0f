//! What is kept of a run: totals by industry, paths by region or industry, and spells in which something held production back.

use super::flows::{Baseline, Flows};
use super::view::{Bound, View};
use zili_world::Classification;

/// How much is kept step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Totals only.
    Totals,
    /// A path for every region.
    Regions,
    /// A path for every industry of some regions.
    Industries,
}

/// Losses of one industry over the horizon, in the table's unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// Its own capacity was lost.
    pub capacity: f64,
    /// Inputs were missing.
    pub inputs: f64,
    /// Customers ordered less.
    pub orders: f64,
    /// Made later on top of the usual.
    pub caught_up: f64,
}

impl Loss {
    /// Output lost on balance.
    pub fn net(&self) -> f64 {
        self.capacity + self.inputs + self.orders - self.caught_up
    }

    /// What one step adds: lost capacity first, then customers that ordered less, the rest for want of inputs.
    fn of(before: f64, made: f64, capacity: f64, wanted: f64) -> Self {
        let lost = before - made;
        if lost <= 0.0 {
            return Self { caught_up: -lost, ..Self::default() };
        }
        let by_capacity = (before - capacity).clamp(0.0, lost);
        let by_orders = (before.min(capacity) - wanted).clamp(0.0, lost - by_capacity);
        Self { capacity: by_capacity, orders: by_orders, inputs: lost - by_capacity - by_orders, caught_up: 0.0 }
    }

    fn add(&mut self, other: Self) {
        self.capacity += other.capacity;
        self.inputs += other.inputs;
        self.orders += other.orders;
        self.caught_up += other.caught_up;
    }
}

/// A time in which one thing held an industry back.
#[derive(Clone, Debug, PartialEq)]
pub struct Spell {
    pub industry: usize,
    pub cause: Cause,
    /// Region whose deliveries of the input fell short most, where an input was missing.
    pub short_from: Option<usize>,
    /// First step and the step after the last.
    pub steps: std::ops::Range<usize>,
    /// Output lost in the spell.
    pub loss: f64,
    /// Least production, as a share of the usual.
    pub worst: f64,
}

/// What held production back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Capacity,
    /// The product whose stock was too low.
    Input(usize),
    /// Inputs as a whole, where they replace each other.
    Inputs,
}

/// One step of one region or industry, amounts a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub production: f64,
    pub capacity: f64,
    pub intermediate_demand: f64,
    pub final_demand: f64,
    pub rebuild_demand: f64,
    pub rebuild_delivered: f64,
    pub final_undelivered: f64,
    /// Of a region's users, or of one product to them.
    pub final_unmet: f64,
    pub capital_lost: f64,
    pub value_added: f64,
    /// Output-weighted mean factor by which capacity is stretched.
    pub overproduction: f64,
    /// Stocks held as a share of the stocks held before; not a number where none are.
    pub stock: f64,
}

/// Everything kept of one run.
#[derive(Clone, Debug)]
pub struct Record {
    /// Days in a step.
    pub step: f64,
    pub steps: usize,
    pub losses: Vec<Loss>,
    /// Output of a step before, by industry.
    pub before: Vec<f64>,
    /// Final demand not met over the horizon, by consuming region and product.
    pub unmet: Vec<f64>,
    /// Value added of each region in each step, [steps × regions].
    pub value_added: Vec<f64>,
    pub spells: Vec<Spell>,
    /// Which industries or regions the paths are of.
    pub followed: Vec<usize>,
    pub detail: Detail,
    /// [steps × followed]
    pub points: Vec<Point>,
    /// What the reader must know of how it was played.
    pub notes: Vec<String>,
    /// First step in which production was not a number: none in a sound run.
    pub broken: Option<usize>,
    open: Vec<Option<Spell>>,
    pub(super) coefficients: Vec<f64>,
    held_before: Vec<f64>,
}

/// Less than this share of the usual output missing is no bottleneck.
const NOTICEABLE: f64 = 1e-3;

impl Record {
    /// Value added of each region in a usual step.
    pub fn usual(&self, classification: &Classification) -> Vec<f64> {
        let of_region = |r: usize| classification.industries_of(r).map(|i| self.before[i] * self.coefficients[i]).sum();
        (0..classification.regions().len()).map(of_region).collect()
    }

    /// `coefficients` are value added a unit of output; `followed` regions or industries, as the detail says.
    pub(crate) fn new(
        step: f64,
        steps: usize,
        base: &Baseline,
        coefficients: Vec<f64>,
        detail: Detail,
        followed: Vec<usize>,
    ) -> Self {
        let n = base.x.len();
        Self {
            step,
            steps,
            losses: vec![Loss::default(); n],
            before: base.x.clone(),
            unmet: vec![0.0; n],
            value_added: Vec::new(),
            spells: Vec::new(),
            followed,
            detail,
            points: Vec::new(),
            notes: Vec::new(),
            broken: None,
            open: vec![None; n],
            coefficients,
            held_before: Vec::new(),
        }
    }

    pub(crate) fn see(&mut self, view: &View, flows: &Flows) {
        let n = flows.n;
        if self.broken.is_some() || !view.production.iter().all(|x| x.is_finite()) {
            self.broken.get_or_insert(view.step);
            return;
        }
        for f in 0..n {
            let wanted = view.intermediate_demand[f] + view.final_demand[f] + view.rebuild_demand[f];
            let loss = Loss::of(self.before[f], view.production[f], view.capacity[f], wanted);
            self.losses[f].add(loss);
            self.follow_spell(f, wanted, view, flows);
        }
        self.unmet.iter_mut().zip(view.final_unmet).for_each(|(sum, unmet)| *sum += unmet);
        let industries = |r: usize| r * flows.sectors..(r + 1) * flows.sectors;
        for r in 0..flows.regions {
            self.value_added.push(industries(r).map(|f| view.production[f] * self.coefficients[f]).sum());
        }
        if self.detail == Detail::Totals {
            return;
        }
        let held: Vec<f64> =
            (0..n).map(|f| (0..flows.sectors).map(|p| (view.stock)(p, f)).filter(|s| s.is_finite()).sum()).collect();
        if self.held_before.is_empty() {
            self.held_before.clone_from(&held);
        }
        for &place in &self.followed {
            let positions = if self.detail == Detail::Regions { industries(place) } else { place..place + 1 };
            let sum = |values: &[f64]| values[positions.clone()].iter().sum::<f64>();
            let weighted: f64 = positions.clone().map(|f| view.overproduction[f] * self.before[f]).sum();
            self.points.push(Point {
                production: sum(view.production),
                capacity: sum(view.capacity),
                intermediate_demand: sum(view.intermediate_demand),
                final_demand: sum(view.final_demand),
                rebuild_demand: sum(view.rebuild_demand),
                rebuild_delivered: sum(view.rebuild_delivered),
                final_undelivered: sum(view.final_undelivered),
                final_unmet: sum(view.final_unmet),
                capital_lost: sum(view.capital_lost),
                value_added: positions.clone().map(|f| view.production[f] * self.coefficients[f]).sum(),
                overproduction: weighted / sum(&self.before),
                stock: sum(&held) / sum(&self.held_before),
            });
        }
    }

    /// Begins, continues or ends the spell of an industry.
    fn follow_spell(&mut self, f: usize, wanted: f64, view: &View, flows: &Flows) {
        let (before, made) = (self.before[f], view.production[f]);
        let missing = wanted.min(before) - made;
        let cause = match view.bound[f] {
            _ if before <= 0.0 || missing <= NOTICEABLE * before => None,
            Bound::Capacity => Some(Cause::Capacity),
            Bound::Input(p) => Some(Cause::Input(p as usize)),
            Bound::Inputs => Some(Cause::Inputs),
            Bound::Nothing | Bound::Demand => None,
        };
        if self.open[f].as_ref().map(|spell| spell.cause) != cause {
            self.spells.extend(self.open[f].take());
        }
        let Some(cause) = cause else { return };
        let spell = self.open[f].get_or_insert(Spell {
            industry: f,
            cause,
            short_from: None,
            steps: view.step..view.step,
            loss: 0.0,
            worst: f64::INFINITY,
        });
        spell.steps.end = view.step + 1;
        spell.loss += missing;
        if made / before < spell.worst {
            spell.worst = made / before;
            if let Cause::Input(p) = cause {
                spell.short_from = shortest(p, f, view, flows);
            }
        }
    }

    /// The horizon ends; spells that last end with it.
    pub(crate) fn finish(mut self) -> Self {
        self.spells.extend(self.open.iter_mut().filter_map(Option::take));
        self.spells.sort_by_key(|spell| (spell.steps.start, spell.industry));
        self
    }
}

/// The region whose deliveries of product p to industry f fall short most.
fn shortest(p: usize, f: usize, view: &View, flows: &Flows) -> Option<usize> {
    let missing = |r: usize| {
        let i = r * flows.sectors + p;
        flows.flow(p, r, f) * (1.0 - view.filled[i] * (view.open)(i, f / flows.sectors))
    };
    (0..flows.regions).filter(|&r| missing(r) > 0.0).max_by(|&a, &b| missing(a).total_cmp(&missing(b)).then(b.cmp(&a)))
}

//! Capital destroyed, and its reconstruction as demand for the sectors that build.

use super::flows::{Baseline, Flows};
use super::plan::{Plan, Strike};
use zili_scenario::{Rebuild, Recovery};

/// Every destruction of a run.
pub(crate) struct Sites {
    sites: Vec<Site>,
}

/// One destruction: what it took, and what is still wanted to restore it.
struct Site {
    from: f64,
    ends: f64,
    /// Industries hit with the capital each lost; none for households.
    hit: Vec<(usize, f64)>,
    /// Without rebuilding: the strike whose level says what is still lost.
    heals: Option<Strike>,
    work: Option<Work>,
}

/// Reconstruction of one destruction: rows are building industries, columns what is rebuilt.
struct Work {
    builders: Vec<usize>,
    width: usize,
    /// Demand a step while it lasts, [builders × columns].
    pace: Vec<f64>,
    /// Still to be delivered.
    wanted: Vec<f64>,
    /// Ordered in the step.
    ordered: Vec<f64>,
    factor: f64,
    finished: bool,
}

/// Where building products come from: as in what was bought so far; where none was bought, as in all that the region buys;
/// where it buys none, as in the world's output. No damage is forgotten, and nobody builds who makes nothing.
struct Origins<'a> {
    flows: &'a Flows,
    base: &'a Baseline,
}

impl Origins<'_> {
    fn of_industry(&self, p: usize, f: usize) -> Vec<f64> {
        let bought = self.by_region(p, |r| self.flows.flow(p, r, f));
        bought.unwrap_or_else(|| self.of_region(p, f / self.flows.sectors))
    }

    fn of_final_use(&self, p: usize, region: usize) -> Vec<f64> {
        let bought = self.by_region(p, |r| self.final_use(p, r, region));
        bought.unwrap_or_else(|| self.of_region(p, region))
    }

    fn of_region(&self, p: usize, region: usize) -> Vec<f64> {
        let sectors = self.flows.sectors;
        let users = region * sectors..(region + 1) * sectors;
        let bought = |r: usize| users.clone().map(|f| self.flows.flow(p, r, f)).sum::<f64>();
        let all = self.by_region(p, |r| bought(r) + self.final_use(p, r, region));
        all.or_else(|| self.by_region(p, |r| self.base.x[r * sectors + p]))
            .unwrap_or_else(|| vec![0.0; self.flows.regions])
    }

    fn final_use(&self, p: usize, r: usize, region: usize) -> f64 {
        self.base.y[(r * self.flows.sectors + p) * self.flows.regions + region]
    }

    /// Shares of regions that make the product; none where there is nothing to share by.
    fn by_region(&self, p: usize, amount: impl Fn(usize) -> f64) -> Option<Vec<f64>> {
        let makes = |r: usize| self.base.x[r * self.flows.sectors + p] > 0.0;
        let amounts: Vec<f64> =
            (0..self.flows.regions).map(|r| if makes(r) { amount(r).max(0.0) } else { 0.0 }).collect();
        let total: f64 = amounts.iter().sum();
        (total > 0.0).then(|| amounts.iter().map(|a| a / total).collect())
    }
}

/// A site is done when less than this share of a step's work is left of every part of it.
const DONE: f64 = 1e-9;

impl Sites {
    pub fn new(plan: &Plan, flows: &Flows, base: &Baseline) -> Self {
        let origins = Origins { flows, base };
        let industries = plan.destruction.iter().map(|strike| {
            let bought = |p: usize, f: usize| origins.of_industry(p, f);
            Site::new(strike, strike.size.clone(), plan, &bought)
        });
        let households = plan.households.iter().map(|strike| {
            let bought = |p: usize, region: usize| origins.of_final_use(p, region);
            Site::new(strike, Vec::new(), plan, &bought)
        });
        Self { sites: industries.chain(households).collect() }
    }

    /// Capital lost by industry and reconstruction asked of each supplier in the step from day `from` to day `to`.
    pub fn begin(&mut self, from: f64, to: f64, lost: &mut [f64], demand: &mut [f64]) {
        if self.sites.is_empty() {
            return;
        }
        lost.fill(0.0);
        demand.fill(0.0);
        for site in &mut self.sites {
            site.begin(from, to, lost, demand);
        }
    }

    /// Deliveries of the step reach the sites.
    pub fn receive(&mut self, filled: &[f64]) {
        self.sites.iter_mut().filter_map(|site| site.work.as_mut()).for_each(|work| work.receive(filled));
    }
}

impl Site {
    fn new(strike: &Strike, hit: Vec<(usize, f64)>, plan: &Plan, origins: &dyn Fn(usize, usize) -> Vec<f64>) -> Self {
        let (from, ends) = (strike.from, strike.from + strike.lasts);
        let Recovery::Rebuild(rebuild) = &strike.recovery else {
            let heals = Strike { size: hit.clone(), recovery: strike.recovery.clone(), ..*strike };
            return Self { from, ends, hit, heals: Some(heals), work: None };
        };
        let work = Work::new(&strike.size, rebuild, plan, origins);
        Self { from, ends, hit, heals: None, work: Some(work) }
    }

    fn begin(&mut self, from: f64, to: f64, lost: &mut [f64], demand: &mut [f64]) {
        if let Some(strike) = &self.heals {
            let level = strike.level(from, to);
            self.hit.iter().for_each(|&(f, capital)| lost[f] += level * capital);
            return;
        }
        let Some(work) = &mut self.work else { return };
        if from < self.ends {
            let inside = ((to - self.from) / (to - from)).clamp(0.0, 1.0);
            self.hit.iter().for_each(|&(f, capital)| lost[f] += inside * capital);
            return;
        }
        work.order(demand);
        for (column, &(f, _)) in self.hit.iter().enumerate() {
            lost[f] += work.wanted.iter().skip(column).step_by(work.width).sum::<f64>() / work.factor;
        }
    }
}

impl Work {
    /// `origins` gives, for a builder's product and what is rebuilt, each region's share.
    fn new(size: &[(usize, f64)], rebuild: &Rebuild, plan: &Plan, origins: &dyn Fn(usize, usize) -> Vec<f64>) -> Self {
        let sectors = plan.sectors();
        let mut builders = Vec::new();
        let mut wanted = Vec::new();
        for (p, share) in plan.positions(&rebuild.sectors) {
            let origins: Vec<Vec<f64>> = size.iter().map(|&(column, _)| origins(p, column)).collect();
            for r in 0..origins.first().map_or(0, Vec::len) {
                builders.push(r * sectors + p);
                let amounts = size.iter().zip(&origins).map(|(&(_, damage), o)| damage * share * rebuild.factor * o[r]);
                wanted.extend(amounts);
            }
        }
        let pace = wanted.iter().map(|m| m * plan.rules.step / rebuild.days).collect();
        let ordered = vec![0.0; wanted.len()];
        Self { builders, width: size.len().max(1), pace, wanted, ordered, factor: rebuild.factor, finished: false }
    }

    fn order(&mut self, demand: &mut [f64]) {
        if self.finished {
            return;
        }
        for ((ordered, wanted), pace) in self.ordered.iter_mut().zip(&self.wanted).zip(&self.pace) {
            *ordered = wanted.min(*pace);
        }
        for (row, &builder) in self.ordered.chunks_exact(self.width).zip(&self.builders) {
            demand[builder] += row.iter().sum::<f64>();
        }
    }

    fn receive(&mut self, filled: &[f64]) {
        if self.finished {
            return;
        }
        let mut left = 0.0f64;
        for (k, &builder) in self.builders.iter().enumerate() {
            for cell in k * self.width..(k + 1) * self.width {
                self.wanted[cell] -= self.ordered[cell] * filled[builder];
                if self.wanted[cell] > 0.0 {
                    left = left.max(self.wanted[cell] / self.pace[cell].max(f64::MIN_POSITIVE));
                } else {
                    self.wanted[cell] = 0.0;
                }
                self.ordered[cell] = 0.0;
            }
        }
        if left < DONE {
            self.wanted.fill(0.0);
            self.finished = true;
        }
    }
}

//! One strategy decided in several ways: by a centre that hears of local conditions only in part, by regions that know their own and look at
//! nothing else, or by both.

use crate::Error;
use crate::draws::Stream;
use crate::portfolio::evaluate;
use crate::portfolio::instance::{Instance, Mode, Plan, Programme, Reserve};
use crate::portfolio::master::Against;
use crate::portfolio::means::balances;
use crate::portfolio::planned::Opponent;
use crate::portfolio::program::Effort;
use crate::portfolio::search::{Answer, Search};
use zili_world::Watch;

/// A strategy as the question who decides it sees it.
pub struct Regimes<'w> {
    /// Every programme delivering what the strategy says.
    pub instance: Instance,
    pub opponent: Opponent,
    /// By programme, the region that it belongs to; none for those that only the centre can decide, levers among them.
    pub region: Vec<Option<usize>>,
    pub regions: usize,
    /// Conditions are uniform on 1 ± spread.
    pub spread: f64,
    /// Iterations and gap of each plan.
    pub iterations: u64,
    pub gap: f64,
    pub watch: &'w dyn Watch,
}

/// What is true where programmes are carried out, and how it reaches the centre.
pub struct Conditions {
    /// By programme, what it delivers per unit that the strategy says.
    truth: Vec<f64>,
    /// By programme, a number from 0 to 1: the centre hears of it if it is at least the share of messages lost.
    heard: Vec<f64>,
}

/// A plan as it is carried out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fared {
    /// Own cost and what follows, discounted.
    pub cost: f64,
    /// Own cost alone.
    pub spent: f64,
}

impl Regimes<'_> {
    /// Conditions of a draw.
    pub fn conditions(&self, seed: u64, draw: u64) -> Conditions {
        let mut stream = Stream::new(seed, draw);
        let of = |region: &Option<usize>| {
            let (condition, heard) = (stream.signed(), stream.unit());
            (if region.is_some() { 1.0 + self.spread * condition } else { 1.0 }, heard)
        };
        let (truth, heard) = self.region.iter().map(of).unzip();
        Conditions { truth, heard }
    }

    /// The strategy as somebody believes it to be.
    fn believed(&self, conditions: &[f64]) -> Instance {
        let mut instance = self.instance.clone();
        for (programme, condition) in instance.programmes.iter_mut().zip(conditions) {
            programme.modes.iter_mut().flat_map(|mode| &mut mode.delivers).for_each(|(_, units)| *units *= condition);
        }
        instance
    }

    /// The strategy as it is.
    pub fn truth(&self, conditions: &Conditions) -> Instance {
        self.believed(&conditions.truth)
    }

    /// What the centre believes when it hears of each programme with probability 1 − noise, and otherwise goes by what the strategy says.
    fn heard(&self, conditions: &Conditions, noise: f64) -> Vec<f64> {
        let told = conditions.truth.iter().zip(&conditions.heard);
        told.map(|(&truth, &heard)| if heard >= noise { truth } else { 1.0 }).collect()
    }

    fn against<'a>(&self, instance: &'a Instance) -> Against<'a> {
        match (self.opponent, &instance.adversary) {
            (Opponent::Adversary, Some(adversary)) => Against::Adversary(adversary),
            _ => Against::Outcomes(&instance.outcomes),
        }
    }

    /// The best plan of whoever believes an instance.
    fn best(&self, instance: &Instance) -> Result<Plan, Error> {
        let effort = Effort::new(self.iterations, self.gap, self.watch);
        match Search::new(instance, self.against(instance)).best(&[], &effort, None, &|_, _| {})? {
            Answer::Found(found) => Ok(found.plan),
            Answer::Stopped => Err(Error::stopped(self.watch, self.iterations)),
            Answer::Infeasible => Err(Error::Nothing("no plan is possible".to_owned())),
        }
    }

    /// The plan of a centre to which a share of messages is lost.
    pub fn central(&self, conditions: &Conditions, noise: f64) -> Result<Plan, Error> {
        self.best(&self.believed(&self.heard(conditions, noise)))
    }

    /// The plan that everybody knows: the best one if all conditions were as the strategy says.
    pub fn announced(&self) -> Result<Plan, Error> {
        self.best(&self.instance)
    }

    /// How a plan fares in truth: a programme that starts before what it needs is there waits for it, and is paid for nothing if that never comes.
    pub fn fares(&self, truth: &Instance, plan: &Plan) -> Fared {
        let mut plan = plan.clone();
        let mut sunk = 0.0;
        // Each round settles at least one programme for good, or ends.
        while let Some((p, start)) = (0..truth.programmes.len()).find_map(|p| Some((p, self.waits(truth, &plan, p)?))) {
            if start.is_none()
                && let Some((mode, year)) = plan.starts[p]
            {
                sunk += truth.programmes[p].modes[mode].objective[year];
            }
            plan.starts[p] = start;
        }
        for (input, built) in truth.inputs.iter().zip(&mut plan.built) {
            // Capacity that nobody has learned to build is not bought.
            if let Some(clause) = input.expansion.as_ref().and_then(|expansion| expansion.clause.as_ref()) {
                let from = clause.iter().filter_map(|&q| ended(truth, &plan.starts, q)).min().unwrap_or(built.len());
                built.iter_mut().take(from).for_each(|units| *units = 0.0);
            }
        }
        let cost = evaluate::cost(truth, self.against(truth), &plan).0;
        Fared { cost: cost + sunk, spent: plan.cost(truth) + sunk }
    }

    /// The later start of a programme whose needs are not there when it starts, if it has to wait; an inner none if they never are.
    fn waits(&self, truth: &Instance, plan: &Plan, p: usize) -> Option<Option<(usize, usize)>> {
        let (mode, year) = plan.starts[p]?;
        let there = |clause: &Vec<usize>| clause.iter().filter_map(|&q| ended(truth, &plan.starts, q)).min();
        let mut clauses = truth.programmes[p].clauses.iter().map(there);
        let ready = clauses.try_fold(0, |latest, there| Some(latest.max(there?)));
        let last = truth.programmes[p].modes[mode].starts.1;
        match ready {
            Some(ready) if ready <= year => None,
            Some(ready) if ready <= last => Some(Some((mode, ready))),
            _ => Some(None),
        }
    }

    /// The programmes of regions, those that several regions could do instead of each other first, then the dearest.
    pub fn contested(&self) -> Vec<usize> {
        let rivals = self.rivals(&self.region);
        let most = |p: usize| {
            let delivers = self.instance.programmes[p].modes.iter().flat_map(|mode| &mode.delivers);
            delivers.map(|(input, _)| rivals[*input]).max().unwrap_or(0)
        };
        let spent = |p: usize| self.instance.programmes[p].modes.first().map_or(0.0, |mode| mode.spent);
        let mut all: Vec<usize> = (0..self.region.len()).filter(|&p| self.region[p].is_some()).collect();
        all.sort_by(|&a, &b| most(b).cmp(&most(a)).then(spent(b).total_cmp(&spent(a))).then(a.cmp(&b)));
        all
    }

    /// By input, how many regions have a programme for it.
    fn rivals(&self, region: &[Option<usize>]) -> Vec<usize> {
        let of_input = |input: usize| {
            let delivers = |programme: &Programme| {
                programme.modes.iter().any(|mode| mode.delivers.iter().any(|delivery| delivery.0 == input))
            };
            let own = self.instance.programmes.iter().zip(region).filter(|(p, _)| delivers(p));
            let mut regions: Vec<usize> = own.filter_map(|(_, region)| *region).collect();
            regions.sort_unstable();
            regions.dedup();
            regions.len()
        };
        (0..self.instance.inputs.len()).map(of_input).collect()
    }

    /// A plan of which `central` decides some programmes and all that has no region, and each region its others: with its share of the means
    /// left, what it truly can deliver, and the share of the market at which it aims.
    pub fn shared(
        &self,
        truth: &Instance,
        central: &Plan,
        announced: &Plan,
        decided: &[usize],
        overlap: f64,
    ) -> Result<Plan, Error> {
        let mut region = self.region.clone();
        decided.iter().for_each(|&p| region[p] = None);
        let mut plan = central.clone();
        for p in (0..region.len()).filter(|&p| region[p].is_some()) {
            plan.starts[p] = None;
            plan.split[p].iter_mut().for_each(|paid| *paid = 0.0);
        }
        let fixed = plan.clone();
        for r in 0..self.regions {
            let own: Vec<usize> = (0..region.len()).filter(|&p| region[p] == Some(r)).collect();
            if own.is_empty() {
                continue;
            }
            let part = Part { regimes: self, truth, fixed: &fixed, announced, region: &region };
            let found = self.best(&part.instance(&own, overlap))?;
            for (at, &p) in own.iter().enumerate() {
                plan.starts[p] = found.starts[at];
                plan.split[p].clone_from(&found.split[at]);
            }
        }
        Ok(plan)
    }
}

/// The year from which a programme of a plan delivers.
fn ended(instance: &Instance, starts: &[Option<(usize, usize)>], p: usize) -> Option<usize> {
    let (mode, year) = starts[p]?;
    Some(year + instance.programmes[p].modes[mode].duration)
}

/// What regions plan in.
struct Part<'a> {
    regimes: &'a Regimes<'a>,
    truth: &'a Instance,
    /// What the centre does.
    fixed: &'a Plan,
    /// What others are taken to do.
    announced: &'a Plan,
    /// Whose the programmes are that the centre does not decide.
    region: &'a [Option<usize>],
}

impl Part<'_> {
    /// The question that a region asks itself.
    fn instance(&self, own: &[usize], overlap: f64) -> Instance {
        let truth = self.truth;
        let capacity = self.fixed.capacity(truth, &[]);
        let held = self.fixed.reserves(truth);
        let rivals = self.regimes.rivals(self.region);
        let mut part = Instance { programmes: Vec::new(), intakes: Vec::new(), ..truth.clone() };
        part.programmes = own.iter().map(|&p| self.programme(p, own)).collect();
        for (r, (resource, balance)) in part.resources.iter_mut().zip(balances(truth, self.fixed)).enumerate() {
            let share = self.share(r, own);
            // What the centre's own saving pays for is below zero in a year and above it before.
            resource.limit = balance.iter().map(|year| share * (year.limit - year.used)).collect();
        }
        for (i, input) in part.inputs.iter_mut().enumerate() {
            let alone = 1.0 / rivals[i].max(1) as f64;
            let aim = alone + overlap * (1.0 - alone);
            input.demand.iter_mut().for_each(|units| *units *= aim);
            input.home = capacity[i].iter().map(|units| aim * units).collect();
            input.links.iter_mut().flat_map(|link| &mut link.capacity).for_each(|units| *units *= aim);
            input.reserve =
                Some(Reserve { initial: aim * held[i], most: 0.0, cost: vec![0.0; input.calm], paid: None });
            input.expansion = None;
        }
        part
    }

    /// A programme of a region's own, with what it needs from others turned into years in which it may start.
    fn programme(&self, p: usize, own: &[usize]) -> Programme {
        let mut programme = self.truth.programmes[p].clone();
        let mut open = Some(0);
        let mut clauses = Vec::new();
        for clause in &programme.clauses {
            let of_own = |q: &usize| own.iter().position(|own| own == q);
            match clause.iter().filter(|q| of_own(q).is_none()).filter_map(|&q| self.expected(q)).min() {
                Some(year) => open = open.map(|open: usize| open.max(year)),
                None if clause.iter().any(|q| of_own(q).is_some()) => {
                    clauses.push(clause.iter().filter_map(of_own).collect());
                }
                None => open = None,
            }
        }
        programme.clauses = clauses;
        for mode in &mut programme.modes {
            let window = open.and_then(|open| self.window(mode, open));
            // A window that ends before it begins lets nothing start.
            mode.starts = window.unwrap_or((1, 0));
            mode.during.clear();
        }
        programme
    }

    /// When a programme of somebody else is expected to have ended.
    fn expected(&self, q: usize) -> Option<usize> {
        let plan = if self.region[q].is_none() { self.fixed } else { self.announced };
        ended(self.truth, &plan.starts, q)
    }

    /// Years in which a mode may start: from one on, and while the levers that it goes with last.
    fn window(&self, mode: &Mode, open: usize) -> Option<(usize, usize)> {
        let (mut first, mut last) = (mode.starts.0.max(open), mode.starts.1);
        for &(lever, lasts) in &mode.during {
            let (_, start) = self.fixed.starts[lever]?;
            (first, last) = (first.max(start), last.min((start + lasts).checked_sub(1)?));
        }
        (first <= last).then_some((first, last))
    }

    /// A region's share of what the centre leaves of a resource: that of its programmes in what all regions' programmes would use.
    fn share(&self, resource: usize, own: &[usize]) -> f64 {
        let wanted = |p: usize| {
            let programme = &self.truth.programmes[p];
            let Some(mode) = programme.modes.first() else { return 0.0 };
            let used: f64 = mode.uses.iter().filter(|u| u.resource == resource).map(|u| u.amount.max(0.0)).sum();
            let pools = programme.cofunding.is_some_and(|c| c.level == resource || c.beside == resource);
            used + if pools { mode.pooled.iter().map(|pooled| pooled.1).sum() } else { 0.0 }
        };
        let all: f64 = (0..self.region.len()).filter(|&p| self.region[p].is_some()).map(wanted).sum();
        match all > 0.0 {
            true => own.iter().map(|&p| wanted(p)).sum::<f64>() / all,
            false => 1.0 / self.regimes.regions.max(1) as f64,
        }
    }
}

//! The search for the best plan: solved once against outcomes, attacked again and again against an adversary.
//!
//! Against an adversary it is column-and-constraint generation: the programme holds some attacks, its solution is attacked anew, and the attack
//! found is added until none is worse. Three things keep it short: copies of the recourse are shared input by input ([`super::copies`]), the
//! attack is found without a solver ([`super::attack`]), and attacks against the relaxed programme, which is solved in no time, are added before
//! the first whole one.

use super::attack::{Attack, Attacker};
use super::decisions::Restriction;
use super::evaluate;
use super::instance::{Instance, Plan};
use super::master::{Against, Master};
use super::program::{Effort, End, Refused};

/// A plan and how good it is.
#[derive(Clone, Debug)]
pub struct Found {
    pub plan: Plan,
    /// What it costs in all: itself, and what is to be expected or the worst.
    pub cost: f64,
    /// No plan costs less than this.
    pub bound: f64,
    /// The worst attack on it.
    pub attack: Option<Attack>,
    /// Attacks that were held against each other.
    pub attacks: usize,
    /// Whole programmes solved.
    pub rounds: usize,
    /// Whether work ended before the gap asked for was reached.
    pub stopped: bool,
}

impl Found {
    /// Relative distance between cost and bound.
    pub fn gap(&self) -> f64 {
        (self.cost - self.bound).max(0.0) / self.cost.abs().max(1e-9)
    }
}

/// How a search ended.
#[derive(Clone, Debug)]
pub enum Answer {
    Found(Box<Found>),
    /// No plan keeps to what is asked.
    Infeasible,
    /// Work ended before any plan was found.
    Stopped,
}

impl Answer {
    pub fn found(self) -> Option<Found> {
        match self {
            Answer::Found(found) => Some(*found),
            _ => None,
        }
    }
}

/// What a relative difference in cost must be to count: sums of some thousand products hold to about 1e-9 in the solver.
const SAME: f64 = 1e-9;
/// How closely whole programmes are solved until no new attack is found.
const FIRST_GAP: f64 = 0.02;

/// A programme that remembers the attacks it has met from one question to the next.
pub struct Search<'a> {
    instance: &'a Instance,
    against: Against<'a>,
    master: Master<'a>,
}

impl<'a> Search<'a> {
    pub fn new(instance: &'a Instance, against: Against<'a>) -> Self {
        Self { instance, against, master: Master::new(instance, against) }
    }

    /// The best plan under some restrictions, from a known one if given; `say` is told cost and bound after every round.
    pub fn best(
        &mut self,
        restrictions: &[Restriction],
        effort: &Effort,
        known: Option<&Plan>,
        say: &dyn Fn(f64, f64),
    ) -> Result<Answer, Refused> {
        let Some(mut bound) = self.relaxed(restrictions, effort, say)? else { return Ok(Answer::Infeasible) };
        let mut best: Option<Found> = None;
        let mut start = known.cloned();
        let mut gap = match self.against {
            Against::Outcomes(_) => effort.gap,
            Against::Adversary(_) => FIRST_GAP.max(effort.gap),
        };
        for rounds in 1.. {
            let from = start.as_ref().map(|plan| self.master.start(plan));
            let whole = self.master.program(restrictions).solve_within(gap, effort, from.as_deref())?;
            if whole.end == End::Infeasible {
                return Ok(Answer::Infeasible);
            }
            bound = bound.max(whole.bound);
            let stopped = whole.end == End::Stopped;
            let mut news = false;
            if !whole.values.is_empty() {
                let plan = self.master.plan(&whole);
                let (cost, attack) = evaluate::cost(self.instance, self.against, &plan);
                if let (Some(attack), Against::Adversary(adversary)) = (&attack, self.against) {
                    let foreseen = self.master.foreseen(&whole);
                    news = attack.cost > foreseen + SAME * attack.cost.abs().max(1.0)
                        && self.master.add(adversary, attack);
                }
                if best.as_ref().is_none_or(|best| cost < best.cost) {
                    start = Some(plan.clone());
                    best = Some(Found { plan, cost, bound, attack, attacks: 0, rounds, stopped });
                }
            }
            let Some(best) = &mut best else { return Ok(Answer::Stopped) };
            (best.bound, best.rounds, best.attacks) = (bound.min(best.cost), rounds, self.master.attacks());
            best.stopped = stopped && best.gap() > effort.gap;
            say(best.cost, best.bound);
            if best.gap() <= effort.gap || stopped || !news && gap <= effort.gap {
                return Ok(Answer::Found(Box::new(best.clone())));
            }
            if !news {
                gap = effort.gap;
            }
        }
        unreachable!("the rounds above end by themselves")
    }

    /// Attacks against broken plans, and the bound that they give; nothing if there is not even a broken one.
    fn relaxed(
        &mut self,
        restrictions: &[Restriction],
        effort: &Effort,
        say: &dyn Fn(f64, f64),
    ) -> Result<Option<f64>, Refused> {
        let Against::Adversary(adversary) = self.against else { return Ok(Some(f64::NEG_INFINITY)) };
        let attacker = Attacker::new(self.instance, adversary);
        let mut bound = f64::NEG_INFINITY;
        loop {
            let relaxed = self.master.program(restrictions).relaxed().solve(effort, None)?;
            if relaxed.end == End::Infeasible {
                return Ok(None);
            }
            if relaxed.end != End::Solved {
                return Ok(Some(bound));
            }
            bound = relaxed.objective;
            say(f64::INFINITY, bound);
            let (capacity, reserves) = self.master.state(&relaxed);
            let attack = attacker.worst(&capacity, &reserves);
            let known = self.master.foreseen(&relaxed);
            if attack.cost <= known + SAME * known.abs().max(1.0) || !self.master.add(adversary, &attack) {
                return Ok(Some(bound));
            }
        }
    }
}

//! The worst that an adversary can do to a plan, exactly.
//!
//! ```text
//! max over h ∈ {0,1}^moves of Σ_i Q_i(cuts of h),   Σ cost_h ≤ budget,   Σ own loss_h ≤ what it bears
//! ```
//!
//! A denial is felt input by input. Moves that touch one input only make a table of its own, whose rows that nobody would choose (dearer and less
//! harmful than another) are struck out; the tables of all inputs are then joined one after another in the same way. Moves that touch
//! several inputs are gone through one set after another.

use super::instance::{Adversary, Cut, Instance};
use super::recourse::{self, left};
use rayon::prelude::*;

/// Sets of moves that touch several inputs: more than these are not gone through.
pub const MOST_COMMON: usize = 16;
/// Moves that touch one input only, of one input.
pub const MOST_OWN: usize = 16;

/// A set of moves, and what the plan then costs after its first stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Attack {
    /// Indices of moves, ascending.
    pub moves: Vec<usize>,
    pub cost: f64,
}

impl Attack {
    /// All that it cuts.
    pub fn cuts<'a>(&'a self, adversary: &'a Adversary) -> impl Iterator<Item = &'a Cut> + Clone + 'a {
        self.moves.iter().flat_map(|&m| &adversary.moves[m].cuts)
    }
}

/// A set of moves on its way to the worst.
#[derive(Clone)]
struct Choice {
    spent: f64,
    own_loss: f64,
    harm: f64,
    moves: Vec<usize>,
}

/// Moves sorted by what they touch.
pub struct Attacker<'a> {
    instance: &'a Instance,
    adversary: &'a Adversary,
    /// Moves that touch several inputs, and by input those that touch it alone.
    common: Vec<usize>,
    own: Vec<Vec<usize>>,
}

/// Sets of moves held at once, before those that nobody would choose are left out.
const AT_ONCE: usize = 1 << 20;

impl<'a> Attacker<'a> {
    pub fn new(instance: &'a Instance, adversary: &'a Adversary) -> Self {
        let mut common = Vec::new();
        let mut own = vec![Vec::new(); instance.inputs.len()];
        for (m, step) in adversary.moves.iter().enumerate() {
            match step.cuts.split_first() {
                // A move without cuts harms nobody.
                None => {}
                Some((first, rest)) if rest.iter().all(|cut| cut.input == first.input) => own[first.input].push(m),
                Some(_) => common.push(m),
            }
        }
        Self { instance, adversary, common, own }
    }

    /// Inputs or sets of moves that are too many to go through.
    pub fn too_many(&self) -> bool {
        self.common.len() > MOST_COMMON || self.own.iter().any(|own| own.len() > MOST_OWN)
    }

    /// The worst set of moves against what is there: home capacity by input and year, and reserves by input.
    pub fn worst(&self, capacity: &[Vec<f64>], reserves: &[f64]) -> Attack {
        let calm: f64 = self.instance.inputs.iter().zip(capacity).map(|(i, k)| recourse::calm_cost(i, k)).sum();
        let mut sets = self.affordable(&self.common);
        // Another move never harms less: where nothing else could be bought for it, a set that leaves out what it could afford is not the worst.
        if self.own.iter().all(Vec::is_empty) {
            sets.retain(|set| !self.common.iter().any(|&m| self.could_add(set, m)));
        }
        let worst_with = |common: &Choice| {
            let start = vec![Choice { harm: 0.0, ..common.clone() }];
            let tables = (0..self.instance.inputs.len()).map(|i| self.table(i, common, &capacity[i], reserves[i]));
            tables.fold(start, |joined, table| self.join(&joined, &table)).into_iter().last()
        };
        let found: Vec<Option<Choice>> = sets.par_iter().map(worst_with).collect();
        // The first of equals, in the order of the sets: the same for any number of threads.
        let better = |best: Option<Choice>, next: Choice| match best {
            Some(best) if best.harm >= next.harm => Some(best),
            _ => Some(next),
        };
        let worst = found.into_iter().flatten().fold(None, better);
        let mut worst = worst.unwrap_or(Choice { spent: 0.0, own_loss: 0.0, harm: 0.0, moves: Vec::new() });
        worst.moves.sort_unstable();
        Attack { moves: worst.moves, cost: calm + worst.harm }
    }

    fn affords(&self, spent: f64, own_loss: f64) -> bool {
        // Sums of decimals may end a last digit above what they should.
        spent <= self.adversary.budget * (1.0 + 1e-12) + 1e-12
            && own_loss <= self.adversary.own_loss * (1.0 + 1e-12) + 1e-12
    }

    fn could_add(&self, set: &Choice, m: usize) -> bool {
        let step = &self.adversary.moves[m];
        !set.moves.contains(&m) && self.affords(set.spent + step.cost, set.own_loss + step.own_loss)
    }

    /// Every set of some moves within the means.
    fn affordable(&self, moves: &[usize]) -> Vec<Choice> {
        let mut sets = vec![Choice { spent: 0.0, own_loss: 0.0, harm: 0.0, moves: Vec::new() }];
        for &m in moves {
            let step = &self.adversary.moves[m];
            let with = sets.iter().filter_map(|set| {
                let (spent, own_loss) = (set.spent + step.cost, set.own_loss + step.own_loss);
                let moves = || set.moves.iter().copied().chain([m]).collect();
                self.affords(spent, own_loss).then(|| Choice { spent, own_loss, harm: 0.0, moves: moves() })
            });
            let with: Vec<Choice> = with.collect();
            sets.extend(with);
        }
        sets
    }

    /// What can be done to one input beside the moves that touch several, without what nobody would choose.
    fn table(&self, i: usize, common: &Choice, capacity: &[f64], reserve: f64) -> Vec<Choice> {
        let input = &self.instance.inputs[i];
        let mut sets = self.affordable(&self.own[i]);
        for set in &mut sets {
            let moves = set.moves.iter().chain(&common.moves);
            let cuts = moves.flat_map(|&m| &self.adversary.moves[m].cuts).filter(|cut| cut.input == i);
            set.harm = recourse::cost(input, capacity, reserve, &left(input, self.instance.years, cuts));
        }
        self.worth_choosing(sets)
    }

    fn join(&self, one: &[Choice], other: &[Choice]) -> Vec<Choice> {
        let mut joined = Vec::new();
        for a in one {
            // What nobody would choose goes before it fills the memory.
            if joined.len() > AT_ONCE {
                joined = self.worth_choosing(joined);
            }
            for b in other {
                let (spent, own_loss) = (a.spent + b.spent, a.own_loss + b.own_loss);
                if self.affords(spent, own_loss) {
                    let moves = a.moves.iter().chain(&b.moves).copied().collect();
                    joined.push(Choice { spent, own_loss, harm: a.harm + b.harm, moves });
                }
            }
        }
        self.worth_choosing(joined)
    }

    /// Without the sets that cost no less than another and harm no more; the most harmful is last.
    fn worth_choosing(&self, mut sets: Vec<Choice>) -> Vec<Choice> {
        sets.sort_by(|a, b| {
            a.spent.total_cmp(&b.spent).then(a.own_loss.total_cmp(&b.own_loss)).then(b.harm.total_cmp(&a.harm))
        });
        let bears_all = self.adversary.own_loss.is_infinite();
        let mut kept: Vec<Choice> = Vec::new();
        for set in sets {
            let beaten = match bears_all {
                true => kept.last().is_some_and(|best| best.harm >= set.harm),
                false => kept.iter().any(|other| other.own_loss <= set.own_loss && other.harm >= set.harm),
            };
            if !beaten {
                kept.push(set);
            }
        }
        if !bears_all {
            kept.sort_by(|a, b| a.harm.total_cmp(&b.harm));
        }
        kept
    }
}

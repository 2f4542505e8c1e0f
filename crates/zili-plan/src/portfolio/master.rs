//! The optimiser's programme: what is decided first, and what it costs once something happens.
//!
//! ```text
//! min cost(x) + (1−λ) Σ_ω π_ω Q_ω + λ [ η + 1/(1−α) Σ_ω π_ω s_ω ],   s_ω ≥ Q_ω − η,  s_ω ≥ 0      against outcomes
//! min cost(x) + θ,   θ ≥ Q_h for every attack h met so far                                         against an adversary
//! ```
//!
//! Source of the tail's linear form: Rockafellar & Uryasev (2000); of the second: column-and-constraint generation, Zeng & Zhao (2013).

use super::attack::Attack;
use super::copies::Copies;
use super::decisions::{Decisions, Restriction};
use super::instance::{Adversary, Cut, Instance, Outcome, Plan};
use super::program::{Column, Program, Solution, UNKNOWN};

/// Against what a plan is made.
#[derive(Clone, Copy, Debug)]
pub enum Against<'a> {
    /// Outcomes whose probabilities add up to 1.
    Outcomes(&'a [Outcome]),
    /// The worst that somebody can do.
    Adversary(&'a Adversary),
}

/// The programme with as many attacks as were met.
pub struct Master<'a> {
    instance: &'a Instance,
    program: Program,
    decisions: Decisions,
    copies: Copies,
    /// What the worst attack costs; there is none against outcomes.
    worst: Option<Column>,
    attacks: Vec<Vec<usize>>,
}

impl<'a> Master<'a> {
    pub fn new(instance: &'a Instance, against: Against) -> Self {
        let mut program = Program::default();
        let mut decisions = Decisions::new(instance, &mut program);
        let copies = Copies::new(instance, &mut decisions, &mut program);
        let mut master = Self { instance, program, decisions, copies, worst: None, attacks: Vec::new() };
        match against {
            Against::Outcomes(outcomes) => master.expect(outcomes),
            Against::Adversary(adversary) => {
                master.worst = Some(master.program.column(1.0, f64::NEG_INFINITY, f64::INFINITY));
                // Without any attack the worst has no floor.
                master.add(adversary, &Attack { moves: Vec::new(), cost: 0.0 });
            }
        }
        master
    }

    /// The expectation and the tail of all outcomes.
    fn expect(&mut self, outcomes: &[Outcome]) {
        let (weight, tail) = (self.instance.weight, self.instance.tail);
        let threshold = (weight > 0.0).then(|| self.program.column(weight, f64::NEG_INFINITY, f64::INFINITY));
        for outcome in outcomes {
            let columns = self.cost(&outcome.luck, outcome.cuts.iter());
            for &column in &columns {
                self.program.add_cost(column, (1.0 - weight) * outcome.probability);
            }
            if let Some(threshold) = threshold {
                let above = self.program.column(weight * outcome.probability / (1.0 - tail), 0.0, f64::INFINITY);
                let cost = columns.into_iter().map(|column| (column, -1.0));
                self.program.row(0.0, f64::INFINITY, cost.chain([(above, 1.0), (threshold, 1.0)]));
            }
        }
    }

    /// Adds an attack unless it is there already.
    pub fn add(&mut self, adversary: &Adversary, attack: &Attack) -> bool {
        let Some(worst) = self.worst else { return false };
        if self.attacks.contains(&attack.moves) {
            return false;
        }
        let cost = self.cost(&[], attack.cuts(adversary));
        let terms = cost.into_iter().map(|column| (column, -1.0)).chain([(worst, 1.0)]);
        self.program.row(0.0, f64::INFINITY, terms);
        self.attacks.push(attack.moves.clone());
        true
    }

    fn cost<'c>(&mut self, luck: &[f64], cuts: impl Iterator<Item = &'c Cut> + Clone) -> Vec<Column> {
        self.copies.cost(self.instance, &self.decisions, &mut self.program, luck, cuts)
    }

    /// The programme as it stands, under further restrictions.
    pub fn program(&self, restrictions: &[Restriction]) -> Program {
        let mut program = self.program.clone();
        for restriction in restrictions {
            self.decisions.restrict(self.instance, self.copies.expected(), restriction, &mut program);
        }
        program
    }

    /// Where the solver may start: the plan's columns, the others are for it to work out.
    pub fn start(&self, plan: &Plan) -> Vec<f64> {
        let mut values = vec![UNKNOWN; self.program.columns()];
        for (column, value) in self.decisions.values(plan) {
            values[column.index()] = value;
        }
        values
    }

    pub fn plan(&self, solution: &Solution) -> Plan {
        self.decisions.plan(self.instance, solution)
    }

    /// What a solution takes the worst attack to cost.
    pub fn foreseen(&self, solution: &Solution) -> f64 {
        self.worst.map_or(f64::INFINITY, |worst| solution.value(worst))
    }

    /// Home capacity and reserves of a solution, broken plans included.
    pub fn state(&self, solution: &Solution) -> (Vec<Vec<f64>>, Vec<f64>) {
        (self.copies.capacity_of(solution), self.decisions.reserves_of(self.instance, solution))
    }

    pub fn attacks(&self) -> usize {
        self.attacks.len()
    }
}

//! What a plan costs, worked out without a solver.

use super::attack::{Attack, Attacker};
use super::instance::{Cut, Input, Instance, Outcome, Plan};
use super::master::Against;
use super::recourse::{self, Supply, left};

/// The plan's own cost and what follows: what is to be expected and the tail of outcomes, or the worst attack, which is given too.
pub fn cost(instance: &Instance, against: Against, plan: &Plan) -> (f64, Option<Attack>) {
    match against {
        Against::Outcomes(outcomes) => {
            let costs = after_each(instance, outcomes, plan);
            (plan.cost(instance) + risk(instance.weight, instance.tail, outcomes, &costs), None)
        }
        Against::Adversary(adversary) => {
            let attacker = Attacker::new(instance, adversary);
            let attack = attacker.worst(&plan.capacity(instance, &[]), &plan.reserves(instance));
            (plan.cost(instance) + attack.cost, Some(attack))
        }
    }
}

/// What follows each outcome.
pub fn after_each(instance: &Instance, outcomes: &[Outcome], plan: &Plan) -> Vec<f64> {
    outcomes.iter().map(|outcome| after(instance, plan, &outcome.luck, outcome.cuts.iter())).collect()
}

/// What follows some cuts: the cost of meeting demand and of not meeting it, over all years.
pub fn after<'a>(instance: &Instance, plan: &Plan, luck: &[f64], cuts: impl Iterator<Item = &'a Cut> + Clone) -> f64 {
    let (capacity, reserves) = (plan.capacity(instance, luck), plan.reserves(instance));
    let of_input = |(i, input): (usize, &Input)| {
        let left = left(input, instance.years, cuts.clone().filter(|cut| cut.input == i));
        recourse::calm_cost(input, &capacity[i]) + recourse::cost(input, &capacity[i], reserves[i], &left)
    };
    instance.inputs.iter().enumerate().map(of_input).sum()
}

/// How every input is served in every year after some cuts.
pub fn supplies<'a>(
    instance: &Instance,
    plan: &Plan,
    luck: &[f64],
    cuts: impl Iterator<Item = &'a Cut> + Clone,
) -> Vec<Vec<Supply>> {
    let (capacity, reserves) = (plan.capacity(instance, luck), plan.reserves(instance));
    let of_input = |(i, input): (usize, &Input)| {
        let left = left(input, instance.years, cuts.clone().filter(|cut| cut.input == i));
        recourse::supply(input, &capacity[i], reserves[i], &left)
    };
    instance.inputs.iter().enumerate().map(of_input).collect()
}

/// (1−λ) E + λ CVaR_α of costs with probabilities: CVaR is the mean of the worst 1 − α, the outcome on its edge counted in part.
pub fn risk(weight: f64, tail: f64, outcomes: &[Outcome], costs: &[f64]) -> f64 {
    let expected: f64 = outcomes.iter().zip(costs).map(|(outcome, cost)| outcome.probability * cost).sum();
    if weight == 0.0 {
        return expected;
    }
    let mut worst_first: Vec<usize> = (0..costs.len()).collect();
    worst_first.sort_by(|&a, &b| costs[b].total_cmp(&costs[a]));
    let all: f64 = outcomes.iter().map(|outcome| outcome.probability).sum();
    let mut open = (1.0 - tail) * all;
    let mut in_tail = 0.0;
    for k in worst_first {
        let counted = outcomes[k].probability.min(open);
        in_tail += counted * costs[k];
        open -= counted;
    }
    (1.0 - weight) * expected + weight * in_tail / ((1.0 - tail) * all)
}

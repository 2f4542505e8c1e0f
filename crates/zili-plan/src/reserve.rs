#![doc = include_str!("../../../docs/src/methods/reserve.md")]

use crate::portfolio::compile::compile;
use crate::portfolio::decisions::Restriction;
use crate::portfolio::evaluate;
use crate::portfolio::instance::{Instance, Outcome, Plan};
use crate::portfolio::master::Against;
use crate::portfolio::planned::refuse_too_many;
use crate::portfolio::program::Effort;
use crate::portfolio::search::{Answer, Search};
use crate::{Error, Strategy};
use zili_world::method::{Accepts, column};
use zili_world::{Column, Finding, Method, Options, Parameter, Watch, row};

pub static METHOD: Method = Method {
    name: "reserve",
    page: include_str!("../../../docs/src/methods/reserve.md"),
    columns: &[
        column::HOME,
        Column::text("input", "Input", "name in the strategy"),
        Column::text("unit", "Unit", "of the input").result().minor(),
        Column::day("days", "Days", "days of demand held, at the demand of the first year in which something can be denied").key(),
        Column::number("units", "Units", "units of the input", "the same in units"),
        Column::musd("cost", "Cost", "of buying and holding it, discounted; what is there already costs nothing"),
        Column::musd("expected", "Expected loss", "what the scenarios cost with their probabilities, beyond what nothing does; missing without scenarios"),
        Column::musd("worst", "Worst loss", "what the worst of the scenarios, and of the adversary's sets of moves against this input, costs beyond what nothing does"),
        Column::text(
            "best",
            "Best for",
            "expected: cost and expected loss together are least; worst: cost and worst loss are; adversary: held where all inputs are to stand up to the adversary at once",
        )
        .result(),
    ],
    parameters: &[
        Parameter {
            name: "step",
            accepts: Accepts::Number { default: 30.0, above: 0.01, below: 1e5 },
            description: "days between rows",
        },
        Parameter {
            name: "iterations",
            accepts: Accepts::Count { default: 2_000_000, most: 1_000_000_000 },
            description: "iterations of the simplex method given to the question of all inputs at once",
        },
    ],
};

/// How much of each input to hold: cost against expected and worst loss, and the best of each.
pub fn run(strategy: &Strategy, options: &Options, watch: &dyn Watch) -> Result<Finding, Error> {
    let instance = compile(strategy, None);
    if instance.inputs.iter().all(|input| input.reserve.is_none()) {
        return Err(Error::Nothing(
            "no input of the strategy has a reserve: give one with reserve = { most = …, cost = … }".to_owned(),
        ));
    }
    let joint = joint(&instance, options.number("iterations") as u64, watch)?;
    let mut finding = strategy.begun(&METHOD, options);
    for (i, input) in strategy.inputs.iter().enumerate() {
        let Some(held) = Held::new(&instance, i) else { continue };
        let joint = joint.as_ref().map(|plan| plan.reserves(&instance)[i]);
        for (units, best) in held.rows(options.number("step"), joint) {
            finding.push(row![
                &strategy.home.code,
                &input.name,
                &input.unit,
                units / held.daily,
                units,
                held.cost(units),
                held.expected(units),
                held.worst(units),
                best,
            ]);
        }
    }
    Ok(finding)
}

/// Reserves that are best against the adversary for all inputs at once, nothing else being done.
fn joint(instance: &Instance, iterations: u64, watch: &dyn Watch) -> Result<Option<Plan>, Error> {
    let Some(adversary) = &instance.adversary else { return Ok(None) };
    let against = Against::Adversary(adversary);
    refuse_too_many(instance, against)?;
    let nothing: Vec<Restriction> = (0..instance.programmes.len()).map(Restriction::Without).collect();
    let answer =
        Search::new(instance, against).best(&nothing, &Effort::new(iterations, 1e-6, watch), None, &|_, _| {})?;
    Ok(match answer {
        Answer::Found(found) => Some(found.plan),
        _ => None,
    })
}

/// One input alone: what a reserve of it costs and saves.
struct Held<'a> {
    input: usize,
    instance: Instance,
    outcomes: &'a [Outcome],
    /// What happens in the scenarios, and can be done to it by the adversary alone.
    calm: f64,
    initial: f64,
    most: f64,
    /// Of a unit bought in the last calm year.
    unit_cost: f64,
    /// Demand of a day once something can be denied.
    daily: f64,
}

impl<'a> Held<'a> {
    fn new(instance: &'a Instance, i: usize) -> Option<Self> {
        let input = &instance.inputs[i];
        let reserve = input.reserve.as_ref()?;
        let year = input.calm.min(instance.years - 1);
        let daily = input.demand[year] / 365.0;
        let unit_cost = reserve.cost.last().copied();
        let most = reserve.initial + if unit_cost.is_some() { reserve.most } else { 0.0 };
        let mut held = Self {
            input: i,
            instance: alone(instance, i),
            outcomes: &instance.outcomes,
            calm: 0.0,
            initial: reserve.initial,
            most,
            unit_cost: unit_cost.unwrap_or(0.0),
            daily,
        };
        held.calm = held.after(&[], reserve.initial);
        (daily > 0.0).then_some(held)
    }

    fn cost(&self, units: f64) -> f64 {
        (units - self.initial).max(0.0) * self.unit_cost
    }

    fn plan(&self, units: f64) -> Plan {
        let mut plan = Plan::nothing(&self.instance);
        if let Some(last) = plan.reserves[0].last_mut() {
            *last = (units - self.initial).max(0.0);
        }
        plan
    }

    fn after(&self, cuts: &[crate::portfolio::instance::Cut], units: f64) -> f64 {
        evaluate::after(&self.instance, &self.plan(units), &[], cuts.iter())
    }

    /// Loss of one scenario.
    fn loss(&self, outcome: &Outcome, units: f64) -> f64 {
        let own = outcome.cuts.iter().filter(|cut| cut.input == self.input);
        let cuts: Vec<_> = own.map(|cut| crate::portfolio::instance::Cut { input: 0, ..*cut }).collect();
        self.after(&cuts, units) - self.calm
    }

    fn expected(&self, units: f64) -> f64 {
        if self.outcomes.iter().all(|outcome| outcome.cuts.is_empty()) {
            return f64::NAN;
        }
        self.outcomes.iter().map(|outcome| outcome.probability * self.loss(outcome, units)).sum()
    }

    fn worst(&self, units: f64) -> f64 {
        let of_scenarios = self.outcomes.iter().map(|outcome| self.loss(outcome, units));
        let of_adversary = self.instance.adversary.as_ref().map(|adversary| {
            let against = Against::Adversary(adversary);
            let (_, attack) = evaluate::cost(&self.instance, against, &self.plan(units));
            attack.map_or(0.0, |attack| attack.cost) - self.calm
        });
        of_scenarios.chain(of_adversary).fold(0.0, f64::max)
    }

    /// Amounts held, each with what it is best for.
    fn rows(&self, step: f64, joint: Option<f64>) -> Vec<(f64, String)> {
        let mut amounts: Vec<f64> = vec![self.initial, self.most];
        let mut held = step * self.daily;
        while held < self.most {
            if held > self.initial {
                amounts.push(held);
            }
            held += step * self.daily;
        }
        let best_expected = self.least(&|units| self.expected(units));
        let best_worst = self.least(&|units| self.worst(units));
        amounts.extend(best_expected.into_iter().chain(best_worst).chain(joint));
        amounts.sort_by(f64::total_cmp);
        // Two that nobody could tell apart are one.
        let same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * self.most.max(1.0);
        amounts.dedup_by(|a, b| same(*a, *b));
        let words = |units: f64| {
            let named = [("expected", best_expected), ("worst", best_worst), ("adversary", joint)];
            let words =
                named.iter().filter(|(_, best)| best.is_some_and(|best| same(best, units))).map(|(word, _)| *word);
            words.collect::<Vec<_>>().join("; ")
        };
        amounts.into_iter().map(|units| (units, words(units))).collect()
    }

    /// The amount at which cost and loss together are least; nothing where there is no loss to speak of. Loss falls ever more slowly in what is held
    /// (the reserve replaces the dearest units first), so that halving the distance finds it.
    fn least(&self, loss: &dyn Fn(f64) -> f64) -> Option<f64> {
        if !loss(self.initial).is_finite() {
            return None;
        }
        let total = |units: f64| self.cost(units) + loss(units);
        let (mut low, mut high) = (self.initial, self.most);
        // Golden sections: two hundred leave less than a rounding error.
        let part = (5f64.sqrt() - 1.0) / 2.0;
        let (mut a, mut b) = (high - part * (high - low), low + part * (high - low));
        let (mut at_a, mut at_b) = (total(a), total(b));
        for _ in 0..200 {
            // Of equals the smaller reserve.
            if at_a <= at_b {
                (high, b, at_b) = (b, a, at_a);
                a = high - part * (high - low);
                at_a = total(a);
            } else {
                (low, a, at_a) = (a, b, at_b);
                b = low + part * (high - low);
                at_b = total(b);
            }
        }
        let ends = [self.initial, (low + high) / 2.0, self.most];
        ends.into_iter()
            .reduce(|best, next| if total(next) < total(best) - 1e-9 * total(best).abs() { next } else { best })
    }
}

/// The same world with one input only, and of the adversary's moves what they do to it.
fn alone(instance: &Instance, i: usize) -> Instance {
    let own = |cuts: &[crate::portfolio::instance::Cut]| {
        let own = cuts.iter().filter(|cut| cut.input == i);
        own.map(|cut| crate::portfolio::instance::Cut { input: 0, ..*cut }).collect::<Vec<_>>()
    };
    let adversary = instance.adversary.as_ref().map(|adversary| {
        let mut adversary = adversary.clone();
        adversary.moves.iter_mut().for_each(|step| step.cuts = own(&step.cuts));
        adversary.moves.retain(|step| !step.cuts.is_empty());
        adversary
    });
    let mut input = instance.inputs[i].clone();
    input.expansion = None;
    Instance { years: instance.years, inputs: vec![input], adversary, ..Instance::default() }
}

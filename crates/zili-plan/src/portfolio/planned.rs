//! The plan for a strategy, and what is asked of it afterwards.

use super::compile::{Luck, compile};
use super::decisions::Reason;
use super::instance::{Instance, Outcome, Plan, Programme};
use super::master::Against;
use super::program::Effort;
use super::search::{Answer, Found, Search};
use super::{evaluate, infeasible, rules};
use crate::{Error, Strategy};
use zili_world::{Finding, Method, Options, Watch};

/// A plan with the question that it answers.
pub struct Planned {
    pub strategy: Strategy,
    pub instance: Instance,
    pub opponent: Opponent,
    pub found: Found,
    /// Iterations and gap that were given.
    pub iterations: u64,
    pub gap: f64,
}

/// Against what a plan is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opponent {
    Adversary,
    Scenarios,
    Nothing,
}

impl Opponent {
    fn asked(strategy: &Strategy, word: &str) -> Result<Self, Error> {
        let (adversary, scenarios) = (strategy.adversary.is_some(), !strategy.scenarios.is_empty());
        let lacks = |what: &str| {
            Err(Error::Nothing(format!("the strategy has no {what}: there is nothing to plan against it")))
        };
        match word {
            "adversary" if adversary => Ok(Opponent::Adversary),
            "adversary" => lacks("adversary"),
            "scenarios" if scenarios => Ok(Opponent::Scenarios),
            "scenarios" => lacks("scenarios"),
            "nothing" => Ok(Opponent::Nothing),
            _ if adversary => Ok(Opponent::Adversary),
            _ if scenarios => Ok(Opponent::Scenarios),
            _ => Ok(Opponent::Nothing),
        }
    }

    /// For a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Opponent::Adversary => "the worst that the adversary can do",
            Opponent::Scenarios => "the strategy's scenarios",
            Opponent::Nothing => "nothing denied",
        }
    }
}

/// A start of an earlier plan, by names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Programme or lever.
    pub name: String,
    pub mode: String,
    pub year: i32,
}

/// The best plan for a strategy, from an earlier one if there is one: the search starts there, as far as its names still mean something, and can
/// only end as well or better.
pub fn plan(strategy: &Strategy, options: &Options, earlier: &[Earlier], watch: &dyn Watch) -> Result<Planned, Error> {
    watch.begin("planning", 0);
    let draws = whole(options.number("draws"))?;
    let luck = (draws > 0).then(|| Luck { draws, seed: options.number("seed") as u64 });
    let (instance, opponent) = posed(strategy, options.choice("against"), luck)?;
    let (iterations, gap) = (options.number(super::ITERATIONS.name) as u64, options.number("gap"));
    let effort = Effort::new(iterations, gap, watch);
    let say = |cost: f64, bound: f64| {
        let known = if cost.is_finite() { format!("{cost:.1}") } else { "none yet".to_owned() };
        watch.say(&format!("best plan costs {known}, no plan less than {bound:.1} million USD"));
    };
    let adversary = instance.adversary.clone().unwrap_or_default();
    let against = match opponent {
        Opponent::Adversary => Against::Adversary(&adversary),
        _ => Against::Outcomes(&instance.outcomes),
    };
    let answer =
        Search::new(&instance, against).best(&[], &effort, known(strategy, &instance, earlier).as_ref(), &say)?;
    let mut found = match answer {
        Answer::Found(found) => *found,
        Answer::Stopped => return Err(Error::stopped(watch, iterations)),
        Answer::Infeasible => return Err(impossible(strategy, &instance, watch)?),
    };
    found.plan = rules::tidied(&instance, against, &found.plan);
    (found.cost, found.attack) = evaluate::cost(&instance, against, &found.plan);
    Ok(Planned { strategy: strategy.clone(), instance, opponent, found, iterations, gap })
}

/// The question that a strategy poses against an opponent by its word in the options; draws of luck do not count against an adversary.
pub fn posed(strategy: &Strategy, against: &str, luck: Option<Luck>) -> Result<(Instance, Opponent), Error> {
    let opponent = Opponent::asked(strategy, against)?;
    let mut instance = compile(strategy, luck.filter(|_| opponent != Opponent::Adversary));
    match (opponent, &instance.adversary) {
        (Opponent::Nothing, _) => instance.outcomes = calm(&instance),
        (Opponent::Adversary, Some(adversary)) => refuse_too_many(&instance, Against::Adversary(adversary))?,
        _ => {}
    }
    Ok((instance, opponent))
}

/// A number of draws, which is whole.
fn whole(draws: f64) -> Result<usize, zili_world::Error> {
    match draws.fract() == 0.0 {
        true => Ok(draws as usize),
        false => Err(zili_world::Error::Option {
            name: "draws".to_owned(),
            given: draws.to_string(),
            expected: "a whole number from 0 on".to_owned(),
        }),
    }
}

/// The starts of an earlier plan in the instance; amounts are left to the solver.
fn known(strategy: &Strategy, instance: &Instance, earlier: &[Earlier]) -> Option<Plan> {
    let start = |programme: &Programme| {
        let start = earlier.iter().find(|start| start.name == programme.name)?;
        let mode = programme.modes.iter().position(|mode| mode.name == start.mode)?;
        let year = usize::try_from(start.year - strategy.from).ok()?;
        (programme.modes[mode].starts.0..=programme.modes[mode].starts.1).contains(&year).then_some((mode, year))
    };
    let starts = instance.programmes.iter().map(start).collect();
    (!earlier.is_empty()).then_some(Plan { starts, ..Plan::default() })
}

/// Nothing happens; whatever luck there is stays.
pub fn calm(instance: &Instance) -> Vec<Outcome> {
    let mut lucks: Vec<Vec<f64>> = Vec::new();
    for outcome in &instance.outcomes {
        if !lucks.contains(&outcome.luck) {
            lucks.push(outcome.luck.clone());
        }
    }
    let probability = 1.0 / lucks.len().max(1) as f64;
    let of = |luck: Vec<f64>| Outcome { name: "nothing".to_owned(), probability, cuts: Vec::new(), luck };
    if lucks.is_empty() { vec![of(Vec::new())] } else { lucks.into_iter().map(of).collect() }
}

/// Refuses an adversary with more sets of moves than can be gone through.
pub fn refuse_too_many(instance: &Instance, against: Against) -> Result<(), Error> {
    let Against::Adversary(adversary) = against else { return Ok(()) };
    match super::attack::Attacker::new(instance, adversary).too_many() {
        false => Ok(()),
        true => Err(Error::Nothing(format!(
            "the adversary has too many moves to go through all of them: at most {} that touch several inputs, and {} that touch one and the same input alone; join some",
            super::attack::MOST_COMMON,
            super::attack::MOST_OWN
        ))),
    }
}

/// Why nothing is possible, in words.
fn impossible(strategy: &Strategy, instance: &Instance, watch: &dyn Watch) -> Result<Error, Error> {
    let effort = Effort::new(super::ENOUGH, 1e-6, watch);
    let culprits = infeasible::culprits(instance, &effort)?;
    let words: Vec<String> = culprits.iter().map(|reason| condition(strategy, instance, reason)).collect();
    let mut text = match words.as_slice() {
        [] => "its conditions cannot hold together".to_owned(),
        [only] => format!("it cannot have {only}"),
        [first, others @ ..] => format!("it cannot have {first} with {}", others.join(" and ")),
    };
    if !culprits.iter().any(|reason| matches!(reason, Reason::Means(_) | Reason::Needs(_))) {
        text += "; neither money, people nor prerequisites are in the way: in the years planned, the programmes and the expansion allowed do not add so much so soon";
    }
    for reason in &culprits {
        let Reason::Means(r) = *reason else { continue };
        let (unit, name) = named(strategy, instance, r);
        text += &match infeasible::missing(instance, r, &effort)? {
            Some(more) => format!("; {} {unit} more of {name} every year would do", super::amount(more)),
            None => format!("; no amount more of {name} alone would do"),
        };
    }
    Ok(Error::Infeasible(text))
}

/// Unit and name of a resource.
fn named(strategy: &Strategy, instance: &Instance, r: usize) -> (&'static str, String) {
    let name = &instance.resources[r].name;
    match r < strategy.budgets.len() {
        true => ("million USD", format!("the budget '{name}'")),
        false => ("people", format!("the talent '{name}'")),
    }
}

fn condition(strategy: &Strategy, instance: &Instance, reason: &Reason) -> String {
    match *reason {
        Reason::Must(p) => format!("programme '{}'", instance.programmes[p].name),
        Reason::Needs(p) => format!("the prerequisites of '{}'", instance.programmes[p].name),
        Reason::Means(r) => format!("no more of {} than there is", named(strategy, instance, r).1),
        Reason::Floor(i) => {
            let input = &instance.inputs[i];
            let (from, share) = input.floor.unwrap_or_default();
            format!("home capacity for {:.0} % of '{}' by {}", 100.0 * share, input.name, strategy.from + from as i32)
        }
    }
}

impl Planned {
    /// What starts, by names, for a later run to begin with.
    pub fn starts(&self) -> Vec<Earlier> {
        let programmes = self.instance.programmes.iter().zip(&self.found.plan.starts);
        let started = programmes.filter_map(|(programme, start)| {
            let (mode, year) = (*start)?;
            let mode = programme.modes[mode].name.clone();
            Some(Earlier { name: programme.name.clone(), mode, year: self.strategy.from + year as i32 })
        });
        started.collect()
    }

    /// As much work again as for the plan, for what is asked of it afterwards.
    pub fn effort<'w>(&self, watch: &'w dyn Watch) -> Effort<'w> {
        Effort::new(self.iterations, self.gap, watch)
    }

    pub fn against(&self) -> Against<'_> {
        match (self.opponent, &self.instance.adversary) {
            (Opponent::Adversary, Some(adversary)) => Against::Adversary(adversary),
            _ => Against::Outcomes(&self.instance.outcomes),
        }
    }

    /// A finding about the plan, with what was asked and how well it was answered.
    pub fn begun(&self, method: &Method, options: &Options) -> Finding {
        let mut finding = self.strategy.begun(method, options);
        finding.note(format!(
            "against {}: {} million USD, discounted; no plan costs less than {} (gap {:.2} %)",
            self.opponent.words(),
            super::amount(self.found.cost),
            super::amount(self.found.bound),
            100.0 * self.found.gap()
        ));
        if self.found.stopped {
            finding.note(format!(
                "the search ended before the gap asked for was reached, after {} iterations or when it was stopped: a better plan may exist",
                self.iterations
            ));
        }
        finding
    }
}

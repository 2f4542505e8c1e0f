#![doc = include_str!("../../../../docs/src/methods/portfolio-sensitivity.md")]

use super::evaluate;
use super::instance::{Instance, Plan};
use super::master::Against;
use super::planned::{Opponent, Planned};
use super::program::Effort;
use super::search::{Answer, Search};
use crate::Error;
use rayon::prelude::*;
use zili_world::method::{Accepts, column};
use zili_world::{Cell, Column, Finding, Method, Options, Parameter, Watch, row};

pub const CHANGE: Parameter = Parameter {
    name: "change",
    accepts: Accepts::Fraction { default: 0.2 },
    description: "what the plan hangs on: share by which each group of numbers is made smaller and larger",
};

pub static METHOD: Method = Method {
    name: "portfolio-sensitivity",
    page: include_str!("../../../../docs/src/methods/portfolio-sensitivity.md"),
    columns: &[
        column::HOME,
        Column::text("numbers", "Numbers", "which are changed: demand, penalty, cost, capacity, success, budget, talent or adversary"),
        Column::text("of", "Of", "whose: input, programme, lever, level or skill"),
        Column::musd("smaller", "If smaller", "what the best plan costs more, discounted, if they are smaller by `change`; missing if there is none, or none was found in time"),
        Column::musd("larger", "If larger", "the same if they are larger"),
        Column::musd("swing", "Swing", "distance between the two and nothing changed: what hangs on these numbers"),
        Column::musd("stuck", "Not foreseen", "what this plan, unchanged, costs more than the best one at worst of the two; missing if it is no longer possible").minor(),
        Column::integer("changed", "Changed", "programmes", "programmes and levers that only one of this plan and the best one starts, at most"),
        Column::text("which", "Which", "of these, those that start instead (+) and those that no longer do (−), by direction").result().minor(),
    ],
    parameters: super::PARAMETERS,
};

pub fn finding(planned: &Planned, options: &Options, watch: &dyn Watch) -> Result<Finding, Error> {
    let change = options.number(CHANGE.name);
    let mut finding = planned.begun(&METHOD, options);
    finding.note(format!("numbers are changed by {:.0} % each way, one group at a time", 100.0 * change));
    let levels = planned.strategy.budgets.len();
    let groups = groups(planned);
    watch.begin("numbers", groups.len() as u64);
    let of = |group: &Group| {
        // All of them together have as much work as the plan, each its part, whoever is first.
        let effort = Effort::new(planned.iterations / groups.len().max(1) as u64, planned.gap, watch);
        let [smaller, larger] =
            [1.0 - change, 1.0 + change].map(|factor| changed(planned, group, factor, levels, &effort));
        watch.next()?;
        Ok::<_, Error>((smaller?, larger?))
    };
    let found = groups.par_iter().map(of).collect::<Result<Vec<_>, Error>>()?;
    let mut rows: Vec<(f64, Vec<Cell>)> = Vec::new();
    for (group, (smaller, larger)) in groups.iter().zip(found) {
        let own = planned.found.cost;
        let [less, more] = [&smaller, &larger].map(|best| best.as_ref().map_or(f64::NAN, |best| best.cost - own));
        let swing = less.max(more).max(0.0) - less.min(more).min(0.0);
        let stuck = [&smaller, &larger].map(|best| best.as_ref().and_then(|best| best.stuck));
        let both = [("if smaller", &smaller), ("if larger", &larger)];
        let count = both.iter().filter_map(|(_, best)| Some(best.as_ref()?.changes.len())).max();
        let words = both.iter().filter_map(|(word, best)| {
            let changes = &best.as_ref()?.changes;
            (!changes.is_empty()).then(|| format!("{word}: {}", changes.join(", ")))
        });
        let cells = row![
            &planned.strategy.home.code,
            group.numbers(levels),
            group.of(&planned.instance),
            less,
            more,
            swing,
            match stuck {
                [Some(a), Some(b)] => a.max(b),
                _ => f64::NAN,
            },
            count.map_or(Cell::Missing, Cell::from),
            words.collect::<Vec<_>>().join("; "),
        ];
        rows.push((swing, cells));
    }
    // What hangs on most is first; what was not found in time is last.
    rows.sort_by(|a, b| b.0.is_finite().cmp(&a.0.is_finite()).then(b.0.total_cmp(&a.0)));
    rows.into_iter().for_each(|(_, cells)| finding.push(cells));
    Ok(finding)
}

/// Numbers that are changed together.
#[derive(Clone, Copy, Debug)]
enum Group {
    Demand(usize),
    Penalty(usize),
    Cost(usize),
    Capacity(usize),
    Success(usize),
    Means(usize),
    Adversary,
}

/// Those of a strategy; nothing where a change would change nothing.
fn groups(planned: &Planned) -> Vec<Group> {
    let instance = &planned.instance;
    let any = |values: &[f64]| values.iter().any(|value| *value > 0.0);
    let mut groups = Vec::new();
    for (i, input) in instance.inputs.iter().enumerate().filter(|(_, input)| any(&input.demand)) {
        groups.push(Group::Demand(i));
        groups.extend(any(&input.penalty).then_some(Group::Penalty(i)));
    }
    for (p, programme) in instance.programmes.iter().enumerate() {
        let modes = || programme.modes.iter();
        groups.extend(modes().any(|mode| mode.spent > 0.0).then_some(Group::Cost(p)));
        groups.extend(modes().any(|mode| !mode.delivers.is_empty()).then_some(Group::Capacity(p)));
        groups.extend(modes().any(|mode| mode.success < 1.0 && !mode.delivers.is_empty()).then_some(Group::Success(p)));
    }
    let means = instance.resources.iter().enumerate().filter(|(_, resource)| any(&resource.limit));
    groups.extend(means.map(|(r, _)| Group::Means(r)));
    groups.extend((planned.opponent == Opponent::Adversary).then_some(Group::Adversary));
    groups
}

impl Group {
    fn numbers(self, levels: usize) -> &'static str {
        match self {
            Group::Demand(_) => "demand",
            Group::Penalty(_) => "penalty",
            Group::Cost(_) => "cost",
            Group::Capacity(_) => "capacity",
            Group::Success(_) => "success",
            Group::Means(r) if r < levels => "budget",
            Group::Means(_) => "talent",
            Group::Adversary => "adversary",
        }
    }

    fn of(self, instance: &Instance) -> &str {
        match self {
            Group::Demand(i) | Group::Penalty(i) => &instance.inputs[i].name,
            Group::Cost(p) | Group::Capacity(p) | Group::Success(p) => &instance.programmes[p].name,
            Group::Means(r) => &instance.resources[r].name,
            Group::Adversary => "means",
        }
    }

    /// Multiplies its numbers in an instance; the first resources are levels' money.
    fn apply(self, instance: &mut Instance, factor: f64, levels: usize) {
        let times = |values: &mut [f64]| values.iter_mut().for_each(|value| *value *= factor);
        match self {
            Group::Demand(i) => times(&mut instance.inputs[i].demand),
            Group::Penalty(i) => times(&mut instance.inputs[i].penalty),
            Group::Cost(p) => {
                for mode in &mut instance.programmes[p].modes {
                    times(&mut mode.objective);
                    mode.spent *= factor;
                    mode.pooled.iter_mut().for_each(|(_, amount)| *amount *= factor);
                    let money = mode.uses.iter_mut().filter(|used| used.resource < levels && used.amount > 0.0);
                    money.for_each(|used| used.amount *= factor);
                }
            }
            Group::Capacity(p) => {
                let delivers = instance.programmes[p].modes.iter_mut().flat_map(|mode| &mut mode.delivers);
                delivers.for_each(|(_, units)| *units *= factor);
            }
            Group::Success(p) => {
                instance.programmes[p]
                    .modes
                    .iter_mut()
                    .for_each(|mode| mode.success = (mode.success * factor).min(1.0));
            }
            Group::Means(r) => times(&mut instance.resources[r].limit),
            Group::Adversary => {
                instance.adversary.iter_mut().for_each(|adversary| adversary.budget *= factor);
            }
        }
    }
}

/// The best plan after a change.
struct Best {
    cost: f64,
    /// What the plan of before costs more than it; none if it is no longer possible.
    stuck: Option<f64>,
    changes: Vec<String>,
}

fn changed(
    planned: &Planned,
    group: &Group,
    factor: f64,
    levels: usize,
    effort: &Effort,
) -> Result<Option<Best>, Error> {
    let mut instance = planned.instance.clone();
    group.apply(&mut instance, factor, levels);
    let adversary = instance.adversary.clone().unwrap_or_default();
    let against = match planned.opponent {
        Opponent::Adversary => Against::Adversary(&adversary),
        _ => Against::Outcomes(&instance.outcomes),
    };
    let before = &planned.found.plan;
    let Answer::Found(found) = Search::new(&instance, against).best(&[], effort, Some(before), &|_, _| {})? else {
        return Ok(None);
    };
    // Whatever is affordable before and after costs what it is worth in the changed world.
    let unchanged = super::rules::keeps(&instance, before).then(|| evaluate::cost(&instance, against, before).0);
    let cost = unchanged.map_or(found.cost, |unchanged| unchanged.min(found.cost));
    Ok(Some(Best {
        cost,
        stuck: unchanged.map(|unchanged| unchanged - cost),
        changes: if unchanged == Some(cost) { Vec::new() } else { changes(&instance, before, &found.plan) },
    }))
}

/// What only one of two plans starts.
fn changes(instance: &Instance, before: &Plan, after: &Plan) -> Vec<String> {
    let starts = before.starts.iter().zip(&after.starts).zip(&instance.programmes);
    let changes = starts.filter_map(|((before, after), programme)| match (before, after) {
        (None, Some(_)) => Some(format!("+{}", programme.name)),
        (Some(_), None) => Some(format!("−{}", programme.name)),
        _ => None,
    });
    changes.collect()
}

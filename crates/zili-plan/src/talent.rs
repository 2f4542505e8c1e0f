#![doc = include_str!("../../../docs/src/methods/talent.md")]

use crate::portfolio::compile::compile;
use crate::portfolio::instance::{Instance, Intake, Plan};
use crate::portfolio::means;
use crate::strategy::{Effect, Skill};
use crate::{Error, Strategy};
use zili_world::method::column;
use zili_world::{Column, Finding, Method, Options, row};

pub static METHOD: Method = Method {
    name: "talent",
    page: include_str!("../../../docs/src/methods/talent.md"),
    columns: &[
        column::HOME,
        Column::text("skill", "Skill", "name in the strategy"),
        Column { description: "year planned", ..column::YEAR },
        Column::integer("people", "People", "people", "at work if nothing is done"),
        Column::integer("graduates", "Graduates", "people", "who join from schools of their own accord in the year"),
        Column::integer("returnees", "Return", "people", "who come back from abroad in the year"),
        Column::integer("lost", "Lost", "people", "who are lost to other countries in the year"),
        Column::integer(
            "leave",
            "Leave",
            "people",
            "who leave the work in the year: attrition of those there the year before",
        ),
        Column::integer(
            "trained",
            "Trained",
            "people",
            "at work in addition if from the first year on as many students are taken in as there is room for",
        ),
        Column::integer(
            "won",
            "Won",
            "people",
            "at work in addition if every lever that wins people starts as early as it may",
        ),
        Column::integer(
            "more_places",
            "by places",
            "people",
            "at work in addition if levers that make room for students start as early as they may, and it is used",
        )
        .minor(),
        Column::integer(
            "needed",
            "Wanted",
            "people",
            "what all programmes would take together, each in its first mode and started as early as it may",
        ),
        Column::integer("short", "Short", "people", "wanted beyond all that there could be; 0 if there are enough"),
    ],
    parameters: &[],
};

/// People by skill and year: who comes, who goes, who can be had, and how many are wanted.
pub fn run(strategy: &Strategy, options: &Options) -> Result<Finding, Error> {
    if strategy.skills.is_empty() {
        return Err(Error::Nothing("the strategy names no [[skill]]: there is no talent to follow".to_owned()));
    }
    let instance = compile(strategy, None);
    let needed = wanted(&instance);
    let mut finding = strategy.begun(&METHOD, options);
    for (s, skill) in strategy.skills.iter().enumerate() {
        let resource = strategy.budgets.len() + s;
        let people = &instance.resources[resource].limit;
        let intake = instance.intakes.iter().find(|intake| intake.skill == resource);
        let won = won(strategy, skill);
        for year in 0..strategy.years {
            let room = |of: &dyn Fn(&Intake, usize) -> f64| {
                let taken =
                    intake.map(|intake| (0..=year).map(|t| of(intake, t) * intake.at_work(t, year)).sum::<f64>());
                taken.unwrap_or(0.0)
            };
            let trained = room(&|intake, t| intake.most[t]);
            let places = room(&|intake, t| more_places(&instance, intake, t));
            let all = people[year] + trained + won[year] + places;
            let before = year.checked_sub(1);
            finding.push(row![
                &strategy.home.code,
                &skill.name,
                strategy.from + year as i32,
                heads(people[year]),
                before.map_or(0, |_| heads(skill.graduates[year])),
                before.map_or(0, |_| heads(skill.returnees[year])),
                before.map_or(0, |_| heads(skill.lost[year])),
                before.map_or(0, |before| heads(people[before] * skill.attrition)),
                heads(trained),
                heads(won[year]),
                heads(places),
                heads(needed[resource][year]),
                heads((needed[resource][year] - all).max(0.0)),
            ]);
        }
    }
    Ok(finding)
}

/// Whole people.
fn heads(people: f64) -> usize {
    people.max(0.0).round() as usize
}

/// Students beyond today's room that levers let in, each started as early as it may.
fn more_places(instance: &Instance, intake: &Intake, year: usize) -> f64 {
    let lasting = intake.more.iter().filter(|(lever, lasts, _)| {
        let (first, last) = instance.programmes[*lever].modes[0].starts;
        first <= last && (first..first + lasts).contains(&year)
    });
    lasting.map(|(_, _, amount)| amount).sum()
}

/// People whom levers win, each started as early as it may, as many as are still there in each year.
fn won(strategy: &Strategy, skill: &Skill) -> Vec<f64> {
    let mut joining = vec![0.0; strategy.years];
    for lever in &strategy.levers {
        let first = usize::try_from(lever.starts.0 - strategy.from).unwrap_or(0);
        for effect in &lever.effects {
            let Effect::People { skill: of, amount } = effect else { continue };
            if *of == skill.name {
                joining.iter_mut().skip(first).zip(amount).for_each(|(there, amount)| *there += amount);
            }
        }
    }
    let mut there = 0.0;
    let of_year = joining.iter().map(|joining| {
        there = there * (1.0 - skill.attrition) + joining;
        there
    });
    of_year.collect()
}

/// What every programme takes, started as early as it may, whether what it needs is there or not.
fn wanted(instance: &Instance) -> Vec<Vec<f64>> {
    let start = |programme: &crate::portfolio::instance::Programme| {
        let (first, last) = programme.modes.first()?.starts;
        (first <= last).then_some((0, first))
    };
    let plan = Plan { starts: instance.programmes.iter().map(start).collect(), ..Plan::nothing(instance) };
    let balances = means::balances(instance, &plan);
    balances.iter().map(|years| years.iter().map(|year| year.used).collect()).collect()
}

#![doc = include_str!("../../../../docs/src/methods/portfolio-frontier.md")]

use super::decisions::Restriction;
use super::evaluate;
use super::instance::Plan;
use super::planned::Planned;
use super::search::{Answer, Search};
use crate::Error;
use zili_world::method::column;
use zili_world::{Cell, Column, Finding, Method, Options, Watch, row};

pub static METHOD: Method = Method {
    name: "portfolio-frontier",
    page: include_str!("../../../../docs/src/methods/portfolio-frontier.md"),
    columns: &[
        column::HOME,
        Column::text(
            "asked",
            "Asked",
            "what the plan is held to: a share of what the best plan spends, nothing (the best plan), or a self-reliance to reach",
        ),
        Column::share(
            "reliance",
            "Self-reliance",
            "home capacity up to demand in the last year, inputs weighted by what going without them would cost",
        ),
        Column::musd("spent", "Own cost", "what the plan itself costs, discounted"),
        Column::musd(
            "follows",
            "What follows",
            "what is paid for inputs and for going without, against the same opponent",
        ),
        Column::musd("saved", "Saved", "how much less follows than where nothing is started"),
        Column::musd("total", "Total", "both together: least at the best plan"),
        Column::number(
            "saves",
            "Saved per USD",
            "USD",
            "what each further USD of own cost saves of what follows, from the row before; below 1 it costs more than it saves; missing where nothing more is spent",
        ),
        Column::integer("started", "Started", "programmes", "programmes and levers started"),
        Column::text("adds", "Adds", "programmes and levers that the row before does not start").result().minor(),
    ],
    parameters: super::PARAMETERS,
};

/// Parts of the best plan's own cost, and of the way from its self-reliance to all of it.
const STEPS: usize = 5;

pub fn finding(planned: &Planned, options: &Options, watch: &dyn Watch) -> Result<Finding, Error> {
    let (instance, best) = (&planned.instance, &planned.found.plan);
    let mut finding = planned.begun(&METHOD, options);
    let (spent, reliance) = (best.cost(instance), best.reliance(instance));
    let mut search = Search::new(instance, planned.against());
    // All of them together have as long as the plan.
    let effort = planned.effort(watch);
    let mut find = |restriction| match search.best(&[restriction], &effort, Some(best), &|_, _| {})? {
        Answer::Found(found) => Ok::<_, Error>(Some(found.plan)),
        _ => Ok(None),
    };
    let mut plans: Vec<(String, Plan)> = Vec::new();
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    for k in 0..STEPS {
        let share = k as f64 / STEPS as f64;
        if let Some(plan) = find(Restriction::Spending(share * spent))? {
            plans.push((format!("spend {} at most", percent(share)), plan));
        }
    }
    plans.push(("best plan".to_owned(), best.clone()));
    for k in 1..=STEPS {
        let share = reliance + (1.0 - reliance) * k as f64 / STEPS as f64;
        if share - reliance < 1e-9 {
            break;
        }
        let Some(plan) = find(Restriction::Reliance(share))? else {
            finding.note(format!("no plan is known that reaches a self-reliance of {}", percent(share)));
            break;
        };
        plans.push((format!("reach {}", percent(share)), plan));
    }
    let without = evaluate::cost(instance, planned.against(), &Plan::nothing(instance)).0;
    let mut before: Option<(f64, f64, &Plan)> = None;
    for (asked, plan) in &plans {
        let own = plan.cost(instance);
        let follows = evaluate::cost(instance, planned.against(), plan).0 - own;
        let saves = before.map(|(spent, followed, _)| (own - spent, followed - follows));
        // Less than this is rounding.
        let saves = saves.filter(|(more, _)| *more > 1e-9 * spent.abs().max(1.0)).map(|(more, saved)| saved / more);
        let names = plan.starts.iter().zip(&instance.programmes).enumerate();
        let new = |p: usize| before.is_none_or(|(_, _, before)| before.starts[p].is_none());
        let adds =
            names.filter(|(p, (start, _))| start.is_some() && new(*p)).map(|(_, (_, programme))| &*programme.name);
        finding.push(row![
            &planned.strategy.home.code,
            asked.as_str(),
            plan.reliance(instance),
            own,
            follows,
            without - follows,
            own + follows,
            saves.map_or(Cell::Missing, Cell::from),
            plan.starts.iter().flatten().count(),
            adds.collect::<Vec<_>>().join(", "),
        ]);
        before = Some((own, follows, plan));
    }
    Ok(finding)
}

#![doc = include_str!("../../../../docs/src/methods/portfolio-attacks.md")]

use super::attack::{Attack, Attacker};
use super::evaluate;
use super::instance::{Adversary, Plan};
use super::planned::Planned;
use crate::Error;
use zili_world::method::column;
use zili_world::{Column, Finding, Method, Options, row};

pub static METHOD: Method = Method {
    name: "portfolio-attacks",
    page: include_str!("../../../../docs/src/methods/portfolio-attacks.md"),
    columns: &[
        column::HOME,
        Column::text("attack", "Attack", "worst without the plan, worst against the plan, or a single move"),
        Column::text("moves", "Moves", "names in the strategy, joined by +").result(),
        Column::number("spent", "Costs them", "the adversary's unit", "what the moves cost the adversary").minor(),
        Column::musd("own_loss", "They lose", "sales given up, a year at the first year's prices").minor(),
        Column::musd(
            "before",
            "Loss without",
            "what it costs home in all where nothing is started and nothing bought, discounted",
        ),
        Column::musd("after", "Loss with plan", "the same with the plan, whose own cost is not in it"),
        Column::share("averted", "Averted", "share of the loss that the plan averts; missing where there is none"),
    ],
    parameters: super::PARAMETERS,
};

pub fn finding(planned: &Planned, options: &Options) -> Result<Finding, Error> {
    let Some(adversary) = &planned.instance.adversary else {
        return Err(Error::Nothing("the strategy has no adversary: there are no attacks to show".to_owned()));
    };
    let mut finding = planned.begun(&METHOD, options);
    let attacker = Attacker::new(&planned.instance, adversary);
    let worst = |plan: &Plan| attacker.worst(&plan.capacity(&planned.instance, &[]), &plan.reserves(&planned.instance));
    let (nothing, chosen) = (Plan::nothing(&planned.instance), &planned.found.plan);
    let calm = [&nothing, chosen].map(|plan| evaluate::after(&planned.instance, plan, &[], [].iter()));
    let mut singles: Vec<Attack> = (0..adversary.moves.len()).map(|m| Attack { moves: vec![m], cost: 0.0 }).collect();
    let loss = |attack: &Attack, which: usize| {
        let plan = [&nothing, chosen][which];
        evaluate::after(&planned.instance, plan, &[], attack.cuts(adversary)) - calm[which]
    };
    // The most harmful move against the plan is first.
    singles.sort_by(|a, b| loss(b, 1).total_cmp(&loss(a, 1)));
    let named = [("worst without the plan", worst(&nothing)), ("worst against the plan", worst(chosen))];
    for (name, attack) in named.into_iter().chain(singles.into_iter().map(|attack| ("single move", attack))) {
        let (before, after) = (loss(&attack, 0), loss(&attack, 1));
        let sum =
            |of: fn(&super::instance::Move) -> f64| attack.moves.iter().map(|&m| of(&adversary.moves[m])).sum::<f64>();
        finding.push(row![
            &planned.strategy.home.code,
            name,
            names(adversary, &attack),
            sum(|step| step.cost),
            sum(|step| step.own_loss),
            before,
            after,
            if before > 0.0 { 1.0 - after / before } else { f64::NAN },
        ]);
    }
    Ok(finding)
}

fn names(adversary: &Adversary, attack: &Attack) -> String {
    let names: Vec<&str> = attack.moves.iter().map(|&m| adversary.moves[m].name.as_str()).collect();
    names.join(" + ")
}

#![doc = include_str!("../../../../docs/src/methods/portfolio-supply.md")]

use super::evaluate;
use super::instance::{Cut, Plan};
use super::planned::Planned;
use super::recourse::Supply;
use zili_world::method::column;
use zili_world::{Column, Finding, Method, Options, row};

pub static METHOD: Method = Method {
    name: "portfolio-supply",
    page: include_str!("../../../../docs/src/methods/portfolio-supply.md"),
    columns: &[
        column::HOME,
        Column::text("plan", "Plan", "`plan`: as planned; `none`: nothing started, nothing bought"),
        Column::text("case", "Case", "what happens: nothing, the name of a scenario, or the worst attack on this plan"),
        Column::share(
            "probability",
            "Probability",
            "of the case in the strategy; missing for the worst attack and for nothing planned against",
        )
        .minor(),
        Column::text("input", "Input", "name in the strategy"),
        Column { description: "year planned", ..column::YEAR },
        Column::number("demand", "Demand", "units", "units of the input that are wanted").minor(),
        Column::number("capacity", "Capacity", "units", "what home could make").minor(),
        Column::number("made", "Home", "units", "what home makes"),
        Column::number("imported", "Imports", "units", "what suppliers left deliver"),
        Column::number("reserve", "Reserve", "units", "what is released from the reserve"),
        Column::number("unmet", "Unmet", "units", "what is wanted and not there"),
        Column::share("self_reliance", "Self-reliance", "home capacity as a share of demand, at most 1"),
        Column::share("covered", "Covered", "share of demand that is met").minor(),
    ],
    parameters: super::PARAMETERS,
};

/// What happens in a case, and how likely it is.
struct Case {
    name: String,
    probability: f64,
    cuts: Vec<Cut>,
}

pub fn finding(planned: &Planned, options: &Options) -> Finding {
    let mut finding = planned.begun(&METHOD, options);
    let nothing = Plan::nothing(&planned.instance);
    for (name, plan) in [("plan", &planned.found.plan), ("none", &nothing)] {
        for case in cases(planned, plan) {
            let supplies = evaluate::supplies(&planned.instance, plan, &[], case.cuts.iter());
            rows(planned, plan, name, &case, &supplies, &mut finding);
        }
    }
    finding
}

/// Nothing, every scenario, and the worst attack on a plan.
fn cases(planned: &Planned, plan: &Plan) -> Vec<Case> {
    let instance = &planned.instance;
    let mut cases = vec![Case { name: "nothing".to_owned(), probability: f64::NAN, cuts: Vec::new() }];
    for outcome in &instance.outcomes {
        // With luck drawn there are several of a name.
        match cases.iter_mut().find(|case| case.name == outcome.name && case.cuts == outcome.cuts) {
            Some(case) if case.probability.is_nan() => case.probability = outcome.probability,
            Some(case) => case.probability += outcome.probability,
            None => cases.push(Case {
                name: outcome.name.clone(),
                probability: outcome.probability,
                cuts: outcome.cuts.clone(),
            }),
        }
    }
    if let Some(adversary) = &instance.adversary {
        let against = super::master::Against::Adversary(adversary);
        if let (_, Some(attack)) = evaluate::cost(instance, against, plan) {
            let cuts = attack.cuts(adversary).copied().collect();
            cases.push(Case { name: "worst attack".to_owned(), probability: f64::NAN, cuts });
        }
    }
    cases
}

fn rows(planned: &Planned, plan: &Plan, name: &str, case: &Case, supplies: &[Vec<Supply>], finding: &mut Finding) {
    let capacity = plan.capacity(&planned.instance, &[]);
    for (i, input) in planned.instance.inputs.iter().enumerate() {
        for (t, supply) in supplies[i].iter().enumerate() {
            let demand = input.demand[t];
            let share = |part: f64| if demand > 0.0 { (part / demand).min(1.0) } else { f64::NAN };
            finding.push(row![
                &planned.strategy.home.code,
                name,
                &case.name,
                case.probability,
                &input.name,
                planned.strategy.from + t as i32,
                demand,
                capacity[i][t],
                whole(supply.home, demand),
                whole(supply.links.iter().sum(), demand),
                whole(supply.reserve, demand),
                whole(supply.unmet, demand),
                share(capacity[i][t]),
                share(demand - supply.unmet),
            ]);
        }
    }
}

/// Without the crumbs that subtraction leaves.
fn whole(amount: f64, of: f64) -> f64 {
    if amount.abs() <= 1e-9 * of { 0.0 } else { amount }
}

#![doc = include_str!("../../../../docs/src/methods/portfolio-value.md")]

use super::decisions::Restriction;
use super::evaluate;
use super::instance::{Cut, Instance, Outcome, Plan};
use super::master::Against;
use super::planned::{Planned, calm};
use super::search::{Answer, Found, Search};
use crate::Error;
use zili_world::method::column;
use zili_world::{Column, Finding, Method, Options, Watch, row};

pub static METHOD: Method = Method {
    name: "portfolio-value",
    page: include_str!("../../../../docs/src/methods/portfolio-value.md"),
    columns: &[
        column::HOME,
        Column::text("measure", "Measure", "what is measured"),
        Column::musd("value", "Value", "million USD, discounted to the first year"),
        Column::musd("least", "at least", "the same, at least, as far as it is proven; missing where it is exact")
            .minor(),
        Column::text("what", "What it says", "in words").result(),
    ],
    parameters: super::PARAMETERS,
};

/// A measure in a row.
struct Line {
    measure: &'static str,
    value: f64,
    least: f64,
    what: &'static str,
}

pub fn finding(planned: &Planned, options: &Options, watch: &dyn Watch) -> Result<Finding, Error> {
    let mut finding = planned.begun(&METHOD, options);
    let instance = &planned.instance;
    let (chosen, nothing) = (&planned.found.plan, Plan::nothing(instance));
    let exact = |measure, value, what| Line { measure, value, least: f64::NAN, what };
    let total = |plan: &Plan| evaluate::cost(instance, planned.against(), plan).0;
    let mut lines = vec![
        Line {
            measure: "cost",
            value: planned.found.cost,
            least: planned.found.bound,
            what: "the plan's own cost and what follows",
        },
        exact("own cost", chosen.cost(instance), "programmes, levers, reserves, capacity and training"),
        exact("without any plan", total(&nothing), "what follows where nothing is started"),
        exact("worth of the plan", total(&nothing) - planned.found.cost, "without any plan less cost"),
    ];
    let quiet = calm(instance);
    let deterministic = solved(planned, watch, instance, Against::Outcomes(&quiet), &[])?;
    if let Some(deterministic) = deterministic {
        let in_calm = evaluate::cost(instance, Against::Outcomes(&quiet), chosen).0;
        lines.push(exact(
            "price of caution",
            in_calm - deterministic.cost,
            "what the plan costs more than the best one if nothing happens after all",
        ));
        lines.push(exact(
            "cost of not foreseeing",
            total(&deterministic.plan) - planned.found.cost,
            "what the plan made as if nothing could happen costs more, never changed",
        ));
        lines.extend(replanned(planned, watch, &deterministic.plan)?);
    }
    if let Against::Outcomes(outcomes) = planned.against()
        && outcomes.len() > 1
        && instance.weight == 0.0
    {
        lines.extend(of_scenarios(planned, watch, outcomes)?);
    }
    for line in lines {
        finding.push(row![&planned.strategy.home.code, line.measure, line.value, line.least, line.what]);
    }
    Ok(finding)
}

/// The best plan for another question with the same effort; nothing if none was found.
fn solved(
    planned: &Planned,
    watch: &dyn Watch,
    instance: &Instance,
    against: Against,
    restrictions: &[Restriction],
) -> Result<Option<Found>, Error> {
    let effort = planned.effort(watch);
    let answer = Search::new(instance, against).best(restrictions, &effort, None, &|_, _| {})?;
    Ok(match answer {
        Answer::Found(found) => Some(*found),
        _ => None,
    })
}

/// The plan made as if nothing could happen, made anew in the year in which something first can.
fn replanned(planned: &Planned, watch: &dyn Watch, deterministic: &Plan) -> Result<Option<Line>, Error> {
    let instance = &planned.instance;
    let first = instance.inputs.iter().map(|input| input.calm).min().unwrap_or(instance.years);
    if first == 0 || first >= instance.years {
        return Ok(None);
    }
    let found = solved(planned, watch, instance, planned.against(), &[Restriction::AsIn(deterministic, first)])?;
    Ok(found.map(|found| Line {
        measure: "cost of waiting",
        value: found.cost - planned.found.cost,
        least: (found.bound - planned.found.cost).max(0.0),
        what: "the same, but changed as well as it can be from the year on in which something first can happen",
    }))
}

/// What is measured of scenarios with probabilities.
///
/// ```text
/// EVPI = cost − Σ_ω π_ω (cost of the best plan that knows ω)     VSS = cost of the plan for the mean denial − cost
/// ```
fn of_scenarios(planned: &Planned, watch: &dyn Watch, outcomes: &[Outcome]) -> Result<Vec<Line>, Error> {
    let instance = &planned.instance;
    let mut knowing = 0.0;
    for outcome in outcomes {
        let alone = [Outcome { probability: 1.0, ..outcome.clone() }];
        let Some(found) = solved(planned, watch, instance, Against::Outcomes(&alone), &[])? else {
            return Ok(Vec::new());
        };
        knowing += outcome.probability * found.cost;
    }
    let mut lines = vec![Line {
        measure: "worth of knowing",
        value: planned.found.cost - knowing,
        least: (planned.found.bound - knowing).max(0.0),
        what: "expected value of perfect information (EVPI): cost less what it would be if one knew which scenario comes",
    }];
    let mean =
        [Outcome { name: "mean".to_owned(), probability: 1.0, cuts: mean_cuts(instance, outcomes), luck: Vec::new() }];
    if let Some(found) = solved(planned, watch, instance, Against::Outcomes(&mean), &[])? {
        let (cost, _) = evaluate::cost(instance, planned.against(), &found.plan);
        lines.push(Line {
            measure: "worth of scenarios",
            value: cost - planned.found.cost,
            least: f64::NAN,
            what: "value of the stochastic solution (VSS): what the plan for the mean denial costs more under the scenarios",
        });
    }
    Ok(lines)
}

/// Of every link in every year, the share that is denied on average.
fn mean_cuts(instance: &Instance, outcomes: &[Outcome]) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for (i, input) in instance.inputs.iter().enumerate() {
        let mut denied = vec![vec![0.0; instance.years]; input.links.len()];
        for outcome in outcomes {
            let of_input = outcome.cuts.iter().filter(|cut| cut.input == i);
            let left = super::recourse::left(input, instance.years, of_input);
            for (denied, left) in denied.iter_mut().flatten().zip(left.iter().flatten()) {
                *denied += outcome.probability * (1.0 - left);
            }
        }
        for (link, denied) in denied.iter().enumerate() {
            let of_years = denied.iter().enumerate().filter(|(_, share)| **share > 0.0);
            cuts.extend(of_years.map(|(t, &severity)| Cut { input: i, link, severity, from: t, until: t + 1 }));
        }
    }
    cuts
}

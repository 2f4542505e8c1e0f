//! Whether a plan keeps to the rules, looked up without a solver; and a plan rid of what does nothing.

use super::evaluate;
use super::instance::{Instance, Plan};
use super::master::Against;
use super::means::balances;

/// What a resource may be overdrawn by: the solver's tolerance on a row.
const TOLERANCE: f64 = 1e-6;

/// Whether what programmes need has ended when they start, no means are overdrawn and every floor is reached.
pub fn keeps(instance: &Instance, plan: &Plan) -> bool {
    needs(instance, plan) && means(instance, plan) && floors(instance, plan) && grows(instance, plan)
}

/// Whether no more capacity is added in a year than what is there lets grow.
fn grows(instance: &Instance, plan: &Plan) -> bool {
    let capacity = plan.capacity(instance, &[]);
    instance.inputs.iter().enumerate().all(|(i, input)| {
        let Some(expansion) = &input.expansion else { return true };
        plan.built[i].iter().enumerate().all(|(year, &units)| {
            let there = year.checked_sub(1).map_or(input.home[0], |before| capacity[i][before]);
            units <= expansion.seed + expansion.growth * there + TOLERANCE * there.max(1.0)
        })
    })
}

fn needs(instance: &Instance, plan: &Plan) -> bool {
    let ended = |q: usize, year: usize| {
        plan.starts[q].is_some_and(|(m, start)| start + instance.programmes[q].modes[m].duration <= year)
    };
    let lasting = |(other, lasts): &(usize, usize), year: usize| {
        plan.starts[*other].is_some_and(|(_, start)| (start..start + lasts).contains(&year))
    };
    let programmes = instance.programmes.iter().zip(&plan.starts).all(|(programme, start)| match *start {
        None => !programme.must,
        Some((m, year)) => {
            programme.clauses.iter().all(|clause| clause.iter().any(|&q| ended(q, year)))
                && programme.modes[m].during.iter().all(|other| lasting(other, year))
        }
    });
    let expansions = instance.inputs.iter().zip(&plan.built).all(|(input, built)| {
        let clause = input.expansion.as_ref().and_then(|expansion| expansion.clause.as_ref());
        let built = built.iter().enumerate().filter(|(_, units)| **units > TOLERANCE);
        clause.is_none_or(|clause| built.into_iter().all(|(year, _)| clause.iter().any(|&q| ended(q, year))))
    });
    let intakes = instance.intakes.iter().zip(&plan.taken_in).all(|(intake, taken)| {
        taken.iter().enumerate().all(|(year, students)| {
            let more = intake.more.iter().filter(|(p, lasts, _)| lasting(&(*p, *lasts), year));
            *students <= intake.most[year] + more.map(|more| more.2).sum::<f64>() + TOLERANCE
        })
    });
    programmes && expansions && intakes
}

fn means(instance: &Instance, plan: &Plan) -> bool {
    let balances = balances(instance, plan);
    balances.iter().flatten().all(|year| {
        let there = year.limit + year.carried;
        year.used <= there + TOLERANCE * there.abs().max(1.0)
    })
}

fn floors(instance: &Instance, plan: &Plan) -> bool {
    let capacity = plan.capacity(instance, &[]);
    instance.inputs.iter().zip(&capacity).all(|(input, capacity)| {
        input.floor.is_none_or(|(from, share)| {
            (from..instance.years).all(|year| capacity[year] >= share * input.demand[year] - TOLERANCE)
        })
    })
}

/// The plan without what it starts for nothing: it costs no more, and a reader is not told of a lever that moves nothing.
pub fn tidied(instance: &Instance, against: Against, plan: &Plan) -> Plan {
    let (cost, _) = evaluate::cost(instance, against, plan);
    let mut tidy = plan.clone();
    // What comes last may be all that something earlier was for.
    for p in (0..instance.programmes.len()).rev() {
        if tidy.starts[p].is_none() {
            continue;
        }
        let mut without = tidy.clone();
        without.starts[p] = None;
        without.split[p].fill(0.0);
        if keeps(instance, &without) && evaluate::cost(instance, against, &without).0 <= cost {
            tidy = without;
        }
    }
    tidy
}

#![doc = include_str!("../../../../docs/src/methods/portfolio-means.md")]

use super::instance::{Instance, Plan};
use super::planned::Planned;
use zili_world::method::column;
use zili_world::{Column, Finding, Method, Options, row};

pub static METHOD: Method = Method {
    name: "portfolio-means",
    page: include_str!("../../../../docs/src/methods/portfolio-means.md"),
    columns: &[
        column::HOME,
        Column::text("kind", "Kind", "money of a level, or people of a skill"),
        Column::text("means", "Of", "name of the level or skill"),
        Column { description: "year planned", ..column::YEAR },
        Column::number(
            "limit",
            "There is",
            "million USD or people",
            "what there is in the year, with what levers and training add",
        ),
        Column::number(
            "carried",
            "Carried",
            "million USD or people",
            "what is left over from the year before and still counts",
        )
        .minor(),
        Column::number("used", "Used", "million USD or people", "what the plan takes"),
        Column::share("share", "Share", "used of what there is and what is carried"),
    ],
    parameters: super::PARAMETERS,
};

pub fn finding(planned: &Planned, options: &Options) -> Finding {
    let mut finding = planned.begun(&METHOD, options);
    let balances = balances(&planned.instance, &planned.found.plan);
    for (r, (resource, balance)) in planned.instance.resources.iter().zip(&balances).enumerate() {
        let kind = if r < planned.strategy.budgets.len() { "money" } else { "people" };
        for (t, year) in balance.iter().enumerate() {
            finding.push(row![
                &planned.strategy.home.code,
                kind,
                &resource.name,
                planned.strategy.from + t as i32,
                year.limit,
                year.carried,
                year.used,
                if year.limit + year.carried > 0.0 { year.used / (year.limit + year.carried) } else { f64::NAN },
            ]);
        }
    }
    finding
}

/// A resource in a year.
#[derive(Clone, Copy, Debug, Default)]
pub struct Balance {
    pub limit: f64,
    pub carried: f64,
    pub used: f64,
}

/// What a plan takes of every resource in every year.
pub fn balances(instance: &Instance, plan: &Plan) -> Vec<Vec<Balance>> {
    let limits = instance.resources.iter().map(|resource| {
        resource.limit.iter().map(|&limit| Balance { limit, ..Balance::default() }).collect::<Vec<_>>()
    });
    let mut balances: Vec<Vec<Balance>> = limits.collect();
    let mut pooled: Vec<Vec<f64>> = vec![vec![0.0; instance.years]; instance.programmes.len()];
    for (p, (start, programme)) in plan.starts.iter().zip(&instance.programmes).enumerate() {
        let Some((mode, year)) = *start else { continue };
        let mode = &programme.modes[mode];
        for used in &mode.uses {
            let Some(balance) = balances[used.resource].get_mut(year + used.offset) else { continue };
            match used.amount < 0.0 {
                true => balance.limit -= used.amount,
                false => balance.used += used.amount,
            }
        }
        for &(offset, amount) in &mode.pooled {
            if let Some(there) = pooled[p].get_mut(year + offset) {
                *there += amount;
            }
        }
    }
    for (i, input) in instance.inputs.iter().enumerate() {
        if let Some((resource, amount)) = input.reserve.as_ref().and_then(|reserve| reserve.paid) {
            plan.reserves[i].iter().enumerate().for_each(|(t, units)| balances[resource][t].used += units * amount);
        }
        if let Some((expansion, (resource, amount))) = input.expansion.as_ref().and_then(|e| Some((e, e.paid?))) {
            let shares = plan.cost_shares(expansion, &plan.built[i]);
            for (t, (units, share)) in plan.built[i].iter().zip(shares).enumerate() {
                balances[resource][t].used += units * share * amount;
            }
        }
    }
    for (intake, taken) in instance.intakes.iter().zip(&plan.taken_in) {
        for (t, &students) in taken.iter().enumerate() {
            if let Some((resource, amount)) = intake.paid {
                balances[resource][t].used += students * amount;
            }
            for (year, balance) in balances[intake.skill].iter_mut().enumerate().skip(t) {
                balance.limit += students * intake.at_work(t, year);
            }
        }
    }
    for (p, programme) in instance.programmes.iter().enumerate() {
        let Some(cofunding) = programme.cofunding else { continue };
        for (t, (&all, &part)) in pooled[p].iter().zip(&plan.split[p]).enumerate() {
            balances[cofunding.level][t].used += part;
            balances[cofunding.beside][t].used += all - part;
        }
    }
    for (resource, balance) in instance.resources.iter().zip(&mut balances) {
        for t in 1..balance.len() {
            let left = balance[t - 1].limit + balance[t - 1].carried - balance[t - 1].used;
            balance[t].carried = resource.carry * left.max(0.0);
        }
    }
    balances
}

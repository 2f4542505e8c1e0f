//! Why nothing is possible: the fewest conditions that cannot hold together.
//!
//! Conditions are left out one after another; one without which it still cannot be done stays out. What is left cannot be done, and can as soon
//! as any one of it is given up: an irreducible set, whole numbers included (Chinneck & Dravnieks 1991, the deletion filter, on groups of rows).

use super::copies::Copies;
use super::decisions::{Decisions, Reason};
use super::instance::Instance;
use super::program::{Effort, End, Group, Program, Refused};

/// Conditions that cannot hold together; empty if they can. Where means or needs are not among them, time is what lacks.
pub fn culprits(instance: &Instance, effort: &Effort) -> Result<Vec<Reason>, Refused> {
    let mut program = Program::default();
    let mut decisions = Decisions::new(instance, &mut program);
    Copies::new(instance, &mut decisions, &mut program);
    let program = program.without_cost();
    let possible = |out: &[Group]| -> Result<bool, Refused> {
        let solution = program.without(|group| out.contains(&group)).solve(effort, None)?;
        Ok(solution.end != End::Infeasible)
    };
    let mut out: Vec<Group> = Vec::new();
    if possible(&out)? {
        return Ok(Vec::new());
    }
    let mut kept = Vec::new();
    // Means are tried last: where a budget and a prerequisite are both at fault, the budget is named.
    let order = |reason: &Reason| match reason {
        Reason::Needs(_) => 0,
        Reason::Must(_) => 1,
        Reason::Floor(_) => 2,
        Reason::Means(_) => 3,
    };
    let mut all: Vec<(usize, &Reason)> = decisions.reasons.iter().enumerate().collect();
    all.sort_by_key(|(at, reason)| (order(reason), *at));
    for (at, reason) in all {
        out.push(Group(at + 1));
        if possible(&out)? {
            out.pop();
            kept.push(reason.clone());
        }
    }
    Ok(kept)
}

/// How much more of a resource would do, in the year in which it would take most, everything else as it is; nothing if no amount would.
pub fn missing(instance: &Instance, resource: usize, effort: &Effort) -> Result<Option<f64>, Refused> {
    let mut program = Program::default();
    let more = program.column(1.0, 0.0, f64::INFINITY);
    let mut decisions = Decisions::with_more(instance, &mut program, Some((resource, more)));
    Copies::new(instance, &mut decisions, &mut program);
    let solution = program.only_cost(more).solve(effort, None)?;
    Ok((solution.end == End::Solved).then(|| solution.value(more)))
}

//! On which side of the controls each region stands, and the order of results that follows.

use zili_scenario::Control;
use zili_world::{Bloc, Classification, Column, Finding};

pub(crate) const ROLE: Column = Column::text("role", "Role", "denier, denied, denier and denied, or bystander");

pub(crate) fn role(controls: &[Control], region: &Bloc) -> &'static str {
    let denies = controls.iter().any(|c| c.by.overlaps(region));
    let denied = controls.iter().any(|c| c.against.overlaps(region));
    match (denies, denied) {
        (true, true) => "denier and denied",
        (true, false) => "denier",
        (false, true) => "denied",
        (false, false) => "bystander",
    }
}

/// Regions in the order of the result: the denied, the deniers, then bystanders; within each the largest loss first.
pub(crate) fn ranked(controls: &[Control], classification: &Classification, loss: impl Fn(usize) -> f64) -> Vec<usize> {
    let mut regions: Vec<(usize, f64, usize)> = (0..classification.regions().len())
        .map(|r| {
            let order = match role(controls, &Bloc::of_region(classification, r)) {
                "bystander" => 2,
                "denier" => 1,
                _ => 0,
            };
            (order, loss(r), r)
        })
        .collect();
    regions.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    regions.into_iter().map(|(_, _, r)| r).collect()
}

/// Writes the controls into a finding's evidence.
pub(crate) fn describe(finding: &mut Finding, controls: &[Control]) {
    for control in controls {
        finding.parameter("control", control.describe());
        [&control.by, &control.against].into_iter().filter_map(Bloc::absence).for_each(|note| finding.note(note));
    }
}

//! What models that answer region by region share: their controls, roles, the order of regions, their rows, the account of the controls.

use crate::Error;
use std::collections::BTreeSet;
use std::ops::Range;
use zili_scenario::{Carried, Control, Scenario, What, Window};
use zili_world::method::Accepts;
use zili_world::{Bloc, Classification, Column, Finding, Parameter, Params};

pub(crate) const ROLE: Column = Column::text("role", "Role", "denier, denied, denier and denied, or bystander");

pub(crate) const DETAIL: Parameter = Parameter {
    name: "detail",
    accepts: Accepts::Choice(&["regions", "sectors"]),
    description: "one row a region, or one row for each region's sectors too",
};

/// A scenario's controls that fall on the table, for a model that has nothing else to go by.
pub(crate) fn controls(scenario: &Scenario, model: &'static str) -> Result<Vec<Control>, Error> {
    match scenario.controls_on_table() {
        found if !found.is_empty() => Ok(found),
        _ if scenario.controls.is_empty() => Err(Error::NoControl(model)),
        _ => Err(Error::OnChainsOnly(model)),
    }
}

/// The rows of a region, as code, name and sectors: all sectors together, then each alone where `DETAIL` asks for it.
pub(crate) fn rows<'a>(classification: &'a Classification, params: &Params) -> Vec<(&'a str, &'a str, Range<usize>)> {
    let sectors = classification.sectors();
    let mut rows = vec![("*", "All sectors", 0..sectors.len())];
    if params.options.choice(DETAIL.name) == "sectors" {
        rows.extend(
            sectors.iter().enumerate().map(|(s, sector)| (sector.code.as_str(), sector.name.as_str(), s..s + 1)),
        );
    }
    rows
}

/// Controls without home's answer to them.
pub(crate) fn denials(controls: &[Control]) -> Vec<Control> {
    controls.iter().filter(|control| !control.retaliation).cloned().collect()
}

/// Regions on one side of some controls, ascending.
pub(crate) fn on_side(
    controls: &[Control],
    side: impl Fn(&Control) -> &Bloc,
    classification: &Classification,
) -> Result<Vec<usize>, Error> {
    let mut regions = BTreeSet::new();
    for control in controls {
        regions.extend(side(control).positions(classification)?);
    }
    Ok(regions.into_iter().collect())
}

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

/// Writes the controls into a finding's evidence, and the chains that carry some of them onto the table.
pub(crate) fn describe_carried(finding: &mut Finding, controls: &[Control], chains: &[Carried]) {
    describe(finding, controls);
    if !chains.is_empty() {
        // They do have an effect, through what is lost of the chain's product.
        finding.evidence.notes.retain(|note| !note.ends_with(NO_EFFECT));
        chains.iter().for_each(|carried| finding.parameter("chain", carried.describe()));
    }
}

const NO_EFFECT: &str = "falls on no flow of the table and has no effect here";

/// Writes the controls into a finding's evidence.
pub(crate) fn describe(finding: &mut Finding, controls: &[Control]) {
    for control in controls {
        finding.parameter("control", control.describe());
        [&control.by, &control.against].into_iter().filter_map(Bloc::absence).for_each(|note| finding.note(note));
        if matches!(control.what, What::Inputs(_) | What::Entities(_)) {
            finding.note(format!("{}: {NO_EFFECT}", control.describe()));
        }
    }
}

/// Says what a model without time or anything but controls leaves out of a scenario.
pub(crate) fn for_good(finding: &mut Finding, scenario: &Scenario, controls: &[Control]) {
    if controls.iter().any(|control| control.window != Window::ALWAYS) {
        finding.note("controls count as in full force and for good: this is a state, not the way to it");
    }
    if !scenario.disruptions.is_empty() || !scenario.responses.is_empty() || !scenario.chains.is_empty() {
        finding.note("disruptions, chains and responses of the scenario have no part here: only its controls count");
    }
}

/// Industries of some sectors in some regions.
pub(crate) fn industries(
    classification: &Classification,
    regions: impl IntoIterator<Item = usize>,
    sectors: &[usize],
) -> Vec<usize> {
    let of_region = |r: usize| sectors.iter().map(move |s| classification.industries_of(r).start + s);
    regions.into_iter().flat_map(of_region).collect()
}

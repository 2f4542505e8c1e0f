#![doc = include_str!("../../../docs/src/methods/ban.md")]

use crate::Error;
use crate::by_region::{self, DETAIL, ROLE, ranked, role, rows};
use crate::low_rank::{Denied, denied_inputs, lost_sales};
use crate::severity::Severity;
use zili_scenario::{Control, Scenario};
use zili_world::method::column;
use zili_world::{Bloc, Column, Finding, Matrix, Method, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "ban",
    page: include_str!("../../../docs/src/methods/ban.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        ROLE,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::musd("output", "Gross output", "gross output before").minor(),
        Column::musd("value_added", "Value added", "value added before").minor(),
        Column::musd(
            "denied_inputs_output",
            "Output lost, denied inputs",
            "output lost for want of the denied inputs (supply side, SHOT)",
        )
        .minor(),
        Column::musd("denied_inputs_value_added", "Loss, denied inputs", "value added lost with it"),
        Column::share("denied_inputs_share", "of value added", "denied_inputs_value_added / value_added"),
        Column::musd(
            "lost_sales_output",
            "Output lost, lost sales",
            "output lost for want of the sales given up (demand side, HOT)",
        )
        .minor(),
        Column::musd("lost_sales_value_added", "Loss, lost sales", "value added lost with it"),
        Column::share("lost_sales_share", "of value added", "lost_sales_value_added / value_added"),
    ],
    parameters: &[DETAIL],
};

/// The losses of every region, both ways, under the scenario's controls.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let controls = &by_region::controls(scenario, "a ban")?;
    let system = world.system(params.year)?;
    let denied = denied(&system, controls)?;
    let losses = Losses::of(&system, &denied)?;
    let value_added = system.value_added(params.value_added)?;
    let coefficients = system.value_added_coefficients(params.value_added)?;
    let lost_value = |loss: &[f64]| -> Vec<f64> { loss.iter().zip(&coefficients).map(|(l, c)| l * c).collect() };
    let columns = [
        system.output().to_vec(),
        value_added,
        losses.denied_inputs.clone(),
        lost_value(&losses.denied_inputs),
        losses.lost_sales.clone(),
        lost_value(&losses.lost_sales),
    ];

    let mut finding = Finding::new(&METHOD, params);
    let classification = system.classification();
    let loss = |r: usize, column: &[f64]| column[classification.industries_of(r)].iter().sum::<f64>();
    for r in ranked(controls, classification, |r| loss(r, &columns[3]).max(loss(r, &columns[5]))) {
        let region = &classification.regions()[r];
        let bloc = Bloc::of_region(classification, r);
        let first = classification.industries_of(r).start;
        for (code, name, sectors) in rows(classification, params) {
            let at = first + sectors.start..first + sectors.end;
            let v = columns.each_ref().map(|c| c[at.clone()].iter().sum::<f64>());
            let mut cells = row![params.year, region.code.as_str(), &region.name, role(controls, &bloc), code, name];
            cells.extend(row![v[0], v[1], v[2], v[3], v[3] / v[1], v[4], v[5], v[5] / v[1]]);
            finding.push(cells);
        }
    }
    describe(&mut finding, controls, &denied);
    if !scenario.disruptions.is_empty() || !scenario.responses.is_empty() || !scenario.chains.is_empty() {
        finding
            .note("a ban is without time: disruptions, chains, responses and from when controls hold are left aside");
    }
    Ok(finding)
}

fn describe(finding: &mut Finding, controls: &[Control], denied: &Denied) {
    by_region::describe(finding, controls);
    let inputs: f64 = denied.flows.as_slice().iter().sum();
    let final_use: f64 = denied.final_use.iter().sum();
    finding.parameter(
        "flows denied a year",
        format!("{inputs:.0} inputs, {final_use:.0} final use, in the unit of the table"),
    );
    finding.note(
        "static, with fixed coefficients, no substitution among origins and no stocks: for ranking, not a forecast",
    );
}

/// All controls together as one denial.
pub(crate) fn denied(system: &System, controls: &[Control]) -> Result<Denied, Error> {
    let severity = Severity::of(system, controls)?;
    let final_use = severity.final_flows(system);
    let Severity { suppliers, users, intermediate, .. } = severity;
    let z = &system.table().z;
    let flows =
        Matrix::from_fn(suppliers.len(), users.len(), |k, j| intermediate[(k, j)] * z[(suppliers[k], users[j])]);
    Ok(Denied { suppliers, users, flows, final_use })
}

/// Output lost by industry, both ways.
pub struct Losses {
    pub denied_inputs: Vec<f64>,
    pub lost_sales: Vec<f64>,
}

impl Losses {
    pub(crate) fn of(system: &System, denied: &Denied) -> Result<Self, Error> {
        let response = denied.respond(system)?;
        Ok(Self {
            denied_inputs: denied_inputs(system, &denied.users, &response.w),
            lost_sales: lost_sales(system, &denied.suppliers, &response.lost),
        })
    }

    /// Output lost by industry under some controls.
    pub fn under(system: &System, controls: &[Control]) -> Result<Self, Error> {
        Self::of(system, &denied(system, controls)?)
    }
}

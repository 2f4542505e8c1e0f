#![doc = include_str!("../../../docs/src/methods/ban.md")]

use crate::Error;
use crate::low_rank::{Denied, denied_inputs, lost_sales};
use std::collections::{BTreeMap, BTreeSet};
use zili_scenario::{Control, Denial, Scenario};
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Cell, Classification, Column, Finding, Matrix, Method, Parameter, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "ban",
    page: include_str!("../../../docs/src/methods/ban.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        Column::text("role", "Role", "denier, denied, denier and denied, or bystander"),
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
    parameters: &[Parameter {
        name: "detail",
        accepts: Accepts::Choice(&["regions", "sectors"]),
        description: "one row a region, or one row for each region's sectors too",
    }],
};

/// The losses of every region, both ways, under the scenario's controls.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let controls = scenario.controls.as_slice();
    if controls.is_empty() {
        return Err(Error::NoControl("a ban"));
    }
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
    for r in ranked(controls, &columns, classification) {
        let region = &classification.regions()[r];
        let bloc = Bloc::of_region(classification, r);
        let industries = classification.industries_of(r);
        let mut push = |code: &str, name: &str, positions: std::ops::Range<usize>| {
            let v = columns.each_ref().map(|c| positions.clone().map(|i| c[i]).sum::<f64>());
            let share = |lost: f64| if v[1] != 0.0 { lost / v[1] } else { f64::NAN };
            let mut cells: Vec<Cell> =
                row![params.year, region.code.as_str(), &region.name, role(controls, &bloc), code, name];
            cells.extend(row![v[0], v[1], v[2], v[3], share(v[3]), v[4], v[5], share(v[5])]);
            finding.push(cells);
        };
        push("*", "All sectors", industries.clone());
        if params.options.choice("detail") == "sectors" {
            for (i, sector) in industries.zip(classification.sectors()) {
                push(sector.code.as_str(), &sector.name, i..i + 1);
            }
        }
    }
    describe(&mut finding, controls, &denied);
    Ok(finding)
}

/// Regions in the order of the result: the denied, the deniers, then bystanders; within each the largest loss first.
fn ranked(controls: &[Control], columns: &[Vec<f64>; 6], classification: &Classification) -> Vec<usize> {
    let loss = |r: usize, column: &Vec<f64>| classification.industries_of(r).map(|i| column[i]).sum::<f64>();
    let mut regions: Vec<(usize, f64, usize)> = (0..classification.regions().len())
        .map(|r| {
            let order = match role(controls, &Bloc::of_region(classification, r)) {
                "bystander" => 2,
                "denier" => 1,
                _ => 0,
            };
            (order, loss(r, &columns[3]).max(loss(r, &columns[5])), r)
        })
        .collect();
    regions.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    regions.into_iter().map(|(_, _, r)| r).collect()
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

fn describe(finding: &mut Finding, controls: &[Control], denied: &Denied) {
    for control in controls {
        finding.parameter("control", control.describe());
        [&control.by, &control.against].into_iter().filter_map(Bloc::absence).for_each(|note| finding.note(note));
    }
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

/// All controls together as one denial; where two fall on the same flow the more severe holds.
pub(crate) fn denied(system: &System, controls: &[Control]) -> Result<Denied, Error> {
    let table = system.table();
    let falls: Vec<Denial> = controls.iter().map(|c| c.on(system.classification())).collect::<Result<_, _>>()?;
    let industries_of = |region: &usize| system.classification().industries_of(*region);
    let merged =
        |all: &mut dyn Iterator<Item = usize>| all.collect::<BTreeSet<_>>().into_iter().collect::<Vec<usize>>();
    let suppliers = merged(&mut falls.iter().flat_map(|d| d.suppliers.iter().copied()));
    let users = merged(&mut falls.iter().flat_map(|d| d.buyers.iter().flat_map(industries_of)));
    let position = |list: &[usize]| list.iter().enumerate().map(|(k, &i)| (i, k)).collect::<BTreeMap<usize, usize>>();
    let (row_of, column_of) = (position(&suppliers), position(&users));
    let mut severity = Matrix::zeros(suppliers.len(), users.len());
    let mut final_severity = Matrix::zeros(suppliers.len(), table.y.columns());
    for denial in &falls {
        for (k, i) in denial.suppliers.iter().enumerate() {
            for (b, buyer) in denial.buyers.iter().enumerate() {
                for j in industries_of(buyer) {
                    let cell = &mut severity[(row_of[i], column_of[&j])];
                    *cell = cell.max(denial.intermediate[(k, b)]);
                }
                for c in system.classification().final_columns_of(*buyer) {
                    let cell = &mut final_severity[(row_of[i], c)];
                    *cell = cell.max(denial.final_use[(k, b)]);
                }
            }
        }
    }
    let flows =
        Matrix::from_fn(suppliers.len(), users.len(), |k, j| severity[(k, j)] * table.z[(suppliers[k], users[j])]);
    let final_use = suppliers
        .iter()
        .enumerate()
        .map(|(k, &i)| final_severity.row(k).iter().zip(table.y.row(i)).map(|(s, y)| s * y).sum())
        .collect();
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

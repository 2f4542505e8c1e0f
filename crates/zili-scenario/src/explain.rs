//! What a scenario removes, before any model runs.

use crate::flows::{self, Denied, denied, total};
use crate::scenario::{Criticality, Disruption, Impact, Response, Stock, Unknown};
use crate::{Control, Error, Scenario, Sectors, What};
use serde::Serialize;
use zili_world::{Bloc, Classification, Matrix, Table, World};

const DAYS_A_YEAR: f64 = 365.0;

/// A scenario in words and numbers. Amounts are flows of the table's year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    pub name: String,
    pub description: String,
    pub home: String,
    pub home_name: String,
    /// Year of the table.
    pub year: i32,
    pub start: Option<String>,
    pub horizon_days: f64,
    pub step_days: f64,
    pub controls: Vec<ControlEffect>,
    pub disruptions: Vec<DisruptionEffect>,
    pub responses: Vec<ResponseEffect>,
    /// What the file says about stocks, needs, options of models and doubtful numbers.
    pub assumptions: Vec<String>,
    /// What no model of a table uses.
    pub ignored: Vec<String>,
}

/// What a control removes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ControlEffect {
    /// Who denies what to whom, how much, when.
    pub what: String,
    pub retaliation: bool,
    /// Inputs of industries denied, million USD a year at full force.
    pub inputs_musd_a_year: f64,
    /// Final use denied, million USD a year at full force.
    pub final_use_musd_a_year: f64,
    /// Whom the next ones are about: home as far as it is denied, else all who are.
    pub denied_side: String,
    /// Inputs denied to it, million USD a year at full force.
    pub side_inputs_musd_a_year: f64,
    /// Final use denied to it, million USD a year at full force.
    pub side_final_use_musd_a_year: f64,
    /// Share of its inputs of these sectors' products, home-made ones included.
    pub share_of_these_inputs: Option<f64>,
    /// Share of all its inputs.
    pub share_of_all_inputs: Option<f64>,
    /// Share of its final use of these sectors' products.
    pub share_of_this_final_use: Option<f64>,
    /// Days in force within the horizon, the ramp included.
    pub days_in_force: f64,
    /// Inputs and final use denied within the horizon, million USD in all.
    pub total_musd: f64,
}

/// What a disruption takes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisruptionEffect {
    /// What is lost, where, when.
    pub what: String,
    /// Output of the industries hit, or final use hit, million USD a year; none for damage to households.
    pub base_musd_a_year: Option<f64>,
    /// Lost of it at full size, million USD a year; negative is added. None for damage in money, whose effect depends on capital.
    pub lost_musd_a_year: Option<f64>,
    /// Damage, million USD in all.
    pub damage_musd: Option<f64>,
    /// Days at full size within the horizon.
    pub days_at_full_size: f64,
    /// How it comes back.
    pub recovery: String,
}

/// What a response is worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResponseEffect {
    /// Who does what, when.
    pub what: String,
    /// Stock built, million USD in all.
    pub stock_musd: Option<f64>,
    /// Purchases shifted or re-sourced, at most, million USD a year.
    pub shifted_musd_a_year: Option<f64>,
    /// Days in force within the horizon.
    pub days_in_force: f64,
}

/// What each entry of a scenario removes of the flows in a world's table.
pub fn explain(scenario: &Scenario, world: &World) -> Result<Explanation, Error> {
    let table = world.table(scenario.year)?;
    let mut explanation = Explanation {
        name: scenario.name.clone(),
        description: scenario.description.clone(),
        home: scenario.home.code.clone(),
        home_name: scenario.home.name.clone(),
        year: scenario.year,
        start: scenario.start.clone(),
        horizon_days: scenario.horizon,
        step_days: scenario.step,
        controls: Vec::new(),
        disruptions: Vec::new(),
        responses: Vec::new(),
        assumptions: assumptions(scenario),
        ignored: Vec::new(),
    };
    for control in &scenario.controls {
        match control.what {
            What::Inputs(_) => explanation.ignored.push(format!("{}: for models of chains", control.describe())),
            What::Entities(_) => explanation.ignored.push(format!("{}: for models of firms", control.describe())),
            _ => explanation.controls.push(control_effect(control, scenario, &table)?),
        }
    }
    for disruption in &scenario.disruptions {
        explanation.disruptions.push(disruption_effect(disruption, scenario.horizon, &table)?);
    }
    for response in &scenario.responses {
        explanation.responses.push(response_effect(response, scenario, &table)?);
    }
    Ok(explanation)
}

fn control_effect(control: &Control, scenario: &Scenario, table: &Table) -> Result<ControlEffect, Error> {
    let classification = &table.classification;
    let flows = denied(control, table)?;
    let (inputs, final_use) = total(&flows);
    let side = denied_side(control, &scenario.home)?;
    let buyers = side.positions(classification)?;
    let (own_inputs, own_final) = total_to(&flows, &buyers);
    let sectors = sectors_of(control, classification)?;
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    let these_inputs = bought(&table.z, &sectors, &buyers, classification, Classification::industries_of);
    let these_final = bought(&table.y, &sectors, &buyers, classification, Classification::final_columns_of);
    let every: Vec<usize> = (0..classification.sectors().len()).collect();
    let all_inputs = bought(&table.z, &every, &buyers, classification, Classification::industries_of);
    let days = control.window.days(scenario.horizon);
    Ok(ControlEffect {
        what: control.describe(),
        retaliation: control.retaliation,
        inputs_musd_a_year: inputs,
        final_use_musd_a_year: final_use,
        denied_side: side.code,
        side_inputs_musd_a_year: own_inputs,
        side_final_use_musd_a_year: own_final,
        share_of_these_inputs: share(own_inputs, these_inputs),
        share_of_all_inputs: share(own_inputs, all_inputs),
        share_of_this_final_use: share(own_final, these_final),
        days_in_force: days,
        total_musd: (inputs + final_use) * force(control, scenario.horizon),
    })
}

/// Years at full force within the horizon.
fn force(control: &Control, horizon: f64) -> f64 {
    control.window.mean(0.0, horizon) * horizon / DAYS_A_YEAR
}

/// What the controls of a scenario remove within its horizon, each for itself; million USD.
pub fn removed(scenario: &Scenario, table: &Table) -> Result<f64, Error> {
    let mut sum = 0.0;
    for control in &scenario.controls {
        let (inputs, final_use) = total(&denied(control, table)?);
        sum += (inputs + final_use) * force(control, scenario.horizon);
    }
    Ok(sum)
}

/// Home as far as it is denied, else all who are.
fn denied_side(control: &Control, home: &Bloc) -> Result<Bloc, Error> {
    let members: Vec<_> = home.members.iter().filter(|m| control.against.members.contains(m)).cloned().collect();
    if members.is_empty() {
        return Ok(control.against.clone());
    }
    Ok(if members.len() == home.members.len() {
        home.clone()
    } else {
        let codes: Vec<&str> = members.iter().map(|m| m.as_str()).collect();
        Bloc::new(codes.join("+"), codes.join(" + "), members)?
    })
}

fn total_to(flows: &[Denied], buyers: &[usize]) -> (f64, f64) {
    let theirs = || flows.iter().filter(|flow| buyers.contains(&flow.buyer));
    (theirs().map(|flow| flow.inputs).sum(), theirs().map(|flow| flow.final_use).sum())
}

fn sectors_of(control: &Control, classification: &Classification) -> Result<Vec<usize>, Error> {
    Ok(match &control.what {
        What::Sectors(sectors) => sectors.positions(classification)?,
        What::Products { parts, .. } => {
            Sectors::These(parts.iter().map(|part| part.sector.clone()).collect()).positions(classification)?
        }
        What::Inputs(_) | What::Entities(_) => Vec::new(),
    })
}

/// Purchases of some sectors' products by some regions, from everywhere; million USD a year.
fn bought(
    matrix: &Matrix,
    sectors: &[usize],
    buyers: &[usize],
    classification: &Classification,
    columns: fn(&Classification, usize) -> std::ops::Range<usize>,
) -> f64 {
    let regions = 0..classification.regions().len();
    let suppliers = regions.flat_map(|r| sectors.iter().map(move |s| (r, s)));
    let suppliers = suppliers.map(|(r, s)| classification.industries_of(r).start + s);
    suppliers.map(|i| buyers.iter().map(|&b| flows::sum(matrix, i, columns(classification, b))).sum::<f64>()).sum()
}

fn disruption_effect(disruption: &Disruption, horizon: f64, table: &Table) -> Result<DisruptionEffect, Error> {
    let classification = &table.classification;
    let (at, sectors) = (disruption.at.positions(classification)?, disruption.sectors.positions(classification)?);
    let industries = at.iter().flat_map(|&r| sectors.iter().map(move |&s| (r, s)));
    let output: f64 = industries.map(|(r, s)| table.output()[classification.industries_of(r).start + s]).sum();
    let (base, lost, damage) = match disruption.impact {
        Impact::Capacity(share) | Impact::Labour(share) | Impact::Capital(share) => {
            (Some(output), Some(share * output), None)
        }
        Impact::Damage(musd) => (Some(output), None, Some(musd)),
        Impact::HouseholdDamage(musd) => (None, None, Some(musd)),
        Impact::Demand(share) => {
            let final_use = bought(&table.y, &sectors, &at, classification, Classification::final_columns_of);
            (Some(final_use), Some(share * final_use), None)
        }
    };
    let full = (disruption.from + disruption.lasts).min(horizon) - disruption.from;
    Ok(DisruptionEffect {
        what: disruption.describe(),
        base_musd_a_year: base,
        lost_musd_a_year: lost,
        damage_musd: damage,
        days_at_full_size: full.max(0.0),
        recovery: disruption.recovery.describe(),
    })
}

fn response_effect(response: &Response, scenario: &Scenario, table: &Table) -> Result<ResponseEffect, Error> {
    let classification = &table.classification;
    let (stock, shifted, days) = match response {
        Response::Stockpile { at, sectors, days, from, .. } => {
            (Some(used(at, sectors, table)? * days / DAYS_A_YEAR), None, scenario.horizon - from)
        }
        Response::Procurement { at, sectors, categories, share, window } => {
            let foreign = foreign_final_use(at, sectors, categories, table)?;
            (None, Some(share * foreign), window.days(scenario.horizon))
        }
        Response::Diversification { at, sectors, share, window, .. } => {
            let positions = sectors.positions(classification)?;
            let buyers = at.positions(classification)?;
            let width = classification.sectors().len();
            let mut lost = 0.0;
            for control in scenario.controls.iter().filter(|control| control.against.overlaps(at)) {
                let mut flows = denied(control, table)?;
                flows.retain(|flow| positions.contains(&(flow.supplier % width)));
                let (inputs, final_use) = total_to(&flows, &buyers);
                lost += inputs + final_use;
            }
            (None, Some(share * lost), window.days(scenario.horizon))
        }
    };
    Ok(ResponseEffect {
        what: response.describe(),
        stock_musd: stock,
        shifted_musd_a_year: shifted,
        days_in_force: days,
    })
}

/// Use by `at`'s industries of some sectors' products, wherever made, as inputs; million USD a year.
pub(crate) fn used(at: &Bloc, sectors: &Sectors, table: &Table) -> Result<f64, Error> {
    let classification = &table.classification;
    let (buyers, positions) = (at.positions(classification)?, sectors.positions(classification)?);
    Ok(bought(&table.z, &positions, &buyers, classification, Classification::industries_of))
}

/// Final use by `at` of products made elsewhere, in some categories (all if none is named); million USD a year.
pub(crate) fn foreign_final_use(
    at: &Bloc,
    sectors: &Sectors,
    categories: &[String],
    table: &Table,
) -> Result<f64, Error> {
    let classification = &table.classification;
    let home = at.positions(classification)?;
    let wanted: Vec<usize> = (0..classification.categories().len())
        .filter(|&c| categories.is_empty() || categories.contains(&classification.categories()[c].code))
        .collect();
    let columns: Vec<usize> = home
        .iter()
        .flat_map(|&r| wanted.iter().map(move |c| (r, c)))
        .map(|(r, c)| classification.final_columns_of(r).start + c)
        .collect();
    let sectors = sectors.positions(classification)?;
    let abroad = (0..classification.regions().len()).filter(|r| !home.contains(r));
    let suppliers = abroad.flat_map(|r| sectors.iter().map(move |s| (r, s)));
    Ok(suppliers
        .map(|(r, s)| table.y.row(classification.industries_of(r).start + s))
        .map(|row| columns.iter().map(|&c| row[c]).sum::<f64>())
        .sum())
}

fn assumptions(scenario: &Scenario) -> Vec<String> {
    let mut said = Vec::new();
    said.extend(scenario.chains.iter().map(|carried| format!("carried onto the table: {}", carried.describe())));
    said.extend(scenario.stocks.iter().map(Stock::describe));
    said.extend(scenario.criticality.iter().map(Criticality::describe));
    for (model, options) in &scenario.settings {
        said.extend(options.iter().map(|(option, value)| format!("option of {model}: {option} = {value}")));
    }
    for doubt in &scenario.uncertain {
        let what = match &doubt.what {
            Unknown::Severity(k) => {
                let sides = scenario.controls.get(*k).map(|c| format!(" ({} → {})", c.by.code, c.against.code));
                format!("severity of control {}{}", k + 1, sides.unwrap_or_default())
            }
            Unknown::Setting { model, option } => format!("{model}.{option}"),
        };
        let mode = doubt.mode.map(|mode| format!(", most likely {mode}")).unwrap_or_default();
        said.push(format!("not known for sure: {what}, between {} and {}{mode}", doubt.low, doubt.high));
    }
    said
}

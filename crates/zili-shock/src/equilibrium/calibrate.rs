//! From a table to shares, and from controls to what is left of flows.

use super::economy::{Deficits, Economy, Shock};
use super::solve::{Closure, Failed, solve};
use crate::Error;
use zili_scenario::Control;
use zili_world::{Classification, Table};

/// An economy made of a table, and what had to be done to the table for it.
pub struct Calibrated {
    pub economy: Economy,
    /// By use, what each region buys of each sector from each origin, million USD; [(j·N + n)·N + i]. Inputs first, final use second.
    pub flows: [Vec<f64>; 2],
    pub notes: Vec<String>,
}

/// Value added of an industry whose inputs cost as much as it sells, as a share of its sales.
const LEAST_ADDED: f64 = 0.01;

/// Shares of a table's year; inputs and final use together or `apart`. Its flows carry no tariffs.
///
/// Flows below zero count as none. An industry whose inputs cost more than it sells is given a value added of 1 % of its sales. Both are said, and
/// what they leave open is closed by an equilibrium without any shock.
pub fn calibrate(table: &Table, elasticity: Vec<f64>, apart: bool, tolerance: f64) -> Result<Calibrated, Error> {
    let classification = &table.classification;
    let (regions, sectors) = (classification.regions().len(), classification.sectors().len());
    let mut notes = below_zero(table);
    let flows = flows(table);
    let at = |j: usize, n: usize, i: usize| (j * regions + n) * regions + i;
    let sum = |u: usize, n: usize, j: usize| flows[u][at(j, n, 0)..at(j, n, 0) + regions].iter().sum::<f64>();
    let cells = || (0..regions).flat_map(|n| (0..sectors).map(move |j| (n, j)));
    let spending: [Vec<f64>; 2] = [0, 1].map(|u| cells().map(|(n, j)| sum(u, n, j)).collect());
    let sold = |n: usize, j: usize| -> f64 {
        (0..regions).map(|importer| flows[0][at(j, importer, n)] + flows[1][at(j, importer, n)]).sum()
    };
    let output: Vec<f64> = cells().map(|(n, j)| sold(n, j)).collect();

    let mut inputs = vec![0.0; regions * sectors * sectors];
    for origin in 0..regions * sectors {
        let k = origin % sectors;
        for (user, flow) in table.z.row(origin).iter().enumerate() {
            inputs[(user / sectors * sectors + k) * sectors + user % sectors] += flow.max(0.0);
        }
    }
    let used: Vec<f64> =
        cells().map(|(n, j)| (0..sectors).map(|k| inputs[(n * sectors + k) * sectors + j]).sum()).collect();
    let (added, starved) = added_shares(classification, &output, &used);
    notes.extend(starved);
    for (n, j) in cells() {
        let (share, used) = (added[n * sectors + j], used[n * sectors + j]);
        let at = |k: usize| (n * sectors + k) * sectors + j;
        (0..sectors).for_each(|k| inputs[at(k)] *= if used > 0.0 { (1.0 - share) / used } else { 0.0 });
    }
    let final_spending = |n: usize| spending[1][n * sectors..(n + 1) * sectors].iter().sum::<f64>();
    let without: Vec<&str> =
        (0..regions).filter(|&n| final_spending(n) <= 0.0).map(|n| classification.regions()[n].code.as_str()).collect();
    if !without.is_empty() {
        return Err(Error::NoEquilibrium(format!("nothing is made or used in {}", without.join(", "))));
    }
    let consumption = cells().map(|(n, j)| spending[1][n * sectors + j] / final_spending(n)).collect();
    let value_added: Vec<f64> = (0..regions)
        .map(|n| (n * sectors..(n + 1) * sectors).map(|industry| added[industry] * output[industry]).sum())
        .collect();
    let spare: Vec<f64> = (0..regions).map(|n| final_spending(n) - value_added[n]).collect();
    // Deficits add up to nothing, but for the value added given to industries that had none.
    let (open, world): (f64, f64) = (spare.iter().sum(), value_added.iter().sum());
    let deficits = spare.iter().zip(&value_added).map(|(spare, added)| spare - open * added / world).collect();
    let (shares, spending) = match apart {
        true => (flows.iter().map(|flows| shares(flows, regions)).collect(), spending.to_vec()),
        false => {
            let all: Vec<f64> = flows[0].iter().zip(&flows[1]).map(|(inputs, finally)| inputs + finally).collect();
            (vec![shares(&all, regions)], vec![spending[0].iter().zip(&spending[1]).map(|(a, b)| a + b).collect()])
        }
    };
    let economy = Economy {
        regions,
        sectors,
        elasticity,
        shares,
        tariffs: vec![1.0; sectors * regions * regions],
        inputs,
        added,
        consumption,
        value_added,
        deficits,
        spending,
    };
    let closure = Closure { deficits: Deficits::Held, tolerance };
    let unchanged = economy.unchanged();
    let base = solve(&economy, &unchanged, closure).map_err(refused(classification))?;
    let economy = economy.at(&base, &unchanged.tariffs);
    Ok(Calibrated { economy, flows, notes })
}

/// Share denied of what each region buys of each sector from each origin, as inputs and finally; where several controls fall on one, the most severe.
pub(crate) fn denied(controls: &[Control], classification: &Classification) -> Result<[Vec<f64>; 2], Error> {
    let (regions, sectors) = (classification.regions().len(), classification.sectors().len());
    let mut denied = [0, 1].map(|_| vec![0.0_f64; sectors * regions * regions]);
    for control in controls {
        let falls = control.on(classification)?;
        for (k, &origin) in falls.suppliers.iter().enumerate() {
            for (b, &buyer) in falls.buyers.iter().enumerate() {
                let at = (origin % sectors * regions + buyer) * regions + origin / sectors;
                denied[0][at] = denied[0][at].max(falls.intermediate[(k, b)]);
                denied[1][at] = denied[1][at].max(falls.final_use[(k, b)]);
            }
        }
    }
    Ok(denied)
}

/// What each region buys of each sector from each origin as inputs and finally, [(j·N + n)·N + i]; flows below zero count as none.
pub(crate) fn flows(table: &Table) -> [Vec<f64>; 2] {
    let classification = &table.classification;
    let (regions, sectors) = (classification.regions().len(), classification.sectors().len());
    let mut flows = [0, 1].map(|_| vec![0.0; sectors * regions * regions]);
    for origin in 0..regions * sectors {
        let (i, j) = (origin / sectors, origin % sectors);
        for n in 0..regions {
            let at = (j * regions + n) * regions + i;
            let inputs = &table.z.row(origin)[classification.industries_of(n)];
            flows[0][at] = inputs.iter().map(|flow| flow.max(0.0)).sum();
            flows[1][at] = table.y.row(origin)[classification.final_columns_of(n)].iter().sum::<f64>().max(0.0);
        }
    }
    flows
}

/// Shares of value added in the costs of industries, given what they sell and what their inputs cost; and those that had to be given one.
pub(crate) fn added_shares(
    classification: &Classification,
    output: &[f64],
    used: &[f64],
) -> (Vec<f64>, Option<String>) {
    let mut starved = Vec::new();
    let mut share = |(i, (&made, &used)): (usize, (&f64, &f64))| {
        let share = if made > 0.0 { 1.0 - used / made } else { 1.0 };
        if share < LEAST_ADDED && made > 0.0 {
            starved.push(format!("{} ({made:.0} million USD)", classification.industry_label(i)));
        }
        share.max(LEAST_ADDED)
    };
    let shares = output.iter().zip(used).enumerate().map(&mut share).collect();
    let said = format!("value added taken to be 1 % of sales, inputs cost as much or more: {}", starved.join(", "));
    (shares, (!starved.is_empty()).then_some(said))
}

/// Says what a model leaves out that takes flows below zero for none.
pub(crate) fn below_zero(table: &Table) -> Vec<String> {
    let classification = &table.classification;
    let of_origin = |origin: usize| -> f64 {
        let inputs: f64 = table.z.row(origin).iter().map(|flow| flow.min(0.0)).sum();
        let columns = (0..classification.regions().len()).map(|n| classification.final_columns_of(n));
        inputs + columns.map(|columns| table.y.row(origin)[columns].iter().sum::<f64>().min(0.0)).sum::<f64>()
    };
    let below: f64 = (0..table.z.rows()).map(of_origin).sum();
    let said = format!("flows below zero count as none: {below:.0} million USD in all");
    (below < 0.0).then_some(said).into_iter().collect()
}

fn shares(flows: &[f64], regions: usize) -> Vec<f64> {
    let mut shares = flows.to_vec();
    for row in shares.chunks_mut(regions) {
        let total: f64 = row.iter().sum();
        row.iter_mut().filter(|_| total > 0.0).for_each(|share| *share /= total);
    }
    shares
}

impl Calibrated {
    /// What controls in full force leave of each flow at unchanged prices, 1 − severity.
    pub fn shock(&self, controls: &[Control], classification: &Classification) -> Result<Shock, Error> {
        let denied = denied(controls, classification)?;
        let mut shock = self.economy.unchanged();
        match shock.left.as_mut_slice() {
            [all] => {
                for (at, left) in all.iter_mut().enumerate() {
                    let (inputs, finally) = (self.flows[0][at], self.flows[1][at]);
                    // Exactly nothing is left of what is denied in full.
                    *left = match (denied[0][at], denied[1][at]) {
                        (a, b) if a == b => 1.0 - a,
                        (a, b) if inputs + finally > 0.0 => {
                            (inputs * (1.0 - a) + finally * (1.0 - b)) / (inputs + finally)
                        }
                        _ => 1.0,
                    };
                }
            }
            apart => {
                for (left, denied) in apart.iter_mut().zip(&denied) {
                    left.iter_mut().zip(denied).for_each(|(left, denied)| *left = 1.0 - denied);
                }
            }
        }
        Ok(shock)
    }
}

/// Why there is no equilibrium, with the codes of a table.
pub fn refused(classification: &Classification) -> impl Fn(Failed) -> Error {
    let (regions, sectors) = (classification.regions(), classification.sectors());
    |failed| failed.said(&|n| regions[n].code.as_str(), &|j| sectors[j].code.as_str())
}

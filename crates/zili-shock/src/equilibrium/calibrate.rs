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
    let mut notes = Vec::new();
    let flows = flows(table);
    let below = below_zero(table);
    if below < 0.0 {
        notes.push(format!("flows below zero count as none: {below:.0} million USD in all"));
    }
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
    let mut added = vec![1.0; regions * sectors];
    let mut starved = Vec::new();
    for (n, j) in cells() {
        let at = |k: usize| (n * sectors + k) * sectors + j;
        let (made, used) = (output[n * sectors + j], (0..sectors).map(|k| inputs[at(k)]).sum::<f64>());
        let share = if made > 0.0 { 1.0 - used / made } else { 1.0 };
        if share < LEAST_ADDED && made > 0.0 {
            starved.push(format!("{} ({made:.0} million USD)", classification.industry_label(n * sectors + j)));
        }
        let share = share.max(LEAST_ADDED);
        added[n * sectors + j] = share;
        (0..sectors).for_each(|k| inputs[at(k)] *= if used > 0.0 { (1.0 - share) / used } else { 0.0 });
    }
    if !starved.is_empty() {
        notes
            .push(format!("value added taken to be 1 % of sales, inputs cost as much or more: {}", starved.join(", ")));
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
    let base = solve(&economy, &unchanged, closure).map_err(|failed| refused(&failed, classification))?;
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

/// All that [`flows`] leaves out.
fn below_zero(table: &Table) -> f64 {
    let classification = &table.classification;
    let of_origin = |origin: usize| -> f64 {
        let inputs: f64 = table.z.row(origin).iter().map(|flow| flow.min(0.0)).sum();
        let columns = (0..classification.regions().len()).map(|n| classification.final_columns_of(n));
        inputs + columns.map(|columns| table.y.row(origin)[columns].iter().sum::<f64>().min(0.0)).sum::<f64>()
    };
    (0..table.z.rows()).map(of_origin).sum()
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

/// Why there is no equilibrium, in words.
pub fn refused(failed: &Failed, classification: &Classification) -> Error {
    let (regions, sectors) = (classification.regions(), classification.sectors());
    Error::NoEquilibrium(match failed {
        Failed::Nobody(places) => {
            const NAMED: usize = 8;
            let named = places.iter().take(NAMED).map(|&(n, j)| format!("{} in {}", sectors[j].code, regions[n].code));
            let more = if places.len() > NAMED { format!(" and {} more", places.len() - NAMED) } else { String::new() };
            format!(
                "nobody is left who could supply {}{more}; what was used of it cannot be done without here. Deny less than all, or fewer sectors",
                named.collect::<Vec<_>>().join(", ")
            )
        }
        Failed::Cut(cut) => format!(
            "{} can no longer trade as its deficit or surplus of before asks for; play it with --set deficits=closed",
            cut.iter().map(|&n| regions[n].code.as_str()).collect::<Vec<_>>().join(", ")
        ),
        Failed::Rounds { rounds, region, gap } => format!(
            "not found in {rounds} rounds: in {} labour demanded and supplied are still {:.1e} apart (logarithm); allow more with --set tolerance=NUMBER, or deny less",
            regions[*region].code, gap
        ),
    })
}

//! Final use as disruptions of demand and procurement leave it, for models without time.

use crate::Error;
use crate::by_region::industries;
use zili_scenario::{Impact, Response, Scenario};
use zili_world::{Classification, System};

/// Change of final use by supplying industry; none if the scenario changes no demand.
pub(crate) fn change(system: &System, scenario: &Scenario) -> Result<Option<Vec<f64>>, Error> {
    let before = &system.table().y;
    let mut y = before.clone();
    let classification = system.classification();
    let mut any = false;
    for disruption in &scenario.disruptions {
        if let Impact::Demand(share) = disruption.impact {
            let columns = disruption.at.final_columns(classification)?;
            let everywhere = 0..classification.regions().len();
            for i in industries(classification, everywhere, &disruption.sectors.positions(classification)?) {
                columns.iter().for_each(|&c| y[(i, c)] *= 1.0 - share);
            }
            any = true;
        }
    }
    for response in &scenario.responses {
        if let Response::Procurement { at, sectors, categories, share, .. } = response {
            let chosen = chosen(classification, categories)?;
            let home = at.positions(classification)?;
            let industry = |r: usize, p: usize| classification.industries_of(r).start + p;
            let columns: Vec<usize> = home
                .iter()
                .flat_map(|&r| chosen.iter().map(move |c| (r, c)))
                .map(|(r, c)| classification.final_columns_of(r).start + c)
                .collect();
            for p in sectors.positions(classification)? {
                for &c in &columns {
                    let regions = 0..classification.regions().len();
                    let mut bought: Vec<f64> = regions.map(|r| y[(industry(r, p), c)]).collect();
                    bring_home(&mut bought, &home, |_| *share, |r| system.output()[industry(r, p)]);
                    bought.iter().enumerate().for_each(|(r, after)| y[(industry(r, p), c)] = *after);
                }
            }
            any = true;
        }
    }
    let changed = y.row_sums().iter().zip(before.row_sums()).map(|(after, before)| after - before).collect();
    Ok(any.then_some(changed))
}

/// Procurement: moves a share of what final users buy of one product abroad to home's own makers of it.
///
/// `bought` is by supplying region, negative cells (falling inventories) untouched; `share` is that of each of them. Home's makers get it
/// by what is bought of them already, else by their output. Who makes nothing cannot begin to: with no maker at home nothing moves.
pub(crate) fn bring_home(
    bought: &mut [f64],
    home: &[usize],
    share: impl Fn(usize) -> f64,
    output: impl Fn(usize) -> f64,
) {
    let makers: Vec<usize> = home.iter().copied().filter(|&r| output(r) > 0.0).collect();
    if makers.is_empty() {
        return;
    }
    let mut moved = 0.0;
    for r in (0..bought.len()).filter(|r| !home.contains(r)) {
        let shift = share(r) * bought[r].max(0.0);
        bought[r] -= shift;
        moved += shift;
    }
    let own: f64 = makers.iter().map(|&r| bought[r].max(0.0)).sum();
    let made: f64 = makers.iter().map(|&r| output(r)).sum();
    for &r in &makers {
        bought[r] += moved * if own > 0.0 { bought[r].max(0.0) / own } else { output(r) / made };
    }
}

/// Positions of final-use categories by code; all if none is named.
fn chosen(classification: &Classification, codes: &[String]) -> Result<Vec<usize>, Error> {
    let known: Vec<String> = classification.categories().iter().map(|c| c.code.clone()).collect();
    if codes.is_empty() {
        return Ok((0..known.len()).collect());
    }
    let position = |code: &String| {
        let unknown =
            || zili_world::Error::unknown("final-use category", code, known.iter().map(String::as_str), &known);
        known.iter().position(|k| k == code).ok_or_else(unknown)
    };
    Ok(codes.iter().map(position).collect::<Result<_, _>>()?)
}

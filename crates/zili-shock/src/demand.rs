//! Final use as disruptions of demand and procurement leave it, for models without time.

use crate::Error;
use crate::by_region::industries;
use zili_scenario::{Impact, Response, Scenario};
use zili_world::{Bloc, Classification, Matrix, System};

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
            let sectors = sectors.positions(classification)?;
            for region in at.positions(classification)? {
                let columns = chosen.iter().map(|c| classification.final_columns_of(region).start + c);
                columns.for_each(|c| procure(system, at, region, &sectors, c, *share, &mut y));
            }
            any = true;
        }
    }
    let changed = y.row_sums().iter().zip(before.row_sums()).map(|(after, before)| after - before).collect();
    Ok(any.then_some(changed))
}

/// Moves a share of one column's purchases from outside a bloc to the region's own industries, where it has them.
fn procure(system: &System, at: &Bloc, region: usize, sectors: &[usize], column: usize, share: f64, y: &mut Matrix) {
    let classification = system.classification();
    let first = classification.industries_of(region).start;
    for i in industries(classification, 0..classification.regions().len(), sectors) {
        let home = first + i % classification.sectors().len();
        let foreign = !at.members.contains(&classification.region_of(i).code);
        if foreign && y[(i, column)] > 0.0 && system.output()[home] > 0.0 {
            let moved = share * y[(i, column)];
            y[(i, column)] -= moved;
            y[(home, column)] += moved;
        }
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

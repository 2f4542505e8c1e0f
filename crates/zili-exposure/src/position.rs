#![doc = include_str!("../../../docs/src/methods/position.md")]

use crate::multipliers::ghosh_row_sums;
use zili_world::method::column;
use zili_world::{Column, Error, Finding, Method, Params, World, row};

pub static METHOD: Method = Method {
    name: "position",
    page: include_str!("../../../docs/src/methods/position.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::REGION,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::number(
            "upstreamness",
            "Upstreamness",
            "stages, ≥ 1",
            "average number of stages from the industry to final use",
        ),
        Column::number(
            "downstreamness",
            "Downstreamness",
            "stages, ≥ 1",
            "average number of stages from primary inputs to the industry",
        ),
    ],
    parameters: &[],
};

/// Upstreamness and downstreamness of home's industries.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let classification = system.classification();
    let upstreamness = ghosh_row_sums(&system);
    let downstreamness = system.output_multipliers();
    let mut finding = Finding::new(&METHOD, params);
    for i in params.home.industries(classification)? {
        let sector = classification.sector_of(i);
        let region = classification.region_of(i);
        finding.push(row![
            params.year,
            &params.home.code,
            region.code.as_str(),
            sector.code.as_str(),
            &sector.name,
            upstreamness[i],
            downstreamness[i],
        ]);
    }
    Ok(finding)
}

#![doc = include_str!("../../../../docs/src/methods/inventory-paths.md")]

use super::record::{Detail, Record};
use super::stage::Stage;
use crate::{Error, Together};
use zili_scenario::Scenario;
use zili_world::method::column;
use zili_world::{Column, Finding, Method, Params, Watch, World, row};

pub static METHOD: Method = Method {
    name: "inventory-paths",
    page: include_str!("../../../../docs/src/methods/inventory-paths.md"),
    columns: &[
        Column::day("day", "Day", "day on which the step begins, from the start of the scenario").key(),
        column::REGION,
        column::REGION_NAME,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::share("production_share", "Production", "production as a share of the usual"),
        Column::number("production", "Production a day", "million USD a day", "output made"),
        Column::number("value_added", "Value added a day", "million USD a day", "value added earned").minor(),
        Column::number("capacity", "Capacity", "million USD a day", "most that could be made").minor(),
        Column::number("intermediate_demand", "Orders of inputs", "million USD a day", "orders from industries")
            .minor(),
        Column::number("final_demand", "Final demand", "million USD a day", "demand of final users").minor(),
        Column::number("rebuild_demand", "Rebuilding", "million USD a day", "reconstruction ordered").minor(),
        Column::number("rebuild_delivered", "Rebuilt", "million USD a day", "reconstruction delivered").minor(),
        Column::number(
            "final_undelivered",
            "Final demand not delivered",
            "million USD a day",
            "final demand for the products of the region or industry that is not delivered",
        )
        .minor(),
        Column::number(
            "final_unmet",
            "Final demand unmet",
            "million USD a day",
            "final demand of the region's users, for all products or the sector's, that is not met",
        ),
        Column::share(
            "overproduction",
            "Capacity stretched",
            "factor by which capacity is stretched, weighted by output",
        )
        .minor(),
        Column::share("stock_share", "Stocks", "input stocks as a share of the stocks at the start"),
        Column::number("capital_lost", "Capital lost", "million USD", "productive capital not yet restored").minor(),
    ],
    parameters: super::PARAMETERS,
};

/// The path of every region, or of every industry as the option `detail` says.
pub fn run(world: &World, scenario: &Scenario, params: &Params, watch: &dyn Watch) -> Result<Finding, Error> {
    let stage = Stage::new(world, scenario, params)?;
    watch.begin("steps", scenario.steps() as u64);
    let record = stage.play_one(scenario, params, detail(params), watch)?;
    paths(&stage, scenario, params, &record)
}

pub static TOGETHER: Together =
    Together { run: |world, posed, watch| super::together(world, posed, watch, detail, paths), ..super::TOGETHER };

/// What to follow for the option `detail`.
pub fn detail(params: &Params) -> Detail {
    if params.options.choice("detail") == "regions" { Detail::Regions } else { Detail::Industries }
}

/// The paths of a run as a finding: step by step, followed places in the table's order.
pub fn paths(stage: &Stage, scenario: &Scenario, params: &Params, record: &Record) -> Result<Finding, Error> {
    let classification = stage.classification();
    let mut finding = Finding::new(&METHOD, params);
    let day = 1.0 / record.step;
    for (t, points) in record.points.chunks_exact(record.followed.len().max(1)).enumerate() {
        for (&place, point) in record.followed.iter().zip(points) {
            let (region, sector, usual) = match record.detail {
                Detail::Industries => {
                    let sector = classification.sector_of(place);
                    let named = (sector.code.as_str(), sector.name.as_str());
                    (classification.region_of(place), named, record.before[place])
                }
                _ => {
                    let usual = classification.industries_of(place).map(|i| record.before[i]).sum();
                    (&classification.regions()[place], ("*", "All sectors"), usual)
                }
            };
            let share = if usual > 0.0 { point.production / usual } else { f64::NAN };
            finding.push(row![
                t as f64 * record.step,
                region.code.as_str(),
                &region.name,
                sector.0,
                sector.1,
                share,
                point.production * day,
                point.value_added * day,
                point.capacity * day,
                point.intermediate_demand * day,
                point.final_demand * day,
                point.rebuild_demand * day,
                point.rebuild_delivered * day,
                point.final_undelivered * day,
                point.final_unmet * day,
                point.overproduction,
                point.stock,
                point.capital_lost,
            ]);
        }
    }
    stage.describe(&mut finding, scenario, params, record)?;
    Ok(finding)
}

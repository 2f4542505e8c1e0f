#![doc = include_str!("../../../../docs/src/methods/inventory-bottlenecks.md")]

use super::record::{Cause, Detail, Record};
use super::stage::Stage;
use crate::{Error, Together};
use zili_scenario::Scenario;
use zili_world::method::column;
use zili_world::{Column, Finding, Method, Params, Watch, World, row};

pub static METHOD: Method = Method {
    name: "inventory-bottlenecks",
    page: include_str!("../../../../docs/src/methods/inventory-bottlenecks.md"),
    columns: &[
        Column::day("from_day", "From day", "day on which the spell begins"),
        Column::day("to_day", "To day", "day on which it is over, or the horizon"),
        column::REGION,
        column::REGION_NAME,
        column::SECTOR.minor(),
        column::SECTOR_NAME,
        Column::text("cause", "Cause", "what held production back: input, inputs as a whole, or capacity").minor(),
        Column::text("input", "Input", "code of the sector whose product was short").minor(),
        Column::text("input_name", "Want of", "its name"),
        Column::text("short_from", "From", "region whose deliveries of it fell short most, when it was worst"),
        Column::musd("loss", "Output lost", "output lost in the spell"),
        Column::share("worst_share", "Worst", "least production in the spell, as a share of the usual"),
    ],
    parameters: super::PARAMETERS,
};

/// Every spell in which something held an industry back; home's industries only, unless the option `detail` asks for all.
pub fn run(world: &World, scenario: &Scenario, params: &Params, watch: &dyn Watch) -> Result<Finding, Error> {
    let stage = Stage::new(world, scenario, params)?;
    watch.begin("steps", scenario.steps() as u64);
    let record = stage.play_one(scenario, params, Detail::Totals, watch)?;
    bottlenecks(&stage, scenario, params, &record)
}

pub static TOGETHER: Together = Together {
    run: |world, posed, watch| super::together(world, posed, watch, |_| Detail::Totals, bottlenecks),
    ..super::TOGETHER
};

/// The spells of a run as a finding, the costliest first.
pub fn bottlenecks(stage: &Stage, scenario: &Scenario, params: &Params, record: &Record) -> Result<Finding, Error> {
    let classification = stage.classification();
    let home = params.home.industries(classification)?;
    let all = params.options.choice("detail") == "industries";
    let mut spells: Vec<_> = record.spells.iter().filter(|s| all || home.contains(&s.industry)).collect();
    spells
        .sort_by(|a, b| b.loss.total_cmp(&a.loss).then((a.steps.start, a.industry).cmp(&(b.steps.start, b.industry))));
    let mut finding = Finding::new(&METHOD, params);
    for spell in spells {
        let (region, sector) = (classification.region_of(spell.industry), classification.sector_of(spell.industry));
        let (cause, input, name) = match spell.cause {
            Cause::Capacity => ("capacity", "", "its own capacity"),
            Cause::Inputs => ("inputs", "", "inputs as a whole"),
            Cause::Input(p) => {
                let input = &classification.sectors()[p];
                ("input", input.code.as_str(), input.name.as_str())
            }
        };
        finding.push(row![
            spell.steps.start as f64 * record.step,
            spell.steps.end as f64 * record.step,
            region.code.as_str(),
            &region.name,
            sector.code.as_str(),
            &sector.name,
            cause,
            input,
            name,
            spell.short_from.map_or("", |r| classification.regions()[r].code.as_str()),
            spell.loss,
            spell.worst,
        ]);
    }
    stage.describe(&mut finding, scenario, params, record)?;
    Ok(finding)
}

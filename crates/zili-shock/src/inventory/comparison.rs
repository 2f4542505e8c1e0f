#![doc = include_str!("../../../../docs/src/methods/comparison.md")]

use super::record::{Detail, Record};
use super::stage::{Ask, Stage};
use super::{Course, PARAMETERS};
use crate::{Error, Posed};
use zili_world::method::column;
use zili_world::{Bloc, Column, Finding, Method, Watch, World, row};

pub static METHOD: Method = Method {
    name: "comparison",
    page: include_str!("../../../../docs/src/methods/comparison.md"),
    columns: &[
        column::REGION,
        column::REGION_NAME,
        Column::text("scenario", "Scenario", "name of the scenario"),
        Column::musd("value_added_lost", "Loss", "value added lost over the horizon"),
        Column::share("loss_share", "of value added", "value_added_lost in the usual value added of the horizon"),
        Column::musd("difference", "against the first", "value_added_lost less that under the first scenario"),
        Column::musd("lost_capacity", "direct", "value added lost to capacity that is gone").minor(),
        Column::musd("lost_inputs", "for want of inputs", "value added lost for want of inputs").minor(),
        Column::musd("lost_orders", "for want of orders", "value added lost for want of orders").minor(),
        Column::musd("caught_up", "made up for", "value added made beyond the usual").minor(),
        Column::share("worst_share", "Worst", "least value added of a step, as a share of the usual"),
        Column::day("worst_day", "on day", "day on which that step begins").minor(),
        Column::day("recovery_day", "Back by day", "day from which value added stays within 1 % of the usual"),
    ],
    parameters: PARAMETERS,
};

/// Several scenarios of one year, step and mixing.
pub fn run(world: &World, posed: &[Posed], watch: &dyn Watch) -> Result<Finding, Error> {
    let Some(first) = posed.first() else { return Err(Error::Nothing("there is nothing to compare".to_owned())) };
    let stage = Stage::new(world, &first.scenario, &first.params)?;
    if let Some(odd) = posed.iter().find(|posed| !stage.fits(&posed.scenario, &posed.params)) {
        let (first, odd) = (&first.scenario.name, &odd.scenario.name);
        return Err(Error::Nothing(format!(
            "'{odd}' has another year, step or mixing than '{first}'; give them the same"
        )));
    }
    let asks: Vec<Ask> =
        posed.iter().map(|Posed { scenario, params }| Ask { scenario, params, detail: Detail::Totals }).collect();
    watch.begin("steps", asks.iter().map(|ask| ask.scenario.steps() as u64).sum());
    let records = stage.play(&asks, watch)?;
    let mut finding = comparison(&stage, &asks, &records)?;
    if posed.iter().any(|posed| posed.scenario.horizon != first.scenario.horizon) {
        finding.note("the scenarios have different horizons: losses over different times are set side by side");
    }
    if posed.iter().any(|posed| posed.scenario.home != first.scenario.home) {
        finding.note(format!("home is that of the first scenario, {}", first.scenario.home.code));
    }
    Ok(finding)
}

/// Several runs side by side: home first, then the world, then every region, the largest loss under the first scenario first.
pub fn comparison(stage: &Stage, asks: &[Ask], records: &[Record]) -> Result<Finding, Error> {
    let Some(first) = asks.first() else { return Err(Error::Nothing("there is nothing to compare".to_owned())) };
    let classification = stage.classification();
    let regions = classification.regions();
    let everyone = Bloc::new("*", "World", regions.iter().map(|r| r.code.clone()).collect())?;
    let lost = |k: usize, industries: &[usize]| -> f64 {
        industries.iter().map(|&i| records[k].losses[i].net() * records[k].coefficients[i]).sum()
    };
    let mut others = Bloc::partners_of(&first.params.home, classification);
    let mut keyed: Vec<(f64, Bloc)> = Vec::new();
    for bloc in others.drain(..) {
        keyed.push((lost(0, &bloc.industries(classification)?), bloc));
    }
    keyed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.code.cmp(&b.1.code)));
    let places = [first.params.home.clone(), everyone].into_iter().chain(keyed.into_iter().map(|(_, bloc)| bloc));

    let mut finding = Finding::new(&METHOD, first.params);
    for place in places {
        let industries = place.industries(classification)?;
        let positions = place.positions(classification)?;
        let base = lost(0, &industries);
        for (k, (ask, record)) in asks.iter().zip(records).enumerate() {
            let of = |part: &dyn Fn(&super::Loss) -> f64| -> f64 {
                industries.iter().map(|&i| part(&record.losses[i]) * record.coefficients[i]).sum()
            };
            let usual: f64 = industries.iter().map(|&i| record.before[i] * record.coefficients[i]).sum();
            let path =
                record.value_added.chunks_exact(regions.len()).map(|row| positions.iter().map(|&r| row[r]).sum());
            let course = Course::of(path, usual, record.step);
            let loss = lost(k, &industries);
            let horizon = usual * record.steps as f64;
            finding.push(row![
                place.code.as_str(),
                place.name.as_str(),
                ask.scenario.name.as_str(),
                loss,
                if horizon != 0.0 { loss / horizon } else { f64::NAN },
                loss - base,
                of(&|l| l.capacity),
                of(&|l| l.inputs),
                of(&|l| l.orders),
                of(&|l| l.caught_up),
                course.worst,
                course.worst_day,
                course.back,
            ]);
        }
    }
    for (ask, record) in asks.iter().zip(records) {
        stage.describe(&mut finding, ask.scenario, ask.params, record)?;
    }
    Ok(finding)
}

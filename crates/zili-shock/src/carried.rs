//! Chains carried onto a table: what home can no longer make of a chain's product, as capacity that sectors of home lose.
//!
//! A sector of which a share needs the product loses `share · (1 − c(t))` of its capacity, c(t) being what model `chain` finds.

use crate::{Error, chain};
use std::borrow::Cow;
use zili_scenario::{Carried, Disruption, Impact, Recovery, Scenario};
use zili_world::World;

/// Days over which a loss is taken at its mean, so that years do not become thousands of disruptions.
const STRETCH: f64 = 7.0;

/// The scenario with its chains as disruptions, stretch by stretch; itself if it has none.
pub fn onto_table<'a>(world: &World, scenario: &'a Scenario) -> Result<Cow<'a, Scenario>, Error> {
    unfolded(world, scenario, &|scenario, carried, lost| {
        let stretch = (STRETCH / scenario.step).round().max(1.0) as usize;
        let mut parts: Vec<(usize, usize, f64)> = Vec::new();
        for (k, steps) in lost.chunks(stretch).enumerate() {
            let mean = steps.iter().sum::<f64>() / steps.len() as f64;
            match parts.last_mut() {
                // What goes on as it was is one.
                Some((_, count, level)) if *level == mean => *count += steps.len(),
                _ => parts.push((k * stretch, steps.len(), mean)),
            }
        }
        let last = parts.len().saturating_sub(1);
        let disruption = |(k, (first, count, level)): (usize, (usize, usize, f64))| {
            // The last goes on for as long as is played.
            let lasts = if k == last { f64::INFINITY } else { count as f64 * scenario.step };
            lost_by(scenario, carried, level, first as f64 * scenario.step, lasts)
        };
        parts.into_iter().enumerate().map(disruption).collect()
    })
}

/// The same for models without time: each chain at its worst moment, for good.
pub fn at_its_worst<'a>(world: &World, scenario: &'a Scenario) -> Result<Cow<'a, Scenario>, Error> {
    unfolded(world, scenario, &|scenario, carried, lost| {
        let worst = lost.iter().copied().fold(0.0, f64::max);
        vec![lost_by(scenario, carried, worst, 0.0, f64::INFINITY)]
    })
}

type Laid<'f> = &'f dyn Fn(&Scenario, &Carried, Vec<f64>) -> Vec<Disruption>;

fn unfolded<'a>(world: &World, scenario: &'a Scenario, lay: Laid) -> Result<Cow<'a, Scenario>, Error> {
    if scenario.chains.is_empty() {
        return Ok(Cow::Borrowed(scenario));
    }
    let mut laid = scenario.clone();
    for carried in &scenario.chains {
        let capacity = chain::capacity(world, scenario, carried)?;
        let lost = capacity.into_iter().map(|c| carried.share * (1.0 - c).max(0.0)).collect();
        laid.disruptions.extend(lay(scenario, carried, lost).into_iter().filter(takes));
    }
    laid.chains.clear();
    Ok(Cow::Owned(laid))
}

fn lost_by(scenario: &Scenario, carried: &Carried, level: f64, from: f64, lasts: f64) -> Disruption {
    Disruption {
        at: scenario.home.clone(),
        sectors: carried.sectors.clone(),
        impact: Impact::Capacity(level),
        from,
        lasts,
        recovery: Recovery::AtOnce,
    }
}

fn takes(disruption: &Disruption) -> bool {
    matches!(disruption.impact, Impact::Capacity(level) if level > 0.0)
}

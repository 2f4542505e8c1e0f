//! Scenarios played by the relatives of the model as published; what they do not know is refused.

use super::plan::{Plan, Rules};
use super::stage::{Ask, Stage};
use super::view::View;
use super::{boario, guan, needs, pichler};
use crate::Error;
use crate::by_region::industries;
use zili_scenario::{Control, Disruption, Impact, Need, Recovery, Response, Scenario, Sectors, Shape};

/// Plays one scenario in the mode that its options name.
pub(super) fn play(stage: &Stage, ask: &Ask, steps: usize, see: &mut dyn FnMut(&View)) -> Result<(), Error> {
    match ask.params.options.choice("mode") {
        "guan" => play_guan(stage, ask, steps, see),
        "pichler" => play_pichler(stage, ask, steps, see),
        mode => play_boario(stage, ask, mode == "boario-base", steps, see),
    }
}

fn refuse(mode: &str, what: &str) -> Error {
    Error::Nothing(format!("the mode '{mode}' knows no {what}; take it out, or play the scenario in the mode 'sound'"))
}

fn refuse_all(mode: &str, controls: &[Control], responses: &[Response]) -> Result<(), Error> {
    match (controls, responses) {
        ([], []) => Ok(()),
        ([], _) => Err(refuse(mode, "response")),
        _ => Err(refuse(mode, "control")),
    }
}

/// Days of stock by product: one figure for all, and the scenario's own by input.
fn days_by_product(stage: &Stage, ask: &Ask, mode: &str) -> Result<Vec<f64>, Error> {
    let classification = stage.classification();
    let mut days = vec![ask.params.options.number("stock_days"); classification.sectors().len()];
    for stock in &ask.scenario.stocks {
        if stock.at.is_some() || stock.users != Sectors::All {
            return Err(refuse(mode, "stock that differs among users"));
        }
        stock.inputs.positions(classification)?.into_iter().for_each(|p| days[p] = stock.days);
    }
    Ok(days)
}

fn play_boario(
    stage: &Stage,
    ask: &Ask,
    base_model: bool,
    steps: usize,
    see: &mut dyn FnMut(&View),
) -> Result<(), Error> {
    let (scenario, options) = (ask.scenario, &ask.params.options);
    refuse_all("boario", &scenario.controls, &scenario.responses)?;
    if !scenario.criticality.is_empty() {
        return Err(refuse("boario", "criticality: every input is essential"));
    }
    let capital: Vec<f64> = stage.base.value_added.iter().map(|v| v * options.number("capital_ratio")).collect();
    let settings = boario::Settings {
        psi: if base_model { 1.0 } else { options.number("psi") },
        inventory_restoration_tau: (!base_model).then(|| options.number("restoration")),
        inventory: days_by_product(stage, ask, "boario")?,
        alpha_base: 1.0,
        alpha_max: options.number("alpha_max"),
        alpha_tau: options.number("alpha_tau"),
        orders_follow_capacity: options.choice("orders") == "capacity",
        step: stage.step,
        decimals: 1 + options.number("monetary_factor").log10() as i32,
    };
    let events: Vec<boario::Event> =
        scenario.disruptions.iter().map(|d| event(d, stage, &capital)).collect::<Result<_, _>>()?;
    // Rounding may lift a whole loss above the capital by half of the last decimal.
    let rounding = 0.5 * 10f64.powi(-settings.decimals);
    let mut beyond: Option<(usize, f64)> = None;
    boario::simulate(&stage.flows, &stage.base, &capital, &settings, &events, steps, &mut |view| {
        let above = |&(f, lost): &(usize, f64)| lost > capital[f] * (1.0 + 1e-12) + rounding;
        beyond = beyond.or_else(|| view.capital_lost.iter().copied().enumerate().find(above));
        see(view);
    });
    match beyond {
        None => Ok(()),
        Some((f, lost)) => Err(Error::Nothing(format!(
            "boario: the damage to {} is {lost:.3} and its capital only {:.3}",
            stage.classification().industry_label(f),
            capital[f]
        ))),
    }
}

fn event(disruption: &Disruption, stage: &Stage, capital: &[f64]) -> Result<boario::Event, Error> {
    let classification = stage.classification();
    let sectors = disruption.sectors.positions(classification)?;
    let hit = industries(classification, disruption.at.positions(classification)?, &sectors);
    let spread = |size: &dyn Fn(usize) -> f64| {
        let mut values = vec![0.0; stage.flows.n];
        hit.iter().for_each(|&f| values[f] = size(f));
        values
    };
    let all: f64 = hit.iter().map(|&f| capital[f]).sum();
    let damage = match disruption.impact {
        Impact::Capital(share) => Some(spread(&|f| share * capital[f])),
        Impact::Damage(total) if all > 0.0 => Some(spread(&|f| total * capital[f] / all)),
        Impact::Capacity(_) | Impact::Labour(_) => None,
        _ => return Err(refuse("boario", "loss of demand, of household goods, or of capital where there is none")),
    };
    let share = match disruption.impact {
        Impact::Capacity(share) | Impact::Labour(share) => spread(&|_| share),
        _ => Vec::new(),
    };
    let curve = |days: f64, shape: Shape| match damage.clone() {
        Some(damage) => boario::Kind::Recovery { damage, shape, tau: days },
        None => boario::Kind::Arbitrary { share: share.clone(), shape, tau: days },
    };
    let kind = match (&disruption.recovery, &damage) {
        (Recovery::Curve { shape, days }, _) => curve(*days, *shape),
        (Recovery::Rebuild(rebuild), Some(damage)) => {
            let position = |code: &zili_world::SectorCode| stage.classification().sector(code.as_str());
            let sectors: Result<Vec<(usize, f64)>, zili_world::Error> =
                rebuild.sectors.iter().map(|(code, share)| Ok((position(code)?, *share))).collect();
            boario::Kind::Rebuild {
                damage: damage.clone(),
                tau: rebuild.days,
                factor: rebuild.factor,
                sectors: sectors?,
            }
        }
        _ => return Err(refuse("boario", "recovery at once; give a curve with its days, or rebuilding")),
    };
    Ok(boario::Event { occurrence: disruption.from, duration: disruption.lasts, kind })
}

fn plan(stage: &Stage, scenario: &Scenario, rules: Rules) -> Result<Plan, Error> {
    let needs = stage.needs(scenario, &rules)?;
    Plan::new(scenario, rules, needs, &stage.flows, &stage.base, &stage.table)
}

/// Shares of capacity left by industry in a step, and final demand by supplier and region.
fn given(stage: &Stage, plan: &Plan, from: f64, to: f64, capacity: &mut [f64], by_region: &mut [f64]) {
    capacity.fill(1.0);
    for strike in &plan.capacity {
        let level = strike.level(from, to);
        strike.size.iter().for_each(|&(f, share)| capacity[f] *= 1.0 - level * share);
    }
    let (regions, sectors) = (stage.flows.regions, stage.flows.sectors);
    by_region.copy_from_slice(&stage.base.y);
    for loss in &plan.demand {
        let left = 1.0 - loss.share * loss.strike.level(from, to);
        for i in loss.products.iter().flat_map(|p| (0..regions).map(move |r| r * sectors + p)) {
            loss.regions.iter().for_each(|&j| by_region[i * regions + j] *= left);
        }
    }
}

fn only_capacity_and_demand(mode: &str, disruptions: &[Disruption]) -> Result<(), Error> {
    let known = |d: &Disruption| matches!(d.impact, Impact::Capacity(_) | Impact::Labour(_) | Impact::Demand(_));
    if disruptions.iter().all(known) { Ok(()) } else { Err(refuse(mode, "loss of capital")) }
}

/// Days of the weekly model's step as published, a 52nd of a year; calendar weeks will do.
const WEEK: f64 = 365.0 / 52.0;

fn play_guan(stage: &Stage, ask: &Ask, steps: usize, see: &mut dyn FnMut(&View)) -> Result<(), Error> {
    let scenario = ask.scenario;
    only_capacity_and_demand("guan", &scenario.disruptions)?;
    refuse_all("guan", &[], &scenario.responses)?;
    if !scenario.stocks.is_empty() || !scenario.criticality.is_empty() {
        return Err(refuse("guan", "stock or criticality of one's own: six weeks are held of everything"));
    }
    if (stage.step - WEEK).abs() > 1e-9 && stage.step != 7.0 {
        return Err(Error::Nothing("the mode 'guan' goes by weeks: write step = 7, or step = 7.019230769230769 for the published 52nd of a year".to_owned()));
    }
    let plan = plan(stage, scenario, Rules::new(&ask.params.options, stage.step))?;
    let (n, regions) = (stage.flows.n, stage.flows.regions);
    let mut labour = vec![vec![1.0; n]; steps];
    let mut transport = vec![[vec![1.0; n * regions], vec![1.0; n * regions]]; steps];
    let mut demand = vec![vec![0.0; n * regions]; steps];
    for t in 0..steps {
        let (from, to) = (t as f64 * stage.step, (t + 1) as f64 * stage.step);
        given(stage, &plan, from, to, &mut labour[t], &mut demand[t]);
        for (denial, window) in &plan.controls {
            let level = window.mean(from, to);
            for (k, &i) in denial.suppliers.iter().enumerate() {
                for (b, &j) in denial.buyers.iter().enumerate() {
                    for (open, severity) in transport[t].iter_mut().zip([&denial.intermediate, &denial.final_use]) {
                        let open: &mut f64 = &mut open[i * regions + j];
                        *open = open.min(1.0 - level * severity[(k, b)]);
                    }
                }
            }
        }
    }
    let week = |t: usize| guan::Week {
        labour: &labour[t],
        transport: &transport[t][0],
        transport_final: &transport[t][1],
        final_demand: &demand[t],
    };
    guan::simulate(&stage.flows, &stage.base, steps, week, see);
    Ok(())
}

fn play_pichler(stage: &Stage, ask: &Ask, steps: usize, see: &mut dyn FnMut(&View)) -> Result<(), Error> {
    let (scenario, options) = (ask.scenario, &ask.params.options);
    only_capacity_and_demand("pichler", &scenario.disruptions)?;
    refuse_all("pichler", &scenario.controls, &scenario.responses)?;
    if stage.step != 1.0 {
        return Err(Error::Nothing("the mode 'pichler' goes by days: write step = 1".to_owned()));
    }
    let rules = Rules::new(options, stage.step);
    let plan = plan(stage, scenario, rules.clone())?;
    let stated = needs::stated(scenario, &stage.flows, stage.classification())?;
    let need = |k: usize| -> Need { stated[k].unwrap_or_else(|| rules.thresholds.need(stage.base.a[k])) };
    let settings = pichler::Settings {
        function: rules.function,
        target_days: days_by_product(stage, ask, "pichler")?,
        restoration: rules.restoration,
        needs: (0..stated.len()).map(need).collect(),
    };
    let given = |t: usize, capacity: &mut [f64], by_region: &mut [f64]| {
        given(stage, &plan, t as f64, t as f64 + 1.0, capacity, by_region);
    };
    pichler::simulate(&stage.flows, &stage.base, &settings, steps, given, see);
    Ok(())
}

#![doc = include_str!("../../../../docs/src/methods/tariffs.md")]

use super::economy::{Deficits, Economy, Shock};
use super::solve::{Closure, Equilibrium, Failed, solve};
use super::welfare::welfare;
use crate::Error;
use crate::by_region::DETAIL;
use zili_world::method::Accepts;
use zili_world::tariffs::TariffData;
use zili_world::{Cell, Column, Finding, Method, Options, Parameter, row};

pub static METHOD: Method = Method {
    name: "tariffs",
    page: include_str!("../../../../docs/src/methods/tariffs.md"),
    columns: &[
        Column::text("region", "Region", "name of the region in the data"),
        Column::text("sector", "Sector", "name of the sector; * for all"),
        Column::share("real_income", "Real income", "exact change of real income"),
        Column::share("linear", "Linear", "linear measure: terms and volume of trade together"),
        Column::share(
            "terms_of_trade",
            "Terms of trade",
            "prices of what is sold less those of what is bought, at the flows of before",
        ),
        Column::share("volume_of_trade", "Volume of trade", "tariff revenue with volumes, at the tariffs of before"),
        Column::share("real_wage", "Real wage", "change of wages over final users' prices"),
        Column::share("wage", "Wage", "change of nominal wages, world value added as the numeraire").minor(),
        Column::share("price", "Prices", "change of final users' prices; of a sector, of its price index").minor(),
        Column::share("cost", "Costs", "change of the unit cost of a sector").minor(),
        Column::number(
            "spending",
            "Spending",
            "money of the data",
            "spending before, tariffs included; of a region, its income",
        )
        .minor(),
        Column::number("spending_after", "after", "money of the data", "the same after").minor(),
    ],
    parameters: &[
        DETAIL,
        Parameter {
            name: "deficits",
            accepts: Accepts::Choice(&["closed", "held", "scaled"]),
            description: "trade deficits: closed before and after (as in the paper's main results), held relative to world value added, or scaled with each region's value added",
        },
        Parameter {
            name: "steps",
            accepts: Accepts::Count { default: 1, most: 10_000 },
            description: "steps in which tariffs go from the baseline to the counterfactual; the linear measure is added up over them, and comes to the exact one with many",
        },
        Parameter {
            name: "tolerance",
            accepts: Accepts::Number { default: 1e-10, above: 1e-13, below: 0.1 },
            description: "how far labour demanded and supplied may be apart at the end, as a share",
        },
    ],
};

/// What the counterfactual tariffs and barriers of some data do to every region.
pub fn run(data: &TariffData, options: &Options) -> Result<Finding, Error> {
    data.check()?;
    let tolerance = options.number("tolerance");
    let steps = options.number("steps");
    let said = |failed: Failed| failed.said(&|n| &data.regions[n], &|j| &data.sectors[j]);
    let (base, deficits) = match options.choice("deficits") {
        "closed" => (baseline(data, true, tolerance).map_err(said)?, Deficits::Held),
        "scaled" => (baseline(data, false, tolerance).map_err(said)?, Deficits::Scaled),
        _ => (baseline(data, false, tolerance).map_err(said)?, Deficits::Held),
    };
    let closure = Closure { deficits, tolerance };
    let whole = counterfactual(data, &base, 1.0);
    let after = solve(&base, &whole, closure).map_err(said)?;
    let all = welfare(&base, &after, &whole.tariffs);
    let mut linear: Vec<(f64, f64)> = all.iter().map(|w| (w.terms_of_trade, w.volume_of_trade)).collect();
    if steps > 1.0 {
        linear = path(data, &base, closure, steps as u32).map_err(said)?;
    }

    let mut finding = Finding::of_options(&METHOD, options);
    // It has a world of its own.
    finding.evidence.parameters.retain(|(name, _)| !["home", "year", "value added", "world"].contains(&name.as_str()));
    finding.evidence.notes.clear();
    finding.evidence.inputs = data.files.clone();
    let incomes = base.incomes();
    for (n, region) in data.regions.iter().enumerate() {
        let (terms, volume) = linear[n];
        finding.push(row![
            region,
            "*",
            all[n].exact,
            terms + volume,
            terms,
            volume,
            all[n].real_wage,
            after.wages[n].exp_m1(),
            all[n].consumer_prices.exp_m1(),
            f64::NAN,
            incomes[n],
            after.incomes[n],
        ]);
        if options.choice(DETAIL.name) == "sectors" {
            (0..base.sectors).for_each(|j| finding.push(sector(data, &base, &after, n, j)));
        }
    }
    data.remarks().into_iter().for_each(|remark| finding.note(remark));
    finding.note(format!("found in {} rounds", after.rounds));
    Ok(finding)
}

fn sector(data: &TariffData, base: &Economy, after: &Equilibrium, n: usize, j: usize) -> Vec<Cell> {
    let at = n * base.sectors + j;
    let mut cells = row![&data.regions[n], &data.sectors[j]];
    cells.extend([Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing]);
    cells.extend(row![
        after.prices[0][at].exp_m1(),
        after.costs[at].exp_m1(),
        base.spending[0][at],
        after.spending[0][at],
    ]);
    cells
}

/// The economy of the data: shares of what is spent, tariffs included; of what production costs; of what is used finally.
pub fn economy(data: &TariffData) -> Economy {
    let (regions, sectors) = (data.regions.len(), data.sectors.len());
    let mut shares: Vec<f64> = data.flows.iter().zip(&data.tariffs[0]).map(|(flow, tariff)| flow * tariff).collect();
    let mut spending = vec![0.0; regions * sectors];
    for (row, flows) in shares.chunks_mut(regions).enumerate() {
        let total: f64 = flows.iter().sum();
        spending[row % regions * sectors + row / regions] = total;
        flows.iter_mut().filter(|_| total > 0.0).for_each(|flow| *flow /= total);
    }
    let (mut inputs, mut added) = (data.inputs.clone(), data.value_added.clone());
    for (cell, added) in added.iter_mut().enumerate() {
        let at = |k: usize| (cell / sectors * sectors + k) * sectors + cell % sectors;
        let cost = *added + (0..sectors).map(|k| inputs[at(k)]).sum::<f64>();
        (0..sectors).filter(|_| cost > 0.0).for_each(|k| inputs[at(k)] /= cost);
        // What is not made costs nothing but work.
        *added = if cost > 0.0 { *added / cost } else { 1.0 };
    }
    let mut consumption = data.final_use.clone();
    for of_region in consumption.chunks_mut(sectors) {
        let total: f64 = of_region.iter().sum();
        of_region.iter_mut().for_each(|share| *share /= total);
    }
    let value_added: Vec<f64> = data.value_added.chunks(sectors).map(|of_region| of_region.iter().sum()).collect();
    // What rounding leaves open is everyone's, by value added.
    let open = data.deficits.iter().sum::<f64>() / value_added.iter().sum::<f64>();
    let deficits = data.deficits.iter().zip(&value_added).map(|(deficit, made)| deficit - open * made).collect();
    Economy {
        regions,
        sectors,
        elasticity: data.elasticity.clone(),
        shares: vec![shares],
        tariffs: data.tariffs[0].clone(),
        inputs,
        added,
        consumption,
        value_added,
        deficits,
        spending: vec![spending],
    }
}

/// The equilibrium with the tariffs and barriers of the baseline, with or without deficits: what the counterfactual is held against.
pub fn baseline(data: &TariffData, closed: bool, tolerance: f64) -> Result<Economy, Failed> {
    let mut economy = economy(data);
    if closed {
        economy.deficits.iter_mut().for_each(|deficit| *deficit = 0.0);
    }
    let shock =
        Shock { left: vec![powers(&economy, data.barriers[0].iter().copied())], tariffs: data.tariffs[1].clone() };
    let found = solve(&economy, &shock, Closure { deficits: Deficits::Held, tolerance })?;
    Ok(economy.at(&found, &shock.tariffs))
}

/// A part of the way from the baseline to the counterfactual, 0 to 1, in logarithms of tariffs and barriers.
pub fn counterfactual(data: &TariffData, base: &Economy, part: f64) -> Shock {
    let between = |(from, to): (&f64, &f64)| if part == 1.0 { *to } else { from * (to / from).powf(part) };
    let barriers = data.barriers[0].iter().zip(&data.barriers[1]).map(|(from, to)| (to / from).powf(part));
    Shock {
        left: vec![powers(base, barriers)],
        tariffs: data.tariffs[1].iter().zip(&data.tariffs[2]).map(between).collect(),
    }
}

/// d̂^(−θ).
fn powers(economy: &Economy, barriers: impl Iterator<Item = f64>) -> Vec<f64> {
    let of_sector = economy.regions * economy.regions;
    let theta = |at: usize| economy.elasticity[at / of_sector];
    barriers.enumerate().map(|(at, barrier)| if barrier == 1.0 { 1.0 } else { barrier.powf(-theta(at)) }).collect()
}

/// Terms and volume of trade added up over equal steps, each from the equilibrium that the last one left.
fn path(data: &TariffData, base: &Economy, closure: Closure, steps: u32) -> Result<Vec<(f64, f64)>, Failed> {
    let mut sums = vec![(0.0, 0.0); base.regions];
    let mut at = base.clone();
    let mut before = vec![1.0; base.tariffs.len()];
    for k in 1..=steps {
        let all = counterfactual(data, base, f64::from(k) / f64::from(steps));
        let left = all.left[0].iter().zip(&before).map(|(left, before)| left / before).collect();
        let step = Shock { left: vec![left], tariffs: all.tariffs.clone() };
        let found = solve(&at, &step, closure)?;
        for (sum, welfare) in sums.iter_mut().zip(welfare(&at, &found, &step.tariffs)) {
            *sum = (sum.0 + welfare.terms_of_trade, sum.1 + welfare.volume_of_trade);
        }
        at = at.at(&found, &step.tariffs);
        before.clone_from(&all.left[0]);
    }
    Ok(sums)
}

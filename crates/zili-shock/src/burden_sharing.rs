#![doc = include_str!("../../../docs/src/methods/burden-sharing.md")]

use crate::Error;
use crate::by_region;
use crate::equilibrium::economy::Economy;
use crate::equilibrium::long_run::LongRun;
use crate::equilibrium::solve::{Failed, solve};
use crate::equilibrium::welfare::{Welfare, welfare};
use crate::equilibrium::{DEFICITS, THETA_FACTOR, TOLERANCE};
use zili_scenario::{Control, Scenario};
use zili_world::method::{Accepts, column};
use zili_world::{Classification, Column, Finding, Method, Parameter, Params, World, elasticities, row};

pub static METHOD: Method = Method {
    name: "burden-sharing",
    page: include_str!("../../../docs/src/methods/burden-sharing.md"),
    columns: &[
        column::YEAR.minor(),
        column::REGION,
        column::REGION_NAME,
        Column::musd("income", "Income", "value added and trade deficit before: what is spent finally"),
        Column::share(
            "before_sharing",
            "Without transfers",
            "change of real income by the scenario, without transfers",
        ),
        Column::musd("transfer", "Transfer", "what the member receives a year, or pays if below zero"),
        Column::share("transfer_share", "of income", "transfer over income"),
        Column::share("after_sharing", "With them", "change of real income with transfers: the same for all members"),
    ],
    parameters: &[
        elasticities::FILE,
        elasticities::THETA,
        THETA_FACTOR,
        Parameter {
            name: DEFICITS.name,
            // Scaled ones would be scaled with the transfers in them.
            accepts: Accepts::Choice(&["held", "closed"]),
            description: "trade deficits: held as they are relative to world value added, or closed before and after",
        },
        TOLERANCE,
    ],
};

/// Rounds in which transfers are found; each leaves a few per cent of what was unequal.
const ROUNDS: usize = 60;
/// Differences of real income between members that are left.
const EQUAL: f64 = 1e-9;

/// Who denies, without home's answer to it; refused where there is more than one coalition.
fn coalition(controls: &[Control], classification: &Classification) -> Result<Vec<usize>, Error> {
    let denials = by_region::denials(controls);
    let members = by_region::on_side(&denials, |control| &control.by, classification)?;
    let denied = by_region::on_side(&denials, |control| &control.against, classification)?;
    let both: Vec<&str> =
        members.iter().filter(|r| denied.contains(r)).map(|&r| classification.regions()[r].code.as_str()).collect();
    if members.is_empty() {
        return Err(Error::Nothing("burden sharing: nobody denies anything but in retaliation".to_owned()));
    }
    if !both.is_empty() {
        return Err(Error::Nothing(format!(
            "burden sharing is for one coalition: {} both denies and is denied; write home's answer as a [[response]] of kind \"retaliation\"",
            both.join(", ")
        )));
    }
    Ok(members)
}

/// Transfers within a coalition that denies, by which all of its members lose the same share.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let controls = &by_region::controls(scenario, "burden sharing")?;
    let base = LongRun::new(world, params, false)?;
    let shock = base.shock(controls)?;
    let tolerance = params.options.number(TOLERANCE.name);
    let members = coalition(controls, &base.classification)?;
    let incomes = base.economy.incomes();
    let total: f64 = members.iter().map(|&r| incomes[r]).sum();
    let after = |transfers: &[f64]| -> Result<Vec<Welfare>, Failed> {
        let mut economy: Economy = base.economy.clone();
        economy.deficits.iter_mut().zip(transfers).for_each(|(deficit, transfer)| *deficit += transfer);
        Ok(welfare(&base.economy, &solve(&economy, &shock, base.closure)?, &shock.tariffs))
    };
    let refused = |failed| base.refused(failed);
    let mut transfers = vec![0.0; incomes.len()];
    let without = after(&transfers).map_err(refused)?;
    let mut shared = without.clone();
    let mut rounds = 0;
    loop {
        let mean = members.iter().map(|&r| shared[r].exact * incomes[r]).sum::<f64>() / total;
        let apart = members.iter().fold(0.0_f64, |most, &r| most.max((shared[r].exact - mean).abs()));
        if apart < EQUAL.max(tolerance) {
            break;
        }
        if rounds == ROUNDS {
            return Err(Error::NoEquilibrium(format!(
                "transfers that leave all members with the same loss were not found: they are still {apart:.1e} apart"
            )));
        }
        members.iter().for_each(|&r| transfers[r] += (mean - shared[r].exact) * incomes[r]);
        shared = after(&transfers).map_err(refused)?;
        rounds += 1;
    }

    let mut finding = Finding::new(&METHOD, params);
    let mut ranked = members;
    ranked.sort_by(|a, b| transfers[*b].total_cmp(&transfers[*a]).then(a.cmp(b)));
    for r in ranked {
        let region = &base.classification.regions()[r];
        finding.push(row![
            params.year,
            region.code.as_str(),
            &region.name,
            incomes[r],
            without[r].exact,
            transfers[r],
            transfers[r] / incomes[r],
            shared[r].exact,
        ]);
    }
    by_region::describe(&mut finding, controls);
    base.describe(&mut finding);
    by_region::for_good(&mut finding, scenario, controls);
    finding.note(format!("transfers found in {rounds} rounds"));
    Ok(finding)
}

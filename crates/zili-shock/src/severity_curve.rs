#![doc = include_str!("../../../docs/src/methods/severity-curve.md")]

use crate::Error;
use crate::by_region;
use crate::horizons::play::HORIZONS;
use crate::{diffusion, equilibrium, inventory, network};
use rayon::prelude::*;
use zili_scenario::{Control, Scenario};
use zili_world::method::{Accepts, column};
use zili_world::{Classification, Column, Finding, Method, Parameter, Params, Watch, World, row};

pub static METHOD: Method = Method {
    name: "severity-curve",
    page: include_str!("../../../docs/src/methods/severity-curve.md"),
    columns: &[
        column::YEAR.minor(),
        Column::text("model", "Model", "which model answers").key().minor(),
        Column::text("when", "When", "time that the answer is about").key(),
        Column::share("severity", "Severity", "of every denial; retaliation keeps its own").key(),
        Column::musd("denied_lost", "The denied lose", "what those who are denied lose together; below zero a gain")
            .minor(),
        Column::share("denied_loss", "The denied", "the same over what they have otherwise"),
        Column::musd("deniers_lost", "Deniers lose", "what those who deny lose together").minor(),
        Column::share("deniers_loss", "Deniers", "the same over what they have otherwise"),
        Column::share("bystanders_loss", "Bystanders", "loss of all others"),
        Column::number("each", "Per unit", "times", "denied_lost / deniers_lost; missing where denying costs nothing"),
        Column::text(
            "more",
            "Loses more",
            "as a share of what each has otherwise: denied, deniers, neither if both gain, or alike if they are the same",
        ),
    ],
    parameters: &[
        Parameter {
            name: "by",
            accepts: Accepts::Choice(&[
                equilibrium::METHOD.name,
                network::METHOD.name,
                diffusion::METHOD.name,
                inventory::METHOD.name,
            ]),
            description: "the model that answers, with the options that the scenario sets for it",
        },
        Parameter {
            name: "steps",
            accepts: Accepts::Count { default: 10, most: 1000 },
            description: "severities, evenly up to 1",
        },
    ],
};

/// Who loses more, the denier or the denied, by severity.
pub fn run(world: &World, scenario: &Scenario, params: &Params, watch: &dyn Watch) -> Result<Finding, Error> {
    let controls = by_region::controls(scenario, "a severity curve")?;
    let by = params.options.choice("by");
    let steps = params.options.number("steps") as usize;
    let horizon = HORIZONS.iter().find(|horizon| horizon.method.name == by);
    let horizon = horizon.ok_or_else(|| Error::Nothing(format!("{by} is no model of a horizon")))?;
    let asked = horizon.params(scenario, params)?;
    if by == network::METHOD.name && asked.options.number(network::ICEBERG.name) > 0.0 {
        return Err(Error::Nothing(
            "severities have no part in a network with a barrier: leave iceberg out of [model.network]".to_owned(),
        ));
    }
    let sides = Sides::new(&controls, &world.table(params.year)?.classification)?;

    let severities: Vec<f64> = (1..=steps).map(|k| k as f64 / steps as f64).collect();
    watch.begin("severities", steps as u64);
    let at = |severity: &f64| {
        let mut scenario = scenario.clone();
        let denials = scenario.controls.iter_mut().filter(|control| !control.retaliation);
        denials.for_each(|control| control.severity = *severity);
        watch.next()?;
        (horizon.play)(world, &scenario, &asked, None, watch)
    };
    let played: Vec<Result<_, Error>> = severities.par_iter().map(at).collect();
    let mut finding = Finding::new(&METHOD, params);
    // Severities without an equilibrium, by why there is none.
    let mut unanswered: Vec<(String, Vec<String>)> = Vec::new();
    for (severity, played) in severities.iter().zip(played) {
        let told = match played {
            Ok(played) => played.told,
            Err(Error::NoEquilibrium(why)) => {
                match unanswered.iter_mut().find(|(known, _)| *known == why) {
                    Some((_, severities)) => severities.push(severity.to_string()),
                    None => unanswered.push((why, vec![severity.to_string()])),
                }
                continue;
            }
            Err(error) => return Err(error),
        };
        for told in told {
            let of = |regions: &[usize]| {
                let sum = |values: &[f64]| regions.iter().map(|&r| values[r]).sum::<f64>();
                (sum(&told.lost), sum(&told.lost) / sum(&told.base))
            };
            let (denied, deniers) = (of(&sides.denied), of(&sides.deniers));
            // Less than a hundred-thousandth of what it does to the denied is rounding of none.
            let each = if deniers.0 > 1e-5 * denied.0.abs() { denied.0 / deniers.0 } else { f64::NAN };
            let more = match (denied.1, deniers.1) {
                _ if sides.denied == sides.deniers => "alike",
                (denied, deniers) if denied <= 0.0 && deniers <= 0.0 => "neither",
                (denied, deniers) if denied >= deniers => "denied",
                _ => "deniers",
            };
            let mut cells = row![params.year, by, &told.when, *severity, denied.0, denied.1, deniers.0, deniers.1];
            cells.extend(row![of(&sides.bystanders).1, each, more]);
            finding.push(cells);
        }
    }
    let told = |(why, at): (String, Vec<String>)| format!("with severity {}: {why}", at.join(", "));
    let unanswered: Vec<String> = unanswered.into_iter().map(told).collect();
    if finding.rows.is_empty() {
        return Err(Error::NoEquilibrium(unanswered.join("; ")));
    }
    by_region::describe(&mut finding, &controls);
    unanswered.into_iter().for_each(|note| finding.note(format!("no equilibrium {note}")));
    finding
        .note("controls are described as the scenario has them; here all but retaliation have the severity of the row");
    Ok(finding)
}

/// Regions on either side of what is denied, and on none.
struct Sides {
    denied: Vec<usize>,
    deniers: Vec<usize>,
    bystanders: Vec<usize>,
}

impl Sides {
    fn new(controls: &[Control], classification: &Classification) -> Result<Self, Error> {
        let denials = by_region::denials(controls);
        if denials.is_empty() {
            return Err(Error::Nothing("a severity curve needs a control that is not retaliation".to_owned()));
        }
        let denied = by_region::on_side(&denials, |control| &control.against, classification)?;
        let deniers = by_region::on_side(&denials, |control| &control.by, classification)?;
        let outside = |r: &usize| !denied.contains(r) && !deniers.contains(r);
        let bystanders = (0..classification.regions().len()).filter(outside).collect();
        Ok(Self { denied, deniers, bystanders })
    }
}

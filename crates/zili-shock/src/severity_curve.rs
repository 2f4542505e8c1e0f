#![doc = include_str!("../../../docs/src/methods/severity-curve.md")]

use crate::Error;
use crate::by_region;
use crate::horizons::play::HORIZONS;
use crate::horizons::study::actors;
use crate::settings_name;
use rayon::prelude::*;
use zili_scenario::Scenario;
use zili_world::method::{Accepts, column};
use zili_world::{Column, Finding, Method, Options, Parameter, Params, World, row};

pub static METHOD: Method = Method {
    name: "severity-curve",
    page: include_str!("../../../docs/src/methods/severity-curve.md"),
    columns: &[
        column::YEAR.minor(),
        Column::text("model", "Model", "which model answers").key().minor(),
        Column::text("when", "When", "time that the answer is about").key(),
        Column::share("severity", "Severity", "of every control of the scenario").key(),
        Column::musd("home_lost", "Home loses", "what home loses; below zero a gain").minor(),
        Column::share("home_loss", "Home", "the same over what it has otherwise"),
        Column::musd("deniers_lost", "Deniers lose", "what those who deny lose together").minor(),
        Column::share("deniers_loss", "Deniers", "the same over what they have otherwise"),
        Column::share("bystanders_loss", "Bystanders", "loss of all others"),
        Column::number("each", "Per unit", "times", "home_lost / deniers_lost; missing where denying costs nothing"),
        Column::text("more", "Loses more", "home or deniers, as a share of what each has otherwise"),
    ],
    parameters: &[
        Parameter {
            name: "by",
            accepts: Accepts::Choice(&["trade-equilibrium", "network", "diffusion", "inventory"]),
            description: "the model that answers, with the options that the scenario sets for it",
        },
        Parameter { name: "steps", accepts: Accepts::Count { default: 10 }, description: "severities, evenly up to 1" },
    ],
};

/// Who loses more, the denier or the denied, by severity.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let controls = by_region::controls(scenario, "a severity curve")?;
    let by = params.options.choice("by");
    let steps = params.options.number("steps") as usize;
    let horizon = HORIZONS.iter().find(|horizon| horizon.method.name == by);
    let horizon = horizon.ok_or_else(|| Error::Nothing(format!("{by} is no model of a horizon")))?;
    let own = scenario.settings.get(settings_name(horizon.method)).cloned().unwrap_or_default();
    let options = Options::parse(horizon.method, own.iter().map(|(name, value)| (name.as_str(), value.as_str())))?;
    let asked = Params { options, ..params.clone() };
    let actors = actors(world, scenario, params)?;
    // Made here and held: tasks that wait for it inside one another could wait for ever.
    let system = world.system(params.year)?;
    system.leontief();

    let severities: Vec<f64> = (1..=steps).map(|k| k as f64 / steps as f64).collect();
    let at = |severity: &f64| {
        let mut scenario = scenario.clone();
        scenario.controls.iter_mut().for_each(|control| control.severity = *severity);
        (horizon.play)(world, &scenario, &asked, None)
    };
    let played: Vec<Result<_, Error>> = severities.par_iter().map(at).collect();
    let mut finding = Finding::new(&METHOD, params);
    let mut unanswered = Vec::new();
    for (severity, played) in severities.iter().zip(played) {
        let told = match played {
            Ok(played) => played.told,
            Err(error @ Error::NoEquilibrium(_)) => {
                unanswered.push(format!("no answer at severity {severity}: {error}"));
                continue;
            }
            Err(error) => return Err(error),
        };
        for told in told {
            let of = |roles: &[&str]| {
                let these = || actors.iter().filter(|actor| roles.contains(&actor.role));
                let sum = |values: &[f64]| these().map(|actor| actor.of(values)).sum::<f64>();
                let (lost, base) = (sum(&told.lost), sum(&told.base));
                (if base > 0.0 { lost } else { f64::NAN }, lost / base)
            };
            let (home, deniers) = (of(&["home"]), of(&["deniers"]));
            let each = if deniers.0 > 1e-5 * home.0.abs() { home.0 / deniers.0 } else { f64::NAN };
            finding.push(row![
                params.year,
                by,
                &told.when,
                *severity,
                home.0,
                home.1,
                deniers.0,
                deniers.1,
                of(&["bystanders", "denied"]).1,
                each,
                if deniers.1.is_nan() {
                    ""
                } else if home.1 >= deniers.1 {
                    "home"
                } else {
                    "deniers"
                },
            ]);
        }
    }
    by_region::describe(&mut finding, &controls);
    unanswered.into_iter().for_each(|note| finding.note(note));
    finding.note("controls are described as the scenario has them; here all of them have the severity of the row");
    Ok(finding)
}

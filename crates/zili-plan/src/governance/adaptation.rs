#![doc = include_str!("../../../../docs/src/methods/governance-adaptation.md")]

use super::{DRAWS, cells, decides, draws};
use crate::draws::{Estimate, SEED, means};
use zili_world::method::Accepts;
use zili_world::{Column, Finding, Method, Options, Parameter, row};

const NEED: Parameter = Parameter {
    name: "adaptation",
    accepts: Accepts::Number { default: 1.0, above: 0.0, below: 1e6 },
    description: "φ: cost of a task that does not fit local conditions, per unit of the squared distance",
};
const INTERDEPENDENCE: Parameter = Parameter {
    name: "interdependence",
    accepts: Accepts::Amount { default: 0.5, most: 1e6 },
    description: "β: cost to each other task of one that was changed without their being told, per unit of the squared change",
};
const TASKS: Parameter = Parameter {
    name: "tasks",
    accepts: Accepts::Count { default: 6, most: 100 },
    description: "n: tasks that depend on each other, 1 to 100",
};
const COMMUNICATION: Parameter = Parameter {
    name: "communication",
    accepts: Accepts::Fraction { default: 0.5 },
    description: "p: chance that word of a change reaches another office in time",
};
const VARIANCE: Parameter = Parameter {
    name: "variance",
    accepts: Accepts::Number { default: 1.0, above: 0.0, below: 1e6 },
    description: "σ²: variance of local conditions",
};
const NOISE: Parameter = Parameter {
    name: "noise",
    accepts: Accepts::Fraction { default: 0.5 },
    description: "share of the variance of local conditions that a centre which decides all tasks does not learn",
};

pub static METHOD: Method = Method {
    name: "governance-adaptation",
    page: include_str!("../../../../docs/src/methods/governance-adaptation.md"),
    columns: &[
        Column::integer("together", "Tasks together", "tasks", "t: tasks that one office decides").key(),
        Column::number("failure_cost", "Cost of not being told", "per squared unit", "k = β(n − t)(1 − p)").minor(),
        Column::share("adaptation", "Adapted", "φ/(φ + k): how far a task is fitted to local conditions"),
        Column::number(
            "loss_regions",
            "Loss, regions",
            "φ σ²",
            "loss per task where the office on the spot decides: k/(φ + k)",
        ),
        Column::number(
            "loss_centre",
            "Loss, centre",
            "φ σ²",
            "loss per task where a centre that knows less decides all: the noise asked for",
        ),
        Column::text("decides", "Loses less", "centre, regions or either").result(),
        Column::share(
            "break_even_noise",
            "Break-even noise",
            "what the centre may fail to learn before the offices lose less: k/(φ + k)",
        ),
        Column::share(
            "break_even_communication",
            "Break-even communication",
            "chance of being told at which both lose the same with the noise asked for; missing: none from 0 to 1",
        ),
        Column::number("simulated_regions", "Simulated, regions", "φ σ²", "`loss_regions` in the simulation").minor(),
        Column::number("error_regions", "Error", "φ σ²", "its standard error").minor(),
        Column::number("simulated_centre", "Simulated, centre", "φ σ²", "`loss_centre` in the simulation").minor(),
        Column::number("error_centre", "Error", "φ σ²", "its standard error").minor(),
    ],
    parameters: &[NEED, INTERDEPENDENCE, TASKS, COMMUNICATION, VARIANCE, NOISE, DRAWS, SEED],
};

/// One row for each number of tasks that one office decides.
pub fn run(options: &Options) -> Result<Finding, crate::Error> {
    let option = |parameter: &Parameter| options.number(parameter.name);
    let tasks = option(&TASKS);
    let (draws, seed) = draws(options)?;
    let noise = option(&NOISE);
    let mut finding = Finding::of_options(&METHOD, options);
    for together in 1..=tasks as u32 {
        let office = Office {
            need: option(&NEED),
            interdependence: option(&INTERDEPENDENCE),
            tasks: tasks as u32,
            together,
            communication: option(&COMMUNICATION),
            variance: option(&VARIANCE),
        };
        let scale = 1.0 / (office.need * office.variance);
        let (regions, centre) = (office.loss() * scale, noise);
        let [by_regions, by_centre] =
            office.simulate(noise, draws, seed).map(|e| Estimate { mean: e.mean * scale, error: e.error * scale });
        let mut cells_of = row![
            together as usize,
            office.failure_cost(),
            office.adaptation(),
            regions,
            centre,
            decides(centre, regions),
            regions,
            office.break_even_communication(noise).unwrap_or(f64::NAN),
        ];
        cells_of.extend([by_regions, by_centre].into_iter().flat_map(cells));
        finding.push(cells_of);
    }
    Ok(finding)
}

/// An office that decides some of many tasks that depend on each other (after Dessein & Santos 2006).
#[derive(Clone, Copy, Debug)]
pub struct Office {
    /// φ > 0.
    pub need: f64,
    /// β ≥ 0.
    pub interdependence: f64,
    /// n ≥ t.
    pub tasks: u32,
    /// t.
    pub together: u32,
    /// p, 0 to 1.
    pub communication: f64,
    /// σ² > 0.
    pub variance: f64,
}

impl Office {
    /// k = β(n − t)(1 − p): expected cost per squared unit of changing a task, to the n − t tasks of others.
    pub fn failure_cost(&self) -> f64 {
        self.interdependence * f64::from(self.tasks - self.together) * (1.0 - self.communication)
    }

    /// φ/(φ + k), the best response a = φ/(φ + k) θ to the local condition θ.
    pub fn adaptation(&self) -> f64 {
        self.need / (self.need + self.failure_cost())
    }

    /// min over a of E[φ(a − θ)² + k a²] = φk/(φ + k) σ², per task.
    pub fn loss(&self) -> f64 {
        let k = self.failure_cost();
        self.need * k / (self.need + k) * self.variance
    }

    /// p at which k/(φ + k) is the centre's noise; none from 0 to 1, or where nothing depends on it.
    pub fn break_even_communication(&self, noise: f64) -> Option<f64> {
        let most = self.interdependence * f64::from(self.tasks - self.together);
        let p = 1.0 - self.need * noise / (1.0 - noise) / most;
        (0.0..=1.0).contains(&p).then_some(p)
    }

    /// Losses per task of this office, and of a centre that decides all tasks together and learns a local condition but for `noise`, by
    /// drawing conditions, who is told, and what the centre learns. The same for any number of threads.
    pub fn simulate(&self, noise: f64, draws: u32, seed: u64) -> [Estimate; 2] {
        let (adaptation, half_width) = (self.adaptation(), (3.0 * self.variance).sqrt());
        means(draws, seed, self.together, |stream| {
            let condition = half_width * stream.signed();
            let learned = stream.unit() >= noise;
            let decision = adaptation * condition;
            let untold = (self.together..self.tasks).filter(|_| stream.unit() >= self.communication).count();
            let regions =
                self.need * (decision - condition).powi(2) + self.interdependence * untold as f64 * decision.powi(2);
            let centre = if learned { 0.0 } else { self.need * condition.powi(2) };
            [regions, centre]
        })
    }
}

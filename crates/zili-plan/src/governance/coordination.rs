#![doc = include_str!("../../../../docs/src/methods/governance.md")]

use super::{ASKED, DRAWS, LINE, cells, decides, draws, out_of_range, root};
use crate::draws::{Estimate, SEED, Stream, means};
use zili_world::method::Accepts;
use zili_world::{Cell, Column, Finding, Method, Options, Parameter, row};

const CONFLICT: Parameter = Parameter {
    name: "conflict",
    accepts: Accepts::Fraction { default: 0.75 },
    description: "λ: weight of a region's own result in what its manager wants, 0.5 (both alike) to 1 (only its own)",
};
const NEED: Parameter = Parameter {
    name: "coordination",
    accepts: Accepts::Number { default: 1.0, above: 0.0, below: 1e6 },
    description: "δ: cost of decisions that do not fit together, relative to the cost of decisions that do not fit local conditions; the mean over programmes",
};
const VARIETY: Parameter = Parameter {
    name: "variety",
    accepts: Accepts::Fraction { default: 0.5 },
    description: "how much programmes differ in δ: uniform from δ(1 − variety) to δ(1 + variety); 0 is the published model",
};
const CENTRAL: Parameter = Parameter {
    name: "central",
    accepts: Accepts::Fraction { default: 0.5 },
    description: "share of programmes that the centre decides in the hybrid: those that most need coordination",
};
const NOISE: Parameter = Parameter {
    name: "noise",
    accepts: Accepts::Fraction { default: 0.0 },
    description: "share of messages that are lost on the way to the centre, beside what regions hide; 0 is the published model",
};

pub static METHOD: Method = Method {
    name: "governance",
    page: include_str!("../../../../docs/src/methods/governance.md"),
    columns: &[
        Column::text("case", "Case", "asked: the conflict asked about; line: others, for the line of break-even"),
        Column::number(
            "conflict",
            "Conflict λ",
            "weight 0.5–1",
            "weight of a region's own result in what its manager wants",
        )
        .key(),
        Column::number(
            "coordination",
            "Coordination δ",
            "ratio",
            "mean cost of not fitting together, relative to not fitting local conditions",
        )
        .key()
        .minor(),
        Column::number(
            "break_even",
            "Break-even δ*",
            "ratio",
            "need of coordination above which the centre loses less in a single programme; missing: regions do for every need",
        ),
        Column::text(
            "decides",
            "Loses less",
            "centre, regions or either: who loses less if all programmes are decided alike",
        )
        .result(),
        Column::share(
            "loss_centre",
            "Loss, centre",
            "mean loss if the centre decides all, per unit of the variance of local conditions",
        ),
        Column::share("loss_regions", "Loss, regions", "the same if regions decide all"),
        Column::share("loss_hybrid", "Loss, hybrid", "the same if the centre decides the share asked for"),
        Column::share(
            "best_central",
            "Best share",
            "share of programmes whose need of coordination is such that the centre loses less",
        ),
        Column::share("loss_best", "Loss, best hybrid", "loss if the centre decides exactly these").minor(),
        Column::share(
            "unheard_centre",
            "Unheard, centre",
            "share of the variance of local conditions that the centre does not learn, at the mean δ",
        )
        .minor(),
        Column::share("unheard_regions", "Unheard, regions", "the same of the other region, where regions decide")
            .minor(),
        Column::share(
            "break_even_noise",
            "Break-even noise",
            "share of messages lost at which centre and regions lose the same in all programmes; missing: none from 0 to 1",
        ),
        Column::share("simulated_centre", "Simulated, centre", "`loss_centre` in the simulation").minor(),
        Column::share("error_centre", "Error", "its standard error").minor(),
        Column::share("simulated_regions", "Simulated, regions", "`loss_regions` in the simulation").minor(),
        Column::share("error_regions", "Error", "its standard error").minor(),
        Column::share("simulated_hybrid", "Simulated, hybrid", "`loss_hybrid` in the simulation").minor(),
        Column::share("error_hybrid", "Error", "its standard error").minor(),
    ],
    parameters: &[CONFLICT, NEED, VARIETY, CENTRAL, NOISE, DRAWS, SEED],
};

/// Conflicts of the line of break-even.
const LINE_OF: std::ops::RangeInclusive<u32> = 10..=20;

/// The conflict asked about, then the line of break-even over others.
pub fn run(options: &Options) -> Result<Finding, crate::Error> {
    let option = |parameter: &Parameter| options.number(parameter.name);
    let asked = option(&CONFLICT);
    if asked < 0.5 {
        return Err(out_of_range(&CONFLICT, asked, "a weight from 0.5 to 1").into());
    }
    let (draws, seed) = draws(options)?;
    let mut finding = Finding::of_options(&METHOD, options);
    let line = LINE_OF.map(|twentieths| f64::from(twentieths) / 20.0);
    for (number, (case, conflict)) in [(ASKED, asked)].into_iter().chain(line.map(|l| (LINE, l))).enumerate() {
        let programmes = Programmes {
            conflict,
            need: option(&NEED),
            variety: option(&VARIETY),
            central: option(&CENTRAL),
            noise: option(&NOISE),
        };
        let losses = programmes.losses();
        let [centre, regions, hybrid] = programmes.simulate(draws, seed, number as u32);
        let mut line = row![
            case,
            conflict,
            programmes.need,
            break_even(conflict, programmes.noise).unwrap_or(f64::NAN),
            decides(losses.centre, losses.regions),
            losses.centre,
            losses.regions,
            losses.hybrid,
            losses.best_central,
            losses.best,
            programmes.centre(programmes.need).unheard,
            programmes.regions(programmes.need).unheard,
            programmes.break_even_noise().map_or(Cell::Missing, Cell::from),
        ];
        line.extend([centre, regions, hybrid].into_iter().flat_map(cells));
        finding.push(line);
    }
    if option(&VARIETY) > 0.0 {
        finding.note("losses are means over programmes that differ in their need of coordination; variety = 0 gives the published model of one need");
    }
    Ok(finding)
}

/// How one programme fares when one side decides it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// By how much a manager would like the other to overrate his local condition, per unit of it.
    pub bias: f64,
    /// S: share of the variance of a local condition that its receiver does not learn.
    pub unheard: f64,
    /// A: loss even with full information.
    pub fixed: f64,
    /// B: loss per unit of S.
    pub slope: f64,
    /// A + B S, per unit of σ₁² + σ₂².
    pub loss: f64,
}

/// Share of variance that the most informative messages leave unsaid, S = b/(3 + 4b) (Alonso, Dessein & Matouschek 2008).
///
/// `bias` b ≥ 0, per unit of the local condition; ¼ as b → ∞, where only the sign is still told.
pub fn unheard(bias: f64) -> f64 {
    if bias.is_infinite() { 0.25 } else { bias / (3.0 + 4.0 * bias) }
}

/// A programme that the centre decides: d_1 = ((1+2δ)E_1 + 2δE_2)/(1+4δ), b = (2λ−1)δ/(λ+δ), A = 2δ/(1+4δ), B = (1+2δ)/(1+4δ)
/// (Alonso, Dessein & Matouschek 2008); `noise` is the share of messages lost, which adds noise (1 − S) to what is not learned.
///
/// `conflict` λ from ½ to 1, `need` δ > 0, both without unit; the loss is per unit of the variance of local conditions.
pub fn centre(conflict: f64, need: f64, noise: f64) -> Outcome {
    let bias = (2.0 * conflict - 1.0) * need / (conflict + need);
    let said = unheard(bias);
    let unheard = said + noise * (1.0 - said);
    let (fixed, slope) = (2.0 * need / (1.0 + 4.0 * need), (1.0 + 2.0 * need) / (1.0 + 4.0 * need));
    Outcome { bias, unheard, fixed, slope, loss: fixed + slope * unheard }
}

/// A programme that regions decide: d_1 = (λθ_1 + δ E(d_2))/(λ+δ), b = (2λ−1)(λ+δ)/(λ(1−λ)+δ), A = 2(λ²+δ)δ/(λ+2δ)²,
/// B = δ²(4λ³+6λ²δ+2δ²−λ²)/((λ+δ)²(λ+2δ)²) (Alonso, Dessein & Matouschek 2008). Arguments and unit as in [`centre`].
pub fn regions(conflict: f64, need: f64) -> Outcome {
    let (l, d) = (conflict, need);
    let bias = (2.0 * l - 1.0) * (l + d) / (l * (1.0 - l) + d);
    let unheard = unheard(bias);
    let fixed = 2.0 * (l * l + d) * d / (l + 2.0 * d).powi(2);
    let slope = d * d * (4.0 * l.powi(3) + 6.0 * l * l * d + 2.0 * d * d - l * l) / ((l + d) * (l + 2.0 * d)).powi(2);
    Outcome { bias, unheard, fixed, slope, loss: fixed + slope * unheard }
}

/// δ*(λ): the least need of coordination above which the centre loses less; none if regions do for every need up to 10⁶.
///
/// None at λ = ½ without noise, where both lose the same, and below 17/28.
pub fn break_even(conflict: f64, noise: f64) -> Option<f64> {
    let advantage = |need: f64| regions(conflict, need).loss - centre(conflict, need, noise).loss;
    // Differences below are rounding of losses of order 1.
    let better = |need: f64| advantage(need) > 1e-13;
    let at = |k: i32| 10f64.powf(f64::from(k) / 20.0);
    let first = (-79..=120).find(|&k| better(at(k)))?;
    root(at(first - 1), at(first), advantage)
}

/// Boundaries a_1 < … < a_n = 1 between messages about a local condition from 0 to 1 (in units of s), mirrored below 0: the solution of
/// a_{i+1} − a_i = a_i − a_{i−1} + 4b a_i with a_0 = 0. The sender at a boundary is indifferent between its two messages.
pub fn boundaries(bias: f64, intervals: u32) -> Vec<f64> {
    let ratio = growth(bias);
    let n = f64::from(intervals);
    let at = |i: f64| match bias == 0.0 {
        true => i / n,
        // (r^i − r^−i)/(r^n − r^−n), written so that nothing overflows.
        false => ratio.powf(i - n) * (1.0 - ratio.powf(-2.0 * i)) / (1.0 - ratio.powf(-2.0 * n)),
    };
    (1..=intervals).map(|i| at(f64::from(i))).collect()
}

/// r = 1 + 2b + 2√(b(1+b)): how boundaries grow away from 0 with the most intervals.
fn growth(bias: f64) -> f64 {
    1.0 + 2.0 * bias + 2.0 * (bias * (1.0 + bias)).sqrt()
}

/// What is believed of a local condition from −1 to 1 after the most informative message: the middle of its interval r^−(k+1) to r^−k.
fn heard(condition: f64, ratio: f64) -> f64 {
    let size = condition.abs();
    if ratio <= 1.0 || size == 0.0 {
        return condition;
    }
    if ratio.is_infinite() {
        return 0.5f64.copysign(condition);
    }
    let k = (-size.ln() / ratio.ln()).floor();
    let upper = ratio.powf(-k);
    (0.5 * (upper + upper / ratio)).copysign(condition)
}

/// Decisions of the centre on what it believes of the two local conditions.
pub fn centre_decides(need: f64, heard: [f64; 2]) -> [f64; 2] {
    let decide = |own: f64, other: f64| ((1.0 + 2.0 * need) * own + 2.0 * need * other) / (1.0 + 4.0 * need);
    [decide(heard[0], heard[1]), decide(heard[1], heard[0])]
}

/// Decisions of the regions, each on its own condition, what it told the other, and what it was told.
pub fn regions_decide(conflict: f64, need: f64, conditions: [f64; 2], heard: [f64; 2]) -> [f64; 2] {
    let (l, d) = (conflict, need);
    let expected = |own: f64, other: f64| ((l + d) * own + d * other) / (l + 2.0 * d);
    let decide = |condition: f64, other: f64| (l * condition + d * other) / (l + d);
    [decide(conditions[0], expected(heard[1], heard[0])), decide(conditions[1], expected(heard[0], heard[1]))]
}

/// Σ_j (d_j − θ_j)² + 2δ(d_1 − d_2)², per unit of σ₁² + σ₂² = 2/3.
fn loss(need: f64, conditions: [f64; 2], decisions: [f64; 2]) -> f64 {
    let off = (decisions[0] - conditions[0]).powi(2) + (decisions[1] - conditions[1]).powi(2);
    1.5 * (off + 2.0 * need * (decisions[0] - decisions[1]).powi(2))
}

/// Many programmes that differ in their need of coordination, some decided by the centre and the others by the regions.
#[derive(Clone, Copy, Debug)]
pub struct Programmes {
    /// λ, ½ to 1.
    pub conflict: f64,
    /// Mean δ, above 0.
    pub need: f64,
    /// δ of programmes is uniform on need · (1 ± variety).
    pub variety: f64,
    /// Share that the centre decides: those with the largest δ.
    pub central: f64,
    /// Share of messages to the centre that are lost.
    pub noise: f64,
}

/// Mean losses of [`Programmes`], per unit of the variance of local conditions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Losses {
    pub centre: f64,
    pub regions: f64,
    pub hybrid: f64,
    /// Share of programmes in which the centre loses less.
    pub best_central: f64,
    /// Loss if it decides these alone.
    pub best: f64,
}

/// Steps of Simpson's rule, even; losses are smooth in δ, and with these it is exact to rounding.
const STEPS: u32 = 256;

impl Programmes {
    fn centre(&self, need: f64) -> Outcome {
        centre(self.conflict, need, self.noise)
    }

    fn regions(&self, need: f64) -> Outcome {
        regions(self.conflict, need)
    }

    /// δ of the programme below which a share u of programmes lies; above 0 even where the least would be 0.
    fn need_at(&self, u: f64) -> f64 {
        (self.need * (1.0 + self.variety * (2.0 * u - 1.0))).max(1e-12 * self.need)
    }

    /// Mean of something over the programmes between two shares, times the share between them.
    fn over(&self, from: f64, to: f64, of: impl Fn(f64) -> f64) -> f64 {
        let step = (to - from) / f64::from(STEPS);
        let weight = |k: u32| match k {
            0 | STEPS => 1.0,
            k if k % 2 == 1 => 4.0,
            _ => 2.0,
        };
        (0..=STEPS).map(|k| weight(k) * of(self.need_at(from + step * f64::from(k)))).sum::<f64>() * step / 3.0
    }

    /// Mean losses in closed form, integrated over δ where programmes differ.
    pub fn losses(&self) -> Losses {
        let by_centre = |need: f64| self.centre(need).loss;
        let by_regions = |need: f64| self.regions(need).loss;
        let split = 1.0 - self.central;
        let hybrid = self.over(0.0, split, by_regions) + self.over(split, 1.0, by_centre);
        let (centre, regions) = (self.over(0.0, 1.0, by_centre), self.over(0.0, 1.0, by_regions));
        // The centre is the better from δ* on.
        let kept = match break_even(self.conflict, self.noise) {
            None => 1.0,
            Some(need) if self.variety > 0.0 => {
                ((need / self.need - 1.0 + self.variety) / (2.0 * self.variety)).clamp(0.0, 1.0)
            }
            Some(need) => f64::from(need >= self.need),
        };
        let best = self.over(0.0, kept, by_regions) + self.over(kept, 1.0, by_centre);
        Losses { centre, regions, hybrid, best_central: 1.0 - kept, best }
    }

    /// Share of messages lost at which centre and regions lose the same over all programmes; none from 0 to 1.
    pub fn break_even_noise(&self) -> Option<f64> {
        let without = |need: f64| centre(self.conflict, need, 0.0);
        let regions = self.over(0.0, 1.0, |need| self.regions(need).loss);
        let centre = self.over(0.0, 1.0, |need| without(need).loss);
        let per_noise = self.over(0.0, 1.0, |need| without(need).slope * (1.0 - without(need).unheard));
        let noise = (regions - centre) / per_noise;
        (0.0..=1.0).contains(&noise).then_some(noise)
    }

    /// Losses with the centre, the regions and the hybrid, by drawing programmes: local conditions, the need of coordination, the most
    /// informative messages of the cheap-talk equilibrium, which of them are lost, and the decisions made on them.
    ///
    /// The same for any number of threads. `number` tells simulations under one seed apart.
    pub fn simulate(&self, draws: u32, seed: u64, number: u32) -> [Estimate; 3] {
        means(draws, seed, number, |stream| self.one(stream))
    }

    fn one(&self, stream: &mut Stream) -> [f64; 3] {
        let conditions = [stream.signed(), stream.signed()];
        let share = stream.unit();
        let need = self.need_at(share);
        let lost = [stream.unit() < self.noise, stream.unit() < self.noise];
        let ratio = growth(self.centre(need).bias);
        let mut told = conditions.map(|condition| heard(condition, ratio));
        // Without a message the centre believes what it believed before.
        told.iter_mut().zip(lost).for_each(|(told, lost)| *told = if lost { 0.0 } else { *told });
        let by_centre = loss(need, conditions, centre_decides(need, told));
        let ratio = growth(self.regions(need).bias);
        let told = conditions.map(|condition| heard(condition, ratio));
        let by_regions = loss(need, conditions, regions_decide(self.conflict, need, conditions, told));
        // 1 − central of all programmes need coordination less than these. With need alike, chance picks them.
        let by_hybrid = if share < 1.0 - self.central { by_regions } else { by_centre };
        [by_centre, by_regions, by_hybrid]
    }
}

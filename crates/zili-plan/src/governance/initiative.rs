#![doc = include_str!("../../../../docs/src/methods/governance-initiative.md")]

use super::{ASKED, DRAWS, LINE, cells, decides, draws, out_of_range, root};
use crate::draws::{Estimate, SEED, means};
use zili_world::method::Accepts;
use zili_world::{Column, Error, Finding, Method, Options, Parameter, row};

const fn above_zero(name: &'static str, default: f64, description: &'static str) -> Parameter {
    Parameter { name, accepts: Accepts::Number { default, above: 0.0, below: 1e6 }, description }
}

const GAIN_CENTRE: Parameter =
    above_zero("gain_centre", 1.0, "B: what the centre gains from the project it likes best");
const GAIN_REGION: Parameter =
    above_zero("gain_region", 1.0, "b: what the region gains from the project it likes best");
const CONGRUENCE: Parameter = Parameter {
    name: "congruence",
    accepts: Accepts::Fraction { default: 0.5 },
    description: "α: chance that the project which the region likes best gives the centre its gain too",
};
const CONGRUENCE_REGION: Parameter = Parameter {
    name: "congruence_region",
    accepts: Accepts::Fraction { default: 0.5 },
    description: "β: chance that the project which the centre likes best gives the region its gain too",
};
const COST_CENTRE: Parameter = above_zero(
    "cost_centre",
    2.0,
    "cost of the centre's effort E to inform itself: half of it times E²; at least gain_centre",
);
const COST_REGION: Parameter =
    above_zero("cost_region", 2.0, "cost of the region's effort e: half of it times e²; at least gain_region");

pub static METHOD: Method = Method {
    name: "governance-initiative",
    page: include_str!("../../../../docs/src/methods/governance-initiative.md"),
    columns: &[
        Column::text("case", "Case", "asked: the congruence asked about; line: others"),
        Column::share("congruence", "Congruence α", "chance that the region's favourite gives the centre its gain too")
            .key(),
        Column::text(
            "decides",
            "Better for the centre",
            "centre, regions or either: who should decide, for the centre's own good",
        )
        .result(),
        Column::number(
            "centre_if_centre",
            "Centre's, if it decides",
            "as gains",
            "expected gain of the centre less its effort, if the centre decides",
        ),
        Column::number("centre_if_regions", "Centre's, if regions do", "as gains", "the same if the region decides"),
        Column::number(
            "region_if_centre",
            "Region's, if centre does",
            "as gains",
            "expected gain of the region less its effort, if the centre decides",
        )
        .minor(),
        Column::number("region_if_regions", "Region's, if it decides", "as gains", "the same if the region decides")
            .minor(),
        Column::share(
            "effort_centre_if_centre",
            "Centre tries, deciding",
            "E: chance that the centre informs itself, if it decides",
        )
        .minor(),
        Column::share(
            "effort_region_if_centre",
            "Region tries then",
            "e: chance that the region informs itself, if the centre decides",
        ),
        Column::share("effort_centre_if_regions", "Centre tries, if regions decide", "E if the region decides").minor(),
        Column::share("effort_region_if_regions", "Region tries, deciding", "e if the region decides"),
        Column::number(
            "break_even_cost",
            "Break-even cost",
            "as gains",
            "cost of the centre's effort above which it does better to let the region decide; missing: none up to a thousand times its gain",
        ),
        Column::number(
            "simulated_if_centre",
            "Simulated, centre decides",
            "as gains",
            "`centre_if_centre` in the simulation",
        )
        .minor(),
        Column::number("error_if_centre", "Error", "as gains", "its standard error").minor(),
        Column::number(
            "simulated_if_regions",
            "Simulated, regions decide",
            "as gains",
            "`centre_if_regions` in the simulation",
        )
        .minor(),
        Column::number("error_if_regions", "Error", "as gains", "its standard error").minor(),
    ],
    parameters: &[GAIN_CENTRE, GAIN_REGION, CONGRUENCE, CONGRUENCE_REGION, COST_CENTRE, COST_REGION, DRAWS, SEED],
};

/// The congruence asked about, then 0 to 1 in tenths.
pub fn run(options: &Options) -> Result<Finding, crate::Error> {
    let option = |parameter: &Parameter| options.number(parameter.name);
    for (cost, gain) in [(&COST_CENTRE, &GAIN_CENTRE), (&COST_REGION, &GAIN_REGION)] {
        if option(cost) < option(gain) {
            let expected = format!("at least {}, which is {}: effort is a chance, at most 1", gain.name, option(gain));
            return Err(out_of_range(cost, option(cost), &expected).into());
        }
    }
    let (draws, seed) = draws(options)?;
    let mut finding = Finding::of_options(&METHOD, options);
    let line = (0..=10).map(|tenths| (LINE, f64::from(tenths) / 10.0));
    for (number, (case, congruence)) in [(ASKED, option(&CONGRUENCE))].into_iter().chain(line).enumerate() {
        let pair = Pair {
            gains: [option(&GAIN_CENTRE), option(&GAIN_REGION)],
            congruence: [congruence, option(&CONGRUENCE_REGION)],
            costs: [option(&COST_CENTRE), option(&COST_REGION)],
        };
        let (centre, regions) = (pair.centre_decides()?, pair.regions_decide()?);
        let [by_centre, by_regions] = pair.simulate([&centre, &regions], draws, seed, number as u32);
        let mut line = row![
            case,
            congruence,
            // Who loses less is who gains more.
            decides(-centre.gains[0], -regions.gains[0]),
            centre.gains[0],
            regions.gains[0],
            centre.gains[1],
            regions.gains[1],
            centre.efforts[0],
            centre.efforts[1],
            regions.efforts[0],
            regions.efforts[1],
            pair.break_even_cost().unwrap_or(f64::NAN),
        ];
        line.extend([by_centre, by_regions].into_iter().flat_map(cells));
        finding.push(line);
    }
    Ok(finding)
}

/// A centre and a region, each of which may find out which project is good (Aghion & Tirole 1997). Pairs are [centre, region].
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// B, b > 0: gain of each from the project it likes best.
    pub gains: [f64; 2],
    /// α, β: chance that the other's favourite gives it its gain too.
    pub congruence: [f64; 2],
    /// κ_P ≥ B, κ_A ≥ b: costs of effort are κ/2 times its square.
    pub costs: [f64; 2],
}

/// Efforts and expected gains less the cost of effort, [centre, region].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    pub efforts: [f64; 2],
    pub gains: [f64; 2],
}

impl Pair {
    /// The centre decides: (1 − αe)B = κ_P E, (1 − E)b = κ_A e. Refuses costs at which both are indifferent about every effort.
    pub fn centre_decides(&self) -> Result<Outcome, Error> {
        let [effort_centre, effort_region] = self.efforts(self.congruence[0], 1.0)?;
        Ok(Outcome { efforts: [effort_centre, effort_region], gains: self.gains_of(0, [effort_centre, effort_region]) })
    }

    /// The region decides: (1 − e)B = κ_P E, (1 − βE)b = κ_A e.
    pub fn regions_decide(&self) -> Result<Outcome, Error> {
        let [effort_centre, effort_region] = self.efforts(1.0, self.congruence[1])?;
        Ok(Outcome { efforts: [effort_centre, effort_region], gains: self.gains_of(1, [effort_centre, effort_region]) })
    }

    /// E = (1 − f e) B/κ_P, e = (1 − g E) b/κ_A.
    fn efforts(&self, f: f64, g: f64) -> Result<[f64; 2], Error> {
        let [p, a] = [self.gains[0] / self.costs[0], self.gains[1] / self.costs[1]];
        let determinant = 1.0 - f * g * p * a;
        if determinant < 1e-12 {
            let reason =
                "with costs of effort equal to gains and projects that always please both, every effort is as good";
            return Err(Error::Unanswerable(reason.to_owned()));
        }
        Ok([p * (1.0 - f * a) / determinant, a * (1.0 - g * p) / determinant])
    }

    /// Expected gains if side `decides` (0 the centre) picks where it is informed, and follows the other where only that one is.
    fn gains_of(&self, decides: usize, efforts: [f64; 2]) -> [f64; 2] {
        let other = 1 - decides;
        let (first, second) = (efforts[decides], (1.0 - efforts[decides]) * efforts[other]);
        let mut gains = [0.0; 2];
        gains[decides] = self.gains[decides] * (first + second * self.congruence[decides]);
        gains[other] = self.gains[other] * (first * self.congruence[other] + second);
        [0, 1].map(|k| gains[k] - 0.5 * self.costs[k] * efforts[k] * efforts[k])
    }

    /// κ_P above which the centre does better to let the region decide; none between its gain and a thousand times that.
    pub fn break_even_cost(&self) -> Option<f64> {
        let advantage = |cost: f64| {
            let pair = Pair { costs: [cost, self.costs[1]], ..*self };
            match (pair.centre_decides(), pair.regions_decide()) {
                (Ok(centre), Ok(regions)) => centre.gains[0] - regions.gains[0],
                _ => f64::NAN,
            }
        };
        let at = |k: i32| self.gains[0] * 10f64.powf(f64::from(k) / 20.0);
        // The least cost above which deciding itself stops being better.
        let first = (1..=60).find(|&k| advantage(at(k - 1)) > 0.0 && advantage(at(k)) <= 0.0)?;
        root(at(first - 1), at(first), advantage)
    }

    /// Gains of the centre under both, by drawing who finds out and whether projects please both. The same for any number of threads.
    pub fn simulate(&self, outcomes: [&Outcome; 2], draws: u32, seed: u64, number: u32) -> [Estimate; 2] {
        let gain = self.gains[0];
        means(draws, seed, number, |stream| {
            let (centre_luck, region_luck, pleases) =
                (stream.unit(), stream.unit(), stream.unit() < self.congruence[0]);
            let of = |decides: usize| {
                let efforts = outcomes[decides].efforts;
                let (centre, region) = (centre_luck < efforts[0], region_luck < efforts[1]);
                let gets = match decides {
                    0 => centre || region && pleases,
                    _ => region && pleases || !region && centre,
                };
                gain * f64::from(gets) - 0.5 * self.costs[0] * efforts[0] * efforts[0]
            };
            [of(0), of(1)]
        })
    }
}

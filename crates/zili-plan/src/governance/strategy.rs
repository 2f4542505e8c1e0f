#![doc = include_str!("../../../../docs/src/methods/governance-strategy.md")]

use super::regimes::{Conditions, Fared, Regimes};
use super::{ASKED, CENTRE, EITHER, LINE, REGIONS, out_of_range};
use crate::draws::{Estimate, SEED, estimate};
use crate::portfolio::instance::{Instance, Plan};
use crate::portfolio::planned::posed;
use crate::{Error, Strategy};
use rayon::prelude::*;
use zili_world::method::{Accepts, column};
use zili_world::{Cell, Column, Finding, Method, Options, Parameter, Watch, row};

const SPREAD: Parameter = Parameter {
    name: "spread",
    accepts: Accepts::Fraction { default: 0.4 },
    description: "how much local conditions matter: a region's programme delivers between 1 − spread and 1 + spread of what the strategy says, uniform",
};
const NOISE: Parameter = Parameter {
    name: "noise",
    accepts: Accepts::Fraction { default: 0.5 },
    description: "share of local conditions of which the centre does not hear",
};
const OVERLAP: Parameter = Parameter {
    name: "overlap",
    accepts: Accepts::Fraction { default: 0.5 },
    description: "need of coordination: share of the market of other regions at which a region aims as well; 0: none, 1: each aims at all of home's demand",
};
const CENTRAL: Parameter = Parameter {
    name: "central",
    accepts: Accepts::Fraction { default: 0.5 },
    description: "share of the regions' programmes that the centre decides in the hybrid: those that most regions could do instead of each other, then the dearest",
};
const DRAWS: Parameter = Parameter {
    name: "draws",
    accepts: Accepts::Count { default: 24, most: 10_000 },
    description: "draws of local conditions; every one needs some dozen plans",
};

pub static METHOD: Method = Method {
    name: "governance-strategy",
    page: include_str!("../../../../docs/src/methods/governance-strategy.md"),
    columns: &[
        column::HOME,
        Column::text(
            "case",
            "Case",
            "asked: what was asked; line: other overlaps, for the line of break-even; hybrid: other shares decided by the centre; noise: other shares not heard of",
        ),
        Column::share("noise", "Noise", "share of local conditions of which the centre does not hear").key(),
        Column::share("overlap", "Overlap", "share of other regions' market at which a region aims as well").key(),
        Column::share("central", "Central", "share of the regions' programmes that the centre decides in the hybrid")
            .key(),
        Column::text(
            "decides",
            "Loses less",
            "centre, regions or either: whose loss is smaller by more than two standard errors of the difference",
        )
        .result(),
        Column::musd(
            "loss_centre",
            "Loss, centre",
            "mean of what the centre's plan costs in truth more than the best plan",
        ),
        Column::musd("loss_regions", "Loss, regions", "the same if regions decide their programmes"),
        Column::musd("loss_hybrid", "Loss, hybrid", "the same if the centre decides its share of them"),
        Column::share(
            "break_even_noise",
            "Break-even noise",
            "share not heard of at which centre and regions lose the same; missing: none from 0 to 1",
        ),
        Column::musd("spent_best", "Spent, best", "mean own cost of the best plan").minor(),
        Column::musd("spent_centre", "Spent, centre", "the same of the centre's plan").minor(),
        Column::musd("spent_regions", "Spent, regions", "the same of the regions' plans: more of it is duplication")
            .minor(),
        Column::musd("error_centre", "Error", "standard error of `loss_centre`").minor(),
        Column::musd("error_regions", "Error", "standard error of `loss_regions`").minor(),
        Column::musd("error_hybrid", "Error", "standard error of `loss_hybrid`").minor(),
    ],
    parameters: &[
        SPREAD,
        NOISE,
        OVERLAP,
        CENTRAL,
        DRAWS,
        SEED,
        crate::portfolio::AGAINST,
        crate::portfolio::GAP,
        crate::portfolio::ITERATIONS,
    ],
};

/// Shares between 0 and 1 of the lines of rows.
const GRID: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// The case asked about, then lines along overlap, share of the centre, and noise.
pub fn run(strategy: &Strategy, options: &Options, watch: &dyn Watch) -> Result<Finding, Error> {
    let option = |parameter: &Parameter| options.number(parameter.name);
    let draws = option(&DRAWS);
    if draws < 2.0 {
        return Err(out_of_range(&DRAWS, draws, "a whole number from 2 on").into());
    }
    let (instance, opponent) = posed(strategy, options.choice("against"), None)?;
    let (regions, region) = regions(strategy, &instance)?;
    let regimes = Regimes {
        instance: without_floors(instance),
        opponent,
        region,
        regions: regions.len(),
        spread: option(&SPREAD),
        iterations: option(&crate::portfolio::ITERATIONS) as u64,
        gap: option(&crate::portfolio::GAP),
        watch,
    };
    watch.begin("draws", draws as u64);
    let asked = Asked { noise: option(&NOISE), overlap: option(&OVERLAP), central: option(&CENTRAL) };
    let announced = regimes.announced()?;
    let contested = regimes.contested();
    let of_draw = |draw: u64| {
        let conditions = regimes.conditions(option(&SEED) as u64, draw);
        let drawn = Drawn::new(&regimes, &announced, &contested, &conditions, asked);
        watch.next()?;
        drawn
    };
    let drawn = (0..draws as u64).into_par_iter().map(of_draw).collect::<Result<Vec<Drawn>, Error>>()?;

    let mut finding = strategy.begun(&METHOD, options);
    finding.note(format!(
        "against {}; {} programmes of {} regions: {}",
        opponent.words(),
        contested.len(),
        regions.len(),
        regions.join(", ")
    ));
    let home = &strategy.home.code;
    let mut push = |case: &str, noise: usize, overlap: usize, central: usize| {
        finding.push(line(home, case, asked, &drawn, [noise, overlap, central]));
    };
    // The case asked about is the last of every grid.
    let last = GRID.len();
    push(ASKED, last, last, last);
    (0..last).for_each(|k| push(LINE, last, k, last));
    (0..last).for_each(|k| push("hybrid", last, last, k));
    (0..last).for_each(|k| push("noise", k, last, last));
    Ok(finding)
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    noise: f64,
    overlap: f64,
    central: f64,
}

/// A grid with what was asked about at its end.
fn with(asked: f64) -> impl Iterator<Item = f64> {
    GRID.into_iter().chain([asked])
}

/// What follows of one draw of local conditions.
struct Drawn {
    best: Fared,
    /// By noise.
    centre: Vec<Fared>,
    /// By overlap.
    regions: Vec<Fared>,
    /// By share of the centre.
    hybrid: Vec<Fared>,
}

impl Drawn {
    fn new(
        regimes: &Regimes,
        announced: &Plan,
        contested: &[usize],
        conditions: &Conditions,
        asked: Asked,
    ) -> Result<Self, Error> {
        let truth = regimes.truth(conditions);
        let fares = |plan: &Plan| regimes.fares(&truth, plan);
        let plans = with(asked.noise).map(|noise| match noise {
            1.0 => Ok(announced.clone()),
            _ => regimes.central(conditions, noise),
        });
        let plans = plans.collect::<Result<Vec<Plan>, Error>>()?;
        let heard = &plans[GRID.len()];
        let regions = with(asked.overlap)
            .map(|overlap| Ok(fares(&regimes.shared(&truth, announced, announced, &[], overlap)?)));
        let hybrid = with(asked.central).map(|central| {
            let decided = &contested[..(central * contested.len() as f64).round() as usize];
            Ok(fares(&regimes.shared(&truth, heard, announced, decided, asked.overlap)?))
        });
        Ok(Self {
            best: fares(&plans[0]),
            centre: plans.iter().map(fares).collect(),
            regions: regions.collect::<Result<_, Error>>()?,
            hybrid: hybrid.collect::<Result<_, Error>>()?,
        })
    }
}

/// A row, from positions in the grids of noise, overlap and share of the centre.
fn line(home: &str, case: &str, asked: Asked, drawn: &[Drawn], [noise, overlap, central]: [usize; 3]) -> Vec<Cell> {
    let loss = |of: &dyn Fn(&Drawn) -> Fared| estimate(drawn.iter().map(|draw| of(draw).cost - draw.best.cost));
    let spent = |of: &dyn Fn(&Drawn) -> Fared| estimate(drawn.iter().map(|draw| of(draw).spent)).mean;
    let centre = loss(&|draw| draw.centre[noise]);
    let regions = loss(&|draw| draw.regions[overlap]);
    let hybrid = loss(&|draw| draw.hybrid[central]);
    let difference = estimate(drawn.iter().map(|draw| draw.regions[overlap].cost - draw.centre[noise].cost));
    let at = |grid: usize, asked: f64| GRID.get(grid).copied().unwrap_or(asked);
    row![
        home,
        case,
        at(noise, asked.noise),
        at(overlap, asked.overlap),
        at(central, asked.central),
        decides(difference),
        centre.mean,
        regions.mean,
        hybrid.mean,
        break_even(drawn, overlap).map_or(Cell::Missing, Cell::from),
        spent(&|draw| draw.best),
        spent(&|draw| draw.centre[noise]),
        spent(&|draw| draw.regions[overlap]),
        centre.error,
        regions.error,
        hybrid.error,
    ]
}

/// Whose loss is smaller, by the regions' less the centre's.
fn decides(difference: Estimate) -> &'static str {
    match difference.mean.abs() <= 2.0 * difference.error + 1e-9 {
        true => EITHER,
        false if difference.mean > 0.0 => CENTRE,
        false => REGIONS,
    }
}

/// The noise at which the centre's mean cost reaches that of the regions, straight between the grid's points.
fn break_even(drawn: &[Drawn], overlap: usize) -> Option<f64> {
    let mean = |of: &dyn Fn(&Drawn) -> f64| drawn.iter().map(of).sum::<f64>() / drawn.len() as f64;
    let regions = mean(&|draw| draw.regions[overlap].cost);
    let ahead: Vec<f64> = (0..GRID.len()).map(|k| regions - mean(&|draw| draw.centre[k].cost)).collect();
    let k = (1..GRID.len()).find(|&k| ahead[k - 1] > 0.0 && ahead[k] <= 0.0)?;
    Some(GRID[k - 1] + (GRID[k] - GRID[k - 1]) * ahead[k - 1] / (ahead[k - 1] - ahead[k]))
}

/// Names of regions, and by programme of the instance which one decides it.
fn regions(strategy: &Strategy, instance: &Instance) -> Result<(Vec<String>, Vec<Option<usize>>), Error> {
    let mut names: Vec<String> = strategy.programmes.iter().filter_map(|p| p.region.clone()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Err(Error::Nothing(
            "no programme of the strategy belongs to a region: add region = \"NAME\" to those that a region could decide".to_owned(),
        ));
    }
    let mut of: Vec<Option<usize>> =
        strategy.programmes.iter().map(|p| names.iter().position(|name| p.region.as_ref() == Some(name))).collect();
    of.resize(instance.programmes.len(), None);
    Ok((names, of))
}

/// Targets that every plan must reach: who does not know local conditions may miss them, and pays for what is missing instead.
fn without_floors(mut instance: Instance) -> Instance {
    instance.inputs.iter_mut().for_each(|input| input.floor = None);
    instance
}

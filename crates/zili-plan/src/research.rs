#![doc = include_str!("../../../docs/src/methods/research.md")]

use crate::economy::HomeTable;
use crate::verdict::{Dependence, FOREIGN_SHARE};
use zili_world::linalg::Lu;
use zili_world::method::{Accepts, column};
use zili_world::{Cell, Column, Error, Finding, Matrix, Method, Parameter, Params, System, World, row};

pub(crate) const DISCOUNT: Parameter = Parameter {
    name: "rho",
    accepts: Accepts::Number { default: 0.05, above: 0.0, below: 1e2 },
    description: "ρ: discount rate, per year; default of Liu & Ma",
};
pub(crate) const STEP: Parameter = Parameter {
    name: "lambda",
    accepts: Accepts::Number { default: 0.17, above: 0.0, below: 1e3 },
    description: "λ: how fast research moves knowledge, per year; default of Liu & Ma",
};
pub(crate) const TODAY: Parameter = Parameter {
    name: "research",
    accepts: Accepts::Choice(&["value-added", "output", "file"]),
    description: "today's research by sector: in proportion to value added or to output (proxies), or as the file given with --research says",
};
pub(crate) const NETWORK: Parameter = Parameter {
    name: "citations",
    accepts: Accepts::Choice(&["inputs", "file"]),
    description: "who builds on whose knowledge: in proportion to inputs bought (a proxy), or as the file given with --citations says",
};

pub static METHOD: Method = Method {
    name: "research",
    page: include_str!("../../../docs/src/methods/research.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        Column { description: "code of the sector, `*` for all", ..column::SECTOR },
        column::SECTOR_NAME,
        Column::share("today", "Today", "b: share of research done in the sector today, as given or by the proxy asked for"),
        Column::share("open", "Best, open", "γ_open: best share while knowledge comes from abroad as today"),
        Column::share("closed", "Best, alone", "γ: best share if all knowledge must be made at home"),
        Column::share("change", "Change", "closed − open: where research must go when home has to rely on itself"),
        Column::text(
            "verdict",
            "Verdict",
            "worth it: both `open` and `closed` are above `today`; dependent: `foreign_share` above home's in all sectors together; then worth it and dependent, worth it, merely dependent, or neither",
        )
        .result(),
        Column::share(
            "foreign_knowledge",
            "Knowledge from abroad",
            "Σ_j ω_ij (1 − x_ij): share of what the sector builds on that comes from abroad; `*`: share of the value of research that home loses to it, 1 − G",
        ),
        Column::power(
            "gain_open",
            "Gain, open",
            "the sector's part of the gain in permanent log consumption from moving today's research to `open`; `*`: the gain. Missing if a sector that ought to have research has none",
        ),
        Column::power("gain_closed", "Gain, alone", "the same from moving to `closed`, in an economy that makes all its knowledge"),
        Column::share("consumption_open", "In consumption, open", "e^gain − 1, only for `*`: consumption for ever that is worth as much").minor(),
        Column::share("consumption_closed", "In consumption", "the same of `gain_closed`").minor(),
        Column::share("final_share", "Final use", "β: share of the sector in home's final use, wherever made; the best share as ρ → ∞").minor(),
        Column::share("centrality", "Centrality", "the best share on its own as ρ → 0: eigenvector centrality in the network").minor(),
        FOREIGN_SHARE.minor(),
    ],
    parameters: &[DISCOUNT, STEP, TODAY, NETWORK],
};

/// Code and name of "all sectors together" in results by sector.
const ALL: (&str, &str) = ("*", "All sectors");

/// Home's sectors, those first that are furthest below their best share in an open economy; `*` last.
pub fn run(world: &World, params: &Params) -> Result<Finding, crate::Error> {
    let system = world.system(params.year)?;
    let answer = Answer::new(world, &system, params)?;
    let dependence = Dependence::new(system.table(), &params.home)?;
    let sectors = system.classification().sectors();
    let mut finding = Finding::new(&METHOD, params);
    let mut order: Vec<usize> = (0..sectors.len()).collect();
    let missing = |s: usize| {
        let due = answer.open[s] - answer.today[s];
        if due.is_nan() { f64::NEG_INFINITY } else { due }
    };
    order.sort_by(|&a, &b| missing(b).total_cmp(&missing(a)).then(a.cmp(&b)));
    for s in order {
        finding.push(row![
            params.year,
            &params.home.code,
            sectors[s].code.as_str(),
            &sectors[s].name,
            answer.today[s],
            answer.open[s],
            answer.closed[s],
            answer.closed[s] - answer.open[s],
            dependence.verdict(s, answer.worth(s)),
            answer.foreign[s],
            answer.gains_open[s],
            answer.gains_closed[s],
            Cell::Missing,
            Cell::Missing,
            answer.value[s],
            answer.centrality[s],
            dependence.by_sector[s],
        ]);
    }
    let sum = |values: &[f64]| values.iter().filter(|value| !value.is_nan()).sum::<f64>();
    let (open, closed) = (sum(&answer.gains_open), sum(&answer.gains_closed));
    finding.push(row![
        params.year,
        &params.home.code,
        ALL.0,
        ALL.1,
        sum(&answer.today),
        sum(&answer.open),
        sum(&answer.closed),
        0.0,
        Cell::Missing,
        1.0 - answer.kept,
        open,
        closed,
        open.exp_m1(),
        closed.exp_m1(),
        sum(&answer.value),
        sum(&answer.centrality),
        dependence.all,
    ]);
    answer.sign(world, params, &mut finding);
    finding.note(dependence.note());
    Ok(finding)
}

/// Value of research by sector, γ' = (ρ/(ρ+λ)) β'(I − M/(1+ρ/λ))⁻¹ (Liu & Ma).
///
/// `network` M, [sector that builds × sector built on], is Ω (rows sum to 1) in an economy that makes all its knowledge, and Ω∘X with home's
/// share X in that knowledge in an open one; `value` β sums to 1; `rho` and `lambda` are per year and above 0. The result sums to 1 for rows
/// that sum to 1, and to less by what foreign knowledge adds; its shares are the best shares of research. Refuses shares of a network with
/// no solution, which rows that sum to at most 1 always have.
///
/// ```
/// use zili_plan::research::value_of_research;
/// use zili_world::Matrix;
/// // Two sectors that build on each other alone: γ_1 = (β_1 + θ β_2)/(1 + θ), θ = λ/(ρ+λ).
/// let network = Matrix::from_rows(2, 2, vec![0.0, 1.0, 1.0, 0.0]);
/// let best = value_of_research(&network, &[0.8, 0.2], 0.05, 0.15).unwrap();
/// assert!((best[0] - (0.8 + 0.75 * 0.2) / 1.75).abs() < 1e-14);
/// ```
pub fn value_of_research(network: &Matrix, value: &[f64], rho: f64, lambda: f64) -> Result<Vec<f64>, Error> {
    let n = value.len();
    let theta = lambda / (rho + lambda);
    let lu = Lu::factor(Matrix::from_fn(n, n, |i, j| f64::from(i == j) - theta * network[(i, j)]))
        .map_err(|_| Error::Unanswerable("the network of knowledge has no solution at these rates".to_owned()))?;
    let mut solution = Matrix::from_rows(1, n, value.to_vec());
    lu.solve_rows(&mut solution);
    // ρ/(ρ+λ), without the rounding of 1 − θ where ρ is small.
    let scale = rho / (rho + lambda);
    Ok(solution.row(0).iter().map(|value| scale * value).collect())
}

/// Parts by sector of the gain in permanent log consumption of moving research from shares `today` b to shares `best` γ:
/// (λ/ρ) G γ_i ln(γ_i/b_i), whose sum is (λ/ρ) G KL(γ‖b).
///
/// `kept` G is the sum of [`value_of_research`], 1 in an economy that makes all its knowledge. Infinite for a sector that ought to have
/// research and has none; zero for one that ought to have none.
pub fn gains(best: &[f64], today: &[f64], kept: f64, rho: f64, lambda: f64) -> Vec<f64> {
    let one = |(best, today): (&f64, &f64)| if *best > 0.0 { best * (best / today).ln() } else { 0.0 };
    best.iter().zip(today).map(one).map(|part| lambda / rho * kept * part).collect()
}

/// Best shares as ρ → 0: the weights a' = a'Ω that β leads to, eigenvector centrality where the network hangs together.
///
/// Taken at ρ = 1e-9 λ, which is off by that order and gives the right weights to parts of a network that do not hang together too.
pub fn patient(network: &Matrix, value: &[f64]) -> Result<Vec<f64>, Error> {
    let shares = value_of_research(network, value, 1e-9, 1.0)?;
    let sum: f64 = shares.iter().sum();
    Ok(shares.into_iter().map(|share| share / sum).collect())
}

/// Everything by sector of the classification; not a number for sectors that home does not have.
pub(crate) struct Answer {
    pub today: Vec<f64>,
    pub open: Vec<f64>,
    pub closed: Vec<f64>,
    value: Vec<f64>,
    centrality: Vec<f64>,
    foreign: Vec<f64>,
    gains_open: Vec<f64>,
    gains_closed: Vec<f64>,
    /// G: the part of the value of research that home keeps.
    kept: f64,
    notes: Vec<String>,
}

impl Answer {
    pub fn new(world: &World, system: &System, params: &Params) -> Result<Self, Error> {
        let home = HomeTable::new(system, params)?;
        let sectors = system.classification().sectors();
        let count = home.sectors();
        let mut notes = Vec::new();
        let today = today(world, &home, params, &mut notes)?;
        // What home does not make it does not research; the rest of the network is theirs.
        let given = params.options.choice(TODAY.name) == "file";
        let active: Vec<usize> = (0..count).filter(|&s| home.output[s] > 0.0 || given && today[s] > 0.0).collect();
        if active.len() < count {
            let absent: Vec<&str> =
                (0..count).filter(|s| !active.contains(s)).map(|s| sectors[s].code.as_str()).collect();
            notes.push(format!("home makes nothing in {}: left out, and others' shares sum to 1", absent.join(", ")));
        }
        if active.is_empty() {
            return Err(Error::Unanswerable("home makes nothing in any sector".to_owned()));
        }
        let pick = |values: &[f64]| shares(active.iter().map(|&s| values[s].max(0.0)));
        let today = pick(&today);
        // What falling inventories make negative counts as none.
        let value = pick(&home.final_use);
        if value.iter().chain(&today).any(|value| value.is_nan()) {
            return Err(Error::Unanswerable("home uses nothing finally, or has no research anywhere".to_owned()));
        }
        let (all, domestic) = knowledge(world, &home, params, &mut notes)?;
        let (network, open_network) = network(&all.select(&active, &active), &domestic.select(&active, &active));
        let (rho, lambda) = (params.options.number(DISCOUNT.name), params.options.number(STEP.name));
        let closed = value_of_research(&network, &value, rho, lambda)?;
        let open = value_of_research(&open_network, &value, rho, lambda)?;
        let kept: f64 = open.iter().sum();
        let open: Vec<f64> = open.iter().map(|value| value / kept).collect();
        let (gains_open, gains_closed) =
            (gains(&open, &today, kept, rho, lambda), gains(&closed, &today, 1.0, rho, lambda));
        let regret: f64 = gains(&closed, &open, 1.0, rho, lambda).iter().sum();
        notes.push(format!(
            "an economy on its own that keeps the shares best for an open one loses {:.2} % of consumption for ever",
            -100.0 * (-regret).exp_m1()
        ));
        if gains_closed.iter().any(|gain| gain.is_infinite()) {
            notes.push(
                "a gain without bound is missing: a sector that ought to have research has none today".to_owned(),
            );
        }
        let foreign: Vec<f64> =
            network.row_sums().iter().zip(open_network.row_sums()).map(|(all, own)| all - own).collect();
        let whole = |values: Vec<f64>| {
            let mut out = vec![f64::NAN; count];
            active.iter().zip(values).for_each(|(&s, value)| out[s] = value);
            out
        };
        Ok(Self {
            centrality: whole(patient(&network, &value)?),
            today: whole(today),
            open: whole(open),
            closed: whole(closed),
            value: whole(value),
            foreign: whole(foreign),
            gains_open: whole(gains_open),
            gains_closed: whole(gains_closed),
            kept,
            notes,
        })
    }

    /// Whether more research than today is best, open and on its own; not known for a sector that home does not have.
    pub fn worth(&self, sector: usize) -> Option<bool> {
        let (today, open, closed) = (self.today[sector], self.open[sector], self.closed[sector]);
        today.is_finite().then_some(open > today && closed > today)
    }

    /// Notes and the files that were read.
    pub fn sign(&self, world: &World, params: &Params, finding: &mut Finding) {
        self.notes.iter().for_each(|note| finding.note(note));
        let asked = |option: &Parameter| params.options.choice(option.name) == "file";
        let files = [
            world.research().filter(|_| asked(&TODAY)).map(|r| &r.file),
            world.citations().filter(|_| asked(&NETWORK)).map(|c| &c.file),
        ];
        finding.evidence.inputs.extend(files.into_iter().flatten().cloned());
    }
}

/// Today's research by sector, in any one unit.
fn today(world: &World, home: &HomeTable, params: &Params, notes: &mut Vec<String>) -> Result<Vec<f64>, Error> {
    match params.options.choice(TODAY.name) {
        "file" => {
            let none = || Error::Unanswerable("no file of today's research is given; give --research FILE".to_owned());
            Ok(world.research().ok_or_else(none)?.by_sector().to_vec())
        }
        proxy => {
            notes.push(format!(
                "today's research is taken in proportion to {}: gains measure the distance from that proxy; give shares of your own with --research FILE",
                proxy.replace('-', " ")
            ));
            Ok(if proxy == "output" { home.output.clone() } else { home.value_added.clone() })
        }
    }
}

/// What each sector builds on, and how much of it is made at home, [sector that builds × sector built on].
fn knowledge(
    world: &World,
    home: &HomeTable,
    params: &Params,
    notes: &mut Vec<String>,
) -> Result<(Matrix, Matrix), Error> {
    let n = home.sectors();
    let turned = |m: &Matrix| Matrix::from_fn(n, n, |user, maker| m[(maker, user)].max(0.0));
    let (inputs, own) = (turned(&home.inputs), turned(&home.domestic));
    if params.options.choice(NETWORK.name) == "inputs" {
        notes.push(
            "who builds on whose knowledge is taken from inputs bought, home's share from where they come: a proxy; give citations with --citations FILE"
                .to_owned(),
        );
        return Ok((inputs, own));
    }
    let none = || Error::Unanswerable("no file of citations is given; give --citations FILE".to_owned());
    let citations = world.citations().ok_or_else(none)?;
    let domestic = match citations.domestic() {
        Some(domestic) => domestic.clone(),
        None => {
            notes.push(
                "the citations do not tell home's patents apart: home's share is that of inputs bought".to_owned(),
            );
            let share = |i, j| if inputs[(i, j)] > 0.0 { own[(i, j)] / inputs[(i, j)] } else { 1.0 };
            Matrix::from_fn(n, n, |i, j| citations.all()[(i, j)] * share(i, j))
        }
    };
    Ok((citations.all().clone(), domestic))
}

/// Ω with rows that sum to 1, and Ω∘X; a sector that builds on nobody builds on itself.
fn network(all: &Matrix, domestic: &Matrix) -> (Matrix, Matrix) {
    let sums = all.row_sums();
    let n = sums.len();
    let share = |part: &Matrix, i: usize, j: usize| match sums[i] > 0.0 {
        true => part[(i, j)] / sums[i],
        false => f64::from(i == j),
    };
    (Matrix::from_fn(n, n, |i, j| share(all, i, j)), Matrix::from_fn(n, n, |i, j| share(domestic, i, j)))
}

fn shares(values: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let sum: f64 = values.clone().sum();
    values.map(|value| value / sum).collect()
}

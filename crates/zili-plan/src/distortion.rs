#![doc = include_str!("../../../docs/src/methods/distortion.md")]

use crate::draws::{SEED, Stream};
use crate::economy::{Economy, HomeTable, IMPORTS, Imports};
use crate::verdict::{Dependence, FOREIGN_SHARE};
use rayon::prelude::*;
use zili_world::linalg::Lu;
use zili_world::method::{Accepts, column};
use zili_world::{Cell, Column, Error, Finding, Matrix, Method, Parameter, Params, System, World, row};

pub(crate) const WEDGE: Parameter = Parameter {
    name: "wedge",
    accepts: Accepts::Number { default: 0.1, above: 0.0, below: 1e3 },
    description: "χ: rents paid on every input, as a share of its price; 0.1 is the flat wedge of Liu (2019)",
};
pub(crate) const LAW: Parameter = Parameter {
    name: "law",
    accepts: Accepts::Choice(&["uniform", "exponential"]),
    description: "how wedges are drawn, one for each input of each sector: uniform (from 0 to 2χ) or exponential (of mean χ)",
};
pub(crate) const DRAWS: Parameter = Parameter {
    name: "draws",
    accepts: Accepts::Count { default: 200, most: 100_000 },
    description: "how often wedges are drawn to see how ranks spread, at most 100000",
};

/// Drawn ranks are all kept to find their quantiles.
const MOST_DRAWS: f64 = 100_000.0;

pub static METHOD: Method = Method {
    name: "distortion",
    page: include_str!("../../../docs/src/methods/distortion.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::integer("rank", "Rank", "", "place by `distortion` among home's sectors with output, 1 the highest"),
        Column::number(
            "distortion",
            "Distortion",
            "ratio",
            "ξ = μ / γ: net output gained per unit of money that a subsidy to the sector costs; 1 on average",
        ),
        Column::number("gain", "Gain per unit spent", "ratio", "ξ − 1: what a small subsidy adds beyond what it costs").minor(),
        Column::text(
            "verdict",
            "Verdict",
            "worth it: `distortion` above 1; dependent: `foreign_share` above home's in all sectors together; then worth it and dependent, worth it, merely dependent, or neither",
        )
        .result(),
        Column::integer("rank_best", "Best rank", "", "rank that 5 % of draws of the wedges better or equal"),
        Column::integer("rank_worst", "Worst rank", "", "rank that 95 % of draws better or equal"),
        Column::integer("rank_half", "Half the wedge", "", "rank with χ/2").minor(),
        Column::integer("rank_double", "Twice the wedge", "", "rank with 2χ").minor(),
        Column::integer("rank_outside", "Imports outside", "", "rank with imports = outside").minor(),
        Column::integer("rank_traded", "Imports traded", "", "rank with imports = traded; missing where home exports nothing").minor(),
        Column::integer("rank_at_home", "Imports as if at home", "", "rank with imports = at-home").minor(),
        Column::number("influence", "Influence", "ratio", "μ: rise of net output per rise of the sector's productivity").minor(),
        Column::number("domar", "Domar weight", "ratio", "γ: the sector's sales / payments to primary inputs").minor(),
        Column::number("wedge", "Wedge", "ratio", "χ of the sector: as asked, or what its value added leaves room for").minor(),
        FOREIGN_SHARE.minor(),
    ],
    parameters: &[WEDGE, IMPORTS, LAW, DRAWS, SEED],
};

/// Home's sectors by distortion centrality, highest first; those without output last.
pub fn run(world: &World, params: &Params) -> Result<Finding, crate::Error> {
    let system = world.system(params.year)?;
    let answer = Answer::new(&system, params)?;
    let dependence = Dependence::new(system.table(), &params.home)?;
    let sectors = system.classification().sectors();
    let mut finding = Finding::new(&METHOD, params);
    for s in answer.order() {
        let xi = answer.base.distortion[s];
        let mut cells = row![
            params.year,
            &params.home.code,
            sectors[s].code.as_str(),
            &sectors[s].name,
            place(&answer.ranks, s),
            xi,
            xi - 1.0,
            dependence.verdict(s, answer.worth(s)),
            answer.spread(s, 0.05),
            answer.spread(s, 0.95),
        ];
        cells.extend([&answer.half, &answer.double].map(|ranks| place(ranks, s)));
        cells.extend(answer.treatments.iter().map(|ranks| ranks.as_ref().map_or(Cell::Missing, |r| place(r, s))));
        cells.extend(row![answer.base.influence[s], answer.base.domar[s], answer.wedge[s], dependence.by_sector[s],]);
        finding.push(cells);
    }
    answer.notes(params).into_iter().for_each(|note| finding.note(note));
    finding.note(dependence.note());
    Ok(finding)
}

/// Influence, Domar weight and distortion centrality of every producer.
#[derive(Clone, Debug)]
pub struct Centrality {
    /// μ' = β'(I − Σ)⁻¹.
    pub influence: Vec<f64>,
    /// γ: sales / payments to primary inputs.
    pub domar: Vec<f64>,
    /// ξ = μ / γ; not a number for a producer that sells nothing.
    pub distortion: Vec<f64>,
}

/// Distortion centrality (Liu 2019): ξ = μ/γ with μ' = β'(I − Σ)⁻¹, γ' = β'(I − Ω)⁻¹ / (β'(I − Ω)⁻¹ ω_L), Σ = Ω∘(1 + χ),
/// ω_L = 1 − Σ1.
///
/// `shares` Ω, [producer × input], are shares of revenue paid for inputs; `wedges` χ, of the same shape, are rents paid on top, as a share of the
/// price; `final_shares` β sum to 1. No unit but ratios. Refuses a network that uses up all it makes.
///
/// ```
/// use zili_plan::distortion::centrality;
/// use zili_world::Matrix;
/// // An upstream sector that needs only labour, and a downstream one with cost elasticity ½ of it; only the latter's product is used
/// // finally, and χ = 0.1 is paid on the input: ξ = (1 + χ(1 − b), (1 − b) + b/(1 + χ)) with b = ½.
/// let shares = Matrix::from_rows(2, 2, vec![0.0, 0.0, 0.5 / 1.1, 0.0]);
/// let wedges = Matrix::from_rows(2, 2, vec![0.0, 0.0, 0.1, 0.0]);
/// let xi = centrality(&shares, &wedges, &[0.0, 1.0]).unwrap().distortion;
/// assert!((xi[0] - 1.05).abs() < 1e-12);
/// assert!((xi[1] - (0.5 + 0.5 / 1.1)).abs() < 1e-12);
/// ```
pub fn centrality(shares: &Matrix, wedges: &Matrix, final_shares: &[f64]) -> Result<Centrality, Error> {
    let n = final_shares.len();
    let elasticities = Matrix::from_fn(n, n, |i, j| shares[(i, j)] * (1.0 + wedges[(i, j)]));
    let influence = demand(&elasticities, final_shares)?;
    let sales = demand(shares, final_shares)?;
    let primary: f64 = elasticities.row_sums().iter().zip(&sales).map(|(inputs, sales)| (1.0 - inputs) * sales).sum();
    if primary.is_nan() || primary <= 0.0 {
        return Err(Error::Unanswerable("with this wedge nothing is left to pay primary inputs".to_owned()));
    }
    let domar: Vec<f64> = sales.iter().map(|sales| sales / primary).collect();
    let largest = domar.iter().fold(0.0f64, |m, value| m.max(value.abs()));
    // What is this small is rounding of nothing.
    let ratio = |(mu, gamma): (&f64, &f64)| if gamma.abs() > 1e-14 * largest { mu / gamma } else { f64::NAN };
    let distortion = influence.iter().zip(&domar).map(ratio).collect();
    Ok(Centrality { influence, domar, distortion })
}

/// β'(I − M)⁻¹.
fn demand(matrix: &Matrix, final_shares: &[f64]) -> Result<Vec<f64>, Error> {
    let n = final_shares.len();
    let less = Matrix::from_fn(n, n, |i, j| f64::from(i == j) - matrix[(i, j)]);
    let singular = |_| Error::Unanswerable("home's sectors use up all they make with this wedge".to_owned());
    let lu = Lu::factor(less).map_err(singular)?;
    let mut solution = Matrix::from_rows(1, n, final_shares.to_vec());
    lu.solve_rows(&mut solution);
    let solution = solution.row(0).to_vec();
    // A productive network turns demand for anything into output, never into less than none.
    let scale = solution.iter().fold(0.0f64, |m, value| m.max(value.abs()));
    let fine = solution.iter().all(|value| value.is_finite())
        && (final_shares.iter().any(|share| *share < 0.0) || solution.iter().all(|value| *value >= -1e-9 * scale));
    if fine { Ok(solution) } else { Err(singular(zili_world::linalg::Singular)) }
}

/// Change of log net output per unit of a subsidy τ_ij to i's use of j's product, at no subsidy: ω_ij (μ_i − γ_i), [producer × input].
///
/// Per unit of money spent, as a share of net output, that is ξ_i − 1, whatever the input.
pub fn subsidy_effects(shares: &Matrix, centrality: &Centrality) -> Matrix {
    Matrix::from_fn(shares.rows(), shares.columns(), |i, j| {
        shares[(i, j)] * (centrality.influence[i] - centrality.domar[i])
    })
}

/// Wedges cut so that no producer pays more in rents than its value added: row i by min(1, v_i / Σ_j χ_ij ω_ij).
fn within_value_added(economy: &Economy, mut wedges: Matrix) -> Matrix {
    for i in 0..wedges.rows() {
        let rents: f64 = economy.shares.row(i).iter().zip(wedges.row(i)).map(|(share, wedge)| share * wedge).sum();
        if rents > economy.room[i] {
            let cut = economy.room[i] / rents;
            wedges.row_mut(i).iter_mut().for_each(|wedge| *wedge *= cut);
        }
    }
    wedges
}

fn flat(economy: &Economy, wedge: f64) -> Matrix {
    let n = economy.final_shares.len();
    within_value_added(economy, Matrix::from_rows(n, n, vec![wedge; n * n]))
}

fn drawn(economy: &Economy, wedge: f64, exponential: bool, seed: u64, draw: u64) -> Matrix {
    let mut stream = Stream::new(seed, draw);
    let n = economy.final_shares.len();
    let one = |u: f64| if exponential { -wedge * (1.0 - u).ln() } else { 2.0 * wedge * u };
    let wedges = Matrix::from_fn(n, n, |_, _| one(stream.unit()));
    within_value_added(economy, wedges)
}

/// The answer for home, with what it would be under other assumptions.
pub(crate) struct Answer {
    pub base: Centrality,
    /// χ of each sector as it entered.
    pub wedge: Vec<f64>,
    /// Average ranks, not a number for sectors without output.
    pub ranks: Vec<f64>,
    half: Vec<f64>,
    double: Vec<f64>,
    /// By [`Imports::ALL`]; none where it cannot be had.
    treatments: [Option<Vec<f64>>; 3],
    /// Ranks of every draw.
    drawn: Vec<Vec<f64>>,
    /// Sectors whose value added leaves no room for the wedge.
    cut: usize,
    negative_final_use: bool,
}

impl Answer {
    pub fn new(system: &System, params: &Params) -> Result<Self, Error> {
        let draws = params.options.number(DRAWS.name);
        if draws > MOST_DRAWS {
            let expected = format!("a whole number from 1 to {MOST_DRAWS}");
            return Err(Error::Option { name: DRAWS.name.into(), given: draws.to_string(), expected });
        }
        let home = HomeTable::new(system, params)?;
        let sectors = home.sectors();
        let economy = Economy::new(&home, Imports::asked(params))?;
        let wedge = params.options.number(WEDGE.name);
        let solve = |economy: &Economy, wedges: &Matrix| -> Result<Centrality, Error> {
            let mut all = centrality(&economy.shares, wedges, &economy.final_shares)?;
            // Trade is no sector of home's.
            for values in [&mut all.influence, &mut all.domar, &mut all.distortion] {
                values.truncate(sectors);
            }
            Ok(all)
        };
        let wedges = flat(&economy, wedge);
        let base = solve(&economy, &wedges)?;
        let other = |wedge: f64| solve(&economy, &flat(&economy, wedge)).map(|c| ranks(&c.distortion));
        let treatments = Imports::ALL.map(|imports| {
            let economy = Economy::new(&home, imports).ok()?;
            solve(&economy, &flat(&economy, wedge)).ok().map(|c| ranks(&c.distortion))
        });
        let (exponential, seed) = (params.options.choice(LAW.name) == "exponential", params.options.number(SEED.name));
        let draw = |k: u64| {
            solve(&economy, &drawn(&economy, wedge, exponential, seed as u64, k)).map(|c| ranks(&c.distortion))
        };
        // Collected before the first error is looked for, so that it is the same error each time.
        let drawn: Vec<Result<Vec<f64>, Error>> = (0..draws as u64).into_par_iter().map(draw).collect();
        let in_use: Vec<f64> = (0..sectors).map(|s| wedges.row(s)[0]).collect();
        Ok(Self {
            ranks: ranks(&base.distortion),
            half: other(wedge / 2.0)?,
            double: other(2.0 * wedge)?,
            treatments,
            drawn: drawn.into_iter().collect::<Result<_, _>>()?,
            cut: in_use.iter().zip(&base.distortion).filter(|(w, xi)| **w < wedge && xi.is_finite()).count(),
            negative_final_use: economy.final_shares.iter().any(|share| *share < 0.0),
            wedge: in_use,
            base,
        })
    }

    /// Sectors, highest centrality first; those without one last.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.ranks.len()).collect();
        let key = |s: &usize| if self.ranks[*s].is_nan() { f64::INFINITY } else { self.ranks[*s] };
        order.sort_by(|a, b| key(a).total_cmp(&key(b)).then(a.cmp(b)));
        order
    }

    /// The rank that a share of draws betters or equals.
    pub fn spread(&self, sector: usize, quantile: f64) -> Cell {
        let mut found: Vec<f64> = self.drawn.iter().map(|ranks| ranks[sector]).filter(|rank| !rank.is_nan()).collect();
        if found.is_empty() {
            return Cell::Missing;
        }
        found.sort_by(f64::total_cmp);
        let last = found.len() - 1;
        Cell::Integer(found[(quantile * last as f64).round() as usize].floor() as i64)
    }

    /// Whether a subsidy pays, by more than rounding; not known without output.
    pub fn worth(&self, sector: usize) -> Option<bool> {
        let xi = self.base.distortion[sector];
        xi.is_finite().then_some(xi > 1.0 + 1e-9)
    }

    pub fn notes(&self, params: &Params) -> Vec<String> {
        let with = |ranks: &[f64]| format!("{:.3}", correlation(&self.ranks, ranks));
        let mut of_draws: Vec<f64> = self.drawn.iter().map(|ranks| correlation(&self.ranks, ranks)).collect();
        of_draws.sort_by(f64::total_cmp);
        let imports = Imports::asked(params);
        let others = Imports::ALL.iter().zip(&self.treatments).filter(|(other, _)| **other != imports);
        let others: Vec<String> = others
            .map(|(other, ranks)| {
                let value = ranks.as_ref().map_or("not to be had".to_owned(), |ranks| with(ranks));
                format!("{} {value}", other.as_str())
            })
            .collect();
        let mut notes = vec![format!(
            "rank correlation of this ranking with others: half the wedge {}, twice the wedge {}; wedges drawn at random {:.3} (median of {} draws; lowest {:.3}); imports {}",
            with(&self.half),
            with(&self.double),
            of_draws[of_draws.len() / 2],
            of_draws.len(),
            of_draws[0],
            others.join(", "),
        )];
        if self.cut > 0 {
            notes.push(format!(
                "{} sectors have too little value added to pay this wedge on all their inputs; theirs is what it leaves room for (column wedge)",
                self.cut
            ));
        }
        if self.negative_final_use {
            notes.push(
                "some sectors have final use below zero (falling inventories, or imports taken off); it counts as it stands"
                    .to_owned(),
            );
        }
        notes
    }
}

/// A rank as shown: that of a tie is the average, rounded down.
pub(crate) fn place(ranks: &[f64], sector: usize) -> Cell {
    if ranks[sector].is_nan() { Cell::Missing } else { Cell::Integer(ranks[sector].floor() as i64) }
}

/// Ranks, 1 the largest, ties at their average; not a number where there is no value.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        if value.is_nan() {
            return f64::NAN;
        }
        let above = values.iter().filter(|other| *other > value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        above as f64 + (equal as f64 + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

/// Pearson correlation where both have a value; of ranks it is Spearman's.
pub(crate) fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let pairs: Vec<(f64, f64)> =
        a.iter().copied().zip(b.iter().copied()).filter(|(x, y)| !x.is_nan() && !y.is_nan()).collect();
    let n = pairs.len() as f64;
    let (x, y) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0 / n, sum.1 + pair.1 / n));
    let of = |f: &dyn Fn(&(f64, f64)) -> f64| -> f64 { pairs.iter().map(f).sum() };
    let cross = of(&|p| (p.0 - x) * (p.1 - y));
    cross / (of(&|p| (p.0 - x).powi(2)) * of(&|p| (p.1 - y).powi(2))).sqrt()
}

#![doc = include_str!("../../../docs/src/methods/fragmentation.md")]

use crate::Error;
use crate::by_region::{self, ROLE, ranked, role};
use crate::equilibrium::anderson::Anderson;
use crate::equilibrium::calibrate::{denied, flows};
use zili_scenario::Scenario;
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Column, Finding, Matrix, Method, Parameter, Params, World, row};

pub static METHOD: Method = Method {
    name: "fragmentation",
    page: include_str!("../../../docs/src/methods/fragmentation.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        ROLE,
        Column::musd("output", "Output", "what the region sells, to itself and to others, before").minor(),
        Column::share("welfare", "Welfare", "change of real income of those who supply and consume"),
        Column::share("supply", "Output", "change of what is supplied, at constant prices"),
        Column::share("price", "Prices", "change of the region's price index, relative to the world's mean income"),
        Column::share("trade", "Trade", "change of exports and imports in value"),
        Column::share("home_share", "Home share", "share of spending that stays at home, before"),
        Column::share("home_share_after", "after", "the same after"),
    ],
    parameters: &[
        Parameter {
            name: "phi",
            accepts: Accepts::Number { default: 3.8, above: 0.0, below: 1e3 },
            description: "φ: trade elasticity; the default is that of Campos et al. (2023)",
        },
        Parameter {
            name: "psi",
            accepts: Accepts::Amount { default: 1.239_789_196_310_93, most: 1e3 },
            description: "ψ: elasticity of supply to real prices, 0 if it is fixed; the default is that of Campos et al. (2023), to the digits that their results imply",
        },
    ],
};

/// Real incomes in a world of one sector whose trade falls apart.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let controls = &by_region::controls(scenario, "the fragmentation model")?;
    let table = world.table(params.year)?;
    let classification = &table.classification;
    let regions = classification.regions().len();
    let (bought, denied) = (flows(&table), denied(controls, classification)?);
    // All sectors and uses together, from exporter to importer.
    let (mut trade, mut left) = (Matrix::zeros(regions, regions), Matrix::zeros(regions, regions));
    for (at, place) in (0..bought[0].len()).map(|at| (at, (at % regions, at / regions % regions))) {
        for use_ in 0..2 {
            trade[place] += bought[use_][at];
            left[place] += bought[use_][at] * (1.0 - denied[use_][at]);
        }
    }
    for i in 0..regions {
        for (left, trade) in left.row_mut(i).iter_mut().zip(trade.row(i)) {
            *left = if *trade > 0.0 { *left / trade } else { 1.0 };
        }
    }
    let model = Fragmentation {
        trade: &trade,
        left: &left,
        phi: params.options.number("phi"),
        psi: params.options.number("psi"),
    };
    let found = model.solve().map_err(|stuck| {
        Error::NoEquilibrium(match stuck {
            Stuck::Alone(n) => format!(
                "{} is left nobody to buy from or to sell to, itself included",
                classification.regions()[n].code
            ),
            Stuck::Owes(n) => format!("{} is cut off both ways, and cannot keep its deficit or surplus; play it with --model trade-equilibrium --set deficits=closed", classification.regions()[n].code),
            Stuck::Rounds(gap) if gap.is_nan() => "prices run away: somebody may be able to buy but not to sell; deny less".to_owned(),
            Stuck::Rounds(gap) => format!("prices are still {gap:.1e} apart after {ROUNDS} rounds: somebody may be able to buy but not to sell; deny less"),
        })
    })?;

    let mut finding = Finding::new(&METHOD, params);
    let output = trade.row_sums();
    for r in ranked(controls, classification, |r| -found.welfare(r, model.psi)) {
        let region = &classification.regions()[r];
        let mut cells =
            row![params.year, region.code.as_str(), &region.name, role(controls, &Bloc::of_region(classification, r))];
        let spent: f64 = (0..regions).map(|i| trade[(i, r)]).sum();
        let after: f64 = (0..regions).map(|i| found.trade[(i, r)]).sum();
        cells.extend(row![
            output[r],
            found.welfare(r, model.psi),
            found.supply(r, model.psi),
            found.indices[r].exp_m1(),
            found.traded(r) / abroad(&trade, r) - 1.0,
            trade[(r, r)] / spent,
            found.trade[(r, r)] / after,
        ]);
        finding.push(cells);
    }
    by_region::describe(&mut finding, controls);
    finding.note("one sector: what a control denies of some sectors is a share of all that is traded");
    Ok(finding)
}

/// A world of one sector, from exporter to importer.
pub struct Fragmentation<'a> {
    /// X_ij, any unit.
    pub trade: &'a Matrix,
    /// τ̂_ij^(−φ): what would be left of each flow at unchanged prices.
    pub left: &'a Matrix,
    pub phi: f64,
    pub psi: f64,
}

/// Prices after, logarithms of hats, with a mean change of nominal income of 1.
pub struct Fragmented {
    /// ln p_i.
    pub prices: Vec<f64>,
    /// ln P_i.
    pub indices: Vec<f64>,
    /// X'_ij, unit of the trade before.
    pub trade: Matrix,
}

/// Why there is none.
#[derive(Debug, PartialEq)]
pub enum Stuck {
    Alone(usize),
    /// Cut off both ways, but with a deficit or surplus that it would have to keep.
    Owes(usize),
    Rounds(f64),
}

const ROUNDS: usize = 2000;
/// Largest change of a logarithm of a price at which a round is the last.
const TOLERANCE: f64 = 1e-14;

impl Fragmentation<'_> {
    /// Prices by Anderson acceleration.
    pub fn solve(&self) -> Result<Fragmented, Stuck> {
        let n = self.trade.rows();
        let sold = self.trade.row_sums();
        let spent = self.trade.column_sums();
        let left = |i: usize, j: usize| self.trade[(i, j)] * self.left[(i, j)];
        // Of what each importer spends, and of what each exporter sells.
        let bought = Matrix::from_fn(n, n, |j, i| if spent[j] > 0.0 { left(i, j) / spent[j] } else { 0.0 });
        let sales = Matrix::from_fn(n, n, |i, j| if sold[i] > 0.0 { left(i, j) / sold[i] } else { 0.0 });
        if let Some(alone) =
            (0..n).find(|&i| bought.row(i).iter().sum::<f64>() <= 0.0 || sales.row(i).iter().sum::<f64>() <= 0.0)
        {
            return Err(Stuck::Alone(alone));
        }
        let abroad = |i: usize| (0..n).any(|j| j != i && (left(i, j) > 0.0 || left(j, i) > 0.0));
        let trades: Vec<bool> = (0..n).map(abroad).collect();
        // Less of a difference is rounding of what was meant to balance.
        let unbalanced = |i: usize| (sold[i] - spent[i]).abs() > 1e-9 * sold[i];
        if let Some(owes) = (0..n).find(|&i| !trades[i] && unbalanced(i)) {
            return Err(Stuck::Owes(owes));
        }
        let mut prices = vec![0.0; n];
        let mut anderson = Anderson::new(6);
        let mut gap = f64::INFINITY;
        for _ in 0..ROUNDS {
            self.project(&mut prices, &bought);
            let indices = self.indices(&prices, &bought);
            let next = self.round(&prices, &indices, &sales);
            let rest: Vec<f64> = next.iter().zip(&prices).map(|(next, price)| next - price).collect();
            // A factor common to all is not a change; nor is any for a region on its own, whose prices no other knows.
            let open = || (0..n).filter(|&i| trades[i]);
            let common = open().map(|i| rest[i]).sum::<f64>() / open().count().max(1) as f64;
            let rest: Vec<f64> = (0..n).map(|i| if trades[i] { rest[i] - common } else { 0.0 }).collect();
            gap =
                rest.iter().fold(0.0, |most, rest| if rest.abs() > most || rest.is_nan() { rest.abs() } else { most });
            if gap.is_nan() {
                break;
            }
            if gap < TOLERANCE {
                return Ok(self.found(prices, indices, &bought, &spent));
            }
            prices = anderson.next(&prices, &rest, 0.7);
        }
        // Sums of many regions may stop short of the last digit.
        match gap < 100.0 * TOLERANCE {
            true => {
                let indices = self.indices(&prices, &bought);
                Ok(self.found(prices, indices, &bought, &spent))
            }
            false => Err(Stuck::Rounds(gap)),
        }
    }

    /// Mean of p (p/P)^ψ is 1.
    fn project(&self, prices: &mut [f64], bought: &Matrix) {
        let indices = self.indices(prices, bought);
        let incomes = prices.iter().zip(&indices).map(|(price, index)| (price + self.psi * (price - index)).exp());
        let mean = (incomes.sum::<f64>() / prices.len() as f64).ln();
        prices.iter_mut().for_each(|price| *price -= mean);
    }

    /// P_i = [Σ_j (X_ji/E_i) τ̂_ji^(−φ) p_j^(−φ)]^(−1/φ).
    fn indices(&self, prices: &[f64], bought: &Matrix) -> Vec<f64> {
        let powers: Vec<f64> = prices.iter().map(|price| (-self.phi * price).exp()).collect();
        bought.times_vector(&powers).into_iter().map(|sum| -sum.ln() / self.phi).collect()
    }

    /// p_i^(1+ψ+φ) = P_i^ψ Σ_j (X_ij/Y_i) τ̂_ij^(−φ) P_j^φ p_j (p_j/P_j)^ψ.
    fn round(&self, prices: &[f64], indices: &[f64], sales: &Matrix) -> Vec<f64> {
        let (phi, psi) = (self.phi, self.psi);
        let demand: Vec<f64> = prices
            .iter()
            .zip(indices)
            .map(|(price, index)| (phi * index + price + psi * (price - index)).exp())
            .collect();
        let sums = sales.times_vector(&demand).into_iter().zip(indices);
        sums.map(|(sum, index)| (psi * index + sum.ln()) / (1.0 + psi + phi)).collect()
    }

    fn found(&self, prices: Vec<f64>, indices: Vec<f64>, bought: &Matrix, spent: &[f64]) -> Fragmented {
        let n = prices.len();
        let trade = Matrix::from_fn(n, n, |i, j| {
            let income = (prices[j] + self.psi * (prices[j] - indices[j])).exp() * spent[j];
            income * bought[(j, i)] * (self.phi * (indices[j] - prices[i])).exp()
        });
        Fragmented { prices, indices, trade }
    }
}

impl Fragmented {
    /// (p/P)^(1+ψ) − 1.
    pub fn welfare(&self, r: usize, psi: f64) -> f64 {
        ((1.0 + psi) * (self.prices[r] - self.indices[r])).exp_m1()
    }

    /// (p/P)^ψ − 1.
    pub fn supply(&self, r: usize, psi: f64) -> f64 {
        (psi * (self.prices[r] - self.indices[r])).exp_m1()
    }

    fn traded(&self, r: usize) -> f64 {
        abroad(&self.trade, r)
    }
}

/// Exports and imports of a region.
fn abroad(trade: &Matrix, r: usize) -> f64 {
    (0..trade.rows()).filter(|i| *i != r).map(|i| trade[(r, i)] + trade[(i, r)]).sum()
}

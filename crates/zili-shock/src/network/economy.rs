//! A table in shares of costs, industry by industry, and what is done to it: dense numbers, private to this folder but for tests of references.

use crate::equilibrium::calibrate::{added_shares, below_zero, denied};
use crate::{Error, equilibrium::solve::Failed};
use rayon::prelude::*;
use zili_scenario::Control;
use zili_world::{Classification, Matrix, Table, linalg::Lu};

/// N industries in R regions and S sectors; industry i is sector i mod S of region i div S.
#[derive(Clone, Debug)]
pub struct Network {
    pub regions: usize,
    pub sectors: usize,
    /// Ω_ij: what industry i pays to industry j, as a share of its costs, [buyer × seller].
    pub inputs: Matrix,
    /// γ_i: value added in the costs of an industry; rows of Ω add up to 1 − γ.
    pub added: Vec<f64>,
    /// b_cj: industry j in the final use of region c; rows add up to 1.
    pub consumption: Matrix,
    /// χ_c: final use of a region as a share of the world's.
    pub spending: Vec<f64>,
    /// λ_i: sales as a share of world income.
    pub sales: Vec<f64>,
    /// Industries that share a factor: each its own, or a region's together. Those that sell nothing have none.
    pub factors: Vec<Vec<usize>>,
    /// World income, million USD.
    pub world: f64,
}

/// How easily things take each other's place.
#[derive(Clone, Debug, PartialEq)]
pub struct Elasticities {
    /// σ: sectors in final use.
    pub sigma: f64,
    /// η: value added and materials.
    pub eta: f64,
    /// ε: sectors among materials.
    pub epsilon: f64,
    /// Trade elasticity by sector: origins of a sector's product take each other's place with 1 + θ.
    pub theta: Vec<f64>,
}

/// What is done to a network.
#[derive(Clone, Debug)]
pub struct Shock {
    /// What of each flow would be left at unchanged prices, by buying region and selling industry; inputs first, final use second.
    pub left: [Matrix; 2],
    /// ln A_i: productivity gained.
    pub productivity: Vec<f64>,
}

impl Shock {
    /// A part of it, 0 to 1: barriers grow evenly in logarithms, so that prices do too.
    pub fn part(&self, t: f64) -> Shock {
        let part = |left: &Matrix| {
            Matrix::from_fn(left.rows(), left.columns(), |n, j| match left[(n, j)] {
                1.0 => 1.0,
                left => left.max(NEARLY_NOTHING).powf(t),
            })
        };
        Shock {
            left: [part(&self.left[0]), part(&self.left[1])],
            productivity: self.productivity.iter().map(|gain| t * gain).collect(),
        }
    }
}

/// What is left of a full denial just before it is one.
const NEARLY_NOTHING: f64 = 1e-6;

impl Network {
    /// Shares of a table's year, and what had to be done to it; `mobile` factors move between the sectors of a region.
    ///
    /// Flows below zero count as none. An industry whose inputs cost more than it sells is given a value added of 1 % of its sales. Sales are then
    /// those that follow from shares and final use, so that the accounts close.
    pub fn of_table(table: &Table, mobile: bool) -> Result<(Self, Vec<String>), Error> {
        let classification = &table.classification;
        let (regions, sectors) = (classification.regions().len(), classification.sectors().len());
        let industries = regions * sectors;
        let mut notes = below_zero(table);
        let consumption = Matrix::from_fn(regions, industries, |c, j| {
            table.y.row(j)[classification.final_columns_of(c)].iter().sum::<f64>().max(0.0)
        });
        let spending = consumption.row_sums();
        let without: Vec<&str> =
            (0..regions).filter(|&c| spending[c] <= 0.0).map(|c| classification.regions()[c].code.as_str()).collect();
        if !without.is_empty() {
            return Err(Error::NoEquilibrium(format!("nothing is used finally in {}", without.join(", "))));
        }
        let inputs = Matrix::from_fn(industries, industries, |i, j| table.z[(j, i)].max(0.0));
        let output: Vec<f64> =
            inputs.column_sums().iter().zip(consumption.column_sums()).map(|(used, finally)| used + finally).collect();
        let (added, starved) = added_shares(classification, &output, &inputs.row_sums());
        notes.extend(starved);
        Ok((Self::of_flows(inputs, added, consumption, sectors, mobile)?, notes))
    }

    /// From what each industry pays to each, its share of value added, and what each region uses finally; any unit.
    pub fn of_flows(
        mut inputs: Matrix,
        added: Vec<f64>,
        mut consumption: Matrix,
        sectors: usize,
        mobile: bool,
    ) -> Result<Self, Error> {
        let regions = consumption.rows();
        for (i, used) in inputs.row_sums().into_iter().enumerate().filter(|(_, used)| *used > 0.0) {
            let factor = (1.0 - added[i]) / used;
            inputs.row_mut(i).iter_mut().for_each(|share| *share *= factor);
        }
        let mut spending = consumption.row_sums();
        for (c, spent) in spending.iter().enumerate() {
            consumption.row_mut(c).iter_mut().for_each(|share| *share /= spent);
        }
        let world: f64 = spending.iter().sum();
        spending.iter_mut().for_each(|spent| *spent /= world);
        let sales = sales(&inputs, consumption.vector_times(&spending))
            .ok_or_else(|| Error::NoEquilibrium("some industries only supply each other".to_owned()))?;
        let active = |range: std::ops::Range<usize>| range.filter(|&i| sales[i] > 0.0).collect::<Vec<usize>>();
        let of_region = |c: usize| active(c * sectors..(c + 1) * sectors);
        let factors = match mobile {
            true => (0..regions).map(of_region).filter(|list| !list.is_empty()).collect(),
            false => active(0..sales.len()).into_iter().map(|i| vec![i]).collect(),
        };
        Ok(Self { regions, sectors, inputs, added, consumption, spending, sales, factors, world })
    }

    /// What controls in full force leave of each flow at unchanged prices.
    pub fn shock(&self, controls: &[Control], classification: &Classification) -> Result<Shock, Error> {
        let left = denied(controls, classification)?.map(|denied| {
            Matrix::from_fn(self.regions, self.sales.len(), |n, j| {
                1.0 - denied[(j % self.sectors * self.regions + n) * self.regions + j / self.sectors]
            })
        });
        Ok(Shock { left, productivity: vec![0.0; self.sales.len()] })
    }

    /// What a barrier by which everything that controls fall on costs so many times as much leaves of each flow, whatever their severity.
    pub fn iceberg(
        &self,
        controls: &[Control],
        classification: &Classification,
        barrier: f64,
        theta: &[f64],
    ) -> Result<Shock, Error> {
        let mut shock = self.shock(controls, classification)?;
        for left in &mut shock.left {
            for n in 0..self.regions {
                let cells = left.row_mut(n).iter_mut().enumerate().filter(|(_, left)| **left < 1.0);
                cells.for_each(|(j, left)| *left = barrier.powf(-theta[j % self.sectors]));
            }
        }
        Ok(shock)
    }

    /// Income of a factor before, as a share of the world's.
    pub fn factor_income(&self, factor: usize) -> f64 {
        self.factors[factor].iter().map(|&i| self.sales[i] * self.added[i]).sum()
    }

    /// Region of a factor.
    pub fn region_of(&self, factor: usize) -> usize {
        self.factors[factor][0] / self.sectors
    }

    /// T_c: what a region spends beyond what its factors earn, as a share of world income; fixed.
    pub fn transfers(&self) -> Vec<f64> {
        let mut transfers = self.spending.clone();
        (0..self.factors.len()).for_each(|f| transfers[self.region_of(f)] -= self.factor_income(f));
        transfers
    }

    /// Lets industries buy what a shock leaves them nobody to buy from where their region buys it, and says so; refused where the region has nobody
    /// either.
    ///
    /// In a table whose cells are rounded an industry that buys little of a sector may buy it from one origin only.
    pub fn supplied(
        mut self,
        shock: &Shock,
        classification: &Classification,
    ) -> Result<(Self, Option<String>), Failed> {
        let stranded = self.stranded(shock);
        if stranded.is_empty() {
            return Ok((self, None));
        }
        let sectors = self.sectors;
        let origins = |k: usize| (k..self.sales.len()).step_by(sectors);
        let mut nobody = Vec::new();
        let mut given = Vec::new();
        for &(buyer, k) in &stranded {
            let region = self.region_of_buyer(buyer);
            let bought: Vec<f64> = origins(k).map(|j| self.bought(region, j)).collect();
            let all: f64 = bought.iter().sum();
            let left: f64 = bought
                .iter()
                .zip(origins(k))
                .map(|(bought, j)| bought * shock.left[usize::from(buyer >= self.sales.len())][(region, j)])
                .sum();
            if left > 0.0 { given.push((buyer, k, bought, all)) } else { nobody.push((region, k)) }
        }
        if !nobody.is_empty() {
            nobody.sort_unstable();
            nobody.dedup();
            return Err(Failed::Nobody(nobody));
        }
        let mut most = (0.0, String::new());
        for (buyer, k, bought, all) in given {
            let row = self.row_mut(buyer);
            let places: Vec<usize> = (k..row.len()).step_by(sectors).collect();
            let share: f64 = places.iter().map(|&j| row[j]).sum();
            places.into_iter().zip(bought).for_each(|(j, bought)| row[j] = share * bought / all);
            if share > most.0 {
                let region = self.region_of_buyer(buyer);
                let who = match buyer < self.sales.len() {
                    true => classification.industry_label(buyer),
                    false => format!("final use of {}", classification.regions()[region].code),
                };
                most =
                    (share, format!("{} for {who}, {:.2} % of costs", classification.sectors()[k].code, 100.0 * share));
            }
        }
        let finally = self.consumption.vector_times(&self.spending);
        self.sales = sales(&self.inputs, finally).ok_or(Failed::Nobody(Vec::new()))?;
        let note = format!(
            "{} buyers that had one product from denied origins only may turn to where their region buys it; the largest: {}",
            stranded.len(),
            most.1
        );
        Ok((self, Some(note)))
    }

    /// Regions that a shock leaves nothing to sell or nobody to buy from abroad, but that would have to pay or be paid as before.
    pub fn cut(&self, shock: &Shock) -> Vec<usize> {
        let trades = |n: usize, seller: usize| {
            let own = |j: &usize| *j / self.sectors == seller;
            let bought = |use_: usize, row: &[f64]| {
                (0..row.len()).filter(own).any(|j| row[j] > 0.0 && shock.left[use_][(n, j)] > 0.0)
            };
            let industries = n * self.sectors..(n + 1) * self.sectors;
            industries.into_iter().any(|i| bought(0, self.inputs.row(i))) || bought(1, self.consumption.row(n))
        };
        let others = |n: usize| (0..self.regions).filter(move |other| *other != n);
        let owes = self.transfers();
        let cut = |n: usize| match owes[n] {
            // Less is rounding.
            owed if owed.abs() < 1e-12 => false,
            owed if owed > 0.0 => !others(n).any(|other| trades(n, other)),
            _ => !others(n).any(|other| trades(other, n)),
        };
        (0..self.regions).into_par_iter().filter(|&n| cut(n)).collect()
    }

    /// Industries, then regions' final use, with the sectors that a shock leaves them nobody to buy from.
    fn stranded(&self, shock: &Shock) -> Vec<(usize, usize)> {
        let of_buyer = |buyer: usize| -> Vec<(usize, usize)> {
            let (shares, region) = (self.row(buyer), self.region_of_buyer(buyer));
            let left = shock.left[usize::from(buyer >= self.sales.len())].row(region);
            let mut sums = vec![(0.0, 0.0); self.sectors];
            for (j, share) in shares.iter().enumerate() {
                let sum = &mut sums[j % self.sectors];
                *sum = (sum.0 + share, sum.1 + share * left[j]);
            }
            (0..self.sectors).filter(|&k| sums[k].0 > 0.0 && sums[k].1 <= 0.0).map(|k| (buyer, k)).collect()
        };
        (0..self.sales.len() + self.regions).into_par_iter().flat_map_iter(of_buyer).collect()
    }

    /// What a region buys of an industry in all uses, as a share of world income.
    fn bought(&self, region: usize, j: usize) -> f64 {
        let industries = region * self.sectors..(region + 1) * self.sectors;
        industries.map(|i| self.sales[i] * self.inputs[(i, j)]).sum::<f64>()
            + self.spending[region] * self.consumption[(region, j)]
    }

    fn row(&self, buyer: usize) -> &[f64] {
        match buyer.checked_sub(self.sales.len()) {
            None => self.inputs.row(buyer),
            Some(c) => self.consumption.row(c),
        }
    }

    fn row_mut(&mut self, buyer: usize) -> &mut [f64] {
        match buyer.checked_sub(self.sales.len()) {
            None => self.inputs.row_mut(buyer),
            Some(c) => self.consumption.row_mut(c),
        }
    }

    fn region_of_buyer(&self, buyer: usize) -> usize {
        buyer.checked_sub(self.sales.len()).unwrap_or(buyer / self.sectors)
    }
}

/// λ = (I − Ω')⁻¹ b'χ.
fn sales(inputs: &Matrix, finally: Vec<f64>) -> Option<Vec<f64>> {
    let n = finally.len();
    let mut row = Matrix::from_rows(1, n, finally);
    Lu::factor(identity_less(inputs)).ok()?.solve_rows(&mut row);
    // Rounding may leave a trace of what is not sold.
    Some(row.as_slice().iter().map(|sold| if *sold > 1e-15 { *sold } else { 0.0 }).collect())
}

/// I − Ω.
pub(super) fn identity_less(inputs: &Matrix) -> Matrix {
    let mut out = inputs.clone();
    out.as_mut_slice().iter_mut().for_each(|value| *value = -*value);
    (0..out.rows()).for_each(|i| out[(i, i)] += 1.0);
    out
}

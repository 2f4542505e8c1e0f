//! The world economy in shares, and what is done to it: dense numbers, private to this folder but for tests of references.

/// Shares of a year, from which everything else follows in hats.
///
/// N regions, J sectors. Products are used in one way, or in two: as inputs and finally.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Economy {
    pub regions: usize,
    pub sectors: usize,
    /// θ_j > 0, by sector.
    pub elasticity: Vec<f64>,
    /// π_nij by use: what region n spends on sector j, the share of origin i, tariffs included; [(j·N + n)·N + i]. Rows add up to 1, or to 0
    /// where nothing is spent.
    pub shares: Vec<Vec<f64>>,
    /// τ_nij = 1 + tariff, [(j·N + n)·N + i].
    pub tariffs: Vec<f64>,
    /// γ_nkj: input k in the cost of sector j, [(n·J + k)·J + j].
    pub inputs: Vec<f64>,
    /// γ_nj: value added in the cost of sector j, [n·J + j].
    pub added: Vec<f64>,
    /// α_nj: sector j in final spending, [n·J + j].
    pub consumption: Vec<f64>,
    /// w_n L_n, million USD.
    pub value_added: Vec<f64>,
    /// D_n = imports − exports, million USD.
    pub deficits: Vec<f64>,
    /// X_nj by use: spending of the year, tariffs included, million USD; [n·J + j].
    pub spending: Vec<Vec<f64>>,
}

/// What is done to an economy.
#[derive(Clone, Debug, PartialEq)]
pub struct Shock {
    /// d̂_nij^(−θ_j) by use: what of each flow would be left at unchanged prices; 0 is a full denial. [(j·N + n)·N + i].
    pub left: Vec<Vec<f64>>,
    /// τ'_nij.
    pub tariffs: Vec<f64>,
}

impl Shock {
    /// A part of it, 0 to 1, done to an economy: barriers and tariffs grow evenly in logarithms, full denials evenly in what they leave.
    pub fn part(&self, economy: &Economy, part: f64) -> Shock {
        let of_flow = |left: &f64| match *left {
            0.0 => 1.0 - part,
            left => left.powf(part),
        };
        let of_tariff = |(old, new): (&f64, &f64)| if old == new { *new } else { old * (new / old).powf(part) };
        Shock {
            left: self.left.iter().map(|left| left.iter().map(of_flow).collect()).collect(),
            tariffs: economy.tariffs.iter().zip(&self.tariffs).map(of_tariff).collect(),
        }
    }
}

/// What becomes of trade deficits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deficits {
    /// As they are, in units of world value added.
    Held,
    /// In proportion to each region's value added; what that leaves open is shared out in the same proportion.
    Scaled,
}

impl Economy {
    pub fn uses(&self) -> usize {
        self.shares.len()
    }

    /// The use as inputs.
    pub fn as_inputs(&self) -> usize {
        0
    }

    /// The final use.
    pub fn finally(&self) -> usize {
        self.uses() - 1
    }

    pub fn flow(&self, j: usize, importer: usize, exporter: usize) -> usize {
        (j * self.regions + importer) * self.regions + exporter
    }

    /// Nothing is done to it.
    pub fn unchanged(&self) -> Shock {
        Shock { left: vec![vec![1.0; self.tariffs.len()]; self.uses()], tariffs: self.tariffs.clone() }
    }

    /// What region n buys of sector j from region i, net of tariffs, in all uses; million USD.
    pub fn bought(&self, j: usize, n: usize, i: usize) -> f64 {
        let at = self.flow(j, n, i);
        let spent = |u: usize| self.shares[u][at] * self.spending[u][n * self.sectors + j];
        (0..self.uses()).map(spent).sum::<f64>() / self.tariffs[at]
    }

    /// I_n: value added, tariff revenue and deficit, million USD.
    pub fn incomes(&self) -> Vec<f64> {
        let revenue = |n: usize| -> f64 {
            let flows = (0..self.sectors).flat_map(|j| (0..self.regions).map(move |i| (j, i)));
            flows.map(|(j, i)| (self.tariffs[self.flow(j, n, i)] - 1.0) * self.bought(j, n, i)).sum()
        };
        (0..self.regions).map(|n| self.value_added[n] + revenue(n) + self.deficits[n]).collect()
    }
}

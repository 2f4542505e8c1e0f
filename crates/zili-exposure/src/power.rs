#![doc = include_str!("../../../docs/src/methods/power.md")]

use crate::areas::sum_at;
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Column, Error, Finding, Method, Parameter, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "power",
    page: include_str!("../../../docs/src/methods/power.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::PARTNER,
        column::PARTNER_NAME,
        Column::power(
            "power_over_home",
            "Power over home",
            "loss of home's purchasing power without access to the partner",
        ),
        Column::power(
            "home_power",
            "Home's power over it",
            "loss of the partner's purchasing power without access to home",
        ),
        Column::power("balance", "Balance", "home_power − power_over_home").minor(),
        Column::text(
            "strongest_sector",
            "Strongest sector",
            "the sector that adds most to the partner's power over home",
        ),
        Column::text("strongest_sector_name", "Strongest sector", "its name"),
        Column::share(
            "strongest_share",
            "Partner's share in it",
            "the partner's share of home's spending in that sector",
        ),
    ],
    parameters: &[
        Parameter {
            name: "sigma",
            accepts: Accepts::Number { default: 6.0, above: 1.0, below: 1e3 },
            description: "elasticity of substitution within a sector; 6 is a trade elasticity of 5, the central value of Head & Mayer (2014)",
        },
        Parameter {
            name: "rho",
            accepts: Accepts::Number { default: 1.0, above: 0.0, below: 1e2 },
            description: "elasticity of substitution across sectors; 1 is Cobb–Douglas, as in Caliendo & Parro (2015)",
        },
    ],
};

/// Power of each partner over home and of home over each partner.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let sectors = system.classification().sectors();
    let (sigma, rho) = (params.options.number("sigma"), params.options.number("rho"));
    let home = Spending::of(&system, &params.home)?;
    let mut finding = Finding::new(&METHOD, params);
    for partner in &params.partners {
        let shares = home.shares_of(&system, partner)?;
        let over_home = power(&home.weights, &shares, sigma, rho);
        let there = Spending::of(&system, partner)?;
        let home_power = power(&there.weights, &there.shares_of(&system, &params.home)?, sigma, rho);
        let term = |s: &usize| home.weights[*s] * -(1.0 - shares[*s]).ln();
        let strongest = (0..sectors.len()).max_by(|a, b| term(a).total_cmp(&term(b)).then(b.cmp(a)));
        let (code, name, share) = match strongest.filter(|s| shares[*s] > 0.0) {
            Some(s) => (sectors[s].code.as_str(), sectors[s].name.as_str(), shares[s]),
            None => ("", "", f64::NAN),
        };
        finding.push(row![
            params.year,
            &params.home.code,
            &partner.code,
            &partner.name,
            over_home,
            home_power,
            home_power - over_home,
            code,
            name,
            share,
        ]);
    }
    if finding.rows.iter().any(|row| row[4] == zili_world::Cell::Missing || row[5] == zili_world::Cell::Missing) {
        finding.note("a missing power is without bound: one side is the other's only supplier of a whole sector");
    }
    if sigma < 1.5 {
        finding.note(format!("sigma = {sigma} is near 1, where power grows without bound: read ranks, not levels"));
    }
    Ok(finding)
}

/// −1/(ρ−1) · ln Σ_J Ω_J (1−ω_J)^((ρ−1)/(σ−1)); at ρ = 1 its limit Σ_J Ω_J/(σ−1) · (−ln(1−ω_J)).
///
/// ```
/// // One sector, half of it from the partner, σ = 2: −ln(1 − ½).
/// let power = zili_exposure::power::power(&[1.0], &[0.5], 2.0, 1.0);
/// assert!((power - 2f64.ln()).abs() < 1e-15);
/// ```
///
/// `weights` Ω sum to 1; `shares` ω lie in 0–1; σ > 1. A full share of any sector with weight gives infinite power for ρ ≤ 1.
pub fn power(weights: &[f64], shares: &[f64], sigma: f64, rho: f64) -> f64 {
    let each = weights.iter().zip(shares).filter(|(w, _)| **w > 0.0);
    // Nearer to 1 than this, the general formula loses more digits than the limit is off.
    if (rho - 1.0).abs() < 1e-8 {
        return each.map(|(w, s)| w / (sigma - 1.0) * -(1.0 - s).ln()).sum();
    }
    let sum: f64 = each.clone().map(|(w, s)| w * (1.0 - s).powf((rho - 1.0) / (sigma - 1.0))).sum();
    // Who spends nothing has nothing to lose.
    if each.count() == 0 { 0.0 } else { -sum.ln() / (rho - 1.0) }
}

/// A bloc's spending on each sector's products, inputs and final.
struct Spending {
    industries: Vec<usize>,
    final_columns: Vec<usize>,
    by_sector: Vec<f64>,
    weights: Vec<f64>,
}

impl Spending {
    fn of(system: &System, bloc: &Bloc) -> Result<Self, Error> {
        let classification = system.classification();
        let mut spending = Self {
            industries: bloc.industries(classification)?,
            final_columns: bloc.final_columns(classification)?,
            by_sector: Vec::new(),
            weights: Vec::new(),
        };
        spending.by_sector = spending.on(system, 0..system.industries());
        let total: f64 = spending.by_sector.iter().sum();
        spending.weights = spending.by_sector.iter().map(|v| if total > 0.0 { v / total } else { 0.0 }).collect();
        Ok(spending)
    }

    /// Spending by sector on the given supplying industries; what falling inventories make negative counts as none.
    fn on(&self, system: &System, suppliers: impl Iterator<Item = usize>) -> Vec<f64> {
        let table = system.table();
        let count = system.classification().sectors().len();
        let mut by_sector = vec![0.0; count];
        for i in suppliers {
            let flow = sum_at(table.z.row(i), &self.industries) + sum_at(table.y.row(i), &self.final_columns);
            by_sector[i % count] += flow.max(0.0);
        }
        by_sector
    }

    fn shares_of(&self, system: &System, supplier: &Bloc) -> Result<Vec<f64>, Error> {
        let from = self.on(system, supplier.industries(system.classification())?.into_iter());
        Ok(from.iter().zip(&self.by_sector).map(|(f, all)| if *all > 0.0 { f / all } else { 0.0 }).collect())
    }
}

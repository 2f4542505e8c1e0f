#![doc = include_str!("../../../docs/src/methods/diffusion.md")]

use crate::Error;
use crate::by_region::{self, ROLE, ranked, role};
use crate::equilibrium::economy::{Economy, Shock};
use crate::equilibrium::long_run::LongRun;
use crate::equilibrium::solve::{Closure, Equilibrium, Failed, solve_from};
use crate::equilibrium::welfare::welfare;
use crate::equilibrium::{DEFICITS, THETA_FACTOR, TOLERANCE};
use rayon::prelude::*;
use zili_scenario::{Control, Scenario};
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Cell, Column, Finding, Method, Parameter, Params, World, elasticities, row};

pub static METHOD: Method = Method {
    name: "diffusion",
    page: include_str!("../../../docs/src/methods/diffusion.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        ROLE,
        Column::musd("income", "Income", "value added and trade deficit before: what is spent finally").minor(),
        Column::share(
            "static",
            "Without ideas",
            "change of real income in the trade equilibrium, productivity as it is",
        ),
        Column::share("little", "β low", "the same after `years` if few ideas come with what is bought"),
        Column::share("real_income", "Real income", "the same with β in between"),
        Column::share("much", "β high", "the same if many do"),
        Column::musd("worth", "Worth", "real_income times income before: below zero a loss, a year"),
        Column::share(
            "productivity",
            "Productivity",
            "change of productivity beside what it would have been, sectors weighted by value added",
        ),
    ],
    parameters: &[
        Parameter {
            name: "beta",
            accepts: Accepts::Number { default: 0.4, above: 0.0, below: 1.0 },
            description: "β: how much better ideas come from better suppliers (an assumption)",
        },
        Parameter {
            name: "beta_low",
            accepts: Accepts::Number { default: 0.2, above: 0.0, below: 1.0 },
            description: "the low end of what is thought possible (an assumption)",
        },
        Parameter {
            name: "beta_high",
            accepts: Accepts::Number { default: 0.6, above: 0.0, below: 1.0 },
            description: "the high end (an assumption)",
        },
        Parameter {
            name: "renewal",
            accepts: Accepts::Number { default: 0.05, above: 0.0, below: 10.0 },
            description: "growth of what is known in a year where nothing is denied, θ times that of productivity (an assumption: 1 % at a θ of 5)",
        },
        Parameter {
            name: "years",
            accepts: Accepts::Count { default: 20, most: 1000 },
            description: "years after which one looks",
        },
        elasticities::FILE,
        elasticities::THETA,
        THETA_FACTOR,
        DEFICITS,
        TOLERANCE,
    ],
};

/// Real incomes when productivity follows the ideas that come with what is bought.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let options = &params.options;
    let controls = &by_region::controls(scenario, "the diffusion of knowledge")?;
    let betas = ["beta_low", "beta", "beta_high"].map(|name| options.number(name));
    if !betas.is_sorted() {
        return Err(Error::Nothing(format!(
            "beta_low {} ≤ beta {} ≤ beta_high {} does not hold",
            betas[0], betas[1], betas[2]
        )));
    }
    let asked = Asked::new(world, controls, params)?;
    let paths: Vec<Result<Path, Error>> = betas.par_iter().map(|&beta| asked.path(beta)).collect();
    let paths = paths.into_iter().collect::<Result<Vec<Path>, Error>>()?;

    let (economy, classification) = (&asked.base.economy, &asked.base.classification);
    let static_ = asked.real_income(&asked.first);
    let ends: Vec<Vec<f64>> = paths.iter().map(|path| asked.real_income(&path.after)).collect();
    let incomes = economy.incomes();
    let mut finding = Finding::new(&METHOD, params);
    for r in ranked(controls, classification, |r| -ends[1][r]) {
        let region = &classification.regions()[r];
        let role = role(controls, &Bloc::of_region(classification, r));
        let mut cells: Vec<Cell> = row![params.year, region.code.as_str(), &region.name, role, incomes[r], static_[r]];
        cells.extend(row![ends[0][r], ends[1][r], ends[2][r], ends[1][r] * incomes[r]]);
        cells.extend(row![productivity(economy, &paths[1].ideas, r)]);
        finding.push(cells);
    }
    let total: f64 = incomes.iter().sum();
    let mean = |of: &[f64]| of.iter().zip(&incomes).map(|(of, income)| of * income).sum::<f64>() / total;
    let mut cells = row![params.year, "*", "World", "all", total, mean(&static_)];
    cells.extend(row![mean(&ends[0]), mean(&ends[1]), mean(&ends[2]), mean(&ends[1]) * total]);
    cells.push(Cell::Missing);
    finding.push(cells);
    by_region::describe(&mut finding, controls);
    asked.base.describe(&mut finding);
    by_region::for_good(&mut finding, scenario, controls);
    finding.note(
        "a band, not a number: how many ideas come with what is bought is not known; published losses for a world in two blocs are up to 12 % for the hardest hit by 2040 (Góes & Bekkers 2022)",
    );
    Ok(finding)
}

/// A table's economy and its equilibrium just after a shock, from which a path starts for each β.
pub(crate) struct Asked {
    pub base: LongRun,
    shock: Shock,
    first: Equilibrium,
    renewal: f64,
    years: usize,
}

impl Asked {
    pub fn new(world: &World, controls: &[Control], params: &Params) -> Result<Self, Error> {
        let base = LongRun::new(world, params, false)?;
        let shock = base.shock(controls)?;
        let first = base.solve(&shock).map_err(|failed| base.refused(failed))?;
        let number = |name: &str| params.options.number(name);
        Ok(Self { shock, first, renewal: number("renewal"), years: number("years") as usize, base })
    }

    pub fn path(&self, beta: f64) -> Result<Path, Error> {
        let diffusion = Diffusion { economy: &self.base.economy, beta, renewal: self.renewal };
        let path = diffusion.path(&self.shock, &self.first, self.base.closure, self.years);
        path.map_err(|failed| self.base.refused(failed))
    }

    /// Change of it by region.
    pub fn real_income(&self, after: &Equilibrium) -> Vec<f64> {
        welfare(&self.base.economy, after, &self.shock.tariffs).iter().map(|welfare| welfare.exact).collect()
    }
}

/// Weighted by value added, ln λ̂ / θ.
fn productivity(economy: &Economy, ideas: &[f64], r: usize) -> f64 {
    let cells = r * economy.sectors..(r + 1) * economy.sectors;
    let output = |at: usize| (0..economy.regions).map(|n| economy.bought(at % economy.sectors, n, r)).sum::<f64>();
    let weights = cells.map(|at| (at, economy.added[at] * output(at)));
    let (sum, all) = weights.fold((0.0, 0.0), |(sum, all), (at, weight)| {
        (sum + weight * ideas[at] / economy.elasticity[at % economy.sectors], all + weight)
    });
    (sum / all).exp_m1()
}

/// An economy whose productivity grows with the ideas in what its industries buy.
pub struct Diffusion<'a> {
    pub economy: &'a Economy,
    pub beta: f64,
    /// g: growth of λ in a year of balanced growth, the same in all sectors.
    pub renewal: f64,
}

/// Where it has come to.
pub struct Path {
    pub after: Equilibrium,
    /// ln λ̂_nj beside balanced growth, [n·J + j].
    pub ideas: Vec<f64>,
}

impl Diffusion<'_> {
    /// λ of balanced growth up to a factor, ln, [n·J + j]: the only one at which all ideas grow at the same rate under the shares of the economy.
    pub fn balanced(&self) -> Vec<f64> {
        let economy = self.economy;
        let mut levels = vec![0.0; economy.regions * economy.sectors];
        // A contraction by β in logarithms.
        for _ in 0..2000 {
            let next = self.inflow(&economy.shares[economy.as_inputs()], &levels);
            let apart = next.iter().zip(&levels).fold(0.0_f64, |most, (next, level)| most.max((next - level).abs()));
            levels = next;
            if apart < 1e-14 {
                break;
            }
        }
        levels
    }

    /// After so many years, from balanced growth and the equilibrium just after the shock.
    pub fn path(&self, shock: &Shock, first: &Equilibrium, closure: Closure, years: usize) -> Result<Path, Failed> {
        let economy = self.economy;
        let as_inputs = economy.as_inputs();
        let levels = self.balanced();
        let before = self.inflow(&economy.shares[as_inputs], &levels);
        let (mut ideas, mut after) = (vec![0.0; levels.len()], first.clone());
        for _ in 0..years {
            let now: Vec<f64> = levels.iter().zip(&ideas).map(|(level, more)| level + more).collect();
            let inflow = self.inflow(&after.shares[as_inputs], &now);
            for (at, known) in ideas.iter_mut().enumerate() {
                *known = ((known.exp() + self.renewal * (inflow[at] - before[at]).exp()) / (1.0 + self.renewal)).ln();
            }
            after = solve_from(economy, &with_ideas(economy, shock, &ideas), closure, &after)?;
        }
        Ok(Path { after, ideas })
    }

    /// ln Σ_k η_dk^j Σ_s (π_ds^k)^(1−β) (λ_s^k)^β, η the shares of inputs; of industries without inputs, their own sector's ideas.
    fn inflow(&self, shares: &[f64], levels: &[f64]) -> Vec<f64> {
        let Economy { regions, sectors, .. } = *self.economy;
        let best = levels.iter().fold(f64::NEG_INFINITY, |best, level| best.max(*level));
        let ideas: Vec<f64> = levels.iter().map(|level| (self.beta * (level - best)).exp()).collect();
        let of_sector = |d: usize, k: usize| -> f64 {
            let bought = &shares[self.economy.flow(k, d, 0)..][..regions];
            bought.iter().enumerate().map(|(s, share)| share.powf(1.0 - self.beta) * ideas[s * sectors + k]).sum()
        };
        let mut out = vec![0.0; levels.len()];
        out.par_chunks_mut(sectors).enumerate().for_each(|(d, out)| {
            let of_sector: Vec<f64> = (0..sectors).map(|k| of_sector(d, k)).collect();
            for (j, inflow) in out.iter_mut().enumerate() {
                let input = |k: usize| self.economy.inputs[(d * sectors + k) * sectors + j];
                let (sum, all) = (0..sectors)
                    .filter(|&k| of_sector[k] > 0.0)
                    .fold((0.0, 0.0), |(sum, all), k| (sum + input(k) * of_sector[k], all + input(k)));
                let own = if of_sector[j] > 0.0 { of_sector[j] } else { 1.0 };
                *inflow = (if sum > 0.0 { sum / all } else { own }).ln() + self.beta * best;
            }
        });
        out
    }
}

/// A productivity of origins is worth what a lower barrier to all of their buyers is, themselves included.
fn with_ideas(economy: &Economy, shock: &Shock, ideas: &[f64]) -> Shock {
    let mut shock = shock.clone();
    for left in &mut shock.left {
        for (at, left) in left.iter_mut().enumerate() {
            let (j, exporter) = (at / (economy.regions * economy.regions), at % economy.regions);
            *left *= ideas[exporter * economy.sectors + j].exp();
        }
    }
    shock
}

#![doc = include_str!("../../../../docs/src/methods/trade-equilibrium.md")]

pub mod anderson;
pub mod calibrate;
pub mod economy;
mod given_wages;
pub(crate) mod long_run;
pub(crate) mod newton;
pub mod solve;
pub mod tariffs;
pub mod welfare;

use crate::Error;
use crate::by_region::{self, DETAIL, ROLE, ranked, role, rows};
use economy::Economy;
use long_run::LongRun;
use solve::Equilibrium;
use welfare::{Welfare, welfare};
use zili_scenario::{Control, Scenario};
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Cell, Column, Finding, Method, Parameter, Params, World, elasticities, row};

/// All trade elasticities together.
pub(crate) const THETA_FACTOR: Parameter = Parameter {
    name: "theta_factor",
    accepts: Accepts::Number { default: 1.0, above: 1e-2, below: 1e2 },
    description: "all trade elasticities are multiplied by it, to see what hangs on them",
};

pub(crate) const DEFICITS: Parameter = Parameter {
    name: "deficits",
    accepts: Accepts::Choice(&["held", "scaled", "closed"]),
    description: "trade deficits: held as they are relative to world value added, scaled with each region's value added, or closed before and after",
};
pub(crate) const TOLERANCE: Parameter = Parameter {
    name: "tolerance",
    accepts: Accepts::Number { default: 1e-9, above: 1e-13, below: 0.1 },
    description: "how far labour demanded and supplied may be apart at the end, as a share",
};

pub static METHOD: Method = Method {
    name: "trade-equilibrium",
    page: include_str!("../../../../docs/src/methods/trade-equilibrium.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        ROLE,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::musd("income", "Income", "value added and trade deficit before: what is spent finally").minor(),
        Column::share("real_income", "Real income", "exact change of real income: of income over final users' prices"),
        Column::musd("worth", "Worth", "the same times income before: below zero a loss, a year"),
        Column::share(
            "linear",
            "Linear",
            "linear measure of Caliendo & Parro (2015): terms and volume of trade together",
        ),
        Column::share(
            "terms_of_trade",
            "Terms of trade",
            "part of it: prices of what is sold less those of what is bought, at the flows of before",
        )
        .minor(),
        Column::share(
            "volume_of_trade",
            "Volume of trade",
            "part of it: tariff revenue with volumes; 0 in a table without tariffs",
        )
        .minor(),
        Column::share("real_wage", "Real wage", "change of wages over final users' prices"),
        Column::share("price", "Prices", "change of final users' prices, world value added as the numeraire"),
        Column::share(
            "output",
            "Output",
            "change of output at constant prices; of a region, sectors weighted by value added before",
        ),
        Column::share("home_share", "Home share", "share of spending on home's own products, before"),
        Column::share("home_share_after", "after", "the same after"),
    ],
    parameters: &[
        DETAIL,
        elasticities::FILE,
        elasticities::THETA,
        THETA_FACTOR,
        DEFICITS,
        Parameter {
            name: "uses",
            accepts: Accepts::Choice(&["together", "apart"]),
            description: "whether inputs and final use of a sector have the same origins (together, as in the paper) or their own",
        },
        TOLERANCE,
    ],
};

/// Real incomes when a denial lasts and everything has found its new place.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let controls = &by_region::controls(scenario, "the trade equilibrium")?;
    let base = LongRun::new(world, params, uses_apart(params))?;
    let classification = &base.classification;
    let solved = Solved::new(&base, controls)?;

    let mut finding = Finding::new(&METHOD, params);
    for r in ranked(controls, classification, |r| -solved.welfare[r].exact) {
        let role = role(controls, &Bloc::of_region(classification, r));
        let region = &classification.regions()[r];
        for (code, name, sectors) in rows(classification, params) {
            let mut cells = row![params.year, region.code.as_str(), &region.name, role, code, name];
            match code {
                "*" => cells.extend(solved.region(r)),
                _ => cells.extend(solved.sector(r, sectors.start)),
            }
            finding.push(cells);
        }
    }
    let mut world_row = row![params.year, "*", "World", "all", "*", "All sectors"];
    world_row.extend(solved.world());
    finding.push(world_row);
    by_region::describe(&mut finding, controls);
    base.describe(&mut finding);
    finding.note(format!("found in {} rounds", solved.after.rounds));
    by_region::for_good(&mut finding, scenario, controls);
    Ok(finding)
}

/// Whether inputs and final use have origins of their own.
pub(crate) fn uses_apart(params: &Params) -> bool {
    params.options.choice("uses") == "apart"
}

/// An economy before and after.
struct Solved<'a> {
    economy: &'a Economy,
    after: Equilibrium,
    welfare: Vec<Welfare>,
    incomes: Vec<f64>,
}

impl<'a> Solved<'a> {
    fn new(base: &'a LongRun, controls: &[Control]) -> Result<Self, Error> {
        let (shock, economy) = (base.shock(controls)?, &base.economy);
        let after = base.solve(&shock).map_err(|failed| base.refused(failed))?;
        let (welfare, incomes) = (welfare(economy, &after, &shock.tariffs), economy.incomes());
        Ok(Self { economy, after, welfare, incomes })
    }

    fn region(&self, r: usize) -> Vec<Cell> {
        let found = &self.welfare[r];
        let sectors = 0..self.economy.sectors;
        let added = |j: usize| self.economy.added[r * self.economy.sectors + j] * self.base_output(r, j);
        let all: f64 = sectors.clone().map(added).sum();
        let output: f64 = sectors.clone().filter(|&j| added(j) > 0.0).map(|j| added(j) * self.output(r, j)).sum();
        let (before, after) = self.home_share(r, sectors);
        row![
            self.incomes[r],
            found.exact,
            found.exact * self.incomes[r],
            found.linear(),
            found.terms_of_trade,
            found.volume_of_trade,
            found.real_wage,
            found.consumer_prices.exp_m1(),
            output / all,
            before,
            after,
        ]
    }

    fn sector(&self, r: usize, j: usize) -> Vec<Cell> {
        let at = r * self.economy.sectors + j;
        let income = self.incomes[r] * self.economy.consumption[at];
        let price = self.after.prices[self.economy.finally()][at].exp_m1();
        let (before, after) = self.home_share(r, j..j + 1);
        let made = self.base_output(r, j);
        let mut cells = row![income];
        cells.extend([Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing]);
        cells.extend(row![price, if made > 0.0 { self.output(r, j) } else { f64::NAN }, before, after]);
        cells
    }

    /// All regions weighted by income before.
    fn world(&self) -> Vec<Cell> {
        let total: f64 = self.incomes.iter().sum();
        let mean = |of: &dyn Fn(&Welfare) -> f64| -> f64 {
            self.welfare.iter().zip(&self.incomes).map(|(found, income)| of(found) * income).sum::<f64>() / total
        };
        let exact = mean(&|found| found.exact);
        let mut cells = row![total, exact, exact * total, mean(&|found| found.linear())];
        cells.extend(row![
            mean(&|found| found.terms_of_trade),
            mean(&|found| found.volume_of_trade),
            mean(&|found| found.real_wage),
            mean(&|found| found.consumer_prices.exp_m1()),
        ]);
        cells.extend([Cell::Missing, Cell::Missing, Cell::Missing]);
        cells
    }

    /// Sales of a sector before, million USD.
    fn base_output(&self, r: usize, j: usize) -> f64 {
        (0..self.economy.regions).map(|n| self.economy.bought(j, n, r)).sum()
    }

    /// Change of a sector's output at constant prices.
    fn output(&self, r: usize, j: usize) -> f64 {
        let at = r * self.economy.sectors + j;
        self.after.output[at] / self.base_output(r, j) / self.after.costs[at].exp() - 1.0
    }

    /// Share of spending on some sectors' products that stays at home, before and after.
    fn home_share(&self, r: usize, sectors: std::ops::Range<usize>) -> (f64, f64) {
        let economy = self.economy;
        let share = |shares: &[Vec<f64>], spending: &[Vec<f64>]| {
            let parts = (0..economy.uses()).flat_map(|u| sectors.clone().map(move |j| (u, j))).map(|(u, j)| {
                let spent = spending[u][r * economy.sectors + j];
                (spent * shares[u][economy.flow(j, r, r)], spent)
            });
            let (home, all) = parts.fold((0.0, 0.0), |(home, all), (own, spent)| (home + own, all + spent));
            home / all
        };
        (share(&economy.shares, &economy.spending), share(&self.after.shares, &self.after.spending))
    }
}

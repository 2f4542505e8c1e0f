#![doc = include_str!("../../../../docs/src/methods/network.md")]

pub mod economy;
pub mod elasticities;
pub mod jacobian;
pub mod solve;
pub mod state;

use crate::Error;
use crate::by_region::{self, DETAIL, ROLE, ranked, role, rows};
use crate::equilibrium::THETA_FACTOR;
use crate::equilibrium::calibrate::refused;
use economy::{Elasticities, Network, Shock};
use solve::{Found, Stuck};
use state::State;
use zili_scenario::{Control, Scenario};
use zili_world::method::{Accepts, column};
use zili_world::{
    Bloc, Cell, Classification, Column, Finding, Method, Parameter, Params, Watch, World, elasticities as trade, row,
};

pub(crate) const SIGMA: Parameter = Parameter {
    name: "sigma",
    accepts: Accepts::Number { default: 0.9, above: 0.0, below: 100.0 },
    description: "σ: between sectors in final use; the default is that of Baqaee & Farhi (2024)",
};
pub(crate) const ETA: Parameter = Parameter {
    name: "eta",
    accepts: Accepts::Number { default: 0.05, above: 0.0, below: 100.0 },
    description: "η: between value added and materials, their θ; the default is theirs for a year",
};
pub(crate) const EPSILON: Parameter = Parameter {
    name: "epsilon",
    accepts: Accepts::Number { default: 0.05, above: 0.0, below: 100.0 },
    description: "ε: between sectors among materials; the default is theirs for a year",
};
pub(crate) const FACTORS: Parameter = Parameter {
    name: "factors",
    accepts: Accepts::Choice(&["fixed", "mobile"]),
    description: "workers and capital stay in their industry (about a year), or move between the sectors of their region",
};
pub(crate) const ICEBERG: Parameter = Parameter {
    name: "iceberg",
    accepts: Accepts::Amount { default: 0.0, most: 1e3 },
    description: "all that controls fall on costs so many times as much, in place of their severity; 0: by severity",
};
pub(crate) const TOLERANCE: Parameter = Parameter {
    name: "tolerance",
    // What rounding leaves is not much less.
    accepts: Accepts::Number { default: 1e-8, above: 1e-11, below: 0.1 },
    description: "how far factors demanded and supplied may be apart at the end, as a share",
};

pub static METHOD: Method = Method {
    name: "network",
    page: include_str!("../../../../docs/src/methods/network.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        ROLE,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::musd("gne", "Spending", "national expenditure before: all final use").minor(),
        Column::share("real_gne", "Real spending", "change of real national expenditure (GNE)"),
        Column::musd("worth", "Worth", "the same times expenditure before: below zero a loss, a year"),
        Column::share(
            "price",
            "Prices",
            "change of final users' prices, or of a sector's; world income as the numeraire",
        ),
        Column::share(
            "output",
            "Output",
            "change of output at constant prices; of a region, sectors weighted by value added before",
        ),
        Column::share(
            "factor_income",
            "Factor income",
            "change of what workers and capital earn, over final users' prices of their region",
        ),
    ],
    parameters: &[DETAIL, FACTORS, SIGMA, ETA, EPSILON, trade::FILE, trade::THETA, THETA_FACTOR, ICEBERG, TOLERANCE],
};

/// Real spending about a year after, when inputs can hardly be replaced.
pub fn run(world: &World, scenario: &Scenario, params: &Params, watch: &dyn Watch) -> Result<Finding, Error> {
    let problem = Problem::new(world, scenario, params)?;
    let found = problem.solve(&problem.elasticities, None, watch)?;
    let classification = &problem.classification;
    let change = Change { network: &problem.network, state: &found.state };

    let mut finding = Finding::new(&METHOD, params);
    for r in ranked(&problem.controls, classification, |r| -change.real_gne(r)) {
        let role = role(&problem.controls, &Bloc::of_region(classification, r));
        let region = &classification.regions()[r];
        for (code, name, sectors) in rows(classification, params) {
            let mut cells = row![params.year, region.code.as_str(), &region.name, role, code, name];
            match code {
                "*" => cells.extend(change.region(r)),
                _ => cells.extend(change.industry(r, sectors.start)),
            }
            finding.push(cells);
        }
    }
    let mut world_row = row![params.year, "*", "World", "all", "*", "All sectors"];
    world_row.extend(change.world());
    finding.push(world_row);
    problem.describe(&mut finding, scenario);
    finding.note(format!("found in {} rounds with {} Jacobians", found.rounds, found.jacobians));
    Ok(finding)
}

/// What is asked: a network, what is done to it, and how easily things take each other's place.
pub(crate) struct Problem {
    pub network: Network,
    pub shock: Shock,
    pub elasticities: Elasticities,
    pub controls: Vec<Control>,
    pub classification: Classification,
    tolerance: f64,
    /// Barrier in place of severities; 0: none.
    iceberg: f64,
    /// Where trade elasticities are from.
    source: String,
    notes: Vec<String>,
}

impl Problem {
    pub fn new(world: &World, scenario: &Scenario, params: &Params) -> Result<Self, Error> {
        let options = &params.options;
        let controls = by_region::controls(scenario, "the production network")?;
        let table = world.table(params.year)?;
        let classification = table.classification.as_ref().clone();
        let (theta, source) = trade::asked(options, &classification)?;
        let elasticities = Elasticities {
            sigma: options.number(SIGMA.name),
            eta: options.number(ETA.name),
            epsilon: options.number(EPSILON.name),
            theta: theta.iter().map(|theta| theta * options.number(THETA_FACTOR.name)).collect(),
        };
        let (network, mut notes) = Network::of_table(&table, options.choice(FACTORS.name) == "mobile")?;
        let iceberg = options.number(ICEBERG.name);
        if iceberg > 0.0 && iceberg < 1.0 {
            return Err(Error::Nothing(format!("iceberg {iceberg}: a barrier makes dearer; give 1 or more, or 0")));
        }
        let shock = match iceberg {
            0.0 => network.shock(&controls, &classification)?,
            barrier => network.iceberg(&controls, &classification, barrier, &elasticities.theta)?,
        };
        let (network, note) = network.supplied(&shock, &classification).map_err(refused(&classification))?;
        notes.extend(note);
        let cut = network.cut(&shock);
        if !cut.is_empty() {
            let cut: Vec<&str> = cut.iter().map(|&n| classification.regions()[n].code.as_str()).collect();
            return Err(Error::NoEquilibrium(format!(
                "{} can no longer trade as its deficit or surplus of before asks for, which stays as it is in this model; deny less than all",
                cut.join(", ")
            )));
        }
        let tolerance = options.number(TOLERANCE.name);
        Ok(Self { network, shock, elasticities, controls, classification, tolerance, iceberg, source, notes })
    }

    /// The equilibrium with some elasticities, from a state nearby where there is one.
    pub fn solve(&self, elasticities: &Elasticities, near: Option<&State>, watch: &dyn Watch) -> Result<Found, Error> {
        // What a barrier leaves of a flow hangs on how easily the flow is replaced.
        let shock = match self.iceberg {
            0.0 => self.shock.clone(),
            barrier => self.network.iceberg(&self.controls, &self.classification, barrier, &elasticities.theta)?,
        };
        let found = solve::solve(&self.network, elasticities, &shock, self.tolerance, near, watch);
        watch.go_on()?;
        found.map_err(|stuck| self.refused(&stuck))
    }

    fn refused(&self, Stuck { part, widest }: &Stuck) -> Error {
        let left = match widest {
            Some((factor, gap)) => {
                let industry = self.classification.industry_label(self.network.factors[*factor][0]);
                format!("factors demanded and supplied in {industry} are still {gap:.1e} apart (logarithm)")
            }
            None => "prices run away".to_owned(),
        };
        Error::NoEquilibrium(format!(
            "beyond {:.0} % of this none was found: {left}. Inputs may be too rigid for it: deny less, or let factors=mobile, or higher eta and epsilon (with --set, or under [model.network] in the scenario's file)",
            100.0 * part
        ))
    }

    /// Controls, sources and what was done to the table, in a finding.
    pub fn describe(&self, finding: &mut Finding, scenario: &Scenario) {
        by_region::describe(finding, &self.controls);
        finding.parameter("elasticity source", &self.source);
        self.notes.iter().for_each(|note| finding.note(note.clone()));
        if self.iceberg > 0.0 {
            finding.note(format!(
                "all that controls fall on costs {} times as much, whatever their severity; those of severity 0 fall on nothing",
                self.iceberg
            ));
        }
        by_region::for_good(finding, scenario, &self.controls);
    }
}

/// A network before and after.
pub(crate) struct Change<'a> {
    pub network: &'a Network,
    pub state: &'a State,
}

impl Change<'_> {
    /// χ'/χ over P_C, less 1.
    pub fn real_gne(&self, r: usize) -> f64 {
        (self.state.spending[r] / self.network.spending[r] / self.state.consumer_prices[r].exp()) - 1.0
    }

    /// All regions weighted by expenditure before.
    pub fn world_gne(&self) -> f64 {
        (0..self.network.regions).map(|r| self.network.spending[r] * self.real_gne(r)).sum()
    }

    fn region(&self, r: usize) -> Vec<Cell> {
        let network = self.network;
        let industries = || (r * network.sectors..(r + 1) * network.sectors).filter(|&i| network.sales[i] > 0.0);
        let added = |i: usize| network.sales[i] * network.added[i];
        let all: f64 = industries().map(added).sum();
        let output: f64 = industries().map(|i| added(i) * self.output(i)).sum();
        let earned: f64 = industries().map(|i| self.state.sales[i] * self.state.added[i]).sum();
        let gne = network.spending[r] * network.world;
        let price = self.state.consumer_prices[r];
        row![
            gne,
            self.real_gne(r),
            self.real_gne(r) * gne,
            price.exp_m1(),
            output / all,
            earned / all / price.exp() - 1.0
        ]
    }

    fn industry(&self, r: usize, s: usize) -> Vec<Cell> {
        let i = r * self.network.sectors + s;
        let (before, after) =
            (self.network.sales[i] * self.network.added[i], self.state.sales[i] * self.state.added[i]);
        let mut cells = vec![Cell::Missing, Cell::Missing, Cell::Missing];
        match self.network.sales[i] > 0.0 {
            true => cells.extend(row![
                self.state.prices[i].exp_m1(),
                self.output(i),
                after / before / self.state.consumer_prices[r].exp() - 1.0
            ]),
            false => cells.extend([Cell::Missing, Cell::Missing, Cell::Missing]),
        }
        cells
    }

    fn world(&self) -> Vec<Cell> {
        let (gne, real) = (self.network.world, self.world_gne());
        let price: f64 = self
            .network
            .spending
            .iter()
            .zip(&self.state.consumer_prices)
            .map(|(share, price)| share * price.exp_m1())
            .sum();
        let mut cells = row![gne, real, real * gne, price];
        cells.extend([Cell::Missing, Cell::Missing]);
        cells
    }

    /// λ'/λ over p, less 1.
    fn output(&self, i: usize) -> f64 {
        self.state.sales[i] / self.network.sales[i] / self.state.prices[i].exp() - 1.0
    }
}

#![doc = include_str!("../../../docs/src/methods/price.md")]

use crate::Error;
use crate::by_region::{self, DETAIL, ROLE, ranked, role, rows};
use crate::severity::{Purchases, Severity};
use zili_scenario::{Control, Scenario};
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Column, Finding, Matrix, Method, Parameter, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "price",
    page: include_str!("../../../docs/src/methods/price.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        ROLE,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::musd("output", "Gross output", "gross output before").minor(),
        Column::musd("cost_push", "Cost push", "rise of the producers' cost of denied inputs, a year"),
        Column::share("output_price", "Price of output", "rise of the price of output, all rounds of costs passed on"),
        Column::musd(
            "final_use",
            "Final use",
            "what the region's final users spend on the sector's products, of all origins, before",
        )
        .minor(),
        Column::musd("direct_bill", "Bill, direct", "rise of that bill for want of the final products denied").minor(),
        Column::musd("bill", "Bill of final users", "rise of that bill in all: direct_bill and costs passed on"),
        Column::share("bill_share", "of final use", "bill / final_use: the rise of the final users' prices"),
    ],
    parameters: &[
        DETAIL,
        Parameter {
            name: "sigma",
            accepts: Accepts::Number { default: 6.0, above: 1.0, below: 1e3 },
            description: "elasticity of substitution among origins of a product; 6 is a trade elasticity of 5, the central value of Head & Mayer (2014)",
        },
        Parameter {
            name: "limit",
            accepts: Accepts::Number { default: 10.0, above: 0.0, below: 1e3 },
            description: "largest rise of a product's price, in place of the infinite one of a product without a supplier left; 10 is a rise by 1,000 %, a convention",
        },
    ],
};

/// What becomes dearer, for whom, under the scenario's controls.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let controls = &by_region::controls(scenario, "the price model")?;
    let system = world.system(params.year)?;
    let rises = Rises::of(&system, controls, params.options.number("sigma"), params.options.number("limit"))?;

    let mut finding = Finding::new(&METHOD, params);
    let classification = system.classification();
    let bill = |r: usize| rises.bill(&system, r);
    let bills: Vec<Vec<f64>> = (0..classification.regions().len()).map(bill).collect();
    let output = system.output();
    for r in ranked(controls, classification, |r| bills[r].iter().sum()) {
        let region = &classification.regions()[r];
        let role = role(controls, &Bloc::of_region(classification, r));
        let first = classification.industries_of(r).start;
        for (code, name, sectors) in rows(classification, params) {
            let industries = first + sectors.start..first + sectors.end;
            let x: f64 = output[industries.clone()].iter().sum();
            let push: f64 = industries.clone().map(|i| rises.cost_push[i] * output[i]).sum();
            let dearer: f64 = industries.map(|i| rises.price[i] * output[i]).sum();
            let spent: f64 = sectors.clone().map(|p| rises.final_products.bought[(p, r)]).sum();
            let direct: f64 = sectors.clone().map(|p| rises.direct_bill(p, r)).sum();
            let bill: f64 = bills[r][sectors].iter().sum();
            let mut cells = row![params.year, region.code.as_str(), &region.name, role, code, name];
            cells.extend(row![x, push, dearer / x, spent, direct, bill, bill / spent]);
            finding.push(cells);
        }
    }
    by_region::describe(&mut finding, controls);
    if let Some(note) = rises.limited(&system) {
        finding.note(note);
    }
    if !scenario.disruptions.is_empty() || !scenario.responses.is_empty() || !scenario.chains.is_empty() {
        finding.note("disruptions, chains and responses of the scenario move no price here: only its controls count");
    }
    finding
        .note("full pass-through, with quantities and wages held fixed: a push on costs, not a forecast of inflation");
    Ok(finding)
}

/// How much dearer everything becomes, as shares of the old price.
pub struct Rises {
    /// Δc: rise of unit cost for want of denied inputs, by industry.
    pub cost_push: Vec<f64>,
    /// Δp: rise of the price of output, by industry.
    pub price: Vec<f64>,
    inputs: Purchases,
    users: Vec<usize>,
    final_products: Purchases,
    sigma: f64,
    limit: f64,
}

impl Rises {
    /// The rises under some controls; σ > 1, `limit` > 0.
    pub fn of(system: &System, controls: &[Control], sigma: f64, limit: f64) -> Result<Self, Error> {
        let severity = Severity::of(system, controls)?;
        let n = system.industries();
        let mut rises = Self {
            cost_push: vec![0.0; n],
            price: Vec::new(),
            inputs: severity.inputs(system),
            final_products: severity.final_products(system),
            users: severity.users,
            sigma,
            limit,
        };
        for (u, &j) in rises.users.iter().enumerate() {
            // Who sells less than nothing has no unit cost.
            if system.output()[j] > 0.0 {
                let dearer = |p: usize| rises.inputs.bought[(p, u)] * rises.rise(rises.inputs.share(p, u));
                let total: f64 = (0..rises.inputs.bought.rows()).map(dearer).sum();
                rises.cost_push[j] = total * system.inverse_output()[j];
            }
        }
        let mut price = Matrix::from_rows(1, n, rises.cost_push.clone());
        system.lu().solve_rows(&mut price);
        rises.price = price.row(0).to_vec();
        Ok(rises)
    }

    /// (1 − b)^(−1/(σ−1)) − 1, at most the limit.
    fn rise(&self, denied: f64) -> f64 {
        ((1.0 - denied).powf(-1.0 / (self.sigma - 1.0)) - 1.0).min(self.limit)
    }

    fn hits_limit(&self, denied: f64) -> bool {
        denied > 0.0 && self.rise(denied) >= self.limit
    }

    /// What a region's final users pay more for a sector's products because some are denied to them.
    pub fn direct_bill(&self, sector: usize, region: usize) -> f64 {
        self.final_products.bought[(sector, region)] * self.rise(self.final_products.share(sector, region))
    }

    /// What a region's final users pay more in all, by sector.
    pub fn bill(&self, system: &System, region: usize) -> Vec<f64> {
        let sectors = system.classification().sectors().len();
        let columns = system.classification().final_columns_of(region);
        let mut bill: Vec<f64> = (0..sectors).map(|p| self.direct_bill(p, region)).collect();
        for i in 0..system.industries() {
            let bought: f64 = system.table().y.row(i)[columns.clone()].iter().sum();
            bill[i % sectors] += bought.max(0.0) * self.price[i];
        }
        bill
    }

    /// Which purchases took the limit in place of their rise, the largest first.
    fn limited(&self, system: &System) -> Option<String> {
        const NAMED: usize = 5;
        let classification = system.classification();
        let sectors = classification.sectors();
        let industry = |u: usize| classification.industry_label(self.users[u]);
        let consumers = |r: usize| format!("final users in {}", classification.regions()[r].code);
        let mut hits = self.hits(&self.inputs, &industry);
        hits.extend(self.hits(&self.final_products, &consumers));
        hits.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.2.cmp(&b.2)).then(a.1.cmp(&b.1)));
        let named: Vec<String> = hits
            .iter()
            .take(NAMED)
            .map(|(spent, p, who)| format!("{} by {who} ({spent:.0})", sectors[*p].code))
            .collect();
        let more = if hits.len() > NAMED { " and others" } else { "" };
        (!hits.is_empty()).then(|| {
            format!(
                "{} purchases have no supplier left, or too little of one, and take the largest rise allowed, {} %: {}{more} (million USD a year before)",
                hits.len(),
                self.limit * 100.0,
                named.join(", ")
            )
        })
    }

    /// Spending, sector and buyer of the purchases that hit the limit.
    fn hits(&self, purchases: &Purchases, name: &dyn Fn(usize) -> String) -> Vec<(f64, usize, String)> {
        let (sectors, buyers) = (purchases.bought.rows(), purchases.bought.columns());
        (0..sectors)
            .flat_map(|p| (0..buyers).map(move |b| (p, b)))
            .filter(|&(p, b)| self.hits_limit(purchases.share(p, b)))
            .map(|(p, b)| (purchases.bought[(p, b)], p, name(b)))
            .collect()
    }
}

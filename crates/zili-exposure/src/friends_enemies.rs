#![doc = include_str!("../../../docs/src/methods/friends-enemies.md")]

use zili_world::linalg::Lu;
use zili_world::method::{Accepts, column};
use zili_world::{Column, Error, Finding, Matrix, Method, Parameter, Params, World, row};

pub static METHOD: Method = Method {
    name: "friends-enemies",
    page: include_str!("../../../docs/src/methods/friends-enemies.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::PARTNER,
        column::PARTNER_NAME,
        Column::number(
            "welfare",
            "Home gains",
            "% per %",
            "change of home's real income for each per cent of growth of the partner's productivity",
        ),
        Column::number("income", "Home's income", "% per %", "the same of home's income relative to the world's")
            .minor(),
        Column::number(
            "welfare_of_partner",
            "Partner gains",
            "% per %",
            "change of the partner's real income for each per cent of home's productivity",
        ),
        Column::number(
            "income_of_partner",
            "Partner's income",
            "% per %",
            "the same of its income relative to the world's",
        )
        .minor(),
        Column::share("bought_from", "Bought from", "share of the partner in home's spending"),
        Column::share("sold_to", "Sold to", "share of the partner in home's sales"),
    ],
    parameters: &[Parameter {
        name: "theta",
        accepts: Accepts::Number { default: 5.0, above: 0.0, below: 1e3 },
        description: "θ: trade elasticity; the default is that of Costinot & Rodríguez-Clare (2014) for one sector",
    }],
};

/// Who makes home richer by growing, and who poorer.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let table = world.table(params.year)?;
    let classification = &table.classification;
    // Home is one economy.
    let home = params.home.positions(classification)?;
    let others: Vec<usize> = (0..classification.regions().len()).filter(|r| !home.contains(r)).collect();
    let mut of = vec![0; classification.regions().len()];
    others.iter().enumerate().for_each(|(k, &r)| of[r] = k + 1);
    let mut sales = Matrix::zeros(others.len() + 1, others.len() + 1);
    for r in 0..of.len() {
        for i in classification.industries_of(r) {
            for n in 0..of.len() {
                let inputs = table.z.row(i)[classification.industries_of(n)].iter().map(|flow| flow.max(0.0));
                let finally: f64 = table.y.row(i)[classification.final_columns_of(n)].iter().sum();
                sales[(of[r], of[n])] += inputs.sum::<f64>() + finally.max(0.0);
            }
        }
    }
    let found = Exposure::of(&sales, params.options.number("theta"))
        .ok_or_else(|| Error::Unanswerable(format!("a region of {} sells or buys nothing", params.year)))?;

    let mut finding = Finding::new(&METHOD, params);
    let (spent, sold) = (sales.column_sums(), sales.row_sums());
    let mut push = |code: &str, name: &str, k: usize| {
        finding.push(row![
            params.year,
            &params.home.code,
            code,
            name,
            found.welfare[(0, k)],
            found.income[(0, k)],
            found.welfare[(k, 0)],
            found.income[(k, 0)],
            sales[(k, 0)] / spent[0],
            sales[(0, k)] / sold[0],
        ]);
    };
    push(&params.home.code, &params.home.name, 0);
    let mut order: Vec<usize> = (1..=others.len()).collect();
    // Enemies first.
    order.sort_by(|&a, &b| found.welfare[(0, a)].total_cmp(&found.welfare[(0, b)]));
    for k in order {
        let region = &classification.regions()[others[k - 1]];
        push(region.code.as_str(), &region.name, k);
    }
    finding.note("trade is taken to be balanced: what is sold is what is earned");
    Ok(finding)
}

/// First derivatives of incomes and real incomes of all regions with respect to productivities of all.
pub struct Exposure {
    /// W_ni = d ln w_n / d ln z_i, mean income as the numeraire.
    pub income: Matrix,
    /// U_ni = d ln u_n / d ln z_i.
    pub welfare: Matrix,
}

impl Exposure {
    /// From sales of exporters (rows) to importers (columns), any unit, and θ > 0; none where somebody sells or buys nothing.
    pub fn of(sales: &Matrix, theta: f64) -> Option<Self> {
        let n = sales.rows();
        let (spent, sold) = (sales.column_sums(), sales.row_sums());
        if spent.iter().chain(&sold).any(|amount| *amount <= 0.0) {
            return None;
        }
        let shares = Matrix::from_fn(n, n, |buyer, seller| sales[(seller, buyer)] / spent[buyer]);
        let all: f64 = sold.iter().sum();
        let q: Vec<f64> = sold.iter().map(|sold| sold / all).collect();
        Self::of_shares(&shares, &q, theta)
    }

    /// From S, shares of sellers in buyers' spending, and q, shares in world income.
    pub fn of_shares(s: &Matrix, q: &[f64], theta: f64) -> Option<Self> {
        let n = q.len();
        let t = Matrix::from_fn(n, n, |i, k| s[(k, i)] * q[k] / q[i]);
        let ts = t.times(s);
        let one = |i: usize, k: usize| f64::from(u8::from(i == k));
        // I − V with V = (T + θTS)/(θ+1) − 1q', and −θ/(θ+1) M with M = TS − I.
        let left = Matrix::from_fn(n, n, |i, k| one(i, k) - (t[(i, k)] + theta * ts[(i, k)]) / (theta + 1.0) + q[k]);
        let mut income = Matrix::from_fn(n, n, |i, k| -theta / (theta + 1.0) * (ts[(i, k)] - one(i, k)));
        Lu::factor(left).ok()?.solve(&mut income);
        let sw = s.times(&income);
        let welfare = Matrix::from_fn(n, n, |i, k| income[(i, k)] - sw[(i, k)] + s[(i, k)]);
        Some(Self { income, welfare })
    }
}

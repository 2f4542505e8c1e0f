#![doc = include_str!("../../../docs/src/methods/gains-from-trade.md")]

use crate::areas::{ALL, ALL_NAME};
use zili_world::linalg::Lu;
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Column, Error, Finding, Matrix, Method, Parameter, Params, Table, World, elasticities, row};

const ONE: Parameter = Parameter {
    name: "epsilon",
    accepts: Accepts::Number { default: 5.0, above: 0.0, below: 1e3 },
    description: "trade elasticity of the economy as one sector; the default is that of Costinot & Rodríguez-Clare (2014)",
};

pub static METHOD: Method = Method {
    name: "gains-from-trade",
    page: include_str!("../../../docs/src/methods/gains-from-trade.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::share(
            "home_share",
            "Home share",
            "λ: share of what is spent on the sector's products, as inputs and finally, that stays at home",
        ),
        Column::number("elasticity", "Elasticity", "ratio", "θ: trade elasticity of the sector; ε for all sectors")
            .minor(),
        Column::share("final_share", "in final use", "β: share of the sector in home's final use").minor(),
        Column::share(
            "with_inputs",
            "With inputs",
            "loss with sectors and inputs of inputs; of one sector, as if it alone were cut off",
        ),
        Column::share(
            "many_sectors",
            "Many sectors",
            "loss with sectors but without inputs; of one sector, its part as if it alone were cut off",
        ),
        Column::share(
            "one_sector",
            "One sector",
            "loss of real income in autarky, the economy as one sector; all sectors only",
        ),
    ],
    parameters: &[ONE, elasticities::FILE, elasticities::THETA],
};

/// What home would lose of its real income if it could not trade at all, and by which sectors.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let table = world.table(params.year)?;
    let classification = &table.classification;
    let (theta, source) = elasticities::asked(&params.options, classification)?;
    let epsilon = params.options.number(ONE.name);
    let home = Home::of(&table, &params.home)?;

    let mut finding = Finding::new(&METHOD, params);
    finding.parameter("elasticity source", source);
    // Logarithm of what is left of real income, by the sector that is cut off.
    let direct: Vec<f64> = (0..theta.len()).map(|k| home.beta[k] * home.worth(k, theta[k])).collect();
    let total: Vec<f64> = (0..theta.len()).map(|k| home.weight[k] * home.worth(k, theta[k])).collect();
    let loss = |left: f64| -left.exp_m1();
    finding.push(row![
        params.year,
        &params.home.code,
        ALL,
        ALL_NAME,
        home.all,
        epsilon,
        1.0,
        loss(total.iter().sum()),
        loss(direct.iter().sum()),
        loss(home.all.ln() / epsilon),
    ]);
    for (k, sector) in classification.sectors().iter().enumerate() {
        finding.push(row![
            params.year,
            &params.home.code,
            sector.code.as_str(),
            &sector.name,
            home.share[k],
            theta[k],
            home.beta[k],
            loss(total[k]),
            loss(direct[k]),
            f64::NAN,
        ]);
    }
    let without: Vec<&str> = (0..theta.len())
        .filter(|&k| home.share[k] == 0.0 && home.weight[k] > 0.0)
        .map(|k| classification.sectors()[k].code.as_str())
        .collect();
    if !without.is_empty() {
        finding.note(format!(
            "home makes none of {}, which it uses: in autarky it would lose everything",
            without.join(", ")
        ));
    }
    Ok(finding)
}

/// Home's spending in shares.
struct Home {
    /// λ over all sectors.
    all: f64,
    /// λ by sector; not a number where nothing is spent.
    share: Vec<f64>,
    /// β by sector.
    beta: Vec<f64>,
    /// Σ_s β_s a_ks: what of each sector is in a unit of final use, inputs of inputs counted.
    weight: Vec<f64>,
}

impl Home {
    fn of(table: &Table, home: &Bloc) -> Result<Self, Error> {
        let classification = &table.classification;
        let sectors = classification.sectors().len();
        let (industries, columns) = (home.industries(classification)?, home.final_columns(classification)?);
        let final_use = table.final_use_of(&columns);
        let mut is_home = vec![false; table.z.rows()];
        industries.iter().for_each(|&i| is_home[i] = true);
        let (mut own, mut spent, mut beta) = (vec![0.0; sectors], vec![0.0; sectors], vec![0.0; sectors]);
        let mut inputs = Matrix::zeros(sectors, sectors);
        for i in 0..table.z.rows() {
            let k = i % sectors;
            let flows = industries.iter().map(|&j| (j % sectors, table.z[(i, j)]));
            let used = flows.map(|(s, flow)| {
                inputs[(k, s)] += flow;
                flow
            });
            let as_input: f64 = used.sum();
            // What is taken from stocks is not spent.
            let finally = final_use[i].max(0.0);
            own[k] += if is_home[i] { as_input + finally } else { 0.0 };
            spent[k] += as_input + finally;
            beta[k] += finally;
        }
        let mut output = vec![0.0; sectors];
        industries.iter().for_each(|&j| output[j % sectors] += table.output()[j]);
        let all: f64 = beta.iter().sum();
        if all <= 0.0 {
            return Err(Error::Unanswerable(format!("{} uses nothing finally in {}", home.name, table.year)));
        }
        beta.iter_mut().for_each(|share| *share /= all);
        // I − A' in sectors, of all origins; where nothing is made there are no inputs.
        let system = Matrix::from_fn(sectors, sectors, |k, s| {
            let coefficient = if output[s] > 0.0 { inputs[(k, s)] / output[s] } else { 0.0 };
            f64::from(u8::from(k == s)) - coefficient
        });
        let singular = |_| Error::Singular { year: table.year, reason: format!("inputs of {}", home.name) };
        let weight = Lu::factor(system).map_err(singular)?.solve_vector(beta.clone());
        Ok(Self {
            all: own.iter().sum::<f64>() / spent.iter().sum::<f64>(),
            share: own.iter().zip(&spent).map(|(own, spent)| own / spent).collect(),
            beta,
            weight,
        })
    }

    /// ln λ_k / θ_k; 0 where nothing is spent.
    fn worth(&self, k: usize, theta: f64) -> f64 {
        if self.share[k].is_nan() { 0.0 } else { self.share[k].ln() / theta }
    }
}

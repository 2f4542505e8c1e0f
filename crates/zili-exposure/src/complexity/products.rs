#![doc = include_str!("../../../../docs/src/methods/complexity-products.md")]

use super::convention::CONVENTION;
use super::economies::ranks;
use super::standing::{Home, Standing};
use super::{MIN_EXPORTS, MIN_POPULATION, MIN_PRODUCT, STEPS, THRESHOLD, TRADE, YEAR};
use rayon::prelude::*;
use zili_world::method::{Accepts, column};
use zili_world::{Cell, Column, Error, Finding, Method, Parameter, Params, World, row};

const ONLY: Parameter = Parameter {
    name: "only",
    accepts: Accepts::Choice(&["reachable", "made", "all"]),
    description: "products that home does not make yet, those that it makes, or all",
};
const BY_DENSITY: Parameter = Parameter {
    name: "weight_density",
    accepts: Accepts::Amount { default: 1.0, most: 1e3 },
    description: "weight of density in the score (an assumption: equal weights)",
};
const BY_COMPLEXITY: Parameter = Parameter {
    name: "weight_complexity",
    accepts: Accepts::Amount { default: 1.0, most: 1e3 },
    description: "weight of complexity in the score (an assumption: equal weights)",
};
const BY_DEPENDENCE: Parameter = Parameter {
    name: "weight_dependence",
    accepts: Accepts::Amount { default: 1.0, most: 1e3 },
    description: "weight of dependence in the score (an assumption: equal weights)",
};

pub static METHOD: Method = Method {
    name: "complexity-products",
    page: include_str!("../../../../docs/src/methods/complexity-products.md"),
    columns: &[
        column::HOME,
        Column { description: "year of the trade", ..column::YEAR },
        Column::text("product", "Product", "code of the product"),
        Column::text("product_name", "Product", "its name"),
        Column::number(
            "score",
            "Score",
            "index 0–1",
            "weighted mean of the shares of products that come no higher by density, by complexity and by dependence",
        ),
        Column::share("density", "Density", "share of what lies near the product that home makes"),
        Column::number("pci", "PCI", "deviations", "product complexity index"),
        Column::integer("pci_rank", "Rank", "rank", "its place by that, 1 for the most complex").minor(),
        Column::share(
            "dependence",
            "Dependence",
            "share of the largest supplier in home's imports, times home's net imports over its trade; missing where buyers are not told apart",
        ),
        Column::text("top_supplier", "From", "home's largest supplier").result(),
        Column::share("top_share", "Its share", "its share of home's imports").minor(),
        Column::musd("imports", "Imports", "home's imports from outside").minor(),
        Column::musd("exports", "Exports", "home's exports, of members to each other too").minor(),
        Column::number("rca", "RCA", "ratio", "home's comparative advantage; 1 is the world's average").minor(),
        Column::text("makes", "Makes", "yes if home has comparative advantage").result().minor(),
        Column::number("cog", "COG", "as in the convention", "complexity outlook gain: what making it brings near")
            .minor(),
        Column::integer("ubiquity", "Makers", "economies", "k_p: economies with comparative advantage in it").minor(),
        Column::number(
            "quality",
            "Quality",
            "multiples of the mean",
            "complexity of the product that goes with fitness",
        )
        .minor(),
        Column::text("built_on", "Built on", "the nearest products that home makes, with their proximity")
            .result()
            .minor(),
        Column::text(
            "make_first",
            "First make",
            "the nearest products that home does not make and that are nearer to what it makes, with their proximity",
        )
        .result()
        .minor(),
    ],
    parameters: &[
        TRADE,
        YEAR,
        ONLY,
        CONVENTION,
        THRESHOLD,
        MIN_EXPORTS,
        MIN_POPULATION,
        MIN_PRODUCT,
        STEPS,
        BY_DENSITY,
        BY_COMPLEXITY,
        BY_DEPENDENCE,
    ],
};

/// Products by score, the highest first.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let standing = Standing::new(world, params)?;
    let mut finding = standing.finding(&METHOD, params);
    let home = standing.home(params);
    let Some(place) = &home.place else {
        finding.note(format!("{} has comparative advantage in none of these products", params.home.code));
        return Ok(finding);
    };
    let (market, presence, found) = (&standing.market, &standing.presence, &standing.indicators);
    let only = params.options.choice(ONLY.name);
    let wanted: Vec<usize> =
        (0..presence.products()).filter(|p| only == "all" || (home.makes[*p] > 0.0) == (only == "made")).collect();
    let bought: Vec<Bought> = bought(&standing, &home);
    let pick = |values: &[f64]| -> Vec<f64> { wanted.iter().map(|p| values[*p]).collect() };
    let dependence: Vec<f64> = bought.iter().map(|bought| bought.dependence).collect();
    let parts =
        [(BY_DENSITY, pick(&place.density)), (BY_COMPLEXITY, pick(&found.pci)), (BY_DEPENDENCE, pick(&dependence))];
    for (weight, values) in &parts {
        if values.iter().any(|value| !value.is_finite()) {
            let what = weight.name.trim_start_matches("weight_");
            finding.note(format!("the score leaves {what} aside: it is not known for all products"));
        }
    }
    let scores = scores(parts.map(|(weight, values)| (params.options.number(weight.name), values)));
    let pci_rank = ranks(&found.pci);
    let ubiquity = presence.ubiquity();
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(wanted[*a].cmp(&wanted[*b])));
    let mut rows: Vec<(usize, Vec<Cell>)> = Vec::new();
    for k in order {
        let p = wanted[k];
        let product = &market.trade.products()[standing.products[p]];
        let bought = &bought[p];
        let makes = if home.makes[p] > 0.0 { "yes" } else { "no" };
        let mut cells = row![&params.home.code, market.flows.year, &product.code, &product.name, scores[k]];
        cells.extend(row![place.density[p], found.pci[p]]);
        cells.push(pci_rank[p].clone());
        cells.push(Cell::from(bought.dependence));
        match bought.top {
            Some((economy, share)) => cells.extend(row![market.code(economy).as_str(), share]),
            None => cells.extend([Cell::Missing, Cell::Missing]),
        }
        cells.extend(row![bought.imports, home.exports[p], home.rca[p], makes, place.cog[p], ubiquity[p] as usize]);
        cells.extend(row![found.quality[p]]);
        rows.push((p, cells));
    }
    let near = |(p, _): &(usize, Vec<Cell>)| neighbours(&standing, &home, &place.density, *p);
    let near: Vec<[Cell; 2]> = rows.par_iter().map(near).collect();
    for ((_, mut cells), near) in rows.into_iter().zip(near) {
        cells.extend(near);
        finding.push(cells);
    }
    Ok(finding)
}

/// What home buys of a product.
struct Bought {
    /// Million USD; not a number where buyers are not told apart.
    imports: f64,
    top: Option<(usize, f64)>,
    dependence: f64,
}

fn bought(standing: &Standing, home: &Home) -> Vec<Bought> {
    let members = standing.market.membership();
    let of = |p: usize| match standing.market.purchase(standing.products[p], &members) {
        None => Bought { imports: f64::NAN, top: None, dependence: f64::NAN },
        Some(purchase) => {
            let (imports, sold) = (purchase.imports() / 1e6, home.exports[p] - purchase.inside / 1e6);
            let net = ((imports - sold) / (imports + sold)).max(0.0);
            let top = purchase.top();
            let dependence = top.map_or(0.0, |(_, share)| share * net);
            Bought { imports, top, dependence }
        }
    };
    (0..standing.presence.products()).map(of).collect()
}

/// By place in each list, from 0 for the lowest to 1 for the highest, weighted. A list without numbers, or of no weight, does not count.
fn scores<const N: usize>(lists: [(f64, Vec<f64>); N]) -> Vec<f64> {
    let count = lists.first().map_or(0, |(_, values)| values.len());
    let lists: Vec<&(f64, Vec<f64>)> =
        lists.iter().filter(|(weight, values)| *weight > 0.0 && values.iter().all(|v| v.is_finite())).collect();
    let all: f64 = lists.iter().map(|(weight, _)| weight).sum();
    let mut scores = vec![0.0; count];
    for (weight, values) in lists {
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        for (score, value) in scores.iter_mut().zip(values) {
            *score += weight / all * sorted.partition_point(|other| other <= value) as f64 / count as f64;
        }
    }
    scores
}

/// How many neighbours are named.
const NAMED: usize = 3;

/// The nearest products that home makes, and the nearest ones to make on the way.
fn neighbours(standing: &Standing, home: &Home, density: &[f64], p: usize) -> [Cell; 2] {
    let near: Vec<(f64, usize)> = standing
        .presence
        .proximities(p)
        .into_iter()
        .enumerate()
        .filter(|(q, proximity)| *q != p && *proximity > 0.0)
        .map(|(q, proximity)| (proximity, q))
        .collect();
    let nearest = |among: &dyn Fn(usize) -> bool| -> Cell {
        let mut found: Vec<&(f64, usize)> = near.iter().filter(|(_, q)| among(*q)).collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let code = |q: usize| &standing.market.trade.products()[standing.products[q]].code;
        let named = found.iter().take(NAMED).map(|(proximity, q)| format!("{} {proximity:.2}", code(*q)));
        Cell::from(named.collect::<Vec<_>>().join(", "))
    };
    let makes = |q: usize| home.makes[q] > 0.0;
    [nearest(&makes), nearest(&|q| !makes(q) && density[q] > density[p])]
}

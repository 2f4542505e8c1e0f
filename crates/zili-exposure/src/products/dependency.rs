#![doc = include_str!("../../../../docs/src/methods/product-dependency.md")]

use super::Market;
use std::collections::BTreeMap;
use zili_world::method::{Accepts, column};
use zili_world::{Cell, Column, Error, Finding, Method, Parameter, Params, World, minerals, row, trade};

const CONCENTRATION: Parameter = Parameter {
    name: "cdi1",
    accepts: Accepts::Fraction { default: 0.4 },
    description: "concentration of suppliers above which the first indicator speaks of dependence (SWD(2021) 352)",
};
const OUTSIDE: Parameter = Parameter {
    name: "cdi2",
    accepts: Accepts::Fraction { default: 0.5 },
    description: "share of imports from outside above which the second does",
};
const COVER: Parameter = Parameter {
    name: "cdi3",
    accepts: Accepts::Amount { default: 1.0, most: 1e6 },
    description: "imports from outside over exports above which the third does",
};

pub static METHOD: Method = Method {
    name: "product-dependency",
    page: include_str!("../../../../docs/src/methods/product-dependency.md"),
    columns: &[
        column::HOME,
        Column { description: "year of the trade", ..column::YEAR },
        Column::text("product", "Product", "code of the product"),
        Column::text("product_name", "Product", "its name"),
        Column::text(
            "dependent",
            "Dependent",
            "yes if all three indicators say so, else no; missing without imports from outside",
        )
        .result(),
        Column::text("change", "Change", "new or gone against the last year before with imports").result(),
        Column::number("cdi1", "CDI1", "index 0–1", "Σ of squared shares of the suppliers outside home"),
        Column::share(
            "cdi2",
            "CDI2",
            "share of imports from outside in all imports of home's members; 1 for a single economy",
        ),
        Column::number(
            "cdi3",
            "CDI3",
            "ratio",
            "imports from outside over all exports of home's members; missing without exports",
        ),
        Column::text("top_supplier", "From", "the largest supplier outside home").result(),
        Column::share("top_share", "Its share", "its share of imports from outside"),
        Column::integer(
            "suppliers_for_75",
            "Suppliers for 75 %",
            "economies",
            "how many of the largest make 75 % of imports from outside",
        )
        .minor(),
        Column::musd("imports", "Imports", "imports from outside").minor(),
        Column::musd("exports", "Exports", "exports of home's members, to each other too").minor(),
        Column::musd("world", "World trade", "what all economies export").minor(),
        Column::text("world_top", "World's largest", "the world's largest exporter").result().minor(),
        Column::share("world_top_share", "Its share", "its share of the world's exports").minor(),
        Column::number("world_hhi", "World HHI", "index 0–1", "Σ of squared shares of the world's exporters").minor(),
        Column::share("home_exports", "Home's exports", "home's share of the world's exports").minor(),
        Column::share("home_imports", "Home's imports", "home's share of the world's imports: how large a buyer it is")
            .minor(),
        Column::text("material", "Material", "the material that the product stands for, where zili knows it")
            .result()
            .minor(),
        Column::text("fit", "Fit", "whole, part (other forms have other codes) or mixed (the code holds other goods)")
            .result()
            .minor(),
        Column::text(
            "us_critical",
            "US list",
            "yes if the material is in the United States' table of critical minerals",
        )
        .result()
        .minor(),
        Column::text("eu_critical", "EU list", "yes if it is a critical raw material of the European Union, 2023")
            .result()
            .minor(),
    ],
    parameters: &[trade::OPTION, CONCENTRATION, OUTSIDE, COVER],
};

/// Every product and year: dependent ones first, by how concentrated their suppliers are; the years of one product side by side.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let market = Market::new(world, params, params.options.name(trade::OPTION.name), trade::LATEST)?;
    let years = market.trade.years();
    let mut finding = market.finding_of(&METHOD, params, &years);
    if !market.flows.has_partners() {
        let name = market.trade.name();
        return Err(Error::Unanswerable(format!(
            "trade data '{name}' do not tell buyers apart: nothing is known of imports"
        )));
    }
    let members = market.membership();
    let mut by_product: BTreeMap<usize, Vec<(i32, Line)>> = BTreeMap::new();
    for &year in &years {
        let market = market.in_year(year)?;
        for product in 0..market.trade.products().len() {
            by_product.entry(product).or_default().push((year, Line::new(&market, product, &members, params)));
        }
    }
    if market.members().is_empty() {
        return Ok(finding);
    }
    churn(&years, &by_product).into_iter().for_each(|note| finding.note(format!("{}: {note}", params.home.code)));
    let mut order: Vec<(bool, f64, usize)> = Vec::new();
    for (product, lines) in &by_product {
        if let Some((_, last)) = lines.last() {
            order.push((last.dependent != Some(true), last.cdi1, *product));
        }
    }
    // Those without a number come last.
    let size = |cdi1: f64| if cdi1.is_nan() { f64::NEG_INFINITY } else { cdi1 };
    order.sort_by(|a, b| a.0.cmp(&b.0).then(size(b.1).total_cmp(&size(a.1))).then(a.2.cmp(&b.2)));
    for (.., product) in order {
        let mut before = None;
        for (year, line) in &by_product[&product] {
            finding.push(line.cells(&market, params, *year, product, before)?);
            before = line.dependent.or(before);
        }
    }
    Ok(finding)
}

/// A product in a year.
struct Line {
    cdi1: f64,
    cdi2: f64,
    cdi3: f64,
    dependent: Option<bool>,
    top: Option<(usize, f64)>,
    for_75: Option<usize>,
    imports: f64,
    exports: f64,
    world: f64,
    world_top: Option<(usize, f64)>,
    world_hhi: f64,
    home_exports: f64,
    home_imports: f64,
}

impl Line {
    fn new(market: &Market, product: usize, members: &[bool], params: &Params) -> Self {
        let mut exporters = vec![0.0; members.len()];
        let mut bought = 0.0;
        for flow in market.flows.of(product) {
            exporters[flow.exporter] += flow.usd;
            bought += if flow.importer.is_some_and(|importer| members[importer]) { flow.usd } else { 0.0 };
        }
        let world: f64 = exporters.iter().sum();
        let exports: f64 = exporters.iter().zip(members).map(|(usd, of_home)| if *of_home { *usd } else { 0.0 }).sum();
        let mut largest: Option<(usize, f64)> = None;
        for (economy, usd) in exporters.iter().enumerate() {
            if *usd > largest.map_or(0.0, |(_, most)| most) {
                largest = Some((economy, *usd));
            }
        }
        let purchase = market.purchase(product, members).unwrap_or_default();
        let imports = purchase.imports();
        let cdi1 = purchase.concentration();
        let cdi2 = imports / (imports + purchase.inside);
        let cdi3 = imports / exports;
        let over = |value: f64, parameter: &Parameter| value > params.options.number(parameter.name);
        // Without exports imports are any number of times as large.
        let dependent = over(cdi1, &CONCENTRATION) && over(cdi2, &OUTSIDE) && over(cdi3, &COVER);
        Self {
            cdi1,
            cdi2,
            cdi3,
            dependent: (imports > 0.0).then_some(dependent),
            top: purchase.top(),
            for_75: purchase.count_for(0.75),
            imports: imports / 1e6,
            exports: exports / 1e6,
            world: world / 1e6,
            world_top: largest.map(|(economy, usd)| (economy, usd / world)),
            world_hhi: exporters.iter().map(|usd| (usd / world).powi(2)).sum(),
            home_exports: exports / world,
            home_imports: bought / world,
        }
    }

    fn cells(
        &self,
        market: &Market,
        params: &Params,
        year: i32,
        product: usize,
        before: Option<bool>,
    ) -> Result<Vec<Cell>, Error> {
        let of = &market.trade.products()[product];
        let spoken = |yes: Option<bool>| match yes {
            None => Cell::Missing,
            Some(true) => Cell::from("yes"),
            Some(false) => Cell::from("no"),
        };
        let change = match (before, self.dependent) {
            (Some(false), Some(true)) => "new",
            (Some(true), Some(false)) => "gone",
            _ => "",
        };
        let economy = |found: Option<(usize, f64)>| match found {
            Some((economy, share)) => row![market.code(economy).as_str(), share],
            None => vec![Cell::Missing, Cell::Missing],
        };
        let mut cells = row![&params.home.code, year, &of.code, &of.name];
        cells.push(spoken(self.dependent));
        cells.extend(row![change, self.cdi1, self.cdi2, self.cdi3]);
        cells.extend(economy(self.top));
        cells.push(self.for_75.map_or(Cell::Missing, Cell::from));
        cells.extend(row![self.imports, self.exports, self.world]);
        cells.extend(economy(self.world_top));
        cells.extend(row![self.world_hhi, self.home_exports, self.home_imports]);
        let data = minerals::bundled()?;
        match data.traded(&of.code) {
            Some(traded) => {
                let listed = |on: &dyn Fn(&String) -> bool| spoken(Some(traded.materials.iter().any(on)));
                cells.extend(row![traded.materials.join(", "), traded.fit.as_str()]);
                cells.push(listed(&|material| data.critical(material).is_some()));
                cells.push(listed(&|material| data.leader(material).is_some()));
            }
            None => cells.extend([Cell::Missing, Cell::Missing, Cell::Missing, Cell::Missing]),
        }
        Ok(cells)
    }
}

/// How many flags of one year are still there in the next; a product counts against the last year in which something was imported.
fn churn(years: &[i32], by_product: &BTreeMap<usize, Vec<(i32, Line)>>) -> Vec<String> {
    let (mut dependent, mut gone, mut new) = (vec![0; years.len()], vec![0; years.len()], vec![0; years.len()]);
    for lines in by_product.values() {
        let mut before = None;
        for (k, (_, line)) in lines.iter().enumerate() {
            dependent[k] += usize::from(line.dependent == Some(true));
            gone[k] += usize::from(before == Some(true) && line.dependent == Some(false));
            new[k] += usize::from(before == Some(false) && line.dependent == Some(true));
            before = line.dependent.or(before);
        }
    }
    let between = |k: usize| {
        let (first, second) = (years[k - 1], years[k]);
        let (was, gone, new) = (dependent[k - 1], gone[k], new[k]);
        format!(
            "{was} products were dependent in {first}; in {second} {gone} no longer are and {new} are new: a flag of one year says little"
        )
    };
    (1..years.len()).map(between).collect()
}

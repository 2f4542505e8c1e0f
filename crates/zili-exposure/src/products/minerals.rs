#![doc = include_str!("../../../../docs/src/methods/mineral-dependence.md")]

use super::Market;
use crate::minerals::{EDITION, Line, asked, files, say_edition, series};
use zili_world::method::{Accepts, column};
use zili_world::minerals::{self, Minerals, Production, Traded};
use zili_world::{Cell, Column, Error, Finding, Method, Parameter, Params, RegionCode, World, row, trade};

const PRICE_TAKER: Parameter = Parameter {
    name: "price_taker",
    accepts: Accepts::Fraction { default: 0.1 },
    description: "share of the world's imports below which home takes the price as it finds it (an assumption: vary it)",
};

pub static METHOD: Method = Method {
    name: "mineral-dependence",
    page: include_str!("../../../../docs/src/methods/mineral-dependence.md"),
    columns: &[
        column::HOME,
        Column::text("mineral", "Material", "short name of the mineral or material"),
        Column::text("stage", "Stage", "mine, refinery, smelter, … or trade"),
        Column::text("product", "Product", "code of the traded product; missing for production").result().minor(),
        Column::text("product_name", "What", "the product or the mineral"),
        Column { description: "year of the figures", ..column::YEAR },
        Column::text("top_foreign", "Largest abroad", "the largest producer outside home, or home's largest supplier")
            .result(),
        Column::share("top_foreign_share", "Its share", "its share of the world's production, or of home's imports"),
        Column::share("home_low", "Home at least", "home's share of the world's production, or exports, at least"),
        Column::share("home_high", "at most", "the same at most; missing if the world's production leaves home out")
            .minor(),
        Column::number(
            "hhi",
            "HHI",
            "index 0–1",
            "Σ of squared shares of the producers told apart, or of home's suppliers",
        )
        .minor(),
        Column::share(
            "net_imports",
            "Net imports",
            "(imports − exports) / (imports + exports), in value; below 0 for a net exporter; trade only",
        ),
        Column::share("import_share", "Of imports", "home's share of the world's imports; trade only"),
        Column::text("price_taker", "Takes price", "yes if that share is below the option; trade only").result(),
        Column::text("us_critical", "US list", "yes if it is in the United States' table of critical minerals")
            .result()
            .minor(),
        Column::text("eu_critical", "EU list", "yes if it is a critical raw material of the European Union, 2023")
            .result()
            .minor(),
        Column::text("fit", "Fit", "how well the product stands for the material: whole, part or mixed")
            .result()
            .minor(),
    ],
    parameters: &[EDITION, minerals::OPTION, PRICE_TAKER],
};

/// Every material that is traded under a product known here, its stages one under the other; the most dependent material first.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let data = minerals::bundled()?;
    let market = Market::new(world, params, trade::CRITICAL, trade::LATEST)?;
    let (set, edition) = asked(world, params)?;
    let mut groups: Vec<(f64, Vec<Vec<Cell>>)> = Vec::new();
    for traded in &data.traded {
        for material in &traded.materials {
            let (worst, by_trade) = bought(&market, params, data, traded, material)?;
            let mut rows = produced(world, params, data, &series(set, edition), material);
            rows.push(by_trade);
            groups.push((worst, rows));
        }
    }
    groups.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut finding = market.finding(&METHOD, params);
    finding.evidence.sources.extend([
        format!("usgs-mcs-{edition}"),
        "usgs-mcs-2024-table-5".into(),
        "eu-crm-2023".into(),
    ]);
    say_edition(&mut finding, edition);
    for input in files(data, set) {
        if !finding.evidence.inputs.contains(&input) {
            finding.evidence.inputs.push(input);
        }
    }
    groups.into_iter().flat_map(|(_, rows)| rows).for_each(|cells| finding.push(cells));
    Ok(finding)
}

fn listed(data: &Minerals, material: &str) -> [Cell; 2] {
    let spoken = |yes: bool| Cell::from(if yes { "yes" } else { "no" });
    [spoken(data.critical(material).is_some()), spoken(data.leader(material).is_some())]
}

/// A row for each stage of production that is published.
fn produced(
    world: &World,
    params: &Params,
    data: &Minerals,
    all: &[Vec<&Production>],
    material: &str,
) -> Vec<Vec<Cell>> {
    let home: Vec<RegionCode> = params.home.members.iter().chain(&params.home.absent).cloned().collect();
    let is_home = |code: &RegionCode| params.home.holds(code, world.classification());
    let of_material = all.iter().filter(|s| s.first().is_some_and(|p| p.mineral == material));
    let row_of = |series: &Vec<&Production>| {
        let line = Line::new(series, &home, &is_home);
        let first = series[0];
        // From what is not known, so that without a total there is no index.
        let start = line.world * 0.0;
        let hhi = line.known.iter().fold(start, |sum, (_, tonnes)| sum + (tonnes / line.world).powi(2));
        let mut cells = row![&params.home.code, material, &first.stage];
        cells.push(Cell::Missing);
        cells.extend(row![&first.name, first.year]);
        match line.foreign {
            Some((code, tonnes)) => cells.extend(row![code.as_str(), tonnes / line.world]),
            None => cells.extend([Cell::Missing, Cell::Missing]),
        }
        cells.extend(row![line.home_low, line.home_high, hhi]);
        cells.extend([Cell::Missing, Cell::Missing, Cell::Missing]);
        cells.extend(listed(data, material));
        cells.push(Cell::Missing);
        cells
    };
    of_material.map(row_of).collect()
}

/// The row of trade, after what materials are sorted by: the largest supplier's share times how far home is a net importer.
fn bought(
    market: &Market,
    params: &Params,
    data: &Minerals,
    traded: &Traded,
    material: &str,
) -> Result<(f64, Vec<Cell>), Error> {
    let product = market.trade.product(&traded.hs6)?;
    let members = market.membership();
    let (mut exports, mut imports, mut world, mut sold_outside) = (0.0, 0.0, 0.0, 0.0);
    for flow in market.flows.of(product) {
        let buyer = flow.importer.is_some_and(|importer| members[importer]);
        let seller = members[flow.exporter];
        world += flow.usd;
        exports += if seller { flow.usd } else { 0.0 };
        imports += if buyer { flow.usd } else { 0.0 };
        sold_outside += if seller && !buyer { flow.usd } else { 0.0 };
    }
    let purchase = market.purchase(product, &members).unwrap_or_default();
    let from_outside = purchase.imports();
    let net = (from_outside - sold_outside) / (from_outside + sold_outside);
    let mut cells = row![&params.home.code, material, "trade", &traded.hs6, &traded.name, market.flows.year];
    let top = purchase.top();
    match top {
        Some((economy, share)) => cells.extend(row![market.code(economy).as_str(), share]),
        None => cells.extend([Cell::Missing, Cell::Missing]),
    }
    let share = imports / world;
    let takes = if share < params.options.number(PRICE_TAKER.name) { "yes" } else { "no" };
    cells.extend(row![exports / world, exports / world, purchase.concentration(), net, share, takes]);
    cells.extend(listed(data, material));
    cells.extend(row![traded.fit.as_str()]);
    let worst = top.map_or(0.0, |(_, share)| share * net.max(0.0));
    Ok((if worst.is_nan() { 0.0 } else { worst }, cells))
}

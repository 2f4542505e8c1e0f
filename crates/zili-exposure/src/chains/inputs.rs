#![doc = include_str!("../../../../docs/src/methods/chain-inputs.md")]

use super::{NEEDED, Standing, View, concentration};
use zili_world::chain::OPTION;
use zili_world::method::column;
use zili_world::{Cell, Column, Error, Finding, Method, Params, RegionCode, World, row};

pub static METHOD: Method = Method {
    name: "chain-inputs",
    page: include_str!("../../../../docs/src/methods/chain-inputs.md"),
    columns: &[
        column::HOME,
        Column::text("input", "Input", "id of the input or stage"),
        Column::text("input_name", "Input", "its name").minor(),
        Column::text("kind", "Kind", "process, tool, material, design, product or stage").minor(),
        Column::text("stops", "Without it no", "grades of the product that cannot be made without it").result(),
        Column::text("alone", "Who alone takes it", "regions that can each take it away from home for certain")
            .result(),
        Column::text("perhaps", "and perhaps", "regions that perhaps can, given what is not known").result().minor(),
        Column::share("foreign_low", "Foreign at least", "share not supplied by home at least"),
        Column::share("foreign_high", "at most", "share not supplied by home at most").minor(),
        Column::text(
            "top",
            "Largest",
            "the region named that has the largest share; missing where unknown shares leave that open",
        )
        .result(),
        Column::share("top_low", "at least", "its share at least"),
        Column::share("top_high", "at most", "its share at most").minor(),
        Column::number("hhi_low", "HHI at least", "0–1", "Σ s² of the regions' shares at least").minor(),
        Column::number("hhi_high", "HHI at most", "0–1", "Σ s² of the regions' shares at most").minor(),
        Column::integer("regions_low", "Regions for 75 %", "regions", "fewest regions that hold 75 % together").minor(),
        Column::integer(
            "regions_high",
            "at most",
            "regions",
            "most regions that it takes; missing if those named need not suffice",
        )
        .minor(),
        Column::integer("variants", "Variants", "inputs", "variants of which any does; 0 if it has none").minor(),
        Column::musd("market", "Market", "size of its market in the year of its source").minor(),
        Column::integer("market_year", "Year of it", "year", "that year").minor(),
    ],
    parameters: &[OPTION, NEEDED],
};

/// Every input of a chain: the most foreign ones that stop something first.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let standing = Standing::new(world, params)?;
    let chain = standing.chain;
    let foreign: Vec<RegionCode> = standing.regions().into_iter().filter(|code| !standing.is_home(code)).collect();
    let mut lines: Vec<(bool, f64, usize, Vec<Cell>)> = Vec::new();
    for (i, input) in chain.inputs.iter().enumerate() {
        let stops = if i == chain.product { String::new() } else { standing.stopped(|lost| lost == i) };
        let alone = |view: View| -> Vec<&str> {
            let takes = |code: &&RegionCode| standing.lost(i, |denier| denier == *code, view);
            foreign.iter().filter(takes).map(|code| code.as_str()).collect()
        };
        let certain = alone(View::Certain);
        let perhaps: Vec<&str> = alone(View::Possible).into_iter().filter(|code| !certain.contains(code)).collect();
        let mut cells: Vec<Cell> = row![&params.home.code, &input.id, &input.name, input.kind.as_str()];
        cells.extend(row![stops.as_str(), certain.join(", "), perhaps.join(", ")]);
        let mut foreign_low = -1.0;
        match &standing.shares[i] {
            None => cells.extend(std::iter::repeat_n(Cell::Missing, 9)),
            Some(shares) => {
                let home = shares.held_by(|code| standing.is_home(code));
                foreign_low = 1.0 - home.high;
                cells.extend(row![1.0 - home.high, 1.0 - home.low]);
                let top = shares.regions.iter().max_by(|a, b| a.1.low.total_cmp(&b.1.low).then(b.0.cmp(&a.0)));
                // A share that is known is no larger than one that is not.
                let largest = |code: &RegionCode, low: f64| {
                    shares.regions.iter().all(|(other, holding)| other == code || holding.high <= low)
                };
                match top.filter(|(code, holding)| holding.low > 0.0 && largest(code, holding.low)) {
                    Some((code, holding)) => cells.extend(row![code.as_str(), holding.low, holding.high]),
                    None => cells.extend([Cell::Missing, Cell::Missing, Cell::Missing]),
                }
                let hhi = concentration::hhi(shares);
                let (fewest, most) = concentration::needed_for(shares, 0.75);
                cells.extend(row![hhi.low, hhi.high, fewest]);
                cells.push(most.map_or(Cell::Missing, Cell::from));
            }
        }
        cells.extend(row![input.variants.len()]);
        cells.push(input.market.as_ref().map_or(Cell::Missing, |market| Cell::from(market.musd)));
        cells.push(input.market.as_ref().map_or(Cell::Missing, |market| Cell::from(market.year)));
        lines.push((stops.is_empty(), foreign_low, i, cells));
    }
    lines.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    let mut finding = standing.finding(&METHOD, params);
    lines.into_iter().for_each(|(.., cells)| finding.push(cells));
    Ok(finding)
}

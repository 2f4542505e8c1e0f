#![doc = include_str!("../../../../docs/src/methods/complexity.md")]

use super::convention::CONVENTION;
use super::standing::Standing;
use super::{MIN_EXPORTS, MIN_POPULATION, MIN_PRODUCT, STEPS, THRESHOLD, TRADE, YEAR};
use zili_world::method::column;
use zili_world::{Cell, Column, Error, Finding, Method, Params, World, row};

pub static METHOD: Method = Method {
    name: "complexity",
    page: include_str!("../../../../docs/src/methods/complexity.md"),
    columns: &[
        column::HOME,
        column::REGION,
        Column { name: "region_name", label: "Region", ..column::REGION_NAME },
        Column::text("side", "Side", "home, or nothing").result().minor(),
        Column { description: "year of the trade", ..column::YEAR },
        Column::musd("exports", "Exports", "what it exports of the products compared").minor(),
        Column::integer("diversity", "Products", "products", "k_c: products in which it has comparative advantage"),
        Column::number("ubiquity_mean", "Their makers", "economies", "k_c,1: mean ubiquity of these products").minor(),
        Column::number("eci", "ECI", "deviations", "economic complexity index"),
        Column::integer("eci_rank", "Rank", "rank", "its place by that, 1 for the most complex"),
        Column::number("coi", "COI", "as in the convention", "complexity outlook index: how much complexity lies near")
            .minor(),
        Column::integer("coi_rank", "Rank of COI", "rank", "its place by that").minor(),
        Column::number("fitness", "Fitness", "multiples of the mean", "fitness of Tacchella et al."),
        Column::integer("fitness_rank", "Rank", "rank", "its place by that"),
        Column::number("coherence", "Coherence", "as in the convention", "mean density of the products it has").minor(),
    ],
    parameters: &[TRADE, YEAR, CONVENTION, THRESHOLD, MIN_EXPORTS, MIN_POPULATION, MIN_PRODUCT, STEPS],
};

/// Home and its partners, the most complex first; a home of several members is also placed as one economy, without a rank.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let standing = Standing::new(world, params)?;
    let (presence, found) = (&standing.presence, &standing.indicators);
    let mut finding = standing.finding(&METHOD, params);
    let year = standing.market.flows.year;
    let (diversity, ubiquity) = (presence.diversity(), presence.mean_of_made(&presence.ubiquity()));
    let ranks = [&found.eci, &found.coi, &found.fitness].map(|index| ranks(index));
    let exports = standing.exports.row_sums();
    let mut rows: Vec<(f64, Vec<Cell>)> = Vec::new();
    for c in (0..presence.economies()).filter(|c| standing.market.is_asked(standing.economies[*c])) {
        let economy = standing.economy(c);
        let side = if standing.market.is_home(standing.economies[c]) { "home" } else { "" };
        let mut cells = row![&params.home.code, economy.code.as_str(), &economy.name, side, year, exports[c]];
        cells.extend(row![diversity[c] as usize, ubiquity[c], found.eci[c]]);
        cells.push(ranks[0][c].clone());
        cells.push(Cell::from(found.coi[c]));
        cells.push(ranks[1][c].clone());
        let own = presence.made_by(c);
        let coherence = own.iter().map(|p| found.density[(c, *p)]).sum::<f64>() / diversity[c];
        cells.push(Cell::from(found.fitness[c]));
        cells.push(ranks[2][c].clone());
        cells.push(Cell::from(coherence));
        rows.push((found.eci[c], cells));
    }
    let home = standing.home(params);
    if let (true, Some(place)) = (params.home.members.len() + params.home.absent.len() > 1, &home.place) {
        let own: f64 = home.makes.iter().sum();
        let mean = |values: &[f64]| home.makes.iter().zip(values).map(|(m, v)| m * v).sum::<f64>() / own;
        let total: f64 = home.exports.iter().sum();
        let mut cells = row![&params.home.code, &params.home.code, &params.home.name, "home", year, total];
        cells.extend(row![own as usize, mean(&presence.ubiquity()), place.eci]);
        cells.push(Cell::Missing);
        cells.extend(row![place.coi]);
        cells.extend([Cell::Missing, Cell::Missing, Cell::Missing]);
        cells.extend(row![mean(&place.density)]);
        rows.push((place.eci, cells));
        finding.note(format!(
            "{} is placed as if it were one economy; what its members trade with each other counts",
            params.home.code
        ));
    }
    if home.place.is_none() {
        finding.note(format!("{} has comparative advantage in none of these products", params.home.code));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    rows.into_iter().for_each(|(_, cells)| finding.push(cells));
    Ok(finding)
}

/// Places by size, 1 for the largest; equal ones share the better, and what is no number has none.
pub(super) fn ranks(values: &[f64]) -> Vec<Cell> {
    let scale = values.iter().filter(|value| value.is_finite()).fold(0.0f64, |most, value| most.max(value.abs()));
    // What differs by rounding only is equal.
    let above = |value: f64| values.iter().filter(|other| **other - value > 1e-9 * scale).count();
    values.iter().map(|value| if value.is_finite() { Cell::from(1 + above(*value)) } else { Cell::Missing }).collect()
}

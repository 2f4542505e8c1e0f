#![doc = include_str!("../../../../docs/src/methods/product-exposure.md")]

use super::{Market, spoken};
use zili_world::method::{Accepts, column};
use zili_world::{
    Bloc, Cell, Column, Concordance, Error, Finding, Method, Parameter, Params, SectorCode, World, row, trade,
};

const LEAST: Parameter = Parameter {
    name: "least",
    accepts: Accepts::Fraction { default: 0.01 },
    description: "rows of which neither share reaches this are left out",
};

pub static METHOD: Method = Method {
    name: "product-exposure",
    page: include_str!("../../../../docs/src/methods/product-exposure.md"),
    columns: &[
        column::HOME,
        Column { description: "year of the trade", ..column::YEAR },
        Column { name: "table_year", label: "Table", description: "year of the table", ..column::YEAR }.minor(),
        Column::text("product", "Product", "code of the product"),
        Column::text("product_name", "Product", "its name"),
        Column::text("sector", "Sector", "the sector that makes it").minor(),
        column::PARTNER,
        Column { label: "Partner's name", ..column::PARTNER_NAME }.minor(),
        Column::share("direct", "Bought from it", "the partner's share in home's imports of the product"),
        Column::share(
            "through_others",
            "Through others",
            "what others who sell the product to home need from the partner, of all the output that home's imports need",
        ),
        Column::share(
            "look_through",
            "Altogether",
            "all that home's imports of the product need from the partner, of all the output they need",
        ),
        Column::musd("imports", "Imports", "home's imports of the product from outside").minor(),
    ],
    parameters: &[trade::OPTION, LEAST],
};

/// Products and partners: those on whom home depends most through others first.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let market = Market::new(world, params, params.options.name(trade::OPTION.name), trade::LATEST)?;
    let labels = world.classification();
    let by_table = market.trade.name() == trade::TABLE;
    let concordance = (!by_table).then(|| Concordance::of(labels)).transpose()?;
    if !market.flows.has_partners() {
        let name = market.trade.name();
        return Err(Error::Unanswerable(format!(
            "trade data '{name}' do not tell buyers apart: nothing is known of imports"
        )));
    }
    let system = world.system(params.year)?;
    // What each industry's output needs from each partner, of all the output that it needs.
    let blocs = system.industries_by_bloc(&params.partners)?;
    let ones = vec![1.0; system.industries()];
    let mut needs = system.origin_multipliers(&ones, &blocs);
    let all = system.output_multipliers();
    for g in 0..blocs.len() {
        needs.row_mut(g).iter_mut().zip(&all).for_each(|(need, all)| *need /= all);
    }
    let rest = labels.region("ROW").ok();
    let region: Vec<Option<usize>> =
        market.trade.economies().iter().map(|e| labels.region(e.code.as_str()).ok().or(rest)).collect();
    let members = market.membership();
    let least = params.options.number(LEAST.name);
    let (mut unplaced, mut unmade, mut rows) = (0.0, Vec::new(), Vec::<(f64, Vec<Cell>)>::new());
    let mut bought = 0.0;
    for (p, product) in market.trade.products().iter().enumerate() {
        let Some(purchase) = market.purchase(p, &members).filter(|purchase| purchase.imports() > 0.0) else {
            continue;
        };
        let sector = match &concordance {
            None => Some(product.code.as_str()),
            Some(concordance) => concordance.sector(&product.code).map(SectorCode::as_str),
        };
        let Some(sector) = sector else {
            unmade.push(product.code.clone());
            continue;
        };
        let s = labels.sector(sector)?;
        let imports = purchase.imports();
        bought += imports;
        unplaced += purchase
            .suppliers
            .iter()
            .filter(|(economy, _)| region[*economy].is_none())
            .map(|(_, usd)| usd)
            .sum::<f64>();
        for (g, partner) in params.partners.iter().enumerate() {
            let (mut direct, mut others, mut look) = (0.0, 0.0, 0.0);
            for (economy, usd) in &purchase.suppliers {
                let share = usd / imports;
                let own = partner.holds(market.code(*economy), labels);
                direct += if own { share } else { 0.0 };
                if let Some(r) = region[*economy] {
                    let part = share * needs[(g, labels.industries_of(r).start + s)];
                    look += part;
                    others += if own { 0.0 } else { part };
                }
            }
            if direct >= least || look >= least {
                let mut cells = row![&params.home.code, market.flows.year, params.year, &product.code, &product.name];
                cells.extend(row![sector, &partner.code, &partner.name, direct, others, look, imports / 1e6]);
                rows.push((others, cells));
            }
        }
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut finding = market.finding(&METHOD, params);
    if !by_table {
        finding.evidence.tables.push(params.year);
        finding.evidence.parameters.push(("year of the table".to_owned(), params.year.to_string()));
    }
    finding.evidence.notes.extend(params.partners.iter().chain([&params.home]).filter_map(Bloc::absence));
    if market.flows.year != params.year {
        finding.note(format!("trade of {} through the industries of {}", market.flows.year, params.year));
    }
    if unplaced > 0.0 {
        finding.note(format!(
            "{:.1} % of imports come from economies that the table has no place for",
            100.0 * unplaced / bought
        ));
    }
    if !unmade.is_empty() {
        finding.note(format!("left out, for no sector is known that makes them: {}", spoken(unmade)));
    }
    rows.into_iter().for_each(|(_, cells)| finding.push(cells));
    Ok(finding)
}

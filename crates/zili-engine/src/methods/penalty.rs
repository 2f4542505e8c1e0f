#![doc = include_str!("../../../../docs/src/methods/penalty.md")]

use crate::Error;
use std::collections::BTreeMap;
use zili_plan::Strategy;
use zili_plan::strategy::{Input, Supplier};
use zili_scenario::{Control, Flows, Scenario, Sectors, explain};
use zili_shock::inventory;
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Cell, Column, Finding, Method, Options, Parameter, Params, SectorCode, Watch, World, row};

const SEVERITY: Parameter = Parameter {
    name: "severity",
    accepts: Accepts::Fraction { default: 0.25 },
    description: "share of what others deliver of the sector that is denied",
};
const DAYS: Parameter = Parameter {
    name: "days",
    accepts: Accepts::Number { default: 365.0, above: 0.0, below: 3651.0 },
    description: "days for which it is denied, and over which losses are added up",
};

pub static METHOD: Method = Method {
    name: "penalty",
    page: include_str!("../../../../docs/src/methods/penalty.md"),
    columns: &[
        column::HOME,
        Column::text("input", "Input", "name in the strategy"),
        Column { key: false, ..column::SECTOR },
        Column::text("unit", "Unit", "what its amounts count").result().minor(),
        Column::number("price", "Price", "million USD", "of a unit from today's suppliers, in the first year"),
        Column::musd("denied", "Denied", "deliveries of the sector to home's industries that are denied"),
        Column::musd("lost", "Lost", "value added that home loses, net of what is caught up"),
        Column::number("per_usd", "Lost per USD", "USD", "value added lost for each USD of deliveries denied"),
        Column::number(
            "penalty",
            "Penalty",
            "million USD",
            "price times what is lost per USD: the penalty of a missing unit that the shock model gives",
        ),
        Column::number("stated", "In the file", "million USD", "the strategy's own penalty, in the first year"),
    ],
    parameters: &[SEVERITY, DAYS],
};

/// For every input of a strategy that names its sector, what a missing unit costs home in the inventory model.
pub fn run(world: &World, strategy: &Strategy, params: &Params, watch: &dyn Watch) -> Result<Finding, Error> {
    let mut finding = strategy.begun(&METHOD, &params.options);
    finding.evidence.tables.push(params.year);
    finding.parameter("year", params.year.to_string());
    let mut lost: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let mut without = Vec::new();
    for input in &strategy.inputs {
        let Some(sector) = &input.sector else {
            without.push(input.name.as_str());
            continue;
        };
        let (denied, loss) = match lost.get(sector.as_str()) {
            Some(&known) => known,
            None => *lost.entry(sector).or_insert(denial(world, strategy, params, sector, watch)?),
        };
        let (price, per_usd) = (price(strategy, input), loss / denied);
        finding.push(row![
            &strategy.home.code,
            &input.name,
            sector.as_str(),
            &input.unit,
            price,
            denied,
            loss,
            per_usd,
            price * per_usd,
            input.penalty.first().map_or(Cell::Missing, |&penalty| Cell::from(penalty)),
        ]);
    }
    if finding.rows.is_empty() {
        return Err(zili_plan::Error::Nothing(
            "no input of the strategy names the sector that it belongs to: add sector = \"CODE\"".to_owned(),
        )
        .into());
    }
    if !without.is_empty() {
        finding.note(format!("without a sector, and left out: {}", without.join(", ")));
    }
    Ok(finding)
}

/// Deliveries of a sector to home's industries that are denied, and what home loses; million USD.
fn denial(
    world: &World,
    strategy: &Strategy,
    params: &Params,
    sector: &str,
    watch: &dyn Watch,
) -> Result<(f64, f64), Error> {
    let classification = world.classification();
    let days = params.options.number(DAYS.name);
    let others: Vec<_> = classification.regions().iter().map(|region| region.code.clone()).collect();
    let others = Bloc::new("!home", "everyone else", others)?
        .without(&strategy.home)
        .ok_or_else(|| zili_plan::Error::Nothing("nobody but home is in the table".to_owned()))?;
    let sectors = Sectors::These(vec![SectorCode::new(sector)]);
    let severity = params.options.number(SEVERITY.name);
    let control = Control::new(others, strategy.home.clone(), sectors, severity, Flows::Intermediate)?;
    let mut scenario = Scenario::of_controls(strategy.home.clone(), params.year, vec![control]);
    scenario.horizon = days;
    let asked = Params {
        partners: Vec::new(),
        value_added: world.value_added_basis(&[params.year])?,
        options: Options::defaults(&inventory::METHOD),
        ..params.clone()
    };
    let finding = inventory::run(world, &scenario, &asked, watch)?;
    let (region, of_sector) = (finding.column("region")?, finding.column("sector")?);
    let lost = finding.column("value_added_lost")?;
    let home = |row: &&Vec<Cell>| {
        let member = strategy.home.members.iter().any(|member| member.as_str() == row[region].text());
        member && row[of_sector].text() == "*"
    };
    let loss = finding.rows.iter().filter(home).filter_map(|row| row[lost].number()).sum();
    Ok((explain::removed(&scenario, &*world.table(params.year)?)?, loss))
}

/// What a unit costs from its suppliers in the first year, by what they can deliver; missing where nobody sells it.
fn price(strategy: &Strategy, input: &Input) -> f64 {
    let suppliers = strategy.suppliers.iter().filter(|supplier| supplier.input == input.name);
    let first = |supplier: &Supplier| (supplier.capacity[0], supplier.price[0]);
    let (units, paid) =
        suppliers.map(first).fold((0.0, 0.0), |(units, paid), (unit, price)| (units + unit, paid + unit * price));
    paid / units
}

#![doc = include_str!("../../../docs/src/methods/footprint.md")]

use crate::areas::{Areas, sum_at};
use zili_world::linalg::dot;
use zili_world::method::column;
use zili_world::{Column, Error, Finding, Matrix, Method, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "footprint",
    page: include_str!("../../../docs/src/methods/footprint.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        Column::text("primary_input", "Primary input", "code of the row of primary inputs"),
        Column::text("primary_input_name", "Primary input", "its name"),
        Column::musd("production", "Production account", "used by home's industries"),
        Column::musd("consumption", "Consumption account", "used everywhere for home's final use"),
        Column::musd("imports", "Imported", "used abroad for home's final use"),
        Column::musd("exports", "Exported", "used by home's industries for final use abroad"),
    ],
    parameters: &[],
};

/// Production and consumption accounts of every row of primary inputs.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let areas = Areas::new(&params.home, system.classification())?;
    let table = system.table();
    let mut finding = Finding::new(&METHOD, params);
    for (k, input) in table.primary_inputs.iter().enumerate() {
        let account = Account::of(&system, table.v.row(k), &areas.industries[0], &areas.final_columns[0]);
        finding.push(row![
            params.year,
            &params.home.code,
            &input.code,
            &input.name,
            account.production,
            account.consumption,
            account.imports,
            account.exports,
        ]);
    }
    Ok(finding)
}

/// The four accounts of one stressor for one home.
#[derive(Debug, PartialEq)]
pub struct Account {
    pub production: f64,
    pub consumption: f64,
    pub imports: f64,
    pub exports: f64,
}

impl Account {
    /// `stressor` is what each industry uses in a year, in any unit; industries without output have no intensity.
    pub fn of(system: &System, stressor: &[f64], home: &[usize], home_final: &[usize]) -> Self {
        let intensity: Vec<f64> =
            stressor.iter().zip(system.inverse_output()).map(|(f, inverse)| f * inverse).collect();
        let mut rows = Matrix::zeros(2, intensity.len());
        rows.row_mut(0).copy_from_slice(&intensity);
        home.iter().for_each(|&i| rows[(1, i)] = intensity[i]);
        system.lu().solve_rows(&mut rows);
        let used = system.table().final_use_of(home_final);
        let consumption = dot(rows.row(0), &used);
        let own = dot(rows.row(1), &used);
        let production = sum_at(stressor, home);
        Account {
            production,
            consumption,
            imports: consumption - own,
            exports: dot(rows.row(1), &system.table().final_use()) - own,
        }
    }
}

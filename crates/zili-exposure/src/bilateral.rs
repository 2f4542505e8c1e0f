#![doc = include_str!("../../../docs/src/methods/bilateral.md")]

use crate::areas::{share, sum_at};
use zili_world::linalg::{add_scaled, dot};
use zili_world::method::column;
use zili_world::{Column, Error, Finding, Matrix, Method, Params, World, row};

pub static METHOD: Method = Method {
    name: "bilateral",
    page: include_str!("../../../docs/src/methods/bilateral.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::PARTNER,
        column::PARTNER_NAME,
        Column::musd("imports", "Imports", "home's imports from the partner, inputs and final products"),
        Column::musd("exports", "Exports", "home's exports to the partner"),
        Column::musd(
            "partner_value_at_home",
            "Partner's value added at home",
            "the partner's value added in home's final use",
        )
        .minor(),
        Column::musd("home_value_there", "Home's value added there", "home's value added in the partner's final use")
            .minor(),
        Column::share(
            "partner_share_at_home",
            "Partner's share at home",
            "partner_value_at_home in the value added of all origins in home's final use",
        ),
        Column::share("home_share_there", "Share of home's value added", "home_value_there in home's value added"),
    ],
    parameters: &[],
};

/// Whose value added home uses, and who uses home's; home itself is the first row.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let (table, classification) = (system.table(), system.classification());
    let mut blocs = vec![params.home.clone()];
    blocs.extend(params.partners.iter().cloned());
    let industries = system.industries_by_bloc(&blocs)?;
    // By bloc, and of the whole world last.
    let by_region = system.origin_by_region(params.value_added)?;
    let mut origin = Matrix::zeros(blocs.len() + 1, system.industries());
    for (b, bloc) in blocs.iter().enumerate() {
        bloc.positions(classification)?.iter().for_each(|&r| add_scaled(origin.row_mut(b), 1.0, by_region.row(r)));
    }
    (0..by_region.rows()).for_each(|r| add_scaled(origin.row_mut(blocs.len()), 1.0, by_region.row(r)));
    let finals: Vec<Vec<usize>> = blocs.iter().map(|b| b.final_columns(classification)).collect::<Result<_, _>>()?;

    let used_at_home = table.final_use_of(&finals[0]);
    let all_at_home = dot(origin.row(blocs.len()), &used_at_home);
    let home_value = sum_at(&system.value_added(params.value_added)?, &industries[0]);
    let flow = |from: usize, to: usize| -> f64 {
        industries[from]
            .iter()
            .map(|&i| sum_at(table.z.row(i), &industries[to]) + sum_at(table.y.row(i), &finals[to]))
            .sum()
    };

    let mut finding = Finding::new(&METHOD, params);
    for (b, bloc) in blocs.iter().enumerate() {
        let trade = |from, to| if b == 0 { f64::NAN } else { flow(from, to) };
        let here = dot(origin.row(b), &used_at_home);
        let there = dot(origin.row(0), &table.final_use_of(&finals[b]));
        finding.push(row![
            params.year,
            &params.home.code,
            &bloc.code,
            &bloc.name,
            trade(b, 0),
            trade(0, b),
            here,
            there,
            share(here, all_at_home),
            share(there, home_value),
        ]);
    }
    Ok(finding)
}

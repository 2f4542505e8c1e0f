#![doc = include_str!("../../../docs/src/methods/dual-circulation.md")]

use crate::areas::{Areas, share, sum_at};
use zili_world::linalg::dot;
use zili_world::method::column;
use zili_world::{Column, Error, Finding, Matrix, Method, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "dual-circulation",
    page: include_str!("../../../docs/src/methods/dual-circulation.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        Column::text("part", "Part", "internal, traditional-trade, simple-external, complex-external, returned"),
        Column::text("part_name", "Part", "what it is"),
        Column::musd("value", "Value added", "home's value added that goes this way"),
        Column::share("share", "Share of value added", "its part of home's value added; the parts sum to 1"),
    ],
    parameters: &[],
};

const PARTS: [(&str, &str); 5] = [
    ("internal", "Internal loop: never leaves home"),
    ("traditional-trade", "Traditional trade: in final products exported"),
    ("simple-external", "Simple external loop: in inputs exported, used up by the importer"),
    ("complex-external", "Complex external loop: crosses more borders, ends abroad"),
    ("returned", "Returned: leaves in inputs, ends in home's own final use"),
];

/// Home's value added by where it ends.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let coefficients = system.value_added_coefficients(params.value_added)?;
    let areas = Areas::new(&params.home, system.classification())?;
    let parts = decompose(&system, &coefficients, &areas)?;
    let gdp = sum_at(&system.value_added(params.value_added)?, &areas.industries[0]);
    let mut finding = Finding::new(&METHOD, params);
    for ((part, name), value) in PARTS.iter().zip(parts) {
        finding.push(row![params.year, &params.home.code, *part, *name, value, share(value, gdp)]);
    }
    Ok(finding)
}

fn decompose(system: &System, coefficients: &[f64], areas: &Areas) -> Result<[f64; 5], Error> {
    let table = system.table();
    let home = &areas.industries[0];
    // w' = v'(I − A_hh)⁻¹: value added in what leaves home's industries, counting home's own rounds only.
    let mut w = Matrix::from_rows(1, home.len(), home.iter().map(|&i| coefficients[i]).collect());
    system.local(home)?.solve_rows(&mut w);
    let w = w.row(0);
    let at_home = |values: &dyn Fn(usize) -> f64| home.iter().zip(w).map(|(&i, w)| w * values(i)).sum::<f64>();

    let final_use = table.y.row_sums();
    let own_final = table.final_use_of(&areas.final_columns[0]);
    let internal = at_home(&|i| own_final[i]);
    let traditional = at_home(&|i| final_use[i] - own_final[i]);
    let inputs_exported = at_home(&|i| table.z.row(i).iter().sum::<f64>() - sum_at(table.z.row(i), home));

    let mut simple = 0.0;
    for r in 1..areas.len() {
        let there = &areas.industries[r];
        let used = table.final_use_of(&areas.final_columns[r]);
        let own_use = there.iter().map(|&i| used[i]).collect();
        // Output of r that r's use of its own final products calls for, within r.
        let output = system.local(there)?.solve_vector(own_use);
        let inputs = system.a_block(home, there).times_vector(&output);
        simple += dot(w, &inputs);
    }
    let ends_at_home = {
        let origin = system.origin_multipliers(coefficients, std::slice::from_ref(home));
        dot(origin.row(0), &own_final)
    };
    let returned = ends_at_home - internal;
    Ok([internal, traditional, simple, inputs_exported - simple - returned, returned])
}

#![doc = include_str!("../../../docs/src/methods/multipliers.md")]

use zili_world::method::column;
use zili_world::{Column, Error, Finding, Matrix, Method, Params, World, row};

pub static METHOD: Method = Method {
    name: "multipliers",
    page: include_str!("../../../docs/src/methods/multipliers.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::REGION,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::number(
            "output",
            "Output multiplier",
            "USD per USD",
            "output everywhere per unit of the industry's final use",
        ),
        Column::number("output_home", "of it at home", "USD per USD", "the part of it produced at home").minor(),
        Column::number(
            "value_added",
            "Value-added multiplier",
            "USD per USD",
            "value added everywhere per unit of the industry's final use",
        ),
        Column::number("value_added_home", "of it at home", "USD per USD", "the part of it earned at home"),
        Column::number(
            "input",
            "Input multiplier",
            "USD per USD",
            "output everywhere per unit of the industry's primary inputs (Ghosh)",
        ),
    ],
    parameters: &[],
};

/// Output, value-added and input multipliers of home's industries.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let classification = system.classification();
    let home = params.home.industries(classification)?;
    let n = system.industries();
    let coefficients = system.value_added_coefficients(params.value_added)?;
    // Four rows of the form w'L, one solve.
    let mut weights = Matrix::zeros(4, n);
    weights.row_mut(0).fill(1.0);
    weights.row_mut(2).copy_from_slice(&coefficients);
    for &i in &home {
        weights[(1, i)] = 1.0;
        weights[(3, i)] = coefficients[i];
    }
    system.lu().solve_rows(&mut weights);
    let input = ghosh_row_sums(&system);

    let mut finding = Finding::new(&METHOD, params);
    for &i in &home {
        let sector = classification.sector_of(i);
        let region = classification.region_of(i);
        finding.push(row![
            params.year,
            &params.home.code,
            region.code.as_str(),
            sector.code.as_str(),
            &sector.name,
            weights[(0, i)],
            weights[(1, i)],
            weights[(2, i)],
            weights[(3, i)],
            input[i],
        ]);
    }
    Ok(finding)
}

/// G 1 = x̂⁻¹ L x; 1 for an industry without output.
pub(crate) fn ghosh_row_sums(system: &zili_world::System) -> Vec<f64> {
    let reached = system.output_for(system.output().to_vec());
    reached
        .iter()
        .zip(system.inverse_output())
        .map(|(r, inverse)| if *inverse != 0.0 { r * inverse } else { 1.0 })
        .collect()
}

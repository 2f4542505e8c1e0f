#![doc = include_str!("../../../docs/src/methods/linkages.md")]

use crate::multipliers::ghosh_row_sums;
use zili_world::linalg::add_scaled;
use zili_world::method::column;
use zili_world::{Column, Error, Finding, Method, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "linkages",
    page: include_str!("../../../docs/src/methods/linkages.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::REGION,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::number(
            "backward",
            "Backward linkage",
            "index, mean 1",
            "column sum of L over the mean of all column sums",
        ),
        Column::number(
            "forward_leontief",
            "Forward linkage (L)",
            "index, mean 1",
            "row sum of L over the mean of all row sums",
        )
        .minor(),
        Column::number(
            "forward_ghosh",
            "Forward linkage (G)",
            "index, mean 1",
            "row sum of G over the mean of all row sums",
        ),
        Column::number("backward_direct", "Direct backward", "share", "column sum of A").minor(),
        Column::number("forward_direct", "Direct forward", "share", "row sum of B").minor(),
        Column::number("backward_cv", "Backward spread", "coefficient", "coefficient of variation of L's column")
            .minor(),
        Column::number("forward_cv", "Forward spread", "coefficient", "coefficient of variation of L's row").minor(),
        Column::text("key", "Kind", "key (both linkages above 1), backward, forward, or weak"),
    ],
    parameters: &[],
};

/// Rasmussen linkages, direct linkages and their spread for home's industries.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let classification = system.classification();
    let sums = Sums::of(&system);
    let n = system.industries() as f64;
    let mean = |v: &[f64]| v.iter().sum::<f64>() / n;
    let ghosh = ghosh_row_sums(&system);
    let (mean_columns, mean_rows, mean_ghosh) = (mean(&sums.columns), mean(&sums.rows), mean(&ghosh));
    let table = system.table();
    let (inputs, sales) = (table.z.column_sums(), table.z.row_sums());

    let mut finding = Finding::new(&METHOD, params);
    for i in params.home.industries(classification)? {
        let sector = classification.sector_of(i);
        let region = classification.region_of(i);
        let (backward, forward) = (sums.columns[i] / mean_columns, ghosh[i] / mean_ghosh);
        let inverse = system.inverse_output()[i];
        let key = match (backward > 1.0, forward > 1.0) {
            (true, true) => "key",
            (true, false) => "backward",
            (false, true) => "forward",
            (false, false) => "weak",
        };
        finding.push(row![
            params.year,
            &params.home.code,
            region.code.as_str(),
            sector.code.as_str(),
            &sector.name,
            backward,
            sums.rows[i] / mean_rows,
            forward,
            inputs[i] * inverse,
            sales[i] * inverse,
            variation(sums.columns[i], sums.column_squares[i], n),
            variation(sums.rows[i], sums.row_squares[i], n),
            key,
        ]);
    }
    Ok(finding)
}

/// Standard deviation (n − 1) over mean, from sum and sum of squares.
fn variation(sum: f64, squares: f64, n: f64) -> f64 {
    let mean = sum / n;
    ((squares - n * mean * mean) / (n - 1.0)).sqrt() / mean
}

struct Sums {
    columns: Vec<f64>,
    rows: Vec<f64>,
    column_squares: Vec<f64>,
    row_squares: Vec<f64>,
}

impl Sums {
    fn of(system: &System) -> Self {
        let l = system.leontief();
        let n = l.rows();
        let mut sums =
            Self { columns: vec![0.0; n], rows: vec![0.0; n], column_squares: vec![0.0; n], row_squares: vec![0.0; n] };
        for i in 0..n {
            let row = l.row(i);
            add_scaled(&mut sums.columns, 1.0, row);
            sums.column_squares.iter_mut().zip(row).for_each(|(s, l)| *s += l * l);
            sums.rows[i] = row.iter().sum();
            sums.row_squares[i] = row.iter().map(|l| l * l).sum();
        }
        sums
    }
}

//! Inverses and multipliers against tables that statistical offices publish. They read the developers' references and say so where these are absent.

use std::path::Path;
use zili_exposure::measure;
use zili_testkit::oracle::beside;
use zili_testkit::{ask, assert_close, region, world};
use zili_world::Matrix;
use zili_world::linalg::Lu;

/// A csv with a header and a first column of labels.
struct Sheet {
    columns: Vec<String>,
    rows: Vec<(String, Vec<f64>)>,
}

impl Sheet {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("readable");
        let clean = |cell: &str| cell.trim_matches('"').to_owned();
        let mut lines = text.lines().filter(|line| !line.is_empty());
        let columns = lines.next().expect("a header").split(',').skip(1).map(clean).collect();
        let rows = lines.map(|line| {
            let mut cells = line.split(',').map(clean);
            let label = cells.next().expect("a label");
            (label, cells.map(|cell| cell.parse().unwrap_or(f64::NAN)).collect())
        });
        Self { columns, rows: rows.collect() }
    }

    fn block(&self, rows: std::ops::Range<usize>, columns: std::ops::Range<usize>) -> Matrix {
        Matrix::from_fn(rows.len(), columns.len(), |i, j| self.rows[rows.start + i].1[columns.start + j])
    }

    fn row(&self, label: &str) -> &[f64] {
        &self.rows.iter().find(|row| row.0 == label).expect("a row").1
    }
}

fn leontief(a: &Matrix) -> Matrix {
    let n = a.rows();
    let m = Matrix::from_fn(n, n, |i, j| f64::from(u8::from(i == j)) - a[(i, j)]);
    Lu::factor(m).expect("regular").inverse()
}

/// Office for National Statistics, input–output analytical tables 2010, 127 products.
#[test]
fn ons_uk_2010_leontief_inverse() {
    let Some(folder) = beside("oracles/published-tables") else { return };
    let a = Sheet::read(&folder.join("uk_2010_coefficients_published.csv")).block(0..127, 0..127);
    let published = Sheet::read(&folder.join("uk_2010_leontief_published.csv"));
    let l = leontief(&a);
    // The published inverse was made from the published coefficients: rounding only.
    assert_close("L", l.as_slice(), published.block(0..127, 0..127).as_slice(), 1e-13);
    assert!((l.column_sums()[0] - 1.83117).abs() < 5e-6, "multiplier of product 01: {}", l.column_sums()[0]);
}

/// Eurostat manual's table of Germany 1995, six groups of industries.
#[test]
fn eurostat_germany_1995_backward_linkages() {
    let Some(folder) = beside("oracles/published-tables") else { return };
    let sheet = Sheet::read(&folder.join("germany_1995_wide.csv"));
    let z = sheet.block(0..6, 0..6);
    let output = &sheet.row("output")[..6];
    let a = Matrix::from_fn(6, 6, |i, j| z[(i, j)] / output[j]);
    let sums = leontief(&a).column_sums();
    let published = [1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782];
    for (found, published) in sums.iter().zip(published) {
        assert!((found - published).abs() < 5e-5, "{found} against {published}, printed to four decimals");
    }
    // The same through the measure, on a world of one region whose output is what is used.
    let finals = Matrix::from_fn(6, 1, |i, _| sheet.rows[i].1[12] - sheet.rows[i].1[6]);
    let names: Vec<String> = sheet.columns[..6].to_vec();
    let world = world(&["DEU".to_owned()], &names, 1, z, finals);
    let multipliers = measure("multipliers").expect("known");
    let finding =
        (multipliers.run)(&world, &ask(&world, region(&world, 0), multipliers.method, &[])).expect("answered");
    let c = finding.column("output").expect("column");
    for (row, published) in finding.rows.iter().zip(published) {
        // Output by rows and by columns of this table differ by up to 46 of a million.
        assert!((row[c].number().expect("a number") - published).abs() < 1e-4);
    }
}

/// Bureau of Economic Analysis, 2012 after redefinitions: total requirements industry by industry, (I − D B)⁻¹ with all 73 commodities.
#[test]
fn bea_us_2012_total_requirements() {
    let Some(folder) = beside("oracles/published-tables/us-bea-2012") else { return };
    let make = Sheet::read(&folder.join("make_after_redef.csv"));
    let uses = Sheet::read(&folder.join("use_after_redef.csv"));
    let commodity_output = &make.row("Total Commodity Output")[..73];
    let industry_output = &uses.row("Total Industry Output")[..71];
    let d = make.block(0..71, 0..73);
    let d =
        Matrix::from_fn(71, 73, |i, c| if commodity_output[c] != 0.0 { d[(i, c)] / commodity_output[c] } else { 0.0 });
    let b = uses.block(0..73, 0..71);
    let b = Matrix::from_fn(73, 71, |c, j| b[(c, j)] / industry_output[j]);
    let l = leontief(&d.times(&b));
    let published = Sheet::read(&folder.join("TR_IxI_published.csv")).block(0..71, 0..71);
    // Made from flows rounded to a million and printed to seven decimals: 3.6e-5 is what the rounding of small industries leaves.
    assert_close("total requirements", l.as_slice(), published.as_slice(), 3.6e-5);
}

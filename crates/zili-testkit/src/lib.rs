//! What zili's tests share: reference tables, random tables, and saying visibly what was skipped.

pub mod chains;
pub mod oracle;
pub mod random;
pub mod trade;

use std::sync::Arc;
use zili_world::store::{Manifest, SCHEMA, TableEntry};
use zili_world::{
    Bloc, Classification, FinalCategory, Finding, Matrix, Method, Options, Params, PrimaryInput, Region, Role, Sector,
    Table, ValueAdded, World,
};

/// Year of every test world.
pub const YEAR: i32 = 2000;

/// A world of one table, with one row of value added.
pub fn world(regions: &[String], sectors: &[String], categories: usize, z: Matrix, y: Matrix) -> World {
    let regions: Vec<Region> = regions.iter().map(|r| Region { code: r.as_str().into(), name: r.clone() }).collect();
    let sectors: Vec<Sector> = sectors.iter().map(|s| Sector::new(s.as_str(), s.as_str())).collect();
    let categories: Vec<FinalCategory> =
        (0..categories).map(|c| FinalCategory { code: format!("F{c}"), name: format!("F{c}") }).collect();
    let classification = Classification::new(regions.clone(), sectors.clone(), categories.clone()).expect("labels");
    let inputs = z.column_sums();
    let outputs = z.row_sums().into_iter().zip(y.row_sums()).map(|(z, y)| z + y);
    let v: Vec<f64> = outputs.zip(inputs).map(|(x, inputs)| x - inputs).collect();
    let v = Matrix::from_rows(1, v.len(), v);
    let input = PrimaryInput { code: "VA".into(), name: "Value added".into(), role: Role::ValueAdded };
    let table = Table::new(Arc::new(classification), YEAR, z, y, v, None, vec![input.clone()]).expect("shapes");
    let entry = TableEntry {
        year: YEAR,
        primary_inputs: vec![input],
        remarks: Vec::new(),
        repairs: Vec::new(),
        files: Default::default(),
    };
    let manifest = Manifest {
        schema: SCHEMA,
        name: "test".into(),
        title: "test".into(),
        unit: "million USD".into(),
        regions,
        sectors,
        final_categories: categories,
        tables: vec![entry],
        sources: Vec::new(),
        caveats: Vec::new(),
        ..Manifest::default()
    };
    World::in_memory(manifest, vec![table]).expect("a world")
}

/// Region r of a world as a bloc.
pub fn region(world: &World, r: usize) -> Bloc {
    Bloc::of_region(world.classification(), r)
}

/// Several regions as one bloc.
pub fn bloc(world: &World, regions: &[usize]) -> Bloc {
    let codes = regions.iter().map(|&r| world.classification().regions()[r].code.clone()).collect();
    Bloc::new("bloc", "bloc", codes).expect("members")
}

/// A question about a home and every other region, with a method's defaults and some options changed.
pub fn ask(world: &World, home: Bloc, method: &Method, options: &[(&str, &str)]) -> Params {
    Params {
        partners: Bloc::partners_of(&home, world.classification()),
        home,
        year: world.latest().expect("a year"),
        value_added: ValueAdded::Residual,
        options: Options::parse(method, options.iter().copied()).expect("options"),
    }
}

/// A numeric column of a finding, missing as NaN.
pub fn column(finding: &Finding, name: &str) -> Vec<f64> {
    let c = finding.column(name).expect("column");
    finding.rows.iter().map(|row| row[c].number().unwrap_or(f64::NAN)).collect()
}

/// Largest gap between two vectors, relative to the largest value expected.
pub fn gap(found: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len(), "lengths");
    let scale = expected.iter().fold(0.0f64, |m, v| m.max(v.abs())).max(f64::MIN_POSITIVE);
    let worst =
        found.iter().zip(expected).fold(0.0f64, |m, (f, e)| if f.is_nan() { f64::NAN } else { m.max((f - e).abs()) });
    worst / scale
}

/// Asserts that two vectors agree to a share of the largest value expected; NaN never agrees.
#[track_caller]
pub fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    let gap = gap(found, expected);
    assert!(gap <= tolerance, "{what}: off by {gap:.3e} of the largest value, allowed {tolerance:.1e}");
}

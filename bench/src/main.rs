//! Times zili on a table that `run.py` lays down, and writes the results beside it so that they can be compared before any time is.
//!
//! `zili-bench FOLDER REGIONS SECTORS CATEGORIES THREADS`; FOLDER holds `Z.f64` and `Y.f64`, little-endian, row by row.

use serde_json::json;
use std::path::Path;
use zili_bench::best_of;
use zili_exposure::kww;
use zili_shock::extraction::{Variant, every_industry, extract};
use zili_shock::scan;
use zili_testkit::{ask, region, world};
use zili_world::{Matrix, System};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, counts @ ..] = words.as_slice() else { panic!("FOLDER REGIONS SECTORS CATEGORIES THREADS") };
    let counts: Vec<usize> = counts.iter().map(|c| c.parse().expect("a count")).collect();
    let [regions, sectors, categories, threads] = counts[..] else { panic!("REGIONS SECTORS CATEGORIES THREADS") };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("threads");
    let folder = Path::new(folder);
    let n = regions * sectors;
    let codes = |letter: &str, count: usize| (0..count).map(|k| format!("{letter}{k:03}")).collect::<Vec<_>>();
    let (z, y) = (read(&folder.join("Z.f64"), n, n), read(&folder.join("Y.f64"), n, regions * categories));
    let world = world(&codes("R", regions), &codes("S", sectors), categories, z, y);
    let table = world.table(zili_testkit::YEAR).expect("a table");

    // Everything from flows to L: coefficients, factors, the check that L f gives output back, the inverse.
    let (inverse, system) = best_of(3, || {
        let system = System::new(table.clone()).expect("a system");
        system.leontief();
        system
    });
    write(&folder.join("L.f64"), system.leontief().as_slice());

    let sets: Vec<Vec<usize>> = (0..regions).map(|r| (r * sectors..(r + 1) * sectors).collect()).collect();
    let (extraction, losses) = best_of(5, || {
        let each = sets.iter().map(|set| extract(&system, set, Variant::Full).expect("extracted"));
        each.collect::<Vec<_>>()
    });
    write(&folder.join("extraction.f64"), &losses.concat());

    let ones = vec![1.0; n];
    let (singles, every) = best_of(5, || every_industry(&system, &ones));
    write(&folder.join("singles.f64"), &[every.backward, every.forward].concat());

    // The world keeps a system only while somebody holds it.
    let held = world.system(zili_testkit::YEAR).expect("a system");
    held.leontief();
    let params = ask(&world, region(&world, 0), &scan::METHOD, &[("over", "pairs")]);
    let (pairs, finding) = best_of(5, || scan::run(&world, &params).expect("answered"));
    let params = ask(&world, region(&world, 0), &kww::METHOD, &[]);
    let (kww, _) = best_of(3, || kww::run(&world, &params).expect("answered"));
    println!(
        "{}",
        json!({"L": inverse, "extraction of every region": extraction, "every single extraction": singles,
               "scan of every pair": pairs, "pairs": finding.rows.len(), "kww of one region": kww})
    );
}

fn read(path: &Path, rows: usize, columns: usize) -> Matrix {
    let bytes = std::fs::read(path).expect("readable");
    let (numbers, []) = bytes.as_chunks::<8>() else { panic!("{}: not whole numbers of f64", path.display()) };
    Matrix::from_rows(rows, columns, numbers.iter().map(|b| f64::from_le_bytes(*b)).collect())
}

fn write(path: &Path, values: &[f64]) {
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    std::fs::write(path, bytes).expect("written");
}

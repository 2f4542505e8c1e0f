//! Times the indices of complexity on exports that `complexity.py` lays down, and writes them beside to be compared first.
//!
//! `complexity FOLDER ECONOMIES PRODUCTS THREADS REPEATS`; FOLDER holds `exports.f64`, little-endian, row by row.

use serde_json::json;
use std::path::Path;
use std::time::Instant;
use zili_exposure::complexity::convention::Convention;
use zili_exposure::complexity::indicators::Indicators;
use zili_exposure::complexity::presence::{Presence, rca};
use zili_world::Matrix;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, counts @ ..] = words.as_slice() else { panic!("FOLDER and counts") };
    let counts: Vec<usize> = counts.iter().map(|c| c.parse().expect("a count")).collect();
    let [economies, products, threads, repeats] = counts[..] else { panic!("ECONOMIES PRODUCTS THREADS REPEATS") };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("threads");
    let folder = Path::new(folder);
    let bytes = std::fs::read(folder.join("exports.f64")).expect("exports");
    let values = bytes.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().expect("eight bytes"))).collect();
    let exports = Matrix::from_rows(economies, products, values);
    let mut best = f64::INFINITY;
    let mut found = None;
    for _ in 0..repeats {
        let start = Instant::now();
        let (presence, empty) = Presence::of(&rca(&exports), 1.0);
        let indicators = Indicators::new(&presence, Convention::ATLAS, 200).expect("indices");
        best = best.min(start.elapsed().as_secs_f64());
        assert_eq!(empty, Default::default(), "made so that everybody has advantage in something");
        found = Some(indicators);
    }
    let found = found.expect("at least one repeat");
    let outputs = [
        ("eci", found.eci.as_slice()),
        ("pci", &found.pci),
        ("coi", &found.coi),
        ("fitness", &found.fitness),
        ("density", found.density.as_slice()),
        ("cog", found.cog.as_slice()),
    ];
    for (name, values) in outputs {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(folder.join(format!("{name}.f64")), bytes).expect("written");
    }
    println!("{}", json!({"seconds": best, "peak_kib": peak()}));
}

/// Largest memory so far; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

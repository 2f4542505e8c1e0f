//! Times the inventory model on a table that `inventory.py` lays down, and writes production beside it to be compared first.
//!
//! `inventory FOLDER REGIONS SECTORS CATEGORIES THREADS DAYS RUNS`; FOLDER holds `Z.f64` and `Y.f64`, little-endian, row by row.

use serde_json::json;
use std::path::Path;
use std::time::Instant;
use zili_scenario::{Control, Disruption, Flows, Impact, Rebuild, Recovery, Scenario, Sectors, Shape};
use zili_shock::inventory::{Ask, Detail, METHOD, Stage};
use zili_testkit::{YEAR, ask, region, world};
use zili_world::{Matrix, World};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, counts @ ..] = words.as_slice() else { panic!("FOLDER and counts") };
    let counts: Vec<usize> = counts.iter().map(|c| c.parse().expect("a count")).collect();
    let [regions, sectors, categories, threads, days, runs] = counts[..] else {
        panic!("REGIONS SECTORS CATEGORIES THREADS DAYS RUNS")
    };
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("threads");
    let folder = Path::new(folder);
    let n = regions * sectors;
    let codes = |letter: &str, count: usize| (0..count).map(|k| format!("{letter}{k:03}")).collect::<Vec<_>>();
    let (z, y) = (read(&folder.join("Z.f64"), n, n), read(&folder.join("Y.f64"), n, regions * categories));
    let stream = stream(&z, 20);
    let world = world(&codes("R", regions), &codes("S", sectors), categories, z, y);

    let first = scenario(&world, days, Recovery::Curve { shape: Shape::Linear, days: 60.0 });
    let mut times = serde_json::Map::new();
    let mut timed = |name: &str, mode: &str, scenarios: &[Scenario], detail: Detail| {
        let params = ask(&world, region(&world, 0), &METHOD, &[("mode", mode), ("detail", "industries")]);
        let asks: Vec<Ask> = scenarios.iter().map(|scenario| Ask { scenario, params: &params, detail }).collect();
        let stage = Stage::new(&world, &scenarios[0], &params).expect("a stage");
        let start = Instant::now();
        let records = stage.play(&asks, &zili_world::Unwatched).expect("played");
        times.insert(name.to_owned(), json!(start.elapsed().as_secs_f64()));
        records
    };
    timed("warm-up", "boario", std::slice::from_ref(&first), Detail::Totals);
    timed("recovery", "boario", std::slice::from_ref(&first), Detail::Totals);
    let builders = vec![("S003".into(), 0.7), ("S010".into(), 0.3)];
    let rebuild = Recovery::Rebuild(Rebuild { days: 60.0, sectors: builders, factor: 1.0 });
    let second = scenario(&world, days, rebuild);
    timed("rebuilding", "boario", std::slice::from_ref(&second), Detail::Totals);
    for (name, scenario) in [("recovery", &first), ("rebuilding", &second)] {
        let record = timed("kept", "boario", std::slice::from_ref(scenario), Detail::Industries).remove(0);
        let production: Vec<f64> = record.points.iter().map(|p| p.production).collect();
        write(&folder.join(format!("{name}.f64")), &production);
    }
    timed("own, recovery", "sound", std::slice::from_ref(&first), Detail::Totals);
    let controls: Vec<Scenario> = (0..runs).map(|k| controlled(&world, days, k)).collect();
    timed("own, control", "sound", &controls[..1], Detail::Totals);
    timed("batch", "sound", &controls, Detail::Totals);
    println!("{}", json!({"times": times, "stream Z once": stream, "runs": runs}));
}

/// Capital destroyed in ten sectors of one region.
fn scenario(world: &World, days: usize, recovery: Recovery) -> Scenario {
    let hit = Disruption {
        at: region(world, 3),
        sectors: Sectors::These((0..10).map(|s| format!("S{s:03}").as_str().into()).collect()),
        impact: Impact::Capital(0.3),
        from: 5.0,
        lasts: 10.0,
        recovery,
    };
    Scenario { horizon: days as f64, disruptions: vec![hit], ..Scenario::quiet(region(world, 0), YEAR) }
}

/// One region denies two sectors to another, the k-th pair, and a lockdown strikes a third.
fn controlled(world: &World, days: usize, k: usize) -> Scenario {
    let regions = world.classification().regions().len();
    let (by, against) = (k % regions, (k / regions + k + 1) % regions);
    let sectors = Sectors::These(["S010", "S016"].map(Into::into).to_vec());
    let against = if against == by { (by + 1) % regions } else { against };
    let control =
        Control::new(region(world, by), region(world, against), sectors, 0.8, Flows::Both).expect("a control");
    let curve = Recovery::Curve { shape: Shape::Linear, days: 60.0 };
    Scenario { controls: vec![control], ..scenario(world, days, curve) }
}

/// Seconds to read Z once, the fastest of some.
fn stream(z: &Matrix, runs: usize) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let start = Instant::now();
        let mut sums = [0.0; 32];
        for chunk in z.as_slice().chunks_exact(32) {
            sums.iter_mut().zip(chunk).for_each(|(sum, z)| *sum += z);
        }
        std::hint::black_box(sums);
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
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

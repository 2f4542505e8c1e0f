//! A small table in the plain layout with one of its files replaced: a world or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zili_import::{Kind, Repair, Settings};

const FILES: [(&str, &str); 9] = [
    ("regions.csv", "code\nAAA\nBBB\n"),
    ("sectors.csv", "code\ns1\ns2\n"),
    ("final_demand.csv", "code\nhh\n"),
    ("primary_inputs.csv", "code\nVA\n"),
    ("Z.csv", "10,20,5,5\n10,10,5,0\n5,5,10,5\n0,5,5,5\n"),
    ("Y.csv", "50,10\n40,15\n10,25\n5,20\n"),
    ("V.csv", "75,40,35,25\n"),
    ("x.csv", "100\n80\n60\n40\n"),
    ("world.toml", "year = 2000\n"),
];

fuzz_target!(|data: &[u8]| {
    let [which, repairs, rest @ ..] = data else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (k, (name, text)) in FILES.iter().enumerate() {
        let bytes = if k == usize::from(*which) % FILES.len() { rest } else { text.as_bytes() };
        std::fs::write(folder.path().join(name), bytes).expect("written");
    }
    let chosen = Repair::ALL.into_iter().enumerate().filter(|(k, _)| repairs >> k & 1 == 1).map(|(_, repair)| repair);
    let settings = Settings { name: "fuzz".into(), year: None, tolerance: 1e-3, repairs: chosen.collect() };
    let Ok(Kind::World(read)) = zili_import::format("plain").map(|format| format.kind) else { panic!("a world") };
    let _ = read(folder.path(), &settings);
});

//! Any text as the World Bank's csv and as a set of indicators: a set or an error, never a panic; what is imported is a sound set.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zili_import::Kind;
use zili_world::science;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = science::read(text, "fuzz", "fuzz");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("API.csv");
    // With a header half of the time, so that rows are reached.
    let header: &[u8] = match data.first() {
        Some(first) if first % 2 == 0 => b"Country Name,Country Code,Indicator Name,Indicator Code,2018,2019,\nA,AUT,x,IP.PAT.RESD,1,2,\n",
        _ => b"",
    };
    std::fs::write(&path, [header, data].concat()).expect("written");
    let Ok(Kind::Indicators(read)) = zili_import::format("world-bank").map(|format| format.kind) else {
        panic!("world-bank holds indicators")
    };
    if let Ok(file) = read(&path) {
        science::read(&file.text, "fuzz", "fuzz").expect("a sound set");
    }
});

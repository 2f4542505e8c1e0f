//! Any text as a table of flows, in the plain layout and in BACI's: trade or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zili_import::{Kind, TradeSettings};

fuzz_target!(|data: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder");
    // With a header half of the time, so that rows are reached.
    let headed = data.first().is_some_and(|first| first % 2 == 0);
    let write = |name: &str, header: &str| {
        let header = if headed { header } else { "" };
        std::fs::write(folder.path().join(name), [header.as_bytes(), data].concat()).expect("written");
    };
    write("flows.csv", "year,exporter,importer,product,usd\n2020,A,B,p,1\n");
    write("BACI_HS17_Y2022_V202601.csv", "t,i,j,k,v,q\n2022,4,8,854231,1,NA\n");
    std::fs::write(folder.path().join("country_codes_V202601.csv"), "country_code,country_name,country_iso2,country_iso3\n4,A,AF,AFG\n8,B,AL,ALB\n").expect("written");
    for name in ["trade", "baci"] {
        let Ok(Kind::Trade(read)) = zili_import::format(name).map(|format| format.kind) else { panic!("trade") };
        if let Ok((_, years)) = read(folder.path(), &TradeSettings { name: "mine".into(), year: None }) {
            years.iter().for_each(|flows| assert!(flows.exports().as_slice().iter().all(|usd| *usd >= 0.0)));
        }
    }
});

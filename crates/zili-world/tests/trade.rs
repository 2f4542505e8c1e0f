//! Trade in memory and in the store.

use proptest::prelude::*;
use zili_world::store::Source;
use zili_world::trade::{self, Collected, Collector, Flows, Manifest};
use zili_world::{Error, Trade};

fn manifest(economies: Vec<String>, products: Vec<String>, years: &[Flows]) -> Manifest {
    let sources = vec![Source { id: "mine".into(), ..Source::default() }];
    Manifest { nomenclature: "ours".into(), sources, ..zili_testkit::trade::manifest(economies, products, years) }
}

/// Year, exporter, importer, product, value.
fn flows() -> impl Strategy<Value = Vec<(i32, u8, u8, u16, u32)>> {
    let key = (2020..2023i32, 0..9u8, 0..9u8, 0..40u16);
    proptest::collection::btree_map(key, 1..1_000_000u32, 1..200)
        .prop_map(|map| map.into_iter().map(|((y, i, j, p), v)| (y, i, j, p, v)).collect())
}

proptest! {
    /// What is written is read again, whatever the order in which rows came, and sums are those of the rows.
    #[test]
    fn the_store_gives_back_what_it_was_given(rows in flows(), partners in any::<bool>(), turned in any::<bool>()) {
        let mut rows = rows;
        rows.retain(|row| row.1 != row.2);
        prop_assume!(!rows.is_empty());
        if !partners {
            rows.retain(|row| row.2 == 0);
            prop_assume!(!rows.is_empty());
        }
        if turned {
            rows.reverse();
        }
        let mut collector = Collector::default();
        for (year, exporter, importer, product, value) in &rows {
            let importer = format!("C{importer}");
            let importer = partners.then_some(importer.as_str());
            let value = f64::from(*value) / 8.0;
            collector.add(*year, &format!("C{exporter}"), importer, &format!("{product:04}"), value).expect("a flow");
        }
        let Collected { economies, products, years } = collector.finish().expect("flows");
        let folder = tempfile::tempdir().expect("a folder");
        let place = trade::write(folder.path(), manifest(economies, products, &years), &years, false).expect("written");
        let read = Trade::open(&place).expect("read");
        prop_assert_eq!(read.years(), years.iter().map(|flows| flows.year).collect::<Vec<_>>());
        for expected in &years {
            let found = read.flows(expected.year).expect("a year");
            prop_assert_eq!(&*found, expected);
            prop_assert_eq!(found.has_partners(), partners);
            let exports = found.exports();
            for (c, economy) in read.economies().iter().enumerate() {
                let of = |row: &&(i32, u8, u8, u16, u32)| row.0 == expected.year && format!("C{}", row.1) == economy.code.as_str();
                let sum: f64 = rows.iter().filter(of).map(|row| f64::from(row.4) / 8.0).sum();
                // Eighths of numbers below a million add up exactly.
                prop_assert_eq!(exports.row(c).iter().sum::<f64>(), sum);
            }
        }
    }
}

#[test]
fn a_changed_file_is_refused_by_its_checksum() {
    let mut collector = Collector::default();
    collector.add(2022, "A", Some("B"), "p", 5.0).expect("a flow");
    let Collected { economies, products, years } = collector.finish().expect("flows");
    let folder = tempfile::tempdir().expect("a folder");
    let write =
        |replace| trade::write(folder.path(), manifest(economies.clone(), products.clone(), &years), &years, replace);
    let place = write(false).expect("written");
    assert!(write(false).expect_err("twice").to_string().contains("is there already"));
    write(true).expect("replaced");
    let mut inside = std::fs::read_dir(&place).expect("a folder").map(|entry| entry.expect("an entry").path());
    let file = inside.find(|path| path.is_dir()).expect("a generation").join("2022/flows.parquet");
    let mut bytes = std::fs::read(&file).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).expect("written");
    let refusal = Trade::open(&place).expect("a manifest").flows(2022).expect_err("changed").to_string();
    assert!(refusal.contains("flows.parquet") && refusal.contains("SHA-256"), "{refusal}");
}

#[test]
fn a_flow_twice_there_and_half_told_buyers_are_refused() {
    let mut collector = Collector::default();
    collector.add(2022, "A", Some("B"), "p", 5.0).expect("a flow");
    collector.add(2022, "A", Some("B"), "p", 6.0).expect("a flow");
    let refusal = collector.finish().expect_err("twice");
    assert!(matches!(&refusal, Error::Duplicate { given, .. } if given == "A to B in 2022: product p"), "{refusal}");
    let mut collector = Collector::default();
    collector.add(2022, "A", Some("B"), "p", 5.0).expect("a flow");
    collector.add(2022, "A", None, "p", 6.0).expect("a flow");
    assert!(collector.finish().expect_err("half told").to_string().contains("some have none"));
    for value in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(Collector::default().add(2022, "A", None, "p", value).is_err(), "{value}");
    }
}

#[test]
fn unknown_words_name_what_there_is() {
    let trade = trade::bundled().expect("trade");
    assert_eq!(trade.year("latest").expect("a year"), 2024);
    assert!(trade.year("2023").expect_err("none").to_string().contains("accepted: 2022, 2024, latest"));
    assert!(trade.product("850512").expect_err("none").to_string().contains("did you mean '850511'"));
    assert_eq!(trade.economy("germany").expect("by name"), trade.economy("DEU").expect("by code"));
}

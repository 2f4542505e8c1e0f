//! Measures of products against published figures, closed forms and invariants.

use proptest::prelude::*;
use std::collections::HashMap;
use zili_exposure::{Measure, measure};
use zili_scenario::BlocBook;
use zili_testkit::{ask, oracle, random, region};
use zili_world::trade::{Collected, Collector};
use zili_world::{Bloc, Cell, Finding, Matrix, Trade, World};

fn asked(world: &World, home: Bloc, name: &str, options: &[(&str, &str)]) -> Finding {
    let measure: &Measure = measure(name).expect("a measure");
    (measure.run)(world, &ask(world, home, measure.method, options)).expect("a finding")
}

/// Cells of a column by what stands in others.
fn by_key(finding: &Finding, keys: &[&str], column: &str) -> HashMap<Vec<String>, Cell> {
    let at = |name: &str| finding.column(name).expect("a column");
    let spoken = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Integer(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let row = |row: &Vec<Cell>| (keys.iter().map(|key| spoken(&row[at(key)])).collect(), row[at(column)].clone());
    finding.rows.iter().map(row).collect()
}

fn european_union(world: &World) -> Bloc {
    BlocBook::bundled().expect("blocs").resolve("EU27", world.classification()).expect("a bloc")
}

/// Indicators of the European Union on the same extract, computed by others; shares there are rounded to four digits.
#[test]
fn cdi_of_the_european_union_on_baci_2022_and_2024() {
    let Some(path) = oracle::beside("data/trade-baci-critical/derived_cdi_baci_2022_2024.csv") else { return };
    let world = World::bundled("wiod2013").expect("a world");
    let finding = asked(&world, european_union(&world), "product-dependency", &[]);
    let found = |column: &str| by_key(&finding, &["year", "product"], column);
    let columns =
        ["cdi1", "cdi2", "cdi3", "top_share", "world_hhi", "world_top_share", "world"].map(|name| (name, found(name)));
    let (top, world_top, dependent) = (found("top_supplier"), found("world_top"), found("dependent"));
    let text = std::fs::read_to_string(path).expect("a reference");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let mut count = 0;
    for line in lines {
        let cells: HashMap<&str, &str> = header.iter().copied().zip(line.split(',')).collect();
        let key = vec![cells["year"].to_owned(), cells["hs6"].to_owned()];
        let expected = [
            ("cdi1", "cdi1", 1.0, 6e-5),
            ("cdi2", "cdi2", 1.0, 6e-5),
            ("cdi3", "cdi3", 1.0, 6e-5),
            // In per cent with one decimal.
            ("top_share", "eu_top_share", 0.01, 6e-4),
            ("world_hhi", "hhi_export", 1.0, 6e-5),
            ("world_top_share", "top_share", 0.01, 6e-4),
            ("world", "world_musd", 1.0, 1e-6),
        ];
        for (ours, theirs, unit, rounding) in expected {
            let (_, column) = columns.iter().find(|(name, _)| *name == ours).expect("one of ours");
            let found = column[&key].number().expect("a number");
            let expected = cells[theirs].parse::<f64>().expect("a number") * unit;
            assert!((found - expected).abs() <= rounding, "{key:?} {ours}: {found} in place of {expected}");
        }
        // The source's code for Taiwan.
        let code = |name: &str| cells[name].replace("S19", "TWN");
        assert_eq!(top[&key].text(), code("eu_top"), "{key:?}");
        assert_eq!(world_top[&key].text(), code("top_exporter"), "{key:?}");
        assert_eq!(dependent[&key].text(), if cells["dependent"] == "True" { "yes" } else { "no" }, "{key:?}");
        count += 1;
    }
    assert_eq!(count, 60);
}

/// Trade between regions of a world: exporter, importer, product, USD; two years.
fn traded(world: World, flows: &[(i32, &str, &str, &str, f64)]) -> World {
    let mut collector = Collector::default();
    for (year, exporter, importer, product, usd) in flows {
        collector.add(*year, exporter, Some(importer), product, *usd).expect("a flow");
    }
    let Collected { economies, products, years } = collector.finish().expect("flows");
    let manifest = zili_testkit::trade::manifest(economies, products, &years);
    world.with_trade(Trade::in_memory(manifest, years))
}

/// Home H = {A, B} buys 60 from C and 40 from D, 25 inside, and exports 25 inside and 15 to C.
#[test]
fn cdi_by_hand() {
    let codes = ["A", "B", "C", "D"].map(String::from);
    let world = zili_testkit::world(&codes, &["S".into()], 1, Matrix::zeros(4, 4), Matrix::from_fn(4, 4, |_, _| 1.0));
    let world = traded(
        world,
        &[
            (2001, "C", "A", "p", 50.0),
            (2001, "C", "B", "p", 10.0),
            (2001, "D", "B", "p", 40.0),
            (2001, "A", "B", "p", 25.0),
            (2001, "A", "C", "p", 15.0),
            (2002, "C", "A", "p", 30.0),
            (2002, "D", "A", "p", 30.0),
            (2002, "B", "C", "p", 61.0),
            (2001, "C", "D", "q", 1.0),
        ],
    );
    let home = zili_testkit::bloc(&world, &[0, 1]);
    let finding = asked(&world, home, "product-dependency", &[("trade", "mine")]);
    let cell = |column: &str, year: &str, product: &str| {
        by_key(&finding, &["year", "product"], column)[&vec![year.to_owned(), product.to_owned()]].clone()
    };
    let number = |column: &str, year: &str| cell(column, year, "p").number().expect("a number");
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-15, "{found} {expected}");
    near(number("cdi1", "2001"), 0.36 + 0.16);
    near(number("cdi2", "2001"), 100.0 / 125.0);
    near(number("cdi3", "2001"), 100.0 / 40.0);
    near(number("top_share", "2001"), 0.6);
    near(number("home_imports", "2001"), 125.0 / 140.0);
    assert_eq!(cell("dependent", "2001", "p").text(), "yes");
    near(number("cdi1", "2002"), 0.5);
    near(number("cdi3", "2002"), 60.0 / 61.0);
    assert_eq!(cell("dependent", "2002", "p").text(), "no");
    assert_eq!(cell("change", "2002", "p").text(), "gone");
    // Nothing is bought of q, so nothing is said of it.
    assert_eq!(cell("dependent", "2001", "q"), Cell::Missing);
    assert_eq!(cell("cdi1", "2001", "q"), Cell::Missing);
    assert!(
        finding
            .evidence
            .notes
            .iter()
            .any(|note| note.contains("1 products were dependent in 2001; in 2002 1 no longer are and 0 are new"))
    );
}

proptest! {
    /// Shares of all partners together are all that is bought, and no part of what is needed is more than all of it.
    #[test]
    fn exposure_of_a_product_adds_up_over_partners(recipe in random::recipe()) {
        let world = recipe.world();
        prop_assume!(world.classification().regions().len() > 1);
        let codes: Vec<String> = world.classification().regions().iter().map(|r| r.code.to_string()).collect();
        let finding = asked(&world, region(&world, 0), "product-exposure", &[("trade", "table"), ("least", "0")]);
        for sector in world.classification().sectors() {
            let rows: Vec<&Vec<Cell>> =
                finding.rows.iter().filter(|row| row[finding.column("product").expect("")].text() == sector.code.as_str()).collect();
            if rows.is_empty() {
                continue;
            }
            assert_eq!(rows.len(), codes.len() - 1);
            let sum = |column: &str| -> f64 {
                let at = finding.column(column).expect("a column");
                rows.iter().map(|row| row[at].number().expect("a share")).sum()
            };
            // Sums of three shares.
            assert!((sum("direct") - 1.0).abs() < 1e-14);
            let look = sum("look_through");
            assert!(look > 0.0 && look < 1.0 + 1e-14, "{look}");
            for row in &rows {
                let of = |column: &str| row[finding.column(column).expect("a column")].number().expect("a share");
                assert!(of("through_others") <= of("look_through") + 1e-15);
                assert!(of("through_others") <= 1.0 - of("direct") + 1e-15);
            }
        }
    }
}

/// A world in which nobody needs anything from anybody: look-through is what is bought.
#[test]
fn without_inputs_exposure_is_what_is_bought() {
    let codes = ["A", "B", "C"].map(String::from);
    let final_use = Matrix::from_rows(3, 3, vec![5.0, 1.0, 1.0, 3.0, 5.0, 1.0, 1.0, 1.0, 5.0]);
    let world = zili_testkit::world(&codes, &["S".into()], 1, Matrix::zeros(3, 3), final_use);
    let finding = asked(&world, region(&world, 0), "product-exposure", &[("trade", "table")]);
    let direct = by_key(&finding, &["partner"], "direct");
    for (partner, look) in by_key(&finding, &["partner"], "look_through") {
        assert_eq!(look.number(), direct[&partner].number());
    }
    assert_eq!(direct[&vec!["B".to_owned()]].number(), Some(0.75));
}

/// Trade in the table of a world is what crosses borders in it.
#[test]
fn trade_of_a_table_is_what_its_accounts_call_exports() {
    let world = World::bundled("wiod2013").expect("a world");
    let trade = Trade::of_table(&world, 2011).expect("trade");
    let exports = trade.flows(2011).expect("a year").exports();
    for home in ["CHN", "DEU", "USA"] {
        let r = world.classification().region(home).expect("a region");
        let accounts = asked(&world, region(&world, r), "accounts", &[]);
        let intermediate = by_key(&accounts, &["sector"], "exports_intermediate");
        let finals = by_key(&accounts, &["sector"], "exports_final");
        for (p, product) in trade.products().iter().enumerate() {
            let key = vec![product.code.clone()];
            let expected = intermediate[&key].number().expect("exports") + finals[&key].number().expect("exports");
            let found = exports[(trade.economy(home).expect("an economy"), p)] / 1e6;
            // Sums of some two hundred cells.
            assert!(
                (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
                "{home} {}: {found} {expected}",
                product.code
            );
        }
    }
}

//! A small data set of tariffs, and its slips, each named with file and line.

use std::fs;
use std::path::Path;
use zili_import::caliendo_parro;

/// The example's files: two regions, two sectors.
fn lay_down(folder: &Path) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/tariffs");
    for entry in fs::read_dir(example).expect("the example") {
        let file = entry.expect("a file");
        fs::copy(file.path(), folder.join(file.file_name())).expect("copied");
    }
}

#[test]
fn what_is_written_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_down(folder.path());
    let data = caliendo_parro(folder.path()).expect("it is read");
    assert_eq!((data.regions.len(), data.sectors.len(), data.files.len()), (2, 2, 8));
    // South buys goods from North.
    let at = data.flow(0, 1, 0);
    assert_eq!((data.flows[at], data.tariffs[1][at], data.tariffs[2][at], data.barriers[1][at]), (20.0, 1.1, 1.0, 1.0));
    assert_eq!(data.elasticity, [4.0, 8.0]);
    assert!(data.remarks().is_empty());
    // Scrap has a price below zero.
    let path = folder.path().join("intermediate_consumption.csv");
    let text = fs::read_to_string(&path).expect("it is there");
    fs::write(&path, text.replacen("25", "-1", 1)).expect("written");
    let remarks = caliendo_parro(folder.path()).expect("it is read").remarks();
    assert!(remarks.len() == 1 && remarks[0].contains("inputs below zero in 1 place"), "{remarks:?}");
}

#[test]
fn slips_are_named() {
    for (file, from, to, said) in [
        (
            "trade.csv",
            "Goods,North,North,80",
            "Goods,Nroth,North,80",
            &["trade.csv:2", "Nroth", "did you mean 'North'"][..],
        ),
        ("trade.csv", "Goods,North,North,80", "Goods,North,North,much", &["trade.csv:2", "much"]),
        ("trade.csv", "Goods,South,South,60,0,0,0", "Goods,North,North,60,0,0,0", &["trade.csv:3", "twice"]),
        ("trade.csv", "tariff_cfl", "tariff_end", &["trade.csv:1", "tariff_cfl"]),
        (
            "trade.csv",
            "Goods,North,North,80,0,0,0",
            "Goods,North,North,80,0,0,-1",
            &["counterfactual", "Goods from North to North"],
        ),
        ("theta.csv", "Services,8", "Services,0", &["θ of Services is 0"]),
        ("theta.csv", "Services,8\n", "", &["theta.csv", "no row for Services"]),
        ("value_added.csv", "Services,South", "Goods,South", &["value_added.csv:", "twice"]),
        ("final_consumption.csv", "Goods,South", "Goods,North", &["final_consumption.csv:", "twice"]),
        ("intermediate_consumption.csv", "Goods,Services,North", "Goods,Goods,North", &["twice"]),
        ("deficit.csv", "South", "North", &["deficit.csv:3", "twice"]),
        ("deficit.csv", "North,", "North,1", &["deficits must add up to 0"]),
        ("sectors.txt", "Services", "Goods", &["sectors.txt", "twice"]),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        lay_down(folder.path());
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).expect("it is there");
        assert!(text.contains(from), "{file}: {from}");
        fs::write(&path, text.replacen(from, to, 1)).expect("written");
        let error = caliendo_parro(folder.path()).expect_err("refused").to_string();
        said.iter().for_each(|word| assert!(error.contains(word), "{file} {to}: {error}"));
    }
    let empty = tempfile::tempdir().expect("a folder");
    assert!(caliendo_parro(empty.path()).is_err());
}

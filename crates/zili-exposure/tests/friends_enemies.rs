//! Friends and enemies against matrices evaluated elsewhere, and by identities.

use zili_exposure::friends_enemies::Exposure;
use zili_testkit::oracle::{self, Arrays};
use zili_world::Matrix;

#[test]
fn kleinman_liu_redding_matrices() {
    let Some(path) = oracle::beside("oracles/closed-forms/klr_friends_enemies.npz") else { return };
    let mut archive = Arrays::open(&path);
    let (s, q) = (archive.matrix("S"), archive.vector("q"));
    let theta = archive.flat("theta")[0];
    let found = Exposure::of_shares(&s, &q, theta).expect("regular");
    for (name, found) in [("W", &found.income), ("U", &found.welfare)] {
        let known = archive.matrix(name);
        for (a, b) in found.as_slice().iter().zip(known.as_slice()) {
            // Closed forms of eight countries, evaluated twice.
            assert!((a - b).abs() < 1e-12, "{name}: {a} {b}");
        }
    }
}

/// If all grow alike, real incomes grow as much and relative incomes do not change.
#[test]
fn growth_of_all_is_growth_of_each() {
    let sales = Matrix::from_rows(3, 3, vec![80.0, 12.0, 8.0, 12.0, 60.0, 3.0, 8.0, 3.0, 40.0]);
    let found = Exposure::of(&sales, 5.0).expect("regular");
    for n in 0..3 {
        let (income, welfare) = (found.income.row(n).iter().sum::<f64>(), found.welfare.row(n).iter().sum::<f64>());
        assert!(income.abs() < 1e-12 && (welfare - 1.0).abs() < 1e-12, "{income} {welfare}");
    }
}

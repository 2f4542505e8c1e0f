//! Fragmentation against the authors' own output, and in its limits.

use std::collections::HashMap;
use zili_shock::fragmentation::{Fragmentation, Fragmented, Stuck};
use zili_testkit::oracle;
use zili_world::Matrix;

const PHI: f64 = 3.8;
/// 1.2397892 in the paper; these digits follow from the authors' output, (1 + ψ)/ψ = ln Ŵ / ln Q̂ in every row.
const PSI: f64 = 1.239_789_196_310_93;

/// Scenario 1 of Campos et al.: 151 countries, barriers between an Eastern and a Western bloc.
#[test]
fn campos_et_al_2023_scenario_1() {
    let Some(folder) = oracle::beside("oracles/geofrag") else { return };
    let text = std::fs::read_to_string(folder.join("fragmentation_1.csv")).expect("it is there");
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let at: HashMap<&str, usize> = rows.iter().enumerate().map(|(k, row)| (row[0], k)).collect();
    let n = rows.len();
    let (mut trade, mut left) = (Matrix::zeros(n, n), Matrix::zeros(n, n));
    for line in oracle::gzip_lines(&folder.join("trade_2019.csv.gz")).iter().skip(1) {
        let words: Vec<&str> = line.split(';').collect();
        // No trade is written as nothing.
        trade[(at[words[0]], at[words[1]])] = words[2].trim().parse().unwrap_or(0.0);
    }
    for line in oracle::gzip_lines(&folder.join("tau_hat.csv.gz")).iter().skip(1) {
        let words: Vec<&str> = line.split(',').collect();
        left[(at[words[0]], at[words[1]])] = words[2].parse::<f64>().expect("a number").powf(-PHI);
    }
    let found = Fragmentation { trade: &trade, left: &left, phi: PHI, psi: PSI }.solve().expect("solved");
    for (r, row) in rows.iter().enumerate() {
        let known = |column: usize| row[column].parse::<f64>().expect("a number") / 100.0;
        for (value, known) in [(found.supply(r, PSI), known(6)), (found.welfare(r, PSI), known(7))] {
            assert!((value - known).abs() < 1e-10, "{}: {value} {known}", row[0]);
        }
    }
    // Trade between blocs as published, relative to trade within the West: a factor common to all is a matter of the numeraire.
    let bloc = |name: &str| (0..n).filter(|&r| rows[r][1] == name).collect::<Vec<_>>();
    let (east, west) = (bloc("Eastern"), bloc("Western"));
    let change = |from: &[usize], to: &[usize]| {
        let sum = |trade: &Matrix| -> f64 {
            from.iter().flat_map(|&i| to.iter().map(move |&j| (i, j))).filter(|(i, j)| i != j).map(|at| trade[at]).sum()
        };
        sum(&found.trade) / sum(&trade)
    };
    let within = change(&west, &west);
    for (from, to, printed) in [(&west, &east, -33.372_407), (&east, &west, -22.183_668), (&east, &east, 4.635_924)] {
        let expected = (1.0 + printed / 100.0) / 1.009_294_710;
        // Printed with six digits here.
        assert!((change(from, to) / within - expected).abs() < 1e-7, "{printed}");
    }
}

fn three(denied: f64, psi: f64) -> Result<Fragmented, Stuck> {
    let trade = Matrix::from_rows(3, 3, vec![80.0, 12.0, 8.0, 11.0, 60.0, 5.0, 9.0, 6.0, 40.0]);
    let left = Matrix::from_fn(3, 3, |i, j| if i != j && (i == 0 || j == 0) { 1.0 - denied } else { 1.0 });
    Fragmentation { trade: &trade, left: &left, phi: 4.0, psi }.solve()
}

#[test]
fn nothing_denied_changes_nothing() {
    let found = three(0.0, PSI).expect("solved");
    found.prices.iter().chain(&found.indices).for_each(|hat| assert!(hat.abs() < 1e-13, "{hat}"));
}

/// Cut off with fixed supply, a region has λ_nn^(1/φ) left of its real income.
#[test]
fn autarky_is_what_the_home_share_says() {
    let found = three(1.0, 0.0).expect("solved");
    let spent = 80.0 + 11.0 + 9.0;
    assert!((found.welfare(0, 0.0) - ((80.0f64 / spent).powf(0.25) - 1.0)).abs() < 1e-12, "{}", found.welfare(0, 0.0));
    let responsive = three(1.0, PSI).expect("solved");
    assert!(responsive.welfare(0, PSI) < found.welfare(0, 0.0), "who can make less loses more");
}

#[test]
fn a_region_that_is_left_nobody_is_named() {
    let trade = Matrix::from_rows(2, 2, vec![0.0, 5.0, 3.0, 7.0]);
    let left = Matrix::from_rows(2, 2, vec![1.0, 0.0, 1.0, 1.0]);
    let stuck = Fragmentation { trade: &trade, left: &left, phi: 4.0, psi: 1.0 }.solve().err();
    assert_eq!(stuck, Some(Stuck::Alone(0)));
}

#[test]
fn a_deficit_cannot_be_kept_by_whoever_is_cut_off() {
    let trade = Matrix::from_rows(2, 2, vec![10.0, 5.0, 3.0, 7.0]);
    let left = Matrix::from_rows(2, 2, vec![1.0, 0.0, 0.0, 1.0]);
    let stuck = Fragmentation { trade: &trade, left: &left, phi: 4.0, psi: 1.0 }.solve().err();
    assert_eq!(stuck, Some(Stuck::Owes(0)));
}

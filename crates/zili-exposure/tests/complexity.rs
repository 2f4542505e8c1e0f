//! Complexity against several packages' outputs, closed forms and brute force.

use proptest::prelude::*;
use std::collections::HashMap;
use std::path::Path;
use zili_exposure::complexity::chance::shuffled;
use zili_exposure::complexity::convention::{Convention, Gain};
use zili_exposure::complexity::indicators::Indicators;
use zili_exposure::complexity::presence::{Presence, rca};
use zili_testkit::{assert_close, oracle};
use zili_world::Matrix;

/// Rounding of some hundred sums, and of eigenvectors found by another routine.
const ROUNDING: f64 = 1e-10;

/// Columns of a csv of numbers by name.
fn columns(path: &Path) -> HashMap<String, Vec<f64>> {
    let text = std::fs::read_to_string(path).expect("a reference");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("header").split(',').collect();
    let mut columns: HashMap<String, Vec<f64>> = HashMap::new();
    for line in lines {
        for (name, cell) in names.iter().zip(line.split(',')) {
            columns.entry((*name).to_owned()).or_default().push(cell.parse().unwrap_or(f64::NAN));
        }
    }
    columns
}

struct Reference {
    presence: Presence,
    countries: HashMap<String, Vec<f64>>,
    products: HashMap<String, Vec<f64>>,
    arrays: oracle::Arrays,
}

/// 11 countries × 30 products from a seed, with what ecomplexity 0.5.3, econcomplex 1.0.1 and economic-complexity 0.3.0 make of it.
fn small() -> Reference {
    let folder = oracle::own("complexity");
    let mut arrays = oracle::Arrays::open(&folder.join("small_matrices.npz"));
    let advantage = rca(&arrays.matrix("value"));
    assert_close("RCA", advantage.as_slice(), arrays.matrix("rca").as_slice(), ROUNDING);
    let (presence, empty) = Presence::of(&advantage, 1.0);
    assert_eq!(empty, Default::default());
    Reference {
        presence,
        countries: columns(&folder.join("small_country.csv")),
        products: columns(&folder.join("small_product.csv")),
        arrays,
    }
}

#[test]
fn ecomplexity_0_5_3_the_atlas() {
    let mut reference = small();
    let found = Indicators::new(&reference.presence, Convention::ATLAS, 200).expect("indices");
    assert_close("diversity", &reference.presence.diversity(), &reference.countries["diversity"], 0.0);
    assert_close("ubiquity", &reference.presence.ubiquity(), &reference.products["ubiquity"], 0.0);
    assert_close("ECI", &found.eci, &reference.countries["ecomplexity053_eci"], ROUNDING);
    assert_close("PCI", &found.pci, &reference.products["ecomplexity053_pci"], ROUNDING);
    assert_close("COI", &found.coi, &reference.countries["ecomplexity053_coi"], ROUNDING);
    let mut array = |name: &str| reference.arrays.flat(name);
    assert_close("density", found.density.as_slice(), &array("density_ecomplexity"), ROUNDING);
    assert_close("COG", found.cog.as_slice(), &array("cog_ecomplexity"), ROUNDING);
    assert_close("eigenvalues", &found.eigenvalues, &array("eigenvalues_top3"), ROUNDING);
    let proximity: Vec<f64> = (0..30).flat_map(|p| reference.presence.proximities(p)).collect();
    assert_close("φ", &proximity, &array("phi"), ROUNDING);
}

#[test]
fn econcomplex_1_0_1() {
    let mut reference = small();
    let found = Indicators::new(&reference.presence, Convention::ECONCOMPLEX, 200).expect("indices");
    assert_close("ECI", &found.eci, &reference.countries["econcomplex101_eci"], ROUNDING);
    // The package turns products so that rare ones are complex; here that is against the sign of economies, which ours have.
    let turned = |values: &[f64]| -> Vec<f64> { values.iter().map(|value| -value).collect() };
    assert_close("PCI", &turned(&found.pci), &reference.products["econcomplex101_pci"], ROUNDING);
    assert_close("COI", &turned(&found.coi), &reference.countries["econcomplex101_coi"], ROUNDING);
    let per_cent: Vec<f64> = found.density.as_slice().iter().map(|share| 100.0 * share).collect();
    assert_close("density", &per_cent, &reference.arrays.flat("density_econcomplex_pct"), ROUNDING);
    assert_close("COG", &turned(found.cog.as_slice()), &reference.arrays.flat("cog_econcomplex"), ROUNDING);
}

#[test]
fn economic_complexity_0_3_0_of_datawheel() {
    let mut reference = small();
    let found = Indicators::new(&reference.presence, Convention::DATAWHEEL, 200).expect("indices");
    assert_close("ECI", &found.eci, &reference.countries["datawheel030_eci20"], ROUNDING);
    assert_close("PCI", &found.pci, &reference.products["datawheel030_pci20"], ROUNDING);
    assert_close("relatedness", found.density.as_slice(), &reference.arrays.flat("relatedness_datawheel"), ROUNDING);
    assert_close("gain", found.cog.as_slice(), &reference.arrays.flat("oppgain_datawheel"), ROUNDING);
}

#[test]
fn fitness_after_200_steps() {
    let reference = small();
    let found = Indicators::new(&reference.presence, Convention::ATLAS, 200).expect("indices");
    assert_close("fitness", &found.fitness, &reference.countries["ref_fitness200"], ROUNDING);
    assert_close("quality", &found.quality, &reference.products["ref_complexity200"], ROUNDING);
}

/// World trade of 1998–2000, 226 economies × 785 products.
#[test]
fn sitc_1998_2000_by_two_packages() {
    let Some(folder) = oracle::beside("oracles/complexity") else { return };
    let rows = oracle::gzip_lines(&folder.join("real_trade_sitc_1998_2000.csv.gz"));
    let mut flows: HashMap<(String, String), f64> = HashMap::new();
    for row in rows.iter().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        flows.insert((cells[0].to_owned(), cells[1].to_owned()), cells[2].parse().expect("a value"));
    }
    let codes = |of: fn(&(String, String)) -> &String| {
        let mut codes: Vec<String> = flows.keys().map(of).cloned().collect();
        codes.sort();
        codes.dedup();
        codes
    };
    let (economies, products) = (codes(|key| &key.0), codes(|key| &key.1));
    assert_eq!((economies.len(), products.len()), (226, 785));
    let exports = Matrix::from_fn(economies.len(), products.len(), |c, p| {
        flows.get(&(economies[c].clone(), products[p].clone())).copied().unwrap_or_default()
    });
    let (presence, empty) = Presence::of(&rca(&exports), 1.0);
    assert_eq!(empty, Default::default());
    let expected = columns(&folder.join("real_country.csv"));
    let text = std::fs::read_to_string(folder.join("real_country.csv")).expect("a reference");
    // The reference has its own order of countries.
    let order: Vec<usize> = text
        .lines()
        .skip(1)
        .map(|line| economies.binary_search(&line.split(',').next().unwrap_or_default().to_owned()).expect("a code"))
        .collect();
    let in_order = |values: &[f64]| -> Vec<f64> { order.iter().map(|c| values[*c]).collect() };
    let atlas = Indicators::new(&presence, Convention::ATLAS, 200).expect("indices");
    assert_close("diversity", &in_order(&presence.diversity()), &expected["diversity"], 0.0);
    assert_close("ECI", &in_order(&atlas.eci), &expected["ecomplexity053_eci"], ROUNDING);
    assert_close("COI", &in_order(&atlas.coi), &expected["ecomplexity053_coi"], ROUNDING);
    assert_close("fitness", &in_order(&atlas.fitness), &expected["ref_fitness200"], ROUNDING);
    let other = Indicators::new(&presence, Convention::ECONCOMPLEX, 20).expect("indices");
    assert_close("ECI", &in_order(&other.eci), &expected["econcomplex101_eci"], ROUNDING);
    assert_close("COI", &in_order(&other.coi), &expected["econcomplex101_coi"], ROUNDING);
    let reflected = Indicators::new(&presence, Convention::DATAWHEEL, 1).expect("indices");
    // 18 averages leave differences of 0.18⁹ = 2e-7 of the mean: of sixteen digits some eight.
    assert_close("ECI", &in_order(&reflected.eci), &expected["datawheel030_eci20"], 1e-7);
}

/// A nested ladder: the country at step k makes the k easiest products. The more a country makes, the more complex it is, and the rarer a
/// product the more complex.
#[test]
fn a_ladder_is_ranked_as_it_stands() {
    let makes: Vec<Vec<usize>> = (1..=8).map(|k| (0..k).collect()).collect();
    let presence = Presence::from_lists(makes, 8);
    let found = Indicators::new(&presence, Convention::ATLAS, 50).expect("indices");
    assert!(found.eci.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", found.eci);
    assert!(found.pci.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", found.pci);
    assert!(found.fitness.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", found.fitness);
}

#[test]
fn two_worlds_that_share_no_product_have_two_eigenvalues_of_one() {
    let presence = Presence::from_lists(vec![vec![0, 1], vec![0, 1], vec![2, 3], vec![2, 3, 4]], 5);
    let found = Indicators::new(&presence, Convention::ATLAS, 10).expect("indices");
    // Rounding of a 4 × 4 eigenproblem.
    assert!((found.eigenvalues[1] - 1.0).abs() < 1e-14, "{:?}", found.eigenvalues);
}

#[test]
fn economies_and_products_without_advantage_are_told() {
    let exports =
        Matrix::from_rows(4, 4, vec![8.0, 1.0, 0.0, 0.0, 1.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 9.0, 0.0]);
    let (presence, empty) = Presence::of(&rca(&exports), 1.0);
    assert_eq!((empty.economies, empty.products), (vec![2], vec![3]));
    assert_eq!((presence.economies(), presence.products()), (3, 3));
}

#[test]
fn too_few_to_compare_is_refused() {
    let presence = Presence::from_lists(vec![vec![0], vec![0, 1]], 2);
    assert!(Indicators::new(&presence, Convention::ATLAS, 10).is_err());
}

/// Three economies with a product each: six ways to give them out, each as likely.
#[test]
fn every_matrix_with_the_same_margins_is_as_likely() {
    let presence = Presence::from_lists(vec![vec![0], vec![1], vec![2]], 3);
    let mut counts: HashMap<Vec<usize>, f64> = HashMap::new();
    const DRAWS: u64 = 6000;
    for draw in 0..DRAWS {
        let drawn = shuffled(&presence, 7, draw);
        *counts.entry((0..3).flat_map(|c| drawn.made_by(c).to_vec()).collect()).or_default() += 1.0;
    }
    assert_eq!(counts.len(), 6);
    // Four deviations of a binomial number with a sixth of 6,000: 4 √(6000 · 1/6 · 5/6) = 115.
    assert!(counts.values().all(|count| (count - 1000.0).abs() < 115.0), "{counts:?}");
}

/// There is one matrix with the margins of a ladder: itself.
#[test]
fn a_ladder_cannot_be_shuffled() {
    let makes: Vec<Vec<usize>> = (1..=8).map(|k| (0..k).collect()).collect();
    let presence = Presence::from_lists(makes.clone(), 8);
    for draw in 0..20 {
        let drawn = shuffled(&presence, 1, draw);
        assert!((0..8).all(|c| drawn.made_by(c) == makes[c].as_slice()));
    }
}

/// Who makes what, so that everybody makes something and everything is made.
fn any_presence() -> impl Strategy<Value = Vec<Vec<bool>>> {
    (3..9usize, 3..14usize).prop_flat_map(|(economies, products)| {
        let cells = proptest::collection::vec(proptest::bool::weighted(0.4), economies * products);
        cells.prop_map(move |mut cells| {
            for c in 0..economies {
                cells[c * products + c % products] = true;
            }
            for p in 0..products {
                cells[(p % economies) * products + p] = true;
            }
            cells.chunks(products).map(<[bool]>::to_vec).collect()
        })
    })
}

fn presence_of(cells: &[Vec<bool>]) -> Presence {
    let makes = cells.iter().map(|row| (0..row.len()).filter(|p| row[*p]).collect()).collect();
    Presence::from_lists(makes, cells[0].len())
}

proptest! {
    /// Sums over the whole matrix of proximities, written out.
    #[test]
    fn sums_over_proximities_equal_brute_force(cells in any_presence(), seed in 0..1000u32) {
        let presence = presence_of(&cells);
        let products = presence.products();
        let weights: Vec<f64> = (0..products).map(|p| f64::from((seed * 7 + p as u32 * 13) % 11) - 5.0).collect();
        let found = presence.related(&weights);
        for p in 0..products {
            let expected: f64 = (0..products)
                .map(|q| {
                    let both = cells.iter().filter(|row| row[p] && row[q]).count() as f64;
                    let most = [p, q].map(|k| cells.iter().filter(|row| row[k]).count()).into_iter().max().unwrap_or(0);
                    both / most as f64 * weights[q]
                })
                .sum();
            // Rounding of some ten sums of size ten.
            prop_assert!((found[p] - expected).abs() < 1e-12, "{} {}", found[p], expected);
        }
    }

    /// An economy placed like one that is there stands where that one does, by every convention.
    #[test]
    fn what_is_placed_again_stands_where_it_stood(cells in any_presence(), economy in 0..3usize) {
        let presence = presence_of(&cells);
        for convention in [Convention::ATLAS, Convention::ECONCOMPLEX, Convention::DATAWHEEL] {
            let found = Indicators::new(&presence, convention, 1).expect("indices");
            prop_assume!(found.eci.iter().chain(&found.coi).all(|value| value.is_finite()));
            let made: Vec<f64> = cells[economy].iter().map(|makes| f64::from(u8::from(*makes))).collect();
            let place = found.space.place(&presence, &made);
            // 20 reflections leave the last digits of small differences.
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b.abs().max(1.0);
            prop_assert!(near(place.eci, found.eci[economy]), "{convention:?} {} {}", place.eci, found.eci[economy]);
            prop_assert!(near(place.coi, found.coi[economy]));
            prop_assert_eq!(&place.density[..], found.density.row(economy));
        }
    }

    /// A draw has as many products for each economy and as many economies for each product; the same seed gives the same.
    #[test]
    fn draws_keep_both_margins(cells in any_presence(), draw in 0..100u64) {
        let presence = presence_of(&cells);
        let drawn = shuffled(&presence, 3, draw);
        prop_assert_eq!(drawn.diversity(), presence.diversity());
        prop_assert_eq!(drawn.ubiquity(), presence.ubiquity());
        let again = shuffled(&presence, 3, draw);
        prop_assert!((0..presence.economies()).all(|c| drawn.made_by(c) == again.made_by(c)));
        for c in 0..presence.economies() {
            prop_assert!(drawn.made_by(c).windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    /// An economy's complexity is the mean of its products', and density lies between 0 and 1.
    #[test]
    fn an_economy_is_the_mean_of_its_products(cells in any_presence()) {
        let presence = presence_of(&cells);
        let found = Indicators::new(&presence, Convention::ATLAS, 20).expect("indices");
        let mean = presence.mean_of_made(&found.pci);
        for (eci, mean) in found.eci.iter().zip(mean).filter(|(eci, _)| eci.is_finite()) {
            // Deviations can be small where all economies are alike.
            prop_assert!((eci - mean).abs() < 1e-6 * eci.abs().max(1.0), "{eci} {mean}");
        }
        prop_assert!(found.density.as_slice().iter().all(|d| (-1e-12..=1.0 + 1e-12).contains(d)));
    }

    /// The Atlas's gain is what the outlook grows by, but for the worth of the product itself, which is no longer open.
    #[test]
    fn net_gain_is_the_difference_of_outlooks(cells in any_presence(), economy in 0..3usize, product in 0..3usize) {
        let presence = presence_of(&cells);
        let convention = Convention { gain: Gain::Net, near_itself: true, ..Convention::ATLAS };
        let found = Indicators::new(&presence, convention, 5).expect("indices");
        prop_assume!(found.pci.iter().all(|pci| pci.is_finite()) && !cells[economy][product]);
        let made = |more: Option<usize>| -> Vec<f64> {
            (0..presence.products()).map(|p| f64::from(u8::from(cells[economy][p] || more == Some(p)))).collect()
        };
        let outlook = |made: Vec<f64>| {
            let density = found.space.place(&presence, &made).density;
            (0..made.len()).map(|p| density[p] * (1.0 - made[p]) * found.pci[p]).sum::<f64>()
        };
        let (before, after) = (outlook(made(None)), outlook(made(Some(product))));
        // Brute force: what comes nearer, each by its own share, less the product itself.
        let reach = presence.related(&vec![1.0; presence.products()]);
        let nearer: f64 = (0..presence.products())
            .filter(|q| *q != product && !cells[economy][*q])
            .map(|q| presence.proximities(product)[q] / reach[q] * found.pci[q])
            .sum();
        let itself = found.density[(economy, product)] * found.pci[product];
        let scale = found.pci.iter().fold(1.0f64, |m, pci| m.max(pci.abs()));
        prop_assert!((after - before - (nearer - itself)).abs() < 1e-10 * scale);
    }
}

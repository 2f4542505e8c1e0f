//! Foreign production exposure: the published figure and the identities. Tolerances below 1e-11 are rounding of sums of shares.

use proptest::prelude::*;
use zili_exposure::measure;
use zili_testkit::{ask, bloc, column, random, region};
use zili_world::{Bloc, Finding, World};

fn exposure(world: &World, home: Bloc, partners: Option<Vec<Bloc>>, options: &[(&str, &str)]) -> Finding {
    let measure = measure("foreign-exposure").expect("known");
    let mut params = ask(world, home, measure.method, options);
    params.partners = partners.unwrap_or(params.partners);
    (measure.run)(world, &params).expect("answered")
}

/// US manufacturing on China, 2011: 0.70 % at face value, 3.47 % look-through (Baldwin, Freeman & Theodorakopoulos's measure on this table).
#[test]
fn us_manufacturing_on_china_2011() {
    let world = World::bundled("wiod2013").expect("bundled");
    let labels = world.classification();
    let (usa, chn) = (labels.region("USA").expect("USA"), labels.region("CHN").expect("CHN"));
    let finding =
        exposure(&world, region(&world, usa), Some(vec![region(&world, chn)]), &[("buyers", "manufacturing")]);
    let last = |name: &str| 100.0 * column(&finding, name).last().expect("a row");
    // Published to two decimals of a per cent.
    assert!((last("face_value") - 0.70).abs() < 0.005, "{}", last("face_value"));
    assert!((last("look_through") - 3.47).abs() < 0.005, "{}", last("look_through"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn columns_sum_to_one_and_hidden_is_never_negative(recipe in random::recipe()) {
        let world = recipe.world();
        // Home against itself and every other region: all suppliers.
        let everyone = (0..recipe.regions).map(|r| region(&world, r)).collect::<Vec<_>>();
        let finding = exposure(&world, region(&world, 0), Some(everyone), &[]);
        let rows = recipe.sectors + 1;
        let look = column(&finding, "look_through");
        for s in 0..rows {
            let sum: f64 = (0..recipe.regions).map(|r| look[r * rows + s]).sum();
            // An industry without output buys nothing; its average over nothing is missing.
            prop_assert!(sum.is_nan() || (sum - 1.0).abs() < 1e-12, "{sum}");
        }
        for hidden in column(&finding, "hidden") {
            prop_assert!(hidden.is_nan() || hidden > -1e-15, "{hidden}");
        }
    }

    #[test]
    fn a_bloc_is_the_sum_of_its_members(recipe in random::recipe()) {
        let world = recipe.world();
        let others: Vec<usize> = (1..recipe.regions).collect();
        let single = exposure(&world, region(&world, 0), None, &[]);
        let together = exposure(&world, region(&world, 0), Some(vec![bloc(&world, &others)]), &[]);
        let rows = recipe.sectors + 1;
        let (single, together) = (column(&single, "look_through"), column(&together, "look_through"));
        for s in 0..rows {
            let sum: f64 = (0..others.len()).map(|r| single[r * rows + s]).sum();
            prop_assert!(sum.is_nan() || (sum - together[s]).abs() < 1e-13);
        }
    }

    #[test]
    fn supplying_sectors_add_up(recipe in random::recipe()) {
        let world = recipe.world();
        let whole = column(&exposure(&world, region(&world, 0), Some(vec![region(&world, 1)]), &[]), "look_through");
        let parts = column(&exposure(&world, region(&world, 0), Some(vec![region(&world, 1)]), &[("suppliers", "sectors")]), "look_through");
        for s in 0..whole.len() {
            let sum: f64 = parts.iter().skip(s).step_by(whole.len()).sum();
            prop_assert!(sum.is_nan() || (sum - whole[s]).abs() < 1e-13);
        }
    }
}

//! Measures against arrays computed twice elsewhere (`zili-testkit/oracles/README.md`). Tolerance 1e-10 relative throughout, as given with the references.

use zili_exposure::{footprint::Account, measure};
use zili_testkit::oracle::{Arrays, beside, own};
use zili_testkit::{ask, assert_close, bloc, column, region};
use zili_world::linalg::dot;
use zili_world::{Finding, Matrix, ValueAdded, World};

const TOLERANCE: f64 = 1e-10;

/// A measure for all regions together, so that industries come in the order of the arrays.
fn everywhere(world: &World, name: &str) -> Finding {
    let measure = measure(name).expect("known");
    let all = bloc(world, &(0..world.classification().regions().len()).collect::<Vec<_>>());
    (measure.run)(world, &ask(world, all, measure.method, &[])).expect("answered")
}

fn check(arrays: &mut Arrays, regions: usize, sectors: usize) {
    let world = arrays.world(regions, sectors);
    let system = world.system(zili_testkit::YEAR).expect("system");
    let mut compare = |what: &str, found: &[f64]| assert_close(what, found, &arrays.vector(what), TOLERANCE);

    compare("L", system.leontief().as_slice());
    let multipliers = everywhere(&world, "multipliers");
    compare("mult_output", &column(&multipliers, "output"));
    compare("mult_va", &column(&multipliers, "value_added"));
    compare("mult_ghosh_input", &column(&multipliers, "input"));
    let linkages = everywhere(&world, "linkages");
    for (array, name) in [
        ("BL_rasmussen", "backward"),
        ("FL_rasmussen_L", "forward_leontief"),
        ("FL_rasmussen_G", "forward_ghosh"),
        ("BL_direct", "backward_direct"),
        ("FL_direct", "forward_direct"),
        ("BL_cv", "backward_cv"),
        ("FL_cv", "forward_cv"),
    ] {
        compare(array, &column(&linkages, name));
    }
    let position = everywhere(&world, "position");
    compare("upstreamness", &column(&position, "upstreamness"));
    compare("downstreamness", &column(&position, "downstreamness"));

    // Value added of r in final use of s: the bilateral measure of home s lists home first.
    let bilateral = measure("bilateral").expect("known");
    let mut origin = Matrix::zeros(regions, regions);
    for s in 0..regions {
        let finding =
            (bilateral.run)(&world, &ask(&world, region(&world, s), bilateral.method, &[])).expect("answered");
        let values = column(&finding, "partner_value_at_home");
        let others = (0..regions).filter(|r| *r != s);
        std::iter::once(s).chain(others).zip(values).for_each(|(r, value)| origin[(r, s)] = value);
    }
    compare("va_by_final_country", origin.as_slice());

    // Output by final region, L Y.
    let labels = world.classification();
    let output: Vec<Vec<f64>> = (0..regions)
        .map(|s| system.output_for(system.table().final_use_of(&labels.final_columns_of(s).collect::<Vec<_>>())))
        .collect();
    compare("X_by_final_country", Matrix::from_fn(regions * sectors, regions, |i, s| output[s][i]).as_slice());

    // Look-through exposure of the array is the ratio of sums, zili's the average of ratios: both from the same L.
    let mut exposure = Matrix::from_fn(regions, regions, |r, s| {
        let users = labels.industries_of(s);
        labels
            .industries_of(r)
            .map(|i| users.clone().map(|j| system.leontief()[(i, j)] * system.output()[j]).sum::<f64>())
            .sum()
    });
    let sums = exposure.column_sums();
    (0..regions).for_each(|r| exposure.row_mut(r).iter_mut().zip(&sums).for_each(|(e, s)| *e /= s));
    compare("exposure_rs", exposure.as_slice());

    // Cost-push: prices after value added of region 0 rises by a tenth, p' = v'L.
    let mut v = system.value_added_coefficients(ValueAdded::Residual).expect("coefficients");
    labels.industries_of(0).for_each(|i| v[i] *= 1.1);
    let prices = system.origin_multipliers(&v, &[(0..v.len()).collect()]);
    compare("price_model_va_plus10pct_r0", prices.row(0));

    let accounts = measure("accounts").expect("known");
    let mut totals = Matrix::zeros(regions * sectors, 2);
    for r in 0..regions {
        let finding = (accounts.run)(&world, &ask(&world, region(&world, r), accounts.method, &[])).expect("answered");
        let exports = column(&finding, "exports_intermediate").into_iter().zip(column(&finding, "exports_final"));
        for (s, (inputs, finals)) in exports.take(sectors).enumerate() {
            totals[(r * sectors + s, 0)] = inputs + finals;
        }
        // Exports of all sectors are the sum of the sectors'.
        let all = column(&finding, "output");
        assert_close("total", &[all[..sectors].iter().sum()], &[all[sectors]], 1e-12);
    }
    let expected = arrays.matrix("gross_trade_totals");
    let found: Vec<f64> = (0..totals.rows()).map(|i| totals[(i, 0)]).collect();
    assert_close(
        "gross_trade_totals",
        &found,
        &(0..totals.rows()).map(|i| expected[(i, 0)]).collect::<Vec<_>>(),
        TOLERANCE,
    );
}

#[test]
fn tiny57_static() {
    check(&mut Arrays::open(&own("tiny57/static.npz")), 5, 7);
}

#[test]
fn dense57_static() {
    check(&mut Arrays::open(&own("dense57/static.npz")), 5, 7);
}

#[test]
fn pymrio_test_system_static() {
    let Some(path) = beside("oracles/static/pymriotest/static.npz") else { return };
    check(&mut Arrays::open(&path), 6, 8);
}

#[test]
fn pymrio_accounts_of_three_stressors() {
    let mut arrays = Arrays::open(&own("tiny57/static.npz"));
    let world = arrays.world(5, 7);
    let system = world.system(zili_testkit::YEAR).expect("system");
    let stressors = arrays.matrix("sat_F");
    let intensity = Matrix::from_fn(3, 35, |k, i| stressors[(k, i)] * system.inverse_output()[i]);
    assert_close("sat_S", intensity.as_slice(), arrays.matrix("sat_S").as_slice(), TOLERANCE);
    let multipliers = intensity.times(system.leontief());
    assert_close("sat_M", multipliers.as_slice(), arrays.matrix("sat_M").as_slice(), TOLERANCE);
    // Downstream intensity S (G − I)', with G = x̂⁻¹ L x̂.
    let (x, inverse) = (system.output(), system.inverse_output());
    let ghosh = |i: usize, j: usize| system.leontief()[(i, j)] * x[j] * inverse[i] - f64::from(u8::from(i == j));
    let down = Matrix::from_fn(3, 35, |k, i| (0..35).map(|j| intensity[(k, j)] * ghosh(i, j)).sum());
    assert_close("sat_M_down", down.as_slice(), arrays.matrix("sat_M_down").as_slice(), TOLERANCE);

    let labels = world.classification();
    let mut found = [(); 4].map(|()| Matrix::zeros(3, 5));
    for k in 0..3 {
        for r in 0..5 {
            let home: Vec<usize> = labels.industries_of(r).collect();
            let finals: Vec<usize> = labels.final_columns_of(r).collect();
            let account = Account::of(&system, stressors.row(k), &home, &finals);
            let values = [account.consumption, account.production, account.imports, account.exports];
            found.iter_mut().zip(values).for_each(|(matrix, value)| matrix[(k, r)] = value);
        }
    }
    for (name, found) in ["sat_D_cba_reg", "sat_D_pba_reg", "sat_D_imp_reg", "sat_D_exp_reg"].iter().zip(found) {
        assert_close(name, found.as_slice(), arrays.matrix(name).as_slice(), TOLERANCE);
    }
    // What the world consumes is what it produces.
    let total: f64 = arrays.matrix("sat_D_cba_reg").row(0).iter().sum();
    assert_close("world account", &[dot(stressors.row(0), &vec![1.0; 35])], &[total], 1e-12);
}

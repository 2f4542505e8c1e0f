//! Trade equilibrium against Caliendo & Parro (2015): their data, their Table 2, and another implementation's results at 1e-10.

mod nafta;

use nafta::Nafta;
use zili_shock::equilibrium::economy::{Deficits, Economy, Shock};
use zili_shock::equilibrium::solve::{Closure, Equilibrium, solve};
use zili_shock::equilibrium::tariffs;
use zili_shock::equilibrium::welfare::{Welfare, welfare};

const CLOSURE: Closure = Closure { deficits: Deficits::Held, tolerance: 1e-12 };

/// Baseline with deficits closed, the shock of the agreement's tariffs, and what follows.
fn solved() -> Option<(Nafta, Economy, Shock, Equilibrium)> {
    let nafta = Nafta::beside()?;
    let base = nafta.economy.closed(CLOSURE.tolerance).expect("closed");
    let shock = Shock { tariffs: nafta.after.clone(), ..base.unchanged() };
    let after = solve(&base, &shock, CLOSURE).expect("solved");
    Some((nafta, base, shock, after))
}

fn of<'a>(nafta: &Nafta, all: &'a [Welfare], region: &str) -> &'a Welfare {
    &all[nafta.regions.iter().position(|name| name == region).expect("a region")]
}

#[test]
fn caliendo_parro_2015_table_2() {
    let Some((nafta, base, shock, after)) = solved() else { return };
    let all = welfare(&base, &after, &shock.tariffs);
    for (region, total, terms, volume, wage, exact) in [
        ("Mexico", 1.31, -0.41, 1.72, 1.72, 0.0073),
        ("Canada", -0.06, -0.11, 0.04, 0.32, -0.1101),
        // The incomes and prices of the package give 0.07415 (the next test); 0.0742 is said of it elsewhere.
        ("USA", 0.08, 0.04, 0.04, 0.11, 0.0741),
    ] {
        let found = of(&nafta, &all, region);
        let linear = [found.linear(), found.terms_of_trade, found.volume_of_trade, found.real_wage];
        for (value, printed) in linear.iter().zip([total, terms, volume, wage]) {
            // Per cent, printed with two digits.
            assert!((100.0 * value - printed).abs() < 0.005 + 1e-9, "{region}: {linear:?}");
        }
        assert!((100.0 * found.exact - exact).abs() < 0.00005 + 1e-9, "{region}: {}", found.exact);
    }
}

#[test]
fn hats_equal_those_of_the_package_cp2015() {
    let Some((nafta, base, shock, after)) = solved() else { return };
    let sectors = base.sectors;
    let cell = |row: &csv::StringRecord| nafta.region(&row[0]) * sectors + nafta.sector(&row[1]);
    let number = |text: &str| text.trim().parse::<f64>().expect("a number");
    // Both were solved to 1e-10 in wages.
    let close = |what: &str, found: f64, known: f64| {
        assert!((found - known).abs() <= 1e-8 * known.abs().max(1.0), "{what}: {found} {known}");
    };
    for row in nafta.table("result_zeroD_w_n_hat") {
        close("wage", after.wages[nafta.region(&row[0])].exp(), number(&row[1]));
    }
    for row in nafta.table("result_zeroD_P_nj_hat") {
        close("price", after.prices[0][cell(&row)].exp(), number(&row[2]));
    }
    for row in nafta.table("result_zeroD_c_nj_hat") {
        close("cost", after.costs[cell(&row)].exp(), number(&row[2]));
    }
    for row in nafta.table("result_zeroD_X_nj") {
        let (before, known) = (number(&row[2]), number(&row[3]));
        close("spending before", base.spending[0][cell(&row)], before);
        close("spending", after.spending[0][cell(&row)], known);
    }
    for row in nafta.table("result_zeroD_I_n") {
        let n = nafta.region(&row[0]);
        close("income before", base.incomes()[n], number(&row[1]));
        close("income", after.incomes[n], number(&row[2]));
    }
    let all = welfare(&base, &after, &shock.tariffs);
    for row in nafta.table("result_zeroD_welfare") {
        let found = &all[nafta.region(&row[0])];
        // In per cent there.
        let of = [found.terms_of_trade, found.volume_of_trade, found.linear(), found.real_wage];
        for (value, at) in of.iter().zip([1, 2, 4, 5]) {
            close("welfare", 100.0 * value, number(&row[at]));
        }
    }
    let prices = nafta.table("result_zeroD_P_n_hat");
    for (row, price) in nafta.table("result_zeroD_I_n").iter().zip(&prices) {
        assert_eq!(row[0], price[0]);
        let exact = number(&row[2]) / number(&row[1]) / number(&price[1]) - 1.0;
        close("exact", all[nafta.region(&row[0])].exact, exact);
    }
}

/// Linear terms summed over K steps of the tariffs come nearer to the exact measure as 1/K.
#[test]
fn the_path_sum_of_the_linear_measure_converges_to_the_exact_one() {
    let Some((nafta, base, shock, after)) = solved() else { return };
    let exact: Vec<f64> = welfare(&base, &after, &shock.tariffs).iter().map(|w| w.exact.ln_1p()).collect();
    let errors = [8, 16, 32].map(|steps| {
        let mut sums = vec![0.0; base.regions];
        let mut at = base.clone();
        for k in 1..=steps {
            let part = f64::from(k) / f64::from(steps);
            let between = |(from, to): (&f64, &f64)| from * (to / from).powf(part);
            let tariffs: Vec<f64> = base.tariffs.iter().zip(&shock.tariffs).map(between).collect();
            let step = Shock { tariffs: tariffs.clone(), ..at.unchanged() };
            let found = solve(&at, &step, CLOSURE).expect("solved");
            sums.iter_mut().zip(welfare(&at, &found, &tariffs)).for_each(|(sum, w)| *sum += w.linear());
            at = at.at(&found, &tariffs);
        }
        let mexico = nafta.region("Mexico");
        (sums[mexico] - exact[mexico]).abs()
    });
    // Halved with each doubling, give or take the next order.
    for pair in errors.windows(2) {
        assert!((pair[0] / pair[1] - 2.0).abs() < 0.25, "{errors:?}");
    }
}

/// The method as a user meets it gives the same numbers, and its own path sum comes to the exact measure.
#[test]
fn the_method_gives_table_2_and_its_path_sum() {
    let Some(nafta) = Nafta::beside() else { return };
    let ask = |set: &[(&str, &str)]| {
        let options = zili_world::Options::parse(&tariffs::METHOD, set.iter().copied()).expect("options");
        tariffs::run(&nafta.data, &options).expect("solved")
    };
    let at = |found: &zili_world::Finding, column: &str| {
        let (region, column) = (found.column("region").expect("a column"), found.column(column).expect("a column"));
        let row = found.rows.iter().find(|row| row[region].text() == "Mexico").expect("a row");
        row[column].number().expect("a number")
    };
    let (once, many) = (ask(&[]), ask(&[("steps", "64")]));
    assert!(
        (100.0 * at(&once, "linear") - 1.31).abs() < 0.005 && (100.0 * at(&once, "real_income") - 0.0073).abs() < 5e-5
    );
    // At 1/64 of the distance, give or take the next order.
    let (far, near) = (at(&once, "linear") - at(&once, "real_income"), at(&many, "linear") - at(&many, "real_income"));
    assert!(near > 0.0 && near < 1.2 * far / 64.0, "{far} {near}");
    // Deficits held change the answer, and sectors are told apart.
    let held = ask(&[("deficits", "held"), ("detail", "sectors")]);
    assert!(held.rows.len() == 31 * 41 && (at(&held, "real_income") - at(&once, "real_income")).abs() > 1e-6);
}

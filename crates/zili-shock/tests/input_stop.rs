//! The stop of one input against published and evaluated numbers.

use zili_shock::input_stop::Stop;
use zili_testkit::oracle;

/// Energy of 4 % down by a tenth, gas of 1 % down by 30 %.
#[test]
fn bachmann_et_al_2024_simple_model() {
    for (alpha, drop, sigma, loss) in [
        (0.04, 0.1, 0.04, 1.5686),
        (0.04, 0.1, 0.1, 0.6791),
        (0.04, 0.1, 1.0, 0.4206),
        (0.04, 0.1, 0.0, 10.0),
        (0.01, 0.3, 0.1, 2.343),
    ] {
        let found = 100.0 * Stop::of(alpha, drop, sigma).loss;
        // Printed with four digits.
        assert!((found - loss).abs() < 0.0005, "{alpha} {drop} {sigma}: {found} {loss}");
    }
    assert!((Stop::of(0.04, 0.1, 0.04).share - 0.3431).abs() < 5e-5);
}

#[test]
fn closed_forms_evaluated_elsewhere() {
    let Some(path) = oracle::beside("oracles/closed-forms/closed_forms.json") else { return };
    let all: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("it is there")).expect("JSON");
    let mut seen = 0;
    for (name, known) in all["bachmann_simple"].as_object().expect("cases") {
        let (alpha, drop) = if name.starts_with("energy10pct_alpha.04") { (0.04, 0.1) } else { (0.01, 0.3) };
        let sigma: f64 = name.split("sigma").nth(1).expect("a sigma").parse().expect("a number");
        let found = Stop::of(alpha, drop, sigma);
        let pairs = [("dY", -found.loss), ("share", found.share), ("pE", found.price), ("pX", found.price_of_rest)];
        for (key, value) in pairs {
            if let Some(known) = known[key].as_f64() {
                // Powers of up to 50: some digits of 16 are gone in either.
                assert!((value - known).abs() < 1e-9 * known.abs().max(1.0), "{name} {key}: {value} {known}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn limits_are_right() {
    assert_eq!(Stop::of(0.1, 0.0, 0.1).loss, 0.0);
    assert_eq!(Stop::of(0.0, 1.0, 0.1).loss, 0.0);
    assert_eq!(Stop::of(0.1, 1.0, 0.5).loss, 1.0, "what cannot be done without");
    // With σ above 1 one can: Y = (1 − α)^(1/(σ−1)) at σ = 2, ρ = ½.
    assert!((Stop::of(0.1, 1.0, 2.0).loss - (1.0 - 0.9f64.powi(2))).abs() < 1e-12);
    // Continuous at 1, and no overflow at the smallest σ.
    assert!((Stop::of(0.1, 0.5, 1.0 + 1e-9).loss - Stop::of(0.1, 0.5, 1.0).loss).abs() < 1e-8);
    assert!((Stop::of(0.1, 0.5, 1e-4).loss - 0.5).abs() < 1e-3);
    // The easier, the less.
    let losses: Vec<f64> = [0.02, 0.1, 0.5, 1.0, 2.0].iter().map(|&sigma| Stop::of(0.05, 0.4, sigma).loss).collect();
    assert!(losses.is_sorted_by(|a, b| a > b), "{losses:?}");
}

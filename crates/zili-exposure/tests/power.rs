//! Geoeconomic power: closed forms (Clayton, Maggiori & Schreger).

use proptest::prelude::*;
use zili_exposure::power::power;

/// One sector, σ = 2: −ln(1 − ω), to the digits of the reference, two of which happen to be constants.
#[allow(clippy::approx_constant)]
#[test]
fn one_sector_convexity() {
    let reference = [
        (0.1, 0.10536051565782628),
        (0.3, 0.35667494393873245),
        (0.5, 0.6931471805599453),
        (0.7, 1.203972804325936),
        (0.9, 2.302585092994046),
        (0.99, 4.605170185988091),
    ];
    for (share, expected) in reference {
        for rho in [0.5, 1.0, 2.0] {
            // With one sector ρ does not matter; 1e-13 is rounding.
            assert!((power(&[1.0], &[share], 2.0, rho) - expected).abs() < 1e-13, "{share}, ρ = {rho}");
        }
    }
}

proptest! {
    #[test]
    fn rho_one_is_the_limit(w in 0.05..0.95f64, a in 0.0..0.9f64, b in 0.0..0.9f64, sigma in 1.5..8.0f64) {
        let (weights, shares) = ([w, 1.0 - w], [a, b]);
        let at = power(&weights, &shares, sigma, 1.0);
        for rho in [1.0 - 1e-5, 1.0 + 1e-5] {
            // The formula is smooth in ρ: a step of 1e-5 moves it by its order.
            prop_assert!((power(&weights, &shares, sigma, rho) - at).abs() <= 1e-4 * (1.0 + at * at));
        }
    }

    #[test]
    fn a_coalition_has_at_least_the_power_of_its_parts(w in 0.05..0.95f64, a in 0.0..0.45f64, b in 0.0..0.45f64, c in 0.0..0.45f64, d in 0.0..0.45f64, rho in 1.0..3.0f64) {
        let weights = [w, 1.0 - w];
        // σ ≥ ρ, as the method assumes: sectors are worse substitutes for each other than origins within one.
        let sigma = rho + 1.5;
        let joint = power(&weights, &[a + c, b + d], sigma, rho);
        let apart = power(&weights, &[a, b], sigma, rho) + power(&weights, &[c, d], sigma, rho);
        prop_assert!(joint >= apart - 1e-12, "{joint} against {apart}");
    }

    #[test]
    fn nobody_without_a_share_has_power(w in 0.0..1.0f64, sigma in 1.1..9.0f64, rho in 0.2..5.0f64) {
        prop_assert!(power(&[w, 1.0 - w], &[0.0, 0.0], sigma, rho).abs() < 1e-12);
    }
}

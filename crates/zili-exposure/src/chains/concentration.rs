//! Concentration of shares that are known in part: what it is at least and at most.

use zili_world::chain::{Holding, Shares};

/// Σ s² of regions' shares. At least: as even as the intervals allow, what is held elsewhere being in countless hands.
/// At most: as uneven as they allow, what is held elsewhere being in one.
pub(crate) fn hhi(shares: &Shares) -> Holding {
    let low = evenest(shares).iter().map(|s| s * s).sum();
    let mut parts: Vec<Holding> = shares.regions.iter().map(|(_, holding)| *holding).collect();
    parts.push(shares.elsewhere);
    Holding { low, high: unevenest(&parts).max(low) }
}

/// Least and most regions that together hold a share; no most if those that are named need not suffice.
pub(crate) fn needed_for(shares: &Shares, target: f64) -> (usize, Option<usize>) {
    let reaches = |sums: Vec<f64>| sums.iter().position(|sum| *sum >= target - 1e-9).map(|k| k + 1);
    let mut highs: Vec<f64> = shares.regions.iter().map(|(_, holding)| holding.high).collect();
    highs.push(shares.elsewhere.high);
    (reaches(sums(highs)).unwrap_or(1), reaches(sums(evenest(shares))))
}

/// Sums of the largest, of the two largest, and so on.
fn sums(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(|a, b| b.total_cmp(a));
    values
        .iter()
        .scan(0.0, |sum, v| {
            *sum += v;
            Some(*sum)
        })
        .collect()
}

/// Shares of the regions as even as their intervals allow, with as much elsewhere as may be: every one at one level, or at the bound
/// that keeps it from there.
fn evenest(shares: &Shares) -> Vec<f64> {
    let parts: Vec<Holding> = shares.regions.iter().map(|(_, holding)| *holding).collect();
    let least: f64 = parts.iter().map(|part| part.low).sum();
    let wanted = (1.0 - shares.elsewhere.high).max(least);
    let at = |level: f64| -> Vec<f64> { parts.iter().map(|part| level.clamp(part.low, part.high)).collect() };
    let (mut low, mut high) = (0.0f64, 1.0f64);
    // Halved until nothing is left between.
    for _ in 0..60 {
        let level = 0.5 * (low + high);
        if at(level).iter().sum::<f64>() < wanted { low = level } else { high = level }
    }
    at(high)
}

/// Parts in doubt up to which every corner is looked at.
const CORNERS: usize = 14;

/// The largest Σ s² of parts within their intervals that make up 1: at a corner, where all but one are at a bound.
fn unevenest(parts: &[Holding]) -> f64 {
    let fixed: f64 = parts.iter().filter(|part| part.is_known()).map(|part| part.low * part.low).sum();
    let open: Vec<Holding> = parts.iter().filter(|part| !part.is_known()).copied().collect();
    let left = 1.0 - parts.iter().filter(|part| part.is_known()).map(|part| part.low).sum::<f64>();
    if open.len() > CORNERS {
        // A bound from above: no part counts for more than its most.
        let mut by_most = open.clone();
        by_most.sort_by(|a, b| b.high.total_cmp(&a.high));
        let mut rest = left - open.iter().map(|part| part.low).sum::<f64>();
        let each = by_most.iter().map(|part| {
            let more = rest.clamp(0.0, part.high - part.low);
            rest -= more;
            part.high * (part.low + more)
        });
        return fixed + each.sum::<f64>();
    }
    let mut best: f64 = 0.0;
    for free in 0..open.len() {
        for corner in 0..1usize << open.len() {
            if corner >> free & 1 == 1 {
                continue;
            }
            let bound = |k: usize| if corner >> k & 1 == 1 { open[k].high } else { open[k].low };
            let (mut sum, mut squares) = (0.0, 0.0);
            for k in (0..open.len()).filter(|k| *k != free) {
                sum += bound(k);
                squares += bound(k) * bound(k);
            }
            let rest = left - sum;
            if rest >= open[free].low - 1e-9 && rest <= open[free].high + 1e-9 {
                best = best.max(squares + rest * rest);
            }
        }
    }
    fixed + best
}

//! The production network against the plain way of solving it, in one run: results compared first, then the ratio.
//!
//!     cargo run --release -p zili-bench --bin network [-- plain]
//!
//! The EU buying from Russia at 2.5 times the cost in 2008, 41 regions × 35 sectors, each industry with a factor of its own. `plain` runs the
//! peer too, which takes minutes: the shock in ten even parts, a new Jacobian in each round, steps halved until gaps close.

use std::time::Instant;
use zili_shock::network::economy::{Elasticities, Network, Shock};
use zili_shock::network::jacobian::jacobian;
use zili_shock::network::solve::solve;
use zili_shock::network::state::{Stage, State, largest};
use zili_world::{Matrix, World, elasticities};

const TOLERANCE: f64 = 1e-9;
const EU: &str =
    "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE";

fn main() {
    println!("load {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    let world = World::bundled("wiod2013").expect("bundled");
    let table = world.table(2008).expect("a table");
    let classification = &table.classification;
    let theta =
        elasticities::Elasticities::named("CostinotRodriguezClare2014").and_then(|file| file.of(classification));
    let elasticities = Elasticities { sigma: 0.9, eta: 0.05, epsilon: 0.05, theta: theta.expect("elasticities") };
    let place = |code: &str| classification.region(code).expect("a region");
    let (eu, russia): (Vec<usize>, usize) = (EU.split(' ').map(place).collect(), place("RUS"));
    for mobile in [true, false] {
        let (network, _) = Network::of_table(&table, mobile).expect("a network");
        let sectors = network.sectors;
        let left = || {
            Matrix::from_fn(network.regions, network.sales.len(), |n, j| {
                match eu.contains(&n) && j / sectors == russia {
                    true => 2.5_f64.powf(-elasticities.theta[j % sectors]),
                    false => 1.0,
                }
            })
        };
        let shock = Shock { left: [left(), left()], productivity: vec![0.0; network.sales.len()] };
        let begun = Instant::now();
        let found = solve(&network, &elasticities, &shock, TOLERANCE, None, &zili_world::Unwatched).expect("solved");
        let own = begun.elapsed().as_secs_f64();
        let germany = |state: &State| {
            let of = place("DEU");
            state.spending[of] / network.spending[of] / state.consumer_prices[of].exp() - 1.0
        };
        println!(
            "{} factors: {own:.2} s, {} rounds, {} Jacobians, Germany {:.4} %",
            network.factors.len(),
            found.rounds,
            found.jacobians,
            100.0 * germany(&found.state)
        );
        if std::env::args().any(|word| word == "plain") {
            let begun = Instant::now();
            let (state, jacobians) = plain(&network, &elasticities, &shock);
            let peer = begun.elapsed().as_secs_f64();
            let apart = (germany(&state) - germany(&found.state)).abs();
            assert!(apart < 1e-8, "the two differ by {apart:e}");
            println!(
                "  plain: {peer:.1} s, {jacobians} Jacobians; equal to {apart:.0e}; {:.1} times as long",
                peer / own
            );
        }
    }
}

/// Newton with a new Jacobian in each round along an even path.
fn plain(network: &Network, elasticities: &Elasticities, shock: &Shock) -> (State, usize) {
    const PARTS: usize = 10;
    let mut state = Stage::before(network);
    let mut jacobians = 0;
    for k in 1..=PARTS {
        let part = if k == PARTS { shock.clone() } else { shock.part(k as f64 / PARTS as f64) };
        let stage = Stage::new(network, elasticities, &part);
        state = stage.at(state.wages.clone(), &state).expect("prices");
        let mut gaps = stage.gaps(&state);
        while largest(&gaps) >= TOLERANCE {
            let lu = jacobian(network, elasticities, &state).expect("regular");
            jacobians += 1;
            let step = lu.solve_vector(gaps.iter().map(|gap| -gap).collect());
            let norm = |gaps: &[f64]| gaps.iter().map(|gap| gap * gap).sum::<f64>();
            let halved = (0..30).find_map(|k| {
                let part = 0.5_f64.powi(k);
                let wages = state.wages.iter().zip(&step).map(|(wage, step)| wage + part * step).collect();
                let next = stage.at(wages, &state)?;
                let left = stage.gaps(&next);
                (norm(&left) < norm(&gaps)).then_some((next, left))
            });
            (state, gaps) = halved.expect("a step that closes gaps");
        }
    }
    (state, jacobians)
}

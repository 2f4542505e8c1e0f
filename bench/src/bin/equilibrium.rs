//! zili's half of `trade_equilibrium.py`: the counterfactual of Caliendo & Parro (2015), a world of 41 regions and 35 sectors, and a thousand
//! counterfactuals for a band.
//!
//! `equilibrium FOLDER OUT TOLERANCE`; FOLDER in the layout of their data, OUT a csv of hats.

#[path = "../../../crates/zili-shock/tests/nafta/mod.rs"]
#[allow(dead_code)]
mod nafta;

use nafta::Nafta;
use rayon::prelude::*;
use serde_json::json;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;
use zili_bench::best_of;
use zili_shock::equilibrium::calibrate::calibrate;
use zili_shock::equilibrium::economy::{Deficits, Economy, Shock};
use zili_shock::equilibrium::solve::{Closure, Equilibrium, solve};
use zili_world::elasticities::Elasticities;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, out, tolerance] = words.as_slice() else { panic!("FOLDER OUT TOLERANCE") };
    let tolerance = tolerance.parse().expect("a number");
    let closure = Closure { deficits: Deficits::Held, tolerance };
    let nafta = Nafta::read(Path::new(folder));
    let (closing, base) = best_of(5, || nafta.economy.closed(tolerance).expect("closed"));
    let shock = Shock { tariffs: nafta.after.clone(), ..base.unchanged() };
    let (counterfactual, after) = best_of(5, || solve(&base, &shock, closure).expect("solved"));
    std::fs::write(out, hats(&nafta, &base, &after)).expect("written");

    let world = zili_world::World::bundled("wiod2013").expect("bundled");
    let table = world.table(2011).expect("a table");
    let theta = Elasticities::named("CostinotRodriguezClare2014").and_then(|file| file.of(world.classification()));
    let theta = theta.expect("elasticities");
    let economy = calibrate(&table, theta, false, tolerance).expect("calibrated").economy;
    let cut = halved(&economy);
    let (wide, found) = best_of(5, || solve(&economy, &cut, closure).expect("solved"));

    // Elasticities between half and twice of what they are, by a sequence that fills evenly.
    let begun = Instant::now();
    let draws = (0..1000_u32).into_par_iter().map(|draw| {
        let factor = 0.5 * 4f64.powf((f64::from(draw) * 0.618_033_988_749_894_9).fract());
        let elasticity = economy.elasticity.iter().map(|theta| theta * factor).collect();
        let economy = Economy { elasticity, ..economy.clone() };
        solve(&economy, &halved(&economy), Closure { tolerance: 1e-8, ..closure }).expect("solved").wages[0]
    });
    let band: Vec<f64> = draws.collect();
    let thousand = begun.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({"closing deficits": closing, "counterfactual": counterfactual, "rounds": after.rounds,
               "41 x 35": wide, "41 x 35 rounds": found.rounds, "a thousand of 41 x 35": thousand,
               "draws": band.len(), "threads": rayon::current_num_threads()})
    );
}

/// Every flow between two regions halved at unchanged prices.
fn halved(economy: &Economy) -> Shock {
    let mut shock = economy.unchanged();
    for left in &mut shock.left {
        for (at, left) in left.iter_mut().enumerate() {
            *left = if at / economy.regions % economy.regions == at % economy.regions { 1.0 } else { 0.5 };
        }
    }
    shock
}

fn hats(nafta: &Nafta, base: &Economy, after: &Equilibrium) -> String {
    let mut text = "region,sector,w_hat,P_hat,c_hat,X\n".to_owned();
    for (n, region) in nafta.regions.iter().enumerate() {
        for (j, sector) in nafta.sectors.iter().enumerate() {
            let at = n * base.sectors + j;
            let hats = [after.wages[n], after.prices[0][at], after.costs[at]].map(f64::exp);
            writeln!(text, "{region},{sector},{:?},{:?},{:?},{:?}", hats[0], hats[1], hats[2], after.spending[0][at])
                .expect("text takes it");
        }
    }
    text
}

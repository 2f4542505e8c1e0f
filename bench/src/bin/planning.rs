//! Robust plans against plain column-and-constraint generation with cold starts, in one run: results compared first, then the ratio.
//!
//!     cargo run --release -p zili-bench --bin planning [-- plain]
//!
//! The references stand beside the project and are skipped where they are not. `plain` runs the peer too, which takes minutes. Both use the
//! same solver, one thread, and the same machine in the same run; its load is printed, since times under load mean little.

#[path = "../../../crates/zili-plan/tests/reference/mod.rs"]
#[allow(dead_code)]
mod reference;

use std::time::{Duration, Instant};
use zili_plan::portfolio::instance::{Adversary, Instance, Outcome};
use zili_plan::portfolio::master::Against;
use zili_plan::portfolio::program::{Column, Effort, Program};
use zili_plan::portfolio::search::{Found, Search};
use zili_testkit::oracle;
use zili_world::{Stop, Watch};

fn main() {
    println!("load {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    let plain_too = std::env::args().any(|word| word == "plain");
    if let Some(path) = oracle::beside("oracles/plan/mid.json") {
        let (instance, adversary, _) = reference::read(&std::fs::read_to_string(path).expect("it is there"));
        let (found, seconds) = robust(&instance, &adversary, 1e-9, 600);
        show("mid, robust", &found, seconds);
        calm("mid, nothing denied", &instance);
        if plain_too {
            let begun = Instant::now();
            let (cost, rounds) = plain(&instance, &adversary);
            let peer = begun.elapsed().as_secs_f64();
            let same = (cost - found.cost).abs() <= 1e-6 * cost;
            println!("mid, plain column-and-constraint generation: {cost:.4} after {rounds} rounds, {peer:.1} s");
            println!("results {}; ratio {:.1}", if same { "equal to 1e-6" } else { "DIFFER" }, peer / seconds);
        }
    }
    for seed in 1..=3 {
        let (instance, adversary) = generated(60, 20, 24, 8, seed);
        let (found, seconds) = robust(&instance, &adversary, 0.05, 600);
        show(&format!("60 programmes × 20 inputs × 24 years × 8 suppliers, seed {seed}, gap 5 %"), &found, seconds);
        let (found, seconds) = robust(&instance, &adversary, 1e-4, 120);
        show("  the same, gap 0.01 % or two minutes", &found, seconds);
        calm("  nothing denied", &instance);
    }
}

/// A deadline, which the planners themselves know nothing of.
struct Until(Instant);

impl Watch for Until {
    fn stop(&self) -> Option<Stop> {
        (Instant::now() >= self.0).then_some(Stop::Deadline)
    }
}

fn robust(instance: &Instance, adversary: &Adversary, gap: f64, seconds: u64) -> (Found, f64) {
    let begun = Instant::now();
    let watch = Until(begun + Duration::from_secs(seconds));
    let effort = Effort::new(u64::MAX, gap, &watch);
    let answer = Search::new(instance, Against::Adversary(adversary)).best(&[], &effort, None, &|_, _| {});
    let found = answer.expect("the solver takes it").found().expect("nothing started is a plan");
    (found, begun.elapsed().as_secs_f64())
}

fn calm(what: &str, instance: &Instance) {
    let nothing = [Outcome { probability: 1.0, ..Outcome::default() }];
    let begun = Instant::now();
    let effort = Effort::unlimited(1e-6);
    let answer = Search::new(instance, Against::Outcomes(&nothing)).best(&[], &effort, None, &|_, _| {});
    let found = answer.expect("the solver takes it").found().expect("nothing started is a plan");
    show(what, &found, begun.elapsed().as_secs_f64());
}

fn show(what: &str, found: &Found, seconds: f64) {
    let started = found.plan.starts.iter().filter(|start| start.is_some()).count();
    println!(
        "{what}: {:.4}, at least {:.4}, gap {:.3} %, {started} started, {} attacks, {} whole programmes, {seconds:.2} s",
        found.cost,
        found.bound,
        100.0 * found.gap(),
        found.attacks,
        found.rounds
    );
}

/// An instance of the references' kind, of any size.
fn generated(programmes: usize, inputs: usize, years: usize, suppliers: usize, seed: u64) -> (Instance, Adversary) {
    let mut draw = reference::Draw::new(seed);
    let scale = programmes as f64 / 30.0;
    let numbers = |n: usize, low: f64, high: f64, draw: &mut reference::Draw| {
        (0..n).map(|_| draw.between(low, high)).collect::<Vec<f64>>()
    };
    let wholes = |n: usize, low: usize, high: usize, draw: &mut reference::Draw| {
        (0..n).map(|_| low + draw.below(high + 1 - low)).collect::<Vec<usize>>()
    };
    let demand: Vec<Vec<f64>> = (0..inputs)
        .map(|_| {
            let first = draw.between(6.0, 12.0);
            (0..years).map(|t| first * 1.03f64.powi(t as i32)).collect()
        })
        .collect();
    let and: Vec<Vec<usize>> =
        (0..programmes).map(|p| if p > 0 && draw.below(5) < 2 { vec![draw.below(p)] } else { Vec::new() }).collect();
    let or: Vec<Vec<usize>> = (0..programmes)
        .map(|p| if p > 2 && draw.below(5) == 0 { vec![draw.below(p), draw.below(p)] } else { Vec::new() })
        .collect();
    let links: Vec<[usize; 2]> = (0..inputs).flat_map(|i| (0..suppliers).map(move |s| [i, s])).collect();
    let n = links.len();
    let instance = serde_json::json!({ "instance": {
        "P": programmes, "I": inputs, "T": years, "S": suppliers, "gamma": 8.0 * scale,
        "dur": wholes(programmes, 1, 4, &mut draw), "cost": numbers(programmes, 2.0, 9.0, &mut draw),
        "talent": numbers(programmes, 1.0, 4.0, &mut draw), "target": wholes(programmes, 0, inputs - 1, &mut draw),
        "cap": numbers(programmes, 2.0, 6.0, &mut draw), "budget": vec![24.8 * scale; years], "tal_lim": vec![18.0 * scale; years],
        "and": and, "or": or, "dem": demand, "k0": numbers(inputs, 1.4, 3.6, &mut draw), "links": links,
        "lcap": numbers(n, 12.0 / suppliers as f64, 36.0 / suppliers as f64, &mut draw), "lprice": numbers(n, 0.5, 2.0, &mut draw),
        "atk": numbers(n, 1.0, 3.0, &mut draw), "ta": years / 2, "voll": numbers(inputs, 20.0, 40.0, &mut draw),
        "stockcost": numbers(inputs, 0.8, 1.6, &mut draw), "dcost": numbers(inputs, 1.0, 2.3, &mut draw),
    }});
    let (instance, adversary, _) = reference::read(&instance.to_string());
    (instance, adversary)
}

/// Plain column-and-constraint generation: start-indexed choices, a whole copy of the recourse for every attack, the attack found as a dual
/// with products made linear, everything solved cold. Returns the optimum and the rounds.
fn plain(instance: &Instance, adversary: &Adversary) -> (f64, usize) {
    let exact = Effort::unlimited(1e-7);
    let mut attacks: Vec<Vec<bool>> = vec![vec![false; adversary.moves.len()]];
    let mut best = f64::INFINITY;
    for rounds in 1.. {
        let (master, starts, stocks) = plain_master(instance, adversary, &attacks);
        let solution = master.solve(&exact, None).expect("the solver takes it");
        let value = |column: &Column| solution.value(*column);
        let chosen: Vec<Vec<bool>> =
            starts.iter().map(|years| years.iter().map(|c| value(c) > 0.5).collect()).collect();
        let stock: Vec<f64> = stocks.iter().map(value).collect();
        let mut own = 0.0;
        let mut capacity: Vec<Vec<f64>> = instance.inputs.iter().map(|input| input.home.clone()).collect();
        for (programme, years) in instance.programmes.iter().zip(&chosen) {
            let mode = &programme.modes[0];
            for t in (0..years.len()).filter(|&t| years[t]) {
                own += mode.objective[t];
                for &(input, units) in &mode.delivers {
                    capacity[input].iter_mut().skip(t + mode.duration).for_each(|there| *there += units);
                }
            }
        }
        own +=
            instance.inputs.iter().zip(&stock).filter_map(|(i, w)| Some(i.reserve.as_ref()?.cost[0] * w)).sum::<f64>();
        let (harm, attack) = plain_attack(instance, adversary, &capacity, &stock, &exact);
        best = best.min(own + harm);
        println!("  round {rounds}: at least {:.4}, at most {best:.4}", solution.bound);
        if best - solution.bound <= 1e-6 * best || attacks.contains(&attack) {
            return (best, rounds);
        }
        attacks.push(attack);
    }
    unreachable!()
}

fn plain_master(
    instance: &Instance,
    adversary: &Adversary,
    attacks: &[Vec<bool>],
) -> (Program, Vec<Vec<Column>>, Vec<Column>) {
    let years = instance.years;
    let none = f64::NEG_INFINITY;
    let mut master = Program::default();
    let starts: Vec<Vec<Column>> = instance
        .programmes
        .iter()
        .map(|p| {
            let mode = &p.modes[0];
            let last = if mode.starts.0 <= mode.starts.1 { mode.starts.1 + 1 } else { 0 };
            (0..last).map(|t| master.choice(mode.objective[t])).collect()
        })
        .collect();
    let stocks: Vec<Column> = instance
        .inputs
        .iter()
        .map(|input| {
            input.reserve.as_ref().map_or(master.column(0.0, 0.0, 0.0), |r| master.column(r.cost[0], 0.0, r.most))
        })
        .collect();
    let worst = master.column(1.0, 0.0, f64::INFINITY);
    let ended = |q: usize, t: usize| {
        let duration = instance.programmes[q].modes[0].duration;
        starts[q].iter().take((t + 1).saturating_sub(duration)).map(|&c| (c, -1.0)).collect::<Vec<_>>()
    };
    for (p, programme) in instance.programmes.iter().enumerate() {
        master.row(none, 1.0, starts[p].iter().map(|&c| (c, 1.0)));
        for (t, &start) in starts[p].iter().enumerate() {
            for clause in &programme.clauses {
                master.row(none, 0.0, clause.iter().flat_map(|&q| ended(q, t)).chain([(start, 1.0)]));
            }
        }
    }
    for (r, resource) in instance.resources.iter().enumerate() {
        for t in 0..years {
            let mut terms = Vec::new();
            for (p, programme) in instance.programmes.iter().enumerate() {
                for used in programme.modes[0].uses.iter().filter(|used| used.resource == r && used.offset <= t) {
                    terms.extend(starts[p].get(t - used.offset).map(|&c| (c, used.amount)));
                }
            }
            master.row(none, resource.limit[t], terms);
        }
    }
    for attack in attacks {
        let mut cost = vec![(worst, 1.0)];
        for (i, input) in instance.inputs.iter().enumerate() {
            let mut released = Vec::new();
            for t in 0..years {
                let unmet = master.column(0.0, 0.0, f64::INFINITY);
                let home = master.column(0.0, 0.0, f64::INFINITY);
                cost.extend([(unmet, -input.penalty[t]), (home, -input.home_cost[t])]);
                let mut served = vec![(unmet, 1.0), (home, 1.0)];
                for (j, link) in input.links.iter().enumerate() {
                    let hit = adversary.moves.iter().zip(attack).any(|(m, on)| {
                        *on && m.cuts.iter().any(|c| c.input == i && c.link == j && (c.from..c.until).contains(&t))
                    });
                    let bought = master.column(0.0, 0.0, if hit { 0.0 } else { link.capacity[t] });
                    cost.push((bought, -link.price[t]));
                    served.push((bought, 1.0));
                }
                if t >= input.calm {
                    let drawn = master.column(0.0, 0.0, f64::INFINITY);
                    served.push((drawn, 1.0));
                    released.push((drawn, 1.0));
                }
                master.row(input.demand[t], f64::INFINITY, served);
                let mut limit = vec![(home, 1.0)];
                for (p, programme) in instance.programmes.iter().enumerate() {
                    let mode = &programme.modes[0];
                    for &(_, units) in mode.delivers.iter().filter(|(to, _)| *to == i) {
                        limit
                            .extend(starts[p].iter().take((t + 1).saturating_sub(mode.duration)).map(|&c| (c, -units)));
                    }
                }
                master.row(none, input.home[t], limit);
            }
            master.row(none, 0.0, released.into_iter().chain([(stocks[i], -1.0)]));
        }
        master.row(0.0, f64::INFINITY, cost);
    }
    (master, starts, stocks)
}

/// The dual of the recourse with the attack as choices: max Σ demand α − K β − capacity (γ − δ) − w σ, δ ≤ γ, δ ≤ penalty h.
fn plain_attack(
    instance: &Instance,
    adversary: &Adversary,
    capacity: &[Vec<f64>],
    stock: &[f64],
    effort: &Effort,
) -> (f64, Vec<bool>) {
    let none = f64::NEG_INFINITY;
    let mut dual = Program::default();
    let moves: Vec<Column> = adversary.moves.iter().map(|_| dual.choice(0.0)).collect();
    dual.row(none, adversary.budget, moves.iter().zip(&adversary.moves).map(|(&c, m)| (c, m.cost)));
    for (i, input) in instance.inputs.iter().enumerate() {
        let sigma = dual.column(stock[i], 0.0, f64::INFINITY);
        for (t, &capacity) in capacity[i].iter().enumerate() {
            let alpha = dual.column(-input.demand[t], 0.0, input.penalty[t]);
            let beta = dual.column(capacity, 0.0, f64::INFINITY);
            dual.row(none, input.home_cost[t], [(alpha, 1.0), (beta, -1.0)]);
            if t >= input.calm {
                dual.row(none, 0.0, [(alpha, 1.0), (sigma, -1.0)]);
            }
            for (j, link) in input.links.iter().enumerate() {
                let gamma = dual.column(link.capacity[t], 0.0, f64::INFINITY);
                dual.row(none, link.price[t], [(alpha, 1.0), (gamma, -1.0)]);
                for (m, step) in adversary.moves.iter().enumerate() {
                    if step.cuts.iter().any(|c| c.input == i && c.link == j && (c.from..c.until).contains(&t)) {
                        let delta = dual.column(-link.capacity[t], 0.0, f64::INFINITY);
                        dual.row(none, 0.0, [(delta, 1.0), (gamma, -1.0)]);
                        dual.row(none, 0.0, [(delta, 1.0), (moves[m], -input.penalty[t])]);
                    }
                }
            }
        }
    }
    let solution = dual.solve(effort, None).expect("the solver takes it");
    (-solution.objective, moves.iter().map(|&c| solution.value(c) > 0.5).collect())
}

//! Reference instances of robust plans, as they are written beside the project.

use serde_json::Value;
use zili_plan::portfolio::evaluate;
use zili_plan::portfolio::instance::{
    Adversary, Cut, Input, Instance, Link, Mode, Move, Outcome, Plan, Programme, Reserve, Resource, Use,
};
use zili_plan::portfolio::program::{Effort, Program};

/// The instance, who attacks it, and the optimum that the file states.
pub fn read(text: &str) -> (Instance, Adversary, Option<f64>) {
    let file: Value = serde_json::from_str(text).expect("a reference is JSON");
    let of = &file["instance"];
    let whole = |value: &Value| value.as_u64().expect("a whole number") as usize;
    let number = |value: &Value| value.as_f64().expect("a number");
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let numbers = |value: &Value| list(value).iter().map(number).collect::<Vec<f64>>();
    let wholes = |value: &Value| list(value).iter().map(whole).collect::<Vec<usize>>();
    let years = whole(&of["T"]);
    let (duration, cost, talent) = (wholes(&of["dur"]), numbers(&of["cost"]), numbers(&of["talent"]));
    let (target, capacity) = (wholes(&of["target"]), numbers(&of["cap"]));

    let programme = |p: usize| {
        let d = duration[p];
        let uses = (0..d).flat_map(|offset| {
            [Use { resource: 0, offset, amount: cost[p] }, Use { resource: 1, offset, amount: talent[p] }]
        });
        // One that cannot end within the years cannot start.
        let starts = if d <= years { (0, years - d) } else { (1, 0) };
        let mode = Mode {
            duration: d,
            starts,
            objective: vec![cost[p] * d as f64; years],
            uses: uses.collect(),
            delivers: vec![(target[p], capacity[p])],
            success: 1.0,
            ..Mode::default()
        };
        let all = wholes(&of["and"][p]).into_iter().map(|q| vec![q]);
        let any = Some(wholes(&of["or"][p])).filter(|clause| !clause.is_empty());
        Programme {
            name: format!("p{p}"),
            modes: vec![mode],
            clauses: all.chain(any).collect(),
            ..Programme::default()
        }
    };
    let links: Vec<(usize, usize)> = list(&of["links"]).iter().map(|link| (whole(&link[0]), whole(&link[1]))).collect();
    let (link_capacity, price, attack) = (numbers(&of["lcap"]), numbers(&of["lprice"]), numbers(&of["atk"]));
    let from = whole(&of["ta"]);
    let (home, penalty) = (numbers(&of["k0"]), numbers(&of["voll"]));
    let (home_cost, stock) = (numbers(&of["dcost"]), numbers(&of["stockcost"]));

    let mut moves = Vec::new();
    let mut inputs: Vec<Input> = Vec::new();
    for i in 0..whole(&of["I"]) {
        let demand = numbers(&of["dem"][i]);
        let mut input = Input {
            name: format!("i{i}"),
            home: vec![home[i]; years],
            home_cost: vec![home_cost[i]; years],
            penalty: vec![penalty[i]; years],
            calm: from,
            // Bought in the last calm year: all are alike.
            reserve: Some(Reserve { initial: 0.0, most: 2.0 * demand[0], cost: vec![stock[i]], paid: None }),
            demand,
            ..Input::default()
        };
        for (j, _) in links.iter().enumerate().filter(|(_, link)| link.0 == i) {
            let cut = Cut { input: i, link: input.links.len(), severity: 1.0, from, until: years };
            moves.push(Move { name: format!("m{j}"), cost: attack[j], own_loss: 0.0, cuts: vec![cut] });
            input.links.push(Link {
                name: format!("s{}", links[j].1),
                capacity: vec![link_capacity[j]; years],
                price: vec![price[j]; years],
            });
        }
        inputs.push(input);
    }
    let resource = |name: &str, limit: Vec<f64>| Resource { name: name.into(), limit, carry: 0.0 };
    let instance = Instance {
        years,
        programmes: (0..whole(&of["P"])).map(programme).collect(),
        resources: vec![resource("budget", numbers(&of["budget"])), resource("talent", numbers(&of["tal_lim"]))],
        inputs,
        ..Instance::default()
    };
    let adversary = Adversary { budget: number(&of["gamma"]), own_loss: f64::INFINITY, moves };
    (instance, adversary, file["robust_optimum"].as_f64())
}

/// A small instance of its own: programmes cheap enough to be chosen, prerequisites, two levels with a carry-over, reserves.
pub fn random(seed: u64) -> (Instance, Adversary) {
    let mut draw = Draw(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66);
    let years = 4 + draw.below(2);
    let from = 1 + draw.below(2);
    let (programmes, inputs) = (3 + draw.below(3), 2);
    let programme = |p: usize, draw: &mut Draw| {
        let ways = 1 + draw.below(2);
        let target = draw.below(inputs);
        let mode = |draw: &mut Draw| {
            let duration = 1 + draw.below(2);
            let cost = draw.between(1.0, 6.0);
            let uses = (0..duration).flat_map(|offset| {
                [Use { resource: 0, offset, amount: cost }, Use { resource: 1, offset, amount: 1.0 + p as f64 * 0.3 }]
            });
            Mode {
                duration,
                starts: (0, years - duration),
                objective: (0..years).map(|t| cost * duration as f64 * 0.97f64.powi(t as i32)).collect(),
                spent: cost * duration as f64,
                uses: uses.collect(),
                delivers: vec![(target, draw.between(1.0, 4.0))],
                success: if draw.below(3) == 0 { 0.7 } else { 1.0 },
                ..Mode::default()
            }
        };
        let modes = (0..ways).map(|_| mode(draw)).collect();
        let clauses = match draw.below(3) {
            0 if p > 0 => vec![vec![draw.below(p)]],
            1 if p > 1 => vec![vec![draw.below(p), draw.below(p)]],
            _ => Vec::new(),
        };
        Programme { name: format!("p{p}"), modes, clauses, ..Programme::default() }
    };
    let programmes = (0..programmes).map(|p| programme(p, &mut draw)).collect();
    let mut moves = Vec::new();
    let inputs = (0..inputs).map(|i| {
        let demand: Vec<f64> = (0..years).map(|t| 6.0 + i as f64 + 0.3 * t as f64).collect();
        let links = (0..2).map(|j| {
            let cut =
                Cut { input: i, link: j, severity: if draw.below(2) == 0 { 1.0 } else { 0.6 }, from, until: years };
            moves.push(Move {
                name: format!("m{i}{j}"),
                cost: draw.between(1.0, 3.0),
                own_loss: draw.between(0.2, 1.0),
                cuts: vec![cut],
            });
            Link {
                name: format!("s{j}"),
                capacity: vec![draw.between(2.0, 6.0); years],
                price: vec![draw.between(0.5, 2.0); years],
            }
        });
        let links = links.collect();
        Input {
            name: format!("i{i}"),
            home: vec![draw.between(0.5, 2.0); years],
            home_cost: vec![draw.between(0.5, 2.5); years],
            penalty: vec![draw.between(8.0, 20.0); years],
            calm: from,
            reserve: Some(Reserve {
                initial: draw.between(0.0, 1.0),
                most: 4.0,
                cost: vec![draw.between(2.0, 6.0); from],
                paid: Some((0, 1.0)),
            }),
            depreciation: if i == 0 { 0.0 } else { 0.05 },
            links,
            demand,
            ..Input::default()
        }
    });
    let inputs = inputs.collect();
    let resources = vec![
        Resource { name: "money".into(), limit: vec![5.0; years], carry: 0.8 },
        Resource { name: "people".into(), limit: vec![3.5; years], carry: 0.0 },
    ];
    let instance = Instance { years, programmes, resources, inputs, ..Instance::default() };
    (instance, Adversary { budget: draw.between(2.0, 5.0), own_loss: f64::INFINITY, moves })
}

/// Numbers that look random and are the same everywhere.
pub(crate) struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        // Two decimals, as in the references.
        ((low + (high - low) * (self.next() >> 11) as f64 / (1u64 << 53) as f64) * 100.0).round() / 100.0
    }
}

/// Every way of starting every programme or not, kept if prerequisites, money and people allow; the least cost against the worst set of moves.
pub fn brute_force(instance: &Instance, adversary: &Adversary) -> f64 {
    let mut best = f64::INFINITY;
    let mut plan = Plan::nothing(instance);
    every_plan(instance, adversary, &mut plan, 0, &mut best);
    best
}

fn every_plan(instance: &Instance, adversary: &Adversary, plan: &mut Plan, p: usize, best: &mut f64) {
    if p == instance.programmes.len() {
        if allowed(instance, plan) {
            *best = best.min(plan.cost(instance) + worst(instance, adversary, plan));
        }
        return;
    }
    plan.starts[p] = None;
    every_plan(instance, adversary, plan, p + 1, best);
    for (m, mode) in instance.programmes[p].modes.iter().enumerate() {
        for year in mode.starts.0..=mode.starts.1 {
            plan.starts[p] = Some((m, year));
            every_plan(instance, adversary, plan, p + 1, best);
        }
    }
    plan.starts[p] = None;
}

fn allowed(instance: &Instance, plan: &Plan) -> bool {
    let ended = |q: usize, year: usize| {
        plan.starts[q].is_some_and(|(m, start)| start + instance.programmes[q].modes[m].duration <= year)
    };
    let needs = instance.programmes.iter().zip(&plan.starts).all(|(programme, start)| {
        start.is_none_or(|(_, year)| programme.clauses.iter().all(|clause| clause.iter().any(|&q| ended(q, year))))
    });
    let means = instance.resources.iter().enumerate().all(|(r, resource)| {
        let mut left = 0.0;
        (0..instance.years).all(|t| {
            let used: f64 = instance
                .programmes
                .iter()
                .zip(&plan.starts)
                .filter_map(|(programme, start)| {
                    let (m, year) = (*start)?;
                    let of_year =
                        programme.modes[m].uses.iter().filter(|used| used.resource == r && year + used.offset == t);
                    Some(of_year.map(|used| used.amount).sum::<f64>())
                })
                .sum();
            left = resource.limit[t] + resource.carry * left - used;
            left >= -1e-9
        })
    });
    needs && means
}

/// The worst of every affordable set of moves.
pub fn worst(instance: &Instance, adversary: &Adversary, plan: &Plan) -> f64 {
    let sets = (0..1usize << adversary.moves.len()).filter_map(|set| {
        let moves: Vec<&Move> =
            adversary.moves.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1).map(|(_, m)| m).collect();
        let (cost, own): (f64, f64) = (moves.iter().map(|m| m.cost).sum(), moves.iter().map(|m| m.own_loss).sum());
        let cuts: Vec<Cut> = moves.iter().flat_map(|m| m.cuts.clone()).collect();
        (cost <= adversary.budget + 1e-12 && own <= adversary.own_loss + 1e-12)
            .then(|| evaluate::after(instance, plan, &[], cuts.iter()))
    });
    sets.fold(f64::NEG_INFINITY, f64::max)
}

/// A plan that need not be allowed, with something in every reserve.
pub fn some_plan(instance: &Instance, seed: u64) -> Plan {
    let mut draw = Draw(seed);
    let mut plan = Plan::nothing(instance);
    for (start, programme) in plan.starts.iter_mut().zip(&instance.programmes) {
        let m = draw.below(programme.modes.len());
        let (first, last) = programme.modes[m].starts;
        *start = (draw.below(3) > 0).then(|| (m, first + draw.below(last - first + 1)));
    }
    plan.reserves.iter_mut().flatten().for_each(|units| *units = draw.between(0.0, 2.0));
    plan
}

/// What follows some cuts as one linear programme over all inputs and years, written from the equations.
pub fn recourse_by_solver<'a>(instance: &Instance, plan: &Plan, cuts: impl Iterator<Item = &'a Cut> + Clone) -> f64 {
    let mut program = Program::default();
    let (capacity, reserves) = (plan.capacity(instance, &[]), plan.reserves(instance));
    for (i, input) in instance.inputs.iter().enumerate() {
        let mut released = Vec::new();
        for (t, &capacity) in capacity[i].iter().enumerate() {
            let mut served = vec![
                (program.column(input.penalty[t], 0.0, f64::INFINITY), 1.0),
                (program.column(input.home_cost[t], 0.0, capacity), 1.0),
            ];
            for (j, link) in input.links.iter().enumerate() {
                let own =
                    cuts.clone().filter(|cut| cut.input == i && cut.link == j && (cut.from..cut.until).contains(&t));
                let denied = own.map(|cut| cut.severity).fold(0.0, f64::max);
                served.push((program.column(link.price[t], 0.0, link.capacity[t] * (1.0 - denied)), 1.0));
            }
            if t >= input.calm {
                let column = program.column(0.0, 0.0, f64::INFINITY);
                served.push((column, 1.0));
                released.push((column, 1.0));
            }
            program.row(input.demand[t], f64::INFINITY, served);
        }
        program.row(f64::NEG_INFINITY, reserves[i], released);
    }
    program.solve(&Effort::unlimited(0.0), None).expect("the solver takes it").objective
}

/// Some denials with probabilities that add up to 1.
pub fn outcomes(adversary: &Adversary, seed: u64) -> Vec<Outcome> {
    let mut draw = Draw(seed);
    let named = (0..4).map(|k| {
        let moves = adversary.moves.iter().filter(|_| draw.below(2) == 0);
        Outcome {
            name: format!("o{k}"),
            probability: 0.25,
            cuts: moves.flat_map(|m| m.cuts.clone()).collect(),
            luck: Vec::new(),
        }
    });
    named.collect()
}

/// The same with programmes, inputs and moves in the opposite order.
pub fn turned(instance: &Instance, adversary: &Adversary) -> (Instance, Adversary) {
    let (mut turned, mut against) = (instance.clone(), adversary.clone());
    let (last_programme, last_input) = (instance.programmes.len() - 1, instance.inputs.len() - 1);
    turned.programmes.reverse();
    turned.inputs.reverse();
    for programme in &mut turned.programmes {
        programme.clauses.iter_mut().flatten().for_each(|q| *q = last_programme - *q);
        programme
            .modes
            .iter_mut()
            .flat_map(|mode| &mut mode.delivers)
            .for_each(|(input, _)| *input = last_input - *input);
    }
    against.moves.reverse();
    against.moves.iter_mut().flat_map(|step| &mut step.cuts).for_each(|cut| cut.input = last_input - cut.input);
    (turned, against)
}

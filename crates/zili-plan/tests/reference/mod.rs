//! Reference instances of robust plans, as they are written beside the project.

use crate::portfolio::instance::{Adversary, Cut, Input, Instance, Link, Mode, Move, Programme, Reserve, Resource, Use};
use serde_json::Value;

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
        Programme { name: format!("p{p}"), modes: vec![mode], clauses: all.chain(any).collect(), ..Programme::default() }
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

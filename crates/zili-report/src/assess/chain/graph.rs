//! A chain as a layered graph: which column each input stands in, and what the page needs to draw it.

use super::super::layered::{Layout, Link};
use serde_json::{Value, json};
use zili_world::chain::{Chain, Kind};

/// Columns of inputs, and the stages that they belong to.
pub(in super::super) struct Plan {
    /// Column of each input.
    pub columns: Vec<usize>,
    /// Name, first and last column of every stage, from left to right; the product's own has no name.
    pub stages: Vec<(String, usize, usize)>,
}

/// Stages from left to right in the order of the chain; within one, an input stands one column before the first that it goes into.
///
/// An input that goes into an earlier stage than its own is drawn there, so that every line leads forward.
pub(in super::super) fn plan(chain: &Chain) -> (Plan, Vec<Link>) {
    let order = chain.in_order();
    let is_stage =
        |i: usize| chain.inputs[i].kind == Kind::Stage || chain.inputs.iter().any(|input| input.stage == Some(i));
    let stages: Vec<usize> = order.iter().copied().filter(|&i| i != chain.product && is_stage(i)).collect();
    let last = stages.len();
    let place = |stage: usize| stages.iter().position(|&s| s == stage).unwrap_or(last);
    let mut links = Vec::new();
    for (to, input) in chain.inputs.iter().enumerate() {
        links.extend(input.requires.iter().map(|&from| Link { from, to, class: 0 }));
        links.extend(input.variants.iter().map(|&from| Link { from, to, class: 1 }));
    }
    let users = |i: usize| links.iter().filter(move |link| link.from == i).map(|link| link.to);
    let mut group = vec![last; chain.inputs.len()];
    let mut depth = vec![0; chain.inputs.len()];
    // Users before what they need.
    for &i in order.iter().rev() {
        let own = match chain.inputs[i].stage {
            _ if i == chain.product => last,
            Some(stage) => place(stage),
            None => place(i),
        };
        group[i] = users(i).map(|user| group[user]).fold(own, usize::min);
        depth[i] = users(i).filter(|&user| group[user] == group[i]).map(|user| depth[user] + 1).max().unwrap_or(0);
    }
    let mut ends = Vec::new();
    let mut named = Vec::new();
    let mut next = 0;
    for g in 0..=last {
        let wide = (0..chain.inputs.len()).filter(|&i| group[i] == g).map(|i| depth[i] + 1).max().unwrap_or(0);
        if wide > 0 {
            let name = stages.get(g).map_or(String::new(), |&stage| chain.inputs[stage].name.clone());
            named.push((name, next, next + wide - 1));
        }
        next += wide;
        ends.push(next);
    }
    let columns = (0..chain.inputs.len()).map(|i| ends[group[i]] - 1 - depth[i]).collect();
    (Plan { columns, stages: named }, links)
}

/// Places without numbers of the finding: those stand in its table.
pub(in super::super) fn drawing(chain: &Chain, plan: &Plan, links: &[Link], layout: &Layout) -> Value {
    let nodes: Vec<Value> =
        chain.inputs.iter().enumerate().map(|(i, input)| json!([input.id, plan.columns[i], layout.at[i]])).collect();
    let edges: Vec<Value> = links
        .iter()
        .zip(&layout.routes)
        .map(|(link, route)| {
            let steps: Vec<Value> = route.iter().map(|step| json!([step.from, step.to, step.track])).collect();
            json!([link.from, link.to, link.class, steps])
        })
        .collect();
    json!({"stages": plan.stages, "tracks": layout.tracks, "height": layout.height, "nodes": nodes, "edges": edges,
        "product": chain.inputs[chain.product].id})
}

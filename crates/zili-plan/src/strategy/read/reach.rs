//! What can be reached at all, and by when: the least fixed point of "all of these, and one of each of those".

use super::super::file::File;
use super::super::{Effect, Programme, Strategy};
use super::Reader;
use zili_world::written::Span;
use zili_world::written::diagnostic::Name;

/// First years in which programmes can start and have ended, and capabilities are there; none if never.
pub(super) struct Years {
    start: Vec<Option<i32>>,
    end: Vec<Option<i32>>,
    there: Vec<Option<i32>>,
}

/// Programmes come first, then capabilities.
struct Graph<'s> {
    strategy: &'s Strategy,
}

impl Graph<'_> {
    fn position(&self, step: &str) -> Option<usize> {
        let s = self.strategy;
        let programme = s.programmes.iter().position(|p| p.name == step);
        let capability = || s.capabilities.iter().position(|c| c.name == step).map(|c| s.programmes.len() + c);
        programme.or_else(capability)
    }

    fn name(&self, node: usize) -> &str {
        let programmes = &self.strategy.programmes;
        match programmes.get(node) {
            Some(programme) => &programme.name,
            None => &self.strategy.capabilities[node - programmes.len()].name,
        }
    }

    /// Whether a node is there when the `there` are.
    fn holds(&self, node: usize, there: &[bool]) -> bool {
        let is = |step: &String| self.position(step).is_some_and(|at| there[at]);
        match self.strategy.programmes.get(node) {
            Some(p) => p.requires.iter().all(is) && p.any.iter().all(|list| list.iter().any(is)),
            None => {
                let capability = &self.strategy.capabilities[node - self.strategy.programmes.len()];
                capability.at_hand || self.deliverers(&capability.name).any(|p| there[p])
            }
        }
    }

    fn deliverers(&self, capability: &str) -> impl Iterator<Item = usize> {
        let programmes = self.strategy.programmes.iter().enumerate();
        programmes.filter(move |(_, p)| p.capabilities.iter().any(|c| c == capability)).map(|(at, _)| at)
    }

    fn len(&self) -> usize {
        self.strategy.programmes.len() + self.strategy.capabilities.len()
    }

    /// What is there sooner or later.
    fn reached(&self) -> Vec<bool> {
        let mut there = vec![false; self.len()];
        loop {
            let next: Vec<bool> = (0..self.len()).map(|node| there[node] || self.holds(node, &there)).collect();
            if next == there {
                return there;
            }
            there = next;
        }
    }

    /// What a node that is never reached waits for in vain.
    fn waits_for(&self, node: usize, there: &[bool]) -> Vec<usize> {
        let missing = |step: &String| self.position(step).filter(|at| !there[*at]);
        match self.strategy.programmes.get(node) {
            Some(p) => {
                let lists = p.any.iter().filter(|list| list.iter().all(|step| missing(step).is_some())).flatten();
                p.requires.iter().chain(lists).filter_map(missing).collect()
            }
            None => self.deliverers(self.name(node)).collect(),
        }
    }
}

impl Reader<'_, '_, '_> {
    /// Prerequisites that can never be met: nobody delivers them, or they wait for each other.
    pub(super) fn reach(&mut self, strategy: &Strategy, file: &File) {
        let graph = Graph { strategy };
        let there = graph.reached();
        let span = |node: usize| -> Span {
            match file.programme.get(node) {
                Some(entry) => entry.value.name.span.clone(),
                None => file.capability[node - file.programme.len()].value.name.span.clone(),
            }
        };
        let mut said = vec![false; graph.len()];
        for node in (0..graph.len()).filter(|node| !there[*node]) {
            if graph.waits_for(node, &there).is_empty() {
                said[node] = true;
                let text = format!(
                    "nobody delivers '{}': name it under `capabilities` of a programme, or say `at_hand = true`",
                    graph.name(node)
                );
                self.findings.error(Name::Unreachable, &span(node), text);
            } else if !said[node]
                && let Some(circle) = circle(&graph, node, &there)
            {
                circle.iter().for_each(|&node| said[node] = true);
                // The same circle, wherever one enters it.
                let first = circle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(k, _)| k);
                let names: Vec<&str> =
                    (0..=circle.len()).map(|k| graph.name(circle[(first + k) % circle.len()])).collect();
                let text = format!("each of these waits for the next, so that none can start: {}", names.join(" → "));
                self.findings.error(Name::Cycle, &span(circle[first]), text);
            }
        }
        // Who waits for one of those is named too, but not who waits for them in turn.
        for node in (0..strategy.programmes.len()).filter(|node| !there[*node] && !said[*node]) {
            let waits: Vec<&str> =
                graph.waits_for(node, &there).into_iter().filter(|on| said[*on]).map(|on| graph.name(on)).collect();
            if !waits.is_empty() {
                let text = format!("'{}' can never start: it waits for {}", graph.name(node), waits.join(", "));
                self.findings.error(Name::Unreachable, &span(node), text);
            }
        }
    }
}

/// Nodes of which each waits for the next and the last for the first, on the way from a node.
fn circle(graph: &Graph, from: usize, there: &[bool]) -> Option<Vec<usize>> {
    let mut done = vec![false; graph.len()];
    let mut path = vec![from];
    let mut waiting = vec![graph.waits_for(from, there)];
    while let Some(list) = waiting.last_mut() {
        let Some(next) = list.pop() else {
            waiting.pop();
            path.pop().into_iter().for_each(|node| done[node] = true);
            continue;
        };
        if let Some(start) = path.iter().position(|node| *node == next) {
            return Some(path[start..].to_vec());
        }
        if !done[next] {
            path.push(next);
            waiting.push(graph.waits_for(next, there));
        }
    }
    None
}

impl Years {
    /// The first years, with the shortest mode of each programme and whatever levers take off.
    pub(super) fn of(strategy: &Strategy) -> Self {
        let (programmes, capabilities) = (&strategy.programmes, &strategy.capabilities);
        let mut years = Self {
            start: vec![None; programmes.len()],
            end: vec![None; programmes.len()],
            there: capabilities.iter().map(|c| c.at_hand.then_some(strategy.from)).collect(),
        };
        // Each round settles at least one, or nothing changes any more.
        for _ in 0..=programmes.len() + capabilities.len() {
            for (k, programme) in programmes.iter().enumerate() {
                let start = years.can_start(strategy, programme).filter(|start| *start <= programme.starts.1);
                let shortest = programme.modes.iter().map(|mode| mode.duration).min();
                let saved = saved(strategy, &programme.name);
                years.start[k] = start;
                years.end[k] = start.zip(shortest).map(|(start, d)| start + d.saturating_sub(saved).max(1) as i32);
            }
            for (k, capability) in capabilities.iter().enumerate().filter(|(_, c)| !c.at_hand) {
                let theirs =
                    programmes.iter().zip(&years.end).filter(|(p, _)| p.capabilities.contains(&capability.name));
                years.there[k] = theirs.filter_map(|(_, end)| *end).min();
            }
        }
        years
    }

    fn can_start(&self, strategy: &Strategy, programme: &Programme) -> Option<i32> {
        let when = |step: &String| -> Option<i32> {
            match strategy.programmes.iter().position(|p| p.name == *step) {
                Some(at) => self.end[at],
                None => self.there[strategy.capabilities.iter().position(|c| c.name == *step)?],
            }
        };
        let all = programme.requires.iter().map(when);
        let one_each = programme.any.iter().map(|list| list.iter().filter_map(when).min());
        all.chain(one_each).try_fold(programme.starts.0, |latest, year| Some(latest.max(year?)))
    }

    /// When a programme has ended at the earliest; none if it can never start in time.
    pub(super) fn end(&self, programme: usize) -> Option<i32> {
        self.end[programme]
    }

    pub(super) fn start(&self, programme: usize) -> Option<i32> {
        self.start[programme]
    }
}

/// Years that levers can take off a programme at most.
fn saved(strategy: &Strategy, programme: &str) -> usize {
    let effects = strategy.levers.iter().flat_map(|lever| &lever.effects);
    let years = effects.map(|effect| match effect {
        Effect::Duration { programmes, years } if programmes.iter().any(|p| p == programme) => *years,
        _ => 0,
    });
    years.sum()
}

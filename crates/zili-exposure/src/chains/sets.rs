//! Families of sets, as zero-suppressed decision diagrams: the smallest sets of events that bring something down.
//!
//! Rauzy (1993): the minimal sets of a function that asks about event e first are those of the side on which e does not happen, and e with
//! those of the other side that hold none of the first. Millions of sets share a few thousand nodes.

use super::decisions::{Function, Map, Node, TooLarge};

/// A family of sets none of which holds another.
pub(crate) struct Sets {
    nodes: Vec<Node>,
    root: u32,
}

const NONE: u32 = 0;
/// The family whose only set is the empty one.
const EMPTY: u32 = 1;

struct Builder<'a> {
    functions: &'a [Node],
    nodes: Vec<Node>,
    known: Map<Node, u32>,
    minimal: Map<(u32, u32), u32>,
    reduced: Map<(u32, u32), u32>,
    most: usize,
}

impl Sets {
    pub(super) fn minimal(
        functions: &[Node],
        function: Function,
        limit: Option<usize>,
        most: usize,
    ) -> Result<Self, TooLarge> {
        let end = (u32::MAX, 0, 0);
        let (known, minimal, reduced) = (Map::default(), Map::default(), Map::default());
        let mut builder = Builder { functions, nodes: vec![end, end], known, minimal, reduced, most };
        // Without a limit the number left is no part of the question, and answers are shared.
        let limit = limit.map_or(u32::MAX, |limit| limit.min(u32::MAX as usize - 1) as u32);
        let root = builder.minimal(function, limit)?;
        Ok(Self { nodes: builder.nodes, root })
    }

    /// How many sets there are of one event, of two, and so on.
    pub fn by_order(&self) -> Vec<u64> {
        let mut counts: Map<u32, Vec<u64>> = Map::default();
        let mut of_root = self.count(self.root, &mut counts);
        if !of_root.is_empty() {
            of_root.remove(0);
        }
        of_root
    }

    fn count(&self, node: u32, counts: &mut Map<u32, Vec<u64>>) -> Vec<u64> {
        match node {
            NONE => return Vec::new(),
            EMPTY => return vec![1],
            _ => (),
        }
        if let Some(known) = counts.get(&node) {
            return known.clone();
        }
        let (_, without, with) = self.nodes[node as usize];
        let (mut sum, more) = (self.count(without, counts), self.count(with, counts));
        sum.resize(sum.len().max(more.len() + 1), 0);
        more.iter().enumerate().for_each(|(k, count)| sum[k + 1] = sum[k + 1].saturating_add(*count));
        counts.insert(node, sum.clone());
        sum
    }

    /// At most `most` sets, the smallest first, each in the order of the events.
    pub fn list(&self, most: usize) -> Vec<Vec<u32>> {
        let mut sets = Vec::new();
        for order in 0..=self.by_order().len() {
            self.gather(self.root, order, &mut Vec::new(), &mut sets, most);
        }
        sets
    }

    fn gather(&self, node: u32, order: usize, held: &mut Vec<u32>, sets: &mut Vec<Vec<u32>>, most: usize) {
        if node == NONE || sets.len() >= most {
            return;
        }
        if node == EMPTY {
            if order == 0 {
                sets.push(held.clone());
            }
            return;
        }
        let (event, without, with) = self.nodes[node as usize];
        if order > 0 {
            held.push(event);
            self.gather(with, order - 1, held, sets, most);
            held.pop();
        }
        self.gather(without, order, held, sets, most);
    }
}

impl Builder<'_> {
    fn node(&mut self, event: u32, without: u32, with: u32) -> Result<u32, TooLarge> {
        if with == NONE {
            return Ok(without);
        }
        if let Some(&node) = self.known.get(&(event, without, with)) {
            return Ok(node);
        }
        if self.nodes.len() >= self.most {
            return Err(TooLarge);
        }
        let node = self.nodes.len() as u32;
        self.nodes.push((event, without, with));
        self.known.insert((event, without, with), node);
        Ok(node)
    }

    fn minimal(&mut self, function: Function, limit: u32) -> Result<u32, TooLarge> {
        if function <= 1 {
            return Ok(function);
        }
        if let Some(&node) = self.minimal.get(&(function, limit)) {
            return Ok(node);
        }
        let (event, without, with) = self.functions[function as usize];
        let without = self.minimal(without, limit)?;
        let node = match limit {
            0 => without,
            _ => {
                let left = if limit == u32::MAX { limit } else { limit - 1 };
                let with = self.minimal(with, left)?;
                let with = self.reduced(with, without)?;
                self.node(event, without, with)?
            }
        };
        self.minimal.insert((function, limit), node);
        Ok(node)
    }

    /// The sets of `f` that hold no set of `g`.
    fn reduced(&mut self, f: u32, g: u32) -> Result<u32, TooLarge> {
        match (f, g) {
            (NONE, _) | (_, EMPTY) => return Ok(NONE),
            (_, NONE) | (EMPTY, _) => return Ok(f),
            _ if f == g => return Ok(NONE),
            _ => (),
        }
        if let Some(&node) = self.reduced.get(&(f, g)) {
            return Ok(node);
        }
        let ((x, f0, f1), (y, g0, g1)) = (self.nodes[f as usize], self.nodes[g as usize]);
        let node = if x > y {
            self.reduced(f, g0)?
        } else {
            let (others, own) = if x == y { (g0, Some(g1)) } else { (g, None) };
            let without = self.reduced(f0, others)?;
            let mut with = self.reduced(f1, others)?;
            if let Some(own) = own {
                with = self.reduced(with, own)?;
            }
            self.node(x, without, with)?
        };
        self.reduced.insert((f, g), node);
        Ok(node)
    }
}

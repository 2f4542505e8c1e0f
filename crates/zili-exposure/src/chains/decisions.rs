//! Functions of events that happen or do not, as binary decision diagrams: each function once, whatever way it was written.
//!
//! A node asks about one event and goes on to another node if it does not happen or if it does; nodes that ask in vain, and doubles,
//! do not exist, so that two functions are equal if they are the same node (Bryant 1986).

use super::sets::Sets;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A function: a place among the nodes.
pub(crate) type Function = u32;

pub(crate) const NEVER: Function = 0;
pub(crate) const ALWAYS: Function = 1;

/// Nodes of diagrams, each (event, if it does not happen, if it happens).
pub(crate) type Node = (u32, u32, u32);

/// So many sets of events may be looked at for each node that there may be.
const SETS_A_NODE: usize = 16;

/// There are more nodes than the limit, or more sets to look at.
#[derive(Debug, PartialEq)]
pub(crate) struct TooLarge;

/// All functions of some events under way.
pub(crate) struct Functions {
    nodes: Vec<Node>,
    known: Map<Node, Function>,
    asked: Map<(Function, Function, Function), Function>,
    most: usize,
    /// Sets of events looked at.
    looked: usize,
}

impl Functions {
    /// With at most so many nodes.
    pub fn new(most: usize) -> Self {
        let end = (u32::MAX, 0, 0);
        Self { nodes: vec![end, end], known: Map::default(), asked: Map::default(), most, looked: 0 }
    }

    /// True if an event happens. Events that come first should be those that are met first when the whole is taken apart.
    #[cfg(test)]
    pub fn event(&mut self, event: u32) -> Result<Function, TooLarge> {
        self.node(event, NEVER, ALWAYS)
    }

    fn node(&mut self, event: u32, without: Function, with: Function) -> Result<Function, TooLarge> {
        if without == with {
            return Ok(with);
        }
        if let Some(&function) = self.known.get(&(event, without, with)) {
            return Ok(function);
        }
        if self.nodes.len() >= self.most {
            return Err(TooLarge);
        }
        let function = self.nodes.len() as Function;
        self.nodes.push((event, without, with));
        self.known.insert((event, without, with), function);
        Ok(function)
    }

    /// `g` where `f` is true, `h` where it is not.
    pub fn choose(&mut self, f: Function, g: Function, h: Function) -> Result<Function, TooLarge> {
        match (f, g, h) {
            (ALWAYS, ..) => return Ok(g),
            (NEVER, ..) => return Ok(h),
            (_, ALWAYS, NEVER) => return Ok(f),
            _ if g == h => return Ok(g),
            _ => (),
        }
        if let Some(&function) = self.asked.get(&(f, g, h)) {
            return Ok(function);
        }
        let event = [f, g, h].map(|function| self.nodes[function as usize].0).into_iter().min().unwrap_or(u32::MAX);
        let sides = |function: Function| match self.nodes[function as usize] {
            (first, without, with) if first == event => (without, with),
            _ => (function, function),
        };
        let ((f0, f1), (g0, g1), (h0, h1)) = (sides(f), sides(g), sides(h));
        let (with, without) = (self.choose(f1, g1, h1)?, self.choose(f0, g0, h0)?);
        let function = self.node(event, without, with)?;
        self.asked.insert((f, g, h), function);
        Ok(function)
    }

    pub fn and(&mut self, f: Function, g: Function) -> Result<Function, TooLarge> {
        self.choose(f.min(g), f.max(g), NEVER)
    }

    pub fn or(&mut self, f: Function, g: Function) -> Result<Function, TooLarge> {
        self.choose(f.min(g), ALWAYS, f.max(g))
    }

    pub fn all(&mut self, functions: impl IntoIterator<Item = Function>) -> Result<Function, TooLarge> {
        functions.into_iter().try_fold(ALWAYS, |sum, f| self.and(sum, f))
    }

    pub fn any(&mut self, functions: impl IntoIterator<Item = Function>) -> Result<Function, TooLarge> {
        functions.into_iter().try_fold(NEVER, |sum, f| self.or(sum, f))
    }

    /// True if the weights of the events that happen pass a mark. `passes` is asked with the weights of those that happen, the weights of
    /// those that are still open left out, and must not become false as more happen.
    /// Sets of more than `order` events are not looked at.
    pub fn weighed(
        &mut self,
        events: &[u32],
        order: usize,
        passes: &dyn Fn(&[bool]) -> bool,
    ) -> Result<Function, TooLarge> {
        let mut open: Vec<usize> = (0..events.len()).collect();
        open.sort_by_key(|&k| events[k]);
        self.weigh(events, &open, order, passes, &mut vec![false; events.len()])
    }

    fn weigh(
        &mut self,
        events: &[u32],
        open: &[usize],
        order: usize,
        passes: &dyn Fn(&[bool]) -> bool,
        happened: &mut Vec<bool>,
    ) -> Result<Function, TooLarge> {
        self.looked += 1;
        if self.looked > SETS_A_NODE * self.most {
            return Err(TooLarge);
        }
        if passes(happened) {
            return Ok(ALWAYS);
        }
        if order == 0 {
            return Ok(NEVER);
        }
        let mut all = happened.clone();
        open.iter().for_each(|&k| all[k] = true);
        let Some((&first, rest)) = open.split_first().filter(|_| passes(&all)) else { return Ok(NEVER) };
        happened[first] = true;
        let with = self.weigh(events, rest, order - 1, passes, happened)?;
        happened[first] = false;
        let without = self.weigh(events, rest, order, passes, happened)?;
        self.node(events[first], without, with)
    }

    /// What fails where it fails by itself, or one thing that it requires does, or all its variants do. Circles are broken in favour of
    /// failure: what only holds itself up does not hold.
    pub fn failures(&mut self, things: &[Thing]) -> Result<Vec<Function>, TooLarge> {
        let mut fails = vec![ALWAYS; things.len()];
        loop {
            let before = fails.clone();
            for (k, thing) in things.iter().enumerate() {
                let required = self.any(thing.requires.iter().map(|&r| fails[r]).collect::<Vec<_>>())?;
                let varied = match thing.variants.is_empty() && !thing.varied {
                    true => NEVER,
                    false => self.all(thing.variants.iter().map(|&v| fails[v]).collect::<Vec<_>>())?,
                };
                let needs = self.or(required, varied)?;
                fails[k] = self.or(thing.own, needs)?;
            }
            if fails == before {
                return Ok(fails);
            }
        }
    }

    /// The smallest sets of events that make a function true, of at most `limit` events each.
    pub fn minimal_sets(&self, function: Function, limit: Option<usize>) -> Result<Sets, TooLarge> {
        Sets::minimal(&self.nodes, function, limit, self.most)
    }
}

/// Something that can fail.
#[derive(Clone, Debug, Default)]
pub(crate) struct Thing {
    pub own: Function,
    pub requires: Vec<usize>,
    pub variants: Vec<usize>,
    /// Whether one of its variants is needed, even where it has none left.
    pub varied: bool,
}

pub(crate) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mixing>>;

/// A quick hash for a few small numbers.
#[derive(Default)]
pub(crate) struct Mixing(u64);

impl Hasher for Mixing {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.write_u64(u64::from(*b)));
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
    fn write_u64(&mut self, value: u64) {
        // Multiplication by an odd number near 2⁶⁴/π spreads small numbers over all bits.
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

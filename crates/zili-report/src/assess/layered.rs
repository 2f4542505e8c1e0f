//! Where the nodes of a layered graph stand, and how its lines run: columns are given, the rest follows from few crossings and
//! short lines (after Sugiyama, Tagawa & Toda 1981). The same graph always gets the same picture.
//!
//! Heights are whole numbers of half rows, so that what is level is exactly level. Lines run level out of a node, along one upright
//! track between two columns, and level into the next; lines into the same node share their track.

#[cfg(test)]
mod tests;

/// A line between two nodes, by their positions. Lines of different classes share no track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub from: usize,
    pub to: usize,
    pub class: u8,
}

#[derive(Debug, PartialEq)]
pub(super) struct Layout {
    /// Height of each node.
    pub at: Vec<i32>,
    /// The largest height.
    pub height: i32,
    /// Upright tracks between each column and the next.
    pub tracks: Vec<usize>,
    /// For each link its steps, one a gap between columns; none for a link that does not lead on.
    pub routes: Vec<Vec<Step>>,
}

/// One gap between columns crossed: from a height to a height, along a track (none if they are level).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub from: i32,
    pub to: i32,
    pub track: Option<usize>,
}

/// Sweeps over all columns that look for fewer crossings; more bring nothing on graphs of this size.
const SWEEPS: usize = 24;
/// Rounds in which heights are evened out.
const ROUNDS: usize = 300;

/// Lays out nodes whose columns are known. Links lead from lower columns to higher ones; any other is not drawn.
pub(super) fn lay_out(columns: &[usize], links: &[Link]) -> Layout {
    let slots = Slots::new(columns, links);
    let order = slots.ordered();
    let heights = slots.heights(&order);
    let (tracks, routes) = slots.routes(&heights, links);
    Layout { at: heights[..columns.len()].to_vec(), height: heights.iter().copied().max().unwrap_or(0), tracks, routes }
}

/// Nodes, and after them a place in every column that a long link passes through.
struct Slots {
    nodes: usize,
    column: Vec<usize>,
    width: usize,
    /// From one column to the next: two slots and the link.
    segments: Vec<(usize, usize, usize)>,
    left: Vec<Vec<usize>>,
    right: Vec<Vec<usize>>,
}

impl Slots {
    fn new(columns: &[usize], links: &[Link]) -> Self {
        let mut column = columns.to_vec();
        let mut segments = Vec::new();
        for (k, link) in links.iter().enumerate() {
            let mut before = link.from;
            for passed in columns[link.from] + 1..columns[link.to] {
                column.push(passed);
                segments.push((before, column.len() - 1, k));
                before = column.len() - 1;
            }
            if columns[link.from] < columns[link.to] {
                segments.push((before, link.to, k));
            }
        }
        let (mut left, mut right) = (vec![Vec::new(); column.len()], vec![Vec::new(); column.len()]);
        for &(a, b, _) in &segments {
            right[a].push(b);
            left[b].push(a);
        }
        let width = columns.iter().max().map_or(0, |last| last + 1);
        Self { nodes: columns.len(), column, width, segments, left, right }
    }

    /// Slots of every column from top to bottom: as a walk from the last nodes meets them, then by the middle of their neighbours, as
    /// long as lines cross less.
    fn ordered(&self) -> Vec<Vec<usize>> {
        let mut order = vec![Vec::new(); self.width];
        let mut seen = vec![false; self.column.len()];
        let mut ends: Vec<usize> = (0..self.column.len()).filter(|&s| self.right[s].is_empty()).collect();
        ends.sort_by_key(|&s| (self.width - self.column[s], s));
        ends.into_iter().for_each(|s| self.visit(s, &mut seen, &mut order));
        let mut best = (self.crossings(&order), order.clone());
        for sweep in 0..SWEEPS {
            let down = sweep % 2 == 0;
            for k in 1..self.width {
                let (fixed, moved) = if down { (k - 1, k) } else { (self.width - k, self.width - k - 1) };
                let places = self.places(&order[fixed]);
                self.sort_by_middle(&mut order[moved], &places, down);
            }
            let crossings = self.crossings(&order);
            if crossings < best.0 {
                best = (crossings, order.clone());
            }
        }
        best.1
    }

    fn visit(&self, slot: usize, seen: &mut [bool], order: &mut [Vec<usize>]) {
        if std::mem::replace(&mut seen[slot], true) {
            return;
        }
        order[self.column[slot]].push(slot);
        self.left[slot].iter().for_each(|&s| self.visit(s, seen, order));
    }

    /// Places of some slots in their column, by slot.
    fn places(&self, slots: &[usize]) -> Vec<usize> {
        let mut places = vec![usize::MAX; self.column.len()];
        slots.iter().enumerate().for_each(|(k, &s)| places[s] = k);
        places
    }

    /// Sorts a column by the middle of its neighbours to one side; slots without any keep their place.
    fn sort_by_middle(&self, slots: &mut [usize], places: &[usize], by_left: bool) {
        let neighbours = |s: usize| if by_left { &self.left[s] } else { &self.right[s] };
        let middle =
            |s: usize| neighbours(s).iter().map(|&n| places[n] as f64).sum::<f64>() / neighbours(s).len() as f64;
        let free: Vec<usize> = (0..slots.len()).filter(|&k| !neighbours(slots[k]).is_empty()).collect();
        let mut sorted: Vec<usize> = free.iter().map(|&k| slots[k]).collect();
        sorted.sort_by(|&a, &b| middle(a).total_cmp(&middle(b)));
        free.into_iter().zip(sorted).for_each(|(k, s)| slots[k] = s);
    }

    fn crossings(&self, order: &[Vec<usize>]) -> usize {
        let mut places = vec![0; self.column.len()];
        order.iter().for_each(|slots| slots.iter().enumerate().for_each(|(k, &s)| places[s] = k));
        let mut by_gap: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.width];
        self.segments.iter().for_each(|&(a, b, _)| by_gap[self.column[a]].push((places[a], places[b])));
        let cross = |a: &(usize, usize), b: &(usize, usize)| (a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1);
        by_gap
            .iter()
            .map(|gap| (0..gap.len()).map(|k| gap[..k].iter().filter(|a| cross(a, &gap[k])).count()).sum::<usize>())
            .sum()
    }

    /// Half rows that two slots of one column keep apart: a line passes between two nodes.
    fn apart(&self, a: usize, b: usize) -> i32 {
        if a < self.nodes && b < self.nodes { 2 } else { 1 }
    }

    /// Heights that keep the order and bring neighbours level as far as there is room.
    fn heights(&self, order: &[Vec<usize>]) -> Vec<i32> {
        let mut heights = vec![0.0; self.column.len()];
        let offsets: Vec<Vec<i32>> = order
            .iter()
            .map(|slots| {
                let mut at = 0;
                (0..slots.len())
                    .map(|k| (at += if k == 0 { 0 } else { self.apart(slots[k - 1], slots[k]) }, at).1)
                    .collect()
            })
            .collect();
        for (slots, offsets) in order.iter().zip(&offsets) {
            let middle = offsets.last().map_or(0.0, |&last| f64::from(last) / 2.0);
            slots.iter().zip(offsets).for_each(|(&s, &offset)| heights[s] = f64::from(offset) - middle);
        }
        for round in 0..ROUNDS {
            for k in 0..self.width {
                let c = if round % 2 == 0 { k } else { self.width - 1 - k };
                let wishes: Vec<(f64, f64)> = order[c].iter().map(|&s| self.wish(s, &heights)).collect();
                let freed =
                    wishes.iter().zip(&offsets[c]).map(|(&(wish, weight), &offset)| (wish - f64::from(offset), weight));
                let level = rising(freed);
                order[c]
                    .iter()
                    .zip(level)
                    .zip(&offsets[c])
                    .for_each(|((&s, z), &offset)| heights[s] = z + f64::from(offset));
            }
        }
        let mut whole: Vec<i32> = heights.iter().map(|h| h.round() as i32).collect();
        // Rounding keeps whole distances but for the last bit.
        for slots in order {
            for pair in slots.windows(2) {
                whole[pair[1]] = whole[pair[1]].max(whole[pair[0]] + self.apart(pair[0], pair[1]));
            }
        }
        self.straighten(order, &mut whole);
        let top = whole.iter().copied().min().unwrap_or(0);
        whole.iter().map(|h| h - top).collect()
    }

    /// Where a long line passes it goes straight on for as long as there is room: one bend reads better than a staircase.
    fn straighten(&self, order: &[Vec<usize>], heights: &mut [i32]) {
        for slots in order {
            for (k, &s) in slots.iter().enumerate().filter(|(_, s)| **s >= self.nodes) {
                let Some(&before) = self.left[s].first() else { continue };
                let above = k.checked_sub(1).map(|k| slots[k]);
                let least = above.map_or(i32::MIN, |a| heights[a] + self.apart(a, s));
                let most = slots.get(k + 1).map_or(i32::MAX, |&b| heights[b] - self.apart(s, b));
                heights[s] = heights[before].clamp(least, most.max(least));
            }
        }
    }

    /// The middle of a slot's neighbours, and how much it counts: a long line should be straight.
    fn wish(&self, slot: usize, heights: &[f64]) -> (f64, f64) {
        let passing = |s: usize| s >= self.nodes;
        let (mut sum, mut weight) = (0.0, 0.0);
        for &n in self.left[slot].iter().chain(&self.right[slot]) {
            let w = [1.0, 2.0, 8.0][usize::from(passing(slot)) + usize::from(passing(n))];
            sum += w * heights[n];
            weight += w;
        }
        if weight > 0.0 { (sum / weight, weight) } else { (heights[slot], 0.1) }
    }

    /// Tracks in every gap, and the steps of every link.
    fn routes(&self, heights: &[i32], links: &[Link]) -> (Vec<usize>, Vec<Vec<Step>>) {
        let mut routes = vec![Vec::new(); links.len()];
        let mut tracks = vec![0; self.width.saturating_sub(1)];
        for (gap, used) in tracks.iter_mut().enumerate() {
            let inside: Vec<&(usize, usize, usize)> =
                self.segments.iter().filter(|(a, ..)| self.column[*a] == gap).collect();
            let mut buses: Vec<Bus> = Vec::new();
            for &&(a, b, k) in &inside {
                let (from, to, class) = (heights[a], heights[b], links[k].class);
                match buses.iter_mut().find(|bus| bus.to == to && bus.class == class) {
                    Some(bus) => bus.from.push(from),
                    None => buses.push(Bus { from: vec![from], to, class, track: None }),
                }
            }
            *used = assign(&mut buses);
            for &&(a, b, k) in &inside {
                let (from, to) = (heights[a], heights[b]);
                let bus = buses.iter().find(|bus| bus.to == to && bus.class == links[k].class);
                let track = bus.and_then(|bus| bus.track).filter(|_| from != to);
                routes[k].push(Step { from, to, track });
            }
        }
        (tracks, routes)
    }
}

/// The line nearest to some weighted values that never falls: neighbours that would are pooled.
fn rising(values: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (value, weight) in values {
        let mut pool = (value, weight, 1);
        while let Some(&(before, heavy, count)) = pools.last()
            && before > pool.0
        {
            let both = heavy + pool.1;
            pool = ((before * heavy + pool.0 * pool.1) / both, both, count + pool.2);
            pools.pop();
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(value, _, count)| std::iter::repeat_n(value, count)).collect()
}

/// Lines of one class into one node within a gap.
struct Bus {
    from: Vec<i32>,
    to: i32,
    class: u8,
    track: Option<usize>,
}

impl Bus {
    fn bounds(&self) -> (i32, i32) {
        let low = self.from.iter().copied().fold(self.to, i32::min);
        (low, self.from.iter().copied().fold(self.to, i32::max))
    }

    fn overlaps(&self, other: &Bus) -> bool {
        let ((low, high), (from, to)) = (self.bounds(), other.bounds());
        low <= to && from <= high
    }

    /// Whether a line of this one comes out where the other goes in: it must turn off before.
    fn before(&self, other: &Bus) -> bool {
        self.from.contains(&other.to) && !other.from.contains(&other.to)
    }
}

/// Gives every bus that is not level a track: the first on which it meets no other, after those that must turn off before it.
/// Returns how many tracks there are.
fn assign(buses: &mut [Bus]) -> usize {
    let mut waiting: Vec<usize> =
        (0..buses.len()).filter(|&k| buses[k].from.iter().any(|&y| y != buses[k].to)).collect();
    waiting.sort_by_key(|&k| buses[k].bounds());
    let mut used = 0;
    while !waiting.is_empty() {
        let free = |&k: &usize| waiting.iter().all(|&o| o == k || !buses[o].before(&buses[k]));
        // Two that each should turn off before the other: the upper one does.
        let chosen = waiting.iter().copied().find(free).unwrap_or(waiting[0]);
        waiting.retain(|&k| k != chosen);
        let bus = &buses[chosen];
        let placed = |o: &&Bus| o.track.is_some();
        let least =
            buses.iter().filter(placed).filter(|o| o.before(bus)).filter_map(|o| o.track).max().map_or(0, |t| t + 1);
        let taken = |track: &usize| buses.iter().any(|o| o.track == Some(*track) && o.overlaps(bus));
        let track = (least..=used + 1).find(|track| !taken(track)).unwrap_or(used);
        buses[chosen].track = Some(track);
        used = used.max(track + 1);
    }
    used
}

//! Places the nodes of a network on a plane so that what is linked lies together.
//!
//! Stress majorisation (Gansner, Koren & North 2005): distances on the plane come as near as they can to distances along the links,
//! those of what is near weighted most. It begins with the tree spread out from its middle, then nodes that overlap are pushed
//! apart. Nothing is random.

/// Width of the plane; its height follows.
pub(super) const WIDTH: f64 = 1000.0;
/// Rounds of majorisation; hundreds of nodes hardly move after these.
const ROUNDS: usize = 90;
/// Rounds of pushing apart.
const PUSHES: usize = 120;
/// Room between two nodes.
const GAP: f64 = 5.0;
/// Height over width, at least and at most: flatter or taller networks are stretched.
const SHAPE: (f64, f64) = (0.45, 0.66);

#[derive(Debug, PartialEq)]
pub(super) struct Plane {
    pub at: Vec<(f64, f64)>,
    pub height: f64,
}

/// Links are pairs of nodes, those of a spanning tree or forest first; `trees` says how many.
pub(super) fn lay_out(radii: &[f64], links: &[(usize, usize)], trees: usize) -> Plane {
    if radii.is_empty() {
        return Plane { at: Vec::new(), height: 0.0 };
    }
    let distances = distances(radii.len(), links);
    let mut at = spread(&distances, &links[..trees]);
    for _ in 0..ROUNDS {
        majorise(&mut at, &distances);
    }
    level(&mut at);
    scale(&mut at, radii);
    for _ in 0..PUSHES {
        if !push(&mut at, radii) {
            break;
        }
    }
    framed(at, radii)
}

/// Along the links; nodes that no way joins are farther from each other than any that one does.
fn distances(count: usize, links: &[(usize, usize)]) -> Vec<Vec<f64>> {
    let mut next = vec![Vec::new(); count];
    for &(a, b) in links {
        next[a].push(b);
        next[b].push(a);
    }
    let mut all = vec![vec![f64::NAN; count]; count];
    for (from, row) in all.iter_mut().enumerate() {
        let mut queue = std::collections::VecDeque::from([from]);
        row[from] = 0.0;
        while let Some(node) = queue.pop_front() {
            for &other in &next[node] {
                if row[other].is_nan() {
                    row[other] = row[node] + 1.0;
                    queue.push_back(other);
                }
            }
        }
    }
    // `max` passes over what is no number.
    let longest = all.iter().flatten().copied().fold(0.0, f64::max);
    all.iter_mut().flatten().filter(|d| d.is_nan()).for_each(|d| *d = longest + 1.0);
    all
}

/// The tree drawn around its middle: a node's branches share its angle by how many ends they have.
fn spread(distances: &[Vec<f64>], tree: &[(usize, usize)]) -> Vec<(f64, f64)> {
    let count = distances.len();
    let mut next = vec![Vec::new(); count];
    for &(a, b) in tree {
        next[a].push(b);
        next[b].push(a);
    }
    let total = |k: &usize| distances[*k].iter().sum::<f64>();
    let mut roots: Vec<usize> = (0..count).collect();
    roots.sort_by(|a, b| total(a).total_cmp(&total(b)).then(a.cmp(b)));
    let mut order: Vec<(usize, Option<usize>)> = Vec::with_capacity(count);
    let (mut seen, mut tops) = (vec![false; count], Vec::new());
    for root in roots {
        if seen[root] {
            continue;
        }
        seen[root] = true;
        tops.push(root);
        let mut k = order.len();
        order.push((root, None));
        while let Some(&(node, _)) = order.get(k) {
            for &other in &next[node] {
                if !seen[other] {
                    seen[other] = true;
                    order.push((other, Some(node)));
                }
            }
            k += 1;
        }
    }
    let mut ends = vec![0.0_f64; count];
    for &(node, above) in order.iter().rev() {
        ends[node] = ends[node].max(1.0);
        if let Some(above) = above {
            ends[above] += ends[node];
        }
    }
    let all: f64 = tops.iter().map(|top| ends[*top]).sum();
    // Where each node's part of the circle begins, what of it is given away, and how far out the node stands.
    let mut arcs = vec![(0.0, 0.0, 0.0); count];
    let mut start = 0.0;
    for (node, above) in order {
        arcs[node] = match above {
            // What is not joined to the middle stands around it.
            None => (start, 0.0, if tops[0] == node { 0.0 } else { distances[tops[0]][node] }),
            Some(above) => {
                let (from, given, out) = arcs[above];
                arcs[above].1 += ends[node];
                (from + given, 0.0, out + 1.0)
            }
        };
        if above.is_none() {
            start += ends[node];
        }
    }
    let place = |node: usize| {
        let (from, _, out) = arcs[node];
        let angle = std::f64::consts::TAU * (from + ends[node] / 2.0) / all;
        (out * angle.cos(), out * angle.sin())
    };
    (0..count).map(place).collect()
}

/// Every node goes where its distances to all others are met best.
fn majorise(at: &mut [(f64, f64)], distances: &[Vec<f64>]) {
    for i in 0..at.len() {
        let (mut x, mut y, mut weights) = (0.0, 0.0, 0.0);
        for j in 0..at.len() {
            if i == j {
                continue;
            }
            let wanted = distances[i][j];
            let weight = 1.0 / (wanted * wanted);
            let (dx, dy) = (at[i].0 - at[j].0, at[i].1 - at[j].1);
            let pull = wanted / (dx * dx + dy * dy).sqrt().max(1e-9);
            x += weight * (at[j].0 + dx * pull);
            y += weight * (at[j].1 + dy * pull);
            weights += weight;
        }
        if weights > 0.0 {
            at[i] = (x / weights, y / weights);
        }
    }
}

/// Turns the longest way through the network level.
fn level(at: &mut [(f64, f64)]) {
    let count = at.len() as f64;
    let middle = at.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0 / count, sum.1 + p.1 / count));
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for p in at.iter_mut() {
        *p = (p.0 - middle.0, p.1 - middle.1);
        xx += p.0 * p.0;
        xy += p.0 * p.1;
        yy += p.1 * p.1;
    }
    let (sin, cos) = (0.5 * (2.0 * xy).atan2(xx - yy)).sin_cos();
    at.iter_mut().for_each(|p| *p = (p.0 * cos + p.1 * sin, p.1 * cos - p.0 * sin));
}

/// Low and high of one coordinate.
fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
}

/// To the width of the plane, and to a height that a page has room for.
fn scale(at: &mut [(f64, f64)], radii: &[f64]) {
    let most = radii.iter().copied().fold(0.0, f64::max) + GAP;
    let (left, right) = bounds(at.iter().map(|p| p.0));
    let (top, bottom) = bounds(at.iter().map(|p| p.1));
    let (wide, high) = ((right - left).max(1e-9), (bottom - top).max(1e-9));
    let across = (WIDTH - 2.0 * most) / wide;
    let down = (high / wide).clamp(SHAPE.0, SHAPE.1) * WIDTH / high;
    // A line of nodes is level: what is no height is not stretched to one.
    let down = if high < 1e-6 * wide { 0.0 } else { down };
    at.iter_mut().for_each(|p| *p = ((p.0 - left) * across, (p.1 - top) * down));
}

/// Pushes nodes apart that overlap; says whether there were any.
fn push(at: &mut [(f64, f64)], radii: &[f64]) -> bool {
    let mut pushed = false;
    for i in 0..at.len() {
        for j in 0..i {
            let (dx, dy) = (at[i].0 - at[j].0, at[i].1 - at[j].1);
            let (apart, wanted) = ((dx * dx + dy * dy).sqrt(), radii[i] + radii[j] + GAP);
            if apart >= wanted - 1e-6 {
                continue;
            }
            pushed = true;
            // Two in one place go opposite ways, every pair its own.
            let turn = (i * 7 + j) as f64;
            let (x, y) = if apart > 1e-9 { (dx / apart, dy / apart) } else { (turn.cos(), turn.sin()) };
            let half = (wanted - apart) / 2.0;
            at[i] = (at[i].0 + x * half, at[i].1 + y * half);
            at[j] = (at[j].0 - x * half, at[j].1 - y * half);
        }
    }
    pushed
}

/// Moved and, if need be, shrunk into the width, with all of every node inside.
fn framed(mut at: Vec<(f64, f64)>, radii: &[f64]) -> Plane {
    let most = radii.iter().copied().fold(0.0, f64::max) + 1.0;
    let (left, right) = bounds(at.iter().map(|p| p.0));
    let (top, bottom) = bounds(at.iter().map(|p| p.1));
    let fit = if right > left { (WIDTH - 2.0 * most) / (right - left) } else { 1.0 };
    // Wider is as good; a lone node stands in the middle.
    let offset = if right > left { most } else { WIDTH / 2.0 };
    at.iter_mut().for_each(|p| *p = (offset + (p.0 - left) * fit, most + (p.1 - top) * fit.min(1.0)));
    Plane { at, height: 2.0 * most + (bottom - top) * fit.min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_node_alone_stands_in_the_middle() {
        let plane = lay_out(&[4.0], &[], 0);
        assert_eq!(plane.at, [(WIDTH / 2.0, 5.0)]);
        assert_eq!(lay_out(&[], &[], 0), Plane { at: Vec::new(), height: 0.0 });
    }

    /// Distances along a chain can be met exactly: equal steps on a line.
    #[test]
    fn a_chain_of_nodes_is_a_level_line_of_equal_steps() {
        let plane = lay_out(&[4.0; 5], &[(0, 1), (1, 2), (2, 3), (3, 4)], 4);
        let steps: Vec<f64> = plane.at.windows(2).map(|pair| (pair[1].0 - pair[0].0).abs()).collect();
        // Within a pixel of the thousand: majorisation ends before the last digit.
        assert!(steps.iter().all(|step| (step - steps[0]).abs() < 1.0), "{steps:?}");
        assert!(plane.at.iter().all(|p| (p.1 - plane.at[0].1).abs() < 1.0), "{:?}", plane.at);
    }

    #[test]
    fn what_is_linked_lies_nearer_than_what_is_not() {
        // Two triangles, joined by one link.
        let links = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 2), (3, 5)];
        let at = lay_out(&[6.0; 6], &links, 5).at;
        let apart = |a: usize, b: usize| ((at[a].0 - at[b].0).powi(2) + (at[a].1 - at[b].1).powi(2)).sqrt();
        for inside in [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)] {
            assert!(apart(inside.0, inside.1) < apart(0, 4), "{inside:?}");
        }
    }

    proptest! {
        #[test]
        fn every_node_is_on_the_plane_and_the_same_again(
            radii in proptest::collection::vec(2.0f64..20.0, 1..40),
            ends in proptest::collection::vec((0usize..40, 0usize..40), 0..60),
        ) {
            let count = radii.len();
            let tree: Vec<(usize, usize)> = (1..count).filter(|k| k % 7 > 0).map(|k| (k / 2, k)).collect();
            let trees = tree.len();
            let others = ends.into_iter().map(|(a, b)| (a % count, b % count)).filter(|(a, b)| a != b);
            let links: Vec<(usize, usize)> = tree.into_iter().chain(others).collect();
            let plane = lay_out(&radii, &links, trees);
            prop_assert_eq!(&plane, &lay_out(&radii, &links, trees));
            for (p, r) in plane.at.iter().zip(&radii) {
                prop_assert!(p.0 - r >= -1e-6 && p.0 + r <= WIDTH + 1e-6 && p.1 - r >= -1e-6 && p.1 + r <= plane.height + 1e-6, "{p:?}");
            }
        }
    }
}

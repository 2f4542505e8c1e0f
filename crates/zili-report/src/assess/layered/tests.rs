//! What holds of every layout, and layouts small enough to know.

use super::*;
use proptest::prelude::*;

fn link(from: usize, to: usize) -> Link {
    Link { from, to, class: 0 }
}

fn crossings(layout: &Layout, columns: &[usize], links: &[Link]) -> usize {
    let cross = |a: &Link, b: &Link| {
        let same = columns[a.from] == columns[b.from] && columns[a.to] == columns[b.to];
        let turn = |k: usize, l: usize| (layout.at[k] - layout.at[l]).signum();
        same && turn(a.from, b.from) * turn(a.to, b.to) < 0
    };
    (0..links.len()).map(|k| links[..k].iter().filter(|a| cross(a, &links[k])).count()).sum()
}

#[test]
fn a_node_alone_stands_at_the_top() {
    let layout = lay_out(&[0], &[]);
    assert_eq!(layout, Layout { at: vec![0], height: 0, tracks: vec![], routes: vec![] });
    assert_eq!(lay_out(&[], &[]).height, 0);
}

#[test]
fn a_line_of_nodes_is_straight() {
    let links = [link(0, 1), link(1, 2)];
    let layout = lay_out(&[0, 1, 2], &links);
    assert_eq!(layout.at, [0, 0, 0]);
    assert!(layout.routes.iter().flatten().all(|step| step.track.is_none()), "{:?}", layout.routes);
}

#[test]
fn lines_that_need_not_cross_do_not() {
    // Given crosswise: a goes to d, b to c.
    let (columns, links) = ([0, 0, 1, 1], [link(0, 3), link(1, 2)]);
    assert_eq!(crossings(&lay_out(&columns, &links), &columns, &links), 0);
    // Two trees whose leaves are given in turns.
    let columns = [1, 1, 0, 0, 0, 0, 2];
    let links = [link(2, 0), link(3, 1), link(4, 0), link(5, 1), link(0, 6), link(1, 6)];
    let layout = lay_out(&columns, &links);
    assert_eq!(crossings(&layout, &columns, &links), 0);
    // Each stands in the middle of what goes into it.
    assert_eq!((layout.at[0] + layout.at[1]) / 2, layout.at[6]);
}

#[test]
fn a_long_line_goes_straight_on() {
    // Over a column of three nodes that all go into the last.
    let columns = [0, 1, 1, 1, 2, 3, 4];
    let links = [link(0, 6), link(1, 4), link(2, 4), link(3, 4), link(4, 5), link(5, 6)];
    let route = &lay_out(&columns, &links).routes[0];
    assert!(route.iter().filter(|step| step.track.is_some()).count() <= 2, "{route:?}");
}

#[test]
fn a_line_that_leads_back_is_not_drawn() {
    let layout = lay_out(&[1, 0], &[link(0, 1), link(1, 0)]);
    assert_eq!(layout.routes.iter().map(Vec::len).collect::<Vec<_>>(), [0, 1]);
}

/// Nodes in columns, and lines that lead forward.
fn graph() -> impl Strategy<Value = (Vec<usize>, Vec<Link>)> {
    (1usize..40, 1usize..7).prop_flat_map(|(nodes, width)| {
        let columns = proptest::collection::vec(0..width, nodes);
        let pairs = proptest::collection::vec((0..nodes, 0..nodes, 0u8..2), 0..60);
        (columns, pairs).prop_map(|(columns, pairs)| {
            let mut links: Vec<Link> = Vec::new();
            for (from, to, class) in pairs {
                let known = links.iter().any(|link| (link.from, link.to) == (from, to));
                if columns[from] < columns[to] && !known {
                    links.push(Link { from, to, class });
                }
            }
            (columns, links)
        })
    })
}

proptest! {
    #[test]
    fn nodes_keep_apart_and_lines_lead_from_node_to_node((columns, links) in graph()) {
        let layout = lay_out(&columns, &links);
        prop_assert_eq!(&layout, &lay_out(&columns, &links), "the same graph, another picture");
        for a in 0..columns.len() {
            prop_assert!(layout.at[a] >= 0 && layout.at[a] <= layout.height);
            for b in 0..a {
                prop_assert!(columns[a] != columns[b] || (layout.at[a] - layout.at[b]).abs() >= 2, "{a} lies on {b}: {layout:?}");
            }
        }
        for (link, route) in links.iter().zip(&layout.routes) {
            prop_assert_eq!(route.len(), columns[link.to] - columns[link.from]);
            prop_assert_eq!(route[0].from, layout.at[link.from]);
            prop_assert_eq!(route[route.len() - 1].to, layout.at[link.to]);
            prop_assert!(route.windows(2).all(|pair| pair[0].to == pair[1].from), "{route:?}");
            for (k, step) in route.iter().enumerate() {
                prop_assert_eq!(step.track.is_none(), step.from == step.to);
                prop_assert!(step.track.is_none_or(|track| track < layout.tracks[columns[link.from] + k]));
                // Between its ends a line passes no node.
                let passed = (0..columns.len()).find(|&n| columns[n] == columns[link.from] + k + 1 && layout.at[n] == step.to);
                prop_assert!(k + 1 == route.len() || passed.is_none(), "{link:?} runs through {passed:?}");
            }
        }
    }

    #[test]
    fn lines_into_different_nodes_share_no_stretch_of_a_track((columns, links) in graph()) {
        let layout = lay_out(&columns, &links);
        let mut upright = Vec::new();
        for (link, route) in links.iter().zip(&layout.routes) {
            for (k, step) in route.iter().enumerate() {
                let Some(track) = step.track else { continue };
                let (low, high) = (step.from.min(step.to), step.from.max(step.to));
                upright.push((columns[link.from] + k, track, low, high, (step.to, link.class)));
            }
        }
        for (k, a) in upright.iter().enumerate() {
            for b in &upright[..k] {
                let meet = (a.0, a.1) == (b.0, b.1) && a.2 <= b.3 && b.2 <= a.3;
                prop_assert!(!meet || a.4 == b.4, "{a:?} {b:?}");
            }
        }
    }
}

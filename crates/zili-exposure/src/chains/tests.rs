//! Diagrams against published fault trees and brute force; chains against every way in which unknown shares can be resolved.

use super::decisions::{ALWAYS, Function, Functions, NEVER, Thing};
use super::{concentration, inputs};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::HashMap;
use zili_testkit::chains::{input, source, supply};
use zili_testkit::oracle::beside;
use zili_world::chain::{self, Chain, Shares};
use zili_world::{Bloc, World};

/// Gates of a fault tree: operation, arguments, how many of them.
type Gates<'a> = HashMap<&'a str, (&'a str, Vec<&'a str>, usize)>;

fn gates(tree: &Value) -> Gates<'_> {
    let all = tree["gates"].as_object().expect("gates").iter();
    all.map(|(name, gate)| {
        let parts = match gate.as_str() {
            // Another name for the same.
            Some(other) => ("or", vec![other], 0),
            None => {
                let args = gate["args"].as_array().expect("arguments").iter();
                let k = gate["k"].as_u64().unwrap_or(0) as usize;
                (gate["op"].as_str().expect("an operation"), args.filter_map(Value::as_str).collect(), k)
            }
        };
        (name.as_str(), parts)
    })
    .collect()
}

/// The function of one gate; events get their places in the order in which they are met.
fn function<'a>(
    name: &'a str,
    gates: &Gates<'a>,
    functions: &mut Functions,
    events: &mut HashMap<&'a str, u32>,
    known: &mut HashMap<&'a str, Function>,
) -> Function {
    if let Some(&f) = known.get(name) {
        return f;
    }
    let f = match gates.get(name) {
        None => {
            let next = events.len() as u32;
            functions.event(*events.entry(name).or_insert(next)).expect("small")
        }
        Some((op, args, k)) => {
            let args: Vec<Function> = args.iter().map(|a| function(a, gates, functions, events, known)).collect();
            let made = match *op {
                "and" => functions.all(args),
                "or" => functions.any(args),
                "not" => functions.choose(args[0], NEVER, ALWAYS),
                "atleast" => at_least(functions, &args, *k),
                other => panic!("{other}"),
            };
            made.expect("small")
        }
    };
    known.insert(name, f);
    f
}

fn at_least(functions: &mut Functions, of: &[Function], k: usize) -> Result<Function, super::decisions::TooLarge> {
    match of {
        _ if k == 0 => Ok(ALWAYS),
        [] => Ok(NEVER),
        [first, rest @ ..] => {
            let (with, without) = (at_least(functions, rest, k - 1)?, at_least(functions, rest, k)?);
            functions.choose(*first, with, without)
        }
    }
}

/// Counts by order as SCRAM 0.16.2 and the publishers have them. ThreeMotor is left out: its file has two tops and no gate for the
/// third, so that no reading of it gives the recorded counts.
#[test]
fn published_fault_trees_have_their_counts_of_minimal_cut_sets() {
    let Some(folder) = beside("oracles/andor") else { return };
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|e| e != "json") || path.file_stem().is_some_and(|s| s == "ThreeMotor") {
            continue;
        }
        let tree: Value = serde_json::from_slice(&std::fs::read(&path).expect("a tree")).expect("json");
        let gates = gates(&tree);
        let used: Vec<&str> = gates.values().flat_map(|(_, args, _)| args.iter().copied()).collect();
        let tops: Vec<&&str> = gates.keys().filter(|name| !used.contains(*name)).collect();
        let [top] = tops[..] else { panic!("{}: tops {tops:?}", path.display()) };
        let mut functions = Functions::new(20_000_000);
        let f = function(top, &gates, &mut functions, &mut HashMap::new(), &mut HashMap::new());
        let limit = tree["limit_order"].as_u64().map(|limit| limit as usize);
        let found = functions.minimal_sets(f, limit).expect("small").by_order();
        let expected = tree["expected"]["distribution_by_order"].as_array().expect("counts").iter();
        let expected: Vec<u64> = expected.map(|count| count.as_u64().expect("a count")).collect();
        assert_eq!(found, expected, "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, 19);
}

/// Some things that need each other, circles included.
#[derive(Clone, Debug)]
struct Web {
    requires: Vec<Vec<usize>>,
    variants: Vec<Vec<usize>>,
}

fn web() -> impl Strategy<Value = Web> {
    (2usize..=14).prop_flat_map(|n| {
        let some = move || proptest::collection::vec(proptest::collection::vec(0..n, 0..3), n);
        (some(), some()).prop_map(|(requires, variants)| Web { requires, variants })
    })
}

/// Whether the first thing works when some do not: up from what needs nothing, until nothing more comes up.
fn works(web: &Web, down: u32) -> bool {
    let n = web.requires.len();
    let mut up = vec![false; n];
    for _ in 0..=n {
        for k in 0..n {
            let varied = web.variants[k].is_empty() || web.variants[k].iter().any(|&v| up[v]);
            up[k] = down >> k & 1 == 0 && varied && web.requires[k].iter().all(|&r| up[r]);
        }
    }
    up[0]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn minimal_sets_are_those_of_brute_force(web in web()) {
        let n = web.requires.len();
        let mut functions = Functions::new(1_000_000);
        let things: Vec<Thing> = (0..n)
            .map(|k| Thing {
                own: functions.event(k as u32).expect("small"),
                requires: web.requires[k].clone(),
                variants: web.variants[k].clone(),
                varied: false,
            })
            .collect();
        let fails = functions.failures(&things).expect("small")[0];
        let mut found: Vec<u32> = functions.minimal_sets(fails, None).expect("small").list(usize::MAX).iter()
            .map(|set| set.iter().fold(0, |all, k| all | 1 << k)).collect();
        found.sort_unstable();
        let stops: Vec<bool> = (0..1u32 << n).map(|down| !works(&web, down)).collect();
        let minimal = |down: &u32| stops[*down as usize]
            && (0..n).filter(|k| down >> k & 1 == 1).all(|k| !stops[(down & !(1 << k)) as usize]);
        let expected: Vec<u32> = (0..1u32 << n).filter(minimal).collect();
        prop_assert_eq!(found, expected);
    }
}

/// A chain with a tool, its variants for two grades, and a material whose suppliers are known in part.
fn small() -> Chain {
    zili_testkit::chains::chain(
        "name = \"small\"\nproduct = \"part\"\ngrades = [\"fine\", \"coarse\"]",
        &[
            "[[stage]]\nid = \"making\"\n".to_owned(),
            source("Invented"),
            input("part", "product", ""),
            input("machine", "tool", "stage = \"making\""),
            input("new-machine", "tool", "variant_of = [\"machine\"]"),
            input("old-machine", "tool", "variant_of = [\"machine\"]\ngrades = [\"coarse\"]"),
            input("stuff", "material", "goes_into = [\"machine\"]"),
            supply("new-machine", "NLD", "share = 1.0"),
            supply("old-machine", "NLD", "share = 0.5"),
            supply("old-machine", "JPN", "share = 0.5"),
            supply("stuff", "JPN", "share = [0.6, 0.8]"),
            supply("stuff", "CHN", ""),
            supply("stuff", "DEU", ""),
        ],
    )
}

fn ask(world: &World, home: &str, method: &'static zili_world::Method) -> zili_world::Params {
    let r = world.classification().region(home).expect("a region");
    zili_testkit::ask(world, Bloc::of_region(world.classification(), r), method, &[("chain", "small")])
}

#[test]
fn a_sole_supplier_stops_the_grade_that_has_no_other_variant() {
    let world = World::bundled("wiod2013").expect("bundled").with_chain(small());
    let finding = inputs::run(&world, &ask(&world, "CHN", &inputs::METHOD)).expect("a finding");
    let column = |name: &str| finding.column(name).expect("a column");
    let row = |input: &str| finding.rows.iter().find(|row| row[column("input")].text() == input).expect("a row");
    assert_eq!(row("new-machine")[column("alone")].text(), "NLD");
    assert_eq!(row("new-machine")[column("stops")].text(), "fine");
    assert_eq!(row("old-machine")[column("stops")].text(), "");
    assert_eq!(row("stuff")[column("stops")].text(), "fine, coarse");
    assert_eq!(row("stuff")[column("foreign_low")].number(), Some(0.6));
    // China has at most what Japan leaves, and at least nothing: Germany may have the rest.
    assert_eq!(row("stuff")[column("foreign_high")].number(), Some(1.0));
    // Japan holds 0.6 at least, China 0.4 at most: it is the largest. Of the old machine two hold a half each.
    assert_eq!(row("stuff")[column("top")].text(), "JPN");
    // The new machine is no way out for the coarse grade if stuff is gone, and a coalition for it takes away both machines.
    let points = super::chokepoints::run(&world, &ask(&world, "CHN", &super::chokepoints::METHOD)).expect("a finding");
    let found: Vec<String> = points.rows.iter().map(|r| [1, 2, 4].map(|c| r[c].text()).join(" ")).collect();
    let expected = [
        "fine certain NLD",
        // Japan and Germany hold between 0.6 and 1 of the stuff: China may have 0.4, or nothing.
        "fine possible JPN+DEU",
        "coarse certain NLD+JPN",
        "coarse possible JPN+DEU",
    ];
    assert_eq!(found, expected);
}

/// Shares that fit what is known of them, from weights.
fn resolved(shares: &Shares, weights: &[f64]) -> Option<Vec<f64>> {
    let mut parts: Vec<(f64, f64)> = shares.regions.iter().map(|(_, h)| (h.low, h.high)).collect();
    parts.push((shares.elsewhere.low, shares.elsewhere.high));
    let mut left = 1.0 - parts.iter().map(|p| p.0).sum::<f64>();
    let mut found: Vec<f64> = parts.iter().map(|p| p.0).collect();
    // Each takes part of what is left, the last all that it may, then once more in turn.
    for round in 0..2 {
        for (k, part) in parts.iter().enumerate() {
            let wish = if round == 0 { weights[k % weights.len()] * left } else { left };
            let more = wish.min(part.1 - found[k]).max(0.0);
            found[k] += more;
            left -= more;
        }
    }
    (left.abs() < 1e-9).then_some(found)
}

proptest! {
    #[test]
    fn intervals_hold_every_resolution_of_unknown_shares(
        given in proptest::collection::vec(prop_oneof![
            Just("".to_owned()),
            (0.0..0.3f64).prop_map(|s| format!("share = {s}")),
            (0.0..0.2f64, 0.2..0.6f64).prop_map(|(l, h)| format!("share = [{l}, {h}]")),
        ], 1..6),
        more in any::<bool>(),
        weights in proptest::collection::vec(0.0..1.0f64, 7),
    ) {
        let mut text = "name = \"x\"\nproduct = \"p\"\n[[source]]\nid = \"s\"\ntitle = \"t\"\npublisher = \"p\"\n[[input]]\nid = \"p\"\nkind = \"product\"\n".to_owned();
        for (k, share) in given.iter().enumerate() {
            text += &format!("[[supply]]\ninput = \"p\"\nregion = \"AA{}\"\n{share}\nsource = \"s\"\n", (b'A' + k as u8) as char);
        }
        if more {
            text += "[[supply]]\ninput = \"p\"\nsource = \"s\"\n";
        }
        let Ok((chain, _)) = chain::read(&text, "x.toml") else { return Ok(()) };
        let shares = Shares::of(&chain, 0).expect("suppliers");
        let Some(parts) = resolved(&shares, &weights) else { return Ok(()) };
        let regions = &parts[..parts.len() - 1];
        let hhi = concentration::hhi(&shares);
        let squares: f64 = regions.iter().map(|s| s * s).sum();
        // Elsewhere adds between nothing and its square.
        prop_assert!(squares >= hhi.low - 1e-9 && squares + parts[regions.len()].powi(2) <= hhi.high + 1e-9, "{squares} {hhi:?} {parts:?}");
        let mut sorted = regions.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let (fewest, most) = concentration::needed_for(&shares, 0.75);
        let reached = sorted.iter().scan(0.0, |sum, s| { *sum += s; Some(*sum) }).position(|sum| sum >= 0.75 - 1e-9);
        if let (Some(k), Some(most)) = (reached, most) {
            prop_assert!((fewest..=most).contains(&(k + 1)), "{fewest} {k} {most}");
        }
        for mask in 0..1u32 << regions.len() {
            let theirs = |code: &zili_world::RegionCode| {
                let k = shares.regions.iter().position(|(known, _)| known == code).expect("known");
                mask >> k & 1 == 1
            };
            let held = shares.held_by(theirs);
            let sum: f64 = (0..regions.len()).filter(|k| mask >> k & 1 == 1).map(|k| regions[k]).sum();
            prop_assert!(held.low - 1e-9 <= sum && sum <= held.high + 1e-9, "{held:?} {sum} {parts:?}");
        }
    }
}

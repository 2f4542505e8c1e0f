//! What holds of every strategy file, however it is written.

use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use zili_plan::strategy::explain::explain;
use zili_plan::strategy::{Strategy as Plan, read};
use zili_scenario::BlocBook;
use zili_world::World;
use zili_world::written::{Diagnostic, Refusal};

static WORLD: LazyLock<World> = LazyLock::new(|| World::bundled("wiod2013").expect("bundled"));
static BOOK: LazyLock<BlocBook> = LazyLock::new(|| BlocBook::bundled().expect("blocs"));
const BY_HAND: &str = include_str!("../../../examples/strategies/by-hand.toml");

fn reading(text: &str) -> Result<(Plan, Vec<Diagnostic>), Refusal> {
    read(text, "s.toml", &WORLD, &BOOK).map_err(|error| match error {
        zili_plan::Error::Refused(refusal) => refusal,
        other => panic!("{other}"),
    })
}

/// A place is in the text, and its caret under it.
fn in_the_text(diagnostic: &Diagnostic, text: &str) -> bool {
    let line = text.lines().nth(diagnostic.line - 1).unwrap_or_default();
    line == diagnostic.source && diagnostic.column <= line.chars().count() + 1
}

const HEAD: &str = "home = \"FIN\"\nfrom = 2026\nyears = 20\ndefault_source = \"assumption\"\n\
    [[input]]\nname = \"m\"\ndemand = 1\nhome = 1\nhome_cost = 1\npenalty = 1\n";

/// What each programme requires: all of these, and one of each of those lists.
type Needs = Vec<(BTreeSet<usize>, Vec<BTreeSet<usize>>)>;

fn needs() -> impl Strategy<Value = Needs> {
    (2usize..7).prop_flat_map(|n| {
        let some = || proptest::collection::btree_set(0..n, 0..2);
        let lists = proptest::collection::vec(proptest::collection::btree_set(0..n, 1..3), 0..2);
        proptest::collection::vec((some(), lists), n)
    })
}

/// Programmes that can start, found by starting whatever can, in an order of one's own.
fn startable(needs: &Needs) -> BTreeSet<usize> {
    let mut done: BTreeSet<usize> = BTreeSet::new();
    let mut waiting: Vec<usize> = (0..needs.len()).rev().collect();
    let mut idle = 0;
    while idle < waiting.len() {
        let p = waiting.remove(0);
        let (all, any) = &needs[p];
        if all.is_subset(&done) && any.iter().all(|list| !list.is_disjoint(&done)) {
            done.insert(p);
            idle = 0;
        } else {
            waiting.push(p);
            idle += 1;
        }
    }
    done
}

fn file_of(needs: &Needs) -> String {
    let names = |set: &BTreeSet<usize>| set.iter().map(|p| format!("\"p{p}\"")).collect::<Vec<_>>().join(", ");
    let mut text = HEAD.to_owned();
    for (p, (all, any)) in needs.iter().enumerate() {
        text += &format!("[[programme]]\nname = \"p{p}\"\ndelivers = {{ m = 1 }}\nmode = [{{ duration = 1 }}]\n");
        if !all.is_empty() {
            text += &format!("requires = [{}]\n", names(all));
        }
        if !any.is_empty() {
            let lists: Vec<String> = any.iter().map(|list| format!("[{}]", names(list))).collect();
            text += &format!("any = [{}]\n", lists.join(", "));
        }
    }
    text
}

proptest! {
    #[test]
    fn a_damaged_file_is_a_strategy_or_an_error_with_a_place_in_it(
        line in 0usize..300, cut in 0usize..60, put in "[ -~]{0,6}", drop in any::<bool>()
    ) {
        let mut lines: Vec<String> = BY_HAND.lines().map(str::to_owned).collect();
        let at = line % lines.len();
        if drop {
            lines.remove(at);
        } else {
            let place = cut.min(lines[at].len());
            if lines[at].is_char_boundary(place) {
                lines[at].insert_str(place, &put);
            }
        }
        let text = lines.join("\n");
        match reading(&text) {
            Ok((strategy, warnings)) => {
                explain(&strategy);
                prop_assert!(warnings.iter().all(|warning| in_the_text(warning, &text)));
            }
            Err(refusal) => {
                prop_assert!(!refusal.0.is_empty());
                prop_assert!(refusal.0.iter().all(|error| in_the_text(error, &text)), "{}", refusal);
            }
        }
    }

    #[test]
    fn exactly_the_files_in_which_every_programme_can_start_pass(needs in needs()) {
        let can = startable(&needs);
        match reading(&file_of(&needs)) {
            Ok(_) => prop_assert_eq!(can.len(), needs.len()),
            Err(refusal) => {
                prop_assert!(can.len() < needs.len(), "{}", refusal);
                let names = refusal.0.iter().map(|error| error.name.as_str());
                prop_assert!(names.clone().all(|name| matches!(name, "cycle" | "unreachable")));
                prop_assert!(names.clone().any(|name| name == "cycle"));
                // A circle named is one: each of its programmes needs the next.
                for error in refusal.0.iter().filter(|error| error.name.as_str() == "cycle") {
                    let (_, circle) = error.message.split_once(": ").expect("a circle");
                    let circle: Vec<usize> =
                        circle.split(" → ").map(|name| name[1..].parse().expect("a number")).collect();
                    prop_assert_eq!(circle.first(), circle.last());
                    for pair in circle.windows(2) {
                        let (all, any) = &needs[pair[0]];
                        prop_assert!(all.contains(&pair[1]) || any.iter().any(|list| list.contains(&pair[1])));
                    }
                }
            }
        }
    }

    #[test]
    fn a_course_is_the_same_however_it_is_written(first in 0.0..100.0f64, last in 0.0..100.0f64, years in 2usize..8) {
        let file = |demand: &str| HEAD.replace("demand = 1", demand).replace("years = 20", &format!("years = {years}"))
            + "[[programme]]\nname = \"p\"\ndelivers = { m = 1 }\nmode = [{ duration = 1 }]\n";
        let demand = |given: &str| reading(&file(given)).map(|(s, _)| s.inputs[0].demand.clone());
        let step = |t: usize| first + (last - first) * t as f64 / (years - 1) as f64;
        let list: Vec<String> = (0..years).map(|t| format!("{:?}", step(t))).collect();
        prop_assume!(first + last > 0.0);
        let listed = demand(&format!("demand = [{}]", list.join(", "))).expect("sound");
        let points = format!("demand = {{ 2026 = {first:?}, {} = {last:?} }}", 2025 + years as i32);
        for (a, b) in listed.iter().zip(demand(&points).expect("sound")) {
            // Rounding of one division and one product.
            prop_assert!((a - b).abs() <= 1e-12 * (first + last));
        }
        let grown = demand(&format!("demand = {{ start = {first:?}, growth = 0 }}"));
        prop_assert_eq!(grown.ok(), demand(&format!("demand = {first:?}")).ok());
    }

    #[test]
    fn every_number_is_counted_once(keep in proptest::collection::vec(any::<bool>(), 40)) {
        // Comments change no number, and what is left out becomes a default of zili's or is refused.
        let optional = ["carry = 0.5", "success = 0.8", "attrition = 0", "holding = 0.1", "discount = 0"];
        let mut text = BY_HAND.to_owned();
        let mut left_out = 0;
        for (key, keep) in optional.iter().zip(&keep) {
            if !keep {
                text = match *key {
                    "holding = 0.1" => text.replacen(", holding = 0.1", "", 1),
                    key => text.replacen(key, "", 1),
                };
                left_out += 1;
            }
        }
        let (whole, _) = reading(BY_HAND).expect("sound");
        let (strategy, _) = reading(&text).expect("sound");
        let figures = explain(&strategy).figures;
        prop_assert_eq!(figures.sourced + figures.assumed + figures.by_default, whole.figures.len());
        let defaults = whole.figures.iter().filter(|figure| figure.by_default).count();
        prop_assert_eq!(figures.by_default, defaults + left_out);
        let names: BTreeSet<&str> = strategy.figures.iter().map(|figure| figure.what.as_str()).collect();
        prop_assert_eq!(names.len(), strategy.figures.len());
    }
}

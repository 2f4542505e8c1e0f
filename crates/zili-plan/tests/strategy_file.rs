//! Strategy files: what they say, and every slip with its name, line and column.

use std::sync::LazyLock;
use zili_plan::strategy::{Effect, LeverKind, Strategy, read};
use zili_scenario::BlocBook;
use zili_world::World;
use zili_world::written::Diagnostic;

static WORLD: LazyLock<World> = LazyLock::new(|| World::bundled().expect("bundled"));
static BOOK: LazyLock<BlocBook> = LazyLock::new(|| BlocBook::bundled().expect("blocs"));
const BY_HAND: &str = include_str!("../../../examples/strategies/by-hand.toml");

fn sound(text: &str) -> (Strategy, Vec<Diagnostic>) {
    read(text, "s.toml", &WORLD, &BOOK).unwrap_or_else(|error| panic!("{error}"))
}

/// What is wrong: name and place of each, and everything as it is shown.
fn refused(text: &str) -> (Vec<String>, String) {
    let Err(zili_plan::Error::Refused(refusal)) = read(text, "s.toml", &WORLD, &BOOK) else {
        panic!("should be refused:\n{text}");
    };
    let places = refusal.0.iter().map(|d| format!("{} {}:{}", d.name.as_str(), d.line, d.column));
    (places.collect(), refusal.to_string())
}

/// The example with one thing changed.
fn changed(from: &str, to: &str) -> String {
    assert!(BY_HAND.contains(from), "the example has no {from}");
    BY_HAND.replacen(from, to, 1)
}

#[test]
fn the_example_by_hand_is_read_as_it_is_written() {
    let (s, warnings) = sound(BY_HAND);
    assert!(warnings.is_empty(), "{warnings:?}");
    assert_eq!((s.name.as_str(), s.home.code.as_str(), s.from, s.years), ("By hand", "FIN", 2026, 5));
    assert_eq!(s.inputs[1].demand, [8.0, 9.0, 10.0, 11.0, 12.0]);
    assert_eq!(s.suppliers.len(), 3);
    assert_eq!(s.programmes[2].modes[0].cost, [("regional".to_owned(), vec![3.0, 1.0])]);
    assert_eq!(s.programmes[4].any, [["magnet-plant", "recycling"]]);
    assert_eq!(s.levers[0].kind, LeverKind::Procurement);
    assert!(
        matches!(&s.levers[0].effects[0], Effect::Purchase { input, amount } if input == "motors" && *amount == 2.0)
    );
    assert_eq!(s.adversary.as_ref().map(|a| a.moves.len()), Some(3));
}

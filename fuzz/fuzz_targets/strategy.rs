//! Any text as a strategy file: a strategy or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use zili_plan::strategy::{explain::explain, read};
use zili_scenario::BlocBook;
use zili_world::World;

static WORLD: LazyLock<World> = LazyLock::new(|| World::bundled("wiod2013").expect("bundled"));

fuzz_target!(|text: &str| {
    let book = BlocBook::bundled().expect("bundled");
    if let Ok((strategy, _)) = read(text, "fuzz", &WORLD, &book) {
        let _ = explain(&strategy);
    }
});

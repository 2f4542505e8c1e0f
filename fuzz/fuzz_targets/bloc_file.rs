//! Any text as a bloc file: blocs or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zili_scenario::BlocBook;

fuzz_target!(|text: &str| {
    let _ = BlocBook::bundled().expect("bundled").with_user_file(text, "fuzz");
});

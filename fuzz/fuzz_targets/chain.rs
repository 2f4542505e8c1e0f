//! Any text as a chain file: a chain or an error, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zili_world::chain::{Shares, read};

fuzz_target!(|text: &str| {
    if let Ok((chain, _)) = read(text, "fuzz") {
        for input in 0..chain.inputs.len() {
            let _ = Shares::of(&chain, input).map(|shares| shares.held_by(|code| code.as_str() < "M"));
        }
        for grade in 0..chain.grades.len() {
            let _ = chain.works(grade, |input| input % 2 == 0);
        }
    }
});

//! The bundled world is part of the program: build again when it changes.

fn main() {
    println!("cargo:rerun-if-changed=../../data/wiod2013");
}

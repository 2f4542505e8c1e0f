//! The bundled worlds are part of the program: build again when they change.

fn main() {
    println!("cargo:rerun-if-changed=../../data/icio2022");
    println!("cargo:rerun-if-changed=../../data/wiod2013");
}

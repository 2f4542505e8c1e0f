//! Methods that need more than one crate of methods.

pub mod penalty;

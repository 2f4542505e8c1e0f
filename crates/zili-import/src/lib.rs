//! Files from outside become a world here, after every check has had its say.
//!
//! A reader takes a path and gives labels and matrices; [`check`] looks at them; nothing is repaired unless a repair is asked for by name.

pub mod check;
mod chip_chain;
mod error;
mod labels;
mod matrix;
mod plain;
mod world_bank;

pub use check::{Defect, Repair};
pub use error::Error;

use std::path::Path;
use zili_world::{Manifest, Table};

/// What the user asks of an import.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name of the new world.
    pub name: String,
    /// Year of a folder that holds one table and does not say.
    pub year: Option<i32>,
    /// Largest relative gap that still counts as balanced; covers rounding in published tables.
    pub tolerance: f64,
    pub repairs: Vec<Repair>,
}

/// A world read and checked, ready for [`zili_world::store::write`].
#[derive(Debug)]
pub struct Imported {
    pub manifest: Manifest,
    pub tables: Vec<Table>,
}

/// A file format.
pub struct Reader {
    pub name: &'static str,
    pub about: &'static str,
    pub read: fn(&Path, &Settings) -> Result<Imported, Error>,
}

/// Every format that can be read.
pub static READERS: &[Reader] = &[Reader { name: "plain", about: plain::ABOUT, read: plain::read }];

/// A format that holds a technology chain; it becomes a chain file of the name asked for.
pub struct ChainReader {
    pub name: &'static str,
    pub about: &'static str,
    pub read: fn(&Path, &str) -> Result<String, Error>,
}

/// Every format of chains that can be read.
pub static CHAIN_READERS: &[ChainReader] =
    &[ChainReader { name: "chip-chain", about: chip_chain::ABOUT, read: chip_chain::read }];

/// The reader of a format of chains, if it is one.
pub fn chain_reader(name: &str) -> Option<&'static ChainReader> {
    CHAIN_READERS.iter().find(|reader| reader.name == name)
}

/// A format that holds indicators by country and year; it becomes a set's file ([`zili_world::science`]).
pub struct IndicatorReader {
    pub name: &'static str,
    pub about: &'static str,
    pub read: fn(&Path) -> Result<IndicatorFile, Error>,
}

/// A set of indicators as it is kept, and what was left out of it.
#[derive(Debug)]
pub struct IndicatorFile {
    pub text: String,
    pub remarks: Vec<String>,
}

/// Every format of indicators that can be read.
pub static INDICATOR_READERS: &[IndicatorReader] =
    &[IndicatorReader { name: "world-bank", about: world_bank::ABOUT, read: world_bank::read }];

/// The reader of a format of indicators, if it is one.
pub fn indicator_reader(name: &str) -> Option<&'static IndicatorReader> {
    INDICATOR_READERS.iter().find(|reader| reader.name == name)
}

/// The reader of a format, by name.
pub fn reader(name: &str) -> Result<&'static Reader, Error> {
    let beside = CHAIN_READERS.iter().map(|r| r.name).chain(INDICATOR_READERS.iter().map(|r| r.name));
    let names = || READERS.iter().map(|r| r.name).chain(beside.clone());
    READERS.iter().find(|r| r.name == name).ok_or_else(|| {
        let accepted: Vec<String> = names().map(str::to_owned).collect();
        zili_world::Error::unknown("format", name, names(), &accepted).into()
    })
}

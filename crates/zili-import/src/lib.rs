//! Files from outside become a world here, after every check has had its say.
//!
//! A reader takes a path and gives labels and matrices; [`check`] looks at them; nothing is repaired unless a repair is asked for by name.

mod caliendo_parro;
mod chain_tables;
pub mod check;
mod chip_chain;
mod error;
pub mod innovation;
mod labels;
mod matrix;
mod plain;
mod records;
mod trade;
mod usgs;
mod world_bank;

pub use caliendo_parro::caliendo_parro;
pub use check::{Defect, Repair};
pub use error::Error;
pub use trade::{ImportedTrade, TradeSettings};

use std::path::Path;
use zili_world::tariffs::TariffData;
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

/// A set of indicators or of production as it is kept, and what was left out of it.
#[derive(Debug)]
pub struct SetFile {
    pub text: String,
    pub remarks: Vec<String>,
}

/// A file format.
pub struct Format {
    pub name: &'static str,
    /// What it is and what it becomes, for help.
    pub about: &'static str,
    pub kind: Kind,
}

/// What a format holds, and how it is read.
#[derive(Clone, Copy)]
pub enum Kind {
    World(ReadWorld),
    /// A technology chain; it becomes a chain file of the name given.
    Chain(fn(&Path, &str) -> Result<String, Error>),
    Trade(ReadTrade),
    /// Indicators by country and year; they become a set's file ([`zili_world::science`]).
    Indicators(fn(&Path) -> Result<SetFile, Error>),
    /// Production of minerals by country and year; it becomes a set's file ([`zili_world::minerals`]).
    Minerals(fn(&Path) -> Result<SetFile, Error>),
    /// Trade with tariffs before and after; its files are kept as they are.
    Tariffs(fn(&Path) -> Result<TariffData, Error>),
}

pub type ReadWorld = fn(&Path, &Settings) -> Result<Imported, Error>;
pub type ReadTrade = fn(&Path, &TradeSettings) -> Result<ImportedTrade, Error>;

/// Every format that can be read.
pub static FORMATS: &[Format] = &[
    Format { name: "plain", about: plain::ABOUT, kind: Kind::World(plain::read) },
    Format { name: "chain", about: chain_tables::ABOUT, kind: Kind::Chain(chain_tables::read) },
    Format { name: "chip-chain", about: chip_chain::ABOUT, kind: Kind::Chain(chip_chain::read) },
    Format { name: "trade", about: trade::plain::ABOUT, kind: Kind::Trade(trade::plain::read) },
    Format { name: "baci", about: trade::baci::ABOUT, kind: Kind::Trade(trade::baci::read) },
    Format { name: "world-bank", about: world_bank::ABOUT, kind: Kind::Indicators(world_bank::read) },
    Format { name: "usgs", about: usgs::ABOUT, kind: Kind::Minerals(usgs::read) },
    Format { name: "caliendo-parro", about: caliendo_parro::ABOUT, kind: Kind::Tariffs(caliendo_parro) },
];

/// A format by name.
pub fn format(name: &str) -> Result<&'static Format, Error> {
    let names = || FORMATS.iter().map(|format| format.name);
    FORMATS.iter().find(|format| format.name == name).ok_or_else(|| {
        let accepted: Vec<String> = names().map(str::to_owned).collect();
        zili_world::Error::unknown("format", name, names(), &accepted).into()
    })
}

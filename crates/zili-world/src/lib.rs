//! zili's ground floor: what the world is made of, and how it is kept.
//!
//! * [`Classification`], [`Table`], [`System`]: regions, sectors, the input–output table of one year, and its Leontief system;
//! * [`Bloc`]: a named set of regions (one region is a bloc of one);
//! * [`minerals`]: who mines and refines what; [`trade`]: who sells which product to whom;
//! * [`science`]: indicators of science and technology by country; [`innovation`]: research and citations by sector;
//! * [`Method`], [`Finding`], [`Evidence`]: what a method is, and what it gives back;
//! * [`written`]: files that people write, every slip named with its place;
//! * [`World`] and [`store`]: the snapshot of data that methods read, and its folder of Parquet files;
//! * [`shelf`]: how all that is imported is kept, safe from crashes and other writers; [`label`]: names that may be shown.
//!
//! Nothing here knows a file format other than zili's own, and nothing prints.

pub mod bloc;
pub mod chain;
pub mod classification;
pub mod code;
pub mod columnar;
pub mod concordance;
pub mod countries;
pub mod elasticities;
mod error;
pub mod finding;
pub mod innovation;
pub mod isic;
pub mod known;
pub mod label;
pub mod linalg;
mod memory;
pub mod method;
pub mod minerals;
pub mod params;
pub mod science;
pub mod shelf;
pub mod store;
mod system;
mod table;
pub mod tariffs;
pub mod trade;
pub mod unit;
pub mod watch;
pub mod world;
pub mod written;

pub use bloc::Bloc;
pub use chain::Chain;
pub use classification::{Classification, FinalCategory, PrimaryInput, Region, Role, Sector};
pub use code::{RegionCode, SectorCode};
pub use concordance::Concordance;
pub use error::Error;
pub use finding::{Cell, Evidence, Finding};
pub use linalg::Matrix;
pub use memory::Memory;
pub use method::{Column, Format, Method, Parameter};
pub use params::{Options, Params, ValueAdded};
pub use science::Indicators;
pub use store::{Manifest, Source};
pub use system::System;
pub use table::Table;
pub use trade::Trade;
pub use unit::Unit;
pub use watch::{Quiet, Stop, Unwatched, Watch};
pub use world::World;

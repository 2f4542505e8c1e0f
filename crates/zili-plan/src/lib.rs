//! Planners: what to build first, with what, against whom.
//!
//! One file a planner, each a pure function of the world, a strategy where it needs one, and a question, listed once in [`PLANNERS`].

mod draws;
mod economy;
mod error;
mod verdict;

pub mod allocation;
pub mod distortion;
pub mod governance;
pub mod portfolio;
pub mod research;
pub mod reserve;
pub mod strategy;
pub mod talent;

pub use error::Error;
pub use strategy::Strategy;

use zili_world::{Finding, Method, Params, World};

/// A method of `plan`.
pub struct Planner {
    pub method: &'static Method,
    pub run: Run,
}

/// What a planner works on.
pub enum Run {
    /// A world's table, or nothing but options.
    World(fn(&World, &Params) -> Result<Finding, Error>),
    /// A strategy, read against a world.
    Strategy(fn(&World, &Strategy, &Params) -> Result<Finding, Error>),
}

/// Every planner, in the order in which they are listed.
pub static PLANNERS: &[Planner] = &[
    Planner { method: &allocation::METHOD, run: Run::World(allocation::run) },
    Planner { method: &distortion::METHOD, run: Run::World(distortion::run) },
    Planner { method: &research::METHOD, run: Run::World(research::run) },
    Planner { method: &governance::coordination::METHOD, run: Run::World(governance::coordination::run) },
    Planner { method: &governance::adaptation::METHOD, run: Run::World(governance::adaptation::run) },
    Planner { method: &governance::initiative::METHOD, run: Run::World(governance::initiative::run) },
    Planner { method: &governance::strategy::METHOD, run: Run::Strategy(governance::strategy::run) },
    Planner { method: &portfolio::METHOD, run: Run::Strategy(portfolio::run) },
    Planner { method: &portfolio::supply::METHOD, run: Run::Strategy(portfolio::supply::run) },
    Planner { method: &portfolio::means::METHOD, run: Run::Strategy(portfolio::means::run) },
    Planner { method: &portfolio::attacks::METHOD, run: Run::Strategy(portfolio::attacks::run) },
    Planner { method: &portfolio::value::METHOD, run: Run::Strategy(portfolio::value::run) },
    Planner { method: &portfolio::frontier::METHOD, run: Run::Strategy(portfolio::frontier::run) },
    Planner { method: &portfolio::sensitivity::METHOD, run: Run::Strategy(portfolio::sensitivity::run) },
    Planner { method: &reserve::METHOD, run: Run::Strategy(reserve::run) },
    Planner { method: &talent::METHOD, run: Run::Strategy(talent::run) },
];

/// A planner by name.
pub fn planner(name: &str) -> Result<&'static Planner, zili_world::Error> {
    let names = || PLANNERS.iter().map(|p| p.method.name);
    PLANNERS.iter().find(|p| p.method.name == name).ok_or_else(|| {
        let accepted: Vec<String> = names().map(str::to_owned).collect();
        zili_world::Error::unknown("planner", name, names(), &accepted)
    })
}

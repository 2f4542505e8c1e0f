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

use zili_world::{Finding, Method, Options, Params, Watch, World};

/// A method of `plan`.
pub struct Planner {
    pub method: &'static Method,
    /// The command of `zili plan` that asks it: those that answer like questions share one.
    pub command: &'static str,
    pub run: Run,
}

/// What a planner works on.
pub enum Run {
    /// Nothing but options.
    Options(fn(&Options, &dyn Watch) -> Result<Finding, Error>),
    /// The table of a world.
    World(fn(&World, &Params, &dyn Watch) -> Result<Finding, Error>),
    /// A strategy, read against a world.
    Strategy(fn(&Strategy, &Options, &dyn Watch) -> Result<Finding, Error>),
    /// The plan for a strategy: one is made for all that is asked of it.
    Plan(fn(&portfolio::Planned, &Options, &dyn Watch) -> Result<Finding, Error>),
}

/// Where effort pays.
pub const ALLOCATE: &str = "allocate";
/// Who should decide.
pub const GOVERNANCE: &str = "governance";
/// The best plan, and what is told of it.
pub const RUN: &str = "run";
const RESERVE: &str = "reserve";
const TALENT: &str = "talent";

/// Every planner, in the order in which they are listed.
#[rustfmt::skip]
pub static PLANNERS: &[Planner] = &[
    Planner { method: &allocation::METHOD, command: ALLOCATE, run: Run::World(|w, p, _| allocation::run(w, p)) },
    Planner { method: &distortion::METHOD, command: ALLOCATE, run: Run::World(|w, p, _| distortion::run(w, p)) },
    Planner { method: &research::METHOD, command: ALLOCATE, run: Run::World(|w, p, _| research::run(w, p)) },
    Planner { method: &governance::coordination::METHOD, command: GOVERNANCE, run: Run::Options(|o, _| governance::coordination::run(o)) },
    Planner { method: &governance::adaptation::METHOD, command: GOVERNANCE, run: Run::Options(|o, _| governance::adaptation::run(o)) },
    Planner { method: &governance::initiative::METHOD, command: GOVERNANCE, run: Run::Options(|o, _| governance::initiative::run(o)) },
    Planner { method: &governance::strategy::METHOD, command: GOVERNANCE, run: Run::Strategy(governance::strategy::run) },
    Planner { method: &portfolio::METHOD, command: RUN, run: Run::Plan(portfolio::finding) },
    Planner { method: &portfolio::supply::METHOD, command: RUN, run: Run::Plan(|p, o, _| Ok(portfolio::supply::finding(p, o))) },
    Planner { method: &portfolio::means::METHOD, command: RUN, run: Run::Plan(|p, o, _| Ok(portfolio::means::finding(p, o))) },
    Planner { method: &portfolio::attacks::METHOD, command: RUN, run: Run::Plan(|p, o, _| portfolio::attacks::finding(p, o)) },
    Planner { method: &portfolio::value::METHOD, command: RUN, run: Run::Plan(portfolio::value::finding) },
    Planner { method: &portfolio::frontier::METHOD, command: RUN, run: Run::Plan(portfolio::frontier::finding) },
    Planner { method: &portfolio::sensitivity::METHOD, command: RUN, run: Run::Plan(portfolio::sensitivity::finding) },
    Planner { method: &reserve::METHOD, command: RESERVE, run: Run::Strategy(reserve::run) },
    Planner { method: &talent::METHOD, command: TALENT, run: Run::Strategy(|s, o, _| talent::run(s, o)) },
];

//! What planners refuse.

use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    /// The question or the world.
    #[error(transparent)]
    World(#[from] zili_world::Error),
    /// A strategy file that cannot be read: everything that is wrong with it.
    #[error("{0}")]
    Refused(zili_world::written::Refusal),
    /// What is asked of a strategy that it says nothing of.
    #[error("{0}")]
    Nothing(String),
    /// No plan keeps to all conditions: which, and what would do.
    #[error("no plan is possible: {0}")]
    Infeasible(String),
    /// The time given was over before any plan was found.
    #[error("no plan was found in {0} s; give more time with --set time=SECONDS, or a wider gap with --set gap=SHARE")]
    OutOfTime(f64),
    #[error(transparent)]
    Solver(#[from] crate::portfolio::program::Refused),
}

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
    /// The work given was done before any plan was found.
    #[error(
        "no plan was found in {0} iterations; give more with the option iterations, or a wider gap with the option gap"
    )]
    OutOfIterations(u64),
    #[error(transparent)]
    Solver(#[from] crate::portfolio::program::Refused),
}

impl Error {
    /// Why a search ended without a plan: whoever watches said stop, or its iterations were done.
    pub fn stopped(watch: &dyn zili_world::Watch, iterations: u64) -> Self {
        match watch.stop() {
            Some(stop) => Error::World(zili_world::Error::Stopped(stop)),
            None => Error::OutOfIterations(iterations),
        }
    }
}

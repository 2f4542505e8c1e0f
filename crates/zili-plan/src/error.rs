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
}

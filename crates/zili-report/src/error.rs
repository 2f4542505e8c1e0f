//! What this floor refuses.

use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },

    #[error("{path}: {reason}")]
    File { path: PathBuf, reason: String },

    #[error("the report's template: {0}")]
    Template(#[from] minijinja::Error),

    #[error(transparent)]
    Engine(#[from] zili_engine::Error),
}

/// What the floors below refuse is told apart by the engine.
macro_rules! from_below {
    ($($error:ty),*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Error::Engine(error.into())
            }
        }
    )*};
}
from_below!(zili_world::Error, zili_scenario::Error, zili_shock::Error, zili_plan::Error);

impl Error {
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Error::Io { path, source }
    }
    pub fn file(path: &Path, reason: impl ToString) -> Self {
        Error::File { path: path.to_owned(), reason: reason.to_string() }
    }
}

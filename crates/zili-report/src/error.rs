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
    Shock(#[from] zili_shock::Error),

    #[error(transparent)]
    Plan(#[from] zili_plan::Error),

    #[error(transparent)]
    Scenario(#[from] zili_scenario::Error),

    #[error(transparent)]
    World(#[from] zili_world::Error),
}

impl Error {
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Error::Io { path, source }
    }
    pub fn file(path: &Path, reason: impl ToString) -> Self {
        Error::File { path: path.to_owned(), reason: reason.to_string() }
    }
}

//! What an import refuses: always with file, and line and column where there are any.

use crate::Defect;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },

    #[error("{path}: {reason}")]
    File { path: PathBuf, reason: String },

    #[error("{path}:{line}: {reason}")]
    Line { path: PathBuf, line: u64, reason: String },

    #[error("{path}: not found; the folder needs {needed}")]
    Missing { path: PathBuf, needed: &'static str },

    #[error("the table of {year} does not pass its checks:\n{}", listed(defects))]
    Defects { year: i32, defects: Vec<Defect> },

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
    pub fn line(path: &Path, line: u64, reason: impl ToString) -> Self {
        Error::Line { path: path.to_owned(), line, reason: reason.to_string() }
    }
}

fn listed(defects: &[Defect]) -> String {
    defects.iter().map(|d| format!("  - {d}")).collect::<Vec<_>>().join("\n")
}

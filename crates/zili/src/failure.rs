//! Why a command failed, and the exit code that says so.

use std::io;
use std::path::Path;
use zili_engine::Kind;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Usage(String),
    #[error("{path}: {source}")]
    Io { path: String, source: io::Error },
    /// Files with something wrong in them; what is said already.
    #[error("{0}")]
    Checked(String),
    /// Called off, with what was kept.
    #[error("{0}")]
    Stopped(String),
    #[error(transparent)]
    Engine(#[from] zili_engine::Error),
    #[error(transparent)]
    Report(#[from] zili_report::Error),
}

impl Failure {
    pub fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Failure::Io { path, source }
    }

    /// Whoever read our output has read enough.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// 1: cannot be answered; 2: not understood; 3: a file could not be read or written; 130: called off.
    pub fn exit_code(&self) -> u8 {
        let of_engine = |error: &zili_engine::Error| match error.kind() {
            Kind::Unanswerable => 1,
            Kind::Question => 2,
            Kind::File => 3,
            Kind::Stopped if error.code() == "deadline" => 124,
            Kind::Stopped => 130,
        };
        match self {
            Failure::Usage(_) => 2,
            Failure::Io { .. } => 3,
            Failure::Checked(_) => 1,
            Failure::Stopped(_) => 130,
            Failure::Engine(error) | Failure::Report(zili_report::Error::Engine(error)) => of_engine(error),
            Failure::Report(_) => 3,
        }
    }
}

/// What the floors below refuse is told apart by the engine.
macro_rules! from_below {
    ($($error:ty),*) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Failure::Engine(error.into())
            }
        }
    )*};
}
from_below!(zili_world::Error, zili_scenario::Error, zili_shock::Error, zili_plan::Error, zili_import::Error);

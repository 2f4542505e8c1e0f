//! Why a command failed, and the exit code that says so.

use std::io;
use std::path::Path;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Usage(String),
    #[error("{path}: {source}")]
    Io { path: String, source: io::Error },
    /// Files with something wrong in them; what is said already.
    #[error("{0}")]
    Checked(String),
    #[error(transparent)]
    World(#[from] zili_world::Error),
    #[error(transparent)]
    Scenario(#[from] zili_scenario::Error),
    #[error(transparent)]
    Shock(#[from] zili_shock::Error),
    #[error(transparent)]
    Plan(#[from] zili_plan::Error),
    #[error(transparent)]
    Import(#[from] zili_import::Error),
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

    /// 1: cannot be answered; 2: not understood; 3: a file could not be read or written.
    pub fn exit_code(&self) -> u8 {
        use zili_world::Error as World;
        let world = |error: &World| match error {
            World::Io { .. } | World::Store { .. } => 3,
            _ => 1,
        };
        let scenario = |error: &zili_scenario::Error| match error {
            zili_scenario::Error::File { .. } => 3,
            zili_scenario::Error::World(error) => world(error),
            _ => 1,
        };
        let shock = |error: &zili_shock::Error| match error {
            zili_shock::Error::World(error) => world(error),
            zili_shock::Error::Scenario(error) => scenario(error),
            _ => 1,
        };
        let plan = |error: &zili_plan::Error| match error {
            zili_plan::Error::World(error) => world(error),
            _ => 1,
        };
        match self {
            Failure::Usage(_) => 2,
            Failure::Io { .. } => 3,
            Failure::Checked(_) => 1,
            Failure::World(error) => world(error),
            Failure::Scenario(error) => scenario(error),
            Failure::Shock(error) => shock(error),
            Failure::Plan(error) => plan(error),
            Failure::Import(error) => match error {
                zili_import::Error::Io { .. } | zili_import::Error::Missing { .. } => 3,
                zili_import::Error::World(error) => world(error),
                _ => 1,
            },
            Failure::Report(error) => match error {
                zili_report::Error::World(error) => world(error),
                zili_report::Error::Scenario(error) => scenario(error),
                zili_report::Error::Shock(error) => shock(error),
                zili_report::Error::Plan(error) => plan(error),
                _ => 3,
            },
        }
    }
}

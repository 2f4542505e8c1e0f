//! What the engine refuses, and under which code.

use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The question itself is not understood.
    #[error("{0}")]
    Question(String),
    /// A field that a method has no use for, or lacks.
    #[error("{method} {what}; it is asked with {accepted}")]
    Field { method: &'static str, what: String, accepted: String },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
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
}

/// What went wrong, for an exit code or a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It cannot be answered: unknown code, data that fail their checks, no inverse.
    Unanswerable,
    /// It was not understood.
    Question,
    /// A file could not be read or written.
    File,
    /// It was called off.
    Stopped,
}

impl Error {
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Error::Io { path, source }
    }

    pub fn kind(&self) -> Kind {
        use zili_world::Error as World;
        match self.of_world() {
            Some(World::Io { .. } | World::Store { .. }) => return Kind::File,
            Some(World::Stopped(_)) => return Kind::Stopped,
            Some(_) => return Kind::Unanswerable,
            None => {}
        }
        match self {
            Error::Question(_) | Error::Field { .. } => Kind::Question,
            Error::Io { .. } | Error::Scenario(zili_scenario::Error::File { .. }) => Kind::File,
            Error::Import(zili_import::Error::Io { .. } | zili_import::Error::Missing { .. }) => Kind::File,
            _ => Kind::Unanswerable,
        }
    }

    /// A word for programs, which stays the same from one version to the next.
    pub fn code(&self) -> &'static str {
        use zili_world::Error as World;
        if let Some(error) = self.of_world() {
            return match error {
                World::Unknown { .. } => "unknown-name",
                World::OtherClassification { .. } => "other-classification",
                World::NotApart { .. } => "not-apart",
                World::NoYear { .. } => "no-year",
                World::Duplicate { .. } => "duplicate",
                World::Option { .. } => "option",
                World::Shape { .. } => "shape",
                World::Singular { .. } => "singular",
                World::Unanswerable(_) => "unanswerable",
                World::Stopped(zili_world::Stop::Cancelled) => "cancelled",
                World::Stopped(zili_world::Stop::Deadline) => "deadline",
                World::Store { .. } => "store",
                World::Io { .. } => "file",
            };
        }
        match self {
            Error::Question(_) => "question",
            Error::Field { .. } => "field",
            Error::Io { .. } => "file",
            Error::Scenario(zili_scenario::Error::Refused(_)) => "scenario",
            Error::Plan(zili_plan::Error::Refused(_)) => "strategy",
            Error::Plan(zili_plan::Error::Infeasible(_)) => "infeasible",
            Error::Plan(zili_plan::Error::OutOfIterations(_)) => "out-of-iterations",
            Error::Shock(zili_shock::Error::NoEquilibrium(_)) => "no-equilibrium",
            Error::Import(_) => "import",
            _ => "unanswerable",
        }
    }

    /// The refusal of the ground floor that it passes on, if it does.
    fn of_world(&self) -> Option<&zili_world::Error> {
        match self {
            Error::World(error)
            | Error::Scenario(zili_scenario::Error::World(error))
            | Error::Shock(zili_shock::Error::World(error))
            | Error::Shock(zili_shock::Error::Scenario(zili_scenario::Error::World(error)))
            | Error::Plan(zili_plan::Error::World(error))
            | Error::Import(zili_import::Error::World(error)) => Some(error),
            _ => None,
        }
    }
}

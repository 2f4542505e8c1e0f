//! What this floor refuses.

use zili_world::written::diagnostic::Refusal;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A bloc file that cannot be read as one; `text` has line and column.
    #[error("{file}: {text}")]
    File { file: String, text: String },

    #[error("{by} cannot deny {against}: both include {shared}")]
    Overlap { by: String, against: String, shared: String },

    #[error("severity {0} is not a share between 0 and 1")]
    Severity(f64),

    #[error("'{0}' is nobody: write a region, a bloc, A+B, home, !A (everyone but A) or all")]
    Nobody(String),

    #[error("{0} is the whole of this world: nobody is left to deny it anything")]
    Everyone(String),

    /// A scenario file with something wrong in it.
    #[error("{0}")]
    Refused(Refusal),

    #[error(transparent)]
    World(#[from] zili_world::Error),
}

//! The waist of the house: a [`Question`] in, a finding out, for every door.
//!
//! * [`Question`]: everything that is asked, in one value that can be written down;
//! * [`Entry`] and [`Engine::entries`]: the one register of methods, put together from the crates that hold them, with what each needs;
//! * [`Library`]: the data that questions name, bundled and the user's;
//! * [`Engine::answer`]: resolves words to data, checks the question whole before anything runs, runs it under a [`zili_world::Watch`], and
//!   signs the finding once.
//!
//! No door knows a method by its name, and nothing here prints.

mod engine;
mod entry;
mod error;
mod library;
mod memory;
pub mod methods;
mod names;
mod question;
mod ready;
mod schema;

pub use engine::Engine;
pub use entry::{Entry, Field, Need, Run, Verb, register};
pub use error::{Error, Kind};
pub use library::{Imported, Importing, KINDS, Kind as DataKind, Library, NO_TARIFFS, TOLERANCE};
pub use names::Names;
pub use question::{Basis, Denial, Document, Documents, MOST_DRAWS, Question, Setting, Start, Uses, Words, Years};
pub use ready::{Ready, Task};
pub use schema::{describe, schema};

/// Names of the formats that can be imported.
pub fn formats() -> Vec<&'static str> {
    zili_import::FORMATS.iter().map(|format| format.name).collect()
}

//! Who is asked about and who denies what: blocs and controls, and how each falls on a table.

pub mod blocs;
mod control;
mod error;

pub use blocs::BlocBook;
pub use control::{Control, Denial, Flows, Sectors};
pub use error::Error;

//! Who is asked about and who denies what: blocs, controls and scenarios, the language they are written in, and how each falls on a table.

pub mod blocs;
mod control;
mod describe;
mod error;
pub mod explain;
mod file;
mod flows;
pub mod products;
mod read;
mod scenario;
pub mod schema;
pub mod template;
mod value;

pub use blocs::BlocBook;
pub use control::{Control, Denial, Flows, Part, Sectors, What};
pub use error::Error;
pub use explain::{Explanation, explain};
pub use read::{Reading, read};
pub use scenario::{
    Carried, Case, Criticality, Disruption, Filled, Impact, Need, Rebuild, Recovery, Response, Scenario, Shape, Stock,
    Uncertain, Unknown, Window,
};
pub use zili_world::written::{Diagnostic, diagnostic};

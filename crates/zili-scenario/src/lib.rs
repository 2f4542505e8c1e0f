//! Who is asked about and who denies what: blocs, controls and scenarios, and how each falls on a table.

pub mod blocs;
mod control;
mod error;
mod scenario;

pub use blocs::BlocBook;
pub use control::{Control, Denial, Flows, Part, Sectors, What};
pub use error::Error;
pub use scenario::{
    Criticality, Disruption, Filled, Impact, Need, Rebuild, Recovery, Response, Scenario, Shape, Stock, Uncertain,
    Unknown, Window,
};

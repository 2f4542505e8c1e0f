//! Files that people write in TOML: every slip named with its line and column, all of them at once.

pub mod diagnostic;
mod findings;
pub mod schema;
pub mod shape;
pub mod value;

pub use diagnostic::{Diagnostic, Level, Refusal};
pub use findings::{Findings, SHARE};
pub use value::{Amounts, At, Date, Moment, Number, Setting, Span, Words};

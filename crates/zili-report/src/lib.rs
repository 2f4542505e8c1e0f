//! Findings as people and programs want them: terminal tables, csv, json, Parquet, and one self-contained HTML report.

pub mod assess;
mod error;
pub mod explanation;
pub mod files;
pub mod folder;
pub mod format;
pub mod html;
pub mod strategy;
pub mod terminal;

pub use error::Error;

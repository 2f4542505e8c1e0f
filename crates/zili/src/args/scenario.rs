//! Of `zili scenario`.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Args)]
pub struct ScenarioArgs {
    #[command(subcommand)]
    pub command: ScenarioCommand,
}

#[derive(Subcommand)]
pub enum ScenarioCommand {
    /// Checks files: every code, number and overlap, with line and column
    #[command(
        after_help = "Examples:\n  zili scenario check mine.toml\n  zili scenario check examples/scenarios/*.toml\n\nErrors and warnings go to standard error, each with a name; the book lists the names. The exit code is 1 if any file\nhas an error."
    )]
    Check(ScenarioCheckArgs),
    /// Says what a scenario removes, in words and million USD, before any model runs
    #[command(
        after_help = "Examples:\n  zili scenario explain mine.toml\n  zili scenario explain mine.toml --format json"
    )]
    Explain(ScenarioExplainArgs),
    /// Writes a commented file to start from
    #[command(
        after_help = "Examples:\n  zili scenario new --home DEU --output mine.toml\n  zili scenario new --home EU27 --kind blockade"
    )]
    New(ScenarioNewArgs),
    /// Prints the JSON Schema of scenario files, for editors
    #[command(after_help = "Examples:\n  zili scenario schema > scenario.schema.json")]
    Schema,
}

#[derive(Args)]
pub struct ScenarioCheckArgs {
    /// Scenario files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// World to check against
    #[arg(long, value_name = "NAME", default_value = zili_world::world::DEFAULT)]
    pub world: String,
}

#[derive(Args)]
pub struct ScenarioExplainArgs {
    /// Scenario file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// World whose flows are removed
    #[arg(long, value_name = "NAME", default_value = zili_world::world::DEFAULT)]
    pub world: String,
    /// For eyes or for programs
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub format: ExplainFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    Text,
    Json,
}

#[derive(Args)]
pub struct ScenarioNewArgs {
    /// Whose reliance: a region's code or name, a bloc, or several joined by `+`
    #[arg(long, value_name = "R", default_value = "CHN")]
    pub home: String,
    /// What it is about
    #[arg(long, value_enum, default_value_t = ScenarioKind::Control)]
    pub kind: ScenarioKind,
    /// World it is written for
    #[arg(long, value_name = "NAME", default_value = zili_world::world::DEFAULT)]
    pub world: String,
    /// Write to a new file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScenarioKind {
    Control,
    Lockdown,
    Blockade,
    Retaliation,
}

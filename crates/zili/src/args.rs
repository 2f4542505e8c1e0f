//! What can be typed.

mod ask;
mod assess;
mod data;
mod expose;
mod methods;
mod plan;
mod scenario;
mod shock;

pub use ask::*;
pub use assess::*;
pub use data::*;
pub use expose::*;
pub use methods::*;
pub use plan::*;
pub use scenario::*;
pub use shock::*;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the question cannot be answered: unknown code, data that fail their checks, no inverse
  2  the command line was not understood
  3  a file could not be read or written
  124  not done within --deadline
  130  called off, by Ctrl-C or another signal

Examples:
  zili assess CHN
  zili assess EU27 --partner USA,CHN --out eu-report
  zili expose foreign-exposure --home USA --partner CHN --set buyers=manufacturing
  zili expose self-sufficiency --home CHN --year all --format csv > trend.csv
  zili shock ban --by USA,NLD,JPN --against CHN --sectors C26,C28
  zili shock scan --home DEU --over pairs --top 20
  zili plan allocate --home CHN
  zili scenario new --home DEU --output mine.toml
  zili scenario explain mine.toml
  zili methods power";

/// Tells an economy how far it can stand on its own, what breaks when others cut it off, and what to build first.
#[derive(Parser)]
#[command(name = "zili", version, after_help = EXIT_CODES, propagate_version = true, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args, Clone)]
pub struct Common {
    /// TOML file with blocs of your own (see `zili data blocs`)
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "FILE")]
    pub blocs: Option<PathBuf>,
    /// Folder where imported worlds are kept [default: zili/worlds in your data folder]
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "DIR", env = "ZILI_STORE")]
    pub store: Option<PathBuf>,
    /// Threads to use, at most four a core [default: one a core]; results do not depend on it
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub threads: Option<u16>,
    /// Give up after so many seconds; what was found by then is given where it is an answer, and says that it was cut short
    #[arg(long, global = true, help_heading = "Everywhere", value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub deadline: Option<u32>,
    /// No progress and no messages but errors
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    pub quiet: bool,
}

#[derive(Subcommand)]
pub enum Command {
    /// The whole picture: one economy or bloc, one report
    Assess(AssessArgs),
    /// Where we stand and on whom we depend: one measure, one year or a series
    Expose(ExposeArgs),
    /// What happens when they cut us off
    Shock(ShockArgs),
    /// Scenario files: who denies what to whom, written once for every model
    Scenario(ScenarioArgs),
    /// What to build first, and who should decide it
    Plan(PlanArgs),
    /// One question, written as JSON: the same answer as by its own command
    Ask(AskArgs),
    /// The Model Context Protocol on standard input and output, for assistants: list and describe methods, list data, ask
    Mcp(McpArgs),
    /// Every method: what it answers, equation, columns, options, source
    Methods(MethodsArgs),
    /// Worlds, chains, trade, sets of indicators and of production: list, show, check, import; and blocs
    Data(DataArgs),
    /// Completions for a shell, to be put where that shell looks for them
    Completions { shell: clap_complete::Shell },
}

/// Which numbers.
#[derive(Args)]
pub struct WorldArgs {
    /// World to use: `icio2022` (the default) and `wiod2013` ship with zili, others come from `zili data import`
    #[arg(long, value_name = "NAME", default_value = zili_world::world::DEFAULT)]
    pub world: String,
    /// What counts as value added: the published rows, or output less intermediate inputs (auto: published where every year has it)
    #[arg(long, value_enum, default_value_t = Basis::Auto)]
    pub value_added: Basis,
    /// A technology chain of yours (TOML); ask about it with --set chain=NAME. May be given several times; hides one of the same name that ships with zili
    #[arg(long = "chain-file", value_name = "FILE")]
    pub chain_files: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Basis {
    Auto,
    Published,
    Residual,
}

impl From<Basis> for zili_engine::Basis {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::Auto => Self::Auto,
            Basis::Published => Self::Published,
            Basis::Residual => Self::Residual,
        }
    }
}

#[derive(Args)]
pub struct OptionArgs {
    /// An option of the method, such as sigma=4 (repeat for more); `zili methods NAME` lists them
    #[arg(long = "set", value_name = "OPTION=VALUE")]
    pub set: Vec<String>,
}

#[derive(Args)]
pub struct OutputArgs {
    /// How the result is written; a table is for eyes and may leave columns out
    #[arg(long, value_enum, default_value_t = OutputFormat::Table)]
    pub format: OutputFormat,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only the first N rows
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub top: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    Table,
    Csv,
    Json,
    Parquet,
}

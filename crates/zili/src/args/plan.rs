//! Of `zili plan`.

use super::scenario::ExplainFormat;
use super::{OptionArgs, OutputArgs, WorldArgs};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub struct PlanArgs {
    #[command(subcommand)]
    pub command: PlanCommand,
}

#[derive(Subcommand)]
pub enum PlanCommand {
    /// The best plan for a strategy: what to start when, against an adversary or scenarios
    #[command(
        after_help = "Examples:\n  zili plan run mine.toml\n  zili plan run mine.toml --show portfolio-supply --format csv\n  zili plan run mine.toml --set against=scenarios --set near=0.05\n  zili plan run mine.toml --out plan\n\nWith --out every table of the plan goes into a folder, with a manifest: what was asked, the solver, cost, bound and gap.\n`zili methods portfolio` tells how the plan is made."
    )]
    Run(PlanRunArgs),
    /// How many days of which input to hold in reserve, against scenarios and the adversary
    #[command(
        after_help = "Examples:\n  zili plan reserve mine.toml\n  zili plan reserve mine.toml --set step=10 --format csv"
    )]
    Reserve(PlanAskArgs),
    /// What a missing unit of each input costs home, by the inventory model
    #[command(
        after_help = "Examples:\n  zili plan penalty mine.toml\n  zili plan penalty mine.toml --set severity=0.5 --set days=180"
    )]
    Penalty(PlanAskArgs),
    /// Engineers and scientists by skill and year: who comes, who goes, who can be had
    #[command(after_help = "Examples:\n  zili plan talent mine.toml\n  zili plan talent mine.toml --format csv")]
    Talent(PlanAskArgs),
    /// Where effort pays: sectors by what a subsidy and research there return, beside home's dependence on others
    #[command(
        after_help = "Examples:\n  zili plan allocate --home CHN\n  zili plan allocate --home EU27 --method distortion --set wedge=0.2 --set imports=traded\n  zili plan allocate --home DEU --method research --research rd.csv --citations patents.csv\n  zili plan allocate --home USA --year 2005 --format csv > usa.csv\n\nToday's research: csv with the columns sector, research; every sector once, 0 where there is none.\nCitations: csv with the columns citing, cited, citations, optionally domestic (those of home's own patents)."
    )]
    Allocate(AllocateArgs),
    /// Who should decide, centre or regions: what is lost by not knowing, not coordinating, not trying
    #[command(
        after_help = "Examples:\n  zili plan governance\n  zili plan governance --set conflict=0.8 --set coordination=0.3 --set variety=0\n  zili plan governance --method governance-adaptation --set tasks=8 --set noise=0.3\n  zili plan governance --method governance-initiative --set congruence=0.8 --format csv\n  zili plan governance mine.toml --set noise=0.3 --set overlap=1\n\n`zili methods governance` tells which option is what."
    )]
    Governance(GovernanceArgs),
    /// Checks strategy files: every name and number, with line and column
    #[command(
        after_help = "Examples:\n  zili plan check mine.toml\n  zili plan check examples/strategies/*.toml\n\nErrors and warnings go to standard error, each with a name; the book lists the names. The exit code is 1 if any file\nhas an error."
    )]
    Check(PlanCheckArgs),
    /// Says what a strategy wants, could fund, has and fears, and which of its numbers are assumed
    #[command(after_help = "Examples:\n  zili plan explain mine.toml\n  zili plan explain mine.toml --format json")]
    Explain(PlanExplainArgs),
    /// Writes a commented strategy to start from, with a programme for each chokepoint of a chain if one is named
    #[command(
        after_help = "Examples:\n  zili plan new --home DEU --output mine.toml\n  zili plan new --home CHN --chain advanced-chips --output chips.toml"
    )]
    New(PlanNewArgs),
    /// Prints the JSON Schema of strategy files, for editors
    #[command(after_help = "Examples:\n  zili plan schema > strategy.schema.json")]
    Schema,
}

#[derive(Args)]
pub struct AllocateArgs {
    /// Whose effort: a region's code or name, a bloc, or several joined by `+`
    #[arg(long, value_name = "R")]
    pub home: String,
    /// Which method: allocation (both side by side), distortion (subsidies) or research
    #[arg(long, value_name = "NAME", default_value = zili_plan::allocation::METHOD.name)]
    pub method: String,
    /// Year of the table [default: the world's latest]
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i32>,
    /// Today's research by sector (csv) [default: in proportion to value added]
    #[arg(long, value_name = "FILE")]
    pub research: Option<PathBuf>,
    /// Which sectors' patents cite whose (csv) [default: in proportion to inputs bought]
    #[arg(long, value_name = "FILE")]
    pub citations: Option<PathBuf>,
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub world: WorldArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args)]
pub struct GovernanceArgs {
    /// Strategy file whose programmes are to be decided; without one the models answer for no strategy in particular
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Which model: governance (conflict and coordination), governance-adaptation or governance-initiative; with a file governance-strategy
    #[arg(long, value_name = "NAME")]
    pub method: Option<String>,
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub world: WorldArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// What asking something of a strategy takes.
#[derive(Args)]
pub struct PlanAskArgs {
    /// Strategy file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub world: WorldArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args)]
pub struct PlanRunArgs {
    #[command(flatten)]
    pub ask: PlanAskArgs,
    /// The table shown: portfolio, portfolio-supply, portfolio-means, portfolio-attacks, portfolio-value, portfolio-frontier or portfolio-sensitivity
    #[arg(long, value_name = "NAME", default_value = zili_plan::portfolio::METHOD.name)]
    pub show: String,
    /// Folder for every table of the plan and its manifest, in the format of --format (csv if that is a table); a plan that is there already is where the search starts
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
pub struct PlanCheckArgs {
    /// Strategy files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub world: WorldArgs,
}

#[derive(Args)]
pub struct PlanExplainArgs {
    /// Strategy file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// For eyes or for programs
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub format: ExplainFormat,
    #[command(flatten)]
    pub world: WorldArgs,
}

#[derive(Args)]
pub struct PlanNewArgs {
    /// Whose plan: a region's code or name, a bloc, or several joined by `+`
    #[arg(long, value_name = "R", default_value = "CHN")]
    pub home: String,
    /// A technology chain whose chokepoints become inputs, each with a suggested programme
    #[arg(long, value_name = "NAME")]
    pub chain: Option<String>,
    /// Most chokepoints suggested, the most foreign first
    #[arg(long, value_name = "N", default_value_t = 12, requires = "chain")]
    pub most: usize,
    /// First year planned
    #[arg(long, value_name = "YEAR", default_value_t = 2026, value_parser = clap::value_parser!(i32).range(1900..=2100))]
    pub from: i32,
    /// Write to a new file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub world: WorldArgs,
}

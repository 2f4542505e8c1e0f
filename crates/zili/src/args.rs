//! What can be typed.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the question cannot be answered: unknown code, data that fail their checks, no inverse
  2  the command line was not understood
  3  a file could not be read or written

Examples:
  zili assess CHN
  zili assess EU27 --partner USA,CHN --out eu-report
  zili expose foreign-exposure --home USA --partner CHN --set buyers=manufacturing
  zili expose self-sufficiency --home CHN --year all --format csv > trend.csv
  zili shock ban --by USA,NLD,JPN --against CHN --sectors 29,30t33
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

impl Basis {
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Auto => "auto",
            Basis::Published => "published",
            Basis::Residual => "residual",
        }
    }
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  zili assess CHN\n  zili assess DEU --partner CHN,USA\n  zili assess EU27 --bloc BRICS --year 2008 --out eu27-2008"
)]
pub struct AssessArgs {
    /// Whose reliance: a region's code or name, a bloc, or several joined by `+`
    #[arg(value_name = "HOME")]
    pub home: String,
    /// Partners to look at as one coalition, beside everybody else
    #[arg(long, value_name = "R,R…", value_delimiter = ',', conflicts_with = "bloc")]
    pub partner: Vec<String>,
    /// A bloc to look at as one coalition, beside everybody else
    #[arg(long, value_name = "NAME")]
    pub bloc: Option<String>,
    /// A scenario file to play with home in view (repeat for more): a chapter for the first, the others beside it
    #[arg(long, value_name = "FILE")]
    pub scenario: Vec<PathBuf>,
    /// Points drawn for the intervals of every horizon, where a scenario is played; 1 for none, which is faster
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub draws: u32,
    /// A strategy file of home's: a chapter with the plan for it, what to start when and against what
    #[arg(long, value_name = "FILE")]
    pub strategy: Option<PathBuf>,
    #[command(flatten)]
    pub world: WorldArgs,
    /// Year of the picture [default: the world's latest]
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i32>,
    /// Folder for report.html, tables/*.csv and manifest.json; an earlier report there is replaced
    #[arg(long, value_name = "DIR", default_value = "zili-report")]
    pub out: PathBuf,
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  zili expose self-sufficiency --home CHN --year 1995..2011\n  zili expose foreign-exposure --home USA --partner CHN,EU27 --set buyers=manufacturing\n  zili expose kww --home all --format parquet --output kww.parquet\n\n`zili methods` lists the measures, `zili methods NAME` tells about one."
)]
pub struct ExposeArgs {
    /// The measure; `zili methods` lists them
    pub measure: String,
    /// Whose reliance: codes, names or blocs, several separated by commas, or `all` for every region
    #[arg(long, value_name = "R[,R…]", value_delimiter = ',', required = true)]
    pub home: Vec<String>,
    /// On whom [default: every other region]
    #[arg(long, value_name = "R[,R…]", value_delimiter = ',')]
    pub partner: Vec<String>,
    /// One year, a span such as 1995..2011, or `all` [default: the world's latest]
    #[arg(long, value_name = "YEARS")]
    pub year: Option<String>,
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub world: WorldArgs,
    #[command(flatten)]
    pub output: OutputArgs,
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
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    Table,
    Csv,
    Json,
    Parquet,
}

#[derive(Args)]
pub struct ShockArgs {
    #[command(subcommand)]
    pub model: ShockCommand,
}

#[derive(Subcommand)]
pub enum ShockCommand {
    /// Scenario files played by a model: static, or step by step
    #[command(
        after_help = "Examples:\n  zili shock run examples/scenarios/coalition-machinery.toml\n  zili shock run S.toml --model price --set sigma=4\n  zili shock run S.toml --model inventory-paths --format csv > paths.csv\n  zili shock run S.toml --model ban --draws 1000\n  zili shock run S.toml --model all\n  zili shock run scenarios/*.toml --model inventory --format parquet --out results\n\n`zili methods` lists the models. A scenario's own options ([model.NAME]) hold unless --set says otherwise."
    )]
    Run(RunArgs),
    /// Scenario files side by side: what each costs home, the world and every region
    #[command(after_help = "Example:\n  zili shock compare mild.toml severe.toml --top 4")]
    Compare(CompareArgs),
    /// A coalition denies sectors to buyers: what every region loses, both ways
    #[command(
        after_help = "Examples:\n  zili shock ban --by USA,NLD,JPN --against CHN --sectors 29,30t33\n  zili shock ban --by CHN --against EU27 --sectors C --severity 0.5 --format csv"
    )]
    Ban(BanArgs),
    /// Every denial of a kind, ranked by what home loses
    #[command(
        after_help = "Examples:\n  zili shock scan --home CHN --over partners\n  zili shock scan --home DEU --over pairs --top 20\n  zili shock scan --home CHN --over coalitions --partner USA,JPN,NLD,KOR,TWN"
    )]
    Scan(ScanArgs),
    /// A data set with tariffs before and after: what the change does to every region's real income
    #[command(
        after_help = "Examples:\n  zili shock tariffs nafta\n  zili data import caliendo-parro nafta --name nafta\n  zili shock tariffs nafta --set deficits=held --set detail=sectors --format csv\n  zili shock tariffs nafta --set steps=50\n\nThe folder has the layout of the data of Caliendo and Parro (2015):\n  regions.txt, sectors.txt   a name a line\nand as csv or csv.gz, with the columns\n  trade                      sector, exporter, importer, value, tariff,\n                             tariff_bln, tariff_cfl; optionally d_bln, d_cfl\n  value_added                sector, region, value\n  final_consumption          sector, region, value\n  intermediate_consumption   input, sector, region, value\n  theta                      sector, value\n  deficit                    region, D\n\n`zili methods tariffs` tells what is computed."
    )]
    Tariffs(TariffsArgs),
    /// A region, a bloc or an industry taken out of the world
    #[command(
        after_help = "Examples:\n  zili shock extraction --home CHN --partner USA,JPN\n  zili shock extraction --home DEU --over industries --format csv"
    )]
    Extraction(ExtractionArgs),
}

/// What playing scenarios takes.
#[derive(Args)]
pub struct PlayArgs {
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub world: WorldArgs,
}

#[derive(Args)]
pub struct RunArgs {
    /// Scenario files; several are compared, or written to the folder of --out
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The model; `zili methods` lists them
    #[arg(long, value_name = "NAME", default_value = "inventory")]
    pub model: String,
    /// Draw what the scenario calls uncertain so many times, and give quantiles
    #[arg(long, value_name = "N")]
    pub draws: Option<usize>,
    /// Seed of the draws
    #[arg(long, value_name = "N", default_value_t = 1, requires = "draws")]
    pub seed: u64,
    /// Folder for one result a file; results that are there already are kept, so that a run that was stopped goes on
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "top"])]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub play: PlayArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args)]
pub struct CompareArgs {
    /// Scenario files of one year and step
    #[arg(value_name = "FILE", required = true, num_args = 2..)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub play: PlayArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args)]
pub struct BanArgs {
    /// Who denies
    #[arg(long, value_name = "R[,R…]", value_delimiter = ',', required = true)]
    pub by: Vec<String>,
    /// Who is denied
    #[arg(long, value_name = "R[,R…]", value_delimiter = ',', required = true)]
    pub against: Vec<String>,
    /// What: sector codes or names [default: all]
    #[arg(long, value_name = "S[,S…]", value_delimiter = ',')]
    pub sectors: Vec<String>,
    /// Share of the flow denied, 0–1
    #[arg(long, default_value_t = 1.0)]
    pub severity: f64,
    /// Which uses are denied
    #[arg(long, value_enum, default_value_t = FlowArg::Both)]
    pub flows: FlowArg,
    #[command(flatten)]
    pub common: ShockCommon,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FlowArg {
    Both,
    Intermediate,
    Final,
}

#[derive(Args)]
pub struct ScanArgs {
    /// Who is denied
    #[arg(long, value_name = "R")]
    pub home: String,
    /// What is denied in turn: partners, sectors, pairs, blocs or coalitions (every union of the blocs given)
    #[arg(long, value_name = "KIND", default_value = "partners")]
    pub over: String,
    /// Partners or blocs to try [default: every other region; for blocs and coalitions the known blocs]
    #[arg(long, value_name = "R[,R…]", value_delimiter = ',')]
    pub partner: Vec<String>,
    /// Share of each flow denied, above 0 to 1
    #[arg(long, default_value_t = 1.0)]
    pub severity: f64,
    #[command(flatten)]
    pub common: ShockCommon,
}

#[derive(Args)]
pub struct ExtractionArgs {
    /// Whose loss is looked at, and the first to be taken out
    #[arg(long, value_name = "R")]
    pub home: String,
    /// Who else is taken out in turn [default: every other region]
    #[arg(long, value_name = "R[,R…]", value_delimiter = ',')]
    pub partner: Vec<String>,
    /// What is taken out: regions, or industries (each of home's alone)
    #[arg(long, value_name = "KIND", default_value = "regions")]
    pub over: String,
    #[command(flatten)]
    pub common: ShockCommon,
}

#[derive(Args)]
pub struct TariffsArgs {
    /// Folder of the data, or the name of tariffs in the store
    #[arg(value_name = "DIR_OR_NAME")]
    pub data: String,
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args)]
pub struct ShockCommon {
    /// Year of the table [default: the world's latest]
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i32>,
    #[command(flatten)]
    pub options: OptionArgs,
    #[command(flatten)]
    pub world: WorldArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

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
    #[arg(long, value_name = "NAME", default_value = "allocation")]
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
    #[arg(long, value_name = "NAME", default_value = "portfolio")]
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

#[derive(Args)]
pub struct MethodsArgs {
    /// A method to tell about in full
    pub name: Option<String>,
}

#[derive(Args)]
pub struct DataArgs {
    #[command(subcommand)]
    pub command: DataCommand,
}

#[derive(Subcommand)]
pub enum DataCommand {
    /// Worlds that can be named with --world
    List,
    /// A world's labels, years, sources and caveats
    Show {
        /// World [default: the bundled one]
        #[arg(default_value = zili_world::world::DEFAULT)]
        world: String,
    },
    /// Reads every file of a world again and checks it
    Check {
        /// World [default: the bundled one]
        #[arg(default_value = zili_world::world::DEFAULT)]
        world: String,
    },
    /// Blocs that can be named, with their members in a world
    Blocs {
        /// World [default: the bundled one]
        #[arg(default_value = zili_world::world::DEFAULT)]
        world: String,
    },
    /// Technology chains that can be named, or what one is made of
    Chains {
        /// Chain to show
        name: Option<String>,
        /// Print the JSON Schema of chain files, for editors
        #[arg(long, conflicts_with_all = ["name", "chain_files"])]
        schema: bool,
        /// A chain of yours (TOML)
        #[arg(long = "chain-file", value_name = "FILE")]
        chain_files: Vec<PathBuf>,
    },
    /// Trade in products that can be named, or what it holds
    Trade {
        /// Trade data to show
        name: Option<String>,
    },
    /// Tariffs before and after that can be named, each read again and checked
    Tariffs,
    /// Files from outside become a world, a technology chain, trade in products, or a set of indicators, of production or of tariffs
    #[command(
        after_help = "Examples:\n  zili data import plain my-table --name mine --year 2020\n  zili assess FRA --world mine\n  zili data import baci BACI_HS17_V202601 --name baci --year 2022\n  zili expose complexity --home FRA --set trade=baci\n  zili data import world-bank API_14_DS2_en_csv_v2.csv --name wdi"
    )]
    Import(ImportArgs),
}

/// The formats of the register, by name.
fn formats() -> String {
    let names: Vec<&str> = zili_import::FORMATS.iter().map(|format| format.name).collect();
    format!("Format of the files: {} (--help tells about each)", names.join(", "))
}

/// The same, each with what it is.
fn about_formats() -> String {
    let about = |format: &zili_import::Format| format!("\n{}: {}", format.name, format.about);
    format!("Format of the files:\n{}", zili_import::FORMATS.iter().map(about).collect::<Vec<_>>().join("\n"))
}

#[derive(Args)]
pub struct ImportArgs {
    #[arg(help = formats(), long_help = about_formats())]
    pub format: String,
    /// Folder or file to read
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// Name of the new world, chain, trade data or set
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Year of a folder with one table [default: what its world.toml says, or 0]; of trade: the only year to read
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i32>,
    /// Largest relative gap that still counts as balanced
    #[arg(long, default_value_t = 1e-3)]
    pub tolerance: f64,
    /// A repair to apply where a check would stop (repeat for more): output-from-uses, zero-negative-flows,
    /// zero-inputs-without-output, keep-column-sums, keep-column-balance, keep-negative-output
    #[arg(long, value_name = "NAME")]
    pub repair: Vec<String>,
    /// Replace what has this name
    #[arg(long)]
    pub replace: bool,
}

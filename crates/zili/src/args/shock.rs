//! Of `zili shock`.

use super::{OptionArgs, OutputArgs, WorldArgs};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

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
    #[arg(value_name = "FILE", required_unless_present = "by")]
    pub files: Vec<PathBuf>,
    /// In place of a file, one denial: who denies
    #[arg(long, value_name = "R[,R…]", value_delimiter = ',', requires = "against", conflicts_with = "files")]
    pub by: Vec<String>,
    /// Who is denied
    #[arg(long, value_name = "R[,R…]", value_delimiter = ',', requires = "by")]
    pub against: Vec<String>,
    /// What: sector codes or names [default: all]
    #[arg(long, value_name = "S[,S…]", value_delimiter = ',', requires = "by")]
    pub sectors: Vec<String>,
    /// Share of the flow denied, 0–1
    #[arg(long, value_name = "SHARE", requires = "by")]
    pub severity: Option<f64>,
    /// The model; `zili methods` lists them
    #[arg(long, value_name = "NAME", default_value = zili_shock::inventory::METHOD.name)]
    pub model: String,
    /// Draw what the scenario calls uncertain so many times, and give quantiles
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(zili_engine::MOST_DRAWS)))]
    pub draws: Option<u32>,
    /// Seed of the draws
    #[arg(long, value_name = "N", default_value_t = 1, requires = "draws")]
    pub seed: u64,
    /// Folder for one result a file; results that are there already are kept, so that a run that was stopped goes on
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "top", "by"])]
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

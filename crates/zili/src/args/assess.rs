//! Of `zili assess`.

use super::WorldArgs;
use clap::Args;
use std::path::PathBuf;

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

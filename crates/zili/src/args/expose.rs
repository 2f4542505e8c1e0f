//! Of `zili expose`.

use super::{OptionArgs, OutputArgs, WorldArgs};
use clap::Args;

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

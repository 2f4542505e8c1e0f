//! Of `zili data`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
pub struct DataArgs {
    #[command(subcommand)]
    pub command: DataCommand,
}

#[derive(Subcommand)]
pub enum DataCommand {
    /// Worlds that can be named with --world, and whatever else was imported
    List,
    /// A world's labels, years, sources and caveats
    Show {
        /// World [default: the bundled one]
        #[arg(default_value = zili_world::world::DEFAULT)]
        world: String,
    },
    /// Reads data whole again and checks them: a world, or whatever else has the name
    Check {
        /// Name of a world or of other data [default: the bundled world]
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
    /// Takes imported data away
    Delete {
        /// Of which kind, where several have the name: worlds, chains, trade, indicators, minerals or tariffs
        #[arg(long, value_name = "KIND")]
        kind: Option<String>,
        /// Their name
        name: String,
    },
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
    #[arg(long, default_value_t = zili_engine::TOLERANCE)]
    pub tolerance: f64,
    /// A repair to apply where a check would stop (repeat for more): output-from-uses, zero-negative-flows,
    /// zero-inputs-without-output, keep-column-sums, keep-column-balance, keep-negative-output
    #[arg(long, value_name = "NAME")]
    pub repair: Vec<String>,
    /// Replace what has this name
    #[arg(long)]
    pub replace: bool,
}

//! Of `zili ask` and `zili mcp`.

use super::OutputArgs;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
#[command(
    after_help = "Examples:\n  zili ask question.json\n  echo '{\"method\": \"power\", \"home\": \"DEU\", \"partner\": \"CHN\"}' | zili ask -\n  zili ask question.json --explain\n\nFields that are files are written {\"file\": PATH}, from the folder of the question, or {\"name\": NAME, \"text\": TEXT}.\n`zili methods NAME --format json` gives the JSON Schema of questions to a method."
)]
pub struct AskArgs {
    /// File with the question (JSON), or `-` for standard input
    #[arg(value_name = "FILE")]
    pub question: PathBuf,
    /// Say what would run on which data, and run nothing
    #[arg(long, conflicts_with_all = ["format", "output", "top"])]
    pub explain: bool,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Args)]
#[command(
    after_help = "Every answer comes with its evidence. Nothing is written unless imports are allowed.\n\nAn assistant is told of it by its configuration, such as\n  {\"mcpServers\": {\"zili\": {\"command\": \"zili\", \"args\": [\"mcp\"]}}}"
)]
pub struct McpArgs {
    /// Let the assistant import files into the store
    #[arg(long)]
    pub allow_import: bool,
}

//! `zili`: the command line. Words come in, validated questions go to the floors below, findings go out.

mod args;
mod assess;
mod batch;
mod context;
mod data;
mod expose;
mod failure;
mod methods;
mod output;
mod plan;
mod play;
mod portfolio;
mod scenario;
mod shock;
mod strategy;

use args::{Arguments, Command};
use clap::{CommandFactory, Parser};
use failure::Failure;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "zili: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    if let Some(threads) = arguments.common.threads {
        // More than a few a core only waste time.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads).min(4 * cores)).build_global();
        pool.map_err(|e| Failure::Usage(format!("--threads {threads}: {e}")))?;
    }
    let common = &arguments.common;
    match arguments.command {
        Command::Assess(args) => assess::run(common, args),
        Command::Expose(args) => expose::run(common, args),
        Command::Shock(args) => shock::run(common, args),
        Command::Scenario(args) => scenario::run(common, args),
        Command::Plan(args) => plan::run(common, args),
        Command::Methods(args) => methods::run(args),
        Command::Data(args) => data::run(common, args),
        Command::Completions { shell } => {
            let mut bytes = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "zili", &mut bytes);
            output::to_stdout(&bytes)
        }
    }
}

//! `zili`: the command line. Words come in, questions go to the engine, findings go out.
//!
//! A program of one's own can be the same command line with methods more: see `examples/one_more_measure.rs`.

mod args;
mod ask;
mod asking;
mod assess;
mod batch;
mod complete;
mod data;
mod expose;
mod failure;
mod methods;
mod output;
mod plan;
mod plan_folder;
mod scenario;
mod shock;
mod strategy;
mod watching;

use args::{Arguments, Command};
use clap::FromArgMatches;
use failure::Failure;
use std::path::Path;
use std::process::ExitCode;
use zili_engine::{Engine, Entry};

/// Bytes for factorisations that stay between the questions of a session.
const MEMORY: usize = 1 << 30;

/// Runs the command that the program was started with; `more` are methods beside those that ship with zili.
pub fn main_with(more: &[Entry]) -> ExitCode {
    let with = |engine: Engine| more.iter().fold(engine, |engine, entry| engine.with_entry(*entry));
    let known = with(Engine::new(zili_engine::Library::bundled()));
    let matches = complete::command(&known).get_matches();
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    match run(arguments, &with) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&format!("zili: {failure}"));
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(arguments: Arguments, with: &dyn Fn(Engine) -> Engine) -> Result<(), Failure> {
    let common = &arguments.common;
    if let Some(threads) = common.threads {
        // More than a few a core only waste time.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads).min(4 * cores)).build_global();
        pool.map_err(|e| Failure::Usage(format!("--threads {threads}: {e}")))?;
    }
    // A server's deadline is that of each question.
    let serves = matches!(arguments.command, Command::Mcp(_));
    watching::listen(common.deadline.filter(|_| !serves));
    let engine = &with(Engine::new(asking::library(common)));
    match arguments.command {
        Command::Assess(args) => assess::run(common, engine, args),
        Command::Expose(args) => expose::run(common, engine, args),
        Command::Shock(args) => shock::run(common, engine, args),
        Command::Scenario(args) => scenario::run(common, engine, args),
        Command::Plan(args) => plan::run(common, engine, args),
        Command::Ask(args) => ask::run(common, engine, &args),
        Command::Methods(args) => methods::run(engine, &args),
        Command::Mcp(args) => {
            let engine = with(Engine::new(asking::library(common)).with_memory(MEMORY));
            zili_server::mcp::serve(engine, args.allow_import, common.deadline)
                .map_err(Failure::io(Path::new("standard input")))
        }
        Command::Data(args) => data::run(common, engine, args),
        Command::Completions { shell } => {
            let mut bytes = Vec::new();
            clap_complete::generate(shell, &mut complete::command(engine), "zili", &mut bytes);
            output::to_stdout(&bytes)
        }
    }
}

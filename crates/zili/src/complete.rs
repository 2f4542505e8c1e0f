//! The command with the names of methods in it, which a shell can complete.

use crate::args::Arguments;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command, CommandFactory, Error};
use std::ffi::OsStr;
use zili_engine::{Engine, Entry, Verb};

/// The command line of the methods that an engine has.
pub fn command(engine: &Engine) -> Command {
    let named = |chosen: &dyn Fn(&Entry) -> bool| Names::new(engine.entries().iter().filter(|entry| chosen(entry)));
    let measures = named(&|entry| entry.verb() == Verb::Expose);
    let models = named(&Entry::is_of_scenario);
    let every = named(&|_| true);
    let tables = named(&Entry::is_of_plan);
    Arguments::command()
        .mut_subcommand("expose", |c| c.mut_arg("measure", |arg| arg.value_parser(measures).hide_possible_values(true)))
        .mut_subcommand("shock", |c| {
            c.mut_subcommand("run", |c| c.mut_arg("model", |arg| arg.value_parser(models).hide_possible_values(true)))
        })
        .mut_subcommand("plan", |c| {
            c.mut_subcommand("run", |c| c.mut_arg("show", |arg| arg.value_parser(tables).hide_possible_values(true)))
        })
        .mut_subcommand("methods", |c| c.mut_arg("name", |arg| arg.value_parser(every).hide_possible_values(true)))
}

/// Any word, these among them: the engine refuses what it does not know, and says more about it than a parser could.
#[derive(Clone)]
struct Names(Vec<(&'static str, &'static str)>);

impl Names {
    fn new<'a>(entries: impl Iterator<Item = &'a Entry>) -> Self {
        Self(entries.map(|entry| (entry.method.name, entry.method.title())).collect())
    }
}

impl TypedValueParser for Names {
    type Value = String;

    fn parse_ref(&self, _: &Command, _: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        Ok(value.to_string_lossy().into_owned())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(|(name, title)| PossibleValue::new(*name).help(*title))))
    }
}

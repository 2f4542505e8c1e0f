//! Flags that many commands share, as parts of a question; and asking it.

use crate::args::{Common, OptionArgs, OutputArgs, WorldArgs};
use crate::failure::Failure;
use crate::output;
use crate::watching::Terminal;
use std::path::{Path, PathBuf};
use zili_engine::{Document, Engine, Library, Names, Question};
use zili_world::Finding;

/// The library in the folder that is asked for, or in the user's data folder; what ships with zili alone where there is neither.
pub fn library(common: &Common) -> Library {
    let variable = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = || variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share")));
    match common.store.clone().or_else(|| Some(data()?.join("zili/worlds"))) {
        Some(folder) => Library::at(folder),
        None => Library::bundled(),
    }
}

/// A question to a method of a world, with the options of `--set`.
pub fn question(
    common: &Common,
    method: &str,
    world: Option<&WorldArgs>,
    set: &OptionArgs,
) -> Result<Question, Failure> {
    let mut question = Question::of(method);
    for word in &set.set {
        let refuse = || Failure::Usage(format!("--set {word}: give OPTION=VALUE"));
        let (name, value) = word.split_once('=').ok_or_else(refuse)?;
        if question.options.insert(name.to_owned(), value.into()).is_some() {
            return Err(Failure::Usage(format!("--set {word}: {name} is given twice")));
        }
    }
    if let Some(world) = world {
        question.world = Some(world.world.clone());
        question.value_added = world.value_added.into();
        question.chains = world.chain_files.iter().map(Document::file).collect::<Vec<_>>().into();
        question.blocs = common.blocs.as_ref().map(Document::file);
    }
    Ok(question)
}

/// An option that has a flag of its own in a command.
pub fn flag(question: &mut Question, name: &str, value: &str) -> Result<(), Failure> {
    match question.options.insert(name.to_owned(), value.into()) {
        None => Ok(()),
        Some(given) => Err(Failure::Usage(format!("--set {name}={given}: this command has --{name} for it"))),
    }
}

/// Asks a question whose files are named from the working folder.
pub fn answer(common: &Common, engine: &Engine, question: &mut Question) -> Result<Finding, Failure> {
    let title = engine.check(question)?.method.title();
    question.read_files(Path::new("."))?;
    let watch = Terminal::new(common, title);
    let finding = engine.answer(question, &watch);
    watch.finish();
    Ok(finding?)
}

/// The same, with the finding written as asked.
pub fn show(common: &Common, engine: &Engine, mut question: Question, shown: &OutputArgs) -> Result<(), Failure> {
    let finding = answer(common, engine, &mut question)?;
    output::finding(common, shown, finding)
}

/// A world and its blocs, for commands that are no question to a method.
pub fn names(common: &Common, engine: &Engine, world: &WorldArgs) -> Result<Names, Failure> {
    named(common, engine, &world.world, &world.chain_files)
}

/// The same by the world's name and the user's own chains.
pub fn named(common: &Common, engine: &Engine, world: &str, chains: &[PathBuf]) -> Result<Names, Failure> {
    let mut question = Question::of("");
    question.chains = chains.iter().map(Document::file).collect::<Vec<_>>().into();
    question.blocs = common.blocs.as_ref().map(Document::file);
    question.read_files(Path::new("."))?;
    let watch = Terminal::quiet(common);
    Ok(engine.names(Some(world), question.chains.as_slice(), question.blocs.as_ref(), &watch)?)
}

//! From a question to a finding.

use crate::entry::{Entry, Field, Need, Run, Verb, register};
use crate::memory::Kept;
use crate::question::{Document, Question};
use crate::ready::{self, Ready, Resolver, Task};
use crate::{Error, Library, Names};
use std::sync::Arc;
use zili_plan::portfolio::Planned;
use zili_scenario::BlocBook;
use zili_shock::Posed;
use zili_world::world::DEFAULT;
use zili_world::{Finding, Memory, Watch, World, chain, store};

/// The methods, the data they are asked of, and what was made for earlier questions.
pub struct Engine {
    entries: Vec<Entry>,
    library: Library,
    worlds: Kept<World>,
    memory: Arc<Memory>,
    plans: Kept<Planned>,
}

/// Worlds that stay open: one in view, and one beside it.
const WORLDS: usize = 2;

impl Engine {
    pub fn new(library: Library) -> Self {
        Self { entries: register(), library, worlds: Kept::new(WORLDS), memory: Arc::default(), plans: Kept::new(1) }
    }

    /// The same with so many bytes for factorisations that stay for later questions. Without it each question makes its own.
    pub fn with_memory(self, bytes: usize) -> Self {
        Self { memory: Arc::new(Memory::of(bytes)), ..self }
    }

    /// The same with one method more.
    pub fn with_entry(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self
    }

    /// Every method, in the order in which they are listed.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn library(&self) -> &Library {
        &self.library
    }

    /// A method by name.
    pub fn entry(&self, name: &str) -> Result<&Entry, Error> {
        let alias = |entry: &&Entry| matches!(entry.run, Run::Model(model) if model.alias == Some(name));
        let found = self.entries.iter().find(|entry| entry.method.name == name);
        found.or_else(|| self.entries.iter().find(alias)).ok_or_else(|| {
            let names: Vec<String> = self.entries.iter().map(|entry| entry.method.name.to_owned()).collect();
            zili_world::Error::unknown("method", name, names.iter().map(String::as_str), &names).into()
        })
    }

    /// A method of a verb by name; the refusal names those of that verb.
    pub fn entry_of(&self, verb: Verb, name: &str) -> Result<&Entry, Error> {
        match self.entry(name) {
            Ok(entry) if entry.verb() == verb => Ok(entry),
            _ => {
                let of_verb = self.entries.iter().filter(|entry| entry.verb() == verb);
                let names: Vec<String> = of_verb.map(|entry| entry.method.name.to_owned()).collect();
                Err(zili_world::Error::unknown(verb.noun(), name, names.iter().map(String::as_str), &names).into())
            }
        }
    }

    /// Everything that an answer depends on, in one checksum.
    pub fn fingerprint(&self, question: &Question, ready: &Ready) -> String {
        let manifest = ready.world().map(|world| format!("{:?}", world.manifest()));
        let asked = serde_json::to_string(question).unwrap_or_default();
        let data = self.library.stamp(question.world.as_deref().unwrap_or(DEFAULT));
        let parts = [env!("CARGO_PKG_VERSION"), &asked, manifest.as_deref().unwrap_or_default(), &data];
        store::sha256(parts.join("\n").as_bytes())
    }

    /// A world by name with all data that can be named in it, and the blocs; the bundled world where none is named.
    pub fn names(
        &self,
        world: Option<&str>,
        chains: &[Document],
        blocs: Option<&Document>,
        watch: &dyn Watch,
    ) -> Result<Names, Error> {
        let name = world.unwrap_or(DEFAULT);
        let mut stamp = self.library.stamp(name);
        for document in chains {
            stamp += &store::sha256(document.read()?.1.as_bytes());
        }
        let open = || -> Result<World, Error> {
            let world = self.library.furnish(self.library.world(name)?, watch).with_memory(self.memory.clone());
            chains.iter().try_fold(world, |world, document| {
                let (name, text) = document.read()?;
                let (chain, warnings) = chain::read(text, name).map_err(zili_scenario::Error::Refused)?;
                warnings.iter().for_each(|warning| watch.warn(&warning.to_string()));
                Ok(world.with_chain(chain))
            })
        };
        let world = self.worlds.get(stamp, open, || true)?;
        let book = BlocBook::bundled()?;
        let book = match blocs {
            None => book,
            Some(document) => {
                let (name, text) = document.read()?;
                book.with_user_file(text, name)?
            }
        };
        Ok(Names { world, book })
    }

    /// Refuses what can be refused of a question before any data or file is opened: an unknown method, fields and options that it does not have.
    pub fn check(&self, question: &Question) -> Result<&Entry, Error> {
        let entry = self.entry(&question.method)?;
        ready::check(entry, question)?;
        // Those of a model that is drawn are its own.
        if entry.need(Field::Model) == Need::Never {
            ready::options(entry.method, question, &ready::files(question))?;
        }
        Ok(entry)
    }

    /// Checks a question whole, and puts data in place of its words. Nothing runs.
    pub fn ready(&self, question: &Question, watch: &dyn Watch) -> Result<Ready, Error> {
        let entry = self.check(question)?;
        let method = entry.method;
        let task = match entry.run {
            Run::Model(model) if matches!(model.run, zili_shock::Run::Tariffs(_)) => Task::Tariffs {
                model,
                data: self.library.tariffs(question.tariffs.as_deref().unwrap_or_default())?,
                options: ready::options(method, question, &[])?,
            },
            Run::Planner(planner) if matches!(planner.run, zili_plan::Run::Options(_)) => {
                Task::Options { planner, options: ready::options(method, question, &[])? }
            }
            _ => {
                let names =
                    self.names(question.world.as_deref(), question.chains.as_slice(), question.blocs.as_ref(), watch)?;
                let names = self.with_files(names, question)?;
                Resolver { entry, entries: &self.entries, question, names, watch }.ready()?
            }
        };
        Ok(Ready { method, task })
    }

    /// A world with the user's own files on research, opened for this question alone.
    fn with_files(&self, names: Names, question: &Question) -> Result<Names, Error> {
        if question.research.is_none() && question.citations.is_none() {
            return Ok(names);
        }
        let classification = names.world.classification().clone();
        let mut world = self.library.world(question.world.as_deref().unwrap_or(DEFAULT))?;
        if let Some(document) = &question.research {
            let (name, text) = document.read()?;
            world = world.with_research(zili_import::innovation::research(name, text, &classification)?);
        }
        if let Some(document) = &question.citations {
            let (name, text) = document.read()?;
            world = world.with_citations(zili_import::innovation::citations(name, text, &classification)?);
        }
        Ok(Names { world: Arc::new(world), ..names })
    }

    /// The answer to a question.
    pub fn answer(&self, question: &Question, watch: &dyn Watch) -> Result<Finding, Error> {
        let ready = self.ready(question, watch)?;
        watch.go_on()?;
        self.run(&ready, watch)
    }

    /// Runs a question that was checked, and signs what was found.
    pub fn run(&self, ready: &Ready, watch: &dyn Watch) -> Result<Finding, Error> {
        let mut finding = match &ready.task {
            Task::Measure { measure, world, homes, years, params } => {
                zili_exposure::series(world, measure, homes, years, params, watch)?
            }
            Task::Scenario { model, world, posed, .. } => model.answer(world, &posed.scenario, &posed.params, watch)?,
            Task::Draws { model, of, world, posed, draws, .. } => match model.run {
                zili_shock::Run::Draws(run) => run(world, posed, of, *draws, watch)?,
                _ => return Err(other_kind(ready)),
            },
            Task::Scenarios { model, world, posed } => match model.run {
                zili_shock::Run::Scenarios(run) => run(world, posed, watch)?,
                _ => return Err(other_kind(ready)),
            },
            Task::Home { model, world, params } => match model.run {
                zili_shock::Run::Home(run) => run(world, params, watch)?,
                _ => return Err(other_kind(ready)),
            },
            Task::Tariffs { model, data, options } => match model.run {
                zili_shock::Run::Tariffs(run) => run(data, options, watch)?,
                _ => return Err(other_kind(ready)),
            },
            Task::Options { planner, options } => match planner.run {
                zili_plan::Run::Options(run) => run(options, watch)?,
                _ => return Err(other_kind(ready)),
            },
            Task::World { planner, world, params } => match planner.run {
                zili_plan::Run::World(run) => run(world, params, watch)?,
                _ => return Err(other_kind(ready)),
            },
            Task::Strategy { planner, strategy, options } => match planner.run {
                zili_plan::Run::Strategy(run) => run(strategy, options, watch)?,
                _ => return Err(other_kind(ready)),
            },
            Task::Plan { planner, options, .. } => match planner.run {
                zili_plan::Run::Plan(run) => run(&*self.planned(ready, watch)?, options, watch)?,
                _ => return Err(other_kind(ready)),
            },
            Task::Both { run, world, strategy, params } => run(world, strategy, params, watch)?,
        };
        ready.sign(&mut finding)?;
        Ok(finding)
    }

    /// The plan that is made for a question, or was made for the one before it.
    pub fn planned(&self, ready: &Ready, watch: &dyn Watch) -> Result<Arc<Planned>, Error> {
        let Task::Plan { strategy, options, start, key, .. } = &ready.task else { return Err(other_kind(ready)) };
        let make = || zili_plan::portfolio::plan(strategy, options, start, watch);
        // One that was cut short is no answer to whoever asks next and has time.
        Ok(self.plans.get(key.clone(), make, || watch.stop().is_none())?)
    }

    /// The answers to many questions, each given to `found` by its place as it is known. Questions that are faster together are run together.
    pub fn answers(
        &self,
        questions: &[Ready],
        watch: &dyn Watch,
        found: &mut dyn FnMut(usize, Result<Finding, Error>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut waiting: Vec<usize> = (0..questions.len()).collect();
        while let Some(&first) = waiting.first() {
            watch.go_on()?;
            let group = together(questions, &waiting, first);
            waiting.retain(|k| !group.contains(k));
            match self.run_together(questions, &group, watch) {
                Some(Ok(findings)) => {
                    group.iter().zip(findings).try_for_each(|(&k, finding)| found(k, Ok(finding)))?;
                }
                // One that is refused must not take the others with it.
                None | Some(Err(_)) => {
                    for &k in &group {
                        watch.go_on()?;
                        found(k, self.run(&questions[k], watch))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn run_together(
        &self,
        questions: &[Ready],
        group: &[usize],
        watch: &dyn Watch,
    ) -> Option<Result<Vec<Finding>, Error>> {
        let Some(Task::Scenario { model, world, .. }) = group.first().map(|&k| &questions[k].task) else { return None };
        let together = model.together.filter(|_| group.len() > 1)?;
        let posed: Vec<Posed> = group.iter().filter_map(|&k| questions[k].posed().cloned()).collect();
        let signed = |findings: Vec<Finding>| {
            let sign = |(&k, mut finding): (&usize, Finding)| {
                questions[k].sign(&mut finding)?;
                Ok(finding)
            };
            group.iter().zip(findings).map(sign).collect()
        };
        Some((together.run)(world, &posed, watch).map_err(Error::from).and_then(signed))
    }
}

/// Those of the waiting questions that can be run with the first, itself among them.
fn together(questions: &[Ready], waiting: &[usize], first: usize) -> Vec<usize> {
    let Task::Scenario { model, world, posed, .. } = &questions[first].task else { return vec![first] };
    let Some(together) = model.together else { return vec![first] };
    let alike = |k: &&usize| match &questions[**k].task {
        Task::Scenario { model: other, world: of, posed: its, .. } => {
            std::ptr::eq(*model, *other) && Arc::ptr_eq(world, of) && (together.alike)(posed, its)
        }
        _ => false,
    };
    waiting.iter().filter(alike).take(together.most).copied().collect()
}

/// A task of one kind with a method of another: a slip in the engine, not in the question.
fn other_kind(ready: &Ready) -> Error {
    Error::Question(format!("{} cannot be asked in this way", ready.method.name))
}

impl Ready {
    /// The world that is asked about.
    pub fn world(&self) -> Option<&World> {
        match &self.task {
            Task::Measure { world, .. }
            | Task::Scenario { world, .. }
            | Task::Draws { world, .. }
            | Task::Scenarios { world, .. }
            | Task::Home { world, .. }
            | Task::World { world, .. }
            | Task::Both { world, .. } => Some(world),
            _ => None,
        }
    }

    /// Its scenario, where it is asked of one.
    pub fn posed(&self) -> Option<&Posed> {
        match &self.task {
            Task::Scenario { posed, .. } | Task::Draws { posed, .. } => Some(posed),
            _ => None,
        }
    }

    /// Writes into a finding's evidence where its numbers come from.
    fn sign(&self, finding: &mut Finding) -> Result<(), Error> {
        if let Some(world) = self.world() {
            world.sign(finding)?;
        }
        if let Task::Scenario { file: Some(sha256), .. } | Task::Draws { file: Some(sha256), .. } = &self.task {
            finding.parameter("scenario file", sha256.as_str());
        }
        Ok(())
    }
}

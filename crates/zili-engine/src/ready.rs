//! A question whose every word stands for data: checked whole, and ready to run.

use crate::entry::{Entry, Field, Need, Run};
use crate::question::{Denial, MOST_DRAWS, Question, Uses};
use crate::{Error, Names};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use zili_exposure::Measure;
use zili_plan::portfolio::Earlier;
use zili_plan::{Planner, Strategy};
use zili_scenario::diagnostic::Name;
use zili_scenario::{Control, Flows, Reading, Scenario, Sectors};
use zili_shock::uncertainty::{Draws, FEWEST};
use zili_shock::{Model, Posed};
use zili_world::tariffs::TariffData;
use zili_world::{Bloc, Finding, Method, Options, Params, Watch, World, store};

/// What is to be run, on what.
pub struct Ready {
    pub method: &'static Method,
    pub task: Task,
}

/// By the kind of method.
pub enum Task {
    Measure {
        measure: &'static Measure,
        world: Arc<World>,
        homes: Vec<Bloc>,
        years: Vec<i32>,
        params: Params,
    },
    Scenario {
        model: &'static Model,
        world: Arc<World>,
        posed: Posed,
        file: Option<String>,
    },
    Draws {
        model: &'static Model,
        of: &'static Model,
        world: Arc<World>,
        posed: Posed,
        draws: Draws,
        file: Option<String>,
    },
    Scenarios {
        model: &'static Model,
        world: Arc<World>,
        posed: Vec<Posed>,
    },
    Home {
        model: &'static Model,
        world: Arc<World>,
        params: Params,
    },
    Tariffs {
        model: &'static Model,
        data: TariffData,
        options: Options,
    },
    Options {
        planner: &'static Planner,
        options: Options,
    },
    World {
        planner: &'static Planner,
        world: Arc<World>,
        params: Params,
    },
    Strategy {
        planner: &'static Planner,
        strategy: Strategy,
        options: Options,
    },
    Plan {
        planner: &'static Planner,
        strategy: Strategy,
        options: Options,
        start: Vec<Earlier>,
        key: String,
    },
    Both {
        run: RunBoth,
        world: Arc<World>,
        strategy: Strategy,
        params: Params,
    },
}

type RunBoth = fn(&World, &Strategy, &Params, &dyn Watch) -> Result<Finding, Error>;

impl Ready {
    /// What would run, on which data, in one value for people and programs.
    pub fn explain(&self) -> Value {
        let mut what = match &self.task {
            Task::Measure { world, homes, years, params, .. } => {
                let mut what = asked(world, params);
                (what["home"], what["year"]) = (json!(blocs(homes)), json!(years));
                what
            }
            Task::Scenario { world, posed, .. } => asked(world, &posed.params),
            Task::Draws { of, world, posed, draws, .. } => {
                let mut what = asked(world, &posed.params);
                what["model"] = json!(of.method.name);
                (what["draws"], what["seed"]) = (json!(draws.draws), json!(draws.seed));
                what
            }
            Task::Scenarios { world, posed, .. } => {
                let names: Vec<&str> = posed.iter().map(|posed| posed.scenario.name.as_str()).collect();
                json!({"world": data(world), "scenarios": names})
            }
            Task::Home { world, params, .. } | Task::World { world, params, .. } => asked(world, params),
            Task::Tariffs { data, options, .. } => {
                json!({"regions": data.regions, "sectors": data.sectors, "options": listed(options)})
            }
            Task::Options { options, .. } => json!({"options": listed(options)}),
            Task::Strategy { strategy, options, .. } | Task::Plan { strategy, options, .. } => {
                json!({"strategy": strategy.name, "home": bloc(&strategy.home), "options": listed(options)})
            }
            Task::Both { world, strategy, params, .. } => {
                let mut what = asked(world, params);
                what["strategy"] = json!(strategy.name);
                what
            }
        };
        if let Some(posed) = self.posed() {
            what["scenario"] = json!(posed.scenario.name);
            let controls = posed.scenario.controls.iter().map(|control| control.describe());
            what["controls"] = json!(controls.collect::<Vec<_>>());
        }
        json!({"method": self.method.name, "title": self.method.title(), "asked": what})
    }
}

fn bloc(bloc: &Bloc) -> Value {
    json!({"code": bloc.code, "name": bloc.name, "members": bloc.members})
}

fn blocs(several: &[Bloc]) -> Vec<Value> {
    several.iter().map(bloc).collect()
}

fn data(world: &World) -> Value {
    let manifest = world.manifest();
    json!({"name": manifest.name, "title": manifest.title, "unit": manifest.unit})
}

fn listed(options: &Options) -> Map<String, Value> {
    options.listed().into_iter().map(|(name, value)| (name, json!(value))).collect()
}

fn asked(world: &World, params: &Params) -> Value {
    json!({
        "world": data(world), "home": bloc(&params.home), "partners": blocs(&params.partners),
        "year": params.year, "value_added": params.value_added.describe(), "options": listed(&params.options),
    })
}

/// Refuses fields that a method has no use for, and the lack of those it cannot do without.
pub(crate) fn check(entry: &Entry, question: &Question) -> Result<(), Error> {
    for field in Field::ALL {
        let what = match (is_given(question, field), entry.need(field)) {
            (true, Need::Never) => format!("has no use for {}", field.as_str()),
            (false, Need::Must) => format!("needs {}", field.as_str()),
            _ => continue,
        };
        return Err(Error::Field { method: entry.method.name, what, accepted: entry.accepted() });
    }
    match question.scenario.is_empty() || question.year.is_none() {
        true => Ok(()),
        false => Err(Error::Question("a scenario has a year of its own: leave year out".to_owned())),
    }
}

fn is_given(question: &Question, field: Field) -> bool {
    match field {
        Field::World => question.world.is_some(),
        Field::Home => !question.home.is_empty(),
        Field::Partner => !question.partner.is_empty(),
        Field::Year => question.year.is_some(),
        Field::ValueAdded => question.value_added != crate::Basis::Auto,
        Field::Scenario => !question.scenario.is_empty(),
        Field::Denial => question.denial.is_some(),
        Field::Strategy => question.strategy.is_some(),
        Field::Start => !question.start.is_empty(),
        Field::Tariffs => question.tariffs.is_some(),
        Field::Research => question.research.is_some(),
        Field::Citations => question.citations.is_some(),
        Field::Chains => !question.chains.is_empty(),
        Field::Blocs => question.blocs.is_some(),
        Field::Model => question.model.is_some(),
        Field::Draws => question.draws.is_some(),
        Field::Seed => question.seed.is_some(),
    }
}

/// Resolves the words of a question in a world.
pub(crate) struct Resolver<'a> {
    pub entry: &'a Entry,
    pub entries: &'a [Entry],
    pub question: &'a Question,
    pub names: Names,
    pub watch: &'a dyn Watch,
}

impl Resolver<'_> {
    pub fn ready(self) -> Result<Task, Error> {
        match self.entry.run {
            Run::Measure(measure) => self.measure(measure),
            Run::Model(model) => self.model(model),
            Run::Planner(planner) => self.planner(planner),
            Run::Both(run) => {
                let strategy = self.strategy()?;
                let params = self.params(strategy.home.clone(), Vec::new(), self.options(&[])?)?;
                Ok(Task::Both { run, world: self.names.world, strategy, params })
            }
        }
    }

    fn measure(self, measure: &'static Measure) -> Result<Task, Error> {
        let Question { home, partner, year, value_added, .. } = self.question;
        let options = self.options(&[])?;
        // What is not asked of a table may know more countries than the table does.
        let blocs = |words: &[String]| match measure.is_dated(&options) {
            true => self.names.blocs(words),
            false => self.names.blocs_or_countries(words),
        };
        let homes = blocs(home.as_slice())?;
        let years = self.names.years(year.as_ref())?;
        let partners = blocs(partner.as_slice())?;
        // One home that is its own only partner is a slip; among many homes it is left out in silence.
        if let [home] = homes.as_slice()
            && let Some(own) =
                partners.iter().find(|partner| partner.code == home.code || partner.without(home).is_none())
        {
            return Err(Error::Question(format!("{} is home itself, not a partner", own.code)));
        }
        let params = Params {
            home: homes.first().cloned().ok_or_else(|| Error::Question("there is no home in the list".to_owned()))?,
            partners,
            year: years.last().copied().unwrap_or_default(),
            value_added: self.names.value_added(*value_added, &years)?,
            options,
        };
        Ok(Task::Measure { measure, world: self.names.world, homes, years, params })
    }

    fn model(self, model: &'static Model) -> Result<Task, Error> {
        match model.run {
            zili_shock::Run::Scenario(_) => {
                let (posed, file) = self.posed(model)?;
                Ok(Task::Scenario { model, world: self.names.world, posed, file })
            }
            zili_shock::Run::Draws(_) => {
                let of = self.drawn()?;
                let (posed, file) = self.posed(of)?;
                let draws = self.question.draws.unwrap_or_default();
                if !(FEWEST..=MOST_DRAWS).contains(&draws) {
                    return Err(Error::Question(format!("draws {draws}: give {FEWEST} to {MOST_DRAWS}")));
                }
                let draws = Draws { draws: draws as usize, seed: self.question.seed.unwrap_or(1) };
                Ok(Task::Draws { model, of, world: self.names.world, posed, draws, file })
            }
            zili_shock::Run::Scenarios(_) => {
                let posed = self.several(model)?;
                Ok(Task::Scenarios { model, world: self.names.world, posed })
            }
            zili_shock::Run::Home(_) => {
                let options = self.options(&[])?;
                let home = self.names.home(self.question.home.as_slice())?;
                let words = self.question.partner.as_slice();
                let partners = match words.is_empty() && (model.of_blocs)(&options) {
                    true => {
                        let known = self.names.book.all(self.names.world.classification())?;
                        known.iter().filter_map(|bloc| bloc.without(&home)).collect()
                    }
                    false => self.names.partners(&home, words)?,
                };
                let params = self.params(home, partners, options)?;
                Ok(Task::Home { model, world: self.names.world, params })
            }
            zili_shock::Run::Tariffs(_) => Err(self.of_no_world()),
        }
    }

    /// The model whose answer is drawn: one that plays a scenario, and does not draw itself.
    fn drawn(&self) -> Result<&'static Model, Error> {
        let models = || {
            self.entries.iter().filter_map(|entry| match entry.run {
                Run::Model(model) if matches!(model.run, zili_shock::Run::Scenario(_)) => Some(model),
                _ => None,
            })
        };
        let name = self.question.model.as_deref().unwrap_or(zili_shock::inventory::METHOD.name);
        let model = models().find(|model| model.method.name == name || model.alias == Some(name));
        match model {
            Some(model) if model.draws => {
                Err(Error::Question(format!("{name} draws by itself; give the option draws, not draws of it")))
            }
            Some(model) => Ok(model),
            None => {
                let names: Vec<String> = models().map(|model| model.method.name.to_owned()).collect();
                Err(zili_world::Error::unknown("model", name, names.iter().map(String::as_str), &names).into())
            }
        }
    }

    fn planner(self, planner: &'static Planner) -> Result<Task, Error> {
        Ok(match planner.run {
            zili_plan::Run::Options(_) => return Err(self.of_no_world()),
            zili_plan::Run::World(_) => {
                let params = self.params(
                    self.names.home(self.question.home.as_slice())?,
                    Vec::new(),
                    self.options(&files(self.question))?,
                )?;
                Task::World { planner, world: self.names.world, params }
            }
            zili_plan::Run::Strategy(_) => {
                Task::Strategy { planner, strategy: self.strategy()?, options: self.options(&[])? }
            }
            zili_plan::Run::Plan(_) => {
                let (strategy, options) = (self.strategy()?, self.options(&[])?);
                let start = |start: &crate::Start| Earlier {
                    name: start.programme.clone(),
                    mode: start.mode.clone(),
                    year: start.start,
                };
                let known = |name: &str| {
                    let mut programmes = strategy.programmes.iter().map(|programme| &programme.name);
                    programmes.any(|known| known == name) || strategy.levers.iter().any(|lever| lever.name == name)
                };
                for unknown in self.question.start.iter().filter(|start| !known(&start.programme)) {
                    let name = &unknown.programme;
                    self.watch
                        .warn(&format!("start: the strategy has no programme or lever '{name}'; it is passed over"));
                }
                let start: Vec<Earlier> = self.question.start.iter().map(start).collect();
                // The plan is that of a strategy as it was read, and of what is asked of the search.
                let key = store::sha256(format!("{strategy:?} {:?} {start:?}", options.listed()).as_bytes());
                Task::Plan { planner, strategy, options, start, key }
            }
        })
    }

    fn of_no_world(&self) -> Error {
        Error::Question(format!("{} is asked of no world", self.entry.method.name))
    }

    /// The question's options against what the method declares, with some that follow from other fields.
    fn options(&self, own: &[(&str, &str)]) -> Result<Options, Error> {
        options(self.entry.method, self.question, own)
    }

    fn params(&self, home: Bloc, partners: Vec<Bloc>, options: Options) -> Result<Params, Error> {
        let year = self.names.one_year(self.question.year.as_ref())?;
        let value_added = self.names.value_added(self.question.value_added, &[year])?;
        Ok(Params { home, partners, year, value_added, options })
    }

    fn strategy(&self) -> Result<Strategy, Error> {
        let Some(document) = &self.question.strategy else {
            return Err(Error::Question(format!("{} needs a strategy", self.entry.method.name)));
        };
        let (name, text) = document.read()?;
        let (strategy, warnings) = zili_plan::strategy::read(text, name, &self.names.world, &self.names.book)?;
        warnings.iter().for_each(|warning| self.watch.warn(&warning.to_string()));
        Ok(strategy)
    }

    /// The scenario of the question, or its denial, as a model is asked of it, and the checksum of its file.
    fn posed(&self, model: &'static Model) -> Result<(Posed, Option<String>), Error> {
        match (self.question.scenario.as_slice(), &self.question.denial) {
            ([document], None) => {
                let (name, text) = document.read()?;
                let scenario = self.scenario(model, name, text)?;
                Ok((self.pose(model, scenario)?, Some(store::sha256(text.as_bytes()))))
            }
            ([], Some(denial)) => Ok((self.pose(model, self.denied(denial)?)?, None)),
            ([], None) => Err(Error::Question(format!("{} needs a scenario, or a denial", model.method.name))),
            (_, Some(_)) => Err(Error::Question("give a scenario or a denial, not both".to_owned())),
            _ => Err(Error::Question(format!("{} is asked of one scenario at a time", model.method.name))),
        }
    }

    /// Several scenarios; those that have no name of their own, or that of another, go by their file's.
    fn several(&self, model: &'static Model) -> Result<Vec<Posed>, Error> {
        let mut several: Vec<Posed> = Vec::new();
        let mut refused = Vec::new();
        for document in self.question.scenario.as_slice() {
            let (name, text) = document.read()?;
            let mut scenario = match self.scenario(model, name, text) {
                Ok(scenario) => scenario,
                // The others are read all the same: all that is wrong is said at once.
                Err(Error::Scenario(error @ zili_scenario::Error::Refused(_))) => {
                    refused.push(error.to_string());
                    continue;
                }
                Err(error) => return Err(error),
            };
            if several.iter().any(|posed| posed.scenario.name == scenario.name) {
                scenario.name = format!("{} ({})", scenario.name, document.stem());
            }
            several.push(self.pose(model, scenario)?);
        }
        match refused.is_empty() {
            true => Ok(several),
            false => Err(Error::Question(refused.join("\n"))),
        }
    }

    fn scenario(&self, model: &Model, name: &str, text: &str) -> Result<Scenario, Error> {
        let (world, book) = (&self.names.world, &self.names.book);
        let Reading { scenario, mut warnings } = zili_scenario::read(text, name, world, book, &zili_shock::settable())?;
        if model.of_chains {
            warnings.retain(|warning| warning.name != Name::NotOnATable);
        }
        warnings.iter().for_each(|warning| self.watch.warn(&warning.to_string()));
        Ok(scenario)
    }

    /// A scenario of one denial, its home those who are denied.
    fn denied(&self, denial: &Denial) -> Result<Scenario, Error> {
        let classification = self.names.world.classification();
        let by = self.names.coalition(denial.by.as_slice())?;
        let against = self.names.coalition(denial.against.as_slice())?;
        let sectors = match denial.sectors.as_slice() {
            [] => Sectors::All,
            words => {
                let code = |word: &String| Ok(classification.sectors()[classification.sector(word)?].code.clone());
                Sectors::These(words.iter().map(code).collect::<Result<_, zili_world::Error>>()?)
            }
        };
        let flows = match denial.flows {
            Uses::Both => Flows::Both,
            Uses::Intermediate => Flows::Intermediate,
            Uses::Final => Flows::Final,
        };
        let year = self.names.one_year(self.question.year.as_ref())?;
        let control = Control::new(by, against.clone(), sectors, denial.severity, flows)?;
        Ok(Scenario::of_controls(against, year, vec![control]))
    }

    /// The question that a scenario poses to a model: the scenario's own options hold, unless the question says otherwise.
    fn pose(&self, model: &Model, scenario: Scenario) -> Result<Posed, Error> {
        let none = Vec::new();
        let own = scenario.settings.get(model.settings.name).unwrap_or(&none);
        // They were checked against the model that they are set for; a finding of that model's may know fewer.
        let known = |name: &str| model.method.parameters.iter().any(|parameter| parameter.name == name);
        let free = |name: &str| !self.question.options.contains_key(name);
        let own: Vec<(&str, &str)> =
            own.iter().map(|(n, v)| (n.as_str(), v.as_str())).filter(|(n, _)| known(n) && free(n)).collect();
        let options = options(model.method, self.question, &own)?;
        let classification = self.names.world.classification();
        // Those who deny are whom a denial is about.
        let partners = match &self.question.denial {
            Some(denial) => vec![self.names.coalition(denial.by.as_slice())?],
            None => Bloc::partners_of(&scenario.home, classification),
        };
        let params = Params {
            home: scenario.home.clone(),
            partners,
            year: scenario.year,
            value_added: self.names.value_added(self.question.value_added, &[scenario.year])?,
            options,
        };
        Ok(Posed { scenario, params })
    }
}

/// Options that follow from the user's own files.
pub(crate) fn files(question: &Question) -> Vec<(&'static str, &'static str)> {
    let given = [(Field::Research, &question.research), (Field::Citations, &question.citations)];
    given.into_iter().filter(|(_, file)| file.is_some()).map(|(field, _)| (field.as_str(), "file")).collect()
}

/// A question's options against what a method declares.
pub(crate) fn options(method: &Method, question: &Question, own: &[(&str, &str)]) -> Result<Options, Error> {
    let given: Vec<(&str, String)> =
        question.options.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
    if let Some((name, _)) = own.iter().find(|(name, _)| question.options.contains_key(*name)) {
        return Err(Error::Question(format!("option '{name}' follows from another field of the question")));
    }
    let words = own.iter().copied().chain(given.iter().map(|(name, value)| (*name, value.as_str())));
    Ok(Options::parse(method, words)?)
}

//! Models: what happens when others cut an economy off.
//!
//! One file a model, each a pure function of the world, a scenario and a question, listed once in [`MODELS`].

pub mod ban;
pub mod burden_sharing;
mod by_region;
pub mod carried;
pub mod chain;
mod demand;
pub mod diffusion;
pub mod equilibrium;
mod error;
pub mod extraction;
pub mod fragmentation;
pub mod horizons;
mod in_parts;
pub mod input_stop;
pub mod inventory;
pub mod leverage;
mod limits;
mod low_rank;
pub mod mixed;
pub mod network;
pub mod price;
pub mod scan;
mod severity;
pub mod severity_curve;
pub mod uncertainty;

pub use error::Error;

use zili_scenario::Scenario;
use zili_world::tariffs::TariffData;
use zili_world::{Finding, Method, Options, Params, Watch, World};

/// A method of `shock`.
pub struct Model {
    pub method: &'static Method,
    pub run: Run,
    /// When its answer holds.
    pub horizon: &'static str,
    /// The model whose options it has, under whose name a scenario file sets them.
    pub settings: &'static Method,
    /// Whether it draws what is not known as part of its answer.
    pub draws: bool,
    /// Whether it is about technology chains: controls that fall on no table are just what it is asked about.
    pub of_chains: bool,
    /// Another name for it.
    pub alias: Option<&'static str>,
    /// Whether its partners, where none is named, are the known blocs rather than every other region.
    pub of_blocs: fn(&Options) -> bool,
    /// How several scenarios are run faster together than one after another, if they are.
    pub together: Option<&'static Together>,
}

/// What a model works on.
pub enum Run {
    /// One scenario.
    Scenario(RunScenario),
    /// Several scenarios, in one answer.
    Scenarios(RunScenarios),
    /// A home and its partners: it makes denials of its own.
    Home(fn(&World, &Params, &dyn Watch) -> Result<Finding, Error>),
    /// A scenario and another model: how its answer spreads when what the scenario calls uncertain is drawn.
    Draws(RunDraws),
    /// Trade with tariffs before and after, which is no world.
    Tariffs(fn(&TariffData, &Options, &dyn Watch) -> Result<Finding, Error>),
}

pub type RunScenarios = fn(&World, &[Posed], &dyn Watch) -> Result<Finding, Error>;
pub type RunDraws = fn(&World, &Posed, &Model, uncertainty::Draws, &dyn Watch) -> Result<Finding, Error>;
pub type RunTogether = fn(&World, &[Posed], &dyn Watch) -> Result<Vec<Finding>, Error>;
pub type RunScenario = fn(&World, &Scenario, &Params, &dyn Watch) -> Result<Finding, Error>;

/// A scenario with the question it poses.
#[derive(Clone, Debug)]
pub struct Posed {
    pub scenario: Scenario,
    pub params: Params,
}

/// Several scenarios run side by side, an answer each.
pub struct Together {
    /// Whether two can be.
    pub alike: fn(&Posed, &Posed) -> bool,
    /// So many are best.
    pub most: usize,
    pub run: RunTogether,
}

impl Model {
    /// One with nothing else to be said of it.
    pub const fn new(method: &'static Method, horizon: &'static str, run: Run) -> Self {
        Self {
            method,
            run,
            horizon,
            settings: method,
            draws: false,
            of_chains: false,
            alias: None,
            of_blocs: |_| false,
            together: None,
        }
    }

    /// One that has the options of another.
    const fn of(self, model: &'static Method) -> Self {
        Self { settings: model, ..self }
    }

    const fn drawing(self) -> Self {
        Self { draws: true, ..self }
    }

    const fn called(self, alias: &'static str) -> Self {
        Self { alias: Some(alias), ..self }
    }

    const fn of_blocs(self, of_blocs: fn(&Options) -> bool) -> Self {
        Self { of_blocs, ..self }
    }

    const fn of_chains(self) -> Self {
        Self { of_chains: true, ..self }
    }

    const fn together(self, together: &'static Together) -> Self {
        Self { together: Some(together), ..self }
    }

    /// The answer to one scenario; refused by a model that is asked of something else.
    pub fn answer(
        &self,
        world: &World,
        scenario: &Scenario,
        params: &Params,
        watch: &dyn Watch,
    ) -> Result<Finding, Error> {
        match self.run {
            Run::Scenario(run) => run(world, scenario, params, watch),
            _ => Err(Error::Nothing(format!("{} is not asked of a single scenario", self.method.name))),
        }
    }
}

/// No time: figures of a year's table with nothing else changed.
const STATIC: &str = "static";
const WEEKS: &str = "weeks to months";
const YEAR: &str = "a year";
const LONG_RUN: &str = "the long run";
const DECADES: &str = "decades";
const EVERY: &str = "every horizon";

/// Every model, in the order in which they are listed.
#[rustfmt::skip]
pub static MODELS: &[Model] = &[
    Model::new(&ban::METHOD, STATIC, Run::Scenario(|w, s, p, _| ban::run(w, s, p))),
    Model::new(&price::METHOD, STATIC, Run::Scenario(|w, s, p, _| price::run(w, s, p))),
    Model::new(&mixed::METHOD, STATIC, Run::Scenario(|w, s, p, _| mixed::run(w, s, p))),
    Model::new(&chain::METHOD, WEEKS, Run::Scenario(|w, s, p, _| chain::run(w, s, p))).of_chains(),
    Model::new(&scan::METHOD, STATIC, Run::Home(|w, p, _| scan::run(w, p))).of_blocs(scan::is_of_blocs),
    Model::new(&extraction::METHOD, STATIC, Run::Home(|w, p, _| extraction::run(w, p))),
    Model::new(&inventory::METHOD, WEEKS, Run::Scenario(inventory::run)).together(&inventory::TOGETHER),
    Model::new(&inventory::paths::METHOD, WEEKS, Run::Scenario(inventory::paths::run))
        .of(&inventory::METHOD).together(&inventory::paths::TOGETHER),
    Model::new(&inventory::bottlenecks::METHOD, WEEKS, Run::Scenario(inventory::bottlenecks::run))
        .of(&inventory::METHOD).together(&inventory::bottlenecks::TOGETHER),
    Model::new(&input_stop::METHOD, WEEKS, Run::Scenario(|w, s, p, _| input_stop::run(w, s, p))),
    Model::new(&network::METHOD, YEAR, Run::Scenario(network::run)),
    Model::new(&network::elasticities::METHOD, YEAR, Run::Scenario(network::elasticities::run))
        .of(&network::METHOD),
    Model::new(&equilibrium::METHOD, LONG_RUN, Run::Scenario(|w, s, p, _| equilibrium::run(w, s, p))),
    Model::new(&fragmentation::METHOD, LONG_RUN, Run::Scenario(|w, s, p, _| fragmentation::run(w, s, p))),
    Model::new(&diffusion::METHOD, DECADES, Run::Scenario(|w, s, p, _| diffusion::run(w, s, p))),
    Model::new(&horizons::METHOD, EVERY, Run::Scenario(horizons::run)).drawing().called("all"),
    Model::new(&horizons::drivers::METHOD, EVERY, Run::Scenario(horizons::drivers::run))
        .of(&horizons::METHOD).drawing(),
    Model::new(&severity_curve::METHOD, EVERY, Run::Scenario(severity_curve::run)),
    Model::new(&leverage::METHOD, LONG_RUN, Run::Scenario(|w, s, p, _| leverage::run(w, s, p))),
    Model::new(&burden_sharing::METHOD, LONG_RUN, Run::Scenario(|w, s, p, _| burden_sharing::run(w, s, p))),
    Model::new(&equilibrium::tariffs::METHOD, LONG_RUN, Run::Tariffs(|d, o, _| equilibrium::tariffs::run(d, o))),
    Model::new(&inventory::comparison::METHOD, WEEKS, Run::Scenarios(inventory::comparison::run)).of(&inventory::METHOD),
    Model::new(&uncertainty::METHOD, EVERY, Run::Draws(uncertainty::run)),
];

/// Methods whose options a scenario file may set, each under its name.
pub fn settable() -> Vec<&'static Method> {
    let own = |model: &&Model| matches!(model.run, Run::Scenario(_)) && std::ptr::eq(model.settings, model.method);
    MODELS.iter().filter(own).map(|model| model.method).collect()
}

/// A model by name.
pub fn model(name: &str) -> Result<&'static Model, zili_world::Error> {
    let names = || MODELS.iter().map(|model| model.method.name);
    MODELS.iter().find(|model| model.method.name == name || model.alias == Some(name)).ok_or_else(|| {
        let accepted: Vec<String> = names().map(str::to_owned).collect();
        zili_world::Error::unknown("model", name, names(), &accepted)
    })
}

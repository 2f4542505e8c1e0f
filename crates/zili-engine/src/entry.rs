//! The register: every method of every crate, with what it needs of a question.

use crate::Error;
use crate::methods::penalty;
use zili_exposure::{MEASURES, Measure};
use zili_plan::{PLANNERS, Planner, Strategy};
use zili_shock::{MODELS, Model};
use zili_world::{Finding, Method, Params, Watch, World};

/// A method at the doors.
#[derive(Clone, Copy)]
pub struct Entry {
    pub method: &'static Method,
    pub run: Run,
}

/// What is run, by the kind of method.
#[derive(Clone, Copy)]
pub enum Run {
    Measure(&'static Measure),
    Model(&'static Model),
    Planner(&'static Planner),
    /// What a strategy's inputs mean in a world's table.
    Both(fn(&World, &Strategy, &Params, &dyn Watch) -> Result<Finding, Error>),
}

/// The verb that a method answers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Expose,
    Shock,
    Plan,
}

impl Verb {
    pub const ALL: [Verb; 3] = [Verb::Expose, Verb::Shock, Verb::Plan];

    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Expose => "expose",
            Verb::Shock => "shock",
            Verb::Plan => "plan",
        }
    }
}

impl Verb {
    /// What its methods are called.
    pub fn noun(self) -> &'static str {
        match self {
            Verb::Expose => "measure",
            Verb::Shock => "model",
            Verb::Plan => "planner",
        }
    }
}

/// A field of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    World,
    Home,
    Partner,
    Year,
    ValueAdded,
    Scenario,
    Denial,
    Strategy,
    Start,
    Tariffs,
    Research,
    Citations,
    Chains,
    Blocs,
    Model,
    Draws,
    Seed,
}

impl Field {
    pub const ALL: [Field; 17] = [
        Field::World,
        Field::Home,
        Field::Partner,
        Field::Year,
        Field::ValueAdded,
        Field::Scenario,
        Field::Denial,
        Field::Strategy,
        Field::Start,
        Field::Tariffs,
        Field::Research,
        Field::Citations,
        Field::Chains,
        Field::Blocs,
        Field::Model,
        Field::Draws,
        Field::Seed,
    ];

    /// Its name in a question.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::World => "world",
            Field::Home => "home",
            Field::Partner => "partner",
            Field::Year => "year",
            Field::ValueAdded => "value_added",
            Field::Scenario => "scenario",
            Field::Denial => "denial",
            Field::Strategy => "strategy",
            Field::Start => "start",
            Field::Tariffs => "tariffs",
            Field::Research => "research",
            Field::Citations => "citations",
            Field::Chains => "chains",
            Field::Blocs => "blocs",
            Field::Model => "model",
            Field::Draws => "draws",
            Field::Seed => "seed",
        }
    }
}

/// Whether a method has a use for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Never,
    May,
    Must,
}

/// Every method that ships with zili, in the order in which they are listed.
pub fn register() -> Vec<Entry> {
    let measures = MEASURES.iter().map(|measure| Entry { method: measure.method, run: Run::Measure(measure) });
    let models = MODELS.iter().map(|model| Entry { method: model.method, run: Run::Model(model) });
    let planners = PLANNERS.iter().map(|planner| Entry { method: planner.method, run: Run::Planner(planner) });
    let own = [Entry { method: &penalty::METHOD, run: Run::Both(penalty::run) }];
    measures.chain(models).chain(planners).chain(own).collect()
}

impl Entry {
    pub fn verb(&self) -> Verb {
        match self.run {
            Run::Measure(_) => Verb::Expose,
            Run::Model(_) => Verb::Shock,
            Run::Planner(_) | Run::Both(_) => Verb::Plan,
        }
    }

    /// When its answer holds.
    pub fn horizon(&self) -> &'static str {
        match self.run {
            Run::Measure(_) => "today",
            Run::Model(model) => model.horizon,
            Run::Planner(_) | Run::Both(_) => "years to decades",
        }
    }

    /// The method under whose name a scenario file sets its options, if one may.
    pub fn settings(&self) -> Option<&'static Method> {
        match self.run {
            Run::Model(model) => match model.run {
                zili_shock::Run::Scenario(_) | zili_shock::Run::Scenarios(_) => Some(model.settings),
                _ => None,
            },
            _ => None,
        }
    }

    /// The command of `zili plan` that asks it.
    pub fn command(&self) -> Option<&'static str> {
        match self.run {
            Run::Planner(planner) => Some(planner.command),
            Run::Both(_) => Some(self.method.name),
            _ => None,
        }
    }

    /// Whether several homes, and a span of years, can be asked about at once.
    pub fn is_series(&self) -> bool {
        matches!(self.run, Run::Measure(_))
    }

    /// Whether a plan is made first, and kept for whatever else is asked of it.
    pub fn is_of_plan(&self) -> bool {
        matches!(self.run, Run::Planner(Planner { run: zili_plan::Run::Plan(_), .. }))
    }

    /// Whether it is asked of a single scenario.
    pub fn is_of_scenario(&self) -> bool {
        matches!(self.run, Run::Model(Model { run: zili_shock::Run::Scenario(_), .. }))
    }

    /// Whether it draws what is not known as part of its answer.
    pub fn draws(&self) -> bool {
        matches!(self.run, Run::Model(Model { draws: true, .. }))
    }

    /// Whether it has a use for a field of a question.
    pub fn need(&self, field: Field) -> Need {
        use Field as F;
        use Need::{May, Must, Never};
        let of = |must: &[Field], may: &[Field]| match () {
            () if must.contains(&field) => Must,
            () if may.contains(&field) => May,
            () => Never,
        };
        const WORLD: [Field; 3] = [F::World, F::Chains, F::Blocs];
        let of_world = |must: &[Field], may: &[Field]| match WORLD.contains(&field) {
            true => May,
            false => of(must, may),
        };
        match self.run {
            Run::Measure(_) => of_world(&[F::Home], &[F::Partner, F::Year, F::ValueAdded]),
            Run::Model(model) => match model.run {
                zili_shock::Run::Scenario(_) => of_world(&[], &[F::Scenario, F::Denial, F::Year, F::ValueAdded]),
                zili_shock::Run::Scenarios(_) => of_world(&[F::Scenario], &[F::ValueAdded]),
                zili_shock::Run::Home(_) => of_world(&[F::Home], &[F::Partner, F::Year, F::ValueAdded]),
                zili_shock::Run::Draws(_) => {
                    of_world(&[F::Draws], &[F::Scenario, F::Denial, F::Year, F::ValueAdded, F::Model, F::Seed])
                }
                zili_shock::Run::Tariffs(_) => of(&[F::Tariffs], &[]),
            },
            Run::Planner(planner) => match planner.run {
                zili_plan::Run::Options(_) => Never,
                zili_plan::Run::World(_) => of_world(&[F::Home], &[F::Year, F::ValueAdded, F::Research, F::Citations]),
                zili_plan::Run::Strategy(_) => of_world(&[F::Strategy], &[]),
                zili_plan::Run::Plan(_) => of_world(&[F::Strategy], &[F::Start]),
            },
            Run::Both(_) => of_world(&[F::Strategy], &[F::Year]),
        }
    }

    /// The fields that it has a use for, in words for a refusal.
    pub fn accepted(&self) -> String {
        let fields = Field::ALL.into_iter().filter(|&field| self.need(field) != Need::Never);
        let names: Vec<&str> = fields.map(Field::as_str).collect();
        if names.is_empty() { "options alone".to_owned() } else { format!("{} and options", names.join(", ")) }
    }
}

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
use zili_world::{Finding, Method, Params, World};

/// A method of `shock`.
pub struct Model {
    pub method: &'static Method,
    pub run: fn(&World, &Scenario, &Params) -> Result<Finding, Error>,
}

/// Every model, in the order in which they are listed.
pub static MODELS: &[Model] = &[
    Model { method: &ban::METHOD, run: ban::run },
    Model { method: &price::METHOD, run: price::run },
    Model { method: &mixed::METHOD, run: mixed::run },
    Model { method: &chain::METHOD, run: chain::run },
    Model { method: &scan::METHOD, run: scan::run },
    Model { method: &extraction::METHOD, run: extraction::run },
    Model { method: &inventory::METHOD, run: inventory::run },
    Model { method: &inventory::paths::METHOD, run: inventory::paths::run },
    Model { method: &inventory::bottlenecks::METHOD, run: inventory::bottlenecks::run },
    Model { method: &input_stop::METHOD, run: input_stop::run },
    Model { method: &network::METHOD, run: network::run },
    Model { method: &network::elasticities::METHOD, run: network::elasticities::run },
    Model { method: &equilibrium::METHOD, run: equilibrium::run },
    Model { method: &fragmentation::METHOD, run: fragmentation::run },
    Model { method: &diffusion::METHOD, run: diffusion::run },
    Model { method: &horizons::METHOD, run: horizons::run },
    Model { method: &horizons::drivers::METHOD, run: horizons::drivers::run },
    Model { method: &severity_curve::METHOD, run: severity_curve::run },
    Model { method: &leverage::METHOD, run: leverage::run },
    Model { method: &burden_sharing::METHOD, run: burden_sharing::run },
];

/// Every method with a page: the models, and the spread of their outcomes.
pub fn methods() -> impl Iterator<Item = &'static Method> {
    MODELS.iter().map(|m| m.method).chain([
        &equilibrium::tariffs::METHOD,
        &inventory::comparison::METHOD,
        &uncertainty::METHOD,
    ])
}

/// The name under which a scenario file sets a method's options: findings of one model share theirs.
pub fn settings_name(method: &Method) -> &'static str {
    let inventory = method.name.starts_with("inventory") || method.name == inventory::comparison::METHOD.name;
    match method.name {
        _ if inventory => inventory::METHOD.name,
        name if name == network::elasticities::METHOD.name => network::METHOD.name,
        name if name == horizons::drivers::METHOD.name => horizons::METHOD.name,
        name => name,
    }
}

/// Methods whose options a scenario file may set, each under its [`settings_name`].
pub fn settable() -> Vec<&'static Method> {
    let plays = |model: &&Model| plays_scenarios(model.method) && settings_name(model.method) == model.method.name;
    MODELS.iter().filter(plays).map(|model| model.method).collect()
}

/// Whether a model plays scenarios: a scan and an extraction make denials of their own.
pub fn plays_scenarios(method: &Method) -> bool {
    ![scan::METHOD.name, extraction::METHOD.name].contains(&method.name)
}

/// Whether a model draws what is not known as part of its answer.
pub fn draws_itself(method: &Method) -> bool {
    [horizons::METHOD.name, horizons::drivers::METHOD.name].contains(&method.name)
}

/// A model by name; `all` stands for every horizon.
pub fn model(name: &str) -> Result<&'static Model, zili_world::Error> {
    let name = if name == "all" { horizons::METHOD.name } else { name };
    let names = || MODELS.iter().map(|m| m.method.name);
    MODELS.iter().find(|m| m.method.name == name).ok_or_else(|| {
        let accepted: Vec<String> = names().map(str::to_owned).collect();
        zili_world::Error::unknown("model", name, names(), &accepted)
    })
}

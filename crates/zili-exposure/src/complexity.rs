//! Economic complexity: what is within an economy's reach, from what it and others make with advantage.

pub mod chance;
pub mod convention;
pub mod economies;
pub mod indicators;
pub mod network;
pub mod presence;
pub mod products;
pub mod significance;
pub(crate) mod standing;

use zili_world::Parameter;
use zili_world::method::Accepts;
use zili_world::trade::{LATEST, TABLE};

pub(crate) const TRADE: Parameter = Parameter {
    name: zili_world::trade::OPTION.name,
    accepts: Accepts::Name { default: TABLE },
    description: "trade that shows who makes what: `table` is that of the input–output table by sector, others `zili data trade` lists",
};

pub(crate) const YEAR: Parameter = Parameter {
    name: "trade_year",
    accepts: Accepts::Name { default: LATEST },
    description: "year of the trade; of a table it is that of --year",
};

pub(crate) const THRESHOLD: Parameter = Parameter {
    name: "rca",
    accepts: Accepts::Number { default: 1.0, above: 0.0, below: 1e3 },
    description: "comparative advantage from which an economy counts as making a product",
};

pub(crate) const STEPS: Parameter = Parameter {
    name: "fitness_steps",
    accepts: Accepts::Count { default: 200, most: 10_000 },
    description: "steps of the iteration for fitness; it has no end of its own for the least fit",
};

pub(crate) const MIN_EXPORTS: Parameter = Parameter {
    name: "min_exports",
    accepts: Accepts::Amount { default: 1000.0, most: 1e15 },
    description: "economies that export less in the year are left out, million USD (the Atlas takes 1,000)",
};

pub(crate) const MIN_POPULATION: Parameter = Parameter {
    name: "min_population",
    accepts: Accepts::Amount { default: 0.0, most: 1e15 },
    description: "economies with fewer people are left out, where the trade data say how many there are (the Atlas takes 1,000,000)",
};

pub(crate) const MIN_PRODUCT: Parameter = Parameter {
    name: "min_product",
    accepts: Accepts::Amount { default: 0.0, most: 1e15 },
    description: "products of which these economies export less in the year are left out, million USD",
};

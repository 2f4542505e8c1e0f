//! What a model refuses.

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0} needs at least one control: who denies what to whom")]
    NoControl(&'static str),

    /// Nothing of it reaches a table by itself.
    #[error(
        "{0} needs a control that falls on the table; those of the scenario are on inputs of a chain or on firms only: play it with --model chain, or with --model inventory or mixed, to which a [[chain]] entry brings what is lost of the chain's product"
    )]
    OnChainsOnly(&'static str),

    #[error("{0} needs a control, a disruption or a response: nothing happens in this scenario")]
    NothingHappens(&'static str),

    #[error("{given} blocs have {coalitions} coalitions; at most {limit} blocs are joined at once")]
    TooManyBlocs { given: usize, coalitions: u128, limit: usize },

    /// The long run has no resting place, or none was found.
    #[error("there is no equilibrium: {0}")]
    NoEquilibrium(String),

    /// A part of a scenario that has nothing to act on.
    #[error("{0}")]
    Nothing(String),

    #[error(
        "nothing in the scenario is uncertain for '{0}': give a control a 'severity_range', or add an [[uncertain]] entry with parameter = \"{0}.OPTION\", low and high"
    )]
    NothingUncertain(&'static str),

    #[error("{what} cannot be drawn between {low} and {high}: give low ≤ most likely ≤ high, within what it accepts")]
    Range { what: String, low: f64, high: f64 },

    #[error("{given} draws are too few; give {fewest} at least, and a thousand for quantiles that hold")]
    TooFewDraws { given: usize, fewest: usize },

    #[error(transparent)]
    Scenario(#[from] zili_scenario::Error),

    #[error(transparent)]
    World(#[from] zili_world::Error),
}

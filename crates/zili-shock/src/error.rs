//! What a model refuses.

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0} needs at least one control: who denies what to whom")]
    NoControl(&'static str),

    #[error("{given} blocs have {coalitions} coalitions; at most {limit} blocs are joined at once")]
    TooManyBlocs { given: usize, coalitions: u128, limit: usize },

    /// A part of a scenario that has nothing to act on.
    #[error("{0}")]
    Nothing(String),

    #[error(transparent)]
    Scenario(#[from] zili_scenario::Error),

    #[error(transparent)]
    World(#[from] zili_world::Error),
}

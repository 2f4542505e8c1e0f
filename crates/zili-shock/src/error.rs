//! What a model refuses.

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0} needs at least one control: who denies what to whom")]
    NoControl(&'static str),

    #[error("{given} blocs have {coalitions} coalitions; at most {limit} blocs are joined at once")]
    TooManyBlocs { given: usize, coalitions: u128, limit: usize },

    #[error(transparent)]
    Scenario(#[from] zili_scenario::Error),

    #[error(transparent)]
    World(#[from] zili_world::Error),
}

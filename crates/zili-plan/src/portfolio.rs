//! Which programmes to start when, under budgets, talent, prerequisites and an adversary.

pub mod attack;
pub mod copies;
pub mod decisions;
pub mod evaluate;
pub mod infeasible;
pub mod instance;
pub mod master;
pub mod program;
pub mod recourse;
pub mod search;

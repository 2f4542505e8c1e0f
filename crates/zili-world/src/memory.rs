//! Factorisations that stay for later questions, within a budget of memory.

use crate::System;
use std::sync::{Arc, Mutex, PoisonError};

/// Holds the systems used last, of any number of worlds; those used longest ago go when the budget is spent.
#[derive(Default)]
pub struct Memory {
    budget: usize,
    held: Mutex<Vec<Arc<System>>>,
}

impl Memory {
    /// One of so many bytes.
    pub fn of(budget: usize) -> Self {
        Self { budget, held: Mutex::default() }
    }

    /// Keeps a system, the one used last, as long as there is room. One that is larger than the budget alone is not kept.
    pub(crate) fn hold(&self, system: &Arc<System>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|other| !Arc::ptr_eq(other, system));
        held.insert(0, system.clone());
        let mut spent = 0;
        // What is made on first use counts from then on.
        held.retain(|system| {
            spent += system.bytes();
            spent <= self.budget
        });
    }
}

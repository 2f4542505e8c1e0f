//! What was made for one question and may serve the next: opened worlds, and the last plan.

use std::sync::{Arc, Mutex, PoisonError};

/// A few things by what they were made of, the one used last first; those used longest ago are let go.
pub(crate) struct Kept<T> {
    most: usize,
    things: Mutex<Vec<(String, Arc<T>)>>,
}

impl<T> Kept<T> {
    pub fn new(most: usize) -> Self {
        Self { most, things: Mutex::default() }
    }

    /// The thing of this name, made if it is not there. It is made outside the lock: other questions must not wait for this one. It stays unless
    /// `lasts`, asked once it is made, says that it is good for this question alone.
    pub fn get<E>(
        &self,
        name: String,
        make: impl FnOnce() -> Result<T, E>,
        lasts: impl FnOnce() -> bool,
    ) -> Result<Arc<T>, E> {
        if let Some(known) = self.take(&name) {
            return Ok(known);
        }
        let made = Arc::new(make()?);
        if !lasts() {
            return Ok(made);
        }
        let mut things = self.lock();
        things.insert(0, (name, made.clone()));
        things.truncate(self.most);
        Ok(made)
    }

    fn take(&self, name: &str) -> Option<Arc<T>> {
        let mut things = self.lock();
        let at = things.iter().position(|(known, _)| known == name)?;
        let found = things.remove(at);
        let thing = found.1.clone();
        things.insert(0, found);
        Some(thing)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(String, Arc<T>)>> {
        self.things.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! The solver asks now and then whether to go on: until the iterations that were given are done, or whoever watches says stop.

use super::program::Effort;
use highs_sys::{
    Highs_setCallback, Highs_startCallback, HighsCallbackDataIn, HighsCallbackDataOut, HighsInt,
    kHighsCallbackMipInterrupt, kHighsCallbackSimplexInterrupt,
};
use std::ffi::{c_char, c_int, c_void};

/// What the solver is asked to keep to in one solve.
pub(super) struct Limit<'e, 'w> {
    effort: &'e Effort<'w>,
    /// Iterations when it was last asked.
    done: u64,
}

impl<'e, 'w> Limit<'e, 'w> {
    pub fn new(effort: &'e Effort<'w>) -> Self {
        Self { effort, done: 0 }
    }

    /// Has the solver ask. `solver` is a live HiGHS instance; it must not solve after this limit is gone.
    pub fn watch(&mut self, solver: *mut c_void) {
        let own: *mut c_void = std::ptr::from_mut(self).cast();
        // SAFETY: `solver` is the instance of a model that lives, and `own` outlives the solve, as the caller sees to.
        unsafe {
            Highs_setCallback(solver, Some(asked), own);
            Highs_startCallback(solver, kHighsCallbackMipInterrupt);
            Highs_startCallback(solver, kHighsCallbackSimplexInterrupt);
        }
    }

    fn is_over(&mut self, iterations: u64) -> bool {
        // Programmes within the programme count from nothing again; what they do is in the total when they are done.
        self.done = self.done.max(iterations);
        self.done >= self.effort.left() || self.effort.watch.stop().is_some()
    }
}

unsafe extern "C" fn asked(
    kind: c_int,
    _: *const c_char,
    out: *const HighsCallbackDataOut,
    into: *mut HighsCallbackDataIn,
    own: *mut c_void,
) {
    if out.is_null() || into.is_null() || own.is_null() {
        return;
    }
    // SAFETY: the solver gives its own data for the length of this call, and `own` as it was set in `watch`.
    let (out, into, limit) = unsafe { (&*out, &mut *into, &mut *own.cast::<Limit>()) };
    let iterations = match HighsInt::from(kind) == kHighsCallbackMipInterrupt {
        true => out.mip_total_lp_iterations,
        false => out.simplex_iteration_count.into(),
    };
    into.user_interrupt = limit.is_over(iterations.max(0) as u64).into();
}

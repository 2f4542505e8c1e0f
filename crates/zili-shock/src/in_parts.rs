//! A shock brought on in parts, where it cannot be done at once: each part from the state that the last one led to.

/// How far it could be brought on, 0 to 1, and why not further.
pub(crate) struct Stopped<E> {
    pub done: f64,
    pub why: E,
}

/// The state after all of a shock, from the state before it. `next` makes of a part of the shock, 0 to 1, and a state after a smaller part the state
/// after it; what it cannot do in one step is tried in two, down to the `least` part. What can be done is then tried in longer steps. It begins with half,
/// as whoever comes here has tried the whole.
pub(crate) fn in_parts<S, E>(
    before: S,
    least: f64,
    mut next: impl FnMut(f64, &S) -> Result<S, E>,
) -> Result<S, Stopped<E>> {
    let (mut state, mut done, mut part) = (before, 0.0, 0.5_f64);
    while done < 1.0 {
        let until = (done + part).min(1.0);
        match next(until, &state) {
            Ok(after) => (state, done, part) = (after, until, 2.0 * part),
            Err(why) => {
                part = 0.5 * (until - done);
                if part < least {
                    return Err(Stopped { done, why });
                }
            }
        }
    }
    Ok(state)
}

#[cfg(test)]
mod tests {
    use super::in_parts;

    /// Steps of more than a tenth fail: the whole is reached in steps that do not.
    #[test]
    fn what_cannot_be_done_at_once_is_done_in_steps() {
        let mut tried = 0;
        let step = |until: f64, from: &f64| {
            tried += 1;
            if until - from <= 0.1 { Ok(until) } else { Err(until - from) }
        };
        assert_eq!(in_parts(0.0, 0.01, step).ok(), Some(1.0));
        assert!(tried < 40, "{tried}");
    }

    #[test]
    fn what_cannot_be_done_is_said_with_how_far_it_got() {
        let stopped = in_parts(0.0, 0.01, |until: f64, _| if until <= 0.6 { Ok(until) } else { Err("no") }).err();
        let (done, why) = stopped.map(|stopped| (stopped.done, stopped.why)).unwrap_or_default();
        assert!(done <= 0.6 && done > 0.58 && why == "no", "{done}");
    }
}

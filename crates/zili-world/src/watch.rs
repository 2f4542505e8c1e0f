//! Who watches work: is told how far it has come, and may call it off.

use crate::Error;

/// Told of progress, and asked whether work should go on. Methods read no clock and no keyboard: whoever asks the question does.
pub trait Watch: Sync {
    /// Work of so many like steps begins; 0 where they cannot be counted.
    fn begin(&self, _what: &str, _steps: u64) {}
    /// So many more steps are done.
    fn step(&self, _steps: u64) {}
    /// How things stand, in words.
    fn say(&self, _words: &str) {}
    /// What whoever asked should know of the data and files that are named, before any answer.
    fn warn(&self, _text: &str) {}
    /// Why work should end before it is done, if it should.
    fn stop(&self) -> Option<Stop> {
        None
    }
}

/// Why work ended before it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Whoever asked no longer wants an answer.
    Cancelled,
    /// The time that was given is over.
    Deadline,
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Stop::Cancelled => "stopped before it was done",
            Stop::Deadline => "the time given was over before it was done",
        })
    }
}

impl dyn Watch + '_ {
    /// Refuses to go on where the watch says stop: for the head of a loop.
    pub fn go_on(&self) -> Result<(), Error> {
        self.stop().map_or(Ok(()), |stop| Err(Error::Stopped(stop)))
    }

    /// One more step is done, and the next may begin.
    pub fn next(&self) -> Result<(), Error> {
        self.step(1);
        self.go_on()
    }
}

/// Nobody watches.
pub struct Unwatched;

impl Watch for Unwatched {}

/// Passes on when to stop, and nothing of how far a part of the work has come.
pub struct Quiet<'w>(pub &'w dyn Watch);

impl Watch for Quiet<'_> {
    fn stop(&self) -> Option<Stop> {
        self.0.stop()
    }
}

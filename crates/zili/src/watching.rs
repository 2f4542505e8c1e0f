//! The person at the terminal as a watch: a bar, Ctrl-C, and a deadline.

use crate::args::Common;
use crate::output;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use zili_world::{Stop, Watch};

/// Whether somebody called it off.
static CALLED_OFF: AtomicBool = AtomicBool::new(false);
/// When time is over, if it ever is.
static UNTIL: OnceLock<Instant> = OnceLock::new();

/// Exit codes of what was called off, and of what ran out of time.
pub const CALLED: i32 = 130;
pub const TIMED_OUT: i32 = 124;

/// So long work has to stop by itself once it is called off.
const GRACE: Duration = Duration::from_millis(800);

/// From now on Ctrl-C and its like call work off: what was done is kept, and the program ends within a second.
pub fn listen(deadline: Option<u32>) {
    if let Some(seconds) = deadline {
        let until = Instant::now() + Duration::from_secs(seconds.into());
        let _ = UNTIL.set(until);
        std::thread::spawn(move || {
            std::thread::sleep((until + GRACE).saturating_duration_since(Instant::now()));
            end("zili: the time given was over before it was done", TIMED_OUT);
        });
    }
    #[cfg(unix)]
    signals();
}

#[cfg(unix)]
fn signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    // A file too large is an error of writing it, and no end of the program.
    let _ = signal_hook::flag::register(SIGXFSZ, std::sync::Arc::new(AtomicBool::new(false)));
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP]) else { return };
    std::thread::spawn(move || {
        if signals.forever().next().is_none() {
            return;
        }
        CALLED_OFF.store(true, Ordering::Relaxed);
        // A second one need not wait.
        let begun = Instant::now();
        while begun.elapsed() < GRACE && signals.pending().next().is_none() {
            std::thread::sleep(Duration::from_millis(20));
        }
        end("zili: stopped before it was done", CALLED);
    });
}

/// Ends the program where work has not stopped by itself: what was being written is taken away.
fn end(why: &str, code: i32) {
    zili_world::shelf::abandon();
    output::complain(why);
    std::process::exit(code);
}

/// Shows progress on standard error where that is a terminal.
pub struct Terminal<'c> {
    common: &'c Common,
    title: &'static str,
    bar: ProgressBar,
}

impl<'c> Terminal<'c> {
    /// A sign of life until steps are counted; nothing when it is not a terminal or `--quiet`.
    pub fn new(common: &'c Common, title: &'static str) -> Self {
        let bar = if common.quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner().with_message(title) };
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { common, title, bar }
    }

    /// Messages and Ctrl-C alone.
    pub fn quiet(common: &'c Common) -> Self {
        Self { common, title: "", bar: ProgressBar::hidden() }
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Terminal<'_> {
    fn begin(&self, what: &str, steps: u64) {
        self.bar.reset();
        if steps < 2 {
            self.bar.set_message(self.title);
            return;
        }
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            self.bar.set_style(style);
        }
        self.bar.set_length(steps);
        self.bar.set_message(what.to_owned());
    }

    fn step(&self, steps: u64) {
        self.bar.inc(steps);
    }

    fn say(&self, words: &str) {
        self.bar.set_message(words.to_owned());
    }

    fn warn(&self, text: &str) {
        self.bar.suspend(|| output::message(self.common, &format!("{text}\n")));
    }

    fn stop(&self) -> Option<Stop> {
        if CALLED_OFF.load(Ordering::Relaxed) {
            return Some(Stop::Cancelled);
        }
        UNTIL.get().is_some_and(|until| Instant::now() >= *until).then_some(Stop::Deadline)
    }
}

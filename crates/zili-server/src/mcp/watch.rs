//! The other side of the protocol as a watch: it is told of progress where it asked to be, and may cancel.

use rmcp::model::ProgressNotificationParam;
use rmcp::service::{RequestContext, RoleServer};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;
use zili_world::{Stop, Watch};

/// How often progress is told.
const EVERY: Duration = Duration::from_millis(500);

/// How far a question has come.
pub struct Progress {
    cancelled: CancellationToken,
    until: Option<Instant>,
    done: AtomicU64,
    steps: AtomicU64,
    words: Mutex<String>,
    warnings: Mutex<Vec<String>>,
}

impl Progress {
    pub fn new(cancelled: CancellationToken, deadline: Option<u32>) -> Self {
        let (done, steps) = Default::default();
        let until = deadline.map(|seconds| Instant::now() + Duration::from_secs(seconds.into()));
        Self { cancelled, until, done, steps, words: Mutex::default(), warnings: Mutex::default() }
    }

    /// What the reader should know of the data and files that were named.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_words(&self, words: &str) {
        words.clone_into(&mut self.words.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Watch for Progress {
    fn begin(&self, what: &str, steps: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.steps.store(steps, Ordering::Relaxed);
        self.set_words(what);
    }

    fn step(&self, steps: u64) {
        self.done.fetch_add(steps, Ordering::Relaxed);
    }

    fn say(&self, words: &str) {
        self.set_words(words);
    }

    fn warn(&self, text: &str) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }

    fn stop(&self) -> Option<Stop> {
        if self.cancelled.is_cancelled() {
            return Some(Stop::Cancelled);
        }
        self.until.is_some_and(|until| Instant::now() >= until).then_some(Stop::Deadline)
    }
}

/// Waits for work, and tells of its progress meanwhile if the request asks for that.
pub async fn report<T>(
    progress: &Progress,
    context: &RequestContext<RoleServer>,
    mut work: JoinHandle<T>,
) -> Result<T, JoinError> {
    let Some(token) = context.meta.get_progress_token() else { return work.await };
    // Progress must grow, whatever part of the work is counted.
    let mut told = 0.0;
    loop {
        tokio::select! {
            answered = &mut work => return answered,
            () = tokio::time::sleep(EVERY) => {
                let (done, steps) = (progress.done.load(Ordering::Relaxed), progress.steps.load(Ordering::Relaxed));
                let words = progress.words.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let message = if steps > 0 { format!("{words}: {done} of {steps}") } else { words };
                told += 1.0;
                let note = ProgressNotificationParam::new(token.clone(), told).with_message(message);
                // Who does not listen misses nothing but this.
                let _ = context.peer.notify_progress(note).await;
            }
        }
    }
}

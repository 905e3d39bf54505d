//! Progress of long work on a terminal; nothing without one.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output;
use crate::jobs::run::Progress;

/// A counter on standard error.
pub(crate) struct Counter(ProgressBar);

impl Counter {
    /// Shown only where somebody watches.
    pub(crate) fn new(quiet: bool) -> Self {
        let target = if quiet || !output::is_watched() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(5)
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }
}

impl Progress for Counter {
    fn at(&self, done: u64) {
        self.0.set_position(done);
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

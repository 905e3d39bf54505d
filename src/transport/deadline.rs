//! Until when.

use std::time::{Duration, Instant};

/// The instant when everything must have ended, however many sessions it took.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    total: Duration,
    at: Instant,
}

impl Deadline {
    /// So long from now.
    pub fn after(total: Duration) -> Self {
        Self { total, at: Instant::now() + total }
    }

    /// How long it was in the beginning.
    pub const fn total(self) -> Duration {
        self.total
    }

    /// What is left; none once it is over.
    pub fn left(self) -> Option<Duration> {
        self.at.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }

    /// This long, or less if less is left; never zero, which a socket would take for ever.
    pub(super) fn at_most(self, wanted: Duration) -> Duration {
        const LEAST: Duration = Duration::from_millis(1);
        wanted.min(self.left().unwrap_or(LEAST)).max(LEAST)
    }
}

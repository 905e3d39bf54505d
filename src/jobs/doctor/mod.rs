//! Looks at everything that an installation needs, and says step by step what works. No run: no lock, no row, nothing
//! of the registry is changed. (product.md, Exit codes: 0 well, 3 found something, 1 could not look)
//!
//! Each file here gathers the facts of one area; what figures mean is decided by `domain::health`.

mod backups;
mod check;
mod configuration;
mod files;
mod folders;
pub(super) mod jobs;
mod probe;
mod registry;
mod server;
mod space;
mod unfinished;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};

pub use check::{Area, Check, Diagnosis, Sight, Verdict};

use crate::config::Settings;
use crate::failure::{Failure, Kind, Result};
use crate::io::lock::{self, Holding};
use crate::text::failure as text;
use crate::transport::SshPlaces;

/// How far the drop server is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// Everything, with a probe file that is written, renamed and deleted.
    Full,
    /// Connect, log in and list.
    NoProbe,
    /// Not at all.
    Nowhere,
}

/// Everything from outside that a diagnosis needs, as values.
pub struct Around<'a> {
    /// The configuration.
    pub settings: &'a Settings,
    /// The present instant.
    pub now: &'a dyn Fn() -> DateTime<Utc>,
    /// The number of the signal that arrived, 0 for none.
    pub stop: &'a Arc<AtomicUsize>,
    /// `$CREDENTIALS_DIRECTORY`.
    pub credentials: Option<PathBuf>,
    /// What `sftp` finds on this machine.
    pub ssh: SshPlaces,
    /// How far the drop server is tried.
    pub visit: Visit,
}

impl Around<'_> {
    /// Fails if a signal has arrived.
    fn check_stop(&self) -> Result<()> {
        match i32::try_from(self.stop.load(Ordering::Relaxed)) {
            Ok(0) | Err(_) => Ok(()),
            Ok(signal) => {
                Err(Failure::new(Kind::Interrupted(signal), text::INTERRUPTED).with("signal", signal))
            }
        }
    }

    /// Whether a run is going on: what it has open is its own, not a dead run's.
    fn holding(&self) -> Holding {
        lock::holding(&self.settings.lock_file())
    }
}

/// Looks at everything; `diagnosis` hears of each check as it is made. Fails only if a signal came.
pub fn examine(around: &Around<'_>, diagnosis: &Diagnosis<'_>) -> Result<()> {
    configuration::look(around, diagnosis);
    // Before the registry is opened: opening makes files beside it.
    files::look(around, diagnosis);
    space::look(around, diagnosis);
    around.check_stop()?;
    registry::look(around, diagnosis)?;
    backups::look(around, diagnosis);
    server::look(around, diagnosis)
}

//! The registry: opened to be looked at, checked page by page, and asked what runs left.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::space::mebibytes;
use super::{Area, Around, Check, Diagnosis, Verdict, jobs, unfinished};
use crate::domain::health::{self, Clock};
use crate::domain::zone::Zone;
use crate::failure::Result;
use crate::io::SecretKey;
use crate::io::lock::Holding;
use crate::registry::observe::Figures;
use crate::registry::{Registry, schema, wal};
use crate::text::{Message, doctor as text};

/// A WAL is cut to this when it is emptied, 64 MiB (`journal_size_limit`).
const LARGE_WAL: u64 = 64 << 20;
/// How late a signal may be noticed while pages are read.
const GLANCE: Duration = Duration::from_millis(50);

/// Fails only if a signal came.
pub(super) fn look(around: &Around<'_>, diagnosis: &Diagnosis<'_>) -> Result<()> {
    let path = around.settings.registry.display();
    let registry = match Registry::observe(&around.settings.registry) {
        Ok(registry) => registry,
        Err(failure) => {
            diagnosis.block();
            diagnosis.note(Check::failed(Area::Registry, "open", path, &failure));
            return Ok(());
        }
    };
    diagnosis.note(Check::new(Area::Registry, "open", &path, Verdict::Well, text::REGISTRY_OPENED));
    let outcome =
        stoppable(around, &registry, || registry.snapshot(|| inspect(around, diagnosis, &registry)));
    around.check_stop()?;
    if let Err(failure) = outcome {
        diagnosis.note(Check::failed(Area::Registry, "read", path, &failure));
    }
    Ok(())
}

/// A signal ends the statement that runs: reading every page of a large registry takes its time.
fn stoppable<T>(around: &Around<'_>, registry: &Registry, work: impl FnOnce() -> T) -> T {
    let (handle, is_done) = (registry.interrupt_handle(), AtomicBool::new(false));
    let stop = around.stop;
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            while !is_done.load(Ordering::Acquire) {
                if stop.load(Ordering::Relaxed) != 0 {
                    handle.interrupt();
                }
                thread::park_timeout(GLANCE);
            }
        });
        let value = work();
        is_done.store(true, Ordering::Release);
        watch.thread().unpark();
        value
    })
}

/// One view of everything, so that a run that goes on meanwhile doesn't show half.
fn inspect(around: &Around<'_>, diagnosis: &Diagnosis<'_>, registry: &Registry) -> Result<()> {
    let is_current = version(diagnosis, registry)?;
    let figures = registry.figures()?;
    size(around, diagnosis, figures);
    note(around, diagnosis, "pages", text::PAGES_SOUND, registry.verify_pages())?;
    note(around, diagnosis, "references", text::REFERENCES_SOUND, registry.verify_references())?;
    if !is_current {
        let skipped = |area, name| Check::new(area, name, "", Verdict::Skipped, text::AFTER_UPGRADE);
        for (area, name) in [(Area::Clock, "clock"), (Area::Unfinished, "marks"), (Area::Jobs, "last-run")] {
            diagnosis.note(skipped(area, name));
        }
        return Ok(());
    }
    note(around, diagnosis, "schema", text::SCHEMA_SOUND, registry.verify_schema())?;
    key(around, diagnosis, registry)?;
    clock(around, diagnosis, registry)?;
    unfinished::look(around, diagnosis, registry)?;
    jobs::look(around, diagnosis, registry)
}

/// A statement that a signal ended has found nothing.
fn note(
    around: &Around<'_>,
    diagnosis: &Diagnosis<'_>,
    name: &'static str,
    well: Message,
    outcome: Result<()>,
) -> Result<()> {
    around.check_stop()?;
    diagnosis.note(match outcome {
        Ok(()) => Check::new(Area::Registry, name, "", Verdict::Well, well),
        Err(failure) => Check::failed(Area::Registry, name, "", &failure),
    });
    Ok(())
}

/// Whether its tables are those of this program. An older one is upgraded by the next run, under the lock, not here.
fn version(diagnosis: &Diagnosis<'_>, registry: &Registry) -> Result<bool> {
    let (version, known) = (registry.version()?, schema::latest());
    let (verdict, message) = if version == known {
        (Verdict::Well, text::VERSION_CURRENT)
    } else {
        (Verdict::Warning, text::VERSION_OLDER)
    };
    let check = Check::new(Area::Registry, "version", "", verdict, message);
    diagnosis.note(check.with("version", version).with("known", known));
    Ok(version == known)
}

fn size(around: &Around<'_>, diagnosis: &Diagnosis<'_>, figures: Figures) {
    let is_left = figures.wal_bytes > LARGE_WAL && around.holding() != Holding::Held;
    let (verdict, message) =
        if is_left { (Verdict::Warning, text::WAL_LARGE) } else { (Verdict::Well, text::REGISTRY_SIZE) };
    let check = Check::new(Area::Registry, "size", "", verdict, message)
        .with("size", mebibytes(figures.bytes))
        .with("free", mebibytes(figures.free_bytes))
        .with("wal", mebibytes(figures.wal_bytes));
    diagnosis.note(if is_left { check.hint(text::WAL_LARGE_HINT) } else { check });
}

/// Another installation's key would find none of the protected.
fn key(around: &Around<'_>, diagnosis: &Diagnosis<'_>, registry: &Registry) -> Result<()> {
    let path = around.settings.key_file();
    // A key that can't be read was told of among the files.
    let Ok(key) = SecretKey::load(&path) else { return Ok(()) };
    let is_foreign = registry.belongs_to_another_key(key.fingerprint())?;
    let check = |verdict, message| Check::new(Area::Registry, "key", path.display(), verdict, message);
    diagnosis.note(if is_foreign {
        check(Verdict::Problem, text::KEY_FOREIGN).hint(text::SECRETS_HINT)
    } else {
        check(Verdict::Well, text::KEY_FITS)
    });
    Ok(())
}

/// The clock against the newest thing that the registry knows of, and the time of its files.
fn clock(around: &Around<'_>, diagnosis: &Diagnosis<'_>, registry: &Registry) -> Result<()> {
    let mut newest = registry.newest_instant()?.as_deref().and_then(instant);
    for file in [registry.path().to_owned(), wal::beside(registry.path(), "-wal")] {
        // Reading makes a WAL too, an empty one.
        let facts = file.metadata().ok().filter(|facts| facts.len() > 0);
        newest = newest.max(facts.and_then(|facts| facts.modified().ok()).map(DateTime::<Utc>::from));
    }
    let now = (around.now)();
    let timezone = around.settings.timezone;
    let (verdict, message) = match newest.map(|newest| health::clock(now - newest)) {
        Some(Clock::Behind) => (Verdict::Problem, text::CLOCK_BEHIND),
        Some(Clock::FarAhead) => (Verdict::Warning, text::CLOCK_FAR_AHEAD),
        Some(Clock::Plausible) | None => (Verdict::Well, text::CLOCK_PLAUSIBLE),
    };
    let shown = |at: DateTime<Utc>| at.with_timezone(&timezone).format("%Y-%m-%d %H:%M").to_string();
    let check = Check::new(Area::Clock, "clock", timezone.name(), verdict, message)
        .with("now", shown(now))
        .with("newest", newest.map(shown).unwrap_or_default());
    diagnosis.note(if verdict == Verdict::Well { check } else { check.hint(text::CLOCK_HINT) });
    Ok(())
}

/// An instant of a run's row.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
}

/// A stored instant as people read it, in the installation's time.
pub(super) fn local(text: &str, timezone: Zone) -> String {
    let shown = instant(text).map(|at| at.with_timezone(&timezone).format("%Y-%m-%d %H:%M").to_string());
    shown.unwrap_or_else(|| text.to_owned())
}

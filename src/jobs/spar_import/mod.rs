//! `spar-import`: applies SPAR's update files. (rules.md, spar-import)
//!
//! Each file: received → scanned into the staging area → judged whole → links followed → protected people hidden →
//! decided and applied in one transaction under the limits.

mod apply;
mod aside;
mod clock;
pub(super) mod fetch;
mod judge;
mod parsed;
mod plan;
mod receive;
mod record;
mod relate;
mod scan;
mod strange;

use std::path::PathBuf;

use chrono::NaiveDate;

use super::Job;
use super::refusal::Refusal;
use super::run::Run;
use super::server::Server;
use crate::domain::spar::decide::{Age, Policy, Source};
use crate::failure::{Kind, Result};
use crate::io::spool::Room;
use crate::registry::files::{FileRow, State};
use crate::registry::findings::Event;
use crate::text::{failure as text, line};

use receive::{Origin, Received};

/// What `files` are of.
pub const FILE_KIND: &str = "spar";

/// Applies update files.
#[derive(Debug)]
pub struct SparImport {
    /// The files named on the command line; none: what the drop server has.
    pub files: Vec<PathBuf>,
}

impl Job for SparImport {
    fn name(&self) -> &'static str {
        "spar-import"
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        run.counts.of_records();
        if self.files.is_empty() {
            return fetch_and_import(run);
        }
        for file in receive::receive(run, &self.files)? {
            import(run, &file)?;
        }
        clock::expire(run)?;
        run.message = Some((line::SPAR_IMPORTED, vec![("files", run.applied.len().to_string())]));
        Ok(())
    }
}

/// The nightly way: what waits in the inbox is worked even if the server is down.
fn fetch_and_import(run: &mut Run<'_>) -> Result<()> {
    let mut server = Server::default();
    let fetched = if run.is_dry() { Ok(0) } else { fetch::fetch(run, &mut server) };
    let files = receive::waiting(run)?;
    let nothing = files.is_empty();
    for file in files {
        import(run, &file)?;
    }
    clock::expire(run)?;
    if !run.is_dry() && fetched.is_ok() {
        fetch::remove_applied(run, &mut server);
    }
    fetched?;
    if nothing {
        run.line(line::NO_NEW_FILE, &[]);
    }
    run.message = Some(if nothing {
        (line::NO_NEW_FILE, Vec::new())
    } else {
        (line::SPAR_IMPORTED, vec![("files", run.applied.len().to_string())])
    });
    Ok(())
}

/// One file, from the inbox to its end.
fn import(run: &mut Run<'_>, file: &Received) -> Result<()> {
    run.check_stop()?;
    let sha256 = file.sha256.as_deref();
    let known = sha256.map(|sha256| run.registry.known_file(FILE_KIND, sha256)).transpose()?.flatten();
    let state = known.as_ref().map(|known| known.state);
    if state == Some(State::Applied) {
        run.line(line::ALREADY_APPLIED, &[("file", file.name.clone())]);
        return if run.is_dry() { file.leave() } else { file.remove() };
    }
    if state == Some(State::Rejected) && file.origin() == Origin::Fetched {
        // Judged before; not again unless somebody names it.
        return if run.is_dry() { Ok(()) } else { file.remove() };
    }
    // A copy that an earlier run set aside is replaced by this one's.
    if file.origin() != Origin::Held {
        run.drop_later(known.and_then(|known| known.spooled));
    }
    let mut row = file.row();
    match judge_and_apply(run, file, &mut row) {
        Ok(()) => {
            run.line(line::FILE_APPLIED, &[("file", file.name.clone()), ("posts", row.posts.to_string())]);
            if run.is_dry() { file.leave() } else { file.remove() }
        }
        Err(Refusal::Rejected(failure)) => {
            if set_aside(run, file, row, State::Rejected)? == Copy::Kept {
                return Err(failure.hint_if_none(text::REJECTED_HINT));
            }
            Err(failure)
        }
        Err(Refusal::Failed(failure)) if failure.kind == Kind::Held => {
            set_aside(run, file, row, State::Held)?;
            Err(failure)
        }
        Err(Refusal::Failed(failure)) => {
            file.leave()?;
            Err(failure)
        }
    }
}

fn judge_and_apply(
    run: &mut Run<'_>,
    file: &Received,
    row: &mut FileRow,
) -> std::result::Result<(), Refusal> {
    if let Some(problem) = file.problem() {
        return Err(Refusal::Rejected(problem));
    }
    judge::identity(run, row)?;
    let registry = run.registry;
    let scan = registry.snapshot(|| Ok(scan::scan(run, file, row)))??;
    replace_earlier_copy(run, file, row)?;
    row.posts = scan.count;
    let policy = Policy {
        file_on: file_day(row, run.setup.today),
        age: judge::age(run, row)?,
        carried: scan.carried,
        names: run.setup.settings.protection,
        source: Source::Spar,
    };
    let protected = registry.snapshot(|| relate::relate(run, &scan, policy))?;
    run.hide_marked(&protected, &row.sha256)?;
    apply::apply(run, row, &scan, policy)?;
    Ok(())
}

/// A copy that an earlier run set aside is of no more use once the same file was read in its place.
fn replace_earlier_copy(run: &mut Run<'_>, file: &Received, row: &FileRow) -> Result<()> {
    if file.sha256.is_none() {
        let known = run.registry.known_file(FILE_KIND, &row.sha256)?;
        run.drop_later(known.and_then(|known| known.spooled));
    }
    Ok(())
}

/// Whether a file that was not applied lies in the spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Copy {
    Kept,
    Dropped,
}

fn set_aside(run: &mut Run<'_>, file: &Received, mut row: FileRow, state: State) -> Result<Copy> {
    if run.is_dry() {
        return file.leave().map(|()| Copy::Kept);
    }
    row.state = state;
    if row.sha256.is_empty() {
        // It was judged by its envelope alone.
        (row.sha256, row.size) = file.hashed(file.open_unhashed()?)?;
    }
    replace_earlier_copy(run, file, &row)?;
    let kept = file.copied(&row)?;
    let file = kept.as_ref().unwrap_or(file);
    let copy = if aside::tells_of_erased(run, file)? { Copy::Dropped } else { Copy::Kept };
    match copy {
        Copy::Kept => {
            let room = if state == State::Held { Room::Held } else { Room::Rejected };
            row.spooled = Some(file.set_aside(room)?);
        }
        Copy::Dropped => {
            if state == State::Held {
                // It is to be tried again each night, and the server has it.
                run.registry.forget_fetched(&row.sha256)?;
            }
            file.remove()?;
            run.line(line::COPY_NOT_KEPT, &[("file", row.name.clone())]);
        }
    }
    let today = run.setup.today.to_string();
    let id = run.registry.write(|| run.registry.put_file(&row, run.id, &today))?;
    if state == State::Rejected {
        let params = serde_json::json!({ "file": row.name }).to_string();
        run.event(Event {
            kind: "file-rejected",
            subject: id.to_string(),
            detail: String::new(),
            facts: row.sha256.clone(),
            params,
        });
    }
    Ok(copy)
}

fn file_day(row: &FileRow, today: NaiveDate) -> NaiveDate {
    row.created.as_deref().and_then(|created| created.get(..10)?.parse().ok()).unwrap_or(today)
}

/// Whether the limits let an older file in, its NEJ lifts nothing.
const fn age_of(older: bool) -> Age {
    if older { Age::Older } else { Age::Newest }
}

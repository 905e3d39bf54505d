//! What runs left to be finished, and what waits for a person. While a run goes on, its own open work is no remnant.

use super::registry::local;
use super::{Area, Around, Check, Diagnosis, Verdict};
use crate::failure::Result;
use crate::io::Room;
use crate::io::lock::Holding;
use crate::jobs::settle::TRACE;
use crate::registry::Registry;
use crate::registry::files::State;
use crate::registry::spar_lists::Mark;
use crate::text::{Message, doctor as text, failure};

pub(super) fn look(around: &Around<'_>, diagnosis: &Diagnosis<'_>, registry: &Registry) -> Result<()> {
    let holding = around.holding();
    let mut found = open_runs(around, registry, holding)?;
    found.extend(marks(registry, holding)?);
    found.extend(lists(registry, holding)?);
    found.extend(files(around, registry, holding)?);
    if registry.is_at_a_loss()? {
        found.push(check("loss", "", Verdict::Problem, text::AT_A_LOSS).hint(text::AT_A_LOSS_HINT));
    }
    if found.is_empty() {
        found.push(check("marks", "", Verdict::Well, text::NOTHING_UNFINISHED));
    }
    for check in found {
        diagnosis.note(check);
    }
    Ok(())
}

fn check(name: &'static str, subject: impl ToString, verdict: Verdict, message: Message) -> Check {
    Check::new(Area::Unfinished, name, subject, verdict, message)
}

/// Rows that are still open: a run that goes on, or one that died.
fn open_runs(around: &Around<'_>, registry: &Registry, holding: Holding) -> Result<Vec<Check>> {
    let timezone = around.settings.timezone;
    let mut runs = registry.open_runs()?;
    // One run at a time: of several open rows only the newest can be the one that goes on.
    let current = if holding == Holding::Held { runs.pop() } else { None };
    let shown = |run: &crate::registry::runs::RunRow, verdict, message| {
        check("runs", format_args!("run:{}", run.id.0), verdict, message)
            .with("run", run.id.0)
            .with("job", &run.job)
            .with("started", local(&run.started, timezone))
    };
    let message = match holding {
        Holding::Held | Holding::Free => text::RUN_DIED,
        Holding::Unknown => text::RUN_OPEN,
    };
    let died = runs.iter().map(|run| shown(run, Verdict::Warning, message).hint(text::RUN_DIED_HINT));
    let mut found: Vec<Check> = died.collect();
    found.extend(current.map(|run| shown(&run, Verdict::Well, text::RUN_GOES_ON)));
    Ok(found)
}

/// Erasures whose second half waits, and spooled copies in which somebody protected stands. Other marks are memory.
fn marks(registry: &Registry, holding: Holding) -> Result<Vec<Check>> {
    let waiting = [
        ("erasure", text::ERASURE_PENDING, registry.pending_erasures()?.len()),
        (TRACE, text::TRACE_PENDING, registry.marks(TRACE)?.len()),
    ];
    let waiting = waiting.into_iter().filter(|(.., count)| *count > 0);
    let verdict = remnant(holding, Verdict::Problem);
    let tell = |(kind, message, count): (&str, Message, usize)| {
        check("marks", kind, verdict, message).with("count", count).hint(text::ERASURE_PENDING_HINT)
    };
    Ok(waiting.map(tell).collect())
}

/// What a run that goes on has open is in good hands.
const fn remnant(holding: Holding, verdict: Verdict) -> Verdict {
    match holding {
        Holding::Held => Verdict::Skipped,
        Holding::Free | Holding::Unknown => verdict,
    }
}

fn lists(registry: &Registry, holding: Holding) -> Result<Vec<Check>> {
    let mut found = Vec::new();
    for list in registry.unfinished_lists()? {
        let (verdict, message, hint) = match list.mark {
            Mark::Intent | Mark::Uploaded | Mark::Sent => {
                (remnant(holding, Verdict::Warning), text::LIST_ON_ITS_WAY, text::LIST_ON_ITS_WAY_HINT)
            }
            Mark::Unsettled => (Verdict::Problem, failure::LIST_UNSETTLED, failure::LIST_UNSETTLED_HINT),
        };
        let open = check("lists", &list.name, verdict, message);
        found.push(open.with("list", &list.name).with("mark", list.mark.name()).hint(hint));
    }
    Ok(found)
}

/// Files that are held, that wait in the spool, or that should have gone from the server.
fn files(around: &Around<'_>, registry: &Registry, holding: Holding) -> Result<Vec<Check>> {
    let mut found = Vec::new();
    for file in registry.files_in("spar", State::Held)? {
        let held = check("held", file.id, Verdict::Warning, text::FILE_HELD);
        found.push(held.with("file", &file.name).with("run", file.run.0).hint(text::FILE_HELD_HINT));
    }
    for (room, message) in [(Room::Inbox, text::INBOX_WAITS), (Room::Staging, text::STAGING_LEFT)] {
        let folder = around.settings.spool.join(room.name());
        let count = std::fs::read_dir(&folder).map_or(0, Iterator::count);
        if count > 0 {
            let verdict = remnant(holding, Verdict::Warning);
            let left = check("spool", folder.display(), verdict, message);
            found.push(left.with("count", count).hint(text::SPOOL_HINT));
        }
    }
    let removable = registry.removable()?.len();
    if removable > 0 {
        let left = check("removal", "", remnant(holding, Verdict::Warning), text::REMOVAL_WAITS);
        found.push(left.with("count", removable).hint(text::REMOVAL_HINT));
    }
    Ok(found)
}

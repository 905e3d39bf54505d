//! What earlier runs left: scratch files, copies in the spool in which somebody protected stands.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use crate::domain::id_number::IdNumber;
use crate::failure::{Failure, Result};
use crate::formats::archive::unpack;
use crate::formats::number_search::{bare, each_word};
use crate::io::spool::{Room, Spool};
use crate::leak_control::{Place, leaves_out};
use crate::registry::Registry;
use crate::registry::runs::RunId;

/// The mark of a spooled copy in which somebody protected stands.
pub(super) const TRACE: &str = "spooled-trace";

/// Scratch files, copies and half-fetched files of runs that died: nothing in them was decided, and the originals
/// stand where they were.
pub(super) fn sweep_staging(spool: &Path) -> Result<()> {
    let spool = Spool::open(spool)?;
    for file in spool.files(Room::Staging)? {
        spool.remove(&file)?;
    }
    // Whole files in the inbox were fetched and wait for their import; half ones are nobody's.
    for file in spool.files(Room::Inbox)? {
        if file.extension().is_some_and(|ending| ending == "part") {
            spool.remove(&file)?;
        }
    }
    Ok(())
}

/// Marks held and rejected copies in which any of these numbers stands; the marks are committed with the erasure.
pub(super) fn mark_spooled_traces(
    registry: &Registry,
    spool: &Path,
    run: RunId,
    numbers: &[IdNumber],
) -> Result<()> {
    let wanted: HashSet<String> = numbers.iter().map(|number| bare(number.reveal())).collect();
    let rooms = Spool::open(spool)?;
    for room in [Room::Held, Room::Rejected] {
        for path in rooms.files(room)? {
            if holds_any(&path, &wanted)? {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                registry.put_mark(TRACE, &format!("{}/{name}", room.name()), run)?;
            }
        }
    }
    Ok(())
}

/// Deletes what was marked.
pub(super) fn delete_spooled_traces(registry: &Registry, spool: &Path) -> Result<()> {
    if leaves_out(Place::SpoolKept) {
        return Ok(());
    }
    for spooled in registry.marks(TRACE)? {
        drop_spooled(spool, &spooled)?;
        registry.give_up_spooled(&spooled)?;
        registry.clear_mark(TRACE, &spooled)?;
    }
    Ok(())
}

/// Deletes a copy named within the spool.
pub(super) fn drop_spooled(spool: &Path, spooled: &str) -> Result<()> {
    Spool::open(spool)?.remove(&spool.join(spooled))
}

/// Whether a packed or plain file holds any of these numbers. A file that can't be unpacked is searched as it is.
pub(super) fn holds_any(path: &Path, wanted: &HashSet<String>) -> Result<bool> {
    let open = || File::open(path).map_err(|error| Failure::io(path, error));
    let found = match unpack(open()?) {
        Ok(content) => search(content, wanted),
        Err(_) => search(open()?, wanted),
    };
    // What can't be read to its end may hold anything: it goes.
    Ok(found.unwrap_or(true))
}

fn search(content: impl Read, wanted: &HashSet<String>) -> std::io::Result<bool> {
    each_word(content, |word| {
        if wanted.contains(&bare(word)) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
}

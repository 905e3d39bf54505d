//! Puts a list on the server and makes it the receiver's. Nothing here is inside a transaction.

use std::fs::File;

use chrono::Days;

use super::compose::Composed;
use crate::config::Ready;
use crate::failure::{Failure, Kind, Result};
use crate::jobs::run::Run;
use crate::jobs::server::Server;
use crate::registry::spar_lists::Mark;
use crate::text::{failure as text, line, transport};
use crate::transport::{FaultKind, Folder, HandedOver, Size};

/// Uploads, checks the size, hands over.
pub(super) fn deliver(run: &mut Run<'_>, server: &mut Server, list: &Composed) -> Result<()> {
    let ready = run.setup.settings.spar.ready;
    clear_the_way(run, server, list)?;
    // From here on what stands under the list's names is ours, whatever happens to us.
    run.registry.mark_begun(list.id, run.id)?;
    upload(run, server, list, &upload_name(ready, &list.file_name))?;
    run.registry.mark_list(list.id, Mark::Uploaded)?;
    run.check_stop()?;
    let outgoing = Outgoing { id: list.id, name: &list.name, file_name: &list.file_name, size: list.size };
    hand_over(run, server, &outgoing)?;
    run.counts.add("sent", list.numbers);
    Ok(())
}

/// A list that is on the server and not yet the receiver's.
pub(super) struct Outgoing<'o> {
    pub(super) id: i64,
    pub(super) name: &'o str,
    pub(super) file_name: &'o str,
    pub(super) size: u64,
}

/// Under which name a list is uploaded: one that the receiver does not look at.
pub(super) fn upload_name(ready: Ready, file_name: &str) -> String {
    match ready {
        Ready::Rename => format!("{file_name}.part"),
        Ready::Trigger => file_name.to_owned(),
    }
}

/// What only the last step makes: the final name, or the empty file that says that the one beside it is whole.
pub(super) fn ready_name(ready: Ready, file_name: &str) -> String {
    match ready {
        Ready::Rename => file_name.to_owned(),
        Ready::Trigger => format!("{file_name}.trigger"),
    }
}

/// Nothing was put yet, so what has a name of the list is somebody else's: it stays, and the list waits. Only a
/// temporary name stands for nothing but the left-overs of lists.
fn clear_the_way(run: &mut Run<'_>, server: &mut Server, list: &Composed) -> Result<()> {
    let ready = run.setup.settings.spar.ready;
    let (upload, finally) = (upload_name(ready, &list.file_name), ready_name(ready, &list.file_name));
    let taken = |name: &str| {
        Err(Failure::new(Kind::Unreachable, text::LIST_NAME_TAKEN)
            .with("file", name)
            .hint(transport::EXISTS_HINT))
    };
    if server.ask(run, |line| line.size(Folder::Put, &finally))? != Size::Absent {
        return taken(&finally);
    }
    match (server.ask(run, |line| line.size(Folder::Put, &upload))?, ready) {
        (Size::Absent, Ready::Rename | Ready::Trigger) => Ok(()),
        (Size::Unknown | Size::Bytes(_), Ready::Trigger) => taken(&upload),
        (Size::Unknown | Size::Bytes(_), Ready::Rename) => {
            server.ask(run, |line| line.delete(Folder::Put, &upload, None))
        }
    }
}

fn upload(run: &mut Run<'_>, server: &mut Server, list: &Composed, name: &str) -> Result<()> {
    let file = File::open(&list.file).map_err(|error| Failure::io(&list.file, error))?;
    server.ask(run, |line| line.store(Folder::Put, name, &file))?;
    // A server's word for success is not believed: the size is.
    let arrived = match server.ask(run, |line| line.size(Folder::Put, name))? {
        Size::Bytes(size) => size,
        Size::Unknown => list.size,
        Size::Absent => 0,
    };
    if arrived == list.size {
        return Ok(());
    }
    let failure = Failure::new(Kind::Unreachable, text::SIZE_DIFFERS).with("file", &list.file_name);
    Err(failure.with("expected", list.size).with("found", arrived))
}

/// Rename or trigger, then the third mark with the ledger of whom the list asks about.
pub(super) fn hand_over(run: &mut Run<'_>, server: &mut Server, list: &Outgoing<'_>) -> Result<()> {
    let ready = run.setup.settings.spar.ready;
    let (upload, finally) = (upload_name(ready, list.file_name), ready_name(ready, list.file_name));
    let handed = server.outcome(run, |line| match ready {
        Ready::Rename => line.rename(Folder::Put, &upload, &finally, list.size),
        Ready::Trigger => line.trigger(Folder::Put, &finally, &upload),
    })?;
    match handed {
        Ok(HandedOver::There) => sent(run, list),
        Ok(HandedOver::Collected) => collected(run, list),
        Err(fault) if fault.kind == FaultKind::Unsupported => {
            run.registry.mark_list(list.id, Mark::Unsettled)?;
            Err(Failure::from(fault).hint(text::NO_RENAME_HINT))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Nothing of the list is left on the server: the receiver was quick.
pub(super) fn collected(run: &mut Run<'_>, list: &Outgoing<'_>) -> Result<()> {
    run.line(line::LIST_COLLECTED, &[("list", list.name.to_owned())]);
    sent(run, list)
}

/// The list is the receiver's.
pub(super) fn sent(run: &mut Run<'_>, list: &Outgoing<'_>) -> Result<()> {
    let today = run.setup.today;
    let due = today + Days::new(u64::from(run.setup.settings.spar.answer_days));
    run.registry.mark_sent(list.id, &today.to_string(), &due.to_string())?;
    run.committed = true;
    let params = vec![("list", list.name.to_owned())];
    run.line(line::LIST_SENT, &params);
    run.message = Some((line::LIST_SENT, params));
    Ok(())
}

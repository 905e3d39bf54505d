//! Puts a list on the server and makes it the receiver's. Nothing here is inside a transaction.

use std::fs::File;
use std::io::BufReader;

use chrono::Days;

use super::compose::Composed;
use crate::config::Ready;
use crate::failure::{Failure, Kind, Result};
use crate::io::Existing;
use crate::jobs::run::Run;
use crate::jobs::server::Server;
use crate::registry::spar_lists::Mark;
use crate::text::{failure as text, line};
use crate::transport::{FaultKind, Folder, Size, Transport};

/// Uploads, checks the size, hands over.
pub(super) fn deliver(run: &mut Run<'_>, server: &mut Server, list: &Composed) -> Result<()> {
    let ready = run.setup.settings.spar.ready;
    let name = upload_name(ready, &list.file_name);
    let session = server.session(run)?;
    upload(session, list, &name)?;
    run.registry.mark_list(list.id, Mark::Uploaded)?;
    run.check_stop()?;
    let outgoing = Outgoing { id: list.id, name: &list.name, file_name: &list.file_name };
    hand_over(run, server, &outgoing)?;
    run.counts.add("sent", list.numbers);
    Ok(())
}

/// A list that is on the server and not yet the receiver's.
pub(super) struct Outgoing<'o> {
    pub(super) id: i64,
    pub(super) name: &'o str,
    pub(super) file_name: &'o str,
}

/// Under which name a list is uploaded: one that the receiver does not look at.
pub(super) fn upload_name(ready: Ready, file_name: &str) -> String {
    match ready {
        Ready::Rename => format!("{file_name}.part"),
        Ready::Trigger => file_name.to_owned(),
    }
}

/// The empty file that says: the one beside it is whole.
pub(super) fn trigger_name(file_name: &str) -> String {
    format!("{file_name}.trigger")
}

fn upload(session: &mut dyn Transport, list: &Composed, name: &str) -> Result<()> {
    let file = File::open(&list.file).map_err(|error| Failure::io(&list.file, error))?;
    let given = session.store(Folder::Put, name, &mut BufReader::new(file), Existing::Replace)?;
    // A server's word for success is not believed: the size is.
    let arrived = match session.size(Folder::Put, name)? {
        Size::Bytes(size) => size,
        Size::Unknown => given,
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
    let session = server.session(run)?;
    let handed = match ready {
        Ready::Rename => session.rename(Folder::Put, &upload_name(ready, list.file_name), list.file_name),
        Ready::Trigger => session
            .store(Folder::Put, &trigger_name(list.file_name), &mut std::io::empty(), Existing::Replace)
            .map(drop),
    };
    match handed {
        Ok(()) => sent(run, list),
        Err(fault) if fault.kind == FaultKind::Unsupported => {
            run.registry.mark_list(list.id, Mark::Unsettled)?;
            Err(crate::failure::Failure::from(fault).hint(text::NO_RENAME_HINT))
        }
        Err(fault) => Err(fault.into()),
    }
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

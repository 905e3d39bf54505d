//! The two folders of the drop server: whether they can be listed, and what is odd about what they hold.

use std::cell::Cell;

use super::server::Look;
use super::{Verdict, Visit, probe};
use crate::config::Transport as Way;
use crate::failure::Result;
use crate::jobs::spar_import::fetch::is_wanted;
use crate::text::doctor as text;
use crate::transport::{Fault, FaultKind, Folder, Transport};

/// Whether the session is good for another step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    On,
    Nowhere,
}

pub(super) fn look(look: &Look<'_>, session: &mut dyn Transport) -> Result<()> {
    let spar = &look.around.settings.spar;
    let got = list(look, session, Folder::Get, "get-folder", &|name| is_wanted(name, &spar.pattern))?;
    let put = match got {
        Going::On => list(look, session, Folder::Put, "put-folder", &probe::is_probe)?,
        Going::Nowhere => got,
    };
    match (put, look.around.visit) {
        (Going::Nowhere, _) | (Going::On, Visit::Nowhere) => {}
        (Going::On, Visit::NoProbe) => look.skip_rest(text::PROBE_NOT_WANTED),
        (Going::On, Visit::Full) => probe::look(look, session)?,
    }
    Ok(())
}

/// Counts a folder's files and those of a kind. None of them is asked for more than its name.
fn list(
    look: &Look<'_>,
    session: &mut dyn Transport,
    folder: Folder,
    name: &'static str,
    is_ours: &dyn Fn(&str) -> bool,
) -> Result<Going> {
    let (all, ours) = (Cell::new(0_u64), Cell::new(0_u64));
    let count = |file: &str| {
        all.set(all.get() + 1);
        ours.set(ours.get() + u64::from(is_ours(file)));
        false
    };
    let listing = match session.list(folder, &count) {
        Ok(listing) => listing,
        Err(fault) => return list_fault(look, folder, name, fault),
    };
    let (verdict, message) = match (folder, listing.odd, ours.get()) {
        (_, 1.., _) => (Verdict::Warning, text::FOLDER_ODD),
        (Folder::Get, 0, _) => (Verdict::Well, text::GET_FOLDER),
        (Folder::Put, 0, 1..) => (Verdict::Warning, text::PROBES_LEFT),
        (Folder::Put, 0, 0) => (Verdict::Well, text::PUT_FOLDER),
    };
    let check = look
        .check(name, verdict, message)
        .with("folder", name_of(look, folder))
        .with("count", all.get())
        .with("ours", ours.get())
        .with("odd", listing.odd)
        .with("names", listing.odd_names.join(", "));
    look.note(if verdict == Verdict::Well { check } else { check.hint(text::FOLDER_HINT) });
    Ok(Going::On)
}

fn list_fault(look: &Look<'_>, folder: Folder, name: &'static str, fault: Fault) -> Result<Going> {
    let goes_on = matches!(fault.kind, FaultKind::NoFolder | FaultKind::Denied | FaultKind::Unsupported);
    if folder == Folder::Put && matches!(fault.kind, FaultKind::Denied) {
        // Some servers take files in a folder that nobody may look into; a list is sent all the same.
        let check = look.check(name, Verdict::Skipped, text::PUT_FOLDER_BLIND);
        look.note(check.with("folder", name_of(look, folder)));
    } else {
        look.fault(name, fault)?;
    }
    Ok(if goes_on { Going::On } else { Going::Nowhere })
}

fn name_of<'l>(look: &'l Look<'_>, folder: Folder) -> &'l str {
    let server = &look.around.settings.spar.server;
    match (server.transport, folder) {
        (Way::Dir, Folder::Get) => "out",
        (Way::Dir, Folder::Put) => "in",
        (_, Folder::Get) => &server.get_dir,
        (_, Folder::Put) => &server.put_dir,
    }
}

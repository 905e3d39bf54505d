//! Fetches SPAR's files from the drop server into the inbox. (rules.md, spar-import 1)

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use crate::config::{AfterFetch, Ready};
use crate::domain::change::hex;
use crate::failure::{Failure, Result};
use crate::io::private;
use crate::io::spool::{Room, Spool, Spooled};
use crate::jobs::run::Run;
use crate::jobs::server::Server;
use crate::registry::remote_files::RemoteEntry;
use crate::text::line;
use crate::transport::{Folder, Listing, RemoteFile, Size};

const TRIGGER: &str = ".trigger";
const PART: &str = ".part";

/// Fetches what is new. Gives how many files that were.
pub(super) fn fetch(run: &mut Run<'_>, server: &mut Server) -> Result<u64> {
    let spar = &run.setup.settings.spar;
    let (ready, pattern) = (spar.ready, spar.pattern.clone());
    let listing = server.ask(run, |line| line.list(Folder::Get, &|name| is_wanted(name, &pattern)))?;
    if let Some((message, params)) = listing.odd_line() {
        run.line(message, &params);
    }
    let mut fetched = 0;
    for file in waiting(&listing, ready) {
        run.check_stop()?;
        let entry = entry(&file);
        if run.registry.was_fetched(&entry)? {
            continue;
        }
        if fetch_one(run, server, &file, &entry)? {
            fetched += 1;
        }
    }
    Ok(fetched)
}

/// Names of the pattern, with their triggers; never anybody's temporary file.
pub(in crate::jobs) fn is_wanted(name: &str, pattern: &str) -> bool {
    !name.ends_with(PART) && matches(name.strip_suffix(TRIGGER).unwrap_or(name), pattern)
}

/// `*` stands for anything, `?` for one character.
fn matches(name: &str, pattern: &str) -> bool {
    match (pattern.chars().next(), name.chars().next()) {
        (None, None) => true,
        (Some('*'), _) => {
            let rest = pattern.get(1..).unwrap_or_default();
            let mut tails = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            tails.any(|at| matches(name.get(at..).unwrap_or_default(), rest))
        }
        (Some(wanted), Some(found)) if wanted == '?' || wanted == found => {
            let (rest, tail) = (pattern.get(wanted.len_utf8()..), name.get(found.len_utf8()..));
            matches(tail.unwrap_or_default(), rest.unwrap_or_default())
        }
        (Some(_) | None, _) => false,
    }
}

/// Files that may be fetched: with `trigger` only those whose own is there.
fn waiting(listing: &Listing, ready: Ready) -> Vec<RemoteFile> {
    let triggered: BTreeSet<&str> =
        listing.files.iter().filter_map(|file| file.name.strip_suffix(TRIGGER)).collect();
    let is_ready = |file: &&RemoteFile| match ready {
        Ready::Rename => true,
        Ready::Trigger => triggered.contains(file.name.as_str()),
    };
    let files = listing.files.iter().filter(|file| !file.name.ends_with(TRIGGER));
    files.filter(is_ready).cloned().collect()
}

fn entry(file: &RemoteFile) -> RemoteEntry {
    RemoteEntry {
        name: file.name.clone(),
        size: file.size.unwrap_or_default(),
        modified: file.modified.clone().unwrap_or_default(),
    }
}

/// One file: to a temporary one, size compared, synced, into the inbox, remembered. False if it still grows.
fn fetch_one(run: &mut Run<'_>, server: &mut Server, file: &RemoteFile, entry: &RemoteEntry) -> Result<bool> {
    let spool = Spool::open(&run.setup.settings.spool)?;
    let path = spool.folder(Room::Staging).join("fetching");
    spool.remove(&path)?;
    let whole = download(run, server, file, &path)
        .and_then(|is_whole| is_whole.then(|| into_inbox(&spool, &path, &file.name)).transpose());
    // Half a file holds people too: it goes, whatever happened.
    spool.remove(&path)?;
    let Some(taken) = whole? else {
        run.line(line::FILE_GROWING, &[("file", file.name.clone())]);
        return Ok(false);
    };
    let removal = run.setup.settings.spar.after_fetch == AfterFetch::Delete;
    let content =
        super::receive::content_hash(&taken.path, &file.name).unwrap_or_else(|_| hex(&taken.sha256));
    run.registry.note_fetched(entry, &content, removal)?;
    run.line(line::FILE_FETCHED, &[("file", file.name.clone())]);
    Ok(true)
}

/// Whether what came has the length that was listed, and that the server tells afterwards.
fn download(run: &mut Run<'_>, server: &mut Server, file: &RemoteFile, path: &Path) -> Result<bool> {
    let copy = private::create_new(path)?;
    let got = server.ask(run, |line| line.fetch(Folder::Get, &file.name, &copy))?;
    let now = match server.ask(run, |line| line.size(Folder::Get, &file.name))? {
        Size::Bytes(size) => size,
        Size::Unknown => got,
        Size::Absent => 0,
    };
    Ok(got == file.size.unwrap_or(got) && got == now)
}

/// Synced and renamed: the inbox holds whole files only.
fn into_inbox(spool: &Spool, path: &Path, name: &str) -> Result<Spooled> {
    let mut source = File::open(path).map_err(|error| Failure::io(path, error))?;
    spool.receive(name, &mut source, Room::Inbox)
}

/// Removes from the server what stands applied. What fails is tried again next time.
pub(super) fn remove_applied(run: &mut Run<'_>, server: &mut Server) {
    let Ok(entries) = run.registry.removable() else { return };
    for entry in entries {
        if !entry.is_told() {
            run.line(line::REMOVAL_UNSURE, &[("file", entry.name.clone())]);
            continue;
        }
        let removed = remove(run, server, &entry);
        match removed {
            Ok(()) => run.line(line::FILE_REMOVED, &[("file", entry.name.clone())]),
            Err(failure) => {
                let reason = failure.text(run.setup.settings.language);
                run.line(line::REMOVAL_FAILED, &[("file", entry.name.clone()), ("reason", reason)]);
            }
        }
    }
}

fn remove(run: &mut Run<'_>, server: &mut Server, gone: &RemoteEntry) -> Result<()> {
    let trigger = format!("{}{TRIGGER}", gone.name);
    let is_wanted = |name: &str| name == gone.name || name == trigger;
    let there = server.ask(run, |line| line.list(Folder::Get, &is_wanted))?.files;
    let found = there.iter().find(|file| file.name == gone.name);
    // Another file may have taken the name meanwhile: only what we fetched is removed, and the trigger with it.
    if found.is_none_or(|file| entry(file) == *gone) {
        let trigger = there.iter().find(|file| file.name == trigger);
        for file in found.into_iter().chain(trigger) {
            server.ask(run, |line| line.delete(Folder::Get, &file.name, Some(file)))?;
        }
    }
    run.registry.note_removed(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_read_as_a_shell_reads_it() {
        let rows = [
            ("SPARAvisering_20250305.xml", "SPARAvisering_*", true),
            ("SPARAvisering_", "SPARAvisering_*", true),
            ("xSPARAvisering_1", "SPARAvisering_*", false),
            ("a1b", "a?b", true),
            ("ab", "a?b", false),
            ("åäö.xml", "*.xml", true),
            ("a.xml.zip", "*.xml", false),
        ];
        for (name, pattern, expected) in rows {
            assert_eq!(matches(name, pattern), expected, "{name} {pattern}");
        }
        assert!(is_wanted("SPARAvisering_1.xml.trigger", "SPARAvisering_*"));
        assert!(!is_wanted("SPARAvisering_1.xml.part", "SPARAvisering_*"));
    }
}

//! Settles lists that a dead run left on their way: nobody missing, nobody twice. (rules.md, spar-export 4)

use super::deliver::{Outgoing, collected, hand_over, ready_name, sent, upload_name};
use crate::config::Ready;
use crate::failure::{Failure, Result};
use crate::jobs::run::Run;
use crate::jobs::server::Server;
use crate::registry::spar_lists::{Mark, SparList};
use crate::text::{failure as text, line};
use crate::transport::{self, Folder, Persistent, Size};

/// What stands on the server under the name by which a list is uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Upload {
    /// Nothing.
    Absent,
    /// The list, or half of it: nobody looked.
    Some,
    /// A file of the list's length.
    Whole,
}

/// What stands on the server for a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    upload: Upload,
    /// What only the last step makes: the final name, or the trigger.
    handed_over: bool,
}

/// What to do about a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It is the receiver's.
    Sent,
    /// Whole on the server: only the last step is missing.
    HandOver,
    /// Uploaded and gone: the receiver collected it.
    Collected,
    /// Nothing of it was ever visible: made anew under the same number.
    Again,
}

fn judge(mark: Mark, seen: Seen) -> Verdict {
    match (mark, seen.handed_over, seen.upload) {
        (_, true, _) => Verdict::Sent,
        (Mark::Uploaded, false, Upload::Whole) => Verdict::HandOver,
        (Mark::Uploaded, false, Upload::Absent) => Verdict::Collected,
        (Mark::Uploaded, false, Upload::Some) | (Mark::Intent | Mark::Sent | Mark::Unsettled, false, _) => {
            Verdict::Again
        }
    }
}

/// Settles what there is; gives the number of a list that has to be made anew. Touches no server in a dry run.
pub(super) fn settle(run: &mut Run<'_>, server: &mut Server) -> Result<Option<u64>> {
    let mut again = None;
    for list in run.registry.unfinished_lists()? {
        if list.mark == Mark::Unsettled {
            return Err(Failure::failed(text::LIST_UNSETTLED)
                .with("list", &list.name)
                .hint(text::LIST_UNSETTLED_HINT));
        }
        if run.is_dry() {
            again = again.or(Some(list.serial));
            continue;
        }
        run.check_stop()?;
        if settle_one(run, server, &list)? == Verdict::Again {
            again = Some(list.serial);
        }
    }
    Ok(again)
}

fn settle_one(run: &mut Run<'_>, server: &mut Server, list: &SparList) -> Result<Verdict> {
    let verdict = if list.mark == Mark::Intent && !run.registry.is_begun(list.id)? {
        // Nothing was ever put: whatever has the list's name on the server is not ours to touch.
        Verdict::Again
    } else {
        finish(run, server, list)?
    };
    if verdict == Verdict::Again {
        run.registry.forget_begun(list.id)?;
        run.line(line::LIST_AGAIN, &[("list", list.name.clone())]);
    }
    Ok(verdict)
}

fn finish(run: &mut Run<'_>, server: &mut Server, list: &SparList) -> Result<Verdict> {
    let ready = run.setup.settings.spar.ready;
    let (name, seen) = server.ask(run, |line| look(line, ready, list))?;
    let outgoing = Outgoing { id: list.id, name: &list.name, file_name: &list.file_name, size: list.size };
    let verdict = judge(list.mark, seen);
    match verdict {
        Verdict::Sent => sent(run, &outgoing)?,
        Verdict::HandOver => hand_over(run, server, &outgoing)?,
        Verdict::Collected => collected(run, &outgoing)?,
        // The list that comes instead may have another name, or there may be none.
        Verdict::Again if seen.upload == Upload::Absent => {}
        Verdict::Again => server.ask(run, |line| line.delete(Folder::Put, &name, None))?,
    }
    Ok(verdict)
}

/// What stands there, and under which name the upload does.
fn look(line: &mut Persistent, ready: Ready, list: &SparList) -> transport::Result<(String, Seen)> {
    let standing = line.size(Folder::Put, &ready_name(ready, &list.file_name))?;
    let handed_over = is_ours(standing, ready, list);
    let name = upload_name(ready, &list.file_name);
    let upload = match line.size(Folder::Put, &name)? {
        Size::Absent => Upload::Absent,
        Size::Bytes(size) if size != list.size => Upload::Some,
        Size::Bytes(_) | Size::Unknown => Upload::Whole,
    };
    // Uploaded while `spar.ready` was still `rename`: not collected, only under the other name.
    let part = upload_name(Ready::Rename, &list.file_name);
    let strayed = ready == Ready::Trigger && upload == Upload::Absent && !handed_over;
    if strayed && line.size(Folder::Put, &part)? != Size::Absent {
        return Ok((part, Seen { upload: Upload::Some, handed_over }));
    }
    Ok((name, Seen { upload, handed_over }))
}

/// A file of the final name and another length is somebody else's; taken for ours, nobody in the list would ever be
/// asked about.
fn is_ours(found: Size, ready: Ready, list: &SparList) -> bool {
    match (found, ready) {
        (Size::Absent, _) => false,
        (Size::Bytes(size), Ready::Rename) => size == list.size,
        (Size::Unknown, _) | (Size::Bytes(_), Ready::Trigger) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_on_the_server_decides() {
        use Upload::{Absent, Some, Whole};
        let seen = |upload, handed_over| Seen { upload, handed_over };
        let rows = [
            // final name there → sent, whatever we knew
            (Mark::Intent, seen(Absent, true), Verdict::Sent),
            (Mark::Uploaded, seen(Whole, true), Verdict::Sent),
            // temporary there and uploaded → renamed; but not half of one
            (Mark::Uploaded, seen(Whole, false), Verdict::HandOver),
            (Mark::Uploaded, seen(Some, false), Verdict::Again),
            // both gone and uploaded → the receiver collected it
            (Mark::Uploaded, seen(Absent, false), Verdict::Collected),
            // only intent: nothing there, or half a file, or a whole one that nobody looked at → not sent
            (Mark::Intent, seen(Absent, false), Verdict::Again),
            (Mark::Intent, seen(Some, false), Verdict::Again),
            (Mark::Intent, seen(Whole, false), Verdict::Again),
        ];
        for (mark, seen, expected) in rows {
            assert_eq!(judge(mark, seen), expected, "{mark:?} {seen:?}");
        }
    }
}

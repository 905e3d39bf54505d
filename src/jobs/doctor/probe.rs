//! A probe file in the folder where we put: written, measured, renamed, deleted, as a list is. Its names are such that
//! no receiver takes it and our own import never fetches it; it names nobody.

use super::server::Look;
use super::{Check, Verdict};
use crate::config::Ready;
use crate::domain::keyed_hash::write_hex;
use crate::failure::{Failure, Result};
use crate::io::Existing;
use crate::text::doctor as text;
use crate::transport::{Fault, FaultKind, Folder, Size, Transport};

const START: &str = "mantal-probe-";
const PART: &str = ".part";
const CONTENT: &[u8] = b"mantal doctor: may be deleted\n";

/// Whether a file is a probe of ours, or of another doctor that was cut off.
pub(super) fn is_probe(name: &str) -> bool {
    name.starts_with(START) && name.ends_with(PART)
}

/// Tries what a list needs; fails only if a signal came.
pub(super) fn look(look: &Look<'_>, session: &mut dyn Transport) -> Result<()> {
    let mut chance = [0; 8];
    getrandom::fill(&mut chance).map_err(|_| Failure::internal("no random numbers"))?;
    let first = format!("{START}{}{PART}", write_hex(&chance));
    let second = format!("{START}{}-2{PART}", write_hex(&chance));
    let there = match write(session, &first) {
        Ok(arrived) => {
            written(look, arrived);
            rename(look, session, &first, &second)?
        }
        Err(fault) => {
            let is_broken = !is_answer(fault.kind);
            look.fault("write", fault)?;
            // What a broken upload left is taken away, if anything is there and the session lives.
            if !is_broken && session.delete(Folder::Put, &first).is_ok() {
                look.note(deleted(look));
            }
            return Ok(());
        }
    };
    if let Some(name) = there {
        delete(look, session, name)?;
    }
    Ok(())
}

/// How many bytes arrived: a server's word for success is not believed.
fn write(session: &mut dyn Transport, name: &str) -> std::result::Result<u64, Fault> {
    let given = session.store(Folder::Put, name, &mut &*CONTENT, Existing::Refuse)?;
    Ok(match session.size(Folder::Put, name)? {
        Size::Bytes(size) => size,
        Size::Unknown => given,
        Size::Absent => 0,
    })
}

fn written(look: &Look<'_>, arrived: u64) {
    let (verdict, message) = if arrived == CONTENT.len() as u64 {
        (Verdict::Well, text::PROBE_WRITTEN)
    } else {
        (Verdict::Problem, text::PROBE_SIZE)
    };
    let check = look.check("write", verdict, message).with("found", arrived);
    look.note(check.with("expected", CONTENT.len()));
}

/// Gives the name that the probe has then; none if the session broke and nobody can tell.
fn rename<'n>(
    look: &Look<'_>,
    session: &mut dyn Transport,
    first: &'n str,
    second: &'n str,
) -> Result<Option<&'n str>> {
    if look.around.settings.spar.ready == Ready::Trigger {
        look.note(look.check("rename", Verdict::Skipped, text::RENAME_NOT_NEEDED));
        return Ok(Some(first));
    }
    match session.rename(Folder::Put, first, second) {
        Ok(()) => {
            look.note(look.check("rename", Verdict::Well, text::PROBE_RENAMED));
            Ok(Some(second))
        }
        Err(fault) => {
            let is_there = is_answer(fault.kind);
            look.fault("rename", fault)?;
            if is_there {
                return Ok(Some(first));
            }
            look.note(left(look, first).with("reason", ""));
            Ok(None)
        }
    }
}

fn delete(look: &Look<'_>, session: &mut dyn Transport, name: &str) -> Result<()> {
    match session.delete(Folder::Put, name) {
        Ok(()) => look.note(deleted(look)),
        Err(fault) => {
            let failure = fault.into_failure();
            if matches!(failure.kind, crate::failure::Kind::Interrupted(_)) {
                return Err(failure);
            }
            let reason = failure.text(look.around.settings.language);
            look.note(left(look, name).with("reason", reason));
        }
    }
    Ok(())
}

fn deleted(look: &Look<'_>) -> Check {
    look.check("delete", Verdict::Well, text::PROBE_DELETED)
}

/// The probe may still be there, and somebody has to take it away.
fn left(look: &Look<'_>, name: &str) -> Check {
    look.check("delete", Verdict::Problem, text::PROBE_LEFT).with("file", name).hint(text::PROBE_LEFT_HINT)
}

/// Whether the server answered, and the session goes on.
const fn is_answer(kind: FaultKind) -> bool {
    matches!(
        kind,
        FaultKind::Missing
            | FaultKind::NoFolder
            | FaultKind::Exists
            | FaultKind::Full
            | FaultKind::Denied
            | FaultKind::Busy
            | FaultKind::Unsupported
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::spar_import::fetch::is_wanted;

    #[test]
    fn a_probe_is_known_as_one_and_fetched_by_no_import() {
        for name in ["mantal-probe-0123456789abcdef.part", "mantal-probe-0123456789abcdef-2.part"] {
            assert!(is_probe(name));
            assert!(!is_wanted(name, "*"), "{name}");
        }
        for name in ["C2503-000001-spar.part", "mantal-probe-1.txt", "a-mantal-probe-1.part"] {
            assert!(!is_probe(name), "{name}");
        }
    }
}

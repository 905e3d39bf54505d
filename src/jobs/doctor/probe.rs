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

/// Tries what a list needs; fails only if a signal came, and then the probe is taken away first.
pub(super) fn look(look: &Look<'_>, session: &mut dyn Transport) -> Result<()> {
    let mut chance = [0; 8];
    getrandom::fill(&mut chance).map_err(|_| Failure::internal("no random numbers"))?;
    let chance = write_hex(&chance);
    let names = [format!("{START}{chance}{PART}"), format!("{START}{chance}-2{PART}")];
    let probe = Probe { look, names: &names };
    match write(session, probe.first()) {
        Ok(arrived) => {
            written(look, arrived);
            probe.rename(session)
        }
        Err(fault) => probe.failed("write", fault, session),
    }
}

/// A probe and its two names.
struct Probe<'p> {
    look: &'p Look<'p>,
    names: &'p [String; 2],
}

/// Whether anything of a probe is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trace {
    /// It was never there.
    Never,
    /// It was deleted.
    Deleted,
    /// Nobody can tell.
    Unknown,
}

impl Probe<'_> {
    const fn first(&self) -> &String {
        let [first, _] = self.names;
        first
    }

    const fn second(&self) -> &String {
        let [_, second] = self.names;
        second
    }

    fn rename(&self, session: &mut dyn Transport) -> Result<()> {
        let look = self.look;
        if look.around.settings.spar.ready == Ready::Trigger {
            look.note(look.check("rename", Verdict::Skipped, text::RENAME_NOT_NEEDED));
            return self.delete(session, self.first());
        }
        match session.rename(Folder::Put, self.first(), self.second()) {
            Ok(()) => {
                look.note(look.check("rename", Verdict::Well, text::PROBE_RENAMED));
                self.delete(session, self.second())
            }
            Err(fault) if is_answer(fault.kind) => {
                look.fault("rename", fault)?;
                self.delete(session, self.first())
            }
            Err(fault) => self.failed("rename", fault, session),
        }
    }

    fn delete(&self, session: &mut dyn Transport, name: &str) -> Result<()> {
        let look = self.look;
        match session.delete(Folder::Put, name) {
            Ok(()) => self.deleted(),
            // One that broke off may have been done: another session sees to it.
            Err(fault) if is_answer(fault.kind) || self.take_away_anew() == Trace::Unknown => {
                let reason = fault.into_failure().text(look.around.settings.language);
                look.note(self.left(name).with("reason", reason));
            }
            Err(fault) => look.fault("delete", fault)?,
        }
        look.around.check_stop()
    }

    /// A step broke off: what it left is taken away, by a session of its own if it must be.
    fn failed(&self, step: &'static str, fault: Fault, session: &mut dyn Transport) -> Result<()> {
        let trace = if is_answer(fault.kind) { self.take_away(session) } else { self.take_away_anew() };
        self.look.fault(step, fault)?;
        match trace {
            Trace::Never => {}
            Trace::Deleted => self.deleted(),
            Trace::Unknown => self.look.note(self.left(&self.names.join(", ")).with("reason", "")),
        }
        Ok(())
    }

    fn deleted(&self) {
        self.look.note(self.look.check("delete", Verdict::Well, text::PROBE_DELETED));
    }

    fn take_away_anew(&self) -> Trace {
        self.look.last_session().map_or(Trace::Unknown, |mut session| self.take_away(session.as_mut()))
    }

    fn take_away(&self, session: &mut dyn Transport) -> Trace {
        let mut trace = Trace::Never;
        for name in self.names {
            match session.delete(Folder::Put, name) {
                Ok(()) => trace = Trace::Deleted,
                Err(fault) if matches!(fault.kind, FaultKind::Missing | FaultKind::NoFolder) => {}
                Err(_) => return Trace::Unknown,
            }
        }
        trace
    }

    /// The probe may still be there, and somebody has to take it away.
    fn left(&self, name: &str) -> Check {
        let check = self.look.check("delete", Verdict::Problem, text::PROBE_LEFT);
        check.with("file", name).hint(text::PROBE_LEFT_HINT)
    }
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

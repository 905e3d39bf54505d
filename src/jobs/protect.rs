//! `person protect` and `person unprotect`: a human marks a person, or lifts all marks. (rules.md, Protection 6)

use super::run::Run;
use super::{Job, Origin};
use crate::domain::change::{Why, diff};
use crate::domain::person::{Notice, PersonId};
use crate::domain::protection::{self, Kind, Mark};
use crate::failure::{Failure, Result};
use crate::io::side_file::Fact;
use crate::registry::people::Concealment;
use crate::text::{failure as text, line};

/// Marks a person and erases what a protected person must not leave.
#[derive(Debug)]
pub struct Protect {
    /// Whom.
    pub person: PersonId,
    /// With which mark.
    pub kind: Kind,
    /// Why; kept with the run, shown by no listing.
    pub reason: String,
}

/// Lifts every mark; nothing comes back, SPAR is asked anew.
#[derive(Debug)]
pub struct Unprotect {
    /// Whom.
    pub person: PersonId,
    /// Why; kept with the run, shown by no listing.
    pub reason: String,
}

impl Job for Protect {
    fn name(&self) -> &'static str {
        "person-protect"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let stored = find(run, self.person)?;
        let mark = Mark { kind: self.kind, since: run.setup.today };
        if !run.is_dry() {
            run.hide(&[(self.person, vec![mark])], self.name())?;
        }
        let names = run.setup.settings.protection;
        run.unit(None, |run, editor| {
            let mut after = stored.person.clone();
            protection::add_marks(&mut after, &[mark]);
            protection::erase(&mut after, names);
            // Somebody whom a held file hid is erased now, even if nothing but the mark is left to change: the undo of that
            // file must not lift what a hand gave.
            let mut before = stored.clone();
            if before.concealment == Concealment::Hidden {
                before.person.protection.clear();
            }
            let changes = diff(&before.person, &after, |_| Why("person-protect"));
            run.registry.put_reason(run.id, self.person, "protect", &self.reason)?;
            run.change(editor, &before, &after, &changes)
        })?;
        run.counts.add("protected", u64::from(!stored.person.is_protected()));
        let params = vec![("person", self.person.to_string())];
        run.line(line::PROTECTED_BY_HAND, &params);
        run.message = Some((line::PROTECTED_BY_HAND, params));
        Ok(())
    }
}

impl Job for Unprotect {
    fn name(&self) -> &'static str {
        "person-unprotect"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let stored = find(run, self.person)?;
        if !stored.person.is_protected() {
            return Err(Failure::failed(text::NOT_PROTECTED).with("person", self.person));
        }
        run.unit(None, |run, editor| {
            let mut after = stored.person.clone();
            after.protection.clear();
            after.notices.remove(&Notice::ProtectionLifted);
            after.notices.remove(&Notice::CommentReview);
            let changes = diff(&stored.person, &after, |_| Why("person-unprotect"));
            run.change(editor, &stored, &after, &changes)?;
            run.registry.put_reason(run.id, self.person, "unprotect", &self.reason)?;
            run.registry.ask_anew(after.number.key())?;
            if run.is_dry() {
                Ok(())
            } else {
                let numbers = stored.person.former.iter().chain([&after.number]);
                run.note_beside(
                    &numbers.map(|number| Fact::Unprotected(run.key.hash(number))).collect::<Vec<_>>(),
                )
            }
        })?;
        let params = vec![("person", self.person.to_string())];
        run.line(line::UNPROTECTED_BY_HAND, &params);
        run.message = Some((line::UNPROTECTED_BY_HAND, params));
        Ok(())
    }
}

fn find(run: &Run<'_>, person: PersonId) -> Result<crate::registry::people::Stored> {
    let stored = run.registry.people()?.find(person)?;
    stored.ok_or_else(|| Failure::failed(text::NOT_FOUND).with("what", person))
}

//! Carries out what the rules decided about one person: limits, counts, findings and journal come from the same
//! differences, whoever made the statement. (rules.md, Principles)

use super::run::Run;
use crate::domain::change::{Change, Field};
use crate::domain::limit::LimitName;
use crate::domain::person::{Person, PersonId, Said, Status};
use crate::domain::spar::decide::{Decision, Policy, act, only_heard};
use crate::failure::Result;
use crate::registry::findings::Event;
use crate::registry::people::{Concealment, Editor, Recorded, Stored};
use crate::text::line;

/// What becomes of a person.
pub(super) struct Worked {
    after: After,
    /// None for what SPAR said: that is remembered, not journaled.
    pub(super) changes: Recorded,
}

/// What somebody is then.
enum After {
    /// As before, but for what SPAR said of them.
    Heard(Said),
    Changed(Box<Person>),
}

/// Works out what a decision makes of a person. Pure.
pub(super) fn work_out(stored: &Person, decision: &Decision, policy: Policy) -> Worked {
    if let Some(said) = only_heard(stored, &decision.actions) {
        return Worked { after: After::Heard(said), changes: Recorded::of(Vec::new()) };
    }
    let (after, changes) = act(stored, &decision.actions, policy);
    Worked { after: After::Changed(Box::new(after)), changes: Recorded::of(changes) }
}

/// Does what was decided to a person, within a unit. Gives what that changed.
pub(super) fn carry_out(
    run: &mut Run<'_>,
    editor: &mut Editor<'_>,
    stored: &Stored,
    decision: &Decision,
    policy: Policy,
) -> Result<Vec<Change>> {
    let worked = work_out(&stored.person, decision, policy);
    put_through(run, editor, stored, decision, &worked)?;
    Ok(worked.changes.into_changes())
}

/// As [`carry_out`], where it was worked out before.
pub(super) fn put_through(
    run: &mut Run<'_>,
    editor: &mut Editor<'_>,
    stored: &Stored,
    decision: &Decision,
    worked: &Worked,
) -> Result<()> {
    remarks(run, stored.id, decision);
    match &worked.after {
        After::Heard(said) => run.hear(editor, stored, *said),
        After::Changed(after) => {
            count(run, stored, after, worked.changes.changes());
            run.change(editor, stored, after, &worked.changes)
        }
    }
}

/// Somebody hidden by the very statement that is about to be heard, now or when it was held: the plan is the same as if
/// they had not been.
pub(super) fn as_if_open(mut stored: Stored) -> Stored {
    if stored.concealment == Concealment::Hidden {
        stored.person.protection.clear();
    }
    stored
}

fn count(run: &mut Run<'_>, stored: &Stored, after: &Person, changes: &[Change]) {
    let has = |wanted: fn(Field) -> bool| changes.iter().any(|change| wanted(change.field));
    let status = has(|field| field == Field::Status);
    let newly_protected = after.is_protected() && stored.concealment != Concealment::Erased;
    let facts = [
        (
            "number_changed",
            has(|field| field == Field::Number) && after.number.key() != stored.person.number.key(),
        ),
        ("deceased", status && after.status == Status::Deceased),
        ("deregistered", status && after.status == Status::Deregistered),
        ("protected", newly_protected),
        ("address", !newly_protected && has(|field| matches!(field, Field::Address(_)))),
        ("name", !newly_protected && has(is_name)),
    ];
    for (name, holds) in facts {
        if holds {
            run.counts.add(name, 1);
        }
    }
    if status && after.status != Status::Active {
        run.guard.add_person(LimitName::Blocked, stored.id);
    }
    if newly_protected {
        run.guard.add_person(LimitName::Protected, stored.id);
    }
}

fn remarks(run: &mut Run<'_>, id: PersonId, decision: &Decision) {
    for (kept, digest) in &decision.kept {
        run.event(Event {
            kind: "update-blocked",
            subject: id.to_string(),
            detail: kept.name().to_owned(),
            facts: format!("{digest:016x}"),
            params: serde_json::json!({ "field": kept.name() }).to_string(),
        });
    }
    if decision.birth_date_differs {
        run.line(line::BIRTH_DATE_DIFFERS, &[("person", id.to_string())]);
    }
}

const fn is_name(field: Field) -> bool {
    matches!(field, Field::FirstName | Field::CalledName | Field::MiddleName | Field::LastName)
}

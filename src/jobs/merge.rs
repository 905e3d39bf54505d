//! `person merge A B`: two records of one person become one; A survives. (docs/merge.md)

use super::run::Run;
use super::{Job, Origin};
use crate::domain::change::{Change, Why, diff};
use crate::domain::merge::{merged, newer};
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::registry::people::{Concealment, Editor, Reader, Stored};
use crate::text::merge as text;

const WHY: Why = Why("person-merge");

/// Merges two records.
#[derive(Debug)]
pub struct Merge {
    /// The one that survives.
    pub survivor: PersonId,
    /// The one that goes.
    pub other: PersonId,
}

impl Job for Merge {
    fn name(&self) -> &'static str {
        "person-merge"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let mut people = run.registry.people()?;
        let (own, other) = (people.get(self.survivor)?, people.get(self.other)?);
        check(run, &own, &other)?;
        let newer = newer(&own.person, other.id);
        let after = merged((own.id, &own.person), (other.id, &other.person), newer);
        run.unit(None, |run, editor| {
            let mut ledger = run.registry.ledger_rows(own.id)?;
            ledger.extend(run.registry.ledger_rows(other.id)?);
            point_to_survivor(run, editor, &mut people, &own, &other)?;
            for (what, count) in run.registry.move_records(run.id, own.id, other.id)? {
                run.counts.add(what, count);
            }
            // First, so that an undo, which goes backwards, finds the numbers free when it brings the record back.
            editor.remove(&other)?;
            let changes: Vec<Change> = diff(&own.person, &after, |_| WHY);
            run.change(editor, &own, &after, &changes)?;
            run.registry.put_ledger_rows(&ledger)
        })?;
        run.counts.add("changed", 1);
        run.counts.add("removed", 1);
        left_behind(run, &own, &other);
        let params = vec![("other", other.id.to_string()), ("person", own.id.to_string())];
        run.line(text::MERGED, &params);
        run.message = Some((text::MERGED, params));
        Ok(())
    }
}

fn check(run: &Run<'_>, own: &Stored, other: &Stored) -> Result<()> {
    if own.id == other.id {
        return Err(Failure::failed(text::MERGE_SAME).with("person", own.id));
    }
    // Not which of them, and not that they may be one (rules.md, Protection 5).
    if own.concealment != Concealment::Open || other.concealment != Concealment::Open {
        return Err(Failure::failed(text::MERGE_PROTECTED));
    }
    for record in [own.id, other.id] {
        if run.registry.is_reduced(record)? {
            return Err(Failure::failed(text::MERGE_REDUCED).with("person", record));
        }
    }
    if run.registry.are_related(own.id, other.id)? {
        return Err(Failure::failed(text::MERGE_RELATED));
    }
    if run.registry.held_since(other.id)?.is_some() && run.registry.held_since(own.id)?.is_none() {
        let failure = Failure::failed(text::MERGE_HELD).with("other", other.id);
        return Err(failure.with("person", own.id));
    }
    Ok(())
}

/// Open questions of third records about the one that goes are about the survivor from now on.
fn point_to_survivor(
    run: &mut Run<'_>,
    editor: &mut Editor<'_>,
    people: &mut Reader<'_>,
    own: &Stored,
    other: &Stored,
) -> Result<()> {
    for id in run.registry.asked_about(other.id, own.id)? {
        let third = people.get(id)?;
        let mut after = third.person.clone();
        for about in after.notices.values_mut().filter(|about| **about == Some(other.id)) {
            *about = Some(own.id);
        }
        let changes = diff(&third.person, &after, |_| WHY);
        run.change(editor, &third, &after, &changes)?;
    }
    Ok(())
}

/// What the record that went had and the survivor has otherwise: by field, never by value.
fn left_behind(run: &mut Run<'_>, own: &Stored, other: &Stored) {
    use crate::domain::change::Field;
    let is_lost = |field: &Field| {
        let (ours, theirs) = (field.get(&own.person), field.get(&other.person));
        field.is_visible()
            && *field != Field::Number
            && !theirs.is_null()
            && !ours.is_null()
            && ours != theirs
    };
    let lost: Vec<String> =
        Field::ALL.into_iter().filter(is_lost).map(|field| field.name().to_owned()).collect();
    if !lost.is_empty() {
        run.line(text::MERGE_DIFFERED, &[("fields", lost.join(", "))]);
    }
}

//! `contacts reset`: gives contact details that people changed back to the sources. (rules.md, sync-contacts 2)
//!
//! The values stand until a source is read next, which may be one that says something else.

use super::run::Run;
use super::{Job, Origin};
use crate::domain::change::{Why, diff};
use crate::domain::contact::edit::give_back;
use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::registry::people::{Editor, Reader};
use crate::text::sync_contacts as text;

/// Whose details are given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// These people's.
    People(Vec<PersonId>),
    /// Everybody's of a category: their own, or one that a source gave.
    Category(String),
}

/// Gives contact details back.
#[derive(Debug)]
pub struct ContactsReset {
    /// Whose.
    pub whose: Whose,
}

impl Job for ContactsReset {
    fn name(&self) -> &'static str {
        "contacts-reset"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let people = match &self.whose {
            Whose::People(people) => people.clone(),
            Whose::Category(category) => run.registry.people_of_category(category)?,
        };
        run.unit(None, |run, editor| {
            let mut reader = run.registry.people()?;
            people.iter().try_for_each(|id| reset(run, editor, &mut reader, *id))
        })?;
        let params = vec![("fields", run.counts.get("freed").to_string())];
        run.line(text::GIVEN_BACK, &params);
        run.message = Some((text::GIVEN_BACK, params));
        Ok(())
    }
}

fn reset(run: &mut Run<'_>, editor: &mut Editor<'_>, reader: &mut Reader<'_>, id: PersonId) -> Result<()> {
    run.check_stop()?;
    let stored = reader.get(id)?;
    if stored.person.is_protected() {
        run.counts.add("protected", 1);
        return Ok(());
    }
    let mut after = stored.person.clone();
    let fields = give_back(&mut after);
    run.counts.add("freed", fields as u64);
    run.counts.add(if fields > 0 { "changed" } else { "unchanged" }, 1);
    let changes = diff(&stored.person, &after, |_| Why("contacts-reset"));
    run.change(editor, &stored, &after, &changes)
}

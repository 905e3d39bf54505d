//! `undo RUN`: puts back what still is as the run left it, and lists what isn't. (rules.md, Undo and restore)

mod links;
mod merged;
mod protected;
mod records;
mod refusal;
mod rules;

use serde_json::Value;

use super::run::Run;
use super::{Job, Origin};
use crate::domain::change::{Change, Field, Why, diff, from_image, image};
use crate::domain::keyed_hash::read_hex;
use crate::domain::person::PersonId;
use crate::failure::{Failure, Result};
use crate::io::side_file::Fact;
use crate::registry::files::State;
use crate::registry::journal::Entry;
use crate::registry::people::{Concealment, Editor, Reader, Stored};
use crate::registry::runs::{RunId, RunRow};
use crate::text::line;

/// Journal rows are read backwards in pages of this size.
const PAGE: u32 = 500;

/// Takes a run back.
#[derive(Debug)]
pub struct Undo {
    /// Which.
    pub run: RunId,
}

impl Job for Undo {
    fn name(&self) -> &'static str {
        "undo"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let target = refusal::check(run, self.run)?;
        merged::check(run, &target)?;
        let ledger = merged::ledger(run, &target)?;
        run.unit(None, |run, editor| {
            let mut undoing = Undoing { people: run.registry.people()?, run, editor };
            undoing.all(self.run)?;
            undoing.files(&target)?;
            links::put_back(run, self.run)?;
            records::put_back(run, self.run)?;
            rules::put_back(run, self.run)?;
            merged::put_back(run, &target, &ledger)?;
            unhide(run, self.run)?;
            run.registry.mark_undone(self.run, run.id)?;
            if let Some(first) = target.undoes {
                run.registry.clear_undone(RunId(first))?;
            }
            Ok(())
        })?;
        let left = run.counts.get("left").to_string();
        let params = vec![("run", self.run.0.to_string()), ("left", left)];
        run.line(line::UNDONE, &params);
        run.message = Some((line::UNDONE, params));
        Ok(())
    }
}

/// Lifts what only this run hid; a restored backup must not protect them again.
fn unhide(run: &Run<'_>, target: RunId) -> Result<()> {
    run.registry.hand_hidings_over(target)?;
    let mut people = run.registry.people()?;
    let mut facts = Vec::new();
    for person in run.registry.hidden_only_by(target)? {
        let person = people.get(person)?.person;
        facts.extend(person.former.iter().chain([&person.number]).map(|number| run.key.hash(number)));
    }
    if !run.is_dry() {
        run.note_beside(&facts.into_iter().map(Fact::Unprotected).collect::<Vec<_>>())?;
    }
    run.registry.unhide(target, run.id).map(drop)
}

struct Undoing<'a, 'r> {
    people: Reader<'r>,
    run: &'a mut Run<'r>,
    editor: &'a mut Editor<'r>,
}

impl Undoing<'_, '_> {
    fn all(&mut self, target: RunId) -> Result<()> {
        let mut before = i64::MAX;
        loop {
            let entries = self.run.registry.journal_backwards(target, before, PAGE)?;
            let Some(last) = entries.last() else { return Ok(()) };
            before = last.id;
            for entry in entries {
                self.run.check_stop()?;
                self.entry(&entry)?;
            }
        }
    }

    fn entry(&mut self, entry: &Entry) -> Result<()> {
        match (entry.verb.as_str(), self.people.find(entry.person)?) {
            ("created", Some(stored)) => self.entered(entry, &stored),
            ("removed", None) => self.gone(entry),
            ("changed", Some(stored)) => self.changed(entry, &stored),
            _ => {
                self.leave(entry.person, "person.gone");
                Ok(())
            }
        }
    }

    /// Somebody whom the run created goes, if they are still as it left them and nothing refers to them.
    fn entered(&mut self, entry: &Entry, stored: &Stored) -> Result<()> {
        let entry_of_ledger = self.run.registry.ledger_entry(stored.person.number.key())?;
        let as_left = entry.changes.as_ref().and_then(from_image).is_some_and(|left| {
            let now = crate::domain::person::Person {
                said: left.said,
                entered_on: left.entered_on,
                ..stored.person.clone()
            };
            image(&left) == image(&now)
        });
        let is_needed = entry_of_ledger.sent_on.is_some() || self.run.registry.is_retained(entry.person)?;
        if stored.concealment != Concealment::Open || !as_left || is_needed {
            self.leave(entry.person, "person.created");
            return Ok(());
        }
        self.editor.remove(stored)?;
        self.run.counts.add("removed", 1);
        Ok(())
    }

    /// Somebody whom an undo removed comes back under the same id.
    fn gone(&mut self, entry: &Entry) -> Result<()> {
        let Some(person) = entry.changes.as_ref().and_then(from_image) else {
            self.leave(entry.person, "person.removed");
            return Ok(());
        };
        if self.run.holder(&person.number)?.is_some() {
            self.leave(entry.person, "number.id_number");
            return Ok(());
        }
        self.editor.bring_back(entry.person, &person)?;
        self.run.counts.add("created", 1);
        Ok(())
    }

    fn changed(&mut self, entry: &Entry, stored: &Stored) -> Result<()> {
        let Some(Value::Array(rows)) = &entry.changes else {
            self.leave(entry.person, "person.protection");
            return Ok(());
        };
        if stored.concealment != Concealment::Open {
            self.leave(entry.person, "person.protection");
            return Ok(());
        }
        let mut after = stored.person.clone();
        if protected::marks_again(&mut after, rows, self.run.setup.settings.protection) {
            self.run.counts.add("protected", 1);
            self.run.line(line::PROTECTED_BY_HAND, &[("person", entry.person.to_string())]);
        } else {
            for row in rows {
                self.put_back(entry.person, row, &mut after)?;
            }
        }
        let changes: Vec<Change> = diff(&stored.person, &after, |_| Why("undo"));
        if !changes.is_empty() {
            self.run.change(self.editor, stored, &after, &changes)?;
            self.run.counts.add("changed", 1);
        }
        Ok(())
    }

    fn put_back(
        &mut self,
        person: PersonId,
        row: &Value,
        after: &mut crate::domain::person::Person,
    ) -> Result<()> {
        let part = |at: usize| row.get(at).unwrap_or(&Value::Null);
        let key = part(0).as_str().unwrap_or_default();
        let Some(field) = Field::parse(key) else { return Ok(()) };
        let (old, new) = (part(1), part(2));
        let is_whole = field != Field::Protection
            && !self.is_taken(field, old, person)?
            && field
                .put_back(after, old, new)
                .ok_or_else(|| Failure::internal("a journal row that does not fit"))?;
        if !is_whole && field.is_visible() {
            self.leave(person, key);
        }
        Ok(())
    }

    /// Whether somebody else has got the number meanwhile.
    fn is_taken(&self, field: Field, old: &Value, person: PersonId) -> Result<bool> {
        if field != Field::Number {
            return Ok(false);
        }
        let Some(number) = crate::domain::change::current_number(old) else { return Ok(true) };
        Ok(self.run.holder(&number)?.is_some_and(|holder| holder != person))
    }

    /// What can't be put back is listed: by internal id and field, never by value.
    fn leave(&mut self, person: PersonId, field: &str) {
        self.run.counts.add("left", 1);
        self.run.remark(line::UNDO_LEFT, &[("person", person.to_string()), ("field", field.to_owned())]);
    }

    fn files(&mut self, target: &RunRow) -> Result<()> {
        // The undo of an undo sets the first run's files back.
        let (of, from, to) = match target.undoes {
            Some(first) => (first, State::Undone, State::Applied),
            None => (target.id.0, State::Applied, State::Undone),
        };
        let fact = if to == State::Applied { Fact::Applied } else { Fact::Undone };
        for file in self.run.registry.files_of(RunId(of))? {
            if file.state != from {
                continue;
            }
            self.run.registry.set_file_state(file.id, to)?;
            if !self.run.is_dry() {
                let sha256 = self.run.registry.hash_of_file(file.id)?;
                self.run.note_beside(&read_hex(&sha256).map(fact).into_iter().collect::<Vec<_>>())?;
            }
        }
        Ok(())
    }
}

//! Decides and applies, person by person, in one transaction. (rules.md, sync-contacts; Limits)

use std::collections::BTreeMap;
use std::sync::Arc;

use super::scan::{Scan, Staged};
use super::strangers::{number_of, who};
use super::{Delivery, Extent};
use crate::domain::change::{Field, Why, diff, is_visible_change};
use crate::domain::contact::ContactField;
use crate::domain::contact::gather::{Gathered, SourceRow, gather, introduction};
use crate::domain::contact::merge::{Outcome, hear};
use crate::domain::contact::newcomer::Newcomer;
use crate::domain::contact::source::SourceCategory;
use crate::domain::limit::LimitName;
use crate::domain::person::{Notice, Person, PersonId, Status};
use crate::failure::Result;
use crate::jobs::run::{Detail, Run};
use crate::registry::contacts::Settler;
use crate::registry::people::{Editor, Foreseen, Foresight, Stored};
use crate::registry::staging::namesakes::Namesakes;
use crate::registry::staging::rows::StagedRow;
use crate::text::sync_contacts as text;

/// Up to so many runs of people are looked up one by one; else all details are gone through.
const MOST_GAPS: usize = 10_000;

/// Applies a scanned file.
pub(super) fn apply(
    run: &mut Run<'_>,
    delivery: &Delivery,
    scan: &Scan,
    namesakes: &Namesakes,
) -> Result<()> {
    let last = run.registry.last_delivery(&delivery.source)?;
    let creates = run.setup.settings.contacts.create && !run.registry.is_at_a_loss()?;
    run.unit(Some(&delivery.row), |run, editor| {
        let settler = run.registry.settler()?;
        let mut applying = Applying {
            settler,
            run,
            editor,
            delivery,
            scan,
            namesakes,
            creates,
            filled: 0,
            cleared: 0,
            tally: BTreeMap::new(),
        };
        applying.all()?;
        applying.limits(last)
    })
}

struct Applying<'a, 'r> {
    settler: Settler<'r>,
    run: &'a mut Run<'r>,
    editor: &'a mut Editor<'r>,
    delivery: &'a Delivery,
    scan: &'a Scan,
    namesakes: &'a Namesakes,
    creates: bool,
    /// First values and cleared ones of people who were here: what makes the stored values differ from those before.
    filled: u64,
    cleared: u64,
    /// What became of fields, by category of who gave them.
    tally: BTreeMap<(SourceCategory, ContactField, &'static str), u64>,
}

type Group = Vec<StagedRow<Staged>>;
type People<'r> = Foresight<'r, Group, ()>;

fn whose(group: &Group) -> Option<PersonId> {
    group.first()?.person
}

impl Applying<'_, '_> {
    fn all(&mut self) -> Result<()> {
        let scan = self.scan;
        let mut done = 0;
        let mut people: People<'_> = self.run.registry.foresee(whose, Arc::new(|_, _| ()))?;
        people.each(
            |take| scan.rows.each_window(take),
            |people, window| {
                self.run.check_stop()?;
                done += window.len() as u64;
                window.into_iter().try_for_each(|foreseen| self.person(people, foreseen))?;
                self.run.setup.progress.at(done);
                Ok(())
            },
        )?;
        self.count_tally();
        let registry = self.run.registry;
        registry.put_refused_of(&self.delivery.source, &scan.refused)?;
        if let Some(file) = self.editor.file() {
            registry.give_up_held(&self.delivery.source, file)?;
        }
        if self.delivery.extent == Extent::Whole {
            registry.put_delivery(self.run.id, &self.delivery.source, scan.count)?;
        }
        Ok(())
    }

    /// All rows of one person. Equal ones count once.
    fn person(&mut self, people: &mut People<'_>, foreseen: Foreseen<Group, ()>) -> Result<()> {
        let (mut group, (stored, ())) = people.turn(foreseen)?;
        let count = group.len();
        group.sort_by_key(|staged| staged.digest);
        group.dedup_by_key(|staged| staged.digest);
        self.run.counts.add("skipped", (count - group.len()) as u64);
        match stored {
            Some(stored) => {
                self.known(&stored, &group)?;
                people.give_back((Some(stored), ()));
                Ok(())
            }
            None => self.unknown(people, &group),
        }
    }

    fn known(&mut self, stored: &Stored, group: &Group) -> Result<()> {
        let id = stored.id;
        let withheld = match (stored.person.is_protected(), stored.person.status) {
            (true, _) => Some("protected"),
            (false, Status::Deceased) => Some("deceased"),
            // Somebody reduced has the box off, whoever else has: the look-up is for the few.
            (false, Status::Active | Status::Deregistered)
                if !stored.person.allow_update && self.run.registry.is_reduced(id)? =>
            {
                Some("anonymised")
            }
            (false, Status::Active | Status::Deregistered) => None,
        };
        if let Some(reason) = withheld {
            self.run.counts.add("skipped", group.len() as u64);
            self.run.counts.add(reason, 1);
            return Ok(());
        }
        let mut after = stored.person.clone();
        let gathered = self.gather(id, &stored.person, group);
        let outcomes = self.hear(&mut after, &gathered);
        if let Some(number) = self.namesakes.number_for(id)? {
            after.change_number(number);
            self.run.counts.add("number_changed", 1);
            self.run.line(text::NUMBER_TAKEN_OVER, &[("person", id.to_string())]);
        }
        let changes = diff(&stored.person, &after, |field| why(field, outcomes));
        self.run.change(self.editor, stored, &after, &changes)?;
        self.settle(id, group, &gathered, outcomes)?;
        self.count_outcomes(stored, &gathered, outcomes);
        let record = if is_visible_change(&changes) { "changed" } else { "unchanged" };
        self.run.counts.add(record, group.len() as u64);
        Ok(())
    }

    /// What the rows say together, with the one that left nothing to do last time and was not staged.
    fn gather(&self, id: PersonId, person: &Person, group: &Group) -> Gathered {
        let mut rows: Vec<&SourceRow> = group.iter().map(|staged| &staged.row.row).collect();
        let again = person.heard.get(&self.delivery.source).map(|statement| {
            let categories = person.categories.get(&self.delivery.source).cloned().unwrap_or_default();
            SourceRow::again(statement, &categories)
        });
        rows.extend(again.iter().filter(|_| self.scan.settled.contains(id)));
        gather(&rows)
    }

    fn hear(&self, person: &mut Person, gathered: &Gathered) -> Outcomes {
        let country = self.run.setup.settings.country;
        hear(person, &self.delivery.source, gathered, &self.delivery.policy, country)
    }

    fn unknown(&mut self, people: &mut People<'_>, group: &Group) -> Result<()> {
        let salt = self.run.registry.salt();
        match who(salt, self.namesakes, group)? {
            Newcomer::Ask(person) => self.ask(people, person, group),
            Newcomer::Enter | Newcomer::EnterWithQuestion | Newcomer::TakeOver(_) if !self.creates => {
                self.run.counts.add("unknown", group.len() as u64);
                Ok(())
            }
            Newcomer::Enter => self.enter(group, None),
            Newcomer::EnterWithQuestion | Newcomer::TakeOver(_) => self.enter(group, Some(Notice::SameName)),
        }
    }

    fn enter(&mut self, group: &Group, question: Option<Notice>) -> Result<()> {
        let Some(number) = number_of(group) else { return Ok(()) };
        let rows: Vec<&SourceRow> = group.iter().map(|staged| &staged.row.row).collect();
        let mut person = Person::new(number);
        // A category of its own comes from whoever has the person as theirs; this is the source's.
        person.category = String::new();
        let (first, last, birth_date) = introduction(&rows);
        (person.name.first, person.name.last) = (first, last);
        person.birth_date = birth_date.or_else(|| number.birth_date());
        person.notices.extend(question.map(|notice| (notice, None)));
        let gathered = gather(&rows);
        let outcomes = self.hear(&mut person, &gathered);
        let id = self.editor.create(&person)?;
        self.settle(id, group, &gathered, outcomes)?;
        self.count_fields(&gathered, outcomes);
        self.run.counts.add("created", 1);
        self.run.counts.add("unchanged", group.len() as u64 - 1);
        Ok(())
    }

    /// A protected person may be meant: nobody is created, no link is written down, a human looks (Protection 5).
    fn ask(&mut self, people: &mut People<'_>, person: PersonId, group: &Group) -> Result<()> {
        self.run.counts.add("skipped", group.len() as u64);
        self.run.counts.add("protected", 1);
        let stored = people.get(person)?;
        let mut after = stored.person.clone();
        after.notices.insert(Notice::NumberChange, None);
        let changes = diff(&stored.person, &after, |_| Why("sync-contacts/9"));
        self.run.change(self.editor, &stored, &after, &changes)
    }

    /// A row that leaves nothing to do, alone and whole, costs one look-up next time.
    fn settle(&mut self, id: PersonId, group: &Group, gathered: &Gathered, outcomes: Outcomes) -> Result<()> {
        let [alone] = group.as_slice() else { return Ok(()) };
        let is_kept = outcomes.iter().any(|(_, outcome)| *outcome == Outcome::Kept);
        let is_settled = !is_kept
            && !alone.row.has_bad_value
            && gathered.disputed.is_empty()
            && !self.scan.settled.contains(id);
        if is_settled { self.settler.settle(id, &self.delivery.source, alone.digest) } else { Ok(()) }
    }

    fn count_outcomes(&mut self, stored: &Stored, gathered: &Gathered, outcomes: Outcomes) {
        for (field, outcome) in outcomes {
            match outcome {
                Outcome::Filled => self.filled += 1,
                Outcome::Cleared => self.cleared += 1,
                Outcome::Kept if self.run.setup.detail == Detail::Changes => self.run.line(
                    text::CONTACT_KEPT,
                    &[
                        ("person", stored.id.to_string()),
                        ("field", field.name().to_owned()),
                        ("source", self.delivery.source.clone()),
                    ],
                ),
                Outcome::Kept | Outcome::Left | Outcome::Changed | Outcome::Forced | Outcome::Freed => {}
            }
            if outcome.is_limited() {
                self.run.guard.add_person(LimitName::Contacts, stored.id);
            }
        }
        self.count_fields(gathered, outcomes);
    }

    /// People by what became of their fields, and fields by category.
    fn count_fields(&mut self, gathered: &Gathered, outcomes: Outcomes) {
        for name in ["kept", "filled", "forced", "freed", "cleared"] {
            let has = outcomes.iter().any(|(_, outcome)| outcome.name() == Some(name));
            self.run.counts.add(name, u64::from(has));
        }
        for (field, outcome) in outcomes {
            let Some(name) = outcome.name() else { continue };
            for category in &gathered.categories {
                *self.tally.entry((*category, field, name)).or_default() += 1;
            }
        }
    }

    /// Counts by category get their names once all are in.
    fn count_tally(&mut self) {
        for ((category, field, name), count) in std::mem::take(&mut self.tally) {
            self.run.counts.add(format!("{}.{}.{name}", category.name(), field.name()), count);
        }
    }

    fn limits(&mut self, last: Option<u64>) -> Result<()> {
        let guard = &mut self.run.guard;
        guard.set(LimitName::Rejected, self.scan.rejected + self.scan.bad_values);
        guard.set_base(LimitName::Rejected, self.scan.count);
        if let (Some(last), Extent::Whole) = (last, self.delivery.extent) {
            guard.set(LimitName::ContactsRows, last.saturating_sub(self.scan.count));
            guard.set_base(LimitName::ContactsRows, last);
        }
        // Up to the floor the base makes no difference.
        if guard.counted(LimitName::Contacts) > self.run.setup.settings.limits.get(LimitName::Contacts).floor
        {
            let now = self.count_of_the_named()?;
            let guard = &mut self.run.guard;
            guard.set_base(LimitName::Contacts, (now + self.cleared).saturating_sub(self.filled));
        }
        Ok(())
    }

    /// Contact details of everybody whom the file names. Most files name nearly everybody, or few: the others are taken off.
    fn count_of_the_named(&self) -> Result<u64> {
        let registry = self.run.registry;
        match self.scan.named.gaps(registry.highest_person()?, MOST_GAPS) {
            Some(gaps) => registry.count_contacts_but(&gaps),
            None => registry.count_contacts(|person| self.scan.named.contains(person)),
        }
    }
}

type Outcomes = [(ContactField, Outcome); 3];

fn why(field: Field, outcomes: Outcomes) -> Why {
    if let Field::Contact(field) = field {
        let outcome = outcomes.iter().find(|(of, _)| *of == field).map(|(_, outcome)| *outcome);
        return outcome.map_or(Why("sync-contacts"), Outcome::why);
    }
    Why(if field == Field::Number { "sync-contacts/9" } else { "sync-contacts" })
}

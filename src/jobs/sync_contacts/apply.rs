//! Decides and applies, person by person, in one transaction. (rules.md, sync-contacts; Limits)

use std::collections::BTreeMap;
use std::sync::Arc;

use super::plan::{Group, Hearing, Outcomes, Plan, dedup, whose};
use super::scan::Scan;
use super::strangers::{number_of, who};
use super::{Delivery, Extent};
use crate::domain::change::{Why, diff, is_visible_change};
use crate::domain::contact::ContactField;
use crate::domain::contact::gather::{Gathered, SourceRow, gather, introduction};
use crate::domain::contact::merge::Outcome;
use crate::domain::contact::newcomer::Newcomer;
use crate::domain::contact::source::SourceCategory;
use crate::domain::limit::LimitName;
use crate::domain::person::{Notice, Person, PersonId, Status};
use crate::failure::Result;
use crate::jobs::run::{Detail, Run};
use crate::registry::contacts::Settler;
use crate::registry::people::{Arrival, Editor, Foreseen, Foresight, Stored};
use crate::registry::staging::namesakes::Namesakes;
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
        let hearing = Arc::new(Hearing {
            source: delivery.source.clone(),
            policy: delivery.policy.clone(),
            country: run.setup.settings.country,
            settled: scan.settled.clone(),
        });
        let mut applying = Applying {
            settler,
            hearing,
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
    hearing: Arc<Hearing>,
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

type People<'r> = Foresight<'r, Group, Option<Plan>>;

impl Applying<'_, '_> {
    fn all(&mut self) -> Result<()> {
        let scan = self.scan;
        let mut done = 0;
        let hearing = Arc::clone(&self.hearing);
        let plan = move |stored: Option<&Stored>, group: &Group| {
            let open = stored.filter(|stored| !stored.person.is_protected());
            open.map(|stored| hearing.plan(stored, group, None))
        };
        let mut people: People<'_> = self.run.registry.foresee(whose, Arc::new(plan))?;
        let mut equal = 0;
        people.each(
            |take| {
                scan.rows.each_window(|mut window| {
                    equal += dedup(&mut window);
                    take(window)
                })
            },
            |people, window| {
                self.run.check_stop()?;
                done += window.len() as u64;
                window.into_iter().try_for_each(|foreseen| self.person(people, foreseen))?;
                self.run.setup.progress.at(done);
                Ok(())
            },
        )?;
        self.run.counts.add("skipped", equal);
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

    fn person(&mut self, people: &mut People<'_>, foreseen: Foreseen<Group, Option<Plan>>) -> Result<()> {
        let (group, (stored, plan)) = people.turn(foreseen)?;
        match stored {
            Some(stored) => {
                let plan = self.known(&stored, &group, plan)?;
                people.give_back((Some(stored), plan));
                Ok(())
            }
            None => self.unknown(people, &group),
        }
    }

    /// Why nothing is heard of somebody.
    fn withheld(&self, stored: &Stored) -> Result<Option<&'static str>> {
        Ok(match (stored.person.is_protected(), stored.person.status) {
            (true, _) => Some("protected"),
            (false, Status::Deceased) => Some("deceased"),
            // Somebody reduced has the box off, whoever else has: the look-up is for the few.
            (false, Status::Active | Status::Deregistered)
                if !stored.person.allow_update && self.run.registry.is_reduced(stored.id)? =>
            {
                Some("anonymised")
            }
            (false, Status::Active | Status::Deregistered) => None,
        })
    }

    fn known(&mut self, stored: &Stored, group: &Group, plan: Option<Plan>) -> Result<Option<Plan>> {
        let id = stored.id;
        if let Some(reason) = self.withheld(stored)? {
            self.run.counts.add("skipped", group.len() as u64);
            self.run.counts.add(reason, 1);
            return Ok(plan);
        }
        let number = self.namesakes.number_for(id)?;
        let plan = match plan.filter(|_| number.is_none()) {
            Some(plan) => plan,
            None => self.hearing.plan(stored, group, number),
        };
        if number.is_some() {
            self.run.counts.add("number_changed", 1);
            self.run.line(text::NUMBER_TAKEN_OVER, &[("person", id.to_string())]);
        }
        let settled = self.settles(Some(id), group, &plan.gathered, plan.outcomes);
        self.settle_with_next(settled);
        self.run.change(self.editor, stored, &plan.after, &plan.changes)?;
        self.settle(id, settled)?;
        self.count_outcomes(stored, &plan.gathered, plan.outcomes);
        let record = if is_visible_change(plan.changes.changes()) { "changed" } else { "unchanged" };
        self.run.counts.add(record, group.len() as u64);
        Ok(Some(plan))
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
        let outcomes = self.hearing.hear(&mut person, &gathered);
        let settled = self.settles(None, group, &gathered, outcomes);
        self.settle_with_next(settled);
        let id = self.editor.create(&Arrival::of(person))?;
        self.settle(id, settled)?;
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

    /// A row that leaves nothing to do, alone and whole, costs one look-up next time: gives its digest.
    fn settles(
        &self,
        id: Option<PersonId>,
        group: &Group,
        gathered: &Gathered,
        outcomes: Outcomes,
    ) -> Option<u64> {
        let [alone] = group.as_slice() else { return None };
        let is_kept = outcomes.iter().any(|(_, outcome)| *outcome == Outcome::Kept);
        let is_settled = !is_kept
            && !alone.row.has_bad_value
            && gathered.disputed.is_empty()
            && !id.is_some_and(|id| self.hearing.settled.contains(id));
        is_settled.then_some(alone.digest)
    }

    /// Most rows that are settled are written right then: with their digest.
    fn settle_with_next(&mut self, digest: Option<u64>) {
        self.editor.settle_with_next(digest.map(|digest| (self.hearing.source.clone(), digest)));
    }

    fn settle(&mut self, id: PersonId, digest: Option<u64>) -> Result<()> {
        match digest.filter(|_| self.editor.is_left_unsettled()) {
            Some(digest) => self.settler.settle(id, &self.hearing.source, digest),
            None => Ok(()),
        }
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

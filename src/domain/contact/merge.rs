//! What a source's statement does to what is stored: [`decide`] is the whole rule of one field. Pure: no clock, no registry.
//! (rules.md, sync-contacts 1–8; docs/contacts.md has it as a table)

use super::gather::Gathered;
use super::policy::{Policy, Precedence, Rules, Switch, WhenEmpty};
use super::source::{Said, SourceStatement, speakers};
use super::value::{e164, same};
use super::{Contact, ContactField};
use crate::domain::change::Why;
use crate::domain::id_number::Country;
use crate::domain::person::Person;

/// Everything that a decision about one field depends on.
#[derive(Clone, Copy)]
pub struct Facts<'f> {
    /// Which field.
    pub field: ContactField,
    /// What is stored, who set it, whether the person changed it.
    pub stored: Option<&'f Contact>,
    /// Who speaks.
    pub source: &'f str,
    /// What it says now.
    pub now: Said<'f>,
    /// What it said last.
    pub before: Said<'f>,
    /// Last non-empty statements of the other sources.
    pub others: &'f [(&'f str, &'f str)],
    /// The settings, for this person's categories in this source.
    pub rules: Rules<'f>,
    /// Whose phone numbers are written without a country.
    pub region: Country,
}

/// What becomes of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Decision<'f> {
    /// Nothing.
    Leave,
    /// The person's own value stays against what the source says (rule 3).
    Keep,
    /// Nothing is stored, so the source's value is taken (rules 1 and 6).
    Fill(&'f str),
    /// The source's value replaces another (rules 2 and 8).
    Replace(&'f str),
    /// The source's value replaces the person's own, or one of a source that goes before (rule 5).
    Force(&'f str),
    /// The value stays and is no longer the person's own but this source's: it says the same (rules 4 and 5).
    Free(&'f str),
    /// The value goes (rule 7).
    Clear,
}

/// The rule.
pub fn decide<'f>(facts: &Facts<'f>) -> Decision<'f> {
    match (facts.now, facts.stored) {
        (Said::Nothing, _) | (Said::Empty, None) => Decision::Leave,
        (Said::Value(value), None) => Decision::Fill(value),
        (said, Some(stored)) if stored.user_changed => of_the_person(facts, stored, said),
        (Said::Empty, Some(stored)) => match facts.rules.when_empty {
            WhenEmpty::Clear if stored.source() == Some(facts.source) => Decision::Clear,
            WhenEmpty::Clear | WhenEmpty::Keep => Decision::Leave,
        },
        (Said::Value(value), Some(stored)) if facts.is_stored(stored, value) => Decision::Leave,
        (Said::Value(value), Some(stored)) => match stored.source() {
            Some(other) if other != facts.source && !facts.goes_before() => match facts.rules.force {
                Switch::On => Decision::Force(value),
                Switch::Off => Decision::Leave,
            },
            Some(_) | None => Decision::Replace(value),
        },
    }
}

/// A value that the person changed.
fn of_the_person<'f>(facts: &Facts<'f>, stored: &Contact, said: Said<'f>) -> Decision<'f> {
    match (said, facts.rules.force, facts.rules.clear_flag) {
        (Said::Value(value), Switch::On, _) if facts.is_stored(stored, value) => Decision::Free(facts.source),
        (Said::Value(value), Switch::On, _) => Decision::Force(value),
        (_, _, Switch::On) if let Some(source) = facts.agreement(stored, said) => Decision::Free(source),
        (Said::Value(value), Switch::Off, _) if !facts.is_stored(stored, value) => Decision::Keep,
        (Said::Value(_) | Said::Empty | Said::Nothing, Switch::On | Switch::Off, _) => Decision::Leave,
    }
}

impl<'f> Facts<'f> {
    /// Whether a source says what is stored.
    fn is_stored(&self, stored: &Contact, value: &str) -> bool {
        same_as_stored(self.field, stored, value, self.region)
    }

    /// Whether this source may replace another's value (rule 8).
    fn goes_before(&self) -> bool {
        match self.rules.precedence {
            Precedence::LastSynced => true,
            Precedence::LastChanged => self.says_something_new(),
            Precedence::List(list) => {
                let place = |source: &str| list.iter().position(|name| name == source).unwrap_or(list.len());
                let (own, highest) =
                    (place(self.source), self.others.iter().map(|(name, _)| place(name)).min());
                match highest.unwrap_or(usize::MAX).cmp(&own) {
                    std::cmp::Ordering::Less => false,
                    // Two that the list does not name.
                    std::cmp::Ordering::Equal => self.says_something_new(),
                    std::cmp::Ordering::Greater => true,
                }
            }
        }
    }

    fn says_something_new(&self) -> bool {
        !self.now.same_as(self.field, self.before)
    }

    /// A source that says what the person set, if every source that says something does (rule 4).
    fn agreement(&self, stored: &Contact, said: Said<'f>) -> Option<&'f str> {
        let own = match said {
            Said::Value(value) => Some((self.source, value)),
            Said::Empty | Said::Nothing => None,
        };
        let mut all = own.iter().chain(self.others);
        all.all(|(_, value)| self.is_stored(stored, value))
            .then(|| own.or_else(|| self.others.first().copied()).map(|(source, _)| source))
            .flatten()
    }
}

/// Whether a statement says what is stored; what staff or an import wrote need not be in its stored form.
pub fn same_as_stored(field: ContactField, stored: &Contact, value: &str, region: Country) -> bool {
    same(field, &stored.value, value)
        || (field != ContactField::Email
            && stored.source().is_none()
            && e164(&stored.value, region).is_some_and(|number| number == value))
}

/// What became of each field that a source spoke of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it was.
    Left,
    /// The person's own value stayed.
    Kept,
    /// There was none before.
    Filled,
    /// Another value than before.
    Changed,
    /// Another value in place of the person's own, or of a source's that goes before.
    Forced,
    /// The person's value is the source's too.
    Freed,
    /// No value any more.
    Cleared,
}

impl Outcome {
    /// Whether a stored value was changed or cleared (rules.md, Limits, `contacts`).
    pub const fn is_limited(self) -> bool {
        match self {
            Self::Changed | Self::Forced | Self::Cleared => true,
            Self::Left | Self::Kept | Self::Filled | Self::Freed => false,
        }
    }

    /// Its name in the counts; nothing for what was left.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Left => None,
            Self::Kept => Some("kept"),
            Self::Filled => Some("filled"),
            Self::Changed => Some("changed"),
            Self::Forced => Some("forced"),
            Self::Freed => Some("freed"),
            Self::Cleared => Some("cleared"),
        }
    }

    /// The rule that it follows.
    pub const fn why(self) -> Why {
        Why(match self {
            Self::Left => "sync-contacts",
            Self::Kept => "sync-contacts/3",
            Self::Filled => "sync-contacts/1",
            Self::Changed => "sync-contacts/2",
            Self::Forced => "sync-contacts/5",
            Self::Freed => "sync-contacts/4",
            Self::Cleared => "sync-contacts/7",
        })
    }
}

/// Lets a person hear what a source says: values, statements and categories. Gives what became of each field.
pub fn hear(
    person: &mut Person,
    source: &str,
    gathered: &Gathered,
    policy: &Policy,
    region: Country,
) -> [(ContactField, Outcome); 3] {
    let before = person.heard.get(source).cloned().unwrap_or_default();
    let outcomes = ContactField::ALL.map(|field| {
        let others: Vec<(&str, &str)> =
            speakers(&person.heard, field).filter(|(name, _)| *name != source).collect();
        let stored = person.contacts.get(&field).cloned();
        let decision = decide(&Facts {
            field,
            stored: stored.as_ref(),
            source,
            now: gathered.of(field),
            before: before.of(field),
            others: &others,
            rules: policy.rules(field, &gathered.categories),
            region,
        });
        (field, carry_out(&mut person.contacts, field, source, decision))
    });
    remember(person, source, gathered, before);
    outcomes
}

type Contacts = std::collections::BTreeMap<ContactField, Contact>;

fn carry_out(contacts: &mut Contacts, field: ContactField, source: &str, decision: Decision<'_>) -> Outcome {
    let mut put = |value: &str, outcome| {
        contacts.insert(field, Contact::of_source(value, source));
        outcome
    };
    match decision {
        Decision::Leave => Outcome::Left,
        Decision::Keep => Outcome::Kept,
        Decision::Fill(value) => put(value, Outcome::Filled),
        Decision::Replace(value) => put(value, Outcome::Changed),
        Decision::Force(value) => put(value, Outcome::Forced),
        Decision::Free(source) => {
            if let Some(stored) = contacts.get_mut(&field) {
                *stored = Contact::of_source(&stored.value, source);
            }
            Outcome::Freed
        }
        Decision::Clear => {
            contacts.remove(&field);
            Outcome::Cleared
        }
    }
}

/// The last statement; an equal one keeps its spelling, so that it writes nothing.
fn remember(person: &mut Person, source: &str, gathered: &Gathered, before: SourceStatement) {
    let mut statement = before;
    statement.disputed.clone_from(&gathered.disputed);
    for field in ContactField::ALL {
        let now = gathered.of(field);
        if now == Said::Nothing || now.same_as(field, statement.of(field)) {
            continue;
        }
        let text = if let Said::Value(value) = now { value } else { "" };
        statement.said.insert(field, text.to_owned());
    }
    person.heard.insert(source.to_owned(), statement);
    person.categories.insert(source.to_owned(), gathered.categories.clone());
}

#[cfg(test)]
mod tests;

//! What people changed themselves, and giving it back. (rules.md, sync-contacts 3 and 6)

use super::merge::same_as_stored;
use super::source::speakers;
use super::{Contact, ContactField, PERSON};
use crate::domain::id_number::Country;
use crate::domain::person::Person;

/// The person says what holds from an instant on; an empty text empties the field. Setting what a source already says
/// makes it that source's value, so that others don't overwrite it before they say something new.
pub fn set_by_person(person: &mut Person, field: ContactField, value: &str, at: &str, region: Country) {
    person.edited.insert(field, at.to_owned());
    if value.is_empty() {
        person.contacts.remove(&field);
        return;
    }
    let own = Contact { value: value.to_owned(), origin: PERSON.to_owned(), user_changed: true };
    let agrees = |said: &str| same_as_stored(field, &own, said, region);
    let source = speakers(&person.heard, field).find(|(_, said)| agrees(said)).map(|(source, _)| source);
    let spelling = person.contacts.get(&field).filter(|stored| agrees(&stored.value));
    let value = spelling.map_or(value, |stored| stored.value.as_str()).to_owned();
    let contact = match source {
        Some(source) => Contact::of_source(&value, source),
        None => Contact { value, ..own },
    };
    person.contacts.insert(field, contact);
}

/// Whether an edit is later than what the person changed last. Instants are in one form, so that texts compare.
pub fn is_news(person: &Person, field: ContactField, at: &str) -> bool {
    person.edited.get(&field).is_none_or(|last| last.as_str() < at)
}

/// Gives every field back to the sources: the values stand until a source says something else (rule 2).
/// Gives how many fields were the person's own.
pub fn give_back(person: &mut Person) -> usize {
    let own = person.contacts.values_mut().filter(|contact| contact.user_changed);
    own.map(|contact| contact.user_changed = false).count()
}

//! Does what was decided to a person, and says what that changed.

use super::{Action, DEREGISTERED_LINE, PROTECTED_LINE, Policy, Source};
use crate::domain::address::{Address, AddressKind, Place, same_text};
use crate::domain::change::{Change, Field, Why, diff};
use crate::domain::id_number::IdNumber;
use crate::domain::person::{Deregistration, Name, Notice, Person, Said, Status};
use crate::domain::protection;

/// What actions make of a person, and every field that differs then, with the rule of the last action that changed it.
pub fn act(stored: &Person, actions: &[Action], policy: Policy) -> (Person, Vec<Change>) {
    let mut after = stored.clone();
    let Some(first) = actions.first() else { return (after, Vec::new()) };
    for action in actions {
        apply(&mut after, action, policy);
    }
    let changes = diff(stored, &after, |field| {
        // Most fields can be changed by one action only; for the others it is looked which was the last that did.
        let mut able = actions.iter().filter(|action| may_change(action, field));
        let cause = match (able.next(), able.next()) {
            (Some(only), None) => only,
            (None, _) | (_, Some(_)) => last_to_change(field, stored, actions, policy).unwrap_or(first),
        };
        why(cause, policy.source)
    });
    (after, changes)
}

/// What SPAR said, if to remember that is all that these actions come to: most of a first answer says what is known.
pub fn only_heard(stored: &Person, actions: &[Action]) -> Option<Said> {
    let (Action::Hear(said), rest) = actions.split_last()? else { return None };
    let is_idle = !stored.is_protected() && rest.iter().all(|action| is_idle(stored, action));
    is_idle.then_some(*said)
}

/// Whether somebody stays as they are; no for what is seldom asked.
fn is_idle(person: &Person, action: &Action) -> bool {
    match action {
        Action::PlaceAddress(place) => {
            let home = person.addresses.get(&AddressKind::Home);
            let is_quiet = person.no_address_since.is_none()
                && person.special_since.is_none()
                && !person.notices.contains_key(&Notice::NoAddress);
            is_quiet
                && home.is_some_and(|home| home.active == takes_post(person) && home.place.same_as(place))
        }
        Action::Rename(name) => {
            let is_kept = |stored: &Option<String>, new: &Option<String>| !is_renamed(stored, new);
            is_kept(&person.name.first, &name.first)
                && is_kept(&person.name.called, &name.called)
                && is_kept(&person.name.middle, &name.middle)
                && is_kept(&person.name.last, &name.last)
        }
        Action::Protect(_)
        | Action::ChangeNumber(_)
        | Action::Reclassify(_)
        | Action::Decease(_)
        | Action::Deregister(_)
        | Action::MarkSpecial(_)
        | Action::FillBirthDate(_)
        | Action::StartClock(_)
        | Action::StopClock
        | Action::Note(..)
        | Action::Unnote(_)
        | Action::Hear(_) => false,
    }
}

fn last_to_change<'a>(
    field: Field,
    stored: &Person,
    actions: &'a [Action],
    policy: Policy,
) -> Option<&'a Action> {
    let mut person = stored.clone();
    let changes_it = |action: &&Action| {
        let before = person.clone();
        apply(&mut person, action, policy);
        field.differs(&before, &person)
    };
    actions.iter().filter(changes_it).last()
}

/// Whether an action may change a field, whatever it is done to.
pub(super) const fn may_change(action: &Action, field: Field) -> bool {
    match action {
        Action::Protect(_) => true,
        Action::ChangeNumber(_) | Action::Reclassify(_) => matches!(field, Field::Number),
        Action::Decease(_) | Action::Deregister(_) => matches!(
            field,
            Field::Status
                | Field::Blocked
                | Field::Deregistration
                | Field::Notice(_)
                | Field::Comment
                | Field::NoAddressSince
        ),
        Action::PlaceAddress(_) => matches!(
            field,
            Field::Address(_) | Field::SpecialSince | Field::NoAddressSince | Field::Notice(_)
        ),
        Action::MarkSpecial(_) => matches!(field, Field::SpecialSince),
        Action::Rename(_) => {
            matches!(field, Field::FirstName | Field::CalledName | Field::MiddleName | Field::LastName)
        }
        Action::FillBirthDate(_) => matches!(field, Field::BirthDate),
        Action::StartClock(_) | Action::StopClock => matches!(field, Field::NoAddressSince),
        Action::Note(..) | Action::Unnote(_) => matches!(field, Field::Notice(_)),
        Action::Hear(_) => matches!(field, Field::Said),
    }
}

fn apply(person: &mut Person, action: &Action, policy: Policy) {
    match action {
        Action::Protect(marks) => {
            protection::add_marks(person, marks);
            protection::erase(person, policy.names);
            // The line says that SPAR did.
            match policy.source {
                Source::Spar => person.add_comment_line(PROTECTED_LINE),
                Source::Register => {}
            }
        }
        Action::ChangeNumber(number) => person.change_number(*number),
        Action::Reclassify(kind) => {
            person.number = IdNumber::from_key(person.number.key(), *kind).unwrap_or(person.number);
        }
        Action::Decease(cause) => end(person, Status::Deceased, Some(cause), &death_line(cause)),
        Action::Deregister(cause) => end(person, Status::Deregistered, Some(cause), DEREGISTERED_LINE),
        Action::PlaceAddress(place) => place_address(person, place),
        Action::MarkSpecial(date) => person.special_since = Some(*date),
        Action::Rename(name) => rename(person, name),
        Action::FillBirthDate(date) => person.birth_date = Some(*date),
        Action::StartClock(date) => person.no_address_since = Some(*date),
        Action::StopClock => person.no_address_since = None,
        Action::Note(notice, other) => drop(person.notices.insert(*notice, *other)),
        Action::Unnote(notice) => drop(person.notices.remove(notice)),
        Action::Hear(said) => person.said = Some(*said),
    }
}

/// Rule 10: two years without an address.
pub fn expire(person: &mut Person) -> Vec<Change> {
    let before = person.clone();
    end(person, Status::Deregistered, None, DEREGISTERED_LINE);
    person.no_address_since = None;
    diff(&before, person, |_: Field| Why("spar-import/10"))
}

/// The rule by its number within spar-import; update-persons follows the same.
pub(super) fn why(action: &Action, source: Source) -> Why {
    Why(match (action, source) {
        (Action::Protect(_), _) => "protection/2",
        (Action::ChangeNumber(_), _) => "spar-import/7",
        (Action::Reclassify(_), _) => "id-number",
        (Action::Decease(_), Source::Spar) => "spar-import/8",
        (Action::Decease(_), Source::Register) => "update-persons/8",
        (Action::Deregister(_), _) => "spar-import/9",
        (Action::PlaceAddress(_) | Action::MarkSpecial(_), Source::Spar) => "spar-import/11",
        (Action::PlaceAddress(_) | Action::MarkSpecial(_), Source::Register) => "update-persons/11",
        (Action::Rename(_) | Action::FillBirthDate(_), Source::Spar) => "spar-import/12",
        (Action::Rename(_) | Action::FillBirthDate(_), Source::Register) => "update-persons/12",
        (Action::StartClock(_) | Action::StopClock, _) => "spar-import/10",
        (Action::Note(notice, _) | Action::Unnote(notice), _) => notice.kind(),
        (Action::Hear(_), _) => "spar-import/15",
    })
}

fn end(person: &mut Person, status: Status, cause: Option<&Deregistration>, line: &str) {
    person.status = status;
    person.blocked = true;
    person.deregistration = cause.cloned();
    person.notices.remove(&Notice::Returned);
    person.notices.remove(&Notice::NoAddress);
    person.add_comment_line(line);
    if status == Status::Deceased {
        person.no_address_since = None;
    }
}

/// Eight digits, unknown parts `00`; no date at all: the bare sentence (rule 8) [L].
fn death_line(cause: &Deregistration) -> String {
    let digits: String =
        cause.date.iter().flat_map(|date| date.chars()).filter(char::is_ascii_digit).take(8).collect();
    if digits.is_empty() {
        return "SPAR - Avliden.".to_owned();
    }
    format!("SPAR - Avliden. Avregistreringsdatum {digits:0<8}")
}

fn place_address(person: &mut Person, place: &Place) {
    let active = takes_post(person);
    let stored = person.addresses.get(&AddressKind::Home);
    // If equal, the stored spelling stays (Principles).
    let kept = stored.filter(|home| home.place.same_as(place)).map(|home| home.place.clone());
    person.put_address(AddressKind::Home, Address { active, place: kept.unwrap_or_else(|| place.clone()) });
}

/// Whether a home address is the one that post goes to.
fn takes_post(person: &Person) -> bool {
    match person.active_address() {
        None | Some(AddressKind::Home) => true,
        Some(AddressKind::Work | AddressKind::Extra) => false,
    }
}

#[expect(clippy::ref_option, reason = "fields of two names")]
fn is_renamed(stored: &Option<String>, new: &Option<String>) -> bool {
    !same_text(stored.as_deref(), new.as_deref()) || stored.is_some() != new.is_some()
}

/// If equal, the stored spelling stays (Principles).
fn rename(person: &mut Person, new: &Name) {
    let keep = |stored: &mut Option<String>, new: &Option<String>| {
        if is_renamed(stored, new) {
            stored.clone_from(new);
        }
    };
    keep(&mut person.name.first, &new.first);
    keep(&mut person.name.called, &new.called);
    keep(&mut person.name.middle, &new.middle);
    keep(&mut person.name.last, &new.last);
}

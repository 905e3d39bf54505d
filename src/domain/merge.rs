//! Two records of one person become one: what the surviving one is then. Pure. (docs/merge.md has it as a table)

use super::address::AddressKind;
use super::contact::ContactField;
use super::contact::source::{Heard, SourceStatement};
use super::id_number::IdNumber;
use super::person::{Notice, Person, PersonId};

/// Whose current number is the one from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newer {
    /// The surviving record's.
    Survivor,
    /// That of the record that goes: a change of number from the survivor's led to it.
    Other,
}

/// What SPAR's links said of the two: the open question of one that names the other tells which number is newer.
pub fn newer(survivor: &Person, other: PersonId) -> Newer {
    match survivor.notices.get(&Notice::TwoRecords) {
        Some(Some(to)) if *to == other => Newer::Other,
        Some(_) | None => Newer::Survivor,
    }
}

/// The surviving record with what the other one has and it lacks.
pub fn merged(survivor: (PersonId, &Person), other: (PersonId, &Person), newer: Newer) -> Person {
    let ((own_id, own), (other_id, other)) = (survivor, other);
    let mut after = own.clone();
    numbers(&mut after, other, newer);
    names(&mut after, other);
    after.birth_date = own.birth_date.or(other.birth_date);
    if !own.blocked && other.block_reason.is_some() {
        // A block of SPAR's follows the status of its number; one of staff's is about the person.
        (after.blocked, after.block_reason) = (true, other.block_reason.clone());
    }
    after.allow_update = own.allow_update && other.allow_update;
    other.comment.iter().flat_map(|text| text.lines()).for_each(|line| after.add_comment_line(line));
    // The later one: both count as the person's activity, so nothing is due earlier than before.
    after.entered_on = own.entered_on.max(other.entered_on);
    after.class = own.class.clone().or_else(|| other.class.clone());
    addresses(&mut after, other);
    contacts(&mut after, other);
    sources(&mut after, other);
    let is_newer_there = newer == Newer::Other;
    if after.key_code.is_none() || (is_newer_there && other.key_code.is_some()) {
        after.key_code.clone_from(&other.key_code);
        after.areas = other.areas.clone();
    }
    after.said = if is_newer_there { other.said } else { own.said };
    for (notice, about) in &other.notices {
        after.notices.entry(*notice).or_insert(*about);
    }
    let is_answered = |about: &PersonId| *about == own_id || *about == other_id;
    after.notices.retain(|notice, about| {
        !about.as_ref().is_some_and(is_answered) && (*notice != Notice::SameName || about.is_some())
    });
    after
}

/// All numbers of both, the older record's first; none twice.
fn numbers(after: &mut Person, other: &Person, newer: Newer) {
    let own = (std::mem::take(&mut after.former), after.number);
    let (older, current) = match newer {
        Newer::Survivor => {
            let theirs = other.former.iter().copied().chain([other.number]);
            (theirs.chain(own.0).collect::<Vec<IdNumber>>(), own.1)
        }
        Newer::Other => {
            let ours = own.0.into_iter().chain([own.1]);
            (ours.chain(other.former.iter().copied()).collect(), other.number)
        }
    };
    after.number = current;
    for number in older {
        let is_there = after.former.iter().chain([&current]).any(|known| known.key() == number.key());
        if !is_there {
            after.former.push(number);
        }
    }
}

/// A name is one thing: it is taken whole, and only where there is none.
fn names(after: &mut Person, other: &Person) {
    if after.name.first.is_none() && after.name.middle.is_none() && after.name.last.is_none() {
        after.name = other.name.clone();
    }
}

/// Missing kinds are filled; the active one stays, and one of the other record's becomes it only where there is none.
fn addresses(after: &mut Person, other: &Person) {
    let has_active = after.active_address().is_some();
    for kind in AddressKind::ALL {
        let Some(address) = other.addresses.get(&kind).filter(|_| !after.addresses.contains_key(&kind))
        else {
            continue;
        };
        let mut address = address.clone();
        address.active &= !has_active;
        after.addresses.insert(kind, address);
        after.no_address_since = None;
        after.notices.remove(&Notice::NoAddress);
        if kind == AddressKind::Home {
            after.special_since = other.special_since;
        }
    }
}

/// What the person changed themselves goes before what others said; else the survivor's.
fn contacts(after: &mut Person, other: &Person) {
    for field in ContactField::ALL {
        let is_own = |contact: Option<&super::contact::Contact>| contact.is_some_and(|one| one.user_changed);
        let (ours, theirs) = (after.contacts.get(&field), other.contacts.get(&field));
        if (ours.is_none() || (is_own(theirs) && !is_own(ours)))
            && let Some(theirs) = theirs
        {
            after.contacts.insert(field, theirs.clone());
        }
        if let Some(at) = other.edited.get(&field).filter(|at| Some(*at) > after.edited.get(&field)) {
            after.edited.insert(field, at.clone());
        }
    }
}

/// Statements by source and field, the survivor's first; categories of both.
fn sources(after: &mut Person, other: &Person) {
    fill(&mut after.heard, &other.heard);
    for (source, categories) in &other.categories {
        after.categories.entry(source.clone()).or_default().extend(categories);
    }
}

fn fill(heard: &mut Heard, other: &Heard) {
    for (source, statement) in other {
        let SourceStatement { said, .. } = heard.entry(source.clone()).or_default();
        for (field, value) in &statement.said {
            said.entry(*field).or_insert_with(|| value.clone());
        }
    }
}

#[cfg(test)]
mod tests;

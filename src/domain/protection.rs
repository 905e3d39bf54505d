//! Protected identities: what may be stored, shown, logged, merged and exported of them. The only such place.
//! (rules.md, Protection; reliability.md, 2)

pub mod columns;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::person::{Notice, Person};

/// The first words of every comment line that SPAR's rules write.
pub const SPAR_LINE: &str = "SPAR - ";

/// Kinds of protection, the strictest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Marked by hand.
    Manual,
    /// Sekretessmarkering.
    Sekretessmarkering,
    /// Skyddad folkbokföring; an unknown value counts as this one.
    SkyddadFolkbokforing,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Manual, Self::Sekretessmarkering, Self::SkyddadFolkbokforing];

    /// The name on the command line, in JSON and in the registry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Sekretessmarkering => "sekretessmarkering",
            Self::SkyddadFolkbokforing => "skyddad_folkbokforing",
        }
    }

    /// Reads a name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }
}

/// One mark of protection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which kind.
    pub kind: Kind,
    /// Since when, as far as it is known.
    pub since: NaiveDate,
}

/// Whether what is stored of a protected person may already be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// `protection.clear_names = false`.
    Keep,
    /// `protection.clear_names = true`.
    Clear,
}

/// Adds marks, one of a kind, the earliest date kept.
pub fn add_marks(person: &mut Person, marks: &[Mark]) {
    for mark in marks {
        match person.protection.iter_mut().find(|stored| stored.kind == mark.kind) {
            Some(stored) => stored.since = stored.since.min(mark.since),
            None => person.protection.push(*mark),
        }
    }
    person.protection.sort_by_key(|mark| mark.kind);
}

/// Takes away everything that a protected person must not leave behind (rules.md, Protection 2).
/// Former numbers go too: the registry keeps only keyed hashes of them.
pub fn erase(person: &mut Person, names: Names) {
    let staff_wrote = has_staff_comment(person);
    person.former.clear();
    person.addresses.clear();
    person.contacts.clear();
    person.key_code = None;
    person.areas.clear();
    person.edited.clear();
    person.categories.clear();
    person.heard.clear();
    person.no_address_since = None;
    person.special_since = None;
    person.said = None;
    hide_links(person);
    if names == Names::Clear {
        person.name = super::person::Name::default();
        person.birth_date = None;
    }
    if staff_wrote {
        person.notices.insert(Notice::CommentReview, None);
    }
}

/// Questions about addresses and blocks go. Those about numbers stay, but name no other record (Protection 5).
fn hide_links(person: &mut Person) {
    let asks = |notice| person.notices.contains_key(&notice);
    let about_number = asks(Notice::NumberChange) || asks(Notice::TwoRecords);
    person.notices.retain(|notice, _| match notice {
        Notice::ProtectionLifted | Notice::CommentReview => true,
        Notice::NumberChange
        | Notice::TwoRecords
        | Notice::Returned
        | Notice::NoAddress
        | Notice::SameName => false,
    });
    if about_number {
        person.notices.insert(Notice::NumberChange, None);
    }
}

/// Whether nothing is left that [`erase`] takes away.
pub fn is_erased(person: &Person) -> bool {
    person.former.is_empty()
        && person.addresses.is_empty()
        && person.contacts.is_empty()
        && person.key_code.is_none()
        && person.areas.is_empty()
        && person.edited.is_empty()
        && person.categories.is_empty()
        && person.heard.is_empty()
        && person.no_address_since.is_none()
        && person.special_since.is_none()
        && person.said.is_none()
        && !person.notices.contains_key(&Notice::TwoRecords)
}

/// Whether anything in the comment is not a line of SPAR's rules.
pub fn has_staff_comment(person: &Person) -> bool {
    person
        .comment
        .as_deref()
        .is_some_and(|text| text.lines().any(|line| !is_spar_line(line) && !line.trim().is_empty()))
}

/// Whether a comment line was written by SPAR's rules.
pub fn is_spar_line(line: &str) -> bool {
    line.starts_with(SPAR_LINE)
}

/// How much of a protected person a reader may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// Only what product.md lists.
    Nothing,
    /// `--reveal REASON`: names and comment too; the access is logged.
    NamesAndComment,
}

/// The person as a reader may see them: the only way from the registry to any output.
pub fn visible(person: &Person, reveal: Reveal) -> Person {
    if !person.is_protected() {
        return person.clone();
    }
    let mut shown = Person::new(person.number);
    shown.category = String::new();
    shown.status = person.status;
    shown.blocked = person.blocked;
    shown.allow_update = person.allow_update;
    shown.protection.clone_from(&person.protection);
    shown.addresses = BTreeMap::new();
    match reveal {
        Reveal::Nothing => {}
        Reveal::NamesAndComment => {
            shown.name = person.name.clone();
            shown.comment.clone_from(&person.comment);
        }
    }
    shown
}

#[cfg(test)]
mod tests;

//! What a post says about a person now: the current intervals picked, one address chosen, nothing decided yet.

use std::hash::Hasher;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

use super::post::{Dated, Details, Flag, Post, PostAddress, PostName, Residence};
use crate::domain::address::{Place, folded};
use crate::domain::day::staged;
use crate::domain::id_number::IdKind;
use crate::domain::person::{Name, Said};
use crate::domain::protection::Kind;

/// Whether the person lives, as the post has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Life {
    /// No cause of deregistration and no date of death.
    Alive,
    /// GN, GS, G: the number was replaced; the post says nothing else about the person.
    NumberReplaced,
    /// AV, A or any date of death (rule 8).
    Deceased {
        /// As delivered, `AV` if there is only a date.
        code: String,
        /// As delivered.
        date: Option<String>,
    },
    /// Any other cause (rule 9).
    Deregistered {
        /// As delivered.
        code: String,
        /// As delivered.
        date: Option<String>,
    },
}

impl std::fmt::Debug for Life {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Alive => "Alive",
            Self::NumberReplaced => "NumberReplaced",
            Self::Deceased { .. } => "Deceased(hidden)",
            Self::Deregistered { .. } => "Deregistered(hidden)",
        })
    }
}

/// Where the person lives, as far as it matters for the clock of rule 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whereabouts {
    /// An address, or a residence at one.
    Known,
    /// No address and "utan känt hemvist", or neither address nor residence.
    Unknown,
    /// No address, but registered on the municipality, or a samordningsnummer: no ground for a block.
    NoAddress,
}

/// What kind of address a statement has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaceKind {
    /// Any but the next.
    Plain,
    /// A särskild postadress that holds now.
    Special,
}

/// What one post says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Marks of protection with the date delivered.
    pub marks: Vec<(KindName, Option<NaiveDate>)>,
    /// SkyddadFolkbokforing was not there; protected if any other post of the file carries it (rule 2).
    pub skyddad_unsaid: bool,
    /// SenasteAndringSPAR.
    #[serde(with = "staged")]
    pub changed_on: Option<NaiveDate>,
    /// Alive, dead, deregistered, renumbered.
    pub life: Life,
    /// The current name.
    pub name: Option<NameParts>,
    /// Fodelsedatum.
    #[serde(with = "staged")]
    pub birth_date: Option<NaiveDate>,
    /// The one address that counts (rule 11).
    pub place: Option<Place>,
    /// What kind of address that is.
    pub place_kind: PlaceKind,
    /// For the clock.
    pub whereabouts: Whereabouts,
    /// Typ says IMMUNITETSNUMMER.
    pub is_immunity: bool,
    /// Avregistreringsorsak OB: its links are never followed (Protection 5).
    pub is_missing: bool,
}

impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Statement(hidden)")
    }
}

/// A kind of protection in a form that can be staged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KindName {
    /// Sekretessmarkering.
    Sekretessmarkering,
    /// Skyddad folkbokföring.
    SkyddadFolkbokforing,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Sekretessmarkering => Self::Sekretessmarkering,
            KindName::SkyddadFolkbokforing => Self::SkyddadFolkbokforing,
        }
    }
}

/// First, called, middle, last.
pub type NameParts = (Option<String>, Option<String>, Option<String>, Option<String>);

impl Statement {
    /// Reads a post.
    pub fn of(post: &Post, kind: IdKind) -> Self {
        let details = current(&post.details);
        let life = details.map_or(Life::Alive, life_of);
        let place = choose_address(post, kind, &life);
        Self {
            marks: marks(post, details),
            skyddad_unsaid: post.skyddad == Flag::Absent,
            changed_on: post.changed_on,
            whereabouts: whereabouts(post, kind, place.is_some()),
            // A name of which no part was delivered (only an Aviseringsnamn) is no name.
            name: current(&post.names)
                .map(name_parts)
                .filter(|parts| parts.0.is_some() || parts.2.is_some() || parts.3.is_some()),
            birth_date: details.and_then(|details| details.birth_date),
            is_immunity: kind == IdKind::Immunitetsnummer,
            is_missing: details.is_some_and(|details| details.cause.as_deref() == Some("OB")),
            place_kind: place_kind(post, place.as_ref()),
            life,
            place,
        }
    }

    /// Stands for a post that says what SPAR said last: nothing in it is news.
    pub fn unchanged(changed_on: Option<NaiveDate>, skyddad_unsaid: bool) -> Self {
        Self {
            marks: Vec::new(),
            skyddad_unsaid,
            changed_on,
            life: Life::Alive,
            name: None,
            birth_date: None,
            place: None,
            place_kind: PlaceKind::Plain,
            whereabouts: Whereabouts::Unknown,
            is_immunity: false,
            is_missing: false,
        }
    }

    /// Whether the post itself marks the person protected; `carried` says if any post of the file has SkyddadFolkbokforing.
    pub fn is_protected(&self, carried: Carried) -> bool {
        !self.marks.is_empty() || (self.skyddad_unsaid && carried == Carried::Yes)
    }

    /// Digests of each part. Zero: says nothing of it. `salt` keys them, so that they can't be tried from outside.
    pub fn said(&self, salt: (u64, u64)) -> Said {
        let digest = |part: u8, write: &dyn Fn(&mut SipHasher13)| {
            let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
            hasher.write_u8(part);
            write(&mut hasher);
            hasher.finish().max(1)
        };
        if self.life == Life::NumberReplaced {
            return Said::default();
        }
        Said {
            name: self.name.as_ref().map_or(0, |name| digest(1, &|hasher| hash_name(name, hasher))),
            address: self.place.as_ref().map_or(0, |place| digest(2, &|hasher| hash_place(place, hasher))),
            status: digest(3, &|hasher| hash_life(&self.life, hasher)),
            rest: digest(4, &|hasher| hash_rest(self, hasher)),
        }
    }
}

/// Whether any post of the file carries SkyddadFolkbokforing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// At least one does.
    Yes,
    /// None does: absent counts as NEJ.
    No,
}

/// The last statement with what is newly said put over it: nothing said keeps what was (absence is no statement).
pub fn heard(last: Option<Said>, new: Said) -> Said {
    let last = last.unwrap_or_default();
    let keep = |old: u64, new: u64| if new == 0 { old } else { new };
    Said {
        name: keep(last.name, new.name),
        address: keep(last.address, new.address),
        status: keep(last.status, new.status),
        rest: keep(last.rest, new.rest),
    }
}

fn life_of(details: &Details) -> Life {
    let death = [&details.died_on, &details.found_dead_on, &details.coordination_died_on]
        .into_iter()
        .flatten()
        .next();
    let code = details.cause.as_deref();
    match code {
        Some("GN" | "GS" | "G") => Life::NumberReplaced,
        Some("AV" | "A") => deceased(code, death.or(details.deregistered_on.as_ref())),
        _ if death.is_some() => deceased(code, death),
        Some(code) => Life::Deregistered { code: code.to_owned(), date: details.deregistered_on.clone() },
        None => Life::Alive,
    }
}

fn deceased(code: Option<&str>, date: Option<&String>) -> Life {
    Life::Deceased { code: code.unwrap_or("AV").to_owned(), date: date.cloned() }
}

fn marks(post: &Post, details: Option<&Details>) -> Vec<(KindName, Option<NaiveDate>)> {
    let mut marks = Vec::new();
    // Absent counts as protected: fail closed (rule 2).
    if post.sekretess != Flag::No || details.is_some_and(|details| details.sekretess) {
        marks.push((KindName::Sekretessmarkering, post.sekretess_on));
    }
    if post.skyddad == Flag::Yes || details.is_some_and(|details| details.skyddad) {
        marks.push((KindName::SkyddadFolkbokforing, post.skyddad_on));
    }
    marks
}

fn is_current<T>(dated: &Dated<T>) -> bool {
    dated.till.is_none_or(|till| till == NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX))
}

/// The details that hold now; earlier intervals of Persondetaljer don't count.
pub fn current_details(post: &Post) -> Option<&Details> {
    current(&post.details)
}

/// The current one of several intervals: 9999-12-31 or none.
fn current<T>(all: &[Dated<T>]) -> Option<&T> {
    all.iter().filter(|dated| is_current(dated)).max_by_key(|dated| dated.from).map(|dated| &dated.value)
}

fn whereabouts(post: &Post, kind: IdKind, has_address: bool) -> Whereabouts {
    let residence = current(&post.residences).copied().flatten();
    match (has_address, residence) {
        (true, _) | (false, Some(Residence::AtAddress)) => Whereabouts::Known,
        (false, _) if kind == IdKind::Samordningsnummer => Whereabouts::NoAddress,
        (false, Some(Residence::AtMunicipality)) => Whereabouts::NoAddress,
        (false, Some(Residence::Unknown) | None) => Whereabouts::Unknown,
    }
}

/// SarskildPostadress, else Folkbokforingsadress; Kontaktadress for samordningsnummer; Utlandsadress for a
/// deregistered person without a Swedish one. What holds today goes before what has ended.
fn choose_address(post: &Post, kind: IdKind, life: &Life) -> Option<Place> {
    let mut groups: Vec<&[Dated<PostAddress>]> = Vec::with_capacity(4);
    if kind == IdKind::Samordningsnummer {
        groups.push(&post.contact);
    }
    groups.push(&post.special);
    groups.push(&post.registered);
    if matches!(life, Life::Deregistered { .. } | Life::Deceased { .. }) {
        groups.push(&post.abroad);
    }
    let now = groups.iter().find_map(|group| places(group).find(|(dated, _)| is_current(dated)));
    // A group whose current address is empty has none, whatever it had before.
    groups.retain(|group| !group.iter().any(is_current));
    let ended =
        || groups.iter().find_map(|group| places(group).max_by_key(|(dated, _)| (dated.till, dated.from)));
    now.or_else(ended).map(|(_, place)| place)
}

fn place_kind(post: &Post, chosen: Option<&Place>) -> PlaceKind {
    let special = places(&post.special).find(|(dated, _)| is_current(dated)).map(|(_, place)| place);
    if special.is_some() && special.as_ref() == chosen { PlaceKind::Special } else { PlaceKind::Plain }
}

fn places(group: &[Dated<PostAddress>]) -> impl Iterator<Item = (&Dated<PostAddress>, Place)> {
    group.iter().map(|dated| (dated, place_of(&dated.value))).filter(|(_, place)| !place.is_none())
}

fn place_of(address: &PostAddress) -> Place {
    let street = (!address.lines.is_empty()).then(|| address.lines.join(", "));
    if address.foreign {
        return Place { street, country: address.country.clone(), ..Place::default() };
    }
    Place {
        care_of: address.care_of.clone(),
        street,
        postal_code: address.postal_code.clone(),
        city: address.city.clone(),
        country: address.country.clone(),
    }
}

fn name_parts(name: &PostName) -> NameParts {
    let called = name.called.as_deref().and_then(|mark| called_name(name.first.as_deref()?, mark));
    (name.first.clone(), called, name.middle.clone(), name.last.clone())
}

/// A name from its parts.
pub fn name_of(parts: &NameParts) -> Name {
    let (first, called, middle, last) = parts.clone();
    Name { first, called, middle, last }
}

/// Tilltalsnamn: two digits, each the place of a name within Fornamn, 0 for none; parts of a hyphenated name count by
/// themselves. A place that Fornamn doesn't have marks nothing.
fn called_name(first: &str, mark: &str) -> Option<String> {
    let places: Vec<usize> = mark.chars().filter_map(|digit| Some(digit.to_digit(10)? as usize)).collect();
    let &[from, to] = places.as_slice() else { return None };
    let pieces = pieces(first);
    let piece = |place: usize| pieces.get(place.checked_sub(1)?).copied();
    let (start, one) = piece(from)?;
    if to == 0 || to == from {
        return Some(one.to_owned());
    }
    let (end, other) = piece(to)?;
    // Neighbours keep what stands between them: a blank or a hyphen.
    let span = if to == from + 1 { first.get(start..end + other.len()) } else { None };
    Some(span.map_or_else(|| format!("{one} {other}"), str::to_owned))
}

fn pieces(first: &str) -> Vec<(usize, &str)> {
    let split = first.split([' ', '-']);
    let start = first.as_ptr() as usize;
    split.filter(|piece| !piece.is_empty()).map(|piece| (piece.as_ptr() as usize - start, piece)).collect()
}

fn hash_text(text: Option<&str>, hasher: &mut SipHasher13) {
    text.map(folded).into_iter().flatten().for_each(|letter| hasher.write_u32(letter as u32));
    hasher.write_u32(u32::MAX);
}

fn hash_name(name: &NameParts, hasher: &mut SipHasher13) {
    for part in [&name.0, &name.1, &name.2, &name.3] {
        hash_text(part.as_deref(), hasher);
    }
}

fn hash_place(place: &Place, hasher: &mut SipHasher13) {
    for part in [&place.care_of, &place.street, &place.postal_code, &place.city, &place.country] {
        hash_text(part.as_deref(), hasher);
    }
}

fn hash_life(life: &Life, hasher: &mut SipHasher13) {
    let (number, code, date) = match life {
        Life::Alive => (1, None, None),
        Life::NumberReplaced => (2, None, None),
        Life::Deceased { code, date } => (3, Some(code), date.as_ref()),
        Life::Deregistered { code, date } => (4, Some(code), date.as_ref()),
    };
    hasher.write_u8(number);
    hash_text(code.map(String::as_str), hasher);
    hash_text(date.map(String::as_str), hasher);
}

fn hash_rest(statement: &Statement, hasher: &mut SipHasher13) {
    // By hand: what is kept for years must not follow the compiler's own idea of a hash.
    hasher.write_i32(statement.birth_date.map_or(0, |date| date.num_days_from_ce()));
    hasher.write_u8(match statement.whereabouts {
        Whereabouts::Known => 1,
        Whereabouts::Unknown => 2,
        Whereabouts::NoAddress => 3,
    });
    hasher.write_u8(u8::from(statement.is_immunity));
}

#[cfg(test)]
mod tests;

//! One `AviseringPost` (old form: `AviseringsPost`). What is about others (Relation, Fastighet) is never looked into.

use super::address::{self, Group};
use super::details;
use super::value;
use crate::domain::id_number::{IdNumber, Reading};
use crate::domain::spar::post::{Dated, IdType, Post, PostName, Residence};
use crate::formats::xml::Tape;

enum Part {
    Id,
    Sekretess,
    SekretessOn,
    Skyddad,
    SkyddadOn,
    Changed,
    Name,
    Details,
    Registration,
    Address(Group),
    OldAddresses,
}

fn part(name: &str) -> Option<Part> {
    Some(match name {
        "PersonId" => Part::Id,
        "Sekretessmarkering" => Part::Sekretess,
        "SekretessDatum" | "SekretessAndringsdatum" => Part::SekretessOn,
        "SkyddadFolkbokforing" => Part::Skyddad,
        "SkyddadFolkbokforingDatum" => Part::SkyddadOn,
        "SenasteAndringSPAR" | "SenasteAndringFolkbokforing" => Part::Changed,
        "Namn" => Part::Name,
        "Persondetaljer" => Part::Details,
        "Folkbokforing" => Part::Registration,
        "Adress" => Part::OldAddresses,
        _ => return address::group(name).map(Part::Address),
    })
}

/// Whose post it is and what has to be known of each: the rest is passed over.
fn head_part(name: &str) -> Option<Part> {
    part(name).filter(|part| matches!(part, Part::Id | Part::Skyddad | Part::Changed))
}

/// Reads a post.
pub(super) fn read(tape: Tape<'_>, reading: &Reading) -> Post {
    read_parts(tape, reading, part)
}

/// Reads number, `SkyddadFolkbokforing` and `SenasteAndringSPAR` of a post, and nothing else.
pub(super) fn read_head(tape: Tape<'_>, reading: &Reading) -> Post {
    read_parts(tape, reading, head_part)
}

fn read_parts(mut tape: Tape<'_>, reading: &Reading, known: fn(&str) -> Option<Part>) -> Post {
    let tape = &mut tape;
    let mut post = Post::default();
    let mut ids = 0_u32;
    while let Some(part) = tape.child(known) {
        match part {
            Part::Id => {
                ids += 1;
                (post.number, post.unread, post.id_type) = person_id(tape, reading);
            }
            Part::Sekretess => post.sekretess = value::stricter(post.sekretess, value::flag(&tape.text())),
            Part::SekretessOn => post.sekretess_on = value::date(&tape.text()),
            Part::Skyddad => post.skyddad = value::stricter(post.skyddad, value::flag(&tape.text())),
            Part::SkyddadOn => post.skyddad_on = value::date(&tape.text()),
            Part::Changed => post.changed_on = value::date(&tape.text()),
            Part::Name => post.names.push(name(tape)),
            Part::Details => details::read(tape, reading, &mut post),
            Part::Registration => post.residences.push(registration(tape)),
            Part::Address(group) => address::read(tape, group, address::of(&mut post, group)),
            Part::OldAddresses => old_addresses(tape, &mut post),
        }
    }
    // Two people in one post: whose it is can't be said.
    if ids > 1 {
        post.number = None;
    }
    post
}

enum Id {
    Number,
    Type,
}

fn id(name: &str) -> Option<Id> {
    match name {
        "IdNummer" | "FysiskPersonId" => Some(Id::Number),
        "Typ" => Some(Id::Type),
        _ => None,
    }
}

type PersonId = (Option<IdNumber>, Option<String>, IdType);

fn person_id(tape: &mut Tape<'_>, reading: &Reading) -> PersonId {
    let mut numbers = Vec::with_capacity(1);
    let mut id_type = IdType::Unsaid;
    while let Some(part) = tape.child(id) {
        match part {
            Id::Number => numbers.push(tape.text()),
            Id::Type => id_type = value::id_type(&tape.text()),
        }
    }
    let number = match numbers.as_slice() {
        [one] => value::number(one, id_type, reading),
        _ => None,
    };
    let unread = number.is_none().then(|| numbers.join(" "));
    (number, unread, id_type)
}

/// A part of a name, in Namn or in the old form's Persondetaljer.
#[derive(Clone, Copy)]
pub(super) enum NamePart {
    First,
    Called,
    Middle,
    Last,
}

/// Knows the parts of a name.
pub(super) fn name_part(name: &str) -> Option<NamePart> {
    match name {
        "Fornamn" => Some(NamePart::First),
        "Tilltalsnamn" => Some(NamePart::Called),
        "Mellannamn" => Some(NamePart::Middle),
        "Efternamn" => Some(NamePart::Last),
        _ => None,
    }
}

/// Reads the part that is open.
pub(super) fn read_name_part(tape: &mut Tape<'_>, part: NamePart, name: &mut PostName) {
    let value = tape.value();
    match part {
        NamePart::First => name.first = value,
        NamePart::Called => name.called = value,
        NamePart::Middle => name.middle = value,
        NamePart::Last => name.last = value,
    }
}

/// The ends of an interval; the old form says `DatumTom`.
#[derive(Clone, Copy)]
pub(super) enum Bound {
    From,
    Till,
}

/// Knows the ends of an interval.
pub(super) fn bound(name: &str) -> Option<Bound> {
    match name {
        "DatumFrom" => Some(Bound::From),
        "DatumTill" | "DatumTom" => Some(Bound::Till),
        _ => None,
    }
}

/// Reads the end that is open.
pub(super) fn read_bound<T>(tape: &mut Tape<'_>, bound: Bound, dated: &mut Dated<T>) {
    match bound {
        Bound::From => dated.from = value::first_day(&tape.text()),
        Bound::Till => dated.till = value::last_day(&tape.text()),
    }
}

enum InName {
    Bound(Bound),
    Part(NamePart),
}

fn in_name(name: &str) -> Option<InName> {
    name_part(name).map(InName::Part).or_else(|| bound(name).map(InName::Bound))
}

fn name(tape: &mut Tape<'_>) -> Dated<PostName> {
    let mut dated = Dated::<PostName>::default();
    while let Some(part) = tape.child(in_name) {
        match part {
            InName::Bound(bound) => read_bound(tape, bound, &mut dated),
            InName::Part(part) => read_name_part(tape, part, &mut dated.value),
        }
    }
    dated
}

enum InRegistration {
    Bound(Bound),
    Residence,
}

fn in_registration(name: &str) -> Option<InRegistration> {
    match name {
        "Hemvist" => Some(InRegistration::Residence),
        _ => bound(name).map(InRegistration::Bound),
    }
}

fn registration(tape: &mut Tape<'_>) -> Dated<Option<Residence>> {
    let mut dated = Dated::default();
    while let Some(part) = tape.child(in_registration) {
        match part {
            InRegistration::Bound(bound) => read_bound(tape, bound, &mut dated),
            InRegistration::Residence => dated.value = value::residence(&tape.text()),
        }
    }
    dated
}

/// The old form's Adress around the groups.
fn old_addresses(tape: &mut Tape<'_>, post: &mut Post) {
    while let Some(group) = tape.child(address::group) {
        address::read(tape, group, address::of(post, group));
    }
}

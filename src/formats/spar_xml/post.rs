//! One `AviseringPost` (old form: `AviseringsPost`). What is about others (Relation, Fastighet) is never looked into.

use std::io::BufRead;

use super::address::{self, Group};
use super::details;
use super::value;
use crate::domain::id_number::{IdNumber, Reading};
use crate::domain::spar::post::{Dated, IdType, Post, PostName, Residence};
use crate::formats::xml::Fault;
use crate::formats::xml::Pull;

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

/// Reads the post that is open.
pub(super) fn read<R: BufRead>(pull: &mut Pull<R>, reading: &Reading) -> Result<Post, Fault> {
    let mut post = Post::default();
    let mut ids = 0_u32;
    while let Some(part) = pull.child(part)? {
        match part {
            Part::Id => {
                ids += 1;
                (post.number, post.unread, post.id_type) = person_id(pull, reading)?;
            }
            Part::Sekretess => post.sekretess = value::stricter(post.sekretess, value::flag(pull.text()?)),
            Part::SekretessOn => post.sekretess_on = value::date(pull.text()?),
            Part::Skyddad => post.skyddad = value::stricter(post.skyddad, value::flag(pull.text()?)),
            Part::SkyddadOn => post.skyddad_on = value::date(pull.text()?),
            Part::Changed => post.changed_on = value::date(pull.text()?),
            Part::Name => post.names.push(name(pull)?),
            Part::Details => details::read(pull, reading, &mut post)?,
            Part::Registration => post.residences.push(registration(pull)?),
            Part::Address(group) => address::read(pull, group, address::of(&mut post, group))?,
            Part::OldAddresses => old_addresses(pull, &mut post)?,
        }
    }
    // Two people in one post: whose it is can't be said.
    if ids > 1 {
        post.number = None;
    }
    Ok(post)
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

fn person_id<R: BufRead>(pull: &mut Pull<R>, reading: &Reading) -> Result<PersonId, Fault> {
    let mut numbers = Vec::with_capacity(1);
    let mut id_type = IdType::Unsaid;
    while let Some(part) = pull.child(id)? {
        match part {
            Id::Number => numbers.push(pull.text()?.to_owned()),
            Id::Type => id_type = value::id_type(pull.text()?),
        }
    }
    let number = match numbers.as_slice() {
        [one] => value::number(one, id_type, reading),
        _ => None,
    };
    let unread = number.is_none().then(|| numbers.join(" "));
    Ok((number, unread, id_type))
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
pub(super) fn read_name_part<R: BufRead>(
    pull: &mut Pull<R>,
    part: NamePart,
    name: &mut PostName,
) -> Result<(), Fault> {
    let value = pull.value()?;
    match part {
        NamePart::First => name.first = value,
        NamePart::Called => name.called = value,
        NamePart::Middle => name.middle = value,
        NamePart::Last => name.last = value,
    }
    Ok(())
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
pub(super) fn read_bound<R: BufRead, T>(
    pull: &mut Pull<R>,
    bound: Bound,
    dated: &mut Dated<T>,
) -> Result<(), Fault> {
    match bound {
        Bound::From => dated.from = value::first_day(pull.text()?),
        Bound::Till => dated.till = value::last_day(pull.text()?),
    }
    Ok(())
}

enum InName {
    Bound(Bound),
    Part(NamePart),
}

fn in_name(name: &str) -> Option<InName> {
    name_part(name).map(InName::Part).or_else(|| bound(name).map(InName::Bound))
}

fn name<R: BufRead>(pull: &mut Pull<R>) -> Result<Dated<PostName>, Fault> {
    let mut dated = Dated::<PostName>::default();
    while let Some(part) = pull.child(in_name)? {
        match part {
            InName::Bound(bound) => read_bound(pull, bound, &mut dated)?,
            InName::Part(part) => read_name_part(pull, part, &mut dated.value)?,
        }
    }
    Ok(dated)
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

fn registration<R: BufRead>(pull: &mut Pull<R>) -> Result<Dated<Option<Residence>>, Fault> {
    let mut dated = Dated::default();
    while let Some(part) = pull.child(in_registration)? {
        match part {
            InRegistration::Bound(bound) => read_bound(pull, bound, &mut dated)?,
            InRegistration::Residence => dated.value = value::residence(pull.text()?),
        }
    }
    Ok(dated)
}

/// The old form's Adress around the groups.
fn old_addresses<R: BufRead>(pull: &mut Pull<R>, post: &mut Post) -> Result<(), Fault> {
    while let Some(group) = pull.child(address::group)? {
        address::read(pull, group, address::of(post, group))?;
    }
    Ok(())
}

//! Persondetaljer, which in the old form holds the name too.

use super::post::{Bound, NamePart, bound, name_part, read_bound, read_name_part};
use super::value;
use crate::domain::id_number::Reading;
use crate::domain::spar::post::{Dated, Details, Flag, IdType, Link, LinkType, Post, PostName};
use crate::formats::xml::Tape;

enum Part {
    Bound(Bound),
    Name(NamePart),
    Sekretess,
    Skyddad,
    Cause,
    Deregistered,
    Died,
    FoundDead,
    CoordinationDied,
    Born,
    Link,
    /// The old form's element for one direction.
    OldLink(LinkType),
}

fn part(name: &str) -> Option<Part> {
    Some(match name {
        "Sekretessmarkering" => Part::Sekretess,
        "SkyddadFolkbokforing" => Part::Skyddad,
        "AvregistreringsorsakKod" => Part::Cause,
        "Avregistreringsdatum" => Part::Deregistered,
        "Avlidendatum" => Part::Died,
        "AntraffadDodDatum" => Part::FoundDead,
        "SnAvlidendatum" => Part::CoordinationDied,
        "Fodelsedatum" | "Fodelsetid" => Part::Born,
        "Hanvisning" => Part::Link,
        "HanvisningsPersonNrByttTill" | "HanvisningspersonNrByttTill" => Part::OldLink(LinkType::To),
        "HanvisningsPersonNrByttFran" | "HanvisningspersonNrByttFran" => Part::OldLink(LinkType::From),
        _ => return name_part(name).map(Part::Name).or_else(|| bound(name).map(Part::Bound)),
    })
}

/// Reads the element that is open into the post.
pub(super) fn read(tape: &mut Tape<'_>, reading: &Reading, post: &mut Post) {
    let mut dated = Dated::<Details>::default();
    let mut name = None::<PostName>;
    while let Some(part) = tape.child(part) {
        let details = &mut dated.value;
        match part {
            Part::Bound(bound) => read_bound(tape, bound, &mut dated),
            Part::Name(part) => read_name_part(tape, part, name.get_or_insert_default()),
            Part::Sekretess => details.sekretess |= value::flag(&tape.text()) == Flag::Yes,
            Part::Skyddad => details.skyddad |= value::flag(&tape.text()) == Flag::Yes,
            Part::Cause => details.cause = tape.value(),
            Part::Deregistered => details.deregistered_on = tape.value(),
            Part::Died => details.died_on = tape.value(),
            Part::FoundDead => details.found_dead_on = tape.value(),
            Part::CoordinationDied => details.coordination_died_on = tape.value(),
            Part::Born => details.birth_date = value::date(&tape.text()),
            Part::Link => details.links.push(link(tape, reading)),
            Part::OldLink(way) => {
                let number = value::number(&tape.text(), IdType::Unsaid, reading);
                details.links.push(Link { number, way });
            }
        }
    }
    if let Some(value) = name {
        post.names.push(Dated { from: dated.from, till: dated.till, value });
    }
    post.details.push(dated);
}

enum InLink {
    Number,
    Type,
}

fn in_link(name: &str) -> Option<InLink> {
    match name {
        "IdNummer" | "FysiskPersonId" => Some(InLink::Number),
        "Typ" => Some(InLink::Type),
        _ => None,
    }
}

fn link(tape: &mut Tape<'_>, reading: &Reading) -> Link {
    let mut link = Link { number: None, way: LinkType::Untyped };
    while let Some(part) = tape.child(in_link) {
        match part {
            InLink::Number => link.number = value::number(&tape.text(), IdType::Unsaid, reading),
            InLink::Type => link.way = value::link_type(&tape.text()),
        }
    }
    link
}

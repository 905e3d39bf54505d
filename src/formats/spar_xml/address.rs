//! The four groups of addresses. New forms put `SvenskAdress` or `InternationellAdress` between group and lines, the
//! old one does not.

use super::post::{Bound, bound, read_bound};
use crate::domain::spar::post::{Dated, Post, PostAddress};
use crate::formats::xml::Tape;

/// Which address it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Registered,
    Special,
    Abroad,
    Contact,
}

/// Knows the groups.
pub(super) fn group(name: &str) -> Option<Group> {
    match name {
        "Folkbokforingsadress" => Some(Group::Registered),
        "SarskildPostadress" => Some(Group::Special),
        "Utlandsadress" => Some(Group::Abroad),
        "Kontaktadress" => Some(Group::Contact),
        _ => None,
    }
}

/// Where the addresses of a group are kept.
pub(super) fn of(post: &mut Post, group: Group) -> &mut Vec<Dated<PostAddress>> {
    match group {
        Group::Registered => &mut post.registered,
        Group::Special => &mut post.special,
        Group::Abroad => &mut post.abroad,
        Group::Contact => &mut post.contact,
    }
}

enum Part {
    Swedish,
    Foreign,
    Field(Field),
}

#[derive(Clone, Copy)]
enum Field {
    Bound(Bound),
    CareOf,
    Line1,
    Line2,
    Line3,
    PostalCode,
    City,
    ForeignCode,
    ForeignCity,
    Country,
}

fn part(name: &str) -> Option<Part> {
    match name {
        "SvenskAdress" => Some(Part::Swedish),
        "InternationellAdress" => Some(Part::Foreign),
        _ => field(name).map(Part::Field),
    }
}

fn field(name: &str) -> Option<Field> {
    Some(match name {
        "CareOf" => Field::CareOf,
        "Utdelningsadress1" => Field::Line1,
        "Utdelningsadress2" => Field::Line2,
        "Utdelningsadress3" => Field::Line3,
        "PostNr" => Field::PostalCode,
        "Postort" => Field::City,
        "PostKodUtland" => Field::ForeignCode,
        "PostortUtland" => Field::ForeignCity,
        "Land" => Field::Country,
        _ => return bound(name).map(Field::Bound),
    })
}

/// An address as its elements come; the lines have their order by name.
#[derive(Default)]
struct Draft {
    dated: Dated<PostAddress>,
    lines: [Option<String>; 3],
    abroad: [Option<String>; 2],
}

impl Draft {
    fn read(&mut self, tape: &mut Tape<'_>, field: Field) {
        let Self { dated, lines: [line1, line2, line3], abroad: [code, city] } = self;
        let place = match field {
            Field::Bound(bound) => return read_bound(tape, bound, dated),
            Field::CareOf => &mut dated.value.care_of,
            Field::Line1 => line1,
            Field::Line2 => line2,
            Field::Line3 => line3,
            Field::PostalCode => &mut dated.value.postal_code,
            Field::City => &mut dated.value.city,
            Field::ForeignCode => code,
            Field::ForeignCity => city,
            Field::Country => &mut dated.value.country,
        };
        *place = tape.value();
    }

    fn into_address(mut self, foreign: Foreign) -> Dated<PostAddress> {
        let address = &mut self.dated.value;
        address.foreign = match foreign {
            Foreign::Yes => true,
            Foreign::No => false,
            Foreign::BySigns => address.country.is_some() || self.abroad.iter().any(Option::is_some),
        };
        address.lines.extend(self.lines.into_iter().chain(self.abroad).flatten());
        self.dated
    }
}

/// What makes an address a foreign one.
#[derive(Clone, Copy)]
enum Foreign {
    Yes,
    No,
    /// The old form: a country, or a place abroad.
    BySigns,
}

/// Reads the group that is open into `addresses`.
pub(super) fn read(tape: &mut Tape<'_>, group: Group, addresses: &mut Vec<Dated<PostAddress>>) {
    let mut own = Draft::default();
    let mut wrapped = 0_u32;
    while let Some(part) = tape.child(part) {
        match part {
            Part::Swedish => addresses.push(wrapped_address(tape).into_address(Foreign::No)),
            Part::Foreign => addresses.push(wrapped_address(tape).into_address(Foreign::Yes)),
            Part::Field(field) => {
                own.read(tape, field);
                continue;
            }
        }
        wrapped += 1;
    }
    // An empty group still says that now there is none: it must not leave an older one as the latest.
    if wrapped == 0 {
        let foreign = if group == Group::Abroad { Foreign::Yes } else { Foreign::BySigns };
        addresses.push(own.into_address(foreign));
    }
}

fn wrapped_address(tape: &mut Tape<'_>) -> Draft {
    let mut draft = Draft::default();
    while let Some(field) = tape.child(field) {
        draft.read(tape, field);
    }
    draft
}

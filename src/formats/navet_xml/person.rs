//! `Personpost`: number, name, registration, addresses, deregistration.

use std::io::BufRead;

use crate::domain::population::Cell;
use crate::formats::xml::{Fault, Pull};

/// Its elements as they stand.
#[derive(Default)]
pub(super) struct Personpost {
    numbers: Vec<String>,
    allotted: Vec<String>,
    references: Vec<String>,
    code: Option<String>,
    died_on: Option<String>,
    found_on: Option<String>,
    deregistered_on: Option<String>,
    name: Option<Name>,
    county: Option<String>,
    municipality: Option<String>,
    property: Option<String>,
    registered: Address,
    special: Address,
}

#[derive(Default)]
struct Name {
    first: Option<String>,
    middle: Option<String>,
    last: Option<String>,
}

#[derive(Default)]
struct Address {
    care_of: Option<String>,
    line1: Option<String>,
    line2: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
}

/// What a post says of somebody's end in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Death {
    /// Nothing: registered, or the post doesn't say.
    Unsaid,
    /// AV, or any day of death.
    Dead,
    /// Another code: emigrated, missing, an old number…
    Otherwise,
}

#[derive(Clone, Copy)]
enum Element {
    /// What is read like the element around it.
    Group,
    Registered,
    Special,
    Name,
    Field(Field),
}

#[derive(Clone, Copy)]
enum Field {
    Number,
    Allotted,
    Reference,
    Code,
    DiedOn,
    FoundOn,
    DeregisteredOn,
    County,
    Municipality,
    Property,
}

fn element(name: &str) -> Option<Element> {
    Some(match name {
        "PersonId"
        | "Hanvisningar"
        | "Hanvisning"
        | "Avregistrering"
        | "Folkbokforing"
        | "Adresser"
        | "Samordningsnummeruppgifter" => Element::Group,
        "Folkbokforingsadress" => Element::Registered,
        "SarskildPostadress" => Element::Special,
        "Namn" => Element::Name,
        "PersonNr" => Element::Field(Field::Number),
        "TilldelatPersonNrSamordningsNr" => Element::Field(Field::Allotted),
        "HanvisningsPersonNr" => Element::Field(Field::Reference),
        "AvregistreringsorsakKod" => Element::Field(Field::Code),
        "DatumAvliden" => Element::Field(Field::DiedOn),
        "AntraffadDod" => Element::Field(Field::FoundOn),
        "Avregistreringsdatum" => Element::Field(Field::DeregisteredOn),
        "LanKod" => Element::Field(Field::County),
        "KommunKod" => Element::Field(Field::Municipality),
        "Fastighetsbeteckning" => Element::Field(Field::Property),
        _ => return None,
    })
}

/// Reads the element that is open into `person`.
pub(super) fn read<R: BufRead>(pull: &mut Pull<R>, person: &mut Personpost) -> Result<(), Fault> {
    while let Some(element) = pull.child(element)? {
        match element {
            Element::Group => read(pull, person)?,
            Element::Registered => person.registered = address(pull)?,
            Element::Special => person.special = address(pull)?,
            Element::Name => person.name = name(pull)?,
            Element::Field(field) => {
                if let Some(text) = pull.value()? {
                    person.set(field, text);
                }
            }
        }
    }
    Ok(())
}

fn name<R: BufRead>(pull: &mut Pull<R>) -> Result<Option<Name>, Fault> {
    let mut name = Name::default();
    let known = |name: &str| ["Fornamn", "Mellannamn", "Efternamn"].iter().position(|part| *part == name);
    while let Some(part) = pull.child(known)? {
        let value = pull.value()?;
        match part {
            0 => name.first = value,
            1 => name.middle = value,
            _ => name.last = value,
        }
    }
    let is_there = [&name.first, &name.middle, &name.last].into_iter().any(Option::is_some);
    Ok(is_there.then_some(name))
}

fn address<R: BufRead>(pull: &mut Pull<R>) -> Result<Address, Fault> {
    const PARTS: [&str; 5] = ["CareOf", "Utdelningsadress1", "Utdelningsadress2", "PostNr", "Postort"];
    let mut address = Address::default();
    let known = |name: &str| PARTS.iter().position(|part| *part == name);
    while let Some(part) = pull.child(known)? {
        let value = pull.value()?;
        match part {
            0 => address.care_of = value,
            1 => address.line1 = value,
            2 => address.line2 = value,
            3 => address.postal_code = value,
            _ => address.city = value,
        }
    }
    Ok(address)
}

impl Address {
    /// One without line, code and city is none (rules.md, spar-import 11).
    fn is_there(&self) -> bool {
        [&self.line1, &self.line2, &self.postal_code, &self.city].into_iter().any(Option::is_some)
    }

    fn street(&self) -> Option<String> {
        let lines: Vec<&str> = [&self.line1, &self.line2].into_iter().flatten().map(String::as_str).collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }
}

/// Navet writes zeros for a number or day that there isn't.
fn is_said(text: &str) -> bool {
    text.bytes().any(|byte| byte != b'0')
}

impl Personpost {
    fn set(&mut self, field: Field, text: String) {
        let many = match field {
            Field::Number => &mut self.numbers,
            Field::Allotted => &mut self.allotted,
            Field::Reference => &mut self.references,
            Field::Code => return self.code = Some(text),
            Field::DiedOn => return self.died_on = Some(text).filter(|day| is_said(day)),
            Field::FoundOn => return self.found_on = Some(text).filter(|day| is_said(day)),
            Field::DeregisteredOn => return self.deregistered_on = Some(text).filter(|day| is_said(day)),
            Field::County => return self.county = Some(text),
            Field::Municipality => return self.municipality = Some(text),
            Field::Property => return self.property = Some(text),
        };
        if is_said(&text) {
            many.push(text);
        }
    }

    /// Whose post it is: `PersonNr`, or the allotted number if there is no other.
    pub(super) fn numbers(&self) -> &[String] {
        if self.numbers.is_empty() { &self.allotted } else { &self.numbers }
    }

    /// Whether it names another number of the person.
    pub(super) fn refers(&self) -> bool {
        let own = self.numbers().first();
        self.references.iter().chain(&self.allotted).any(|number| Some(number) != own)
    }

    /// Län and kommun, two digits each.
    pub(super) fn municipality(&self) -> Option<String> {
        let (county, municipality) = (self.county.as_deref(), self.municipality.as_deref());
        let said = county.is_some() || municipality.is_some();
        said.then(|| [county, municipality].into_iter().flatten().collect())
    }

    /// AV (A in older forms) or any day of death (rules.md, spar-import 8).
    pub(super) fn death(&self) -> Death {
        match self.code.as_deref() {
            Some("AV" | "A") => Death::Dead,
            _ if self.died_on.is_some() || self.found_on.is_some() => Death::Dead,
            Some(_) => Death::Otherwise,
            None => Death::Unsaid,
        }
    }

    /// The days that may be the one of death, the best first.
    pub(super) fn days(&self) -> impl Iterator<Item = &str> {
        let is_dead = matches!(self.code.as_deref(), Some("AV" | "A"));
        let left = self.deregistered_on.as_ref().filter(|_| is_dead);
        [self.died_on.as_ref(), self.found_on.as_ref(), left].into_iter().flatten().map(String::as_str)
    }

    /// The cells that it speaks of. A name or an address is said whole; of two addresses the särskild one counts.
    pub(super) fn cells(self) -> Vec<(Cell, Option<String>)> {
        let mut cells = Vec::new();
        if let Some(name) = self.name {
            cells.extend([(Cell::FirstName, name.first), (Cell::MiddleName, name.middle)]);
            cells.push((Cell::LastName, name.last));
        }
        let address = if self.special.is_there() { self.special } else { self.registered };
        if address.is_there() {
            let street = address.street();
            cells.extend([(Cell::CareOf, address.care_of), (Cell::Street, street)]);
            cells.extend([(Cell::PostalCode, address.postal_code), (Cell::City, address.city)]);
        }
        if self.property.is_some() {
            cells.push((Cell::Property, self.property));
        }
        cells
    }
}

//! Reads people, each as one value.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, Statement, named_params};

use super::heard::HeardReader;
use crate::domain::address::{Address, AddressKind, Place};
use crate::domain::contact::{Contact, ContactField};
use crate::domain::hold::Hold;
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::person::{Deregistration, Name, Notice, Person, PersonId, Said, Status};
use crate::domain::protection::{Kind, Mark};
use crate::failure::{Failure, Result};
use crate::registry::Registry;

const PERSON: &str =
    "SELECT id_number, id_kind, category, first_name, called_name, middle_name, last_name, birth_date, status,
            deregistration_code, deregistration_date, blocked, block_reason, allow_update, comment, no_address_since,
            class, concealment, special_since, key_code, entered_on,
            held_since, held_until
     FROM person WHERE id = :id";
const ADDRESSES: &str =
    "SELECT kind, active, care_of, street, postal_code, city, country FROM address WHERE person_id = :id";
const CONTACTS: &str = "SELECT field, value, origin, user_changed FROM contact WHERE person_id = :id";
const AREAS: &str = "SELECT activity, area FROM person_area WHERE person_id = :id";
const NOTICES: &str = "SELECT kind, other_id FROM notice WHERE person_id = :id";
const PROTECTION: &str = "SELECT kind, since FROM protection WHERE person_id = :id ORDER BY kind";
// What an undone file said counts as not said.
const SAID: &str = "SELECT said FROM number
    WHERE key = :key AND (said_in IS NULL OR EXISTS (SELECT 1 FROM file WHERE id = said_in AND state = 'applied'))";
const FORMER: &str = "SELECT key, kind FROM number WHERE person_id = :id AND former <> 0 ORDER BY former";
const HOLDER: &str = "SELECT person_id FROM number WHERE key = :key";

/// Reads people; the statements are prepared once and held.
pub struct Reader<'c> {
    person: Statement<'c>,
    addresses: Statement<'c>,
    contacts: Statement<'c>,
    areas: Statement<'c>,
    heard: HeardReader<'c>,
    notices: Statement<'c>,
    protection: Statement<'c>,
    said: Statement<'c>,
    former: Statement<'c>,
    holder: Statement<'c>,
}

/// A person as stored, with what is not journaled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The internal id.
    pub id: PersonId,
    /// The person.
    pub person: Person,
    /// How far protection has gone.
    pub concealment: Concealment,
}

/// How far protection has gone in the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concealment {
    /// Not protected.
    Open,
    /// Shown as protected; values may still stand.
    Hidden,
    /// Nothing left to erase.
    Erased,
}

impl Concealment {
    pub(in crate::registry) const fn number(self) -> i64 {
        match self {
            Self::Open => 0,
            Self::Hidden => 1,
            Self::Erased => 2,
        }
    }

    pub(in crate::registry) const fn of(number: i64) -> Self {
        match number {
            0 => Self::Open,
            1 => Self::Hidden,
            _ => Self::Erased,
        }
    }
}

impl Registry {
    /// Prepares reading of people.
    pub fn people(&self) -> Result<Reader<'_>> {
        Reader::new(self.connection())
    }
}

impl<'c> Reader<'c> {
    fn new(connection: &'c Connection) -> Result<Self> {
        Ok(Self {
            person: connection.prepare(PERSON)?,
            addresses: connection.prepare(ADDRESSES)?,
            contacts: connection.prepare(CONTACTS)?,
            areas: connection.prepare(AREAS)?,
            heard: HeardReader::new(connection)?,
            notices: connection.prepare(NOTICES)?,
            protection: connection.prepare(PROTECTION)?,
            said: connection.prepare(SAID)?,
            former: connection.prepare(FORMER)?,
            holder: connection.prepare(HOLDER)?,
        })
    }

    /// Who has a number now or had it before.
    pub fn holder(&mut self, key: NumberKey) -> Result<Option<PersonId>> {
        let id = self.holder.query_row(named_params! { ":key": key.0 }, |row| row.get(0)).optional()?;
        Ok(id.map(PersonId))
    }

    /// Everything about one person; none if the id is unknown.
    pub fn find(&mut self, id: PersonId) -> Result<Option<Stored>> {
        let Some((mut person, concealment)) =
            self.person.query_row(named_params! { ":id": id.0 }, core).optional()?
        else {
            return Ok(None);
        };
        person.addresses = rows(&mut self.addresses, id, address)?;
        person.contacts = rows(&mut self.contacts, id, contact)?;
        person.areas = rows(&mut self.areas, id, |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.heard.read(id, &mut person)?;
        person.notices = rows(&mut self.notices, id, notice)?;
        if concealment != Concealment::Open {
            person.protection =
                rows(&mut self.protection, id, |row| Ok((row.get::<_, String>(0)?, mark(row)?)))
                    .map(|marks: BTreeMap<String, Mark>| marks.into_values().collect())?;
            person.protection.sort_by_key(|mark| mark.kind);
        }
        let key = person.number.key().0;
        let said: Option<Vec<u8>> =
            self.said.query_row(named_params! { ":key": key }, |row| row.get(0)).optional()?.flatten();
        person.said = said.as_deref().and_then(Said::from_bytes);
        let former = self.former.query_map(named_params! { ":id": id.0 }, |row| number_of(row, 0, 1))?;
        person.former = former.collect::<rusqlite::Result<_>>()?;
        Ok(Some(Stored { id, person, concealment }))
    }

    /// As [`Self::find`], for an id that a foreign key vouches for.
    pub fn get(&mut self, id: PersonId) -> Result<Stored> {
        self.find(id)?.ok_or_else(|| Failure::internal("a number without a person"))
    }
}

fn rows<K: Ord, V>(
    statement: &mut Statement<'_>,
    id: PersonId,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<(K, V)>,
) -> Result<BTreeMap<K, V>> {
    Ok(statement
        .query_map(named_params! { ":id": id.0 }, |row| read(row))?
        .collect::<rusqlite::Result<_>>()?)
}

fn odd(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, String::new(), rusqlite::types::Type::Text)
}

fn parsed<T>(row: &Row<'_>, column: usize, parse: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    parse(row.get_ref(column)?.as_str()?).ok_or_else(|| odd(column))
}

fn date(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<NaiveDate>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|_| odd(column))).transpose()
}

fn number_of(row: &Row<'_>, key: usize, kind: usize) -> rusqlite::Result<IdNumber> {
    let kind_of = parsed(row, kind, IdKind::parse)?;
    IdNumber::from_key(NumberKey(row.get(key)?), kind_of).ok_or_else(|| odd(key))
}

fn core(row: &Row<'_>) -> rusqlite::Result<(Person, Concealment)> {
    let kind = parsed(row, 1, IdKind::parse)?;
    let number = parsed(row, 0, |text| IdNumber::from_stored(text, kind))?;
    let code: Option<String> = row.get(9)?;
    let mut person = Person::new(number);
    person.category = row.get(2)?;
    person.name = Name { first: row.get(3)?, called: row.get(4)?, middle: row.get(5)?, last: row.get(6)? };
    person.birth_date = date(row, 7)?;
    person.status = parsed(row, 8, Status::parse)?;
    person.deregistration = match code {
        Some(code) => Some(Deregistration { code, date: row.get(10)? }),
        None => None,
    };
    person.blocked = row.get(11)?;
    person.block_reason = row.get(12)?;
    person.allow_update = row.get(13)?;
    person.comment = row.get(14)?;
    person.no_address_since = date(row, 15)?;
    person.class = row.get(16)?;
    person.hold = date(row, 21)?
        .map(|since| Ok::<_, rusqlite::Error>(Hold { since, until: date(row, 22)? }))
        .transpose()?;
    person.special_since = date(row, 18)?;
    person.key_code = row.get(19)?;
    person.entered_on = date(row, 20)?;
    Ok((person, Concealment::of(row.get(17)?)))
}

fn address(row: &Row<'_>) -> rusqlite::Result<(AddressKind, Address)> {
    let place = Place {
        care_of: row.get(2)?,
        street: row.get(3)?,
        postal_code: row.get(4)?,
        city: row.get(5)?,
        country: row.get(6)?,
    };
    Ok((parsed(row, 0, AddressKind::parse)?, Address { active: row.get(1)?, place }))
}

fn contact(row: &Row<'_>) -> rusqlite::Result<(ContactField, Contact)> {
    let contact = Contact { value: row.get(1)?, origin: row.get(2)?, user_changed: row.get(3)? };
    Ok((parsed(row, 0, ContactField::parse)?, contact))
}

fn notice(row: &Row<'_>) -> rusqlite::Result<(Notice, Option<PersonId>)> {
    Ok((parsed(row, 0, Notice::parse)?, row.get::<_, Option<i64>>(1)?.map(PersonId)))
}

fn mark(row: &Row<'_>) -> rusqlite::Result<Mark> {
    Ok(Mark { kind: parsed(row, 0, Kind::parse)?, since: date(row, 1)?.ok_or_else(|| odd(1))? })
}

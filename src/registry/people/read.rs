//! Reads people, each as one value.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row, Statement, named_params};

use super::heard::HeardReader;
use super::table::Table;
use crate::domain::address::{Address, AddressKind, Place};
use crate::domain::contact::{Contact, ContactField};
use crate::domain::day::day;
use crate::domain::hold::Hold;
use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::person::{Deregistration, Name, Notice, Person, PersonId, Said, Status};
use crate::domain::protection::{Kind, Mark};
use crate::failure::{Failure, Result};
use crate::registry::Registry;

// Each in the order of people, with the id as its last column.
const PERSON: &str =
    "SELECT id_number, id_kind, category, first_name, called_name, middle_name, last_name, birth_date, status,
            deregistration_code, deregistration_date, blocked, block_reason, allow_update, comment, no_address_since,
            class, concealment, special_since, key_code, entered_on,
            held_since, held_until, id
     FROM person WHERE id BETWEEN ? AND ? ORDER BY id";
const ADDRESSES: &str =
    "SELECT kind, active, care_of, street, postal_code, city, country, person_id FROM address
     WHERE person_id BETWEEN ? AND ? ORDER BY person_id";
const CONTACTS: &str = "SELECT field, value, origin, user_changed, person_id FROM contact WHERE person_id BETWEEN ? AND ? ORDER BY person_id";
const AREAS: &str =
    "SELECT activity, area, person_id FROM person_area WHERE person_id BETWEEN ? AND ? ORDER BY person_id";
const NOTICES: &str =
    "SELECT kind, other_id, person_id FROM notice WHERE person_id BETWEEN ? AND ? ORDER BY person_id";
const PROTECTION: &str =
    "SELECT kind, since, person_id FROM protection WHERE person_id BETWEEN ? AND ? ORDER BY person_id";
// What an undone file said counts as not said.
const NUMBERS: &str = "SELECT key, kind, former,
            CASE WHEN said_in IS NULL OR EXISTS (SELECT 1 FROM file WHERE id = said_in AND state = 'applied') THEN said END,
            person_id
     FROM number WHERE person_id BETWEEN ? AND ? ORDER BY person_id, former";
const HOLDER: &str = "SELECT person_id FROM number WHERE key = :key";

/// Reads people; the statements are prepared once and held.
pub struct Reader<'c> {
    registry: &'c Registry,
    person: Table<'c>,
    addresses: Table<'c>,
    contacts: Table<'c>,
    areas: Table<'c>,
    heard: HeardReader<'c>,
    notices: Table<'c>,
    protection: Table<'c>,
    numbers: Table<'c>,
    holder: Statement<'c>,
    ahead: BTreeMap<PersonId, Stored>,
    /// The count of changes beyond one person when these were read.
    ahead_at: u64,
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
        Reader::new(self)
    }
}

impl<'c> Reader<'c> {
    fn new(registry: &'c Registry) -> Result<Self> {
        let connection = registry.connection();
        let table = |sql, owner| Table::prepare(connection, sql, owner);
        Ok(Self {
            registry,
            person: table(PERSON, 23)?,
            addresses: table(ADDRESSES, 7)?,
            contacts: table(CONTACTS, 4)?,
            areas: table(AREAS, 2)?,
            heard: HeardReader::new(connection)?,
            notices: table(NOTICES, 2)?,
            protection: table(PROTECTION, 2)?,
            numbers: table(NUMBERS, 4)?,
            holder: connection.prepare(HOLDER)?,
            ahead: BTreeMap::new(),
            ahead_at: 0,
        })
    }

    /// Who has a number now or had it before.
    pub fn holder(&mut self, key: NumberKey) -> Result<Option<PersonId>> {
        let id = self.holder.query_row(named_params! { ":key": key.0 }, |row| row.get(0)).optional()?;
        Ok(id.map(PersonId))
    }

    /// Reads people who are about to be asked for together, which is cheaper than one by one. Each is handed out once,
    /// so that whoever was changed meanwhile is read anew; nobody may change one of them who has not asked for them.
    pub fn look_ahead(&mut self, ids: impl IntoIterator<Item = PersonId>) -> Result<()> {
        let ids = in_order(ids);
        self.ahead_at = self.registry.changes_beyond();
        let people = self.read(&ids)?;
        self.ahead = people.into_iter().map(|stored| (stored.id, stored)).collect();
        Ok(())
    }

    /// Everything about one person; none if the id is unknown.
    pub fn find(&mut self, id: PersonId) -> Result<Option<Stored>> {
        // Erasing one person cuts links in others.
        if self.ahead_at != self.registry.changes_beyond() {
            self.ahead.clear();
        }
        match self.ahead.remove(&id) {
            Some(stored) => Ok(Some(stored)),
            None => Ok(self.read(&[id])?.pop()),
        }
    }

    /// As [`Self::find`], for an id that a foreign key vouches for.
    pub fn get(&mut self, id: PersonId) -> Result<Stored> {
        self.find(id)?.ok_or_else(|| Failure::internal("a number without a person"))
    }

    /// Everything about these people, who are in order.
    pub(super) fn read(&mut self, ids: &[PersonId]) -> Result<Vec<Stored>> {
        let mut people: Vec<Stored> = Vec::with_capacity(ids.len());
        self.person.each(ids, |at, row| {
            let (person, concealment) = core(row)?;
            people.extend(ids.get(at).map(|id| Stored { id: *id, person, concealment }));
            Ok(())
        })?;
        let ids: Vec<PersonId> = people.iter().map(|stored| stored.id).collect();
        let people = &mut people;
        fill(&mut self.addresses, &ids, people, |person, row| put(&mut person.addresses, address(row)?))?;
        fill(&mut self.contacts, &ids, people, |person, row| put(&mut person.contacts, contact(row)?))?;
        fill(&mut self.areas, &ids, people, |person, row| {
            put(&mut person.areas, (row.get(0)?, row.get(1)?))
        })?;
        fill(&mut self.notices, &ids, people, |person, row| put(&mut person.notices, notice(row)?))?;
        fill(&mut self.numbers, &ids, people, number)?;
        self.heard.read(&ids, people)?;
        if people.iter().any(|stored| stored.concealment != Concealment::Open) {
            self.marks(&ids, people)?;
        }
        Ok(std::mem::take(people))
    }

    fn marks(&mut self, ids: &[PersonId], people: &mut [Stored]) -> Result<()> {
        self.protection.each(ids, |at, row| {
            let hidden = people.get_mut(at).filter(|stored| stored.concealment != Concealment::Open);
            hidden.map(|stored| mark(row).map(|mark| stored.person.protection.push(mark))).transpose()?;
            Ok(())
        })?;
        for stored in people {
            stored.person.protection.sort_by_key(|mark| mark.kind);
        }
        Ok(())
    }
}

fn in_order(ids: impl IntoIterator<Item = PersonId>) -> Vec<PersonId> {
    let ids: BTreeSet<PersonId> = ids.into_iter().collect();
    ids.into_iter().collect()
}

/// Puts the rows of a table into their people.
pub(super) fn fill(
    table: &mut Table<'_>,
    ids: &[PersonId],
    people: &mut [Stored],
    mut take: impl FnMut(&mut Person, &Row<'_>) -> rusqlite::Result<()>,
) -> Result<()> {
    table.each(ids, |at, row| match people.get_mut(at) {
        Some(stored) => Ok(take(&mut stored.person, row)?),
        None => Ok(()),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "the end of a chain that may fail")]
fn put<K: Ord, V>(parts: &mut BTreeMap<K, V>, (key, value): (K, V)) -> rusqlite::Result<()> {
    parts.insert(key, value);
    Ok(())
}

/// A number that the person has or had; SPAR's words stand with the current one.
fn number(person: &mut Person, row: &Row<'_>) -> rusqlite::Result<()> {
    if row.get::<_, i64>(0)? == person.number.key().0 {
        person.said = row.get_ref(3)?.as_blob_or_null()?.and_then(Said::from_bytes);
    }
    if row.get::<_, i64>(2)? != 0 {
        person.former.push(number_of(row, 0, 1)?);
    }
    Ok(())
}

fn odd(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, String::new(), rusqlite::types::Type::Text)
}

fn parsed<T>(row: &Row<'_>, column: usize, parse: impl Fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    parse(row.get_ref(column)?.as_str()?).ok_or_else(|| odd(column))
}

fn date(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<NaiveDate>> {
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(|text| day(text).ok_or_else(|| odd(column))).transpose()
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

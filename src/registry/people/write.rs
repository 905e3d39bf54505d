//! Writes people, each as one value, touching only the tables that differ.

use chrono::NaiveDate;
use rusqlite::{Connection, Statement, params};

use super::heard::HeardWriter;
use super::read::Concealment;
use super::saying::Saying;
use crate::domain::address::AddressKind;
use crate::domain::area::Areas;
use crate::domain::contact::ContactField;
use crate::domain::day::iso;
use crate::domain::id_number::{CheckDigit, IdNumber, NumberKey};
use crate::domain::person::{Person, PersonId, Said};
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::ledger::Note;

/// The word for a check digit in the table.
pub(in crate::registry) const fn check_digit_name(check: CheckDigit) -> &'static str {
    match check {
        CheckDigit::Right => "right",
        CheckDigit::Wrong => "wrong",
        CheckDigit::None => "none",
    }
}

const INSERT_PERSON: &str =
    "INSERT INTO person (id, id_number, id_kind, check_digit, key_code, category, first_name, called_name, middle_name,
            last_name, birth_date, status, deregistration_code, deregistration_date, blocked, block_reason, allow_update,
            comment, no_address_since, special_since, class, entered_on, held_since, held_until)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
// Apart from the rest: indexes hang on these, and they seldom change.
const UPDATE_NUMBER: &str = "UPDATE person SET id_number = ?, id_kind = ?, check_digit = ? WHERE id = ?";
// As well: triggers hang on the last two, and SQLite keeps a journal of such a statement.
const UPDATE_IDENTITY: &str = "UPDATE person SET id_number = ?, id_kind = ?, check_digit = ?, key_code = ?, concealment = ? WHERE id = ?";
const UPDATE_DETAILS: &str =
    "UPDATE person SET category = ?, first_name = ?, called_name = ?, middle_name = ?, last_name = ?, birth_date = ?,
            status = ?, deregistration_code = ?, deregistration_date = ?, blocked = ?, block_reason = ?,
            allow_update = ?, comment = ?, no_address_since = ?, special_since = ?, class = ?,
            entered_on = coalesce(?, entered_on), held_since = ?, held_until = ?
     WHERE id = ?";
const DELETE_ADDRESS: &str = "DELETE FROM address WHERE person_id = ? AND kind = ?";
// REPLACE would delete and insert, look for the person anew and keep a journal of the statement.
const PUT_ADDRESS: &str =
    "INSERT INTO address (person_id, kind, active, care_of, street, postal_code, city, country)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT (person_id, kind) DO UPDATE SET active = ?3, care_of = ?4, street = ?5, postal_code = ?6, city = ?7,
            country = ?8";
const DELETE_CONTACT: &str = "DELETE FROM contact WHERE person_id = ? AND field = ?";
const PUT_CONTACT: &str =
    "INSERT INTO contact (person_id, field, value, origin, user_changed) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (person_id, field) DO UPDATE SET value = ?3, origin = ?4, user_changed = ?5";
pub(super) const DELETE_AREA: &str = "DELETE FROM person_area WHERE person_id = ? AND activity = ?";
pub(super) const PUT_AREA: &str = "INSERT INTO person_area (person_id, activity, area) VALUES (?1, ?2, ?3)
     ON CONFLICT (person_id, activity) DO UPDATE SET area = ?3";
const DELETE_NOTICE: &str = "DELETE FROM notice WHERE person_id = ? AND kind = ?";
const PUT_NOTICE: &str = "INSERT OR REPLACE INTO notice (person_id, kind, other_id) VALUES (?, ?, ?)";
// What is noted of the post that said so goes with it: two statements would each look for the row and write it.
const PUT_SAID: &str =
    "UPDATE number SET said = ?2, said_in = ?3, post = ?4, answered_on = coalesce(?5, answered_on),
            answered_in = coalesce(?6, answered_in)
     WHERE key = ?1";
const PUT_NUMBER: &str = "INSERT INTO number (key, person_id, former, kind, said) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (key) DO UPDATE SET former = ?3, kind = ?4, said = coalesce(?5, said)";
/// A trigger counts those who change or go.
const COUNT_CODE: &str = "INSERT INTO held_code (code, people) VALUES (?1, 1) ON CONFLICT (code) DO UPDATE SET people = people + 1";
/// A row of `person import` may leave something to do now.
pub(in crate::registry) const UNSETTLE_ROW: &str = "DELETE FROM settled_row WHERE person_id = ?";
const DELETE_NUMBER: &str = "DELETE FROM number WHERE key = ?";

/// Writes people; the statements are prepared once and held. Use inside a unit.
pub struct Writer<'c> {
    insert: Statement<'c>,
    count_code: Statement<'c>,
    update_number: Statement<'c>,
    update_identity: Statement<'c>,
    update_details: Statement<'c>,
    delete_address: Statement<'c>,
    put_address: Statement<'c>,
    delete_contact: Statement<'c>,
    put_contact: Statement<'c>,
    delete_area: Statement<'c>,
    put_area: Statement<'c>,
    heard: HeardWriter<'c>,
    delete_notice: Statement<'c>,
    put_notice: Statement<'c>,
    put_said: Statement<'c>,
    put_number: Statement<'c>,
    delete_number: Statement<'c>,
    unsettle_row: Statement<'c>,
}

impl Registry {
    /// Prepares writing of people.
    pub(in crate::registry) fn person_writer(&self) -> Result<Writer<'_>> {
        let prepare = |sql| self.connection().prepare(sql);
        Ok(Writer {
            insert: prepare(INSERT_PERSON)?,
            count_code: prepare(COUNT_CODE)?,
            update_number: prepare(UPDATE_NUMBER)?,
            update_identity: prepare(UPDATE_IDENTITY)?,
            update_details: prepare(UPDATE_DETAILS)?,
            delete_address: prepare(DELETE_ADDRESS)?,
            put_address: prepare(PUT_ADDRESS)?,
            delete_contact: prepare(DELETE_CONTACT)?,
            put_contact: prepare(PUT_CONTACT)?,
            delete_area: prepare(DELETE_AREA)?,
            put_area: prepare(PUT_AREA)?,
            heard: HeardWriter::new(self.connection(), self.salt())?,
            delete_notice: prepare(DELETE_NOTICE)?,
            put_notice: prepare(PUT_NOTICE)?,
            put_said: prepare(PUT_SAID)?,
            put_number: prepare(PUT_NUMBER)?,
            delete_number: prepare(DELETE_NUMBER)?,
            unsettle_row: prepare(UNSETTLE_ROW)?,
        })
    }
}

impl Writer<'_> {
    /// Somebody new, who enters on this day unless they came before; `id` only when an undo brings back somebody who had
    /// one.
    pub(in crate::registry) fn insert(
        &mut self,
        id: Option<PersonId>,
        person: &Person,
        entered: Option<NaiveDate>,
        (from, saying): (&Connection, &mut Saying),
    ) -> Result<PersonId> {
        self.insert_core(id, person, entered)?;
        let id = PersonId(from.last_insert_rowid());
        self.put_number(&person.number, id, 0, person.said)?;
        // The number and what SPAR said of it are written; the rest differs from nobody's.
        let nobody = Person { said: person.said, ..Person::new(person.number) };
        self.update_rest(id, &nobody, person, saying)?;
        Ok(id)
    }

    /// Writes what differs between two states of one person.
    pub(in crate::registry) fn update(
        &mut self,
        id: PersonId,
        before: &Person,
        after: &Person,
        concealment: Concealment,
        saying: &mut Saying,
    ) -> Result<()> {
        // A row that left nothing to do may leave something now.
        self.unsettle_row.execute(params![id.0])?;
        // Most changes are of an address: the row of the person itself stays as it is then.
        let is_hidden = before.is_protected() || after.is_protected();
        if is_hidden || before.key_code != after.key_code {
            self.update_identity(id, after, concealment)?;
        } else if before.number != after.number {
            self.update_number(id, &after.number)?;
        }
        if is_hidden || details(before) != details(after) {
            self.update_details(id, after)?;
        }
        self.update_rest(id, before, after, saying)
    }

    fn insert_core(
        &mut self,
        id: Option<PersonId>,
        person: &Person,
        entered: Option<NaiveDate>,
    ) -> Result<()> {
        let [birth, since, special, held_since, held_until] = dates(person);
        let cause = person.deregistration.as_ref();
        self.insert.execute(params![
            id.map(|id| id.0),
            person.number.reveal(),
            person.number.kind().name(),
            check_digit_name(person.number.check_digit()),
            person.key_code,
            person.category,
            person.name.first,
            person.name.called,
            person.name.middle,
            person.name.last,
            birth,
            person.status.name(),
            cause.map(|cause| &cause.code),
            cause.and_then(|cause| cause.date.as_ref()),
            person.blocked,
            person.block_reason,
            person.allow_update,
            person.comment,
            since,
            special,
            person.class,
            person.entered_on.or(entered).map(iso),
            held_since,
            held_until,
        ])?;
        if let Some(code) = &person.key_code {
            self.count_code.execute(params![code])?;
        }
        Ok(())
    }

    fn update_number(&mut self, id: PersonId, number: &IdNumber) -> Result<()> {
        let check = check_digit_name(number.check_digit());
        self.update_number.execute(params![number.reveal(), number.kind().name(), check, id.0])?;
        Ok(())
    }

    fn update_identity(&mut self, id: PersonId, person: &Person, concealment: Concealment) -> Result<()> {
        self.update_identity.execute(params![
            person.number.reveal(),
            person.number.kind().name(),
            check_digit_name(person.number.check_digit()),
            person.key_code,
            concealment.number(),
            id.0,
        ])?;
        Ok(())
    }

    fn update_details(&mut self, id: PersonId, person: &Person) -> Result<()> {
        let [birth, since, special, held_since, held_until] = dates(person);
        let cause = person.deregistration.as_ref();
        self.update_details.execute(params![
            person.category,
            person.name.first,
            person.name.called,
            person.name.middle,
            person.name.last,
            birth,
            person.status.name(),
            cause.map(|cause| &cause.code),
            cause.and_then(|cause| cause.date.as_ref()),
            person.blocked,
            person.block_reason,
            person.allow_update,
            person.comment,
            since,
            special,
            person.class,
            person.entered_on.map(iso),
            held_since,
            held_until,
            id.0,
        ])?;
        Ok(())
    }

    fn update_rest(
        &mut self,
        id: PersonId,
        before: &Person,
        after: &Person,
        saying: &mut Saying,
    ) -> Result<()> {
        self.update_numbers(id, before, after)?;
        self.update_addresses(id, before, after)?;
        self.update_contacts(id, before, after)?;
        self.update_areas(id, &before.areas, &after.areas)?;
        self.heard.update(id, before, after, saying)?;
        self.update_notices(id, before, after)?;
        if before.said != after.said || before.number != after.number {
            self.put_said(after.number.key(), after.said, saying)?;
        }
        Ok(())
    }

    /// Remembers what SPAR said last about a number.
    pub(in crate::registry) fn put_said(
        &mut self,
        key: NumberKey,
        said: Option<Said>,
        saying: &mut Saying,
    ) -> Result<()> {
        let note = saying.note.take_if(|note| note.key == key);
        let (on, file, post) = note.map(Note::values).unwrap_or_default();
        let said = said.map(Said::to_bytes);
        self.put_said.execute(params![key.0, said, saying.file.map(|file| file.0), post, on, file])?;
        Ok(())
    }

    fn update_numbers(&mut self, id: PersonId, before: &Person, after: &Person) -> Result<()> {
        if before.number == after.number && before.former == after.former {
            return Ok(());
        }
        let stays = |number: &IdNumber| after.number.key() == number.key() || holds(&after.former, number);
        for gone in before.former.iter().chain([&before.number]).filter(|number| !stays(number)) {
            self.delete_number.execute(params![gone.key().0])?;
        }
        self.put_number(&after.number, id, 0, after.said)?;
        for (place, former) in (1..).zip(&after.former) {
            self.put_number(former, id, place, None)?;
        }
        Ok(())
    }

    fn put_number(&mut self, number: &IdNumber, id: PersonId, former: i64, said: Option<Said>) -> Result<()> {
        let said = said.map(Said::to_bytes);
        self.put_number.execute(params![number.key().0, id.0, former, number.kind().name(), said])?;
        Ok(())
    }

    fn update_addresses(&mut self, id: PersonId, before: &Person, after: &Person) -> Result<()> {
        for kind in AddressKind::ALL {
            match (before.addresses.get(&kind), after.addresses.get(&kind)) {
                (Some(_), None) => drop(self.delete_address.execute(params![id.0, kind.name()])?),
                (old, Some(new)) if old != Some(new) => {
                    let place = &new.place;
                    self.put_address.execute(params![
                        id.0,
                        kind.name(),
                        new.active,
                        place.care_of,
                        place.street,
                        place.postal_code,
                        place.city,
                        place.country
                    ])?;
                }
                (Some(_) | None, Some(_)) | (None, None) => {}
            }
        }
        Ok(())
    }

    fn update_contacts(&mut self, id: PersonId, before: &Person, after: &Person) -> Result<()> {
        for field in ContactField::ALL {
            match (before.contacts.get(&field), after.contacts.get(&field)) {
                (Some(_), None) => drop(self.delete_contact.execute(params![id.0, field.name()])?),
                (old, Some(new)) if old != Some(new) => {
                    self.put_contact.execute(params![
                        id.0,
                        field.name(),
                        new.value,
                        new.origin,
                        new.user_changed
                    ])?;
                }
                (Some(_) | None, Some(_)) | (None, None) => {}
            }
        }
        Ok(())
    }

    fn update_areas(&mut self, id: PersonId, before: &Areas, after: &Areas) -> Result<()> {
        for activity in before.keys().filter(|activity| !after.contains_key(*activity)) {
            self.delete_area.execute(params![id.0, activity])?;
        }
        for (activity, area) in after.iter().filter(|(activity, area)| before.get(*activity) != Some(area)) {
            self.put_area.execute(params![id.0, activity, area])?;
        }
        Ok(())
    }

    fn update_notices(&mut self, id: PersonId, before: &Person, after: &Person) -> Result<()> {
        for notice in before.notices.keys().filter(|notice| !after.notices.contains_key(notice)) {
            self.delete_notice.execute(params![id.0, notice.kind()])?;
        }
        for (notice, other) in
            after.notices.iter().filter(|(notice, other)| before.notices.get(notice) != Some(other))
        {
            self.put_notice.execute(params![id.0, notice.kind(), other.map(|id| id.0)])?;
        }
        Ok(())
    }
}

fn holds(numbers: &[IdNumber], number: &IdNumber) -> bool {
    numbers.iter().any(|other| other.key() == number.key())
}

/// What stands in a person's own row, but for number, key code and how far protection has gone.
fn details(person: &Person) -> impl PartialEq {
    (
        &person.category,
        &person.name,
        person.birth_date,
        person.status,
        &person.deregistration,
        (person.blocked, &person.block_reason),
        person.allow_update,
        &person.comment,
        (person.no_address_since, person.special_since, person.entered_on),
        (&person.class, person.hold),
    )
}

fn dates(person: &Person) -> [Option<String>; 5] {
    let (held_since, held_until) =
        (person.hold.map(|hold| hold.since), person.hold.and_then(|hold| hold.until));
    [person.birth_date, person.no_address_since, person.special_since, held_since, held_until]
        .map(|date| date.map(iso))
}

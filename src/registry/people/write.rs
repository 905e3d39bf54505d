//! Writes people, each as one value, touching only the tables that differ.

use chrono::NaiveDate;
use rusqlite::{Connection, Statement, named_params, params};

use super::heard::HeardWriter;
use super::read::Concealment;
use crate::domain::address::AddressKind;
use crate::domain::area::Areas;
use crate::domain::contact::ContactField;
use crate::domain::id_number::{CheckDigit, IdNumber, NumberKey};
use crate::domain::person::{Person, PersonId, Said};
use crate::failure::Result;
use crate::registry::Registry;

/// The word for a check digit in the table.
pub(in crate::registry) const fn check_digit_name(check: CheckDigit) -> &'static str {
    match check {
        CheckDigit::Right => "right",
        CheckDigit::Wrong => "wrong",
        CheckDigit::None => "none",
    }
}

const INSERT_PERSON: &str =
    "INSERT INTO person (id, id_number, id_kind, check_digit, category, first_name, called_name, middle_name, last_name,
            birth_date, status, deregistration_code, deregistration_date, blocked, block_reason, allow_update, comment,
            no_address_since, special_since, class, concealment, key_code, entered_on,
            held_since, held_until)
     VALUES (:id, :number, :kind, :check, :category, :first, :called, :middle, :last, :birth, :status, :code, :date,
            :blocked, :reason, :allow, :comment, :since, :special, :class, :concealment, :code_of_place, :entered,
            :held_since, :held_until)";
const UPDATE_PERSON: &str =
    "UPDATE person SET id_number = :number, id_kind = :kind, check_digit = :check, category = :category,
            first_name = :first, called_name = :called, middle_name = :middle, last_name = :last,
            birth_date = :birth, status = :status, deregistration_code = :code, deregistration_date = :date,
            blocked = :blocked, block_reason = :reason, allow_update = :allow, comment = :comment,
            no_address_since = :since, special_since = :special, class = :class, concealment = :concealment,
            key_code = :code_of_place, entered_on = coalesce(:entered, entered_on), held_since = :held_since, held_until = :held_until
     WHERE id = :id";
const DELETE_ADDRESS: &str = "DELETE FROM address WHERE person_id = ? AND kind = ?";
const PUT_ADDRESS: &str =
    "INSERT OR REPLACE INTO address (person_id, kind, active, care_of, street, postal_code, city, country)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
const DELETE_CONTACT: &str = "DELETE FROM contact WHERE person_id = ? AND field = ?";
const PUT_CONTACT: &str =
    "INSERT OR REPLACE INTO contact (person_id, field, value, origin, user_changed) VALUES (?, ?, ?, ?, ?)";
pub(super) const DELETE_AREA: &str = "DELETE FROM person_area WHERE person_id = ? AND activity = ?";
pub(super) const PUT_AREA: &str = "INSERT INTO person_area (person_id, activity, area) VALUES (?1, ?2, ?3)
     ON CONFLICT (person_id, activity) DO UPDATE SET area = ?3";
const DELETE_NOTICE: &str = "DELETE FROM notice WHERE person_id = ? AND kind = ?";
const PUT_NOTICE: &str = "INSERT OR REPLACE INTO notice (person_id, kind, other_id) VALUES (?, ?, ?)";
const PUT_SAID: &str = "UPDATE number SET said = ?2, said_in = ?3 WHERE key = ?1";
const PUT_NUMBER: &str = "INSERT INTO number (key, person_id, former, kind, said) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (key) DO UPDATE SET former = ?3, kind = ?4, said = coalesce(?5, said)";
const DELETE_NUMBER: &str = "DELETE FROM number WHERE key = ?";

/// Writes people; the statements are prepared once and held. Use inside a unit.
pub struct Writer<'c> {
    insert: Statement<'c>,
    update: Statement<'c>,
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
}

impl Registry {
    /// Prepares writing of people.
    pub(in crate::registry) fn person_writer(&self) -> Result<Writer<'_>> {
        let prepare = |sql| self.connection().prepare(sql);
        Ok(Writer {
            insert: prepare(INSERT_PERSON)?,
            update: prepare(UPDATE_PERSON)?,
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
        from: &Connection,
    ) -> Result<PersonId> {
        write_core(&mut self.insert, id, person, Concealment::Open, entered)?;
        let id = PersonId(from.last_insert_rowid());
        self.put_number(&person.number, id, 0, None)?;
        self.update_rest(id, &Person::new(person.number), person, None)?;
        Ok(id)
    }

    /// Writes what differs between two states of one person.
    pub(in crate::registry) fn update(
        &mut self,
        id: PersonId,
        before: &Person,
        after: &Person,
        concealment: Concealment,
        file: Option<i64>,
    ) -> Result<()> {
        // Most changes are of an address: the row of the person itself stays as it is then.
        if core(before) != core(after) || before.is_protected() || after.is_protected() {
            write_core(&mut self.update, Some(id), after, concealment, None)?;
        }
        self.update_rest(id, before, after, file)
    }

    fn update_rest(
        &mut self,
        id: PersonId,
        before: &Person,
        after: &Person,
        file: Option<i64>,
    ) -> Result<()> {
        self.update_numbers(id, before, after)?;
        self.update_addresses(id, before, after)?;
        self.update_contacts(id, before, after)?;
        self.update_areas(id, &before.areas, &after.areas)?;
        self.heard.update(id, before, after)?;
        self.update_notices(id, before, after)?;
        if before.said != after.said || before.number != after.number {
            self.put_said(after.number.key(), after.said, file)?;
        }
        Ok(())
    }

    /// Remembers what SPAR said last about a number.
    pub(in crate::registry) fn put_said(
        &mut self,
        key: NumberKey,
        said: Option<Said>,
        file: Option<i64>,
    ) -> Result<()> {
        self.put_said.execute(params![key.0, said.map(Said::to_bytes), file])?;
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

/// What stands in a person's own row, but for how far protection has gone.
fn core(person: &Person) -> impl PartialEq {
    (
        person.number,
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
        &person.key_code,
    )
}

fn write_core(
    statement: &mut Statement<'_>,
    id: Option<PersonId>,
    person: &Person,
    concealment: Concealment,
    entered: Option<NaiveDate>,
) -> Result<()> {
    let cause = person.deregistration.as_ref();
    statement.execute(named_params! {
        ":id": id.map(|id| id.0),
        ":number": person.number.reveal(),
        ":kind": person.number.kind().name(),
        ":check": check_digit_name(person.number.check_digit()),
        ":category": person.category,
        ":first": person.name.first,
        ":called": person.name.called,
        ":middle": person.name.middle,
        ":last": person.name.last,
        ":birth": person.birth_date.map(|date| date.to_string()),
        ":status": person.status.name(),
        ":code": cause.map(|cause| &cause.code),
        ":date": cause.and_then(|cause| cause.date.as_ref()),
        ":blocked": person.blocked,
        ":reason": person.block_reason,
        ":allow": person.allow_update,
        ":comment": person.comment,
        ":since": person.no_address_since.map(|date| date.to_string()),
        ":special": person.special_since.map(|date| date.to_string()),
        ":class": person.class,
        ":concealment": concealment.number(),
        ":code_of_place": person.key_code,
        ":entered": person.entered_on.or(entered).map(|date| date.to_string()),
        ":held_since": person.hold.map(|hold| hold.since.to_string()),
        ":held_until": person.hold.and_then(|hold| hold.until).map(|until| until.to_string()),
    })?;
    Ok(())
}

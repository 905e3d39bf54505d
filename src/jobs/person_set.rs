//! `person set`: staff change one person by hand. (product.md, Commands)

use super::run::Run;
use super::{Job, Origin};
use crate::domain::address::{Address, AddressKind, Place};
use crate::domain::change::{Change, Why, diff};
use crate::domain::contact::edit::set_by_person;
use crate::domain::contact::value::stored_form;
use crate::domain::contact::{Contact, ContactField, STAFF};
use crate::domain::id_number::{Country, IdNumber};
use crate::domain::person::{Notice, Person, PersonId, Status};
use crate::domain::protection::has_staff_comment;
use crate::domain::zone::Zone;
use crate::failure::{Failure, Result};
use crate::formats::edit_rows::instant;
use crate::text::{failure as text, line, sync_contacts as contact_text};

/// What to set; an empty text empties the field, none leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// A change of number.
    pub id_number: Option<IdNumber>,
    /// Own category.
    pub category: Option<String>,
    /// Förnamn.
    pub first_name: Option<String>,
    /// Mellannamn.
    pub middle_name: Option<String>,
    /// Efternamn.
    pub last_name: Option<String>,
    /// Birth date; an inner none empties it.
    pub birth_date: Option<Option<chrono::NaiveDate>>,
    /// The box.
    pub allow_update: Option<bool>,
    /// Comment.
    pub comment: Option<String>,
    /// E-mail, mobile, phone.
    pub contacts: Vec<(ContactField, String)>,
    /// Who says the contacts.
    pub by: Said,
    /// Which address the place is of.
    pub address: Option<AddressKind>,
    /// Cells of the address that were given.
    pub place: PlaceWishes,
    /// Whether that address is the active one.
    pub active: Option<bool>,
    /// Block with a reason, or lift.
    pub block: Option<Block>,
    /// Left out of the next list: looked up online.
    pub refreshed: bool,
    /// Retention class.
    pub class: Option<String>,
}

/// Cells of an address; an empty text empties the cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceWishes {
    /// c/o.
    pub care_of: Option<String>,
    /// Street.
    pub street: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// Whose word a contact is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// Staff's: sources may replace it.
    #[default]
    ByStaff,
    /// The person's own (`--by-person`): sources leave it alone.
    ByPerson,
}

/// `--block` and `--unblock`, each with a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Set.
    Set(String),
    /// Lifted: status active, deregistration null.
    Lift(String),
}

impl Wishes {
    /// Whether nothing is wished.
    pub fn is_empty(&self) -> bool {
        *self == Self { by: self.by, ..Self::default() }
    }
}

/// Sets things of one person.
#[derive(Debug)]
pub struct PersonSet {
    /// Whom.
    pub person: PersonId,
    /// What.
    pub wishes: Wishes,
}

impl Job for PersonSet {
    fn name(&self) -> &'static str {
        "person-set"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let stored = run.registry.people()?.find(self.person)?;
        let stored = stored.ok_or_else(|| Failure::failed(text::NOT_FOUND).with("what", self.person))?;
        self.check(run, &stored.person)?;
        let mut after = stored.person.clone();
        let region = run.setup.settings.country;
        set(&mut after, &self.wishes);
        let at = instant(&(run.setup.now)(), Zone::UTC);
        let at = at.ok_or_else(|| Failure::internal("an instant that is none"))?;
        for (field, value) in &self.wishes.contacts {
            put_contact(&mut after, *field, &checked(*field, value, region)?, (self.wishes.by, &at), region);
        }
        let changes: Vec<Change> = diff(&stored.person, &after, |_| Why("person-set"));
        run.unit(None, |run, editor| {
            run.change(editor, &stored, &after, &changes)?;
            if self.wishes.refreshed {
                run.registry.mark_refreshed(after.number.key())?;
            }
            match &self.wishes.block {
                Some(Block::Set(reason)) => run.registry.put_reason(run.id, self.person, "block", reason),
                Some(Block::Lift(reason)) => run.registry.put_reason(run.id, self.person, "unblock", reason),
                None => Ok(()),
            }
        })?;
        let fields: Vec<&str> = changes.iter().map(|change| change.field.name()).collect();
        run.line(line::PERSON_SET, &[("person", self.person.to_string()), ("fields", fields.join(", "))]);
        Ok(())
    }
}

impl PersonSet {
    fn check(&self, run: &Run<'_>, stored: &Person) -> Result<()> {
        let wishes = &self.wishes;
        let says_where = wishes.address.is_some() || !wishes.contacts.is_empty();
        if stored.is_protected() && says_where {
            return Err(Failure::failed(text::PROTECTED).with("person", self.person));
        }
        if let Some(number) = &wishes.id_number
            && let Some(holder) = run.holder(number)?
            && holder != self.person
        {
            return Err(Failure::failed(text::NUMBER_TAKEN).with("person", holder));
        }
        Ok(())
    }
}

/// Pure: the person as wished.
fn set(person: &mut Person, wishes: &Wishes) {
    if let Some(number) = wishes.id_number
        && number != person.number
    {
        if number.key() == person.number.key() {
            person.number = number;
        } else {
            person.change_number(number);
        }
        person.notices.remove(&Notice::NumberChange);
    }
    if let Some(category) = &wishes.category {
        person.category.clone_from(category);
    }
    put(&mut person.name.first, wishes.first_name.as_ref());
    put(&mut person.name.middle, wishes.middle_name.as_ref());
    put(&mut person.name.last, wishes.last_name.as_ref());
    put(&mut person.comment, wishes.comment.as_ref());
    put(&mut person.class, wishes.class.as_ref());
    person.birth_date = wishes.birth_date.unwrap_or(person.birth_date);
    person.allow_update = wishes.allow_update.unwrap_or(person.allow_update);
    if !has_staff_comment(person) {
        person.notices.remove(&Notice::CommentReview);
    }
    if let Some(kind) = wishes.address {
        put_address(person, kind, &wishes.place, wishes.active);
    }
    match &wishes.block {
        Some(Block::Set(reason)) => (person.blocked, person.block_reason) = (true, Some(reason.clone())),
        Some(Block::Lift(_)) => {
            (person.blocked, person.block_reason) = (false, None);
            person.status = Status::Active;
            person.deregistration = None;
            person.notices.remove(&Notice::Returned);
        }
        None => {}
    }
}

fn put(stored: &mut Option<String>, wish: Option<&String>) {
    if let Some(text) = wish {
        *stored = Some(text.clone()).filter(|text| !text.is_empty());
    }
}

/// The stored form of a value; an empty one empties the field.
fn checked(field: ContactField, value: &str, region: Country) -> Result<String> {
    let bad = |_| {
        let flag = format!("--{}", field.name());
        Failure::usage(contact_text::BAD_CONTACT).with("flag", flag).with("field", field.name())
    };
    if value.is_empty() { Ok(String::new()) } else { stored_form(field, value.trim(), region).map_err(bad) }
}

fn put_contact(
    person: &mut Person,
    field: ContactField,
    value: &str,
    (by, at): (Said, &str),
    region: Country,
) {
    match (by, value) {
        (Said::ByPerson, _) => set_by_person(person, field, value, at, region),
        (Said::ByStaff, "") => drop(person.contacts.remove(&field)),
        (Said::ByStaff, _) => {
            let contact = Contact { value: value.to_owned(), origin: STAFF.to_owned(), user_changed: false };
            person.contacts.insert(field, contact);
        }
    }
}

fn put_address(person: &mut Person, kind: AddressKind, wishes: &PlaceWishes, active: Option<bool>) {
    let stored = person.addresses.get(&kind).cloned();
    let mut place: Place = stored.as_ref().map(|address| address.place.clone()).unwrap_or_default();
    put(&mut place.care_of, wishes.care_of.as_ref());
    put(&mut place.street, wishes.street.as_ref());
    put(&mut place.postal_code, wishes.postal_code.as_ref());
    put(&mut place.city, wishes.city.as_ref());
    put(&mut place.country, wishes.country.as_ref());
    if place.is_none() {
        person.addresses.remove(&kind);
        return;
    }
    let alone = person.active_address().is_none();
    let active = active.unwrap_or_else(|| stored.map_or(alone, |address| address.active));
    person.put_address(kind, Address { active, place });
}

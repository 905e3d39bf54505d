//! What a row of `person import` means for a person. Pure: no clock, no registry. (product.md, CSV files)

use crate::domain::address::{Address, AddressKind, Place, same_text};
use crate::domain::contact::{Contact, ContactField};
use crate::domain::id_number::IdNumber;
use crate::domain::person::Person;
use crate::domain::protection::is_spar_line;
use crate::formats::person_rows::PersonRow;

/// Somebody new, from all their rows.
pub(super) fn enter<'r>(number: IdNumber, rows: impl Iterator<Item = &'r PersonRow>) -> Person {
    let mut person = Person::new(number);
    for row in rows {
        merge(&mut person, row);
    }
    choose_active(&mut person, &AddressKind::ALL);
    person
}

/// All rows of somebody who is here.
pub(super) fn update<'r>(person: &mut Person, rows: impl Iterator<Item = &'r PersonRow>) {
    let had: Vec<AddressKind> = person.addresses.keys().copied().collect();
    for row in rows {
        merge(person, row);
    }
    let new: Vec<AddressKind> = AddressKind::ALL.into_iter().filter(|kind| !had.contains(kind)).collect();
    choose_active(person, &new);
}

/// Of several new addresses home is active, else work, else extra; none if one is active already.
fn choose_active(person: &mut Person, new: &[AddressKind]) {
    if person.active_address().is_some() {
        return;
    }
    if let Some(kind) = new.iter().find(|kind| person.addresses.contains_key(kind))
        && let Some(address) = person.addresses.get_mut(kind)
    {
        address.active = true;
    }
}

/// Non-empty cells replace; empty ones and missing columns keep.
fn merge(person: &mut Person, row: &PersonRow) {
    if let Some(kind) = row.named_kind {
        person.number = IdNumber::from_key(person.number.key(), kind).unwrap_or(person.number);
    }
    if let Some(category) = &row.category {
        person.category.clone_from(category);
    }
    put_text(&mut person.name.first, row.first_name.as_ref());
    put_text(&mut person.name.middle, row.middle_name.as_ref());
    put_text(&mut person.name.last, row.last_name.as_ref());
    person.birth_date = row.birth_date.or(person.birth_date);
    person.allow_update = row.allow_update.unwrap_or(person.allow_update);
    if let Some(comment) = &row.comment {
        put_comment(person, comment);
    }
    if let Some((kind, place)) = row.address() {
        put_place(person, kind, place);
    }
    for (field, value) in [
        (ContactField::Email, &row.email),
        (ContactField::Mobile, &row.mobile),
        (ContactField::Phone, &row.phone),
    ] {
        if let Some(value) = value {
            put_contact(person, field, value);
        }
    }
}

/// If equal without case and blanks, the stored spelling stays (rules.md, Principles).
fn put_text(stored: &mut Option<String>, new: Option<&String>) {
    if let Some(new) = new
        && !(stored.is_some() && same_text(stored.as_deref(), Some(new)))
    {
        *stored = Some(new.clone());
    }
}

/// Staff's words are replaced; lines of SPAR's rules stay, or nobody would find the deceased any more.
fn put_comment(person: &mut Person, comment: &str) {
    let mut lines: Vec<&str> = vec![comment];
    let stored = person.comment.clone().unwrap_or_default();
    lines
        .extend(stored.lines().filter(|line| is_spar_line(line) && !comment.lines().any(|new| new == *line)));
    person.comment = Some(lines.join("\n"));
}

fn put_place(person: &mut Person, kind: AddressKind, cells: &Place) {
    let stored = person.addresses.get(&kind);
    let mut place = stored.map(|address| address.place.clone()).unwrap_or_default();
    put_text(&mut place.care_of, cells.care_of.as_ref());
    put_text(&mut place.street, cells.street.as_ref());
    put_text(&mut place.postal_code, cells.postal_code.as_ref());
    put_text(&mut place.city, cells.city.as_ref());
    put_text(&mut place.country, cells.country.as_ref());
    if place.is_none() {
        return;
    }
    let active = stored.is_some_and(|address| address.active);
    person.put_address(kind, Address { active, place });
}

fn put_contact(person: &mut Person, field: ContactField, value: &str) {
    let is_same = person.contacts.get(&field).is_some_and(|stored| match field {
        ContactField::Email => stored.value.to_lowercase() == value.to_lowercase(),
        ContactField::Mobile | ContactField::Phone => stored.value == value,
    });
    if !is_same {
        let contact = Contact { value: value.to_owned(), origin: "import".to_owned(), user_changed: false };
        person.contacts.insert(field, contact);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id_number::{Country, IdKind, Reading};

    fn row() -> PersonRow {
        let reference = "2026-11-22".parse().unwrap();
        let reading = Reading { reference, country: Country::Sweden, birth_date: None, kind: None };
        PersonRow {
            line: 2,
            number: IdNumber::parse("189001029819", &reading).unwrap(),
            named_kind: None,
            category: None,
            first_name: None,
            middle_name: None,
            last_name: None,
            birth_date: None,
            address_kind: None,
            place: Place::default(),
            email: None,
            mobile: None,
            phone: None,
            allow_update: None,
            comment: None,
        }
    }

    /// What makes a row that is known again worth nothing to do: see `scan::RULES`.
    #[test]
    fn a_row_that_was_taken_leaves_nothing_to_do_the_second_time() {
        let text = |text: &str| Some(text.to_owned());
        let city = Place { city: text("Testby"), ..Place::default() };
        let comment = text("a\n\nAvliden enligt SPAR\n");
        let rows = [
            row(),
            PersonRow { category: text("elev"), first_name: text("Ann  Marie"), ..row() },
            PersonRow { named_kind: Some(IdKind::Samordningsnummer), allow_update: Some(false), ..row() },
            // The first address is active, whatever it is.
            PersonRow { place: city.clone(), address_kind: Some(AddressKind::Extra), ..row() },
            PersonRow { place: city, email: text("A@example.org"), mobile: text("0701740605"), ..row() },
            PersonRow { comment: comment.clone(), ..row() },
        ];
        let mut others = vec![enter(row().number, [row()].iter())];
        for before in &rows {
            others.push(enter(row().number, [before].into_iter()));
        }
        others.push(Person { comment, ..Person::new(row().number) });
        for row in &rows {
            for before in &others {
                let mut once = before.clone();
                update(&mut once, [row].into_iter());
                let mut twice = once.clone();
                update(&mut twice, [row].into_iter());
                assert_eq!(once, twice);
            }
            let entered = enter(row.number, [row].into_iter());
            let mut again = entered.clone();
            update(&mut again, [row].into_iter());
            assert_eq!(entered, again);
        }
    }
}

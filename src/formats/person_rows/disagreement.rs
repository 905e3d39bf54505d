//! Where two rows of one person say different things. Only filled cells say anything.

use super::PersonRow;
use crate::domain::address::AddressKind;

impl PersonRow {
    /// The first column in which both rows have a value and the values differ.
    pub fn disagrees_with(&self, other: &Self) -> Option<&'static str> {
        self.person_differs(other)
            .or_else(|| self.address_differs(other))
            .or_else(|| self.contact_differs(other))
    }

    fn person_differs(&self, other: &Self) -> Option<&'static str> {
        None.or_else(|| differ("id_kind", &self.named_kind, &other.named_kind))
            .or_else(|| differ("category", &self.category, &other.category))
            .or_else(|| differ("first_name", &self.first_name, &other.first_name))
            .or_else(|| differ("middle_name", &self.middle_name, &other.middle_name))
            .or_else(|| differ("last_name", &self.last_name, &other.last_name))
            .or_else(|| differ("birth_date", &self.birth_date, &other.birth_date))
            .or_else(|| differ("allow_update", &self.allow_update, &other.allow_update))
            .or_else(|| differ("comment", &self.comment, &other.comment))
    }

    /// Home and work may well differ: only addresses of one kind are held against each other.
    fn address_differs(&self, other: &Self) -> Option<&'static str> {
        let kind = |row: &Self| row.address_kind.unwrap_or(AddressKind::Home);
        if kind(self) != kind(other) {
            return None;
        }
        None.or_else(|| differ("care_of", &self.place.care_of, &other.place.care_of))
            .or_else(|| differ("street", &self.place.street, &other.place.street))
            .or_else(|| differ("postal_code", &self.place.postal_code, &other.place.postal_code))
            .or_else(|| differ("city", &self.place.city, &other.place.city))
            .or_else(|| differ("country", &self.place.country, &other.place.country))
    }

    fn contact_differs(&self, other: &Self) -> Option<&'static str> {
        None.or_else(|| differ("email", &self.email, &other.email))
            .or_else(|| differ("mobile", &self.mobile, &other.mobile))
            .or_else(|| differ("phone", &self.phone, &other.phone))
    }
}

fn differ<T: PartialEq>(column: &'static str, one: &Option<T>, other: &Option<T>) -> Option<&'static str> {
    match (one, other) {
        (Some(one), Some(other)) => (one != other).then_some(column),
        (Some(_), None) | (None, Some(_) | None) => None,
    }
}

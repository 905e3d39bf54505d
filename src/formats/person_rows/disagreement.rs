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
        differ("id_kind", self.named_kind, other.named_kind)
            .or_else(|| differ("category", self.category.as_deref(), other.category.as_deref()))
            .or_else(|| differ("first_name", self.first_name.as_deref(), other.first_name.as_deref()))
            .or_else(|| differ("middle_name", self.middle_name.as_deref(), other.middle_name.as_deref()))
            .or_else(|| differ("last_name", self.last_name.as_deref(), other.last_name.as_deref()))
            .or_else(|| differ("birth_date", self.birth_date, other.birth_date))
            .or_else(|| differ("allow_update", self.allow_update, other.allow_update))
            .or_else(|| differ("comment", self.comment.as_deref(), other.comment.as_deref()))
    }

    /// Home and work may well differ: only addresses of one kind are held against each other.
    fn address_differs(&self, other: &Self) -> Option<&'static str> {
        let kind = |row: &Self| row.address_kind.unwrap_or(AddressKind::Home);
        if kind(self) != kind(other) {
            return None;
        }
        differ("care_of", self.place.care_of.as_deref(), other.place.care_of.as_deref())
            .or_else(|| differ("street", self.place.street.as_deref(), other.place.street.as_deref()))
            .or_else(|| {
                differ("postal_code", self.place.postal_code.as_deref(), other.place.postal_code.as_deref())
            })
            .or_else(|| differ("city", self.place.city.as_deref(), other.place.city.as_deref()))
            .or_else(|| differ("country", self.place.country.as_deref(), other.place.country.as_deref()))
    }

    fn contact_differs(&self, other: &Self) -> Option<&'static str> {
        differ("email", self.email.as_deref(), other.email.as_deref())
            .or_else(|| differ("mobile", self.mobile.as_deref(), other.mobile.as_deref()))
            .or_else(|| differ("phone", self.phone.as_deref(), other.phone.as_deref()))
    }
}

fn differ<T: PartialEq>(column: &'static str, one: Option<T>, other: Option<T>) -> Option<&'static str> {
    match (one, other) {
        (Some(one), Some(other)) => (one != other).then_some(column),
        (Some(_), None) | (None, Some(_) | None) => None,
    }
}

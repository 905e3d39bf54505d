//! Postal addresses: what one is, when two are the same, and which of a person's is active.

use serde::{Deserialize, Serialize};

/// Which of a person's addresses it is (product.md, JSON: `home, work, extra`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AddressKind {
    /// Bostadsadress.
    Home,
    /// Arbetsadress.
    Work,
    /// Extraadress.
    Extra,
}

impl AddressKind {
    /// All kinds, in the order in which a new person's active address is chosen.
    pub const ALL: [Self; 3] = [Self::Home, Self::Work, Self::Extra];

    /// The name in files, JSON and the registry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Work => "work",
            Self::Extra => "extra",
        }
    }

    /// Reads a name, whatever its case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(text))
    }
}

/// Where post goes. For addresses abroad all lines stand in `street` and `country` is set.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// c/o, without the letters.
    pub care_of: Option<String>,
    /// Street, box or all lines of a foreign address, joined by `, `.
    pub street: Option<String>,
    /// Postal code (postnummer) as delivered.
    pub postal_code: Option<String>,
    /// Post town (postort).
    pub city: Option<String>,
    /// Country in clear text; null at home.
    pub country: Option<String>,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Place(hidden)")
    }
}

impl Place {
    /// An address without line, code and city is none (rules.md, spar-import 11).
    pub const fn is_none(&self) -> bool {
        self.street.is_none() && self.postal_code.is_none() && self.city.is_none()
    }

    /// Whether both say the same when case and blanks are left out (rules.md, Principles).
    pub fn same_as(&self, other: &Self) -> bool {
        same_text(self.care_of.as_deref(), other.care_of.as_deref())
            && same_text(self.street.as_deref(), other.street.as_deref())
            && same_text(self.postal_code.as_deref(), other.postal_code.as_deref())
            && same_text(self.city.as_deref(), other.city.as_deref())
            && same_text(self.country.as_deref(), other.country.as_deref())
    }
}

/// One stored address of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// At most one address of a person is active.
    pub active: bool,
    /// Where it is.
    #[serde(flatten)]
    pub place: Place,
}

/// Compares names and addresses without case and blanks: `602 99` = `60299`.
pub fn same_text(left: Option<&str>, right: Option<&str>) -> bool {
    match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => left == right || folded(left).eq(folded(right)),
        (Some(text), None) | (None, Some(text)) => folded(text).next().is_none(),
    }
}

/// The letters that count when texts are compared.
pub fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_blanks_do_not_count() {
        assert!(same_text(Some("602 99"), Some("60299")));
        assert!(same_text(Some("ÖSTRA Gatan 7"), Some("östra gatan7")));
        assert!(same_text(None, Some(" ")));
        assert!(!same_text(Some("Gatan 7"), Some("Gatan 71")));
    }

    #[test]
    fn a_care_of_alone_is_no_address() {
        let place = Place { care_of: Some("Prov".into()), ..Place::default() };
        assert!(place.is_none());
        assert!(!Place { city: Some("LULEÅ".into()), ..place }.is_none());
    }
}

//! Identity numbers: every spelling in, one stored form out. Prints masked; the full value only through `reveal`.
//! (rules.md, Identity numbers)

use std::fmt;

use chrono::NaiveDate;

mod check;
mod key;
mod parse;
mod stored;
#[cfg(test)]
mod tests;

/// What kind of number it is (product.md, `id_kind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdKind {
    /// Personnummer, 12 digits.
    Personnummer,
    /// Samordningsnummer: day + 60; months 00–12, days 60–91.
    Samordningsnummer,
    /// Immunitetsnummer: looks like a personnummer; only SPAR's `Typ` tells it apart.
    Immunitetsnummer,
    /// Temporary number of a school system, `YYYYMMDD-TFxx`.
    Temporary,
    /// Reserve or interim number: a letter first in the serial, 12 characters.
    Reserve,
    /// Danish CPR number, 10 digits.
    Cpr,
}

impl IdKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Personnummer,
        Self::Samordningsnummer,
        Self::Immunitetsnummer,
        Self::Temporary,
        Self::Reserve,
        Self::Cpr,
    ];

    /// The name in files, JSON and the registry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Personnummer => "personnummer",
            Self::Samordningsnummer => "samordningsnummer",
            Self::Immunitetsnummer => "immunitetsnummer",
            Self::Temporary => "temporary",
            Self::Reserve => "reserve",
            Self::Cpr => "cpr",
        }
    }

    /// Reads a name, whatever its case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(text))
    }

    /// Whether SPAR knows such numbers at all.
    pub const fn is_in_spar(self) -> bool {
        match self {
            Self::Personnummer | Self::Samordningsnummer => true,
            Self::Immunitetsnummer | Self::Temporary | Self::Reserve | Self::Cpr => false,
        }
    }
}

/// Whose ten digits are read as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// Ten digits are a personnummer or samordningsnummer.
    Sweden,
    /// Ten digits are a CPR number.
    Denmark,
}

/// What is known about a number from around it.
#[derive(Clone, Copy)]
pub struct Reading {
    /// The day by which a century is chosen.
    pub reference: NaiveDate,
    /// From the configuration.
    pub country: Country,
    /// From the same row; decides the century of a short number.
    pub birth_date: Option<NaiveDate>,
    /// From the same row's `id_kind`.
    pub kind: Option<IdKind>,
}

impl Reading {
    /// Nothing known but the reference date and the country.
    pub const fn on(reference: NaiveDate, country: Country) -> Self {
        Self { reference, country, birth_date: None, kind: None }
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reading({}, {:?}, {:?}, birth date hidden)", self.reference, self.country, self.kind)
    }
}

/// How the century of a number was found: nothing guesses one without saying so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Century {
    /// It stands in the text (or follows from a CPR number's seventh digit).
    Written,
    /// The row's birth date told it.
    BirthDate,
    /// Reckoned from the reference date and the separator.
    Reckoned,
}

/// Why a text is no identity number. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdNumberError {
    /// Nothing there.
    Empty,
    /// Not one of the known spellings.
    Shape,
    /// The spelling is right, the date does not exist.
    Date,
    /// The number is not of the kind that was named.
    Kind,
}

/// Whether the check digit is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckDigit {
    /// Luhn holds.
    Right,
    /// Luhn fails: kept with a finding, never sent.
    Wrong,
    /// This kind has none (or none that holds).
    None,
}

/// The number as one integer: what tables are keyed with. Different numbers have different keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumberKey(pub i64);

impl fmt::Debug for NumberKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NumberKey(hidden)")
    }
}

impl NumberKey {
    /// Above every ordinal.
    pub const ORDINALS: i64 = key::ORDINALS;

    /// Its place among all personnummer and coordination numbers of births 1840–2095 whose check digit is right, for sets
    /// of many numbers; none for any other. Different numbers have different ones.
    pub fn ordinal(self) -> Option<i64> {
        key::ordinal(self)
    }

    /// The number's stored form, whatever its kind; none for an integer that stands for no number.
    pub fn reveal(self) -> Option<String> {
        key::text(self)
    }
}

/// An identity number in its stored form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdNumber {
    text: [u8; 13],
    length: u8,
    kind: IdKind,
}

impl IdNumber {
    /// Reads any spelling.
    pub fn parse(text: &str, reading: &Reading) -> Result<Self, IdNumberError> {
        Self::parse_with_century(text, reading).map(|(number, _)| number)
    }

    /// Reads any spelling, and says how the century was found.
    pub fn parse_with_century(text: &str, reading: &Reading) -> Result<(Self, Century), IdNumberError> {
        parse::parse(text, reading)
    }

    /// Reads exactly the stored form, nothing else.
    pub fn from_stored(text: &str, kind: IdKind) -> Option<Self> {
        // The stored form has its century, so that the reference date doesn't matter.
        let reading = Reading { kind: Some(kind), ..Reading::on(NaiveDate::MAX, Country::Sweden) };
        Self::parse(text, &reading).ok().filter(|number| number.reveal() == text)
    }

    /// The stored form. The only way to the full value; used by formats, registry and views.
    pub fn reveal(&self) -> &str {
        self.text
            .get(..usize::from(self.length))
            .and_then(|text| std::str::from_utf8(text).ok())
            .unwrap_or_default()
    }

    /// Its kind.
    pub const fn kind(&self) -> IdKind {
        self.kind
    }

    /// The integer that stands for it in tables.
    pub fn key(&self) -> NumberKey {
        key::of(self)
    }

    /// The number back from its integer.
    pub fn from_key(key: NumberKey, kind: IdKind) -> Option<Self> {
        Self::from_stored(&key::text(key)?, kind)
    }

    /// Whether the check digit is right.
    pub fn check_digit(&self) -> CheckDigit {
        check::check_digit(self)
    }

    /// The day in the number, as far as it is one. Need not be the birthday: days run out of numbers.
    pub fn birth_date(&self) -> Option<NaiveDate> {
        parse::birth_date(self)
    }

    /// Puts a stored form together; `None` if it is longer than any.
    fn assemble<'t>(kind: IdKind, parts: impl IntoIterator<Item = &'t [u8]>) -> Option<Self> {
        let mut number = Self { text: [0; 13], length: 0, kind };
        for byte in parts.into_iter().flatten() {
            *number.text.get_mut(usize::from(number.length))? = *byte;
            number.length += 1;
        }
        Some(number)
    }
}

impl fmt::Display for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            IdKind::Cpr => f.write_str("cpr ******-****"),
            IdKind::Personnummer
            | IdKind::Samordningsnummer
            | IdKind::Immunitetsnummer
            | IdKind::Temporary
            | IdKind::Reserve => write!(f, "{}-****", self.reveal().get(..8).unwrap_or_default()),
        }
    }
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdNumber({}, hidden)", self.kind.name())
    }
}

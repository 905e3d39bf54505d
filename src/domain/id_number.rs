//! Identity numbers: every spelling in, one stored form out. Prints masked; the full value only through `reveal`.
//! (rules.md, Identity numbers)

use chrono::NaiveDate;

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
#[derive(Clone, Copy, Debug)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NumberKey(pub i64);

/// An identity number in its stored form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdNumber {
    text: [u8; 13],
    length: u8,
    kind: IdKind,
}

impl IdNumber {
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
}

impl std::fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IdNumber({}, hidden)", self.kind.name())
    }
}

// Stand-in until the reading of numbers is merged: twelve digits only.
impl IdNumber {
    /// Reads any spelling.
    pub fn parse(text: &str, reading: &Reading) -> Result<Self, IdNumberError> {
        let part = |range| {
            text.get(range).and_then(|digits: &str| digits.parse::<u32>().ok()).ok_or(IdNumberError::Shape)
        };
        let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
        let coordination = day >= 60;
        let date = NaiveDate::from_ymd_opt(year.cast_signed(), month, day);
        if text.len() != 12 || !(coordination && month <= 12 && day <= 91 || date.is_some()) {
            return Err(IdNumberError::Date);
        }
        let kind = if coordination { IdKind::Samordningsnummer } else { IdKind::Personnummer };
        let mut bytes = [0; 13];
        for (place, byte) in bytes.iter_mut().zip(text.bytes()) {
            *place = byte;
        }
        Ok(Self { text: bytes, length: 12, kind: reading.kind.unwrap_or(kind) })
    }
}

//! The cells of a row, which of them a file had, and when two are the same.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::address::same_text;

/// A cell of a row, beside number, municipality and mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nyckelkod, one to eight digits.
    KeyCode,
    /// Förnamn.
    FirstName,
    /// Mellannamn.
    MiddleName,
    /// Efternamn.
    LastName,
    /// c/o.
    CareOf,
    /// Street or box.
    Street,
    /// Postnummer.
    PostalCode,
    /// Postort.
    City,
    /// Fastighetsbeteckning.
    Property,
    /// Day of death, `YYYY-MM-DD`, unknown parts `00`.
    DeceasedDate,
}

impl Cell {
    /// All cells, in the order of file and table.
    pub const ALL: [Self; 10] = [
        Self::KeyCode,
        Self::FirstName,
        Self::MiddleName,
        Self::LastName,
        Self::CareOf,
        Self::Street,
        Self::PostalCode,
        Self::City,
        Self::Property,
        Self::DeceasedDate,
    ];

    /// The column's name in file and table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyCode => "key_code",
            Self::FirstName => "first_name",
            Self::MiddleName => "middle_name",
            Self::LastName => "last_name",
            Self::CareOf => "care_of",
            Self::Street => "street",
            Self::PostalCode => "postal_code",
            Self::City => "city",
            Self::Property => "property",
            Self::DeceasedDate => "deceased_date",
        }
    }

    /// Names and addresses are compared without case and blanks, codes and dates as they are (rules.md, Principles).
    pub(super) fn is_same(self, left: Option<&str>, right: Option<&str>) -> bool {
        match self {
            Self::KeyCode | Self::DeceasedDate => left == right,
            Self::FirstName
            | Self::MiddleName
            | Self::LastName
            | Self::CareOf
            | Self::Street
            | Self::PostalCode
            | Self::City
            | Self::Property => same_text(left, right),
        }
    }
}

/// Which columns a file had: an absent column says nothing, an empty cell does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told(pub u16);

impl Told {
    /// With this column too.
    #[must_use]
    pub const fn with(self, cell: Cell) -> Self {
        Self(self.0 | 1 << cell as u16)
    }

    /// Whether the column was there.
    pub const fn has(self, cell: Cell) -> bool {
        self.0 & (1 << cell as u16) != 0
    }
}

/// What stands in the cells of a row.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cells([Option<String>; Cell::ALL.len()]);

impl fmt::Debug for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cells(hidden)")
    }
}

impl Cells {
    /// A cell's text; none for an empty one.
    pub fn get(&self, cell: Cell) -> Option<&str> {
        self.0.get(cell as usize)?.as_deref()
    }

    /// Fills or empties a cell.
    pub fn set(&mut self, cell: Cell, text: Option<String>) {
        if let Some(place) = self.0.get_mut(cell as usize) {
            *place = text;
        }
    }

    /// A cell's text as one's own.
    pub(super) fn own(&self, cell: Cell) -> Option<String> {
        self.get(cell).map(str::to_owned)
    }
}

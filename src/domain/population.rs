//! The population register's rows: what one says, when two say the same, and what it means for a person as a statement
//! that SPAR's own rules decide about. (rules.md, Areas and the population register; docs/population.md)

mod cells;
pub mod delivery;
pub mod objection;

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::address::{AddressKind, Place, same_text};
use super::id_number::IdNumber;
use super::person::{Person, Said};
use super::spar::statement::{KindName, Life, NameParts, Statement, Whereabouts};

pub use cells::{Cell, Cells, Told};

#[cfg(test)]
mod tests;

/// What the column `protected`, or a post of Navet's, says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RegisterMark {
    /// Not protected.
    #[default]
    Open,
    /// Protected (sekretessmarkering).
    Marked,
    /// Skyddad folkbokföring, or a word that nobody knows: the strictest kind (rules.md, Protection).
    Unknown,
}

impl RegisterMark {
    /// The number that stands for it in tables.
    pub const fn number(self) -> i64 {
        match self {
            Self::Open => 0,
            Self::Marked => 1,
            Self::Unknown => 2,
        }
    }

    /// Reads such a number; one that is none counts as the strictest.
    pub const fn of(number: i64) -> Self {
        match number {
            0 => Self::Open,
            1 => Self::Marked,
            _ => Self::Unknown,
        }
    }

    /// Whether the row is of somebody protected.
    pub const fn is_set(self) -> bool {
        match self {
            Self::Open => false,
            Self::Marked | Self::Unknown => true,
        }
    }

    /// A statement that somebody is protected, and nothing else.
    pub fn statement(self) -> Statement {
        let marks = self.kind().map(|kind| (kind, None)).into_iter().collect();
        Statement { marks, ..Statement::unchanged(None, false) }
    }

    /// The kind of protection that it sets.
    pub const fn kind(self) -> Option<KindName> {
        match self {
            Self::Open => None,
            Self::Marked => Some(KindName::Sekretessmarkering),
            Self::Unknown => Some(KindName::SkyddadFolkbokforing),
        }
    }
}

/// Whether a file is of our own people (folkbokförda hos oss).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Residence {
    /// Registered in a municipality of ours.
    Resident,
    /// Registered elsewhere (`--nonresident`).
    Nonresident,
}

impl Residence {
    /// The number that stands for it in tables.
    pub const fn number(self) -> i64 {
        match self {
            Self::Resident => 0,
            Self::Nonresident => 1,
        }
    }
}

/// Whom `update-persons` brings up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// *Avisering*: our residents who are active with us and whose row changed.
    Changed,
    /// People registered elsewhere.
    Nonresident,
    /// Every resident of ours, active or not.
    All,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Changed, Self::Nonresident, Self::All];

    /// The word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Nonresident => "nonresident",
            Self::All => "all",
        }
    }

    /// Reads a word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == text)
    }

    /// Whose rows it is about.
    pub const fn residence(self) -> Residence {
        match self {
            Self::Changed | Self::All => Residence::Resident,
            Self::Nonresident => Residence::Nonresident,
        }
    }
}

/// One row of the register. A protected one has empty cells.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationRow {
    /// Whom it is about.
    pub number: IdNumber,
    /// Kommunkod, four digits.
    pub municipality: String,
    /// Protected or not.
    pub mark: RegisterMark,
    /// Everything else.
    pub cells: Cells,
    /// Which of the cells were there at all.
    pub told: Told,
}

impl fmt::Debug for PopulationRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PopulationRow({:?}, hidden)", self.number)
    }
}

impl PopulationRow {
    /// Number, municipality and mark: all that is stored of somebody protected (rules.md, Protection 2).
    #[must_use]
    pub fn bare(&self) -> Self {
        Self { cells: Cells::default(), told: Told::default(), ..self.clone() }
    }

    /// The row with what the stored one knows and this one's file had no column for; where both say the same, the
    /// stored spelling stays.
    #[must_use]
    pub fn over(&self, stored: &Self) -> Self {
        let mut row = self.clone();
        for cell in Cell::ALL {
            let keeps = !self.told.has(cell) || cell.is_same(self.cells.get(cell), stored.cells.get(cell));
            if keeps {
                row.cells.set(cell, stored.cells.own(cell));
            }
        }
        row.told = Told(self.told.0 | stored.told.0);
        row
    }

    /// Whether an open row leaves a stored one, of the same number, as it is: [`Self::over`] would give the stored one.
    pub fn says_what_stands<'s>(
        &self,
        municipality: &str,
        told: Told,
        cell: impl Fn(Cell) -> Option<&'s str>,
    ) -> bool {
        let is_same = |of: Cell| !self.told.has(of) || of.is_same(self.cells.get(of), cell(of));
        !self.mark.is_set()
            && self.municipality == municipality
            && self.told.0 & !told.0 == 0
            && Cell::ALL.into_iter().all(is_same)
    }

    /// The first column in which two rows of one number say different things.
    pub fn disagrees_with(&self, other: &Self) -> Option<&'static str> {
        if self.municipality != other.municipality {
            return Some("municipality");
        }
        let differs = |cell: &Cell| !cell.is_same(self.cells.get(*cell), other.cells.get(*cell));
        Cell::ALL.into_iter().find(differs).map(Cell::name)
    }

    /// Whether the address differs from the one that another row has.
    pub fn moves_from(&self, stored: &Self) -> bool {
        !self.place().same_as(&stored.place())
    }

    fn place(&self) -> Place {
        Place {
            care_of: self.cells.own(Cell::CareOf),
            street: self.cells.own(Cell::Street),
            postal_code: self.cells.own(Cell::PostalCode),
            city: self.cells.own(Cell::City),
            country: None,
        }
    }

    fn name(&self) -> Option<NameParts> {
        let part = |cell| self.cells.own(cell);
        let parts = (part(Cell::FirstName), None, part(Cell::MiddleName), part(Cell::LastName));
        (parts.0.is_some() || parts.2.is_some() || parts.3.is_some()).then_some(parts)
    }

    fn life(&self) -> Life {
        self.cells
            .own(Cell::DeceasedDate)
            .map_or(Life::Alive, |date| Life::Deceased { code: "AV".to_owned(), date: Some(date) })
    }
}

/// Which of several rows of one number counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The one at this place; the others say the same, or less than protection does.
    Row(usize),
    /// They disagree: none counts. Per row the place of another and the column.
    Conflict(Vec<(usize, &'static str)>),
}

/// Protected wins; else they must agree. Which of them counts does not depend on their order.
pub fn choose(rows: &[PopulationRow]) -> Chosen {
    let strictest = rows.iter().map(|row| row.mark).max().unwrap_or(RegisterMark::Open);
    if strictest.is_set() {
        let marked = rows.iter().enumerate().filter(|(_, row)| row.mark == strictest);
        let first = marked.min_by(|left, right| left.1.municipality.cmp(&right.1.municipality));
        return Chosen::Row(first.map_or(0, |(place, _)| place));
    }
    let other_of = |row: &PopulationRow| {
        rows.iter().enumerate().find_map(|(place, other)| Some((place, row.disagrees_with(other)?)))
    };
    let conflicts: Vec<_> = rows.iter().map(other_of).collect();
    if conflicts.iter().all(Option::is_none) {
        let first = rows.iter().enumerate().min_by(|left, right| left.1.cells.cmp(&right.1.cells));
        return Chosen::Row(first.map_or(0, |(place, _)| place));
    }
    // "The same" need not be transitive in the eyes of every row; each of them names somebody.
    let any = conflicts.iter().flatten().next().copied().unwrap_or((0, ""));
    Chosen::Conflict(conflicts.into_iter().map(|conflict| conflict.unwrap_or(any)).collect())
}

/// What a row says as a statement. `address_on` is the day on which its address was new to the register; none for the
/// first one, which may be of any age.
pub fn statement(row: &PopulationRow, address_on: Option<NaiveDate>) -> Statement {
    Statement {
        marks: row.mark.kind().map(|kind| (kind, None)).into_iter().collect(),
        changed_on: address_on,
        life: row.life(),
        name: row.name(),
        place: Some(row.place()).filter(|place| !place.is_none()),
        // The register's silence starts no clock: that is SPAR's Hemvist (rules.md, spar-import 10).
        whereabouts: Whereabouts::Known,
        ..Statement::unchanged(None, false)
    }
}

/// Digests of what a row says; zero for what it doesn't speak of.
pub fn said(row: &PopulationRow, statement: &Statement, salt: (u64, u64)) -> Said {
    let said = statement.said(salt);
    let status = if row.told.has(Cell::DeceasedDate) { said.status } else { 0 };
    Said { status, rest: 0, ..said }
}

/// Puts into a statement what the register has no column for, so that it is not taken away: the called name as long as
/// the first name stays, and absent columns' parts of name and address.
pub fn complete(statement: &mut Statement, row: &PopulationRow, stored: &Person) {
    let name = &stored.name;
    if let Some(parts) = &mut statement.name {
        let untold = |cell, part: &mut Option<String>, kept: &Option<String>| {
            if !row.told.has(cell) {
                part.clone_from(kept);
            }
        };
        untold(Cell::FirstName, &mut parts.0, &name.first);
        untold(Cell::MiddleName, &mut parts.2, &name.middle);
        untold(Cell::LastName, &mut parts.3, &name.last);
        if same_text(parts.0.as_deref(), name.first.as_deref()) {
            parts.1.clone_from(&name.called);
        }
    }
    let home = stored.addresses.get(&AddressKind::Home).map(|home| &home.place);
    if let (Some(place), Some(home), false) = (&mut statement.place, home, row.told.has(Cell::CareOf)) {
        let same = Place { care_of: home.care_of.clone(), ..place.clone() };
        if same.same_as(home) {
            *place = same;
        }
    }
}

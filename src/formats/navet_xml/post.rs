//! One `Folkbokforingspost`, and the register's row that it becomes. What is about others (Relationer) or over (Historik,
//! Sarlosning) is never looked into.

use std::fmt;
use std::io::BufRead;

use chrono::NaiveDate;

use super::person::{self, Death, Personpost};
use crate::domain::id_number::{IdNumber, IdNumberError, Reading};
use crate::domain::population::{Cell, Cells, PopulationRow, RegisterMark, Told};
use crate::formats::csv::RowFault;
use crate::formats::population_rows::{ReadRow, day_of_death, municipality_code, number_fault, read_cell};
use crate::formats::xml::{Fault, Pull};
use crate::text::population as text;

/// What a post says.
pub struct NavetPost {
    /// Which post of the file it is, from 1.
    pub record: u64,
    /// Whose it is.
    pub number: Result<IdNumber, IdNumberError>,
    /// What it says of protection.
    pub mark: RegisterMark,
    /// Län and kommun; none if it says neither.
    pub municipality: Option<String>,
    person: Personpost,
}

impl fmt::Debug for NavetPost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NavetPost({}, hidden)", self.record)
    }
}

enum Part {
    Sekretess,
    Skyddad,
    Person,
}

fn part(name: &str) -> Option<Part> {
    match name {
        "Sekretessmarkering" => Some(Part::Sekretess),
        "SkyddadFolkbokforing" => Some(Part::Skyddad),
        "Personpost" => Some(Part::Person),
        _ => None,
    }
}

/// Reads the post that is open.
pub(super) fn read<R: BufRead>(pull: &mut Pull<R>, reading: &Reading) -> Result<NavetPost, Fault> {
    let mut mark = RegisterMark::Open;
    let mut person = Personpost::default();
    while let Some(part) = pull.child(part)? {
        match part {
            Part::Sekretess => mark = mark.max(sekretess(pull.text()?)),
            Part::Skyddad => mark = mark.max(skyddad(pull.text()?)),
            Part::Person => person::read(pull, &mut person)?,
        }
    }
    Ok(NavetPost {
        record: pull.posts(),
        number: number(&person, reading),
        mark,
        municipality: person.municipality(),
        person,
    })
}

/// Navet leaves the element out of unprotected posts; a word that nobody knows is the strictest mark.
fn sekretess(text: &str) -> RegisterMark {
    match text {
        "" | "N" | "NEJ" => RegisterMark::Open,
        "J" | "JA" => RegisterMark::Marked,
        _ => RegisterMark::Unknown,
    }
}

fn skyddad(text: &str) -> RegisterMark {
    match text {
        "" | "N" | "NEJ" => RegisterMark::Open,
        _ => RegisterMark::Unknown,
    }
}

/// Twelve digits, as Navet writes them. Two numbers in one post: whose it is can't be said.
fn number(person: &Personpost, reading: &Reading) -> Result<IdNumber, IdNumberError> {
    let [text] = person.numbers() else {
        return Err(if person.numbers().is_empty() { IdNumberError::Empty } else { IdNumberError::Shape });
    };
    let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits && !text.starts_with('0') { IdNumber::parse(text, reading) } else { Err(IdNumberError::Shape) }
}

impl NavetPost {
    /// Whether it points at another number of the person, which nobody takes from here.
    pub fn refers(&self) -> bool {
        self.person.refers()
    }

    /// Whether it says that somebody is deregistered for another reason than death.
    pub fn is_deregistered(&self) -> bool {
        self.person.death() == Death::Otherwise
    }

    /// The register's row. `municipality` is the code that counts, the post's own or the stored one.
    pub fn into_row(self, municipality: Option<&str>, reference: NaiveDate) -> ReadRow {
        let (record, mark) = (self.record, self.mark);
        ReadRow { record, number: self.number.ok(), mark, row: self.typed(municipality, reference) }
    }

    fn typed(self, municipality: Option<&str>, reference: NaiveDate) -> Result<PopulationRow, RowFault> {
        let number = self.number.map_err(|error| number_fault(self.record, error))?;
        let municipality = municipality_code(self.record, municipality.unwrap_or_default())?;
        let (cells, told) = (Cells::default(), Told::default());
        let mut row = PopulationRow { number, municipality, mark: self.mark, cells, told };
        // Of somebody protected nothing else is stored, so nothing else can be wrong with the post.
        if self.mark.is_set() {
            return Ok(row);
        }
        if self.person.death() == Death::Dead {
            let day = self.person.days().find_map(|day| day_of_death(day, reference));
            let unread = RowFault::new(self.record, text::DECEASED_DATE).in_column("deceased_date");
            row.told = row.told.with(Cell::DeceasedDate);
            row.cells.set(Cell::DeceasedDate, Some(day.ok_or(unread)?));
        }
        for (cell, content) in self.person.cells() {
            row.told = row.told.with(cell);
            let Some(content) = content else { continue };
            let checked = read_cell(cell, &content, reference);
            let checked = checked.map_err(|why| RowFault::new(self.record, why).in_column(cell.name()))?;
            row.cells.set(cell, Some(checked));
        }
        Ok(row)
    }
}

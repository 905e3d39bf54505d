//! What update-areas looks at: people with their key code and areas, and the population register's rows about them.

use rusqlite::{Row, Statement, params};

use crate::domain::area::{Assigned, RegisterRow};
use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::registry::Registry;
use crate::registry::people::Concealment;

const PEOPLE: &str =
    "SELECT p.id, p.concealment, p.key_code, n.former, q.present, q.protected, q.municipality, q.key_code
     FROM person AS p LEFT JOIN number AS n ON n.person_id = p.id LEFT JOIN population AS q ON q.key = n.key
     WHERE p.id > ? AND p.id <= ? ORDER BY p.id";
const AREAS: &str = "SELECT person_id, activity, area FROM person_area
     WHERE person_id > ? AND person_id <= ? ORDER BY person_id";

/// Somebody as stored, and as the population register knows them.
pub struct Located {
    /// The internal id.
    pub id: PersonId,
    /// How far protection has gone.
    pub concealment: Concealment,
    /// What they have.
    pub assigned: Assigned,
    rows: Vec<StoredRow>,
}

struct StoredRow {
    former: i64,
    is_present: bool,
    is_protected: bool,
    municipality: String,
    key_code: Option<String>,
}

impl StoredRow {
    fn as_row(&self) -> RegisterRow<'_> {
        RegisterRow {
            former: self.former,
            is_present: self.is_present,
            is_protected: self.is_protected,
            municipality: &self.municipality,
            key_code: self.key_code.as_deref(),
        }
    }
}

impl Located {
    /// The register's rows about their numbers.
    pub fn rows(&self) -> Vec<RegisterRow<'_>> {
        self.rows.iter().map(StoredRow::as_row).collect()
    }
}

/// Reads people in windows of their ids; the statements are prepared once and held.
pub struct Locator<'r> {
    people: Statement<'r>,
    areas: Statement<'r>,
}

impl Registry {
    /// Prepares looking where everybody is registered.
    pub fn locator(&self) -> Result<Locator<'_>> {
        let prepare = |sql| self.connection().prepare(sql);
        Ok(Locator { people: prepare(PEOPLE)?, areas: prepare(AREAS)? })
    }
}

impl Locator<'_> {
    /// Everybody with an id above the one and up to the other.
    pub fn window(&mut self, above: PersonId, up_to: PersonId) -> Result<Vec<Located>> {
        let mut found: Vec<Located> = Vec::new();
        let mut rows = self.people.query(params![above.0, up_to.0])?;
        while let Some(row) = rows.next()? {
            let id = PersonId(row.get(0)?);
            if found.last().is_none_or(|last| last.id != id) {
                found.push(person(id, row)?);
            }
            if let Some(last) = found.last_mut() {
                last.rows.extend(register_row(row)?);
            }
        }
        drop(rows);
        self.add_areas(&mut found, above, up_to)?;
        Ok(found)
    }

    /// Both are in the order of ids, so that one pass brings them together.
    fn add_areas(&mut self, found: &mut [Located], above: PersonId, up_to: PersonId) -> Result<()> {
        let mut people = found.iter_mut().peekable();
        let mut rows = self.areas.query(params![above.0, up_to.0])?;
        while let Some(row) = rows.next()? {
            let id = PersonId(row.get(0)?);
            while people.next_if(|person| person.id < id).is_some() {}
            if let Some(person) = people.peek_mut() {
                person.assigned.areas.insert(row.get(1)?, row.get(2)?);
            }
        }
        Ok(())
    }
}

fn person(id: PersonId, row: &Row<'_>) -> rusqlite::Result<Located> {
    let assigned = Assigned { key_code: row.get(2)?, ..Assigned::default() };
    Ok(Located { id, concealment: Concealment::of(row.get(1)?), assigned, rows: Vec::new() })
}

fn register_row(row: &Row<'_>) -> rusqlite::Result<Option<StoredRow>> {
    // No such number in the register.
    let Some(is_present) = row.get(4)? else { return Ok(None) };
    let (former, is_protected) = (row.get(3)?, row.get(5)?);
    Ok(Some(StoredRow { former, is_present, is_protected, municipality: row.get(6)?, key_code: row.get(7)? }))
}

//! Who was in a run or a list: what a breach asks. Internal ids only.

use rusqlite::params;

use super::Registry;
use super::runs::RunId;
use crate::domain::person::PersonId;
use crate::failure::Result;

/// A list to SPAR that a run made, and whom it named, as far as that is still known.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Of the file that was sent.
    pub sha256: String,
    /// How many people it named.
    pub numbers: u64,
    /// `intent`, `uploaded`, `sent`, `unsettled`.
    pub state: String,
    /// Those whose newest list it is, or who are on it now.
    pub people: Vec<PersonId>,
}

const LISTS: &str = "SELECT id, name, sha256, numbers, state FROM spar_list WHERE run_id = ? ORDER BY id";
const PEOPLE: &str = "SELECT DISTINCT person_id FROM number
     WHERE list_id = ?1 OR key IN (SELECT key FROM spar_list_number WHERE list_id = ?1) ORDER BY person_id";

impl Registry {
    /// People whom a run changed.
    pub fn people_changed_by(&self, run: RunId) -> Result<Vec<PersonId>> {
        let sql = "SELECT DISTINCT person_id FROM journal WHERE run_id = ? ORDER BY person_id";
        let mut statement = self.connection().prepare(sql)?;
        Ok(statement
            .query_map(params![run.0], |row| row.get(0).map(PersonId))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Lists that a run made.
    pub fn lists_of(&self, run: RunId) -> Result<Vec<Named>> {
        let mut statement = self.connection().prepare(LISTS)?;
        let mut rows = statement.query(params![run.0])?;
        let mut people = self.connection().prepare(PEOPLE)?;
        let mut lists = Vec::new();
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            lists.push(Named {
                name: row.get(1)?,
                sha256: row.get(2)?,
                numbers: row.get::<_, i64>(3)?.unsigned_abs(),
                state: row.get(4)?,
                people: people
                    .query_map(params![id], |row| row.get(0).map(PersonId))?
                    .collect::<rusqlite::Result<_>>()?,
            });
        }
        Ok(lists)
    }
}

//! Entries leave: somebody became protected, or is gone.

use rusqlite::params;

use super::Whose;
use crate::domain::id_number::NumberKey;
use crate::domain::person::PersonId;
use crate::failure::Result;
use crate::leak_control::{Place, leaves_out};
use crate::registry::Registry;

// The index reads the words of an entry from its row: first the index, then the row.
pub(super) const UNINDEX: &str = "DELETE FROM search WHERE rowid = ?";
pub(super) const UNINDEX_NAME: &str = "DELETE FROM search_name WHERE rowid = ?";
pub(super) const DELETE_ENTRY: &str = "DELETE FROM search_entry WHERE id = ?";
const IS_EMPTY: &str = "SELECT NOT EXISTS (SELECT 1 FROM search_entry)";
/// Merges every part of both indexes into one.
pub(super) const MERGE: [&str; 2] = [
    "INSERT INTO search (search) VALUES ('optimize')",
    "INSERT INTO search_name (search_name) VALUES ('optimize')",
];
const FULL: [&str; 2] = [
    "INSERT INTO search (rowid, names, places, numbers) VALUES (0, 'x', '', '')",
    "INSERT INTO search_name (rowid, names) VALUES (0, 'x')",
];
const EMPTY_AGAIN: [&str; 2] = [
    "INSERT INTO search (search, rowid, names, places, numbers) VALUES ('delete', 0, 'x', '', '')",
    "INSERT INTO search_name (search_name, rowid, names) VALUES ('delete', 0, 'x')",
];

impl Registry {
    /// Takes somebody's words out of the search; part of the transaction that protects or removes them. `numbers` are
    /// those that they have or had: the population register may have entries of those.
    pub fn forget_in_search(&self, person: Option<PersonId>, numbers: &[NumberKey]) -> Result<()> {
        let people = person.into_iter().map(|id| Whose::Person(id).entry());
        let entries = people.chain(numbers.iter().map(|key| Whose::Number(*key).entry()));
        for entry in entries {
            self.forget_entry(entry)?;
        }
        Ok(())
    }

    pub(super) fn forget_entry(&self, entry: i64) -> Result<bool> {
        let connection = self.connection();
        if leaves_out(Place::SearchEntryKept) {
            return Ok(true);
        }
        for sql in [UNINDEX, UNINDEX_NAME] {
            if !leaves_out(Place::SearchIndexKept) {
                connection.prepare_cached(sql)?.execute(params![entry])?;
            }
        }
        Ok(connection.prepare_cached(DELETE_ENTRY)?.execute(params![entry])? > 0)
    }

    /// Writes both indexes anew. Secure deletion leaves the beginning of a word where pages of the index are told apart by
    /// it, and only merging every page into new ones gets rid of that. One part alone would not be merged, so there is
    /// a second one meanwhile, of a single letter.
    pub(in crate::registry) fn rewrite_search(&self) -> Result<()> {
        self.write(|| {
            let connection = self.connection();
            if connection.query_row(IS_EMPTY, [], |row| row.get(0))? {
                return Ok(());
            }
            for sql in [FULL, MERGE, EMPTY_AGAIN].into_iter().flatten() {
                connection.execute(sql, [])?;
            }
            Ok(())
        })
    }
}

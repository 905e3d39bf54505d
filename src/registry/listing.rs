//! Reading many people: ids in order, counts, and searches that never match what a protected person hides.

use rusqlite::{named_params, params};

use super::Registry;
use crate::domain::person::PersonId;
use crate::failure::Result;

/// What `person search` looks for; every given part must match.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Part of the comment; of protected people only lines of SPAR's rules count.
    pub comment: Option<String>,
    /// Part of any name; protected people never match.
    pub name: Option<String>,
    /// Own category; protected people never match.
    pub category: Option<String>,
    /// `active`, `deceased`, `deregistered`.
    pub status: Option<String>,
    /// Only protected or only open people.
    pub protected: Option<bool>,
    /// Only blocked or only unblocked people.
    pub blocked: Option<bool>,
}

const SEARCH: &str = "SELECT id FROM person
     WHERE (:comment IS NULL OR instr(lower(comment), :comment) > 0)
       AND (:name IS NULL OR (concealment = 0 AND instr(lower(coalesce(first_name, '') || ' ' ||
              coalesce(middle_name || ' ', '') || coalesce(last_name, '')), :name) > 0))
       AND (:category IS NULL OR (concealment = 0 AND category = :category))
       AND (:status IS NULL OR status = :status)
       AND (:protected IS NULL OR (concealment <> 0) = :protected)
       AND (:blocked IS NULL OR blocked = :blocked)
     ORDER BY id";

impl Registry {
    /// How many people there are.
    pub fn count_people(&self) -> Result<u64> {
        let count: i64 = self.connection().query_row("SELECT count(*) FROM person", [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Up to `most` ids above `after`, in order: pages of a listing of any length.
    pub fn people_after(&self, after: PersonId, most: u32) -> Result<Vec<PersonId>> {
        let sql = "SELECT id FROM person WHERE id > ? ORDER BY id LIMIT ?";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement
            .query_map(params![after.0, most], |row| row.get(0).map(PersonId))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The highest id that was ever given.
    pub fn highest_person(&self) -> Result<PersonId> {
        let sql = "SELECT coalesce(max(id), 0) FROM person";
        Ok(PersonId(self.connection().query_row(sql, [], |row| row.get(0))?))
    }

    /// Ids of people who match. Comments of protected people are judged again by the caller, line by line.
    pub fn search_people(&self, search: &Search) -> Result<Vec<PersonId>> {
        let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
        let mut statement = self.connection().prepare_cached(SEARCH)?;
        let rows = statement.query_map(
            named_params! {
                ":comment": lower(&search.comment),
                ":name": lower(&search.name),
                ":category": search.category,
                ":status": search.status,
                ":protected": search.protected,
                ":blocked": search.blocked,
            },
            |row| row.get(0).map(PersonId),
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// People whose clock without an address started on or before a day (rules.md, spar-import 10).
    pub fn without_address_since(&self, day: &str) -> Result<Vec<PersonId>> {
        let sql = "SELECT id FROM person
                   WHERE no_address_since IS NOT NULL AND no_address_since <= ? AND status = 'active' AND concealment = 0
                   ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement
            .query_map(params![day], |row| row.get(0).map(PersonId))?
            .collect::<rusqlite::Result<_>>()?)
    }
}

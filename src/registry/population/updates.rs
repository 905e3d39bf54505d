//! Whom the register has something to say about: what `update-persons` reads.

use chrono::NaiveDate;
use rusqlite::{named_params, params};

use crate::domain::id_number::{IdKind, IdNumber, NumberKey};
use crate::domain::person::PersonId;
use crate::domain::population::{RegisterMark, Scope};
use crate::failure::{Failure, Result};
use crate::registry::Registry;

// New is what changed since it was taken, what was taken for somebody else, and a mark of somebody who isn't protected.
// Active with us: at least a category, an open case, an obligation that lasts, an area or a source (rules.md,
// update-persons).
const PEOPLE: &str = "SELECT DISTINCT n.person_id
     FROM number AS n JOIN population AS r ON r.key = n.key JOIN person AS p ON p.id = n.person_id
     WHERE n.person_id > :after AND r.present = 1 AND r.nonresident = :nonresident
       AND (:everybody OR r.pending = 1 OR (r.protected = 0 AND r.taken_for IS NOT n.person_id)
            OR (r.marked > 0 AND p.concealment = 0 AND NOT (r.taken_mark = 1 AND r.taken_for IS n.person_id)))
       AND (NOT :only_active OR (p.status = 'active' AND (p.category <> ''
            OR EXISTS (SELECT 1 FROM case_record AS c
                       WHERE c.person_id = p.id AND (c.closed IS NULL OR c.closed > :today))
            OR EXISTS (SELECT 1 FROM obligation AS o
                       WHERE o.person_id = p.id AND (o.valid_to IS NULL OR o.valid_to >= :today))
            OR EXISTS (SELECT 1 FROM person_area AS a WHERE a.person_id = p.id)
            OR EXISTS (SELECT 1 FROM source_statement AS s WHERE s.person_id = p.id))))
     ORDER BY n.person_id LIMIT :most";
// The row under the current number first, then those under former ones, the newest first.
const ROWS: &str = "SELECT r.key FROM number AS n JOIN population AS r ON r.key = n.key
     WHERE n.person_id = ? AND r.present = 1 AND r.nonresident = ? ORDER BY n.former <> 0, n.former DESC";
const MARKED: &str = "SELECT n.person_id, max(r.marked)
     FROM population AS r JOIN number AS n ON n.key = r.key JOIN person AS p ON p.id = n.person_id
     WHERE r.marked > 0 AND r.present = 1 AND r.nonresident = ? AND p.concealment = 0
       AND NOT (r.taken_mark = 1 AND r.taken_for IS n.person_id)
     GROUP BY n.person_id ORDER BY n.person_id";

impl Registry {
    /// Up to `most` people above `after` whom the register has something to say about, in order.
    pub fn people_to_update(
        &self,
        scope: Scope,
        today: NaiveDate,
        after: PersonId,
        most: u32,
    ) -> Result<Vec<PersonId>> {
        let mut statement = self.connection().prepare_cached(PEOPLE)?;
        let values = named_params! {
            ":after": after.0,
            ":nonresident": scope.residence().number(),
            ":everybody": scope == Scope::All,
            ":only_active": scope == Scope::Changed,
            ":today": today.to_string(),
            ":most": most,
        };
        let rows = statement.query_map(values, |row| row.get(0).map(PersonId))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The numbers under which the register holds a person.
    pub fn register_rows_of(&self, person: PersonId, scope: Scope) -> Result<Vec<NumberKey>> {
        let mut statement = self.connection().prepare_cached(ROWS)?;
        let values = params![person.0, scope.residence().number()];
        let rows = statement.query_map(values, |row| row.get(0).map(NumberKey))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Hands every number of which values stand in the register's table to `visit`. Nothing may be written meanwhile.
    pub fn each_open_row(&self, mut visit: impl FnMut(IdNumber)) -> Result<()> {
        let sql = "SELECT key, kind FROM population WHERE protected = 0";
        let mut statement = self.connection().prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let kind = IdKind::parse(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
            let number = kind.and_then(|kind| IdNumber::from_key(NumberKey(row.get(0).ok()?), kind));
            visit(number.ok_or_else(|| Failure::internal("a stored number that is none"))?);
        }
        Ok(())
    }

    /// People who are not protected here though the register marks them, by a mark that was not taken yet.
    pub fn people_newly_marked(&self, scope: Scope) -> Result<Vec<(PersonId, RegisterMark)>> {
        let mut statement = self.connection().prepare_cached(MARKED)?;
        let rows = statement.query_map(params![scope.residence().number()], |row| {
            Ok((PersonId(row.get(0)?), RegisterMark::of(row.get(1)?)))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

//! What belongs to a record but is no part of the person: moved to another record, and back by an undo. (docs/merge.md)

use rusqlite::{OptionalExtension, params};

use super::Registry;
use super::runs::RunId;
use crate::domain::person::PersonId;
use crate::failure::Result;

/// Tables whose rows belong to one person: how they move, all of them or one.
const MOVES: [(&str, &str, &str); 5] = [
    (
        "case_record",
        "UPDATE case_record SET person_id = ?1 WHERE person_id = ?2 RETURNING id",
        "UPDATE case_record SET person_id = ?1 WHERE person_id = ?2 AND id = ?3",
    ),
    (
        "subscription",
        "UPDATE subscription SET person_id = ?1 WHERE person_id = ?2 RETURNING id",
        "UPDATE subscription SET person_id = ?1 WHERE person_id = ?2 AND id = ?3",
    ),
    (
        "obligation",
        "UPDATE obligation SET person_id = ?1 WHERE person_id = ?2 RETURNING id",
        "UPDATE obligation SET person_id = ?1 WHERE person_id = ?2 AND id = ?3",
    ),
    (
        "draft",
        "UPDATE draft SET person_id = ?1 WHERE person_id = ?2 RETURNING id",
        "UPDATE draft SET person_id = ?1 WHERE person_id = ?2 AND id = ?3",
    ),
    (
        "event",
        "UPDATE event SET person_id = ?1 WHERE person_id = ?2 RETURNING id",
        "UPDATE event SET person_id = ?1 WHERE person_id = ?2 AND id = ?3",
    ),
];
// The later activity counts, and stays so when the merge is taken back: nothing is due earlier for it.
const KEEP_ACTIVITY: &str = "UPDATE person SET active_on = max(coalesce(active_on, ''), gone.last_on)
     FROM (SELECT active_on AS last_on FROM person WHERE id = ?2) AS gone
     WHERE id = ?1 AND gone.last_on IS NOT NULL";
/// What runs did to those rows, which undo reads: each row names up to two people.
const HISTORY: [(&str, &str, &str); 2] = [
    (
        "retained_change",
        "UPDATE retained_change SET person_id = ?1 WHERE person_id = ?2 RETURNING id",
        "UPDATE retained_change SET person_id = ?1 WHERE person_id = ?2 AND id = ?3",
    ),
    (
        "retained_change_other",
        "UPDATE retained_change SET other_id = ?1 WHERE other_id = ?2 RETURNING id",
        "UPDATE retained_change SET other_id = ?1 WHERE other_id = ?2 AND id = ?3",
    ),
];
const NOTE: &str =
    "INSERT INTO merge_move (run_id, what, row_id, survivor_id, other_id) VALUES (?, ?, ?, ?, ?)";
const GUARDIAN: &str = "SELECT related_id FROM relation WHERE person_id = ?";
const WARD: &str = "SELECT person_id FROM relation WHERE related_id = ?";
const RELATE: &str = "INSERT OR IGNORE INTO relation (person_id, related_id, kind) VALUES (?, ?, 'guardian')";
const UNRELATE: &str = "DELETE FROM relation WHERE person_id = ? AND related_id = ?";
const LEDGER: &str =
    "SELECT key, said, said_in, known_to_spar, refreshed, list_id, sent_on, answer_due_on, answered_on,
            answered_in
     FROM number WHERE person_id = ?";
const PUT_LEDGER: &str =
    "UPDATE number SET said = ?2, said_in = ?3, known_to_spar = ?4, refreshed = ?5, list_id = ?6,
            sent_on = ?7, answer_due_on = ?8, answered_on = ?9, answered_in = ?10
     WHERE key = ?1";

/// What SPAR was asked and has answered about one number, as it stands in its row.
pub struct LedgerRow(Vec<rusqlite::types::Value>);

impl Registry {
    /// Whether somebody is the guardian of the other.
    pub fn are_related(&self, one: PersonId, other: PersonId) -> Result<bool> {
        let sql = "SELECT 1 FROM relation WHERE (person_id = ?1 AND related_id = ?2) OR (person_id = ?2 AND related_id = ?1)";
        Ok(self.connection().prepare_cached(sql)?.exists(params![one.0, other.0])?)
    }

    /// Since when, if so, nothing may remove a person.
    pub fn held_since(&self, person: PersonId) -> Result<Option<String>> {
        let sql = "SELECT held_since FROM person WHERE id = ?";
        let found = self.connection().prepare_cached(sql)?.query_row(params![person.0], |row| row.get(0));
        Ok(found.optional()?.flatten())
    }

    /// Whether nothing but number and class is left of somebody.
    pub fn is_reduced(&self, person: PersonId) -> Result<bool> {
        let sql = "SELECT 1 FROM person WHERE id = ? AND reduced_on IS NOT NULL";
        Ok(self.connection().prepare_cached(sql)?.exists(params![person.0])?)
    }

    /// Gives a record's cases, loans, drafts, guardians, … to the surviving one. Gives how many of each.
    pub fn move_records(
        &self,
        run: RunId,
        survivor: PersonId,
        other: PersonId,
    ) -> Result<Vec<(&'static str, u64)>> {
        let mut moved = Vec::new();
        self.connection().prepare_cached(KEEP_ACTIVITY)?.execute(params![survivor.0, other.0])?;
        for (table, all, _) in MOVES {
            let rows = self.ids(all, &[survivor.0, other.0])?;
            self.note_moves(run, table, &rows, survivor, other)?;
            moved.push((table, rows.len() as u64));
        }
        for (what, all, _) in HISTORY {
            let rows = self.ids(all, &[survivor.0, other.0])?;
            self.note_moves(run, what, &rows, survivor, other)?;
        }
        let (wards, guardians) = (self.ids(GUARDIAN, &[other.0])?, self.ids(WARD, &[other.0])?);
        for ward in &wards {
            let what = if self.relate(survivor.0, *ward)? { "guardian" } else { "guardian-too" };
            self.note_moves(run, what, &[*ward], survivor, other)?;
        }
        for guardian in &guardians {
            let what = if self.relate(*guardian, survivor.0)? { "ward" } else { "ward-too" };
            self.note_moves(run, what, &[*guardian], survivor, other)?;
        }
        moved.push(("relation", (wards.len() + guardians.len()) as u64));
        Ok(moved)
    }

    /// Whether it is new.
    fn relate(&self, guardian: i64, ward: i64) -> Result<bool> {
        Ok(self.connection().prepare_cached(RELATE)?.execute(params![guardian, ward])? > 0)
    }

    fn ids(&self, sql: &str, values: &[i64]) -> Result<Vec<i64>> {
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn note_moves(
        &self,
        run: RunId,
        what: &str,
        rows: &[i64],
        survivor: PersonId,
        other: PersonId,
    ) -> Result<()> {
        let mut statement = self.connection().prepare_cached(NOTE)?;
        for row in rows {
            statement.execute(params![run.0, what, row, survivor.0, other.0])?;
        }
        Ok(())
    }

    /// Gives back what a merge moved and still is where it put it. Gives how many rows that are.
    pub fn move_records_back(&self, run: RunId) -> Result<u64> {
        let sql = "SELECT what, row_id, survivor_id, other_id FROM merge_move WHERE run_id = ? ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let moves: Vec<(String, i64, i64, i64)> = statement
            .query_map(params![run.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut back = 0;
        for (what, row, survivor, other) in moves {
            let is_history = HISTORY.iter().any(|(history, _, _)| *history == what);
            let count = self.move_back(&what, row, survivor, other)? as u64;
            back += if is_history { 0 } else { count };
        }
        Ok(back)
    }

    fn move_back(&self, what: &str, row: i64, survivor: i64, other: i64) -> Result<usize> {
        let connection = self.connection();
        if let Some((_, _, one)) = MOVES.iter().chain(&HISTORY).find(|(table, _, _)| *table == what) {
            return Ok(connection.prepare_cached(one)?.execute(params![other, survivor, row])?);
        }
        let pair = |person: i64| if what.starts_with("guardian") { (person, row) } else { (row, person) };
        let (now, before) = (pair(survivor), pair(other));
        // One that the survivor had as well stays with both.
        let is_free = what.ends_with("-too")
            || connection.prepare_cached(UNRELATE)?.execute(params![now.0, now.1])? > 0;
        Ok(usize::from(is_free && self.relate(before.0, before.1)?))
    }

    /// The ledger of all numbers of a record.
    pub fn ledger_rows(&self, person: PersonId) -> Result<Vec<LedgerRow>> {
        let mut statement = self.connection().prepare_cached(LEDGER)?;
        let rows = statement.query_map(params![person.0], |row| {
            (0..10).map(|column| row.get(column)).collect::<rusqlite::Result<_>>().map(LedgerRow)
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Puts the ledger back on numbers that have changed hands.
    pub fn put_ledger_rows(&self, rows: &[LedgerRow]) -> Result<()> {
        let mut statement = self.connection().prepare_cached(PUT_LEDGER)?;
        for LedgerRow(values) in rows {
            statement.execute(rusqlite::params_from_iter(values))?;
        }
        Ok(())
    }

    /// People with an open question about somebody, but for one.
    pub fn asked_about(&self, person: PersonId, but: PersonId) -> Result<Vec<PersonId>> {
        let ids = self.ids(
            "SELECT person_id FROM notice WHERE other_id = ?1 AND person_id <> ?2 AND person_id <> ?1",
            &[person.0, but.0],
        )?;
        Ok(ids.into_iter().map(PersonId).collect())
    }
}

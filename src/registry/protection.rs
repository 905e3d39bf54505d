//! Hiding at once, lifting what a held run hid, and finishing an erasure. (rules.md, Protection 1 and 3)

use rusqlite::params;

use super::Registry;
use super::people::{FORGET_CODES, UNSETTLE_ROW};
use super::runs::RunId;
use crate::domain::person::PersonId;
use crate::domain::protection::Mark;
use crate::failure::Result;
use crate::leak_control::{Place, leaves_out};

/// What became of an erasure's second half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Nothing is left in free pages or the WAL.
    Done,
    /// Another program reads the registry; the next run tries again.
    Blocked,
}

// `<person>/<input>`, with the run that read the input first; as long as the person is hidden and not erased.
const REMEMBER_CAUSE: &str = "INSERT OR IGNORE INTO mark (kind, value, run_id)
     SELECT 'hidden-by', ?1 || '/' || ?2, ?3 FROM person WHERE id = ?1 AND concealment = 1";
const UNSETTLE_SOURCES: &str = "UPDATE source_statement SET digest = NULL WHERE person_id = ?";
const HAND_OVER: &str = "UPDATE protection SET run_id = other.run_id
     FROM (SELECT CAST(value AS INTEGER) AS person_id, min(run_id) AS run_id FROM mark
           WHERE kind = 'hidden-by' AND run_id <> ?1 GROUP BY CAST(value AS INTEGER)) AS other
     WHERE protection.run_id = ?1 AND protection.person_id = other.person_id
       AND EXISTS (SELECT 1 FROM person WHERE id = protection.person_id AND concealment = 1)";
const FORGET_CAUSES_OF_RUN: &str = "DELETE FROM mark WHERE kind = 'hidden-by' AND run_id = ?1";
/// Once somebody is erased, open again or gone.
pub(super) const FORGET_CAUSES: &str =
    "DELETE FROM mark WHERE kind = 'hidden-by' AND CAST(value AS INTEGER) = ?";

impl Registry {
    /// Shows people as protected from now on; nothing is erased yet. People who are protected already stay as they are, but
    /// that this input (`cause`) marks them too is remembered: the undo of the run that hid them must not open them then.
    pub fn hide(&self, people: &[(PersonId, Vec<Mark>)], run: RunId, cause: &str) -> Result<u64> {
        let mut hidden = 0_u64;
        for (id, marks) in people {
            let sql = "UPDATE person SET concealment = 1 WHERE id = ? AND concealment = 0";
            let was_open = self.connection().prepare_cached(sql)?.execute(params![id.0])? > 0;
            self.connection().prepare_cached(REMEMBER_CAUSE)?.execute(params![id.0, cause, run.0])?;
            if !was_open {
                continue;
            }
            hidden += 1;
            // Whatever a source or a row says of them from now on is looked at.
            for sql in [UNSETTLE_SOURCES, UNSETTLE_ROW] {
                self.connection().prepare_cached(sql)?.execute(params![id.0])?;
            }
            for mark in marks {
                let sql =
                    "INSERT OR IGNORE INTO protection (person_id, kind, since, run_id) VALUES (?, ?, ?, ?)";
                let values = params![id.0, mark.kind.name(), mark.since.to_string(), run.0];
                self.connection().prepare_cached(sql)?.execute(values)?;
            }
            self.note_hiding("hidden", *id, run)?;
        }
        if hidden > 0 {
            self.connection().prepare_cached(FORGET_CODES)?.execute([])?;
        }
        Ok(hidden)
    }

    /// Before a run's hiding is lifted: where another held input marks the person too, the hiding is that one's from now on.
    pub fn hand_hidings_over(&self, run: RunId) -> Result<()> {
        for sql in [HAND_OVER, FORGET_CAUSES_OF_RUN] {
            self.connection().prepare_cached(sql)?.execute(params![run.0])?;
        }
        Ok(())
    }

    /// People whom only this run hid: they are open again once it is undone.
    pub fn hidden_only_by(&self, run: RunId) -> Result<Vec<PersonId>> {
        let sql = "SELECT id FROM person WHERE concealment = 1
                     AND NOT EXISTS (SELECT 1 FROM protection WHERE person_id = person.id AND run_id <> ?)";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement
            .query_map(params![run.0], |row| row.get(0).map(PersonId))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Keeps why somebody was protected, unprotected, blocked or unblocked by hand.
    pub fn put_reason(&self, run: RunId, person: PersonId, verb: &str, reason: &str) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO reason (run_id, person_id, verb, reason) VALUES (?, ?, ?, ?)";
        self.connection().prepare_cached(sql)?.execute(params![run.0, person.0, verb, reason])?;
        Ok(())
    }

    /// Consumers of the change feed hear of it: no journal row tells them.
    fn note_hiding(&self, verb: &str, person: PersonId, run: RunId) -> Result<()> {
        let sql = "INSERT INTO hiding (run_id, person_id, verb, journal_id)
                   VALUES (?, ?, ?, (SELECT coalesce(max(id), 0) FROM journal))";
        self.connection().prepare_cached(sql)?.execute(params![run.0, person.0, verb])?;
        Ok(())
    }

    /// Lifts what a held run hid, where nothing was erased since. `by` is the undo.
    pub fn unhide(&self, run: RunId, by: RunId) -> Result<u64> {
        let connection = self.connection();
        let marks = "DELETE FROM protection WHERE run_id = ? AND person_id IN (SELECT id FROM person WHERE concealment = 1)";
        connection.prepare_cached(marks)?.execute(params![run.0])?;
        let people = "UPDATE person SET concealment = 0
                      WHERE concealment = 1 AND NOT EXISTS (SELECT 1 FROM protection WHERE person_id = person.id)
                      RETURNING id";
        let mut statement = connection.prepare_cached(people)?;
        let shown: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        shown.iter().try_for_each(|id| self.note_hiding("shown", PersonId(*id), by))?;
        Ok(shown.len() as u64)
    }

    /// Everybody who is shown as protected.
    pub fn concealed_people(&self) -> Result<Vec<PersonId>> {
        let sql = "SELECT id FROM person WHERE concealment <> 0 ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_map([], |row| row.get(0).map(PersonId))?.collect::<rusqlite::Result<_>>()?)
    }

    /// People whose erasure is not finished; person 0 stands for people whom only the population register knows.
    pub fn pending_erasures(&self) -> Result<Vec<PersonId>> {
        let sql = "SELECT CAST(value AS INTEGER) FROM mark WHERE kind = 'erasure'";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_map([], |row| row.get(0).map(PersonId))?.collect::<rusqlite::Result<_>>()?)
    }

    /// Takes the marks of a run's erasures away, inside the dry run that is about to be rolled back.
    pub fn forget_erasures_of(&self, run: RunId) -> Result<()> {
        let sql = "DELETE FROM mark WHERE kind = 'erasure' AND run_id = ?";
        self.connection().prepare_cached(sql)?.execute(params![run.0])?;
        Ok(())
    }

    /// The second half of every erasure: checkpoint, search rewritten, VACUUM, empty the WAL. Free pages and gaps of live
    /// pages still hold what was deleted; only a rewrite of the whole file gets rid of it (reliability.md 0, finding 8).
    pub fn finish_erasure(&self) -> Result<Finish> {
        if self.empty_wal()? == Finish::Blocked {
            return Ok(Finish::Blocked);
        }
        self.rewrite_search()?;
        if !self.vacuum()? {
            return Ok(Finish::Blocked);
        }
        if self.empty_wal()? == Finish::Blocked {
            return Ok(Finish::Blocked);
        }
        self.write(|| {
            self.connection().execute("DELETE FROM mark WHERE kind = 'erasure'", [])?;
            Ok(())
        })?;
        // The deletion of the marks is in the WAL; ids only, so that it may stay there.
        Ok(Finish::Done)
    }

    fn vacuum(&self) -> Result<bool> {
        if leaves_out(Place::FreePages) {
            return Ok(true);
        }
        match self.connection().execute_batch("VACUUM") {
            Ok(()) => Ok(true),
            Err(error) if is_busy(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn empty_wal(&self) -> Result<Finish> {
        if leaves_out(Place::Wal) {
            return Ok(Finish::Done);
        }
        let busy: i64 = self
            .connection()
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .or_else(|error| if is_busy(&error) { Ok(1) } else { Err(error) })?;
        Ok(if busy == 0 { Finish::Done } else { Finish::Blocked })
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}

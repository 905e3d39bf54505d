//! Key codes and areas of many people: the same tables and journal rows as [`Editor::change`](super::Editor::change)
//! writes, at a third of the cost.

use std::collections::BTreeMap;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Statement, params};

use super::edit::{Trace, Withheld, journal_text};
use super::read::Concealment;
use super::write::{DELETE_AREA, PUT_AREA};
use crate::domain::area::Assigned;
use crate::domain::change::Change;
use crate::domain::person::PersonId;
use crate::failure::Result;

const SET_CODE: &str = "UPDATE person SET key_code = ?2 WHERE id = ?1";
const LOG: &str =
    "INSERT INTO journal (person_id, changes, run_id, file_id, at, verb) VALUES (?, ?, ?, ?, ?, 'changed')";
const COUNT_CODE: &str = "INSERT INTO held_code (code, people) VALUES (?1, ?2) ON CONFLICT (code) DO UPDATE SET people = people + ?2";
const FORGET_CODE: &str = "DELETE FROM held_code WHERE people = 0";

/// From what people have to what they get, with its journal row: worked out once for all who take it.
pub struct Step {
    before: Assigned,
    after: Assigned,
    journal: String,
}

impl Step {
    /// The step between these two, which differ by these changes.
    pub fn new(before: Assigned, after: Assigned, changes: &[Change], withheld: Withheld) -> Result<Self> {
        Ok(Self { before, after, journal: journal_text(changes, withheld)? })
    }
}

/// Takes people through steps; the statements are prepared once and held.
pub struct Assigner<'r> {
    connection: &'r Connection,
    set_code: Statement<'r>,
    delete_area: Statement<'r>,
    put_area: Statement<'r>,
    log: Statement<'r>,
    /// By how many people the count of each code has to change.
    codes: BTreeMap<String, i64>,
}

impl<'r> Assigner<'r> {
    /// Lets `work` assign, and sets the count of each code in the end: for every person a trigger would run, with a journal
    /// of its own that costs more than all the rest. Use inside a unit that is rolled back if this fails.
    pub(super) fn lend<T>(
        connection: &'r Connection,
        trace: Trace,
        at: &str,
        work: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let _off = TriggersOff::now(connection)?;
        let mut assigner = Self::new(connection, trace, at)?;
        let value = work(&mut assigner)?;
        assigner.count_codes()?;
        Ok(value)
    }

    fn new(connection: &'r Connection, trace: Trace, at: &str) -> Result<Self> {
        let mut log = connection.prepare(LOG)?;
        // The same in every row.
        log.raw_bind_parameter(3, trace.run.0)?;
        log.raw_bind_parameter(4, trace.file.map(|file| file.0))?;
        log.raw_bind_parameter(5, at)?;
        Ok(Self {
            connection,
            set_code: connection.prepare(SET_CODE)?,
            delete_area: connection.prepare(DELETE_AREA)?,
            put_area: connection.prepare(PUT_AREA)?,
            log,
            codes: BTreeMap::new(),
        })
    }

    /// Writes somebody's new key code and areas, and what changed.
    pub fn assign(&mut self, id: PersonId, concealment: Concealment, step: &Step) -> Result<()> {
        if step.before.key_code != step.after.key_code {
            self.set_code.raw_bind_parameter(1, id.0)?;
            self.set_code.raw_bind_parameter(2, step.after.key_code.as_deref())?;
            self.set_code.raw_execute()?;
            if concealment == Concealment::Open {
                self.note_code(step.before.key_code.as_deref(), -1);
                self.note_code(step.after.key_code.as_deref(), 1);
            }
        }
        self.put_areas(id, step)?;
        self.log.raw_bind_parameter(1, id.0)?;
        self.log.raw_bind_parameter(2, step.journal.as_str())?;
        self.log.raw_execute()?;
        Ok(())
    }

    fn put_areas(&mut self, id: PersonId, step: &Step) -> Result<()> {
        let (before, after) = (&step.before.areas, &step.after.areas);
        for activity in before.keys().filter(|activity| !after.contains_key(*activity)) {
            self.delete_area.execute(params![id.0, activity])?;
        }
        for (activity, area) in after.iter().filter(|(activity, area)| before.get(*activity) != Some(area)) {
            self.put_area.raw_bind_parameter(1, id.0)?;
            self.put_area.raw_bind_parameter(2, activity.as_str())?;
            self.put_area.raw_bind_parameter(3, area.as_str())?;
            self.put_area.raw_execute()?;
        }
        Ok(())
    }

    fn note_code(&mut self, code: Option<&str>, people: i64) {
        match code.map(|code| (code, self.codes.get_mut(code))) {
            Some((_, Some(count))) => *count += people,
            Some((code, None)) => drop(self.codes.insert(code.to_owned(), people)),
            None => {}
        }
    }

    fn count_codes(&self) -> Result<()> {
        let mut count = self.connection.prepare(COUNT_CODE)?;
        for (code, people) in self.codes.iter().filter(|(_, people)| **people != 0) {
            count.execute(params![code, people])?;
        }
        self.connection.execute(FORGET_CODE, [])?;
        Ok(())
    }
}

/// Keeps this connection's triggers off while it lives.
struct TriggersOff<'c>(&'c Connection);

impl<'c> TriggersOff<'c> {
    fn now(connection: &'c Connection) -> Result<Self> {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        Ok(Self(connection))
    }
}

impl Drop for TriggersOff<'_> {
    fn drop(&mut self) {
        // Fails for a connection that can't be used any more, and then for nobody.
        drop(self.0.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;
    use crate::registry::Registry;
    use crate::registry::runs::RunId;

    #[test]
    fn codes_are_counted_again_for_whoever_changes_after_an_assignment_that_failed() {
        let folder = tempfile::tempdir().unwrap();
        let registry = Registry::create(&folder.path().join("registry.db")).unwrap();
        let connection = registry.connection();
        let trace = Trace { run: RunId(1), file: None };
        let failed =
            Assigner::lend(connection, trace, "", |_| Err::<(), _>(Failure::internal("for this test")));
        assert!(failed.is_err());
        connection
            .execute_batch(
                "INSERT INTO person (id_number, id_kind, check_digit, category)
                 VALUES ('198501012382', 'personnummer', 'right', 'a');
                 UPDATE person SET status = 'active', key_code = '1132';",
            )
            .unwrap();
        let held = "SELECT code || ' ' || people FROM held_code";
        assert_eq!(connection.query_row(held, [], |row| row.get::<_, String>(0)).unwrap(), "1132 1");
    }
}

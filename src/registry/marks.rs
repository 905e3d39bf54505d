//! Durable marks: work that a killed run leaves for the next one.

use rusqlite::params;

use super::Registry;
use super::runs::RunId;
use crate::failure::Result;

impl Registry {
    /// Leaves a mark; the same again is none.
    pub fn put_mark(&self, kind: &str, value: &str, run: RunId) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO mark (kind, value, run_id) VALUES (?, ?, ?)";
        self.connection().prepare_cached(sql)?.execute(params![kind, value, run.0])?;
        Ok(())
    }

    /// All marks of a kind.
    pub fn marks(&self, kind: &str) -> Result<Vec<String>> {
        let mut statement =
            self.connection().prepare_cached("SELECT value FROM mark WHERE kind = ? ORDER BY id")?;
        Ok(statement.query_map(params![kind], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// Takes a mark away once its work is done.
    pub fn clear_mark(&self, kind: &str, value: &str) -> Result<()> {
        self.write(|| {
            let sql = "DELETE FROM mark WHERE kind = ? AND value = ?";
            self.connection().prepare_cached(sql)?.execute(params![kind, value])?;
            Ok(())
        })
    }

    /// A spooled copy was deleted because somebody protected stands in it: the file can't be tried again.
    pub fn give_up_spooled(&self, spooled: &str) -> Result<()> {
        self.write(|| {
            let sql = "UPDATE file SET spooled = NULL, state = CASE state WHEN 'held' THEN 'rejected' ELSE state END
                       WHERE spooled = ?";
            self.connection().prepare_cached(sql)?.execute(params![spooled])?;
            Ok(())
        })
    }
}

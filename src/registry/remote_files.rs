//! What was seen and fetched on the drop server. (rules.md, spar-import 1)

use rusqlite::params;

use super::Registry;
use crate::failure::Result;

/// A server's entry as the server tells it; what it doesn't tell is 0 and empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteEntry {
    /// Its name.
    pub name: String,
    /// Its size.
    pub size: u64,
    /// Its time, in the server's words.
    pub modified: String,
}

impl RemoteEntry {
    /// Whether another file under the same name would be noticed.
    pub const fn is_told(&self) -> bool {
        self.size > 0 || !self.modified.is_empty()
    }
}

impl Registry {
    /// Whether an entry of this name, size and time was fetched before. One that the server tells too little of to
    /// notice a change is fetched again: always with neither size nor time, and with a time while all that came of it
    /// was rejected, because half a file may have become whole since.
    pub fn was_fetched(&self, entry: &RemoteEntry) -> Result<bool> {
        if !entry.is_told() {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM remote_file AS r WHERE r.name = ? AND r.size = ? AND r.modified = ?
                   AND (r.size > 0 OR NOT EXISTS
                       (SELECT 1 FROM file WHERE kind = 'spar' AND sha256 = r.sha256 AND state = 'rejected'))";
        let values = params![entry.name, entry.size.cast_signed(), entry.modified];
        Ok(self.connection().prepare_cached(sql)?.exists(values)?)
    }

    /// Remembers a fetched entry with the hash of its content.
    pub fn note_fetched(&self, entry: &RemoteEntry, sha256: &str, removal: bool) -> Result<()> {
        self.write(|| {
            let sql = "INSERT OR REPLACE INTO remote_file (name, size, modified, sha256, removal) VALUES (?, ?, ?, ?, ?)";
            let values = params![entry.name, entry.size.cast_signed(), entry.modified, sha256, removal];
            self.connection().prepare_cached(sql)?.execute(values)?;
            Ok(())
        })
    }

    /// Of a file that was fetched nothing is left here: its entry is fetched anew.
    pub fn forget_fetched(&self, sha256: &str) -> Result<()> {
        self.write(|| {
            let sql = "DELETE FROM remote_file WHERE sha256 = ?";
            self.connection().prepare_cached(sql)?.execute(params![sha256])?;
            Ok(())
        })
    }

    /// Entries that may be removed from the server: their files stand applied.
    pub fn removable(&self) -> Result<Vec<RemoteEntry>> {
        let sql = "SELECT r.name, r.size, r.modified FROM remote_file AS r
                   JOIN file AS f ON f.kind = 'spar' AND f.sha256 = r.sha256 AND f.state = 'applied'
                   WHERE r.removal = 1 ORDER BY r.name";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let size: i64 = row.get(1)?;
            Ok(RemoteEntry { name: row.get(0)?, size: size.unsigned_abs(), modified: row.get(2)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// An entry was removed from the server.
    pub fn note_removed(&self, entry: &RemoteEntry) -> Result<()> {
        self.write(|| {
            let sql = "UPDATE remote_file SET removal = 0 WHERE name = ? AND size = ? AND modified = ?";
            let values = params![entry.name, entry.size.cast_signed(), entry.modified];
            self.connection().prepare_cached(sql)?.execute(values)?;
            Ok(())
        })
    }
}

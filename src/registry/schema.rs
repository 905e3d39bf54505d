//! Numbered migrations, and the one door through which they are applied.

use std::hash::{Hash, Hasher};
use std::path::PathBuf;

use rusqlite::Connection;
use siphasher::sip::SipHasher13;

use super::newer;
use crate::failure::Result;

/// `PRAGMA application_id`: "mntl".
pub const APPLICATION_ID: i32 = 0x6d6e_746c;

const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_registry.sql"),
    include_str!("migrations/0002_spar_lists.sql"),
    include_str!("migrations/0003_areas.sql"),
    include_str!("migrations/0004_population.sql"),
    include_str!("migrations/0005_search.sql"),
    include_str!("migrations/0006_contacts.sql"),
    include_str!("migrations/0007_retained.sql"),
    include_str!("migrations/0008_retention.sql"),
    include_str!("migrations/0009_schedule.sql"),
    include_str!("migrations/0010_feed.sql"),
    include_str!("migrations/0011_speed.sql"),
    include_str!("migrations/0012_recognised.sql"),
    include_str!("migrations/0013_settled.sql"),
    include_str!("migrations/0014_short.sql"),
];

/// The version that this program writes.
pub fn latest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Reads the version of an open registry.
pub fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Whether just this schema was found to be ours by a program with the same migrations. Comparing costs as much as all else
/// about opening; SQLite counts every change of a schema, whoever makes it, and VACUUM too.
pub fn is_known(connection: &Connection) -> bool {
    let stored = connection.query_row("SELECT value FROM meta WHERE name = 'schema'", [], |row| row.get(0));
    // Without the table it is not ours, and the comparison says so.
    let stored: Option<String> = stored.ok();
    stored.is_some_and(|stored| stamp(connection).is_ok_and(|stamp| stamp == stored))
}

/// Remembers that the schema, as it stands, is ours.
pub fn note_known(connection: &Connection) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO meta (name, value) VALUES ('schema', ?)";
    connection.execute(sql, [stamp(connection)?]).map(drop)
}

fn stamp(connection: &Connection) -> rusqlite::Result<String> {
    let count: i64 = connection.query_row("PRAGMA schema_version", [], |row| row.get(0))?;
    let mut hasher = SipHasher13::new();
    MIGRATIONS.hash(&mut hasher);
    Ok(format!("{:016x} {count}", hasher.finish()))
}

/// Applies what is missing. The version is read inside the transaction: of several that open an old registry at once,
/// one migrates and the others find it done.
pub fn migrate(connection: &Connection) -> Result<()> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let result = apply_missing(connection);
    connection.execute_batch(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    result
}

fn apply_missing(connection: &Connection) -> Result<()> {
    let version = version(connection)?;
    if version > latest() {
        // Another process upgraded it just now.
        let path = connection.path().map_or_else(PathBuf::new, PathBuf::from);
        return Err(newer::refusal(connection, &path, version));
    }
    for migration in MIGRATIONS.iter().skip(version as usize) {
        connection.execute_batch(migration)?;
    }
    if version < latest() {
        let sql = "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)";
        connection.execute(sql, [newer::PROGRAM, newer::OWN])?;
    }
    connection.pragma_update(None, "user_version", latest())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(connection: &Connection) -> Vec<String> {
        let sql = "SELECT type || name || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1";
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn eight_that_open_an_old_registry_at_once_upgrade_it_once_to_what_a_fresh_one_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch("PRAGMA journal_mode = WAL").unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute_batch(
            "INSERT INTO person (id_number, id_kind, check_digit, category) VALUES ('198501012382', 'personnummer', 'right', 'a');
             PRAGMA user_version = 1;",
        )
        .unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let connection = Connection::open(&path).unwrap();
                    connection.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
                    migrate(&connection).unwrap();
                });
            }
        });
        let fresh = Connection::open_in_memory().unwrap();
        migrate(&fresh).unwrap();
        assert_eq!(version(&old).unwrap(), latest());
        assert_eq!(objects(&old), objects(&fresh));
        let people: i64 = old.query_row("SELECT count(*) FROM person", [], |row| row.get(0)).unwrap();
        assert_eq!(people, 1);
    }

    #[test]
    fn a_schema_once_found_to_be_ours_is_looked_at_again_after_every_change_of_it() {
        use crate::registry::{Access, Check, Registry};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.db");
        drop(Registry::create(&path).unwrap());
        let open = || Registry::open(&path, Access::Write, Check::Quick);
        assert!(is_known(open().unwrap().connection()));
        let stranger = Connection::open(&path).unwrap();
        stranger.execute_batch("CREATE TABLE stray (x); DROP TABLE stray;").unwrap();
        assert!(!is_known(&stranger));
        assert!(is_known(open().unwrap().connection()), "it is as it was");
        stranger.execute_batch("DROP INDEX journal_of_person").unwrap();
        assert!(open().is_err());
        assert!(open().is_err(), "what was refused is not remembered as ours");
    }
}

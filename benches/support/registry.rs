//! A registry as bare SQL opens it.

use std::path::Path;

use rusqlite::Connection;

/// With what the program asks of SQLite.
pub fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;",
        )
        .unwrap();
    connection
}

//! Whatever a step wrote, written once more by SQL alone: everything was decided, each table is gone along in its order.
//! Nothing that keeps the same rows in the same way can be faster than this, and what it had to read, by much.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::support::measure::Cost;
use crate::support::registry::open;

/// A registry as it was before a step, and in time what the step made of it.
pub struct Before {
    folder: PathBuf,
}

/// What was put and what went, of one table.
struct Table {
    name: String,
    key: Vec<String>,
    rest: Vec<String>,
}

impl Before {
    /// Keeps a registry that nobody has open.
    pub fn keep(registry: &Path, scratch: &Path) -> Self {
        let folder = scratch.join("same-rows");
        // Of a run that was stopped.
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        fs::copy(registry, folder.join("before.db")).unwrap();
        Self { folder }
    }

    /// What the difference to the registry as it is now costs, in a process of its own.
    pub fn write_same_rows(self, registry: &Path) -> Cost {
        let difference = Connection::open(self.folder.join("difference.db")).unwrap();
        difference
            .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192;")
            .unwrap();
        for (path, name) in [(self.folder.join("before.db"), "old"), (registry.to_owned(), "new")] {
            difference.execute(&format!("ATTACH ? AS {name}"), [path.to_str()]).unwrap();
        }
        for table in tables(&difference, "new") {
            difference.execute_batch(&table.find()).unwrap();
        }
        drop(difference);
        let cost = crate::bare("--bare-rows", &self.folder);
        fs::remove_dir_all(self.folder).unwrap();
        cost
    }
}

/// One transaction, as the program's, and everything brought home.
pub fn write(folder: &Path) {
    let registry = open(&folder.join("before.db"));
    registry.execute("ATTACH ? AS difference", [folder.join("difference.db").to_str()]).unwrap();
    let statements: String = tables(&registry, "main").iter().map(Table::carry_out).collect();
    registry
        .execute_batch(&format!(
            "PRAGMA main.cache_size = -2048; PRAGMA wal_autocheckpoint = 0;
             BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON; {statements} COMMIT; PRAGMA wal_checkpoint(TRUNCATE);"
        ))
        .unwrap();
}

/// All tables but those that SQLite or its search keep for themselves.
fn tables(connection: &Connection, schema: &str) -> Vec<Table> {
    let sql = format!(
        "SELECT name FROM pragma_table_list WHERE schema = '{schema}' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    );
    let names = strings(connection, &sql);
    let columns = |name: &str, wanted: &str| {
        let sql =
            format!("SELECT name FROM pragma_table_info('{name}', '{schema}') WHERE {wanted} ORDER BY pk");
        strings(connection, &sql)
    };
    let table = |name: String| Table { key: columns(&name, "pk > 0"), rest: columns(&name, "pk = 0"), name };
    names.into_iter().map(table).filter(|table| !table.key.is_empty()).collect()
}

fn strings(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

impl Table {
    /// In the order of their keys.
    fn find(&self) -> String {
        let (name, key) = (&self.name, self.key.join(", "));
        let same: Vec<String> = self.key.iter().map(|key| format!("n.{key} = o.{key}")).collect();
        let same = same.join(" AND ");
        format!(
            "CREATE TABLE put_{name} AS SELECT * FROM new.{name} EXCEPT SELECT * FROM old.{name} ORDER BY {key};
             CREATE TABLE gone_{name} AS SELECT {key} FROM old.{name} AS o
                 WHERE NOT EXISTS (SELECT 1 FROM new.{name} AS n WHERE {same}) ORDER BY {key};"
        )
    }

    fn carry_out(&self) -> String {
        let (name, key) = (&self.name, self.key.join(", "));
        let all = self.key.iter().chain(&self.rest).map(String::as_str).collect::<Vec<_>>().join(", ");
        let mut sql = format!(
            "DELETE FROM main.{name} WHERE ({key}) IN (SELECT {key} FROM difference.gone_{name});
             INSERT INTO main.{name} ({all}) SELECT {all} FROM difference.put_{name} WHERE true ON CONFLICT ({key}) DO "
        );
        if self.rest.is_empty() {
            sql.push_str("NOTHING;");
        } else {
            let taken: Vec<String> =
                self.rest.iter().map(|name| format!("{name} = excluded.{name}")).collect();
            write!(sql, "UPDATE SET {};", taken.join(", ")).unwrap();
        }
        sql
    }
}

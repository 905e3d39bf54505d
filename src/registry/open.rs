//! Opening, creating and refusing registries. (product.md, "Names, paths, configuration"; reliability.md 0)

use std::cell::Cell;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Registry, journal, newer, schema, wal};
use crate::failure::{Failure, Result};
use crate::io::{Existing, filesystem, private};
use crate::leak_control::{Place, leaves_out};
use crate::text::failure as text;

/// How thoroughly a registry is looked at when it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Header, application id, version, schema.
    Quick,
    /// Every page and every index as well.
    Full,
}

/// What the caller will do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reads only; takes no lock, never migrates.
    Read,
    /// Writes; the caller holds the run lock, and an older registry is migrated after a backup.
    Write,
}

const BUSY: Duration = Duration::from_secs(10);

impl Registry {
    /// Makes a new, empty registry. Fails if anything is there already.
    pub fn create(path: &Path) -> Result<Self> {
        filesystem::refuse_network(path)?;
        drop(private::create_new(path)?);
        let connection = connect(path)?;
        // Pages of 8 KiB: a fifth faster than 4 KiB on large imports (docs/performance.md).
        connection.execute_batch("PRAGMA page_size = 8192;")?;
        prepare_writing(&connection)?;
        connection.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
        schema::migrate(&connection)?;
        let salt = (random_u64()?, random_u64()?);
        connection.execute(
            "INSERT INTO meta (name, value) VALUES ('salt', :value)",
            rusqlite::named_params! { ":value": format!("{:016x}{:016x}", salt.0, salt.1) },
        )?;
        Self::finish(connection, path)
    }

    /// Opens an existing registry, or says why not.
    pub fn open(path: &Path, access: Access, check: Check) -> Result<Self> {
        let (connection, version) = look(path, access, check)?;
        if version < schema::latest() {
            migrate(&connection, path, access, version)?;
        }
        let known = schema::is_known(&connection);
        if check == Check::Full || !known {
            refuse_foreign_schema(&connection, path)?;
        }
        if access == Access::Write {
            prepare_writing(&connection)?;
            if !known {
                schema::note_known(&connection)?;
            }
        }
        Self::finish(connection, path)
    }

    /// Opens a registry of this or an older version to be looked at: nothing is written, tightened, migrated or, where a
    /// dead run left a WAL, folded in.
    pub fn observe(path: &Path) -> Result<Self> {
        let (connection, _) = look(path, Access::Read, Check::Quick)?;
        connection.pragma_update(None, "query_only", true)?;
        wal::refuse_foreign(&connection, path)?;
        Self::with_salt(connection, path)
    }

    /// Opens a copy to be looked at, wherever it lies and of whatever version: nothing is written beside or in it.
    pub fn observe_copy(path: &Path) -> Result<Self> {
        refuse_by_look(path)?;
        let connection = connect(path).map_err(|failure| refusal(path, failure))?;
        connection.pragma_update(None, "query_only", true)?;
        inspect(&connection, path, Check::Quick)?;
        Self::with_salt(connection, path)
    }

    /// Opens a private copy of a backup after checking all of it; an older one is migrated in place.
    pub fn adopt(path: &Path) -> Result<Self> {
        let (connection, version) = look(path, Access::Write, Check::Full)?;
        if version < schema::latest() {
            schema::migrate(&connection)?;
        }
        refuse_foreign_schema(&connection, path)?;
        prepare_writing(&connection)?;
        Self::finish(connection, path)
    }

    fn finish(connection: Connection, path: &Path) -> Result<Self> {
        tighten(path)?;
        Self::with_salt(connection, path)
    }

    /// For whoever goes along the tables once: beside somebody who comes back to their pages, or with much else in memory.
    pub fn keep_few_pages(&self) -> Result<()> {
        Ok(self.connection.pragma_update(None, "cache_size", -1024)?)
    }

    fn with_salt(connection: Connection, path: &Path) -> Result<Self> {
        let salt: String = connection
            .query_row("SELECT value FROM meta WHERE name = 'salt'", [], |row| row.get(0))
            .map_err(|error| damaged(path, &error.to_string()))?;
        let part = |range| salt.get(range).and_then(|hex: &str| u64::from_str_radix(hex, 16).ok());
        let (Some(first), Some(second)) = (part(0..16), part(16..32)) else {
            return Err(damaged(path, "salt"));
        };
        let path = path.to_owned();
        Ok(Self { connection, path, salt: (first, second), depth: Cell::new(0), beyond: Cell::new(0) })
    }
}

/// Opens and inspects what is there, and gives its version; a newer one is refused.
fn look(path: &Path, access: Access, check: Check) -> Result<(Connection, u32)> {
    let connection = examine(path, access, check)?;
    let version = schema::version(&connection)?;
    if version > schema::latest() {
        return Err(newer::refusal(&connection, path, version));
    }
    Ok((connection, version))
}

/// Opens something that must be a registry of ours of whatever version.
pub(super) fn examine(path: &Path, access: Access, check: Check) -> Result<Connection> {
    refuse_by_look(path)?;
    filesystem::refuse_network(path)?;
    let left = wal::left_beside(path)?;
    let connection = connect(path).map_err(|failure| refusal(path, failure))?;
    if left == wal::Left::Something {
        // Until it is known to be this registry's it is not folded in.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    }
    // Nobody holds the lock but this writer: a WAL with content is a dead run's, or was never this registry's.
    let check = if access == Access::Write && left == wal::Left::Something {
        wal::refuse_foreign(&connection, path)?;
        Check::Full
    } else {
        check
    };
    inspect(&connection, path, check)?;
    Ok(connection)
}

/// Writers fold the WAL in when they close; and a registry that another program took out of WAL mode goes back.
fn prepare_writing(connection: &Connection) -> Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leaves_out(Place::Wal))?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    Ok(())
}

fn random_u64() -> Result<u64> {
    getrandom::u64().map_err(|_| Failure::internal("no random numbers"))
}

fn connect(path: &Path) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let path = real(path)?;
    let connection = Connection::open_with_flags(&path, flags)?;
    connection.busy_timeout(BUSY)?;
    keep_temporary_files_beside(&connection, &path);
    // STAT4 would prepare a statement anew whenever it is bound (docs/performance.md).
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA cache_size = -4096;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    journal::offer_to_statements(&connection)?;
    if leaves_out(Place::FreePages) {
        connection.execute_batch("PRAGMA secure_delete = OFF")?;
    }
    Ok(connection)
}

/// What a statement changes is kept in a nameless file meanwhile, so that it can be taken back: pages with all that is in
/// them. SQLite would put that into /var/tmp, on a disk that nobody may have encrypted.
fn keep_temporary_files_beside(connection: &Connection, path: &Path) {
    let wanted = path.parent().and_then(Path::to_str).unwrap_or_default();
    let now: String =
        connection.query_row("PRAGMA temp_store_directory", [], |row| row.get(0)).unwrap_or_default();
    if now != wanted {
        // In a folder that can't be written nothing is changed either.
        drop(connection.pragma_update(None, "temp_store_directory", wanted));
    }
}

/// The path with links in its folder resolved: SQLite refuses any link on the way, and a folder may be one.
pub(super) fn real(path: &Path) -> Result<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Ok(path.to_owned()) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let folder = folder.canonicalize().map_err(|error| Failure::io(folder, error))?;
    Ok(folder.join(name))
}

fn refuse_by_look(path: &Path) -> Result<()> {
    let meta = std::fs::symlink_metadata(path).map_err(|error| {
        let is_missing = error.kind() == std::io::ErrorKind::NotFound;
        let missing = || Failure::failed(text::REGISTRY_MISSING).with("path", path.display());
        if is_missing { missing() } else { Failure::io(path, error) }
    })?;
    if !meta.is_file() {
        return Err(Failure::failed(text::REGISTRY_FOREIGN).with("path", path.display()));
    }
    if meta.len() == 0 {
        return Err(Failure::failed(text::REGISTRY_EMPTY).with("path", path.display()));
    }
    // A registry is in WAL mode and has no rollback journal; SQLite would play a strange one back without asking.
    let journal = wal::beside(path, "-journal");
    let has_journal = std::fs::symlink_metadata(journal).is_ok_and(|meta| meta.len() > 0);
    if has_journal { Err(damaged(path, "a journal beside it")) } else { Ok(()) }
}

fn refusal(path: &Path, failure: Failure) -> Failure {
    let code = failure.source.as_ref().and_then(|source| source.downcast_ref::<rusqlite::Error>());
    match code.and_then(rusqlite::Error::sqlite_error_code) {
        Some(ErrorCode::NotADatabase) => Failure::failed(text::REGISTRY_FOREIGN).with("path", path.display()),
        Some(ErrorCode::DatabaseCorrupt) => damaged(path, "header"),
        _ => failure,
    }
}

pub(super) fn damaged(path: &Path, reason: &str) -> Failure {
    Failure::failed(text::REGISTRY_DAMAGED).with("path", path.display()).with("reason", reason)
}

fn inspect(connection: &Connection, path: &Path, check: Check) -> Result<()> {
    let id: i32 = connection
        .query_row("PRAGMA application_id", [], |row| row.get(0))
        .map_err(|error| refusal(path, error.into()))?;
    if id != schema::APPLICATION_ID {
        return Err(Failure::failed(text::REGISTRY_FOREIGN).with("path", path.display()));
    }
    let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let size: i64 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    let on_disk = std::fs::metadata(path).map_err(|error| Failure::io(path, error))?.len();
    // A file cut short opens well until the missing page is asked for.
    if wal::left_beside(path)? == wal::Left::Nothing && on_disk < (pages * size).unsigned_abs() {
        return Err(damaged(path, "cut short"));
    }
    if check == Check::Full {
        verify(connection, path)?;
    }
    Ok(())
}

/// Looks at every page, every index and every foreign key.
pub fn verify(connection: &Connection, path: &Path) -> Result<()> {
    verify_pages(connection, path)?;
    verify_references(connection, path)
}

pub(super) fn verify_pages(connection: &Connection, path: &Path) -> Result<()> {
    let answer: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| damaged(path, &error.to_string()))?;
    if answer != "ok" {
        return Err(damaged(path, "integrity check"));
    }
    if every_page_is_used(connection)? { Ok(()) } else { Err(damaged(path, "stray pages")) }
}

pub(super) fn verify_references(connection: &Connection, path: &Path) -> Result<()> {
    let broken = connection.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if broken { Err(damaged(path, "foreign keys")) } else { Ok(()) }
}

/// SQLite's check looks for stray pages and at the free list only if the first root page that it comes upon isn't 0, and
/// a view has that; so the pages are counted here. Stray ones are what a WAL of another registry brings.
fn every_page_is_used(connection: &Connection) -> Result<bool> {
    const PENDING_BYTE: i64 = 1 << 30;
    let sql = "SELECT (SELECT sum(pageno) FROM dbstat WHERE aggregate = TRUE)
                      + (SELECT freelist_count FROM pragma_freelist_count)";
    let used: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    let size: i64 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
    // The page at this place holds SQLite's locks and nothing else.
    let lock_page = i64::from(pages * size > PENDING_BYTE);
    Ok(used + lock_page == pages)
}

const COMPARE_SCHEMA: &str = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1";

fn objects(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection.prepare(COMPARE_SCHEMA)?.query_map([], |row| row.get(0))?.collect()
}

pub(super) fn refuse_foreign_schema(connection: &Connection, path: &Path) -> Result<()> {
    let found = objects(connection).map_err(|error| damaged(path, &error.to_string()))?;
    let fresh = Connection::open_in_memory()?;
    schema::migrate(&fresh)?;
    if found == objects(&fresh)? { Ok(()) } else { Err(damaged(path, "schema")) }
}

fn migrate(connection: &Connection, path: &Path, access: Access, version: u32) -> Result<()> {
    if access == Access::Read {
        return Err(Failure::failed(text::REGISTRY_OLDER)
            .with("version", version)
            .with("known", schema::latest()));
    }
    verify(connection, path)?;
    let copy = newer::copy_name(path, schema::latest());
    super::backup::copy(connection, &copy, Existing::Replace, &mut || Ok(()))?;
    schema::migrate(connection)
}

/// SQLite makes its files with its own idea of modes; the folder is ours and closed, the files are closed as well.
fn tighten(path: &Path) -> Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let file = wal::beside(path, suffix);
        let Ok(meta) = std::fs::symlink_metadata(&file) else { continue };
        if meta.permissions().mode() & 0o077 != 0 {
            let closed = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(&file, closed).map_err(|error| Failure::io(&file, error))?;
        }
    }
    Ok(())
}

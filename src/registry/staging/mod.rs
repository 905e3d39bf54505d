//! Where an input is brought together before anything is decided: a database of its own that has no name any more.
//!
//! The file is unlinked as soon as it is open, so that nothing stays behind a killed run.

mod apart;
mod aside;
pub mod links;
pub mod namesakes;
pub mod plain;
pub mod posts;
pub mod records;
pub mod register;
pub mod rows;
pub mod sides;

use std::hash::{Hash, Hasher};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use serde::de::DeserializeOwned;
use siphasher::sip::SipHasher13;

use crate::failure::{Failure, Result};
use crate::io::private;
use crate::leak_control::{self, Place};

/// Gathers groups into windows: people are handed out many at a time.
pub(super) struct Windows<G>(Vec<G>);

/// So many people are handed out together: enough to read them together, few enough to be held.
const WINDOW: usize = 64;

impl<G> Windows<G> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// The group that was added last.
    pub(super) fn last_mut(&mut self) -> Option<&mut G> {
        self.0.last_mut()
    }

    /// Adds a group; what came before it is complete.
    pub(super) fn add(&mut self, group: G, visit: &mut impl FnMut(Vec<G>) -> Result<()>) -> Result<()> {
        if self.0.len() == WINDOW {
            visit(std::mem::replace(&mut self.0, Vec::with_capacity(WINDOW)))?;
        }
        self.0.push(group);
        Ok(())
    }

    /// There are no more groups.
    pub(super) fn finish(self, visit: &mut impl FnMut(Vec<G>) -> Result<()>) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { visit(self.0) }
    }
}

/// A row as it lies in a staging area: without the names of its fields, which JSON would repeat in each.
#[derive(Clone, Default)]
pub struct Packed(Vec<u8>);

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Packed(hidden)")
    }
}

impl Packed {
    /// Becomes this row.
    pub fn fill<T: Serialize>(&mut self, row: &T) -> Result<()> {
        let mut bytes = std::mem::take(&mut self.0);
        bytes.clear();
        let packed = postcard::to_extend(row, bytes);
        self.0 = packed.map_err(|_| Failure::internal("a row that can't be staged"))?;
        Ok(())
    }

    /// Keyed digest of what it says; `rules` tells apart by which it is read.
    pub fn digest(&self, salt: (u64, u64), rules: &str) -> u64 {
        let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
        rules.hash(&mut hasher);
        hasher.write(&self.0);
        hasher.finish()
    }

    /// Becomes these two parts of a row, one behind the other.
    pub fn join<T: Serialize>(&mut self, first: &T, rest: &Self) -> Result<()> {
        self.fill(first)?;
        self.0.extend_from_slice(&rest.0);
        Ok(())
    }
}

fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|_| Failure::internal("a staged row that can't be read"))
}

/// A private scratch database; memory stays flat whatever is put in.
#[derive(Debug)]
pub struct Staging {
    connection: Connection,
}

impl Staging {
    /// Makes one in a folder of our own, with these tables.
    pub fn create(folder: &Path, schema: &str) -> Result<Self> {
        private::create_folder(folder)?;
        let path = folder.join(format!("staging-{}.db", std::process::id()));
        drop(std::fs::remove_file(&path));
        let wide = leak_control::text(Place::ScratchWide)
            .map(|text| text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        if let Some(left) = leak_control::bytes(Place::Scratch).or(wide) {
            drop(std::fs::write(path.with_extension("left"), left));
        }
        drop(private::create_new(&path)?);
        let connection = Self::open(&path, schema);
        std::fs::remove_file(&path).map_err(|error| Failure::io(&path, error))?;
        Ok(Self { connection: connection? })
    }

    fn open(path: &Path, schema: &str) -> Result<Connection> {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        // As of the registry: a statement is not prepared anew because it was bound anew.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
             PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -2048; BEGIN EXCLUSIVE;",
        )?;
        connection.execute_batch(schema)?;
        Ok(connection)
    }

    const fn connection(&self) -> &Connection {
        &self.connection
    }
}

//! The registry's own constants: what a restore left open, which key belongs to it.

use rusqlite::{OptionalExtension, params};

use super::Registry;
use crate::domain::keyed_hash::KeyedHash;
use crate::failure::Result;

const AT_A_LOSS: &str = "restored_at_a_loss";
const SERIAL: &str = "spar-serial";
const KEY_CHECK: &str = "key-check";

impl Registry {
    pub(in crate::registry) fn meta(&self, name: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM meta WHERE name = ?";
        Ok(self.connection().prepare_cached(sql)?.query_row(params![name], |row| row.get(0)).optional()?)
    }

    pub(in crate::registry) fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        self.write(|| {
            let sql =
                "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
            self.connection().prepare_cached(sql)?.execute(params![name, value])?;
            Ok(())
        })
    }

    /// Whether it was restored without its side file or key and nobody has accepted that: until then nothing is queued
    /// for SPAR and sources create nobody.
    pub fn is_at_a_loss(&self) -> Result<bool> {
        Ok(self.meta(AT_A_LOSS)?.is_some())
    }

    /// Restored without side file or key.
    pub fn mark_at_a_loss(&self) -> Result<()> {
        self.set_meta(AT_A_LOSS, "1")
    }

    /// Somebody accepts what is lost. Gives whether there was anything to accept.
    pub fn accept_loss(&self) -> Result<bool> {
        self.write(|| {
            let sql = "DELETE FROM meta WHERE name = ?";
            Ok(self.connection().prepare_cached(sql)?.execute(params![AT_A_LOSS])? > 0)
        })
    }

    /// The highest running number of a list that is known to have been taken before a restore; 0 for none.
    pub fn serial_floor(&self) -> Result<u64> {
        Ok(self.meta(SERIAL)?.and_then(|serial| serial.parse().ok()).unwrap_or(0))
    }

    /// No list takes this running number or a lower one any more.
    pub fn raise_serial_floor(&self, serial: u64) -> Result<()> {
        if serial > self.serial_floor()? { self.set_meta(SERIAL, &serial.to_string()) } else { Ok(()) }
    }

    /// Remembers which key belongs to this registry, so that a restore notices another installation's.
    pub fn note_key(&self, fingerprint: KeyedHash) -> Result<()> {
        let fingerprint = fingerprint.to_string();
        if self.meta(KEY_CHECK)?.as_ref() == Some(&fingerprint) {
            return Ok(());
        }
        self.set_meta(KEY_CHECK, &fingerprint)
    }

    /// Whether another key than this one is known to belong to this registry.
    pub fn belongs_to_another_key(&self, fingerprint: KeyedHash) -> Result<bool> {
        Ok(self.meta(KEY_CHECK)?.is_some_and(|known| known != fingerprint.to_string()))
    }
}

//! What other files of a delivery say of its people: date of birth, categories.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

use super::Staging;
use crate::domain::contact::source::SourceCategory;
use crate::failure::Result;

const SCHEMA: &str = "CREATE TABLE side (id TEXT PRIMARY KEY, birth_date TEXT, categories INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;";

/// By the source's own ids; memory stays flat.
pub struct Sides {
    staging: Staging,
}

const fn bit(category: SourceCategory) -> i64 {
    match category {
        SourceCategory::Student => 1,
        SourceCategory::Staff => 2,
        SourceCategory::Guardian => 4,
    }
}

impl Sides {
    /// An empty staging area in this folder.
    pub fn create(folder: &Path) -> Result<Self> {
        Ok(Self { staging: Staging::create(folder, SCHEMA)? })
    }

    /// Takes a date of birth in.
    pub fn put_birth_date(&self, id: &str, birth_date: NaiveDate) -> Result<()> {
        let sql = "INSERT INTO side (id, birth_date) VALUES (?1, ?2)
                   ON CONFLICT (id) DO UPDATE SET birth_date = ?2";
        self.staging.connection().prepare_cached(sql)?.execute(params![id, birth_date.to_string()])?;
        Ok(())
    }

    /// Takes a category in; somebody may have several.
    pub fn add_category(&self, id: &str, category: SourceCategory) -> Result<()> {
        let sql = "INSERT INTO side (id, categories) VALUES (?1, ?2)
                   ON CONFLICT (id) DO UPDATE SET categories = categories | ?2";
        self.staging.connection().prepare_cached(sql)?.execute(params![id, bit(category)])?;
        Ok(())
    }

    /// What was said of one id.
    pub fn find(&self, id: &str) -> Result<(Option<NaiveDate>, BTreeSet<SourceCategory>)> {
        let sql = "SELECT birth_date, categories FROM side WHERE id = ?";
        let row: Option<(Option<String>, i64)> = self
            .staging
            .connection()
            .prepare_cached(sql)?
            .query_row(params![id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((birth_date, bits)) = row else { return Ok((None, BTreeSet::new())) };
        let categories = SourceCategory::ALL.into_iter().filter(|category| bits & bit(*category) != 0);
        Ok((birth_date.and_then(|date| date.parse().ok()), categories.collect()))
    }
}

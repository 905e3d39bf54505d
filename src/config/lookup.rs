//! Checked values by key and type. Asking for the wrong type is a fault of the program, found by the first test.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{effective::Effective, kind::Value};
use crate::failure::{Failure, Result};

/// The values that hold, and the folder that their paths are relative to.
pub(crate) struct Lookup<'e> {
    /// By key.
    pub values: &'e Effective,
    /// Of the configuration.
    pub folder: &'e Path,
}

impl Lookup<'_> {
    fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key).map(|entry| &entry.value)
    }

    /// A text that may be missing.
    pub fn optional(&self, key: &str) -> Result<Option<String>> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text.clone())),
            Some(
                Value::Flag(_)
                | Value::Count(_)
                | Value::List(_)
                | Value::Duration(_)
                | Value::Amount(_)
                | Value::Keep
                | Value::Columns(_),
            ) => Err(mismatch()),
        }
    }

    /// A text that has a default.
    pub fn text(&self, key: &str) -> Result<String> {
        self.optional(key)?.ok_or_else(mismatch)
    }

    /// A word, through its type.
    pub fn word<T>(&self, key: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        parse(&self.text(key)?).ok_or_else(mismatch)
    }

    /// A path, absolute, that may be missing.
    pub fn optional_path(&self, key: &str) -> Result<Option<PathBuf>> {
        Ok(self.optional(key)?.map(|path| self.folder.join(path)))
    }

    /// A path, absolute.
    pub fn path(&self, key: &str) -> Result<PathBuf> {
        self.optional_path(key)?.ok_or_else(mismatch)
    }

    /// true or false.
    pub fn flag(&self, key: &str) -> Result<bool> {
        if let Some(Value::Flag(flag)) = self.value(key) { Ok(*flag) } else { Err(mismatch()) }
    }

    /// A number that may be missing.
    pub fn optional_count<T: TryFrom<u64>>(&self, key: &str) -> Result<Option<T>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        let Value::Count(count) = value else { return Err(mismatch()) };
        T::try_from(*count).map(Some).map_err(|_| mismatch())
    }

    /// A number.
    pub fn count<T: TryFrom<u64>>(&self, key: &str) -> Result<T> {
        self.optional_count(key)?.ok_or_else(mismatch)
    }

    /// A number of seconds.
    pub fn seconds(&self, key: &str) -> Result<Duration> {
        self.count(key).map(Duration::from_secs)
    }

    /// A list that may be missing.
    pub fn optional_list(&self, key: &str) -> Result<Option<Vec<String>>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        if let Value::List(list) = value { Ok(Some(list.clone())) } else { Err(mismatch()) }
    }

    /// A list, empty if it is missing.
    pub fn list(&self, key: &str) -> Result<Vec<String>> {
        Ok(self.optional_list(key)?.unwrap_or_default())
    }

    /// A length of time that may be missing.
    pub fn optional_duration(&self, key: &str) -> Result<Option<Duration>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        if let Value::Duration(duration) = value { Ok(Some(*duration)) } else { Err(mismatch()) }
    }

    /// A mapping, empty if it is missing.
    pub fn columns(&self, key: &str) -> Result<BTreeMap<String, String>> {
        let Some(value) = self.value(key) else { return Ok(BTreeMap::new()) };
        if let Value::Columns(columns) = value { Ok(columns.clone()) } else { Err(mismatch()) }
    }

    /// The value as its kind read it.
    pub fn any(&self, key: &str) -> Result<&Value> {
        self.value(key).ok_or_else(mismatch)
    }
}

/// The table of keys and the settings disagree.
pub(crate) fn mismatch() -> Failure {
    Failure::internal("a setting is of another kind than its table says")
}

//! The configuration: one table of keys, a file that is checked before it is believed, settings as types.
//! Reads no environment and no working directory by itself: they come in as [`Surroundings`].

mod build;
mod choice;
mod commented;
mod effective;
mod keys;
mod kind;
mod list_name;
mod locale;
mod locate;
mod lookup;
mod nearest;
mod pin;
mod raw;
pub mod secret;
mod settings;

use std::path::Path;

pub use choice::{
    AfterFetch, ListFormat, OnEmpty, Passive, Ready, SourceFormat, SparMode, TlsMax, Transport,
};
pub use commented::commented;
pub use effective::Origin;
pub use keys::{JOBS, SOURCE_CATEGORIES};
pub use list_name::ListName;
pub use locale::{language_of_file, language_of_locale};
pub use locate::{FILE_NAME, SYSTEM_FILE, Surroundings, find};
pub(crate) use nearest::nearest;
pub use pin::TlsPin;
pub use settings::{
    BackupSettings, Conflict, ContactSettings, LogSettings, NotifySettings, PasswordSource, Period,
    PurgeSettings, ServerSettings, Settings, Shown, SourceSettings, SparSettings,
};

use crate::failure::{Failure, Result};

/// Reads, checks and completes the configuration file at this absolute path; `overrides` are those of `--set`.
pub fn load(path: &Path, overrides: &[(String, String)]) -> Result<Settings> {
    load_as(path, overrides, rustix::process::geteuid().as_raw())
}

/// As [`load`], for a caller with this user id.
pub fn load_as(path: &Path, overrides: &[(String, String)], uid: u32) -> Result<Settings> {
    let folder = path.parent().filter(|_| path.is_absolute());
    let folder = folder.ok_or_else(|| Failure::internal("the configuration's path is not absolute"))?;
    let content = locate::read_trusted(path, uid)?;
    complete(path, folder, &content, overrides)
}

/// What an empty configuration file at this absolute path would mean.
pub fn standard(path: &Path) -> Result<Settings> {
    let folder = path.parent().ok_or_else(|| Failure::internal("the configuration's path has no folder"))?;
    complete(path, folder, "", &[])
}

fn complete(path: &Path, folder: &Path, content: &str, overrides: &[(String, String)]) -> Result<Settings> {
    let values = effective::resolve(path, content, overrides)?;
    build::build(path, folder, &values).map_err(|failure| failure.with("file", path.display()))
}

/// Splits the `key=value` of `--set`.
pub fn parse_override(argument: &str) -> Result<(String, String)> {
    let pair = argument.split_once('=').filter(|(key, _)| !key.trim().is_empty());
    let (key, value) = pair.ok_or_else(|| Failure::usage(crate::text::settings::SET_SHAPE))?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

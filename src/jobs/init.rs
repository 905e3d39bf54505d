//! Makes a configuration and an empty registry.

use std::path::Path;

use crate::config::{self, Settings};
use crate::failure::{Failure, Result};
use crate::io::private;
use crate::io::secret_key::SecretKey;
use crate::io::side_file::SideFile;
use crate::io::spool::Spool;
use crate::registry::Registry;
use crate::text::{Language, failure as text};

/// Makes them in a folder that has neither.
pub fn make(folder: &Path, language: Language) -> Result<Settings> {
    private::create_folder(folder)?;
    let folder = folder.canonicalize().map_err(|error| Failure::io(folder, error))?;
    let file = folder.join(config::FILE_NAME);
    for taken in [&file, &folder.join("registry.db")] {
        if taken.symlink_metadata().is_ok() {
            return Err(Failure::failed(text::ALREADY_THERE).with("path", taken.display()));
        }
    }
    let mut written = private::create_new(&file)?;
    std::io::Write::write_all(&mut written, config::commented(language).as_bytes())
        .and_then(|()| written.sync_all())
        .map_err(|error| Failure::io(&file, error))?;
    let settings = config::load(&file, &[])?;
    drop(Registry::create(&settings.registry)?);
    drop(SecretKey::create(&settings.key_file())?);
    drop(SideFile::create(&settings.side_file())?);
    drop(Spool::open(&settings.spool)?);
    private::create_folder(&settings.spar.server.path)?;
    for part in ["in", "out"] {
        private::create_folder(&settings.spar.server.path.join(part))?;
    }
    private::sync_folder(&folder)?;
    Ok(settings)
}

//! The configuration, which was read before anything here began, and its secrets.

use super::{Area, Around, Check, Diagnosis, Verdict};
use crate::config::secret;
use crate::text::doctor as text;

pub(super) fn look(around: &Around<'_>, diagnosis: &Diagnosis<'_>) {
    let settings = around.settings;
    let file = settings.file.display();
    let read = Check::new(Area::Configuration, "file", &file, Verdict::Well, text::CONFIGURATION_READ);
    diagnosis.note(read.with("registry", settings.registry.display()));
    diagnosis.note(match secret::check(&settings.spar.server, around.credentials.as_deref()) {
        Ok(()) => Check::new(Area::Configuration, "secrets", "", Verdict::Well, text::SECRETS_CLOSED),
        Err(failure) => Check::failed(Area::Configuration, "secrets", "", &failure),
    });
}

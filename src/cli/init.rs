//! `mantal init`

use std::path::PathBuf;

use super::output;
use super::session::{Session, locale};
use crate::failure::Result;
use crate::text::{Language, line};

/// Makes a commented configuration and an empty registry; refuses a folder that has either.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal init /srv/mantal --lang sv"))]
pub(crate) struct Args {
    /// The folder (default: here)
    folder: Option<PathBuf>,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let language = session.global.lang.as_deref().and_then(Language::parse).unwrap_or_else(locale);
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    let settings = crate::jobs::init::make(&folder, language)?;
    if session.global.json {
        output::out(&serde_json::json!({ "config": settings.file.display().to_string() }).to_string());
    } else if output::is_watched() && !session.global.quiet {
        output::err(&line::MADE.render(language, [("path", settings.file.display().to_string().as_str())]));
    }
    Ok(0)
}

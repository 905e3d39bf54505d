//! `mantal init`

use std::path::PathBuf;

use super::output;
use super::session::{Session, locale};
use crate::failure::Result;
use crate::jobs;
use crate::text::{Language, line};

/// Makes a commented configuration and an empty registry; refuses a folder that has either.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal init /srv/people --lang sv"))]
pub(crate) struct Args {
    /// The folder (default: here; with --config the registry that this configuration names, and no configuration)
    folder: Option<PathBuf>,
}

/// What was made: the language to say it in, the configuration, what a person looks for.
struct Made {
    language: Language,
    config: PathBuf,
    told: PathBuf,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let is_configured = args.folder.is_none() && session.global.config.is_some();
    let made = if is_configured { make_configured(session)? } else { make(session, args)? };
    if session.global.json {
        output::out(&serde_json::json!({ "config": made.config.display().to_string() }).to_string());
    } else if output::is_watched() && !session.global.quiet {
        output::err(&line::MADE.render(made.language, [("path", made.told.display().to_string().as_str())]));
    }
    Ok(0)
}

fn make(session: &Session, args: &Args) -> Result<Made> {
    let language = session.global.lang.as_deref().and_then(Language::parse).unwrap_or_else(locale);
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    let file = jobs::init::make(&folder, language)?.file;
    Ok(Made { language, config: file.clone(), told: file })
}

fn make_configured(session: &Session) -> Result<Made> {
    let settings = session.settings()?;
    jobs::init::make_configured(settings)?;
    let (config, told) = (settings.file.clone(), settings.registry.clone());
    Ok(Made { language: session.language(), config, told })
}

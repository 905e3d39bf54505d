//! `mantal config`

use super::output;
use super::session::Session;
use crate::failure::Result;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Read the configuration and say what is wrong with it; secrets must be closed to others
    #[command(after_help = help_end!(view, "mantal config check --config /etc/mantal/mantal.toml"))]
    Check,
    /// Show every setting and where it comes from; no secrets
    #[command(after_help = help_end!(view, "mantal config show"))]
    Show,
}

pub(crate) fn run(session: &Session, command: &Command) -> Result<u8> {
    let settings = session.settings()?;
    match command {
        Command::Check => {
            let credentials = std::env::var_os("CREDENTIALS_DIRECTORY").map(std::path::PathBuf::from);
            crate::config::secret::check(&settings.spar.server, credentials.as_deref())?;
            if session.global.json {
                output::out(
                    &serde_json::json!({ "ok": true, "file": settings.file.display().to_string() })
                        .to_string(),
                );
            }
        }
        Command::Show => show(session)?,
    }
    Ok(0)
}

fn show(session: &Session) -> Result<()> {
    let settings = session.settings()?;
    if session.global.json {
        let all: serde_json::Map<String, serde_json::Value> = settings
            .show()
            .iter()
            .map(|shown| {
                let value = serde_json::json!({ "value": shown.value, "origin": shown.origin.name() });
                (shown.key.clone(), value)
            })
            .collect();
        output::out(&serde_json::Value::from(all).to_string());
        return Ok(());
    }
    let mut lines = output::Lines::new();
    lines.put(&format!("# {}", settings.file.display()));
    for shown in settings.show() {
        lines.put(&format!("{} = {}  # {}", shown.key, shown.value, shown.origin.name()));
    }
    Ok(())
}

//! `mantal demo`

use std::path::PathBuf;

use super::output;
use super::session::{Session, now};
use crate::demo::{Order, Town, run as demonstrate};
use crate::failure::Result;

/// Makes a folder with invented people, has SPAR answer about them, applies the answer twice, and shows what to look at.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(view, "mantal demo /tmp/mantal-demo --people 5000"))]
pub(crate) struct Args {
    /// An empty or new folder
    #[arg(default_value = "mantal-demo")]
    folder: PathBuf,
    /// How many people to invent
    #[arg(long, default_value_t = 1_000)]
    people: u64,
    /// Another seed, other people
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(session: &Session, args: &Args) -> Result<u8> {
    let language = session.language();
    let tour = session.with_surroundings(|around| {
        demonstrate(&Order {
            folder: &args.folder,
            town: Town { people: args.people, seed: args.seed },
            language,
            today: around.today,
            now: &now,
            stop: around.stop,
            who: around.who,
            progress: around.progress,
        })
    })?;
    if session.global.json {
        output::out(
            &serde_json::json!({ "folder": tour.folder, "config": tour.config, "next": tour.next })
                .to_string(),
        );
    } else {
        output::out(&tour.render(language));
    }
    Ok(0)
}

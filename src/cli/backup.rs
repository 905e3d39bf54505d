//! `mantal backup` and `mantal restore`

use std::path::PathBuf;

use super::flags::RunFlags;
use super::session::Session;
use crate::failure::Result;
use crate::jobs::Origin;
use crate::jobs::backup::Backup;
use crate::jobs::restore::{AcceptLoss, Loss, Restore, restore as bring_back};

/// Copies the registry while it is in use, and verifies the copy. Key and side file are left out.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal backup --secrets /media/safe/mantal"))]
pub(crate) struct BackupArgs {
    /// The new file (default: the next one in backup.dir; the oldest of those go)
    file: Option<PathBuf>,
    /// Copy key and side file to this folder; keep it elsewhere than the backups
    #[arg(long, value_name = "DIR")]
    secrets: Option<PathBuf>,
    #[command(flatten)]
    flags: RunFlags,
}

/// Brings a backup back: whoever was protected since stays protected, nothing is sent twice.
#[derive(Debug, clap::Args)]
#[command(after_help = help_end!(run, "mantal restore backups/mantal-20261122T083625Z.db"))]
pub(crate) struct RestoreArgs {
    /// The backup
    #[arg(required_unless_present = "accept_loss")]
    file: Option<PathBuf>,
    /// Go on although key or side file are lost: people protected since the backup may be open again
    #[arg(long)]
    accept_loss: bool,
    /// Wait for another run to end
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
}

pub(crate) fn run(session: &Session, args: BackupArgs) -> Result<u8> {
    session.execute(&mut Backup { file: args.file, secrets: args.secrets }, &args.flags)
}

pub(crate) fn restore(session: &Session, args: RestoreArgs) -> Result<u8> {
    let flags = RunFlags { wait: args.wait, ..RunFlags::default() };
    let Some(file) = args.file else {
        return session.execute(&mut AcceptLoss, &flags);
    };
    let loss = if args.accept_loss { Loss::Accepted } else { Loss::Noted };
    let report =
        session.with_setup(Origin::Hand, &flags, |setup| Ok(bring_back(&Restore { file, loss }, setup)))?;
    Ok(session.finish(&report, false))
}

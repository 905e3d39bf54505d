//! SFTP over SSH, with russh and russh-sftp (docs/adr/0001-sftp-library.md). They are asynchronous; nothing outside this
//! folder is: each step waits here, within the limits of the session.

mod cause;
mod files;
mod known_hosts;
mod login;
mod open;
mod patience;
mod transfer;
mod trust;
mod way_in;

use std::{
    io::{Read, Write},
    time::Duration,
};

use russh::{Disconnect, client::Handle};
use tokio::runtime::Runtime;

pub(super) use open::connect;

use self::{files::Files, patience::Patience, trust::Gate};
use super::{
    FaultKind, Folder, Listing, Size,
    fault::Cause,
    session::{Outcome, Session},
};
use crate::io::Existing;

/// A session with an SSH server.
pub(super) struct Sftp {
    /// None once it broke.
    line: Option<(Handle<Gate>, Files)>,
    /// None when it ends.
    runtime: Option<Runtime>,
    patience: Patience,
    server: String,
    put: String,
    get: String,
}

impl Sftp {
    fn folder(&self, folder: Folder) -> &str {
        match folder {
            Folder::Put => &self.put,
            Folder::Get => &self.get,
        }
    }

    fn files(&self) -> Outcome<&Files> {
        let files = self.line.as_ref().map(|(_, files)| files);
        files.ok_or_else(|| Cause::new(FaultKind::Broken, "session over"))
    }

    fn wait<T>(&self, work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        let runtime = self.runtime.as_ref();
        let runtime = runtime.ok_or_else(|| Cause::new(FaultKind::Broken, "session over"))?;
        let has_ended = || self.line.as_ref().is_some_and(|(ssh, _)| ssh.is_closed());
        runtime.block_on(self.patience.wait_over(has_ended, work))
    }
}

impl Session for Sftp {
    fn list(&mut self, folder: Folder, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing> {
        self.wait(self.files()?.list(self.folder(folder), wanted))
    }

    fn size(&mut self, folder: Folder, name: &str) -> Outcome<Size> {
        self.wait(self.files()?.size(self.folder(folder), name))
    }

    fn fetch(&mut self, folder: Folder, name: &str, sink: &mut dyn Write) -> Outcome<u64> {
        self.wait(self.files()?.fetch(self.folder(folder), name, sink, &self.patience))
    }

    fn store(
        &mut self,
        folder: Folder,
        name: &str,
        source: &mut dyn Read,
        existing: Existing,
    ) -> Outcome<u64> {
        self.wait(self.files()?.store(self.folder(folder), name, source, existing, &self.patience))
    }

    fn rename(&mut self, folder: Folder, from: &str, to: &str) -> Outcome<()> {
        self.wait(self.files()?.rename(self.folder(folder), from, to))
    }

    fn delete(&mut self, folder: Folder, name: &str) -> Outcome<()> {
        self.wait(self.files()?.delete(self.folder(folder), name))
    }

    fn server(&self) -> &str {
        &self.server
    }

    fn folder_name(&self, folder: Folder) -> &str {
        self.folder(folder)
    }

    fn verdict(&self) -> Option<Cause> {
        self.patience.verdict()
    }

    fn give_up(&mut self) {
        self.line = None;
    }
}

/// Takes leave where that costs nothing; what was done is done.
impl Drop for Sftp {
    fn drop(&mut self) {
        const LEAVE: Duration = Duration::from_secs(1);
        let Some(runtime) = self.runtime.take() else { return };
        if self.patience.verdict().is_none()
            && let Some((ssh, _)) = &self.line
        {
            let leave = ssh.disconnect(Disconnect::ByApplication, "", "");
            let limit = self.patience.at_most(LEAVE);
            // A server that doesn't hear a goodbye has done its work all the same.
            let _ = runtime.block_on(async { tokio::time::timeout(limit, leave).await });
        }
        runtime.shutdown_background();
    }
}

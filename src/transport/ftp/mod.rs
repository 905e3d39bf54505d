//! FTP: one control connection, a data connection for each transfer, all with their own timeouts and under one watch.
//!
//! It works in the two folders by going there and naming bare files, which servers agree about more than about paths.
//! Generic over the stream that suppaftp speaks on, so that TLS is another way to open a session, not another session.

mod dial;
mod files;
mod implicit;
mod listing;
mod open;
mod reply;
mod tls;
mod transfer;

use std::{
    io::{Read, Write},
    time::Duration,
};

use suppaftp::{FtpError, ImplFtpStream, TlsStream};

pub(super) use open::{Turn, connect, connect_secured};

use super::{
    Deadline, FaultKind, Folder, Listing, Size,
    fault::Cause,
    session::{Outcome, Session},
    watch::{Watch, Watched},
};
use crate::io::Existing;

type Spoken<T> = std::result::Result<T, FtpError>;

/// A session with an FTP server.
pub(super) struct Ftp<T: TlsStream> {
    /// None once it broke.
    line: Option<ImplFtpStream<T>>,
    watch: Watch,
    _control: Watched,
    place: Place,
    /// Where we are.
    current: Option<Folder>,
    /// What the server turned out to have.
    has_facts: Option<bool>,
    has_sizes: bool,
}

/// Where things are, and how long we wait.
struct Place {
    server: String,
    home: String,
    put: String,
    get: String,
    is_active: bool,
    is_secured: bool,
    connect: Duration,
    idle: Duration,
    deadline: Deadline,
}

impl<T: TlsStream> Ftp<T> {
    /// Says one thing to the server.
    fn say<R>(&mut self, what: impl FnOnce(&mut ImplFtpStream<T>) -> Spoken<R>) -> Outcome<R> {
        let idle = self.place.idle;
        what(self.line()?).map_err(|error| reply::cause(error, idle))
    }

    fn line(&mut self) -> Outcome<&mut ImplFtpStream<T>> {
        if let Some(cause) = self.watch.verdict() {
            return Err(cause);
        }
        self.line.as_mut().ok_or_else(|| Cause::new(FaultKind::Broken, "session over"))
    }

    /// Goes to a folder, unless we are there.
    fn enter(&mut self, folder: Folder) -> Outcome<()> {
        if self.current == Some(folder) {
            return Ok(());
        }
        self.current = None;
        let (home, path) = (self.place.home.clone(), self.place.path(folder).to_owned());
        if !path.starts_with('/') {
            self.go(&home)?;
        }
        if !matches!(path.as_str(), "" | ".") {
            self.go(&path)?;
        }
        self.current = Some(folder);
        Ok(())
    }

    fn go(&mut self, path: &str) -> Outcome<()> {
        self.say(|line| line.cwd(path)).map_err(|mut cause| {
            if matches!(cause.kind, FaultKind::Denied | FaultKind::Unsupported) {
                cause.kind = FaultKind::NoFolder;
            }
            cause
        })
    }
}

impl<T: TlsStream> Session for Ftp<T> {
    fn list(&mut self, folder: Folder, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing> {
        self.files(folder, wanted)
    }

    fn size(&mut self, folder: Folder, name: &str) -> Outcome<Size> {
        self.look(folder, name)
    }

    fn fetch(&mut self, folder: Folder, name: &str, sink: &mut dyn Write) -> Outcome<u64> {
        self.retrieve(folder, name, sink)
    }

    fn store(
        &mut self,
        folder: Folder,
        name: &str,
        source: &mut dyn Read,
        existing: Existing,
    ) -> Outcome<u64> {
        self.put(folder, name, source, existing)
    }

    fn rename(&mut self, folder: Folder, from: &str, to: &str) -> Outcome<()> {
        self.give_name(folder, from, to)
    }

    fn delete(&mut self, folder: Folder, name: &str) -> Outcome<()> {
        self.remove(folder, name)
    }

    fn server(&self) -> &str {
        &self.place.server
    }

    fn folder_name(&self, folder: Folder) -> &str {
        self.place.path(folder)
    }

    fn verdict(&self) -> Option<Cause> {
        self.watch.verdict()
    }

    fn give_up(&mut self) {
        self.watch.shut();
        self.line = None;
    }
}

/// Takes leave where that costs nothing; what was done is done.
impl<T: TlsStream> Drop for Ftp<T> {
    fn drop(&mut self) {
        const LEAVE: Duration = Duration::from_secs(1);
        if self.watch.verdict().is_none()
            && let Some(line) = &mut self.line
            && dial::limit_silence(&line.get_ref(), self.place.deadline.at_most(LEAVE)).is_ok()
        {
            // A server that doesn't answer a goodbye has done its work all the same.
            drop(line.quit());
        }
    }
}

impl Place {
    fn path(&self, folder: Folder) -> &str {
        match folder {
            Folder::Put => &self.put,
            Folder::Get => &self.get,
        }
    }
}

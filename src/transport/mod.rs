//! Files over a folder or a server, behind one small trait. Knows no people: a file here is a name and bytes.
//!
//! A session does each thing once; [`Persistent`] pauses and tries again. What a server says of success is not
//! believed: the caller compares sizes after [`Transport::store`] and [`Transport::fetch`]. Names from outside are data:
//! one that is not a plain file name is never sent back, joined to a folder or listed as a file.

mod addresses;
mod deadline;
mod dial;
mod dir;
mod fault;
mod flaw;
mod ftp;
mod name;
mod persistent;
pub mod ping;
mod pump;
mod session;
mod sftp;
mod step;
mod watch;

use std::{
    io::{Read, Write},
    path::PathBuf,
    sync::{Arc, atomic::AtomicUsize},
};

pub use deadline::Deadline;
pub use fault::{Fault, FaultKind, Limit, place};
pub use flaw::{Flaw, Unfit};
pub use persistent::{HandedOver, Persistent, Retry, pauses};
pub use step::{Secured, Step};

use crate::{
    config::{self, ServerSettings, secret::Secret},
    io::Existing,
    text::{Message, Params, transport as text},
};

/// The result of everything that a transport does.
pub type Result<T> = std::result::Result<T, Fault>;

/// More names than any drop folder has; a listing that goes on is not read to its end.
pub const MOST_NAMES: usize = 200_000;

/// One of the two folders of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// Where we put.
    Put,
    /// Where we take.
    Get,
}

/// A plain file of the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteFile {
    /// Its name in its folder, safe to join.
    pub name: String,
    /// In bytes, where the other side tells.
    pub size: Option<u64>,
    /// As the other side tells it: compared with what it told before, never understood.
    pub modified: Option<String>,
}

/// What a folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The wanted files, by name, each once.
    pub files: Vec<RemoteFile>,
    /// How many names were no plain file names and left out.
    pub odd: u64,
    /// The first of them, escaped and shortened.
    pub odd_names: Vec<String>,
}

/// Whether a file is there, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// No file has that name.
    Absent,
    /// It is there, and the other side doesn't tell.
    Unknown,
    /// It is there, with so many bytes.
    Bytes(u64),
}

/// One session with the other side. After a fault that broke it, every further call is a fault too.
pub trait Transport {
    /// The plain files whose name is wanted. Folders, links and pipes are left out.
    fn list(&mut self, folder: Folder, wanted: &dyn Fn(&str) -> bool) -> Result<Listing>;

    /// Whether a file is there, and how long it is.
    fn size(&mut self, folder: Folder, name: &str) -> Result<Size>;

    /// Reads a file to its end as far as the other side gives it; how many bytes that were.
    fn fetch(&mut self, folder: Folder, name: &str, sink: &mut dyn Write) -> Result<u64>;

    /// Writes a file under this very name; how many bytes were given away. Readers can see it half written.
    fn store(&mut self, folder: Folder, name: &str, source: &mut dyn Read, existing: Existing)
    -> Result<u64>;

    /// Gives a file another name in its folder; a name that is taken is a fault.
    fn rename(&mut self, folder: Folder, from: &str, to: &str) -> Result<()>;

    /// Removes a file; one that is not there is a fault.
    fn delete(&mut self, folder: Folder, name: &str) -> Result<()>;
}

/// Whom to call, with what, and until when.
pub struct Call<'c> {
    /// The other side.
    pub server: &'c ServerSettings,
    /// Of the login, or of the private key.
    pub password: Option<&'c Secret>,
    /// For `sftp`.
    pub private_key: Option<&'c Secret>,
    /// For `sftp`.
    pub ssh: &'c SshPlaces,
    /// When everything must have ended.
    pub deadline: Deadline,
    /// The number of a signal that came, or 0: everything ends soon after.
    pub stop: Arc<AtomicUsize>,
    /// Told of each step that was got through.
    pub witness: &'c dyn Fn(&Step),
}

/// What the programs of OpenSSH share on a machine, for `sftp`.
#[derive(Clone, Debug, Default)]
pub struct SshPlaces {
    /// `$SSH_AUTH_SOCK`: where the agent listens.
    pub agent: Option<PathBuf>,
    /// Where host keys are looked for if the configuration names no file; those that are missing don't count.
    pub known_hosts: Vec<PathBuf>,
}

/// Opens a session.
pub fn connect(call: &Call<'_>) -> Result<Box<dyn Transport>> {
    match call.server.transport {
        config::Transport::Dir => {
            Ok(Box::new(dir::Dir::open(call.server, call.deadline, Arc::clone(&call.stop))?))
        }
        config::Transport::Ftp => ftp::connect(call),
        config::Transport::Ftps => ftp::connect_secured(call, ftp::Turn::Explicit),
        config::Transport::FtpsImplicit => ftp::connect_secured(call, ftp::Turn::Implicit),
        config::Transport::Sftp => sftp::connect(call),
    }
}

/// What is to be said in every run that uses this server, whether it can be reached or not.
pub fn warning(server: &ServerSettings) -> Option<(Message, Params)> {
    match server.transport {
        config::Transport::Ftp => {
            Some((text::CLEAR_TEXT, vec![("server", crate::failure::escaped(&fault::place(server)))]))
        }
        config::Transport::Dir
        | config::Transport::Ftps
        | config::Transport::FtpsImplicit
        | config::Transport::Sftp => None,
    }
}

impl Listing {
    /// The line about names that were left out, if there were any.
    pub fn odd_line(&self) -> Option<(Message, Params)> {
        let params = || vec![("count", self.odd.to_string()), ("names", self.odd_names.join(", "))];
        (self.odd > 0).then(|| (text::ODD_NAMES, params()))
    }

    fn leave_out(&mut self, name: &[u8]) {
        const MOST_SHOWN: usize = 3;
        self.odd += 1;
        if self.odd_names.len() < MOST_SHOWN {
            self.odd_names.push(name::shown(name));
        }
    }

    fn in_order(mut self) -> Self {
        self.files.sort_by(|one, other| one.name.cmp(&other.name));
        self.files.dedup_by(|one, other| one.name == other.name);
        self
    }
}

//! Files that only their owner can read, in folders that only their owner can enter, whatever the umask. Nothing here
//! follows a link in the last part of a path, waits for a FIFO or overwrites what is there.

use std::{
    fs::File,
    io,
    os::{
        fd::AsFd,
        unix::fs::{MetadataExt, PermissionsExt},
    },
    path::Path,
};

use rustix::{
    fs::{Gid, Mode, OFlags, Uid},
    io::Errno,
    process::{Resource, Rlimit},
};

use crate::{
    failure::{Failure, Result},
    text::{Message, files as text},
};

const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;
const OTHERS: u32 = 0o077;

/// Makes whatever this process creates private, the registry's files too. Called once, before anything is created.
pub fn tighten_umask() {
    rustix::process::umask(Mode::from_raw_mode(OTHERS));
}

/// A core dump would hold passwords and identity numbers: there is none. Called once, before any secret is read.
pub fn forbid_core_dumps() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    // To lower a limit is always allowed.
    let _ = rustix::process::setrlimit(Resource::Core, none);
}

/// Creates a file of mode 0600 for writing; it is a failure if anything has that name, a link included.
pub fn create_new(path: &Path) -> Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
    let file = open_with(path, flags).map_err(|error| Failure::io(path, error))?;
    settle(&file, path, FILE_MODE)?;
    Ok(file)
}

/// Opens a file of our own for reading; it must be a plain file that nobody else can read or write.
pub fn open(path: &Path) -> Result<File> {
    checked(path, OFlags::RDONLY)
}

/// Opens a file of our own for adding to its end.
pub fn open_to_append(path: &Path) -> Result<File> {
    checked(path, OFlags::RDWR | OFlags::APPEND)
}

/// Opens a plain file that somebody named, links followed, whoever may read it.
pub fn open_foreign(path: &Path) -> Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    let file =
        rustix::fs::open(path, flags, Mode::empty()).map_err(|error| Failure::io(path, error.into()))?;
    let file = File::from(file);
    let facts = file.metadata().map_err(|error| Failure::io(path, error))?;
    if facts.is_file() { Ok(file) } else { Err(refused(text::NO_PLAIN_FILE, path)) }
}

/// Opens the file, or creates it with mode 0600. A file with a looser mode gets the right one.
pub(super) fn open_or_create(path: &Path) -> Result<File> {
    match open_with(path, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL) {
        Ok(file) => {
            settle(&file, path, FILE_MODE)?;
            Ok(file)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let file = plain(path, OFlags::RDWR)?;
            let mode = file.metadata().map_err(|error| Failure::io(path, error))?.mode();
            if mode & OTHERS != 0 {
                set_mode(&file, path, FILE_MODE)?;
            }
            Ok(file)
        }
        Err(error) => Err(Failure::io(path, error)),
    }
}

/// Creates a folder of mode 0700, or takes the one that is there; a link to a folder will do, a file won't.
pub fn create_folder(path: &Path) -> Result<()> {
    match rustix::fs::mkdir(path, Mode::from_raw_mode(FOLDER_MODE)) {
        Ok(()) => {
            let folder = open_with(path, OFlags::RDONLY | OFlags::DIRECTORY);
            settle(&folder.map_err(|error| Failure::io(path, error))?, path, FOLDER_MODE)?;
            sync_folder(parent(path))
        }
        Err(Errno::EXIST) if path.is_dir() => Ok(()),
        Err(Errno::EXIST) => Err(refused(text::NO_FOLDER, path)),
        Err(error) => Err(Failure::io(path, error.into())),
    }
}

/// Makes the names in a folder survive a power cut.
pub fn sync_folder(path: &Path) -> Result<()> {
    let folder = File::open(path).map_err(|error| Failure::io(path, error))?;
    folder.sync_all().map_err(|error| Failure::io(path, error))
}

/// The folder that a path is in.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

pub(super) fn refused(message: Message, path: &Path) -> Failure {
    Failure::failed(message).with("file", path.display())
}

/// A link or a FIFO in the file's place is neither followed nor waited for.
fn open_with(path: &Path, flags: OFlags) -> io::Result<File> {
    let careful = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    Ok(rustix::fs::open(path, flags | careful, Mode::from_raw_mode(FILE_MODE))?.into())
}

fn plain(path: &Path, flags: OFlags) -> Result<File> {
    let file = open_with(path, flags).map_err(|error| match Errno::from_io_error(&error) {
        // What these say of a link, a folder and a socket.
        Some(Errno::LOOP | Errno::ISDIR | Errno::NXIO) => refused(text::NO_PLAIN_FILE, path),
        _ => Failure::io(path, error),
    })?;
    let facts = file.metadata().map_err(|error| Failure::io(path, error))?;
    if facts.is_file() { Ok(file) } else { Err(refused(text::NO_PLAIN_FILE, path)) }
}

fn checked(path: &Path, flags: OFlags) -> Result<File> {
    let file = plain(path, flags)?;
    let mode = file.metadata().map_err(|error| Failure::io(path, error))?.mode();
    if mode & OTHERS == 0 { Ok(file) } else { Err(refused(text::READABLE, path)) }
}

/// The mode that was asked for, whatever the umask; and the folder's owner when root works in somebody's folder, so
/// that a job run once with sudo doesn't lock out the nightly one.
fn settle(file: &File, path: &Path, mode: u32) -> Result<()> {
    set_mode(file, path, mode)?;
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let folder = parent(path).metadata().map_err(|error| Failure::io(path, error))?;
    if folder.uid() == 0 {
        return Ok(());
    }
    let (owner, group) = (Uid::from_raw(folder.uid()), Gid::from_raw(folder.gid()));
    rustix::fs::fchown(file.as_fd(), Some(owner), Some(group))
        .map_err(|error| Failure::io(path, error.into()))
}

fn set_mode(file: &File, path: &Path, mode: u32) -> Result<()> {
    let permissions = std::fs::Permissions::from_mode(mode);
    file.set_permissions(permissions).map_err(|error| Failure::io(path, error))
}

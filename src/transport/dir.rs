//! A folder as the other side: `in/` where we put, `out/` where we take. Whoever shares the folder may plant what they
//! like: links are not followed, pipes not waited for, and every name is looked up in the opened folder.

use std::{
    ffi::CStr,
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicUsize},
};

use rustix::{
    fs::{AtFlags, FileType, Mode, OFlags, RenameFlags, Stat},
    io::Errno,
};

use super::{
    Deadline, Folder, Listing, MOST_NAMES, RemoteFile, Result, Size,
    fault::{Cause, FaultKind},
    name::plain,
    pump::{Stuck, pump},
    session::{Checked, Outcome, Session},
    watch::verdict,
};
use crate::{config::ServerSettings, io::Existing};

/// A folder with `in/` and `out/`.
pub(super) struct Dir {
    path: PathBuf,
    shown: String,
    deadline: Deadline,
    stop: Arc<AtomicUsize>,
}

impl Dir {
    pub(super) fn open(
        server: &ServerSettings,
        deadline: Deadline,
        stop: Arc<AtomicUsize>,
    ) -> Result<Checked<Self>> {
        let path = server.path.clone();
        let dir = Self { shown: path.display().to_string(), path, deadline, stop };
        let opened = dir.may_go_on().and_then(|()| open_folder(&dir.path));
        opened.map_err(|cause| cause.at(&dir.shown, "open"))?;
        Ok(Checked(dir))
    }

    fn may_go_on(&self) -> Outcome<()> {
        self.verdict().map_or(Ok(()), Err)
    }

    fn folder(&self, folder: Folder) -> Outcome<File> {
        open_folder(&self.path.join(folder_name(folder)))
    }

    fn entries(&self, folder: Folder, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing> {
        let folder = self.folder(folder)?;
        let mut listing = Listing::default();
        let mut seen = 0;
        for entry in rustix::fs::Dir::read_from(&folder).map_err(of_errno)? {
            self.may_go_on()?;
            seen += 1;
            if seen > MOST_NAMES {
                return Err(Cause::new(FaultKind::Protocol, format_args!("> {MOST_NAMES} names")));
            }
            add(&mut listing, &folder, entry.map_err(of_errno)?.file_name(), wanted)?;
        }
        Ok(listing.in_order())
    }

    fn read(&self, folder: Folder, name: &str, sink: &mut dyn Write) -> Outcome<u64> {
        let flags = OFlags::RDONLY | careful();
        let file = rustix::fs::openat(self.folder(folder)?, name, flags, Mode::empty()).map_err(of_errno)?;
        let mut file = File::from(file);
        if !file.metadata().map_err(|error| Cause::of_folder(&error))?.is_file() {
            return Err(Cause::new(FaultKind::Denied, "no plain file"));
        }
        pump(&mut file, sink, &|| self.may_go_on()).map_err(|stuck| match stuck {
            Stuck::Reading(error) => Cause::of_folder(&error),
            Stuck::Writing(error) => Cause::new(FaultKind::Local, error),
            Stuck::Over(cause) => cause,
        })
    }

    fn write(&self, folder: Folder, name: &str, source: &mut dyn Read, existing: Existing) -> Outcome<u64> {
        let folder = self.folder(folder)?;
        if existing == Existing::Replace && find(&folder, name)?.is_some() {
            unlink(&folder, name)?;
        }
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | careful();
        let file = rustix::fs::openat(&folder, name, flags, Mode::RUSR | Mode::WUSR).map_err(of_errno)?;
        let mut file = File::from(file);
        let written = pump(source, &mut file, &|| self.may_go_on()).map_err(|stuck| match stuck {
            Stuck::Reading(error) => Cause::new(FaultKind::Local, error),
            Stuck::Writing(error) => Cause::of_folder(&error),
            Stuck::Over(cause) => cause,
        })?;
        sync(&file)?;
        sync(&folder)?;
        Ok(written)
    }
}

impl Session for Dir {
    fn list(&mut self, folder: Folder, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing> {
        self.entries(folder, wanted)
    }

    fn size(&mut self, folder: Folder, name: &str) -> Outcome<Size> {
        let found = find(&self.folder(folder)?, name)?;
        Ok(found.filter(is_file).map_or(Size::Absent, |stat| Size::Bytes(length(&stat))))
    }

    fn fetch(&mut self, folder: Folder, name: &str, sink: &mut dyn Write) -> Outcome<u64> {
        self.read(folder, name, sink)
    }

    fn store(
        &mut self,
        folder: Folder,
        name: &str,
        source: &mut dyn Read,
        existing: Existing,
    ) -> Outcome<u64> {
        self.write(folder, name, source, existing)
    }

    fn rename(&mut self, folder: Folder, from: &str, to: &str) -> Outcome<()> {
        let folder = self.folder(folder)?;
        known(&folder, from)?;
        match rustix::fs::renameat_with(&folder, from, &folder, to, RenameFlags::NOREPLACE) {
            Err(Errno::INVAL | Errno::NOSYS) => link_instead(&folder, from, to)?,
            done => done.map_err(of_errno)?,
        }
        sync(&folder)
    }

    fn delete(&mut self, folder: Folder, name: &str) -> Outcome<()> {
        let folder = self.folder(folder)?;
        known(&folder, name)?;
        unlink(&folder, name)?;
        sync(&folder)
    }

    fn server(&self) -> &str {
        &self.shown
    }

    fn folder_name(&self, folder: Folder) -> &str {
        folder_name(folder)
    }

    fn verdict(&self) -> Option<Cause> {
        verdict(self.deadline, &self.stop)
    }

    /// Every step opens the folder anew.
    fn give_up(&mut self) {}
}

const fn folder_name(folder: Folder) -> &'static str {
    match folder {
        Folder::Put => "in",
        Folder::Get => "out",
    }
}

fn careful() -> OFlags {
    OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY
}

/// The drop folder itself may be a link or a mount: whoever configured it chose it.
fn open_folder(path: &Path) -> Outcome<File> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = rustix::fs::open(path, flags, Mode::empty());
    folder.map(File::from).map_err(|error| Cause::new(FaultKind::NoFolder, io::Error::from(error)))
}

fn add(listing: &mut Listing, folder: &File, name: &CStr, wanted: &dyn Fn(&str) -> bool) -> Outcome<()> {
    let bytes = name.to_bytes();
    if matches!(bytes, b"." | b"..") {
        return Ok(());
    }
    let Some(name) = plain(bytes) else {
        listing.leave_out(bytes);
        return Ok(());
    };
    if !wanted(name) {
        return Ok(());
    }
    // One that was taken away meanwhile is not there.
    if let Some(stat) = find(folder, name)?.filter(is_file) {
        let modified = Some(format!("{}.{:09}", stat.st_mtime, stat.st_mtime_nsec));
        listing.files.push(RemoteFile { name: name.to_owned(), size: Some(length(&stat)), modified });
    }
    Ok(())
}

/// Whatever has that name, a link not followed.
fn find(folder: &File, name: &str) -> Outcome<Option<Stat>> {
    match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(of_errno(error)),
    }
}

/// A plain file of that name must be there.
fn known(folder: &File, name: &str) -> Outcome<()> {
    match find(folder, name)? {
        Some(stat) if is_file(&stat) => Ok(()),
        Some(_) => Err(Cause::new(FaultKind::Denied, "no plain file")),
        None => Err(FaultKind::Missing.into()),
    }
}

fn is_file(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
}

fn length(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or_default()
}

fn unlink(folder: &File, name: &str) -> Outcome<()> {
    rustix::fs::unlinkat(folder, name, AtFlags::empty()).map_err(of_errno)
}

/// For file systems that can't refuse in a rename: a second name never replaces anything.
fn link_instead(folder: &File, from: &str, to: &str) -> Outcome<()> {
    rustix::fs::linkat(folder, from, folder, to, AtFlags::empty()).map_err(of_errno)?;
    unlink(folder, from)
}

fn sync(file: &File) -> Outcome<()> {
    file.sync_all().map_err(|error| Cause::of_folder(&error))
}

fn of_errno(error: Errno) -> Cause {
    // What a link says that is not followed.
    if error == Errno::LOOP {
        return Cause::new(FaultKind::Denied, "no plain file");
    }
    Cause::of_folder(&error.into())
}

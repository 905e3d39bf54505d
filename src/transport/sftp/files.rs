//! What a session does with files: looked at first with LSTAT, so that nothing but a plain file is read, written over,
//! renamed or removed.

use russh_sftp::{
    client::{RawSftpSession, error::Error},
    protocol::{FileAttributes, FileMode, StatusCode},
};

use super::cause::of_sftp;
use crate::transport::{
    Listing, MOST_NAMES, RemoteFile, Size,
    fault::{Cause, FaultKind},
    name::plain,
    session::Outcome,
};

/// The connection to the server's files.
pub(super) struct Files {
    pub(super) sftp: RawSftpSession,
    /// What the server has beyond version 3.
    pub(super) can_sync: bool,
    pub(super) can_tell_room: bool,
}

impl Files {
    pub(super) async fn list(&self, folder: &str, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing> {
        let handle = self.sftp.opendir(folder).await.map_err(|error| no_folder(of_sftp(error)))?.handle;
        let listed = self.names(&handle, wanted).await;
        // What matters was said; a handle that can't be given back is the server's.
        let _ = self.sftp.close(handle).await;
        Ok(listed?.in_order())
    }

    async fn names(&self, handle: &str, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing> {
        let mut listing = Listing::default();
        let mut seen = 0;
        loop {
            let names = match self.sftp.readdir(handle).await {
                Ok(names) => names.files,
                Err(Error::Status(status)) if status.status_code == StatusCode::Eof => return Ok(listing),
                Err(error) => return Err(of_sftp(error)),
            };
            seen += names.len();
            if seen > MOST_NAMES {
                return Err(Cause::new(FaultKind::Protocol, format_args!("> {MOST_NAMES} names")));
            }
            for entry in names {
                add(&mut listing, &entry.filename, &entry.longname, &entry.attrs, wanted);
            }
        }
    }

    pub(super) async fn size(&self, folder: &str, name: &str) -> Outcome<Size> {
        match self.find(folder, name).await? {
            Some(facts) if is_file(&facts, "") => Ok(facts.size.map_or(Size::Unknown, Size::Bytes)),
            Some(_) => Ok(Size::Absent),
            None => self.folder_stands(folder).await.map(|()| Size::Absent),
        }
    }

    pub(super) async fn rename(&self, folder: &str, from: &str, to: &str) -> Outcome<()> {
        self.known(folder, from).await?;
        // Version 3 says that a name that is taken stays; not every server has read it.
        self.refuse_taken(folder, to).await?;
        let renamed = self.sftp.rename(path(folder, from), path(folder, to)).await;
        match renamed.map_err(of_sftp) {
            Ok(_) => Ok(()),
            Err(cause) => self.taken_or(cause, folder, to).await,
        }
    }

    pub(super) async fn delete(&self, folder: &str, name: &str) -> Outcome<()> {
        self.known(folder, name).await?;
        self.remove(folder, name).await
    }

    pub(super) async fn remove(&self, folder: &str, name: &str) -> Outcome<()> {
        self.sftp.remove(path(folder, name)).await.map(drop).map_err(of_sftp)
    }

    /// A plain file of that name must be there.
    pub(super) async fn known(&self, folder: &str, name: &str) -> Outcome<FileAttributes> {
        match self.find(folder, name).await? {
            Some(facts) if is_file(&facts, "") => Ok(facts),
            Some(_) => Err(Cause::new(FaultKind::Denied, "no plain file")),
            None => self.folder_stands(folder).await.and(Err(FaultKind::Missing.into())),
        }
    }

    pub(super) async fn refuse_taken(&self, folder: &str, name: &str) -> Outcome<()> {
        if self.find(folder, name).await?.is_some() { Err(FaultKind::Exists.into()) } else { Ok(()) }
    }

    /// Servers have no word of their own for a name that is taken.
    pub(super) async fn taken_or<T>(&self, cause: Cause, folder: &str, name: &str) -> Outcome<T> {
        if cause.kind == FaultKind::Denied && self.find(folder, name).await?.is_some() {
            return Err(FaultKind::Exists.into());
        }
        Err(cause)
    }

    /// Whatever has that name, a link not followed.
    pub(super) async fn find(&self, folder: &str, name: &str) -> Outcome<Option<FileAttributes>> {
        match self.sftp.lstat(path(folder, name)).await {
            Ok(found) => Ok(Some(found.attrs)),
            Err(Error::Status(status)) if status.status_code == StatusCode::NoSuchFile => Ok(None),
            Err(error) => Err(of_sftp(error)),
        }
    }

    /// Servers say the same of a file and of its folder when they are not there.
    pub(super) async fn folder_stands(&self, folder: &str) -> Outcome<()> {
        let folder = if folder.is_empty() { "." } else { folder };
        self.sftp.stat(folder).await.map(drop).map_err(|error| no_folder(of_sftp(error)))
    }
}

/// The name of a file in its folder.
pub(super) fn path(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder if folder.ends_with('/') => format!("{folder}{name}"),
        folder => format!("{folder}/{name}"),
    }
}

fn no_folder(mut cause: Cause) -> Cause {
    if matches!(cause.kind, FaultKind::Missing | FaultKind::Denied) {
        cause.kind = FaultKind::NoFolder;
    }
    cause
}

fn add(listing: &mut Listing, name: &str, line: &str, facts: &FileAttributes, wanted: &dyn Fn(&str) -> bool) {
    if matches!(name, "." | "..") {
        return;
    }
    // The library puts this in for bytes that are no UTF-8: nobody can ask for such a name again.
    let is_whole = !name.contains(char::REPLACEMENT_CHARACTER);
    let Some(name) = plain(name.as_bytes()).filter(|_| is_whole) else {
        return listing.leave_out(name.as_bytes());
    };
    if wanted(name) && is_file(facts, line) {
        let modified = facts.mtime.map(|at| at.to_string());
        listing.files.push(RemoteFile { name: name.to_owned(), size: facts.size, modified });
    }
}

/// Whether it is a plain file: by its mode, else by the first letter of its line in the listing; one of which the server
/// says neither is taken for one.
fn is_file(facts: &FileAttributes, line: &str) -> bool {
    const KINDS: u32 = 0o170_000;
    match facts.permissions.map(|mode| mode & KINDS) {
        Some(kind) if kind != 0 => kind == FileMode::REG.bits(),
        Some(_) | None => !line.starts_with(['d', 'l', 'p', 's', 'b', 'c']),
    }
}

//! Reading and writing files, many requests at once: one at a time, each would cost a way to the server and back.

use std::io::{self, Read, Write};

use futures_util::stream::{FuturesOrdered, FuturesUnordered, StreamExt};
use russh_sftp::{
    client::error::Error,
    protocol::{FileAttributes, OpenFlags, StatusCode},
};

use super::{
    cause::of_sftp,
    files::{Files, path},
    patience::Patience,
};
use crate::{
    io::Existing,
    transport::{
        fault::{Cause, FaultKind},
        session::Outcome,
    },
};

/// In bytes: what every server must take and give at once.
const CHUNK: u32 = 32 * 1024;
/// Servers that give less at a time give at least this.
const LEAST: u32 = 1024;
/// How many requests are on their way: 2 MiB.
const AT_ONCE: usize = 64;

impl Files {
    /// Reads a file to its end; how many bytes that were.
    pub(super) async fn fetch(
        &self,
        folder: &str,
        name: &str,
        sink: &mut dyn Write,
        patience: &Patience,
    ) -> Outcome<u64> {
        let size = self.known(folder, name).await?.size.unwrap_or_default();
        let opened = self.sftp.open(path(folder, name), OpenFlags::READ, FileAttributes::empty()).await;
        let handle = opened.map_err(of_sftp)?.handle;
        let read = self.read(&handle, size, sink, patience).await;
        // Nothing is lost with a handle for reading.
        let _ = self.sftp.close(handle).await;
        read
    }

    /// The size is believed only so far as to ask for so much at once.
    async fn read(&self, handle: &str, size: u64, sink: &mut dyn Write, patience: &Patience) -> Outcome<u64> {
        let (mut chunk, mut asked, mut read) = (CHUNK, 0, 0);
        // One to see how much the server gives, then ever more.
        let mut at_once = 1;
        let mut ahead = FuturesOrdered::new();
        loop {
            patience.may_go_on()?;
            while ahead.is_empty() || (ahead.len() < at_once && asked < size) {
                ahead.push_back(self.sftp.read(handle, asked, chunk));
                asked += u64::from(chunk);
            }
            let bytes = match ahead.next().await {
                Some(Ok(data)) if !data.data.is_empty() => data.data,
                Some(Ok(_)) => return Err(Cause::new(FaultKind::Protocol, "no bytes and no end")),
                Some(Err(Error::Status(status))) if status.status_code == StatusCode::Eof => break,
                Some(Err(error)) => return Err(of_sftp(error)),
                None => break,
            };
            let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            if length > chunk {
                return Err(Cause::new(FaultKind::Protocol, "more than was asked for"));
            }
            sink.write_all(&bytes).map_err(local)?;
            read += u64::from(length);
            if length < chunk {
                // The rest of this chunk is still to come, and the others don't follow on it.
                ahead = FuturesOrdered::new();
                (chunk, asked, at_once) = (length.max(LEAST), read, 1);
            } else {
                at_once = AT_ONCE.min(2 * at_once);
            }
        }
        sink.flush().map_err(local)?;
        Ok(read)
    }

    /// Writes a file under this name; how many bytes were given away.
    pub(super) async fn store(
        &self,
        folder: &str,
        name: &str,
        source: &mut dyn Read,
        existing: Existing,
        patience: &Patience,
    ) -> Outcome<u64> {
        let flags = OpenFlags::WRITE | OpenFlags::CREATE | self.how(folder, name, existing).await?;
        let opened = self.sftp.open(path(folder, name), flags, FileAttributes::empty()).await;
        let handle = match opened.map_err(of_sftp) {
            Ok(opened) => opened.handle,
            Err(cause) if cause.kind == FaultKind::Missing => {
                return self.folder_stands(folder).await.and(Err(cause));
            }
            Err(cause) => return self.taken_or(cause, folder, name).await,
        };
        let written = self.write(&handle, source, patience).await;
        let synced = if self.can_sync { self.sync(&handle).await } else { Ok(()) };
        let closed = self.sftp.close(handle).await.map(drop).map_err(of_sftp);
        match written.and_then(|written| synced.and(closed).map(|()| written)) {
            Err(cause) if cause.kind == FaultKind::Denied => Err(self.full_or(cause, folder).await),
            done => done,
        }
    }

    /// What is in the way of a new file is refused; a plain file is written over, and anything else removed first, lest
    /// it be a link to somewhere.
    async fn how(&self, folder: &str, name: &str, existing: Existing) -> Outcome<OpenFlags> {
        match existing {
            Existing::Refuse => {
                self.refuse_taken(folder, name).await?;
                Ok(OpenFlags::EXCLUDE)
            }
            Existing::Replace => match self.size(folder, name).await? {
                crate::transport::Size::Absent => {
                    if self.find(folder, name).await?.is_some() {
                        self.remove(folder, name).await?;
                    }
                    Ok(OpenFlags::EXCLUDE)
                }
                crate::transport::Size::Unknown | crate::transport::Size::Bytes(_) => Ok(OpenFlags::TRUNCATE),
            },
        }
    }

    async fn write(&self, handle: &str, source: &mut dyn Read, patience: &Patience) -> Outcome<u64> {
        let mut under_way = FuturesUnordered::new();
        let mut given = 0;
        loop {
            patience.may_go_on()?;
            let bytes = next_chunk(source).map_err(local)?;
            let length = bytes.len() as u64;
            if length > 0 {
                under_way.push(self.sftp.write(handle, given, bytes));
                given += length;
            }
            while under_way.len() >= AT_ONCE || (length == 0 && !under_way.is_empty()) {
                under_way.next().await.transpose().map_err(of_sftp)?;
            }
            if length == 0 {
                return Ok(given);
            }
        }
    }

    async fn sync(&self, handle: &str) -> Outcome<()> {
        match self.sftp.fsync(handle).await.map_err(of_sftp) {
            Err(cause) if cause.kind != FaultKind::Unsupported => Err(cause),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// A full disk is a plain failure to most servers; those that can are asked how much room there is.
    async fn full_or(&self, mut cause: Cause, folder: &str) -> Cause {
        const LEAST_ROOM: u64 = 1 << 20;
        if self.can_tell_room
            && let Ok(room) = self.sftp.statvfs(if folder.is_empty() { "." } else { folder }).await
            && (room.blocks_avail.saturating_mul(room.fragment_size) < LEAST_ROOM || room.inodes_avail == 0)
        {
            cause.kind = FaultKind::Full;
        }
        cause
    }
}

fn local(error: io::Error) -> Cause {
    Cause::new(FaultKind::Local, error)
}

/// As many bytes as fit; none at the end.
fn next_chunk(source: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(CHUNK as usize);
    source.take(u64::from(CHUNK)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

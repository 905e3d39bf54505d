//! What a session does with files.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
};

use suppaftp::{FtpError, TlsStream, types::Response};

use super::{
    Ftp, Outcome,
    listing::{self, of_facts, of_name, of_table},
    transfer::Direction,
};
use crate::{
    io::Existing,
    transport::{
        Folder, Listing, RemoteFile, Size,
        fault::{Cause, FaultKind},
        name::plain,
        pump::pump,
    },
};

impl<T: TlsStream> Ftp<T> {
    pub(super) fn files(&mut self, folder: Folder, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing> {
        self.enter(folder)?;
        let mut listing = self.names(wanted)?.in_order();
        let mut files = Vec::new();
        for mut file in std::mem::take(&mut listing.files) {
            if file.size.is_none() && self.is_no_file(&mut file)? {
                listing.leave_out(file.name.as_bytes());
            } else {
                files.push(file);
            }
        }
        listing.files = files;
        if !self.has_sizes {
            self.complete(&mut listing.files)?;
        }
        Ok(listing)
    }

    /// The names, by MLSD where the server has it, else by NLST.
    fn names(&mut self, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing> {
        if self.has_facts()? {
            match self.by_facts(wanted) {
                Err(cause) if cause.kind == FaultKind::Unsupported => self.has_facts = Some(false),
                done => return done,
            }
        }
        match self.by_names(wanted) {
            // Some servers have no other way to say that a folder is empty.
            Err(cause) if matches!(cause.kind, FaultKind::Denied | FaultKind::Busy) => {
                if self.table()?.is_empty() { Ok(Listing::default()) } else { Err(cause) }
            }
            Err(cause) if cause.kind == FaultKind::Unsupported => Err(no_data(cause)),
            done => done,
        }
    }

    /// suppaftp's own FEAT waits for more lines after a server said in one that it has no features. With no reply
    /// expected, any whole reply comes back as an unexpected one.
    fn has_facts(&mut self) -> Outcome<bool> {
        if let Some(known) = self.has_facts {
            return Ok(known);
        }
        let known = self.say(|line| match line.custom_command("FEAT", &[]) {
            Err(FtpError::UnexpectedResponse(reply)) => Ok(has_facts(&reply)),
            other => other.map(|_| false),
        })?;
        self.has_facts = Some(known);
        Ok(known)
    }

    fn by_facts(&mut self, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing> {
        let mut found = Listing::default();
        self.transfer("MLSD", Direction::Down, |data, may_go_on| {
            listing::lines(data, may_go_on, &mut |line| {
                if let Some(entry) = of_facts(line) {
                    take(&mut found, entry.name, wanted, entry.size, entry.modified);
                }
            })
        })?;
        Ok(found)
    }

    fn by_names(&mut self, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing> {
        let mut found = Listing::default();
        self.transfer("NLST", Direction::Down, |data, may_go_on| {
            listing::lines(data, may_go_on, &mut |line| {
                let name = of_name(line);
                if !matches!(name, b"." | b"..") {
                    take(&mut found, name, wanted, None, None);
                }
            })
        })?;
        Ok(found)
    }

    /// The files and sizes of LIST, which every server has and each writes in its own way.
    fn table(&mut self) -> Outcome<BTreeMap<String, u64>> {
        let mut found = BTreeMap::new();
        self.transfer("LIST", Direction::Down, |data, may_go_on| {
            listing::lines(data, may_go_on, &mut |line| found.extend(of_table(line)))
        })?;
        Ok(found)
    }

    /// Asks for size and time; a name that has neither is a folder, or has gone.
    fn is_no_file(&mut self, file: &mut RemoteFile) -> Outcome<bool> {
        let size = self.ask_size(&file.name)?;
        file.size = if let Size::Bytes(size) = size { Some(size) } else { None };
        let name = file.name.as_str();
        match self.say(|line| line.mdtm(name)) {
            Ok(at) => file.modified = Some(at.format("%Y%m%d%H%M%S").to_string()),
            Err(cause) if is_answer(cause.kind) => return Ok(size == Size::Absent),
            Err(cause) => return Err(cause),
        }
        Ok(false)
    }

    fn complete(&mut self, files: &mut [RemoteFile]) -> Outcome<()> {
        if files.iter().any(|file| file.size.is_none()) {
            let table = self.table()?;
            for file in files {
                file.size = file.size.or_else(|| table.get(&file.name).copied());
            }
        }
        Ok(())
    }

    /// What SIZE says: absent also for what is no plain file or may not be seen.
    fn ask_size(&mut self, name: &str) -> Outcome<Size> {
        if !self.has_sizes {
            return Ok(Size::Unknown);
        }
        match self.say(|line| line.size(name)) {
            Ok(size) => Ok(Size::Bytes(size as u64)),
            Err(cause) if cause.kind == FaultKind::Denied => Ok(Size::Absent),
            Err(cause) if cause.kind == FaultKind::Unsupported => {
                self.has_sizes = false;
                Ok(Size::Unknown)
            }
            Err(cause) => Err(cause),
        }
    }

    /// Whether a file is there. That it is not must be said twice, where the folder can be listed at all.
    pub(super) fn look(&mut self, folder: Folder, name: &str) -> Outcome<Size> {
        self.enter(folder)?;
        let asked = self.ask_size(name)?;
        if matches!(asked, Size::Bytes(_)) {
            return Ok(asked);
        }
        let mut files = match self.names(&|other| other == name) {
            Ok(listing) => listing.files,
            Err(cause) if asked == Size::Absent && cause.kind == FaultKind::Denied => return Ok(asked),
            Err(cause) => return Err(cause),
        };
        if !self.has_sizes {
            self.complete(&mut files)?;
        }
        let found = files.first().map(|file| file.size.map_or(Size::Unknown, Size::Bytes));
        Ok(found.unwrap_or(Size::Absent))
    }

    pub(super) fn retrieve(&mut self, folder: Folder, name: &str, sink: &mut dyn Write) -> Outcome<u64> {
        self.enter(folder)?;
        let done = self.transfer(&format!("RETR {name}"), Direction::Down, |data, may_go_on| {
            pump(data, sink, may_go_on)
        });
        done.map_err(no_data).or_else(|cause| self.missing_or(cause, name))
    }

    pub(super) fn put(
        &mut self,
        folder: Folder,
        name: &str,
        source: &mut dyn Read,
        existing: Existing,
    ) -> Outcome<u64> {
        self.enter(folder)?;
        match existing {
            Existing::Refuse => self.refuse_taken(folder, name)?,
            Existing::Replace => {}
        }
        let done = self.transfer(&format!("STOR {name}"), Direction::Up, |data, may_go_on| {
            pump(source, data, may_go_on)
        });
        done.map_err(no_data)
    }

    /// Many servers rename and store over what is there: it is asked for first.
    pub(super) fn give_name(&mut self, folder: Folder, from: &str, to: &str) -> Outcome<()> {
        self.enter(folder)?;
        self.refuse_taken(folder, to)?;
        self.say(|line| line.rename(from, to)).or_else(|cause| self.missing_or(cause, from))
    }

    pub(super) fn remove(&mut self, folder: Folder, name: &str) -> Outcome<()> {
        self.enter(folder)?;
        self.say(|line| line.rm(name)).or_else(|cause| self.missing_or(cause, name))
    }

    fn refuse_taken(&mut self, folder: Folder, name: &str) -> Outcome<()> {
        let mut size = self.ask_size(name)?;
        if size == Size::Unknown {
            size = self.look(folder, name)?;
        }
        if size == Size::Absent { Ok(()) } else { Err(FaultKind::Exists.into()) }
    }

    /// Servers say the same of a file that is not there and one that we may not touch.
    fn missing_or<R>(&mut self, mut cause: Cause, name: &str) -> Outcome<R> {
        if cause.kind == FaultKind::Denied && self.ask_size(name)? == Size::Absent {
            cause.kind = FaultKind::Missing;
        }
        Err(cause)
    }
}

/// Puts a name into a listing, if it is one and wanted.
fn take(
    found: &mut Listing,
    name: &[u8],
    wanted: &dyn Fn(&str) -> bool,
    size: Option<u64>,
    modified: Option<&str>,
) {
    let Some(name) = plain(name) else { return found.leave_out(name) };
    if wanted(name) {
        let modified = modified.map(str::to_owned);
        found.files.push(RemoteFile { name: name.to_owned(), size, modified });
    }
}

fn has_facts(reply: &Response) -> bool {
    let mut lines = reply.body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.any(|line| {
        line.get(..4)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"MLST") || word.eq_ignore_ascii_case(b"MLSD"))
    })
}

/// A server that knows neither of two old commands refused the way to its data, not the command.
fn no_data(mut cause: Cause) -> Cause {
    if cause.kind == FaultKind::Unsupported {
        cause.kind = FaultKind::NoData;
    }
    cause
}

/// Whether the server answered, and the session goes on.
const fn is_answer(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Denied | FaultKind::Unsupported | FaultKind::Busy | FaultKind::Protocol)
}

//! The same thing once more. A fault that may pass is waited out, and the step is done again in a new session, all
//! within the one deadline. An answer that was lost tells nothing of what happened: before something that leaves a
//! trace is done again, the other side is looked at for it.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Seek},
    sync::{Arc, atomic::AtomicUsize},
    thread,
    time::Duration,
};

use super::{
    Call, Deadline, Fault, FaultKind, Folder, Listing, RemoteFile, Result, Size, SshPlaces, Transport,
    connect,
    fault::{Cause, place},
    session::breaks_session,
    watch::verdict,
};
use crate::{
    config::{ServerSettings, TlsMax, secret::Secret},
    io::Existing,
};

/// How late a signal may be noticed.
const GLANCE: Duration = Duration::from_millis(50);

const CHUNK: usize = 256 * 1024;

/// The pauses before the further tries of a step: 1, 5, 25, then 60 s.
pub fn pauses(retries: u32) -> Vec<Duration> {
    const FIRST: [u64; 3] = [1, 5, 25];
    const LATER: u64 = 60;
    let seconds = FIRST.into_iter().chain(std::iter::repeat(LATER));
    seconds.map(Duration::from_secs).zip(0..retries).map(|(pause, _)| pause).collect()
}

/// A step that is tried again.
#[derive(Clone, Debug)]
pub struct Retry {
    /// What it came to so far.
    pub fault: Fault,
    /// How long is waited.
    pub pause: Duration,
    /// Which of the further tries follows, from 1.
    pub number: usize,
    /// How many there may be.
    pub most: usize,
}

/// How it is known that a file was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandedOver {
    /// The other side said so, or it shows there.
    There,
    /// The answer was lost, and no trace of the file is left: whoever it is for has taken it.
    Collected,
}

/// What a step leaves on the other side, by which it shows whether it was done.
#[derive(Clone, Copy)]
enum Trace<'t> {
    Stored { folder: Folder, name: &'t str, bytes: u64 },
    Renamed { folder: Folder, from: &'t str, to: &'t str, bytes: u64 },
    Triggered { folder: Folder, trigger: &'t str, file: &'t str },
    Deleted { folder: Folder, name: &'t str, was: Option<&'t RemoteFile> },
}

/// A server to which one comes back. Opens a session when one is needed.
pub struct Persistent {
    server: ServerSettings,
    password: Option<Secret>,
    private_key: Option<Secret>,
    ssh: SshPlaces,
    deadline: Deadline,
    stop: Arc<AtomicUsize>,
    pauses: Vec<Duration>,
    session: Option<Box<dyn Transport>>,
    /// Why no session will ever come about; a refused login above all is never tried a second time.
    over: Option<Fault>,
    retried: Vec<Retry>,
}

impl Persistent {
    /// Calls nobody yet. The pauses are those before the further tries of each step.
    pub fn new(call: &Call<'_>, pauses: Vec<Duration>) -> Self {
        Self {
            server: call.server.clone(),
            password: call.password.cloned(),
            private_key: call.private_key.cloned(),
            ssh: call.ssh.clone(),
            deadline: call.deadline,
            stop: Arc::clone(&call.stop),
            pauses,
            session: None,
            over: None,
            retried: Vec::new(),
        }
    }

    /// What was tried again since this was asked last.
    pub fn retried(&mut self) -> Vec<Retry> {
        std::mem::take(&mut self.retried)
    }

    /// As [`Transport::list`].
    pub fn list(&mut self, folder: Folder, wanted: &dyn Fn(&str) -> bool) -> Result<Listing> {
        self.again(|session| session.list(folder, wanted))
    }

    /// As [`Transport::size`].
    pub fn size(&mut self, folder: Folder, name: &str) -> Result<Size> {
        self.again(|session| session.size(folder, name))
    }

    /// As [`Transport::fetch`]; the file is empty again before each try.
    pub fn fetch(&mut self, folder: Folder, name: &str, mut file: &File) -> Result<u64> {
        let server = place(&self.server);
        self.again(|session| {
            let ready = file.set_len(0).and_then(|()| file.rewind());
            ready.map_err(|error| local(&error, &server, name))?;
            let mut sink = BufWriter::with_capacity(CHUNK, file);
            session.fetch(folder, name, &mut sink)
        })
    }

    /// As [`Transport::store`], from the file's beginning in each try. The name must be free: what has it afterwards is
    /// taken for what this call put.
    pub fn store(&mut self, folder: Folder, name: &str, mut file: &File) -> Result<()> {
        let server = place(&self.server);
        let bytes = file.metadata().map_err(|error| local(&error, &server, name))?.len();
        let stored = self.once(Trace::Stored { folder, name, bytes }, |session| {
            file.rewind().map_err(|error| local(&error, &server, name))?;
            session.store(folder, name, &mut BufReader::new(file), Existing::Replace).map(drop)
        });
        stored.map(drop)
    }

    /// As [`Transport::rename`], of a file of this length.
    pub fn rename(&mut self, folder: Folder, from: &str, to: &str, bytes: u64) -> Result<HandedOver> {
        self.once(Trace::Renamed { folder, from, to, bytes }, |session| session.rename(folder, from, to))
    }

    /// Puts an empty file beside another one, which says that the other one is whole.
    pub fn trigger(&mut self, folder: Folder, trigger: &str, file: &str) -> Result<HandedOver> {
        self.once(Trace::Triggered { folder, trigger, file }, |session| {
            session.store(folder, trigger, &mut io::empty(), Existing::Replace).map(drop)
        })
    }

    /// As [`Transport::delete`]. With the entry as it was listed, another file that takes the name meanwhile stays.
    pub fn delete(&mut self, folder: Folder, name: &str, was: Option<&RemoteFile>) -> Result<()> {
        self.once(Trace::Deleted { folder, name, was }, |session| session.delete(folder, name)).map(drop)
    }

    /// A step that leaves a trace. It is looked for only once the step may have been done.
    fn once(
        &mut self,
        trace: Trace<'_>,
        mut act: impl FnMut(&mut dyn Transport) -> Result<()>,
    ) -> Result<HandedOver> {
        let mut may_be_done = false;
        self.again(|session| {
            if may_be_done && let Some(done) = look(trace, session)? {
                return Ok(done);
            }
            may_be_done = true;
            act(session).map(|()| HandedOver::There)
        })
    }

    /// A step that may be done any number of times.
    fn again<T>(&mut self, mut step: impl FnMut(&mut dyn Transport) -> Result<T>) -> Result<T> {
        let mut pauses = self.pauses.clone().into_iter().enumerate();
        loop {
            let fault = match self.session().and_then(&mut step) {
                Ok(done) => return Ok(done),
                Err(fault) => fault.without(self.password.as_ref().map(Secret::reveal).unwrap_or_default()),
            };
            if fault.is_transient() || breaks_session(fault.kind) {
                self.session = None;
            }
            let may_pass = fault.is_transient() || self.takes_older_tls(&fault);
            let pause = pauses.next().filter(|(_, pause)| may_pass && self.fits(*pause));
            let Some((tried, pause)) = pause else { return Err(fault) };
            self.retried.push(Retry { fault, pause, number: tried + 1, most: self.pauses.len() });
            self.wait(pause)?;
        }
    }

    fn session(&mut self) -> Result<&mut dyn Transport> {
        if let Some(over) = &self.over {
            return Err(over.clone());
        }
        let session = match self.session.take() {
            Some(session) => session,
            None => self.connect()?,
        };
        Ok(self.session.insert(session).as_mut())
    }

    fn connect(&mut self) -> Result<Box<dyn Transport>> {
        let connected = connect(&Call {
            server: &self.server,
            password: self.password.as_ref(),
            private_key: self.private_key.as_ref(),
            ssh: &self.ssh,
            deadline: self.deadline,
            stop: Arc::clone(&self.stop),
            witness: &|step| log::debug!("{step:?}"),
        });
        if let Err(fault) = &connected
            && !fault.is_transient()
        {
            self.over = Some(fault.clone());
        }
        connected
    }

    /// A server that wants sessions resumed, and hands out too few of newer TLS's tickets for that, is spoken to in
    /// TLS 1.2 from the next session on, where one session serves all connections. Not where the settings say which TLS.
    fn takes_older_tls(&mut self, fault: &Fault) -> bool {
        let is_new = fault.kind == FaultKind::NotResumed && self.server.tls_max.is_none();
        if is_new {
            self.server.tls_max = Some(TlsMax::V12);
        }
        is_new
    }

    fn fits(&self, pause: Duration) -> bool {
        self.deadline.left().is_some_and(|left| left > pause)
    }

    /// A pause; a signal ends it at once.
    fn wait(&self, pause: Duration) -> Result<()> {
        let end = Deadline::after(pause);
        while let Some(left) = end.left() {
            if let Some(cause) = verdict(self.deadline, &self.stop) {
                return Err(cause.at(&place(&self.server), "wait"));
            }
            thread::sleep(left.min(GLANCE));
        }
        Ok(())
    }
}

/// Whether a step was done whose answer was lost; none: it was not, or nobody can tell, and it is done again.
fn look(trace: Trace<'_>, session: &mut dyn Transport) -> Result<Option<HandedOver>> {
    let there = Some(HandedOver::There);
    match trace {
        // Half a file is written anew from its beginning.
        Trace::Stored { folder, name, bytes } => {
            let is_whole = session.size(folder, name)? == Size::Bytes(bytes);
            Ok(there.filter(|_| is_whole))
        }
        Trace::Renamed { folder, from, to, bytes } => {
            match (session.size(folder, from)?, session.size(folder, to)?) {
                (Size::Absent, Size::Absent) => Ok(Some(HandedOver::Collected)),
                (Size::Absent, Size::Unknown) => Ok(there),
                (Size::Absent, Size::Bytes(found)) => Ok(there.filter(|_| found == bytes)),
                // With both names there the rename says that the final one is taken.
                (Size::Unknown | Size::Bytes(_), Size::Absent | Size::Unknown | Size::Bytes(_)) => Ok(None),
            }
        }
        Trace::Triggered { folder, trigger, file } => {
            match (session.size(folder, trigger)?, session.size(folder, file)?) {
                (Size::Absent, Size::Absent) => Ok(Some(HandedOver::Collected)),
                (Size::Absent, Size::Unknown | Size::Bytes(_)) => Ok(None),
                (Size::Unknown | Size::Bytes(_), Size::Absent | Size::Unknown | Size::Bytes(_)) => Ok(there),
            }
        }
        Trace::Deleted { folder, name, was: Some(was) } => {
            let found = session.list(folder, &|other| other == name)?.files;
            Ok(there.filter(|_| found.first() != Some(was)))
        }
        Trace::Deleted { folder, name, was: None } => {
            let is_gone = session.size(folder, name)? == Size::Absent;
            Ok(there.filter(|_| is_gone))
        }
    }
}

fn local(error: &io::Error, server: &str, name: &str) -> Fault {
    Cause::new(FaultKind::Local, error).at(server, name)
}

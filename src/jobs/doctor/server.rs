//! The drop server, step by step: name, connect, encryption, login, both folders, a probe file. Nothing is tried twice,
//! and a refused login least of all: accounts get locked.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Area, Around, Check, Diagnosis, Verdict, Visit, probe};
use crate::config::{Transport as Way, secret};
use crate::domain::health::{self, Certificate};
use crate::failure::{Kind, Result};
use crate::jobs::spar_import::fetch::is_wanted;
use crate::text::{Message, doctor as text};
use crate::transport::{self, Call, Deadline, Fault, FaultKind, Folder, Secured, Step, Transport};

/// A command that gives a password may take this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Fails only if a signal came.
pub(super) fn look(around: &Around<'_>, diagnosis: &Diagnosis<'_>) -> Result<()> {
    around.check_stop()?;
    let look = Look { around, diagnosis, pending: RefCell::new(steps(around)) };
    if around.visit == Visit::Nowhere {
        look.skip_rest(text::SERVER_NOT_WANTED);
    } else if let Some(mut session) = look.connect()? {
        look.folders(session.as_mut())?;
    }
    look.skip_rest(text::STEP_SKIPPED);
    Ok(())
}

/// What is tried, in order.
fn steps(around: &Around<'_>) -> Vec<&'static str> {
    let ways: &[&str] = match around.settings.spar.server.transport {
        Way::Dir => &["folder"],
        Way::Ftp => &["name", "connect", "login"],
        Way::Ftps | Way::FtpsImplicit => &["name", "connect", "tls", "login"],
        Way::Sftp => &["name", "connect", "host-key", "login"],
    };
    let files = ["get-folder", "put-folder", "write", "rename", "delete"];
    ways.iter().copied().chain(files).collect()
}

/// A look at the server: each step is told of once.
pub(super) struct Look<'l> {
    pub(super) around: &'l Around<'l>,
    diagnosis: &'l Diagnosis<'l>,
    pending: RefCell<Vec<&'static str>>,
}

impl Look<'_> {
    /// Tells of a step.
    pub(super) fn note(&self, check: Check) {
        self.pending.borrow_mut().retain(|name| *name != check.name);
        self.diagnosis.note(check);
    }

    /// A check of the server.
    pub(super) fn check(&self, name: &'static str, verdict: Verdict, message: Message) -> Check {
        Check::new(Area::Server, name, self.subject(), verdict, message)
    }

    /// A step that failed, in the transport's own words. A signal ends everything.
    pub(super) fn fault(&self, name: &'static str, fault: Fault) -> Result<()> {
        let failure = fault.into_failure();
        if matches!(failure.kind, Kind::Interrupted(_)) {
            return Err(failure);
        }
        self.note(Check::failed(Area::Server, name, self.subject(), &failure));
        Ok(())
    }

    /// Steps that are not tried any more.
    fn skip_rest(&self, message: Message) {
        for name in self.pending.take() {
            self.diagnosis.note(self.check(name, Verdict::Skipped, message));
        }
    }

    fn subject(&self) -> String {
        transport::place(&self.around.settings.spar.server)
    }

    fn connect(&self) -> Result<Option<Box<dyn Transport>>> {
        let server = &self.around.settings.spar.server;
        let credentials = self.around.credentials.as_deref();
        let secrets = secret::password(server, credentials, PATIENCE)
            .and_then(|password| Ok((password, secret::private_key(server, credentials)?)));
        let (password, private_key) = match secrets {
            Ok(secrets) => secrets,
            Err(failure) => {
                self.note(Check::failed(Area::Server, "password", self.subject(), &failure));
                return Ok(None);
            }
        };
        let session = transport::connect(&Call {
            server,
            password: password.as_ref(),
            private_key: private_key.as_ref(),
            ssh: &self.around.ssh,
            deadline: Deadline::after(server.total_timeout),
            stop: Arc::clone(self.around.stop),
            witness: &|step| self.step(step),
        });
        match session {
            Ok(session) => {
                self.connected();
                Ok(Some(session))
            }
            Err(fault) => {
                // The first step that nobody saw work is the one that didn't.
                let name = self.pending.borrow().first().copied().unwrap_or("connect");
                self.fault(name, fault).map(|()| None)
            }
        }
    }

    fn step(&self, step: &Step) {
        let well = |name, message| self.check(name, Verdict::Well, message);
        self.note(match step {
            Step::Found(addresses) => {
                let addresses: Vec<String> =
                    addresses.iter().map(|address| address.ip().to_string()).collect();
                well("name", text::NAME_FOUND).with("addresses", addresses.join(", "))
            }
            Step::Connected(address) => well("connect", text::CONNECTED).with("address", address),
            Step::Secured(secured) => self.secured(secured),
            Step::HostKey { algorithm, fingerprint } => {
                well("host-key", text::HOST_KEY).with("algorithm", algorithm).with("fingerprint", fingerprint)
            }
            Step::LoggedIn => {
                let user = self.around.settings.spar.server.user.as_deref();
                well("login", text::LOGGED_IN).with("user", user.unwrap_or_default())
            }
        });
    }

    fn secured(&self, secured: &Secured) -> Check {
        let now = (self.around.now)();
        let judged = secured.valid.map(|(first, last)| health::certificate(now - first, last - now));
        let (verdict, message) = match judged {
            Some(Certificate::Valid) => (Verdict::Well, text::CERTIFICATE),
            Some(Certificate::EndsSoon) => (Verdict::Warning, text::CERTIFICATE_ENDS),
            Some(Certificate::Over) => (Verdict::Problem, text::CERTIFICATE_OVER),
            Some(Certificate::NotYet) => (Verdict::Problem, text::CERTIFICATE_NOT_YET),
            None => (Verdict::Well, text::CERTIFICATE_UNREAD),
        };
        let day = |at: DateTime<Utc>| at.format("%Y-%m-%d").to_string();
        let (first, last) = secured.valid.map(|(first, last)| (day(first), day(last))).unwrap_or_default();
        let check = self
            .check("tls", verdict, message)
            .with("protocol", &secured.protocol)
            .with("fingerprint", &secured.fingerprint)
            .with("first", first)
            .with("last", last);
        if verdict == Verdict::Well { check } else { check.hint(text::CERTIFICATE_HINT) }
    }

    /// What a connection has shown by standing at all.
    fn connected(&self) {
        match self.around.settings.spar.server.transport {
            Way::Dir => self.note(self.check("folder", Verdict::Well, text::FOLDER_THERE)),
            Way::Ftp => {
                // Said, and no reason for an alarm each night: it may be all that the server can.
                let (message, params) = transport::warning(&self.around.settings.spar.server).unzip();
                let check = self.check("tls", Verdict::Skipped, message.unwrap_or(text::STEP_SKIPPED));
                self.note(Check { params: params.unwrap_or_default(), ..check });
            }
            Way::Ftps | Way::FtpsImplicit | Way::Sftp => {}
        }
    }

    fn folders(&self, session: &mut dyn Transport) -> Result<()> {
        let spar = &self.around.settings.spar;
        let got = self.list(session, Folder::Get, "get-folder", &|name| is_wanted(name, &spar.pattern))?;
        let put = match got {
            Going::On => self.list(session, Folder::Put, "put-folder", &probe::is_probe)?,
            Going::Nowhere => got,
        };
        match (put, self.around.visit) {
            (Going::Nowhere, _) | (Going::On, Visit::Nowhere) => {}
            (Going::On, Visit::NoProbe) => self.skip_rest(text::PROBE_NOT_WANTED),
            (Going::On, Visit::Full) => probe::look(self, session)?,
        }
        Ok(())
    }

    /// Counts a folder's files and those of a kind. None of them is asked for more than its name.
    fn list(
        &self,
        session: &mut dyn Transport,
        folder: Folder,
        name: &'static str,
        is_ours: &dyn Fn(&str) -> bool,
    ) -> Result<Going> {
        let (all, ours) = (Cell::new(0_u64), Cell::new(0_u64));
        let count = |file: &str| {
            all.set(all.get() + 1);
            ours.set(ours.get() + u64::from(is_ours(file)));
            false
        };
        let listing = match session.list(folder, &count) {
            Ok(listing) => listing,
            Err(fault) => return self.list_fault(folder, name, fault),
        };
        let (verdict, message) = match (folder, listing.odd, ours.get()) {
            (_, 1.., _) => (Verdict::Warning, text::FOLDER_ODD),
            (Folder::Get, 0, _) => (Verdict::Well, text::GET_FOLDER),
            (Folder::Put, 0, 1..) => (Verdict::Warning, text::PROBES_LEFT),
            (Folder::Put, 0, 0) => (Verdict::Well, text::PUT_FOLDER),
        };
        let check = self
            .check(name, verdict, message)
            .with("folder", self.name_of(folder))
            .with("count", all.get())
            .with("ours", ours.get())
            .with("odd", listing.odd)
            .with("names", listing.odd_names.join(", "));
        self.note(if verdict == Verdict::Well { check } else { check.hint(text::FOLDER_HINT) });
        Ok(Going::On)
    }

    fn list_fault(&self, folder: Folder, name: &'static str, fault: Fault) -> Result<Going> {
        let goes_on = matches!(fault.kind, FaultKind::NoFolder | FaultKind::Denied | FaultKind::Unsupported);
        if folder == Folder::Put && matches!(fault.kind, FaultKind::Denied) {
            // Some servers take files in a folder that nobody may look into; a list is sent all the same.
            let check = self.check(name, Verdict::Skipped, text::PUT_FOLDER_BLIND);
            self.note(check.with("folder", self.name_of(folder)));
        } else {
            self.fault(name, fault)?;
        }
        Ok(if goes_on { Going::On } else { Going::Nowhere })
    }

    fn name_of(&self, folder: Folder) -> &str {
        let server = &self.around.settings.spar.server;
        match (server.transport, folder) {
            (Way::Dir, Folder::Get) => "out",
            (Way::Dir, Folder::Put) => "in",
            (_, Folder::Get) => &server.get_dir,
            (_, Folder::Put) => &server.put_dir,
        }
    }
}

/// Whether the session is good for another step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    On,
    Nowhere,
}

//! The drop server, step by step: name, connect, encryption, login, both folders, a probe file. Nothing is tried twice,
//! and a refused login least of all: accounts get locked.

use std::cell::{OnceCell, RefCell};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Area, Around, Check, Diagnosis, Verdict, Visit, folders};
use crate::config::Transport as Way;
use crate::config::secret::{self, Secret};
use crate::domain::health::{self, Certificate};
use crate::failure::{Kind, Result};
use crate::jobs::server::PATIENCE;
use crate::text::{Message, doctor as text};
use crate::transport::{self, Call, Deadline, Fault, Secured, Step, Transport};

/// So long at most is tried to take a probe away after the session broke.
const LAST: Duration = Duration::from_secs(5);

/// Fails only if a signal came.
pub(super) fn look(around: &Around<'_>, diagnosis: &Diagnosis<'_>) -> Result<()> {
    around.check_stop()?;
    let look = Look { around, diagnosis, secrets: OnceCell::new(), pending: RefCell::new(steps(around)) };
    if around.visit == Visit::Nowhere {
        look.skip_rest(text::SERVER_NOT_WANTED);
    } else if look.has_secrets()
        && let Some(mut session) = look.connect()?
    {
        folders::look(&look, session.as_mut())?;
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

/// What we log in with.
#[derive(Default)]
struct Secrets {
    password: Option<Secret>,
    private_key: Option<Secret>,
}

/// A look at the server: each step is told of once.
pub(super) struct Look<'l> {
    pub(super) around: &'l Around<'l>,
    diagnosis: &'l Diagnosis<'l>,
    secrets: OnceCell<Secrets>,
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
    pub(super) fn skip_rest(&self, message: Message) {
        for name in self.pending.take() {
            self.diagnosis.note(self.check(name, Verdict::Skipped, message));
        }
    }

    fn subject(&self) -> String {
        transport::place(&self.around.settings.spar.server)
    }

    fn has_secrets(&self) -> bool {
        let (server, credentials) = (&self.around.settings.spar.server, self.around.credentials.as_deref());
        let found = secret::password(server, credentials, PATIENCE).and_then(|password| {
            Ok(Secrets { password, private_key: secret::private_key(server, credentials)? })
        });
        match found {
            Ok(secrets) => self.secrets.set(secrets).is_ok(),
            Err(failure) => {
                self.note(Check::failed(Area::Server, "password", self.subject(), &failure));
                false
            }
        }
    }

    fn connect(&self) -> Result<Option<Box<dyn Transport>>> {
        let limit = self.around.settings.spar.server.total_timeout;
        match self.open(limit, self.around.stop, &|step| self.step(step)) {
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

    /// A short session of its own, signal or not, for taking away what the first one left.
    pub(super) fn last_session(&self) -> transport::Result<Box<dyn Transport>> {
        let limit = self.around.settings.spar.server.total_timeout.min(LAST);
        self.open(limit, &Arc::default(), &|_| {})
    }

    fn open(
        &self,
        limit: Duration,
        stop: &Arc<AtomicUsize>,
        witness: &dyn Fn(&Step),
    ) -> transport::Result<Box<dyn Transport>> {
        let secrets = self.secrets.get_or_init(Secrets::default);
        transport::connect(&Call {
            server: &self.around.settings.spar.server,
            password: secrets.password.as_ref(),
            private_key: secrets.private_key.as_ref(),
            ssh: &self.around.ssh,
            deadline: Deadline::after(limit),
            stop: Arc::clone(stop),
            witness,
        })
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
}

#[cfg(test)]
mod tests;

//! Why the other side did not do what we asked. A fault carries no password, and of a server's words only what can't
//! harm a terminal.

use std::{fmt, io, time::Duration};

use super::{
    flaw::{Flaw, Unfit},
    name::quoted,
};
use crate::{
    config::{ServerSettings, Transport},
    failure::{Failure, Kind},
    text::{Message, Params, failure, transport as text},
};

/// What kind of fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// No connection.
    Unreachable,
    /// This limit was reached.
    TimedOut(Limit),
    /// The server is not trusted; no login was tried and no file sent.
    Untrusted(Flaw),
    /// The configuration has something that can't be used; nothing was sent.
    Unfit(Unfit),
    /// The server takes none of the ways to encrypt or to prove itself that are safe.
    NoCommonWay,
    /// The server can't or won't do TLS, or none that is any good; nothing is sent in clear text.
    Unsecured,
    /// A data connection under TLS was refused because it resumed no session.
    NotResumed,
    /// The login was refused. Never to be tried again by a machine: accounts get locked.
    Refused,
    /// A connection ended too early.
    Broken,
    /// Connected, but no connection for data came about.
    NoData,
    /// No file has that name.
    Missing,
    /// The folder is not there.
    NoFolder,
    /// The name is taken.
    Exists,
    /// No room on the other side.
    Full,
    /// It is there and may not be touched, or the other side gives no better reason.
    Denied,
    /// Not now.
    Busy,
    /// The other side can't do that at all.
    Unsupported,
    /// An answer that makes no sense, or has no end.
    Protocol,
    /// A name that is no plain file name; nothing was sent.
    BadName,
    /// Our own side of a transfer could not be read or written.
    Local,
    /// The signal of this number arrived.
    Stopped(i32),
}

/// Which time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `spar.server.connect_timeout`
    Connect,
    /// `spar.server.idle_timeout`
    Idle,
    /// `spar.server.total_timeout`
    Total,
}

/// What happened, with whom, and in which step.
#[derive(Clone, Debug)]
pub struct Fault {
    /// What kind of fault it is.
    pub kind: FaultKind,
    server: String,
    step: String,
    reason: String,
    details: Params,
}

/// What happened; where is put in by whoever knows it.
#[derive(Debug)]
pub(super) struct Cause {
    pub(super) kind: FaultKind,
    reason: String,
    details: Params,
}

impl From<FaultKind> for Cause {
    fn from(kind: FaultKind) -> Self {
        Self { kind, reason: String::new(), details: Params::new() }
    }
}

impl Cause {
    /// With the server's or the system's own words.
    pub(super) fn new(kind: FaultKind, reason: impl fmt::Display) -> Self {
        Self { kind, reason: reason.to_string(), details: Params::new() }
    }

    /// With something that only some texts speak of.
    pub(super) fn with(mut self, name: &'static str, value: String) -> Self {
        self.details.push((name, value));
        self
    }

    pub(super) fn timed_out(limit: Limit, after: Duration) -> Self {
        Self::new(FaultKind::TimedOut(limit), after.as_secs_f32())
    }

    /// What an error of a file or folder means.
    pub(super) fn of_folder(error: &io::Error) -> Self {
        use io::ErrorKind as Is;
        #[expect(clippy::wildcard_enum_match_arm, reason = "the system's list of errors has no end")]
        let kind = match error.kind() {
            Is::NotFound => FaultKind::Missing,
            Is::AlreadyExists => FaultKind::Exists,
            Is::StorageFull | Is::QuotaExceeded => FaultKind::Full,
            Is::PermissionDenied | Is::ReadOnlyFilesystem | Is::IsADirectory => FaultKind::Denied,
            Is::Unsupported => FaultKind::Unsupported,
            _ => FaultKind::Broken,
        };
        Self::new(kind, error)
    }

    pub(super) fn at(self, server: &str, step: &str) -> Fault {
        let Self { kind, reason, details } = self;
        Fault { kind, server: server.to_owned(), step: step.to_owned(), reason, details }
    }
}

impl Fault {
    /// Whether the same thing may work in a moment. What a server refuses, it will refuse again.
    pub const fn is_transient(&self) -> bool {
        match self.kind {
            FaultKind::Unreachable
            | FaultKind::TimedOut(Limit::Connect | Limit::Idle)
            | FaultKind::Broken
            | FaultKind::NoData
            | FaultKind::Busy => true,
            FaultKind::TimedOut(Limit::Total)
            | FaultKind::Untrusted(_)
            | FaultKind::Unfit(_)
            | FaultKind::NoCommonWay
            | FaultKind::Unsecured
            | FaultKind::NotResumed
            | FaultKind::Refused
            | FaultKind::Missing
            | FaultKind::NoFolder
            | FaultKind::Exists
            | FaultKind::Full
            | FaultKind::Denied
            | FaultKind::Unsupported
            | FaultKind::Protocol
            | FaultKind::BadName
            | FaultKind::Local
            | FaultKind::Stopped(_) => false,
        }
    }

    /// The same, should the other side have repeated this secret in its words.
    pub(super) fn without(mut self, secret: &str) -> Self {
        // A shorter one says nothing, and would tear words apart.
        const SHORTEST: usize = 4;
        if secret.len() >= SHORTEST {
            self.reason = self.reason.replace(secret, "…");
        }
        self
    }

    /// The failure of a run that ends with this. Whatever the other side did, it is worth another try: exit code 5.
    pub fn into_failure(self) -> Failure {
        let (message, hint) = self.texts();
        let kind = match self.kind {
            FaultKind::Local => Kind::Failed,
            FaultKind::Unfit(_) => Kind::Usage,
            FaultKind::Stopped(signal) => {
                return Failure::new(Kind::Interrupted(signal), failure::INTERRUPTED).with("signal", signal);
            }
            FaultKind::Unreachable
            | FaultKind::TimedOut(_)
            | FaultKind::Untrusted(_)
            | FaultKind::NoCommonWay
            | FaultKind::Unsecured
            | FaultKind::NotResumed
            | FaultKind::Refused
            | FaultKind::Broken
            | FaultKind::NoData
            | FaultKind::Missing
            | FaultKind::NoFolder
            | FaultKind::Exists
            | FaultKind::Full
            | FaultKind::Denied
            | FaultKind::Busy
            | FaultKind::Unsupported
            | FaultKind::Protocol
            | FaultKind::BadName => Kind::Unreachable,
        };
        let failure = Failure::new(kind, message)
            .with("server", &self.server)
            .with("step", &self.step)
            .with("reason", quoted(&self.reason));
        let failure =
            self.details.into_iter().fold(failure, |failure, (name, value)| failure.with(name, value));
        hint.into_iter().fold(failure, Failure::hint)
    }

    const fn texts(&self) -> (Message, Option<Message>) {
        match self.kind {
            FaultKind::Unreachable => (text::UNREACHABLE, Some(text::UNREACHABLE_HINT)),
            FaultKind::TimedOut(Limit::Connect) => (text::NO_ANSWER, Some(text::UNREACHABLE_HINT)),
            FaultKind::TimedOut(Limit::Idle) => (text::SILENT, Some(text::SILENT_HINT)),
            FaultKind::TimedOut(Limit::Total) => (text::LATE, Some(text::LATE_HINT)),
            FaultKind::Untrusted(flaw) => flaw.texts(),
            FaultKind::Unfit(unfit) => unfit.texts(),
            FaultKind::NoCommonWay => (text::NO_COMMON_WAY, Some(text::NO_COMMON_WAY_HINT)),
            FaultKind::Unsecured => (text::UNSECURED, Some(text::UNSECURED_HINT)),
            FaultKind::NotResumed => (text::NOT_RESUMED, Some(text::NOT_RESUMED_HINT)),
            FaultKind::Refused => (text::REFUSED, Some(text::REFUSED_HINT)),
            FaultKind::Broken => (text::BROKEN, Some(text::BROKEN_HINT)),
            FaultKind::NoData => (text::NO_DATA, Some(text::NO_DATA_HINT)),
            FaultKind::Missing => (text::MISSING, None),
            FaultKind::NoFolder => (text::NO_FOLDER, Some(text::NO_FOLDER_HINT)),
            FaultKind::Exists => (text::EXISTS, Some(text::EXISTS_HINT)),
            FaultKind::Full => (text::FULL, Some(text::FULL_HINT)),
            FaultKind::Denied => (text::DENIED, Some(text::DENIED_HINT)),
            FaultKind::Busy => (text::BUSY, Some(text::BROKEN_HINT)),
            FaultKind::Unsupported => (text::UNSUPPORTED, Some(text::UNSUPPORTED_HINT)),
            FaultKind::Protocol => (text::PROTOCOL, Some(text::PROTOCOL_HINT)),
            FaultKind::BadName => (text::BAD_NAME, None),
            FaultKind::Local => (text::LOCAL, None),
            FaultKind::Stopped(_) => (failure::INTERRUPTED, None),
        }
    }
}

/// For logs of developers; users get [`Fault::into_failure`].
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?} ({}: {})", self.server, self.kind, self.step, quoted(&self.reason))
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        fault.into_failure()
    }
}

/// How the other side is called in texts.
pub fn place(server: &ServerSettings) -> String {
    match (server.transport, &server.host, server.port) {
        (Transport::Dir, ..) | (_, None, _) => server.path.display().to_string(),
        (_, Some(host), None) => host.clone(),
        // Without brackets the port of an IPv6 address would read as its last part.
        (_, Some(host), Some(port)) if host.contains(':') => format!("[{host}]:{port}"),
        (_, Some(host), Some(port)) => format!("{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn a_fault_of_the_other_side_ends_the_run_with_5_and_says_who_what_and_why() {
        let failure = Cause::new(FaultKind::Full, "552 no\x1b room").at("ftp.example.se", "put in/x.part");
        let failure = failure.into_failure();
        assert_eq!(failure.kind.exit_code(), 5);
        for language in [Language::Swedish, Language::English] {
            let text = failure.text(language);
            for part in ["ftp.example.se", "put in/x.part", "552 no\\u{1b} room"] {
                assert!(text.contains(part), "{text}");
            }
            assert!(failure.hint_text(language).is_some());
        }
    }

    #[test]
    fn what_is_ours_is_not_blamed_on_the_other_side() {
        let rows = [
            (FaultKind::Local, 1),                     // our own disk
            (FaultKind::Unfit(Unfit::NoAuthority), 2), // the configuration can't be used
            (FaultKind::Stopped(15), 143),             // somebody stopped us
            (FaultKind::Refused, 5),
            (FaultKind::Missing, 5),
        ];
        for (kind, code) in rows {
            assert_eq!(Cause::from(kind).at("s", "x").into_failure().kind.exit_code(), code, "{kind:?}");
        }
    }

    #[test]
    fn a_refused_login_is_never_tried_again() {
        assert!(!Cause::from(FaultKind::Refused).at("s", "login").is_transient());
        assert!(Cause::from(FaultKind::Busy).at("s", "login").is_transient());
        assert!(!Cause::timed_out(Limit::Total, Duration::ZERO).at("s", "x").is_transient());
    }
}

//! What a server's answers and a broken line mean.

use std::{io, time::Duration};

use suppaftp::{FtpError, types::Response};

use super::{dial::NoData, tls};
use crate::transport::fault::{Cause, FaultKind, Limit};

/// What went wrong in a command.
pub(super) fn cause(error: FtpError, idle: Duration) -> Cause {
    match error {
        FtpError::UnexpectedResponse(reply) => Cause::new(meaning(code(&reply)), words(&reply)),
        FtpError::ConnectionError(error) => of_socket(&error, idle),
        FtpError::SecureError(words) => Cause::new(FaultKind::Unsecured, words),
        FtpError::BadResponse => Cause::new(FaultKind::Protocol, "no FTP reply"),
        FtpError::InvalidAddress(error) => Cause::new(FaultKind::Protocol, error),
        FtpError::DataConnectionAlreadyOpen => Cause::new(FaultKind::Protocol, "two transfers at once"),
    }
}

/// What went wrong on a socket.
pub(super) fn of_socket(error: &io::Error, idle: Duration) -> Cause {
    use io::ErrorKind as Is;
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return tls::cause(error);
    }
    if error.get_ref().and_then(|inner| inner.downcast_ref::<NoData>()).is_some() {
        return Cause::new(FaultKind::NoData, error);
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "the system's list of errors has no end")]
    match error.kind() {
        Is::WouldBlock | Is::TimedOut => Cause::timed_out(Limit::Idle, idle),
        Is::InvalidData => Cause::new(FaultKind::Protocol, error),
        Is::InvalidInput => Cause::new(FaultKind::BadName, error),
        _ => Cause::new(FaultKind::Broken, error),
    }
}

/// The code of the last line of a reply, which decides.
pub(super) fn code(reply: &Response) -> u32 {
    let digits = last_line(&reply.body).get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

/// The last line of a reply.
fn words(reply: &Response) -> String {
    String::from_utf8_lossy(last_line(&reply.body)).into_owned()
}

fn last_line(body: &[u8]) -> &[u8] {
    body.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default()
}

const fn meaning(code: u32) -> FaultKind {
    match code {
        421 | 426 => FaultKind::Broken,
        425 => FaultKind::NoData,
        452 | 552 => FaultKind::Full,
        400..=499 => FaultKind::Busy,
        500 | 501 | 502 | 503 | 504 | 522 => FaultKind::Unsupported,
        505..=599 => FaultKind::Denied,
        _ => FaultKind::Protocol,
    }
}

/// On the way to TLS whatever is no TLS is a refusal, but "not now" and a line that broke.
pub(super) fn security_cause(error: FtpError, idle: Duration) -> Cause {
    let mut cause = cause(error, idle);
    if matches!(cause.kind, FaultKind::Unsupported | FaultKind::Denied | FaultKind::Protocol) {
        cause.kind = FaultKind::Unsecured;
    }
    cause
}

/// Under TLS, 522 is about the data connection's; in clear text it is about the kind of address.
pub(super) fn transfer_cause(error: FtpError, idle: Duration) -> Cause {
    refused_by(&[522], error, idle)
}

/// Under TLS, a server that refuses a data connection which stands already has not found the session in it: it could not
/// have failed to make the connection.
pub(super) fn end_cause(error: FtpError, idle: Duration) -> Cause {
    refused_by(&[425, 522], error, idle)
}

/// A server that could not write what it was given, as vsftpd and pure-ftpd tell of a full disk: 451 is any error of
/// theirs, and its words decide, in whichever line they stand.
pub(super) fn no_room(error: &FtpError) -> Option<Cause> {
    const ROOM: [&str; 4] = ["writ", "space", "full", "quota"];
    let FtpError::UnexpectedResponse(reply) = error else { return None };
    let lines = String::from_utf8_lossy(&reply.body);
    let mut lines = lines.lines().filter(|_| code(reply) == 451);
    let line = lines.find(|line| ROOM.iter().any(|word| line.to_lowercase().contains(word)))?;
    Some(Cause::new(FaultKind::Full, line.trim_end()))
}

fn refused_by(codes: &[u32], error: FtpError, idle: Duration) -> Cause {
    if let FtpError::UnexpectedResponse(reply) = &error
        && codes.contains(&code(reply))
    {
        return Cause::new(FaultKind::NotResumed, words(reply));
    }
    cause(error, idle)
}

/// In the login every refusal but "not now" is final: a second try could lock the account. A server that echoes the
/// password is quoted by its code only.
pub(super) fn login_cause(error: FtpError, password: &str, idle: Duration) -> Cause {
    let FtpError::UnexpectedResponse(reply) = error else { return cause(error, idle) };
    let kind = if code(&reply) == 421 { FaultKind::Busy } else { FaultKind::Refused };
    let words = words(&reply);
    if !password.is_empty() && words.contains(password) {
        return Cause::new(kind, code(&reply));
    }
    Cause::new(kind, words)
}

//! What goes wrong in SSH and in SFTP, as causes.

use russh_sftp::{
    client::error::Error,
    protocol::{Status, StatusCode},
};

use crate::transport::fault::{Cause, FaultKind};

/// What went wrong in the connection.
#[expect(clippy::wildcard_enum_match_arm, reason = "not our list, and open at its end")]
pub(super) fn of_ssh(error: russh::Error) -> Cause {
    use russh::Error as Is;
    let kind = match error {
        Is::IO(_)
        | Is::Disconnect
        | Is::HUP
        | Is::ConnectionTimeout
        | Is::SendError
        | Is::RecvError
        | Is::Join(_) => FaultKind::Broken,
        Is::NoCommonAlgo { .. } => FaultKind::NoCommonWay,
        Is::ChannelOpenFailure(_) | Is::RequestDenied => FaultKind::Denied,
        _ => FaultKind::Protocol,
    };
    Cause::new(kind, error)
}

/// What went wrong in a step with files.
pub(super) fn of_sftp(error: Error) -> Cause {
    match error {
        Error::Status(status) => of_status(&status),
        Error::Limited(reason) => Cause::new(FaultKind::Unsupported, reason),
        Error::UnexpectedPacket => Cause::new(FaultKind::Protocol, error),
        // The library says no more of a connection that has ended.
        Error::IO(_) | Error::Timeout | Error::UnexpectedBehavior(_) => Cause::new(FaultKind::Broken, error),
    }
}

/// The server's answer. Version 3 has one code for nearly everything.
fn of_status(status: &Status) -> Cause {
    let kind = match status.status_code {
        StatusCode::NoSuchFile => FaultKind::Missing,
        StatusCode::Failure if is_about_room(&status.error_message) => FaultKind::Full,
        StatusCode::PermissionDenied | StatusCode::Failure | StatusCode::BadMessage => FaultKind::Denied,
        StatusCode::NoConnection | StatusCode::ConnectionLost => FaultKind::Broken,
        StatusCode::OpUnsupported => FaultKind::Unsupported,
        StatusCode::Ok | StatusCode::Eof => FaultKind::Protocol,
    };
    let words = if status.error_message.is_empty() {
        status.status_code.to_string()
    } else {
        status.error_message.clone()
    };
    Cause::new(kind, words)
}

fn is_about_room(words: &str) -> bool {
    let words = words.to_lowercase();
    ["space", "full", "quota", "enospc"].iter().any(|word| words.contains(word))
}

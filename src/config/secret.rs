//! Passwords and keys: from a file that only its owner can read, a command, or a systemd credential. Never shown.

use std::{
    fmt,
    fs::File,
    io::Read,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use rustix::fs::{Mode, OFlags};

use super::settings::{PasswordSource, ServerSettings};
use crate::{
    failure::{Failure, Result},
    text::{Message, settings as text},
};

/// More than any password or key.
const LARGEST: u64 = 1 << 16;

/// A text that prints as nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text. Used by transports only.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// Opens every configured secret file and checks who can read it; runs no command. For `config check`.
pub fn check(server: &ServerSettings, credentials: Option<&Path>) -> Result<()> {
    match &server.password {
        PasswordSource::File(path) => read(path, credentials).map(drop)?,
        PasswordSource::Credential(name) => {
            read(&credential_path(name, credentials)?, credentials).map(drop)?;
        }
        PasswordSource::Command(_) | PasswordSource::Nowhere => {}
    }
    server.key_file.as_deref().map_or(Ok(()), |path| read(path, credentials).map(drop))
}

/// The server's password, if one is configured. `credentials` is `$CREDENTIALS_DIRECTORY`; a command gets `patience`.
pub fn password(
    server: &ServerSettings,
    credentials: Option<&Path>,
    patience: Duration,
) -> Result<Option<Secret>> {
    let text = match &server.password {
        PasswordSource::Nowhere => return Ok(None),
        PasswordSource::File(path) => read(path, credentials)?,
        PasswordSource::Credential(name) => read(&credential_path(name, credentials)?, credentials)?,
        PasswordSource::Command(words) => run(words, patience)?,
    };
    first_line(&text.0).map(Some)
}

/// The private key for `sftp`, if one is configured.
pub fn private_key(server: &ServerSettings, credentials: Option<&Path>) -> Result<Option<Secret>> {
    server.key_file.as_deref().map(|path| read(path, credentials)).transpose()
}

fn credential_path(name: &str, credentials: Option<&Path>) -> Result<PathBuf> {
    let refused = |message: Message| Failure::usage(message).with("name", name);
    if name.contains('/') || name == ".." || name == "." {
        return Err(refused(text::CREDENTIAL_NAME));
    }
    credentials
        .map(|folder| folder.join(name))
        .ok_or_else(|| refused(text::CREDENTIAL_NOWHERE).with("variable", "CREDENTIALS_DIRECTORY"))
}

/// systemd guards its folder of credentials itself; the files in it may be readable inside.
fn is_credential(path: &Path, credentials: Option<&Path>) -> bool {
    let Some(Ok(folder)) = credentials.map(Path::canonicalize) else { return false };
    path.canonicalize().is_ok_and(|path| path.starts_with(folder))
}

fn read(path: &Path, credentials: Option<&Path>) -> Result<Secret> {
    let refused = |message: Message| Failure::usage(message).with("file", path.display());
    let unreadable = |error: std::io::Error| refused(text::SECRET_UNREADABLE).with("reason", error);
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    let file = rustix::fs::open(path, flags, Mode::empty()).map_err(|error| unreadable(error.into()))?;
    let file = File::from(file);
    let facts = file.metadata().map_err(unreadable)?;
    if !facts.is_file() {
        return Err(refused(text::CONFIG_NO_FILE));
    }
    if facts.mode() & 0o077 != 0 && !is_credential(path, credentials) {
        return Err(refused(text::SECRET_READABLE));
    }
    let mut content = String::new();
    file.take(LARGEST).read_to_string(&mut content).map_err(unreadable)?;
    if content.trim().is_empty() { Err(refused(text::SECRET_EMPTY)) } else { Ok(Secret(content)) }
}

fn first_line(text: &str) -> Result<Secret> {
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() { Err(Failure::usage(text::PASSWORD_EMPTY)) } else { Ok(Secret(line.to_owned())) }
}

fn run(words: &[String], patience: Duration) -> Result<Secret> {
    let failed = || Failure::usage(text::COMMAND_FAILED).with("key", "spar.server.password_command");
    let (program, arguments) = words.split_first().ok_or_else(failed)?;
    let command = Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut child = command.map_err(|error| failed().caused_by(error))?;
    let deadline = Instant::now() + patience;
    let printed = output_within(&mut child, patience);
    let is_well = wait_until(&mut child, deadline).is_some_and(|status| status.success());
    printed.filter(|_| is_well).map(Secret).ok_or_else(failed)
}

/// What a command prints until it closes its output; nothing if that takes too long.
fn output_within(child: &mut Child, patience: Duration) -> Option<String> {
    let output = child.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = output.take(LARGEST).read_to_string(&mut text);
        // Nobody listens any more after the time is up.
        let _ = sender.send(read.ok().map(|_| text));
    });
    receiver.recv_timeout(patience).ok().flatten()
}

/// How the command ended; nothing if it had to be killed.
fn wait_until(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    const PAUSE: Duration = Duration::from_millis(10);
    loop {
        if let Some(status) = child.try_wait().ok()? {
            return Some(status);
        }
        if Instant::now() >= deadline {
            // It may be gone already; what counts is that it doesn't stay.
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(PAUSE);
    }
}

//! Why a run did not do its work: the kind is fixed where the failure is born, and one table turns it into an
//! exit code. A failure never carries a personal value: only messages of the catalogue and their parameters.

use crate::leak_control::{self, Place};
use crate::text::{Language, Message, Params, failure as text};

/// What kind of failure it is; the table in [`Kind::exit_code`] says what the caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The command line, the configuration or a file's header is wrong.
    Usage,
    /// The work could not be done; nothing was changed.
    Failed,
    /// A limit stopped the run; nothing was changed.
    Held,
    /// The other side could not be reached or broke off.
    Unreachable,
    /// Another run holds the registry.
    Busy,
    /// A signal of this number; everything was rolled back.
    Interrupted(i32),
}

impl Kind {
    /// The exit codes of product.md, "Exit codes".
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Failed => 1,
            Self::Held => 4,
            Self::Unreachable => 5,
            Self::Busy => 6,
            #[expect(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "signals are 1..=64")]
            Self::Interrupted(signal) => 128 + signal as u8,
        }
    }

    /// The status of the run row.
    pub const fn status(self) -> &'static str {
        match self {
            Self::Usage | Self::Failed => "failed",
            Self::Held => "held",
            Self::Unreachable => "unreachable",
            Self::Busy => "busy",
            Self::Interrupted(_) => "interrupted",
        }
    }
}

/// A failure with its text, ready to be shown in either language.
#[derive(Debug)]
pub struct Failure {
    /// Decides exit code and status.
    pub kind: Kind,
    /// What went wrong.
    pub message: Message,
    /// Its parameters.
    pub params: Params,
    /// What to do next.
    pub hint: Option<Box<Message>>,
    /// The cause, for `-v`; shown to nobody else.
    pub source: Option<anyhow::Error>,
}

/// The result of everything that can fail.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure of this kind with a message without parameters.
    pub fn new(kind: Kind, message: Message) -> Self {
        Self { kind, message, params: Vec::new(), hint: None, source: None }
    }

    /// The work could not be done.
    pub fn failed(message: Message) -> Self {
        Self::new(Kind::Failed, message)
    }

    /// The command line, the configuration or a header is wrong.
    pub fn usage(message: Message) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Puts a parameter in. Control characters are escaped: names of files come from outside.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "a chain of parameters reads better without &")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.push((name, escaped(&value.to_string())));
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn hint(mut self, hint: Message) -> Self {
        self.hint = Some(Box::new(hint));
        self
    }

    /// Says what to do next, unless something said it already.
    #[must_use]
    pub fn hint_if_none(mut self, hint: Message) -> Self {
        self.hint.get_or_insert_with(|| Box::new(hint));
        self
    }

    /// Keeps the cause for `-v`.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<anyhow::Error>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The stable code that a script sees.
    pub const fn code(&self) -> &'static str {
        self.message.code
    }

    /// The sentence for a user.
    pub fn text(&self, language: Language) -> String {
        let text = self.message.render(language, params_of(&self.params));
        leak_control::text(Place::Failure).map_or_else(|| text.clone(), |more| format!("{text} {more}"))
    }

    /// The advice for a user, if there is any.
    pub fn hint_text(&self, language: Language) -> Option<String> {
        self.hint.as_ref().map(|hint| hint.render(language, params_of(&self.params)))
    }

    /// A broken assumption of the program itself.
    pub fn internal(what: &'static str) -> Self {
        Self::failed(text::INTERNAL).with("what", what)
    }

    /// A file system failure on a path.
    pub fn io(path: &std::path::Path, error: std::io::Error) -> Self {
        Self::failed(text::IO).with("path", path.display()).with("reason", &error).caused_by(error)
    }
}

/// Borrows parameters in the form that [`Message::render`] takes.
pub fn params_of(params: &Params) -> impl Iterator<Item = (&str, &str)> + Clone {
    params.iter().map(|(name, value)| (*name, value.as_str()))
}

/// Makes control characters visible, so that a name from outside can't steer a terminal or forge a line.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || is_bidi_control(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

const fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error_code();
        let message = match code {
            Some(rusqlite::ErrorCode::DiskFull) => text::DISK_FULL,
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                text::REGISTRY_BUSY
            }
            Some(rusqlite::ErrorCode::OperationInterrupted) => text::STOPPED,
            _ => text::REGISTRY_ERROR,
        };
        // SQLite's own texts name tables and columns, never values; rusqlite's conversion errors may not be so careful.
        let reason = if let rusqlite::Error::SqliteFailure(_, Some(reason)) = &error {
            reason.clone()
        } else {
            code.map_or_else(|| "unexpected value".to_owned(), |code| format!("{code:?}"))
        };
        let failure = Self::failed(message).with("reason", reason);
        if matches!(error, rusqlite::Error::SqliteFailure(..)) { failure.caused_by(error) } else { failure }
    }
}

//! A command line that can't be read, told in the user's language. What the parser found is taken apart, because its
//! own sentences are English and repeat every word, numbers of people too.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::terminal::{self, Tone};
use super::{output, report, session};
use crate::config::nearest;
use crate::failure::Failure;
use crate::text::{Language, Message, command_line as text, failure as failure_text};

/// Why the value of a flag can't be read, for flags with a form of their own.
#[derive(Debug)]
pub(super) struct Unreadable {
    message: Message,
    known: String,
}

impl Unreadable {
    /// One of these.
    pub(super) fn among<'k>(known: impl IntoIterator<Item = &'k str>) -> Self {
        Self::new(text::VALUE_NOT_AMONG, known)
    }

    /// What was expected, and what may stand there.
    pub(super) fn new<'k>(message: Message, known: impl IntoIterator<Item = &'k str>) -> Self {
        Self { message, known: known.into_iter().collect::<Vec<_>>().join(", ") }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.code)
    }
}

impl std::error::Error for Unreadable {}

/// Help and version are answers; everything else that the parser says is a wrong command line.
pub(super) fn show(error: &clap::Error, words: &[OsString]) -> u8 {
    if !error.use_stderr() {
        output::out(&error.to_string());
        return 0;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        output::err(&error.to_string());
        return 2;
    }
    let language = language(words);
    let reason = reason(error, language);
    if words.iter().any(|word| word == "--json") {
        let failure = Failure::usage(failure_text::COMMAND_LINE).with("reason", &reason);
        output::out(&report::failure_document(&failure, language));
    }
    let name = terminal::toned_error("mantal:", Tone::Bad);
    output::err(&format!("{name} {reason}"));
    if let Some(usage) = word(error, ContextKind::Usage) {
        let usage = usage.trim().trim_start_matches("Usage:").trim();
        output::err(&text::USAGE.render(language, [("usage", usage)]));
    }
    output::err(text::MORE.template(language));
    2
}

/// `--lang`, else what the configuration says that the words name.
fn language(words: &[OsString]) -> Language {
    let flag = value_of(words, "--lang").and_then(|language| Language::parse(&language));
    flag.unwrap_or_else(|| session::language_before_settings(value_of(words, "--config").map(PathBuf::from)))
}

fn value_of(words: &[OsString], flag: &str) -> Option<String> {
    let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let joined = words.iter().find_map(|word| word.strip_prefix(flag)?.strip_prefix('=').map(str::to_owned));
    let next = || words.iter().skip_while(|word| *word != flag).nth(1).cloned();
    joined.or_else(next)
}

/// What is wrong, and what may have been meant.
pub(super) fn reason(error: &clap::Error, language: Language) -> String {
    let sentence = sentence(error, language);
    match meant(error) {
        Some(what) => format!("{sentence} {}", text::MEANT.render(language, [("what", what.as_str())])),
        None => sentence,
    }
}

fn sentence(error: &clap::Error, language: Language) -> String {
    let what = word(error, ContextKind::InvalidArg).unwrap_or_default();
    let known = list(error, ContextKind::ValidValue).join(", ");
    let about_flag = |message: Message| message.render(language, [("flag", what.as_str())]);
    match error.kind() {
        ErrorKind::UnknownArgument if is_flag(flag_name(&what)) => {
            text::UNKNOWN_FLAG.render(language, [("flag", flag_name(&what))])
        }
        ErrorKind::UnknownArgument => text::UNKNOWN_WORD.template(language).to_owned(),
        ErrorKind::InvalidSubcommand => text::UNKNOWN_COMMAND.template(language).to_owned(),
        ErrorKind::MissingSubcommand => {
            let known = list(error, ContextKind::ValidSubcommand).join(", ");
            text::COMMAND_MISSING.render(language, [("known", known.as_str())])
        }
        ErrorKind::MissingRequiredArgument => {
            let what = list(error, ContextKind::InvalidArg).join(", ");
            text::ARGUMENT_MISSING.render(language, [("what", what.as_str())])
        }
        ErrorKind::ArgumentConflict => match list(error, ContextKind::PriorArg).join(", ") {
            other if other.is_empty() || other == what => about_flag(text::ONLY_ONCE),
            other => {
                text::NOT_TOGETHER.render(language, [("flag", what.as_str()), ("other", other.as_str())])
            }
        },
        ErrorKind::InvalidValue
            if word(error, ContextKind::InvalidValue).is_none_or(|value| value.is_empty()) =>
        {
            about_flag(text::VALUE_MISSING)
        }
        ErrorKind::InvalidValue if known.is_empty() => about_flag(text::VALUE_WRONG),
        ErrorKind::InvalidValue => {
            text::VALUE_NOT_AMONG.render(language, [("flag", what.as_str()), ("known", known.as_str())])
        }
        ErrorKind::ValueValidation => unreadable(error, &what, language),
        ErrorKind::TooFewValues | ErrorKind::NoEquals => about_flag(text::VALUE_MISSING),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => about_flag(text::VALUE_UNEXPECTED),
        ErrorKind::InvalidUtf8
        | ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion
        | ErrorKind::Io
        | ErrorKind::Format
        | _ => text::UNREADABLE.template(language).to_owned(),
    }
}

/// A value that its own reader refused.
fn unreadable(error: &clap::Error, flag: &str, language: Language) -> String {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Unreadable>());
    match source {
        Some(why) => why.message.render(language, [("flag", flag), ("known", why.known.as_str())]),
        None => text::VALUE_WRONG.render(language, [("flag", flag)]),
    }
}

/// `--email=a@b.se` without what follows the sign.
fn flag_name(typed: &str) -> &str {
    typed.split('=').next().unwrap_or(typed)
}

/// Whether it is written like a flag. Behind hyphens too there may be a number or a name.
fn is_flag(word: &str) -> bool {
    word.starts_with('-') && word.bytes().all(|byte| byte == b'-' || byte.is_ascii_lowercase())
}

/// The one of the parser's suggestions that is nearest to what was typed.
fn meant(error: &clap::Error) -> Option<String> {
    let near = |typed: ContextKind, suggested: ContextKind| {
        let suggestions = list(error, suggested);
        nearest(&word(error, typed)?, suggestions.iter().map(String::as_str)).map(str::to_owned)
    };
    let flag = near(ContextKind::InvalidArg, ContextKind::SuggestedArg);
    let command = near(ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand);
    let value = near(ContextKind::InvalidValue, ContextKind::SuggestedValue);
    flag.or(command).or(value)
}

fn word(error: &clap::Error, kind: ContextKind) -> Option<String> {
    list(error, kind).into_iter().next()
}

fn list(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(one)) => vec![one.clone()],
        Some(ContextValue::Strings(all)) => all.clone(),
        Some(ContextValue::StyledStr(one)) => vec![one.to_string()],
        Some(ContextValue::StyledStrs(all)) => all.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

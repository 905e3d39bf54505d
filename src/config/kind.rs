//! What a setting's value may be. Each kind says what it takes, and what to tell somebody who wrote something else.

use std::{collections::BTreeMap, time::Duration};

use super::{list_name::ListName, pin::TlsPin, raw::Raw};
use crate::domain::zone::Zone;
use crate::{
    domain::{contact::ContactField, limit::Amount},
    failure::Failure,
    text::{Message, settings as text},
};

/// The kind of a setting.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeyKind {
    /// Any text but the empty one.
    Text,
    /// A text that a person may write as a number.
    Code,
    /// A file or folder, relative to the configuration's folder.
    Path,
    /// true or false.
    Flag,
    /// A whole number between these.
    Count(u64, u64),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of texts.
    Words,
    /// A list of contact fields.
    Fields,
    /// A list of municipality codes.
    Municipalities,
    /// A list of names of sources.
    SourceNames,
    /// `last-changed`, `last-synced` or a list of names of sources.
    Precedence,
    /// A length of time: `26h`.
    Duration,
    /// A percentage or a count.
    Share,
    /// A number of days, or `keep`.
    DaysOrKeep,
    /// A mapping of column names.
    Columns,
    /// A command line, or a list of its words.
    Command,
    /// A template of list names.
    ListName,
    /// A pattern of file names.
    Pattern,
    /// A time zone of the IANA database.
    Timezone,
    /// An address for HTTP.
    Url,
    /// The fingerprint of a certificate.
    TlsPin,
}

/// A value that its kind has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Text, path, word, template, address.
    Text(String),
    /// true or false.
    Flag(bool),
    /// A number.
    Count(u64),
    /// A list of texts.
    List(Vec<String>),
    /// A length of time.
    Duration(Duration),
    /// A percentage or a count.
    Amount(Amount),
    /// For ever.
    Keep,
    /// A mapping.
    Columns(BTreeMap<String, String>),
}

impl KeyKind {
    /// The value that stands in the file, if it is one of this kind.
    pub fn read(self, raw: &Raw) -> Option<Value> {
        match (self, raw) {
            (Self::Flag, Raw::Flag(flag)) => Some(Value::Flag(*flag)),
            (Self::Count(least, most), Raw::Integer(number)) => {
                count(*number).filter(|count| (least..=most).contains(count)).map(Value::Count)
            }
            (Self::Share, Raw::Integer(number)) => count(*number).map(Amount::Absolute).map(Value::Amount),
            (Self::Share, Raw::Text(text)) => Amount::parse_percent(text).map(Value::Amount),
            (Self::DaysOrKeep, Raw::Integer(number)) => {
                count(*number).filter(|days| (1..=MOST_DAYS).contains(days)).map(Value::Count)
            }
            (Self::DaysOrKeep, Raw::Text(text)) => (text == "keep").then_some(Value::Keep),
            (Self::Code, Raw::Integer(number)) => count(*number).map(|count| Value::Text(count.to_string())),
            (Self::Duration, Raw::Text(text)) => duration(text).map(Value::Duration),
            (Self::Command, Raw::Text(line)) => shell(line).map(Value::List),
            (Self::Columns, Raw::Table(table)) => columns(table).map(Value::Columns),
            (_, Raw::Text(text)) => self.takes_text(text).then(|| Value::Text(text.clone())),
            (_, Raw::List(items)) => texts(items).filter(|items| self.takes_list(items)).map(Value::List),
            (_, Raw::Integer(_) | Raw::Flag(_) | Raw::Table(_) | Raw::Other) => None,
        }
    }

    fn takes_text(self, text: &str) -> bool {
        match self {
            Self::Text | Self::Code => !text.trim().is_empty() && !text.contains(char::is_control),
            Self::Path => !text.is_empty() && !text.contains('\0'),
            Self::Choice(words) => words.contains(&text),
            Self::Precedence => PRECEDENCE_WORDS.contains(&text),
            Self::ListName => ListName::parse(text).is_some(),
            Self::Pattern => !text.is_empty() && !text.contains(['/', '\0']),
            Self::Timezone => text.parse::<Zone>().is_ok(),
            Self::Url => is_url(text),
            Self::TlsPin => TlsPin::parse(text).is_some(),
            Self::Flag
            | Self::Count(..)
            | Self::Words
            | Self::Fields
            | Self::Municipalities
            | Self::SourceNames
            | Self::Duration
            | Self::Share
            | Self::DaysOrKeep
            | Self::Columns
            | Self::Command => false,
        }
    }

    fn takes_list(self, items: &[String]) -> bool {
        match self {
            Self::Words => items.iter().all(|item| !item.trim().is_empty()),
            Self::Fields => items.iter().all(|item| ContactField::parse(item).is_some()),
            Self::Municipalities => items.iter().all(|item| is_municipality(item)),
            Self::SourceNames => items.iter().all(|item| is_source_name(item)),
            Self::Precedence => !items.is_empty() && items.iter().all(|item| is_source_name(item)),
            Self::Command => items.first().is_some_and(|program| !program.is_empty()),
            Self::Text
            | Self::Code
            | Self::Path
            | Self::Flag
            | Self::Count(..)
            | Self::Choice(_)
            | Self::Duration
            | Self::Share
            | Self::DaysOrKeep
            | Self::Columns
            | Self::ListName
            | Self::Pattern
            | Self::Timezone
            | Self::Url
            | Self::TlsPin => false,
        }
    }

    /// Whether `--set key=a,b` means a list.
    pub const fn is_list(self) -> bool {
        matches!(
            self,
            Self::Words | Self::Fields | Self::Municipalities | Self::SourceNames | Self::Precedence
        )
    }

    /// The failure for a value of another kind; the value itself is not quoted, it might be a secret.
    pub fn failure(self) -> Failure {
        let failure = Failure::usage(self.expectation());
        match self {
            Self::Count(least, most) => failure.with("least", least).with("most", most),
            Self::Choice(words) => failure.with("words", words.join(", ")),
            Self::Fields => failure.with("words", ContactField::ALL.map(ContactField::name).join(", ")),
            Self::DaysOrKeep => failure.with("most", MOST_DAYS),
            Self::Precedence => failure.with("words", PRECEDENCE_WORDS.join(", ")),
            Self::Text
            | Self::Code
            | Self::Path
            | Self::Flag
            | Self::Words
            | Self::Municipalities
            | Self::SourceNames
            | Self::Duration
            | Self::Share
            | Self::Columns
            | Self::Command
            | Self::ListName
            | Self::Pattern
            | Self::Timezone
            | Self::Url
            | Self::TlsPin => failure,
        }
    }

    const fn expectation(self) -> Message {
        match self {
            Self::Text | Self::Code => text::NEEDS_TEXT,
            Self::Path => text::NEEDS_PATH,
            Self::Flag => text::NEEDS_FLAG,
            Self::Count(..) => text::NEEDS_COUNT,
            Self::Choice(_) => text::NEEDS_CHOICE,
            Self::Words => text::NEEDS_LIST,
            Self::Fields => text::NEEDS_FIELDS,
            Self::Municipalities => text::NEEDS_MUNICIPALITIES,
            Self::SourceNames => text::NEEDS_SOURCE_NAMES,
            Self::Precedence => text::NEEDS_PRECEDENCE,
            Self::Duration => text::NEEDS_DURATION,
            Self::Share => text::NEEDS_SHARE,
            Self::DaysOrKeep => text::NEEDS_DAYS_OR_KEEP,
            Self::Columns => text::NEEDS_COLUMNS,
            Self::Command => text::NEEDS_COMMAND,
            Self::ListName => text::NEEDS_LIST_NAME,
            Self::Pattern => text::NEEDS_PATTERN,
            Self::Timezone => text::NEEDS_TIMEZONE,
            Self::Url => text::NEEDS_URL,
            Self::TlsPin => text::NEEDS_TLS_PIN,
        }
    }
}

/// A hundred years: no period of ours is longer.
pub(crate) const MOST_DAYS: u64 = 36_500;

/// The rules of precedence that have a name.
const PRECEDENCE_WORDS: &[&str] = &["last-changed", "last-synced"];

fn count(number: i64) -> Option<u64> {
    u64::try_from(number).ok()
}

fn texts(items: &[Raw]) -> Option<Vec<String>> {
    let text = |item: &Raw| if let Raw::Text(text) = item { Some(text.clone()) } else { None };
    items.iter().map(text).collect()
}

/// A number and one of `s m h d`; longer than nothing, at most a hundred years.
fn duration(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let total = is_number.then(|| digits.parse::<u64>().ok()).flatten()?.checked_mul(seconds)?;
    (1..=MOST_DAYS * 86_400).contains(&total).then(|| Duration::from_secs(total))
}

/// A command in one line is the shell's to read.
fn shell(line: &str) -> Option<Vec<String>> {
    let is_empty = line.trim().is_empty();
    (!is_empty).then(|| vec!["/bin/sh".to_owned(), "-c".to_owned(), line.to_owned()])
}

fn is_municipality(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a source may be called so: its name stands in findings, origins and keys.
pub(crate) fn is_source_name(text: &str) -> bool {
    let is_legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.len() <= 64 && text.bytes().all(is_legal)
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !text.contains(|character: char| character.is_whitespace() || character.is_control())
}

/// The columns of contacts files and of `person import`.
const PEOPLE_COLUMNS: [&str; 18] = [
    "id_number",
    "id_kind",
    "category",
    "first_name",
    "middle_name",
    "last_name",
    "birth_date",
    "address_kind",
    "care_of",
    "street",
    "postal_code",
    "city",
    "country",
    "email",
    "mobile",
    "phone",
    "allow_update",
    "comment",
];

/// Their header to our column. Written in either direction; where both names are ours, the key is the header.
fn columns(table: &BTreeMap<String, Raw>) -> Option<BTreeMap<String, String>> {
    let is_ours = |name: &str| PEOPLE_COLUMNS.contains(&name);
    let mut mapping = BTreeMap::new();
    for (key, value) in table {
        let Raw::Text(value) = value else { return None };
        let (header, ours) = match (is_ours(key), is_ours(value)) {
            (false | true, true) => (key, value),
            (true, false) => (value, key),
            (false, false) => return None,
        };
        if header.is_empty() || mapping.insert(header.clone(), ours.clone()).is_some() {
            return None;
        }
    }
    Some(mapping)
}

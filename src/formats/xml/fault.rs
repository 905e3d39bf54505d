//! Why a file can't be read, and where. Never with anything that stands in the file.

use std::fmt;
use std::io;

use crate::failure::Failure;
use crate::formats::archive::Spoiled;
use crate::formats::encoding::EncodingFault;
use crate::text::{Message, spar_file as text};

/// Why the file can't be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Not well-formed XML.
    NotWellFormed,
    /// The file ends before its root element does.
    NotClosed,
    /// No `AviseringPoster` or `AviseringsPoster`.
    NoPosts,
    /// No `Navetavisering` with `Folkbokforingsposter`.
    NotNavet,
    /// A counter that is no number.
    BadCounter,
    /// A document type declaration, and with it entity declarations.
    Doctype,
    /// Elements nested deeper than any form of the file does.
    TooDeep,
    /// More text in one element than any form allows.
    TextTooLong,
    /// A tag, comment or piece of text without an end in sight.
    TokenTooLong,
    /// A post far longer than any real one.
    PostTooLong,
    /// More attributes on one element than any form has.
    TooManyAttributes,
    /// `&name;` other than XML's own five.
    UnknownEntity,
    /// The bytes are not of the encoding that the file declares.
    WrongEncoding,
    /// The declared encoding is none that we read.
    UnknownEncoding,
    /// The packing around the XML is spoiled.
    Packing(Spoiled),
    /// The bytes could not be read.
    Unreadable(io::ErrorKind),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message().code)
    }
}

impl std::error::Error for Reason {}

impl From<Reason> for io::Error {
    fn from(reason: Reason) -> Self {
        Self::new(io::ErrorKind::InvalidData, reason)
    }
}

impl From<EncodingFault> for Reason {
    fn from(fault: EncodingFault) -> Self {
        match fault {
            EncodingFault::Malformed => Self::WrongEncoding,
            EncodingFault::Unknown => Self::UnknownEncoding,
        }
    }
}

impl From<&io::Error> for Reason {
    /// The layers below the parser send their reasons through `io::Error`.
    fn from(error: &io::Error) -> Self {
        let inner = error.get_ref();
        if let Some(reason) = inner.and_then(|inner| inner.downcast_ref::<Self>()) {
            return *reason;
        }
        if let Some(fault) = inner.and_then(|inner| inner.downcast_ref::<EncodingFault>()) {
            return Self::from(*fault);
        }
        match inner.and_then(|inner| inner.downcast_ref::<Spoiled>()) {
            Some(spoiled) => Self::Packing(*spoiled),
            None => Self::Unreadable(error.kind()),
        }
    }
}

impl Reason {
    const fn message(self) -> Message {
        match self {
            Self::NotWellFormed => text::NOT_WELL_FORMED,
            Self::NotClosed => text::NOT_CLOSED,
            Self::NoPosts => text::NO_POSTS,
            Self::NotNavet => text::NOT_NAVET,
            Self::BadCounter => text::BAD_COUNTER,
            Self::Doctype => text::DOCTYPE,
            Self::TooDeep => text::TOO_DEEP,
            Self::TextTooLong => text::TEXT_TOO_LONG,
            Self::TokenTooLong => text::TOKEN_TOO_LONG,
            Self::PostTooLong => text::POST_TOO_LONG,
            Self::TooManyAttributes => text::TOO_MANY_ATTRIBUTES,
            Self::UnknownEntity => text::UNKNOWN_ENTITY,
            Self::WrongEncoding => text::WRONG_ENCODING,
            Self::UnknownEncoding => text::UNKNOWN_ENCODING,
            Self::Packing(spoiled) => spoiled.message(),
            Self::Unreadable(_) => text::UNREADABLE,
        }
    }
}

/// A reason and where it was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Why.
    pub reason: Reason,
    /// How many bytes of the XML (as UTF-8) were read.
    pub byte: u64,
    /// The post that was being read, from 1; 0 before the first.
    pub post: u64,
}

impl Fault {
    /// What a user is told about the file of this name.
    pub fn into_failure(self, file: &str) -> Failure {
        let failure = Failure::failed(self.reason.message())
            .with("file", file)
            .with("byte", self.byte)
            .with("post", self.post);
        match self.reason {
            Reason::Unreadable(kind) | Reason::Packing(Spoiled::Unreadable(kind)) => {
                failure.with("reason", kind).hint(text::HINT_READ_AGAIN)
            }
            Reason::NotClosed | Reason::Packing(_) => failure.hint(text::HINT_FETCH_AGAIN),
            Reason::NotWellFormed
            | Reason::NoPosts
            | Reason::NotNavet
            | Reason::BadCounter
            | Reason::Doctype
            | Reason::TooDeep
            | Reason::TextTooLong
            | Reason::TokenTooLong
            | Reason::PostTooLong
            | Reason::TooManyAttributes
            | Reason::UnknownEntity
            | Reason::WrongEncoding
            | Reason::UnknownEncoding => failure.hint(text::HINT_ASK_SENDER),
        }
    }
}

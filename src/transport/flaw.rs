//! Why a server is not trusted, and what of the configuration can't be used: reasons that need words of their own.

use crate::text::{Message, transport as text};

/// Why a server is not taken for the one that it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing is known of its host key.
    UnknownKey,
    /// The host is known by other keys.
    ChangedKey,
    /// Its host key is marked as revoked.
    RevokedKey,
    /// Its host key is not the one of the configuration.
    NotThePinnedKey,
    /// Only an authority could vouch for its host key, and we ask none.
    OnlyAuthority,
    /// Its certificate, or one above it, is no longer valid.
    Expired,
    /// Its certificate, or one above it, is not valid yet.
    NotYetValid,
    /// Its certificate is for other names than `spar.server.host`.
    WrongName,
    /// Nobody whom we trust has issued its certificate.
    UnknownIssuer,
    /// Its certificate is an authority's own, as self-signed ones often are: only a pin can make it a server's.
    Authority,
    /// Its certificate is not the one of the configuration.
    NotThePinned,
    /// Its certificate can't be read or proved.
    BadCertificate,
}

/// What of the configuration can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing to log in with.
    NoWayIn,
    /// The private key can't be read.
    Key,
    /// The private key wants a passphrase.
    NoPassphrase,
    /// The private key wants another passphrase.
    Passphrase,
    /// The agent can't be reached.
    Agent,
    /// The agent has no key.
    NoAgentKey,
    /// The file of host keys can't be read.
    KnownHosts,
    /// The file of certificate authorities can't be read, or not understood.
    Authorities,
    /// There is no certificate authority at all.
    NoAuthority,
}

impl Flaw {
    /// What is wrong, and what to do.
    pub(super) const fn texts(self) -> (Message, Option<Message>) {
        match self {
            Self::UnknownKey => (text::UNKNOWN_KEY, Some(text::UNKNOWN_KEY_HINT)),
            Self::ChangedKey => (text::CHANGED_KEY, Some(text::CHANGED_KEY_HINT)),
            Self::RevokedKey => (text::REVOKED_KEY, Some(text::REVOKED_KEY_HINT)),
            Self::NotThePinnedKey => (text::NOT_THE_PINNED_KEY, Some(text::NOT_THE_PINNED_KEY_HINT)),
            Self::OnlyAuthority => (text::ONLY_AUTHORITY, Some(text::UNKNOWN_KEY_HINT)),
            Self::Expired => (text::EXPIRED, Some(text::DATES_HINT)),
            Self::NotYetValid => (text::NOT_YET_VALID, Some(text::DATES_HINT)),
            Self::WrongName => (text::WRONG_NAME, Some(text::WRONG_NAME_HINT)),
            Self::UnknownIssuer => (text::UNKNOWN_ISSUER, Some(text::PIN_HINT)),
            Self::Authority => (text::NOT_A_SERVERS, Some(text::ONLY_PIN_HINT)),
            Self::NotThePinned => (text::NOT_THE_PINNED, Some(text::NOT_THE_PINNED_HINT)),
            Self::BadCertificate => (text::BAD_CERTIFICATE, Some(text::BAD_CERTIFICATE_HINT)),
        }
    }
}

impl Unfit {
    /// What is wrong, and what to do.
    pub(super) const fn texts(self) -> (Message, Option<Message>) {
        match self {
            Self::NoWayIn => (text::NO_WAY_IN, Some(text::NO_WAY_IN_HINT)),
            Self::Key => (text::KEY_UNREADABLE, Some(text::KEY_UNREADABLE_HINT)),
            Self::NoPassphrase => (text::NO_PASSPHRASE, Some(text::NO_PASSPHRASE_HINT)),
            Self::Passphrase => (text::WRONG_PASSPHRASE, Some(text::WRONG_PASSPHRASE_HINT)),
            Self::Agent => (text::AGENT_UNREACHABLE, Some(text::AGENT_HINT)),
            Self::NoAgentKey => (text::AGENT_EMPTY, Some(text::AGENT_HINT)),
            Self::KnownHosts => (text::KNOWN_HOSTS_UNREADABLE, None),
            Self::Authorities => (text::AUTHORITIES_UNREADABLE, None),
            Self::NoAuthority => (text::NO_AUTHORITY, Some(text::NO_AUTHORITY_HINT)),
        }
    }
}

//! What a connection got through so far: what `doctor` shows step by step.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};

/// One step that worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The name has these addresses.
    Found(Vec<SocketAddr>),
    /// A connection to this address stands.
    Connected(SocketAddr),
    /// TLS stands, and the certificate is trusted.
    Secured(Secured),
    /// The host key is trusted.
    HostKey {
        /// `ssh-ed25519`
        algorithm: String,
        /// `SHA256:…`
        fingerprint: String,
    },
    /// The login was accepted.
    LoggedIn,
}

/// What TLS came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secured {
    /// `TLSv1.3`
    pub protocol: String,
    /// SHA-256 of the server's certificate, as `spar.server.tls_pin` has it.
    pub fingerprint: String,
    /// When the certificate begins and ends to be valid, if it can be read.
    pub valid: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

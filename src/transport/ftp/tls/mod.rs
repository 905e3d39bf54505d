//! TLS under FTP: whom we trust, what a channel under TLS reads and writes, and what went wrong in it.
//!
//! Nothing falls back to clear text. All channels of a session share one configuration: one trust, one memory of
//! sessions to resume, which many servers demand of data connections.

mod certificate;
mod channel;
mod trust;

use std::{
    fmt, io,
    net::TcpStream,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::{
    CertificateError, ClientConfig, ClientConnection, SupportedProtocolVersion,
    pki_types::ServerName,
    version::{TLS12, TLS13},
};
use suppaftp::{FtpError, FtpResult};

use self::trust::Untrusted;
pub(super) use self::{channel::Channel, trust::Verifier};
use crate::{
    config::{ServerSettings, TlsMax},
    transport::{
        fault::{Cause, FaultKind},
        flaw::Flaw,
        session::Outcome,
    },
};

/// Makes channels under TLS of sockets.
pub(super) struct Connector {
    config: Arc<ClientConfig>,
    verifier: Arc<Verifier>,
    name: ServerName<'static>,
    /// A channel that was made before anybody asked for it.
    ready: Mutex<Option<Channel>>,
}

impl Connector {
    /// With the trust that the settings ask for; reads certificates from files.
    pub(super) fn new(server: &ServerSettings) -> Outcome<Self> {
        let host = server.host.clone().unwrap_or_default();
        let name = ServerName::try_from(host).map_err(|error| Cause::new(FaultKind::Unreachable, error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Arc::new(Verifier::new(server, &provider)?);
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions(server.tls_max))
            .map_err(|error| cause(&error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::<Verifier>::clone(&verifier))
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config), verifier, name, ready: Mutex::default() })
    }

    /// Who judges the certificates, and knows the first.
    pub(super) fn verifier(&self) -> Arc<Verifier> {
        Arc::clone(&self.verifier)
    }

    /// A channel over this socket; hands are shaken when it is first used.
    pub(super) fn channel(&self, socket: TcpStream) -> FtpResult<Channel> {
        let connection = ClientConnection::new(Arc::clone(&self.config), self.name.clone());
        let connection = connection.map_err(|error| FtpError::ConnectionError(io::Error::other(error)))?;
        Ok(Channel::new(connection, socket))
    }

    /// Gives this channel to whoever asks next, whatever socket they bring.
    pub(super) fn keep(&self, ready: Channel) {
        *self.ready.lock().unwrap_or_else(PoisonError::into_inner) = Some(ready);
    }

    fn kept(&self) -> Option<Channel> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connector({:?})", self.name)
    }
}

fn versions(newest: Option<TlsMax>) -> &'static [&'static SupportedProtocolVersion] {
    static OLD: [&SupportedProtocolVersion; 1] = [&TLS12];
    static ALL: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];
    match newest {
        Some(TlsMax::V12) => &OLD,
        Some(TlsMax::V13) | None => &ALL,
    }
}

/// What an error of TLS means.
pub(super) fn cause(error: &rustls::Error) -> Cause {
    if let rustls::Error::InvalidCertificate(flaw) = error {
        let known = if let CertificateError::Other(other) = flaw {
            other.0.downcast_ref::<Untrusted>()
        } else {
            None
        };
        return known.map_or_else(
            || {
                Cause::new(FaultKind::Untrusted(Flaw::BadCertificate), flaw)
                    .with("fingerprint", "?".to_owned())
            },
            Untrusted::cause,
        );
    }
    // Bytes that somebody changed on the way; the next time nobody may.
    if matches!(error, rustls::Error::DecryptError) {
        return Cause::new(FaultKind::Broken, error);
    }
    Cause::new(FaultKind::Unsecured, error)
}

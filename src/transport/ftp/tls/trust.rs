//! Which certificate is trusted: one that an authority of ours or of the system vouches for, or the one that is pinned.
//! Whatever the trust, the server must prove with its signature that it has the certificate's key.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};

use super::certificate::Certificate;
use crate::{
    config::{ServerSettings, TlsPin},
    transport::{
        Secured,
        fault::{Cause, FaultKind},
        flaw::{Flaw, Unfit},
        session::Outcome,
    },
};

#[derive(Debug)]
enum Trust {
    Chain(Arc<WebPkiServerVerifier>),
    Pin(TlsPin),
}

/// Judges certificates, and remembers the first.
#[derive(Debug)]
pub(in crate::transport::ftp) struct Verifier {
    trust: Trust,
    algorithms: WebPkiSupportedAlgorithms,
    secured: Mutex<Option<Secured>>,
}

/// Why a certificate is not trusted, on its way through rustls.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{flaw:?}: {reason}")]
pub(super) struct Untrusted {
    flaw: Flaw,
    reason: String,
    fingerprint: TlsPin,
}

impl Untrusted {
    pub(super) fn cause(&self) -> Cause {
        Cause::new(FaultKind::Untrusted(self.flaw), &self.reason)
            .with("fingerprint", self.fingerprint.to_string())
    }
}

impl Verifier {
    pub(super) fn new(server: &ServerSettings, provider: &Arc<CryptoProvider>) -> Outcome<Self> {
        let trust = match (server.tls_pin, &server.tls_ca) {
            (Some(pin), _) => Trust::Pin(pin),
            (None, Some(path)) => Trust::Chain(vouched(named(path)?, provider, path)?),
            (None, None) => {
                let (path, roots) = of_the_system();
                Trust::Chain(vouched(roots, provider, &path)?)
            }
        };
        let algorithms = provider.signature_verification_algorithms;
        Ok(Self { trust, algorithms, secured: Mutex::default() })
    }

    /// What the first handshake came to, once it is over.
    pub(in crate::transport::ftp) fn secured(&self) -> Option<Secured> {
        self.remembered().clone()
    }

    fn remembered(&self) -> MutexGuard<'_, Option<Secured>> {
        self.secured.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, protocol: &str, certificate: &CertificateDer<'_>) {
        let Certificate { pin, valid } = Certificate::of(certificate);
        let secured = Secured { protocol: protocol.to_owned(), fingerprint: pin.to_string(), valid };
        self.remembered().get_or_insert(secured);
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let shown = Certificate::of(certificate);
        let (flaw, reason) = match &self.trust {
            Trust::Pin(pin) if *pin == shown.pin => return Ok(ServerCertVerified::assertion()),
            Trust::Pin(_) => (Flaw::NotThePinned, String::new()),
            Trust::Chain(chain) => match chain.verify_server_cert(certificate, between, name, ocsp, now) {
                Ok(verified) => return Ok(verified),
                Err(error) => flaw(&error),
            },
        };
        Err(untrusted(flaw, reason, shown.pin))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let valid = verify_tls12_signature(message, certificate, signed, &self.algorithms);
        let valid = valid.map_err(|error| unproved(&error, certificate))?;
        self.remember("TLSv1.2", certificate);
        Ok(valid)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let valid = verify_tls13_signature(message, certificate, signed, &self.algorithms);
        let valid = valid.map_err(|error| unproved(&error, certificate))?;
        self.remember("TLSv1.3", certificate);
        Ok(valid)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn untrusted(flaw: Flaw, reason: String, fingerprint: TlsPin) -> Error {
    let untrusted = Untrusted { flaw, reason, fingerprint };
    Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(untrusted))))
}

/// The server showed a certificate whose key it may not have.
fn unproved(error: &Error, certificate: &CertificateDer<'_>) -> Error {
    untrusted(Flaw::BadCertificate, error.to_string(), Certificate::of(certificate).pin)
}

fn vouched(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
    path: &Path,
) -> Outcome<Arc<WebPkiServerVerifier>> {
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    verifier.map_err(|_| Cause::new(FaultKind::Unfit(Unfit::NoAuthority), path.display()))
}

/// Every certificate of a PEM file of ours; one that can't be used would be missed one day.
fn named(path: &Path) -> Outcome<RootCertStore> {
    let cause = |error: &dyn std::fmt::Display| {
        let reason = format_args!("{}: {error}", path.display());
        Cause::new(FaultKind::Unfit(Unfit::Authorities), reason)
    };
    let content = fs::read(path).map_err(|error| cause(&error))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&content) {
        let certificate = certificate.map_err(|error| cause(&error))?;
        roots.add(certificate).map_err(|error| cause(&error))?;
    }
    Ok(roots)
}

/// The authorities that the system trusts, and where they stand. Some of the many may be of a kind that rustls doesn't know.
fn of_the_system() -> (PathBuf, RootCertStore) {
    let places = openssl_probe::probe();
    let folders = places.cert_dir.iter().flat_map(fs::read_dir).flatten().flatten().map(|entry| entry.path());
    let files: Vec<PathBuf> = places.cert_file.map_or_else(|| folders.collect(), |file| vec![file]);
    let mut roots = RootCertStore::empty();
    for content in files.iter().flat_map(fs::read) {
        roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&content).flatten());
    }
    (files.into_iter().next().unwrap_or_default(), roots)
}

/// What is wrong, and the words for it that only the certificate has.
fn flaw(error: &Error) -> (Flaw, String) {
    let Error::InvalidCertificate(error) = error else { return (Flaw::BadCertificate, error.to_string()) };
    #[expect(clippy::wildcard_enum_match_arm, reason = "the list of rustls has no end")]
    match error {
        CertificateError::ExpiredContext { not_after, .. } => (Flaw::Expired, date(*not_after)),
        CertificateError::NotValidYetContext { not_before, .. } => (Flaw::NotYetValid, date(*not_before)),
        CertificateError::NotValidForNameContext { presented, .. } => (Flaw::WrongName, names(presented)),
        CertificateError::UnknownIssuer => (Flaw::UnknownIssuer, String::new()),
        other if other.to_string().contains("CaUsedAsEndEntity") => (Flaw::Authority, String::new()),
        other => (Flaw::BadCertificate, other.to_string()),
    }
}

fn date(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).ok();
    let time = seconds.and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0));
    time.map(|time| time.format("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
}

/// rustls shows them as `DnsName("ftp.example.se")`.
fn names(presented: &[String]) -> String {
    let bare = |name: &String| {
        let inside = name.split_once('(').map_or(name.as_str(), |(_, inside)| inside);
        inside.trim_matches(['(', ')', '"']).to_owned()
    };
    if presented.is_empty() {
        "-".to_owned()
    } else {
        presented.iter().map(bare).collect::<Vec<_>>().join(", ")
    }
}

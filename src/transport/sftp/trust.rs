//! Whether a host key is the server's: by the one fingerprint of the configuration, else by `known_hosts`. Nothing else
//! makes a key trusted, and nobody is asked.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, Read},
    os::unix::fs::MetadataExt,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use russh::{
    client::Handler,
    keys::{Algorithm, EcdsaCurve, HashAlg, PublicKey, PublicKeyOrCertificate},
};

use super::known_hosts::{Known, Standing};
use crate::transport::{
    Call,
    fault::{Cause, FaultKind},
    flaw::{Flaw, Unfit},
    session::Outcome,
};

/// More than any file of host keys.
const LARGEST: u64 = 16 << 20;

/// Best first. Neither DSA nor RSA with SHA-1.
const ALGORITHMS: [Algorithm; 6] = [
    Algorithm::Ed25519,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
    Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
    Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
];

/// What makes a host key the right one.
pub(super) enum Trust {
    /// It has this fingerprint.
    Pin(String),
    /// It is known for this host.
    Known(Known),
}

/// The host key that a server showed.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// `ssh-ed25519`
    pub(super) algorithm: String,
    /// `SHA256:…`
    pub(super) fingerprint: String,
    /// Why it is not taken.
    pub(super) flaw: Option<Flaw>,
}

impl Trust {
    /// As the configuration says.
    pub(super) fn of(call: &Call<'_>, host: &str, port: u16) -> Outcome<Self> {
        if let Some(pin) = &call.server.host_key {
            // Base64 may be filled up at its end; OpenSSH leaves that out.
            return Ok(Self::Pin(pin.trim_end_matches('=').to_owned()));
        }
        let mut known = Known::default();
        if let Some(path) = &call.server.known_hosts {
            let unfit = |error| Cause::new(FaultKind::Unfit(Unfit::KnownHosts), error);
            known.read(&read_guarded(path).map_err(unfit)?, host, port);
        } else {
            // One that is missing or closed to us knows nobody.
            let files = call.ssh.known_hosts.iter().filter_map(|path| read(path).ok());
            files.for_each(|text| known.read(&text, host, port));
        }
        Ok(Self::Known(known))
    }

    fn flaw(&self, key: &PublicKey) -> Option<Flaw> {
        match self {
            Self::Pin(pin) if *pin == fingerprint(key) => None,
            Self::Pin(_) => Some(Flaw::NotThePinnedKey),
            Self::Known(known) => match known.standing(key) {
                Standing::Known => None,
                Standing::Other => Some(Flaw::ChangedKey),
                Standing::Revoked => Some(Flaw::RevokedKey),
                Standing::Stranger if known.authorities() > 0 => Some(Flaw::OnlyAuthority),
                Standing::Stranger => Some(Flaw::UnknownKey),
            },
        }
    }

    /// Which kinds of host key we ask for: first those that the host is known by.
    pub(super) fn algorithms(&self) -> Cow<'static, [Algorithm]> {
        let known = match self {
            Self::Pin(_) => &[],
            Self::Known(known) => known.keys(),
        };
        let is_known = |algorithm: &Algorithm| {
            known.iter().any(|key| match (key.algorithm(), algorithm) {
                (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }) => true,
                (one, other) => one == *other,
            })
        };
        let mut algorithms = ALGORITHMS.to_vec();
        algorithms.sort_by_key(|algorithm| !is_known(algorithm));
        Cow::Owned(algorithms)
    }
}

/// `SHA256:…`, as the programs of OpenSSH print it.
fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// Who can write the file decides who the server is: it must be as closed as the configuration that names it.
fn read_guarded(path: &Path) -> io::Result<String> {
    const OTHERS_WRITE: u32 = 0o022;
    if path.metadata()?.mode() & OTHERS_WRITE != 0 {
        return Err(io::Error::other("others can write it; chmod go-w"));
    }
    read(path)
}

fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What stands between the key exchange and the login.
pub(super) struct Gate {
    pub(super) trust: Trust,
    pub(super) shown: Arc<Mutex<Option<Shown>>>,
}

impl Handler for Gate {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let is_bare = key.certificate().is_none();
        let key = key.public_key();
        let flaw = if is_bare { self.trust.flaw(&key) } else { Some(Flaw::UnknownKey) };
        let is_trusted = flaw.is_none();
        let shown = Shown { algorithm: key.algorithm().to_string(), fingerprint: fingerprint(&key), flaw };
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(shown);
        Ok(is_trusted)
    }
}

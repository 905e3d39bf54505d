//! What we log in with: a private key, else a password, else the agent. Settled before anything is sent.

use std::{fmt, path::PathBuf, sync::Arc};

use russh::keys::{Algorithm, PrivateKey, decode_secret_key};

use crate::{
    config::secret::Secret,
    transport::{
        Call,
        fault::{Cause, FaultKind},
        flaw::Unfit,
        session::Outcome,
    },
};

/// How we show who we are.
pub(super) enum WayIn {
    /// A private key; and a password if the server wants one besides, and the key did not need it.
    Key(Arc<PrivateKey>, Option<Secret>),
    /// A password.
    Password(Secret),
    /// The keys of the agent that listens here.
    Agent(PathBuf),
}

impl WayIn {
    /// As the configuration says.
    pub(super) fn of(call: &Call<'_>) -> Outcome<Self> {
        match (call.private_key, call.password, &call.ssh.agent) {
            (Some(text), password, _) => Self::of_key(text, password),
            (None, Some(password), _) => Ok(Self::Password(password.clone())),
            (None, None, Some(agent)) => Ok(Self::Agent(agent.clone())),
            (None, None, None) => Err(FaultKind::Unfit(Unfit::NoWayIn).into()),
        }
    }

    /// A key that is open leaves the password to the server; one that is not is opened with it, and then it is nobody
    /// else's to see.
    fn of_key(text: &Secret, password: Option<&Secret>) -> Outcome<Self> {
        let text = text.reveal();
        let unfit = |unfit, error: &dyn fmt::Display| Cause::new(FaultKind::Unfit(unfit), error);
        let open = match decode_secret_key(text, None) {
            Ok(key) => return Self::of_open(key, password.cloned()),
            Err(error) => error,
        };
        let is_locked = matches!(open, russh::keys::Error::KeyIsEncrypted) || text.contains("ENCRYPTED");
        match password {
            _ if !is_locked => Err(unfit(Unfit::Key, &open)),
            None => Err(unfit(Unfit::NoPassphrase, &open)),
            Some(password) => match decode_secret_key(text, Some(password.reveal())) {
                Ok(key) => Self::of_open(key, None),
                Err(error) => Err(unfit(Unfit::Passphrase, &error)),
            },
        }
    }

    fn of_open(key: PrivateKey, password: Option<Secret>) -> Outcome<Self> {
        match key.algorithm() {
            Algorithm::Ed25519 | Algorithm::Ecdsa { .. } | Algorithm::Rsa { .. } => {
                Ok(Self::Key(Arc::new(key), password))
            }
            other @ (Algorithm::Dsa
            | Algorithm::SkEcdsaSha2NistP256
            | Algorithm::SkEd25519
            | Algorithm::Other(_)
            | _) => Err(Cause::new(FaultKind::Unfit(Unfit::Key), other)),
        }
    }
}

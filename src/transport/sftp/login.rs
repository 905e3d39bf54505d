//! Logging in: one attempt with what is configured, and never another after it was refused.

use std::{path::Path, sync::Arc};

use russh::{
    MethodKind, MethodSet,
    client::{AuthResult, Handle, KeyboardInteractiveAuthResponse as Reply},
    keys::{
        Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg,
        agent::{AgentIdentity, client::AgentClient},
    },
};
use tokio::net::UnixStream;

use super::{cause::of_ssh, trust::Gate, way_in::WayIn};
use crate::{
    config::secret::Secret,
    transport::{
        fault::{Cause, FaultKind},
        flaw::Unfit,
        session::Outcome,
    },
};

/// Servers take no more attempts than this from one connection.
const MOST_KEYS: usize = 6;
/// More questions than any server has that only wants a password.
const MOST_QUESTIONS: usize = 5;

/// One login.
pub(super) struct Login<'l> {
    pub(super) ssh: &'l mut Handle<Gate>,
    pub(super) user: &'l str,
}

impl Login<'_> {
    /// Shows who we are.
    pub(super) async fn try_with(&mut self, way: &WayIn) -> Outcome<()> {
        let AuthResult::Failure { remaining_methods, .. } =
            self.ssh.authenticate_none(self.user).await.map_err(of_ssh)?
        else {
            return Ok(());
        };
        if remaining_methods.is_empty() {
            return Err(Cause::new(FaultKind::Broken, "the login did not begin"));
        }
        match way {
            WayIn::Key(key, password) => {
                expect(&remaining_methods, MethodKind::PublicKey)?;
                let result = self.with_key(key).await?;
                self.or_password(result, password.as_ref()).await
            }
            WayIn::Password(password) => self.with_password(&remaining_methods, password).await,
            WayIn::Agent(path) => {
                expect(&remaining_methods, MethodKind::PublicKey)?;
                self.with_agent(path).await
            }
        }
    }

    async fn with_key(&mut self, key: &Arc<PrivateKey>) -> Outcome<AuthResult> {
        let hash = self.hash_for(&key.algorithm()).await?;
        let key = PrivateKeyWithHashAlg::new(Arc::clone(key), hash);
        self.ssh.authenticate_publickey(self.user, key).await.map_err(of_ssh)
    }

    /// Servers may want both a key and a password.
    async fn or_password(&mut self, result: AuthResult, password: Option<&Secret>) -> Outcome<()> {
        match (result, password) {
            (AuthResult::Failure { remaining_methods, partial_success: true }, Some(password)) => {
                self.with_password(&remaining_methods, password).await
            }
            (result, _) => accepted(result, MethodKind::PublicKey),
        }
    }

    async fn with_password(&mut self, offered: &MethodSet, password: &Secret) -> Outcome<()> {
        if !offered.contains(&MethodKind::Password) {
            expect(offered, MethodKind::KeyboardInteractive)?;
            return self.with_answers(password).await;
        }
        let result = self.ssh.authenticate_password(self.user, password.reveal()).await;
        accepted(result.map_err(of_ssh)?, MethodKind::Password)
    }

    /// The only question that is answered is one hidden one, once: it is for the password.
    async fn with_answers(&mut self, password: &Secret) -> Outcome<()> {
        let mut secret = Some(password);
        let begun = self.ssh.authenticate_keyboard_interactive_start(self.user, None).await;
        let mut reply = begun.map_err(of_ssh)?;
        for _ in 0..MOST_QUESTIONS {
            let answers = match reply {
                Reply::Success => return Ok(()),
                Reply::Failure { remaining_methods, partial_success } => {
                    let result = AuthResult::Failure { remaining_methods, partial_success };
                    return accepted(result, MethodKind::KeyboardInteractive);
                }
                Reply::InfoRequest { prompts, .. } => match (prompts.as_slice(), secret) {
                    ([], _) => Vec::new(),
                    ([prompt], Some(password)) if !prompt.echo => {
                        secret = None;
                        vec![password.reveal().to_owned()]
                    }
                    _ => break,
                },
            };
            let answered = self.ssh.authenticate_keyboard_interactive_respond(answers).await;
            reply = answered.map_err(of_ssh)?;
        }
        Err(Cause::new(FaultKind::Refused, "keyboard-interactive: more than one question"))
    }

    async fn with_agent(&mut self, path: &Path) -> Outcome<()> {
        let unfit = |error: &dyn std::fmt::Display| Cause::new(FaultKind::Unfit(Unfit::Agent), error);
        let stream = UnixStream::connect(path).await.map_err(|error| unfit(&error))?;
        let mut agent = AgentClient::connect(stream);
        let keys = agent.request_identities().await.map_err(|error| unfit(&error))?;
        let mut last = None;
        for key in keys.into_iter().take(MOST_KEYS) {
            let hash = self.hash_for(&key.public_key().algorithm()).await?;
            let result = match key {
                AgentIdentity::PublicKey { key, .. } => {
                    self.ssh.authenticate_publickey_with(self.user, key, hash, &mut agent).await
                }
                AgentIdentity::Certificate { certificate, .. } => {
                    self.ssh.authenticate_certificate_with(self.user, certificate, hash, &mut agent).await
                }
            };
            match result {
                Ok(AuthResult::Success) => return Ok(()),
                Ok(refused) => last = Some(refused),
                // One that the agent can't or mustn't use; it may have another.
                Err(_) => {}
            }
        }
        let result = last.ok_or_else(|| Cause::from(FaultKind::Unfit(Unfit::NoAgentKey)))?;
        accepted(result, MethodKind::PublicKey)
    }

    /// RSA signs with SHA-2 only; where the server doesn't say what it takes, with what the oldest can.
    async fn hash_for(&self, algorithm: &Algorithm) -> Outcome<Option<HashAlg>> {
        if !matches!(algorithm, Algorithm::Rsa { .. }) {
            return Ok(None);
        }
        match self.ssh.best_supported_rsa_hash().await.map_err(of_ssh)? {
            Some(None) => Err(Cause::new(FaultKind::Refused, "RSA with SHA-1 only")),
            Some(hash) => Ok(hash),
            None => Ok(Some(HashAlg::Sha256)),
        }
    }
}

fn expect(offered: &MethodSet, wanted: MethodKind) -> Outcome<()> {
    if offered.contains(&wanted) { Ok(()) } else { Err(refused(wanted, offered)) }
}

fn accepted(result: AuthResult, method: MethodKind) -> Outcome<()> {
    match result {
        AuthResult::Success => Ok(()),
        AuthResult::Failure { remaining_methods, .. } => Err(refused(method, &remaining_methods)),
    }
}

/// A server that hangs up on an answer has refused it: to try again could lock the account.
fn refused(method: MethodKind, offered: &MethodSet) -> Cause {
    let offered: Vec<&str> = offered.iter().map(Into::into).collect();
    let method: &str = (&method).into();
    let offered = if offered.is_empty() { "-".to_owned() } else { offered.join(", ") };
    Cause::new(FaultKind::Refused, format_args!("{method}; {offered}"))
}

//! The drop server as a job sees it: connected when it is first needed, within one deadline for the whole run.

use std::sync::Arc;
use std::time::Duration;

use super::run::Run;
use crate::config::secret;
use crate::failure::Result;
use crate::transport::{self, Call, Deadline, Transport};

/// A command that gives a password may take this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// The session of one run.
#[derive(Default)]
pub struct Server {
    session: Option<Box<dyn Transport>>,
}

impl Server {
    /// The session; connects on first use. Never inside a transaction.
    pub fn session(&mut self, run: &mut Run<'_>) -> Result<&mut dyn Transport> {
        if self.session.is_none() {
            let settings = &run.setup.settings.spar.server;
            if let Some((message, params)) = transport::warning(settings) {
                run.line(message, &params);
            }
            let password = secret::password(settings, run.setup.credentials.as_deref(), PATIENCE)?;
            let private_key = secret::private_key(settings, run.setup.credentials.as_deref())?;
            let call = Call {
                server: settings,
                password: password.as_ref(),
                private_key: private_key.as_ref(),
                ssh: &run.setup.ssh,
                deadline: Deadline::after(settings.total_timeout),
                stop: Arc::clone(run.setup.stop),
                witness: &|step| log::debug!("{step:?}"),
            };
            self.session = Some(transport::connect(&call)?);
        }
        match self.session.as_deref_mut() {
            Some(session) => Ok(session),
            None => Err(crate::failure::Failure::internal("a session that is none")),
        }
    }
}

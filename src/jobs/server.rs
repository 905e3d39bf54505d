//! The drop server as a job sees it: called when it is first needed, within one deadline for the whole run, and each
//! step that was tried again is a line of the run's log.

use std::sync::Arc;
use std::time::Duration;

use super::run::Run;
use crate::config::secret;
use crate::failure::Result;
use crate::text::transport as text;
use crate::transport::{self, Call, Deadline, Persistent, Retry};

/// A command that gives a password may take this long.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// The server of one run.
#[derive(Default)]
pub struct Server {
    line: Option<Persistent>,
}

impl Server {
    /// Does something on the server; its fault is the run's failure. Never inside a transaction.
    pub fn ask<T>(
        &mut self,
        run: &mut Run<'_>,
        work: impl FnOnce(&mut Persistent) -> transport::Result<T>,
    ) -> Result<T> {
        Ok(self.outcome(run, work)??)
    }

    /// As [`Server::ask`]; the fault is the caller's to look at.
    pub fn outcome<T>(
        &mut self,
        run: &mut Run<'_>,
        work: impl FnOnce(&mut Persistent) -> transport::Result<T>,
    ) -> Result<transport::Result<T>> {
        let mut line = match self.line.take() {
            Some(line) => line,
            None => open(run)?,
        };
        let outcome = work(&mut line);
        line.retried().iter().for_each(|retry| tell(run, retry));
        self.line = Some(line);
        Ok(outcome)
    }
}

fn open(run: &mut Run<'_>) -> Result<Persistent> {
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
        witness: &|_| {},
    };
    Ok(Persistent::new(&call, transport::pauses(settings.retries)))
}

fn tell(run: &mut Run<'_>, retry: &Retry) {
    let reason = retry.fault.clone().into_failure().text(run.setup.settings.language);
    let params = [
        ("reason", reason),
        ("pause", retry.pause.as_secs_f32().to_string()),
        ("number", retry.number.to_string()),
        ("most", retry.most.to_string()),
    ];
    run.line(text::RETRIED, &params);
}

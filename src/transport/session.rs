//! What all transports do alike around each step: whether it may begin, what its fault is called, whether the session
//! lives on. A kind of server has only the steps themselves.

use std::io::{Read, Write};

use super::{
    FaultKind, Folder, Listing, Result, Size, Transport,
    fault::{Cause, Fault},
    name::plain,
};
use crate::io::Existing;

/// What a step comes to; who and where are put in here.
pub(super) type Outcome<T> = std::result::Result<T, Cause>;

/// One kind of server. Names are plain when they come here, and the time was not over yet.
pub(super) trait Session {
    /// As [`Transport::list`].
    fn list(&mut self, folder: Folder, wanted: &dyn Fn(&str) -> bool) -> Outcome<Listing>;

    /// As [`Transport::size`].
    fn size(&mut self, folder: Folder, name: &str) -> Outcome<Size>;

    /// As [`Transport::fetch`].
    fn fetch(&mut self, folder: Folder, name: &str, sink: &mut dyn Write) -> Outcome<u64>;

    /// As [`Transport::store`].
    fn store(
        &mut self,
        folder: Folder,
        name: &str,
        source: &mut dyn Read,
        existing: Existing,
    ) -> Outcome<u64>;

    /// As [`Transport::rename`].
    fn rename(&mut self, folder: Folder, from: &str, to: &str) -> Outcome<()>;

    /// As [`Transport::delete`].
    fn delete(&mut self, folder: Folder, name: &str) -> Outcome<()>;

    /// How the other side is called in texts.
    fn server(&self) -> &str;

    /// How a folder is called there.
    fn folder_name(&self, folder: Folder) -> &str;

    /// Why nothing may go on, if so.
    fn verdict(&self) -> Option<Cause>;

    /// Told of a fault after which nobody knows what the other side will say next.
    fn give_up(&mut self);
}

/// A session that is a transport.
pub(super) struct Checked<S: Session>(pub(super) S);

impl<S: Session> Checked<S> {
    fn attempt<T>(
        &mut self,
        verb: &str,
        folder: Folder,
        names: &[&str],
        work: impl FnOnce(&mut S) -> Outcome<T>,
    ) -> Result<T> {
        let ready = self.may_begin(names);
        ready.and_then(|()| work(&mut self.0)).map_err(|cause| {
            // A socket that was shut because the time is over looks broken; the verdict knows better.
            let cause = self.0.verdict().unwrap_or(cause);
            if breaks_session(cause.kind) {
                self.0.give_up();
            }
            self.fault(cause, verb, folder, names.first().copied())
        })
    }

    fn may_begin(&self, names: &[&str]) -> Outcome<()> {
        if !names.iter().all(|name| plain(name.as_bytes()).is_some()) {
            return Err(FaultKind::BadName.into());
        }
        self.0.verdict().map_or(Ok(()), Err)
    }

    fn fault(&self, cause: Cause, verb: &str, folder: Folder, name: Option<&str>) -> Fault {
        let file = name.map(|name| format!("/{name}")).unwrap_or_default();
        cause.at(self.0.server(), &format!("{verb} {}{file}", self.0.folder_name(folder)))
    }
}

impl<S: Session> Transport for Checked<S> {
    fn list(&mut self, folder: Folder, wanted: &dyn Fn(&str) -> bool) -> Result<Listing> {
        self.attempt("ls", folder, &[], |session| session.list(folder, wanted))
    }

    fn size(&mut self, folder: Folder, name: &str) -> Result<Size> {
        self.attempt("size", folder, &[name], |session| session.size(folder, name))
    }

    fn fetch(&mut self, folder: Folder, name: &str, sink: &mut dyn Write) -> Result<u64> {
        self.attempt("get", folder, &[name], |session| session.fetch(folder, name, sink))
    }

    fn store(
        &mut self,
        folder: Folder,
        name: &str,
        source: &mut dyn Read,
        existing: Existing,
    ) -> Result<u64> {
        self.attempt("put", folder, &[name], |session| session.store(folder, name, source, existing))
    }

    fn rename(&mut self, folder: Folder, from: &str, to: &str) -> Result<()> {
        self.attempt("rename", folder, &[from, to], |session| session.rename(folder, from, to))
    }

    fn delete(&mut self, folder: Folder, name: &str) -> Result<()> {
        self.attempt("rm", folder, &[name], |session| session.delete(folder, name))
    }
}

/// After these nobody knows what the server will say next.
pub(super) const fn breaks_session(kind: FaultKind) -> bool {
    match kind {
        FaultKind::TimedOut(_)
        | FaultKind::Broken
        | FaultKind::NoData
        | FaultKind::Protocol
        | FaultKind::Local
        | FaultKind::Untrusted(_)
        | FaultKind::NoCommonWay
        | FaultKind::Unsecured
        | FaultKind::NotResumed
        | FaultKind::Stopped(_) => true,
        FaultKind::Unreachable
        | FaultKind::Unfit(_)
        | FaultKind::Refused
        | FaultKind::Missing
        | FaultKind::NoFolder
        | FaultKind::Exists
        | FaultKind::Full
        | FaultKind::Denied
        | FaultKind::Busy
        | FaultKind::Unsupported
        | FaultKind::BadName => false,
    }
}

//! One data connection: opened, limited, watched, and never believed before the server's last word was heard.

use std::net::Shutdown;

use suppaftp::{DataStream, FtpError, Status, TlsStream, TransferStream};

use super::{Ftp, Outcome, dial, reply};
use crate::transport::{
    fault::{Cause, FaultKind, Limit},
    pump::Stuck,
    watch::{Watch, Watched},
};

/// Which side of a transfer is the server's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// It gives.
    Down,
    /// It takes.
    Up,
}

impl<T: TlsStream> Ftp<T> {
    /// Runs a command with a data connection, and hears how it ended.
    pub(super) fn transfer<R>(
        &mut self,
        command: &str,
        direction: Direction,
        work: impl FnOnce(&mut TransferStream<T>, &dyn Fn() -> Outcome<()>) -> Result<R, Stuck>,
    ) -> Outcome<R> {
        let idle = self.place.idle;
        let mut data = self.open(command)?;
        let socket = data.get_ref().get_ref();
        let watched = dial::limit_silence(socket, idle).and_then(|()| self.watch.over(socket));
        let watched = match watched {
            Ok(watched) => watched,
            Err(error) => {
                drop_unheard(&self.watch, data);
                return Err(reply::of_socket(&error, idle));
            }
        };
        let watch = &self.watch;
        match work(&mut data, &|| watch.verdict().map_or(Ok(()), Err)) {
            Ok(moved) => {
                end_data(&data);
                data.finish().map(|()| moved).map_err(|error| self.end_cause(error, direction))
            }
            Err(stuck) => Err(self.broken_off(data, watched, direction, stuck)),
        }
    }

    fn open(&mut self, command: &str) -> Outcome<TransferStream<T>> {
        const BEGUN: [Status; 2] = [Status::AboutToSend, Status::AlreadyOpen];
        if self.place.is_active {
            let patience = self.place.deadline.at_most(self.place.connect);
            self.line = self.line.take().map(|line| line.active_mode(patience));
        }
        let idle = self.place.idle;
        let meaning = if self.place.is_secured { reply::transfer_cause } else { reply::cause };
        let opened = self
            .line()
            .and_then(|line| line.custom_data_command(command, &BEGUN).map_err(|error| meaning(error, idle)));
        opened.map(|(_, data)| data).map_err(|mut cause| {
            // Nobody came to our door, or the door itself was refused.
            if self.place.is_active && cause.kind == FaultKind::TimedOut(Limit::Idle) {
                cause.kind = FaultKind::NoData;
            }
            cause
        })
    }

    /// What the last word on a data connection means, once it stood.
    fn end_cause(&self, error: FtpError, direction: Direction) -> Cause {
        if direction == Direction::Up
            && let Some(cause) = reply::no_room(&error)
        {
            return cause;
        }
        let meaning = if self.place.is_secured { reply::end_cause } else { reply::transfer_cause };
        meaning(error, self.place.idle)
    }

    /// A connection that broke may have left its reason on the control connection.
    fn broken_off(
        &self,
        data: TransferStream<T>,
        watched: Watched,
        direction: Direction,
        stuck: Stuck,
    ) -> Cause {
        let idle = self.place.idle;
        let (cause, is_theirs) = match (stuck, direction) {
            (Stuck::Over(cause), _) => (cause, false),
            (Stuck::Reading(error), Direction::Down) | (Stuck::Writing(error), Direction::Up) => {
                (reply::of_socket(&error, idle), true)
            }
            (Stuck::Writing(error), Direction::Down) | (Stuck::Reading(error), Direction::Up) => {
                (Cause::new(FaultKind::Local, error), false)
            }
        };
        if is_theirs && cause.kind == FaultKind::Broken {
            drop(watched);
            return match data.finish().map_err(|error| self.end_cause(error, direction)) {
                Err(told) if told.kind != FaultKind::Broken => told,
                Ok(()) | Err(_) => cause,
            };
        }
        drop_unheard(&self.watch, data);
        cause
    }
}

/// The watch has a second descriptor of the socket, so that closing ours does not tell the server that we are done.
/// Under TLS the channel itself says so when it goes.
fn end_data<T: TlsStream>(data: &TransferStream<T>) {
    if let DataStream::Tcp(socket) = data.get_ref() {
        // A server that has gone already hears it on the control connection.
        let _ = socket.shutdown(Shutdown::Write);
    }
}

/// Gives a data connection up; its end would be waited for otherwise.
fn drop_unheard<T: TlsStream>(watch: &Watch, data: TransferStream<T>) {
    watch.shut();
    drop(data);
}

//! One data connection: opened, limited, watched, and never believed before the server's last word was heard.

use suppaftp::{Status, TlsStream, TransferStream};

use super::{Ftp, Outcome, dial, reply};
use crate::transport::{
    fault::{Cause, FaultKind, Limit},
    pump::Stuck,
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
        let moved = match watched {
            Ok(_watched) => {
                let watch = &self.watch;
                work(&mut data, &|| watch.verdict().map_or(Ok(()), Err))
            }
            Err(error) => Err(Stuck::Over(reply::of_socket(&error, idle))),
        };
        match moved {
            Ok(moved) => data.finish().map(|()| moved).map_err(|error| reply::cause(error, idle)),
            Err(stuck) => Err(self.broken_off(data, direction, stuck)),
        }
    }

    fn open(&mut self, command: &str) -> Outcome<TransferStream<T>> {
        const BEGUN: [Status; 2] = [Status::AboutToSend, Status::AlreadyOpen];
        if self.place.is_active {
            let patience = self.place.deadline.at_most(self.place.connect);
            self.line = self.line.take().map(|line| line.active_mode(patience));
        }
        let opened = self.say(|line| line.custom_data_command(command, &BEGUN));
        opened.map(|(_, data)| data).map_err(|mut cause| {
            // Nobody came to our door, or the door itself was refused.
            if self.place.is_active && cause.kind == FaultKind::TimedOut(Limit::Idle) {
                cause.kind = FaultKind::NoData;
            }
            cause
        })
    }

    /// A connection that broke may have left its reason on the control connection.
    fn broken_off(&self, data: TransferStream<T>, direction: Direction, stuck: Stuck) -> Cause {
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
            return match data.finish().map_err(|error| reply::cause(error, idle)) {
                Err(told) if told.kind != FaultKind::Broken => told,
                Ok(()) | Err(_) => cause,
            };
        }
        // Its end would be waited for otherwise.
        self.watch.shut();
        drop(data);
        cause
    }
}

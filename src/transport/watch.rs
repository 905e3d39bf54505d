//! Ends a session from outside: when its time is over or a signal came, its sockets are shut, and whatever waits on one
//! of them returns. A peer that sends a byte a second never trips a timeout of a single read.

use std::{
    io,
    net::{Shutdown, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use super::{
    deadline::Deadline,
    fault::{Cause, FaultKind, Limit},
};

/// How late a signal may be noticed.
const GLANCE: Duration = Duration::from_millis(50);

/// Watches over the sockets of one session, until it is dropped.
pub(super) struct Watch {
    shared: Arc<Shared>,
}

struct Shared {
    deadline: Deadline,
    stop: Arc<AtomicUsize>,
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    is_over: bool,
    next: u64,
    sockets: Vec<(u64, TcpStream)>,
}

/// A socket under watch; dropped, it is no longer.
pub(super) struct Watched {
    shared: Arc<Shared>,
    number: u64,
}

impl Watch {
    pub(super) fn start(deadline: Deadline, stop: Arc<AtomicUsize>) -> Self {
        let shared = Arc::new(Shared { deadline, stop, state: Mutex::default(), news: Condvar::default() });
        let watched = Arc::clone(&shared);
        thread::spawn(move || watched.wait());
        Self { shared }
    }

    /// Puts a socket under watch.
    pub(super) fn over(&self, socket: &TcpStream) -> io::Result<Watched> {
        let socket = socket.try_clone()?;
        let mut state = self.shared.lock();
        if state.is_over {
            shut(&socket);
        }
        let number = state.next;
        state.next += 1;
        state.sockets.push((number, socket));
        Ok(Watched { shared: Arc::clone(&self.shared), number })
    }

    /// Why nothing may go on, if so.
    pub(super) fn verdict(&self) -> Option<Cause> {
        verdict(self.shared.deadline, &self.shared.stop)
    }

    /// Shuts the sockets now: whoever waits on one returns.
    pub(super) fn shut(&self) {
        self.shared.end();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.news.notify_all();
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        let number = self.number;
        self.shared.lock().sockets.retain(|(other, _)| *other != number);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) {
        let mut state = self.lock();
        while !state.is_over {
            if verdict(self.deadline, &self.stop).is_some() {
                drop(state);
                return self.end();
            }
            let glance = self.deadline.at_most(GLANCE);
            state = self.news.wait_timeout(state, glance).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn end(&self) {
        let mut state = self.lock();
        state.is_over = true;
        state.sockets.iter().for_each(|(_, socket)| shut(socket));
        self.news.notify_all();
    }
}

fn shut(socket: &TcpStream) {
    // One that is closed already needs no shutting.
    let _ = socket.shutdown(Shutdown::Both);
}

/// Why nothing may go on, if so: a signal came, or the time is over.
pub(super) fn verdict(deadline: Deadline, stop: &AtomicUsize) -> Option<Cause> {
    match i32::try_from(stop.load(Ordering::Relaxed)) {
        Ok(0) | Err(_) => {}
        Ok(signal) => return Some(FaultKind::Stopped(signal).into()),
    }
    let late = || Cause::timed_out(Limit::Total, deadline.total());
    deadline.left().is_none().then(late)
}

//! How a connection comes about: names looked up and addresses tried within their time.

use std::{
    io,
    net::{SocketAddr, TcpStream},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use super::{
    Step, addresses,
    fault::{Cause, FaultKind, Limit},
    session::Outcome,
};

/// How late a signal may be noticed.
const GLANCE: Duration = Duration::from_millis(50);

/// How far a thread that dials has come.
enum News {
    Found(Vec<SocketAddr>),
    Ended(io::Result<TcpStream>),
}

/// A connection to the first address of a host that answers. `may_go_on` is asked while it waits.
pub(super) fn dial(
    host: &str,
    port: u16,
    limit: Duration,
    may_go_on: &dyn Fn() -> Outcome<()>,
    witness: &dyn Fn(&Step),
) -> Outcome<TcpStream> {
    let (sender, receiver) = mpsc::channel();
    let (host, began) = (host.to_owned(), Instant::now());
    // A name server that never answers can't be timed out; its thread is left behind.
    thread::spawn(move || {
        let stream = reach(&host, port, limit, &sender);
        drop(sender.send(News::Ended(stream)));
    });
    loop {
        may_go_on()?;
        match receiver.recv_timeout(GLANCE.min(limit)) {
            Ok(News::Found(addresses)) => witness(&Step::Found(addresses)),
            Ok(News::Ended(Ok(stream))) => return Ok(stream),
            Ok(News::Ended(Err(error))) if error.kind() == io::ErrorKind::TimedOut => break,
            Ok(News::Ended(Err(error))) => return Err(Cause::new(FaultKind::Unreachable, error)),
            Err(RecvTimeoutError::Disconnected) => return Err(FaultKind::Unreachable.into()),
            Err(RecvTimeoutError::Timeout) if began.elapsed() > limit => break,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    may_go_on()?;
    Err(Cause::timed_out(Limit::Connect, limit))
}

fn reach(host: &str, port: u16, limit: Duration, news: &Sender<News>) -> io::Result<TcpStream> {
    let until = Instant::now() + limit;
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "no address");
    let addresses = addresses::find(host, port)?;
    drop(news.send(News::Found(addresses.clone())));
    for address in addresses {
        let Some(left) = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) else {
            return Err(io::ErrorKind::TimedOut.into());
        };
        match TcpStream::connect_timeout(&address, left) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

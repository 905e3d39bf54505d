//! How sockets come about: names looked up and connections made within their time, data only ever from the machine that
//! we talk to.

use std::{
    io,
    net::{SocketAddr, TcpStream, ToSocketAddrs},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use suppaftp::{FtpError, FtpResult};

use super::Outcome;
use crate::transport::{
    Deadline, Step,
    fault::{Cause, FaultKind, Limit},
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
    let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
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

/// No connection for data; told apart from a control connection that broke.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NoData(io::Error);

/// Makes data connections: only the port of what the server announces is believed, never an address.
pub(super) fn data_dialler(
    control: &TcpStream,
    connect: Duration,
    deadline: Deadline,
) -> io::Result<impl Fn(SocketAddr) -> FtpResult<TcpStream> + Send + Sync + 'static> {
    let peer = control.peer_addr()?;
    Ok(move |announced: SocketAddr| {
        let mut address = peer;
        address.set_port(announced.port());
        TcpStream::connect_timeout(&address, deadline.at_most(connect))
            .map_err(|error| FtpError::ConnectionError(io::Error::new(error.kind(), NoData(error))))
    })
}

/// Without a byte for this long, a read or a write is given up.
pub(super) fn limit_silence(socket: &TcpStream, limit: Duration) -> io::Result<()> {
    socket.set_read_timeout(Some(limit))?;
    socket.set_write_timeout(Some(limit))
}

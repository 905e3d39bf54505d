//! Sockets for data: only ever to the machine that we talk to, and with a limit to silence.

use std::{
    io,
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use suppaftp::{FtpError, FtpResult};

use crate::transport::Deadline;

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

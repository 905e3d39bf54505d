//! One connection of the scripted server, with TLS or without.

use std::{
    io::{Read, Result, Write},
    net::{Shutdown, TcpStream},
    sync::Arc,
    time::Duration,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub enum Wire {
    Clear(TcpStream),
    Secured(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Wire {
    /// Shakes hands as the server.
    pub fn secured(mut socket: TcpStream, config: &Arc<ServerConfig>) -> Result<Self> {
        let mut connection = ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
        while connection.is_handshaking() {
            connection.complete_io(&mut socket)?;
        }
        // The tickets for resuming are still to be sent.
        while connection.wants_write() {
            connection.write_tls(&mut socket)?;
        }
        Ok(Self::Secured(Box::new(StreamOwned::new(connection, socket))))
    }

    pub fn close(mut self) -> Result<()> {
        if let Self::Secured(stream) = &mut self {
            stream.conn.send_close_notify();
            stream.flush()?;
        }
        self.cut()
    }

    /// Ends without a word of TLS, but in order as TCP sees it.
    pub fn cut(self) -> Result<()> {
        self.socket().shutdown(Shutdown::Write)
    }

    /// Closing with bytes that nobody read sends a reset; without any, an end.
    pub fn reset(self) -> Result<()> {
        rustix::net::sockopt::set_socket_linger(self.socket(), Some(Duration::ZERO))?;
        Ok(())
    }

    fn socket(&self) -> &TcpStream {
        match self {
            Self::Clear(socket) => socket,
            Self::Secured(stream) => &stream.sock,
        }
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        match self {
            Self::Clear(socket) => socket.read(buffer),
            Self::Secured(stream) => stream.read(buffer),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self {
            Self::Clear(socket) => socket.write(bytes),
            Self::Secured(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self {
            Self::Clear(socket) => socket.flush(),
            Self::Secured(stream) => stream.flush(),
        }
    }
}

//! One connection under TLS. A silence, an end without a goodbye and a certificate that is not trusted are errors here,
//! each in its own form; suppaftp's own stream would wait for a silence more than once and forget some of them.

use std::{
    fmt,
    io::{self, Read, Write},
    net::{Shutdown, TcpStream},
    time::Duration,
};

use rustls::ClientConnection;
use suppaftp::{FtpError, FtpResult, TlsConnector, TlsStream};

use super::Connector;

/// A socket and the TLS on it; hands are shaken before the first byte.
pub(in crate::transport::ftp) struct Channel {
    connection: ClientConnection,
    socket: TcpStream,
    /// Nothing more can be said or heard.
    is_broken: bool,
    has_heard: bool,
}

impl Channel {
    pub(super) fn new(connection: ClientConnection, socket: TcpStream) -> Self {
        Self { connection, socket, is_broken: false, has_heard: false }
    }

    fn noting<T>(&mut self, outcome: io::Result<T>) -> io::Result<T> {
        self.is_broken |= outcome.is_err();
        outcome
    }

    fn shake_hands(&mut self) -> io::Result<()> {
        while self.connection.is_handshaking() {
            self.give_out()?;
            if self.connection.wants_read() && self.take_in()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        self.give_out()
    }

    fn give_out(&mut self) -> io::Result<()> {
        while self.connection.wants_write() {
            match self.connection.write_tls(&mut self.socket) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn take_in(&mut self) -> io::Result<usize> {
        let taken = loop {
            match self.connection.read_tls(&mut self.socket) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                taken => break taken?,
            }
        };
        if let Err(error) = self.connection.process_new_packets() {
            // The other side may be told why; that it can't be changes nothing.
            let _ = self.connection.write_tls(&mut self.socket);
            return Err(io::Error::new(io::ErrorKind::InvalidData, error));
        }
        self.give_out()?;
        Ok(taken)
    }

    fn hear(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.shake_hands()?;
        loop {
            match self.connection.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.take_in()?,
                heard => return heard,
            };
        }
    }

    fn say(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.shake_hands()?;
        let said = self.connection.writer().write(bytes)?;
        self.give_out()?;
        Ok(said)
    }

    /// Ends what we say in order. On a channel that only ever went up, the server's tickets for resuming are still to be
    /// read: the next data connection needs one, and a socket closed over unread bytes is a reset.
    fn take_leave(&mut self) -> io::Result<()> {
        const PATIENCE: Duration = Duration::from_secs(1);
        self.connection.send_close_notify();
        self.give_out()?;
        self.socket.shutdown(Shutdown::Write)?;
        if !self.has_heard {
            let idle = self.socket.read_timeout()?.unwrap_or(PATIENCE);
            self.socket.set_read_timeout(Some(idle.min(PATIENCE)))?;
            while matches!(self.take_in(), Ok(1..)) {}
        }
        // suppaftp would wait once more for what was waited for here.
        self.socket.shutdown(Shutdown::Both)
    }
}

impl Read for Channel {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let heard = self.hear(buffer);
        self.has_heard = true;
        self.noting(heard)
    }
}

impl Write for Channel {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let said = self.say(bytes);
        self.noting(said)
    }

    /// Shakes hands too: an empty file is one that both sides have agreed on.
    fn flush(&mut self) -> io::Result<()> {
        let given = self.shake_hands();
        self.noting(given)
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        if !self.is_broken && !self.connection.is_handshaking() {
            // Whoever has gone already needs no goodbye.
            let _ = self.take_leave();
        }
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Channel({:?})", self.socket)
    }
}

impl TlsStream for Channel {
    type InnerStream = Self;

    /// Wanted by suppaftp to leave TLS, which we never do.
    fn tcp_stream(self) -> FtpResult<TcpStream> {
        Err(FtpError::SecureError("TLS is never left".to_owned()))
    }

    fn get_ref(&self) -> &TcpStream {
        &self.socket
    }

    fn mut_ref(&mut self) -> &mut Self {
        self
    }
}

impl TlsConnector for Connector {
    type Stream = Channel;

    /// The name that is checked is the configured one, whatever is asked for.
    fn connect(&self, _: &str, socket: TcpStream) -> FtpResult<Channel> {
        match self.kept() {
            Some(ready) => Ok(ready),
            None => self.channel(socket),
        }
    }
}

//! FTP inside TLS from the start.
//!
//! suppaftp opens such a session over a connection that it makes itself, without our limits and under no watch. So the
//! handshake and the greeting are ours, and suppaftp gets a session that seems to have turned to TLS after a beginning in
//! clear text: that beginning it reads from a socket that leads nowhere, and asking to shake hands it is given our channel.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    os::{fd::OwnedFd, unix::net::UnixStream},
};

use suppaftp::{FtpError, FtpResult, ImplFtpStream};

use super::tls::{Channel, Connector};

/// More than any greeting, and less than the room of a socket that nobody reads.
const LONGEST_GREETING: usize = 16 * 1024;

/// Opens the session on this socket as far as its greeting.
pub(super) fn greeted(
    socket: TcpStream,
    connector: &Connector,
) -> FtpResult<(ImplFtpStream<Channel>, Stage)> {
    let mut channel = connector.channel(socket)?;
    let greeting = hear(&mut channel).map_err(FtpError::ConnectionError)?;
    connector.keep(channel);
    let (mut prompter, stage) = UnixStream::pair().map_err(FtpError::ConnectionError)?;
    prompter
        .write_all(&greeting)
        .and_then(|()| prompter.write_all(b"234 \r\n"))
        .map_err(FtpError::ConnectionError)?;
    let line = ImplFtpStream::connect_with_stream(TcpStream::from(OwnedFd::from(stage)))?;
    Ok((line, Stage(prompter)))
}

/// Holds the far end of what suppaftp takes for the clear beginning.
pub(super) struct Stage(#[expect(dead_code, reason = "only held open")] UnixStream);

/// A whole reply, and not a byte more; whether it is a good one is not judged here.
fn hear(channel: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut reply = Vec::new();
    let mut line = 0;
    let mut byte = [0];
    while reply.len() < LONGEST_GREETING {
        channel.read_exact(&mut byte)?;
        reply.extend(byte);
        if byte == *b"\n" {
            let is_first = line == 0;
            match reply.get(line..) {
                Some([b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..]) => {}
                Some([b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b' ', ..]) => return Ok(reply),
                Some(_) | None if is_first => return Ok(reply),
                Some(_) | None => {}
            }
            line = reply.len();
        }
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "an endless greeting"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_is_heard_to_its_end_and_no_further() {
        let rows: [(&str, &str); 4] = [
            ("220 ready\r\n331 more\r\n", "220 ready\r\n"),
            ("220-a\r\n b\r\n220 c\r\nrest", "220-a\r\n b\r\n220 c\r\n"),
            ("421 full house\r\n", "421 full house\r\n"),
            ("nonsense\r\nmore", "nonsense\r\n"), // nobody knows where that would end
        ];
        for (said, expected) in rows {
            assert_eq!(hear(&mut said.as_bytes()).unwrap(), expected.as_bytes(), "{said}");
        }
        assert_eq!(hear(&mut &b"220-half"[..]).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        let endless = b"220-hello\r\n".repeat(10_000);
        assert_eq!(hear(&mut &endless[..]).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}

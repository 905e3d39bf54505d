//! Which addresses a name has, in the machine's own way.
//!
//! A static program must not ask the C library: where the machine looks names up by further libraries (mdns, resolve, ldap;
//! `/etc/nsswitch.conf`), those would be loaded into it, are made for another C library, and crash it. It asks `getent`, which
//! belongs to the machine and knows them all.

use std::{
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    process::{Command, Stdio},
};

/// The addresses of a host, in the order in which they are to be tried. Waits as long as the machine's name servers do.
pub(super) fn find(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if cfg!(target_feature = "crt-static") && host.parse::<IpAddr>().is_err() {
        by_getent(host, port)
    } else {
        by_library(host, port)
    }
}

fn by_library(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs()?.collect())
}

fn by_getent(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let unknown = || io::Error::new(io::ErrorKind::NotFound, "the name is not known");
    // Nothing that `getent` could take for a flag is a name.
    if host.starts_with('-') {
        return Err(unknown());
    }
    let call = Command::new("getent").args(["ahosts", host]).stdin(Stdio::null()).output();
    let answer = match call {
        Ok(answer) => answer,
        // A machine without it has no such libraries either.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return by_library(host, port),
        Err(error) => return Err(error),
    };
    let mut found: Vec<SocketAddr> = Vec::new();
    // A line for each address and kind of socket.
    for line in String::from_utf8_lossy(&answer.stdout).lines() {
        let address = line.split_whitespace().next().and_then(|word| word.parse::<IpAddr>().ok());
        let address = address.map(|address| SocketAddr::new(address, port));
        found.extend(address.filter(|address| !found.contains(address)));
    }
    if found.is_empty() { Err(unknown()) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_program_finds_what_its_library_finds() {
        assert_eq!(by_getent("localhost", 21).unwrap(), by_library("localhost", 21).unwrap());
        assert_eq!(by_getent("127.0.0.1", 21).unwrap(), by_library("127.0.0.1", 21).unwrap());
    }

    #[test]
    fn what_is_no_name_is_told_as_unknown() {
        for host in ["no-such-host.invalid", "--help", ""] {
            assert_eq!(by_getent(host, 21).unwrap_err().kind(), io::ErrorKind::NotFound, "{host}");
        }
    }
}

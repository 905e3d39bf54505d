//! A real FTP server under TLS in the test's own process.

use std::sync::Arc;

use mantal::config::{Passive, Transport as Way};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsAcceptor, TlsConnector, client::TlsStream};

use super::{
    certificates::{AUTHORITY, Leaf, secured},
    real_server::{RUNTIME, listen, start},
    stand::Stand,
};

/// A server with `in/` and `out/` under TLS, which anybody may enter.
pub fn serve(way: Way, passive: Passive) -> Stand {
    let leaf = Leaf::good();
    let (listener, inner) = listen();
    let (door, port) = listen();
    let stand = secured(Stand::ftp(port, passive), way);
    let keys = tempfile::tempdir().unwrap();
    leaf.write(keys.path());
    start(listener, &stand, Some(keys));
    keep_door(door, inner, way, TlsAcceptor::from(leaf.config()));
    stand
}

/// The server has no TLS from the start, and after AUTH it sometimes reads our handshake as a command. So this door turns to
/// TLS in either way and passes every word on through a session of its own; data connections are the server's.
fn keep_door(door: TcpListener, inner: u16, way: Way, acceptor: TlsAcceptor) {
    let mut roots = RootCertStore::empty();
    roots.add(AUTHORITY.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let connector = TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth()));
    RUNTIME.spawn(async move {
        while let Ok((socket, _)) = door.accept().await {
            let (acceptor, connector) = (acceptor.clone(), connector.clone());
            tokio::spawn(async move {
                let (greeting, mut inner) = loop {
                    if let Ok(turned) = turned_to_tls(inner, &connector).await {
                        break turned;
                    }
                };
                let mut outer = if way == Way::FtpsImplicit {
                    let mut outer = acceptor.accept(socket).await?;
                    outer.write_all(greeting.as_bytes()).await?;
                    outer
                } else {
                    let mut lines = BufReader::new(socket);
                    lines.write_all(greeting.as_bytes()).await?;
                    let mut asked = String::new();
                    lines.read_line(&mut asked).await?;
                    assert_eq!(asked, "AUTH TLS\r\n");
                    lines.write_all(b"234 go\r\n").await?;
                    acceptor.accept(lines.into_inner()).await?
                };
                copy_bidirectional(&mut outer, &mut inner).await
            });
        }
    });
}

async fn turned_to_tls(
    port: u16,
    connector: &TlsConnector,
) -> std::io::Result<(String, TlsStream<TcpStream>)> {
    let mut lines = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await?);
    let (mut greeting, mut granted) = (String::new(), String::new());
    lines.read_line(&mut greeting).await?;
    lines.write_all(b"AUTH TLS\r\n").await?;
    lines.read_line(&mut granted).await?;
    let name = ServerName::try_from("127.0.0.1").unwrap();
    Ok((greeting, connector.connect(name, lines.into_inner()).await?))
}

//! A real FTP server in the test's own process, over a folder on disk.

use std::sync::LazyLock;

use libunftp::{ServerBuilder, options::ActivePassiveMode};
use mantal::config::Passive;
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};
use unftp_sbe_fs::Filesystem;

use super::stand::Stand;

pub static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

pub fn listen() -> (TcpListener, u16) {
    RUNTIME.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        (listener, port)
    })
}

/// A server with `in/` and `out/`, which anybody may enter.
pub fn serve(passive: Passive) -> Stand {
    let (listener, port) = listen();
    let stand = Stand::ftp(port, passive);
    start(listener, &stand, None);
    stand
}

/// With the certificate and key in this folder, if any.
pub fn start(listener: TcpListener, stand: &Stand, keys: Option<TempDir>) {
    let root = stand.root.clone();
    RUNTIME.spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let root = root.clone();
            let files = Box::new(move || Filesystem::new(root.clone()).unwrap());
            let mut server =
                ServerBuilder::new(files).active_passive_mode(ActivePassiveMode::ActiveAndPassive);
            if let Some(keys) = &keys {
                let (certificate, key) = (keys.path().join("cert.pem"), keys.path().join("key.pem"));
                server = server.ftps(certificate, key).ftps_required(true, true);
            }
            tokio::spawn(server.build().unwrap().service(socket));
        }
    });
}

//! A real FTP server in the test's own process, over a folder on disk.

use std::sync::LazyLock;

use libunftp::{ServerBuilder, options::ActivePassiveMode};
use mantal::config::Passive;
use tokio::{net::TcpListener, runtime::Runtime};
use unftp_sbe_fs::Filesystem;

use super::stand::Stand;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A server with `in/` and `out/`, which anybody may enter.
pub fn serve(passive: Passive) -> Stand {
    let (listener, port) = RUNTIME.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        (listener, port)
    });
    let stand = Stand::ftp(port, passive);
    let root = stand.root.clone();
    RUNTIME.spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let root = root.clone();
            let files = Box::new(move || Filesystem::new(root.clone()).unwrap());
            let server = ServerBuilder::new(files).active_passive_mode(ActivePassiveMode::ActiveAndPassive);
            tokio::spawn(server.build().unwrap().service(socket));
        }
    });
    stand
}

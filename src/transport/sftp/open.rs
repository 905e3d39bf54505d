//! The beginning of a session: connect, key exchange, host key, login, files.

use std::{
    net::TcpStream,
    sync::{Arc, Mutex, PoisonError},
};

use russh::{
    ChannelMsg, Preferred,
    client::{Config, Handle, Msg},
};
use russh_sftp::client::RawSftpSession;
use tokio::runtime::{Builder, Runtime};

use super::{
    Sftp,
    cause::{of_sftp, of_ssh},
    files::Files,
    login::Login,
    patience::Patience,
    trust::{Gate, Shown, Trust},
    way_in::WayIn,
};
use crate::transport::{
    Call, Result, Step, Transport,
    dial::dial,
    fault::{Cause, FaultKind, place},
    session::{Checked, Outcome},
};

const PORT: u16 = 22;

/// Opens a session.
pub(in crate::transport) fn connect(call: &Call<'_>) -> Result<Box<dyn Transport>> {
    let server = call.server;
    let patience = Patience::of(call);
    let fault = |cause: Cause, step| patience.verdict().unwrap_or(cause).at(&place(server), step);
    let host = server.host.as_deref().unwrap_or_default();
    let port = server.port.unwrap_or(PORT);
    let way_in = WayIn::of(call).map_err(|cause| fault(cause, "login"))?;
    let trust = Trust::of(call, host, port).map_err(|cause| fault(cause, "host key"))?;
    let limit = patience.at_most(server.connect_timeout);
    let socket = dial(host, port, limit, &|| patience.may_go_on(), call.witness);
    let socket = socket.map_err(|cause| fault(cause, "connect"))?;
    let runtime = runtime().map_err(|cause| fault(cause, "connect"))?;
    let shown = Arc::default();
    let gate = Gate { trust, shown: Arc::clone(&shown) };
    let greeted = runtime.block_on(patience.wait(greet(socket, gate, &patience, call)));
    let mut ssh = greeted.map_err(|cause| match refusal(&shown, host, port) {
        Some(untrusted) => fault(untrusted, "host key"),
        None => fault(cause, "connect"),
    })?;
    if let Some(Shown { algorithm, fingerprint, .. }) = seen(&shown) {
        (call.witness)(&Step::HostKey { algorithm, fingerprint });
    }
    let mut login = Login { ssh: &mut ssh, user: server.user.as_deref().unwrap_or_default() };
    let login = runtime.block_on(patience.wait(login.try_with(&way_in)));
    login.map_err(|cause| fault(cause, "login"))?;
    (call.witness)(&Step::LoggedIn);
    let files = runtime.block_on(patience.wait_over(|| ssh.is_closed(), files(&ssh)));
    let files = files.map_err(|cause| fault(cause, "sftp"))?;
    Ok(Box::new(Checked(Sftp {
        line: Some((ssh, files)),
        runtime: Some(runtime),
        patience,
        server: place(server),
        put: server.put_dir.clone(),
        get: server.get_dir.clone(),
    })))
}

/// A thread of its own answers the server while we do other things.
fn runtime() -> Outcome<Runtime> {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_io().enable_time().build();
    runtime.map_err(|error| Cause::new(FaultKind::Local, error))
}

async fn greet(socket: TcpStream, gate: Gate, patience: &Patience, call: &Call<'_>) -> Outcome<Handle<Gate>> {
    let broken = |error| Cause::new(FaultKind::Broken, error);
    let address = socket.peer_addr().map_err(broken)?;
    socket.set_nodelay(true).and_then(|()| socket.set_nonblocking(true)).map_err(broken)?;
    let socket = tokio::net::TcpStream::from_std(socket).map_err(broken)?;
    (call.witness)(&Step::Connected(address));
    let key = gate.trust.algorithms();
    let config = Config { preferred: Preferred { key, ..Preferred::DEFAULT }, ..Config::default() };
    russh::client::connect_stream(Arc::new(config), patience.over(socket), gate).await.map_err(of_ssh)
}

fn seen(shown: &Mutex<Option<Shown>>) -> Option<Shown> {
    shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Why the host key was not taken, if it wasn't.
fn refusal(shown: &Mutex<Option<Shown>>, host: &str, port: u16) -> Option<Cause> {
    let Shown { algorithm, fingerprint, flaw } = seen(shown)?;
    let cause = Cause::new(FaultKind::Untrusted(flaw?), format_args!("{algorithm} {fingerprint}"));
    let scan =
        if port == PORT { format!("ssh-keyscan {host}") } else { format!("ssh-keyscan -p {port} {host}") };
    Some(cause.with("fingerprint", fingerprint).with("scan", scan))
}

/// The channel for files.
async fn files(ssh: &Handle<Gate>) -> Outcome<Files> {
    let mut channel = ssh.channel_open_session().await.map_err(of_ssh)?;
    channel.request_subsystem(true, "sftp").await.map_err(of_ssh)?;
    started(&mut channel).await?;
    let config = russh_sftp::client::Config {
        // Silence is noticed by whoever waits.
        request_timeout_secs: u64::from(u32::MAX),
        ..russh_sftp::client::Config::default()
    };
    let sftp = RawSftpSession::new_with_config(channel.into_stream(), config);
    let extensions = sftp.init().await.map_err(of_sftp)?.extensions;
    let has = |name: &str, version: &str| extensions.get(name).is_some_and(|found| found == version);
    Ok(Files {
        can_sync: has(russh_sftp::extensions::FSYNC, "1"),
        can_tell_room: has(russh_sftp::extensions::STATVFS, "2"),
        sftp,
    })
}

async fn started(channel: &mut russh::Channel<Msg>) -> Outcome<()> {
    loop {
        match channel.wait().await {
            Some(ChannelMsg::Success) => return Ok(()),
            Some(ChannelMsg::Failure) => return Err(Cause::new(FaultKind::Denied, "no subsystem sftp")),
            Some(ChannelMsg::Close | ChannelMsg::Eof) | None => {
                return Err(Cause::new(FaultKind::Broken, "no channel"));
            }
            Some(_) => {}
        }
    }
}

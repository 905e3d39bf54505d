//! The beginning of a session: connect, greeting, TLS, login, binary, where home is.

use std::{net::TcpStream, sync::Arc};

use suppaftp::{FtpError, FtpStream, ImplFtpStream, Mode, TlsStream, types::FileType};

use super::{
    Ftp, Outcome, Place,
    dial::{data_dialler, limit_silence},
    implicit, reply,
    tls::{Channel, Connector},
};
use crate::{
    config::{self, Passive, ServerSettings, secret::Secret},
    transport::{
        Call, Deadline, Result, Step, Transport,
        dial::dial,
        fault::{Cause, FaultKind, place},
        session::Checked,
        watch::{Watch, Watched},
    },
};

const PORT: u16 = 21;
const PORT_UNDER_TLS: u16 = 990;

/// When a session turns to TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transport) enum Turn {
    /// After AUTH.
    Explicit,
    /// Before the first word.
    Implicit,
}

/// What went wrong, and in which step.
type Stuck = (Cause, &'static str);

/// Opens a session in clear text.
pub(in crate::transport) fn connect(call: &Call<'_>) -> Result<Box<dyn Transport>> {
    open(call, PORT, |socket| FtpStream::connect_with_stream(socket).map_err(|error| connecting(error, call)))
}

/// Opens a session under TLS. Nothing but AUTH is said before the server's certificate was found good.
pub(in crate::transport) fn connect_secured(call: &Call<'_>, turn: Turn) -> Result<Box<dyn Transport>> {
    let connector = Connector::new(call.server).map_err(|cause| cause.at(&place(call.server), "tls"))?;
    let port = match turn {
        Turn::Explicit => PORT,
        Turn::Implicit => PORT_UNDER_TLS,
    };
    open(call, port, |socket| secure(socket, connector, turn, call))
}

fn secure(
    socket: TcpStream,
    connector: Connector,
    turn: Turn,
    call: &Call<'_>,
) -> std::result::Result<ImplFtpStream<Channel>, Stuck> {
    let verifier = connector.verifier();
    let (greeted, _stage) = match turn {
        Turn::Explicit => (ImplFtpStream::connect_with_stream(socket), None),
        Turn::Implicit => match implicit::greeted(socket, &connector) {
            Ok((greeted, stage)) => (Ok(greeted), Some(stage)),
            Err(error) => (Err(error), None),
        },
    };
    let line = greeted.map_err(|error| connecting(error, call))?;
    let line = line.into_secure(connector, "");
    let line = line.map_err(|error| (reply::security_cause(error, call.server.idle_timeout), "tls"))?;
    if let Some(secured) = verifier.secured() {
        (call.witness)(&Step::Secured(secured));
    }
    Ok(line)
}

fn connecting(error: FtpError, call: &Call<'_>) -> Stuck {
    let cause = reply::cause(error, call.server.idle_timeout);
    let is_tls = matches!(cause.kind, FaultKind::Untrusted(_) | FaultKind::Unsecured);
    (cause, if is_tls { "tls" } else { "connect" })
}

fn open<T: TlsStream + 'static>(
    call: &Call<'_>,
    port: u16,
    greet: impl FnOnce(TcpStream) -> std::result::Result<ImplFtpStream<T>, Stuck>,
) -> Result<Box<dyn Transport>> {
    let server = call.server;
    let watch = Watch::start(call.deadline, Arc::clone(&call.stop));
    let fault = |cause: Cause, step| watch.verdict().unwrap_or(cause).at(&place(server), step);
    let (socket, control) = reach(call, port, &watch).map_err(|cause| fault(cause, "connect"))?;
    let dialler = data_dialler(&socket, server.connect_timeout, call.deadline);
    let dialler = dialler.map_err(|error| fault(reply::of_socket(&error, server.idle_timeout), "connect"))?;
    let greeted = greet(socket).map_err(|(cause, step)| fault(cause, step))?;
    let mut line = greeted.passive_stream_builder(dialler);
    line.set_mode(mode(server.passive));
    let home = log_in(&mut line, server, call.password).map_err(|cause| fault(cause, "login"))?;
    (call.witness)(&Step::LoggedIn);
    Ok(Box::new(Checked(session(line, watch, control, server, home, call.deadline))))
}

fn reach(call: &Call<'_>, port: u16, watch: &Watch) -> Outcome<(TcpStream, Watched)> {
    let server = call.server;
    let host = server.host.as_deref().unwrap_or_default();
    let port = server.port.unwrap_or(port);
    let may_go_on = || watch.verdict().map_or(Ok(()), Err);
    let limit = call.deadline.at_most(server.connect_timeout);
    let socket = dial(host, port, limit, &may_go_on, call.witness)?;
    let ready = limit_silence(&socket, server.idle_timeout).and_then(|()| {
        (call.witness)(&Step::Connected(socket.peer_addr()?));
        watch.over(&socket)
    });
    let control = ready.map_err(|error| reply::of_socket(&error, server.idle_timeout))?;
    Ok((socket, control))
}

/// Who we are, that bytes are bytes, and where we are.
fn log_in<T: TlsStream>(
    line: &mut ImplFtpStream<T>,
    server: &ServerSettings,
    password: Option<&Secret>,
) -> Outcome<String> {
    let idle = server.idle_timeout;
    let user = server.user.as_deref().unwrap_or_default();
    let password = password.map(Secret::reveal).unwrap_or_default();
    line.login(user, password).map_err(|error| reply::login_cause(error, password, idle))?;
    line.transfer_type(FileType::Binary).map_err(|error| reply::cause(error, idle))?;
    line.pwd().map_err(|error| reply::cause(error, idle))
}

fn session<T: TlsStream>(
    line: ImplFtpStream<T>,
    watch: Watch,
    control: Watched,
    server: &ServerSettings,
    home: String,
    deadline: Deadline,
) -> Ftp<T> {
    let place = Place {
        server: place(server),
        home,
        put: server.put_dir.clone(),
        get: server.get_dir.clone(),
        is_active: server.passive == Passive::Active,
        is_secured: server.transport != config::Transport::Ftp,
        connect: server.connect_timeout,
        idle: server.idle_timeout,
        deadline,
    };
    Ftp { line: Some(line), watch, _control: control, place, current: None, has_facts: None, has_sizes: true }
}

const fn mode(passive: Passive) -> Mode {
    match passive {
        Passive::Epsv => Mode::ExtendedPassive,
        Passive::Pasv => Mode::Passive,
        Passive::Active => Mode::Active,
    }
}

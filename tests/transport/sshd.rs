//! OpenSSH's own server: one process for each connection, as inetd would start it, over a folder on disk. It logs the
//! running user in, by a key that only the tests have.

use std::{
    fs,
    io::Read,
    net::TcpListener,
    os::{fd::OwnedFd, unix::fs::PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
    thread,
};

use mantal::config::{PasswordSource, Transport as Way};

use super::stand::Stand;

/// Key pairs of hosts and users, by name; made once.
static KEYS: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

/// Where the server is, or None where it is not installed. On the machine that checks all changes it must be.
fn program() -> Option<PathBuf> {
    let places = ["/usr/sbin/sshd", "/usr/bin/sshd", "/sbin/sshd", "/usr/local/sbin/sshd"];
    let found = places.iter().map(PathBuf::from).find(|path| path.exists());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "sshd is not installed");
    if found.is_none() {
        eprintln!("skipped: sshd is not installed");
    }
    found
}

/// A key pair of ssh-keygen; its private half.
pub fn key(name: &str, arguments: &[&str]) -> PathBuf {
    static MAKING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one_at_a_time = MAKING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let path = KEYS.path().join(name);
    if !path.exists() {
        let made =
            Command::new("ssh-keygen").args(["-q", "-C", name, "-f"]).arg(&path).args(arguments).status();
        assert!(made.unwrap().success());
    }
    path
}

/// A key of a host or a user without anything special.
pub fn plain_key(name: &str) -> PathBuf {
    key(name, &["-t", "ed25519", "-N", ""])
}

/// The public half of a key, as one line.
pub fn public(key: &Path) -> String {
    fs::read_to_string(key.with_extension("pub")).unwrap().trim().to_owned()
}

/// `SHA256:…`
pub fn fingerprint(key: &Path) -> String {
    let output = Command::new("ssh-keygen").arg("-lf").arg(key).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split(' ').nth(1).unwrap().to_owned()
}

pub struct Sshd {
    pub stand: Stand,
    pub port: u16,
    log: PathBuf,
}

/// A server whose key is known, and a user whose key it takes.
pub fn serve() -> Option<Stand> {
    Some(start(&plain_key("host"), &[])?.stand)
}

/// A server with this host key and further lines of configuration.
pub fn start(host_key: &Path, lines: &[&str]) -> Option<Sshd> {
    let program = program()?;
    // Where sshd locks itself up before the login, when root starts it.
    let _ = fs::create_dir_all("/run/sshd");
    let mut stand = Stand::dir();
    let folder = stand.root.clone();
    let authorized = stand.path("authorized_keys");
    fs::write(&authorized, public(&plain_key("user"))).unwrap();
    let configuration = stand.path("sshd_config");
    let own = [
        format!("HostKey {}", host_key.display()),
        format!("AuthorizedKeysFile {}", authorized.display()),
        format!("Subsystem sftp internal-sftp -d {}", folder.display()),
        "StrictModes no".to_owned(),
        "UsePAM no".to_owned(),
        "PermitRootLogin yes".to_owned(),
        "LogLevel DEBUG1".to_owned(),
    ];
    let given = lines.iter().map(ToString::to_string);
    fs::write(&configuration, given.chain(own).collect::<Vec<_>>().join("\n")).unwrap();
    let log = stand.path("sshd.log");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let place = log.clone();
    thread::spawn(move || {
        for socket in listener.incoming() {
            let socket = OwnedFd::from(socket.unwrap());
            let mut command = Command::new(&program);
            command.args(["-i", "-f"]).arg(&configuration).arg("-E").arg(&place);
            command.stdin(Stdio::from(socket.try_clone().unwrap())).stdout(Stdio::from(socket));
            // The folder of the configuration goes when its test ends.
            let Ok(mut child) = command.stderr(Stdio::null()).spawn() else { return };
            drop(command);
            thread::spawn(move || child.wait());
        }
    });
    stand.settings.transport = Way::Sftp;
    stand.settings.host = Some("127.0.0.1".to_owned());
    stand.settings.port = Some(port);
    stand.settings.user = Some(user());
    stand.settings.password = PasswordSource::Nowhere;
    stand.settings.key_file = Some(plain_key("user"));
    let known = stand.path("known_hosts");
    closed_file(&known, &format!("[127.0.0.1]:{port} {}\n", public(host_key)));
    stand.settings.known_hosts = Some(known);
    Some(Sshd { stand, port, log })
}

impl Sshd {
    /// What the server wrote down.
    pub fn log(&self) -> String {
        let mut text = String::new();
        let _ = fs::File::open(&self.log).and_then(|mut file| file.read_to_string(&mut text));
        text
    }

    /// Whether somebody tried to log in.
    pub fn saw_a_login(&self) -> bool {
        self.log().contains("userauth-request")
    }

    /// Replaces what is known of the host.
    pub fn known(&mut self, lines: &str) {
        fs::write(self.stand.path("known_hosts"), lines).unwrap();
    }
}

/// Who runs the tests.
fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A file that nobody else reads or writes.
pub fn closed_file(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

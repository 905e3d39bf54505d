//! The other side of a test: settings that lead to it, and the folders behind it where there are any.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use mantal::{
    config::{Passive, PasswordSource, ServerSettings, TlsMax, Transport as Way, secret},
    transport::{self, Call, Deadline, Fault, SshPlaces, Step, Transport},
};

pub const PASSWORD: &str = "correct-horse-battery";

pub struct Stand {
    pub settings: ServerSettings,
    pub stop: Arc<AtomicUsize>,
    pub ssh: SshPlaces,
    /// The server's root, on this machine.
    pub root: PathBuf,
    _folder: tempfile::TempDir,
}

impl Stand {
    /// A folder with `in/` and `out/`.
    pub fn dir() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["in", "out"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let secret = folder.path().join("password");
        fs::write(&secret, PASSWORD).unwrap();
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
        let settings = settings(folder.path().to_owned(), PasswordSource::File(secret));
        Self {
            settings,
            stop: Arc::default(),
            ssh: SshPlaces::default(),
            root: folder.path().to_owned(),
            _folder: folder,
        }
    }

    /// A server that somebody started: `$MANTAL_TEST_FTP` is its port and its root, `2121:/srv/ftp`,
    /// `$MANTAL_TEST_TRANSPORT` how it speaks, `$MANTAL_TEST_CA` whom to trust then, `$MANTAL_TEST_TLS_MAX` the newest TLS,
    /// `$MANTAL_TEST_USER` who may enter with `PASSWORD`, `$MANTAL_TEST_HOST` its address.
    /// Its `in/` and `out/` are emptied; its user must be able to write what the test writes, which must run as root.
    pub fn outside(passive: Passive) -> Self {
        let place = std::env::var("MANTAL_TEST_FTP").expect("MANTAL_TEST_FTP=port:root");
        let (port, root) = place.split_once(':').unwrap();
        let mut stand = Self::ftp(port.parse().unwrap(), passive);
        stand.settings.user = Some(said("MANTAL_TEST_USER").unwrap_or_else(|| "anonymous".to_owned()));
        stand.settings.host = said("MANTAL_TEST_HOST").or(stand.settings.host);
        stand.root = PathBuf::from(root);
        stand.settings.transport =
            said("MANTAL_TEST_TRANSPORT").map_or(Way::Ftp, |way| Way::parse(&way).unwrap());
        stand.settings.tls_ca = said("MANTAL_TEST_CA").map(PathBuf::from);
        stand.settings.tls_max = said("MANTAL_TEST_TLS_MAX").map(|newest| TlsMax::parse(&newest).unwrap());
        for name in ["in", "out"] {
            // The folder may be missing after a test that wants that.
            let _ = fs::remove_dir_all(stand.path(name));
            fs::create_dir(stand.path(name)).unwrap();
            fs::set_permissions(stand.path(name), fs::Permissions::from_mode(0o777)).unwrap();
        }
        stand
    }

    /// A server on this port of this machine.
    pub fn ftp(port: u16, passive: Passive) -> Self {
        let mut stand = Self::dir();
        stand.settings.transport = Way::Ftp;
        stand.settings.host = Some("127.0.0.1".to_owned());
        stand.settings.port = Some(port);
        stand.settings.user = Some("mantal".to_owned());
        stand.settings.passive = passive;
        stand
    }

    /// With little patience: connect and idle, total, in milliseconds.
    pub fn patience(mut self, idle: u64, total: u64) -> Self {
        self.settings.connect_timeout = Duration::from_millis(idle);
        self.settings.idle_timeout = Duration::from_millis(idle);
        self.settings.total_timeout = Duration::from_millis(total);
        self
    }

    pub fn try_connect(&self) -> Result<Box<dyn Transport>, Fault> {
        self.connect_until(Deadline::after(self.settings.total_timeout))
    }

    pub fn connect_until(&self, deadline: Deadline) -> Result<Box<dyn Transport>, Fault> {
        self.call(deadline, &|_| {})
    }

    pub fn witnessed(&self, witness: &dyn Fn(&Step)) -> Result<Box<dyn Transport>, Fault> {
        self.call(Deadline::after(self.settings.total_timeout), witness)
    }

    fn call(&self, deadline: Deadline, witness: &dyn Fn(&Step)) -> Result<Box<dyn Transport>, Fault> {
        let password = secret::password(&self.settings, None, Duration::from_secs(5)).unwrap();
        let private_key = secret::private_key(&self.settings, None).unwrap();
        transport::connect(&Call {
            server: &self.settings,
            password: password.as_ref(),
            private_key: private_key.as_ref(),
            ssh: &self.ssh,
            deadline,
            stop: Arc::clone(&self.stop),
            witness,
        })
    }

    pub fn connect(&self) -> Box<dyn Transport> {
        self.try_connect().unwrap_or_else(|fault| panic!("{fault}"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }
}

fn said(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

fn settings(path: PathBuf, password: PasswordSource) -> ServerSettings {
    ServerSettings {
        transport: Way::Dir,
        path,
        host: None,
        port: None,
        user: None,
        password,
        key_file: None,
        put_dir: "in".to_owned(),
        get_dir: "out".to_owned(),
        passive: Passive::Epsv,
        tls_ca: None,
        tls_pin: None,
        tls_max: None,
        known_hosts: None,
        host_key: None,
        connect_timeout: Duration::from_secs(10),
        idle_timeout: Duration::from_secs(10),
        total_timeout: Duration::from_mins(1),
        retries: 0,
    }
}

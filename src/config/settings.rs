//! Settings as types: what the rest of the program sees of the configuration.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use super::{
    choice::{AfterFetch, ListFormat, OnEmpty, Passive, Ready, SourceFormat, SparMode, TlsMax, Transport},
    effective::Origin,
    list_name::ListName,
    pin::TlsPin,
};
use crate::domain::zone::Zone;
use crate::{
    domain::{contact::ContactField, id_number::Country, limit::Limits, protection::Names},
    text::Language,
};

/// Everything that is configured, checked, with absolute paths.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The configuration file.
    pub file: PathBuf,
    /// Its folder: what relative paths are relative to.
    pub folder: PathBuf,
    /// The registry file.
    pub registry: PathBuf,
    /// The folder of files in work.
    pub spool: PathBuf,
    /// Days that held and rejected files are kept.
    pub spool_keep_days: u32,
    /// Of texts for people.
    pub language: Language,
    /// Of dates and schedules.
    pub timezone: Zone,
    /// Whose ten digits are read as what.
    pub country: Country,
    /// Our municipality codes.
    pub municipality: Vec<String>,
    /// SPAR.
    pub spar: SparSettings,
    /// Contact details.
    pub contacts: ContactSettings,
    /// Each source's own export; every name of `contacts.sources` is here.
    pub sources: BTreeMap<String, SourceSettings>,
    /// Whether names of protected people go too.
    pub protection: Names,
    /// Log and journal.
    pub log: LogSettings,
    /// How much one run may do.
    pub limits: Limits,
    /// Drafts and events.
    pub purge: PurgeSettings,
    /// After what time a job is overdue.
    pub max_age: BTreeMap<&'static str, Duration>,
    /// Backups.
    pub backup: BackupSettings,
    /// Who is told.
    pub notify: NotifySettings,
    /// How late a scheduled job may start.
    pub max_late: Duration,
    pub(super) shown: Vec<Shown>,
}

/// One line of `config show`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The whole key.
    pub key: String,
    /// As it would stand in the file; a secret's path, never a secret.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// What is exchanged with SPAR.
#[derive(Clone, Debug)]
pub struct SparSettings {
    /// Who is on a list.
    pub mode: SparMode,
    /// What a list looks like.
    pub format: ListFormat,
    /// What a list is called.
    pub list_name: ListName,
    /// Whether lists are zipped.
    pub zip: bool,
    /// How the receiver knows that a file is whole.
    pub ready: Ready,
    /// Categories that are queued; `*` is all.
    pub categories: Vec<String>,
    /// Names of files to fetch.
    pub pattern: String,
    /// A file for another customer is rejected.
    pub customer: Option<String>,
    /// A file of another order is rejected.
    pub order: Option<String>,
    /// What becomes of a fetched file on the server.
    pub after_fetch: AfterFetch,
    /// Days until an answer is due.
    pub answer_days: u32,
    /// Days without a file until that is a finding.
    pub file_days: u32,
    /// Where the files are.
    pub server: ServerSettings,
}

/// The drop server.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// How files travel.
    pub transport: Transport,
    /// For `dir`: holds `in/` and `out/`.
    pub path: PathBuf,
    /// Name or address; there is one for every transport but `dir`.
    pub host: Option<String>,
    /// None: the transport's own.
    pub port: Option<u16>,
    /// Who logs in; there is one for every transport but `dir`.
    pub user: Option<String>,
    /// Where the password comes from.
    pub password: PasswordSource,
    /// A private key, for `sftp`.
    pub key_file: Option<PathBuf>,
    /// Where we put.
    pub put_dir: String,
    /// Where we take.
    pub get_dir: String,
    /// How data connections are made.
    pub passive: Passive,
    /// Certificates that are trusted.
    pub tls_ca: Option<PathBuf>,
    /// The one certificate that is trusted.
    pub tls_pin: Option<TlsPin>,
    /// The newest TLS that is offered.
    pub tls_max: Option<TlsMax>,
    /// Host keys that are trusted.
    pub known_hosts: Option<PathBuf>,
    /// The one host key that is trusted.
    pub host_key: Option<String>,
    /// Until a connection stands.
    pub connect_timeout: Duration,
    /// Without a byte.
    pub idle_timeout: Duration,
    /// For everything.
    pub total_timeout: Duration,
    /// How often a step is tried again after a fault that may pass.
    pub retries: u32,
}

/// Where a password comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum PasswordSource {
    /// There is none.
    Nowhere,
    /// The first line of a file.
    File(PathBuf),
    /// The first line that a command prints.
    Command(Vec<String>),
    /// A systemd credential of this name.
    Credential(String),
}

impl std::fmt::Debug for PasswordSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nowhere => f.write_str("Nowhere"),
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Command(_) => f.write_str("Command(hidden)"),
            Self::Credential(name) => write!(f, "Credential({name})"),
        }
    }
}

/// Whose word counts for e-mail and phone numbers.
#[derive(Clone, Debug)]
pub struct ContactSettings {
    /// Names allowed for `--source`.
    pub sources: Vec<String>,
    /// By category, fields where the source always wins.
    pub force: BTreeMap<String, BTreeSet<ContactField>>,
    /// By category, fields whose "changed by the person" clears itself.
    pub clear_flag: BTreeMap<String, BTreeSet<ContactField>>,
    /// What an empty statement means.
    pub empty: BTreeMap<ContactField, OnEmpty>,
    /// Which of several sources counts.
    pub conflict: Conflict,
    /// Whether unknown people in a source are created.
    pub create: bool,
}

/// Which of several sources counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The one that said something new.
    LastChanged,
    /// The one that was read last.
    LastSynced,
    /// The highest that says something, highest first.
    Precedence(Vec<String>),
}

/// A source's own export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSettings {
    /// What it is written in.
    pub format: SourceFormat,
    /// Its headers, and which columns of ours they are.
    pub columns: BTreeMap<String, String>,
    /// Its headers that mean nothing to us.
    pub ignore_columns: Vec<String>,
}

/// What is shown and kept of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// The least serious priority that is shown.
    pub show: u8,
    /// Days that log lines are kept.
    pub days: u32,
    /// Days that journal rows are kept.
    pub journal_days: u32,
}

/// How long something without a class is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// So many days.
    Days(u32),
    /// For ever.
    Keep,
}

/// What goes without a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurgeSettings {
    /// Untouched drafts.
    pub draft: Period,
    /// Events without activity.
    pub event: Period,
}

/// Backups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupSettings {
    /// Their folder.
    pub dir: PathBuf,
    /// How many are kept.
    pub keep: u32,
}

/// Who is told how a run ended.
#[derive(Clone, PartialEq, Eq)]
pub struct NotifySettings {
    /// An address per job.
    pub ping: BTreeMap<&'static str, String>,
    /// A program and its arguments.
    pub command: Option<Vec<String>>,
    /// For a collector of metrics.
    pub metrics_file: Option<PathBuf>,
}

impl std::fmt::Debug for NotifySettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NotifySettings({} pings, hidden)", self.ping.len())
    }
}

impl Settings {
    /// All values that hold, each with its origin, by key.
    pub fn show(&self) -> &[Shown] {
        &self.shown
    }

    /// What only one run at a time may hold.
    pub fn lock_file(&self) -> PathBuf {
        self.registry.with_extension("lock")
    }

    /// What must outlive a restored backup.
    pub fn side_file(&self) -> PathBuf {
        self.registry.with_extension("side")
    }

    /// Who looked at whom.
    pub fn access_file(&self) -> PathBuf {
        self.registry.with_extension("access")
    }

    /// The key of its hashes.
    pub fn key_file(&self) -> PathBuf {
        self.registry.with_extension("key")
    }
}

//! The one table of settings: name, kind, default, meaning. Reading, checking, `--set`, `config show` and the file that
//! `init` writes all come from it. `<limit>` and the like stand for each of their names.

use super::{
    choice::{AfterFetch, ListFormat, OnEmpty, Passive, Ready, SourceFormat, SparMode, TlsMax, Transport},
    kind::{
        KeyKind::{
            self, Choice, Code, Columns, Command, Count, DaysOrKeep, Duration, Fields, Flag, Municipalities,
            Path, Pattern, Precedence, Share, SourceNames, Text, Timezone, TlsPin, Url, Words,
        },
        MOST_DAYS,
    },
};
use crate::{
    domain::{
        contact::ContactField,
        limit::{Amount, Base, LimitName},
    },
    text::{Message, meaning as text},
};

/// The jobs that have an age and a ping.
pub const JOBS: [&str; 9] = [
    "spar-export",
    "spar-import",
    "population-import",
    "update-persons",
    "update-areas",
    "update-search",
    "sync-contacts",
    "purge",
    "backup",
];

/// The categories that a source can say.
pub const SOURCE_CATEGORIES: [&str; 3] = ["student", "staff", "guardian"];

/// One row of the table.
pub(crate) struct Key {
    /// The whole key, with at most one name in angle brackets.
    pub name: &'static str,
    /// What it may be.
    pub kind: KeyKind,
    /// What it is where nobody says anything, as it would stand in the file; empty: not set.
    pub standard: &'static str,
    /// An example for a setting without a default.
    pub example: &'static str,
    /// What it means.
    pub meaning: Message,
}

const fn key(name: &'static str, kind: KeyKind, standard: &'static str, meaning: Message) -> Key {
    Key { name, kind, standard, example: "", meaning }
}

const fn unset(name: &'static str, kind: KeyKind, example: &'static str, meaning: Message) -> Key {
    Key { name, kind, standard: "", example, meaning }
}

const DAYS: KeyKind = Count(1, MOST_DAYS);
const SECONDS: KeyKind = Count(1, 86_400);

/// All settings in the order of the documentation.
#[rustfmt::skip]
pub(crate) const KEYS: &[Key] = &[
    key("registry", Path, r#""registry.db""#, text::REGISTRY),
    key("language", Choice(&["sv", "en"]), r#""sv""#, text::LANGUAGE),
    key("timezone", Timezone, r#""Europe/Stockholm""#, text::TIMEZONE),
    key("country", Choice(&["SE", "DK"]), r#""SE""#, text::COUNTRY),
    key("municipality", Municipalities, "[]", text::MUNICIPALITY),
    key("spool", Path, r#""spool/""#, text::SPOOL),
    key("spool.keep_days", DAYS, "45", text::SPOOL_KEEP_DAYS),
    key("spar.mode", Choice(SparMode::WORDS), r#""new""#, text::SPAR_MODE),
    key("spar.format", Choice(ListFormat::WORDS), r#""csv""#, text::SPAR_FORMAT),
    key("spar.list_name", KeyKind::ListName, r#""C{yy}{mm}-{serial:06}-spar""#, text::SPAR_LIST_NAME),
    key("spar.zip", Flag, "false", text::SPAR_ZIP),
    key("spar.ready", Choice(Ready::WORDS), r#""rename""#, text::SPAR_READY),
    key("spar.categories", Words, r#"["borrower"]"#, text::SPAR_CATEGORIES),
    key("spar.pattern", Pattern, r#""SPARAvisering_*""#, text::SPAR_PATTERN),
    unset("spar.customer", Code, r#""500243""#, text::SPAR_CUSTOMER),
    unset("spar.order", Code, r#""949""#, text::SPAR_ORDER),
    key("spar.after_fetch", Choice(AfterFetch::WORDS), r#""keep""#, text::SPAR_AFTER_FETCH),
    key("spar.answer_days", DAYS, "45", text::SPAR_ANSWER_DAYS),
    key("spar.file_days", DAYS, "45", text::SPAR_FILE_DAYS),
    key("spar.server.transport", Choice(Transport::WORDS), r#""dir""#, text::SERVER_TRANSPORT),
    key("spar.server.path", Path, r#""drop/""#, text::SERVER_PATH),
    unset("spar.server.host", Text, r#""sftp.example.se""#, text::SERVER_HOST),
    unset("spar.server.port", Count(1, 65_535), "22", text::SERVER_PORT),
    unset("spar.server.user", Text, r#""mantal""#, text::SERVER_USER),
    unset("spar.server.password_file", Path, r#""spar.password""#, text::SERVER_PASSWORD_FILE),
    unset("spar.server.password_command", Command, r#"["pass", "show", "spar"]"#, text::SERVER_PASSWORD_COMMAND),
    unset("spar.server.credential", Text, r#""spar-password""#, text::SERVER_CREDENTIAL),
    unset("spar.server.key_file", Path, r#""spar_ed25519""#, text::SERVER_KEY_FILE),
    key("spar.server.put_dir", Text, r#""in""#, text::SERVER_PUT_DIR),
    key("spar.server.get_dir", Text, r#""out""#, text::SERVER_GET_DIR),
    key("spar.server.passive", Choice(Passive::WORDS), r#""epsv""#, text::SERVER_PASSIVE),
    unset("spar.server.tls_ca", Path, r#""ca.pem""#, text::SERVER_TLS_CA),
    unset("spar.server.tls_pin", TlsPin, r#""sha256:3f9a1c5e7b20d4866af1c93e52d70b18fe4a6c0d9275b3e81f64a0c2d98e7b13""#, text::SERVER_TLS_PIN),
    unset("spar.server.tls_max", Choice(TlsMax::WORDS), r#""1.2""#, text::SERVER_TLS_MAX),
    unset("spar.server.known_hosts", Path, r#""known_hosts""#, text::SERVER_KNOWN_HOSTS),
    unset("spar.server.host_key", Text, r#""SHA256:…""#, text::SERVER_HOST_KEY),
    key("spar.server.connect_timeout", SECONDS, "10", text::SERVER_CONNECT_TIMEOUT),
    key("spar.server.idle_timeout", SECONDS, "30", text::SERVER_IDLE_TIMEOUT),
    key("spar.server.total_timeout", SECONDS, "600", text::SERVER_TOTAL_TIMEOUT),
    key("spar.server.retries", Count(0, 10), "2", text::SERVER_RETRIES),
    key("contacts.sources", SourceNames, "[]", text::CONTACTS_SOURCES),
    key("contacts.conflict", Precedence, r#""last-changed""#, text::CONTACTS_CONFLICT),
    key("contacts.create", Flag, "true", text::CONTACTS_CREATE),
    unset("contacts.force.<category>", Fields, r#"["email", "mobile"]"#, text::CONTACTS_FORCE),
    key("contacts.clear_flag.guardian", Fields, r#"["email"]"#, text::CONTACTS_CLEAR_FLAG),
    unset("contacts.clear_flag.<category>", Fields, r#"["email"]"#, text::CONTACTS_CLEAR_FLAG),
    key("contacts.empty.<field>", Choice(OnEmpty::WORDS), r#""keep""#, text::CONTACTS_EMPTY),
    key("sources.<source>.format", Choice(SourceFormat::WORDS), r#""csv""#, text::SOURCE_FORMAT),
    unset("sources.<source>.columns", Columns, r#"{ "Personnr" = "id_number" }"#, text::SOURCE_COLUMNS),
    unset("sources.<source>.ignore_columns", Words, r#"["Klass"]"#, text::SOURCE_IGNORE_COLUMNS),
    key("protection.clear_names", Flag, "false", text::PROTECTION_CLEAR_NAMES),
    key("log.show", Count(1, 20), "18", text::LOG_SHOW),
    key("log.days", DAYS, "400", text::LOG_DAYS),
    key("log.journal_days", DAYS, "400", text::LOG_JOURNAL_DAYS),
    key("limits.<limit>", Share, "", text::LIMITS),
    key("limits.<limit>_floor", Count(0, u64::MAX), "", text::LIMITS_FLOOR),
    key("purge.draft_days", DaysOrKeep, "60", text::PURGE_DRAFT_DAYS),
    key("purge.event_days", DaysOrKeep, "30", text::PURGE_EVENT_DAYS),
    unset("max_age.<job>", Duration, r#""26h""#, text::MAX_AGE),
    key("backup.dir", Path, r#""backups/""#, text::BACKUP_DIR),
    key("backup.keep", Count(1, 10_000), "14", text::BACKUP_KEEP),
    unset("notify.ping.<job>", Url, r#""https://ping.example.se/mantal""#, text::NOTIFY_PING),
    unset("notify.command", Command, r#"["/usr/local/bin/mantal-notify"]"#, text::NOTIFY_COMMAND),
    unset("notify.metrics_file", Path, r#""mantal.prom""#, text::NOTIFY_METRICS_FILE),
    key("schedule.max_late", Duration, r#""6h""#, text::SCHEDULE_MAX_LATE),
];

/// A setting with its name filled in.
#[derive(Clone, Debug)]
pub(crate) struct Concrete {
    /// The whole key.
    pub name: String,
    /// What it may be.
    pub kind: KeyKind,
    /// As it would stand in the file; empty: not set.
    pub standard: String,
    /// An example, or the default.
    pub example: String,
}

/// All settings of an installation with these sources, each once.
pub(crate) fn concrete(sources: &[String]) -> Vec<Concrete> {
    let mut all: Vec<Concrete> = Vec::new();
    for entry in KEYS.iter().flat_map(|key| expand(key, sources)) {
        if !all.iter().any(|known| known.name == entry.name) {
            all.push(entry);
        }
    }
    all
}

fn expand(key: &Key, sources: &[String]) -> Vec<Concrete> {
    let plain = |name: String| Concrete {
        name,
        kind: key.kind,
        standard: key.standard.to_owned(),
        example: if key.example.is_empty() { key.standard } else { key.example }.to_owned(),
    };
    let Some((before, hole, after)) = hole(key.name) else { return vec![plain(key.name.to_owned())] };
    let fill = |name: &str| plain(format!("{before}{name}{after}"));
    match hole {
        "limit" => LimitName::ALL.into_iter().map(|limit| limit_key(fill(limit.name()), limit)).collect(),
        "category" => SOURCE_CATEGORIES.map(fill).into(),
        "field" => ContactField::ALL.map(ContactField::name).map(fill).into(),
        "job" => JOBS.map(fill).into(),
        _ => sources.iter().map(|source| fill(source)).collect(),
    }
}

fn hole(name: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = name.split_once('<')?;
    let (hole, after) = rest.split_once('>')?;
    Some((before, hole, after))
}

/// The default of a limit is the domain's; without a base only a count is possible.
fn limit_key(mut entry: Concrete, limit: LimitName) -> Concrete {
    let standard = limit.standard();
    let is_floor = matches!(entry.kind, Count(..));
    entry.standard = match (is_floor, standard.amount) {
        (true, _) => standard.floor.to_string(),
        (false, Amount::Absolute(count)) => count.to_string(),
        (false, Amount::Share { millionths }) => percent(millionths),
    };
    entry.example.clone_from(&entry.standard);
    entry.kind = match (is_floor, limit.base()) {
        (false, Base::Absent) => Count(0, u64::MAX),
        (false, Base::Counted) | (true, Base::Absent | Base::Counted) => entry.kind,
    };
    entry
}

fn percent(millionths: u32) -> String {
    let (whole, rest) = (millionths / 10_000, millionths % 10_000);
    let decimals = format!("{rest:04}");
    match decimals.trim_end_matches('0') {
        "" => format!("\"{whole}%\""),
        decimals => format!("\"{whole}.{decimals}%\""),
    }
}

/// Whether a setting is a secret or says where one is: such are for the file alone.
pub(crate) fn is_secret(name: &str) -> bool {
    const SECRETS: [&str; 4] = ["password_file", "password_command", "credential", "key_file"];
    name.rsplit('.').next().is_some_and(|part| SECRETS.contains(&part))
}

//! From checked values to settings, and the checks that need more than one of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    choice::{OnEmpty, Transport},
    effective::{Effective, Entry, Origin},
    keys::{self, JOBS, SOURCE_CATEGORIES},
    kind::Value,
    list_name::ListName,
    lookup::{Lookup, mismatch},
    settings::{
        BackupSettings, Conflict, ContactSettings, LogSettings, NotifySettings, PasswordSource, Period,
        PurgeSettings, ServerSettings, Settings, Shown, SourceSettings, SparSettings,
    },
};
use crate::{
    domain::{
        contact::ContactField,
        id_number::Country,
        limit::{Amount, Limit, LimitName, Limits},
        protection::Names,
    },
    failure::{Failure, Result},
    text::{Language, Message, settings as text},
};

/// Makes settings of the values that hold for the configuration file at this absolute path.
pub(crate) fn build(file: &Path, folder: &Path, values: &Effective) -> Result<Settings> {
    let look = Lookup { values, folder };
    let settings = Settings {
        file: file.to_owned(),
        folder: folder.to_owned(),
        registry: look.path("registry")?,
        spool: look.path("spool")?,
        spool_keep_days: look.count("spool.keep_days")?,
        language: look.word("language", Language::parse)?,
        timezone: look.word("timezone", |name| name.parse().ok())?,
        country: look.word("country", country)?,
        municipality: look.list("municipality")?,
        spar: spar(&look)?,
        contacts: contacts(&look)?,
        sources: sources(&look)?,
        protection: if look.flag("protection.clear_names")? { Names::Clear } else { Names::Keep },
        log: LogSettings {
            show: look.count("log.show")?,
            days: look.count("log.days")?,
            journal_days: look.count("log.journal_days")?,
        },
        limits: limits(&look)?,
        purge: PurgeSettings {
            draft: period(look.any("purge.draft_days")?)?,
            event: period(look.any("purge.event_days")?)?,
        },
        max_age: per_job(|job| look.optional_duration(&format!("max_age.{job}")))?,
        backup: BackupSettings { dir: look.path("backup.dir")?, keep: look.count("backup.keep")? },
        notify: NotifySettings {
            ping: per_job(|job| look.optional(&format!("notify.ping.{job}")))?,
            command: look.optional_list("notify.command")?,
            metrics_file: look.optional_path("notify.metrics_file")?,
        },
        max_late: look.optional_duration("schedule.max_late")?.ok_or_else(mismatch)?,
        shown: values.iter().map(|(key, entry)| shown(key, entry)).collect(),
    };
    check(&settings)?;
    Ok(settings)
}

fn country(code: &str) -> Option<Country> {
    match code {
        "SE" => Some(Country::Sweden),
        "DK" => Some(Country::Denmark),
        _ => None,
    }
}

fn spar(look: &Lookup<'_>) -> Result<SparSettings> {
    Ok(SparSettings {
        mode: look.word("spar.mode", super::SparMode::parse)?,
        format: look.word("spar.format", super::ListFormat::parse)?,
        list_name: look.word("spar.list_name", ListName::parse)?,
        zip: look.flag("spar.zip")?,
        ready: look.word("spar.ready", super::Ready::parse)?,
        categories: look.list("spar.categories")?,
        pattern: look.text("spar.pattern")?,
        customer: look.optional("spar.customer")?,
        order: look.optional("spar.order")?,
        after_fetch: look.word("spar.after_fetch", super::AfterFetch::parse)?,
        answer_days: look.count("spar.answer_days")?,
        file_days: look.count("spar.file_days")?,
        server: server(look)?,
    })
}

fn server(look: &Lookup<'_>) -> Result<ServerSettings> {
    let tls_max = look.optional("spar.server.tls_max")?;
    let tls_pin = look.optional("spar.server.tls_pin")?;
    Ok(ServerSettings {
        transport: look.word("spar.server.transport", Transport::parse)?,
        path: look.path("spar.server.path")?,
        host: look.optional("spar.server.host")?,
        port: look.optional_count("spar.server.port")?,
        user: look.optional("spar.server.user")?,
        password: password(look)?,
        key_file: look.optional_path("spar.server.key_file")?,
        put_dir: look.text("spar.server.put_dir")?,
        get_dir: look.text("spar.server.get_dir")?,
        passive: look.word("spar.server.passive", super::Passive::parse)?,
        tls_ca: look.optional_path("spar.server.tls_ca")?,
        tls_pin: tls_pin.as_deref().and_then(super::TlsPin::parse),
        tls_max: tls_max.as_deref().and_then(super::TlsMax::parse),
        known_hosts: look.optional_path("spar.server.known_hosts")?,
        host_key: look.optional("spar.server.host_key")?,
        connect_timeout: look.seconds("spar.server.connect_timeout")?,
        idle_timeout: look.seconds("spar.server.idle_timeout")?,
        total_timeout: look.seconds("spar.server.total_timeout")?,
        retries: look.count("spar.server.retries")?,
    })
}

fn password(look: &Lookup<'_>) -> Result<PasswordSource> {
    let file = look.optional_path("spar.server.password_file")?.map(PasswordSource::File);
    let command = look.optional_list("spar.server.password_command")?.map(PasswordSource::Command);
    let credential = look.optional("spar.server.credential")?.map(PasswordSource::Credential);
    let mut ways = [file, command, credential].into_iter().flatten();
    let way = ways.next().unwrap_or(PasswordSource::Nowhere);
    if ways.next().is_some() {
        Err(Failure::usage(text::TWO_PASSWORDS).with("keys", "password_file, password_command, credential"))
    } else {
        Ok(way)
    }
}

fn contacts(look: &Lookup<'_>) -> Result<ContactSettings> {
    let empty = |field: ContactField| {
        let meaning = look.word(&format!("contacts.empty.{}", field.name()), OnEmpty::parse)?;
        Ok((field, meaning))
    };
    Ok(ContactSettings {
        sources: look.list("contacts.sources")?,
        force: by_category(look, "contacts.force")?,
        clear_flag: by_category(look, "contacts.clear_flag")?,
        empty: ContactField::ALL.into_iter().map(empty).collect::<Result<_>>()?,
        conflict: match look.any("contacts.conflict")? {
            Value::List(order) => Conflict::Precedence(order.clone()),
            Value::Text(word) if word == "last-synced" => Conflict::LastSynced,
            Value::Text(_) => Conflict::LastChanged,
            Value::Flag(_)
            | Value::Count(_)
            | Value::Duration(_)
            | Value::Amount(_)
            | Value::Keep
            | Value::Columns(_) => return Err(mismatch()),
        },
        create: look.flag("contacts.create")?,
    })
}

fn by_category(look: &Lookup<'_>, key: &str) -> Result<BTreeMap<String, BTreeSet<ContactField>>> {
    let mut all = BTreeMap::new();
    for category in SOURCE_CATEGORIES {
        let fields = look.list(&format!("{key}.{category}"))?;
        if !fields.is_empty() {
            all.insert(
                category.to_owned(),
                fields.iter().filter_map(|field| ContactField::parse(field)).collect(),
            );
        }
    }
    Ok(all)
}

fn sources(look: &Lookup<'_>) -> Result<BTreeMap<String, SourceSettings>> {
    let names = look.values.keys().filter_map(|key| key.strip_prefix("sources.")?.strip_suffix(".format"));
    names.map(|name| Ok((name.to_owned(), source(look, name)?))).collect()
}

fn source(look: &Lookup<'_>, name: &str) -> Result<SourceSettings> {
    Ok(SourceSettings {
        format: look.word(&format!("sources.{name}.format"), super::SourceFormat::parse)?,
        columns: look.columns(&format!("sources.{name}.columns"))?,
        ignore_columns: look.list(&format!("sources.{name}.ignore_columns"))?,
    })
}

fn limits(look: &Lookup<'_>) -> Result<Limits> {
    let mut limits = Limits::default();
    for name in LimitName::ALL {
        let key = format!("limits.{name}");
        let floor_key = format!("{key}_floor");
        let amount = match look.any(&key)? {
            Value::Amount(amount) => *amount,
            Value::Count(count) => Amount::Absolute(*count),
            Value::Text(_)
            | Value::Flag(_)
            | Value::List(_)
            | Value::Duration(_)
            | Value::Keep
            | Value::Columns(_) => {
                return Err(mismatch());
            }
        };
        // Who writes a count means that count: the default floor belongs to the default percentage.
        let is_default_floor =
            look.values.get(&floor_key).is_some_and(|entry| entry.origin == Origin::Default);
        let floor = match amount {
            Amount::Absolute(_) if is_default_floor => 0,
            Amount::Absolute(_) | Amount::Share { .. } => look.count(&floor_key)?,
        };
        limits.set(Limit { name, amount, floor });
    }
    Ok(limits)
}

fn period(value: &Value) -> Result<Period> {
    match value {
        Value::Keep => Ok(Period::Keep),
        Value::Count(days) => u32::try_from(*days).map(Period::Days).map_err(|_| mismatch()),
        Value::Text(_)
        | Value::Flag(_)
        | Value::List(_)
        | Value::Duration(_)
        | Value::Amount(_)
        | Value::Columns(_) => Err(mismatch()),
    }
}

fn per_job<T>(value: impl Fn(&str) -> Result<Option<T>>) -> Result<BTreeMap<&'static str, T>> {
    let mut all = BTreeMap::new();
    for job in JOBS {
        if let Some(found) = value(job)? {
            all.insert(job, found);
        }
    }
    Ok(all)
}

fn check(settings: &Settings) -> Result<()> {
    let own = ["lock", "side", "key"];
    if settings.registry.extension().is_some_and(|ending| own.iter().any(|own| ending == *own)) {
        return Err(Failure::usage(text::REGISTRY_ENDING));
    }
    if let Conflict::Precedence(order) = &settings.contacts.conflict
        && let Some(unknown) = order.iter().find(|name| !settings.contacts.sources.contains(name))
    {
        return Err(Failure::usage(text::UNKNOWN_SOURCE).with("source", unknown));
    }
    check_server(&settings.spar.server)
}

fn check_server(server: &ServerSettings) -> Result<()> {
    let missing = |key: &'static str| Err(needs(text::SERVER_NEEDS, server.transport).with("key", key));
    let has_password = server.password != PasswordSource::Nowhere;
    if !server.host_key.as_deref().is_none_or(is_fingerprint) {
        return Err(Failure::usage(text::NEEDS_HOST_KEY).with("key", "spar.server.host_key"));
    }
    match server.transport {
        Transport::Dir => Ok(()),
        _ if server.host.is_none() => missing("spar.server.host"),
        _ if server.user.is_none() => missing("spar.server.user"),
        Transport::Ftp | Transport::Ftps | Transport::FtpsImplicit if !has_password => {
            missing("spar.server.password_file")
        }
        // sftp may have neither key nor password, but an agent.
        Transport::Ftp | Transport::Ftps | Transport::FtpsImplicit | Transport::Sftp => Ok(()),
    }
}

/// SHA-256 in base64, as the programs of OpenSSH print it.
fn is_fingerprint(text: &str) -> bool {
    const LETTERS: usize = 43;
    let is_base64 = |letter: char| letter.is_ascii_alphanumeric() || letter == '+' || letter == '/';
    let hash = text.strip_prefix("SHA256:").map(|hash| hash.trim_end_matches('='));
    hash.is_some_and(|hash| hash.len() == LETTERS && hash.chars().all(is_base64))
}

fn needs(message: Message, transport: Transport) -> Failure {
    Failure::usage(message).with("transport", transport.name())
}

/// A command may hold a password, and the path of a ping is one.
fn shown(key: &str, entry: &Entry) -> Shown {
    let value = match &entry.value {
        Value::List(_) if keys::is_secret(key) => "\"…\"".to_owned(),
        Value::Text(address) if key.starts_with("notify.ping.") => masked_address(address),
        Value::Text(_)
        | Value::Flag(_)
        | Value::Count(_)
        | Value::List(_)
        | Value::Duration(_)
        | Value::Amount(_)
        | Value::Keep
        | Value::Columns(_) => entry.raw.to_string(),
    };
    Shown { key: key.to_owned(), value, origin: entry.origin }
}

fn masked_address(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("\"{scheme}://{host}/…\"")
}

//! What holds for one run: the defaults, over them the file, over that `--set`. Every value is checked by its kind.

use std::{collections::BTreeMap, path::Path};

use super::{
    keys::{self, Concrete},
    kind::{KeyKind, Value, is_source_name},
    nearest::nearest,
    raw::{self, Given, Raw},
};
use crate::{
    failure::{Failure, Result},
    text::settings as text,
};

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// It stands in the configuration file.
    File,
    /// `--set`.
    Set,
}

impl Origin {
    /// The word in `config show`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Set => "--set",
        }
    }
}

/// A checked value.
pub(crate) struct Entry {
    /// What it means.
    pub value: Value,
    /// As it would stand in the file.
    pub raw: Raw,
    /// Who said it.
    pub origin: Origin,
}

/// All values that hold, by key.
pub(crate) type Effective = BTreeMap<String, Entry>;

/// Puts defaults, file and `--set` together.
pub(crate) fn resolve(path: &Path, content: &str, overrides: &[(String, String)]) -> Result<Effective> {
    let mut given = raw::parse(path, content)?;
    for setting in &mut given {
        setting.key = canonical(&setting.key).to_owned();
    }
    let known = keys::concrete(&source_names(&given, overrides));
    let mut effective = standards(&known)?;
    for setting in given.into_iter().filter(|setting| !is_empty_heading(setting, &known)) {
        let place = format!("{}:{}", path.display(), setting.line);
        let key = find(&known, &setting.key, &place)?;
        let value = key.kind.read(&setting.raw).ok_or_else(|| wrong_value(key, &place))?;
        effective.insert(setting.key, Entry { value, raw: setting.raw, origin: Origin::File });
    }
    for (name, written) in overrides {
        let name = canonical(name.trim());
        let key = find(&known, name, "--set")?;
        refuse_protected(name)?;
        let (value, raw) = read_override(key.kind, written).ok_or_else(|| wrong_value(key, "--set"))?;
        effective.insert(name.to_owned(), Entry { value, raw, origin: Origin::Set });
    }
    Ok(effective)
}

/// TOML can't have both `spool = "…"` and `spool.keep_days`, so the folder has a second name inside the table.
fn canonical(key: &str) -> &str {
    if key == "spool.path" { "spool" } else { key }
}

/// A known heading with nothing under it says nothing.
fn is_empty_heading(setting: &Given, known: &[Concrete]) -> bool {
    let is_above = |key: &str| key.strip_prefix(&setting.key).is_some_and(|rest| rest.starts_with('.'));
    let is_known =
        || keys::KEYS.iter().any(|key| is_above(key.name)) || known.iter().any(|key| is_above(&key.name));
    matches!(&setting.raw, Raw::Table(table) if table.is_empty()) && is_known()
}

fn standards(known: &[Concrete]) -> Result<Effective> {
    let mut effective = Effective::new();
    for key in known.iter().filter(|key| !key.standard.is_empty()) {
        let raw = raw::parse_value(&key.standard).ok_or_else(|| Failure::internal("a default is no TOML"))?;
        let value = key.kind.read(&raw).ok_or_else(|| Failure::internal("a default is of the wrong kind"))?;
        effective.insert(key.name.clone(), Entry { value, raw, origin: Origin::Default });
    }
    Ok(effective)
}

fn source_names(given: &[Given], overrides: &[(String, String)]) -> Vec<String> {
    let keys =
        given.iter().map(|setting| setting.key.as_str()).chain(overrides.iter().map(|(key, _)| key.trim()));
    let with_settings =
        keys.filter_map(|key| key.strip_prefix("sources.")?.split('.').next()).map(str::to_owned);
    let mut names: Vec<String> = with_settings.chain(listed_sources(given, overrides)).collect();
    names.retain(|name| is_source_name(name));
    names.sort();
    names.dedup();
    names
}

fn listed_sources(given: &[Given], overrides: &[(String, String)]) -> Vec<String> {
    const LISTED: &str = "contacts.sources";
    let kind = KeyKind::SourceNames;
    let of_file =
        given.iter().filter(|setting| setting.key == LISTED).filter_map(|setting| kind.read(&setting.raw));
    let set = overrides.iter().filter(|(key, _)| key.trim() == LISTED);
    let of_set = set.filter_map(|(_, written)| read_override(kind, written)).map(|(value, _)| value);
    let names = |value| if let Value::List(names) = value { names } else { Vec::new() };
    of_file.chain(of_set).flat_map(names).collect()
}

fn find<'k>(known: &'k [Concrete], name: &str, place: &str) -> Result<&'k Concrete> {
    known.iter().find(|key| key.name == name).ok_or_else(|| {
        let keys = known.iter().map(|key| key.name.as_str());
        let headings = keys.clone().filter_map(|key| key.rsplit_once('.')).map(|(heading, _)| heading);
        let nearest = nearest(name, keys.chain(headings)).unwrap_or_default();
        Failure::usage(text::UNKNOWN_KEY).with("file", place).with("key", name).with("nearest", nearest)
    })
}

fn wrong_value(key: &Concrete, place: &str) -> Failure {
    key.kind.failure().with("file", place).with("key", &key.name)
}

fn refuse_protected(name: &str) -> Result<()> {
    if name.starts_with("limits.") {
        return Err(Failure::usage(text::SET_LIMIT).with("key", name).hint(text::SET_LIMIT_HINT));
    }
    if keys::is_secret(name) {
        return Err(Failure::usage(text::SET_SECRET).with("key", name));
    }
    Ok(())
}

/// A value on the command line: as TOML, else as it stands, else as a list between commas.
fn read_override(kind: KeyKind, written: &str) -> Option<(Value, Raw)> {
    let as_text = |text: &str| Raw::Text(text.trim().to_owned());
    let as_list = kind.is_list().then(|| Raw::List(written.split(',').map(as_text).collect()));
    let candidates = [raw::parse_value(written), Some(as_text(written)), as_list];
    candidates.into_iter().flatten().find_map(|raw| kind.read(&raw).map(|value| (value, raw)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{failure::Kind, text::Language};

    fn refused(content: &str, overrides: &[(&str, &str)]) -> String {
        let overrides: Vec<_> =
            overrides.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        let Err(failure) = resolve(Path::new("m.toml"), content, &overrides) else {
            panic!("{content} was taken")
        };
        assert_eq!(failure.kind, Kind::Usage, "{content}");
        assert!(!format!("{failure:?}").contains("hunter2"), "{failure:?}");
        failure.text(Language::English)
    }

    fn shown(content: &str, overrides: &[(&str, &str)], key: &str) -> (String, Origin) {
        let overrides: Vec<_> =
            overrides.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        let effective = resolve(Path::new("m.toml"), content, &overrides).unwrap_or_else(|failure| {
            panic!("{content} {overrides:?}: {}", failure.text(Language::English));
        });
        (effective[key].raw.to_string(), effective[key].origin)
    }

    #[test]
    fn a_known_heading_may_stand_empty() {
        for heading in
            ["[spar]", "[spar.server]", "[limits]", "[sources]", "[sources.extens]", "[contacts.force]"]
        {
            resolve(Path::new("m.toml"), heading, &[]).unwrap();
        }
    }

    #[test]
    fn every_default_is_a_value_of_its_own_kind() {
        resolve(Path::new("m.toml"), "", &[]).unwrap();
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_the_nearest_known_one() {
        let rows = [
            ("registri = 'x'", "registry"),
            ("[spar]\nmdoe = 'all'", "spar.mode"),
            ("mode = 'all'", "spar.mode"),
            ("[spar.server]\npassword = 'hunter2'", "spar.server.password_file"),
            ("[limits]\nblockd = 5", "limits.blocked"),
            ("[limits]\nblocked_flor = 5", "limits.blocked_floor"),
            ("[max_age]\nspar_import = '26h'", "max_age.spar-import"),
            ("[contacts.force]\ngaurdian = ['email']", "contacts.force.guardian"),
            ("[contacts.empty]\nmail = 'keep'", "contacts.empty.email"),
            ("[sources.extens]\ncolums = {}", "sources.extens.columns"),
            ("[language]\nx = 1", "language"),
            ("'spar.mode' = 'all'", "spar.mode"),
            ("[logg]", "log"),
        ];
        for (content, nearest) in rows {
            let text = refused(content, &[]);
            assert!(text.contains(&format!("{nearest}?")), "{content}: {text}");
            assert!(text.contains("m.toml:"), "{content}: {text}");
        }
        assert!(refused("", &[("spar.mdoe", "all")]).contains("spar.mode?"));
    }

    #[test]
    fn a_value_of_the_wrong_kind_names_key_file_and_what_is_expected() {
        // (file, key, part of what is expected)
        let rows = [
            ("registry = 5", "registry", "path"),
            ("language = 'no'", "language", "sv, en"),
            ("timezone = 'Stockholm'", "timezone", "Europe/Stockholm"),
            ("country = 'NO'", "country", "SE, DK"),
            ("municipality = ['581']", "municipality", "four digits"),
            ("municipality = [581]", "municipality", "four digits"),
            ("municipality = '0581'", "municipality", "four digits"),
            ("spool.keep_days = 0", "spool.keep_days", "from 1 to"),
            ("spool.keep_days = -1", "spool.keep_days", "from 1 to"),
            ("spool.keep_days = '45'", "spool.keep_days", "from 1 to"),
            ("spar.mode = 'some'", "spar.mode", "new, all"),
            ("spar.format = 'xml'", "spar.format", "csv, lines, xml-2023.1"),
            ("spar.list_name = 'C{yy}'", "spar.list_name", "{serial"),
            ("spar.zip = 'yes'", "spar.zip", "true or false"),
            ("spar.pattern = '../*'", "spar.pattern", "slash"),
            ("spar.server.port = 70000", "spar.server.port", "65535"),
            ("spar.server.idle_timeout = 0", "spar.server.idle_timeout", "from 1 to"),
            ("spar.server.tls_max = 1.2", "spar.server.tls_max", "1.2, 1.3"),
            ("contacts.sources = ['a b']", "contacts.sources", "letters"),
            ("contacts.conflict = 'newest'", "contacts.conflict", "last-changed, last-synced"),
            ("contacts.conflict = []", "contacts.conflict", "last-changed, last-synced"),
            ("contacts.force.staff = ['mail']", "contacts.force.staff", "email, mobile, phone"),
            ("contacts.empty.email = 'drop'", "contacts.empty.email", "keep, clear"),
            ("sources.x.format = 'xml'", "sources.x.format", "csv, oneroster"),
            ("sources.x.columns = { a = 'b' }", "sources.x.columns", "id_number"),
            ("sources.x.columns = { a = 'email', b = 1 }", "sources.x.columns", "id_number"),
            ("log.show = 21", "log.show", "from 1 to 20"),
            ("limits.blocked = '5'", "limits.blocked", "%"),
            ("limits.blocked = 5.0", "limits.blocked", "%"),
            ("limits.blocked = -1", "limits.blocked", "%"),
            ("limits.list_size = '5%'", "limits.list_size", "whole number"),
            ("limits.blocked_floor = '5%'", "limits.blocked_floor", "whole number"),
            ("purge.draft_days = 'never'", "purge.draft_days", "keep"),
            ("purge.draft_days = 0", "purge.draft_days", "keep"),
            ("max_age.purge = 26", "max_age.purge", "26h"),
            ("max_age.purge = '26'", "max_age.purge", "26h"),
            ("max_age.purge = '0h'", "max_age.purge", "26h"),
            ("max_age.purge = '26å'", "max_age.purge", "26h"),
            ("notify.ping.purge = 'ping.example.se'", "notify.ping.purge", "https://"),
            ("notify.command = []", "notify.command", "command"),
        ];
        for (content, key, expected) in rows {
            let text = refused(content, &[]);
            assert!(text.starts_with("m.toml:1: ") && text.contains(key), "{content}: {text}");
            assert!(text.contains(expected), "{content}: {text}");
        }
        let text = refused("", &[("spar.mode", "some")]);
        assert!(text.starts_with("--set: spar.mode"), "{text}");
    }

    #[test]
    fn limits_and_secrets_are_for_the_file_alone() {
        let keys = [
            "limits.blocked",
            "limits.blocked_floor",
            "spar.server.password_file",
            "spar.server.password_command",
            "spar.server.credential",
            "spar.server.key_file",
        ];
        for key in keys {
            let text = refused("", &[(key, "hunter2")]);
            assert!(text.contains(key) && text.contains("--set"), "{text}");
        }
    }

    #[test]
    fn any_other_setting_can_be_set_for_one_run() {
        // (key, as written, as it would stand in the file)
        let rows = [
            ("spar.format", "lines", "\"lines\""),     // a bare word
            ("spar.format", "\"lines\"", "\"lines\""), // as in the file
            ("spar.zip", "true", "true"),
            ("spar.answer_days", "30", "30"),
            ("spar.customer", "500243", "500243"), // digits are a text here
            ("municipality", "0581", "[\"0581\"]"), // a list of one
            ("municipality", "0581,0180", "[\"0581\", \"0180\"]"),
            ("municipality", "[\"0581\"]", "[\"0581\"]"),
            ("spar.categories", "*", "[\"*\"]"),
            ("spar.categories", "[]", "[]"), // nobody
            ("purge.draft_days", "keep", "\"keep\""),
            ("max_age.spar-import", "26h", "\"26h\""),
            ("contacts.conflict", "last-synced", "\"last-synced\""),
            ("contacts.conflict", "a,b", "[\"a\", \"b\"]"),
            ("sources.extens.format", "oneroster", "\"oneroster\""),
            ("spool.keep_days", "10", "10"),
            ("spool", "elsewhere/", "\"elsewhere/\""),
            ("registry", "a=b.db", "\"a=b.db\""),
        ];
        for (key, written, expected) in rows {
            assert_eq!(
                shown("", &[(key, written)], key),
                (expected.to_owned(), Origin::Set),
                "{key}={written}"
            );
        }
    }

    #[test]
    fn the_command_line_beats_the_file_and_the_file_the_default() {
        let file = "spar.mode = 'all'\nspool = 'x'";
        assert_eq!(shown("", &[], "spar.mode"), ("\"new\"".into(), Origin::Default));
        assert_eq!(shown(file, &[], "spar.mode"), ("\"all\"".into(), Origin::File));
        assert_eq!(shown(file, &[("spar.mode", "new")], "spar.mode"), ("\"new\"".into(), Origin::Set));
        assert_eq!(shown(file, &[("spool.path", "y")], "spool"), ("\"y\"".into(), Origin::Set));
        assert_eq!(shown("[spool]\npath = 'z'\nkeep_days = 9", &[], "spool"), ("\"z\"".into(), Origin::File));
        assert_eq!(shown("", &[("log.days", "1"), ("log.days", "2")], "log.days").0, "2");
    }
}

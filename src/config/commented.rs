//! The `mantal.toml` that `init` writes: every setting with its meaning and its default, commented out.

use super::keys::{self, Concrete, KEYS, Key};
use crate::text::{Language, meaning as text};

/// The commented configuration of a new installation. Lines with a setting begin with `#` and no blank. Keys are
/// written whole, without headings, so that any line can be taken into use alone and anything be added at the end.
pub fn commented(language: Language) -> String {
    let mut out = String::new();
    comment(&mut out, text::FILE_HEAD.template(language));
    for key in KEYS.iter().filter(|key| !is_special_case(key)) {
        comment(&mut out, &format!("\n{}", key.meaning.template(language)));
        for entry in entries(key) {
            out.push_str(&setting(&entry, language));
        }
    }
    out
}

/// A default for one name of a group is shown with the group.
fn is_special_case(key: &Key) -> bool {
    key.name == "contacts.clear_flag.guardian"
}

const EXAMPLE_SOURCE: &str = "NAME";

fn entries(key: &Key) -> Vec<Concrete> {
    let all = keys::concrete(&[EXAMPLE_SOURCE.to_owned()]);
    let belongs = |entry: &Concrete| matches(key.name, &entry.name);
    all.into_iter().filter(belongs).collect()
}

/// Whether a name is one that the table's name stands for.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((before, rest)) = pattern.split_once('<') else { return pattern == name };
    let after = rest.split_once('>').map_or("", |(_, after)| after);
    let middle = name.strip_prefix(before).and_then(|name| name.strip_suffix(after));
    let is_floor = |middle: &str| after.is_empty() && middle.ends_with("_floor");
    middle.is_some_and(|middle| !middle.is_empty() && !middle.contains('.') && !is_floor(middle))
}

fn comment(out: &mut String, text: &str) {
    for line in text.split('\n') {
        out.push_str(if line.is_empty() { "" } else { "# " });
        out.push_str(line);
        out.push('\n');
    }
}

fn setting(entry: &Concrete, language: Language) -> String {
    // Both `spool` and `spool.keep_days` can't stand in one TOML file.
    let name = if entry.name == "spool" { "spool.path" } else { &entry.name };
    match entry.name.as_str() {
        "language" => format!("{name} = \"{}\"\n", language.code()),
        "timezone" => format!("{name} = {}\n", entry.standard),
        _ => format!("#{name} = {}\n", entry.example),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::effective::{Origin, resolve};

    #[test]
    fn the_file_of_init_sets_nothing_but_language_and_time_zone() {
        for language in [Language::Swedish, Language::English] {
            let effective = resolve(Path::new("m.toml"), &commented(language), &[]).unwrap();
            let set: Vec<_> = effective.iter().filter(|(_, entry)| entry.origin == Origin::File).collect();
            let set: Vec<_> = set.iter().map(|(key, entry)| (key.as_str(), entry.raw.to_string())).collect();
            assert_eq!(
                set,
                [
                    ("language", format!("\"{}\"", language.code())),
                    ("timezone", "\"Europe/Stockholm\"".to_owned()),
                ]
            );
        }
    }

    #[test]
    fn what_is_added_at_the_end_of_the_file_of_init_counts() {
        let added =
            "spool = 'work/'\nmunicipality = ['0581']\n[spar]\nmode = 'all'\n[spar.server]\nport = 21\n";
        let effective = resolve(Path::new("m.toml"), &(commented(Language::English) + added), &[]).unwrap();
        for key in ["spool", "municipality", "spar.mode", "spar.server.port"] {
            assert_eq!(effective[key].origin, Origin::File, "{key}");
        }
    }

    #[test]
    fn every_setting_of_the_table_stands_in_the_file_with_its_default() {
        let uncomment = |line: &str| {
            line.strip_prefix('#').filter(|line| !line.starts_with(' ')).unwrap_or(line).to_owned()
        };
        let file: Vec<String> = commented(Language::English).lines().map(uncomment).collect();
        let effective = resolve(Path::new("m.toml"), &file.join("\n"), &[]).unwrap();
        for key in keys::concrete(&[EXAMPLE_SOURCE.to_owned()]) {
            let entry = effective.get(&key.name).unwrap_or_else(|| panic!("{} is missing", key.name));
            assert_eq!(entry.origin, Origin::File, "{}", key.name);
            let is_standard =
                key.standard.is_empty() || key.name == "language" || entry.raw.to_string() == key.standard;
            assert!(is_standard, "{} shows another default", key.name);
        }
    }
}

//! What stands in the file, before anybody asks what it means: keys, values, lines. Says where TOML is broken, never
//! quotes a line: it might hold a secret.

use std::{collections::BTreeMap, fmt, path::Path};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    failure::{Failure, Result},
    text::settings as text,
};

/// A TOML value without its place.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Raw {
    /// A string.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A boolean.
    Flag(bool),
    /// An array.
    List(Vec<Raw>),
    /// A table, in one line or under its own heading.
    Table(BTreeMap<String, Raw>),
    /// A float, a date, an integer that is too large: no setting takes these.
    Other,
}

/// One setting of the file.
pub(crate) struct Given {
    /// The whole key, parts joined by points.
    pub key: String,
    /// Its value.
    pub raw: Raw,
    /// The line of the key.
    pub line: usize,
}

/// Reads a configuration file's text into its settings, in the order of their keys.
pub(crate) fn parse(path: &Path, content: &str) -> Result<Vec<Given>> {
    let table = DeTable::parse(content).map_err(|error| syntax_failure(path, content, &error))?;
    let mut given = Vec::new();
    flatten(table.get_ref(), &[], content, &mut given);
    Ok(given)
}

/// Reads what stands after `--set key=` as TOML, if it is TOML.
pub(crate) fn parse_value(text: &str) -> Option<Raw> {
    DeValue::parse(text).ok().map(|value| raw(value.get_ref()))
}

fn syntax_failure(path: &Path, content: &str, error: &toml::de::Error) -> Failure {
    let start = error.span().map_or(content.len(), |span| span.start);
    let (line, column) = place(content, start);
    Failure::usage(text::SYNTAX)
        .with("file", path.display())
        .with("line", line)
        .with("column", column)
        .hint(text::SYNTAX_HINT)
}

/// Line and column of a byte, both from 1; the column counts characters.
fn place(content: &str, at: usize) -> (usize, usize) {
    let before = content.get(..at).unwrap_or(content);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).map_or(0, |line| line.chars().count());
    (before.matches('\n').count() + 1, column + 1)
}

fn flatten(table: &DeTable<'_>, above: &[&str], content: &str, given: &mut Vec<Given>) {
    for (key, value) in table {
        let path = [above, &[key.get_ref().as_ref()]].concat();
        if let DeValue::Table(inner) = value.get_ref()
            && !inner.is_empty()
            && !is_mapping(&path)
        {
            flatten(inner, &path, content, given);
        } else {
            let line = place(content, key.span().start).0;
            given.push(Given { key: joined(&path), raw: raw(value.get_ref()), line });
        }
    }
}

/// `sources.NAME.columns` is one value, although it is a table.
fn is_mapping(path: &[&str]) -> bool {
    matches!(path, ["sources", _, "columns"])
}

/// The key as it is looked up. A part with a point of its own is quoted, so that it matches no known key.
fn joined(path: &[&str]) -> String {
    let part = |part: &&str| if part.contains('.') { format!("\"{part}\"") } else { (*part).to_owned() };
    path.iter().map(part).collect::<Vec<_>>().join(".")
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Integer(digits) => {
            i64::from_str_radix(digits.as_str(), digits.radix()).map_or(Raw::Other, Raw::Integer)
        }
        DeValue::Boolean(flag) => Raw::Flag(*flag),
        DeValue::Array(items) => Raw::List(items.iter().map(Spanned::get_ref).map(raw).collect()),
        DeValue::Table(table) => Raw::Table(
            table.iter().map(|(key, value)| (key.get_ref().to_string(), raw(value.get_ref()))).collect(),
        ),
        DeValue::Float(_) | DeValue::Datetime(_) => Raw::Other,
    }
}

/// As it would stand in the file.
impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Self::Table(table) => {
                let pair = |(key, value): (&String, &Self)| format!("{} = {value}", quoted(key));
                write!(f, "{{ {} }}", table.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
            Self::Other => f.write_str("?"),
        }
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            control if control.is_control() => out.extend(format!("\\u{:04X}", u32::from(control)).chars()),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn a_value_is_shown_as_it_would_stand_in_the_file() {
        for text in
            [r#""a \" b \\ c""#, "12", "true", r#"["a", "b"]"#, r#"{ "Å b" = "c" }"#, "\"tab\\u0009\""]
        {
            assert_eq!(parse_value(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn broken_toml_is_placed_by_line_and_column_without_quoting_the_line() {
        // (text, line, column)
        let rows = [
            ("a = 1\npassword = hunter2\n", 2, 12), // a bare word
            ("a = 1\nåäö\n", 2, 4),                 // no value; columns count characters
            ("a = 1\n\n[hunter2\n", 3, 9),          // an open heading
            ("a = \"hunter2\n", 1, 13),             // an open string
            ("hunter2 = 1\nhunter2 = 2\n", 2, 1),   // a key twice
        ];
        for (content, line, column) in rows {
            let Err(failure) = parse(Path::new("m.toml"), content) else { panic!("{content} was read") };
            let shown = failure.text(Language::English);
            assert!(shown.contains(&format!("line {line}, column {column}")), "{content}: {shown}");
            assert!(!format!("{shown}{failure:?}").contains("hunter2"), "{shown}");
        }
    }

    #[test]
    fn the_line_of_a_setting_is_that_of_its_key() {
        let given = parse(Path::new("m.toml"), "a = 1\n\n[b]\nc = 2\n").unwrap();
        let places: Vec<_> = given.iter().map(|given| (given.key.as_str(), given.line)).collect();
        assert_eq!(places, [("a", 1), ("b.c", 4)]);
    }
}

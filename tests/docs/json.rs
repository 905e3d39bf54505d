//! docs/json.md has every key that `--json` prints, with its type, and none that nothing prints.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use serde_json::Value;

use super::{anchor, root};
use crate::workshop::Workshop;

/// A key and what its value may be; `only` keys need not be there in our examples.
struct Documented {
    types: BTreeSet<String>,
    is_always_there: bool,
}

struct Section {
    name: String,
    calls: Vec<String>,
    keys: BTreeMap<String, Documented>,
    of_others: Vec<String>,
}

/// Keys by path (`findings[].id`) with the types that were seen.
type Seen = BTreeMap<String, BTreeSet<String>>;

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

fn look(value: &Value, at: &str, section: &Section, seen: &mut Seen) {
    if section.keys.contains_key("*") {
        seen.entry("*".to_owned()).or_default();
        return;
    }
    let documented = section.keys.get(at);
    // What has names or forms of its own is told in words.
    if documented.is_some_and(|known| known.types.contains("map") || known.types.contains("any")) {
        seen.entry(at.to_owned()).or_default();
        return;
    }
    if !at.is_empty() {
        seen.entry(at.to_owned()).or_default().insert(type_of(value).to_owned());
    }
    match value {
        Value::Object(object) => {
            let below = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") };
            object.iter().for_each(|(key, value)| look(value, &below(key), section, seen));
        }
        Value::Array(items) => {
            for item in items.iter().filter_map(Value::as_object) {
                let below = |key: &str| if at.is_empty() { key.to_owned() } else { format!("{at}[].{key}") };
                item.iter().for_each(|(key, value)| look(value, &below(key), section, seen));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn sections(page: &str) -> Vec<Section> {
    let one = |text: &str| {
        let (heading, body) = text.split_once('\n').unwrap();
        let intro = body.split("\n|").next().unwrap();
        let calls = intro.split('`').skip(1).step_by(2).map(|span| span.replace('\n', " "));
        let links = intro.split("](#").skip(1).filter_map(|part| part.split(')').next());
        Section {
            name: heading.trim().to_owned(),
            calls: calls.filter(|span| span.starts_with("mantal ") && span.contains("--json")).collect(),
            keys: body.lines().filter_map(row).collect(),
            of_others: links.map(str::to_owned).collect(),
        }
    };
    page.split("\n## ").skip(1).map(one).collect()
}

/// `| `key` | string or null | what it is |`
fn row(line: &str) -> Option<(String, Documented)> {
    let mut cells = line.strip_prefix("| `")?.split(" | ");
    let key = cells.next()?.trim_end_matches('`').to_owned();
    let types = cells.next()?.split(" or ").map(str::to_owned).collect();
    let is_always_there = !cells.next()?.split([' ', ';', ',']).any(|word| word == "only");
    Some((key, Documented { types, is_always_there }))
}

/// Everything that the texts' files bring, so that no list is empty.
fn furnished() -> Workshop {
    let workshop = Workshop::town();
    workshop.must(
        "mantal area import links.csv; mantal population-import residents.csv; mantal update-areas; mantal case import cases.csv
         mantal retention import classes.csv; mantal person set person:41 --class GONE; mantal purge --confirm
         mantal person set person:241 --class GONE; mantal update-search
         mantal obligation import loans.csv; mantal purge --plan due.json; mantal person protect person:70 --reason x",
    );
    workshop
}

fn documents(workshop: &Workshop, call: &str) -> Vec<Value> {
    let out = workshop.town_folder().join("document");
    workshop.run(&format!("{call} > document"));
    let printed = fs::read_to_string(out).unwrap();
    if let Ok(document) = serde_json::from_str(&printed) {
        return vec![document];
    }
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_key_of_every_document_is_described_with_its_type() {
    let page = fs::read_to_string(root().join("docs/json.md")).unwrap();
    let all = sections(&page);
    assert!(all.len() > 20, "{}", all.len());
    let workshop = furnished();
    let mut wrong = Vec::new();
    for section in &all {
        let of_others = || all.iter().filter(|other| section.of_others.contains(&anchor(&other.name)));
        let mut keys: BTreeMap<String, Documented> = BTreeMap::new();
        for (key, known) in of_others().flat_map(|other| &other.keys) {
            keys.insert(key.clone(), Documented { types: known.types.clone(), is_always_there: false });
        }
        for (key, known) in &section.keys {
            let own = Documented { types: known.types.clone(), is_always_there: known.is_always_there };
            keys.insert(key.clone(), own);
        }
        let whole = Section { keys, name: section.name.clone(), calls: Vec::new(), of_others: Vec::new() };
        let mut seen = Seen::new();
        for call in &section.calls {
            let printed = documents(&workshop, call);
            if printed.is_empty() {
                wrong.push(format!("{}: {call} printed nothing", section.name));
            }
            for document in &printed {
                look(document, "", &whole, &mut seen);
            }
        }
        for (key, types) in &seen {
            match whole.keys.get(key) {
                None => wrong.push(format!("{}: `{key}` {types:?} is not described", section.name)),
                Some(known) if !types.is_subset(&known.types) => {
                    wrong.push(format!("{}: `{key}` is {types:?}", section.name));
                }
                Some(_) => {}
            }
        }
        let missing =
            whole.keys.iter().filter(|(key, known)| known.is_always_there && !seen.contains_key(*key));
        wrong.extend(
            missing.map(|(key, _)| format!("{}: `{key}` is described and never printed", section.name)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_command_that_prints_json_has_a_section() {
    let page = fs::read_to_string(root().join("docs/json.md")).unwrap();
    // Groups have nothing to print; these print a page, a script or a header whatever is asked.
    let others = ["completions", "man", "demo"];
    for path in super::commands().iter().filter(|path| !path.is_empty()) {
        let name = path.join(" ");
        let help = Command::new(env!("CARGO_BIN_EXE_mantal")).args(path).arg("--help").output().unwrap();
        let help = String::from_utf8(help.stdout).unwrap();
        let is_run = help.contains("--approve");
        let is_group = help.contains("Commands:") && !["findings", "purge"].contains(&name.as_str());
        let is_described =
            page.contains(&format!("mantal {name} ")) || page.contains(&format!("mantal {name}`"));
        assert!(is_run || is_group || others.contains(&name.as_str()) || is_described, "{name}");
    }
}

//! What a doctor saw, for comparing.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt, path::Path};

use serde_json::Value;

use super::support::{Done, World};

pub struct Seen {
    pub exit: i32,
    pub json: Value,
}

pub fn doctor(world: &World, words: &[&str]) -> Seen {
    let words: Vec<&str> = ["doctor"].into_iter().chain(words.iter().copied()).collect();
    let Done { exit, json } = world.run(&words);
    assert_eq!(json["exit"], exit);
    assert_eq!(json["ok"], exit == 0);
    for check in json["checks"].as_array().unwrap() {
        // Every parameter of a sentence is given.
        for key in ["text", "hint"] {
            let text = check[key].as_str().unwrap_or_default().replace("\\u{", "");
            assert!(!text.contains('{'), "{check}");
        }
    }
    Seen { exit, json }
}

impl Seen {
    pub fn checks(&self) -> &Vec<Value> {
        self.json["checks"].as_array().unwrap()
    }

    /// Area, check and code of those that came to this.
    pub fn that_are(&self, verdict: &str) -> Vec<(String, String, String)> {
        let word = |check: &Value, key: &str| check[key].as_str().unwrap().to_owned();
        let those = self.checks().iter().filter(|check| check["verdict"] == verdict);
        those.map(|check| (word(check, "area"), word(check, "check"), word(check, "code"))).collect()
    }

    /// The one check of this name in this area.
    #[track_caller]
    pub fn the(&self, area: &str, name: &str) -> &Value {
        let those: Vec<&Value> =
            self.checks().iter().filter(|check| check["area"] == area && check["check"] == name).collect();
        assert_eq!(those.len(), 1, "{area} {name}: {:#}", self.json);
        those[0]
    }

    /// Names of the server's checks that came to this, in order.
    pub fn steps(&self, verdict: &str) -> Vec<String> {
        self.that_are(verdict)
            .into_iter()
            .filter(|(area, ..)| area == "server")
            .map(|(_, name, _)| name)
            .collect()
    }

    /// Nothing but this one is wrong.
    #[track_caller]
    pub fn only(&self, verdict: &str, expected: (&str, &str, &str)) {
        let mut wrong = self.that_are("problem");
        wrong.extend(self.that_are("warning"));
        let expected = (expected.0.to_owned(), expected.1.to_owned(), expected.2.to_owned());
        assert_eq!(wrong, std::slice::from_ref(&expected), "{:#}", self.json);
        assert!(self.that_are(verdict).contains(&expected), "{verdict}");
        assert_eq!(self.exit, 3);
    }

    #[track_caller]
    pub fn well(&self) -> &Self {
        assert_eq!(self.exit, 0, "{:#}", self.json);
        self
    }
}

/// Every file and folder below one, with mode and bytes.
pub fn everything(folder: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = path.symlink_metadata().unwrap().permissions().mode() & 0o7777;
            let content = if path.is_dir() {
                folders.push(path.clone());
                Vec::new()
            } else {
                fs::read(&path).unwrap()
            };
            all.insert(path.display().to_string(), (mode, content));
        }
    }
    all
}

pub fn sql(world: &World, sql: &str) {
    let registry = rusqlite::Connection::open(world.path("w/registry.db")).unwrap();
    registry.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
}

pub fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A file's time, so many days ago.
pub fn age(path: &Path, days: u64) {
    let then = std::time::SystemTime::now() - std::time::Duration::from_secs(days * 86_400);
    fs::OpenOptions::new().write(true).open(path).unwrap().set_modified(then).unwrap();
}

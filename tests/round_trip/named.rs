//! Files that somebody names: read where they are, copied only where they have to be kept. (rules.md, spar-import 1)

use std::fs;
use std::path::PathBuf;

use mantal::domain::keyed_hash::write_hex;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::support::{Post, World, numbers, spar_file};

/// More than what is read of a file at once.
const PEOPLE: usize = 2_000;

struct Named {
    world: World,
    path: PathBuf,
    content: Vec<u8>,
}

fn named(lines: &str, spoil: impl Fn(String) -> String) -> Named {
    let world = World::with(lines);
    let numbers = numbers(PEOPLE);
    let rows: Vec<(&str, &str)> = numbers.iter().map(|number| (number.as_str(), ";")).collect();
    world.people(&rows).to(0);
    let posts: Vec<Post<'_>> = numbers.iter().map(|number| Post::Lives(number, "Nygatan 3")).collect();
    let content = spoil(String::from_utf8(spar_file(4, 1, &posts)).unwrap()).into_bytes();
    assert!(content.len() > 512 * 1024);
    let path = world.path("named.xml");
    fs::write(&path, &content).unwrap();
    Named { world, path, content }
}

impl Named {
    fn import(&self, flags: &[&str]) -> super::support::Done {
        let mut words = vec!["spar-import", self.path.to_str().unwrap()];
        words.extend(flags);
        self.world.run(&words)
    }

    /// State and hash of the files that the registry knows.
    fn known(&self) -> Vec<(String, String)> {
        let registry = Connection::open(self.world.path("w/registry.db")).unwrap();
        let mut rows = registry.prepare("SELECT state, sha256 FROM file ORDER BY id").unwrap();
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    }

    #[track_caller]
    fn is(&self, state: &str, room: Option<&str>) {
        let hash = write_hex(&Sha256::digest(&self.content));
        assert_eq!(self.known(), [(state.to_owned(), hash)]);
        assert_eq!(fs::read(&self.path).unwrap(), self.content, "it stays where it was");
        for any in ["inbox", "held", "rejected", "staging"] {
            let names = self.world.spool(any);
            assert_eq!(names.len(), usize::from(room == Some(any)), "{any}: {names:?}");
            for name in names {
                let kept = self.world.path("w/spool").join(any).join(name);
                assert_eq!(fs::read(kept).unwrap(), self.content);
            }
        }
    }
}

#[test]
fn a_named_file_is_known_by_all_its_bytes_and_leaves_no_copy() {
    let named = named("", |content| content);
    assert_eq!(named.import(&["--dry-run"]).to(0).count("address"), PEOPLE as u64);
    assert!(named.known().is_empty());
    assert_eq!(named.import(&[]).to(0).count("address"), PEOPLE as u64);
    named.is("applied", None);
    assert_eq!(named.import(&[]).to(0).count("read"), 0, "applied before");
    named.is("applied", None);
}

#[test]
fn a_named_file_that_is_refused_is_kept_whole_however_early_it_was_refused() {
    let spoiled: [&dyn Fn(String) -> String; 3] = [
        &|content| content.replacen("<PostNr>", "<PostNr><", 1), // in its first post
        &|content| content.replace("</SPARAvisering>", ""),      // at its end
        &|content| content.replace("<KundNr>500243<", "<KundNr>500244<"), // whose it is
    ];
    for spoil in spoiled {
        let named = named("spar.customer = \"500243\"", spoil);
        named.import(&[]).to(1);
        named.is("rejected", Some("rejected"));
        named.import(&[]).to(1);
        named.is("rejected", Some("rejected"));
    }
}

#[test]
fn a_named_file_that_is_held_is_kept_until_it_may_be_applied() {
    let named =
        named("", |content| content.replace("<SkyddadFolkbokforing>NEJ<", "<SkyddadFolkbokforing>JA<"));
    named.import(&[]).to(4);
    named.is("held", Some("held"));
    named.import(&[]).to(4);
    named.is("held", Some("held"));
    let all = format!("protected={PEOPLE}");
    let applied = named.import(&["--allow", &all]);
    assert_eq!(applied.count("protected"), PEOPLE as u64, "{}", applied.json);
    named.is("applied", None);
}

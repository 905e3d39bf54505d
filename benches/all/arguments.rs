//! What can be asked of the benchmark.

use std::cell::RefCell;
use std::path::PathBuf;

use mantal::demo::Sorting;

use crate::bench::{Bench, Yardsticks};

/// Shown for `--help`; the names of the scenes follow.
pub const HELP: &str = "\
--people N        how many people, posts, rows (200 000)
--rounds N        each is measured so often, everything as before each time; medians are shown (1)
--only NAME,...   only these
--shuffled        posts and rows in another order than the registry's
--growth N,N,...  cost per record at these sizes, and nothing beside it: of country, unless --only names others
--keep DIR        everything lies in this folder, and stays there if it fails; country goes on after the steps
                  that are done
NAME is one of";
/// All jobs on one registry: for `--growth`, where the others have nothing beside them.
pub const COUNTRY: &str = "country";

/// As it was asked.
pub struct Arguments {
    /// `--people`
    pub people: u64,
    /// `--growth`
    pub growth: Vec<u64>,
    /// `--keep`
    pub keep: Option<PathBuf>,
    rounds: usize,
    only: Vec<String>,
    sorting: Sorting,
}

impl Arguments {
    /// Reads the command line; none: help is wanted.
    pub fn read(words: &[String], names: &[&str]) -> Option<Self> {
        let mut arguments = Self {
            people: 200_000,
            growth: Vec::new(),
            keep: None,
            rounds: 1,
            only: Vec::new(),
            sorting: Sorting::Numbers,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().expect("a value");
            match word.as_str() {
                "--people" | "--posts" => arguments.people = number(value()),
                "--rounds" => arguments.rounds = value().parse::<usize>().expect("a count").max(1),
                "--only" => arguments.only.extend(value().split(',').map(str::to_owned)),
                "--shuffled" => arguments.sorting = Sorting::Windows,
                "--growth" => arguments.growth.extend(value().split(',').map(number)),
                "--keep" => arguments.keep = Some(value().into()),
                "--help" => return None,
                other => panic!("unknown argument {other}"),
            }
        }
        let unknown = arguments.only.iter().find(|name| !names.contains(&name.as_str()));
        assert!(unknown.is_none(), "no such scene: {unknown:?}; there are {names:?}");
        Some(arguments)
    }

    /// Whether a scene is to be played.
    pub fn wants(&self, name: &str) -> bool {
        let is_usual = (name == COUNTRY) != self.growth.is_empty();
        if self.only.is_empty() { is_usual } else { self.only.iter().any(|only| only == name) }
    }

    /// A bench for so many people.
    pub fn bench(&self, people: u64, scratch: PathBuf, yardsticks: Yardsticks) -> Bench {
        std::fs::create_dir_all(&scratch).unwrap();
        let (rounds, sorting) = (self.rounds, self.sorting);
        Bench { people, rounds, sorting, yardsticks, scratch, rows: RefCell::default() }
    }
}

fn number(word: impl AsRef<str>) -> u64 {
    word.as_ref().parse().expect("a count")
}

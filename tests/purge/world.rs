//! An installation with people who have been idle for long, and a plan of classes.

use std::fs;
use std::path::PathBuf;

use mantal::domain::retention::{Most, Target};
use mantal::jobs::purge::{Purge, Wish};
use mantal::jobs::report::Report;
use mantal::jobs::retention_import::RetentionImport;
use mantal::jobs::run::Mode;
use rusqlite::Connection;

use crate::support::{World, numbers};

/// One class of each kind: people and cases of A go after a year, people of R are reduced.
pub const CLASSES: &str = "A,person,P1Y,last_activity,no,delete,0\n\
A,case,P1Y,closed,no,delete,0\n\
R,person,P1Y,last_activity,no,anonymise,0\n\
R,reduced,P1Y,created,no,delete,0\n";

/// So many people of class A who entered long ago, and `CLASSES`.
pub fn idle(people: usize) -> World {
    let world = World::new();
    let row = |(place, number): (usize, String)| {
        format!(
            "{number};Förnamn{place};Efternamn{place};Gatan {place};60299;TESTBY;person{place}@example.org\n"
        )
    };
    world.import(&numbers(people).into_iter().enumerate().map(row).collect::<String>());
    world.sql("UPDATE person SET class = 'A', entered_on = '2015-01-01'");
    world.classes(CLASSES);
    world
}

/// A proposal or a confirmation of everything.
pub fn purge(wish: Wish) -> Purge {
    Purge { wish, only: None, most: Most::All, plan: None }
}

pub fn only(target: Target) -> Purge {
    Purge { only: Some(target), ..purge(Wish::Confirm) }
}

impl World {
    pub fn sql(&self, sql: &str) {
        let connection = Connection::open(&self.settings.registry).unwrap();
        connection.pragma_update(None, "foreign_keys", true).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    /// Imports a plan of classes, whatever becomes due.
    pub fn classes(&self, rows: &str) -> Report {
        self.classes_as(Mode::Real, &[("purge", 1_000_000)], rows)
    }

    pub fn classes_as(&self, mode: Mode, allow: &[(&str, u64)], rows: &str) -> Report {
        let file = self.path("classes.csv");
        let header = "class,target,period,counted_from,year_end,action,grace_days\n";
        fs::write(&file, format!("{header}{rows}")).unwrap();
        self.run_as(mode, allow, &mut RetentionImport { file })
    }

    pub fn propose(&self, allow: &[(&str, u64)]) -> Report {
        self.run_as(Mode::Proposal, allow, &mut purge(Wish::Propose))
    }

    /// Confirms everything, however many.
    pub fn confirm(&self) -> Report {
        self.run_as(Mode::Real, &[("purge", 1_000_000)], &mut purge(Wish::Confirm))
    }

    /// Writes a plan of everything.
    pub fn plan(&self) -> PathBuf {
        let file = self.path("plan.json");
        let mut job = Purge { plan: Some(file.clone()), ..purge(Wish::Propose) };
        let report = self.run_as(Mode::Proposal, &[("purge", 1_000_000)], &mut job);
        assert_eq!(report.exit, 0, "{report:?}");
        file
    }

    /// Internal ids of everybody who is there.
    pub fn ids(&self) -> Vec<i64> {
        self.ask("SELECT id FROM person ORDER BY id").iter().map(|id| id.parse().unwrap()).collect()
    }

    pub fn rows(&self, table: &str) -> u64 {
        self.ask(&format!("SELECT count(*) FROM {table}"))[0].parse().unwrap()
    }
}

/// A count of a run.
pub fn count(report: &Report, name: &str) -> u64 {
    report.run.as_ref().unwrap().counts[name].as_u64().unwrap_or_default()
}

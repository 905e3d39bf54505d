//! Every SQL statement of the registry against a fresh schema, and the ways that SQLite takes for those that run once a
//! person.

#[path = "../support/rust_source.rs"]
mod rust_source;

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::support::World;
use rust_source::sources;

const VERBS: [&str; 5] = ["WITH ", "SELECT ", "INSERT ", "UPDATE ", "DELETE "];

/// Statements that run once a person, a post or a number; each finds its rows by an index.
const HOT: &[&str] = &[
    "FROM number WHERE key = ",
    "FROM person WHERE id BETWEEN ",
    "WHERE person_id BETWEEN ",
    "FROM address WHERE person_id = ",
    "FROM contact WHERE person_id = ",
    "FROM person_area WHERE person_id = ",
    "FROM person_area\n     WHERE person_id > ",
    "UPDATE person SET key_code = ",
    "FROM area_link\n     WHERE activity = ",
    "LEFT JOIN source_statement AS s ON s.person_id = n.person_id",
    "UPDATE source_statement SET digest = ?3",
    "UPDATE source_statement SET digest = NULL WHERE person_id",
    "LEFT JOIN settled_row AS s ON s.person_id = n.person_id",
    "DELETE FROM settled_row WHERE person_id = ",
    "DELETE FROM source_conflict WHERE person_id",
    "DELETE FROM source_refused WHERE source",
    "FROM source_delivery AS d",
    "FROM notice WHERE person_id = ",
    "FROM refused_number WHERE hash = ",
    "FROM search_entry WHERE id = ?",
    "UPDATE search_entry SET ",
    "FROM number WHERE person_id = ?",
    "FROM population WHERE key = ?",
    "no_address_since IS NOT NULL AND no_address_since <= ",
    "WHERE run_id = ? AND id < ? ORDER BY id DESC",
    "FROM rejected WHERE ",
    "UPDATE person SET id_number = ",
    "UPDATE person SET category = ?",
    "UPDATE person SET concealment = 1 WHERE id = ",
    "UPDATE number SET said = ?2",
    "UPDATE number SET post = coalesce(?4, post)",
    "UPDATE journal SET changes = NULL WHERE changes IS NOT NULL",
    "DELETE FROM address WHERE person_id = ",
];

/// String literals of the registry's room with constants of the same file put in; where and what.
fn literals() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for source in sources("src/registry") {
        let lines: Vec<&str> = source.code.lines().collect();
        let constant = |line: usize| {
            let near = (line.saturating_sub(2)..line).rev().filter_map(|at| lines.get(at));
            near.filter_map(|code| code.split_once("const ")?.1.split_once(':'))
                .map(|(name, _)| name.to_owned())
                .next()
        };
        let constants: BTreeMap<String, &String> =
            source.strings.iter().filter_map(|(line, text)| Some((constant(*line)?, text))).collect();
        for (line, text) in &source.strings {
            let whole = constants
                .iter()
                .fold(text.clone(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
            found.push((format!("{}:{line}", source.path), whole));
        }
    }
    found
}

fn statements() -> Vec<(String, String)> {
    let is_statement = |text: &str| VERBS.iter().any(|verb| text.trim_start().starts_with(verb));
    literals().into_iter().filter(|(_, text)| is_statement(text)).collect()
}

/// A fresh registry with the tables of the staging areas and of a run's end.
fn schema(world: &World) -> Connection {
    let connection = Connection::open(&world.settings.registry).unwrap();
    mantal::registry::journal::offer_to_statements(&connection).unwrap();
    for (place, text) in literals() {
        let is_table = ["CREATE TABLE ", "CREATE TEMP TABLE ", "CREATE VIRTUAL TABLE temp."]
            .iter()
            .any(|start| text.trim_start().starts_with(start));
        if is_table {
            connection.execute_batch(&text).unwrap_or_else(|error| panic!("{place}: {error}"));
        }
    }
    connection
}

#[test]
fn every_statement_fits_the_schema() {
    let world = World::new();
    let connection = schema(&world);
    let mut put_together = Vec::new();
    let mut fitting = 0;
    for (place, text) in statements() {
        if text.contains('{') && !text.contains("'{}'") {
            put_together.push(place);
            continue;
        }
        for one in text.split(';').filter(|one| !one.trim().is_empty()) {
            connection.prepare(one).unwrap_or_else(|error| panic!("{place}: {error}"));
            fitting += 1;
        }
    }
    assert!(fitting > 80, "only {fitting} statements were found");
    // Those of `sweep` are one per column; its own test runs each of them.
    put_together.retain(|place| !place.starts_with("src/registry/sweep.rs"));
    assert!(put_together.len() <= 4, "put together at run time, so not looked at: {put_together:?}");
}

#[test]
fn what_runs_once_a_person_finds_its_rows_by_an_index() {
    let world = World::new();
    let connection = schema(&world);
    let statements = statements();
    for hot in HOT {
        let of_this: Vec<&(String, String)> =
            statements.iter().filter(|(_, text)| text.contains(hot)).collect();
        assert!(!of_this.is_empty(), "no statement has {hot}");
        for (place, text) in of_this {
            let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
            let steps = plan.raw_query();
            let steps: Vec<String> = steps.mapped(|row| row.get(3)).collect::<rusqlite::Result<_>>().unwrap();
            assert!(steps.iter().any(|step| step.starts_with("SEARCH")), "{place}: {steps:?}");
            // What the statement puts together itself is a few rows.
            let is_own = |table: &str| table == "CONSTANT ROW" || text.contains(&format!("{table} ("));
            let of_tables = |step: &&String| step.strip_prefix("SCAN ").is_some_and(|table| !is_own(table));
            let scans: Vec<&String> = steps.iter().filter(of_tables).collect();
            assert!(scans.is_empty(), "{place} looks at every row: {scans:?}");
            let builds = steps.iter().any(|step| step.contains("AUTOMATIC"));
            assert!(!builds, "{place} builds an index for itself: {steps:?}");
            let is_sorted = steps.iter().any(|step| step.contains("TEMP B-TREE"));
            assert!(!(is_sorted && text.contains("BETWEEN ")), "{place} sorts what is in order: {steps:?}");
        }
    }
}

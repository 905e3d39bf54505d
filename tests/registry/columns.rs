//! The list of personal columns against the schema, and each column's fate against a registry in which somebody
//! becomes protected. (rules.md, Protection)

use std::collections::BTreeSet;

use mantal::domain::person::PersonId;
use mantal::domain::protection::Kind;
use mantal::domain::protection::columns::{Column, Fate, IMPERSONAL, PERSONAL};
use mantal::jobs::protect::Protect;
use rusqlite::{Connection, types::Value};

use crate::support::{ANNA, BO, World};

const CANARY: &str = "Kanariefågel";
const CANARY_DAY: &str = "1977-07-07";

fn open(world: &World) -> Connection {
    Connection::open(&world.settings.registry).unwrap()
}

fn protect_anna(world: &World) {
    world.run(&mut Protect { person: PersonId(1), kind: Kind::Manual, reason: "test".into() });
    assert!(world.is_protected(1));
}

#[test]
fn every_column_with_text_stands_in_exactly_one_list() {
    let world = World::new();
    let with_text = world.ask(
        "SELECT t.name || '.' || c.name FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c
         WHERE t.schema = 'main' AND t.type <> 'view' AND t.name NOT LIKE 'sqlite_%'
           AND upper(c.type) NOT IN ('INTEGER', 'REAL')",
    );
    assert!(with_text.len() > 80, "the schema can't be read");
    let personal = PERSONAL.iter().map(|column| format!("{}.{}", column.table, column.name));
    let impersonal =
        IMPERSONAL.iter().flat_map(|(table, names)| names.iter().map(move |name| format!("{table}.{name}")));
    let mut listed = BTreeSet::new();
    for name in personal.chain(impersonal) {
        assert!(listed.insert(name.clone()), "{name} is listed twice");
    }
    for name in &with_text {
        assert!(
            listed.contains(name),
            "{name} is new: say in domain/protection/columns.rs what becomes of it when its person becomes protected"
        );
    }
    let all = world.ask(
        "SELECT t.name || '.' || c.name FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c
         WHERE t.schema = 'main' AND t.type <> 'view'",
    );
    let gone: Vec<&String> = listed.iter().filter(|name| !all.contains(name)).collect();
    assert!(gone.is_empty(), "no longer in the schema: {gone:?}");
}

/// Which rows of a table are of one person.
fn whose(table: &str, person: i64) -> String {
    match table {
        "person" | "search_entry" => format!("id = {person}"),
        "finding" => format!("subject = 'person:{person}'"),
        "population" => format!("key IN (SELECT key FROM number WHERE person_id = {person})"),
        "document" => format!("case_id IN (SELECT id FROM case_record WHERE person_id = {person})"),
        _ => format!("person_id = {person}"),
    }
}

fn canary(column: &Column) -> Value {
    match (column.table, column.name) {
        (
            "person",
            "birth_date" | "no_address_since" | "special_since" | "held_since" | "held_until" | "entered_on"
            | "active_on" | "reduced_on",
        ) => CANARY_DAY.to_owned().into(),
        ("number", "said") | ("population", "taken") => vec![0x4b; 32].into(),
        ("notice", "other_id") | ("number", "post") | ("settled_row", "digest") => 4711.into(),
        _ => CANARY.to_owned().into(),
    }
}

/// Columns that the schema leaves no room for a canary, those that only protected people have, and those that follow from
/// others.
fn is_fixed(column: &Column) -> bool {
    column.fate == Fate::Indexed
        || matches!(
            (column.table, column.name),
            ("address" | "relation", "kind")
                | ("contact" | "contact_edit", "field")
                | ("refused_number", _)
                | ("source_refused" | "disposal", "hash")
                | (_, "reference")
        )
}

/// Anna and Bo with the canary in every column that does not stay.
fn planted(lines: &str) -> World {
    let world = World::with_people(lines);
    let connection = open(&world);
    connection
        .execute_batch(
            "INSERT INTO notice (person_id, kind, other_id) VALUES (1, 'two-records', 2), (2, 'returned', NULL);
             INSERT INTO finding (kind, subject, state, first_seen, last_seen, run_id)
             VALUES ('update-blocked', 'person:1', 'open', '', '', 1), ('update-blocked', 'person:2', 'open', '', '', 1);
             INSERT INTO reason (run_id, person_id, verb, reason) VALUES (1, 1, 'block', ''), (1, 2, 'block', '');
             INSERT INTO population (key, kind, municipality, nonresident, present, protected, pending)
             SELECT key, kind, '0581', 0, 1, 0, 1 FROM number;
             INSERT INTO person_area (person_id, activity, area) VALUES (1, '', ''), (2, '', '');
             INSERT INTO search_entry (id, names, places, numbers) SELECT id, '', '', '' FROM person;
             INSERT INTO source_statement (person_id, source, categories) VALUES (1, '', ''), (2, '', '');
             INSERT OR REPLACE INTO settled_row (person_id, digest) VALUES (1, 0), (2, 0);
             INSERT INTO contact_edit (person_id, field, edited_at) VALUES (1, 'phone', ''), (2, 'phone', '');
             INSERT INTO source_conflict (person_id, field, detail, sources, facts)
             VALUES (1, '', '', '', ''), (2, '', '', '', '');
             INSERT INTO case_record (reference, person_id, opened) VALUES ('a', 1, ''), ('b', 2, '');
             INSERT INTO document (reference, case_id, key1, disposable1) SELECT reference, id, '', 0 FROM case_record;
             INSERT INTO subscription (reference, person_id, kind) VALUES ('a', 1, ''), ('b', 2, '');
             INSERT INTO obligation (reference, person_id, kind) VALUES ('a', 1, ''), ('b', 2, '');
             INSERT INTO draft (reference, person_id, touched) VALUES ('a', 1, ''), ('b', 2, '');
             INSERT INTO event (reference, person_id, touched) VALUES ('a', 1, ''), ('b', 2, '');
             INSERT INTO relation (person_id, related_id, kind) VALUES (1, 2, 'guardian'), (2, 1, 'guardian');
             INSERT INTO retained_change (run_id, kind, record_id, person_id, verb)
             VALUES (1, 'case', 1, 1, 'changed'), (1, 'case', 2, 2, 'changed');
             INSERT INTO contact (person_id, field, value, origin, user_changed)
             VALUES (1, 'phone', '', '', 0), (2, 'phone', '', '', 0);",
        )
        .unwrap();
    for column in PERSONAL.iter().filter(|column| column.fate != Fate::Kept && !is_fixed(column)) {
        for person in [1, 2] {
            let sql = format!(
                "UPDATE {} SET {} = ? WHERE {}",
                column.table,
                column.name,
                whose(column.table, person)
            );
            let rows = connection.execute(&sql, [canary(column)]).unwrap();
            assert!(rows > 0, "{} has no row of person {person}", column.table);
        }
    }
    connection
        .execute_batch(
            "INSERT INTO search (search) VALUES ('rebuild'); INSERT INTO search_name (search_name) VALUES ('rebuild')",
        )
        .unwrap();
    world
}

/// In how many rows of a person the canary stands.
fn standing(world: &World, column: &Column, person: i64) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM {} WHERE {} AND {} = ?",
        column.table,
        whose(column.table, person),
        column.name
    );
    open(world).query_row(&sql, [canary(column)], |row| row.get(0)).unwrap()
}

#[test]
fn every_column_of_a_person_who_becomes_protected_meets_its_fate() {
    for (lines, is_cleared) in [("", false), ("[protection]\nclear_names = true\n", true)] {
        let world = planted(lines);
        protect_anna(&world);
        for column in PERSONAL.iter().filter(|column| column.fate != Fate::Kept && !is_fixed(column)) {
            let stays = match column.fate {
                Fate::Kept | Fate::Hidden => true,
                Fate::HiddenOrCleared => !is_cleared,
                Fate::Erased | Fate::Hashed | Fate::Indexed => false,
            };
            assert_eq!(standing(&world, column, 1) > 0, stays, "{column:?}, clear_names = {is_cleared}");
            assert!(standing(&world, column, 2) > 0, "{column:?} of somebody else is gone");
        }
        let left = "SELECT count(*) FROM address WHERE person_id = 1";
        assert_eq!(world.ask(left), ["0"]);
        assert_eq!(world.ask("SELECT count(*) FROM contact WHERE person_id = 1"), ["0"]);
        assert_eq!(world.ask("SELECT count(*) FROM relation"), ["0"], "in neither direction");
        assert_eq!(world.ask("SELECT id_number FROM person WHERE id = 1"), [ANNA]);
    }
}

#[test]
fn v_person_shows_of_a_protected_person_only_what_the_contract_lists() {
    let allowed = ["person", "id_number", "id_kind", "status", "blocked", "allow_update", "protected"];
    let filled = |world: &World, person: i64| -> Vec<String> {
        let connection = open(world);
        let mut statement = connection.prepare("SELECT * FROM v_person WHERE person = ?").unwrap();
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([person]).unwrap();
        let row = rows.next().unwrap().unwrap();
        let is_filled = |at: &usize| row.get_ref(*at).unwrap() != rusqlite::types::ValueRef::Null;
        let shown = (0..names.len()).filter(is_filled).map(|at| names[at].clone()).collect();
        assert!(rows.next().unwrap().is_none(), "one row a person");
        shown
    };
    let world = planted("");
    assert!(filled(&world, 1).len() > allowed.len(), "an open person shows more");
    // Hidden by a file that is held: everything still stands in the tables.
    open(&world).execute("UPDATE person SET concealment = 1 WHERE id = 1", []).unwrap();
    assert_eq!(filled(&world, 1), allowed);
    let world = planted("");
    protect_anna(&world);
    assert_eq!(filled(&world, 1), allowed);
    assert!(filled(&world, 2).len() > allowed.len());
}

#[test]
fn v_run_shows_no_arguments_and_no_values() {
    let world = World::new();
    let columns = world.ask("SELECT name FROM pragma_table_info('v_run')");
    let expected = [
        "run",
        "job",
        "source",
        "by_hand",
        "dry_run",
        "today",
        "started",
        "ended",
        "status",
        "exit",
        "message",
        "counts",
        "user",
        "host",
        "version",
        "undone_by",
    ];
    assert_eq!(columns, expected);
}

#[test]
fn no_other_persons_record_keeps_a_link_to_one_who_becomes_protected() {
    let world = World::with_people("");
    open(&world)
        .execute_batch(
            "INSERT INTO notice (person_id, kind, other_id) VALUES (2, 'two-records', 1);
             INSERT INTO finding (kind, subject, facts, params, note, state, first_seen, last_seen, run_id)
             VALUES ('two-records', 'person:2', '1', '{\"other\":\"person:1\"}', 'same person?', 'open', '2026-11-22T08:00:00Z',
                     '2026-11-22T08:00:00Z', 1);
             INSERT INTO journal (run_id, person_id, at, verb, changes) VALUES
             (1, 2, '', 'changed', '[[\"notice.two-records\",null,1,\"two-records\"],[\"person.comment\",null,\"Åsa\",\"x\"]]'),
             (1, 2, '', 'removed', '{\"notice.two-records\":1,\"person.comment\":\"Åsa\"}');",
        )
        .unwrap();
    protect_anna(&world);
    assert_eq!(
        world.ask("SELECT kind || coalesce(other_id, '-') FROM notice WHERE person_id = 2"),
        ["number-change-"]
    );
    // The rest of the row stays for undo.
    let journal =
        world.ask("SELECT changes FROM journal WHERE person_id = 2 AND changes LIKE '%Åsa%' ORDER BY id");
    assert_eq!(journal, ["[[\"person.comment\",null,\"Åsa\",\"x\"]]", "{\"person.comment\":\"Åsa\"}"]);
    let told = "SELECT facts || params || coalesce(note, '') FROM finding WHERE kind = 'two-records'";
    assert_eq!(world.ask(told), ["{}"]);
}

#[test]
fn somebody_hidden_by_a_held_file_is_not_taken_for_erased_when_staff_change_them() {
    let world = planted("");
    let connection = open(&world);
    connection
        .execute_batch(
            "UPDATE person SET concealment = 1 WHERE id = 1;
             INSERT INTO protection (person_id, kind, since, run_id) VALUES (1, 'sekretessmarkering', '2026-01-01', 1);",
        )
        .unwrap();
    let wishes =
        mantal::jobs::person_set::Wishes { comment: Some("Ring inte.".to_owned()), ..Default::default() };
    world.run(&mut mantal::jobs::person_set::PersonSet { person: PersonId(1), wishes });
    assert_eq!(world.ask("SELECT comment || concealment FROM person WHERE id = 1"), ["Ring inte.1"]);
    protect_anna(&world);
    assert_eq!(world.ask("SELECT concealment FROM person WHERE id = 1"), ["2"]);
    assert_eq!(
        world.ask("SELECT count(*) FROM journal WHERE person_id = 1 AND changes LIKE '%Kanarie%'"),
        ["0"]
    );
}

#[test]
fn the_registers_rows_of_a_protected_person_keep_no_value_and_no_former_number() {
    let world = planted("");
    let sql = "INSERT INTO number (key, person_id, former, kind) VALUES (198001022386, 1, 1, 'personnummer');
               INSERT INTO population (key, kind, municipality, nonresident, present, protected, pending, street)
               VALUES (198001022386, 'personnummer', '0581', 0, 1, 0, 1, 'Gatan 1')";
    open(&world).execute_batch(sql).unwrap();
    assert_eq!(world.ask("SELECT count(*) FROM open_population"), ["3"]);
    protect_anna(&world);
    let left = world.ask("SELECT key || municipality || protected || pending FROM population ORDER BY key");
    assert_eq!(left, [format!("{ANNA}058110"), format!("{BO}058101")]);
}

#[test]
fn the_registers_row_of_a_hidden_person_is_not_among_those_that_may_be_read() {
    let world = planted("");
    open(&world).execute("UPDATE person SET concealment = 1 WHERE id = 1", []).unwrap();
    assert_eq!(world.ask("SELECT key FROM open_population"), [BO]);
}

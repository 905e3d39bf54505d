//! Nobody protected is found by anything but their number, with nothing but what a protected person shows; and no word of
//! theirs stays in the index. Each test has its control: the word is there before. (rules.md, Protection)

use rusqlite::Connection;
use serde_json::Value;

use crate::support::{ANNA, BO, ELSEWHERE, World};

/// Anna's words, folded and not, as far as only she has them. Her names stay in her own row, shown to nobody.
const PLACES: [&str; 2] = ["hemligstigen", "norrkoping"];
const NAMES: [&str; 2] = ["oberg", "karin"];

/// What a protected person may show.
const SHOWN: [&str; 9] = [
    "person",
    "id_number",
    "id_kind",
    "status",
    "protected",
    "protection",
    "blocked",
    "allow_update",
    "spar",
];

#[track_caller]
fn is_bare(hit: &Value, number: &str) {
    assert_eq!((&hit["protected"], &hit["id_number"]), (&true.into(), &number.into()));
    for (key, value) in hit.as_object().unwrap() {
        let is_empty = match value {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(items) => items.values().all(Value::is_null),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        };
        assert!(is_empty || SHOWN.contains(&key.as_str()) || key == "in_registry", "{key}: {value}");
    }
}

/// Found by none of the words, by the number without anything else.
#[track_caller]
fn hides_anna(world: &World) {
    for text in ["anna karin", "öberg", "hemligstigen", "602 99", "760305", "7603052395 anna", "7603"] {
        assert!(!world.found(text).contains(&1), "{text}");
    }
    for text in [ANNA, "760305-2395", "person:1"] {
        let hits = world.hits(text);
        assert_eq!(hits.len(), 1, "{text}");
        is_bare(&hits[0], ANNA);
        let shown = world.say(&["search", text], b"").out;
        assert!(
            shown.contains("protected") && !shown.contains("Anna") && !shown.contains("Hemlig"),
            "{shown}"
        );
    }
}

#[track_caller]
fn has_traces(world: &World) {
    for word in PLACES.iter().chain(&NAMES) {
        assert!(world.traces(word) > 0, "the test can't see {word}");
    }
}

#[test]
fn whoever_is_protected_by_hand_leaves_the_index_with_every_word() {
    let world = World::with_three();
    world.register(ANNA, "Anna Karin", "Öberg", "Hemligstigen 7");
    world.build();
    has_traces(&world);
    world.run(0, &["person", "protect", "person:1", "--reason", "x"]);
    for word in PLACES {
        assert_eq!(world.traces(word), 0, "{word}");
    }
    // Folded, her last name stood in the index only; in her own row it stays, hidden.
    assert_eq!(world.traces("oberg"), 0);
    hides_anna(&world);
    assert_eq!(world.build()["skipped"], 1);
    assert_eq!(world.traces("oberg"), 0);
    hides_anna(&world);
}

#[test]
fn whoever_spar_marks_protected_leaves_the_index_with_every_word() {
    let world = World::new();
    world
        .import(&[&format!("{ELSEWHERE};Disa;Österqvist;Hemligstigen 8;60299;X"), &format!("{BO};Bo;Ek;;;")]);
    world.build();
    let words = ["osterqvist", "hemligstigen"];
    assert!(words.iter().all(|word| world.traces(word) > 0));
    world.run(0, &["spar-import", &World::spar_file("protection-skyddad.xml"), "--allow", "protected=1"]);
    assert_eq!(words.map(|word| world.traces(word)), [0, 0]);
    assert_eq!((world.found("osterqvist"), world.found("disa")), (vec![], vec![]));
    is_bare(&world.hits(ELSEWHERE)[0], ELSEWHERE);
}

#[test]
fn whoever_was_hidden_since_the_index_was_built_is_not_found_by_it_nor_shown() {
    let world = World::with_three();
    // As a held file does it: nothing is erased yet.
    world.sql(
        "UPDATE person SET concealment = 1 WHERE id = 1;
         INSERT INTO protection (person_id, kind, since, run_id) VALUES (1, 'sekretessmarkering', '2026-01-01', 1)",
    );
    has_traces(&world);
    hides_anna(&world);
    // The next building takes the entry out; lifted, the one after it brings it back.
    assert_eq!(world.build()["removed"], 1);
    hides_anna(&world);
    world.sql("DELETE FROM protection; UPDATE person SET concealment = 0");
    assert_eq!(world.build()["created"], 1);
    assert_eq!(world.found("öberg"), [1]);
}

#[test]
fn a_former_number_of_somebody_hidden_leads_nowhere() {
    let world = World::with_three();
    world.run(0, &["person", "set", "person:1", "--id-number", ELSEWHERE]);
    assert_eq!(world.found(ANNA), [1]);
    world.sql("UPDATE person SET concealment = 1 WHERE id = 1");
    assert_eq!((world.found(ANNA), world.found(ELSEWHERE)), (vec![], vec![1]));
    is_bare(&world.hits(ELSEWHERE)[0], ELSEWHERE);
}

#[test]
fn a_row_marked_in_the_population_register_hides_the_person_too() {
    let world = World::with_three();
    world.register(ANNA, "Anna Karin", "Öberg", "Hemligstigen 7");
    world.register(ELSEWHERE, "Disa", "Öst", "Folkgatan 4");
    world.build();
    assert_eq!((world.found("hemligstigen"), world.found("disa")), (vec![1], vec![0]));
    world.sql(
        "UPDATE population SET protected = 1, first_name = NULL, last_name = NULL, street = NULL, postal_code = NULL,
                               city = NULL, key_code = NULL",
    );
    hides_anna(&world);
    assert_eq!((world.found("disa"), world.found("folkgatan")), (vec![], vec![]));
    // Somebody whom only the population register has: nothing but the number, not even that they stand there.
    let hit = &world.hits(ELSEWHERE)[0];
    is_bare(hit, ELSEWHERE);
    assert!(hit["population"].is_null() && hit["status"].is_null());
    let counts = world.build();
    assert_eq!((&counts["skipped"], &counts["removed"]), (&2.into(), &2.into()));
    hides_anna(&world);
}

#[test]
fn a_row_that_the_population_register_marks_leaves_the_index_with_every_word_known_person_or_not() {
    let world = World::with_three();
    let file = world.path("register.csv");
    let load = |rows: &str| {
        let header = "id_number;protected;municipality;first_name;last_name;street;postal_code;city";
        std::fs::write(&file, format!("{header}\n{rows}")).unwrap();
        let words = [
            "population-import",
            "--mode",
            "changes",
            file.to_str().unwrap(),
            "--set",
            "municipality=[\"0581\"]",
        ];
        world.run(0, &words);
    };
    load(&format!(
        "{ELSEWHERE};no;0581;Disa;Österqvist;Folkgatan 4;60299;NORRKÖPING
{ANNA};no;0581;Anna Karin;Öberg;Hemligstigen 7;60299;NORRKÖPING\n"
    ));
    world.build();
    assert_eq!((world.found("osterqvist"), world.found("hemligstigen")), (vec![0], vec![1]));
    has_traces(&world);
    load(&format!("{ELSEWHERE};ja;0581;;;;;\n{ANNA};ja;0581;;;;;\n"));
    for word in ["osterqvist", "folkgatan", "hemligstigen", "oberg"] {
        assert_eq!(world.traces(word), 0, "{word}");
    }
    hides_anna(&world);
    assert_eq!((world.found("disa"), world.found("folkgatan")), (vec![], vec![]));
    is_bare(&world.hits(ELSEWHERE)[0], ELSEWHERE);
}

#[test]
fn an_erasure_cut_short_hides_at_once_and_the_next_run_finishes_it() {
    let world = World::with_three();
    has_traces(&world);
    let reader = Connection::open(world.registry()).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM person").unwrap();
    reader.query_row("SELECT count(*) FROM person", [], |_| Ok(())).unwrap();
    // The transaction is committed; what comes after it can't be done while somebody reads.
    let run = world.run(3, &["person", "protect", "person:1", "--reason", "x"]);
    assert_eq!(run["findings"][0]["kind"], "erasure-pending");
    hides_anna(&world);
    assert!(world.traces("hemligstigen") > 0, "the control: bytes are left");
    drop(reader);
    world.build();
    for word in PLACES.iter().chain(&["oberg"]) {
        assert_eq!(world.traces(word), 0, "{word}");
    }
    hides_anna(&world);
}

#[test]
fn a_process_killed_between_commit_and_finish_leaves_a_mark_that_the_next_run_works_off() {
    let world = World::with_three();
    world.run(0, &["person", "protect", "person:1", "--reason", "x"]);
    // What a kill leaves: the mark stands, the run is open, an index is there in which words of hers could be.
    world.sql("INSERT INTO mark (kind, value, run_id) VALUES ('erasure', '1', 1); UPDATE run SET status = 'running' WHERE id = 3");
    world.sql(
        "INSERT INTO search_entry (id, names, places, numbers) VALUES (4711, 'kanariefagel', '', '');
         INSERT INTO search (rowid, names, places, numbers) VALUES (4711, 'kanariefagel', '', '');
         INSERT INTO search_name (rowid, names) VALUES (4711, 'kanariefagel');
         DELETE FROM search WHERE rowid = 4711; DELETE FROM search_name WHERE rowid = 4711; DELETE FROM search_entry WHERE id = 4711",
    );
    world.build();
    assert_eq!(world.traces("kanarie"), 0);
    hides_anna(&world);
}

#[test]
fn a_restored_backup_finds_nobody_who_was_protected_since() {
    let world = World::with_three();
    let copy = world.path("copy.db");
    world.run(0, &["backup", copy.to_str().unwrap()]);
    world.run(0, &["person", "protect", "person:1", "--reason", "x"]);
    let restored = world.say(&["restore", copy.to_str().unwrap()], b"");
    assert!(matches!(restored.exit, 0 | 3), "{}", restored.err);
    hides_anna(&world);
    assert_eq!((world.traces("oberg"), world.traces("hemligstigen")), (0, 0));
}

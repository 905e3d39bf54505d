//! Records that somebody had under another internal id, and what is written about them: nothing of that outlives the
//! protection of the one who is left.

use crate::support::{ANNA, BO, CECILIA, EMAIL, NAME, STREET, World};

/// Whether any of Anna's values stands in the registry's file or the WAL.
fn traces(world: &World) -> Vec<&'static str> {
    let files =
        ["registry.db", "registry.db-wal"].map(|name| std::fs::read(world.home(name)).unwrap_or_default());
    let holds =
        |text: &str| files.iter().any(|file| file.windows(text.len()).any(|part| part == text.as_bytes()));
    [NAME, STREET, EMAIL].into_iter().filter(|text| holds(text)).collect()
}

/// Hidden, as a held file leaves somebody: nothing is erased.
fn hide(world: &World, person: i64) {
    world.sql(&format!(
        "UPDATE person SET concealment = 1 WHERE id = {person};
         INSERT INTO protection (person_id, kind, since, run_id) VALUES ({person}, 'sekretessmarkering', '2026-01-01', 1);"
    ));
}

#[test]
fn a_record_that_was_merged_into_somebody_is_erased_with_them() {
    let world = World::with_three();
    // Bo survives, and has an address and an e-mail of his own; Anna's stand in the journal only.
    world.to(0, &["person", "merge", BO, ANNA]);
    assert_eq!(traces(&world), [NAME, STREET, EMAIL]);
    world.protect(2);
    assert_eq!(traces(&world), [""; 0]);
    // The others' journal stays.
    let told = world.to(0, &["changes", "--since", "0", "--format", "jsonl"]).out;
    assert!(told.contains("Ceciliasson") && !told.contains("Bosson"), "{told}");
}

#[test]
fn a_record_that_was_taken_back_and_entered_anew_is_erased_with_the_new_one() {
    let world = World::new();
    world.import(&[&format!("{ANNA};{NAME};Annasson;{STREET};60299;NORRKÖPING;{EMAIL};")]);
    world.to(0, &["undo", "1"]);
    world.import(&[&format!("{ANNA};Anna;Annasson;;;;;")]);
    assert_eq!(traces(&world), [NAME, STREET, EMAIL]);
    world.protect(2);
    assert_eq!(traces(&world), [""; 0]);
    // What has no values any more can't be brought back by the undo of the undo.
    let said = world.say(&["undo", "2"]);
    assert!(said.exit == 1 || said.exit == 3, "{} {}", said.out, said.err);
    assert_eq!(traces(&world), [""; 0]);
}

#[test]
fn of_somebody_hidden_the_feed_tells_no_earlier_record_and_the_findings_no_note() {
    let world = World::with_three();
    world.to(0, &["person", "merge", BO, ANNA]);
    world.sql(
        "INSERT INTO finding (kind, subject, state, note, first_seen, last_seen, run_id)
         VALUES ('returned', 'person:2', 'done', 'ring Hemlig', '2026-01-01', '2026-01-01', 1),
                ('returned', 'person:3', 'done', 'ring Cecilia', '2026-01-01', '2026-01-01', 1);",
    );
    let feed = |format| world.to(0, &["changes", "--since", "0", "--format", format]).out;
    let findings = || world.to(0, &["findings", "--json"]).out;
    assert!(feed("csv").contains(STREET) && findings().contains("ring Hemlig"));
    hide(&world, 2);
    for told in [feed("csv"), feed("jsonl")] {
        assert!(!told.contains(STREET) && !told.contains(ANNA) && told.contains(CECILIA), "{told}");
    }
    assert!(!findings().contains("ring Hemlig") && findings().contains("ring Cecilia"));
}

//! rules.md, spar-export 4: a list that a killed run left on its way. Nobody missing, nobody twice.

use std::fs;

use super::support::{ANNA, BO, CECILIA, World};

const NAME: &str = "C2503-000001-spar";

/// Mark, names and contents of the files that were left, and the log line that tells what became of the list.
type Row<'r> = (&'r str, &'r [(&'r str, &'r str)], &'r str);

/// A list that was sent, with its mark turned back and its files as the killed run left them.
fn left(lines: &str, mark: &str, files: &[(&str, &str)]) -> World {
    let world = World::with_three(lines);
    world.export().to(0);
    world.set_mark(mark);
    world.collect();
    for (name, content) in files {
        fs::write(world.path("w/drop/in").join(name), content).unwrap();
    }
    world
}

fn whole() -> String {
    [ANNA, BO, CECILIA].join(",")
}

#[test]
fn what_stands_on_the_server_settles_a_list_in_rename_mode() {
    let (whole, part) = (whole(), format!("{NAME}.part"));
    let half = &whole[..20];
    let rows: [Row<'_>; 8] = [
        // final name there → sent
        ("uploaded", &[(NAME, &whole)], "list-sent"),
        ("intent", &[(NAME, &whole)], "list-sent"),
        // temporary there and uploaded → renamed
        ("uploaded", &[(&part, &whole)], "list-sent"),
        // what the server lost half of is not handed over
        ("uploaded", &[(&part, half)], "list-again"),
        // both gone and uploaded → the receiver collected it, with a log line
        ("uploaded", &[], "list-collected"),
        // only intent and nothing there → rebuilt under the same serial
        ("intent", &[], "list-again"),
        // half a file, or a whole one that was never looked at, is nothing
        ("intent", &[(&part, half)], "list-again"),
        ("intent", &[(&part, &whole)], "list-again"),
    ];
    for (mark, files, line) in rows {
        let world = left("", mark, files);
        let done = world.on("2025-03-03").export().to(0);
        assert!(world.log().contains(&line.to_owned()), "{mark} {files:?}: {:?}", world.log());
        assert!(done.message().contains(NAME), "{mark} {files:?}: {}", done.message());
        let expected = if line == "list-collected" { vec![] } else { vec![NAME.to_owned()] };
        assert_eq!(world.put().into_keys().collect::<Vec<_>>(), expected, "{mark} {files:?}");
        assert!(world.put().into_values().all(|content| content == whole.as_bytes()), "{mark} {files:?}");
        assert_eq!(world.spar(ANNA)["sent"], "2025-03-03");
        settled(&world);
    }
}

#[test]
fn what_stands_on_the_server_settles_a_list_in_trigger_mode() {
    let (whole, trigger) = (whole(), format!("{NAME}.trigger"));
    let rows: [Row<'_>; 6] = [
        ("uploaded", &[(NAME, &whole), (&trigger, "")], "list-sent"),
        ("uploaded", &[(NAME, &whole)], "list-sent"),
        ("uploaded", &[], "list-collected"),
        ("intent", &[], "list-again"),
        ("intent", &[(NAME, &whole[..20])], "list-again"),
        ("intent", &[(NAME, &whole)], "list-again"),
    ];
    for (mark, files, line) in rows {
        let world = left("spar.ready = \"trigger\"", mark, files);
        world.on("2025-03-03").export().to(0);
        assert!(world.log().contains(&line.to_owned()), "{mark} {files:?}: {:?}", world.log());
        let put = world.put();
        if line == "list-collected" {
            assert!(put.is_empty());
        } else {
            assert_eq!(put.len(), 2, "{mark} {files:?}: {:?}", put.keys());
            assert_eq!((put[NAME].as_slice(), put[&trigger].as_slice()), (whole.as_bytes(), b"".as_slice()));
        }
        settled(&world);
    }
}

/// The next nights send nobody again, and the next number is the next.
fn settled(world: &World) {
    world.collect();
    world.export().to(0);
    assert!(world.put().is_empty(), "{:?}", world.put().keys());
    world.people(&[("191202119150", "")]);
    world.export().to(0);
    let put = world.put();
    assert_eq!(
        put.get("C2503-000002-spar").map(Vec::as_slice),
        Some(b"191202119150".as_slice()),
        "{:?}",
        put.keys()
    );
}

#[test]
fn a_list_that_is_made_again_holds_todays_queue() {
    let world = left("", "intent", &[("C2503-000001-spar.part", "half")]);
    world.set(BO, &["--allow-update", "no"]);
    world.people(&[("191202119150", "")]);
    // Next month it has another name; nothing of the first stays on the server.
    world.on("2025-04-01").export().to(0);
    let put = world.put();
    assert_eq!(put.keys().collect::<Vec<_>>(), ["C2504-000001-spar"]);
    assert_eq!(world.list(), format!("191202119150,{ANNA},{CECILIA}"));
}

#[test]
fn a_list_that_nobody_waits_for_any_more_leaves_nothing_on_the_server() {
    let world = left("", "intent", &[("C2503-000001-spar.part", "half")]);
    for number in [ANNA, BO, CECILIA] {
        world.set(number, &["--allow-update", "no"]);
    }
    let done = world.export().to(0);
    assert_eq!(done.message(), "Inga nya låntagare att skicka");
    assert!(world.put().is_empty(), "{:?}", world.put().keys());
}

#[test]
fn a_strangers_file_of_the_same_name_is_neither_overwritten_nor_taken_for_ours() {
    let world = World::with_three("");
    fs::write(world.path("w/drop/in").join(NAME), "somebody else's").unwrap();
    for _ in 0..3 {
        let done = world.export().to(5);
        assert!(!done.error().is_empty());
        assert_eq!(world.put()[NAME], b"somebody else's");
        assert_eq!(world.state(ANNA), "queued");
    }
    fs::remove_file(world.path("w/drop/in").join(NAME)).unwrap();
    world.export().to(0);
    assert_eq!(world.list(), whole());
    settled(&world);
}

#[test]
fn with_trigger_a_strangers_file_under_a_name_of_the_list_stays_and_the_list_waits() {
    let (trigger, length) = (format!("{NAME}.trigger"), whole().len());
    let stranger = "x".repeat(length);
    let rows: [&[(&str, &str)]; 4] = [
        &[(NAME, "somebody else's")],
        &[(NAME, &stranger)],
        &[(&trigger, "")],
        &[(NAME, &stranger), (&trigger, "")],
    ];
    for files in rows {
        let world = World::with_three("spar.ready = \"trigger\"");
        for (name, content) in files {
            fs::write(world.path("w/drop/in").join(name), content).unwrap();
        }
        let before = world.put();
        for _ in 0..3 {
            let done = world.export().to(5);
            assert_eq!(done.error(), "list-name-taken", "{files:?}");
            assert_eq!((world.put(), world.state(ANNA).as_str()), (before.clone(), "queued"), "{files:?}");
        }
        world.collect();
        world.export().to(0);
        assert_eq!(world.put()[NAME], whole().as_bytes(), "{files:?}");
        settled(&world);
    }
}

#[test]
fn a_strangers_file_of_our_length_is_not_taken_for_a_list_that_was_never_put() {
    let world = World::with_three("");
    let stranger = "x".repeat(whole().len());
    fs::write(world.path("w/drop/in").join(NAME), &stranger).unwrap();
    for _ in 0..3 {
        assert_eq!(world.export().to(5).error(), "list-name-taken");
        assert_eq!(
            (world.put()[NAME].as_slice(), world.state(ANNA).as_str()),
            (stranger.as_bytes(), "queued")
        );
    }
}

#[test]
fn an_uploaded_list_is_not_lost_when_the_receiver_gets_another_sign() {
    let whole = whole();
    let world = left("", "uploaded", &[("C2503-000001-spar.part", &whole)]);
    world.configure("spar.ready = \"trigger\"");
    world.export().to(0);
    let put = world.put();
    assert_eq!(put.keys().collect::<Vec<_>>(), [NAME, "C2503-000001-spar.trigger"]);
    assert_eq!(put[NAME], whole.as_bytes());
    settled(&world);
}

#[test]
fn a_dry_run_settles_nothing() {
    let whole = whole();
    let world = left("", "uploaded", &[("C2503-000001-spar.part", &whole)]);
    world.run(&["spar-export", "--dry-run"]).to(0);
    assert_eq!(world.put().into_keys().collect::<Vec<_>>(), ["C2503-000001-spar.part"]);
    assert_eq!(world.state(ANNA), "queued");
    world.export().to(0);
    assert_eq!(world.put().into_keys().collect::<Vec<_>>(), [NAME]);
}

#[test]
fn an_undecidable_list_is_a_finding_and_is_never_sent_a_second_time_by_a_machine() {
    // (what the human found out, what is on the server the next night)
    for (verb, expected) in [("done", 0), ("ignore", 1)] {
        let world = left("", "unsettled", &[]);
        for _ in 0..2 {
            world.export();
            assert!(world.put().is_empty());
            assert_eq!(world.findings(), [("list-unsettled".to_owned(), "run:2".to_owned())]);
        }
        let id = world.read(&["findings"])[0]["id"].to_string();
        world.run(&["findings", verb, &id, "--note", "asked them"]).to(0);
        world.export().to(0);
        assert_eq!(world.put().len(), expected, "{verb}");
        assert!(world.findings().is_empty(), "{:?}", world.findings());
        settled(&world);
    }
}

#[test]
fn export_is_never_undone() {
    let world = World::with_three("");
    let run = world.export().to(0).json["run"]["id"].to_string();
    world.run(&["undo", &run]).to(1);
    assert_eq!(world.state(ANNA), "sent");
}

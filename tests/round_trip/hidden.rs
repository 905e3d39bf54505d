//! Protection and files that are not applied: what is kept of them, and what their undo lifts. (rules.md, Protection 1 and 3)

use std::fs;

use super::support::{ANNA, BO, Post, World, spar_file};

const FILE: &str = "SPARAvisering_20250303031500_SPAR500243-949.xml";

fn lives(day: u32, sequence: u32, street: &str) -> Vec<u8> {
    spar_file(day, sequence, &[Post::Lives(ANNA, street)])
}

#[test]
fn a_held_file_that_tells_of_somebody_erased_is_not_kept_but_fetched_again() {
    let world = World::with_three("");
    world.leave(FILE, &lives(3, 1, "Storgatan 1"));
    world.fetch().to(0);
    world.set(BO, &["--comment", "x"]);
    world.run(&["person", "protect", ANNA, "--reason", "prov"]).to(0);
    // Sequence number 2 is missing.
    let later = "SPARAvisering_20250304031500_SPAR500243-949.xml";
    world.leave(later, &spar_file(4, 3, &[Post::Lives(ANNA, "Nygatan 2"), Post::Lives(BO, "Nygatan 3")]));
    for _ in 0..2 {
        world.fetch().to(4);
        assert!(world.spool("held").is_empty(), "an address of hers stands in it");
        assert!(world.log().contains(&"file-fetched".to_owned()), "as a held file is tried again");
    }
    world.run(&["spar-import", "--allow", "sequence_gap=1"]).to(0);
    assert_eq!(world.address(BO), "Nygatan 3");
}

#[test]
fn a_held_file_with_nothing_but_the_mark_of_somebody_erased_is_kept() {
    let world = World::with_three("");
    world.leave(FILE, &lives(3, 1, "Storgatan 1"));
    world.fetch().to(0);
    world.run(&["person", "protect", ANNA, "--reason", "prov"]).to(0);
    world.leave(
        "SPARAvisering_20250304031500_SPAR500243-949.xml",
        &spar_file(4, 3, &[Post::Protected(ANNA), Post::Lives(BO, "Nygatan 3")]),
    );
    world.fetch().to(4);
    assert_eq!(world.spool("held").len(), 1);
}

#[test]
fn a_rejected_file_that_tells_of_somebody_erased_is_not_kept() {
    let world = World::with_three("");
    world.leave(FILE, &lives(3, 1, "Storgatan 1"));
    world.fetch().to(0);
    world.run(&["person", "protect", ANNA, "--reason", "prov"]).to(0);
    let whole = spar_file(4, 2, &[Post::Lives(ANNA, "Nygatan 2"), Post::Lives(BO, "Nygatan 3")]);
    let rows: [(&[u8], usize); 3] = [
        // The sequence number is that of another file.
        (&spar_file(5, 1, &[Post::Lives(ANNA, "Nygatan 2")]), 0),
        // Cut off in the post of somebody else.
        (&whole[..whole.len() - 200], 0),
        (&spar_file(5, 1, &[Post::Lives(BO, "Nygatan 4")]), 1),
    ];
    for (at, (content, kept)) in rows.iter().enumerate() {
        let path = world.path("named.xml");
        fs::write(&path, content).unwrap();
        world.run(&["spar-import", path.to_str().unwrap()]).to(1);
        assert_eq!(world.spool("rejected").len(), *kept, "row {at}");
    }
}

#[test]
fn the_undo_of_one_held_file_opens_nobody_whom_another_held_file_marks() {
    let world = World::with_three("limits.protected_floor = 0\n");
    let name = |day: u32| format!("SPARAvisering_2025030{day}031500_SPAR500243-949.xml");
    let files = [&[Post::Protected(ANNA), Post::Protected(BO)][..], &[Post::Protected(ANNA)]];
    let held: Vec<String> = (1..)
        .zip(files)
        .map(|(day, posts)| {
            let path = world.path(&name(day));
            fs::write(&path, spar_file(day, day, posts)).unwrap();
            // The same file twice, as on the next night.
            let runs = [0; 2].map(|_| world.run(&["spar-import", path.to_str().unwrap()]).to(4));
            runs[0].json["run"]["id"].to_string()
        })
        .collect();
    let protected = || -> Vec<bool> {
        world.read(&["person", "list"]).iter().map(|person| person["protected"] == true).collect()
    };
    assert_eq!(protected(), [true, true, false]);
    world.run(&["undo", &held[0]]).to(0);
    assert_eq!(protected(), [true, false, false], "the second file marks her too");
    world.run(&["undo", &held[1]]).to(0);
    assert_eq!(protected(), [false, false, false]);
}

#[test]
fn the_undo_of_a_held_file_does_not_lift_what_a_hand_gave_since() {
    let world = World::with_three("limits.protected_floor = 0\n");
    let path = world.path("held.xml");
    fs::write(&path, spar_file(3, 1, &[Post::Protected(ANNA), Post::Protected(BO)])).unwrap();
    let held = world.run(&["spar-import", path.to_str().unwrap()]).to(4).json["run"]["id"].to_string();
    // She has nothing that could be erased, and the mark is the same.
    world.run(&["person", "protect", ANNA, "--reason", "decision", "--kind", "sekretessmarkering"]).to(0);
    world.run(&["undo", &held]).to(0);
    let protected: Vec<bool> =
        world.read(&["person", "list"]).iter().map(|person| person["protected"] == true).collect();
    assert_eq!(protected, [true, false, false]);
}

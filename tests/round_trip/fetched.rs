//! rules.md, spar-import 1: what is fetched, when, and what becomes of it.

use std::{
    fs,
    io::{Cursor, Write},
};

use super::support::{ANNA, BO, Post, World, spar_file};

const FILE: &str = "SPARAvisering_20250303031500_SPAR500243-949.xml";

fn lives(day: u32, sequence: u32, street: &str) -> Vec<u8> {
    spar_file(day, sequence, &[Post::Lives(ANNA, street)])
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn no_file_is_a_line_and_no_failure() {
    let world = World::with_three("");
    let done = world.fetch().to(0);
    assert_eq!(done.json["run"]["status"], "ok");
    assert_eq!(world.log(), ["no-new-file"]);
}

#[test]
fn plain_zipped_and_gzipped_files_are_taken_and_stay_on_the_server() {
    for (ending, pack) in [
        ("", None),
        (".gz", Some(gzipped as fn(&[u8]) -> Vec<u8>)),
        (".zip", Some(|xml| zipped(&[("a.xml", xml)]))),
    ] {
        let world = World::with_three("");
        let xml = lives(3, 1, "Storgatan 1");
        let content = pack.map_or(xml.clone(), |pack| pack(&xml));
        world.leave(&format!("{FILE}{ending}"), &content);
        world.fetch().to(0);
        assert_eq!(world.address(ANNA), "Storgatan 1");
        assert_eq!(fs::read(world.out(&format!("{FILE}{ending}"))).unwrap(), content);
        for room in ["inbox", "staging", "held", "rejected"] {
            assert!(world.spool(room).is_empty(), "{room}");
        }
    }
}

#[test]
fn a_zip_with_two_members_is_rejected() {
    let world = World::with_three("");
    let xml = lives(3, 1, "Storgatan 1");
    world.leave("SPARAvisering_1.xml.zip", &zipped(&[("a.xml", &xml), ("b.xml", &xml)]));
    let done = world.fetch().to(1);
    assert_eq!(done.found(), ["file-rejected"]);
    assert_eq!(world.spool("rejected").len(), 1);
    assert_eq!(world.address(ANNA), "");
}

#[test]
fn only_names_of_the_pattern_are_fetched_and_never_a_half_one() {
    let world = World::with_three("");
    for name in ["other.xml", "SPARAvisering_1.xml.part", "xSPARAvisering_1.xml", ".SPARAvisering_1.xml"] {
        world.leave(name, &lives(3, 1, "Storgatan 1"));
    }
    fs::create_dir(world.out("SPARAvisering_folder")).unwrap();
    std::os::unix::fs::symlink(world.out("other.xml"), world.out("SPARAvisering_link.xml")).unwrap();
    world.fetch().to(0);
    assert_eq!(world.log(), ["no-new-file"]);
    world.configure("spar.pattern = \"o*.xml\"");
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Storgatan 1");
}

#[test]
fn the_oldest_is_taken_first_whatever_its_name() {
    let world = World::with_three("");
    world.leave("SPARAvisering_a.xml", &lives(5, 3, "Femte 5"));
    world.leave("SPARAvisering_b.xml", &lives(3, 1, "Tredje 3"));
    world.leave("SPARAvisering_c.xml", &lives(4, 2, "Fjärde 4"));
    let done = world.on("2025-03-06").fetch().to(0);
    assert_eq!(world.address(ANNA), "Femte 5");
    assert_eq!(done.count("read"), 3);
}

#[test]
fn with_trigger_a_file_waits_for_its_own() {
    let world = World::with_three("spar.ready = \"trigger\"\nspar.after_fetch = \"delete\"");
    world.leave(FILE, &lives(3, 1, "Storgatan 1"));
    world.leave("SPARAvisering_2.xml.trigger", b"");
    world.fetch().to(0);
    assert_eq!((world.address(ANNA).as_str(), world.log()), ("", vec!["no-new-file".to_owned()]));
    world.leave(&format!("{FILE}.trigger"), b"");
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Storgatan 1");
    assert!(!world.out(FILE).exists() && !world.out(&format!("{FILE}.trigger")).exists());
    assert!(world.out("SPARAvisering_2.xml.trigger").exists(), "not ours to remove");
}

#[test]
fn the_same_entry_is_not_fetched_twice_and_a_changed_one_is() {
    let world = World::with_three("");
    world.leave(FILE, &lives(3, 1, "Storgatan 1"));
    world.fetch().to(0);
    world.fetch().to(0);
    assert_eq!(world.log(), ["no-new-file"]);
    world.leave(FILE, &lives(4, 2, "Lillgatan 2"));
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Lillgatan 2");
}

#[test]
fn the_same_content_under_another_name_or_packed_is_applied_once() {
    let world = World::with_three("");
    let xml = lives(3, 1, "Storgatan 1");
    world.leave("SPARAvisering_1.xml", &xml);
    world.leave("SPARAvisering_2.xml", &xml);
    world.leave("SPARAvisering_3.xml.gz", &gzipped(&xml));
    let done = world.fetch().to(0);
    assert_eq!(done.count("read"), 1);
    assert!(world.spool("inbox").is_empty());
    // A named one is known too.
    let named = world.path("named.xml");
    fs::write(&named, &xml).unwrap();
    let done = world.run(&["spar-import", named.to_str().unwrap()]).to(0);
    assert_eq!(done.count("changed"), 0);
    assert!(named.exists(), "copied, never moved");
}

#[test]
fn named_files_need_no_server() {
    let world = World::with_three("");
    fs::remove_dir_all(world.path("w/drop")).unwrap();
    let named = world.path("named.xml");
    fs::write(&named, lives(3, 1, "Storgatan 1")).unwrap();
    world.run(&["spar-import", named.to_str().unwrap()]).to(0);
    assert_eq!(world.address(ANNA), "Storgatan 1");
    world.fetch().to(5);
}

#[test]
fn a_file_is_removed_from_the_server_only_after_it_stands_applied() {
    let delete = "spar.after_fetch = \"delete\"";
    // Held: a gap in the sequence. Rejected: not closed. Both stay.
    let world = World::with_three(delete);
    world.leave("SPARAvisering_1.xml", &lives(3, 1, "Storgatan 1"));
    world.fetch().to(0);
    assert!(!world.out("SPARAvisering_1.xml").exists());
    world.leave("SPARAvisering_3.xml", &lives(5, 3, "Femte 5"));
    world.on("2025-03-06").fetch().to(4);
    assert!(world.out("SPARAvisering_3.xml").exists());
    world.leave("SPARAvisering_2.xml", &lives(4, 2, "Fjärde 4")[..200]);
    world.fetch().to(1);
    assert!(world.out("SPARAvisering_2.xml").exists());
    // The missing one comes, the held one is tried again, and both go.
    world.leave("SPARAvisering_2.xml", &lives(4, 2, "Fjärde 4"));
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Femte 5");
    assert!(!world.out("SPARAvisering_2.xml").exists() && !world.out("SPARAvisering_3.xml").exists());
}

#[test]
fn another_file_that_took_the_name_is_not_removed() {
    let world = World::with_three("spar.after_fetch = \"delete\"");
    let (third, second) = (lives(4, 2, "Fjärde 4"), lives(3, 1, "Tredje 3"));
    assert_eq!(third.len(), second.len() + 1);
    world.leave("SPARAvisering_x.xml", &third);
    world.on("2025-03-05").fetch().to(0);
    assert!(!world.out("SPARAvisering_x.xml").exists());
    // A held file is fetched, and another one of its length stands under its name when it is let in.
    world.leave("SPARAvisering_x.xml", &lives(6, 4, "Sjätte 66"));
    world.fetch().to(4);
    let other = lives(7, 5, "Sjunde 77");
    world.leave("SPARAvisering_x.xml", &other);
    world.fetch().to(4);
    world.leave("SPARAvisering_3.xml", &lives(5, 3, "Femte 5"));
    world.configure("spar.pattern = \"SPARAvisering_3*\"");
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Sjunde 77");
    assert!(!world.out("SPARAvisering_3.xml").exists());
}

#[test]
fn the_inbox_is_worked_even_if_the_server_is_down() {
    let world = World::with_three("");
    fs::rename(world.path("w/drop/out"), world.path("out")).unwrap();
    let before = world.everything();
    world.fetch().to(5);
    assert_eq!(world.everything(), before);
    fs::write(world.path("w/spool/inbox").join(FILE), lives(3, 1, "Storgatan 1")).unwrap();
    world.fetch().to(3);
    assert_eq!(world.address(ANNA), "Storgatan 1");
    world.fetch().to(5);
}

#[test]
fn a_held_file_is_tried_again_each_night_and_let_in_when_somebody_allows_it() {
    let world = World::with_three("");
    world.leave("SPARAvisering_1.xml", &lives(3, 1, "Storgatan 1"));
    world.fetch().to(0);
    world.leave("SPARAvisering_5.xml", &lives(5, 5, "Femte 5"));
    for night in 5..8 {
        world.on(&format!("2025-03-0{night}")).fetch().to(4);
        assert_eq!((world.spool("held").len(), world.spool("inbox").len()), (1, 0));
        assert_eq!(world.findings().len(), 1);
    }
    world.run(&["spar-import", "--allow", "sequence_gap=3"]).to(0);
    assert_eq!(world.address(ANNA), "Femte 5");
    assert!(world.spool("held").is_empty() && world.findings().is_empty());
}

#[test]
fn a_held_file_keeps_nothing_older_from_filling_its_gap_and_is_asked_about_once() {
    let world = World::with_three("");
    world.leave("SPARAvisering_1.xml", &lives(3, 1, "Storgatan 1"));
    world.leave("SPARAvisering_3.xml", &lives(5, 3, "Femte 5"));
    // The first is applied, the second held: remarks.
    let done = world.on("2025-03-06").fetch().to(3);
    assert_eq!(done.found(), ["held"]);
    world.leave("SPARAvisering_2.xml", &lives(4, 2, "Fjärde 4"));
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Femte 5");
}

#[test]
fn a_rejected_file_is_not_judged_again_unless_somebody_names_it() {
    let world = World::with_three("");
    let broken = &lives(3, 1, "Storgatan 1")[..300];
    world.leave("SPARAvisering_1.xml", broken);
    world.fetch().to(1);
    // Nor is it when the server shows it under another name or time.
    world.leave("SPARAvisering_9.xml", broken);
    let done = world.fetch().to(0);
    assert!(done.found().is_empty() && world.spool("inbox").is_empty());
    assert_eq!(world.spool("rejected").len(), 1);
    let named = world.path("named.xml");
    fs::write(&named, broken).unwrap();
    world.run(&["spar-import", named.to_str().unwrap()]).to(1);
}

#[test]
fn a_rejected_file_does_not_keep_the_next_one_out_for_more_than_a_night() {
    let world = World::with_three("");
    world.leave("SPARAvisering_20250303031500.xml", &lives(3, 1, "Storgatan 1")[..300]);
    world.leave("SPARAvisering_20250304031500.xml", &lives(4, 1, "Fjärde 4"));
    world.on("2025-03-05").fetch().to(1);
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Fjärde 4");
}

#[test]
fn an_undone_file_may_be_applied_again() {
    let world = World::with_three("");
    world.leave("SPARAvisering_1.xml", &lives(3, 1, "Storgatan 1"));
    let run = world.fetch().to(0).json["run"]["id"].to_string();
    world.run(&["undo", &run]).to(0);
    assert_eq!(world.address(ANNA), "");
    world.leave("SPARAvisering_again.xml", &lives(3, 1, "Storgatan 1"));
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Storgatan 1");
}

#[test]
fn hostile_names_choose_no_folder_and_harm_no_terminal() {
    let world = World::with_three("spar.pattern = \"*\"");
    for name in [
        "SPARAvisering_\u{1b}[2J.xml",
        "SPARAvisering_\n.xml",
        "..\\SPARAvisering.xml",
        "-rf",
        "~",
        "a'b\"c;d.xml",
    ] {
        world.leave(name, &lives(3, 1, "Storgatan 1"));
    }
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Storgatan 1");
    let log: String = world.read(&["log"]).iter().map(ToString::to_string).collect();
    assert!(log.contains("odd-names") && !log.contains('\u{1b}'), "{log}");
    assert!(world.spool("inbox").is_empty());
}

#[test]
fn an_answer_comes_back_for_everybody_who_was_asked_about() {
    let world = World::with_three("");
    world.export().to(0);
    let list = world.list();
    let posts: Vec<Post<'_>> = list.split(',').map(|number| Post::Lives(number, "Storgatan 1")).collect();
    world.leave(FILE, &spar_file(3, 1, &posts));
    world.on("2025-03-03").fetch().to(0);
    for number in list.split(',') {
        assert_eq!(
            (world.state(number).as_str(), world.address(number).as_str()),
            ("answered", "Storgatan 1")
        );
    }
    assert_eq!(world.state(BO), "answered");
}

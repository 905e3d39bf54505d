//! rules.md, spar-export 2, 3 and 5: names, bytes, what is said.

use std::io::Read;

use super::support::{ANNA, BO, CECILIA, World};

const ALL: &str = "spar.mode = \"all\"";

#[test]
fn the_name_has_a_running_number_and_the_day_of_the_list() {
    let world = World::with_three("");
    world.export().to(0);
    assert_eq!(world.put().into_keys().collect::<Vec<_>>(), ["C2503-000001-spar"]);
    world.collect();
    world.people(&[("191202119150", "")]);
    world.on("2026-12-31").export().to(3);
    assert_eq!(world.put().into_keys().collect::<Vec<_>>(), ["C2612-000002-spar"]);
}

#[test]
fn a_name_is_made_as_configured_and_its_number_never_comes_again() {
    let world = World::with_three("spar.list_name = \"{yyyy}{mm}{dd}.{serial}\"");
    world.export().to(0);
    let names = || world.put().into_keys().collect::<Vec<_>>();
    assert_eq!(names(), ["20250302.1"]);
    world.collect();
    // A list that is held, one of a dry run, and a night without anybody new take no number.
    world.export().to(0);
    world.people(&[("191202119150", "")]);
    world.configure("limits.list_size = 0");
    world.export().to(4);
    world.run(&["spar-export", "--dry-run"]).to(4);
    world.run(&["spar-export", "--allow", "list_size=1"]).to(0);
    assert_eq!(names(), ["20250302.2"]);
}

#[test]
fn nothing_queued_means_no_file_one_run_row_and_the_words_of_old() {
    let world = World::new();
    let done = world.export().to(0);
    assert_eq!(done.message(), "Inga nya låntagare att skicka");
    assert_eq!((done.json["run"]["status"].as_str(), done.count("sent")), (Some("ok"), 0));
    assert!(world.put().is_empty() && world.spool("staging").is_empty());
    assert_eq!(world.read(&["runs"]).len(), 1);
    // An empty list is not sent in mode `all` either.
    world.configure(ALL);
    world.export().to(0);
    assert!(world.put().is_empty());
}

#[test]
fn the_whole_list_is_sent_again_only_if_it_differs_from_the_last() {
    let world = World::with_three(ALL);
    world.export().to(0);
    assert_eq!(world.list(), [ANNA, BO, CECILIA].join(","));
    world.collect();
    let done = world.on("2025-03-03").export().to(0);
    assert_eq!(done.message(), "Inga nya låntagare att skicka");
    assert!(world.put().is_empty() && world.spool("staging").is_empty());
    world.people(&[("191202119150", "")]);
    world.on("2025-03-04").export().to(0);
    assert_eq!(world.put().into_keys().collect::<Vec<_>>(), ["C2503-000002-spar"]);
}

#[test]
fn csv_is_one_line_with_commas_and_no_newline_sorted_and_without_doubles() {
    let world = World::with("spar.format = \"csv\"");
    world.people(&[(CECILIA, ""), (ANNA, ""), ("760305-2395", ""), (BO, "")]);
    world.export();
    assert_eq!(world.list(), format!("{ANNA},{BO},{CECILIA}"));
}

#[test]
fn lines_has_one_number_a_line_and_a_line_feed_after_each() {
    let world = World::with_three("spar.format = \"lines\"");
    world.export().to(0);
    assert_eq!(world.list(), format!("{ANNA}\n{BO}\n{CECILIA}\n"));
}

#[test]
fn xml_asks_for_the_current_state_of_those_who_were_never_answered() {
    let world = World::with_three("spar.format = \"xml-2023.1\"\nspar.mode = \"all\"");
    world.export().to(0);
    assert_eq!(world.put().into_keys().collect::<Vec<_>>(), ["C2503-000001-spar.xml"]);
    let asked = |list: &str, number: &str| {
        list.contains(&format!("<InfilIdNummer nulage=\"JA\">{number}</InfilIdNummer>"))
    };
    let list = world.list();
    assert!(list.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SPARInfilIdNummer"), "{list}");
    assert!([ANNA, BO, CECILIA].iter().all(|number| asked(&list, number)), "{list}");
    world.collect();
    world.leave(
        "SPARAvisering_1.xml",
        &super::support::spar_file(3, 1, &[super::support::Post::Lives(ANNA, "Storgatan 1")]),
    );
    world.on("2025-03-03").fetch().to(0);
    world.people(&[("191202119150", "")]);
    world.export().to(0);
    let list = world.list();
    assert!(list.contains(&format!("<InfilIdNummer>{ANNA}</InfilIdNummer>")), "{list}");
    assert!(asked(&list, BO) && asked(&list, "191202119150"), "{list}");
}

#[test]
fn a_zip_holds_one_member_with_the_name_of_the_list() {
    // (format, name of the file, name in it)
    let rows = [
        ("csv", "C2503-000001-spar.zip", "C2503-000001-spar"),
        ("xml-2023.1", "C2503-000001-spar.xml.zip", "C2503-000001-spar.xml"),
    ];
    for (format, file, member) in rows {
        let world = World::with_three(&format!("spar.format = \"{format}\"\nspar.zip = true"));
        world.export().to(0);
        let (name, bytes) = world.put().into_iter().next().unwrap();
        assert_eq!(name, file);
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        assert_eq!(archive.len(), 1);
        let mut content = String::new();
        let mut packed = archive.by_index(0).unwrap();
        packed.read_to_string(&mut content).unwrap();
        assert_eq!(packed.name().unwrap(), member);
        assert!(content.contains(ANNA) && content.contains(CECILIA));
    }
}

#[test]
fn with_trigger_the_list_has_an_empty_file_beside_it() {
    let world = World::with_three("spar.ready = \"trigger\"");
    world.export().to(0);
    let put = world.put();
    assert_eq!(put.keys().collect::<Vec<_>>(), ["C2503-000001-spar", "C2503-000001-spar.trigger"]);
    assert_eq!(put["C2503-000001-spar.trigger"], b"");
    assert_eq!(put["C2503-000001-spar"], [ANNA, BO, CECILIA].join(",").as_bytes());
}

#[test]
fn a_list_that_was_sent_is_said_so_as_libra_said_it() {
    let world = World::with_three("");
    let done = world.export().to(0);
    assert_eq!(done.message(), "Har skickat lista C2503-000001-spar med nya låntagare till SPAR");
    assert_eq!((done.count("sent"), done.count("withheld")), (3, 0));
    assert!(world.log().contains(&"list-sent".to_owned()), "{:?}", world.log());
    assert!(world.spool("staging").is_empty(), "no numbers stay behind");
}

#[test]
fn a_dry_run_tells_how_many_and_leaves_no_number_no_file_and_no_serial() {
    // No server is there at all: none is looked for.
    let world = World::with_three("");
    world.people(&[(super::support::WRONG, "")]);
    std::fs::rename(world.path("w/drop"), world.path("elsewhere")).unwrap();
    let before = world.everything();
    let done = world.run(&["spar-export", "--dry-run"]).to(0);
    assert_eq!((done.count("sent"), done.count("withheld")), (3, 1));
    world.run(&["spar-import", "--dry-run"]).to(0);
    assert_eq!(world.everything(), before);
    assert!(world.spool("staging").is_empty(), "{:?}", world.spool("staging"));
    std::fs::rename(world.path("elsewhere"), world.path("w/drop")).unwrap();
    world.export().to(0);
    assert_eq!(world.put().into_keys().collect::<Vec<_>>(), ["C2503-000001-spar"]);
}

//! Servers that tell neither size nor time: the document's own end is all that tells half a file from a whole one.

use super::{
    network::lines,
    scripted::{Answer, Data, Script, Server, honest},
    support::{ANNA, Post, World, spar_file},
};

const FILE: &str = "out/SPARAvisering_1.xml";

/// Names only: no SIZE, no MLSD, and a table that nobody can read.
fn taciturn() -> Script {
    let script = Script {
        features: "211 no features\r\n",
        listing: Some(b"SPARAvisering_1.xml\r\n".to_vec()),
        lists: Some(Data::Whole("226 done\r\n")),
        ..honest()
    };
    script.answer("SIZE", Answer::Say("502 what\r\n"))
}

fn timeless(script: Script) -> Script {
    script.answer("MDTM", Answer::Say("502 what\r\n"))
}

fn half(script: Script) -> Script {
    Script { down: Data::Half("226 done\r\n"), ..script }
}

fn file(sequence: u32, street: &str) -> Vec<u8> {
    spar_file(2 + sequence, sequence, &[Post::Lives(ANNA, street)])
}

#[test]
fn half_a_file_called_whole_is_rejected_stays_there_and_is_fetched_again_when_it_may_be_whole() {
    for make in [taciturn as fn() -> Script, || timeless(taciturn())] {
        let server =
            Server::in_turn(vec![half(make()), half(make()), make()]).with(FILE, &file(1, "Storgatan 1"));
        let world = World::with_three(&format!("{}\nspar.after_fetch = \"delete\"", lines(&server.stand)));
        let before = world.read(&["person", "list"]);
        world.fetch().to(1);
        assert_eq!(world.findings().len(), 1, "somebody hears of it");
        // The same half again is no news.
        world.fetch().to(0);
        assert_eq!(world.findings().len(), 1);
        assert_eq!(world.read(&["person", "list"]), before);
        assert!(server.file(FILE).is_some(), "nothing is removed");
        world.fetch().to(0);
        assert_eq!(world.address(ANNA), "Storgatan 1");
        assert!(world.spool("inbox").is_empty());
    }
}

#[test]
fn a_file_of_which_neither_size_nor_time_is_told_is_known_by_its_content_alone_and_never_removed() {
    let server = Server::start(timeless(taciturn())).with(FILE, &file(1, "Storgatan 1"));
    let world = World::with_three(&format!("{}\nspar.after_fetch = \"delete\"", lines(&server.stand)));
    world.fetch().to(0);
    assert!(world.log().contains(&"removal-unsure".to_owned()), "{:?}", world.log());
    let done = world.fetch().to(0);
    assert_eq!((done.count("changed"), server.file(FILE).is_some()), (0, true));
    assert!(world.log().contains(&"already-applied".to_owned()), "{:?}", world.log());
    // Next month another file has its name.
    let server = server.with(FILE, &file(2, "Lillgatan 2"));
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Lillgatan 2");
    assert!(server.file(FILE).is_some());
}

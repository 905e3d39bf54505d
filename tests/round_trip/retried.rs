//! A fault that passes costs a pause and a line in the log, not the night; one that does not pass is met once.

use super::{
    network::lines,
    scripted::{Answer, Data, Script, Server, honest},
    support::{ANNA, BO, CECILIA, Post, World, spar_file},
};

const NAME: &str = "C2503-000001-spar";
const FILE: &str = "out/SPARAvisering_1.xml";

fn patient(server: &Server, more: &str) -> World {
    let lines = lines(&server.stand).replace("retries = 0", "retries = 2");
    World::with_three(&format!("{}\n{more}", lines.replace("total_timeout = 4", "total_timeout = 20")))
}

fn count(server: &Server, verb: &str) -> usize {
    server.commands().iter().filter(|line| line.split(' ').next() == Some(verb)).count()
}

fn up(up: Data) -> Script {
    Script { up, ..honest() }
}

#[test]
fn a_list_goes_out_once_in_the_same_night_although_the_line_broke() {
    // (what happens in the first session, how often the list is stored, how often it is renamed)
    let faults: [(&str, Script, usize, usize); 7] = [
        ("full house", Script { greeting: Answer::Say("421 full\r\n"), ..honest() }, 1, 1),
        ("half, then gone", up(Data::HalfThenGone), 2, 1),
        ("half kept, and 451", up(Data::Half("451 disk\r\n")), 2, 1),
        ("whole, the answer lost", up(Data::WholeThenGone), 1, 1),
        ("the rename, not now", honest().answer("RNTO", Answer::Say("450 busy\r\n")), 1, 2),
        ("the rename, not done", honest().answer("RNTO", Answer::HangUp), 1, 2),
        ("renamed, the answer lost", honest().answer("RNTO", Answer::Lost), 1, 1),
    ];
    for (what, script, stores, renames) in faults {
        let server = Server::in_turn(vec![script, honest()]);
        let world = patient(&server, "");
        world.export().to(0);
        assert_eq!(
            server.file(&format!("in/{NAME}")),
            Some([ANNA, BO, CECILIA].join(",").into_bytes()),
            "{what}"
        );
        assert_eq!(server.file(&format!("in/{NAME}.part")), None, "{what}");
        assert_eq!((count(&server, "STOR"), count(&server, "RNTO")), (stores, renames), "{what}");
        assert!(world.log().contains(&"server-retried".to_owned()), "{what}: {:?}", world.log());
        assert_eq!(world.state(ANNA), "sent");
    }
}

#[test]
fn a_list_that_is_collected_before_we_could_look_was_sent() {
    let server = Server::in_turn(vec![honest().answer("RNTO", Answer::LostAndTaken), honest()]);
    let world = patient(&server, "");
    world.export().to(0);
    assert!(world.log().contains(&"list-collected".to_owned()), "{:?}", world.log());
    assert_eq!(world.state(ANNA), "sent");
    world.export().to(0);
    assert_eq!(server.file("in/C2503-000002-spar"), None, "nobody twice");
}

#[test]
fn a_file_comes_in_the_same_night_although_the_line_broke_and_is_removed_after_it_is_applied() {
    let down = |down| Script { down, lists: Some(Data::Whole("226 done\r\n")), ..honest() };
    let faults: [(&str, Script); 7] = [
        ("the listing breaks", Script { lists: Some(Data::HalfThenGone), ..honest() }),
        ("busy", honest().answer("RETR", Answer::Say("450 busy\r\n"))),
        ("half, then 426", down(Data::Half("426 no\r\n"))),
        ("half, then gone", down(Data::HalfThenGone)),
        ("half, then silence", down(Data::HalfThenSilence)),
        ("removed, the answer lost", honest().answer("DELE", Answer::Lost)),
        ("not removed, the line gone", honest().answer("DELE", Answer::HangUp)),
    ];
    let file = spar_file(3, 1, &[Post::Lives(ANNA, "Storgatan 1")]);
    for (what, script) in faults {
        let server = Server::in_turn(vec![script, honest()]).with(FILE, &file);
        let world = patient(&server, "spar.after_fetch = \"delete\"");
        world.fetch().to(0);
        assert_eq!((world.address(ANNA).as_str(), server.file(FILE)), ("Storgatan 1", None), "{what}");
        assert!(world.log().contains(&"server-retried".to_owned()), "{what}: {:?}", world.log());
        assert!(world.spool("inbox").is_empty() && world.spool("staging").is_empty(), "{what}");
    }
}

#[test]
fn a_refused_login_is_met_once_in_a_whole_run() {
    let server = Server::start(honest().answer("PASS", Answer::Say("530 no\r\n")));
    let world = patient(&server, "spar.after_fetch = \"delete\"");
    world.export().to(5);
    assert_eq!(count(&server, "PASS"), 1);
    world.fetch().to(5);
    assert_eq!(count(&server, "PASS"), 2);
    assert!(!world.log().contains(&"server-retried".to_owned()));
}

#[test]
fn what_the_server_refuses_for_good_is_asked_once() {
    for (verb, reply) in [("STOR", "552 full\r\n"), ("RNTO", "550 no\r\n"), ("CWD", "550 none\r\n")] {
        let server = Server::start(honest().answer(verb, Answer::Say(reply)));
        let world = patient(&server, "");
        world.export().to(5);
        assert_eq!(count(&server, verb), 1, "{verb}");
        assert!(!world.log().contains(&"server-retried".to_owned()), "{verb}");
    }
}

#[test]
fn a_fault_that_stays_is_met_three_times_and_the_queue_is_as_it_was() {
    let server = Server::start(honest().answer("STOR", Answer::Say("450 busy\r\n")));
    let world = patient(&server, "");
    let before = world.everything();
    world.export().to(5);
    assert_eq!((count(&server, "STOR"), world.everything()), (3, before));
    let told = world.log().iter().filter(|code| *code == "server-retried").count();
    assert_eq!(told, 2);
}

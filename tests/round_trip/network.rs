//! rules.md, spar-export 4 and 5, over FTP: the connection fails at each step, and the next night makes it good.

use std::{fs, path::Path};

use mantal::config::Passive;

use super::{
    real_server,
    scripted::{Answer, Data, Script, Server, honest},
    stand::Stand,
    support::{ANNA, BO, CECILIA, Post, World, spar_file},
};

const NAME: &str = "C2503-000001-spar";

/// Each step once: what is tried again is in `retried.rs`.
pub fn lines(stand: &Stand) -> String {
    let server = &stand.settings;
    let secret = stand.path("password");
    format!(
        "spar.server.transport = \"ftp\"\nspar.server.host = \"127.0.0.1\"\nspar.server.port = {}\n\
         spar.server.user = \"mantal\"\nspar.server.password_file = \"{}\"\nspar.server.connect_timeout = 1\n\
         spar.server.idle_timeout = 1\nspar.server.total_timeout = 4\nspar.server.retries = 0",
        server.port.unwrap(),
        secret.display()
    )
}

/// The same registry turns to another server, with the files that the first one had.
fn turn_to(world: &World, server: &Server) {
    let file = world.path("w/mantal.toml");
    let content = fs::read_to_string(&file).unwrap();
    let kept: Vec<&str> = content.lines().filter(|line| !line.starts_with("spar.server.")).collect();
    fs::write(&file, format!("{}\n{}\n", kept.join("\n"), lines(&server.stand))).unwrap();
}

fn whole() -> Vec<u8> {
    [ANNA, BO, CECILIA].join(",").into_bytes()
}

#[test]
fn wherever_the_connection_fails_the_queue_is_as_it_was_and_the_next_night_sends_each_once() {
    let faults: [(&str, Script); 12] = [
        ("no greeting", Script { greeting: Answer::HangUp, ..honest() }),
        ("the login is refused", honest().answer("PASS", Answer::Say("530 no\r\n"))),
        ("the folder is not there", honest().answer("CWD", Answer::Say("550 none\r\n"))),
        ("no data connection", honest().answer("EPSV", Answer::HangUp)),
        ("the upload is refused", honest().answer("STOR", Answer::Say("553 no\r\n"))),
        ("the upload breaks", Script { up: Data::HalfThenGone, ..honest() }),
        ("half is kept and called whole", Script { up: Data::Half("226 done\r\n"), ..honest() }),
        ("the connection goes after the upload", Script { up: Data::WholeThenGone, ..honest() }),
        ("the upload stalls", Script { up: Data::HalfThenSilence, ..honest() }),
        ("the rename begins and the line goes", honest().answer("RNFR", Answer::HangUp)),
        ("the rename is not answered", honest().answer("RNTO", Answer::Silence)),
        ("the rename is refused", honest().answer("RNTO", Answer::Say("553 no\r\n"))),
    ];
    for (what, script) in faults {
        let server = Server::start(script);
        let world = World::with_three(&lines(&server.stand));
        let before = world.everything();
        world.export().to(5);
        assert_eq!(world.everything(), before, "{what}");
        assert!(world.spool("staging").is_empty(), "{what}");
        assert_eq!(server.file(&format!("in/{NAME}")), None, "{what}: nothing is the receiver's");
        // The same server, mended.
        let mut mended = Server::start(honest());
        if let Some(part) = server.file(&format!("in/{NAME}.part")) {
            mended = mended.with(&format!("in/{NAME}.part"), &part);
        }
        turn_to(&world, &mended);
        world.on("2025-03-03").export().to(0);
        assert_eq!(mended.file(&format!("in/{NAME}")), Some(whole()), "{what}");
        assert_eq!(mended.file(&format!("in/{NAME}.part")), None, "{what}");
        world.export().to(0);
        assert_eq!(mended.file("in/C2503-000002-spar"), None, "{what}: nobody twice");
        assert_eq!(world.state(ANNA), "sent");
    }
}

#[test]
fn a_rename_that_happened_without_an_answer_is_not_done_twice() {
    let server = Server::start(honest().answer("RNTO", Answer::HangUp));
    let world = World::with_three(&lines(&server.stand));
    world.export().to(5);
    // It did happen, and the receiver was quick or slow.
    for there in [true, false] {
        let mut mended = Server::start(honest());
        if there {
            mended = mended.with(&format!("in/{NAME}"), &whole());
        }
        turn_to(&world, &mended);
        let copy = world.path(&format!("registry-{there}.db"));
        fs::copy(world.path("w/registry.db"), &copy).unwrap();
        world.export().to(0);
        assert_eq!(mended.file(&format!("in/{NAME}")).is_some(), there);
        assert_eq!(mended.file("in/C2503-000002-spar"), None);
        assert_eq!(world.state(ANNA), "sent");
        fs::copy(&copy, world.path("w/registry.db")).unwrap();
    }
}

#[test]
fn a_server_that_cannot_rename_leaves_the_list_to_a_human() {
    let server = Server::start(honest().answer("RNFR", Answer::Say("502 what\r\n")));
    let world = World::with_three(&lines(&server.stand));
    world.export();
    world.export();
    let kinds: Vec<String> = world.findings().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["list-unsettled"]);
    let stores = server.commands().iter().filter(|command| command.starts_with("STOR")).count();
    assert_eq!(stores, 1, "never a second sending");
}

#[test]
fn a_dry_run_opens_no_connection() {
    let server = Server::start(honest().answer("USER", Answer::Say("331 password\r\n")));
    let world = World::with_three(&lines(&server.stand));
    world.run(&["spar-export", "--dry-run"]).to(0);
    world.run(&["spar-import", "--dry-run"]).to(0);
    assert_eq!(server.commands(), Vec::<String>::new());
}

#[test]
fn a_file_that_breaks_off_is_not_applied_and_is_fetched_whole_the_next_night() {
    let file = spar_file(3, 1, &[Post::Lives(ANNA, "Storgatan 1")]);
    let path = "out/SPARAvisering_1.xml";
    let faults: [(&str, Script); 6] = [
        ("half and called whole", Script { down: Data::Half("226 done\r\n"), ..honest() }),
        ("half and gone", Script { down: Data::HalfThenGone, ..honest() }),
        ("half and silence", Script { down: Data::HalfThenSilence, ..honest() }),
        ("half and a reset", Script { down: Data::HalfReset("426 no\r\n"), ..honest() }),
        ("the file is refused", honest().answer("RETR", Answer::Say("550 no\r\n"))),
        ("the listing is refused", honest().answer("MLSD", Answer::HangUp)),
    ];
    for (what, script) in faults {
        let script = Script { lists: Some(Data::Whole("226 done\r\n")), ..script };
        let server = Server::start(script).with(path, &file);
        let world = World::with_three(&format!("{}\nspar.after_fetch = \"delete\"", lines(&server.stand)));
        let before = world.everything();
        let done = world.fetch();
        assert!(done.exit == 5 || world.log().contains(&"file-growing".to_owned()), "{what}: {}", done.json);
        assert_eq!(world.everything(), before, "{what}");
        assert!(world.spool("inbox").is_empty(), "{what}");
        assert_eq!(server.file(path).as_deref(), Some(file.as_slice()), "{what}: nothing is removed");
        let mended = Server::start(honest()).with(path, &file);
        turn_to(&world, &mended);
        world.fetch().to(0);
        assert_eq!(world.address(ANNA), "Storgatan 1", "{what}");
        assert_eq!(mended.file(path), None, "{what}: removed after the commit");
    }
}

#[test]
fn a_file_that_has_grown_since_it_was_listed_waits() {
    let file = spar_file(3, 1, &[Post::Lives(ANNA, "Storgatan 1")]);
    let path = "out/SPARAvisering_1.xml";
    let smaller =
        format!("type=file;size={};modify=20250303031500; SPARAvisering_1.xml\r\n", file.len() - 10);
    let script = Script { listing: Some(smaller.into_bytes()), ..honest() };
    let server = Server::start(script).with(path, &file);
    let world = World::with_three(&lines(&server.stand));
    world.fetch().to(0);
    assert!(world.log().contains(&"file-growing".to_owned()), "{:?}", world.log());
    assert_eq!(world.address(ANNA), "");
    let calm = Server::start(honest()).with(path, &file);
    turn_to(&world, &calm);
    world.fetch().to(0);
    assert_eq!(world.address(ANNA), "Storgatan 1");
}

#[test]
fn a_removal_that_the_server_refuses_is_a_line_and_is_tried_again() {
    let file = spar_file(3, 1, &[Post::Lives(ANNA, "Storgatan 1")]);
    let path = "out/SPARAvisering_1.xml";
    let server = Server::start(honest().answer("DELE", Answer::Once("450 busy\r\n"))).with(path, &file);
    let world = World::with_three(&format!("{}\nspar.after_fetch = \"delete\"", lines(&server.stand)));
    world.fetch().to(0);
    assert!(world.log().contains(&"removal-failed".to_owned()), "{:?}", world.log());
    assert_eq!((server.file(path).is_some(), world.address(ANNA).as_str()), (true, "Storgatan 1"));
    world.fetch().to(0);
    assert_eq!(server.file(path), None);
    let fetches = server.commands().iter().filter(|command| command.starts_with("RETR")).count();
    assert_eq!(fetches, 1);
}

#[test]
fn the_whole_loop_runs_over_a_real_server_in_both_modes() {
    for ready in ["rename", "trigger"] {
        for passive in [Passive::Epsv, Passive::Pasv] {
            let stand = real_server::serve(passive);
            let world = World::with_three(&format!(
                "{}\nspar.ready = \"{ready}\"\nspar.after_fetch = \"delete\"\nspar.server.passive = \"{}\"",
                lines(&stand),
                if passive == Passive::Epsv { "epsv" } else { "pasv" }
            ));
            world.export().to(0);
            assert_eq!(fs::read(stand.path("in").join(NAME)).unwrap(), whole());
            assert_eq!(names(&stand.path("in")).len(), if ready == "trigger" { 2 } else { 1 });
            let posts = [ANNA, BO, CECILIA].map(|number| Post::Lives(number, "Storgatan 1"));
            fs::write(stand.path("out/SPARAvisering_1.xml"), spar_file(3, 1, &posts)).unwrap();
            fs::write(stand.path("out/SPARAvisering_1.xml.trigger"), "").unwrap();
            world.on("2025-03-03").fetch().to(0);
            assert_eq!((world.state(BO).as_str(), world.address(BO).as_str()), ("answered", "Storgatan 1"));
            assert!(!names(&stand.path("out")).contains(&"SPARAvisering_1.xml".to_owned()));
            world.export().to(0);
            assert_eq!(world.message_of_newest(), "Inga nya låntagare att skicka");
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

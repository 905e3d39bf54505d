//! Where the password must never be: in arguments, in a child's environment, in what is logged or shown, in a core dump.

use std::fs;

use super::{
    network::lines,
    scripted::{Answer, Server, honest},
    stand::PASSWORD,
    support::World,
};

/// What a command that is asked for the password sees of the program: its limits, its arguments, its environment.
const SPY: &str = "cat /proc/$PPID/limits > limits; tr '\\\\0' '\\\\n' < /proc/$PPID/cmdline > arguments; \
                   tr '\\\\0' '\\\\n' < /proc/$PPID/environ > environment; env > own; echo correct-horse-battery";

#[test]
fn whoever_gives_the_password_sees_no_secret_and_a_program_that_dumps_no_core() {
    let server = Server::start(honest());
    let by_file: Vec<String> = lines(&server.stand).lines().map(str::to_owned).collect();
    let others = by_file.iter().filter(|line| !line.contains("password_file")).cloned().collect::<Vec<_>>();
    let command = format!("spar.server.password_command = [\"sh\", \"-c\", \"{SPY}\"]");
    let world = World::with_three(&format!("{}\n{command}", others.join("\n")));
    world.export().to(0);
    let seen = |name: &str| fs::read_to_string(world.path(name)).unwrap();
    let limits = seen("limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{core}");
    for name in ["arguments", "environment", "own"] {
        assert!(!seen(name).contains(PASSWORD), "{name}: {}", seen(name));
    }
    assert!(seen("arguments").contains("spar-export"), "the spy sees the program");
    // The child gets what we were given, and nothing of ours.
    let ours: Vec<String> = seen("environment").lines().map(str::to_owned).collect();
    let shells = ["PWD=", "OLDPWD=", "SHLVL=", "_=", "PATH="];
    let added: Vec<String> = seen("own")
        .lines()
        .filter(|line| {
            !ours.contains(&(*line).to_owned()) && !shells.iter().any(|word| line.starts_with(word))
        })
        .map(str::to_owned)
        .collect();
    assert_eq!(added, [] as [String; 0]);
}

#[test]
fn no_password_and_no_number_is_shown_or_logged_however_the_server_fails_and_at_any_verbosity() {
    use super::support::{ANNA, BO, CECILIA};
    let echo = Box::leak(format!("530 not {PASSWORD} for {ANNA}\r\n").into_boxed_str());
    let later = Box::leak(format!("553 not {PASSWORD}: {ANNA},{BO} 760305-2395\r\n").into_boxed_str());
    let scripts = [
        honest(),
        honest().answer("PASS", Answer::Say(echo)),
        honest().answer("STOR", Answer::Say(later)),
        honest().answer("RNTO", Answer::HangUp),
    ];
    for script in scripts {
        let server = Server::start(script);
        let world = World::with_three(&lines(&server.stand));
        let shown = world.shown(&["-vv", "spar-export"]);
        let log = world.shown(&["log", "--full", "--json"]);
        for secret in [PASSWORD, ANNA, BO, CECILIA, "760305-2395"] {
            assert!(!shown.contains(secret) && !log.contains(secret), "{secret}: {shown} {log}");
        }
    }
}

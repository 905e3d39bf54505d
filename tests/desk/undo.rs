//! `undo` of every command that is a run: what comes back, and what is refused with which reason. (docs/undo.md)

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Done, NUMBERS, World};

/// What the undo of a run does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Undo {
    /// All is as it was, and again as the run left it after the undo of the undo.
    Back,
    /// All is as it was; that undo is not undone itself, with this code.
    BackOnce(&'static str),
    /// It is refused with this code.
    Refused(&'static str),
    /// What it erased stays erased; that is listed.
    Listed,
}

/// Every command that is a run, and what its undo does; init, demo and `spar-export` need no registry or a server.
const COMMANDS: [(&str, Undo); 34] = [
    ("person import", Undo::Back),
    ("person import --user-edits", Undo::Back),
    ("person set", Undo::Back),
    ("person merge", Undo::BackOnce("merge-again")),
    ("person protect", Undo::Listed),
    ("person unprotect", Undo::Back),
    ("person hold", Undo::Back),
    ("person release", Undo::Back),
    ("spar-import", Undo::Back),
    ("spar-export", Undo::Refused("not-undoable")),
    ("area import", Undo::Back),
    ("update-areas", Undo::Back),
    ("update-search", Undo::Refused("nothing-to-undo")),
    ("population-import", Undo::Refused("population-not-undoable")),
    ("update-persons", Undo::Back),
    ("contacts reset", Undo::Back),
    ("sync-contacts", Undo::Back),
    ("case import", Undo::Back),
    ("document import", Undo::Back),
    ("subscription import", Undo::Back),
    ("obligation import", Undo::Back),
    ("draft import", Undo::Back),
    ("event import", Undo::Back),
    ("relation import", Undo::Back),
    ("purge", Undo::Refused("not-undoable")),
    ("purge replay", Undo::Refused("not-undoable")),
    ("retention import", Undo::Back),
    ("findings done", Undo::Refused("findings-not-undoable")),
    ("findings ignore", Undo::Refused("findings-not-undoable")),
    ("findings reopen", Undo::Refused("findings-not-undoable")),
    ("schedule add", Undo::Refused("schedule-not-undoable")),
    ("schedule remove", Undo::Refused("schedule-not-undoable")),
    ("changes", Undo::Refused("feed-not-undoable")),
    ("backup", Undo::Refused("nothing-to-undo")),
];

/// Person 1 to 4 with homes; 1 with an own e-mail, a hold, a case and a row of the population register; 4 is protected.
pub fn world() -> World {
    let world = World::with_people(4);
    world.run(&["person", "set", "person:1", "--email", "egen@example.org", "--by-person"]).to(0);
    world.run(&["person", "hold", "person:1", "--reason", "prov"]).to(0);
    world.run(&["person", "protect", "person:4", "--reason", "prov"]).to(0);
    let case = format!("case;id_number;class;opened;closed\nS-0;{};A;2020-01-01;\n", NUMBERS[0]);
    world.run_on("case0.csv", &case, &["case", "import"]).to(0);
    world.run_on("extract0.csv", &extract("Nya gatan 7"), &["population-import"]).to(0);
    world.run_on("links0.csv", &links("Norr"), &["area", "import"]).to(0);
    world
}

fn extract(street: &str) -> String {
    format!(
        "id_number;protected;municipality;key_code;street;postal_code;city\n{};;0581;1132;{street};60299;TESTBY\n",
        NUMBERS[0]
    )
}

fn links(area: &str) -> String {
    format!("key_code;area;activity;valid_from;valid_to\n1132;{area};skola;2020-01-01;\n")
}

fn spar_file() -> String {
    let number = NUMBERS[0];
    format!(
        "<SPARAvisering><IdentifieringsinformationFil><Mediemottagare><KundNr>500243</KundNr></Mediemottagare>\
         <Filinformation><UppdragId>949</UppdragId><ResultatfilSkapad>2025-03-01T03:15:00.000</ResultatfilSkapad>\
         <Sekvensnummer>1</Sekvensnummer></Filinformation></IdentifieringsinformationFil><AviseringPoster>\
         <AviseringPost><PersonId><IdNummer>{number}</IdNummer><Typ>PERSONNUMMER</Typ></PersonId>\
         <Sekretessmarkering>NEJ</Sekretessmarkering><SkyddadFolkbokforing>NEJ</SkyddadFolkbokforing>\
         <SenasteAndringSPAR>2025-03-01</SenasteAndringSPAR><Folkbokforingsadress><SvenskAdress>\
         <Utdelningsadress2>Spargatan 1</Utdelningsadress2><PostNr>60299</PostNr><Postort>NORRKÖPING</Postort>\
         </SvenskAdress></Folkbokforingsadress></AviseringPost></AviseringPoster></SPARAvisering>"
    )
}

/// What a command that reads a file is given: it concerns person 1, and 2 or somebody new.
fn content(command: &str) -> Option<String> {
    let [one, two, .., new] = NUMBERS;
    Some(match command {
        "person import" => format!("id_number,comment\n{one},hej\n{new},ny\n"),
        "person import --user-edits" => {
            format!("id_number;email;changed_at\n{two};ny@example.org;2026-11-20T08:00:00Z\n")
        }
        "spar-import" => spar_file(),
        "area import" => links("Söder"),
        "sync-contacts" => {
            format!("id_number,category,email,mobile\n{one},student,k@example.org,0701740605\n")
        }
        "case import" => {
            format!("case;id_number;class;opened;closed\nS-0;{two};B;2020-01-01;\nS-1;{one};A;2020-01-01;\n")
        }
        "document import" => "document;case;key1;disposable1\nD-1;S-0;01;yes\n".to_owned(),
        "subscription import" => format!("id;id_number;kind;from;to\nP-1;{one};magazine;2020-01-01;\n"),
        "obligation import" => format!("id;id_number;kind;from;to\nL-1;{one};loan;;2026-12-01\n"),
        "draft import" => format!("id;id_number;touched;case\nU-1;{one};2026-11-01;S-0\n"),
        "event import" => format!("id;id_number;touched\nE-1;{one};2026-11-01\n"),
        "relation import" => format!("id_number;related_id_number;kind\n{one};{two};guardian\n"),
        "retention import" => {
            "class,target,period,counted_from,year_end,action,grace_days\nA,case,P9Y,closed,no,delete,0\n"
                .to_owned()
        }
        "population-import" => extract("Gatan 9"),
        _ => return None,
    })
}

/// The run of a command, started as somebody would.
pub fn start(world: &World, command: &str) -> Done {
    let mut words: Vec<&str> = command.split(' ').collect();
    if command == "sync-contacts" {
        words.extend(["--source", "extens"]);
    }
    if let Some(content) = content(command) {
        let name =
            format!("{}.{}", command.replace(' ', "-"), if command == "spar-import" { "xml" } else { "csv" });
        return world.run_on(&name, &content, &words);
    }
    words.extend::<&[&str]>(match command {
        "person set" => &["person:1", "--comment", "hej", "--mobile", "0701740606"],
        "person merge" => &["person:1", "person:2"],
        "person protect" | "person release" => &["person:1", "--reason", "prov"],
        "person unprotect" => &["person:4", "--reason", "prov"],
        "person hold" => &["person:2", "--reason", "prov"],
        "contacts reset" => &["person:1"],
        "update-persons" => &["--scope", "changed"],
        "findings done" | "findings ignore" | "findings reopen" => &["1", "--note", "prov"],
        "schedule add" => &["update-areas", "--at", "2099-01-01T22:00"],
        "schedule remove" => &["1"],
        "changes" => &["--cursor", "skolan", "--ack", "now"],
        _ => &[],
    });
    world.run(&words)
}

/// What must stand before some commands.
pub fn prepare(world: &World, command: &str) {
    if command.starts_with("findings") {
        world.execute("INSERT INTO notice (person_id, kind) VALUES (2, 'returned')");
        world.run(&["person", "set", "person:3", "--comment", "x"]);
    }
    if command == "schedule remove" {
        start(world, "schedule add").to(0);
    }
}

/// People as everybody sees them, and the content of the tables that a run may change.
fn state(world: &World) -> Vec<String> {
    let mut all: Vec<String> = world.text(&["person", "list", "--json"]).lines().map(str::to_owned).collect();
    for sql in [
        "SELECT concat_ws(' ', 'person', id, comment, concealment, held_since, blocked, status, class) FROM person ORDER BY id",
        "SELECT concat_ws(' ', 'mark', person_id, kind, since) FROM protection ORDER BY 1",
        "SELECT concat_ws(' ', 'notice', person_id, kind, other_id) FROM notice ORDER BY 1",
        "SELECT concat_ws(' ', 'said', person_id, source, email, mobile, categories) FROM source_statement ORDER BY 1",
        "SELECT concat_ws(' ', 'number', key, person_id, former) FROM number ORDER BY 1",
        "SELECT concat_ws(' ', 'case', id, reference, person_id, class) FROM case_record ORDER BY 1",
        "SELECT concat_ws(' ', 'document', id, reference, case_id) FROM document ORDER BY 1",
        "SELECT concat_ws(' ', 'subscription', id, reference, person_id) FROM subscription ORDER BY 1",
        "SELECT concat_ws(' ', 'obligation', id, reference, person_id) FROM obligation ORDER BY 1",
        "SELECT concat_ws(' ', 'draft', id, reference, person_id) FROM draft ORDER BY 1",
        "SELECT concat_ws(' ', 'event', id, reference, person_id) FROM event ORDER BY 1",
        "SELECT concat_ws(' ', 'relation', person_id, related_id, kind) FROM relation ORDER BY 1",
        "SELECT concat_ws(' ', 'link', code, area, activity, valid_from) FROM area_link ORDER BY 1",
        "SELECT concat_ws(' ', 'rule', class, target, period, action) FROM retention_rule ORDER BY 1",
    ] {
        all.extend(world.ask(sql));
    }
    all
}

/// Shows what differs, not all that there is.
#[track_caller]
fn assert_same(now: &[String], expected: &[String], command: &str) {
    let but = |all: &[String], other: &[String]| -> Vec<String> {
        all.iter().filter(|line| !other.contains(line)).cloned().collect()
    };
    assert_eq!(but(now, expected), but(expected, now), "{command}");
}

/// Commands with `--dry-run`, and those that move a cursor or the findings: the program's own list.
fn runs_of(world: &World, path: &str, found: &mut BTreeSet<String>) {
    let words: Vec<&str> = path.split(' ').filter(|word| !word.is_empty()).collect();
    let help = world.text(&[&words[..], &["--help"]].concat());
    if help.contains("--dry-run ") {
        found.insert(path.to_owned());
    }
    let commands = help.split_once("Commands:\n").map_or("", |(_, rest)| rest);
    for line in commands.lines().take_while(|line| !line.trim().is_empty()) {
        let name = line.strip_prefix("  ").and_then(|line| line.split(' ').next()).unwrap_or_default();
        if !name.is_empty() && name != "help" {
            runs_of(world, format!("{path} {name}").trim(), found);
        }
    }
}

#[test]
fn every_command_that_is_a_run_has_its_row_here() {
    let mut found = BTreeSet::new();
    runs_of(&World::new(), "", &mut found);
    // An undo's undo is the second half of each row; a restore is tested with its backups, and run-due with its clock.
    for elsewhere in ["undo", "restore", "run-due"] {
        found.remove(elsewhere);
    }
    let rows: BTreeSet<String> = COMMANDS.iter().map(|(command, _)| (*command).to_owned()).collect();
    let missing: Vec<_> = found.difference(&rows).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn an_undo_gives_back_what_stood_before_and_its_own_undo_what_the_run_left() {
    for (command, undo) in COMMANDS {
        if !matches!(undo, Undo::Back | Undo::BackOnce(_)) {
            continue;
        }
        let world = world();
        let before = state(&world);
        let run = start(&world, command).run();
        let after = state(&world);
        assert!(before != after, "{command} changes nothing");
        let undone = world.run(&["undo", &run]);
        assert_eq!(undone.exit, 0, "{command}: {}", undone.json);
        assert_same(&state(&world), &before, command);
        let again = world.run(&["undo", &undone.run()]);
        if command == "person unprotect" {
            assert_eq!(again.exit, 3);
            assert_same(&state(&world), &before, "no undo lifts a protection");
        } else if let Undo::BackOnce(code) = undo {
            assert_eq!((again.exit, again.error()), (1, code));
        } else {
            assert_eq!(again.exit, 0, "{command}: {}", again.json);
            assert_same(&state(&world), &after, command);
        }
    }
}

#[test]
fn what_is_not_undone_is_refused_with_its_reason_and_nothing_is_changed() {
    for (command, undo) in COMMANDS {
        let Undo::Refused(code) = undo else { continue };
        let world = world();
        prepare(&world, command);
        let run = start(&world, command).run();
        let before = state(&world);
        let refused = world.run(&["undo", &run]);
        assert_eq!((refused.exit, refused.error()), (1, code), "{command}: {}", refused.json);
        assert_same(&state(&world), &before, command);
    }
}

#[test]
fn who_became_protected_since_gets_nothing_back_and_an_undo_lifts_no_protection() {
    for (command, undo) in COMMANDS {
        if matches!(undo, Undo::Refused(_)) {
            continue;
        }
        let world = world();
        let run = start(&world, command).run();
        for person in ["person:1", "person:2", "person:4"] {
            world.run(&["person", "protect", person, "--reason", "prov"]);
        }
        let person = |world: &World| -> Vec<Value> {
            // What SPAR was asked and answered stands in the ledger, and an undone file's answers don't count.
            let mut people = world.list();
            for person in &mut people {
                person.as_object_mut().unwrap().remove("spar");
            }
            let concealed = people.into_iter().filter(|person| person["person"].as_i64() < Some(5));
            concealed.collect()
        };
        let before = person(&world);
        world.run(&["undo", &run]);
        assert_eq!(person(&world), before, "{command}");
        let left = world.ask(
            "SELECT '' || ((SELECT count(*) FROM address WHERE person_id <> 3) + (SELECT count(*) FROM contact WHERE person_id <> 3)
                  + (SELECT count(*) FROM person_area) + (SELECT count(*) FROM source_statement))",
        );
        assert_eq!(left, ["0"], "{command}");
    }
}

#[test]
fn the_undo_of_an_unprotect_erases_what_came_since() {
    let world = world();
    let run = world.run(&["person", "unprotect", "person:4", "--reason", "prov"]).to(0).run();
    world.run(&["person", "set", "person:4", "--email", "kvar@example.org"]).to(0);
    let undone = world.run(&["undo", &run]).to(0);
    assert_eq!(undone.json["run"]["counts"]["protected"], 1);
    assert_eq!(world.list()[3]["protected"], true);
    assert_eq!(world.ask("SELECT '' || count(*) FROM contact WHERE person_id = 4"), ["0"]);
    assert_eq!(
        world.ask("SELECT '' || count(*) FROM journal WHERE person_id = 4 AND changes LIKE '%kvar@%'"),
        ["0"]
    );
    assert_eq!(world.ask("SELECT '' || count(*) FROM mark WHERE kind = 'erasure'"), ["0"]);
}

#[test]
fn an_undo_of_a_case_import_lists_the_cases_of_a_record_that_was_merged_away_since() {
    let world = World::with_people(2);
    let rows = format!("case;id_number;class;opened;closed\nS-1;{};A;2020-01-01;\n", NUMBERS[1]);
    let run = world.run_on("c.csv", &rows, &["case", "import"]).to(0).run();
    let cases = || world.ask("SELECT reference || person_id FROM case_record");
    let merged = world.run(&["person", "merge", "person:1", "person:2"]).to(0).run();
    let dry = world.run(&["undo", &run, "--dry-run"]).to(3);
    assert_eq!(dry.json["run"]["counts"]["left"], 1);
    assert_eq!(cases(), ["S-11"], "the survivor keeps it");
    world.run(&["undo", &merged]).to(0);
    assert_eq!(cases(), ["S-12"]);
    assert_eq!(world.ask("SELECT '' || person_id FROM retained_change"), ["2"], "erased with its own person");
    world.run(&["undo", &run]).to(0);
    assert!(cases().is_empty());
}

#[test]
fn what_was_changed_since_is_listed_and_left() {
    // (the run, what somebody does after it to the same; the last word stays)
    let rows: [(&str, &[&str]); 9] = [
        ("person import", &["person", "set", "person:1", "--comment", "annat"]),
        ("person import --user-edits", &["person", "set", "person:2", "--email", "annan@example.org"]),
        ("person set", &["person", "set", "person:1", "--comment", "annat"]),
        ("person hold", &["person", "hold", "person:2", "--reason", "längre", "--until", "2099-01-01"]),
        ("person release", &["person", "hold", "person:1", "--reason", "igen", "--until", "2099-01-01"]),
        ("spar-import", &["person", "set", "person:1", "--address", "home", "--street", "Annan gata 3"]),
        ("update-persons", &["person", "set", "person:1", "--address", "home", "--street", "Annan gata 3"]),
        ("contacts reset", &["person", "set", "person:1", "--email", "annan@example.org", "--by-person"]),
        ("sync-contacts", &["person", "set", "person:1", "--mobile", "0701740607"]),
    ];
    for (command, since) in rows {
        let world = world();
        let run = start(&world, command).run();
        world.run(since).to(0);
        let mark = since.last().filter(|word| **word != "--by-person").unwrap_or(&"annan@example.org");
        let kept = |world: &World| {
            world.list().iter().any(|person| person.to_string().contains(mark.trim_start_matches('0')))
        };
        assert!(kept(&world), "{command}");
        let undone = world.run(&["undo", &run]);
        assert_eq!(undone.exit, 3, "{command}: {}", undone.json);
        assert!(undone.json["run"]["counts"]["left"].as_u64() > Some(0), "{command}: {}", undone.json);
        assert!(kept(&world), "{command}");
    }
}

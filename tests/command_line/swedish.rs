//! Whoever reads Swedish finds every word of the log in docs/sv: kinds of findings, ends of runs, exit codes, messages.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use mantal::{failure::Kind, registry::findings::kinds, text};

use crate::support::{commands, root};

const MESSAGES: &str = "docs/sv/meddelanden.md";
const RENEW: &str = "RENEW_REFERENCE=1 cargo test --test command_line swedish";

fn page(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// First cells of the tables of a page, code spans apart.
fn explained(page: &str) -> Vec<&str> {
    let cells = page.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    cells
        .flat_map(|cell| cell.split('`').step_by(2).filter(|name| !name.trim_matches([',', ' ']).is_empty()))
        .collect()
}

#[test]
fn every_kind_of_finding_is_explained() {
    let page = page("docs/sv/fynd.md");
    let explained = explained(&page);
    for kind in kinds() {
        assert!(explained.contains(&kind), "{kind}");
    }
    for name in explained {
        assert!(kinds().any(|kind| kind == name), "{name} is no kind of finding");
    }
}

#[test]
fn every_end_of_a_run_and_every_exit_code_is_explained() {
    let ends = [Kind::Usage, Kind::Failed, Kind::Held, Kind::Unreachable, Kind::Interrupted(15)];
    let statuses = ["ok", "remarks", "running"].into_iter().chain(ends.map(Kind::status));
    let log = page("docs/sv/logg.md");
    for status in statuses {
        assert!(explained(&log).contains(&status), "{status}");
    }
    let codes = [Kind::Usage, Kind::Failed, Kind::Held, Kind::Unreachable, Kind::Busy].map(Kind::exit_code);
    for name in ["docs/sv/logg.md", "docs/exit-codes.md"] {
        let page = page(name);
        for code in codes.into_iter().chain([0, 3]) {
            assert!(page.contains(&format!("| {code} |")), "{name}: {code}");
        }
        assert!(page.contains("| 128+n |"), "{name}");
    }
}

/// What can stand in the log, in a finding or at the end of a run, by priority and code.
fn messages() -> String {
    let mut by_prio: BTreeMap<u8, BTreeMap<&str, &str>> = BTreeMap::new();
    for message in text::all().filter(|message| message.prio < 20) {
        let template = message.template(text::Language::Swedish);
        by_prio.entry(message.prio).or_default().insert(message.code, template);
    }
    let heading = |prio| match prio {
        5 => "Fel (prioritet 5)",
        10 => "Varningar (10)",
        15 => "Att notera (15)",
        18 => "Skickat, hämtat, inläst (18)",
        19 => "En rad per person (19)",
        _ => panic!("a priority without a heading: {prio}"),
    };
    let mut out = format!(
        "# Meddelanden\n\nAllt som kan stå i loggen, i ett fynd eller sist i en körning. Sök efter ett ord ur raden, eller efter koden, som är\ndensamma på svenska och engelska (`code` i JSON). Det som står inom klamrar byts mot körningens egna uppgifter: `{{file}}`\nmot filens namn, `{{person}}` mot ett internt id.\n\nSkrivs av programmet självt: `{RENEW}`.\n"
    );
    for (prio, messages) in by_prio {
        write!(out, "\n## {}\n\n| kod | text |\n|---|---|\n", heading(prio)).unwrap();
        for (code, template) in messages {
            writeln!(out, "| `{code}` | {} |", template.trim().replace('|', "\\|").replace('\n', " "))
                .unwrap();
        }
    }
    out
}

#[test]
fn every_message_is_listed() {
    let wanted = messages();
    if std::env::var_os("RENEW_REFERENCE").is_some() {
        fs::write(root().join(MESSAGES), &wanted).unwrap();
    }
    let there = fs::read_to_string(root().join(MESSAGES)).unwrap_or_default();
    let differing = there.lines().zip(wanted.lines()).find(|(there, wanted)| there != wanted);
    assert!(
        there == wanted,
        "{MESSAGES} is not what the program says, first at {differing:?}. Renew it: {RENEW}"
    );
}

#[test]
fn every_command_is_named_to_the_support_desk() {
    let page = page("docs/sv/kommandon.md");
    let commands = commands();
    for path in commands.iter().filter(|path| !path.is_empty()) {
        let name = format!("mantal {}", path.join(" "));
        let is_group = commands.iter().any(|other| other.len() > path.len() && other.starts_with(path));
        assert!(is_group || page.contains(&name), "{name}");
    }
}

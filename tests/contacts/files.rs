//! Files, limits, dry runs and undo.

use crate::support::{ANNA, BO, World};

/// Numbers of births that nobody living has, made here and written nowhere.
pub fn number(at: u32) -> String {
    let digits = format!(
        "{}{:02}{:02}{:03}",
        1850 + at / 10_000,
        at / 1_000 % 10 + 1,
        at / 100 % 10 + 1,
        at % 100 * 10
    );
    let sum: u32 = digits[2..]
        .chars()
        .zip([2, 1].iter().cycle())
        .map(|(digit, factor)| digit.to_digit(10).unwrap() * factor)
        .map(|product| product / 10 + product % 10)
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

fn crowd(size: u32, email: impl Fn(u32) -> String) -> Vec<String> {
    (0..size).map(|at| format!("{};guardian;{}", number(at), email(at))).collect()
}

fn refs(rows: &[String]) -> Vec<&str> {
    rows.iter().map(String::as_str).collect()
}

#[test]
fn an_unknown_source_names_the_known_ones() {
    let world = World::new();
    let done = world.sync("lisa", &[&format!("{ANNA};guardian;")]).to(2);
    assert_eq!(done.error(), "unknown-source");
    assert!(done.json["error"]["text"].as_str().unwrap().contains("extens, procapita"));
}

#[test]
fn an_empty_file_fails_and_a_wrong_header_is_told_before_anything_is_worked() {
    let world = World::new();
    for content in ["", "id_number;category;email\n"] {
        let words = ["sync-contacts", "--source", "procapita"];
        assert_eq!(world.run_on("empty.csv", content, &words).to(1).error(), "no-rows");
    }
    std::fs::write(world.path("good.csv"), format!("id_number;category\n{ANNA};guardian\n")).unwrap();
    let good = world.path("good.csv");
    let words = ["sync-contacts", "--source", "procapita", good.to_str().unwrap()];
    world.run_on("bad.csv", "id_number;email\n", &words).to(2);
    assert_eq!(world.list().len(), 0);
    world.run(&["sync-contacts", "--source", "procapita", "missing.csv"]).to(2);
}

#[test]
fn each_file_is_a_unit_and_the_same_file_again_changes_nothing() {
    let world = World::new();
    std::fs::write(
        world.path("one.csv"),
        format!("id_number;category;email\n{ANNA};guardian;a@example.org\n"),
    )
    .unwrap();
    let one = world.path("one.csv");
    let words = ["sync-contacts", "--source", "procapita", one.to_str().unwrap()];
    let two = format!("id_number;category;email\n{BO};guardian;b@example.org\n");
    assert_eq!(world.run_on("two.csv", &two, &words).to(0).records(), [("created", 2)]);
    let before = (world.list(), world.ask("SELECT count(*) FROM journal"));
    assert_eq!(world.run_on("two.csv", &two, &words).to(0).records(), [("unchanged", 2)]);
    assert_eq!((world.list(), world.ask("SELECT count(*) FROM journal")), before);
}

#[test]
fn a_sources_own_headers_are_mapped_and_others_ignored() {
    let world = World::with(
        "sources.procapita.columns = { \"Personnr\" = \"id_number\", \"Roll\" = \"category\", \"E-post\" = \"email\" }\n\
         sources.procapita.ignore_columns = [\"Klass\"]\n",
    );
    let done = world.sync_with(
        "procapita",
        "Klass;Personnr;Roll;E-post",
        &[&format!("7B;{ANNA};guardian;a@example.org")],
        &[],
    );
    assert_eq!(done.to(0).records(), [("created", 1)]);
    assert_eq!(world.email(1), "a@example.org source:procapita");
}

#[test]
fn changing_more_values_than_the_limit_is_held_first_values_are_free_and_the_held_file_is_a_finding() {
    let world = World::new();
    let first = crowd(120, |at| if at < 110 { format!("a{at}@example.org") } else { String::new() });
    world.sync("procapita", &refs(&first)).to(0);
    // 20 % of 110 is 22: 10 first values and 22 changes pass.
    let changed = |most| {
        crowd(120, |at| {
            if at < most || at >= 110 { format!("b{at}@example.org") } else { format!("a{at}@example.org") }
        })
    };
    let before = world.list();
    let done = world.sync("procapita", &refs(&changed(23))).to(4);
    let text = done.json["error"]["text"].as_str().unwrap();
    assert!(text.contains("contacts 23 > 22") && text.contains("--allow contacts=23"), "{text}");
    assert_eq!(world.list(), before);
    assert_eq!(world.findings("held").len(), 1);
    assert_eq!(world.sync("procapita", &refs(&changed(22))).to(0).count("changed"), 32);
    assert_eq!(world.findings("held"), [], "a later file of the source makes it out of date");
}

#[test]
fn far_fewer_rows_than_last_time_are_held() {
    let world = World::new();
    world.sync("procapita", &refs(&crowd(60, |_| String::new()))).to(0);
    let few = crowd(29, |_| String::new());
    let done = world.sync("procapita", &refs(&few)).to(4);
    assert!(done.json["error"]["text"].as_str().unwrap().contains("contacts_rows 31 > 30"));
    world.sync("extens", &refs(&few)).to(0);
    world
        .sync_with("procapita", "id_number;category;email", &refs(&few), &["--allow", "contacts_rows=31"])
        .to(0);
    world.sync("procapita", &refs(&few)).to(0);
}

#[test]
fn a_dry_run_shows_each_change_by_internal_id_and_leaves_everything() {
    let world = World::with_three("");
    let before = world.list();
    let rows = [format!("{ANNA};guardian;a@example.org")];
    let done = world.sync_with("procapita", "id_number;category;email", &refs(&rows), &["--dry-run"]).to(0);
    let changes = done.json["changes"].as_array().unwrap();
    let shown: Vec<String> = changes
        .iter()
        .map(|change| {
            format!("{} {} {} {}", change["person"], change["entity"], change["field"], change["why"])
        })
        .collect();
    assert_eq!(
        shown,
        ["1 \"contact\" \"email\" \"sync-contacts/1\"", "1 \"person\" \"categories\" \"sync-contacts\""]
    );
    assert_eq!(world.list(), before);
    assert_eq!(world.sync("procapita", &refs(&rows)).to(0).records(), [("changed", 1)]);
}

#[test]
fn undo_puts_value_flag_and_last_statement_back_together() {
    let world = World::with_three("");
    let sync = |source: &str, email: &str| world.sync(source, &[&format!("{ANNA};guardian;{email}")]);
    sync("procapita", "a@example.org").to(0);
    sync("extens", "x@example.org").to(3);
    world.run(&["person", "set", "person:1", "--email", "own@example.org", "--by-person"]).to(0);
    let state = |world: &World| {
        (world.list(), world.ask("SELECT source || coalesce(email, '-') || categories FROM source_statement"))
    };
    let before = state(&world);
    let run = sync("procapita", "own@example.org").to(0).json["run"]["id"].to_string();
    let synced = state(&world);
    // Another source's statement in between does not keep this one's from being put back.
    sync("extens", "y@example.org").to(0);
    world.run(&["undo", &run]).to(0);
    let statements = world.ask("SELECT source || email FROM source_statement ORDER BY source");
    assert_eq!(statements, ["extensy@example.org", "procapitaa@example.org"]);
    sync("extens", "x@example.org").to(0);
    assert_eq!(state(&world), before);
    sync("procapita", "own@example.org").to(0);
    assert_eq!(state(&world), synced, "sync, undo, sync is sync");
}

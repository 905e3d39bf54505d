//! What a row means.

use crate::world::{ANNA, BO, CECILIA, World, numbers};

const CASES: &str = "case;id_number;class;opened;closed;last_activity;marked;removed;hold\n";

fn cases(world: &World) -> Vec<String> {
    world.ask(
        "SELECT concat_ws(' ', id, reference, person_id, class, opened, coalesce(closed, '-'),
                coalesce(last_activity, '-'), marked, removed, coalesce(hold, '-')) FROM case_record ORDER BY id",
    )
}

/// A file of each kind.
fn files() -> [(&'static str, String); 7] {
    [
        (
            "case",
            format!(
                "{CASES}S-1;{ANNA};A;2020-01-01;2021-01-01;2021-02-01;ja;nej;court\nS-2;{BO};B;2020-01-01;;;;;\n"
            ),
        ),
        ("document", "document,case,key1,key2,disposable1,disposable2\nD-1,S-1,01.02,G,yes,no\n".to_owned()),
        ("subscription", format!("id;id_number;kind;from;to\nP-1;{ANNA};magazine;2020-01-01;\n")),
        ("obligation", format!("id;id_number;kind;from;to\nL-1;{ANNA};loan;;2026-12-01\n")),
        ("draft", format!("id;id_number;touched;case\nU-1;{ANNA};2026-11-01;S-1\n")),
        ("event", format!("id;id_number;touched\nE-1;{BO};2026-11-01\n")),
        ("relation", format!("id_number;related_id_number;kind\n{ANNA};{BO};guardian\n")),
    ]
}

#[test]
fn every_kind_comes_in_and_the_same_file_again_writes_nothing() {
    let world = World::with_three("");
    let files = files();
    for (kind, table) in &files {
        let rows = table.lines().count() - 1;
        assert_eq!(world.import(kind, table, &[]).to(0).records(), [format!("created {rows}")], "{kind}");
    }
    assert_eq!(
        cases(&world),
        ["1 S-1 1 A 2020-01-01 2021-01-01 2021-02-01 1 0 court", "2 S-2 2 B 2020-01-01 - - 0 0 -"]
    );
    assert_eq!(
        world.ask("SELECT concat_ws(' ', case_id, key1, key2, disposable1, disposable2) FROM document"),
        ["1 01.02 G 1 0"]
    );
    assert_eq!(
        world.ask("SELECT concat_ws(' ', person_id, kind, valid_from, valid_to) FROM subscription"),
        ["1 magazine 2020-01-01"]
    );
    assert_eq!(
        world.ask("SELECT concat_ws(' ', person_id, kind, valid_to) FROM obligation"),
        ["1 loan 2026-12-01"]
    );
    assert_eq!(
        world.ask("SELECT concat_ws(' ', person_id, touched, case_id) FROM draft"),
        ["1 2026-11-01 1"]
    );
    assert_eq!(
        world.ask("SELECT concat_ws(' ', person_id, touched, coalesce(case_id, '-')) FROM event"),
        ["2 2026-11-01 -"]
    );
    assert_eq!(
        world.ask("SELECT concat_ws(' ', person_id, related_id, kind) FROM relation"),
        ["1 2 guardian"]
    );
    let noted = world.ask("SELECT count(*) FROM retained_change");
    for (kind, table) in &files {
        let rows = table.lines().count() - 1;
        for flags in [&[][..], &["--full"]] {
            assert_eq!(
                world.import(kind, table, flags).to(0).records(),
                [format!("unchanged {rows}")],
                "{kind}"
            );
        }
    }
    assert_eq!(world.ask("SELECT count(*) FROM retained_change"), noted);
    assert_eq!(
        world.ask("SELECT kind || ' ' || state FROM file ORDER BY id")[..2],
        ["case applied", "document applied"]
    );
}

#[test]
fn what_a_file_does_not_have_stays_and_an_empty_cell_empties() {
    let world = World::with_three("");
    world
        .import("case", &format!("{CASES}S-1;{ANNA};A;2020-01-01;2021-01-01;2021-02-01;ja;ja;court\n"), &[])
        .to(0);
    let short = format!("case;id_number;class;opened\nS-1;{ANNA};B;2020-01-02\n");
    let done = world.import("case", &short, &["--dry-run"]).to(0);
    assert_eq!(
        done.changes(),
        [r#"person:1 case.class "A" → "B""#, r#"person:1 case.opened "2020-01-01" → "2020-01-02""#]
    );
    assert_eq!(done.json["changes"][0]["record"], 1);
    assert_eq!(cases(&world), ["1 S-1 1 A 2020-01-01 2021-01-01 2021-02-01 1 1 court"], "a dry run");
    assert_eq!(world.import("case", &short, &[]).to(0).records(), ["changed 1"]);
    assert_eq!(cases(&world), ["1 S-1 1 B 2020-01-02 2021-01-01 2021-02-01 1 1 court"]);
    let emptied = format!("{CASES}S-1;{ANNA};B;2020-01-02;;;;nej;no\n");
    assert_eq!(world.import("case", &emptied, &[]).to(0).records(), ["changed 1"]);
    assert_eq!(cases(&world), ["1 S-1 1 B 2020-01-02 - - 0 0 -"], "reopened, and no hold any more");
}

#[test]
fn rows_of_people_and_cases_that_are_not_here_create_nothing() {
    let world = World::with_three("");
    let stranger = &numbers(1)[0];
    let done = world
        .import(
            "case",
            &format!("{CASES}S-1;{stranger};A;2020-01-01;;;;;\nS-2;{ANNA};A;2020-01-01;;;;;\n"),
            &[],
        )
        .to(0);
    assert_eq!(done.records(), ["created 1", "unknown 1"]);
    assert!(world.log(15).contains(&"retained-unknown".to_owned()));
    let documents = "document;case;key1;disposable1\nD-1;S-1;01;yes\nD-2;S-2;01;yes\n";
    assert_eq!(world.import("document", documents, &[]).to(0).records(), ["created 1", "unknown 1"]);
    let relation =
        format!("id_number;related_id_number;kind\n{stranger};{BO};guardian\n{BO};{stranger};guardian\n");
    assert_eq!(world.import("relation", &relation, &[]).to(0).records(), ["unknown 2"]);
    assert_eq!(world.ask("SELECT count(*) FROM person"), ["3"]);
    // A draft is there with or without its case, and finds it once it has come.
    let drafts = format!("id;id_number;touched;case\nU-1;{ANNA};2026-11-01;S-9\n");
    let done = world.import("draft", &drafts, &[]).to(0);
    assert_eq!((done.records(), done.count("no_case")), (vec!["created 1".to_owned()], 1));
    assert!(world.log(15).contains(&"retained-without-case".to_owned()));
    assert_eq!(world.ask("SELECT case_id FROM draft"), ["-"]);
    world.import("case", &format!("{CASES}S-9;{ANNA};A;2020-01-01;;;;;\n"), &[]).to(0);
    assert_eq!(world.import("draft", &drafts, &[]).to(0).records(), ["changed 1"]);
    assert_eq!(world.ask("SELECT case_id FROM draft"), ["2"]);
}

#[test]
fn a_number_is_found_in_any_spelling_and_by_former_ones() {
    let world = World::with_three("");
    let new = &numbers(1)[0];
    world.run(&["person", "set", "person:1", "--id-number", new]).to(0);
    let (short, dashed) = (&ANNA[2..], format!("{}-{}", &BO[..8], &BO[8..]));
    let table = format!(
        "{CASES}S-1;{short};A;2020-01-01;;;;;\nS-2; {dashed} ;A;2020-01-01;;;;;\nS-3;{new};A;2020-01-01;;;;;\n"
    );
    assert_eq!(world.import("case", &table, &[]).to(0).records(), ["created 3"]);
    assert_eq!(world.ask("SELECT person_id FROM case_record ORDER BY id"), ["1", "2", "1"]);
    let relation = format!("id_number;related_id_number;kind\n{ANNA};{new};guardian\n");
    assert_eq!(world.import("relation", &relation, &[]).to(3).rejected(), [(2, "own-guardian".to_owned())]);
}

#[test]
fn rows_of_one_reference_that_disagree_are_all_rejected_and_equal_ones_count_once() {
    let world = World::with_three("");
    let table = format!(
        "{CASES}S-1;{ANNA};A;2020-01-01;;;;;\nS-2;{ANNA};A;2020-01-01;;;;;\nS-1;{BO};A;2020-01-01;;;;;\nS-2;{};A;2020-01-01;;;;;\n",
        &ANNA[2..]
    );
    let done = world.import("case", &table, &[]).to(3);
    assert_eq!(done.records(), ["created 1", "skipped 1", "rejected 2"]);
    let disagree = "records-disagree".to_owned();
    assert_eq!(done.rejected(), [(2, disagree.clone()), (4, disagree)]);
    let reasons: Vec<&str> =
        done.json["rejected"].as_array().unwrap().iter().map(|row| row["reason"].as_str().unwrap()).collect();
    assert_eq!(
        reasons,
        [
            "the row contradicts line 4, which has the same id",
            "the row contradicts line 2, which has the same id",
        ]
    );
    assert_eq!(cases(&world), ["1 S-2 1 A 2020-01-01 - - 0 0 -"]);
}

#[test]
fn a_row_that_says_what_stands_is_looked_at_beside_another_of_the_same_reference() {
    let world = World::with_three("");
    let [stands, other] = ["A", "B"].map(|class| format!("S-1;{ANNA};{class};2020-01-01;2021-01-01;;;;\n"));
    world.import("case", &format!("{CASES}{stands}"), &[]).to(0);
    // The same rejected rows again are no news.
    for (table, exit) in [(format!("{CASES}{stands}{other}"), 3), (format!("{CASES}{other}{stands}"), 0)] {
        assert_eq!(world.import("case", &table, &[]).to(exit).records(), ["rejected 2"]);
    }
    let twice = format!("{CASES}{stands}{stands}");
    assert_eq!(world.import("case", &twice, &["--full"]).to(0).records(), ["unchanged 1", "skipped 1"]);
    // Other people's now, though every other cell says what stands.
    let passed = format!("{CASES}{}", stands.replace(ANNA, BO));
    assert_eq!(world.import("case", &passed, &[]).to(0).records(), ["changed 1"]);
    // A file with fewer columns says as little about what stands as one with the same cells.
    let fewer = format!("case;id_number;class;opened\nS-1;{BO};A;2020-01-01\n");
    assert_eq!(world.import("case", &fewer, &["--full"]).to(0).records(), ["unchanged 1"]);
    let emptied = format!("case;id_number;class;opened;closed\nS-1;{BO};A;2020-01-01;\n");
    assert_eq!(world.import("case", &emptied, &[]).to(0).records(), ["changed 1"]);
    assert_eq!(cases(&world), ["1 S-1 2 A 2020-01-01 - - 0 0 -"]);
}

#[test]
fn bad_rows_are_rejected_by_line_and_never_by_value_and_the_others_go_on() {
    let world = World::with_three("");
    let table = format!(
        "{CASES}S-1;{ANNA};A;2020-01-01;2019-12-31;;;;\nS-2;{ANNA};;2020-01-01;;;;;\nS-3;{ANNA};A;1/1 2020;;;;;\nS-4;{ANNA};A;2020-01-01;;;;;\n"
    );
    let done = world.import("case", &table, &[]).to(3);
    assert_eq!(done.records(), ["created 1", "rejected 3"]);
    let codes = [(2, "days-reversed".to_owned()), (3, "cell-empty".to_owned()), (4, "date-form".to_owned())];
    assert_eq!(done.rejected(), codes);
    assert!(!done.json.to_string().contains("S-1"), "{}", done.json);
    world.import("case", &table, &[]).to(0);
    let obligation = format!("id;id_number;kind;from;to\nL;{ANNA};loan;2020-01-02;2020-01-01\n");
    assert_eq!(
        world.import("obligation", &obligation, &[]).to(3).rejected(),
        [(2, "days-reversed".to_owned())]
    );
    let wrong = world.import("case", "case;id_number;class\n", &[]).to(2);
    assert_eq!(wrong.error(), "csv-column-missing");
}

#[test]
fn more_bad_rows_than_the_limit_hold_the_file_and_change_nothing() {
    let world = World::with_three("");
    let bad: Vec<String> = (0..11).map(|n| format!("B-{n};{ANNA};;2020-01-01;;;;;\n")).collect();
    let bad = bad.concat();
    let table = format!("{CASES}S-1;{ANNA};A;2020-01-01;;;;;\n{bad}");
    let held = world.import("case", &table, &[]).to(4);
    assert_eq!(held.found(), ["held file:1"]);
    assert!(cases(&world).is_empty());
    world.import("case", &table, &["--approve", &held.run_id()]).to(3);
    assert_eq!(cases(&world).len(), 1);
    let open = world.ask("SELECT count(*) FROM finding WHERE state = 'open'");
    assert_eq!(open, ["0"], "its file is applied");
}

#[test]
fn a_case_may_pass_from_one_person_to_another_and_is_shown_with_both() {
    let world = World::with_three("");
    let table = |number: &str| format!("{CASES}S-1;{number};A;2020-01-01;;;;;\n");
    world.import("case", &table(ANNA), &[]).to(0);
    let done = world.import("case", &table(CECILIA), &["-v"]).to(0);
    assert_eq!(done.changes(), ["person:1 case.person 1 → 3", "person:3 case.person 1 → 3"]);
    assert_eq!(world.ask("SELECT person_id FROM case_record"), ["3"]);
}

#[test]
fn the_order_of_rows_never_shows() {
    let rows = [
        format!("S-2;{BO};A;2020-01-01;;;;;\n"),
        format!("S-1;{ANNA};A;2020-01-01;;;;;\n"),
        format!("S-3;{ANNA};A;2020-01-01;;;;;\n"),
    ];
    let import = |order: [usize; 3]| {
        let world = World::with_three("");
        let table: String = order.iter().map(|at| rows[*at].as_str()).collect();
        world.import("case", &format!("{CASES}{table}"), &[]).to(0);
        cases(&world)
    };
    assert_eq!(import([0, 1, 2]), import([2, 0, 1]));
}

#[test]
fn of_several_files_every_header_is_checked_before_the_first_is_worked() {
    let world = World::with_three("");
    let first = world.file("a.csv", &format!("{CASES}S-1;{ANNA};A;2020-01-01;;;;;\n"));
    let second = world.file("b.csv", "case;class\nS-2;A\n");
    assert_eq!(world.run(&["case", "import", &first, &second]).to(2).error(), "csv-column-missing");
    assert!(cases(&world).is_empty());
    let second = world.file("b.csv", &format!("{CASES}S-2;{BO};A;2020-01-01;;;;;\n"));
    assert_eq!(world.run(&["case", "import", &first, &second]).to(0).records(), ["created 2"]);
    let done = world.run(&["case", "import", "--full", &first, &second]).to(2);
    assert_eq!(done.error(), "retained-full-one-file");
}

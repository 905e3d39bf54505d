//! `area import`, `area links`, and taking an import of links back.

use crate::support::World;

#[test]
fn a_file_of_links_is_taken_whole_or_not_at_all_and_every_bad_row_is_named() {
    let world = World::new();
    let good = "1*;West;;;\n";
    world.link(good, &[]).to(0);
    let before = world.links();
    // (rows, lines with their reasons)
    let rows: [(&str, &[(u64, &str)]); 7] = [
        ("113204123;N;;;\n", &[(2, "link-code-long")]), // nine digits
        ("*;N;;;\n", &[(2, "link-code-star")]),         // a bare star
        ("1;N;;;\n1;M;;;\n", &[(2, "link-twice"), (3, "link-twice")]),
        // Clashes are told although another row is bad, each row once.
        (
            "1;N;;;\nx;N;;;\n1;M;;;2030-01-01\n1;O;;2029-01-01;\n",
            &[(2, "link-twice"), (3, "link-code-shape"), (4, "link-twice"), (5, "link-twice")],
        ),
        ("1;N;;2026/01/01;\n", &[(2, "link-date-form")]), // a date in another form
        ("1;N;;2026-02-01;2026-01-01\n", &[(2, "link-days-reversed")]),
        ("1;;;;\n", &[(2, "link-cell-empty")]),
    ];
    for (rows, expected) in rows {
        let done = world.link(&format!("{rows}999;Good;;;\n"), &[]).to(1);
        let expected: Vec<(u64, String)> =
            expected.iter().map(|(line, code)| (*line, (*code).to_owned())).collect();
        assert_eq!(done.rejected(), expected, "{rows}");
        assert_eq!(done.error(), "links-rejected", "{rows}");
        let others = done.count("changed") + done.count("created") + done.count("unchanged");
        assert_eq!(done.count("read"), done.count("rejected") + done.count("skipped") + others, "{rows}");
        assert_eq!(world.links(), before, "{rows}");
    }
    assert_eq!(world.link("", &[]).to(1).error(), "links-none");
}

#[test]
fn somebody_at_a_terminal_reads_the_line_and_the_reason_of_each_bad_row() {
    let world = World::new();
    let file = world.file("links.csv", "key_code;area\n*;N\n1;N\n1;M\n");
    let (exit, out, err) = world.text(&["area", "import", &file, "--lang", "en"]);
    assert_eq!((exit, out.as_str()), (1, ""));
    for part in ["links.csv:2: key_code: a bare star", "links.csv:3: the same code", "as line 4", "as line 3"]
    {
        assert!(err.contains(part), "{part}: {err}");
    }
}

#[test]
fn an_import_replaces_the_links_of_the_activities_in_the_file_and_of_no_other() {
    let world = World::new();
    world.link("1*;West;school;;\n2*;East;school;;\n1*;Care;care;;\n", &[]).to(0);
    let done = world.link("1*;West;school;;\n2*;Far east;school;;\n3;South;school;;2026-12-31\n", &[]).to(0);
    assert_eq!(done.counts(), ["changed 1", "created 1", "read 3", "unchanged 1"]);
    let expected = [
        "1* care Care - - 0",
        "1* school West - - 0",
        "2* school Far east - - 0",
        "3 school South - 2026-12-31 0",
    ];
    assert_eq!(world.links(), expected);
    let done = world.link("3;South;school;;2026-12-31\n", &[]).to(0);
    assert_eq!(done.counts(), ["read 1", "removed 2", "unchanged 1"]);
    assert_eq!(world.links(), ["1* care Care - - 0", "3 school South - 2026-12-31 0"]);
}

#[test]
fn added_links_must_not_clash_with_those_that_stay() {
    let world = World::new();
    world.link("1*;West;school;;2026-07-31\n", &[]).to(0);
    let done = world.link("1*;East;school;2026-07-31;\n", &["--add"]).to(1);
    assert_eq!(done.rejected(), [(2, "link-stored".to_owned())]);
    let reason = done.json["rejected"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("1* (school) –2026-07-31"), "{reason}");
    let rows = "1*;West;school;;2026-07-31\n1*;East;school;2026-08-01;\n";
    let done = world.link(rows, &["--add"]).to(0);
    assert_eq!(done.counts(), ["created 1", "read 2", "unchanged 1"]);
    assert_eq!(world.links(), ["1* school West - 2026-07-31 0", "1* school East 2026-08-01 - 0"]);
}

#[test]
fn a_dry_run_shows_what_changes_counts_as_the_real_one_and_changes_nothing() {
    let world = World::new();
    world.link("1*;West;;;\n2*;East;;;\n", &[]).to(0);
    let before = world.links();
    let rows = "1*;North;;;\n3*;South;;;\n";
    let dry = world.link(rows, &["--dry-run"]).to(0);
    assert_eq!(world.links(), before);
    let links = dry.json["links"].as_array().unwrap();
    let shown: Vec<String> = links
        .iter()
        .map(|link| {
            format!("{} {} {} {}", link["change"], link["key_code"], link["area"], link["area_before"])
        })
        .collect();
    let expected =
        [r#""changed" "1*" "North" "West""#, r#""added" "3*" "South" null"#, r#""removed" "2*" "East" null"#];
    assert_eq!(shown, expected);
    let (exit, table, _) = world.text(&["area", "import", "links.csv", "--dry-run", "--lang", "en"]);
    assert_eq!(exit, 0);
    assert!(table.contains("gone"), "{table}");
    let real = world.link(rows, &[]).to(0);
    assert_eq!(real.json["run"]["counts"], dry.json["run"]["counts"]);
    assert_ne!(world.links(), before);
}

#[test]
fn a_link_that_matches_no_code_of_today_is_a_line_of_the_log() {
    let world = World::new();
    world.link("1*;West;;;\n", &[]).to(0);
    assert_eq!(world.log(15), ["link-without-code"]);
}

#[test]
fn an_import_of_links_can_be_undone_and_the_undo_too_as_far_as_nothing_changed_since() {
    let world = World::new();
    world.link("1*;West;;;\n2*;East;;;\n", &[]).to(0);
    let before = world.links();
    let run = world.link("1*;North;;;\n3*;South;;;\n", &[]).to(0).json["run"]["id"].to_string();
    let after = world.links();
    let undo = world.run(&["undo", &run]).to(0).json["run"]["id"].to_string();
    assert_eq!(world.links(), before);
    let redo = world.run(&["undo", &undo]).to(0).json["run"]["id"].to_string();
    assert_eq!(world.links(), after);
    world.link("3*;Elsewhere;;;\n1*;North;;;\n", &[]).to(0);
    let done = world.run(&["undo", &redo]).to(3);
    assert_eq!(done.count("left"), 1, "3* is another one now");
    assert_eq!(
        world.links(),
        ["1* general West - - 0", "2* general East - - 0", "3* general Elsewhere - - 0"]
    );
}

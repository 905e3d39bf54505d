//! Rows that say what stands are told while they are read; everything that another row may mean for them still does.

use super::support::*;

const CANARY: &str = "Kanariegatan 17";

/// Loads as a dry run first: it counts what the real run does.
#[track_caller]
fn load(world: &World, rows: &[String]) -> Done {
    let dry = world.load_with(&["--dry-run"], rows);
    let real = world.load(rows);
    assert_eq!((dry.exit, dry.sorted(), dry.rejected()), (real.exit, real.sorted(), real.rejected()));
    assert_eq!(dry.json["run"]["counts"], real.json["run"]["counts"]);
    real
}

#[test]
fn a_row_that_says_what_stands_is_rejected_with_another_of_its_number_that_does_not() {
    for rows in [[row(BO, "B"), row(BO, "B2")], [row(BO, "B2"), row(BO, "B")]] {
        let world = World::new();
        world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
        let done = load(&world, &[&rows[..], &[row(ANNA, "A")]].concat()).to(3);
        assert_eq!(done.sorted(), [0, 1, 0, 0, 0, 2]);
        assert_eq!(done.rejected(), [(2, "rows-disagree".to_owned()), (3, "rows-disagree".to_owned())]);
        assert_eq!(world.ask("SELECT street || present FROM population ORDER BY key"), ["A1", "B1"]);
    }
}

#[test]
fn several_rows_that_say_what_stands_count_once() {
    let world = World::new();
    world.load(&[row(ANNA, "A 1"), row(BO, "B")]).to(0);
    let before = world.everything();
    let done = load(&world, &[row(ANNA, "A 1"), row(BO, "B"), row(ANNA, "a1"), row(ANNA, "A 1")]).to(0);
    assert_eq!(done.sorted(), [0, 2, 0, 0, 2, 0]);
    assert_eq!(world.everything(), before);
}

#[test]
fn a_mark_on_another_row_of_the_number_reaches_one_that_says_what_stands() {
    let usable = marked(ANNA, "ja");
    let broken = usable.replace(";0581;", ";;");
    let table = [(usable, 0, [1, 1, 0, 0, 1, 0]), (broken, 3, [1, 1, 0, 0, 0, 1])];
    for (mark, exit, expected) in table {
        for rows in [[row(ANNA, CANARY), mark.clone()], [mark.clone(), row(ANNA, CANARY)]] {
            for known in [World::with_three(), World::new()] {
                known.load(&[row(ANNA, CANARY), row(BO, "B")]).to(0);
                let done = load(&known, &[&rows[..], &[row(BO, "B")]].concat()).to(exit);
                assert_eq!(done.sorted(), expected);
                assert_eq!(known.ask("SELECT protected FROM population ORDER BY key"), ["1", "0"]);
                assert!(!known.holds(CANARY));
            }
        }
    }
}

#[test]
fn a_row_of_somebody_whom_the_same_file_hides_is_not_left_as_it_stands() {
    let world = World::with_three();
    world.run(&["person", "set", ANNA, "--id-number", DAVID]).to(0);
    world.load(&[row(ANNA, CANARY), row(DAVID, "D"), row(BO, "B")]).to(0);
    let done = load(&world, &[row(ANNA, CANARY), marked(DAVID, "ja"), row(BO, "B")]).to(0);
    assert_eq!((done.sorted(), done.count("protected")), ([1, 1, 0, 0, 1, 0], 1));
    assert!(!world.holds(CANARY));
    // What stands of somebody hidden is skipped, not unchanged.
    let done = load(&world, &[row(ANNA, CANARY), marked(DAVID, "ja"), row(BO, "B"), row(CECILIA, "C")]);
    assert_eq!(done.to(0).sorted(), [0, 2, 1, 0, 1, 0]);
    assert!(!world.holds(CANARY));
}

#[test]
fn whom_a_held_file_hid_keeps_what_stands_and_is_skipped() {
    let world = World::new();
    let all = numbers(40);
    world.people(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let open: Vec<String> = all.iter().map(|number| row(number, "Testgatan 1")).collect();
    world.load(&open).to(0);
    let hiding: Vec<String> = all[..4].iter().map(|number| marked(number, "ja")).collect();
    world.load(&[&hiding[..], &open[4..]].concat()).to(4);
    assert_eq!(world.ask("SELECT count(*) FROM person WHERE concealment = 1"), ["4"]);
    let done = load(&world, &[&open[..], &[row(ANNA, "A")]].concat()).to(0);
    assert_eq!(done.sorted(), [0, 36, 1, 0, 4, 0]);
    assert_eq!(world.ask("SELECT count(*) FROM population WHERE street = 'Testgatan 1'"), ["40"]);
}

#[test]
fn rows_left_as_they_stand_are_no_absences_and_the_next_number_is_one() {
    let world = World::new();
    // The same number but for its check digit is another.
    let wrong = "197603052396";
    world.load(&[row(ANNA, "A"), row(wrong, "A"), row(BO, "B")]).to(0);
    let done = load(&world, &[row(ANNA, "A"), row(BO, "B")]).to(0);
    assert_eq!((done.sorted(), done.count("absent")), ([0, 2, 0, 0, 0, 0], 1));
    assert_eq!(world.ask("SELECT key FROM population WHERE present = 0"), [wrong]);
    // Who is absent comes back: their row does not say what stands.
    let done = load(&world, &[row(ANNA, "A"), row(wrong, "A")]).to(0);
    assert_eq!((done.sorted(), done.count("absent")), ([1, 1, 0, 0, 0, 0], 1));
    assert_eq!(world.ask("SELECT key FROM population WHERE present = 0"), [BO]);
}

#[test]
fn a_row_that_says_what_stands_of_others_is_news_of_ours() {
    let world = World::new();
    world.load_with(&["--nonresident"], &[row_of("0580", ANNA, "A"), row_of("0580", BO, "B")]).to(0);
    let done = load(&world, &[row(ANNA, "A")]).to(0);
    assert_eq!(done.sorted(), [1, 0, 0, 0, 0, 0]);
    // Ours know better, and the others' file still holds them.
    let done =
        world.load_with(&["--nonresident"], &[row_of("0580", BO, "B"), row_of("0580", ANNA, "A")]).to(0);
    assert_eq!((done.sorted(), done.count("absent")), ([0, 1, 0, 0, 1, 0], 0));
    assert_eq!(world.ask("SELECT nonresident FROM population ORDER BY key"), ["0", "1"]);
}

#[test]
fn fewer_columns_leave_as_it_stands_what_they_do_not_speak_of() {
    let world = World::new();
    world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
    let before = world.everything();
    let few =
        world.file(format!("id_number;protected;municipality;street\n{ANNA};no;0581;a\n{BO};;0581;B\n"));
    let done = world.run(&["population-import", &few]).to(0);
    assert_eq!((done.sorted(), world.everything()), ([0, 2, 0, 0, 0, 0], before));
    // A column that was never there before is news even where its cell is empty.
    let world = World::new();
    world.run(&["population-import", &few]).to(0);
    let more = format!("id_number;protected;municipality;street;city\n{ANNA};no;0581;A;\n{BO};;0581;B;\n");
    world.run(&["population-import", &world.file(&more)]).to(0);
    assert_eq!(world.ask("SELECT DISTINCT told FROM population"), [(1 << 5 | 1 << 7).to_string()]);
}

//! What is found by what, in which order, and how it is shown.

use crate::support::{ANNA, BO, CECILIA, ELSEWHERE, World};

#[test]
fn people_are_found_by_names_numbers_and_addresses_in_every_spelling() {
    let world = World::with_three();
    let rows: &[(&str, &[i64])] = &[
        // Names: whole, begun, in any case and order, without accents and with.
        ("anna", &[1, 3]),
        ("ANN", &[1, 3]),
        ("öberg anna", &[1]),
        ("Oberg", &[1]),
        ("Sorensen", &[2]),
        ("Sörensen", &[2]),
        ("ek sør", &[2]),
        ("erg", &[]),
        ("anna bo", &[]),
        // Addresses.
        ("testvagen", &[2, 3]),
        ("Testvägen 2 B", &[2, 3]),
        ("60299", &[1]),
        ("602 99 norrk", &[1]),
        ("anna testby", &[3]),
        // Numbers: with and without century and sign, blanks around, begun, with another word.
        (ANNA, &[1]),
        ("19760305-2395", &[1]),
        ("760305-2395", &[1]),
        ("7603052395", &[1]),
        ("  760305-2395\t", &[1]),
        ("850101", &[2, 3]),
        ("850101-23", &[2, 3]),
        ("19850101", &[2, 3]),
        ("bo 850101", &[2]),
        // A plus is a hundred years earlier: nobody here. Their ten digits are the same all the same.
        ("760305+2395", &[1]),
        // The internal id.
        ("person:2", &[2]),
        ("person:99", &[]),
    ];
    for (text, expected) in rows {
        assert_eq!(world.found(text), *expected, "{text}");
    }
}

#[test]
fn an_exact_number_comes_first_then_whole_names_then_begun_ones_then_the_rest_each_by_id() {
    let world = World::new();
    world.import(&[
        &format!("{ANNA};Lo;Lindgren;Annagatan 1;60299;X"),
        &format!("{BO};Annabell;Ek;;;"),
        &format!("{CECILIA};Anna;Ek;;;"),
        &format!("{ELSEWHERE};Anna;Alm;;;"),
    ]);
    // Numbered in the order of their id numbers.
    let id = |number: &str| world.found(number)[0];
    world.build();
    assert_eq!(world.found("anna"), [id(ELSEWHERE), id(CECILIA), id(BO), id(ANNA)]);
    let both = world.say(&["search", "anna", "--limit", "2", "--json"], b"");
    assert_eq!(both.out.lines().count(), 2);
    assert!(both.err.contains("first 2"), "{}", both.err);
    // The same digits in another century come after the exact ones.
    let older = BO.replacen("19", "18", 1);
    world.import(&[&format!("{older};Anna;Gammal;;;")]);
    world.build();
    assert_eq!(world.found("8501012382"), [id(BO), id(&older)]);
    assert_eq!(world.found("850101+2382"), [id(&older), id(BO)]);
}

#[test]
fn somebody_in_both_registers_is_one_hit_that_says_both() {
    let world = World::with_three();
    world.register(BO, "Bosse", "Ek", "Folkgatan 3");
    world.register(ELSEWHERE, "Disa", "Öst", "Folkgatan 4");
    let counts = world.build();
    assert_eq!((&counts["read"], &counts["created"], &counts["changed"]), (&4.into(), &1.into(), &1.into()));
    assert_eq!(world.found("folkgatan"), [2, 0]);
    let hits = world.hits("folkgatan");
    let (bo, disa) = (&hits[0], &hits[1]);
    assert_eq!((bo["first_name"].as_str(), bo["in_registry"].as_bool()), (Some("Bo"), Some(true)));
    assert_eq!(bo["population"]["first_name"], "Bosse");
    assert_eq!(bo["addresses"][0]["street"], "Testvägen 2");
    // One whom only the population register has: the same keys, what nobody knows is null.
    assert_eq!((disa["person"].is_null(), disa["in_registry"].as_bool()), (true, Some(false)));
    assert_eq!((&disa["id_number"], &disa["key_code"]), (&ELSEWHERE.into(), &"113204".into()));
    assert_eq!((&disa["addresses"][0]["street"], &disa["status"]), (&"Folkgatan 4".into(), &"active".into()));
    assert!(disa["spar"].is_null() && disa["category"].is_null());
    let keys = |hit: &serde_json::Value| hit.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(bo), keys(disa));
    let person = world.run(0, &["person", "show", "person:2"]);
    for (key, value) in person.as_object().unwrap() {
        assert_eq!(bo.get(key), Some(value), "{key}");
    }
    let text = world.say(&["search", "folkgatan"], b"").out;
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0][..4], ["person:2", BO, "active", "both"]);
    assert_eq!(lines[1][..6], ["-", ELSEWHERE, "active", "population", "Disa", "Öst,"]);
}

#[test]
fn somebody_who_entered_since_the_index_was_built_is_the_one_hit_of_their_row() {
    let world = World::new();
    world.register(ELSEWHERE, "Disa", "Öst", "Folkgatan 4");
    world.build();
    world.import(&[&format!("{ELSEWHERE};Disa;Öst;Folkgatan 4;;")]);
    assert_eq!((world.found("disa"), world.found(ELSEWHERE)), (vec![1], vec![1]));
    assert_eq!(world.build()["removed"], 1);
    assert_eq!(world.found("disa"), [1]);
}

#[test]
fn what_changed_since_is_found_by_the_old_words_and_shown_as_it_is_now() {
    let world = World::with_three();
    world.run(
        0,
        &["person", "set", "person:1", "--last-name", "Ny", "--address", "home", "--street", "Nygatan 9"],
    );
    let hits = world.hits("oberg");
    assert_eq!(
        (&hits[0]["last_name"], &hits[0]["addresses"][0]["street"]),
        (&"Ny".into(), &"Nygatan 9".into())
    );
    assert_eq!(world.found("nygatan"), [0; 0]);
    world.build();
    assert_eq!((world.found("oberg"), world.found("nygatan")), (vec![], vec![1]));
}

#[test]
fn a_former_number_finds_the_person() {
    let world = World::with_three();
    world.run(0, &["person", "set", "person:2", "--id-number", ELSEWHERE]);
    // Before and after the index knows of it.
    assert_eq!((world.found(BO), world.found(ELSEWHERE)), (vec![2], vec![2]));
    world.build();
    for text in [BO, ELSEWHERE, "bo 850101", "bo 841009"] {
        assert_eq!(world.found(text), [2], "{text}");
    }
}

#[test]
fn nothing_in_the_text_is_syntax() {
    let world = World::with_three();
    let rows: &[(&str, &[i64])] = &[
        ("\"anna\"", &[1, 3]),
        ("anna*", &[1, 3]),
        ("anna -karin", &[1]),
        ("-anna", &[1, 3]),
        ("--anna", &[1, 3]),
        ("anna OR bo", &[]),
        ("NEAR(anna karin)", &[]),
        ("names:anna", &[]),
        ("{names} : anna", &[]),
        ("anna\" OR \"bo", &[]),
        ("'; DROP TABLE person; --", &[]),
        ("%", &[]),
    ];
    for (text, expected) in rows {
        // From standard input, as an argument, and after two dashes.
        let said = world.say(&["search", "--", text], b"");
        let is_empty = !text.chars().any(char::is_alphanumeric);
        assert_eq!(said.exit, if is_empty { 2 } else { 0 }, "{text}: {}", said.err);
        assert_eq!(said.out.lines().count(), expected.len(), "{text}");
        assert_eq!(world.say(&["search", "-"], text.as_bytes()).out, said.out, "{text}");
    }
}

#[test]
fn words_need_no_quotes_and_a_dash_reads_them_from_standard_input() {
    let world = World::with_three();
    let found = |words: &[&str], input: &[u8]| {
        let said = world.say(&[words, &["--json"]].concat(), input);
        (said.exit, said.out.lines().count())
    };
    assert_eq!(found(&["search", "karin", "öberg"], b""), (0, 1));
    assert_eq!(found(&["search", "karin", "öberg", "--limit", "1"], b""), (0, 1));
    assert_eq!(found(&["search", "-"], "Karin Öberg\nbo\n".as_bytes()), (0, 1));
    assert_eq!(found(&["search", "-"], format!("{ANNA}\n").as_bytes()), (0, 1));
    // A byte that no argument can hold, and a text that nobody types.
    assert_eq!(found(&["search", "-"], b"karin\0oberg"), (0, 1));
    assert_eq!(found(&["search", "-"], &b"k".repeat(1 << 20)), (0, 0));
    let many: Vec<String> = (0..150_000).map(|word| format!("k{word}")).collect();
    let refused = world.say(&["search", "-"], many.join(" ").as_bytes());
    assert_eq!(refused.exit, 2);
    assert!(refused.err.contains("24 words") && !refused.err.contains("k1"), "{}", refused.err);
    assert_eq!(world.say(&["search", "-"], b"\n").exit, 2);
}

#[test]
fn a_search_leaves_no_run_and_no_trace_of_what_was_typed() {
    let world = World::with_three();
    let runs = || world.run(0, &["runs", "--all"]);
    let before = runs();
    for text in ["kanariefagel", "kanariefagel 850101-2382"] {
        let said = world.say(&["search", text], b"");
        assert_eq!((said.exit, said.out.as_str()), (0, ""));
        assert!(said.err.contains("Nobody found") && !said.err.contains("kanarie"), "{}", said.err);
    }
    assert_eq!((runs(), world.traces("kanarie")), (before, 0));
}

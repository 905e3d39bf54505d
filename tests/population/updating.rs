//! `update-persons`: what the register says reaches people by SPAR's own rules, once.

use serde_json::Value;

use super::support::*;

const CANARY: &str = "Kanariegatan 7";

/// A post of SPAR about somebody who lives at a street, or has their post sent there.
fn post(number: &str, element: &str, street: &str, changed_on: &str) -> String {
    format!(
        "<AviseringPost><PersonId><IdNummer>{number}</IdNummer><Typ>PERSONNUMMER</Typ></PersonId>\
         <Sekretessmarkering>NEJ</Sekretessmarkering><SkyddadFolkbokforing>NEJ</SkyddadFolkbokforing>\
         <SenasteAndringSPAR>{changed_on}</SenasteAndringSPAR><{element}><SvenskAdress>\
         <Utdelningsadress2>{street}</Utdelningsadress2><PostNr>60299</PostNr><Postort>NORRKÖPING</Postort>\
         </SvenskAdress></{element}></AviseringPost>"
    )
}

fn journal(world: &World) -> usize {
    world.ask("SELECT id FROM journal").len()
}

fn changes(done: &Done) -> Vec<(String, String, String)> {
    let all: Vec<Value> = done.json["changes"].as_array().cloned().unwrap_or_default();
    all.iter().map(|change| (word(change, "entity"), word(change, "field"), word(change, "why"))).collect()
}

#[test]
fn name_and_address_come_by_spars_rules_and_the_same_again_writes_nothing() {
    let world = World::with_three();
    world.load(&[row(ANNA, "Nygatan 1"), row(DAVID, "Nygatan 2")]).to(0);
    let done = world.run(&["update-persons", "--scope", "changed", "-v"]).to(0);
    assert_eq!((done.sorted(), done.count("address"), done.count("name")), ([1, 0, 0, 0, 0, 0], 1, 1));
    assert_eq!(world.address(ANNA), "/Nygatan 1/60299/NORRKÖPING");
    let anna = world.show(ANNA);
    assert_eq!((word(&anna, "first_name"), word(&anna, "last_name")), ("Tolvan".into(), "Tolvansson".into()));
    let why: Vec<String> = changes(&done).into_iter().map(|change| change.2).collect();
    assert!(
        why.contains(&"update-persons/11".into()) && why.contains(&"update-persons/12".into()),
        "{why:?}"
    );
    let before = world.everything();
    for scope in [&["changed"][..], &["nonresident"], &["all"], &["all", "--confirm"]] {
        let words = [&["update-persons", "--scope"], scope].concat();
        assert_eq!(world.run(&words).to(0).count("changed"), 0, "{scope:?}");
    }
    // A snapshot that says the same, in another spelling and order.
    world.load(&[row(DAVID, "nygatan 2"), row(ANNA, "NYGATAN 1")]).to(0);
    assert_eq!(world.update("changed").to(0).count("read"), 0);
    assert_eq!(world.everything(), before);
}

#[test]
fn somebody_whom_only_a_source_delivers_is_active_with_us() {
    let world = World::new();
    let file = world.file(format!("id_number;category;last_name\n{ANNA};student;Tolvansson\n"));
    let source =
        ["--set", "contacts.sources=[\"extens\"]", "sync-contacts", "--source", "extens", file.as_str()];
    assert_eq!(world.run(&source).count("created"), 1);
    world.load(&[row(ANNA, "Nygatan 1")]);
    assert_eq!(world.update("changed").count("address"), 1);
    assert_eq!(world.address(ANNA), "/Nygatan 1/60299/NORRKÖPING");
}

#[test]
fn a_name_part_that_the_register_says_is_empty_goes_and_an_absent_column_keeps() {
    let world = World::new();
    let header = "id_number;first_name;middle_name;last_name";
    world.person_rows(header, &[format!("{ANNA};Tolvan;Mellan;Tolvansson")]);
    let narrow = world.file(format!("id_number;protected;municipality;last_name\n{ANNA};;0581;Elvansson\n"));
    world.run(&["population-import", &narrow]).to(0);
    world.update("changed").to(0);
    let name = |world: &World| {
        ["first_name", "middle_name", "last_name"].map(|part| word(&world.show(ANNA), part)).join("/")
    };
    assert_eq!(name(&world), "Tolvan/Mellan/Elvansson");
    world.load(&[row(ANNA, "A")]).to(0);
    world.update("changed").to(0);
    assert_eq!(name(&world), "Tolvan//Tolvansson");
}

#[test]
fn changed_is_about_active_residents_whose_row_changed() {
    let world = World::with_three();
    world.run(&["person", "set", BO, "--block", "test"]);
    world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
    world.load_with(&["--nonresident"], &[row_of("0180", CECILIA, "C")]).to(0);
    assert_eq!(world.update("changed").to(0).sorted(), [2, 0, 0, 0, 0, 0]);
    assert_eq!(world.address(CECILIA), "/Testgatan 012390/60299/TESTBY");
    assert_eq!(world.update("nonresident").to(0).sorted(), [1, 0, 0, 0, 0, 0]);
    assert_eq!(world.address(CECILIA), "/C/60299/NORRKÖPING");
    // A change of what people don't carry changes nobody.
    world.load(&[row(ANNA, "A").replace("113204", "113205"), row(BO, "B2")]).to(0);
    assert_eq!(world.update("changed").to(0).sorted(), [1, 1, 0, 0, 0, 0]);
}

#[test]
fn whoever_is_not_active_is_left_to_scope_all() {
    let world = World::with_three();
    let gone = post(ANNA, "Folkbokforingsadress", "X", "2025-03-01")
        .replace("<Folkbokforingsadress>", "<Persondetaljer><AvregistreringsorsakKod>UV</AvregistreringsorsakKod></Persondetaljer><Folkbokforingsadress>");
    world.spar(1, 1, &gone);
    assert_eq!(word(&world.show(ANNA), "status"), "deregistered");
    world.load(&[row(ANNA, "Åter 1"), row(BO, "B")]).to(0);
    assert_eq!(world.update("changed").to(0).sorted(), [1, 0, 0, 0, 0, 0]);
    let done = world.run(&["update-persons", "--scope", "all", "--confirm"]).to(0);
    assert_eq!(done.sorted(), [1, 1, 0, 0, 0, 0]);
    assert_eq!(world.address(ANNA), "/Åter 1/60299/NORRKÖPING");
    assert_eq!(done.found(), Vec::<String>::new(), "an extract may be older than what SPAR said");
}

#[test]
fn all_proposes_and_does_it_when_confirmed() {
    let world = World::with_three();
    world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
    world.run(&["person", "set", BO, "--allow-update", "no"]).to(0);
    let before = world.everything();
    let proposal = world.update("all").to(0);
    assert_eq!(proposal.sorted(), [1, 0, 0, 0, 1, 0]);
    assert!(!changes(&proposal).is_empty());
    assert_eq!(world.everything(), before);
    assert_eq!(world.ask("SELECT count(*) FROM finding WHERE kind = 'update-blocked'"), ["0"]);
    let done = world.run(&["update-persons", "--scope", "all", "--confirm"]).to(3);
    assert_eq!((done.sorted(), done.found()), (proposal.sorted(), vec!["update-blocked".to_owned(); 2]));
    assert_eq!(world.address(ANNA), "/A/60299/NORRKÖPING");
    world.run(&["update-persons", "--scope", "some"]);
}

#[test]
fn a_day_of_death_makes_them_deceased_and_blocked_and_leaves_the_address() {
    let world = World::with_three();
    let dead = |number: &str, day: &str| format!("{}{day}", row(number, "Ny 1"));
    world.load(&[dead(ANNA, "19970701"), dead(BO, "2024-02-00"), row(CECILIA, "C")]).to(0);
    let done = world.update("changed").to(0);
    assert_eq!((done.sorted(), done.count("deceased")), ([3, 0, 0, 0, 0, 0], 2));
    let anna = world.show(ANNA);
    assert_eq!((word(&anna, "status"), &anna["blocked"]), ("deceased".into(), &true.into()));
    assert_eq!(word(&anna, "comment"), "SPAR - Avliden. Avregistreringsdatum 19970701");
    assert_eq!(word(&world.show(BO), "comment"), "SPAR - Avliden. Avregistreringsdatum 20240200");
    assert_eq!(anna["deregistration"], serde_json::json!({"code": "AV", "date": "1997-07-01"}));
    assert_eq!(world.address(ANNA), "/Testgatan 052395/60299/TESTBY");
    // Alive after all, says the register itself: a human looks at it.
    world.load(&[row(ANNA, "Ny 2"), row(CECILIA, "C2")]).to(0);
    let done = world.run(&["update-persons", "--scope", "all", "--confirm"]).to(3);
    assert_eq!(done.found(), ["returned"]);
    assert_eq!(word(&world.show(ANNA), "status"), "deceased");
}

#[test]
fn an_extract_that_has_not_heard_of_a_death_changes_nothing_about_it() {
    let world = World::with_three();
    world.run(&["population-import", &world.file(format!("{HEADER}\n{}\n", row(BO, "B")))]).to(0);
    let died = post(ANNA, "Persondetaljer", "", "2025-03-01");
    let died = died.replace(
        &died[died.find("<SvenskAdress>").unwrap()..died.find("</Persondetaljer>").unwrap()],
        "<AvregistreringsorsakKod>AV</AvregistreringsorsakKod><Avlidendatum>2025-02-01</Avlidendatum>",
    );
    world.spar(1, 1, &died).to(0);
    world.load(&[row(ANNA, "Gammal 1"), row(BO, "B")]).to(0);
    let done = world.run(&["update-persons", "--scope", "all", "--confirm"]).to(0);
    assert_eq!((done.count("address"), done.found().len()), (1, 0), "Bo's");
    assert_eq!(world.address(ANNA), "/Testgatan 052395/60299/TESTBY");
}

#[test]
fn too_many_dead_hold_the_run() {
    let world = World::new();
    let all = numbers(30);
    world.people(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let extract: Vec<String> =
        all[..21].iter().map(|number| format!("{}20250101", row(number, "A"))).collect();
    world.load(&extract).to(0);
    let before = world.everything();
    let dry = world.run(&["update-persons", "--scope", "changed", "--dry-run"]).to(4);
    let held = world.update("changed").to(4);
    assert!(held.json["error"]["text"].as_str().unwrap().contains("blocked 21 > 20"));
    assert_eq!((dry.sorted(), world.everything()), (held.sorted(), before));
    let run = held.json["run"]["id"].to_string();
    world.run(&["update-persons", "--scope", "changed", "--approve", &run]).to(0);
    assert_eq!(world.ask("SELECT count(*) FROM person WHERE status = 'deceased'"), ["21"]);
}

#[test]
fn spar_and_the_register_do_not_overwrite_each_other_for_ever() {
    let world = World::with_three();
    let night = |world: &World, day: u32, street: &str| {
        world.spar(day, day, &post(ANNA, "Folkbokforingsadress", "Från SPAR 1", "2025-03-01"));
        world.on(&format!("2025-03-{day:02}"));
        world.load(&[row(ANNA, street), row(BO, &format!("B{day}"))]).to(0);
        world.update("changed").to(0);
        world.address(ANNA)
    };
    let register = "/Registret 1/60299/NORRKÖPING";
    assert_eq!(night(&world, 3, "Registret 1"), register, "the register came last with something new");
    let rows = journal(&world);
    assert_eq!(night(&world, 4, "Registret 1"), register);
    assert_eq!(night(&world, 5, "registret 1"), register);
    assert_eq!(journal(&world), rows + 2, "Bo's moves only");
    // What staff put right stays until a source says something new.
    world.run(&["person", "set", ANNA, "--address", "home", "--street", "Rättad 1"]).to(0);
    assert_eq!(night(&world, 6, "Registret 1"), "/Rättad 1/60299/NORRKÖPING");
    assert_eq!(night(&world, 7, "Registret 2"), "/Registret 2/60299/NORRKÖPING");
}

#[test]
fn a_special_postal_address_gives_way_to_a_newer_plain_one_only() {
    let world = World::with_three();
    world.load(&[row(BO, "B")]).to(0);
    let special = "/Box 7/60299/NORRKÖPING";
    world.spar(10, 1, &post(ANNA, "SarskildPostadress", "Box 7", "2025-03-10")).to(0);
    assert_eq!(world.address(ANNA), special);
    // The register's first word of an address may be of any age, whenever its extract is loaded.
    world.on("2025-03-20");
    world.load(&[row(ANNA, "Hemma 1"), row(BO, "B")]).to(0);
    assert_eq!(world.update("changed").to(0).count("address"), 1, "Bo's");
    assert_eq!(world.address(ANNA), special);
    // SPAR says it anew, and the register moves on the same day: as old is not newer.
    world.spar(21, 2, &post(ANNA, "SarskildPostadress", "Box 8", "2025-03-21")).to(0);
    world.on("2025-03-21");
    world.load(&[row(ANNA, "Hemma 2"), row(BO, "B")]).to(0);
    world.update("changed").to(0);
    assert_eq!(world.address(ANNA), "/Box 8/60299/NORRKÖPING");
    world.on("2025-03-22");
    world.load(&[row(ANNA, "Hemma 3"), row(BO, "B")]).to(0);
    world.update("changed").to(0);
    assert_eq!(world.address(ANNA), "/Hemma 3/60299/NORRKÖPING");
    // A plain address of SPAR's ends what was special.
    world.spar(23, 3, &post(ANNA, "SarskildPostadress", "Box 9", "2025-03-23")).to(0);
    world.spar(24, 4, &post(ANNA, "Folkbokforingsadress", "Hemma 4", "2025-03-24")).to(0);
    assert_eq!(world.ask("SELECT special_since FROM person WHERE id = 1"), ["-"]);
}

#[test]
fn the_box_keeps_the_register_out_and_once_it_is_on_the_same_row_is_news() {
    let world = World::with_three();
    world.run(&["person", "set", ANNA, "--allow-update", "no"]).to(0);
    world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
    let done = world.update("changed").to(3);
    assert_eq!((done.sorted(), done.found()), ([1, 0, 0, 0, 1, 0], vec!["update-blocked".to_owned(); 2]));
    assert_eq!(world.address(ANNA), "/Testgatan 052395/60299/TESTBY");
    assert_eq!(world.update("changed").to(0).sorted(), [0, 0, 0, 0, 1, 0], "no news");
    world.run(&["person", "set", ANNA, "--allow-update", "yes"]).to(0);
    assert_eq!(world.update("changed").to(0).sorted(), [1, 0, 0, 0, 0, 0]);
    assert_eq!(world.address(ANNA), "/A/60299/NORRKÖPING");
}

#[test]
fn somebody_who_comes_in_later_hears_what_the_register_knew() {
    let world = World::new();
    world.load(&[row(ANNA, "A"), marked(BO, "ja"), row(DAVID, "D")]).to(0);
    assert_eq!(world.update("changed").to(0).count("read"), 0);
    world.people(&[ANNA, BO]);
    let before = world.everything();
    let dry = world.run(&["update-persons", "--scope", "changed", "--dry-run"]).to(0);
    assert_eq!(world.everything(), before);
    let done = world.update("changed").to(0);
    assert_eq!((done.sorted(), done.count("protected")), ([2, 0, 0, 0, 0, 0], 1));
    assert_eq!(dry.json["run"]["counts"], done.json["run"]["counts"]);
    assert_eq!(world.show(BO)["protected"], true);
    assert!(!world.holds("Testgatan 012382"), "Bo's address is gone");
    assert_eq!(world.update("changed").to(0).count("read"), 0);
}

#[test]
fn absence_says_nothing_to_people() {
    let world = World::with_three();
    world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
    world.load(&[row(BO, "B")]).to(0);
    assert_eq!(world.update("changed").to(0).sorted(), [1, 0, 0, 0, 0, 0]);
    assert_eq!(world.address(ANNA), "/Testgatan 052395/60299/TESTBY");
    assert_eq!(word(&world.show(ANNA), "status"), "active");
}

#[test]
fn a_row_under_a_former_number_finds_its_person_and_the_current_one_goes_first() {
    let world = World::with_three();
    world.run(&["person", "set", ANNA, "--id-number", DAVID]).to(0);
    world.load(&[row(ANNA, "Förr 1"), row(BO, "B")]).to(0);
    world.update("changed").to(0);
    assert_eq!(world.address(DAVID), "/Förr 1/60299/NORRKÖPING");
    world.load(&[row(ANNA, "Förr 2"), row(DAVID, "Nu 1"), row(BO, "B")]).to(0);
    assert_eq!(world.update("changed").to(0).sorted(), [1, 0, 0, 0, 1, 0]);
    assert_eq!(world.address(DAVID), "/Nu 1/60299/NORRKÖPING");
    assert_eq!(world.update("changed").to(0).count("read"), 0);
}

#[test]
fn a_mark_that_the_register_takes_back_is_for_a_human_and_others_marks_are_not_its_affair() {
    let world = World::with_three();
    world.run(&["person", "protect", BO, "--reason", "test", "--kind", "sekretessmarkering"]).to(0);
    world.load(&[marked(ANNA, "ja"), row(BO, "B"), row(CECILIA, "C")]).to(0);
    world.update("changed").to(0);
    world.load(&[row(ANNA, CANARY), row(BO, "B2"), row(CECILIA, "C")]).to(0);
    let done = world.update("changed").to(3);
    assert_eq!(done.found(), ["protection-lifted"]);
    assert_eq!(done.json["findings"][0]["subject"], "person:1");
    assert_eq!(world.show(ANNA)["protected"], true);
    assert!(!world.holds(CANARY));
    world.run(&["person", "unprotect", ANNA, "--reason", "looked into"]).to(0);
    // Nothing comes back by itself; the next extract brings it.
    assert_eq!(world.update("changed").to(0).count("changed"), 0);
    world.load(&[row(ANNA, CANARY), row(BO, "B2"), row(CECILIA, "C2")]).to(0);
    world.update("changed").to(0);
    assert_eq!(world.address(ANNA), format!("/{CANARY}/60299/NORRKÖPING"));
}

#[test]
fn an_undone_update_is_not_made_again_by_the_same_row() {
    let world = World::with_three();
    world.load(&[row(ANNA, "A"), row(BO, "B")]).to(0);
    let run = world.update("changed").to(0).json["run"]["id"].to_string();
    world.run(&["undo", &run]).to(0);
    assert_eq!(world.address(ANNA), "/Testgatan 052395/60299/TESTBY");
    assert_eq!(world.update("changed").to(0).count("read"), 0);
    assert_eq!(world.run(&["update-persons", "--scope", "all", "--confirm"]).to(0).count("changed"), 0);
    world.load(&[row(ANNA, "A2"), row(BO, "B")]).to(0);
    world.update("changed").to(0);
    assert_eq!(world.address(ANNA), "/A2/60299/NORRKÖPING");
}

#[test]
fn whoever_becomes_protected_leaves_no_value_in_the_register() {
    // Of the registry or unknown to it, by row, by SPAR, by hand.
    for number in [ANNA, DAVID] {
        let world = World::with_three();
        world.load(&[row(number, CANARY), row(BO, "B")]).to(0);
        assert!(world.holds(CANARY));
        world.load(&[marked(number, "yes"), row(BO, "B")]).to(0);
        assert!(!world.holds(CANARY), "{number}");
        assert_eq!(world.ask("SELECT count(*) FROM mark"), ["0"], "the erasure is finished");
    }
    let world = World::with_three();
    world.load(&[row(ANNA, CANARY), row(BO, CANARY)]).to(0);
    world.update("changed").to(0);
    let post = format!(
        "<AviseringPost><PersonId><IdNummer>{ANNA}</IdNummer><Typ>PERSONNUMMER</Typ></PersonId>\
         <Sekretessmarkering>JA</Sekretessmarkering><SkyddadFolkbokforing>NEJ</SkyddadFolkbokforing></AviseringPost>"
    );
    world.spar(3, 1, &post).to(0);
    world.run(&["person", "protect", BO, "--reason", "test"]).to(0);
    assert!(!world.holds(CANARY));
    assert_eq!(world.ask("SELECT count(*) FROM population WHERE protected = 1 AND pending = 0"), ["2"]);
}

#[test]
fn while_somebody_is_protected_here_the_registers_values_stay_out() {
    let world = World::with_three();
    world.run(&["person", "protect", ANNA, "--reason", "test"]).to(0);
    let done = world.load(&[row(ANNA, CANARY), row(BO, "B")]).to(0);
    assert_eq!(done.sorted(), [0, 0, 1, 0, 1, 0]);
    assert!(!world.holds(CANARY));
    world.load(&[row(ANNA, CANARY), row(BO, "B2")]).to(0);
    world.update("changed").to(0);
    world.run(&["update-persons", "--scope", "all", "--confirm"]).to(0);
    assert!(!world.holds(CANARY));
    assert_eq!(world.ask("SELECT count(*) FROM address WHERE person_id = 1"), ["0"]);
    // Lifted by a human: the next extract brings the values.
    world.run(&["person", "unprotect", ANNA, "--reason", "test"]).to(0);
    world.load(&[row(ANNA, CANARY), row(BO, "B3")]).to(0);
    world.update("changed").to(0);
    assert_eq!(world.address(ANNA), format!("/{CANARY}/60299/NORRKÖPING"));
}

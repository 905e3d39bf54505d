//! Unknown numbers: who is created, who takes a temporary number's place, and what is asked. (sync-contacts 9)

use crate::support::{ANNA, BO, World};

const HEADER: &str = "id_number;category;first_name;last_name;birth_date;email";

fn sync(world: &World, rows: &[&str]) -> crate::support::Done {
    world.sync_with("procapita", HEADER, rows, &[])
}

#[test]
fn an_unknown_number_is_created_with_names_that_no_later_file_changes() {
    let world = World::new();
    let done = sync(&world, &[&format!("{ANNA};guardian;Anna;Prov;;a@example.org")]).to(0);
    assert_eq!(done.records(), [("created", 1)]);
    sync(&world, &[&format!("{ANNA};guardian;Annika;Annan;1977-01-01;a@example.org")]).to(0);
    let person = world.person(1);
    assert_eq!((person["first_name"].as_str(), person["last_name"].as_str()), (Some("Anna"), Some("Prov")));
    assert_eq!(person["birth_date"].as_str(), Some("1976-03-05"), "read from the number");
    assert_eq!(person["category"], serde_json::Value::Null);
}

#[test]
fn nobody_is_created_where_the_setting_says_so() {
    let world = World::with("contacts.create = false\n");
    let done = sync(&world, &[&format!("{ANNA};guardian;Anna;Prov;;a@example.org")]).to(0);
    assert_eq!((done.records(), world.list().len()), (vec![("unknown", 1)], 0));
}

#[test]
fn a_temporary_number_gives_way_to_the_full_one_of_the_same_names_and_birth_date() {
    let world = World::new();
    sync(&world, &["19760305-TF12;student;Anna Maria;Prov;;tf@example.org"]).to(0);
    let done = sync(&world, &[&format!("{ANNA};student;ANNA MARIA;prov;;a@example.org")]).to(0);
    assert_eq!((done.records(), done.count("number_changed")), (vec![("changed", 1)], 1));
    let person = world.person(1);
    assert_eq!(person["id_number"], ANNA);
    assert_eq!(person["former_numbers"][0], "19760305-TF12");
    assert_eq!(world.email(1), "a@example.org source:procapita");
    assert_eq!(world.list().len(), 1);
    let run = done.json["run"]["id"].to_string();
    world.run(&["undo", &run]).to(0);
    assert_eq!(
        (world.person(1)["id_number"].clone(), world.email(1)),
        ("19760305-TF12".into(), "tf@example.org source:procapita".into())
    );
}

#[test]
fn of_two_temporary_numbers_none_is_taken_and_a_human_is_asked() {
    let world = World::new();
    sync(&world, &["19760305-TF12;student;Anna;Prov;;", "19760305-TF13;student;Anna;Prov;;"]).to(0);
    let done = sync(&world, &[&format!("{ANNA};student;Anna;Prov;;")]).to(3);
    assert_eq!(done.records(), [("created", 1)]);
    assert_eq!(done.found(), [("same-name-other-number".to_owned(), "person:3".to_owned())]);
}

#[test]
fn the_same_name_and_birth_date_with_another_full_number_is_created_and_told() {
    let world = World::new();
    sync(&world, &[&format!("{BO};guardian;Bo;Prov;;")]).to(0);
    let done = sync(&world, &["198501012390;guardian;bo;PROV;;"]).to(3);
    assert_eq!(done.records(), [("created", 1)]);
    assert_eq!(done.found(), [("same-name-other-number".to_owned(), "person:2".to_owned())]);
}

#[test]
fn a_protected_person_with_a_temporary_number_is_not_doubled() {
    let world = World::new();
    sync(&world, &["19760305-TF12;student;Anna;Prov;;"]).to(0);
    world.run(&["person", "protect", "person:1", "--reason", "test"]).to(0);
    let done = sync(&world, &[&format!("{ANNA};student;Anna;Prov;;a@example.org")]).to(3);
    assert_eq!((done.records(), done.count("protected")), (vec![("skipped", 1)], 1));
    assert_eq!(done.found(), [("number-change".to_owned(), "person:1".to_owned())]);
    assert_eq!(world.list().len(), 1);
    assert_eq!(world.ask("SELECT count(*) FROM contact"), ["0"]);
}

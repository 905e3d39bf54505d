//! `OneRoster` deliveries: bundles with a manifest, and `users.csv` alone.

use std::fs::File;
use std::io::Write;

use serde_json::json;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::support::{ANNA, BO, CECILIA, Done, World};

const LINES: &str = "sources.procapita.format = \"oneroster\"\n";
const USERS: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,identifier,email,sms,phone,metadata.x";

fn deliver(world: &World, members: &[(&str, String)]) -> Done {
    let path = world.path("delivery.zip");
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    for (name, content) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    world.run(&["sync-contacts", "--source", "procapita", path.to_str().unwrap()])
}

fn manifest(lines: &str) -> (&'static str, String) {
    ("manifest.csv", format!("propertyName,value\noneroster.version,1.1\n{lines}"))
}

fn user(id: &str, status: &str, role: &str, number: &str, email: &str) -> String {
    format!("{id},{status},,true,o1,{role},u,Anna,Prov,{number},{email},070-174 06 05,,x\n")
}

#[test]
fn a_bulk_delivery_gives_numbers_roles_and_mobiles_and_its_birth_dates() {
    let world = World::with(LINES);
    let rows = [("u1", "student", ANNA), ("u2", "parent", BO), ("u3", "aide", CECILIA)]
        .map(|(id, role, number)| user(id, "", role, number, "a@example.org"));
    let done = deliver(
        &world,
        &[
            manifest("file.users,bulk\nfile.demographics,bulk\n"),
            ("users.csv", format!("{USERS}\n{}", rows.concat())),
            (
                "demographics.csv",
                "sourcedId,status,dateLastModified,birthDate,sex\nu1,,,1976-03-06,\n".into(),
            ),
        ],
    );
    assert_eq!(done.to(3).records(), [("created", 3)]);
    let person = world.person(1);
    assert_eq!(
        (person["id_number"].as_str(), person["birth_date"].as_str()),
        (Some(ANNA), Some("1976-03-06"))
    );
    assert_eq!(person["contacts"]["mobile"]["value"], "+46701740605");
    let categories = [1, 2, 3].map(|id| world.person(id)["categories"]["procapita"].clone());
    assert_eq!(categories, [json!(["student"]), json!(["guardian"]), json!(["staff"])]);
}

#[test]
fn a_delta_says_what_changed_and_what_is_to_be_deleted_counts_as_absent() {
    let world = World::with(LINES);
    let users = |rows: &str| ("users.csv", format!("{USERS}\n{rows}"));
    let bulk =
        user("u1", "", "student", ANNA, "a@example.org") + &user("u2", "", "student", BO, "b@example.org");
    deliver(&world, &[manifest("file.users,bulk\n"), users(&bulk)]);
    let delta = user("u1", "active", "student", ANNA, "new@example.org")
        + &user("u2", "tobedeleted", "student", BO, "")
        + &user("u3", "", "student", CECILIA, "c@example.org");
    let done = deliver(&world, &[manifest("file.users,delta\n"), users(&delta)]).to(3);
    assert_eq!(done.records(), [("changed", 1), ("skipped", 1), ("rejected", 1)]);
    assert_eq!(
        [1, 2].map(|id| world.email(id)),
        ["new@example.org source:procapita", "b@example.org source:procapita"]
    );
}

#[test]
fn since_1_2_roles_stand_in_a_file_of_their_own_and_somebody_may_have_several() {
    let world = World::with(LINES);
    let done = deliver(
        &world,
        &[
            manifest("file.users,bulk\nfile.roles,bulk\n"),
            ("users.csv", format!("sourcedId,status,givenName,familyName,identifier,email,sms,phone\nu1,,A,B,{ANNA},a@example.org,,\n")),
            ("roles.csv", "sourcedId,status,userSourcedId,roleType,role\nr1,,u1,primary,teacher\nr2,,u1,secondary,parent\n".into()),
        ],
    );
    assert_eq!(done.to(0).records(), [("created", 1)]);
    assert_eq!(world.person(1)["categories"], json!({"procapita": ["staff", "guardian"]}));
}

#[test]
fn users_alone_are_read_and_a_mapping_may_say_where_the_number_is() {
    let lines = format!("{LINES}sources.procapita.columns = {{ \"username\" = \"id_number\" }}\n");
    let world = World::with(&lines);
    let users = format!("{USERS}\nu1,,,true,o1,guardian,{ANNA},Anna,Prov,42,a@example.org,,,\n");
    let done = world.run_on("users.csv", &users, &["sync-contacts", "--source", "procapita"]);
    assert_eq!(done.to(0).records(), [("created", 1)]);
    assert_eq!(world.person(1)["id_number"], ANNA);
}

#[test]
fn a_bundle_that_can_not_be_read_changes_nothing() {
    let world = World::with(LINES);
    let users = ("users.csv", format!("{USERS}\n"));
    assert_eq!(deliver(&world, std::slice::from_ref(&users)).to(2).error(), "bundle-manifest");
    assert_eq!(deliver(&world, &[manifest("file.users,bulk\n")]).to(2).error(), "bundle-missing");
    assert_eq!(deliver(&world, &[manifest("file.users,absent\n"), users]).to(2).error(), "bundle-missing");
    let words = ["sync-contacts", "--source", "procapita"];
    assert_eq!(world.run_on("broken.zip", "PK nothing", &words).to(1).error(), "bundle-damaged");
}

//! `person why`: where each value came from and what lost. (docs/why.md)

use serde_json::Value;

use crate::support::{NUMBERS, World};

fn fact(world: &World, field: &str) -> Value {
    let account: Value =
        serde_json::from_str(&world.text(&["person", "why", "person:1", field, "--json"])).unwrap();
    assert_eq!(account["fields"].as_array().unwrap().len(), 1);
    account["fields"][0].clone()
}

fn sync(world: &World, source: &str, email: &str) {
    let rows = format!("id_number,category,email\n{},student,{email}\n", NUMBERS[0]);
    world.run_on("s.csv", &rows, &["sync-contacts", "--source", source]);
}

#[test]
fn a_value_tells_its_run_rule_file_source_and_what_it_replaced() {
    let world = World::with_people(1);
    let entered = fact(&world, "last_name");
    assert_eq!(
        (&entered["origin"]["job"], &entered["origin"]["why"]),
        (&"person-import".into(), &Value::Null)
    );
    assert_eq!(entered["origin"]["run"], 1);
    sync(&world, "extens", "ny@example.org");
    let email = fact(&world, "email");
    assert_eq!(email["value"]["value"], "ny@example.org");
    assert_eq!(email["origin"]["source"], "extens");
    assert_eq!(email["origin"]["why"], "sync-contacts/2");
    assert_eq!(email["origin"]["old"]["value"], "p0@example.org");
    world.run(&["person", "set", "person:1", "--last-name", "Ny"]).to(0);
    assert_eq!(fact(&world, "last_name")["origin"]["old"], "Test");
    // Parts of an address, and a former number, mean the whole.
    for (name, field) in [("street", "home"), ("address", "home"), ("former_numbers", "id_number")] {
        assert_eq!(fact(&world, name)["field"], field);
    }
    assert_eq!(world.run(&["person", "why", "person:1", "shoe_size"]).to(2).error(), "why-unknown-field");
    assert_eq!(world.run(&["person", "why", "person:9"]).to(1).error(), "not-found");
}

#[test]
fn a_source_that_lost_tells_why_and_what_would_have_to_change() {
    let world = World::with_people(1);
    sync(&world, "extens", "e@example.org");
    sync(&world, "procapita", "p@example.org");
    assert_eq!(fact(&world, "email")["lost"][0]["code"], "lost-other-source");
    world.run(&["person", "set", "person:1", "--email", "egen@example.org", "--by-person"]).to(0);
    let lost = fact(&world, "email")["lost"].clone();
    let codes: Vec<&Value> = lost.as_array().unwrap().iter().map(|lost| &lost["code"]).collect();
    assert_eq!(codes, ["lost-persons-own", "lost-persons-own"]);
    assert_eq!(lost[1]["value"], "p@example.org");
    let text = world.text(&["person", "why", "person:1", "email", "--lang", "en"]);
    assert!(text.contains("extens says e@example.org: The person changed it themselves."), "{text}");
    let text = world.text(&["person", "why", "person:1", "email", "--lang", "sv"]);
    assert!(text.contains("ändrat för hand: person-set, körning 4,"), "{text}");
    // What it says is so: after giving back, the source that delivers again wins.
    world.run(&["contacts", "reset", "person:1"]).to(0);
    assert_eq!(fact(&world, "email")["lost"][0]["code"], "lost-next-time");
    sync(&world, "extens", "e@example.org");
    assert_eq!(fact(&world, "email")["value"]["value"], "e@example.org");
}

#[test]
fn the_population_register_tells_why_its_address_and_code_are_not_taken() {
    let world = World::with_people(1);
    let rows = format!(
        "id_number,protected,municipality,key_code,last_name,street,city\n{},,0581,0102,Annat,Nya vägen 1,ORT\n",
        NUMBERS[0]
    );
    world.run_on("p.csv", &rows, &["population-import", "--mode", "changes"]).to(0);
    let lost = |field: &str| fact(&world, field)["lost"][0].clone();
    assert_eq!(lost("home")["code"], "lost-not-yet");
    assert_eq!(lost("home")["value"]["street"], "Nya vägen 1");
    assert_eq!(lost("last_name")["value"], "Annat");
    assert_eq!(lost("key_code")["code"], "lost-areas-not-yet");
    world.run(&["person", "set", "person:1", "--allow-update", "no"]).to(0);
    assert_eq!(lost("home")["code"], "lost-box");
    world.run(&["person", "set", "person:1", "--allow-update", "yes"]).to(0);
    world.run(&["update-persons", "--scope", "all", "--confirm"]).to(0);
    assert_eq!(fact(&world, "home")["origin"]["why"], "update-persons/11");
    assert_eq!(lost("home"), Value::Null);
    world.run(&["person", "set", "person:1", "--address", "home", "--street", "Egen väg 2"]).to(0);
    assert_eq!(lost("home")["code"], "lost-heard-before");
}

#[test]
fn staff_see_why_somebody_was_blocked_and_of_a_protected_person_only_rule_run_and_time() {
    let world = World::with_people(1);
    world.run(&["person", "set", "person:1", "--block", "lånekort stulet"]).to(0);
    let all = world.text(&["person", "why", "person:1", "--lang", "sv"]);
    assert!(all.contains("skäl (block): lånekort stulet (körning 2,"), "{all}");
    sync(&world, "extens", "hemlig@example.org");
    world.run(&["person", "protect", "person:1", "--reason", "hemligt skäl"]).to(0);
    for words in [
        vec!["person", "why", "person:1"],
        vec!["person", "why", "person:1", "--json"],
        vec!["person", "why", "person:1", "email", "--json"],
    ] {
        let text = world.text(&words);
        for secret in ["hemlig", "example.org", "stulet", "Test", "Gatan", "extens", NUMBERS[0]] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    let account: Value =
        serde_json::from_str(&world.text(&["person", "why", "person:1", "protected", "--json"])).unwrap();
    assert_eq!(account["fields"][0]["origin"]["why"], "person-protect");
    assert_eq!(account["fields"][0]["value"], Value::Null);
}

#[test]
fn what_is_older_than_the_journal_says_so() {
    let world = World::with_people(1);
    world.run(&["person", "set", "person:1", "--last-name", "Ny"]).to(0);
    world.execute("DELETE FROM journal WHERE run_id = 1");
    assert_eq!(fact(&world, "home")["unknown"], "older");
    assert_eq!(fact(&world, "last_name")["origin"]["run"], 2);
    let text = world.text(&["person", "why", "person:1", "home", "--lang", "en"]);
    assert!(text.contains("older than the journal, which is kept for 400 days"), "{text}");
}

#[test]
fn every_rule_that_a_change_names_has_words() {
    let world = World::new();
    let out = world.text(&["person", "why", "--help"]);
    assert!(out.contains("Exit codes"));
    let sources: String = ["src/domain", "src/jobs"].iter().map(|folder| read(folder.as_ref())).collect();
    let texts = std::fs::read_to_string("src/text/why.rs").unwrap();
    let mut rules: Vec<&str> =
        sources.split("Why(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    rules.sort_unstable();
    rules.dedup();
    assert!(rules.len() > 8, "{rules:?}");
    for rule in rules.into_iter().filter(|rule| *rule != "test") {
        let code = format!("\"why-{}\"", rule.replace('/', "-"));
        assert!(texts.contains(&code), "{rule} has no words in src/text/why.rs");
    }
}

fn read(folder: &std::path::Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_test = path.file_name().is_some_and(|name| name == "tests.rs" || name == "tests");
        if path.is_dir() && !is_test {
            all += &read(&path);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test {
            all += &std::fs::read_to_string(path).unwrap();
        }
    }
    all
}

#[test]
fn what_keeps_somebody_is_what_purge_explains() {
    let world = World::with_people(2);
    world.run(&["person", "hold", "person:1", "--reason", "prov"]).to(0);
    world.run(&["person", "protect", "person:2", "--reason", "prov"]).to(0);
    for person in ["person:1", "person:2"] {
        for format in [&[][..], &["--json"]] {
            let why = world.text(&[&["person", "why", person, "--purge"][..], format].concat());
            assert_eq!(why, world.text(&[&["purge", "--explain", person][..], format].concat()));
            assert!(!why.is_empty());
        }
    }
    assert!(world.text(&["person", "why", "person:1", "--purge", "--json"]).contains("\"hold\""));
}

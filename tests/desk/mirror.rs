//! Another system that applies the feed and nothing else has everybody as they are, and of protected people nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{NUMBERS, World};

/// What docs/changes.md tells a consumer to do with each row.
pub fn apply(mirror: &mut BTreeMap<i64, Value>, rows: &[Value]) {
    for row in rows {
        let id = row["person"].as_i64().unwrap();
        match row["verb"].as_str().unwrap() {
            "created" | "unprotected" => drop(mirror.insert(id, row["new"].clone())),
            "protected" => drop(mirror.insert(id, json!({ "person": id, "protected": true }))),
            "removed" => drop(mirror.remove(&id)),
            "changed" => {
                let person = mirror.get_mut(&id).unwrap();
                let (field, new) = (row["field"].as_str().unwrap(), row["new"].clone());
                match row["entity"].as_str().unwrap() {
                    "address" => {
                        let addresses = person["addresses"].as_array_mut().unwrap();
                        addresses.retain(|address| address["kind"] != field);
                        addresses.extend(Some(new).filter(|new| !new.is_null()));
                    }
                    "contact" => person["contacts"][field] = new,
                    "person" | "number" => person[field] = new,
                    other => panic!("{other}"),
                }
            }
            other => panic!("{other}"),
        }
    }
}

/// Everybody as a mirror should have them: what SPAR was asked is not in the feed.
pub fn expected(world: &World) -> BTreeMap<i64, Value> {
    let shown = |mut person: Value| {
        let id = person["person"].as_i64().unwrap();
        if person["protected"] == true {
            return (id, json!({ "person": id, "protected": true }));
        }
        person.as_object_mut().unwrap().remove("spar");
        (id, sorted(person))
    };
    world.list().into_iter().map(shown).collect()
}

/// The order of addresses says nothing.
pub fn sorted(mut person: Value) -> Value {
    if let Some(addresses) = person["addresses"].as_array_mut() {
        addresses.sort_by_key(|address| address["kind"].to_string());
    }
    person
}

#[track_caller]
fn assert_mirrors(world: &World, mirror: &BTreeMap<i64, Value>) {
    let mirror: BTreeMap<i64, Value> = mirror
        .iter()
        .map(|(id, person)| {
            (*id, if person["protected"] == true { person.clone() } else { sorted(person.clone()) })
        })
        .collect();
    assert_eq!(mirror, expected(world));
}

/// Reproducible, without the clock.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// Something that changes people; some of it is refused, which is fine.
fn deed(world: &World, dice: &mut Dice) {
    let person = format!("person:{}", dice.roll(8) + 1);
    let value = format!("Värde {}", dice.roll(3));
    let words: Vec<&str> = match dice.roll(12) {
        0 => vec!["person", "set", &person, "--last-name", &value],
        1 => vec!["person", "set", &person, "--address", "work", "--street", &value, "--active", "yes"],
        2 => vec!["person", "set", &person, "--email", "", "--by-person"],
        3 => vec!["person", "set", &person, "--email", "egen@example.org", "--by-person"],
        4 => vec!["person", "set", &person, "--block", "prov", "--class", "lån", "--category", &value],
        5 => vec!["person", "set", &person, "--comment", &value, "--birth-date", "1850-01-02"],
        6 => vec!["person", "set", &person, "--id-number", NUMBERS[dice.roll(8)]],
        7 => vec!["person", "protect", &person, "--reason", "prov"],
        8 => vec!["person", "unprotect", &person, "--reason", "prov"],
        9 => {
            let newest: usize = world.ask("SELECT CAST(max(id) AS TEXT) FROM run")[0].parse().unwrap();
            let run = (newest - dice.roll(4).min(newest - 1)).to_string();
            drop(world.run(&["undo", &run]));
            return;
        }
        10 => {
            let rows = format!(
                "id_number,category,email\n{},guardian,k{}@example.org\n",
                NUMBERS[dice.roll(8)],
                dice.roll(3)
            );
            drop(world.run_on(
                "s.csv",
                &rows,
                &["sync-contacts", "--source", "extens", "--allow", "contacts=99"],
            ));
            return;
        }
        _ => {
            let row = |number: &&str| {
                format!(
                    "{number},{},0581,0102,Gatan {}\n",
                    if dice.roll(3) == 0 { "ja" } else { "" },
                    dice.roll(3)
                )
            };
            let rows: String = NUMBERS.iter().map(row).collect();
            let rows = format!("id_number,protected,municipality,key_code,street\n{rows}");
            drop(world.run_on("p.csv", &rows, &["population-import", "--mode", "changes"]));
            drop(world.run(&["update-persons", "--scope", "all", "--confirm", "--allow", "protected=99"]));
            vec!["update-areas"]
        }
    };
    drop(world.run(&words));
}

#[test]
fn whoever_applies_the_feed_has_everybody_as_they_are_and_of_protected_people_nothing() {
    for seed in 0..3 {
        let world = World::with_people(6);
        let mut dice = Dice(seed);
        let mut nightly = BTreeMap::new();
        for _ in 0..8 {
            for _ in 0..3 {
                deed(&world, &mut dice);
            }
            let rows = world.cursor("nightly");
            apply(&mut nightly, &rows);
            assert_mirrors(&world, &nightly);
            world.run(&["changes", "--cursor", "nightly", "--ack"]).to(0);
            assert_eq!(world.cursor("nightly"), Vec::<Value>::new());
        }
        let mut whole = BTreeMap::new();
        apply(&mut whole, &world.feed("0"));
        assert_mirrors(&world, &whole);
        let protected: Vec<i64> =
            whole.iter().filter(|(_, person)| person["protected"] == true).map(|(id, _)| *id).collect();
        let bare = |row: &Value| row["old"].is_null() && row["new"].is_null() && row["protected"] == true;
        let of_them =
            world.feed("0").into_iter().filter(|row| protected.contains(&row["person"].as_i64().unwrap()));
        assert!(of_them.into_iter().all(|row| bare(&row)));
    }
}

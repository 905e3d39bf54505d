//! `mantal sweep`: finds whatever is left, says where, and never what.

use std::fs;
use std::io::Write;
use std::sync::atomic::AtomicUsize;

use mantal::domain::protection::columns::{Column, Fate, PERSONAL};
use mantal::jobs::sweep::{Around, Copies, Place, Standing, Sweep, sweep};
use mantal::registry::sweep::swept_columns;
use rusqlite::{Connection, types::Value as Sql};
use serde_json::json;

use crate::support::{ANNA, ANNA_NEW, EMAIL, STREET, World};

fn look(world: &World) -> Sweep {
    let settings = mantal::config::load(&world.home("mantal.toml"), &[]).unwrap();
    let around =
        Around { settings: &settings, paths: &[], copies: Copies::Included, stop: &AtomicUsize::new(0) };
    sweep(&around).unwrap()
}

/// Tables and columns in which something was found, of the registry itself.
fn columns(found: &Sweep) -> Vec<String> {
    let of_registry = found.hits.keys().filter(|spot| spot.place == Place::Registry);
    of_registry.map(|spot| spot.column.map(|(table, column)| format!("{table}.{column}")).unwrap()).collect()
}

/// A row of every table for person 1, as if their protection had not erased it.
const ROWS: &str = "INSERT INTO address (person_id, kind, active) VALUES (1, 'home', 1);
    INSERT INTO contact (person_id, field, value, origin, user_changed) VALUES (1, 'phone', '', '', 0);
    INSERT INTO person_area (person_id, activity, area) VALUES (1, '', '');
    INSERT INTO source_statement (person_id, source, categories) VALUES (1, '', '');
    INSERT INTO settled_row (person_id, digest) VALUES (1, 0);
    INSERT INTO contact_edit (person_id, field, edited_at) VALUES (1, 'phone', '');
    INSERT INTO source_conflict (person_id, field, detail, sources, facts) VALUES (1, '', '', '', '');
    INSERT INTO notice (person_id, kind, other_id) VALUES (1, 'returned', NULL);
    INSERT INTO population (key, kind, municipality, nonresident, present, protected, pending)
        SELECT key, kind, '0581', 0, 1, 0, 1 FROM number WHERE person_id = 1;
    INSERT INTO search_entry (id, names, places, numbers) VALUES (1, '', '', '');
    INSERT INTO finding (kind, subject, state, first_seen, last_seen, run_id)
        VALUES ('returned', 'person:1', 'open', '', '', 1);
    INSERT INTO retained_change (run_id, kind, record_id, person_id, verb) VALUES (1, 'case', 1, 1, 'created');
    INSERT INTO relation (person_id, related_id, kind) VALUES (2, 1, 'guardian');
    INSERT INTO retained_change (run_id, kind, record_id, person_id, verb) VALUES (1, 'case', 1, 1, 'changed');";

fn plant(world: &World, column: &Column) {
    let connection = Connection::open(world.home("registry.db")).unwrap();
    connection.execute_batch(ROWS).unwrap();
    let whose = match column.table {
        "person" | "search_entry" => "id = 1",
        "finding" => "subject = 'person:1'",
        "population" => "key IN (SELECT key FROM number WHERE person_id = 1)",
        "relation" => "related_id = 1",
        _ => "person_id = 1",
    };
    let value: Sql = match (column.table, column.name) {
        ("address", "kind") => "work".to_owned().into(),
        ("relation", "kind") => "guardian".to_owned().into(),
        ("contact" | "contact_edit", "field") => "mobile".to_owned().into(),
        ("number", "said") | ("population", "taken") => vec![0x4b; 32].into(),
        ("notice", "other_id") | ("number", "post") | ("settled_row", "digest") => 2.into(),
        ("journal", "changes") => "[[\"address.home.street\",null,\"x\",\"spar\"]]".to_owned().into(),
        ("finding", "params") => "{\"other\":\"x\"}".to_owned().into(),
        _ => "1977-07-07".to_owned().into(),
    };
    let sql = format!("UPDATE {} SET {} = ? WHERE {whose}", column.table, column.name);
    assert!(connection.execute(&sql, [value]).unwrap() > 0, "{column:?}");
}

#[test]
fn every_column_that_is_erased_is_swept_and_told_by_its_name() {
    let erased = PERSONAL.iter().filter(|column| column.fate == Fate::Erased).count();
    // All but the notes on findings, which staff may write later.
    assert_eq!(swept_columns().count(), erased - 1);
    let world = World::with_anna_protected();
    let registry = fs::read(world.home("registry.db")).unwrap();
    for column in swept_columns() {
        plant(&world, column);
        let found = look(&world);
        let name = format!("{}.{}", column.table, column.name);
        assert!(columns(&found).contains(&name), "{name}: {:?}", columns(&found));
        assert_eq!(found.exit(), 3);
        for file in ["registry.db-wal", "registry.db-shm"] {
            drop(fs::remove_file(world.home(file)));
        }
        fs::write(world.home("registry.db"), &registry).unwrap();
    }
    assert_eq!(look(&world).exit(), 0, "as it was before");
}

#[test]
fn after_an_erasure_nothing_is_found_and_open_people_never_are() {
    let world = World::with_three();
    let rows = format!("id_number,protected,municipality,key_code,street\n{ANNA},no,0581,113204,{STREET}\n");
    let file = world.write("population.csv", rows.as_bytes());
    world.to(0, &["--set", "municipality=0581", "population-import", "--mode", "snapshot", &file]);
    world.to(0, &["update-search"]);
    assert_eq!(world.to(0, &["sweep", "--json"]).json()["looked"]["people"], 0);
    world.protect(1);
    let said = world.to(0, &["sweep", "--json"]);
    assert_eq!(said.json()["ok"], true);
    assert_eq!((said.json()["looked"]["people"].clone(), said.json()["hits"].clone()), (json!(1), json!([])));
}

#[test]
fn what_is_left_is_named_by_place_and_internal_id_and_never_by_value() {
    let world = World::with_anna_protected();
    world.sql(&format!(
        "INSERT INTO address (person_id, kind, active, street) VALUES (1, 'home', 1, '{STREET}')"
    ));
    let said = world.to(3, &["sweep", "--json"]);
    let hit = json!({
        "place": "registry", "file": null, "table": "address", "column": "street", "standing": "erased",
        "people": [1], "former_number": false,
        "text": "address.street: something of person:1 stands here that a protected person must not leave behind.",
    });
    assert!(said.json()["hits"].as_array().unwrap().contains(&hit), "{}", said.out);
    let text = world.to(3, &["sweep", "--lang", "sv", "-q"]);
    assert!(text.out.contains("address.street: här står något om person:1"), "{}", text.out);
    for word in [STREET, "Hemlig", ANNA, &ANNA[2..]] {
        assert!(!said.out.contains(word) && !text.out.contains(word), "{word}");
    }
}

fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(content).unwrap();
    zip.finish().unwrap().into_inner()
}

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(content).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn numbers_are_found_in_the_spool_however_they_are_spelt_and_packed() {
    let world = World::with_anna_protected();
    let (short, hyphen) = (&ANNA[2..], format!("{}-{}", &ANNA[..8], &ANNA[8..]));
    let xml = format!("<PersonId><IdNummer>{ANNA}</IdNummer></PersonId>");
    let utf16: Vec<u8> = format!("x;{hyphen}\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    // (name, content)
    let files: [(&str, Vec<u8>); 5] = [
        ("inbox/a.xml", xml.clone().into_bytes()),
        ("held/b.xml.zip", zipped("b.xml", xml.as_bytes())),
        ("held/c.xml.gz", gzipped(xml.as_bytes())),
        ("rejected/d.csv", format!("a;{short};b\n").into_bytes()),
        ("staging/e.csv", utf16),
    ];
    for (name, content) in files {
        let file = world.home("spool").join(name);
        fs::write(&file, content).unwrap();
        let said = world.to(3, &["sweep", "--json"]);
        let hits = said.json()["hits"].clone();
        assert_eq!(hits[0]["file"], file.display().to_string(), "{name}: {hits}");
        assert_eq!((&hits[0]["place"], &hits[0]["people"]), (&json!("spool"), &json!([1])));
        assert!(!said.out.contains(short), "{}", said.out);
        fs::remove_file(&file).unwrap();
    }
    world.to(0, &["sweep"]);
}

#[test]
fn a_former_number_is_known_by_its_hash_alone() {
    let world = World::with_three();
    world.to(0, &["person", "set", "person:1", "--id-number", ANNA_NEW]);
    world.protect(1);
    let plan = world.write("left.json", format!("[{{\"id\": \"{}\"}}]", &ANNA[2..]).as_bytes());
    world.to(0, &["sweep"]);
    let said = world.to(3, &["sweep", "--json", &plan]);
    let hit = said.json()["hits"][0].clone();
    assert_eq!((&hit["place"], &hit["former_number"]), (&json!("named"), &json!(true)));
    assert_eq!(hit["people"], json!([]), "nobody can tell whose it was");
    world.sql(&format!(
        "INSERT INTO spar_list (id, serial, name, file_name, sha256, content, size, numbers, state, run_id)
                        VALUES (1, 1, '', '', '', '', 0, 0, 'sent', 1);
                        INSERT INTO spar_list_number (list_id, key, asked, fresh) VALUES (1, {ANNA}, 0, 0)"
    ));
    assert_eq!(columns(&look(&world)), ["spar_list_number.key"]);
}

#[test]
fn a_copy_from_before_the_protection_is_found_and_one_made_after_it_is_not() {
    let world = World::with_three();
    world.to(0, &["backup"]);
    let old = fs::read_dir(world.home("backups")).unwrap().next().unwrap().unwrap().path();
    world.protect(1);
    let said = world.to(3, &["sweep", "--json"]);
    let hits = said.json()["hits"].clone();
    let names: Vec<&str> =
        hits.as_array().unwrap().iter().map(|hit| hit["column"].as_str().unwrap()).collect();
    assert!(names.contains(&"street") && names.contains(&"value") && names.contains(&"changes"), "{names:?}");
    for hit in hits.as_array().unwrap() {
        assert_eq!((&hit["place"], &hit["people"]), (&json!("backup"), &json!([1])), "{hit}");
        assert_eq!(hit["file"], old.display().to_string());
    }
    assert!(!said.out.contains(STREET) && !said.out.contains(EMAIL) && !said.out.contains(&ANNA[2..]));
    world.to(0, &["sweep", "--no-backups"]);
    fs::remove_file(old).unwrap();
    world.to(0, &["backup"]);
    let said = world.to(0, &["sweep", "--json"]);
    assert_eq!(said.json()["looked"]["copies"], 1);
}

#[test]
fn somebody_hidden_by_a_held_file_is_told_from_somebody_erased() {
    let world = World::with_three();
    world.sql(
        "UPDATE person SET concealment = 1 WHERE id = 1;
               INSERT INTO protection (person_id, kind, since, run_id) VALUES (1, 'manual', '2026-01-01', 1)",
    );
    let found = look(&world);
    assert_eq!(found.exit(), 3);
    assert!(found.hits.keys().all(|spot| spot.standing == Standing::Hidden), "{:?}", found.hits);
}

#[test]
fn texts_that_are_about_nobody_and_the_index_of_the_search_are_looked_through_too() {
    let world = World::with_anna_protected();
    world.sql(&format!(
        "INSERT INTO log_line (run_id, prio, at, code, params) VALUES (1, 20, '', 'x', '{{\"a\":\"{ANNA}\"}}')"
    ));
    assert_eq!(columns(&look(&world)), ["log_line.params"]);
    // Words without their entry: what a deletion that went wrong would leave.
    world.sql("DELETE FROM log_line WHERE code = 'x';
               INSERT INTO search (rowid, names, places, numbers) VALUES (1, 'ovanliganna', 'hemligstigen', '')");
    assert_eq!(columns(&look(&world)), ["search.names"]);
}

#[test]
fn what_cannot_be_looked_through_is_no_all_clear() {
    let world = World::with_anna_protected();
    fs::write(world.home("spool/held/half.zip"), &zipped("a.xml", b"<a/>")[..20]).unwrap();
    let said = world.to(1, &["sweep", "--json"]);
    assert_eq!(said.json()["ok"], false);
    assert_eq!(said.json()["blocked"].as_array().unwrap().len(), 1, "{}", said.out);
    fs::remove_file(world.home("spool/held/half.zip")).unwrap();
    world.to(1, &["sweep", "/nowhere/to/be/found"]);
    fs::remove_file(world.home("registry.db")).unwrap();
    world.to(1, &["sweep"]);
}

#[test]
fn a_sweep_changes_nothing_and_waits_for_nobody() {
    let world = World::with_anna_protected();
    let lock = fs::File::open(world.home("registry.lock")).unwrap();
    lock.lock().unwrap();
    let before = fs::read(world.home("registry.db")).unwrap();
    world.to(0, &["sweep"]);
    assert_eq!(fs::read(world.home("registry.db")).unwrap(), before);
    assert_eq!(world.ask("SELECT job FROM run ORDER BY id DESC LIMIT 1"), ["person-protect"]);
}

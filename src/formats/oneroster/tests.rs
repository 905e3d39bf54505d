//! Manifests, roles and members of a bundle.

use std::io::Cursor;

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

fn bundle(members: &[(&str, &str)]) -> Cursor<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap()
}

#[test]
fn the_manifest_says_how_each_file_is_meant() {
    let manifest = "propertyName,value\nmanifest.version,1.0\nfile.users,delta\nfile.demographics,bulk\nfile.orgs,absent\n";
    let opened = Bundle::open(bundle(&[(MANIFEST, manifest), (USERS, "x")])).ok().unwrap();
    assert_eq!(opened.mode(USERS), Mode::Delta);
    assert_eq!(opened.mode(DEMOGRAPHICS), Mode::Bulk);
    assert_eq!((opened.mode("orgs.csv"), opened.mode(ROLES)), (Mode::Absent, Mode::Absent));
}

#[test]
fn a_bundle_without_a_readable_manifest_or_a_promised_file_is_refused() {
    let refused = |members: &[(&str, &str)]| Bundle::open(bundle(members)).err();
    assert_eq!(refused(&[(USERS, "x")]), Some(Misfit::Manifest));
    assert_eq!(refused(&[(MANIFEST, "propertyName,value\nfile.users,some\n")]), Some(Misfit::Manifest));
    assert_eq!(refused(&[(MANIFEST, "users,bulk\n")]), Some(Misfit::Manifest));
    assert_eq!(Bundle::open(Cursor::new(b"PK nothing".to_vec())).err(), Some(Misfit::Damaged));
    let manifest = "propertyName,value\nfile.users,bulk\n";
    let mut opened = Bundle::open(bundle(&[(MANIFEST, manifest)])).ok().unwrap();
    assert_eq!(opened.copy(USERS, &mut Vec::new()), Err(Misfit::Missing(USERS)));
}

#[test]
fn roles_make_students_guardians_and_staff() {
    let rows = [
        ("student", SourceCategory::Student),
        ("Student", SourceCategory::Student),
        ("guardian", SourceCategory::Guardian),
        ("parent", SourceCategory::Guardian),
        ("relative", SourceCategory::Guardian),
        ("teacher", SourceCategory::Staff),
        ("aide", SourceCategory::Staff),
        ("administrator", SourceCategory::Staff),
        ("ext:janitor", SourceCategory::Staff),
    ];
    for (role, expected) in rows {
        assert_eq!(category(role), expected, "{role}");
    }
}

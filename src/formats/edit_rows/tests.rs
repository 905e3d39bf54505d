//! Instants in any usual form, and cells of edits.

use std::io::Cursor;

use super::*;

#[test]
fn instants_come_to_one_form_that_compares_as_text() {
    let rows = [
        ("2026-11-22T08:36:25Z", Some("2026-11-22T08:36:25.000Z")),
        ("2026-11-22T09:36:25.250+01:00", Some("2026-11-22T08:36:25.250Z")),
        ("2026-11-22 09:36", Some("2026-11-22T08:36:00.000Z")), // where the installation is
        ("2026-07-01", Some("2026-06-30T22:00:00.000Z")),       // the day's beginning, in summer
        ("2026-10-25 02:30", Some("2026-10-25T00:30:00.000Z")), // the hour that exists twice: its first
        ("2026-03-29 02:30", None),                             // the hour that does not exist
        ("2026-13-01", None),
        ("yesterday", None),
        ("", None),
    ];
    for (text, expected) in rows {
        assert_eq!(instant(text, Zone::STOCKHOLM).as_deref(), expected, "{text}");
    }
}

#[test]
fn an_empty_cell_empties_an_absent_column_leaves_and_an_empty_instant_is_now() {
    let terms = Terms {
        reference: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
        country: Country::Sweden,
        timezone: Zone::STOCKHOLM,
        now: "2026-11-22T08:00:00Z",
    };
    let text = "id_number;email;mobile;changed_at\n198001022386;;070-174 06 05;\n198001022386;x;;soon\n";
    let mut rows = EditRows::open(Cursor::new(text.as_bytes()), terms).ok().unwrap();
    rows.advance().unwrap().unwrap().unwrap();
    let (_, edit, bad) = rows.read().unwrap();
    assert_eq!((edit.at.as_str(), bad.len()), ("2026-11-22T08:00:00.000Z", 0));
    let fields: Vec<_> = edit.fields.iter().map(|(field, value)| (field.name(), value.as_str())).collect();
    assert_eq!(fields, [("email", ""), ("mobile", "+46701740605")]);
    rows.advance().unwrap().unwrap().unwrap();
    assert_eq!(rows.read().unwrap_err().code, "changed-at");
}

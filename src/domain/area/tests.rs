//! Rules of key codes and areas as tables: a row for each sentence.

use super::*;
use crate::domain::samples::day;

fn link(activity: &str, pattern: &str, area: &str, days: &str) -> Link {
    let (from, to) = days.split_once("..").unwrap();
    let end = |text: &str| (!text.is_empty()).then(|| day(text));
    let validity = Validity::new(end(from), end(to)).unwrap();
    let pattern = Pattern::parse(pattern).unwrap();
    Link { activity: activity.to_owned(), pattern, validity, area: area.to_owned() }
}

fn always(pattern: &str, area: &str) -> Link {
    link("school", pattern, area, "..")
}

fn code(text: &str) -> KeyCode {
    KeyCode::parse(text).unwrap()
}

#[test]
fn a_key_code_is_one_to_eight_digits_and_a_link_names_one_or_a_beginning() {
    // (text, what it is)
    let rows = [
        ("1", Ok("1")),                         // the shortest
        ("11320412", Ok("11320412")),           // the longest
        ("0032", Ok("0032")),                   // zeros count
        ("1132*", Ok("1132*")),                 // a prefix
        ("11320412*", Ok("11320412*")),         // as long as a code
        ("113204123", Err(CodeFault::TooLong)), // nine digits
        ("113204123*", Err(CodeFault::TooLong)),
        ("*", Err(CodeFault::BareStar)), // would link everything
        ("", Err(CodeFault::Empty)),
        ("11A2", Err(CodeFault::NotDigits)),
        ("11*2", Err(CodeFault::NotDigits)), // a star within
        ("1132**", Err(CodeFault::NotDigits)),
        ("11 32", Err(CodeFault::NotDigits)),
        ("-1132", Err(CodeFault::NotDigits)),
        ("１１３２", Err(CodeFault::NotDigits)), // digits of another script
    ];
    for (text, expected) in rows {
        let found = Pattern::parse(text).map(|pattern| pattern.to_string());
        assert_eq!(found, expected.map(str::to_owned), "{text}");
    }
    assert_eq!(KeyCode::parse("1132*"), Err(CodeFault::NotDigits), "nobody has a prefix");
}

#[test]
fn the_longest_match_wins_and_a_full_code_beats_a_prefix_of_its_length() {
    let links = [
        always("1*", "West"),
        always("113*", "Middle"),
        always("1132*", "North"),
        always("1132", "Square"),
        always("11320412", "House"),
        link("school", "1140*", "Ended", "..2026-11-21"),
        link("school", "1150*", "To come", "2026-11-23.."),
        link("school", "1160*", "Today only", "2026-11-22..2026-11-22"),
        link("care", "11*", "Care west", ".."),
    ];
    let rows = [
        ("1", Some("West")),          // a prefix is a code of its own too
        ("19", Some("West")),         // shorter than every other prefix
        ("113", Some("Middle")),      // exactly as long as a prefix
        ("1132", Some("Square")),     // full and prefix of one length: the full code
        ("113204", Some("North")),    // a full code links nothing below it
        ("11320412", Some("House")),  // the longest
        ("1140", Some("West")),       // a link that has ended doesn't count: the next longest
        ("1150", Some("West")),       // nor does one that has not begun
        ("1160", Some("Today only")), // first and last day are included
        ("2", None),                  // nobody linked it
        ("31132", None),              // only beginnings count
    ];
    let assignment = Assignment::on(day("2026-11-22"), &links);
    for (text, area) in rows {
        assert_eq!(assignment.areas_of(code(text)).get("school").map(String::as_str), area, "{text}");
        let has_care = text.starts_with("11");
        assert_eq!(
            assignment.deciding("care", code(text)).is_some(),
            has_care,
            "{text}: each activity alone"
        );
    }
    assert_eq!(assignment.activities().collect::<Vec<_>>(), ["care", "school"]);
}

#[test]
fn a_link_that_matches_no_code_of_today_is_noticed() {
    let codes = ["1132", "113204", "20"].map(code).into_iter().collect();
    let rows = [
        ("1132", true),
        ("1132*", true),
        ("113*", true),
        ("113", false),   // full, and nobody has just that
        ("1133*", false), // beside
        ("1131", false),
        ("2*", true),
        ("2", false),
        ("21", false),
        ("3*", false), // after all
    ];
    for (pattern, expected) in rows {
        assert_eq!(Pattern::parse(pattern).unwrap().matches_any(&codes), expected, "{pattern}");
    }
}

#[test]
fn an_activity_whose_links_have_all_ended_still_wants_every_code() {
    let links = [link("care", "1*", "West", "..2020-12-31")];
    let assignment = Assignment::on(day("2026-11-22"), &links);
    assert_eq!(assignment.activities().collect::<Vec<_>>(), ["care"]);
    assert!(assignment.areas_of(code("1")).is_empty());
}

#[test]
fn two_links_for_one_code_activity_and_day_clash_and_nothing_else_does() {
    // (one, other, whether they clash)
    let rows = [
        (always("1132", "A"), always("1132", "B"), true),
        (always("1132", "A"), always("1132", "A"), true), // the same area too: one of them is a mistake
        (always("1132*", "A"), always("1132*", "B"), true),
        (always("1132", "A"), always("1132*", "B"), false), // full and prefix are two things
        (always("1132", "A"), always("113204", "B"), false), // another code
        (always("1132", "A"), link("care", "1132", "B", ".."), false), // another activity
        (link("x", "1", "A", "..2026-07-31"), link("x", "1", "B", "2026-08-01.."), false), // the day after
        (link("x", "1", "A", "..2026-08-01"), link("x", "1", "B", "2026-08-01.."), true), // one day in both
        (link("x", "1", "A", "2026-01-01..2026-12-31"), link("x", "1", "B", "2026-05-01..2026-05-01"), true),
    ];
    for (one, other, clash) in rows {
        assert_eq!(one.clashes_with(&other), clash, "{one:?} {other:?}");
        assert_eq!(other.clashes_with(&one), clash, "{other:?} {one:?}");
        let found = plan(&[], &[one.clone(), other.clone()], Taking::Replacing);
        assert_eq!(found.err(), clash.then(|| vec![Clash::InFile(0, 1)]), "{one:?} {other:?}");
    }
}

#[test]
fn every_row_that_clashes_is_named_with_another_one() {
    let rows = [
        link("x", "1", "A", "2026-05-01..2026-05-31"),
        link("x", "2", "A", ".."),
        link("x", "1", "B", "2026-01-01..2026-12-31"), // over the first, and after it
        link("x", "1", "C", "2026-12-01.."),           // over the third
    ];
    let clashes = plan(&[], &rows, Taking::Replacing).unwrap_err();
    assert_eq!(clashes, [Clash::InFile(0, 2), Clash::InFile(2, 3)]);
}

#[test]
fn a_file_replaces_the_links_of_its_activities_and_adds_to_them_when_told() {
    let stored = [
        always("1*", "West"),
        always("2*", "East"),
        link("school", "3*", "South", "..2026-12-31"),
        link("care", "1*", "Care", ".."),
    ];
    let rows = [always("1*", "West"), always("2*", "Far east"), always("4*", "North")];
    let changed = LinkChange::Changed { old: stored[1].clone(), new: rows[1].clone() };
    let added = LinkChange::Added(rows[2].clone());
    let replaced = plan(&stored, &rows, Taking::Replacing).unwrap();
    assert_eq!(replaced.unchanged, 1);
    // Another activity stays as it is.
    assert_eq!(replaced.changes, [changed, added.clone(), LinkChange::Removed(stored[2].clone())]);
    // Added to, what is stored stays, so that the same code with another area can't be.
    let clash = plan(&stored, &rows, Taking::Adding).unwrap_err();
    assert_eq!(clash, [Clash::WithStored(1, stored[1].clone())]);
    let adding = plan(&stored, &[rows[0].clone(), rows[2].clone()], Taking::Adding).unwrap();
    assert_eq!((adding.changes, adding.unchanged), (vec![added], 1));
}

#[test]
fn a_validity_ends_on_or_after_the_day_on_which_it_begins() {
    let rows = [
        (Some("2026-05-01"), Some("2026-05-01"), true),
        (Some("2026-05-02"), Some("2026-05-01"), false),
        (None, Some("1900-01-01"), true),
        (Some("2026-05-01"), None, true),
        (None, None, true),
    ];
    for (from, to, is_valid) in rows {
        assert_eq!(Validity::new(from.map(day), to.map(day)).is_some(), is_valid, "{from:?} {to:?}");
    }
    let open = Validity::new(None, None).unwrap();
    assert_eq!((open.opens(), open.closes()), (None, None));
    assert_eq!((open.from.to_string(), open.to.to_string()), ("0001-01-01".into(), "9999-12-31".into()));
}

fn row(former: i64) -> RegisterRow<'static> {
    let (municipality, key_code) = ("0581", Some("1132"));
    RegisterRow { former, is_present: true, is_protected: false, municipality, key_code }
}

#[test]
fn everybody_gets_the_code_that_the_register_has_now_and_nobody_protected_does() {
    let gone = RegisterRow { is_present: false, ..row(0) };
    let protected = RegisterRow { is_protected: true, key_code: None, ..row(0) };
    let elsewhere = RegisterRow { municipality: "0580", ..row(0) };
    let old = |former, key_code| RegisterRow { key_code: Some(key_code), ..row(former) };
    // (protected here, rows, what comes of it)
    let rows: [(bool, Vec<RegisterRow<'_>>, Result<&str, NoCode>); 14] = [
        (false, vec![row(0)], Ok("1132")),
        (false, vec![], Err(NoCode::NotRegistered)), // in no extract
        (false, vec![gone], Err(NoCode::NotRegistered)), // in none any more
        (false, vec![elsewhere], Err(NoCode::Elsewhere)), // registered in another municipality
        (false, vec![RegisterRow { key_code: None, ..row(0) }], Err(NoCode::Missing)),
        (false, vec![old(0, "113204123")], Err(NoCode::Missing)), // nine digits are no code
        (false, vec![old(0, " 1132 ")], Ok("1132")),
        (true, vec![row(0)], Err(NoCode::Protected)), // protected here
        (true, vec![], Err(NoCode::Protected)),       // one total, whatever else
        (false, vec![protected], Err(NoCode::Protected)), // protected there
        (false, vec![old(0, "1"), old(1, "2")], Ok("1")), // the current number goes first
        (false, vec![gone, old(1, "2"), old(2, "3")], Ok("3")), // else the newest of the former ones
        (false, vec![row(0), RegisterRow { is_protected: true, ..row(1) }], Err(NoCode::Protected)),
        // A mark outlives the row: whoever left the register is protected until somebody says otherwise.
        (false, vec![RegisterRow { is_present: false, ..protected }], Err(NoCode::Protected)),
    ];
    for (place, (is_protected, rows, expected)) in rows.into_iter().enumerate() {
        let found = standing(is_protected, &rows, &["0581".to_owned()]);
        assert_eq!(found, expected.map(code), "row {place}");
    }
    assert_eq!(standing(false, &[row(0)], &[]), Err(NoCode::Elsewhere), "no municipality is ours");
}

#[test]
fn a_key_code_prints_without_its_digits() {
    assert_eq!(format!("{:?}", code("113204")), "KeyCode(6 digits)");
}

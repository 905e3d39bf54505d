//! Tables: a row per sentence of the rules.

use super::*;

mod promises;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn today() -> NaiveDate {
    day(2026, 6, 15)
}

fn sweden() -> Reading {
    Reading::on(today(), Country::Sweden)
}

fn denmark() -> Reading {
    Reading::on(today(), Country::Denmark)
}

fn of(kind: IdKind) -> Reading {
    Reading { kind: Some(kind), ..sweden() }
}

fn born(year: i32, month: u32, day_of_month: u32) -> Reading {
    Reading { birth_date: Some(day(year, month, day_of_month)), ..sweden() }
}

fn read(text: &str, reading: &Reading) -> Result<(String, IdKind), IdNumberError> {
    IdNumber::parse(text, reading).map(|number| (number.reveal().to_owned(), number.kind()))
}

type TableRow<'t> = (&'t str, Reading, Result<(&'t str, IdKind), IdNumberError>);

#[track_caller]
fn assert_table(rows: &[TableRow<'_>]) {
    for (text, reading, expected) in rows {
        let expected = expected.map(|(text, kind)| (text.to_owned(), kind));
        assert_eq!(read(text, reading), expected, "{text} with {reading:?}");
    }
}

#[test]
fn every_common_spelling_is_read_and_no_other() {
    use IdKind::{Personnummer, Reserve, Samordningsnummer, Temporary};
    use IdNumberError::{Date, Empty, Shape};
    assert_table(&[
        // The five spellings.
        ("8501012382", sweden(), Ok(("198501012382", Personnummer))),
        ("850101-2382", sweden(), Ok(("198501012382", Personnummer))),
        ("850101+2381", born(1885, 1, 1), Ok(("188501012381", Personnummer))),
        ("198501012382", sweden(), Ok(("198501012382", Personnummer))),
        ("19850101-2382", sweden(), Ok(("198501012382", Personnummer))),
        // Blanks around, not inside.
        (" \t198501012382\u{a0}", sweden(), Ok(("198501012382", Personnummer))),
        ("850101 2382", sweden(), Err(Shape)),
        ("850101 -2382", sweden(), Err(Shape)),
        ("   ", sweden(), Err(Empty)),
        // A plus beside a century that is written out.
        ("19850101+2381", sweden(), Err(Shape)),
        // Too short, too long, a sign in the wrong place, other dashes.
        ("850101238", sweden(), Err(Shape)),
        ("1985010123821", sweden(), Err(Shape)),
        ("8501-012382", sweden(), Err(Shape)),
        ("-8501012382", sweden(), Err(Shape)),
        ("850101\u{2013}2382", sweden(), Err(Shape)),
        ("1.98501E+11", sweden(), Err(Shape)),
        // Digits of other scripts.
        ("１９８５０１０１２３８２", sweden(), Err(Shape)),
        ("19850101238\u{662}", sweden(), Err(Shape)),
        // Dates that do not exist, years that nobody here was born in.
        ("19850229-2382", sweden(), Err(Date)),
        ("850230-2382", sweden(), Err(Date)),
        ("198513012382", sweden(), Err(Date)),
        ("198500012382", sweden(), Err(Date)),
        ("198501002382", sweden(), Err(Date)),
        ("198501322382", sweden(), Err(Date)),
        ("198501592382", sweden(), Err(Date)),
        ("179912312382", sweden(), Err(Date)),
        ("210001012382", sweden(), Err(Date)),
        // Samordningsnummer: day + 60, months 00–12, days 60–91, also where no calendar has the day.
        ("770186-2398", sweden(), Ok(("197701862398", Samordningsnummer))),
        ("197700712388", sweden(), Ok(("197700712388", Samordningsnummer))),
        ("191711602399", sweden(), Ok(("191711602399", Samordningsnummer))),
        ("193002902397", sweden(), Ok(("193002902397", Samordningsnummer))),
        ("197701922398", sweden(), Err(Date)),
        ("197713862398", sweden(), Err(Date)),
        // Temporary numbers, before the reserve letter T.
        ("19850101-TF12", sweden(), Ok(("19850101-TF12", Temporary))),
        ("19850101tf1a", sweden(), Ok(("19850101-TF1A", Temporary))),
        ("850101-TFa2", sweden(), Ok(("19850101-TFA2", Temporary))),
        ("850101TF12", sweden(), Ok(("19850101-TF12", Temporary))),
        ("19850101-TF1", sweden(), Err(Shape)),
        ("19850101-TF1-", sweden(), Err(Shape)),
        ("19850230-TF12", sweden(), Err(Date)),
        ("19850161-TF12", sweden(), Err(Date)),
        // Reserve and interim numbers.
        ("19850101-T123", sweden(), Ok(("19850101T123", Reserve))),
        ("850101-r12b", sweden(), Ok(("19850101R12B", Reserve))),
        ("19850101P123", sweden(), Ok(("19850101P123", Reserve))),
        ("19850101A123", sweden(), Err(Shape)),
        ("198501011T23", sweden(), Err(Shape)),
        ("19850101TÅ12", sweden(), Err(Shape)),
    ]);
}

#[test]
fn each_reserve_letter_is_read_and_no_other_letter() {
    for letter in 'A'..='Z' {
        let read = read(&format!("19850101{letter}123"), &sweden());
        assert_eq!(read.is_ok(), "TRSUWXJKLMNP".contains(letter), "{letter}");
    }
}

#[test]
fn the_century_of_a_short_number_follows_from_reference_date_sign_and_birth_date() {
    let rows = [
        // The latest year whose date is not after the reference date: that day itself, and the day after it.
        ("260615-2382", sweden(), "20260615", Century::Reckoned),
        ("260616-2381", sweden(), "19260616", Century::Reckoned),
        ("2606162381", sweden(), "19260616", Century::Reckoned),
        // 2100 has no 29 February, so the latest year is 2000.
        ("000229-2382", Reading::on(day(2126, 1, 1), Country::Sweden), "20000229", Century::Reckoned),
        // Plus: a hundred years earlier if that person turns less than 100 this calendar year,
        ("260101+2382", sweden(), "19260101", Century::Reckoned),
        ("270101+2382", sweden(), "18270101", Century::Reckoned),
        // else the year itself: already 100 at the end of the year.
        ("261231+2382", sweden(), "19261231", Century::Reckoned),
        // The row's birth date decides, by its year alone; the day may be another one.
        ("160101-2382", born(1916, 1, 1), "19160101", Century::BirthDate),
        ("160101-2382", born(1916, 1, 3), "19160101", Century::BirthDate),
        ("160101-2382", born(1816, 1, 1), "18160101", Century::BirthDate),
        ("160101+2382", born(1916, 1, 1), "19160101", Century::BirthDate),
        // Another year, or one to come, decides nothing.
        ("160101-2382", born(1917, 1, 1), "20160101", Century::Reckoned),
        ("860101-2382", born(2086, 1, 1), "19860101", Century::Reckoned),
        // Samordningsnummer by their real day, temporary numbers alike.
        ("260675-2382", sweden(), "20260675", Century::Reckoned),
        ("260676-2382", sweden(), "19260676", Century::Reckoned),
        ("160161-2382", born(1916, 1, 1), "19160161", Century::BirthDate),
        ("160101-TF12", born(1916, 1, 1), "19160101", Century::BirthDate),
        // Written out: neither date matters.
        ("20160101-2382", born(1916, 1, 1), "20160101", Century::Written),
        ("20270101-2382", sweden(), "20270101", Century::Written),
    ];
    for (text, reading, date, century) in rows {
        let (number, found) = IdNumber::parse_with_century(text, &reading).unwrap();
        assert_eq!((&number.reveal()[..8], found), (date, century), "{text}");
    }
    assert_eq!(read("000229+2382", &sweden()), Err(IdNumberError::Date), "1900 had no 29 February");
    assert_eq!(read("000229-2382", &born(1900, 2, 28)), Err(IdNumberError::Date));
}

#[test]
fn a_named_kind_must_be_the_kind_of_the_number() {
    use IdKind::{Cpr, Immunitetsnummer, Personnummer, Reserve, Samordningsnummer, Temporary};
    let number = "198501012382";
    assert_table(&[
        (number, of(Personnummer), Ok((number, Personnummer))),
        (number, of(Immunitetsnummer), Ok((number, Immunitetsnummer))),
        (number, of(Samordningsnummer), Err(IdNumberError::Kind)),
        (number, of(Temporary), Err(IdNumberError::Kind)),
        (number, of(Cpr), Err(IdNumberError::Kind)),
        ("197701862398", of(Immunitetsnummer), Err(IdNumberError::Kind)),
        ("197701862398", of(Samordningsnummer), Ok(("197701862398", Samordningsnummer))),
        ("19850101-TF12", of(Reserve), Err(IdNumberError::Kind)),
        ("19850101-TF12", of(Temporary), Ok(("19850101-TF12", Temporary))),
        ("19850101X123", of(Reserve), Ok(("19850101X123", Reserve))),
        // What is wrong in itself stays that, whatever was named.
        ("19850230-2382", of(Samordningsnummer), Err(IdNumberError::Date)),
        ("x", of(Cpr), Err(IdNumberError::Shape)),
    ]);
}

#[test]
fn ten_digits_are_cpr_only_where_something_says_so() {
    use IdKind::{Cpr, Personnummer};
    // 5 January 1862 as a Danish number; put together here.
    let danish = format!("{}62-{}", "0501", 5001);
    let plain = danish.replace('-', "");
    let said = (plain.as_str(), Cpr);
    let prefixed = format!("dk:{danish}");
    let (blank_inside, doubled) = (format!("DK: {plain}"), format!("DK:DK:{plain}"));
    assert_table(&[
        // By configuration, by the column, by the prefix in any case.
        (&danish, denmark(), Ok(said)),
        (&plain, denmark(), Ok(said)),
        (&danish, of(Cpr), Ok(said)),
        (&prefixed, sweden(), Ok(said)),
        (&prefixed, of(Cpr), Ok(said)),
        (&prefixed, of(Personnummer), Err(IdNumberError::Kind)),
        (&blank_inside, sweden(), Err(IdNumberError::Shape)),
        (&doubled, sweden(), Err(IdNumberError::Shape)),
        ("DK:198501012382", sweden(), Err(IdNumberError::Shape)),
        // Not in Sweden: month 01 and day 62 would be a samordningsnummer of 1905 here.
        (&plain, sweden(), Ok(("200501625001", IdKind::Samordningsnummer))),
        // In Denmark twelve digits, a plus and letters remain Swedish, and so does what the row calls so.
        ("198501012382", denmark(), Ok(("198501012382", Personnummer))),
        ("850101+2381", denmark(), Ok(("188501012381", Personnummer))),
        (
            "850101-2382",
            Reading { kind: Some(Personnummer), ..denmark() },
            Ok(("198501012382", Personnummer)),
        ),
        // Read as Danish, 99 is no day.
        ("991201-2383", denmark(), Err(IdNumberError::Date)),
    ]);
}

#[test]
fn the_seventh_digit_of_a_cpr_number_tells_its_century() {
    let rows = [
        ("0123", 0, 1900),
        ("0123", 99, 1900),
        ("49", 36, 2000),
        ("49", 37, 1900),
        ("5678", 57, 2000),
        ("5678", 58, 1800),
        ("5678", 99, 1800),
    ];
    for (sevenths, ending, century) in rows {
        for seventh in sevenths.chars() {
            for (written, real) in [(7, 7), (67, 7)] {
                let text = format!("{written:02}03{ending:02}-{seventh}000");
                let number = IdNumber::parse(&text, &denmark()).unwrap();
                assert_eq!(number.birth_date(), Some(day(century + ending, 3, real)), "{seventh} {ending}");
            }
        }
    }
    assert_eq!(read("3102621234", &denmark()), Err(IdNumberError::Date));
    assert_eq!(read("6002625234", &denmark()), Err(IdNumberError::Date));
}

#[test]
fn only_the_kinds_with_a_check_digit_are_checked() {
    let rows = [
        ("198501012382", sweden(), CheckDigit::Right),
        ("198501012383", sweden(), CheckDigit::Wrong),
        ("197701862398", sweden(), CheckDigit::Right),
        ("197701862397", sweden(), CheckDigit::Wrong),
        ("198501012382", of(IdKind::Immunitetsnummer), CheckDigit::Right),
        ("19850101-TF12", sweden(), CheckDigit::None),
        ("19850101T123", sweden(), CheckDigit::None),
        ("0501625001", denmark(), CheckDigit::None),
    ];
    for (text, reading, expected) in rows {
        assert_eq!(IdNumber::parse(text, &reading).unwrap().check_digit(), expected, "{text}");
    }
}

#[test]
fn the_birth_date_is_in_the_number_where_a_calendar_has_it() {
    let rows = [
        ("198501012382", Some(day(1985, 1, 1))),
        ("197701862398", Some(day(1977, 1, 26))),
        ("19850102-TF12", Some(day(1985, 1, 2))),
        ("19850103K123", Some(day(1985, 1, 3))),
        ("197700712388", None),
        ("191711602399", None),
        ("193002902397", None),
    ];
    for (text, expected) in rows {
        assert_eq!(IdNumber::parse(text, &sweden()).unwrap().birth_date(), expected, "{text}");
    }
}

#[test]
fn a_number_prints_masked_and_debugs_hidden() {
    let rows = [
        ("198501012382", "19850101-****", "IdNumber(personnummer, hidden)"),
        ("19850101-TF12", "19850101-****", "IdNumber(temporary, hidden)"),
        ("19850101R12B", "19850101-****", "IdNumber(reserve, hidden)"),
        ("DK:0501625001", "cpr ******-****", "IdNumber(cpr, hidden)"),
    ];
    for (text, shown, debug) in rows {
        let number = IdNumber::parse(text, &sweden()).unwrap();
        assert_eq!((format!("{number}"), format!("{number:?}")), (shown.to_owned(), debug.to_owned()));
        assert_eq!(format!("{:?}", number.key()), "NumberKey(hidden)");
    }
    assert!(!format!("{:?}", born(1985, 1, 1)).contains("1985"));
}

#[test]
fn only_the_exact_stored_form_comes_back_from_the_registry() {
    let rows = [
        ("198501012382", IdKind::Personnummer, true),
        ("198501012382", IdKind::Immunitetsnummer, true),
        ("19850101-TF12", IdKind::Temporary, true),
        ("19850101T123", IdKind::Reserve, true),
        ("0501625001", IdKind::Cpr, true),
        ("19850101-2382", IdKind::Personnummer, false),
        ("8501012382", IdKind::Personnummer, false),
        (" 198501012382", IdKind::Personnummer, false),
        ("198501012382", IdKind::Samordningsnummer, false),
        ("19850101TF12", IdKind::Temporary, false),
        ("19850101t123", IdKind::Reserve, false),
        ("050162-5001", IdKind::Cpr, false),
        ("DK:0501625001", IdKind::Cpr, false),
        ("", IdKind::Personnummer, false),
    ];
    for (text, kind, comes_back) in rows {
        let number = IdNumber::from_stored(text, kind);
        assert_eq!(
            number.map(|number| number.reveal().to_owned()),
            comes_back.then(|| text.to_owned()),
            "{text}"
        );
    }
}

#[test]
fn a_staged_number_comes_back_and_a_broken_one_is_refused_without_its_value() {
    let number = IdNumber::parse("19850101-TF12", &sweden()).unwrap();
    let json = serde_json::to_string(&number).unwrap();
    assert_eq!(json, r#"["temporary","19850101-TF12"]"#);
    assert!(serde_json::from_str::<IdNumber>(&json).unwrap() == number);
    let error = serde_json::from_str::<IdNumber>(r#"["temporary","19850230-TF12"]"#).unwrap_err().to_string();
    assert!(error.starts_with("not a stored identity number"), "{error}");
}

#[test]
fn keys_below_and_between_the_kinds_stand_for_no_number() {
    for key in [-1, 99_999_999_999, 1_000_000_000_000, 9_999_999_999_999_999, i64::MAX] {
        for kind in IdKind::ALL {
            assert_eq!(IdNumber::from_key(NumberKey(key), kind), None, "{key} {kind:?}");
        }
    }
}

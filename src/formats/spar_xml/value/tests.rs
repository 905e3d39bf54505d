use super::*;
use crate::domain::id_number::Country;

fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

#[test]
fn only_a_plain_no_is_a_no() {
    let table = [
        ("NEJ", Flag::No),
        ("N", Flag::No),
        ("nej", Flag::Yes),
        ("n", Flag::Yes),
        ("Nej", Flag::Yes),
        ("JA", Flag::Yes),
        ("J", Flag::Yes),
        ("", Flag::Yes),
        ("NEJ.", Flag::Yes),
        ("0", Flag::Yes),
        ("false", Flag::Yes),
    ];
    for (text, expected) in table {
        assert_eq!(flag(text), expected, "{text}");
    }
}

#[test]
fn a_mark_given_twice_counts_as_the_stricter() {
    use Flag::{Absent, No, Yes};
    for (one, other, both) in [(Absent, No, No), (No, Yes, Yes), (Yes, No, Yes), (Absent, Yes, Yes)] {
        assert_eq!(stricter(one, other), both);
    }
}

#[test]
fn a_date_is_whole_or_none() {
    let table = [
        ("2025-03-04", day(2025, 3, 4)),
        ("20250304", day(2025, 3, 4)),
        ("2025-03-04Z", day(2025, 3, 4)),
        ("2025-03-04+01:00", day(2025, 3, 4)),
        ("9999-12-31", day(9999, 12, 31)),
        ("2011-03-00", None),
        ("2011-00-00", None),
        ("0000-00-00", None),
        ("2025-02-29", None),
        ("2025-3-4", None),
        ("201103", None),
        ("2025-03-04T00:00", None),
        ("+025-03-04", None),
        ("2025-+3-04", None),
        ("", None),
        ("åååååååå", None),
        ("ååååå", None),
    ];
    for (text, expected) in table {
        assert_eq!(date(text), expected, "{text}");
    }
}

#[test]
fn an_incomplete_interval_is_as_wide_as_it_may_be_and_never_without_end() {
    let table = [
        ("2011-03-04", day(2011, 3, 4), day(2011, 3, 4)),
        ("2011-03-00", day(2011, 3, 1), day(2011, 3, 31)),
        ("2012-02-00", day(2012, 2, 1), day(2012, 2, 29)),
        ("2011-00-00", day(2011, 1, 1), day(2011, 12, 31)),
        ("0000-00-00", None, None),
    ];
    for (text, first, last) in table {
        assert_eq!((first_day(text), last_day(text)), (first, last), "{text}");
    }
}

#[test]
fn a_number_has_twelve_digits_and_no_other_spelling() {
    let reading = Reading::on(day(2025, 3, 5).unwrap(), Country::Sweden);
    let kind = |text: &str, id_type| number(text, id_type, &reading).map(|number| number.kind());
    assert_eq!(kind("198501012382", IdType::Personnummer), Some(IdKind::Personnummer));
    assert_eq!(kind("198501012382", IdType::Immunitetsnummer), Some(IdKind::Immunitetsnummer));
    assert_eq!(kind("197701862398", IdType::Unsaid), Some(IdKind::Samordningsnummer));
    for text in ["8501012382", "19850101-2382", "098501012382", "19850101238X", "199902300000", ""] {
        assert_eq!(kind(text, IdType::Personnummer), None, "{text}");
    }
}

#[test]
fn words_are_known_in_any_case_and_unknown_ones_say_nothing() {
    assert_eq!(residence("PÅ KOMMUNEN SKRIVEN"), Some(Residence::AtMunicipality));
    assert_eq!(residence("Utan känt hemvist"), Some(Residence::Unknown));
    assert_eq!(residence("Skriven på månen"), None);
    assert_eq!(
        (link_type("Till"), link_type("FRAN"), link_type("Åt")),
        (LinkType::To, LinkType::From, LinkType::Untyped)
    );
    assert_eq!((id_type("samordningsnummer"), id_type("PASS")), (IdType::Samordningsnummer, IdType::Unsaid));
}

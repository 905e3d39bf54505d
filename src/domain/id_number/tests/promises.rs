//! What holds for all numbers: the published ones, every day of two centuries, and any that can be made.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{Datelike, Days};
use proptest::prelude::*;

use super::*;

/// The published lists, where this machine has them.
fn published(name: &str) -> Vec<String> {
    let shared = std::env::var_os("MANTAL_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = shared.join("data/id-numbers").join(name);
    std::fs::read_to_string(path).map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default()
}

/// A number that nobody living has: births 1840–1889, check digit made here.
fn bygone() -> impl Strategy<Value = String> {
    (0u64..18_262, 0u32..1000)
        .prop_map(|(days, serial)| with_check_digit(day(1840, 1, 1) + Days::new(days), serial))
}

fn with_check_digit(birth: NaiveDate, serial: u32) -> String {
    let nine = format!("{}{serial:03}", birth.format("%Y%m%d"));
    let sum: u32 = nine[2..]
        .bytes()
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 })
        .map(|product| product / 10 + product % 10)
        .sum();
    format!("{nine}{}", (10 - sum % 10) % 10)
}

#[test]
fn all_published_test_numbers_are_read_and_right() {
    let mut keys = BTreeMap::new();
    for (list, kind) in [
        ("skatteverket-test-personnummer.txt", IdKind::Personnummer),
        ("skatteverket-test-samordningsnummer.txt", IdKind::Samordningsnummer),
    ] {
        for text in published(list) {
            let number = IdNumber::parse(&text, &sweden()).unwrap();
            assert_eq!((number.reveal(), number.kind()), (text.as_str(), kind));
            assert_eq!(number.check_digit(), CheckDigit::Right, "{text}");
            assert_eq!(IdNumber::from_key(number.key(), kind), Some(number));
            // One number stands twice in the list.
            let before = keys.insert(number.key(), text.clone());
            assert!(before.is_none_or(|before| before == text), "{text}");
        }
    }
    assert!(keys.values().is_sorted(), "keys stand in the order of the numbers");
}

/// The law's own rule as oracle: whoever turns 100 or more this calendar year has a plus, everybody else none.
#[test]
fn all_four_spellings_give_the_number_back_for_every_day_from_1840_to_2040() {
    let references = [day(1890, 1, 1), day(1999, 12, 31), day(2000, 2, 29), today(), day(2040, 12, 31)];
    for reference in references {
        let reading = Reading::on(reference, Country::Sweden);
        for birth in day(1840, 1, 1).iter_days().take_while(|birth| *birth <= day(2040, 12, 31)) {
            // The last digit is off by one on purpose: no person has such a number.
            let right = with_check_digit(birth, 98);
            let off = (right.as_bytes()[11] - b'0' + 1) % 10;
            for added in [0, 60] {
                let short = format!("{}{:02}", birth.format("%y%m"), birth.day() + added);
                let full = format!("{}{short}098{off}", birth.year() / 100);
                let sign = match reference.year() - birth.year() {
                    100..200 => '+',
                    0..100 if birth <= reference => '-',
                    _ => '?',
                };
                let mut spellings = vec![full.clone(), format!("{}-{}", &full[..8], &full[8..])];
                if sign != '?' {
                    spellings.push(format!("{short}{sign}{}", &full[8..]));
                }
                if sign == '-' {
                    spellings.push(format!("{short}{}", &full[8..]));
                }
                for spelling in spellings {
                    let number = IdNumber::parse(&spelling, &reading).unwrap();
                    assert_eq!(number.reveal(), full, "{spelling} on {reference}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn every_spelling_of_a_number_gives_the_same_number(full in bygone(), blanks in "[ \t]{0,3}") {
        let expected = IdNumber::from_stored(&full, IdKind::Personnummer).unwrap();
        prop_assert_eq!(expected.check_digit(), CheckDigit::Right);
        let (date, serial) = full.split_at(8);
        let reading = Reading { birth_date: expected.birth_date(), ..sweden() };
        for text in [
            full.clone(),
            format!("{date}-{serial}"),
            format!("{}+{serial}", &date[2..]),
            format!("{}-{serial}", &date[2..]),
            format!("{}{serial}", &date[2..]),
        ] {
            let read = IdNumber::parse(&format!("{blanks}{text}{blanks}"), &reading);
            prop_assert_eq!(read, Ok(expected));
        }
        let plus = IdNumber::parse(&format!("{}+{serial}", &date[2..]), &sweden());
        prop_assert_eq!(plus, Ok(expected));
    }

    #[test]
    fn a_key_gives_its_number_back_and_keeps_the_order_of_digits(
        one in "18[4-8][0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])([0-9]{4}|[TRSUWXJKLMNP][0-9A-Z]{3})",
        other in "18[4-8][0-9](0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])([0-9]{4}|TF[0-9A-Z]{2})",
    ) {
        let (one, other) = (IdNumber::parse(&one, &sweden()).unwrap(), IdNumber::parse(&other, &sweden()).unwrap());
        for number in [one, other] {
            prop_assert_eq!(IdNumber::from_key(number.key(), number.kind()), Some(number));
        }
        prop_assert_eq!(one.key() == other.key(), one.reveal() == other.reveal());
        if one.kind() == other.kind() {
            prop_assert_eq!(one.key().cmp(&other.key()), one.reveal().cmp(other.reveal()));
        }
    }

    #[test]
    fn no_text_makes_the_parser_fail_otherwise(text in "\\PC{0,16}|[0-9TFtfDK:+-]{8,14}") {
        for reading in [sweden(), denmark(), of(IdKind::Cpr)] {
            if let Ok(number) = IdNumber::parse(&text, &reading) {
                prop_assert_eq!(IdNumber::from_stored(number.reveal(), number.kind()), Some(number));
                prop_assert_eq!(IdNumber::from_key(number.key(), number.kind()), Some(number));
            }
        }
    }
}

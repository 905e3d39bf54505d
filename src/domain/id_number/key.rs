//! A number as one integer and back. CPR numbers lie below 10^10, other digits below 10^12, letters (base 36) above 10^16.

use super::{IdNumber, NumberKey};

const CPR_END: i64 = 10_000_000_000;
const DIGITS_END: i64 = 1_000_000_000_000;
const LETTERS_START: i64 = 10_000_000_000_000_000;

/// Digits as they are, anything with a letter in base 36; the hyphen of a temporary number says nothing.
pub(super) fn of(number: &IdNumber) -> NumberKey {
    let text = number.reveal();
    let radix = if text.bytes().all(|byte| byte.is_ascii_digit()) { 10 } else { 36 };
    let digits = text.chars().filter_map(|character| character.to_digit(radix));
    NumberKey(digits.fold(0, |sum, digit| sum * i64::from(radix) + i64::from(digit)))
}

/// The stored text; `None` for an integer that stands for no number.
pub(super) fn text(key: NumberKey) -> Option<String> {
    match key.0 {
        0..CPR_END => Some(format!("{:010}", key.0)),
        CPR_END..DIGITS_END => Some(key.0.to_string()),
        LETTERS_START.. => {
            let letters = base_36(key.0)?;
            Some(match letters.split_once("TF") {
                Some((date, rest)) if date.len() == 8 => format!("{date}-TF{rest}"),
                Some(_) | None => letters,
            })
        }
        _ => None,
    }
}

fn base_36(mut rest: i64) -> Option<String> {
    let mut letters = Vec::with_capacity(12);
    while rest > 0 {
        letters.push(char::from_digit(u32::try_from(rest % 36).ok()?, 36)?.to_ascii_uppercase());
        rest /= 36;
    }
    Some(letters.into_iter().rev().collect())
}

/// Births of these years have ordinals.
const FIRST_YEAR: i64 = 1840;
const YEARS: i64 = 256;
/// Days, those of coordination numbers (60 more) behind the others.
const DAYS: i64 = 62;
const MONTHS: i64 = 12;
const SERIALS: i64 = 1000;

/// Exclusive.
pub(super) const ORDINALS: i64 = YEARS * DAYS * MONTHS * SERIALS;

/// See [`NumberKey::ordinal`].
pub(super) fn ordinal(key: NumberKey) -> Option<i64> {
    let (year, month, day) = (key.0 / 100_000_000, key.0 / 1_000_000 % 100, key.0 / 10_000 % 100);
    let day = match day {
        1..=31 => day - 1,
        61..=91 => day - 30,
        _ => return None,
    };
    let is_in = (FIRST_YEAR..FIRST_YEAR + YEARS).contains(&year) && (1..=MONTHS).contains(&month);
    if !is_in || !luhn_holds(key.0 % CPR_END) {
        return None;
    }
    // Days of one kind lie together: where there is no coordination number, no memory is touched.
    let kind = day / 31;
    let days = ((kind * YEARS + year - FIRST_YEAR) * MONTHS + month - 1) * 31 + day % 31;
    Some(days * SERIALS + key.0 / 10 % SERIALS)
}

fn luhn_holds(ten_digits: i64) -> bool {
    let (mut rest, mut sum, mut weight) = (ten_digits, 0, 1);
    while rest > 0 {
        let product = rest % 10 * weight;
        sum += product / 10 + product % 10;
        rest /= 10;
        weight = 3 - weight;
    }
    sum % 10 == 0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_numbers_share_an_ordinal() {
        let mut ordinals = BTreeSet::new();
        let mut count = 0;
        for year in [1840, 1841, 1999, 2000, 2095] {
            for day in (101..=131).chain(161..=191).chain(1_201..=1_231) {
                for last in 0..10_000 {
                    let Some(at) = ordinal(NumberKey(year * 100_000_000 + day * 10_000 + last)) else {
                        continue;
                    };
                    assert!((0..ORDINALS).contains(&at));
                    ordinals.insert(at);
                    count += 1;
                }
            }
        }
        // One check digit in ten is right.
        assert_eq!((count, ordinals.len()), (5 * 93 * 1_000, 5 * 93 * 1_000));
    }

    #[test]
    fn only_a_right_check_digit_and_a_possible_day_have_an_ordinal() {
        let table = [
            // Skatteverket's test numbers.
            (197_603_052_395, true),
            (198_501_012_382, true),
            // Another check digit.
            (197_603_052_396, false),
            // A year, a month or a day that none has.
            (183_903_052_395, false),
            (197_613_052_395, false),
            (197_603_452_395, false),
            // A CPR number, and a letter.
            (7_603_052_395, false),
            (LETTERS_START + 5, false),
        ];
        for (key, has_one) in table {
            assert_eq!(ordinal(NumberKey(key)).is_some(), has_one, "{key}");
        }
    }
}

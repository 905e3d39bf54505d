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

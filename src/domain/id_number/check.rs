//! The check digit (Luhn): says whether one is right, never refuses a number for it.

use super::{CheckDigit, IdKind, IdNumber};

/// Looks at the ten digits without the century.
pub(super) fn check_digit(number: &IdNumber) -> CheckDigit {
    match number.kind() {
        IdKind::Personnummer | IdKind::Samordningsnummer | IdKind::Immunitetsnummer => {
            if luhn_holds(number.reveal().bytes().skip(2)) { CheckDigit::Right } else { CheckDigit::Wrong }
        }
        // A CPR number's modulus 11 has not held since 2007.
        IdKind::Temporary | IdKind::Reserve | IdKind::Cpr => CheckDigit::None,
    }
}

/// Weights 2, 1, 2, 1 … over an even count of digits; the digit sums add up to a multiple of ten.
fn luhn_holds(digits: impl Iterator<Item = u8>) -> bool {
    let sum: u32 = digits
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}

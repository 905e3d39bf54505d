//! What an e-mail address and a phone number are, and when two are the same. (rules.md, sync-contacts 13)

use phonenumber::{Mode, country};

use super::ContactField;
use crate::domain::id_number::Country;

/// Longer than this is no address that any server takes.
const LONGEST_EMAIL: usize = 254;
/// More characters than any way of writing a phone number has.
const LONGEST_PHONE: usize = 64;

/// Why a text is no value of its field. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadValue {
    /// No e-mail address.
    Email,
    /// No phone number.
    Phone,
}

/// The stored form of a text: an e-mail address as it is written, a phone number as E.164.
pub fn stored_form(field: ContactField, text: &str, region: Country) -> Result<String, BadValue> {
    match field {
        ContactField::Email if is_email(text) => Ok(text.to_owned()),
        ContactField::Email => Err(BadValue::Email),
        ContactField::Mobile | ContactField::Phone => e164(text, region).ok_or(BadValue::Phone),
    }
}

/// One `@`, a domain with a dot, no blanks or control characters, at most 254.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_plain = |letter: char| !letter.is_whitespace() && !letter.is_control() && letter != '@';
    let has_labels = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
    !local.is_empty()
        && has_labels
        && local.chars().chain(domain.chars()).all(is_plain)
        && text.chars().count() <= LONGEST_EMAIL
}

/// A number that could ring, as `+46701740605`; without a country it is read as one of ours.
pub fn e164(text: &str, region: Country) -> Option<String> {
    if text.len() > LONGEST_PHONE {
        return None;
    }
    if let Some(number) = swedish_mobile(text, region) {
        return Some(number);
    }
    by_library(text, region)
}

/// Nearly every number of a file is one of these, and the library takes ten times as long to say the same.
fn swedish_mobile(text: &str, region: Country) -> Option<String> {
    let (national, gaps) = match (text.strip_prefix("+46"), region) {
        // With hyphens after a country the library has its own mind.
        (Some(rest), _) => (rest, &[' '][..]),
        (None, Country::Sweden) => (text.strip_prefix('0')?, &[' ', '-'][..]),
        (None, Country::Denmark) => return None,
    };
    let digits: String = national.chars().filter(|letter| !gaps.contains(letter)).collect();
    let is_plain = digits.len() == 9
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && matches!(digits.get(..2), Some("70" | "72" | "73" | "76" | "79"));
    is_plain.then(|| format!("+46{digits}"))
}

fn by_library(text: &str, region: Country) -> Option<String> {
    let region = match region {
        Country::Sweden => country::SE,
        Country::Denmark => country::DK,
    };
    let number = phonenumber::parse(Some(region), text).ok()?;
    phonenumber::is_valid(&number).then(|| number.format().mode(Mode::E164).to_string())
}

/// Whether two values are the same: e-mail without case, phone numbers in their stored form.
pub fn same(field: ContactField, one: &str, other: &str) -> bool {
    match field {
        _ if one == other => true,
        ContactField::Email => {
            one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
        }
        ContactField::Mobile | ContactField::Phone => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// The short way says what the library says, whatever is blank or hyphenated between the digits.
        #[test]
        fn a_mobile_number_read_the_short_way_is_what_the_library_reads(
            prefix in prop::sample::select(vec!["+46", "+46 ", "0"]),
            series in prop::sample::select(vec!["70", "72", "73", "76", "79", "71", "74", "75", "77", "78", "8"]),
            rest in "([ -]{0,2}[0-9]){5,9}[ -]{0,2}",
            region in prop::sample::select(vec![Country::Sweden, Country::Denmark]),
        ) {
            let text = format!("{prefix}{series}{rest}");
            if let Some(number) = swedish_mobile(&text, region) {
                prop_assert_eq!(Some(number), by_library(&text, region), "{}", text);
            }
        }

        /// Nothing that the library refuses gets in by the short way.
        #[test]
        fn no_text_gets_in_the_short_way_that_the_library_reads_otherwise(text in "[+]?[0-9 +-]{0,16}") {
            for region in [Country::Sweden, Country::Denmark] {
                if let Some(number) = swedish_mobile(&text, region) {
                    prop_assert_eq!(Some(number), by_library(&text, region), "{}", text);
                }
            }
        }
    }
}

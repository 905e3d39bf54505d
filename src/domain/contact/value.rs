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

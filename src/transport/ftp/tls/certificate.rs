//! The two facts of a certificate that people compare: its fingerprint and its dates. Whether it is to be trusted is not
//! decided here; what can't be read has no dates.

use chrono::{DateTime, NaiveDateTime, Utc};
use sha2::{Digest, Sha256};

use crate::config::TlsPin;

/// When a certificate begins and ends to be valid.
pub(super) type Validity = (DateTime<Utc>, DateTime<Utc>);

/// What is shown of a certificate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Certificate {
    pub(super) pin: TlsPin,
    pub(super) valid: Option<Validity>,
}

impl Certificate {
    pub(super) fn of(der: &[u8]) -> Self {
        Self { pin: TlsPin::new(Sha256::digest(der).into()), valid: validity(der) }
    }
}

// Tags of X.690, as far as they stand before the dates.
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// RFC 5280, section 4.1: version, serial number, algorithm and issuer stand before the dates.
fn validity(der: &[u8]) -> Option<Validity> {
    let mut certificate = Elements(der).enter()?;
    let mut signed = certificate.enter()?;
    if signed.0.first() == Some(&VERSION) {
        signed.take(VERSION)?;
    }
    signed.take(INTEGER)?;
    signed.take(SEQUENCE)?;
    signed.take(SEQUENCE)?;
    let mut dates = signed.enter()?;
    Some((dates.time()?, dates.time()?))
}

/// What is left of a row of DER elements.
struct Elements<'d>(&'d [u8]);

impl<'d> Elements<'d> {
    fn next(&mut self) -> Option<(u8, &'d [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (digits.iter().fold(0, |length, digit| (length << 8) | usize::from(*digit)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    fn take(&mut self, wanted: u8) -> Option<&'d [u8]> {
        self.next().filter(|(tag, _)| *tag == wanted).map(|(_, content)| content)
    }

    fn enter(&mut self) -> Option<Self> {
        self.take(SEQUENCE).map(Elements)
    }

    fn time(&mut self) -> Option<DateTime<Utc>> {
        let (tag, content) = self.next()?;
        let digits = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
        // Two digits of a year mean 1950 to 2049.
        let century = match (tag, digits.len(), digits.get(..2)?) {
            (UTC_TIME, 12, year) => {
                if year < "50" {
                    "20"
                } else {
                    "19"
                }
            }
            (GENERALIZED_TIME, 14, _) => "",
            _ => return None,
        };
        let is_plain = digits.bytes().all(|digit| digit.is_ascii_digit());
        let text = format!("{century}{digits}");
        let time = is_plain.then(|| NaiveDateTime::parse_from_str(&text, "%Y%m%d%H%M%S").ok())?;
        time.map(|time| time.and_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut all = vec![tag];
        match u8::try_from(content.len()) {
            Ok(length @ 0..=0x7f) => all.push(length),
            Ok(length) => all.extend([0x81, length]),
            Err(_) => {
                all.push(0x82);
                all.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
            }
        }
        all.extend(content);
        all
    }

    fn certificate(version: &[u8], begin: (u8, &str), end: (u8, &str)) -> Vec<u8> {
        let dates = [element(begin.0, begin.1.as_bytes()), element(end.0, end.1.as_bytes())].concat();
        let issuer = element(SEQUENCE, &[0; 300]);
        let before = [version, &element(INTEGER, &[7; 20]), &element(SEQUENCE, b"rsa"), &issuer].concat();
        let signed = [before, element(SEQUENCE, &dates), element(SEQUENCE, b"the rest")].concat();
        element(SEQUENCE, &[element(SEQUENCE, &signed), element(SEQUENCE, b"signature")].concat())
    }

    fn shown(der: &[u8]) -> Option<(String, String)> {
        validity(der).map(|(begin, end)| (begin.to_rfc3339(), end.to_rfc3339()))
    }

    #[test]
    fn the_dates_of_a_certificate_are_read_in_both_forms() {
        let third = element(VERSION, &element(INTEGER, &[2]));
        let der = certificate(&third, (UTC_TIME, "261122083625Z"), (GENERALIZED_TIME, "20520101000000Z"));
        let expected = ("2026-11-22T08:36:25+00:00".to_owned(), "2052-01-01T00:00:00+00:00".to_owned());
        assert_eq!(shown(&der), Some(expected));
        let first = certificate(&[], (UTC_TIME, "500101000000Z"), (UTC_TIME, "491231235959Z"));
        let expected = ("1950-01-01T00:00:00+00:00".to_owned(), "2049-12-31T23:59:59+00:00".to_owned());
        assert_eq!(shown(&first), Some(expected), "a certificate of version 1 has no version");
    }

    #[test]
    fn what_is_no_certificate_has_no_dates() {
        let good = certificate(&[], (UTC_TIME, "261122083625Z"), (UTC_TIME, "271122083625Z"));
        for length in 0..good.len() {
            assert_eq!(shown(&good[..length]), None, "cut after {length} bytes");
        }
        for date in ["261322083625Z", "2611220836Z", "26112208362+Z", "261122083625", "+61122083625Z"] {
            assert_eq!(
                shown(&certificate(&[], (UTC_TIME, date), (UTC_TIME, "271122083625Z"))),
                None,
                "{date}"
            );
        }
        assert_eq!(shown(&[SEQUENCE, 0x80, 0, 0]), None, "no length");
        assert_eq!(shown(&[SEQUENCE, 0x84, 0xff, 0xff, 0xff, 0xff]), None, "a length that nothing has");
    }
}

//! The fingerprint of the one certificate that is trusted: `sha256:` and 64 hexadecimal digits.

use std::fmt;

/// SHA-256 of a certificate's DER form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TlsPin([u8; 32]);

impl TlsPin {
    /// The pin of a certificate with this digest.
    pub const fn new(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// Reads what tools print: letters in either case, pairs with colons between them or all in one.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, digits) = text.trim().split_once(':')?;
        if !scheme.eq_ignore_ascii_case("sha256") {
            return None;
        }
        let pairs: Vec<&[u8]> = if digits.contains(':') {
            digits.split(':').map(str::as_bytes).collect()
        } else {
            digits.as_bytes().chunks(2).collect()
        };
        let bytes: Option<Vec<u8>> = pairs.into_iter().map(byte).collect();
        bytes?.try_into().ok().map(Self)
    }
}

fn byte(pair: &[u8]) -> Option<u8> {
    let &[high, low] = pair else { return None };
    let digit = |letter: u8| char::from(letter).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// As the setting takes it.
impl fmt::Display for TlsPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_read_as_tools_print_it_and_in_no_other_way() {
        let plain = "00ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1dab";
        let pairs: Vec<String> =
            plain.as_bytes().chunks(2).map(|c| String::from_utf8_lossy(c).into()).collect();
        let colons = pairs.join(":");
        let good = [
            format!("sha256:{plain}"),
            format!("SHA256:{}", plain.to_uppercase()),
            format!("sha256:{}", colons.to_uppercase()), // openssl x509 -fingerprint -sha256
            format!(" sha256:{colons} "),
        ];
        for text in &good {
            assert_eq!(TlsPin::parse(text).unwrap().to_string(), good[0], "{text}");
        }
        let bad = [
            String::new(),
            plain.to_owned(),                                  // no algorithm
            format!("sha1:{plain}"),                           // another algorithm
            format!("sha256:{}", &plain[2..]),                 // too short
            format!("sha256:{plain}00"),                       // too long
            format!("sha256:{}g", &plain[..63]),               // no digit
            format!("sha256:{}", &plain[..63]),                // half a pair
            format!("sha256:{}", colons.replacen(':', "", 1)), // colons here and there
            format!("sha256:+{}", &plain[1..]),                // what a parser of numbers would take
            format!("sha256:{}", "é".repeat(32)),
        ];
        for text in bad {
            assert_eq!(TlsPin::parse(&text), None, "{text}");
        }
    }
}

//! What a `known_hosts` file says of one host (its form: sshd(8)): which keys it has, and which are
//! revoked. A line that can't be read says nothing; `@cert-authority` lines are not used, and counted.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use russh::keys::{PublicKey, parse_public_key_base64};
use sha1::Sha1;

const PORT: u16 = 22;

/// The keys of one host.
#[derive(Debug, Default)]
pub(super) struct Known {
    keys: Vec<PublicKey>,
    revoked: Vec<PublicKey>,
    authorities: usize,
}

/// What a file says of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is the host's.
    Known,
    /// The host has others.
    Other,
    /// It must never be taken.
    Revoked,
    /// Nothing is known of the host.
    Stranger,
}

impl Known {
    /// Adds what a file says of a host.
    pub(super) fn read(&mut self, text: &str, host: &str, port: u16) {
        let name = name_of(host, port);
        for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with('#')) {
            self.read_line(line, &name);
        }
    }

    fn read_line(&mut self, line: &str, name: &str) {
        let mut words = line.split_ascii_whitespace();
        let mut next = || words.next().unwrap_or_default();
        let first = next();
        let (marker, patterns) = if first.starts_with('@') { (first, next()) } else { ("", first) };
        let (_, key) = (next(), next());
        if !is_meant(patterns, name) {
            return;
        }
        match (marker, parse_public_key_base64(key)) {
            ("@cert-authority", _) => self.authorities += 1,
            ("", Ok(key)) => self.keys.push(key),
            ("@revoked", Ok(key)) => self.revoked.push(key),
            (_, Ok(_) | Err(_)) => {}
        }
    }

    /// What is known of a key.
    pub(super) fn standing(&self, key: &PublicKey) -> Standing {
        let is_in = |keys: &[PublicKey]| keys.iter().any(|known| known.key_data() == key.key_data());
        if is_in(&self.revoked) {
            Standing::Revoked
        } else if is_in(&self.keys) {
            Standing::Known
        } else if self.keys.is_empty() {
            Standing::Stranger
        } else {
            Standing::Other
        }
    }

    /// The host's keys.
    pub(super) fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// How many authorities would vouch for the host if we asked them.
    pub(super) const fn authorities(&self) -> usize {
        self.authorities
    }
}

/// How a host is called in a file: with its port in brackets, unless it is the usual one.
pub(super) fn name_of(host: &str, port: u16) -> String {
    let host = host.to_lowercase();
    if port == PORT { host } else { format!("[{host}]:{port}") }
}

/// Whether a list of patterns means this name. One that is excluded is not meant, whatever else the list has.
fn is_meant(patterns: &str, name: &str) -> bool {
    if let Some(hashed) = patterns.strip_prefix("|1|") {
        return is_hash_of(hashed, name);
    }
    let mut is_meant = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(excluded) if fits(excluded, name) => return false,
            Some(_) => {}
            None => is_meant |= fits(pattern, name),
        }
    }
    is_meant
}

/// `salt|HMAC-SHA1 of the name`, both in base64.
fn is_hash_of(hashed: &str, name: &str) -> bool {
    let parts = hashed.split_once('|').map(|(salt, hash)| (decoded(salt), decoded(hash)));
    let Some((Some(salt), Some(hash))) = parts else { return false };
    Hmac::<Sha1>::new_from_slice(&salt).is_ok_and(|mac| mac.chain_update(name).verify_slice(&hash).is_ok())
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).ok()
}

/// `*` stands for any letters, `?` for any one.
fn fits(pattern: &str, name: &str) -> bool {
    let pattern = pattern.to_lowercase();
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut seen) = (0, 0);
    // Where the last star was, and what it has swallowed so far.
    let mut star = None;
    while let Some(letter) = name.get(seen) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(wanted) if wanted == letter || *wanted == b'?' => {
                at += 1;
                seen += 1;
            }
            Some(_) | None => {
                let Some((place, swallowed)) = star else { return false };
                star = Some((place, swallowed + 1));
                at = place + 1;
                seen = swallowed + 1;
            }
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests;

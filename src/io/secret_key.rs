//! `registry.key`: the key under which identity numbers are hashed. Made once, never overwritten, never in a backup.

use std::{
    fmt,
    io::{Read, Write},
    path::Path,
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::private;
use crate::{
    domain::{
        id_number::IdNumber,
        keyed_hash::{KeyedHash, read_hex, write_hex},
    },
    failure::{Failure, Result},
    text::files as text,
};

/// The installation's own key, ready to hash with.
#[derive(Clone)]
pub struct SecretKey(Hmac<Sha256>);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

impl SecretKey {
    /// Makes a key and its file; it is a failure if anything has that name.
    pub fn create(path: &Path) -> Result<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)
            .map_err(|error| private::refused(text::NO_RANDOM, path).caused_by(error))?;
        let mut file = private::create_new(path)?;
        let line = format!("{}\n", write_hex(&key));
        file.write_all(line.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| Failure::io(path, error))?;
        private::sync_folder(private::parent(path))?;
        Self::from_bytes(key)
    }

    /// Reads the key of an installation.
    pub fn load(path: &Path) -> Result<Self> {
        const LONGEST: u64 = 1_024;
        let mut line = String::new();
        let read = private::open(path)?.take(LONGEST).read_to_string(&mut line);
        let damaged = || private::refused(text::KEY_DAMAGED, path);
        read.map_err(|_| damaged())?;
        Self::from_bytes(read_hex(line.trim_end()).ok_or_else(damaged)?)
    }

    fn from_bytes(key: [u8; 32]) -> Result<Self> {
        let mac = Hmac::new_from_slice(&key);
        mac.map(Self).map_err(|_| Failure::internal("a key of this length is refused"))
    }

    /// The hash of an identity number in its stored form.
    pub fn hash(&self, number: &IdNumber) -> KeyedHash {
        self.hash_text(number.reveal())
    }

    /// Tells keys apart and nothing about any of them: no number is hashed with this prefix.
    pub fn fingerprint(&self) -> KeyedHash {
        self.digest(b"key:", "")
    }

    /// The digest of everything that there is of a record, for a plan that leaves the registry.
    pub fn digest_of(&self, content: &str) -> KeyedHash {
        self.digest(b"plan:", content)
    }

    /// A link of a chain: covers the link before it and a text.
    pub fn chain(&self, before: &[u8], text: &str) -> KeyedHash {
        self.digest(&[b"chain:", before].concat(), text)
    }

    fn hash_text(&self, text: &str) -> KeyedHash {
        self.digest(b"id:", text)
    }

    fn digest(&self, what: &[u8], text: &str) -> KeyedHash {
        let mut mac = self.0.clone();
        mac.update(what);
        mac.update(text.as_bytes());
        let mut half = [0; 16];
        for (byte, digest) in half.iter_mut().zip(mac.finalize().into_bytes()) {
            *byte = digest;
        }
        KeyedHash::from_bytes(half)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt, symlink},
    };

    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.key");
        let key = SecretKey::create(&path).unwrap();
        let written = fs::read(&path).unwrap();
        assert_eq!(written.len(), 65);
        assert_eq!(SecretKey::load(&path).unwrap().hash_text("a"), key.hash_text("a"));
        SecretKey::create(&path).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), written, "never overwritten");
        let other = SecretKey::create(&folder.path().join("other.key")).unwrap();
        assert_ne!(other.hash_text("a"), key.hash_text("a"), "no two keys are the same");
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_a_link_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.key");
        SecretKey::create(&path).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(SecretKey::load(&path).unwrap_err().message.code, text::READABLE.code, "{mode:o}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let link = folder.path().join("link.key");
        symlink(&path, &link).unwrap();
        assert_eq!(SecretKey::load(&link).unwrap_err().message.code, text::NO_PLAIN_FILE.code);
    }

    #[test]
    fn a_file_that_is_no_key_is_refused_without_being_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.key");
        for content in ["", "abcd\n", &"g".repeat(64), &"a".repeat(63), &"a".repeat(66), "å"] {
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            let failure = SecretKey::load(&path).unwrap_err();
            assert_eq!(failure.message.code, text::KEY_DAMAGED.code);
            assert!(content.len() < 60 || !format!("{failure:?}").contains(content));
        }
    }

    #[test]
    fn a_hash_is_the_first_half_of_an_hmac_over_the_marked_text() {
        // Computed with another implementation: HMAC-SHA256, key 32 bytes of 0x0b, message "id:test".
        let hash = SecretKey::from_bytes([0x0b; 32]).unwrap().hash_text("test");
        assert_eq!(hash.to_string(), "2f9bed413996d644073d9d1ea9c8fc7e");
        assert_eq!(KeyedHash::parse(&hash.to_string()), Some(hash));
    }

    #[test]
    fn debug_output_never_shows_a_key() {
        assert_eq!(format!("{:?}", SecretKey::from_bytes([1; 32]).unwrap()), "SecretKey(hidden)");
    }
}

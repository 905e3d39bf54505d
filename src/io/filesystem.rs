//! Where the registry may lie: not on a network file system, where the registry's locks and shared memory don't hold.

use std::path::Path;

use super::private;
use crate::{
    domain::health::Left,
    failure::{Failure, Result},
    text::files as text,
};

/// Refuses a registry on a network file system. Looks at the file's folder as long as there is no file; opens nothing.
pub fn refuse_network(registry: &Path) -> Result<()> {
    let place = if registry.exists() { registry } else { private::parent(registry) };
    let facts = rustix::fs::statfs(place).map_err(|error| Failure::io(place, error.into()))?;
    match network_name(magic(i128::from(facts.f_type))) {
        Some(name) => Err(private::refused(text::NETWORK, registry).with("kind", name)),
        None => Ok(()),
    }
}

/// What a file system has and allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Tells file systems apart.
    pub device: u64,
    /// What is left of it for us.
    pub left: Left,
    /// Nothing on it can be changed.
    pub is_read_only: bool,
}

/// Looks at the file system that holds this path; of one that isn't there, its nearest folder that is.
pub fn facts(path: &Path) -> Result<Facts> {
    use std::os::unix::fs::MetadataExt;
    let place = path.ancestors().find(|place| place.exists()).unwrap_or(path);
    let device = place.metadata().map_err(|error| Failure::io(place, error))?.dev();
    let found = rustix::fs::statvfs(place).map_err(|error| Failure::io(place, error.into()))?;
    Ok(Facts {
        device,
        left: Left {
            bytes: found.f_bavail.saturating_mul(found.f_frsize),
            // Some file systems make places for files as they go, and say that they have none.
            inodes: (found.f_files > 0).then_some(found.f_favail),
        },
        is_read_only: found.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY),
    })
}

/// The kernel's number, which is signed on some machines and wider on others.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the numbers have 32 bits")]
const fn magic(number: i128) -> u32 {
    number as u32
}

/// The name of a network file system. 9P and FUSE are not in it: sandboxes and local mounts use them.
const fn network_name(magic: u32) -> Option<&'static str> {
    match magic {
        0x6969 => Some("NFS"),
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => Some("SMB"),
        0x5346_414f | 0x6b41_4653 => Some("AFS"),
        0x00c3_6400 => Some("Ceph"),
        0x7375_7245 => Some("Coda"),
        0x564c => Some("NCP"),
        0x0bd0_0bd0 => Some("Lustre"),
        0x4750_4653 => Some("GPFS"),
        0x1983_0326 => Some("BeeGFS"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_known_by_their_number_whatever_its_sign() {
        // (number from the kernel, name)
        let rows = [
            (0x6969_i128, Some("NFS")),
            (0xff53_4d42, Some("SMB")),                               // CIFS
            (i128::from(0xff53_4d42_u32.cast_signed()), Some("SMB")), // as a signed number
            (0xfe53_4d42, Some("SMB")),                               // SMB2 and later
            (0x00c3_6400, Some("Ceph")),
            (0xef53, None),      // ext4
            (0x5846_5342, None), // XFS
            (0x9123_683e, None), // Btrfs
            (0x0102_1994, None), // tmpfs
            (0x0102_1997, None), // 9P
            (0x6573_5546, None), // FUSE
            (0x794c_7630, None), // overlay
        ];
        for (number, name) in rows {
            assert_eq!(network_name(magic(number)), name, "{number:x}");
        }
    }

    #[test]
    fn a_local_folder_will_do_with_and_without_a_registry() {
        let folder = tempfile::tempdir().unwrap();
        let registry = folder.path().join("registry.db");
        refuse_network(&registry).unwrap();
        std::fs::write(&registry, "").unwrap();
        refuse_network(&registry).unwrap();
        refuse_network(&folder.path().join("missing/registry.db")).unwrap_err();
    }
}

//! Room on the file systems that registry, spool and backups lie on.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Area, Around, Check, Diagnosis, Verdict};
use crate::domain::health::{self, Room};
use crate::io::filesystem::{self, Facts};
use crate::text::{Message, doctor as text};

/// One file system and what will be wanted of it.
struct Disk {
    facts: Facts,
    paths: Vec<String>,
    needed: u64,
}

pub(super) fn look(around: &Around<'_>, diagnosis: &Diagnosis<'_>) {
    let settings = around.settings;
    let size = settings.registry.metadata().map_or(0, |facts| facts.len());
    // An erasure writes the whole registry into the WAL before it is put back (docs/operations.md). Files that are fetched
    // or held are small beside what every file system should have left.
    let places: [(&Path, u64); 3] =
        [(&settings.registry, size.saturating_mul(2)), (&settings.spool, 0), (&settings.backup.dir, size)];
    let mut disks: BTreeMap<u64, Disk> = BTreeMap::new();
    for (path, needed) in places {
        match filesystem::facts(path) {
            Ok(facts) => {
                let disk = disks.entry(facts.device).or_insert(Disk { facts, paths: Vec::new(), needed: 0 });
                disk.needed = disk.needed.saturating_add(needed);
                disk.paths.push(path.display().to_string());
            }
            Err(failure) => diagnosis.note(Check::failed(Area::Space, "room", path.display(), &failure)),
        }
    }
    for disk in disks.values() {
        diagnosis.note(judge(disk));
    }
}

fn judge(disk: &Disk) -> Check {
    let (verdict, message, hint) = verdict(disk);
    let check = Check::new(Area::Space, "room", disk.paths.join(", "), verdict, message);
    let check = check.with("free", disk.facts.left.bytes >> 20).with("needed", mebibytes(disk.needed));
    hint.into_iter().fold(check, Check::hint)
}

fn verdict(disk: &Disk) -> (Verdict, Message, Option<Message>) {
    if disk.facts.is_read_only {
        return (Verdict::Problem, text::DISK_READ_ONLY, Some(text::DISK_READ_ONLY_HINT));
    }
    match health::room(disk.facts.left, disk.needed) {
        Room::Enough => (Verdict::Well, text::ROOM_ENOUGH, None),
        Room::Little => (Verdict::Warning, text::ROOM_LITTLE, Some(text::ROOM_HINT)),
        Room::TooLittle => (Verdict::Problem, text::ROOM_TOO_LITTLE, Some(text::ROOM_HINT)),
        Room::NoInodes => (Verdict::Problem, text::NO_INODES, Some(text::NO_INODES_HINT)),
    }
}

/// Whole mebibytes, rounded up: what is needed is never shown as nothing.
pub(super) fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

//! Disks that are full, have no place for files, or can't be written to: small file systems of their own. Needs root.

use std::{fs, path::PathBuf, process::Command};

use super::{
    seen::{doctor, set_mode},
    support::World,
};

/// A file system over a folder, taken away again at the end.
struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        // It goes with the machine at the latest.
        drop(Command::new("umount").arg(&self.0).status());
    }
}

fn mount(path: PathBuf, options: &str) -> Option<Mounted> {
    let status = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(&path).status();
    let is_mounted = status.is_ok_and(|status| status.success());
    if !is_mounted {
        eprintln!("skipped: no file system can be mounted here");
    }
    is_mounted.then_some(Mounted(path))
}

#[test]
fn a_disk_without_room_without_inodes_or_closed_to_writing_is_found() {
    // (options, verdict, code)
    let rows = [
        ("size=100k,mode=0700", "problem", "doctor-room-too-little"),
        ("size=4m,mode=0700", "warning", "doctor-room-little"),
        ("size=200m,nr_inodes=50,mode=0700", "problem", "doctor-no-inodes"),
        ("size=200m,ro,mode=0700", "problem", "doctor-disk-read-only"),
    ];
    for (options, verdict, code) in rows {
        let world = World::with_three("");
        let Some(_disk) = mount(world.path("w/backups"), options) else { return };
        doctor(&world, &[]).only(verdict, ("space", "room", code));
    }
}

#[test]
fn a_disk_that_is_full_to_the_last_byte_is_found() {
    let world = World::with_three("");
    let Some(disk) = mount(world.path("w/spool"), "size=1m,mode=0700") else { return };
    for room in ["inbox", "held", "rejected", "staging"] {
        fs::create_dir(disk.0.join(room)).unwrap();
        set_mode(&disk.0.join(room), 0o700);
    }
    let filler = disk.0.join("held/filler");
    // Stops when there is no more room, having written what there was.
    fs::write(&filler, vec![7; 2 << 20]).unwrap_err();
    set_mode(&filler, 0o600);
    let seen = doctor(&world, &[]);
    seen.only("warning", ("space", "room", "doctor-room-little"));
    fs::remove_file(filler).unwrap();
}

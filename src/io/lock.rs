//! One run at a time: an advisory lock on a file of its own, which dies with its process and is never deleted.

use std::{
    fs::{File, TryLockError},
    os::unix::fs::MetadataExt,
    path::Path,
    time::{Duration, Instant},
};

use super::private;
use crate::{
    failure::{Failure, Kind, Result},
    text::files as text,
};

/// How often a lock that is held is tried again.
const PAUSE: Duration = Duration::from_millis(50);

/// The right to change the registry; given back when it is dropped.
#[derive(Debug)]
pub struct RunLock {
    file: File,
}

impl Drop for RunLock {
    /// Closing alone would not do: a child that was started at this moment by another thread holds the same open file until it
    /// becomes its own program.
    fn drop(&mut self) {
        // The file is closed right after, whatever this says.
        drop(self.file.unlock());
    }
}

impl RunLock {
    /// Takes the lock, waiting so long for another run; then it is a failure of kind `Busy`.
    pub fn acquire(path: &Path, wait: Duration) -> Result<Self> {
        let deadline = Instant::now() + wait;
        loop {
            if let Some(lock) = Self::attempt(path)? {
                return Ok(lock);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Failure::new(Kind::Busy, text::BUSY).with("seconds", wait.as_secs()));
            }
            std::thread::sleep(PAUSE.min(left));
        }
    }

    fn attempt(path: &Path) -> Result<Option<Self>> {
        let file = private::open_or_create(path)?;
        match file.try_lock() {
            // Somebody may have put another file in its place while we held this one open.
            Ok(()) => Ok(is_still_at(&file, path).then_some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Failure::io(path, error)),
        }
    }
}

/// Whether a run is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Somebody holds the lock.
    Held,
    /// Nobody does.
    Free,
    /// The system doesn't tell.
    Unknown,
}

/// Asks the system who holds what. The lock isn't tried: for that instant a run that starts would be refused.
pub fn holding(path: &Path) -> Holding {
    let there = path.symlink_metadata();
    if there.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return Holding::Free;
    }
    match (there, std::fs::read_to_string("/proc/locks")) {
        (Ok(facts), Ok(locks)) => holding_in(&locks, facts.dev(), facts.ino()),
        (Err(_), _) | (_, Err(_)) => Holding::Unknown,
    }
}

/// `1: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF`: device in hexadecimal, inode. Some file systems tell a file's
/// device in two ways.
fn holding_in(locks: &str, device: u64, inode: u64) -> Holding {
    let ours = format!("{:02x}:{:02x}", rustix::fs::major(device), rustix::fs::minor(device));
    let mut holding = Holding::Free;
    for line in locks.lines().filter(|line| line.split_whitespace().nth(1) == Some("FLOCK")) {
        let place = line
            .split_whitespace()
            .find_map(|word| word.rsplit_once(':').filter(|(left, _)| left.contains(':')));
        match place {
            Some((place, number)) if number.parse() == Ok(inode) => {
                if place == ours {
                    return Holding::Held;
                }
                holding = Holding::Unknown;
            }
            Some(_) | None => {}
        }
    }
    holding
}

fn is_still_at(file: &File, path: &Path) -> bool {
    let (Ok(opened), Ok(there)) = (file.metadata(), path.symlink_metadata()) else { return false };
    opened.dev() == there.dev() && opened.ino() == there.ino()
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt, symlink},
    };

    use super::*;

    const AT_ONCE: Duration = Duration::ZERO;

    #[test]
    fn two_runs_never_hold_the_lock_and_a_dropped_one_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.lock");
        let lock = RunLock::acquire(&path, AT_ONCE).unwrap();
        assert_eq!(RunLock::acquire(&path, AT_ONCE).unwrap_err().kind, Kind::Busy);
        drop(lock);
        RunLock::acquire(&path, AT_ONCE).unwrap();
        assert!(path.exists(), "the file stays");
    }

    #[test]
    fn a_lock_that_was_given_back_is_free_though_a_child_still_has_the_file_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.lock");
        let lock = RunLock::acquire(&path, AT_ONCE).unwrap();
        // As a child has it between fork and exec.
        let of_a_child = lock.file.try_clone().unwrap();
        drop(lock);
        RunLock::acquire(&path, AT_ONCE).unwrap();
        drop(of_a_child);
    }

    #[test]
    fn whether_a_run_goes_on_is_told_without_trying_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.lock");
        assert_eq!(holding(&path), Holding::Free);
        assert!(!path.exists(), "asking makes no file");
        let lock = RunLock::acquire(&path, AT_ONCE).unwrap();
        assert_eq!(holding(&path), Holding::Held);
        drop(lock);
        assert_eq!(holding(&path), Holding::Free);
    }

    #[test]
    fn a_lock_is_known_by_device_and_inode() {
        // (line of /proc/locks, what it says of inode 131 on device 8:1)
        let rows = [
            ("", Holding::Free),
            ("1: FLOCK  ADVISORY  WRITE 4711 08:01:131 0 EOF", Holding::Held),
            // Of another container, whose processes have no id here.
            ("1: FLOCK  ADVISORY  WRITE -1 08:01:131 0 EOF", Holding::Held),
            ("1: FLOCK  ADVISORY  WRITE 4711 08:01:1310 0 EOF", Holding::Free),
            // The same inode on what may be the same file system by another name.
            ("1: FLOCK  ADVISORY  WRITE 4711 00:2a:131 0 EOF", Holding::Unknown),
            // SQLite's own locks are of another kind.
            ("1: POSIX  ADVISORY  WRITE 4711 08:01:131 0 EOF", Holding::Free),
            (
                "1: FLOCK  ADVISORY  WRITE 1 00:2a:131 0 EOF\n2: FLOCK  ADVISORY  WRITE 2 08:01:131 0 EOF",
                Holding::Held,
            ),
            // Somebody who waits for it.
            (
                "1: FLOCK  ADVISORY  WRITE 1 08:01:131 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 2 08:01:131 0 EOF",
                Holding::Held,
            ),
        ];
        for (locks, expected) in rows {
            assert_eq!(holding_in(locks, rustix::fs::makedev(8, 1), 131), expected, "{locks}");
        }
    }

    #[test]
    fn a_waiting_run_gets_the_lock_when_it_is_free_and_gives_up_in_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.lock");
        let lock = RunLock::acquire(&path, AT_ONCE).unwrap();
        let begun = Instant::now();
        RunLock::acquire(&path, Duration::from_millis(120)).unwrap_err();
        assert!((120..30_000).contains(&begun.elapsed().as_millis()));
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| RunLock::acquire(&path, Duration::from_secs(30)));
            drop(lock);
            waiting.join().unwrap().unwrap();
        });
    }

    #[test]
    fn whatever_else_lies_at_the_lock_is_a_failure_and_no_hang() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        fs::set_permissions(&victim, fs::Permissions::from_mode(0o644)).unwrap();
        let path = folder.path().join("registry.lock");
        let plant: [&dyn Fn(); 4] = [
            &|| symlink(&victim, &path).unwrap(),
            &|| symlink(folder.path().join("nowhere"), &path).unwrap(),
            &|| crate::io::plant_fifo(&path),
            &|| fs::create_dir(&path).unwrap(),
        ];
        for plant in plant {
            plant();
            let failure = RunLock::acquire(&path, AT_ONCE).unwrap_err();
            assert_eq!((failure.kind, failure.message.code), (Kind::Failed, text::NO_PLAIN_FILE.code));
            fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)).unwrap();
        }
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
        assert_eq!(victim.metadata().unwrap().mode() & 0o777, 0o644, "its mode is as it was");
        assert!(!folder.path().join("nowhere").exists());
    }

    #[test]
    fn a_lock_file_that_others_could_open_is_closed_to_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.lock");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        RunLock::acquire(&path, AT_ONCE).unwrap();
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_lock_on_a_file_that_was_replaced_is_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.lock");
        let opened = private::open_or_create(&path).unwrap();
        assert!(is_still_at(&opened, &path));
        fs::rename(&path, folder.path().join("elsewhere")).unwrap();
        assert!(!is_still_at(&opened, &path));
        fs::write(&path, "").unwrap();
        assert!(!is_still_at(&opened, &path));
    }
}

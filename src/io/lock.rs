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
    _file: File,
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
            Ok(()) => Ok(is_still_at(&file, path).then_some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Failure::io(path, error)),
        }
    }
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

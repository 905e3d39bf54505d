//! `backup`: a verified copy of the registry; with `--secrets` its key and side file, elsewhere. (rules.md, Undo and restore)

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::run::Run;
use super::{Job, Origin};
use crate::failure::{Failure, Result};
use crate::io::{AtomicFile, Existing, private};
use crate::text::{backup as text, files, line};

/// Copies the registry.
#[derive(Debug, Default)]
pub struct Backup {
    /// The new file; none for the next name in `backup.dir`.
    pub file: Option<PathBuf>,
    /// `--secrets`: the folder for key and side file.
    pub secrets: Option<PathBuf>,
}

impl Job for Backup {
    fn name(&self) -> &'static str {
        "backup"
    }

    fn origin(&self) -> Origin {
        Origin::Hand
    }

    fn work(&mut self, run: &mut Run<'_>) -> Result<()> {
        let now = (run.setup.now)();
        let target = target(run, self.file.as_deref(), &now)?;
        if let Some(folder) = &self.secrets {
            refuse_among_backups(folder, &[&run.setup.settings.backup.dir, folder_of(&target)])?;
        }
        let secrets = self.read_secrets(run)?;
        run.registry.verify()?;
        if !run.is_dry() {
            run.registry.note_key(run.key.fingerprint())?;
            run.registry.back_up(&target, &mut || run.check_stop())?;
            self.write_secrets(run, &secrets)?;
            if self.file.is_none() {
                prune(run)?;
            }
        }
        let params = [("path", target.display().to_string())];
        run.line(line::BACKED_UP, &params);
        run.message = Some((line::BACKED_UP, params.to_vec()));
        Ok(())
    }
}

/// Where the copy goes; a name that is taken is refused before anything is done.
fn target(run: &Run<'_>, named: Option<&Path>, now: &str) -> Result<PathBuf> {
    if let Some(file) = named {
        let is_taken = file.symlink_metadata().is_ok();
        let refusal = || Failure::failed(files::EXISTS).with("file", file.display());
        return if is_taken { Err(refusal()) } else { Ok(file.to_owned()) };
    }
    let folder = &run.setup.settings.backup.dir;
    if !run.is_dry() {
        private::create_folder(folder)?;
    }
    let is_free = |path: &PathBuf| path.symlink_metadata().is_err();
    let mut free = (1..=MOST_OF_A_SECOND).map(|number| folder.join(Name::new(now, number).to_string()));
    free.find(is_free).ok_or_else(|| Failure::failed(files::EXISTS).with("file", folder.display()))
}

const MOST_OF_A_SECOND: u32 = 99;

/// The name of a backup in `backup.dir`: `mantal-20261122T083625Z.db`, and `…Z-2.db` for the second of a second.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    stamp: String,
    number: u32,
}

impl Name {
    fn new(now: &str, number: u32) -> Self {
        Self { stamp: to_the_second(&stamp(now)), number }
    }

    fn parse(name: &str) -> Option<Self> {
        let body = name.strip_prefix("mantal-")?.strip_suffix(".db")?;
        let (stamp, number) = match body.split_once('-') {
            Some((stamp, number)) => (stamp, number.parse().ok().filter(|number| *number > 1)?),
            None => (body, 1),
        };
        let shape: String =
            stamp.chars().map(|character| if character.is_ascii_digit() { '0' } else { character }).collect();
        let name_is = Self { stamp: stamp.to_owned(), number };
        // Written back, so that nothing is taken for ours that we would not write: `-02`, `-+2`.
        (shape == "00000000T000000Z" && name_is.to_string() == name).then_some(name_is)
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.number {
            1 => write!(f, "mantal-{}.db", self.stamp),
            number => write!(f, "mantal-{}-{number}.db", self.stamp),
        }
    }
}

/// An instant as part of a file's name: `20261122T083625Z`, or `20261122T083625.469Z` if it has a fraction.
pub(super) fn stamp(now: &str) -> String {
    now.chars().filter(|character| !matches!(character, '-' | ':')).collect()
}

/// A stamp without its fraction: names of backups are told by their shape.
fn to_the_second(stamp: &str) -> String {
    stamp.split_once('.').map_or_else(|| stamp.to_owned(), |(seconds, _)| format!("{seconds}Z"))
}

/// Whether a file in `backup.dir` is a copy of ours, or what is left of one.
pub(super) fn is_ours(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Name::parse(&name).is_some() || is_cut_off(&name)
}

/// When a copy of ours was made, as its name tells.
pub(super) fn made_at(name: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    let stamp = Name::parse(name)?.stamp;
    let made = chrono::NaiveDateTime::parse_from_str(&stamp, "%Y%m%dT%H%M%SZ").ok()?;
    Some(made.and_utc())
}

/// Deletes all but the newest of the backups that have our names, and the remains of copies that were cut off.
fn prune(run: &mut Run<'_>) -> Result<()> {
    let backup = &run.setup.settings.backup;
    let keep = usize::try_from(backup.keep).unwrap_or(usize::MAX).max(1);
    let mut named = Vec::new();
    let mut gone = Vec::new();
    let failed = |error| Failure::io(&backup.dir, error);
    for entry in std::fs::read_dir(&backup.dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match Name::parse(&name) {
            Some(parsed) => named.push((parsed, path)),
            None if is_cut_off(&name) => gone.push(path),
            None => {}
        }
    }
    named.sort();
    named.reverse();
    gone.extend(named.into_iter().skip(keep).map(|(_, path)| path));
    for path in gone {
        delete(run, &path);
    }
    private::sync_folder(&run.setup.settings.backup.dir)
}

/// `<name>.<16 hexadecimal digits>.part`, or what SQLite keeps beside that.
fn is_cut_off(name: &str) -> bool {
    let endings = [".part", ".part-journal", ".part-wal", ".part-shm"];
    let Some(body) = endings.into_iter().find_map(|ending| name.strip_suffix(ending)) else { return false };
    body.rsplit_once('.').is_some_and(|(name, chance)| {
        chance.len() == 16
            && chance.bytes().all(|byte| byte.is_ascii_hexdigit())
            && Name::parse(name).is_some()
    })
}

/// The copy is made whatever becomes of older ones.
fn delete(run: &mut Run<'_>, path: &Path) {
    let shown = ("path", path.display().to_string());
    match std::fs::remove_file(path) {
        Ok(()) => run.line(text::BACKUP_DELETED, &[shown]),
        Err(error) => run.line(text::BACKUP_NOT_DELETED, &[shown, ("reason", error.to_string())]),
    }
}

/// Whoever finds key and backups together can tell the protected and the disposed of.
fn refuse_among_backups(secrets: &Path, backups: &[&Path]) -> Result<()> {
    let secrets = settled(secrets);
    if backups.iter().any(|folder| secrets.starts_with(settled(folder))) {
        Err(Failure::failed(text::SECRETS_WITH_BACKUP).with("path", secrets.display()))
    } else {
        Ok(())
    }
}

/// The path with links resolved as far as it exists, and `..` taken out of the rest.
fn settled(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(real) = absolute.canonicalize() {
        return real;
    }
    match (absolute.parent(), absolute.components().next_back()) {
        (Some(parent), Some(std::path::Component::Normal(name))) => settled(parent).join(name),
        (Some(parent), _) => settled(parent).parent().map(Path::to_owned).unwrap_or_default(),
        (None, _) => absolute,
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Backup {
    /// Where each secret goes and what it holds; read before the copy is made, so that a refusal leaves nothing.
    fn read_secrets(&self, run: &Run<'_>) -> Result<Vec<(PathBuf, Vec<u8>)>> {
        let mut secrets = Vec::new();
        if let Some(folder) = &self.secrets {
            for own in [run.setup.settings.key_file(), run.setup.settings.side_file()] {
                let copy = folder.join(own.file_name().unwrap_or_default());
                let content = content(&own)?;
                refuse_losing(&copy, &content)?;
                secrets.push((copy, content));
            }
        }
        Ok(secrets)
    }

    fn write_secrets(&self, run: &mut Run<'_>, secrets: &[(PathBuf, Vec<u8>)]) -> Result<()> {
        let Some(folder) = &self.secrets else { return Ok(()) };
        private::create_folder(folder)?;
        for (copy, content) in secrets {
            let mut file = AtomicFile::create(copy)?;
            file.write_all(content).map_err(|error| Failure::io(copy, error))?;
            file.commit(Existing::Replace)?;
        }
        run.line(text::SECRETS_COPIED, &[("path", folder.display().to_string())]);
        Ok(())
    }
}

fn content(path: &Path) -> Result<Vec<u8>> {
    let mut content = Vec::new();
    private::open(path)?.read_to_end(&mut content).map_err(|error| Failure::io(path, error))?;
    Ok(content)
}

/// Both files only ever grow at their end. A copy that ours does not continue may be the only cure for a loss.
fn refuse_losing(copy: &Path, ours: &[u8]) -> Result<()> {
    if copy.symlink_metadata().is_err() || ours.starts_with(&content(copy)?) {
        Ok(())
    } else {
        Err(Failure::failed(text::SECRETS_DIFFER).with("path", copy.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_we_would_write_are_ours() {
        // (name, stamp and number)
        let rows = [
            ("mantal-20261122T083625Z.db", Some(("20261122T083625Z", 1))),
            ("mantal-20261122T083625Z-2.db", Some(("20261122T083625Z", 2))),
            ("mantal-20261122T083625Z-1.db", None),
            ("mantal-20261122T083625Z-02.db", None),
            ("mantal-20261122T083625Z-+2.db", None),
            ("mantal-20261122T083625Z.db.part", None),
            ("mantal-20261122T083625Z.db-wal", None),
            ("mantal-before-upgrade.db", None),
            ("mantal-2026-11-22.db", None),
            ("mantal-20261122T0836Z.db", None),
            ("registry.db", None),
        ];
        for (name, expected) in rows {
            let parsed = Name::parse(name);
            assert_eq!(parsed.as_ref().map(|name| (name.stamp.as_str(), name.number)), expected, "{name}");
            assert!(parsed.is_none_or(|parsed| parsed.to_string() == name), "{name}");
        }
    }

    #[test]
    fn a_name_made_of_any_clock_is_known_as_ours_when_backups_are_pruned() {
        // (instant, name)
        let rows = [
            ("2026-11-22T08:36:25Z", "mantal-20261122T083625Z.db"),
            ("2026-11-22T08:36:25.469Z", "mantal-20261122T083625Z.db"), // what the command line's clock says
        ];
        for (now, expected) in rows {
            let name = Name::new(now, 1);
            assert_eq!(name.to_string(), expected);
            assert_eq!(Name::parse(expected), Some(name));
        }
    }

    #[test]
    fn a_name_tells_when_the_copy_was_made() {
        let made = made_at("mantal-20261122T083625Z-2.db").unwrap();
        assert_eq!(made.to_rfc3339(), "2026-11-22T08:36:25+00:00");
        assert_eq!(made_at("mantal-20261322T083625Z.db"), None, "no such month");
        assert_eq!(made_at("mantal-mine.db"), None);
    }

    #[test]
    fn remains_of_our_own_copies_are_known_and_nothing_else() {
        // (name, whether it goes)
        let rows = [
            ("mantal-20261122T083625Z.db.0123456789abcdef.part", true),
            ("mantal-20261122T083625Z.db.0123456789abcdef.part-journal", true),
            ("mantal-20261122T083625Z.db.part", false),
            ("mantal-mine.db.0123456789abcdef.part", false),
            ("mantal-20261122T083625Z.db", false),
        ];
        for (name, goes) in rows {
            assert_eq!(is_cut_off(name), goes, "{name}");
        }
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_found_out_too() {
        let folder = tempfile::tempdir().unwrap();
        let backups = folder.path().join("backups");
        std::fs::create_dir(&backups).unwrap();
        std::os::unix::fs::symlink(&backups, folder.path().join("link")).unwrap();
        // (folder for the secrets, whether it lies among the backups)
        let rows = [
            ("backups", true),
            ("backups/secrets", true),
            ("backups/a/b", true),
            ("link/secrets", true),
            ("other/../backups/secrets", true),
            ("secrets", false),
            ("backups-of-secrets", false),
            ("backups/../secrets", false),
        ];
        for (secrets, among) in rows {
            let refused = refuse_among_backups(&folder.path().join(secrets), &[&backups]).is_err();
            assert_eq!(refused, among, "{secrets}");
        }
    }
}

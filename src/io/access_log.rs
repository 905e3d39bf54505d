//! `registry.access`: who looked at whom, when, by which command and with which reason. One line a look, only ever added
//! to. Holds internal ids and what somebody gave as a reason, never a number or a name of the registry.
//!
//! A line is one JSON object and one write to a file that is open for appending, so that programs which look at the same
//! moment never tear each other's lines. A look is not synced to disk one by one: it must not cost more than the look.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::private;
use crate::failure::{Failure, Result};

/// One look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// UTC instant.
    pub at: String,
    /// The login that looked, as the environment says.
    pub user: String,
    /// Who called sudo, if anybody did.
    pub sudo_user: Option<String>,
    /// The user id of the process, as the system says.
    pub uid: u32,
    /// The machine.
    pub host: String,
    /// The command.
    pub command: String,
    /// Internal ids of those who were shown; none if `everyone`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<i64>,
    /// A listing: anybody may have been in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everyone: bool,
    /// How many were in the listing, as far as that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The reason of `--reveal`: names and comments of protected people were shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What reading the log came to, besides the looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readable {
    /// Lines that were read.
    pub lines: u64,
    /// Lines that are none of ours: damaged, or somebody wrote into the file.
    pub damaged: u64,
}

/// The access log of a registry.
#[derive(Clone, Debug)]
pub struct AccessLog {
    path: PathBuf,
}

impl AccessLog {
    /// The log at this path; the file is made by the first look.
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Adds a look: a failure if any of it could not be written.
    pub fn append(&self, look: &Look) -> Result<()> {
        let mut file = self.open()?;
        let failed = |error| Failure::io(&self.path, error);
        let json = serde_json::to_string(look).map_err(|_| Failure::internal("a look that is no JSON"))?;
        let line = format!("{}{json}\n", healing(&mut file).map_err(failed)?);
        // Half a line is no line: the rest would stand behind somebody else's.
        match file.write(line.as_bytes()).map_err(failed)? {
            written if written == line.len() => Ok(()),
            _ => Err(failed(std::io::Error::from(ErrorKind::WriteZero))),
        }
    }

    fn open(&self) -> Result<File> {
        if self.path.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            // Another look may have made it meanwhile; then it is there.
            match private::create_new(&self.path) {
                Err(failure) if self.path.symlink_metadata().is_err() => return Err(failure),
                Ok(_) | Err(_) => {}
            }
        }
        private::open_to_append(&self.path)
    }

    /// Hands every look to `visit`, oldest first; a log that nobody began is empty.
    pub fn read(&self, mut visit: impl FnMut(Look)) -> Result<Readable> {
        let mut readable = Readable::default();
        if self.path.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
            return Ok(readable);
        }
        for line in BufReader::new(private::open(&self.path)?).split(b'\n') {
            let line = line.map_err(|error| Failure::io(&self.path, error))?;
            match serde_json::from_slice(&line) {
                Ok(look) => {
                    readable.lines += 1;
                    visit(look);
                }
                Err(_) if line.is_empty() => {}
                Err(_) => readable.damaged += 1,
            }
        }
        Ok(readable)
    }
}

/// What has to be written first so that a new line begins a line: a full disk may have left half a one.
fn healing(file: &mut File) -> std::io::Result<&'static str> {
    let mut last = [0];
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok("");
    }
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(if last == *b"\n" { "" } else { "\n" })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn look(person: i64) -> Look {
        Look {
            at: "2026-11-22T08:00:00Z".into(),
            user: "eva".into(),
            sudo_user: None,
            uid: 1000,
            host: "here".into(),
            command: "person show".into(),
            people: vec![person],
            everyone: false,
            count: None,
            reason: None,
        }
    }

    fn read(log: &AccessLog) -> (Vec<Look>, Readable) {
        let mut looks = Vec::new();
        let readable = log.read(|look| looks.push(look)).unwrap();
        (looks, readable)
    }

    #[test]
    fn looks_read_back_in_order_and_nobody_else_can_read_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.access");
        let log = AccessLog::at(&path);
        assert_eq!(read(&log), (vec![], Readable::default()), "nobody looked yet");
        let everyone = Look { people: vec![], everyone: true, count: Some(3), ..look(0) };
        let revealed = Look { reason: Some("beslut \"12\"\när här".into()), ..look(17) };
        for one in [&look(17), &everyone, &revealed] {
            log.append(one).unwrap();
        }
        assert_eq!(read(&log).0, [look(17), everyone, revealed]);
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3, "a line each");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_line_that_was_cut_off_anywhere_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.access");
        let log = AccessLog::at(&path);
        log.append(&look(1)).unwrap();
        let whole = fs::read(&path).unwrap();
        for cut in 1..whole.len() {
            fs::write(&path, [&whole, &whole[..cut]].concat()).unwrap();
            log.append(&look(3)).unwrap();
            let (looks, readable) = read(&log);
            // Without its end alone the line is whole.
            let survives = cut + 1 == whole.len();
            assert_eq!(looks.len(), 2 + usize::from(survives), "{cut}");
            assert_eq!(readable.damaged, u64::from(!survives), "{cut}");
        }
    }

    #[test]
    fn many_who_look_at_once_never_tear_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let log = AccessLog::at(&folder.path().join("registry.access"));
        std::thread::scope(|scope| {
            for person in 0..8 {
                let log = &log;
                scope.spawn(move || (0..100).for_each(|_| log.append(&look(person)).unwrap()));
            }
        });
        assert_eq!(read(&log).1, Readable { lines: 800, damaged: 0 });
    }

    #[test]
    fn what_is_no_file_of_ours_is_neither_read_nor_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registry.access");
        let log = AccessLog::at(&path);
        std::os::unix::fs::symlink("/dev/null", &path).unwrap();
        log.append(&look(1)).unwrap_err();
        fs::remove_file(&path).unwrap();
        crate::io::plant_fifo(&path);
        log.append(&look(1)).unwrap_err();
        log.read(|_| {}).unwrap_err();
    }
}

//! `registry.side`: what must outlive a restored backup. One record a line, only ever added to, each on disk before
//! the commit that it describes. Holds serials and hashes, never a number or a name. (rules.md, Undo and restore)
//!
//! A line is `v1 <kind> <value> <utc> <run> <checksum>`. A write that was cut off leaves a last line without an end:
//! nothing was committed for it. It is skipped, and the next append closes it with a mark, so that it stays skipped.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use chrono::{DateTime, SecondsFormat, Utc};
use sha2::{Digest, Sha256};

use super::private;
use crate::{
    domain::keyed_hash::{KeyedHash, read_hex, write_hex},
    failure::{Failure, Result},
    leak_control::{self, Place},
    text::files as text,
};

const VERSION: &str = "v1";

/// Closes a line that was cut off.
const TORN: &str = " !torn";

/// What is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A list to SPAR took this running number.
    Serial(u64),
    /// A file with this SHA-256 was applied.
    Applied([u8; 32]),
    /// The applying of such a file was undone.
    Undone([u8; 32]),
    /// A person became protected.
    Protected(KeyedHash),
    /// A person's protection was lifted by hand.
    Unprotected(KeyedHash),
    /// A person was disposed of.
    Disposed(KeyedHash),
    /// A person was reduced to number and class.
    Reduced(KeyedHash),
}

impl Fact {
    const fn kind(self) -> &'static str {
        match self {
            Self::Serial(_) => "serial",
            Self::Applied(_) => "applied",
            Self::Undone(_) => "undone",
            Self::Protected(_) => "protected",
            Self::Unprotected(_) => "unprotected",
            Self::Disposed(_) => "disposed",
            Self::Reduced(_) => "reduced",
        }
    }

    fn value(self) -> String {
        match self {
            Self::Serial(serial) => serial.to_string(),
            Self::Applied(hash) | Self::Undone(hash) => write_hex(&hash),
            Self::Protected(hash) | Self::Unprotected(hash) | Self::Disposed(hash) | Self::Reduced(hash) => {
                hash.to_string()
            }
        }
    }

    fn parse(kind: &str, value: &str) -> Option<Self> {
        match kind {
            "serial" => value.parse().ok().map(Self::Serial),
            "applied" => read_hex(value).map(Self::Applied),
            "undone" => read_hex(value).map(Self::Undone),
            "protected" => KeyedHash::parse(value).map(Self::Protected),
            "unprotected" => KeyedHash::parse(value).map(Self::Unprotected),
            "disposed" => KeyedHash::parse(value).map(Self::Disposed),
            "reduced" => KeyedHash::parse(value).map(Self::Reduced),
            _ => None,
        }
    }
}

/// One line: a fact, when and by which run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// What is remembered.
    pub fact: Fact,
    /// To the second.
    pub at: DateTime<Utc>,
    /// The run's id.
    pub run: i64,
}

impl Record {
    fn line(&self) -> String {
        let at = self.at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let body = format!("{VERSION} {} {} {at} {}", self.fact.kind(), self.fact.value(), self.run);
        format!("{body} {}", checksum(&body))
    }

    fn parse(line: &str) -> Option<Self> {
        let (body, sum) = line.rsplit_once(' ')?;
        let mut parts = body.split(' ');
        let is_ours = checksum(body) == sum && parts.next() == Some(VERSION);
        let fact = Fact::parse(parts.next()?, parts.next()?)?;
        let at = DateTime::parse_from_rfc3339(parts.next()?).ok()?.to_utc();
        let run = parts.next()?.parse().ok()?;
        (is_ours && parts.next().is_none()).then_some(Self { fact, at, run })
    }
}

fn checksum(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    write_hex(digest.get(..8).unwrap_or_default())
}

/// The side file of a registry.
#[derive(Clone, Debug)]
pub struct SideFile {
    path: PathBuf,
}

impl SideFile {
    /// Makes an empty one; it is a failure if anything has that name.
    pub fn create(path: &Path) -> Result<Self> {
        private::create_new(path)?.sync_all().map_err(|error| Failure::io(path, error))?;
        private::sync_folder(private::parent(path))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The one that is there; none if there is none, which is for the caller to judge.
    pub fn find(path: &Path) -> Result<Option<Self>> {
        if path.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            return Ok(None);
        }
        private::open(path)?;
        Ok(Some(Self { path: path.to_owned() }))
    }

    /// All records, oldest first.
    pub fn read(&self) -> Result<Vec<Record>> {
        let content = self.content(&mut private::open(&self.path)?)?;
        let (whole, torn) = split_torn(&content);
        let mut records = Vec::new();
        for (index, line) in whole.split(|byte| *byte == b'\n').enumerate() {
            let is_skipped = line.is_empty() || line.ends_with(TORN.as_bytes());
            if !is_skipped {
                records.push(parse_bytes(line).ok_or_else(|| self.damaged(index + 1))?);
            }
        }
        // Only its end is missing, so it was meant and may have been committed.
        records.extend(parse_bytes(torn));
        Ok(records)
    }

    /// Adds records; when this returns they survive a power cut.
    pub fn append(&self, records: &[Record]) -> Result<()> {
        if records.is_empty() {
            return Ok(());
        }
        let mut file = private::open_to_append(&self.path)?;
        let mut lines = self.healing(&mut file)?.to_owned();
        if let Some(text) = leak_control::text(Place::SideFile) {
            lines.extend([&text, TORN, "\n"]);
        }
        for record in records {
            lines.push_str(&record.line());
            lines.push('\n');
        }
        file.write_all(lines.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| Failure::io(&self.path, error))
    }

    /// What has to be written first so that a new line begins a line.
    fn healing(&self, file: &mut File) -> Result<&'static str> {
        /// Longer than any line.
        const TAIL: u64 = 4_096;
        let failed = |error| Failure::io(&self.path, error);
        let length = file.metadata().map_err(failed)?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).map_err(failed)?;
        let tail = self.content(file)?;
        let (_, torn) = split_torn(&tail);
        Ok(match (torn.is_empty(), parse_bytes(torn)) {
            (true, _) => "",
            (false, Some(_)) => "\n",
            (false, None) => " !torn\n",
        })
    }

    fn content(&self, file: &mut File) -> Result<Vec<u8>> {
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(|error| Failure::io(&self.path, error))?;
        Ok(content)
    }

    fn damaged(&self, line: usize) -> Failure {
        private::refused(text::SIDE_DAMAGED, &self.path).with("line", line)
    }
}

/// The whole lines, and what comes after the last line's end.
fn split_torn(content: &[u8]) -> (&[u8], &[u8]) {
    let end = content.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    content.split_at_checked(end).unwrap_or((content, &[]))
}

fn parse_bytes(line: &[u8]) -> Option<Record> {
    std::str::from_utf8(line).ok().and_then(Record::parse)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn record(fact: Fact, run: i64) -> Record {
        Record { fact, at: DateTime::from_timestamp(1_792_000_000, 0).unwrap(), run }
    }

    fn all_kinds() -> [Record; 6] {
        let person = KeyedHash::from_bytes([0xa5; 16]);
        [
            record(Fact::Serial(243), 1),
            record(Fact::Applied([7; 32]), 2),
            record(Fact::Undone([7; 32]), 3),
            record(Fact::Protected(person), 4),
            record(Fact::Unprotected(person), 5),
            record(Fact::Disposed(person), 6),
        ]
    }

    struct World {
        _folder: tempfile::TempDir,
        path: PathBuf,
        side: SideFile,
    }

    impl World {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("registry.side");
            let side = SideFile::create(&path).unwrap();
            Self { _folder: folder, path, side }
        }
    }

    #[test]
    fn every_kind_of_record_reads_back_in_order() {
        let world = World::new();
        world.side.append(&all_kinds()[..2]).unwrap();
        world.side.append(&all_kinds()[2..]).unwrap();
        let found = SideFile::find(&world.path).unwrap().unwrap();
        assert_eq!(found.read().unwrap(), all_kinds());
    }

    #[test]
    fn a_line_stays_as_it_was_first_defined() {
        let line = record(Fact::Serial(243), 12).line();
        assert_eq!(line, "v1 serial 243 2026-10-14T17:46:40Z 12 00723de05328302a");
    }

    #[test]
    fn a_write_cut_off_at_any_byte_loses_only_itself_and_heals() {
        let whole = record(Fact::Serial(1), 1);
        let cut = record(Fact::Disposed(KeyedHash::from_bytes([1; 16])), 2);
        let after = record(Fact::Serial(3), 3);
        let line = format!("{}\n", cut.line());
        for length in 0..=line.len() {
            let world = World::new();
            world.side.append(&[whole]).unwrap();
            let mut content = fs::read(&world.path).unwrap();
            content.extend(&line.as_bytes()[..length]);
            fs::write(&world.path, content).unwrap();
            // Without its end alone the line is whole.
            let survivors = if length + 1 >= line.len() { vec![whole, cut] } else { vec![whole] };
            assert_eq!(world.side.read().unwrap(), survivors, "{length} bytes");
            world.side.append(&[after]).unwrap();
            assert_eq!(
                world.side.read().unwrap(),
                [survivors, vec![after]].concat(),
                "{length} bytes, healed"
            );
        }
    }

    #[test]
    fn a_healing_that_was_cut_off_heals_too() {
        let after = record(Fact::Serial(3), 3);
        for torn in ["v1 ser", "v1 ser !", "v1 ser !torn", "\0\0\0\0"] {
            let world = World::new();
            fs::write(&world.path, torn).unwrap();
            world.side.append(&[after]).unwrap();
            assert_eq!(world.side.read().unwrap(), [after], "{torn:?}");
        }
    }

    #[test]
    fn a_damaged_line_is_a_failure_that_names_it() {
        let world = World::new();
        world.side.append(&all_kinds()).unwrap();
        let whole = fs::read_to_string(&world.path).unwrap();
        // (what is damaged, by what)
        let rows = [
            ("serial 243", "serial 244"),
            ("v1 serial", "v2 serial"),
            ("T17:46:40Z 1 ", "T17:46:40Z 11 "),
            (" ", "  "),
        ];
        for (from, to) in rows {
            fs::write(&world.path, whole.replacen(from, to, 1)).unwrap();
            let failure = world.side.read().unwrap_err();
            assert_eq!(failure.message.code, text::SIDE_DAMAGED.code);
            assert!(failure.params.contains(&("line", "1".to_owned())), "{failure:?}");
        }
        fs::write(&world.path, whole.replacen("undone 07", "undone 08", 1)).unwrap();
        assert!(world.side.read().unwrap_err().params.contains(&("line", "3".to_owned())));
    }

    #[test]
    fn a_missing_file_is_told_from_one_that_must_not_be_used() {
        let world = World::new();
        assert!(SideFile::find(&world.path.with_extension("none")).unwrap().is_none());
        SideFile::create(&world.path).unwrap_err();
        let link = world.path.with_extension("link");
        std::os::unix::fs::symlink(&world.path, &link).unwrap();
        assert_eq!(SideFile::find(&link).unwrap_err().message.code, text::NO_PLAIN_FILE.code);
    }
}

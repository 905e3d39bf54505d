//! The spool: files on their way through the program, in four rooms. Copies whole and hashed, never moves a file that
//! somebody named, and never lets a name from outside choose a folder.

use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{
    atomic_file::{AtomicFile, Existing, rename},
    hashed::{Beside, fill},
    private,
};
use crate::{
    failure::{Failure, Result},
    text::files as text,
};

/// One folder of the spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// Fetched or given, not worked yet.
    Inbox,
    /// Stopped by a limit.
    Held,
    /// Refused.
    Rejected,
    /// In the middle of something; empty between runs.
    Staging,
}

impl Room {
    /// All rooms.
    pub const ALL: [Self; 4] = [Self::Inbox, Self::Held, Self::Rejected, Self::Staging];

    /// The folder's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Held => "held",
            Self::Rejected => "rejected",
            Self::Staging => "staging",
        }
    }
}

/// A file that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spooled {
    /// Where it is now.
    pub path: PathBuf,
    /// Its name there.
    pub name: String,
    /// Of its bytes.
    pub sha256: [u8; 32],
    /// Its length in bytes.
    pub size: u64,
}

/// The spool of a registry.
#[derive(Clone, Debug)]
pub struct Spool {
    root: PathBuf,
}

impl Spool {
    /// The spool at this path, its folders made where they are missing.
    pub fn open(root: &Path) -> Result<Self> {
        private::create_folder(root)?;
        for room in Room::ALL {
            private::create_folder(&root.join(room.name()))?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// The folder of a room.
    pub fn folder(&self, room: Room) -> PathBuf {
        self.root.join(room.name())
    }

    /// Copies a file that somebody named; the original stays as it is.
    pub fn copy_in(&self, source: &Path, room: Room) -> Result<Spooled> {
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        self.receive(&name, &mut private::open_foreign(source)?, room)
    }

    /// Writes what a reader gives. The file is in the room only when it is whole, and on disk but for the staging area,
    /// which the next run sweeps.
    pub fn receive(&self, name: &str, content: &mut dyn Read, room: Room) -> Result<Spooled> {
        let wanted = sanitised(name);
        let mut file = AtomicFile::create(&self.folder(Room::Staging).join(&wanted))?;
        let (sha256, size) =
            copy(content, &mut file).map_err(|error| Failure::io(&self.folder(room), error))?;
        let path = self.place(&wanted, room, |path| match room {
            Room::Staging => file.settle_unsynced_at(path, Existing::Refuse),
            Room::Inbox | Room::Held | Room::Rejected => file.settle_at(path, Existing::Refuse),
        })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Spooled { path, name, sha256, size })
    }

    /// Moves a file of the spool to another room, where it is on disk.
    pub fn move_to(&self, file: &Path, room: Room) -> Result<PathBuf> {
        let synced = std::fs::File::open(file).and_then(|open| open.sync_all());
        synced.map_err(|error| Failure::io(file, error))?;
        let wanted = sanitised(&file.file_name().unwrap_or_default().to_string_lossy());
        let path = self.place(&wanted, room, |path| rename(file, path, Existing::Refuse))?;
        private::sync_folder(private::parent(file))?;
        Ok(path)
    }

    /// Takes a file out of the spool for good; one that is gone already is no failure.
    pub fn remove(&self, file: &Path) -> Result<()> {
        match std::fs::remove_file(file) {
            Ok(()) => private::sync_folder(private::parent(file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Failure::io(file, error)),
        }
    }

    /// The files in a room, by name.
    pub fn files(&self, room: Room) -> Result<Vec<PathBuf>> {
        Ok(listed(&self.folder(room))?.into_iter().map(|(path, _)| path).collect())
    }

    /// The files in a room that were last written before this time.
    pub fn files_older_than(&self, room: Room, before: SystemTime) -> Result<Vec<PathBuf>> {
        files_older_than(&self.folder(room), before)
    }

    /// Puts a file in a room under the first name that is free.
    fn place(&self, wanted: &str, room: Room, mut put: impl FnMut(&Path) -> Result<()>) -> Result<PathBuf> {
        let folder = self.folder(room);
        for number in 1..=MOST_OF_ONE_NAME {
            let path = folder.join(numbered(wanted, number));
            match put(&path) {
                Ok(()) => {
                    private::sync_folder(&folder)?;
                    return Ok(path);
                }
                Err(failure) if failure.message == text::EXISTS => {}
                Err(failure) => return Err(failure),
            }
        }
        Err(private::refused(text::EXISTS, &folder.join(wanted)))
    }
}

/// So many files of one name can be in a room.
const MOST_OF_ONE_NAME: u32 = 9_999;

/// The plain files in a folder that were last written before this time, by name.
pub fn files_older_than(folder: &Path, before: SystemTime) -> Result<Vec<PathBuf>> {
    let mut files = listed(folder)?;
    files.retain(|(_, written)| *written < before);
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn listed(folder: &Path) -> Result<Vec<(PathBuf, SystemTime)>> {
    let failed = |error| Failure::io(folder, error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let facts = entry.metadata().map_err(failed)?;
        if facts.is_file() {
            files.push((entry.path(), facts.modified().map_err(failed)?));
        }
    }
    files.sort();
    Ok(files)
}

/// Copies, and hashes in a thread of its own meanwhile.
fn copy(from: &mut dyn Read, to: &mut AtomicFile) -> std::io::Result<([u8; 32], u64)> {
    let mut beside = Beside::start()?;
    loop {
        let mut buffer = beside.buffer();
        let count = fill(from, &mut buffer)?;
        if count == 0 {
            return beside.finish();
        }
        to.write_all(buffer.get(..count).unwrap_or_default())?;
        beside.feed(buffer, count)?;
    }
}

/// A name from outside as a name in a folder: its last part, nothing invisible, not hidden, at most 200 bytes.
pub fn sanitised(name: &str) -> String {
    const LONGEST: usize = 200;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|character| !is_invisible(*character)).collect();
    let shown = visible.trim_start_matches('.').trim();
    let short = shown.get(..shown.floor_char_boundary(LONGEST)).unwrap_or_default();
    if short.is_empty() { "file".to_owned() } else { short.to_owned() }
}

/// Control characters, and those that turn the direction of writing.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

/// The second file of a name gets a number before its ending, which says how it is read.
fn numbered(name: &str, number: u32) -> String {
    match (number, name.split_once('.')) {
        (1, _) => name.to_owned(),
        (_, Some((stem, ending))) => format!("{stem}~{number}.{ending}"),
        (_, None) => format!("{name}~{number}"),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, time::Duration};

    use super::*;

    struct World {
        folder: tempfile::TempDir,
        spool: Spool,
    }

    impl World {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let spool = Spool::open(&folder.path().join("spool")).unwrap();
            Self { folder, spool }
        }

        fn names(&self, room: Room) -> Vec<String> {
            let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
            self.spool.files(room).unwrap().into_iter().map(name).collect()
        }
    }

    /// Gives some bytes and breaks.
    struct Broken(u8);

    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(1).ok_or_else(|| std::io::Error::other("cut"))?;
            buffer[0] = b'x';
            Ok(1)
        }
    }

    #[test]
    fn a_named_file_is_copied_and_hashed_and_stays_where_it_was() {
        let world = World::new();
        let source = world.folder.path().join("a.xml");
        fs::write(&source, "abc").unwrap();
        let spooled = world.spool.copy_in(&source, Room::Inbox).unwrap();
        assert_eq!(spooled.path, world.folder.path().join("spool/inbox/a.xml"));
        assert_eq!((spooled.name.as_str(), spooled.size), ("a.xml", 3));
        // FIPS 180-2, appendix B.1.
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(crate::domain::keyed_hash::write_hex(&spooled.sha256), digest);
        assert_eq!(fs::read(&spooled.path).unwrap(), b"abc");
        assert_eq!(fs::read(&source).unwrap(), b"abc");
        assert!(world.names(Room::Staging).is_empty());
    }

    #[test]
    fn a_broken_transfer_leaves_nothing_in_any_room() {
        let world = World::new();
        world.spool.receive("a.xml", &mut Broken(3), Room::Inbox).unwrap_err();
        for room in Room::ALL {
            assert!(world.names(room).is_empty(), "{room:?}");
        }
    }

    #[test]
    fn files_of_one_name_stand_beside_each_other_and_keep_their_ending() {
        let world = World::new();
        for content in ["1", "2", "3"] {
            world.spool.receive("a.xml.gz", &mut content.as_bytes(), Room::Held).unwrap();
        }
        assert_eq!(world.names(Room::Held), ["a.xml.gz", "a~2.xml.gz", "a~3.xml.gz"]);
        let moved = world.spool.receive("a.xml.gz", &mut "4".as_bytes(), Room::Inbox).unwrap();
        let moved = world.spool.move_to(&moved.path, Room::Held).unwrap();
        assert_eq!(fs::read(&moved).unwrap(), b"4");
        assert_eq!((world.names(Room::Held).len(), world.names(Room::Inbox).len()), (4, 0));
    }

    #[test]
    fn a_name_from_outside_never_chooses_a_folder_or_hides() {
        // (from outside, in the spool)
        let long = "å".repeat(150);
        let rows = [
            ("../../etc/passwd", "passwd"),
            ("/etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("..", "file"),
            (".", "file"),
            ("", "file"),
            ("a/", "file"),
            (".hidden", "hidden"),
            ("a\nb\0c\u{1b}[31m.xml", "abc[31m.xml"),
            ("a\u{202e}lmx.xml", "almx.xml"),
            (long.as_str(), &long[..200]),
        ];
        for (outside, inside) in rows {
            assert_eq!(sanitised(outside), inside, "{outside:?}");
            let world = World::new();
            let spooled = world.spool.receive(outside, &mut "x".as_bytes(), Room::Inbox).unwrap();
            assert_eq!(spooled.path.parent(), Some(world.spool.folder(Room::Inbox).as_path()), "{outside:?}");
        }
    }

    #[test]
    fn only_old_plain_files_are_found_by_age() {
        let world = World::new();
        let spooled = world.spool.receive("a.xml", &mut "x".as_bytes(), Room::Held).unwrap();
        fs::create_dir(world.spool.folder(Room::Held).join("folder")).unwrap();
        let written = fs::metadata(&spooled.path).unwrap().modified().unwrap();
        let older = |before| world.spool.files_older_than(Room::Held, before).unwrap();
        assert!(older(written).is_empty(), "not older than itself");
        assert_eq!(older(written + Duration::from_secs(1)), [spooled.path]);
    }

    #[test]
    fn removing_is_done_once_and_asked_for_as_often_as_one_likes() {
        let world = World::new();
        let spooled = world.spool.receive("a.xml", &mut "x".as_bytes(), Room::Inbox).unwrap();
        for _ in 0..2 {
            world.spool.remove(&spooled.path).unwrap();
        }
        assert!(world.names(Room::Inbox).is_empty());
    }

    #[test]
    fn what_is_no_plain_file_is_not_copied_and_not_waited_for() {
        let world = World::new();
        let fifo = world.folder.path().join("fifo");
        crate::io::plant_fifo(&fifo);
        for source in [fifo.as_path(), world.folder.path(), Path::new("/dev/zero")] {
            let failure = world.spool.copy_in(source, Room::Inbox).unwrap_err();
            assert_eq!(failure.message.code, text::NO_PLAIN_FILE.code, "{}", source.display());
        }
    }
}

//! Takes the files in, known by the hash of their XML, oldest first. One that was named alone is read where it is, and copied
//! only if it has to be kept; of several each is copied into the spool. (rules.md, spar-import 1)

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::FILE_KIND;
use crate::domain::change::hex;
use crate::domain::id_number::Reading;
use crate::domain::spar::post::Envelope;
use crate::failure::{Failure, Result};
use crate::formats::archive::{Packing, Unpacked, unpack};
use crate::formats::spar_xml::SparReader;
use crate::io::hashed::Hashed;
use crate::io::private;
use crate::io::spool::{Room, Spool};
use crate::jobs::run::Run;
use crate::registry::files::{FileRow, State};
use crate::text::failure as text;

/// A file in the spool.
#[derive(Debug)]
pub(super) struct Received {
    /// As it was named.
    pub(super) name: String,
    /// Of the unpacked XML; of the packed bytes where it can't be unpacked. None before it was read.
    pub(super) sha256: Option<String>,
    size: u64,
    path: PathBuf,
    origin: Origin,
    spool: Spool,
    envelope: Envelope,
    problem: std::cell::RefCell<Option<Failure>>,
}

/// How a file came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Named on the command line: we hold a copy.
    Named,
    /// Fetched, in the inbox.
    Fetched,
    /// Held by an earlier run.
    Held,
    /// Named on the command line and not copied: not ours to touch.
    Original,
}

/// Files that wait in the spool: fetched ones, and held ones, which are tried again each night.
pub(super) fn waiting(run: &Run<'_>) -> Result<Vec<Received>> {
    let spool = Spool::open(&run.setup.settings.spool)?;
    let mut received = Vec::new();
    for path in spool.files(Room::Inbox)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        received.push(look_at(run, &spool, path, name, (Origin::Fetched, None))?);
    }
    for known in run.registry.files_in(FILE_KIND, State::Held)? {
        let Some(path) = known.spooled.map(|spooled| run.setup.settings.spool.join(spooled)) else {
            continue;
        };
        if path.exists() {
            received.push(look_at(run, &spool, path, known.name, (Origin::Held, None))?);
        }
    }
    sort(&mut received);
    Ok(received)
}

fn sort(received: &mut [Received]) {
    received.sort_by(|left, right| (left.created(), &left.name).cmp(&(right.created(), &right.name)));
}

/// All files, oldest first by the time in the envelope or the name. A file that can't be opened stops the run before
/// the first is worked.
pub(super) fn receive(run: &Run<'_>, files: &[PathBuf]) -> Result<Vec<Received>> {
    for path in files {
        let is_file = std::fs::metadata(path).map(|meta| meta.is_file());
        match is_file {
            Ok(true) => {}
            Ok(false) => return Err(Failure::usage(text::NOT_A_FILE).with("path", path.display())),
            Err(error) => {
                let failure = Failure::usage(text::FILE_UNREADABLE).with("path", path.display());
                return Err(failure.with("reason", error));
            }
        }
    }
    let mut received = Vec::new();
    for path in files {
        run.check_stop()?;
        let file = take_in(run, path, files.len() == 1)?;
        if received.iter().any(|other: &Received| other.sha256 == file.sha256) {
            file.remove()?;
        } else {
            received.push(file);
        }
    }
    sort(&mut received);
    Ok(received)
}

fn take_in(run: &Run<'_>, path: &Path, is_alone: bool) -> Result<Received> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let spool = Spool::open(&run.setup.settings.spool)?;
    if let Some(known) = applied_before(run, &spool, path, &name)? {
        return Ok(known);
    }
    if is_alone && unpacked(path, &name).is_ok_and(|content| content.packing() == Packing::Plain) {
        // Its hash comes from the same bytes that are read as posts.
        let mut original = Received::new(&spool, path.to_owned(), name, Origin::Original);
        original.read_envelope(run);
        return Ok(original);
    }
    let copy = spool.copy_in(path, Room::Staging)?;
    let copied = Some((hex(&copy.sha256), copy.size));
    look_at(run, &spool, copy.path, name, (Origin::Named, copied))
}

/// A file that stands applied is read once and copied nowhere. Packed ones are copied: their size is another.
fn applied_before(run: &Run<'_>, spool: &Spool, path: &Path, name: &str) -> Result<Option<Received>> {
    let size = private::open_foreign(path)?.metadata().map_err(|error| Failure::io(path, error))?.len();
    if !run.registry.has_applied_of_size(FILE_KIND, size)? {
        return Ok(None);
    }
    let original = look_at(run, spool, path.to_owned(), name.to_owned(), (Origin::Original, None))?;
    let sha256 = original.sha256.as_deref().unwrap_or_default();
    let known = run.registry.known_file(FILE_KIND, sha256)?;
    Ok(known.is_some_and(|known| known.state == State::Applied).then_some(original))
}

/// The hash of a file's XML, whatever it is packed in.
pub(super) fn content_hash(path: &Path, name: &str) -> Result<String> {
    Ok(hash(&mut open(path, name)?, name)?.0)
}

fn open(path: &Path, name: &str) -> Result<Box<dyn BufRead + Send>> {
    Ok(Box::new(BufReader::with_capacity(256 * 1024, unpacked(path, name)?)))
}

fn unpacked(path: &Path, name: &str) -> Result<Unpacked<File>> {
    let file = File::open(path).map_err(|error| Failure::io(path, error))?;
    unpack(file).map_err(|spoiled| spoiled.into_failure(name))
}

fn hash(content: &mut dyn Read, name: &str) -> Result<(String, u64)> {
    let hashed = Hashed::new(content).and_then(Hashed::finish);
    let (sha256, size) = hashed.map_err(|error| spoiled(error, name))?;
    Ok((hex(&sha256), size))
}

/// Hash and size of a file as it lies there.
type Copied = Option<(String, u64)>;

fn look_at(
    run: &Run<'_>,
    spool: &Spool,
    path: PathBuf,
    name: String,
    (origin, copied): (Origin, Copied),
) -> Result<Received> {
    let mut received = Received::new(spool, path, name, origin);
    let (sha256, size) = match received.hash_content(copied) {
        Ok(content) => content,
        Err(problem) => {
            received.problem = Some(problem).into();
            // What can't be unpacked is known by the bytes as they came.
            let mut bytes = File::open(&received.path).map_err(|error| Failure::io(&received.path, error))?;
            hash(&mut bytes, &received.name)?
        }
    };
    (received.sha256, received.size) = (Some(sha256), size);
    if received.problem.borrow().is_none() {
        received.read_envelope(run);
    }
    Ok(received)
}

impl Received {
    fn new(spool: &Spool, path: PathBuf, name: String, origin: Origin) -> Self {
        Self {
            name,
            sha256: None,
            size: 0,
            path,
            origin,
            spool: spool.clone(),
            envelope: Envelope::default(),
            problem: std::cell::RefCell::default(),
        }
    }

    /// What can't be read is told when it is read whole.
    fn read_envelope(&mut self, run: &Run<'_>) {
        let reading = Reading::on(run.setup.today, run.setup.settings.country);
        if let Ok(Ok(envelope)) = self.open().map(|xml| SparReader::new(xml, reading).envelope()) {
            self.envelope = envelope;
        }
    }

    /// As [`Self::open`], for the only reading of a file whose hash nobody knows yet.
    pub(super) fn open_unhashed(&self) -> Result<Hashed<Unpacked<File>>> {
        Hashed::new(unpacked(&self.path, &self.name)?).map_err(|error| spoiled(error, &self.name))
    }

    /// Hash and size of what was read, and of what is left of it.
    pub(super) fn hashed(&self, source: Hashed<Unpacked<File>>) -> Result<(String, u64)> {
        let (sha256, size) = source.finish().map_err(|error| spoiled(error, &self.name))?;
        Ok((hex(&sha256), size))
    }

    /// A copy that can be kept, of a file that was read in its place and not copied yet.
    pub(super) fn copied(&self, row: &FileRow) -> Result<Option<Self>> {
        if self.origin != Origin::Original {
            return Ok(None);
        }
        let copy = self.spool.copy_in(&self.path, Room::Staging)?;
        if hex(&copy.sha256) != row.sha256 {
            self.spool.remove(&copy.path)?;
            return Err(Failure::failed(text::FILE_CHANGED).with("path", self.path.display()));
        }
        let mut kept = Self::new(&self.spool, copy.path, self.name.clone(), Origin::Named);
        (kept.sha256, kept.size) = (Some(row.sha256.clone()), row.size);
        Ok(Some(kept))
    }

    /// Why the file can't even be unpacked.
    pub(super) fn problem(&self) -> Option<Failure> {
        self.problem.take()
    }

    /// Where it lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The unpacked bytes.
    pub(super) fn open(&self) -> Result<Box<dyn BufRead + Send>> {
        open(&self.path, &self.name)
    }

    /// Of what is not packed, copying told it.
    fn hash_content(&self, copied: Copied) -> Result<(String, u64)> {
        let mut content = unpacked(&self.path, &self.name)?;
        match (content.packing(), copied) {
            (Packing::Plain, Some(copied)) => Ok(copied),
            (Packing::Plain | Packing::Zip | Packing::Gzip, _) => hash(&mut content, &self.name),
        }
    }

    /// How it came.
    pub(super) const fn origin(&self) -> Origin {
        self.origin
    }

    /// When the file was made: envelope, else the fourteen digits in its name.
    fn created(&self) -> Option<String> {
        let said = self.envelope.created.as_deref().and_then(|text| text.get(..19)).map(str::to_owned);
        said.or_else(|| time_in_name(&self.name))
    }

    /// What the registry remembers of it.
    pub(super) fn row(&self) -> FileRow {
        let (customer, order) = customer_in_name(&self.name).unwrap_or_default();
        FileRow {
            kind: FILE_KIND,
            name: self.name.clone(),
            sha256: self.sha256.clone().unwrap_or_default(),
            size: self.size,
            customer: self.envelope.customer.clone().unwrap_or(customer),
            order: self.envelope.order.clone().unwrap_or(order),
            created: self.created(),
            sequence: self.envelope.sequence,
            state: State::Applied,
            spooled: None,
            posts: 0,
        }
    }

    /// Moves the copy to the held or rejected files; gives its place within the spool.
    pub(super) fn set_aside(&self, room: Room) -> Result<String> {
        if self.origin == Origin::Original {
            return Err(Failure::internal("a file that is not ours to move"));
        }
        let stays = self.path.parent() == Some(self.spool.folder(room).as_path());
        let path = if stays { self.path.clone() } else { self.spool.move_to(&self.path, room)? };
        Ok(format!("{}/{}", room.name(), path.file_name().unwrap_or_default().to_string_lossy()))
    }

    /// The copy is of no more use.
    pub(super) fn remove(&self) -> Result<()> {
        match self.origin {
            Origin::Named | Origin::Fetched | Origin::Held => self.spool.remove(&self.path),
            Origin::Original => Ok(()),
        }
    }

    /// Nothing came of this run: a copy of a named file goes, what is ours to keep stays.
    pub(super) fn leave(&self) -> Result<()> {
        match self.origin {
            Origin::Named => self.remove(),
            Origin::Fetched | Origin::Held | Origin::Original => Ok(()),
        }
    }
}

fn spoiled(error: std::io::Error, name: &str) -> Failure {
    let spoiled =
        error.get_ref().and_then(|inner| inner.downcast_ref::<crate::formats::archive::Spoiled>()).copied();
    match spoiled {
        Some(spoiled) => spoiled.into_failure(name),
        None => Failure::failed(text::FILE_UNREADABLE).with("path", name).with("reason", error),
    }
}

/// `SPARAvisering_20250305031500_SPAR500243-949.xml` → `2025-03-05T03:15:00`.
fn time_in_name(name: &str) -> Option<String> {
    let digits = name.split(|character: char| !character.is_ascii_digit()).find(|part| part.len() == 14)?;
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let time = format!(
        "{}-{}-{}T{}:{}:{}",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(8, 10),
        part(10, 12),
        part(12, 14)
    );
    time.parse::<chrono::NaiveDateTime>().is_ok().then_some(time)
}

/// `…_SPAR500243-949.xml` → customer and order.
fn customer_in_name(name: &str) -> Option<(String, String)> {
    let (_, tail) = name.rsplit_once("_SPAR")?;
    let (customer, tail) = tail.split_once('-')?;
    let order: String = tail.chars().take_while(char::is_ascii_digit).collect();
    let is_number =
        !customer.is_empty() && customer.bytes().all(|byte| byte.is_ascii_digit()) && !order.is_empty();
    is_number.then(|| (customer.to_owned(), order))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_time_customer_and_order() {
        let name = "SPARAvisering_20250305031500_SPAR500243-949.xml.zip";
        assert_eq!(time_in_name(name).as_deref(), Some("2025-03-05T03:15:00"));
        assert_eq!(customer_in_name(name), Some(("500243".to_owned(), "949".to_owned())));
        assert_eq!(time_in_name("SPARAvisering_20251305031500.xml"), None);
        assert_eq!(customer_in_name("people.xml"), None);
    }

    #[test]
    fn nothing_is_kept_of_a_file_that_is_another_than_the_one_that_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("named.xml");
        std::fs::write(&path, "abc").unwrap();
        let spool = Spool::open(&folder.path().join("spool")).unwrap();
        let file = Received::new(&spool, path.clone(), "named.xml".to_owned(), Origin::Original);
        let (sha256, size) = file.hashed(file.open_unhashed().unwrap()).unwrap();
        let row = FileRow { sha256, size, ..file.row() };
        let kept = file.copied(&row).unwrap().unwrap();
        assert_eq!(std::fs::read(kept.path()).unwrap(), b"abc");
        kept.remove().unwrap();

        std::fs::write(&path, "abd").unwrap();
        assert_eq!(file.copied(&row).unwrap_err().message, text::FILE_CHANGED);
        for room in Room::ALL {
            assert!(spool.files(room).unwrap().is_empty(), "{room:?}");
        }
    }
}

//! Files that were received: known by the hash of what is inside, applied once. Not journaled; undo sets the state.

use rusqlite::{OptionalExtension, Row, named_params, params};

use super::Registry;
use super::runs::RunId;
use crate::failure::Result;

/// A file's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileId(pub i64);

impl std::fmt::Display for FileId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "file:{}", self.0)
    }
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Stopped by a limit; tried again.
    Held,
    /// In the registry.
    Applied,
    /// Not judged again unless somebody names it.
    Rejected,
    /// Was applied and taken back; may be applied again.
    Undone,
}

impl State {
    /// The word in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::Undone => "undone",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Held, Self::Applied, Self::Rejected, Self::Undone]
            .into_iter()
            .find(|state| state.name() == text)
    }
}

/// A file as the registry knows it.
#[derive(Clone, Debug)]
pub struct FileRow {
    /// `spar`.
    pub kind: &'static str,
    /// As it came.
    pub name: String,
    /// SHA-256 of the unpacked content, hexadecimal.
    pub sha256: String,
    /// Its size, unpacked.
    pub size: u64,
    /// KundNr.
    pub customer: String,
    /// UppdragId.
    pub order: String,
    /// When it was made: `YYYY-MM-DDThh:mm:ss`.
    pub created: Option<String>,
    /// Sekvensnummer.
    pub sequence: Option<u32>,
    /// What became of it.
    pub state: State,
    /// Where the spool keeps it, relative to the spool.
    pub spooled: Option<String>,
    /// Number of posts.
    pub posts: u64,
}

impl FileRow {
    /// A file of which only name and content are known, and that is to be applied.
    pub fn of(kind: &'static str, name: &str, sha256: &str, size: u64) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            sha256: sha256.to_owned(),
            size,
            customer: String::new(),
            order: String::new(),
            created: None,
            sequence: None,
            state: State::Applied,
            spooled: None,
            posts: 0,
        }
    }
}

/// What is stored of a known file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: FileId,
    /// What became of it.
    pub state: State,
    /// Where the spool keeps it.
    pub spooled: Option<String>,
    /// The run that last dealt with it.
    pub run: RunId,
    /// As it came.
    pub name: String,
}

const KNOWN: &str = "SELECT id, state, spooled, run_id, name FROM file";
const PUT: &str =
    "INSERT INTO file (kind, name, sha256, size, customer, order_no, created, sequence, state, spooled, run_id, posts,
                       applied_on)
     VALUES (:kind, :name, :sha256, :size, :customer, :order, :created, :sequence, :state, :spooled, :run, :posts,
             CASE WHEN :state = 'applied' THEN :today END)
     ON CONFLICT (kind, sha256) DO UPDATE SET name = :name, size = :size, customer = :customer, order_no = :order,
         created = :created, sequence = :sequence, state = :state, spooled = :spooled, run_id = :run, posts = :posts,
         applied_on = CASE WHEN :state = 'applied' THEN :today ELSE applied_on END
     RETURNING id";

fn known(row: &Row<'_>) -> rusqlite::Result<Known> {
    let state: String = row.get(1)?;
    Ok(Known {
        id: FileId(row.get(0)?),
        state: State::parse(&state).unwrap_or(State::Rejected),
        spooled: row.get(2)?,
        run: RunId(row.get(3)?),
        name: row.get(4)?,
    })
}

impl Registry {
    /// A file of this content, if there ever was one.
    pub fn known_file(&self, kind: &str, sha256: &str) -> Result<Option<Known>> {
        let sql = format!("{KNOWN} WHERE kind = ? AND sha256 = ?");
        Ok(self.connection().prepare_cached(&sql)?.query_row(params![kind, sha256], known).optional()?)
    }

    /// Whether any file of this size stands applied: only then is it worth to hash one before it is taken in.
    pub fn has_applied_of_size(&self, kind: &str, size: u64) -> Result<bool> {
        let sql = "SELECT 1 FROM file WHERE kind = ? AND size = ? AND state = 'applied'";
        Ok(self.connection().prepare_cached(sql)?.exists(params![kind, size.cast_signed()])?)
    }

    /// A file by its id.
    pub fn find_file(&self, id: FileId) -> Result<Option<Known>> {
        let sql = format!("{KNOWN} WHERE id = ?");
        Ok(self.connection().prepare_cached(&sql)?.query_row(params![id.0], known).optional()?)
    }

    /// Files in a state, oldest first.
    pub fn files_in(&self, kind: &str, state: State) -> Result<Vec<Known>> {
        let sql = format!("{KNOWN} WHERE kind = ? AND state = ? ORDER BY created, id");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map(params![kind, state.name()], known)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Files that a run applied.
    pub fn files_of(&self, run: RunId) -> Result<Vec<Known>> {
        let sql = format!("{KNOWN} WHERE run_id = ? ORDER BY id");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_map(params![run.0], known)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Remembers a file and what became of it.
    pub fn put_file(&self, file: &FileRow, run: RunId, today: &str) -> Result<FileId> {
        let id = self.connection().prepare_cached(PUT)?.query_row(
            named_params! {
                ":kind": file.kind,
                ":name": file.name,
                ":sha256": file.sha256,
                ":size": i64::try_from(file.size).unwrap_or(i64::MAX),
                ":customer": file.customer,
                ":order": file.order,
                ":created": file.created,
                ":sequence": file.sequence,
                ":state": file.state.name(),
                ":spooled": file.spooled,
                ":run": run.0,
                ":posts": i64::try_from(file.posts).unwrap_or(i64::MAX),
                ":today": today,
            },
            |row| row.get(0),
        )?;
        Ok(FileId(id))
    }

    /// A file's hash.
    pub fn hash_of_file(&self, id: FileId) -> Result<String> {
        let sql = "SELECT sha256 FROM file WHERE id = ?";
        Ok(self.connection().prepare_cached(sql)?.query_row(params![id.0], |row| row.get(0))?)
    }

    /// Sets a file's state.
    pub fn set_file_state(&self, id: FileId, state: State) -> Result<()> {
        let sql = "UPDATE file SET state = ?2 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![id.0, state.name()])?;
        Ok(())
    }

    /// Remembers where the spool keeps a file.
    pub fn set_spooled(&self, id: FileId, spooled: &str) -> Result<()> {
        self.write(|| {
            let sql = "UPDATE file SET spooled = ?2 WHERE id = ?1";
            self.connection().prepare_cached(sql)?.execute(params![id.0, spooled])?;
            Ok(())
        })
    }

    /// Forgets where the spool kept a file.
    pub fn forget_spooled(&self, id: FileId) -> Result<()> {
        self.write(|| {
            let sql = "UPDATE file SET spooled = NULL WHERE id = ?";
            self.connection().prepare_cached(sql)?.execute(params![id.0])?;
            Ok(())
        })
    }

    /// When the newest applied file of a customer and order was made.
    pub fn newest_applied(&self, kind: &str, customer: &str, order: &str) -> Result<Option<String>> {
        let sql = "SELECT max(created) FROM file
                   WHERE kind = ? AND customer = ? AND order_no = ? AND state = 'applied'";
        let row = self
            .connection()
            .prepare_cached(sql)?
            .query_row(params![kind, customer, order], |row| row.get(0))?;
        Ok(row)
    }

    /// Whether another applied file of this customer and order bears a sequence number.
    pub fn sequence_is_taken(&self, file: &FileRow) -> Result<bool> {
        let sql = "SELECT 1 FROM file WHERE kind = ? AND customer = ? AND order_no = ? AND sequence = ?
                   AND state = 'applied' AND sha256 <> ?";
        let values = params![file.kind, file.customer, file.order, file.sequence, file.sha256];
        Ok(file.sequence.is_some() && self.connection().prepare_cached(sql)?.exists(values)?)
    }

    /// The sequence number of the last applied file, and every one that any other known file of this customer and order
    /// bears. Within its own unit a file stands applied already.
    pub fn sequences(&self, file: &FileRow) -> Result<(Option<u32>, Vec<u32>)> {
        let newest = "SELECT sequence FROM file
                      WHERE kind = ? AND customer = ? AND order_no = ? AND sha256 <> ? AND state = 'applied'
                        AND sequence IS NOT NULL
                      ORDER BY created DESC, id DESC LIMIT 1";
        let values = params![file.kind, file.customer, file.order, file.sha256];
        let last =
            self.connection().prepare_cached(newest)?.query_row(values, |row| row.get(0)).optional()?;
        let borne = "SELECT sequence FROM file
                     WHERE kind = ? AND customer = ? AND order_no = ? AND sha256 <> ? AND sequence IS NOT NULL";
        let mut statement = self.connection().prepare_cached(borne)?;
        let rows = statement.query_map(values, |row| row.get(0))?;
        Ok((last, rows.collect::<rusqlite::Result<_>>()?))
    }
}

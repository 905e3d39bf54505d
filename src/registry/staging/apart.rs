//! Most of a file says what was said before. Its rows and posts lie packed, many to a row, and only those are ever asked for
//! beside which the file says something else.

use std::cell::{Cell, RefCell};

use rusqlite::{Connection, params};

use crate::failure::{Failure, Result};

/// So many bytes make a row.
const ROW: usize = 64 * 1024;

pub(super) const SCHEMA: &str = "CREATE TABLE apart (id INTEGER PRIMARY KEY, packed BLOB NOT NULL);";

/// A row that needs no decision by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowApart<'b> {
    /// Its line.
    pub(super) line: u64,
    /// The internal id of whom or what it is about.
    pub(super) about: i64,
    /// Keyed digest of its content.
    pub(super) digest: u64,
    /// The number or reference that it gives.
    pub(super) name: &'b str,
    /// The row.
    pub(super) body: &'b [u8],
}

impl<'b> RowApart<'b> {
    fn pack(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.line.to_be_bytes());
        bytes.extend_from_slice(&self.about.to_be_bytes());
        bytes.extend_from_slice(&self.digest.to_be_bytes());
        for part in [self.name.as_bytes(), self.body] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
    }

    /// The first row, and the bytes of those behind it.
    fn unpack(bytes: &'b [u8]) -> Option<(Self, &'b [u8])> {
        let (line, rest) = word(bytes)?;
        let (about, rest) = word(rest)?;
        let (digest, rest) = word(rest)?;
        let (name, rest) = part(rest)?;
        let (body, rest) = part(rest)?;
        let name = std::str::from_utf8(name).ok()?;
        Some((Self { line, about: about.cast_signed(), digest, name, body }, rest))
    }
}

fn word(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (word, rest) = bytes.split_first_chunk()?;
    Some((u64::from_be_bytes(*word), rest))
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = word(bytes)?;
    rest.split_at_checked(usize::try_from(length).ok()?)
}

/// What lies apart of one file, in its packed form: rows, or posts.
#[derive(Debug, Default)]
pub(super) struct Apart {
    waiting: RefCell<Vec<u8>>,
    count: Cell<u64>,
}

impl Apart {
    /// Takes one in, as `pack` writes it behind the others.
    pub(super) fn add(&self, connection: &Connection, pack: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
        self.count.set(self.count.get() + 1);
        let mut waiting = self.waiting.borrow_mut();
        pack(&mut waiting);
        if waiting.len() >= ROW { Self::put(connection, &mut waiting) } else { Ok(()) }
    }

    fn put(connection: &Connection, waiting: &mut Vec<u8>) -> Result<()> {
        connection.prepare_cached("INSERT INTO apart (packed) VALUES (?)")?.execute(params![&*waiting])?;
        waiting.clear();
        Ok(())
    }

    /// How many there are that were not taken out.
    pub(super) fn count(&self) -> u64 {
        self.count.get()
    }

    /// Goes through all; `take` takes the first off the bytes, and says whether it took it out now.
    pub(super) fn take_out(
        &self,
        connection: &Connection,
        mut take: impl FnMut(&mut &[u8]) -> Result<bool>,
    ) -> Result<()> {
        let mut waiting = self.waiting.borrow_mut();
        if !waiting.is_empty() {
            Self::put(connection, &mut waiting)?;
        }
        let mut statement = connection.prepare_cached("SELECT packed FROM apart ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut bytes = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            while !bytes.is_empty() {
                if take(&mut bytes)? {
                    self.count.set(self.count.get() - 1);
                }
            }
        }
        Ok(())
    }
}

/// Rows of one file that nobody asked for yet.
#[derive(Debug, Default)]
pub(super) struct RowsApart(Apart);

impl RowsApart {
    /// Takes one in.
    pub(super) fn add(&self, connection: &Connection, row: &RowApart<'_>) -> Result<()> {
        self.0.add(connection, |bytes| row.pack(bytes))
    }

    /// How many there are that were not taken out.
    pub(super) fn count(&self) -> u64 {
        self.0.count()
    }

    /// Hands out, once, those that are about somebody or something wanted.
    pub(super) fn take_out(
        &self,
        connection: &Connection,
        is_wanted: impl Fn(i64) -> bool,
        mut take: impl FnMut(&RowApart<'_>) -> Result<()>,
    ) -> Result<()> {
        self.0.take_out(connection, |bytes| {
            let (row, rest) = RowApart::unpack(bytes).ok_or_else(|| Failure::internal("a packed row"))?;
            *bytes = rest;
            let is_wanted = is_wanted(row.about);
            if is_wanted {
                take(&row)?;
            }
            Ok(is_wanted)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_comes_out_as_it_went_in_and_is_counted_until_it_is_taken() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        let rows = RowsApart::default();
        let names: Vec<String> = (0..5_000).map(|at| "ö".repeat(at % 40)).collect();
        let row = |at: usize| RowApart {
            line: at as u64 + 2,
            about: i64::try_from(at).unwrap() % 1_000 - 3,
            digest: u64::MAX - at as u64,
            name: &names[at],
            body: names[4_999 - at].as_bytes(),
        };
        (0..5_000).for_each(|at| rows.add(&connection, &row(at)).unwrap());
        let mut at = [0, 1_000, 2_000, 3_000, 4_000].into_iter();
        let take = |taken: &RowApart<'_>| {
            assert_eq!(*taken, row(at.next().unwrap()));
            Ok(())
        };
        rows.take_out(&connection, |about| about == -3, take).unwrap();
        assert_eq!((at.next(), rows.count()), (None, 4_995));
    }
}

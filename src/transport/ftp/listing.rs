//! What a listing says, however long, odd or hostile it is.

use std::io::{self, Read};

use suppaftp::list::ListParser;

use crate::transport::{
    MOST_NAMES,
    fault::{Cause, FaultKind},
    pump::Stuck,
};

/// More of a line than any plain name with its facts needs; the rest is dropped, and the name is odd then.
const LONGEST_LINE: usize = 4096;
/// More than the largest listing of short lines.
const MOST_BYTES: usize = 64 << 20;
const CHUNK: usize = 16 * 1024;

/// One line of a listing.
pub(super) struct Entry<'l> {
    pub(super) name: &'l [u8],
    pub(super) size: Option<u64>,
    pub(super) modified: Option<&'l str>,
}

/// Gives every line that is not empty, without its end.
pub(super) fn lines(
    source: &mut dyn Read,
    may_go_on: &dyn Fn() -> Result<(), Cause>,
    each: &mut dyn FnMut(&[u8]),
) -> Result<(), Stuck> {
    let mut buffer = [0; CHUNK];
    let mut splitter = Splitter { line: Vec::new(), lines: 0, bytes: 0 };
    loop {
        may_go_on().map_err(Stuck::Over)?;
        match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => splitter.take(buffer.get(..length).unwrap_or_default(), each)?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Stuck::Reading(error)),
        }
    }
    splitter.end_line(each)
}

struct Splitter {
    line: Vec<u8>,
    lines: usize,
    bytes: usize,
}

impl Splitter {
    fn take(&mut self, chunk: &[u8], each: &mut dyn FnMut(&[u8])) -> Result<(), Stuck> {
        self.bytes += chunk.len();
        if self.bytes > MOST_BYTES {
            return Err(endless(format_args!("a listing of more than {MOST_BYTES} bytes")));
        }
        for piece in chunk.split_inclusive(|byte| *byte == b'\n') {
            let room = LONGEST_LINE.saturating_sub(self.line.len());
            self.line.extend(piece.iter().take(room));
            if piece.ends_with(b"\n") {
                self.end_line(each)?;
            }
        }
        Ok(())
    }

    fn end_line(&mut self, each: &mut dyn FnMut(&[u8])) -> Result<(), Stuck> {
        let line = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !line.is_empty() {
            self.lines += 1;
            if self.lines > MOST_NAMES {
                return Err(endless(format_args!("a listing of more than {MOST_NAMES} names")));
            }
            each(line);
        }
        self.line.clear();
        Ok(())
    }
}

fn endless(what: std::fmt::Arguments<'_>) -> Stuck {
    Stuck::Over(Cause::new(FaultKind::Protocol, what))
}

/// A line of MLSD: facts, a blank, the name. None for folders and whatever else is no plain file.
pub(super) fn of_facts(line: &[u8]) -> Option<Entry<'_>> {
    let blank = line.iter().position(|byte| *byte == b' ').unwrap_or(line.len());
    let (facts, name) = line.split_at(blank);
    let mut entry = Entry { name: name.get(1..).unwrap_or(line), size: None, modified: None };
    for fact in std::str::from_utf8(facts).unwrap_or_default().split(';') {
        let (key, value) = fact.split_once('=').unwrap_or_default();
        if key.eq_ignore_ascii_case("type") && !value.eq_ignore_ascii_case("file") {
            return None;
        } else if key.eq_ignore_ascii_case("size") {
            entry.size = value.parse().ok();
        } else if key.eq_ignore_ascii_case("modify") {
            entry.modified = Some(value);
        }
    }
    Some(entry)
}

/// A line of NLST: the name, by some servers with the folder that we are in.
pub(super) fn of_name(line: &[u8]) -> &[u8] {
    line.strip_prefix(b"./").unwrap_or(line)
}

/// A line of LIST, in one of the two forms that servers have agreed on. None for what is not a file.
pub(super) fn of_table(line: &[u8]) -> Option<(String, u64)> {
    let line = std::str::from_utf8(line).ok()?;
    let file = ListParser::parse_posix(line).or_else(|_| ListParser::parse_dos(line)).ok()?;
    file.is_file().then(|| (file.name().to_owned(), file.size() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Cause> {
        let mut found = Vec::new();
        let done = lines(&mut &*bytes, &|| Ok(()), &mut |line| found.push(line.to_owned()));
        match done {
            Ok(()) => Ok(found),
            Err(Stuck::Over(cause)) => Err(cause),
            Err(Stuck::Reading(_) | Stuck::Writing(_)) => unreachable!(),
        }
    }

    #[test]
    fn a_line_ends_in_every_way_that_servers_have() {
        assert_eq!(read(b"a\r\nb\n\r\nc").unwrap(), [b"a".to_vec(), b"b".to_vec(), b"c".to_vec()]);
    }

    #[test]
    fn an_endless_line_takes_no_memory_and_an_endless_listing_ends() {
        let mut long = vec![b'x'; 1 << 20];
        long.extend(b"\nnext\n");
        let found = read(&long).unwrap();
        assert_eq!((found[0].len(), found[1].as_slice()), (LONGEST_LINE, b"next".as_slice()));
        assert_eq!(read(&b"x\n".repeat(MOST_NAMES)).unwrap().len(), MOST_NAMES);
        assert_eq!(read(&b"x\n".repeat(MOST_NAMES + 1)).unwrap_err().kind, FaultKind::Protocol);
        assert_eq!(read(&vec![b'x'; MOST_BYTES + 1]).unwrap_err().kind, FaultKind::Protocol);
    }

    #[test]
    fn facts_are_read_whatever_their_case_order_and_number() {
        type Facts = (&'static str, Option<u64>, Option<&'static str>);
        let rows: [(&str, Option<Facts>); 8] = [
            (
                "type=file;size=12;modify=20261122083625; a b.xml",
                Some(("a b.xml", Some(12), Some("20261122083625"))),
            ),
            ("Size=7;Type=File;UNIX.mode=0644; x", Some(("x", Some(7), None))),
            (" bare", Some(("bare", None, None))), // no facts at all
            ("type=file;size=many; x", Some(("x", None, None))), // a size that is none
            ("type=cdir; .", None),
            ("type=pdir; ..", None),
            ("type=dir; folder", None),
            ("type=OS.unix=slink:/etc/passwd; link", None),
        ];
        for (line, expected) in rows {
            let found = of_facts(line.as_bytes()).map(|entry| {
                (std::str::from_utf8(entry.name).unwrap().to_owned(), entry.size, entry.modified)
            });
            let expected = expected.map(|(name, size, modified)| (name.to_owned(), size, modified));
            assert_eq!(found, expected, "{line}");
        }
        assert_eq!(of_facts(b"nonsense").unwrap().name, b"nonsense");
    }

    #[test]
    fn sizes_are_read_from_the_tables_of_unix_and_dos() {
        let table = |line: &str| of_table(line.as_bytes());
        assert_eq!(
            table("-rw-r--r--   1 0        0             812 Nov 22 08:36 C2611-000001-spar"),
            Some(("C2611-000001-spar".to_owned(), 812))
        );
        assert_eq!(
            table("11-22-26  08:36AM                  812 list.csv"),
            Some(("list.csv".to_owned(), 812))
        );
        assert_eq!(table("drwxr-xr-x   2 0        0            4096 Nov 22 08:36 old"), None);
        assert_eq!(table("total 4"), None);
    }
}

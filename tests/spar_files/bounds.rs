//! Files that are made to fill memory or time are refused early.

use std::fmt::Write as _;
use std::io::{self, BufReader, Read};

use mantal::formats::spar_xml::Reason;

use super::reason;

/// Gives a head, then a pattern over and over, then a tail, without ever holding it all.
struct Endless {
    head: &'static [u8],
    pattern: &'static [u8],
    times: u64,
    tail: &'static [u8],
    given: u64,
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Some(count) = Some(self.head.read(out)?).filter(|count| *count > 0) {
            return Ok(count);
        }
        let mut written = 0;
        while self.times > 0 && written + self.pattern.len() <= out.len() {
            out[written..written + self.pattern.len()].copy_from_slice(self.pattern);
            written += self.pattern.len();
            self.times -= 1;
        }
        self.given += written as u64;
        if written > 0 { Ok(written) } else { self.tail.read(out) }
    }
}

const OPEN: &[u8] = b"<SPARAvisering><AviseringPoster><AviseringPost>";

fn endless(
    head: &'static [u8],
    pattern: &'static [u8],
    times: u64,
    tail: &'static [u8],
) -> (Option<Reason>, u64) {
    let mut source = BufReader::with_capacity(64 * 1024, Endless { head, pattern, times, tail, given: 0 });
    let reason = reason(&mut source);
    (reason, source.get_ref().given)
}

const GIB: u64 = 1 << 30;
const FEW: u64 = 2 << 20;

/// What it is, how the document begins, what is repeated, how often, and the reason of its refusal.
type Bomb = (&'static str, &'static [u8], &'static [u8], u64, Reason);

#[test]
fn whatever_has_no_end_is_refused_after_two_megabytes() {
    let table: [Bomb; 10] = [
        ("a comment", b"<a><!--", b" never ends", GIB / 11, Reason::TokenTooLong),
        ("a text", b"<SPARAvisering>", b"never ends ", GIB / 11, Reason::TokenTooLong),
        ("white space", b"<SPARAvisering>", b"    ", GIB / 4, Reason::TokenTooLong),
        ("a tag", b"<SPARAvisering", b" a='1'", GIB / 6, Reason::TokenTooLong),
        ("an attribute", b"<SPARAvisering a='", b"1", GIB, Reason::TokenTooLong),
        ("a reference", b"<SPARAvisering>&", b"a", GIB, Reason::TokenTooLong),
        ("an instruction", b"<?a ", b"b", GIB, Reason::TokenTooLong),
        ("depth", b"", b"<d>", 100_000, Reason::TooDeep),
        ("a post", OPEN, b"<Namn/>", GIB / 7, Reason::PostTooLong),
        ("a post with names", OPEN, b"<Namn><Fornamn>A</Fornamn></Namn>", GIB / 33, Reason::PostTooLong),
    ];
    for (what, head, pattern, times, expected) in table {
        let (reason, given) = endless(head, pattern, times, b"");
        assert_eq!(reason, Some(expected), "{what}");
        assert!(given <= FEW, "{what}: {given} bytes were taken");
    }
}

#[test]
fn text_in_small_pieces_is_bounded_too() {
    let head = b"<SPARAvisering><AviseringPoster><AviseringPost><PersonId><IdNummer>";
    let (reason, given) = endless(head, b"1&amp;<!-- -->", GIB / 14, b"");
    assert_eq!(reason, Some(Reason::TextTooLong));
    assert!(given <= FEW, "{given} bytes were taken");
}

#[test]
fn two_hundred_thousand_attributes_are_refused() {
    let attributes = (0..200_000).fold(String::new(), |mut all, number| {
        write!(all, " a{number}='1'").unwrap();
        all
    });
    let few = &attributes[..attributes.find(" a64=").unwrap()];
    let file = |attributes: &str| format!("<SPARAvisering{attributes}><AviseringPoster/></SPARAvisering>");
    assert!(matches!(reason(file(&attributes).as_bytes()), Some(Reason::TokenTooLong)));
    assert_eq!(reason(file(&format!("{few} b='1'")).as_bytes()), Some(Reason::TooManyAttributes));
    assert_eq!(reason(file(few).as_bytes()), None, "64 are allowed");
}

//! Rows that are no rows, files cut short, and bytes of no meaning.

use std::io::SeekFrom;

use proptest::prelude::*;

use super::*;

#[test]
fn a_broken_row_is_told_with_its_line_and_the_others_go_on() {
    let text = b"id;city\n1;a\n2\n3;b;c\n4;d\0\n5;\"e\"f\n6;g\n";
    assert_eq!(
        rows(text),
        [
            good(&["1", "a"]),
            Err((3, "ragged")),
            Err((4, "ragged")),
            Err((5, "nul")),
            Err((6, "broken-quote")),
            good(&["6", "g"]),
        ]
    );
}

#[test]
fn a_quote_that_is_never_closed_costs_its_own_line_and_no_more() {
    // To the end of the file; up to another quote; up to one that seems to close it, in a row that is none.
    for tail in ["", "5;\"z\"\n", "5\";z\n"] {
        let text = format!("id;city\n1;\"a\n2;b\n3;c\n4;d\n{tail}");
        let told = rows(text.as_bytes());
        assert_eq!(told[0].as_ref().map_err(|(line, _)| *line), Err(2), "{tail}");
        assert_eq!(told[1..4], [good(&["2", "b"]), good(&["3", "c"]), good(&["4", "d"])], "{tail}");
        assert_eq!(told.len(), 4 + tail.lines().count(), "{tail}");
    }
}

#[test]
fn a_quote_that_is_open_for_longer_than_a_row_may_be_costs_its_own_line() {
    let mut text = "id;city\n1;\"a\n".to_owned();
    text.push_str(&"2;b\r\n".repeat(frame::LONGEST / 4));
    let told = rows(text.as_bytes());
    assert_eq!(told.len(), 1 + frame::LONGEST / 4);
    assert_eq!(told[0], Err((2, "broken-quote")));
    assert!(told[1..].iter().all(|row| *row == good(&["2", "b"])));
}

#[test]
fn rows_that_open_a_quote_each_are_read_in_good_time() {
    // Read from any line on, nothing closes the quote before the row has too many cells.
    let text = format!("id;city\n{}", "x\";\"y\n".repeat(200_000));
    let told = rows(text.as_bytes());
    assert_eq!(told.len(), 200_000);
    assert!(told.iter().all(Result::is_err));
}

#[test]
fn a_row_of_more_than_a_mebibyte_is_rejected_and_one_of_just_that_is_read() {
    for (length, code) in [
        (frame::LONGEST, None),
        (frame::LONGEST + 1, Some("row-too-long")),
        (3_000_000, Some("row-too-long")),
    ] {
        for quote in ["", "\""] {
            let cell = "x".repeat(length - 2 - 2 * quote.len());
            let told = rows(format!("id;city\n1;{quote}{cell}{quote}\n2;b\n").as_bytes());
            assert_eq!(told[0].as_ref().err().copied(), code.map(|code| (2, code)), "{length} {quote}");
            assert_eq!(told[1..], [good(&["2", "b"])], "{length} {quote}");
        }
    }
}

/// A file of any size that takes no memory: one piece, over and over.
struct Endless {
    piece: &'static [u8],
    length: u64,
    at: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length - self.at).unwrap().min(buffer.len());
        let size = self.piece.len();
        for (place, byte) in buffer[..left].iter_mut().enumerate() {
            let at = usize::try_from(self.at).unwrap() + place;
            *byte = if at < 8 { b"id;city\n"[at] } else { self.piece[(at - 8) % size] };
        }
        self.at += left as u64;
        Ok(left)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(at) = to else { return Err(io::Error::other("only from the start")) };
        self.at = at.min(self.length);
        Ok(self.at)
    }
}

#[test]
fn memory_stays_flat_whatever_the_file_holds() {
    for piece in [b"1;\xc3\xa5\n".as_slice(), b"x", b"\"", b"\"\n", b"x;\"\"\"\"", b"\r", b";"] {
        let source = Endless { piece, length: 5 << 20, at: 0 };
        let mut reader = CsvReader::open(source, COLUMNS, &Mapping::default()).unwrap();
        let mut row = reader.row();
        while reader.next_row(&mut row).unwrap().is_some() {}
        assert!(reader.frames.capacity() < 4 << 20, "{piece:?}: {}", reader.frames.capacity());
    }
}

#[test]
fn bytes_that_change_after_the_first_look_stop_the_reading() {
    let mut reader = open("id;city\n1;å\n".as_bytes()).unwrap();
    reader.frames = Framer::new(transcode(Cursor::new(b"1;\xe5\n".to_vec()), encoding_rs::UTF_8));
    let fault = reader
        .next_row(&mut Row { record: StringRecord::new(), line: 0, places: std::sync::Arc::default() })
        .unwrap_err();
    let failure = fault.into_failure("people.csv");
    assert_eq!((failure.message.code, failure.kind.exit_code()), ("csv-undecodable-line", 1));
}

#[test]
fn a_file_cut_at_any_byte_loses_rows_only_at_its_end() {
    let text = "id;name;city\r\n1;\"Åsa; x\";\"Ö\r\nÄ\"\r\n2;é;\"\"\r\n3;b;c\r\n";
    let whole = rows(text.as_bytes());
    for end in 12..text.len() {
        let Ok(_) = open(&text.as_bytes()[..end]) else { continue };
        let cut = rows(&text.as_bytes()[..end]);
        let same = cut.iter().zip(&whole).take_while(|(one, other)| one == other).count();
        // Behind the cut row there is at most the second line of its quoted cell.
        assert!(cut.len() <= same + 2, "cut at {end}: {cut:?}");
        assert!(
            cut[same..].iter().take(cut.len().saturating_sub(same + 1)).all(Result::is_err),
            "cut at {end}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_end_in_rows_or_faults_with_rising_lines(
        header in prop_oneof![Just("id;city\n"), Just("id\n"), Just("")],
        body in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..400),
            "[1;,\"\r\n\t xå]{0,200}".prop_map(String::into_bytes),
        ],
    ) {
        let bytes = [header.as_bytes(), &body].concat();
        if let Ok(mut reader) = open(&bytes) {
            let mut row = reader.row();
            let mut last = 0;
            while let Some(judged) = reader.next_row(&mut row).unwrap() {
                let line = judged.map_or_else(|fault| fault.line, |()| row.line());
                prop_assert!(line > last);
                last = line;
            }
        }
    }

    #[test]
    fn what_another_writer_quotes_is_read_back_as_it_was(
        cells in proptest::collection::vec(["[a-zåäö;,\"\n\t]{1,12}", "[^\0\u{fffd}\r]{1,8}"], 1..20),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
        writer.write_record(["name", "id"]).unwrap();
        for pair in &cells {
            // Letters around, so that no blank is trimmed and no row is blank.
            writer.write_record(pair.iter().map(|cell| format!("x{cell}x"))).unwrap();
        }
        let told = rows(&writer.into_inner().unwrap());
        prop_assert_eq!(told.len(), cells.len());
        for (row, [name, id]) in told.into_iter().zip(&cells) {
            let lost = has_lost_letter(name) || has_lost_letter(id);
            prop_assert_eq!(row.ok(), (!lost).then(|| vec![format!("x{id}x"), format!("x{name}x")]));
        }
    }
}

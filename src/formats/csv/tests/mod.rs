//! Real bytes in, rows and faults out.

use std::io::Cursor;

use encoding_rs::WINDOWS_1252;

use super::*;
use crate::text::Language;

mod broken;
mod headers;

const COLUMNS: &[Column] = &[Column::required("id"), Column::optional("name"), Column::optional("city")];

/// Cells of a good row, or line and code of a rejected one.
type Told = Result<Vec<String>, (u64, &'static str)>;

fn open(bytes: &[u8]) -> Result<CsvReader<Cursor<Vec<u8>>>, HeaderFault> {
    CsvReader::open(Cursor::new(bytes.to_vec()), COLUMNS, &Mapping::default())
}

fn rows(bytes: &[u8]) -> Vec<Told> {
    let mut reader = open(bytes).unwrap();
    let mut row = reader.row();
    let mut told = Vec::new();
    while let Some(judged) = reader.next_row(&mut row).unwrap() {
        told.push(match judged {
            Ok(()) => Ok((0..COLUMNS.len()).filter_map(|at| row.text(at)).map(str::to_owned).collect()),
            Err(fault) => Err((fault.line, fault.code)),
        });
    }
    told
}

#[expect(clippy::unnecessary_wraps, reason = "stands among faults")]
fn good(cells: &[&str]) -> Told {
    Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
}

fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once('\u{feff}')
        .chain(text.chars())
        .collect::<String>()
        .encode_utf16()
        .flat_map(to_bytes)
        .collect()
}

#[test]
fn every_mix_of_encoding_delimiter_and_line_end_gives_the_same_rows() {
    let template = "id|name|city~1|Åsa Örn|LÅTSASÅ~2|\"ä|\"\"ö\"\"~Ü\"|\" MÅL \"~\"3\"|é|MALMÖ";
    for delimiter in [",", ";", "\t"] {
        for line_end in ["\n", "\r\n", "\r"] {
            for last in ["", line_end] {
                let text = template.replace('|', delimiter).replace('~', line_end) + last;
                let encoded = [
                    text.clone().into_bytes(),
                    format!("\u{feff}{text}").into_bytes(),
                    utf_16(&text, u16::to_le_bytes),
                    utf_16(&text, u16::to_be_bytes),
                    WINDOWS_1252.encode(&text).0.into_owned(),
                ];
                let two = format!("ä{delimiter}\"ö\"{line_end}Ü");
                let expected = [
                    good(&["1", "Åsa Örn", "LÅTSASÅ"]),
                    good(&["2", &two, "MÅL"]),
                    good(&["3", "é", "MALMÖ"]),
                ];
                for bytes in encoded {
                    assert_eq!(rows(&bytes), expected, "{delimiter:?} {line_end:?} {:?}", &bytes[..4]);
                }
            }
        }
    }
}

#[test]
fn a_windows_file_that_ends_in_half_a_utf_8_letter_is_still_read_right() {
    let bytes = WINDOWS_1252.encode("id;city\n1;ÖREBRO\n2;PITEÅ").0.into_owned();
    assert_eq!(std::str::from_utf8(&bytes[bytes.len() - 5..]).unwrap_err().error_len(), None);
    assert_eq!(rows(&bytes), [good(&["1", "ÖREBRO"]), good(&["2", "PITEÅ"])]);
}

#[test]
fn a_letter_on_the_seam_of_two_reads_is_one_letter() {
    for before in 65_530..65_540 {
        let text = format!("id;city\n1;{}ö\n2;å\n", "x".repeat(before - 11));
        let told = rows(text.as_bytes());
        assert!(told[0].as_ref().unwrap()[1].ends_with('ö'), "{before}");
        assert_eq!(told[1], good(&["2", "å"]), "{before}");
    }
}

#[test]
fn utf_8_letters_amid_other_bytes_are_refused_and_not_guessed_at() {
    let mut bytes = "id;city\n1;Åsele\n".as_bytes().to_vec();
    bytes.extend(WINDOWS_1252.encode("2;Öre\n").0.iter());
    assert!(matches!(open(&bytes).err().unwrap().problem, HeaderProblem::Mixed));
}

#[test]
fn bytes_that_break_their_own_mark_are_refused() {
    let mut odd = utf_16("id\n1\n", u16::to_le_bytes);
    odd.push(b'x');
    let half_pair = [utf_16("id\n1", u16::to_le_bytes), vec![0x3d, 0xd8, b'x', 0]].concat();
    let marked = [b"\xef\xbb\xbfid;city\n1;".as_slice(), b"\xe5\n"].concat();
    let unmarked = utf_16("id\n1\n", u16::to_le_bytes).split_off(2);
    for bytes in [odd, half_pair, marked, unmarked, b"i\0d\n1\n".to_vec()] {
        let problem = open(&bytes).err().unwrap().problem;
        assert!(matches!(problem, HeaderProblem::Undecodable), "{problem:?}");
    }
}

#[test]
fn a_lost_letter_rejects_its_row_and_no_other() {
    let text = "id;city\n1;Ume\u{fffd}\n2;Umeå\n";
    assert_eq!(rows(text.as_bytes()), [Err((2, "lost-letter")), good(&["2", "Umeå"])]);
    // A byte that Windows-1252 has no letter for.
    assert_eq!(rows(b"id;city\n1;Ume\x8f\n2;Ume\xe5\n"), [Err((2, "lost-letter")), good(&["2", "Umeå"])]);
}

#[test]
fn an_empty_cell_and_an_absent_column_are_two_things() {
    let mut reader = open(b"id,name\n1, \t\n").unwrap();
    let mut row = reader.row();
    reader.next_row(&mut row).unwrap().unwrap().unwrap();
    assert_eq!(
        [row.cell(0), row.cell(1), row.cell(2), row.cell(9)],
        [Cell::Text("1"), Cell::Empty, Cell::Absent, Cell::Absent]
    );
    assert_eq!([reader.has(0), reader.has(1), reader.has(2)], [true, true, false]);
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for line_end in ["\n", "\r\n", "\r"] {
        let text = "~id;city~~1;\"a~b~~c\"~ ~;;;~2;d~3~".replace('~', line_end);
        let mut reader = open(text.as_bytes()).unwrap();
        let mut row = reader.row();
        let mut lines = Vec::new();
        while let Some(judged) = reader.next_row(&mut row).unwrap() {
            assert_eq!(judged.map_err(|fault| fault.line).err().unwrap_or(row.line()), row.line());
            lines.push(row.line());
        }
        assert_eq!(lines, [4, 10, 11], "{line_end:?}");
    }
}

#[test]
fn the_delimiter_is_found_outside_quotes() {
    let rows = [
        ("id,name", b','),
        ("id;name", b';'),
        ("id\tname", b'\t'),
        ("\"a;b;c\",id", b','),
        ("\"a,\"\"b,c\";id", b';'),
        ("id", b','),
    ];
    for (header, expected) in rows {
        assert_eq!(sniff::delimiter(header.as_bytes()), expected, "{header}");
    }
}

#[test]
fn what_the_file_says_is_taken_as_it_is() {
    let text = "id;name;city\n=cmd();'); DROP TABLE person;--\n=cmd();'), DROP TABLE person,--;-1\n+1;\u{202e}x\u{1b}[2J;a\u{301}\n5\" rör;\"x\" ;@\n";
    assert_eq!(
        rows(text.as_bytes()),
        [
            Err((2, "ragged")),
            good(&["=cmd()", "'), DROP TABLE person,--", "-1"]),
            good(&["+1", "\u{202e}x\u{1b}[2J", "a\u{301}"]),
            good(&["5\" rör", "x", "@"]),
        ]
    );
}

#[test]
fn nothing_of_a_row_is_in_debug_output() {
    let mut reader = open("id;city\nhemlig;Umeå\n".as_bytes()).unwrap();
    let mut row = reader.row();
    reader.next_row(&mut row).unwrap().unwrap().unwrap();
    let shown = format!("{row:?} {:?}", row.cell(0));
    assert_eq!(shown, "Row(line 2, hidden) Text(hidden)");
}

//! What is refused before the first row, and in what words.

use super::*;

fn problem(bytes: &[u8], mapping: &Mapping) -> Option<String> {
    let fault = CsvReader::open(Cursor::new(bytes.to_vec()), COLUMNS, mapping).err()?;
    let failure = fault.into_failure("people.csv");
    assert_eq!(failure.kind.exit_code(), 2);
    assert_eq!(failure.hint_text(Language::English).unwrap(), "Columns (* must be there): id*, name, city.");
    Some(failure.text(Language::English))
}

#[test]
fn a_header_names_the_columns_in_any_order_and_case() {
    let mut reader = open("CITY; Id \nUmeå;1\n".as_bytes()).unwrap();
    let mut row = reader.row();
    reader.next_row(&mut row).unwrap().unwrap().unwrap();
    assert_eq!([row.text(0), row.text(1), row.text(2)], [Some("1"), None, Some("Umeå")]);
}

#[test]
fn a_wrong_header_is_refused_with_what_is_expected() {
    let long = format!("id,{}\n", "x".repeat(41));
    let cut = format!("people.csv: unknown column: {}….", "x".repeat(40));
    let wide = "id,".repeat(257) + "\n";
    let endless = format!("id,{}\n", "x".repeat(frame::LONGEST));
    let broken = "people.csv: the header line has a quote that is not closed, or is too long.";
    let rows: &[(&[u8], &str)] = &[
        (b"", "people.csv: the file is empty."),
        (b"\xef\xbb\xbf", "people.csv: the file is empty."),
        (b"\n \r\n", "people.csv: the file is empty."),
        (b"name,city\n", "people.csv: missing column: id."),
        (b"id,name,ID\n", "people.csv: the column ID stands twice."),
        (b"id,nmae\n", "people.csv: unknown column: nmae."),
        (b"id,a\x1b[2J\n", "people.csv: unknown column: a\\u{1b}[2J."),
        (b"id,name,\n", "people.csv: column 3 has no name."),
        (b"id,\"name\nx", broken),
        (b"id,\"name\"x\n", broken),
        (endless.as_bytes(), broken),
        (wide.as_bytes(), "people.csv: more columns than any file has."),
        (long.as_bytes(), &cut),
    ];
    for (bytes, expected) in rows {
        assert_eq!(problem(bytes, &Mapping::default()).as_deref(), Some(*expected));
    }
}

#[test]
fn a_file_without_header_shows_nothing_of_its_first_row() {
    let said = "people.csv: the first line looks like data, not like names of columns. Add a header line.";
    for bytes in
        ["Hemlig,198501012382\n", "Hemlig,850101-2382\n", "Hemlig,x@example.org\n", "Hemlig,１９８５０１\n"]
    {
        assert_eq!(problem(bytes.as_bytes(), &Mapping::default()).as_deref(), Some(said), "{bytes}");
    }
}

#[test]
fn mapped_columns_are_read_and_ignored_ones_left_alone() {
    let mapping =
        Mapping::default().rename("Person Nr", "id").rename("Ort", "CITY").ignore("name").ignore("");
    let mut reader =
        CsvReader::open(Cursor::new("PERSON NR;name;;ort\n1;x;y;Umeå\n"), COLUMNS, &mapping).unwrap();
    let mut row = reader.row();
    reader.next_row(&mut row).unwrap().unwrap().unwrap();
    assert_eq!([row.cell(0), row.cell(1), row.cell(2)], [Cell::Text("1"), Cell::Absent, Cell::Text("Umeå")]);
    // Two columns of the file for one of ours.
    assert_eq!(
        problem(b"Person Nr;ort;city\n", &mapping).as_deref(),
        Some("people.csv: the column city stands twice.")
    );
    assert_eq!(problem(b"ort\n", &mapping).as_deref(), Some("people.csv: missing column: id."));
}

#[test]
fn a_source_that_fails_is_no_wrong_header() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("torn off"))
        }
    }
    impl Seek for Failing {
        fn seek(&mut self, _: io::SeekFrom) -> io::Result<u64> {
            Ok(0)
        }
    }
    let fault = CsvReader::open(Failing, COLUMNS, &Mapping::default()).err().unwrap();
    assert_eq!(fault.into_failure("people.csv").kind.exit_code(), 1);
}

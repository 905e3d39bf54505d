use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn zipped(members: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn content(packed: &[u8]) -> Result<(Packing, Vec<u8>), Spoiled> {
    let mut unpacked = unpack(Cursor::new(packed))?;
    let mut bytes = Vec::new();
    unpacked.read_to_end(&mut bytes)?;
    Ok((unpacked.packing(), bytes))
}

fn stored() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Stored)
}

/// Where the directory's entry for the only member begins.
fn directory(packed: &[u8]) -> usize {
    packed.windows(4).position(|window| window == b"PK\x01\x02").unwrap()
}

#[test]
fn the_packing_is_told_by_the_first_bytes() {
    let text = b"<a/>".repeat(50_000);
    let table = [
        (Packing::Plain, text.clone()),
        (Packing::Zip, zipped(&[("no-extension", &text)], SimpleFileOptions::default())),
        (Packing::Zip, zipped(&[("../../etc/passwd", &text)], stored())),
        (Packing::Gzip, gzipped(&text)),
        // gzip files behind one another are one gzip file.
        (Packing::Gzip, [gzipped(&text[..100]), gzipped(&text[100..])].concat()),
    ];
    for (packing, packed) in table {
        assert_eq!(content(&packed), Ok((packing, text.clone())));
    }
    for short in [&b""[..], b"P", b"<"] {
        assert_eq!(content(short), Ok((Packing::Plain, short.to_vec())), "too short to be packed");
    }
}

#[test]
fn a_zip_has_exactly_one_member_and_that_is_a_file() {
    let none = zipped(&[], stored());
    let two = zipped(&[("a", b"1"), ("b", b"2")], stored());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("a", stored()).unwrap();
    let folder = writer.finish().unwrap().into_inner();
    let many: Vec<_> = (0..20_000).map(|number| format!("member{number:060}")).collect();
    let members: Vec<_> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let directory_of_megabytes = zipped(&members, stored());
    for packed in [none, two, folder, directory_of_megabytes] {
        assert_eq!(content(&packed), Err(Spoiled::NotOneMember));
    }
}

#[test]
fn a_member_that_the_directory_hides_is_noticed() {
    let hidden = zipped(&[("hidden", b"<b/>")], stored());
    let shown = zipped(&[("shown", b"<a/>")], stored());
    let both = [&hidden[..directory(&hidden)], &shown].concat();
    assert_eq!(content(&both), Err(Spoiled::Damaged));
}

#[test]
fn what_the_directory_says_has_to_be_true() {
    let packed = zipped(&[("a", b"<a>text</a>")], stored());
    let entry = directory(&packed);
    let changed = |place: usize, value: u8| {
        let mut packed = packed.clone();
        packed[place] = packed[place].wrapping_add(value);
        content(&packed)
    };
    assert_eq!(changed(31, 1), Err(Spoiled::Checksum), "the content");
    assert_eq!(changed(entry + 16, 1), Err(Spoiled::Damaged), "the checksum, unlike the local one");
    assert!(changed(entry + 24, 1).is_err(), "the size");
    assert!(changed(entry + 20, 1).is_err(), "the packed size");
    assert!(changed(entry + 42, 1).is_err(), "the place");
}

#[test]
fn passwords_and_foreign_methods_are_named() {
    let mark = |offset: usize, value: u8| {
        let mut packed = zipped(&[("a", b"<a>text</a>")], stored());
        let entry = directory(&packed);
        packed[entry + 2 + offset] = value;
        packed[offset] = value;
        content(&packed)
    };
    assert_eq!(mark(6, 1), Err(Spoiled::Encrypted), "the flag for a password");
    assert_eq!(mark(8, 12), Err(Spoiled::Method), "bzip2");
}

#[test]
fn a_size_beyond_the_bound_is_refused_before_anything_is_unpacked() {
    let mut packed = zipped(&[("a", b"<a>text</a>")], SimpleFileOptions::default());
    let entry = directory(&packed);
    for place in [entry + 24, 22] {
        packed[place..place + 4].copy_from_slice(&(256 * 1024 * 1024 + 1_u32).to_le_bytes());
    }
    assert_eq!(unpack(Cursor::new(&packed)).err(), Some(Spoiled::TooBig));
}

#[test]
fn what_grows_beyond_the_bound_is_refused_whatever_it_says_of_itself() {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let zeros = vec![0; 1024 * 1024];
    (0..=256).for_each(|_| writer.write_all(&zeros).unwrap());
    let packed = writer.finish().unwrap();
    let mut unpacked = unpack(Cursor::new(&packed)).unwrap();
    let error = io::copy(&mut unpacked, &mut io::sink()).unwrap_err();
    assert_eq!(Spoiled::from(&error), Spoiled::TooBig);
}

#[test]
fn garbage_behind_the_packed_bytes_is_refused() {
    let gzip = [gzipped(b"<a/>"), b"garbage".to_vec()].concat();
    assert_eq!(content(&gzip), Err(Spoiled::Damaged));
}

#[test]
fn a_spoiled_archive_says_so_in_both_languages() {
    use crate::text::Language::{English, Swedish};
    for spoiled in [Spoiled::Damaged, Spoiled::Encrypted, Spoiled::Unreadable(io::ErrorKind::NotFound)] {
        let failure = spoiled.into_failure("SPARAvisering_1.xml.zip");
        for language in [Swedish, English] {
            let text = failure.text(language);
            assert!(text.starts_with("SPARAvisering_1.xml.zip") && !text.contains('{'), "{text}");
        }
    }
}

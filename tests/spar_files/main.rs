//! SPAR's update files: every fixture reads as its text beside it says, and nothing that is not whole reads at all.

#![cfg(test)]

mod bounds;
mod describe;

use std::fs;
use std::io::{BufRead, BufReader, Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::NaiveDate;
use mantal::domain::id_number::{Country, Reading};
use mantal::domain::spar::post::{Envelope, Post};
use mantal::formats::archive::{Spoiled, unpack};
use mantal::formats::spar_xml::{Fault, Reason, SparReader};
use zip::write::SimpleFileOptions;

use describe::describe;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/spar")
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(fixtures().join(name)).unwrap()
}

/// The stems of all fixtures that can be read.
fn stems() -> Vec<String> {
    let mut stems: Vec<String> = fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    stems.sort();
    stems
}

fn reading() -> Reading {
    Reading::on(NaiveDate::from_ymd_opt(2025, 3, 5).unwrap(), Country::Sweden)
}

fn read(source: impl BufRead) -> Result<(Envelope, Vec<Post>), Fault> {
    let mut reader = SparReader::new(source, reading());
    let envelope = reader.envelope()?;
    let mut posts = Vec::new();
    while let Some(post) = reader.next_post()? {
        posts.push(post);
        assert_eq!(reader.ordinal(), posts.len() as u64);
    }
    Ok((envelope, posts))
}

fn reason(source: impl BufRead) -> Option<Reason> {
    read(source).err().map(|fault| fault.reason)
}

#[test]
fn every_fixture_reads_as_the_text_beside_it_says() {
    let stems = stems();
    assert!(stems.len() > 50, "the fixtures are missing");
    for stem in stems {
        let (envelope, posts) =
            read(&*fixture(&format!("{stem}.xml"))).unwrap_or_else(|fault| panic!("{stem}: {fault:?}"));
        let expected = String::from_utf8(fixture(&format!("{stem}.txt"))).unwrap();
        assert_eq!(describe(&envelope, &posts), expected, "{stem}");
    }
}

#[test]
fn a_file_reads_the_same_however_its_bytes_arrive() {
    for stem in stems() {
        let bytes = fixture(&format!("{stem}.xml"));
        for size in [1, 2, 3, 7] {
            assert_eq!(read(BufReader::with_capacity(size, &*bytes)), read(&*bytes), "{stem} by {size}");
        }
    }
}

#[test]
fn every_broken_file_is_refused_for_its_reason() {
    let table = [
        ("not-well-formed", Reason::NotWellFormed),
        ("not-closed", Reason::NotClosed),
        ("not-closed-root", Reason::NotClosed),
        ("empty", Reason::NotClosed),
        ("no-posts", Reason::NoPosts),
        ("web-page", Reason::NoPosts),
        ("doctype-bomb", Reason::Doctype),
        ("doctype-external", Reason::Doctype),
        ("unknown-entity", Reason::UnknownEntity),
        ("bare-ampersand", Reason::NotWellFormed),
        ("bare-less-than", Reason::NotWellFormed),
        ("character-reference", Reason::NotWellFormed),
        ("control-character", Reason::NotWellFormed),
        ("nul", Reason::NotWellFormed),
        ("double-attribute", Reason::NotWellFormed),
        ("unquoted-attribute", Reason::NotWellFormed),
        ("comment-with-hyphens", Reason::NotWellFormed),
        ("illegal-name", Reason::NotWellFormed),
        ("end-of-cdata-in-text", Reason::NotWellFormed),
        ("two-roots", Reason::NotWellFormed),
        ("text-behind-root", Reason::NotWellFormed),
        ("declaration-not-first", Reason::NotWellFormed),
        ("wrong-encoding", Reason::WrongEncoding),
        ("declared-utf-16", Reason::WrongEncoding),
        ("unknown-encoding", Reason::UnknownEncoding),
        ("too-deep", Reason::TooDeep),
        ("text-too-long", Reason::TextTooLong),
    ];
    for (name, expected) in table {
        let bytes = fixture(&format!("broken/{name}.xml"));
        assert_eq!(reason(&*bytes), Some(expected), "{name}");
        assert_eq!(reason(BufReader::with_capacity(1, &*bytes)), Some(expected), "{name}, byte by byte");
    }
    let others = ["other-customer", "other-order"];
    let files = fs::read_dir(fixtures().join("broken")).unwrap().count();
    assert_eq!(files, table.len() + others.len(), "a broken file that no test reads");
}

#[test]
fn whose_file_it_is_stands_in_the_envelope() {
    let envelope = |name: &str| read(&*fixture(&format!("broken/{name}.xml"))).unwrap().0;
    assert_eq!(envelope("other-customer").customer.as_deref(), Some("500244"));
    assert_eq!(envelope("other-order").order.as_deref(), Some("950"));
}

#[test]
fn a_fault_is_final() {
    let bytes = fixture("broken/unknown-entity.xml");
    let mut reader = SparReader::new(&*bytes, reading());
    reader.envelope().unwrap();
    let fault = reader.next_post().unwrap_err();
    assert_eq!((reader.next_post(), reader.envelope()), (Err(fault), Err(fault)));
    assert_eq!(fault.post, 1);
}

#[test]
fn cut_off_at_any_byte_no_file_reads_to_its_end() {
    for stem in ["moved", "old-form", "pieces-of-text", "encoding-utf-8-mark", "encoding-latin-1"] {
        let bytes = fixture(&format!("{stem}.xml"));
        let whole = bytes.iter().rposition(|byte| *byte == b'>').unwrap() + 1;
        assert!(read(&bytes[..whole]).is_ok(), "{stem} without its last line feed is whole");
        for length in 0..whole {
            assert!(read(&bytes[..length]).is_err(), "{stem} cut off after {length} of {whole} bytes");
        }
    }
}

fn utf_16(bytes: &[u8], order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap().replace("UTF-8", "UTF-16");
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect()
}

#[test]
fn utf_16_with_a_mark_reads_like_utf_8() {
    let bytes = fixture("pieces-of-text.xml");
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let wide = utf_16(&bytes, order);
        assert_eq!(read(&*wide), read(&*bytes));
        assert!(read(&wide[..wide.len() - 3]).is_err(), "half a letter at the end");
        assert_eq!(reason(&wide[2..]), Some(Reason::WrongEncoding), "no mark");
    }
}

fn unpacked(bytes: Vec<u8>) -> Result<(Envelope, Vec<Post>), Fault> {
    let source = unpack(Cursor::new(bytes)).map_err(|spoiled| Fault {
        reason: Reason::Packing(spoiled),
        byte: 0,
        post: 0,
    })?;
    read(BufReader::new(source))
}

fn zipped(members: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
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

#[test]
fn packed_files_read_like_plain_ones_and_never_when_cut_off() {
    let bytes = fixture("moved.xml");
    let deflated = SimpleFileOptions::default();
    let stored = deflated.compression_method(zip::CompressionMethod::Stored);
    let packed = [
        ("plain", bytes.clone()),
        ("deflated", zipped(&[("anything.txt", &bytes)], deflated)),
        ("stored", zipped(&[("anything.txt", &bytes)], stored)),
        ("zip64", zipped(&[("anything.txt", &bytes)], deflated.large_file(true))),
        ("gzip", gzipped(&bytes)),
    ];
    for (name, packed) in packed {
        assert_eq!(unpacked(packed.clone()), read(&*bytes), "{name}");
        for length in 0..packed.len() - 1 {
            assert!(unpacked(packed[..length].to_vec()).is_err(), "{name} cut off after {length} bytes");
        }
    }
}

#[test]
fn a_spoiled_byte_inside_a_packed_file_is_noticed() {
    let bytes = fixture("moved.xml");
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut packed = zipped(&[("a.xml", &bytes)], stored);
    let place = packed.windows(5).position(|window| window == b"Flytt").unwrap();
    packed[place] = b'X';
    assert_eq!(unpacked(packed).unwrap_err().reason, Reason::Packing(Spoiled::Checksum));
}

#[test]
fn a_zip_with_two_members_is_refused() {
    let bytes = fixture("moved.xml");
    let packed = zipped(&[("a.xml", &bytes), ("b.xml", &bytes)], SimpleFileOptions::default());
    assert_eq!(unpacked(packed).unwrap_err().reason, Reason::Packing(Spoiled::NotOneMember));
}

/// Where the interface's own schemas are, on a machine that has them.
fn schema() -> Option<PathBuf> {
    let shared = std::env::var_os("MANTAL_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let schema = shared.join("data/spar-xsd/komponent/person/AviseringPost-1.2.xsd");
    let xmllint = Command::new("xmllint").arg("--version").output();
    (schema.is_file() && xmllint.is_ok()).then_some(schema)
}

#[test]
fn fixtures_in_the_2021_form_are_valid_by_spars_own_schema() {
    let Some(schema) = schema() else {
        println!("skipped: neither ../shared nor MANTAL_SHARED has the schemas, or xmllint is missing");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for stem in
        stems().iter().filter(|stem| !stem.starts_with("beyond-schema") && !stem.starts_with("encoding"))
    {
        let text = String::from_utf8(fixture(&format!("{stem}.xml"))).unwrap();
        if let Some(start) = text.find("<ap:AviseringPoster").filter(|_| text.contains("avisering/2021.1/")) {
            let end = text.find("</SPARAvisering>").unwrap();
            let path = folder.path().join(format!("{stem}.xml"));
            fs::write(&path, &text[start..end]).unwrap();
            files.push(path);
        }
    }
    assert!(files.len() > 35);
    let output =
        Command::new("xmllint").args(["--noout", "--schema"]).arg(schema).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

use super::*;

fn decoded(bytes: &[u8], encoding: &'static Encoding) -> Result<String, io::ErrorKind> {
    let mut text = String::new();
    transcode(bytes, encoding).read_to_string(&mut text).map_err(|error| error.kind())?;
    Ok(text)
}

type Outcome<T> = Result<T, Option<EncodingFault>>;

fn xml(bytes: &[u8]) -> Outcome<String> {
    let mut text = Vec::new();
    XmlSource::new(bytes)
        .read_to_end(&mut text)
        .map_err(|error| error.get_ref().and_then(|inner| inner.downcast_ref().copied()))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn a_letter_is_read_right_or_not_at_all() {
    let wrong = Err(io::ErrorKind::InvalidData);
    let table: [(&[u8], &'static Encoding, Result<&str, io::ErrorKind>); 9] = [
        (b"\xc5sa \x80", WINDOWS_1252, Ok("Åsa €")),
        (b"\xc5sa \xa4", ISO_8859_15, Ok("Åsa €")),
        ("Åsa 😀".as_bytes(), UTF_8, Ok("Åsa 😀")),
        (b"\xc5\0s\0a\0", UTF_16LE, Ok("Åsa")),
        (b"\0\xc5\0s\0a", UTF_16BE, Ok("Åsa")),
        (b"\xc5sa", UTF_8, wrong),               // Latin-1 that is said to be UTF-8
        (b"a\x81", WINDOWS_1252, Ok("a\u{81}")), // nothing in Windows-1252: whoever knows rows rejects theirs
        (b"\xc5\0s", UTF_16LE, wrong),           // half a letter at the end
        (b"\x00\xd8a\0", UTF_16LE, wrong),       // half a pair
    ];
    for (bytes, encoding, expected) in table {
        assert_eq!(decoded(bytes, encoding), expected.map(str::to_owned), "{bytes:?} as {}", encoding.name());
    }
}

#[test]
fn a_document_with_a_byte_that_is_no_letter_is_refused() {
    let bytes = b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>\x81</a>";
    assert_eq!(xml(bytes), Err(Some(EncodingFault::Malformed)));
}

#[test]
fn letters_at_the_edges_of_buffers_stay_whole() {
    let text = "aÅ😀".repeat(CHUNK / 4);
    for skip in 0..4 {
        let text = "xxx"[..skip.min(3)].to_owned() + &text;
        assert_eq!(decoded(text.as_bytes(), UTF_8).as_ref(), Ok(&text));
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&wide, UTF_16BE).as_ref(), Ok(&text));
    }
}

#[test]
fn an_xml_document_is_read_as_it_declares_itself() {
    let table: [(&[u8], Outcome<&str>); 12] = [
        (b"<a>\xc3\x85</a>", Ok("<a>Å</a>")),
        (b"\xef\xbb\xbf<a/>", Ok("<a/>")),
        (b"\xff\xfe<\0a\0/\0>\0", Ok("<a/>")),
        (b"\xfe\xff\0<\0a\0/\0>", Ok("<a/>")),
        (b"<?xml encoding = 'latin1'?>\xc5", Ok("<?xml encoding = 'latin1'?>Å")),
        (b"<?xml encoding=\"Windows-1252\"?>\x80", Ok("<?xml encoding=\"Windows-1252\"?>€")),
        // A word in the text is no declaration.
        (b"<a>encoding='latin1'</a>", Ok("<a>encoding='latin1'</a>")),
        (b"<?xml encoding='utf-16'?>", Err(Some(EncodingFault::Malformed))),
        (b"<?xml encoding='UTF-16LE'?>", Err(Some(EncodingFault::Malformed))),
        (b"<\0a\0/\0>\0", Err(Some(EncodingFault::Malformed))), // UTF-16 without a mark
        (b"\xff\xfe\0\0<\0\0\0", Err(Some(EncodingFault::Unknown))),
        (b"<?xml encoding='UTF-7'?>", Err(Some(EncodingFault::Unknown))),
    ];
    for (bytes, expected) in table {
        assert_eq!(xml(bytes), expected.map(str::to_owned), "{bytes:?}");
    }
}

#[test]
fn the_label_has_to_fit_the_bytes() {
    let latin: &[u8] = b"<?xml encoding='latin1'?>";
    let table: [(&[u8], &str, bool); 8] = [
        (b"<a/>", "utf-8", true),
        (b"\xef\xbb\xbf<a/>", "UTF-8", true),
        (b"\xef\xbb\xbf<a/>", "ISO-8859-1", false),
        (b"\xff\xfe<\0", "utf-16", true),
        (b"\xff\xfe<\0", "UTF-16BE", false),
        (b"\xff\xfe<\0", "UTF-8", false),
        (latin, "iso-8859-1", true),
        (latin, "iso-8859-15", false),
    ];
    for (bytes, label, fits) in table {
        let mut source = XmlSource::new(bytes);
        source.fill_buf().unwrap();
        assert_eq!(source.check_label(label).is_ok(), fits, "{bytes:?} said to be {label}");
    }
}

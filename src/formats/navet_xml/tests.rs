use chrono::NaiveDate;

use super::*;
use crate::domain::id_number::{Country, IdNumberError};
use crate::domain::population::{Cell, RegisterMark};
use crate::formats::population_rows::ReadRow;

const ANNA: &str = "<PersonId><PersonNr>197603052395</PersonNr></PersonId>";
const HERE: &str = "<Folkbokforing><LanKod>05</LanKod><KommunKod>81</KommunKod></Folkbokforing>";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 3, 2).unwrap()
}

fn read(xml: &[u8]) -> Result<(Vec<NavetPost>, Part), Fault> {
    let mut reader = NavetReader::new(xml, Reading::on(today(), Country::Sweden));
    let mut posts = Vec::new();
    while let Some(post) = reader.next_post()? {
        posts.push(post);
    }
    assert!(reader.next_post().unwrap().is_none());
    Ok((posts, reader.part().clone()))
}

fn reason(xml: &str) -> Option<Reason> {
    read(xml.as_bytes()).err().map(|fault| fault.reason)
}

/// The only post of a file, with this beside its Personpost and this in it.
fn post(beside: &str, inside: &str) -> NavetPost {
    let xml = format!(
        "<n:Navetavisering xmlns:n='x'><n:Folkbokforingsposter><Folkbokforingspost>{beside}<Personpost>{inside}</Personpost>
         </Folkbokforingspost></n:Folkbokforingsposter></n:Navetavisering>"
    );
    read(xml.as_bytes()).unwrap().0.remove(0)
}

fn row(inside: &str) -> ReadRow {
    let post = post("", &format!("{ANNA}{inside}"));
    let municipality = post.municipality.clone();
    post.into_row(municipality.as_deref(), today())
}

/// What a row says, cell by cell; a dash for one that is said to be empty.
fn cells(inside: &str) -> String {
    let row = row(&format!("{HERE}{inside}")).row.unwrap();
    let said = Cell::ALL.into_iter().filter(|cell| row.told.has(*cell));
    said.map(|cell| format!("{}={}", cell.name(), row.cells.get(cell).unwrap_or("-")))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_file_is_a_whole_navetavisering_or_refused() {
    let table = [
        ("<Navetavisering><Folkbokforingsposter/></Navetavisering>", None),
        (
            "<a:Navetavisering xmlns:a='b'><x/><a:Folkbokforingsposter></a:Folkbokforingsposter><y/></a:Navetavisering>",
            None,
        ),
        ("<Navetavisering></Navetavisering>", Some(Reason::NotNavet)),
        ("<Navetavisering><a><Folkbokforingsposter/></a></Navetavisering>", Some(Reason::NotNavet)),
        ("<Folkbokforingsposter/>", Some(Reason::NotNavet)),
        ("<SPARAvisering><AviseringPoster/></SPARAvisering>", Some(Reason::NotNavet)),
        ("<Navetavisering><Folkbokforingsposter/>", Some(Reason::NotClosed)),
        ("<!DOCTYPE a><Navetavisering><Folkbokforingsposter/></Navetavisering>", Some(Reason::Doctype)),
        ("<Navetavisering><Folkbokforingsposter/></Navetavisering><a/>", Some(Reason::NotWellFormed)),
        (
            "<Navetavisering><Folkbokforingsposter>&x;</Folkbokforingsposter></Navetavisering>",
            Some(Reason::UnknownEntity),
        ),
    ];
    for (xml, expected) in table {
        assert_eq!(reason(xml), expected, "{xml}");
    }
}

#[test]
fn a_file_cut_off_at_any_byte_is_refused() {
    let whole = format!(
        "<?xml version='1.0' encoding='UTF-8'?><Navetavisering><Aviseringsinformation><Utfil><AntalPoster>1</AntalPoster>
         </Utfil></Aviseringsinformation><Folkbokforingsposter><Folkbokforingspost><Sekretessmarkering>J
         </Sekretessmarkering><Personpost>{ANNA}{HERE}<Namn><Fornamn>Åsa</Fornamn></Namn></Personpost>
         </Folkbokforingspost></Folkbokforingsposter></Navetavisering>"
    );
    assert_eq!(read(whole.as_bytes()).unwrap().0.len(), 1);
    for cut in 0..whole.len() {
        let fault = read(&whole.as_bytes()[..cut]).unwrap_err();
        assert_eq!(fault.reason, Reason::NotClosed, "{cut}");
    }
}

#[test]
fn counters_are_read_wherever_the_information_stands() {
    let information = "<Aviseringsinformation><Filinformation><BestallningsId> B-1 </BestallningsId><Utfil><Filnamn>x</Filnamn>
        <AntalPoster>2</AntalPoster><AntalPosterTotalt>0005</AntalPosterTotalt><AntalFiler>2</AntalFiler><FilNr>1</FilNr>
        <LopNr>17</LopNr></Utfil></Filinformation></Aviseringsinformation>";
    let posts = "<Folkbokforingsposter><Folkbokforingspost/><Folkbokforingspost/></Folkbokforingsposter>";
    let expected = Part {
        order: Some("B-1".to_owned()),
        sequence: Some(17),
        files: Some(2),
        number: Some(1),
        posts: Some(2),
        total: Some(5),
        counted: 2,
    };
    let flat = information.replace("<Filinformation>", "").replace("</Filinformation>", "");
    for content in
        [format!("{information}{posts}"), format!("{posts}{information}"), format!("{flat}{posts}")]
    {
        let xml = format!("<Navetavisering>{content}</Navetavisering>");
        assert_eq!(read(xml.as_bytes()).unwrap().1, expected, "{xml}");
    }
}

#[test]
fn a_counter_that_is_no_number_makes_the_file_unusable() {
    let table = [
        ("", None),
        ("1", None),
        ("-1", Some(())),
        ("+1", Some(())),
        ("x", Some(())),
        ("99999999999999999999", Some(())),
    ];
    for (counter, expected) in table {
        let xml = format!(
            "<Navetavisering><Aviseringsinformation><Utfil><FilNr>{counter}</FilNr></Utfil></Aviseringsinformation>
             <Folkbokforingsposter/></Navetavisering>"
        );
        assert_eq!(reason(&xml), expected.map(|()| Reason::BadCounter), "{counter}");
    }
}

#[test]
fn marks_protect_unless_they_say_no() {
    let table = [
        ("", RegisterMark::Open),
        ("<Sekretessmarkering/>", RegisterMark::Open),
        ("<Sekretessmarkering>N</Sekretessmarkering>", RegisterMark::Open),
        ("<Sekretessmarkering> NEJ </Sekretessmarkering>", RegisterMark::Open),
        ("<SkyddadFolkbokforing>N</SkyddadFolkbokforing>", RegisterMark::Open),
        ("<a:Sekretessmarkering>J</a:Sekretessmarkering>", RegisterMark::Marked),
        ("<Sekretessmarkering>JA</Sekretessmarkering>", RegisterMark::Marked),
        // A word that nobody knows is the strictest kind, and so is skyddad folkbokföring.
        ("<Sekretessmarkering>nja</Sekretessmarkering>", RegisterMark::Unknown),
        ("<SkyddadFolkbokforing>J</SkyddadFolkbokforing>", RegisterMark::Unknown),
        ("<SkyddadFolkbokforing>?</SkyddadFolkbokforing>", RegisterMark::Unknown),
        // Of several the strictest counts, wherever it stands.
        (
            "<Sekretessmarkering>J</Sekretessmarkering><Sekretessmarkering>N</Sekretessmarkering>",
            RegisterMark::Marked,
        ),
        (
            "<SkyddadFolkbokforing>J</SkyddadFolkbokforing><Sekretessmarkering>J</Sekretessmarkering>",
            RegisterMark::Unknown,
        ),
    ];
    for (beside, expected) in table {
        let post = post(beside, &format!("{ANNA}{HERE}<Namn><Fornamn>Tolvan</Fornamn></Namn>"));
        assert_eq!(post.mark, expected, "{beside}");
        let row = post.into_row(Some("0581"), today()).row.unwrap();
        assert_eq!(row.cells.get(Cell::FirstName), (!expected.is_set()).then_some("Tolvan"), "{beside}");
    }
}

#[test]
fn whose_post_it_is() {
    let known = |number: &str| Ok(number.to_owned());
    let anna = "<PersonNr>197603052395</PersonNr>";
    let allotted = "<TilldelatPersonNrSamordningsNr>198501012382</TilldelatPersonNrSamordningsNr>";
    let table = [
        (anna.to_owned(), known("197603052395")),
        (allotted.to_owned(), known("198501012382")),
        (format!("{anna}{allotted}"), known("197603052395")),
        (format!("<PersonNr>000000000000</PersonNr>{allotted}"), known("198501012382")),
        (String::new(), Err(IdNumberError::Empty)),
        (format!("{anna}{anna}"), Err(IdNumberError::Shape)),
        ("<PersonNr>760305-2395</PersonNr>".to_owned(), Err(IdNumberError::Shape)),
        ("<PersonNr>197613052395</PersonNr>".to_owned(), Err(IdNumberError::Date)),
    ];
    for (inside, expected) in table {
        let post = post("", &format!("<PersonId>{inside}</PersonId>"));
        assert_eq!(post.number.map(|number| number.key().0.to_string()), expected, "{inside}");
    }
    let other = "<HanvisningsPersonNr>198501012382</HanvisningsPersonNr>";
    let refers = |inside: &str| post("", inside).refers();
    assert!(refers(&format!("{ANNA}{other}")));
    assert!(refers(&format!("{ANNA}<Hanvisningar><Hanvisning>{other}</Hanvisning></Hanvisningar>")));
    assert!(refers(&format!("<PersonId>{anna}{allotted}</PersonId>")));
    assert!(!refers(&format!("{ANNA}<HanvisningsPersonNr>0</HanvisningsPersonNr>")));
}

#[test]
fn what_a_post_says_and_what_it_leaves_alone() {
    let registered = "<Folkbokforingsadress><CareOf>Elvan</CareOf><Utdelningsadress1>LGH 1</Utdelningsadress1>
        <Utdelningsadress2>GATAN 1</Utdelningsadress2><PostNr>60299</PostNr><Postort>TESTBY</Postort></Folkbokforingsadress>";
    let special = "<SarskildPostadress><Utdelningsadress2>BOX 7</Utdelningsadress2><PostNr>60288</PostNr></SarskildPostadress>";
    let table = [
        // Nothing said, nothing taken: a key code is never said.
        (String::new(), ""),
        ("<Namn/>".to_owned(), ""),
        ("<Namn><Tilltalsnamnsmarkering>10</Tilltalsnamnsmarkering></Namn>".to_owned(), ""),
        ("<Namn><Efternamn>T</Efternamn></Namn>".to_owned(), "first_name=- middle_name=- last_name=T"),
        (
            format!("<Adresser>{registered}</Adresser>"),
            "care_of=Elvan street=LGH 1, GATAN 1 postal_code=60299 city=TESTBY",
        ),
        // Särskild postadress goes first, whole.
        (
            format!("<Adresser>{registered}{special}</Adresser>"),
            "care_of=- street=BOX 7 postal_code=60288 city=-",
        ),
        (
            format!(
                "<Adresser><SarskildPostadress><CareOf>x</CareOf></SarskildPostadress>{registered}</Adresser>"
            ),
            "care_of=Elvan street=LGH 1, GATAN 1 postal_code=60299 city=TESTBY",
        ),
        (
            "<Adresser><Utlandsadress><Utdelningsadress1>X</Utdelningsadress1></Utlandsadress></Adresser>"
                .to_owned(),
            "",
        ),
        (
            "<Folkbokforing><Fastighetsbeteckning>ENEN 1:2</Fastighetsbeteckning></Folkbokforing>".to_owned(),
            "property=ENEN 1:2",
        ),
        // What is about others or over is not looked into.
        ("<Relationer><Relation><Namn><Fornamn>X</Fornamn></Namn></Relation></Relationer>".to_owned(), ""),
    ];
    for (inside, expected) in table {
        assert_eq!(cells(&inside), expected, "{inside}");
    }
}

#[test]
fn deaths_are_taken_and_other_deregistrations_are_not() {
    let end = |inside: &str| format!("<Avregistrering>{inside}</Avregistrering>");
    let code = |code: &str| format!("<AvregistreringsorsakKod>{code}</AvregistreringsorsakKod>");
    let left = "<Avregistreringsdatum>20240113</Avregistreringsdatum>";
    let found = "<AntraffadDod>20240110</AntraffadDod>";
    let died =
        "<Samordningsnummeruppgifter><DatumAvliden>20240100</DatumAvliden></Samordningsnummeruppgifter>";
    let table = [
        (end(&format!("{}{left}", code("AV"))), "deceased_date=2024-01-13"),
        (end(&format!("{}{left}", code("A"))), "deceased_date=2024-01-13"),
        (end(&format!("{}{left}{found}", code("AV"))), "deceased_date=2024-01-10"),
        (
            end(&format!("{}<Avregistreringsdatum>19970700</Avregistreringsdatum>", code("AV"))),
            "deceased_date=1997-07-00",
        ),
        (end(found), "deceased_date=2024-01-10"),
        (died.to_owned(), "deceased_date=2024-01-00"),
        (end(&format!("{}{left}", code("UV"))), ""),
        (end(""), ""),
        (end("<AntraffadDod>0</AntraffadDod>"), ""),
    ];
    for (inside, expected) in table {
        assert_eq!(cells(&inside), expected, "{inside}");
    }
    assert!(post("", &end(&code("UV"))).is_deregistered());
    assert!(!post("", &end(&code("AV"))).is_deregistered());
    // A death without a day, or with one to come, can't be carried.
    for inside in [
        end(&code("AV")),
        end(&format!("{}<Avregistreringsdatum>20990101</Avregistreringsdatum>", code("AV"))),
    ] {
        let fault = row(&format!("{HERE}{inside}")).row.unwrap_err();
        assert_eq!((fault.code, fault.line), ("deceased-date", 1), "{inside}");
    }
}

#[test]
fn a_post_that_cannot_be_used_still_tells_number_and_mark() {
    let half = "<Folkbokforing><LanKod>05</LanKod></Folkbokforing>";
    let long = format!("{HERE}<Namn><Fornamn>{}</Fornamn></Namn>", "x".repeat(1001));
    let lines = format!("{HERE}<Namn><Fornamn>a\nb</Fornamn></Namn>");
    let table = [
        ("", "municipality-shape"),
        (half, "municipality-shape"),
        (&long, "cell-too-long"),
        (&lines, "control-character"),
    ];
    for (inside, code) in table {
        let read = row(inside);
        assert!(read.number.is_some());
        assert_eq!(read.row.unwrap_err().code, code);
    }
}

#[test]
fn xml_is_told_by_its_first_character() {
    let utf16: Vec<u8> = "\u{feff} <a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (beginning, expected) in [
        (&b"<a/>"[..], true),
        (b" \r\n\t<a/>", true),
        (b"\xef\xbb\xbf<?xml?>", true),
        (&utf16, true),
        (b"id_number;<", false),
        (b"", false),
    ] {
        assert_eq!(is_xml(beginning), expected, "{beginning:?}");
    }
}

#[test]
fn nothing_of_a_post_is_shown() {
    let shown = format!("{:?}", post("", &format!("{ANNA}{HERE}<Namn><Fornamn>Tolvan</Fornamn></Namn>")));
    assert_eq!(shown, "NavetPost(1, hidden)");
}

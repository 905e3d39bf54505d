use chrono::NaiveDate;

use super::*;
use crate::domain::id_number::Country;
use crate::domain::spar::post::{Flag, LinkType};
use crate::text::Language::{English, Swedish};

fn read(xml: &str) -> Result<Vec<Post>, Fault> {
    let reading = Reading::on(NaiveDate::from_ymd_opt(2025, 3, 5).unwrap(), Country::Sweden);
    let mut reader = SparReader::new(xml.as_bytes(), reading);
    let mut posts = Vec::new();
    while let Some(post) = reader.next_post()? {
        posts.push(post);
    }
    Ok(posts)
}

fn reason(xml: &str) -> Option<Reason> {
    read(xml).err().map(|fault| fault.reason)
}

/// The only post of a file with this in it.
fn post(inside: &str) -> Post {
    let xml = format!("<R><AviseringPoster><AviseringPost>{inside}</AviseringPost></AviseringPoster></R>");
    read(&xml).unwrap().remove(0)
}

#[test]
fn a_document_is_well_formed_or_refused() {
    let table = [
        ("<R><AviseringPoster/></R>", None),
        ("<R><AviseringPoster></AviseringPoster></R>", None),
        ("<AviseringPoster/>", None),
        ("<?xml version='1.0'?><!-- a --><R ><AviseringPoster/></R >\n<!-- b --><?c d?>\n", None),
        ("<R>text &amp; <![CDATA[<]]><AviseringPoster/></R>", None),
        ("<R><AviseringPoster/>", Some(Reason::NotClosed)),
        ("<R><AviseringPoster/></R", Some(Reason::NotClosed)),
        ("<R><AviseringPoster/></R><", Some(Reason::NotClosed)),
        ("<R><AviseringPoster/></R><!-- ", Some(Reason::NotClosed)),
        (" ", Some(Reason::NotClosed)),
        ("<R></R>", Some(Reason::NoPosts)),
        ("<R><Other><AviseringPoster/></Other></R>", Some(Reason::NoPosts)),
        ("<R/><AviseringPoster/>", Some(Reason::NoPosts)),
        ("<R><AviseringPoster/></R><R/>", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster/></R>x", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster/></R>&#32;", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster/></R><![CDATA[ ]]>", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster/></R></R>", Some(Reason::NotWellFormed)),
        ("x<R><AviseringPoster/></R>", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster></R></AviseringPoster>", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster/></R a='1'>", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster/></ R>", Some(Reason::NotWellFormed)),
        ("<R>< AviseringPoster/></R>", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster/ ></R>", Some(Reason::NotWellFormed)),
        ("<R><?xml version='1.0'?><AviseringPoster/></R>", Some(Reason::NotWellFormed)),
        ("<R><?XML a?><AviseringPoster/></R>", Some(Reason::NotWellFormed)),
        ("<R><!ELEMENT a><AviseringPoster/></R>", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster/>\u{ffff}</R>", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster/><!-- \u{fffe} --></R>", Some(Reason::NotWellFormed)),
        ("<R><AviseringPoster/>\u{ffef}\u{fbff}\u{fffd}</R>", None),
        ("<!DOCTYPE R><R><AviseringPoster/></R>", Some(Reason::Doctype)),
        ("<!doctype R><R><AviseringPoster/></R>", Some(Reason::Doctype)),
        ("<!DOCTYPE R [", Some(Reason::Doctype)),
        ("<R><Other a='&x;'/><AviseringPoster/></R>", Some(Reason::UnknownEntity)),
    ];
    for (xml, expected) in table {
        assert_eq!(reason(xml), expected, "{xml}");
    }
}

#[test]
fn what_is_skipped_is_checked_all_the_same() {
    for inside in
        ["<Relation><a></b></Relation>", "<Fastighet>&x;</Fastighet>", "<New a='1' a='2'/>", "<New>]]></New>"]
    {
        let xml =
            format!("<R><AviseringPoster><AviseringPost>{inside}</AviseringPost></AviseringPoster></R>");
        assert!(read(&xml).is_err(), "{inside}");
    }
}

#[test]
fn posts_of_a_second_container_are_not_lost() {
    let xml = "<R><AviseringPoster><AviseringPost/><New/></AviseringPoster><AviseringsPoster><AviseringsPost/></AviseringsPoster></R>";
    assert_eq!(read(xml).map(|posts| posts.len()), Ok(2));
}

#[test]
fn marks_of_the_post_are_its_own() {
    let inside = "<Relation><Sekretessmarkering>JA</Sekretessmarkering></Relation><SkyddadFolkbokforing/>\
                  <Persondetaljer><Sekretessmarkering>JA</Sekretessmarkering></Persondetaljer>";
    let post = post(inside);
    assert_eq!((post.sekretess, post.skyddad), (Flag::Absent, Flag::Yes));
    assert!(post.details[0].value.sekretess && !post.details[0].value.skyddad);
}

#[test]
fn the_stricter_of_two_marks_counts_in_either_order() {
    for (one, other) in [("JA", "NEJ"), ("NEJ", "JA")] {
        let mark = |value: &str| format!("<Sekretessmarkering>{value}</Sekretessmarkering>");
        assert_eq!(post(&(mark(one) + &mark(other))).sekretess, Flag::Yes);
    }
}

#[test]
fn of_two_numbers_in_one_post_neither_counts() {
    let id = |number: &str| format!("<PersonId><IdNummer>{number}</IdNummer></PersonId>");
    assert!(post(&id("198501012382")).number.is_some());
    assert!(post(&(id("198501012382") + &id("198501012390"))).number.is_none());
    let inside = "<PersonId><IdNummer>198501012382</IdNummer><IdNummer>198501012390</IdNummer></PersonId>";
    assert!(post(inside).number.is_none());
}

#[test]
fn an_empty_element_is_an_absent_value_and_an_unknown_child_no_part_of_it() {
    let post = post("<Namn><Fornamn> </Fornamn><Mellannamn/><Efternamn>A<x>B</x>C</Efternamn></Namn>");
    let name = &post.names[0].value;
    assert_eq!((&name.first, &name.middle, name.last.as_deref()), (&None, &None, Some("AC")));
}

#[test]
fn a_link_points_both_ways_whichever_element_comes_first() {
    let link = |inside: &str| {
        post(&format!("<Persondetaljer><Hanvisning>{inside}</Hanvisning></Persondetaljer>")).details[0]
            .value
            .links[0]
    };
    let one = link("<IdNummer>198501012382</IdNummer><Typ>Till</Typ>");
    assert_eq!(one, link("<Typ>Till</Typ><IdNummer>198501012382</IdNummer>"));
    assert_eq!((one.way, one.number.is_some()), (LinkType::To, true));
    assert_eq!(link("<IdNummer>1</IdNummer>").way, LinkType::Untyped);
}

#[test]
fn a_fault_says_where_but_nothing_of_what_stands_there() {
    let xml = "<R><AviseringPoster><AviseringPost/><AviseringPost><Namn><Efternamn>Hemlig</Namn>";
    let fault = read(xml).unwrap_err();
    assert_eq!((fault.reason, fault.post), (Reason::NotWellFormed, 2));
    let failure = fault.into_failure("SPARAvisering_1.xml");
    for language in [Swedish, English] {
        let text = failure.text(language) + &failure.hint_text(language).unwrap();
        assert!(text.starts_with("SPARAvisering_1.xml") && text.contains("post 2"), "{text}");
        assert!(!text.contains("Hemlig") && !text.contains("Efternamn") && !text.contains('{'), "{text}");
    }
    assert!(!format!("{failure:?}").contains("Efternamn"));
}

#[test]
fn every_reason_has_a_text_without_holes() {
    let reasons = [
        Reason::NotWellFormed,
        Reason::NotClosed,
        Reason::NoPosts,
        Reason::Doctype,
        Reason::TooDeep,
        Reason::TextTooLong,
        Reason::TokenTooLong,
        Reason::PostTooLong,
        Reason::TooManyAttributes,
        Reason::UnknownEntity,
        Reason::WrongEncoding,
        Reason::UnknownEncoding,
        Reason::Packing(crate::formats::archive::Spoiled::Checksum),
        Reason::Packing(crate::formats::archive::Spoiled::Unreadable(std::io::ErrorKind::TimedOut)),
        Reason::Unreadable(std::io::ErrorKind::TimedOut),
    ];
    for reason in reasons {
        let text = Fault { reason, byte: 1, post: 2 }.into_failure("f.xml").text(English);
        assert!(!text.contains('{'), "{text}");
    }
}

#[test]
fn a_disk_that_fails_is_no_fault_of_the_file() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::TimedOut.into())
        }
    }
    let reading = Reading::on(NaiveDate::from_ymd_opt(2025, 3, 5).unwrap(), Country::Sweden);
    let fault = SparReader::new(std::io::BufReader::new(Broken), reading).next_post().unwrap_err();
    assert_eq!(fault.reason, Reason::Unreadable(std::io::ErrorKind::TimedOut));
}

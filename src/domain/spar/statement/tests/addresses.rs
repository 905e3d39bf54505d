//! Which of a post's addresses counts, and how it is written. (rules.md, spar-import 11)

use super::*;
use crate::domain::samples::place as home;

fn swedish(street: &str) -> PostAddress {
    let (postal_code, city) = (text("60299"), text("NORRKÖPING"));
    PostAddress { lines: vec![street.to_owned()], postal_code, city, ..PostAddress::default() }
}

fn foreign(street: &str) -> PostAddress {
    let lines = vec![street.to_owned(), "00100 HELSINKI".to_owned()];
    PostAddress { foreign: true, lines, country: text("FINLAND"), ..PostAddress::default() }
}

fn now(address: PostAddress) -> Vec<Dated<PostAddress>> {
    vec![between("2020-01-01", "9999-12-31", address)]
}

fn over(till: &str, address: PostAddress) -> Dated<PostAddress> {
    between("2010-01-01", till, address)
}

fn deregistered() -> Post {
    with(Details { cause: text("UV"), ..Details::default() })
}

fn street(post: &Post, kind: IdKind) -> Option<String> {
    Statement::of(post, kind).place.and_then(|place| place.street)
}

#[test]
fn one_address_of_a_post_counts() {
    use IdKind::{Personnummer, Samordningsnummer};
    let all = |post: Post| Post {
        special: now(swedish("Särskild 1")),
        registered: now(swedish("Folkbokförd 2")),
        contact: now(swedish("Kontakt 3")),
        abroad: now(foreign("Utland 4")),
        ..post
    };
    let rows: Vec<(&str, Post, IdKind, Option<&str>)> = vec![
        ("SarskildPostadress", all(post()), Personnummer, Some("Särskild 1")),
        (
            "else Folkbokforingsadress",
            Post { special: vec![], ..all(post()) },
            Personnummer,
            Some("Folkbokförd 2"),
        ),
        ("Kontaktadress for samordningsnummer", all(post()), Samordningsnummer, Some("Kontakt 3")),
        ("and for nobody else", Post { contact: now(swedish("Kontakt 3")), ..post() }, Personnummer, None),
        (
            "a samordningsnummer without one",
            Post { contact: vec![], ..all(post()) },
            Samordningsnummer,
            Some("Särskild 1"),
        ),
        (
            "Utlandsadress for a deregistered person without a Swedish one",
            Post { abroad: now(foreign("Utland 4")), ..deregistered() },
            Personnummer,
            Some("Utland 4, 00100 HELSINKI"),
        ),
        ("not with a Swedish one", all(deregistered()), Personnummer, Some("Särskild 1")),
        (
            "not for a registered person",
            Post { abroad: now(foreign("Utland 4")), ..post() },
            Personnummer,
            None,
        ),
        ("none", post(), Personnummer, None),
    ];
    for (what, post, kind, expected) in rows {
        assert_eq!(street(&post, kind).as_deref(), expected, "{what}");
    }
}

/// A post with these special and registered addresses.
fn intervals(special: Vec<Dated<PostAddress>>, registered: Vec<Dated<PostAddress>>) -> Post {
    Post { registered, special, ..post() }
}

#[test]
fn a_current_address_of_any_kind_beats_one_that_is_over() {
    let nothing = PostAddress::default;
    let old = |till: &str, street: &str| over(till, swedish(street));
    let registered = || now(swedish("Folkbokförd 2"));
    let rows = [
        (
            "over against current",
            intervals(vec![old("2021-01-01", "Särskild 1")], registered()),
            Some("Folkbokförd 2"),
        ),
        (
            "current by no interval",
            intervals(vec![], vec![old("2021-01-01", "Förr 3"), between("", "", swedish("Nu 4"))]),
            Some("Nu 4"),
        ),
        (
            "none is current: the latest",
            intervals(vec![], vec![old("2021-01-01", "Senast 5"), old("2015-01-01", "Förr 3")]),
            Some("Senast 5"),
        ),
        (
            "none is current: of the kinds in their order",
            intervals(vec![old("2015-01-01", "Särskild 1")], vec![old("2021-01-01", "Folkbokförd 2")]),
            Some("Särskild 1"),
        ),
        (
            "an empty current one falls to the next kind",
            intervals(now(nothing()), registered()),
            Some("Folkbokförd 2"),
        ),
        (
            "and ends what its kind had before",
            intervals(vec![old("2021-01-01", "Särskild 1"), between("2021-01-01", "", nothing())], vec![]),
            None,
        ),
    ];
    for (what, post, expected) in rows {
        assert_eq!(street(&post, IdKind::Personnummer).as_deref(), expected, "{what}");
        // Its intervals in another order.
        let turn = |group: &[Dated<PostAddress>]| group.iter().rev().cloned().collect();
        let turned = intervals(turn(&post.special), turn(&post.registered));
        assert_eq!(street(&turned, IdKind::Personnummer).as_deref(), expected, "{what}, turned round");
    }
}

#[test]
fn lines_are_joined_and_an_address_abroad_has_neither_code_nor_city() {
    let lines = vec!["Lgh 1101".to_owned(), "Provgatan 1".to_owned()];
    let own = PostAddress { care_of: text("Ek"), lines, ..swedish("") };
    let expected = Place { care_of: text("Ek"), street: text("Lgh 1101, Provgatan 1"), ..home("") };
    assert_eq!(of(&Post { registered: now(own), ..post() }).place, Some(expected));
    let abroad = PostAddress { postal_code: text("00100"), city: text("HELSINKI"), ..foreign("Gatan 1") };
    let expected =
        Place { street: text("Gatan 1, 00100 HELSINKI"), country: text("FINLAND"), ..Place::default() };
    assert_eq!(of(&Post { abroad: now(abroad), ..deregistered() }).place, Some(expected));
}

#[test]
fn an_address_without_line_code_and_city_is_none() {
    let with_care_of = PostAddress { care_of: text("Ek"), ..PostAddress::default() };
    assert_eq!(of(&Post { registered: now(with_care_of), ..post() }).place, None);
    let with_country = PostAddress { foreign: true, country: text("FINLAND"), ..PostAddress::default() };
    assert_eq!(of(&Post { abroad: now(with_country), ..deregistered() }).place, None);
    let with_city = PostAddress { city: text("LULEÅ"), ..PostAddress::default() };
    assert!(of(&Post { registered: now(with_city), ..post() }).place.is_some());
}

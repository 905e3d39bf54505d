//! A row per sentence of rules.md about what a post says: spar-import 2, 8, 9, 10, 11 and 12.

use super::*;
use crate::domain::samples::{day, text};

mod addresses;

const SALT: (u64, u64) = (3, 5);

/// A post of somebody at home, with plain noes.
pub(super) fn post() -> Post {
    let details = Dated { from: None, till: None, value: Details::default() };
    let home = Dated { from: None, till: None, value: Some(Residence::AtAddress) };
    Post {
        sekretess: Flag::No,
        skyddad: Flag::No,
        details: vec![details],
        residences: vec![home],
        ..Post::default()
    }
}

fn with(details: Details) -> Post {
    Post { details: vec![Dated { from: None, till: None, value: details }], ..post() }
}

fn of(post: &Post) -> Statement {
    Statement::of(post, IdKind::Personnummer)
}

fn between<T>(from: &str, till: &str, value: T) -> Dated<T> {
    let date = |text: &str| (!text.is_empty()).then(|| day(text));
    Dated { from: date(from), till: date(till), value }
}

#[test]
fn a_mark_that_is_not_a_plain_no_protects() {
    use Flag::{Absent, No, Yes};
    use KindName::{Sekretessmarkering as Se, SkyddadFolkbokforing as Sk};
    let rows: &[(Flag, Flag, bool, bool, &[KindName])] = &[
        (No, No, false, false, &[]),
        (Yes, No, false, false, &[Se]),
        (No, Yes, false, false, &[Sk]),
        (Yes, Yes, false, false, &[Se, Sk]),
        // Sekretessmarkering absent counts as protected.
        (Absent, No, false, false, &[Se]),
        // SkyddadFolkbokforing absent does so only if another post of the file carries it.
        (No, Absent, false, false, &[]),
        // The same marks inside the current Persondetaljer.
        (No, No, true, false, &[Se]),
        (No, No, false, true, &[Sk]),
    ];
    for (sekretess, skyddad, inner_sekretess, inner_skyddad, kinds) in rows {
        let details = Details { sekretess: *inner_sekretess, skyddad: *inner_skyddad, ..Details::default() };
        let statement = of(&Post { sekretess: *sekretess, skyddad: *skyddad, ..with(details) });
        let found: Vec<KindName> = statement.marks.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(&found, kinds, "{sekretess:?} {skyddad:?} {inner_sekretess} {inner_skyddad}");
        assert_eq!(statement.is_protected(Carried::No), !kinds.is_empty());
        assert_eq!(statement.is_protected(Carried::Yes), !kinds.is_empty() || *skyddad == Absent);
    }
}

#[test]
fn a_mark_in_an_interval_that_is_over_does_not_count() {
    let details = Details { sekretess: true, ..Details::default() };
    let post = Post {
        details: vec![
            between("2020-01-01", "2021-01-01", details),
            between("2021-01-01", "", Details::default()),
        ],
        ..post()
    };
    assert!(!of(&post).is_protected(Carried::No));
}

#[test]
fn death_and_deregistration_follow_from_code_and_dates() {
    let dead = |code: &str, date: Option<&str>| Life::Deceased {
        code: code.to_owned(),
        date: date.map(str::to_owned),
    };
    let gone = |code: &str| Life::Deregistered { code: code.to_owned(), date: text("2020-05-05") };
    // Code, Avlidendatum, AntraffadDodDatum; Avregistreringsdatum is always there.
    let rows: &[(&str, &str, &str, Life)] = &[
        ("", "", "", Life::Alive),
        // Avlidendatum, else AntraffadDodDatum, else Avregistreringsdatum.
        ("AV", "2019-01-00", "2019-02-02", dead("AV", Some("2019-01-00"))),
        ("AV", "", "2019-02-02", dead("AV", Some("2019-02-02"))),
        ("AV", "", "", dead("AV", Some("2020-05-05"))),
        // The old form's A stays A; only a death date: AV.
        ("A", "", "", dead("A", Some("2020-05-05"))),
        ("", "2019-01-00", "", dead("AV", Some("2019-01-00"))),
        ("", "", "2019-02-02", dead("AV", Some("2019-02-02"))),
        // Any death date, whatever the code; it is kept as delivered.
        ("UV", "2019-01-00", "", dead("UV", Some("2019-01-00"))),
        // Deregistered otherwise: each known code, and unknown ones.
        ("UV", "", "", gone("UV")),
        ("OB", "", "", gone("OB")),
        ("TA", "", "", gone("TA")),
        ("FI", "", "", gone("FI")),
        ("AS", "", "", gone("AS")),
        ("O", "", "", gone("O")),
        ("XY", "", "", gone("XY")),
        ("av", "", "", gone("av")),
        // GN and GS win over a date of death.
        ("GN", "", "", Life::NumberReplaced),
        ("GS", "", "", Life::NumberReplaced),
        ("G", "", "", Life::NumberReplaced),
        ("GN", "2019-01-00", "", Life::NumberReplaced),
    ];
    let some = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    for (code, died, found, expected) in rows {
        let details = Details {
            cause: some(code),
            died_on: some(died),
            found_dead_on: some(found),
            deregistered_on: text("2020-05-05"),
            ..Details::default()
        };
        assert_eq!(&of(&with(details)).life, expected, "{code} {died} {found}");
    }
    // No date at all.
    let details = Details { cause: text("AV"), ..Details::default() };
    assert_eq!(of(&with(details)).life, dead("AV", None));
}

#[test]
fn only_the_current_interval_of_persondetaljer_counts() {
    let dead = || Details { cause: text("AV"), ..Details::default() };
    let rows = [
        (
            "over",
            vec![between("", "2020-01-01", dead()), between("2020-01-01", "9999-12-31", Details::default())],
            false,
        ),
        ("current by 9999-12-31", vec![between("2020-01-01", "9999-12-31", dead())], true),
        ("current by no interval", vec![between("", "", dead())], true),
        ("none is current", vec![between("2010-01-01", "2020-01-01", dead())], false),
        (
            "the later of two current ones",
            vec![between("2021-01-01", "", dead()), between("2020-01-01", "", Details::default())],
            true,
        ),
    ];
    for (what, details, expected) in rows {
        let statement = of(&Post { details, ..post() });
        assert_eq!(statement.life != Life::Alive, expected, "{what}");
    }
}

#[test]
fn a_missing_persons_links_are_known_as_such() {
    assert!(of(&with(Details { cause: text("OB"), ..Details::default() })).is_missing);
    assert!(!of(&with(Details { cause: text("UV"), ..Details::default() })).is_missing);
}

#[test]
fn a_current_name_gives_its_parts_and_an_empty_one_is_none() {
    let name = |first: &str, middle: &str, last: &str| {
        let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        PostName { first: part(first), called: None, middle: part(middle), last: part(last) }
    };
    let parts = |statement: Statement| statement.name.map(|parts| (parts.0, parts.2, parts.3));
    let rows = [
        (
            "a current one, absent parts null",
            vec![between("", "", name("Åsa", "", ""))],
            Some((text("Åsa"), None, None)),
        ),
        (
            "one with only a middle name",
            vec![between("", "", name("", "Berg", ""))],
            Some((None, text("Berg"), None)),
        ),
        ("one that is over", vec![between("2010-01-01", "2020-01-01", name("Åsa", "", "Ek"))], None),
        ("only an Aviseringsnamn", vec![between("", "", name("", "", ""))], None),
        ("none", vec![], None),
    ];
    for (what, names, expected) in rows {
        assert_eq!(parts(of(&Post { names, ..post() })), expected, "{what}");
    }
}

#[test]
fn tilltalsnamn_points_at_parts_of_the_first_names() {
    let rows = [
        ("Anna Karin Maria", "10", Some("Anna")),
        ("Anna Karin Maria", "20", Some("Karin")),
        ("Anna Karin Maria", "12", Some("Anna Karin")),
        // Not neighbours: what stands between them is not part of it.
        ("Anna Karin Maria", "13", Some("Anna Maria")),
        // Parts of a hyphenated name count by themselves.
        ("Anna-Karin Maria", "10", Some("Anna")),
        ("Anna-Karin Maria", "12", Some("Anna-Karin")),
        ("Anna-Karin Maria", "30", Some("Maria")),
        ("Åsa Örjan", "22", Some("Örjan")),
        // Out of range, none, nonsense.
        ("Anna", "20", None),
        ("Anna", "12", None),
        ("Anna", "00", None),
        ("Anna", "1", None),
        ("Anna", "100", None),
        ("Anna", "", None),
        ("", "10", None),
    ];
    for (first, mark, expected) in rows {
        assert_eq!(called_name(first, mark).as_deref(), expected, "{first} {mark}");
    }
}

#[test]
fn whereabouts_follow_from_address_residence_and_kind() {
    use IdKind::{Personnummer, Samordningsnummer};
    use Residence::{AtAddress, AtMunicipality, Unknown};
    let rows = [
        // An address in the post, whatever the residence says.
        (Personnummer, true, Some(Unknown), Whereabouts::Known),
        (Personnummer, true, None, Whereabouts::Known),
        // Utan känt hemvist, or no Hemvist and no address.
        (Personnummer, false, Some(Unknown), Whereabouts::Unknown),
        (Personnummer, false, None, Whereabouts::Unknown),
        // På kommunen skriven and samordningsnummer are no ground for a block.
        (Personnummer, false, Some(AtMunicipality), Whereabouts::NoAddress),
        (Samordningsnummer, false, Some(Unknown), Whereabouts::NoAddress),
        (Samordningsnummer, false, None, Whereabouts::NoAddress),
        // Skriven på adressen, which the post leaves out.
        (Personnummer, false, Some(AtAddress), Whereabouts::Known),
    ];
    for (kind, has_address, residence, expected) in rows {
        let address = PostAddress { city: text("LULEÅ"), ..PostAddress::default() };
        let registered = has_address.then(|| between("", "", address)).into_iter().collect();
        let statement =
            Statement::of(&Post { residences: vec![between("", "", residence)], registered, ..post() }, kind);
        assert_eq!(statement.whereabouts, expected, "{kind:?} {has_address} {residence:?}");
    }
    assert_eq!(of(&Post { residences: vec![], ..post() }).whereabouts, Whereabouts::Unknown);
    let over = vec![between("2010-01-01", "2020-01-01", Some(AtAddress))];
    assert_eq!(of(&Post { residences: over, ..post() }).whereabouts, Whereabouts::Unknown);
}

#[test]
fn digests_differ_where_anything_that_counts_does_and_not_by_case_or_blanks() {
    let named = |first: &str| Statement { name: Some((text(first), None, None, None)), ..of(&post()) };
    let base = named("Åsa").said(SALT);
    assert_eq!(named(" åSA").said(SALT), base);
    assert_ne!(named("Asa").said(SALT).name, base.name);
    assert_ne!(named("Åsa").said((3, 6)).name, base.name, "the salt keys them");
    // The same text in another part is another name.
    let last = Statement { name: Some((None, None, None, text("Åsa"))), ..of(&post()) };
    assert_ne!(last.said(SALT).name, base.name);
    let lives = ["AV", "UV", "OB"]
        .map(|code| of(&with(Details { cause: text(code), ..Details::default() })).said(SALT));
    assert!(lives.iter().all(|said| said.status != base.status) && lives[1].status != lives[2].status);
    let rest = [
        Statement { birth_date: Some(day("1980-01-01")), ..named("Åsa") },
        Statement { whereabouts: Whereabouts::NoAddress, ..named("Åsa") },
        Statement { is_immunity: true, ..named("Åsa") },
    ];
    for statement in rest {
        assert_ne!(statement.said(SALT).rest, base.rest);
    }
}

#[test]
fn nothing_said_keeps_what_was_said_before() {
    let last = Said { name: 1, address: 2, status: 3, rest: 4 };
    assert_eq!(
        heard(Some(last), Said { name: 0, address: 9, status: 3, rest: 0 }),
        Said { address: 9, ..last }
    );
    assert_eq!(heard(None, last), last);
    // A post of a replaced number says nothing of the person.
    let replaced =
        of(&with(Details { cause: text("GN"), died_on: text("2020-01-01"), ..Details::default() }));
    assert_eq!(replaced.said(SALT), Said::default());
}

#[test]
fn digests_are_the_same_in_every_build() {
    // Stored for years: a change here makes everything that SPAR ever said news.
    let statement = Statement {
        name: Some((text("Åsa"), None, None, text("Ek"))),
        birth_date: Some(day("1980-01-01")),
        ..of(&post())
    };
    let said = statement.said(SALT);
    let expected = "4ae3158c988a4b8200000000000000000939c8d96651fa21cadb15a7c0fa6389";
    assert_eq!(crate::domain::change::hex(&said.to_bytes()), expected);
}

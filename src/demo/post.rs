//! One post of the stand-in answer, in the form of 2021.1: elements in the order of SPAR's schema.

use std::fmt::Display;

use chrono::NaiveDate;

use super::life::{End, Life};
use super::numbers::Number;
use super::people::{Home, InventedName, Town};

/// The prefixes that posts use, and the components of the schema that they stand for.
pub(super) const PREFIXES: [(&str, &str); 12] = [
    ("a", "person/aviseringpost-1.2"),
    ("p", "person/person-1.2"),
    ("s", "person/skyddadepersonuppgifter-1.1"),
    ("n", "person/namn/namn-1.0"),
    ("d", "person/namn/deladenamnelement-1.0"),
    ("t", "person/persondetaljer-1.2"),
    ("v", "person/avregistrering-1.0"),
    ("h", "person/hanvisning-1.0"),
    ("f", "person/folkbokforing-1.0"),
    ("g", "person/adress/folkbokforingsadress-1.1"),
    ("u", "person/adress/utlandsadress-1.1"),
    ("e", "person/adress/deladeadresselement-1.1"),
];

/// Elements one after the other. Invented texts hold nothing that XML would have to escape.
pub(super) struct Xml(pub(super) String);

impl Xml {
    fn leaf(&mut self, name: &str, value: impl Display) {
        use std::fmt::Write as _;
        // Writing to a string can't fail.
        let _ = write!(self.0, "<{name}>{value}</{name}>");
    }

    fn nest(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.0.extend(["<", name, ">"]);
        content(self);
        self.0.extend(["</", name, ">"]);
    }
}

/// Which way a number points to another one.
enum Link {
    To(Number),
    From(Number),
}

/// All posts about somebody: two if the number has just changed.
pub(super) fn posts_of(town: Town, life: &Life, out: &mut Vec<String>) {
    if let (true, Some(former)) = (life.is_renumbered_now, life.former) {
        out.push(post(former, life.changed_on, |xml| {
            replaced(xml, former, life.changed_on, Some(Link::To(life.number)));
        }));
    }
    out.push(match life.protected_on {
        Some(since) => protected(life.number, since),
        None => post(life.number, life.changed_on, |xml| content(xml, town, life)),
    });
}

/// A post about somebody whom the registry does not know.
pub(super) fn stranger(town: Town, number: Number, changed_on: NaiveDate) -> String {
    let index = number.birth_date().signed_duration_since(NaiveDate::default()).num_days().unsigned_abs();
    post(number, changed_on, |xml| {
        name(xml, &town.name(index, u32::MAX));
        details(xml, number, None, &[]);
        home(xml, &town.home(index, u32::MAX));
    })
}

fn post(number: Number, changed_on: NaiveDate, content: impl FnOnce(&mut Xml)) -> String {
    let mut xml = Xml(String::with_capacity(1_024));
    xml.nest("a:AviseringPost", |xml| {
        person_id(xml, number);
        xml.leaf("s:Sekretessmarkering", "NEJ");
        xml.leaf("s:SkyddadFolkbokforing", "NEJ");
        xml.leaf("p:SenasteAndringSPAR", changed_on);
        content(xml);
    });
    xml.0.push('\n');
    xml.0
}

/// Of a protected person SPAR delivers the number and the mark.
fn protected(number: Number, since: NaiveDate) -> String {
    let mut xml = Xml(String::new());
    xml.nest("a:AviseringPost", |xml| {
        person_id(xml, number);
        xml.leaf("s:Sekretessmarkering", "JA");
        xml.leaf("s:SekretessDatum", since);
        xml.leaf("s:SkyddadFolkbokforing", "NEJ");
        xml.leaf("p:SenasteAndringSPAR", since);
    });
    xml.0.push('\n');
    xml.0
}

fn content(xml: &mut Xml, town: Town, life: &Life) {
    let links: Vec<Link> = life.former.map(Link::From).into_iter().collect();
    let their_name = town.name(life.index, life.names);
    match life.end {
        None => {
            name(xml, &their_name);
            details(xml, life.number, None, &links);
            home(xml, &town.home(life.index, life.moves));
        }
        Some(End::Died(on)) => {
            name(xml, &their_name);
            details(xml, life.number, Some(("AV", "v:Avlidendatum", on)), &links);
        }
        Some(End::Left(on)) => {
            name(xml, &their_name);
            details(xml, life.number, Some(("UV", "v:Avregistreringsdatum", on)), &links);
            abroad(xml, &town.home(life.index, life.moves));
        }
        Some(End::Astray(on)) => replaced(xml, life.number, on, None),
    }
}

fn replaced(xml: &mut Xml, number: Number, on: NaiveDate, link: Option<Link>) {
    let links: Vec<Link> = link.into_iter().collect();
    details(xml, number, Some(("GN", "v:Avregistreringsdatum", on)), &links);
}

fn person_id(xml: &mut Xml, number: Number) {
    xml.nest("p:PersonId", |xml| {
        xml.leaf("p:IdNummer", number.text());
        xml.leaf("p:Typ", "PERSONNUMMER");
    });
}

fn name(xml: &mut Xml, name: &InventedName) {
    xml.nest("n:Namn", |xml| {
        xml.leaf("d:Fornamn", &name.first);
        if let Some(middle) = &name.middle {
            xml.leaf("d:Mellannamn", middle);
        }
        xml.leaf("d:Efternamn", &name.last);
    });
}

fn details(xml: &mut Xml, number: Number, cause: Option<(&str, &str, NaiveDate)>, links: &[Link]) {
    xml.nest("t:Persondetaljer", |xml| {
        if let Some((code, date, on)) = cause {
            xml.leaf("v:AvregistreringsorsakKod", code);
            xml.leaf(date, on);
        }
        xml.leaf("t:Fodelsedatum", number.birth_date());
        xml.leaf("t:Kon", if number.is_mans() { "MAN" } else { "KVINNA" });
        for link in links {
            let (other, way) = match link {
                Link::To(other) => (other, "Till"),
                Link::From(other) => (other, "Fran"),
            };
            xml.nest("h:Hanvisning", |xml| {
                xml.leaf("p:IdNummer", other.text());
                xml.leaf("h:Typ", way);
            });
        }
    });
}

fn home(xml: &mut Xml, home: &Home) {
    xml.nest("f:Folkbokforing", |xml| xml.leaf("f:Hemvist", "Skriven på adressen"));
    xml.nest("g:Folkbokforingsadress", |xml| {
        xml.nest("e:SvenskAdress", |xml| {
            if let Some(care_of) = &home.care_of {
                xml.leaf("e:CareOf", care_of);
            }
            xml.leaf("e:Utdelningsadress2", &home.street);
            xml.leaf("e:PostNr", &home.postal_code);
            // As SPAR writes it; equal but for case, so the stored spelling stays.
            xml.leaf("e:Postort", home.city.to_uppercase());
        });
    });
}

fn abroad(xml: &mut Xml, home: &Home) {
    xml.nest("u:Utlandsadress", |xml| {
        xml.nest("e:InternationellAdress", |xml| {
            xml.leaf("e:Utdelningsadress1", &home.street);
            xml.leaf("e:Land", "LANDET LÅNGTBORTISTAN");
        });
    });
}

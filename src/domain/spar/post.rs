//! A post (AviseringPost) as delivered, whatever the version of the form: typed, nothing decided yet.

use std::fmt;

use chrono::NaiveDate;

use crate::domain::id_number::IdNumber;

/// The value of a protection mark as delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// The element is not there.
    Absent,
    /// `NEJ`, `N`.
    No,
    /// `JA`, `J` and everything else: an unknown value counts as protected.
    Yes,
}

/// What `PersonId/Typ` said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdType {
    /// Nothing, or a word that we don't know.
    Unsaid,
    /// `PERSONNUMMER`.
    Personnummer,
    /// `SAMORDNINGSNUMMER`.
    Samordningsnummer,
    /// `IMMUNITETSNUMMER`.
    Immunitetsnummer,
}

/// Something with the interval for which it holds (DatumFrom, DatumTill or DatumTom).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dated<T> {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day; `9999-12-31` or none: current.
    pub till: Option<NaiveDate>,
    /// What holds then.
    pub value: T,
}

/// Namn, or the name elements of the old form's Persondetaljer.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PostName {
    /// Fornamn.
    pub first: Option<String>,
    /// Tilltalsnamn: two digits, each a place in Fornamn.
    pub called: Option<String>,
    /// Mellannamn.
    pub middle: Option<String>,
    /// Efternamn.
    pub last: Option<String>,
}

/// Which way a link between two numbers points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkType {
    /// `Till`, `HanvisningsPersonNrByttTill`: the linked number is the new one.
    To,
    /// `Fran`, `HanvisningsPersonNrByttFran`: the linked number is the old one.
    From,
    /// No Typ, or an unknown one: no link.
    Untyped,
}

/// Hanvisning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The other number; none if it can't be read.
    pub number: Option<IdNumber>,
    /// Old or new.
    pub way: LinkType,
}

/// Persondetaljer.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Sekretessmarkering inside Persondetaljer is set (anything but NEJ/N).
    pub sekretess: bool,
    /// SkyddadFolkbokforing inside Persondetaljer is set (anything but NEJ/N).
    pub skyddad: bool,
    /// AvregistreringsorsakKod as delivered.
    pub cause: Option<String>,
    /// Avregistreringsdatum as delivered.
    pub deregistered_on: Option<String>,
    /// Avlidendatum as delivered.
    pub died_on: Option<String>,
    /// AntraffadDodDatum as delivered.
    pub found_dead_on: Option<String>,
    /// SnAvlidendatum as delivered.
    pub coordination_died_on: Option<String>,
    /// Fodelsedatum (old form: Fodelsetid).
    pub birth_date: Option<NaiveDate>,
    /// Hanvisning and the old form's two elements.
    pub links: Vec<Link>,
}

/// Hemvist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Residence {
    /// `Skriven på adressen`.
    AtAddress,
    /// `På kommunen skriven`.
    AtMunicipality,
    /// `Utan känt hemvist`.
    Unknown,
}

/// An address of any of the four groups.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PostAddress {
    /// Whether it came as InternationellAdress (or with a country in the old form).
    pub foreign: bool,
    /// CareOf.
    pub care_of: Option<String>,
    /// The non-empty Utdelningsadress lines in order; old form abroad: PostKodUtland and PostortUtland behind them.
    pub lines: Vec<String>,
    /// PostNr.
    pub postal_code: Option<String>,
    /// Postort.
    pub city: Option<String>,
    /// Land.
    pub country: Option<String>,
}

/// One post. Texts are trimmed; empty elements are absent.
#[derive(Clone, PartialEq, Eq)]
pub struct Post {
    /// The number; none if it can't be read.
    pub number: Option<IdNumber>,
    /// What stood there when no number could be read: told from other such posts by a digest, never shown.
    pub unread: Option<String>,
    /// Its Typ.
    pub id_type: IdType,
    /// Sekretessmarkering of the post itself.
    pub sekretess: Flag,
    /// SekretessDatum.
    pub sekretess_on: Option<NaiveDate>,
    /// SkyddadFolkbokforing of the post itself.
    pub skyddad: Flag,
    /// SkyddadFolkbokforingDatum.
    pub skyddad_on: Option<NaiveDate>,
    /// SenasteAndringSPAR (old form: SenasteAndringFolkbokforing).
    pub changed_on: Option<NaiveDate>,
    /// All intervals of the name.
    pub names: Vec<Dated<PostName>>,
    /// All intervals of Persondetaljer.
    pub details: Vec<Dated<Details>>,
    /// Hemvist by interval of Folkbokforing; none where it says nothing.
    pub residences: Vec<Dated<Option<Residence>>>,
    /// Folkbokforingsadress.
    pub registered: Vec<Dated<PostAddress>>,
    /// SarskildPostadress.
    pub special: Vec<Dated<PostAddress>>,
    /// Utlandsadress.
    pub abroad: Vec<Dated<PostAddress>>,
    /// Kontaktadress.
    pub contact: Vec<Dated<PostAddress>>,
}

impl Default for Post {
    fn default() -> Self {
        Self {
            number: None,
            unread: None,
            id_type: IdType::Unsaid,
            sekretess: Flag::Absent,
            sekretess_on: None,
            skyddad: Flag::Absent,
            skyddad_on: None,
            changed_on: None,
            names: Vec::new(),
            details: Vec::new(),
            residences: Vec::new(),
            registered: Vec::new(),
            special: Vec::new(),
            abroad: Vec::new(),
            contact: Vec::new(),
        }
    }
}

macro_rules! hidden_debug {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(hidden)"))
            }
        }
    )*};
}
hidden_debug!(PostName, Details, PostAddress, Post);

/// The file around the posts (IdentifieringsinformationFil).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Mediemottagare/KundNr.
    pub customer: Option<String>,
    /// Filinformation/UppdragId (old form: UppdragsId).
    pub order: Option<String>,
    /// ResultatfilSkapad, as delivered: `YYYY-MM-DDThh:mm:ss.nnn`.
    pub created: Option<String>,
    /// Sekvensnummer, 1–99999.
    pub sequence: Option<u32>,
}

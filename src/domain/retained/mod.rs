//! What people are kept for: cases, documents, subscriptions, obligations, drafts, events and guardians, as the systems
//! that have them say. Which parts each kind has stands here once. (product.md, CSV files; rules.md, purge)

mod merge;
mod written;

pub use merge::{Disorder, Given, Said, Whose, merge, says_nothing_new};
pub use written::Written;

use serde_json::{Map, Value};

use super::person::PersonId;

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Ärende, sag.
    Case,
    /// Handling, dokument.
    Document,
    /// Prenumeration, abonnement.
    Subscription,
    /// Åtagande: a loan, a placement, a debt.
    Obligation,
    /// Utkast, kladde.
    Draft,
    /// Händelse, hændelse.
    Event,
    /// A guardian (vårdnadshavare) of somebody.
    Relation,
}

/// What a part of a record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text, a day among them; nothing said is null.
    Text,
    /// Yes or no; nothing said is no.
    Flag,
    /// Yes, no, or null where nothing was said.
    MaybeFlag,
}

/// A part of a record beside its reference and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name in files, journal and JSON.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
}

const fn text(name: &'static str) -> Part {
    Part { name, shape: Shape::Text }
}

const fn flag(name: &'static str) -> Part {
    Part { name, shape: Shape::Flag }
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Case,
        Self::Document,
        Self::Subscription,
        Self::Obligation,
        Self::Draft,
        Self::Event,
        Self::Relation,
    ];

    /// The word in the command line, in JSON and in the tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Document => "document",
            Self::Subscription => "subscription",
            Self::Obligation => "obligation",
            Self::Draft => "draft",
            Self::Event => "event",
            Self::Relation => "relation",
        }
    }

    /// The job that takes it in.
    pub const fn job(self) -> &'static str {
        match self {
            Self::Case => "case-import",
            Self::Document => "document-import",
            Self::Subscription => "subscription-import",
            Self::Obligation => "obligation-import",
            Self::Draft => "draft-import",
            Self::Event => "event-import",
            Self::Relation => "relation-import",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }

    /// Its parts, in the order in which a [`Record`] has them.
    pub const fn parts(self) -> &'static [Part] {
        const CASE: &[Part] = &[
            text("class"),
            text("opened"),
            text("closed"),
            text("last_activity"),
            flag("marked"),
            flag("removed"),
            text("hold"),
        ];
        const DOCUMENT: &[Part] = &[
            text("key1"),
            text("key2"),
            flag("disposable1"),
            Part { name: "disposable2", shape: Shape::MaybeFlag },
        ];
        const TOUCHED: &[Part] = &[text("touched")];
        const RELATION: &[Part] = &[text("kind")];
        const SPAN: &[Part] = &[text("kind"), text("from"), text("to")];
        match self {
            Self::Case => CASE,
            Self::Document => DOCUMENT,
            Self::Subscription | Self::Obligation => SPAN,
            Self::Draft | Self::Event => TOUCHED,
            Self::Relation => RELATION,
        }
    }

    /// Places of two days of which the second may not be before the first.
    pub const fn days_in_order(self) -> Option<(usize, usize)> {
        match self {
            Self::Case | Self::Subscription | Self::Obligation => Some((1, 2)),
            Self::Document | Self::Draft | Self::Event | Self::Relation => None,
        }
    }
}

/// The value of a part.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Datum {
    /// Nothing.
    Null,
    /// Yes or no.
    Flag(bool),
    /// A text or a day.
    Text(String),
}

impl std::fmt::Debug for Datum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Datum(hidden)")
    }
}

/// A record as it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// The id that it has in its own system; of a relation made of the two people.
    pub reference: String,
    /// Whose it is; of a document the person of its case.
    pub person: PersonId,
    /// Whom the person is guardian of.
    pub related: Option<PersonId>,
    /// The case that it belongs to, by the id that it has here.
    pub case: Option<i64>,
    /// Its parts, in the order of [`Kind::parts`].
    pub values: Vec<Datum>,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record(of {}, hidden)", self.person)
    }
}

impl Record {
    /// As the journal keeps it; what is null is not there.
    pub fn to_json(&self, kind: Kind) -> Value {
        // Nothing in a record is anything that JSON can't hold.
        serde_json::to_value(self.written(kind)).unwrap_or_default()
    }

    /// The same, to be written without a tree of values in between.
    pub const fn written(&self, kind: Kind) -> Written<'_> {
        Written { record: self, kind }
    }

    /// Reads what [`Self::to_json`] wrote; none if it is of another kind.
    pub fn from_json(kind: Kind, value: &Value) -> Option<Self> {
        let fields = value.as_object()?;
        let id = |name| fields.get(name).and_then(Value::as_i64);
        let values = kind.parts().iter().map(|part| datum(fields, part));
        Some(Self {
            reference: fields.get("reference")?.as_str()?.to_owned(),
            person: PersonId(id("person")?),
            related: id("related").map(PersonId),
            case: id("case"),
            values: values.collect::<Option<_>>()?,
        })
    }

    /// What it was before, in all that still is as it was left; and whether that was everything.
    pub fn put_back(&self, before: &Self, left: &Self) -> (Self, bool) {
        let mut whole = true;
        let mut one = |now: bool| -> bool {
            whole &= now;
            now
        };
        let mut after = self.clone();
        if before.person != left.person && one(self.person == left.person) {
            after.person = before.person;
        }
        if before.case != left.case && one(self.case == left.case) {
            after.case = before.case;
        }
        let values = after.values.iter_mut().zip(&before.values).zip(&left.values);
        for ((now, before), left) in values {
            if before != left && one(now == left) {
                now.clone_from(before);
            }
        }
        (after, whole)
    }
}

fn datum(fields: &Map<String, Value>, part: &Part) -> Option<Datum> {
    match (part.shape, fields.get(part.name)) {
        (Shape::Text | Shape::MaybeFlag, None) => Some(Datum::Null),
        (Shape::Text, Some(value)) => value.as_str().map(|text| Datum::Text(text.to_owned())),
        (Shape::Flag, None) => None,
        (Shape::Flag | Shape::MaybeFlag, Some(value)) => value.as_bool().map(Datum::Flag),
    }
}

#[cfg(test)]
mod tests;

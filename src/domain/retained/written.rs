//! A record written as JSON, its fields in the order of their names.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Datum, Kind, Record};

/// A record as the journal keeps it; what is null is not there.
pub struct Written<'r> {
    pub(super) record: &'r Record,
    pub(super) kind: Kind,
}

enum Field<'r> {
    Text(&'r str),
    Id(i64),
    Flag(bool),
}

impl Written<'_> {
    fn fields(&self) -> Vec<(&'static str, Field<'_>)> {
        let record = self.record;
        let parts = self.kind.parts();
        let mut fields = Vec::with_capacity(4 + parts.len());
        fields
            .extend([("reference", Field::Text(&record.reference)), ("person", Field::Id(record.person.0))]);
        fields.extend(record.related.map(|id| ("related", Field::Id(id.0))));
        fields.extend(record.case.map(|case| ("case", Field::Id(case))));
        let parts = parts.iter().zip(&record.values);
        fields.extend(parts.filter_map(|(part, value)| match value {
            Datum::Null => None,
            Datum::Flag(flag) => Some((part.name, Field::Flag(*flag))),
            Datum::Text(text) => Some((part.name, Field::Text(text))),
        }));
        fields.sort_unstable_by_key(|(name, _)| *name);
        fields
    }
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, field) in self.fields() {
            match field {
                Field::Text(text) => map.serialize_entry(name, text)?,
                Field::Id(id) => map.serialize_entry(name, &id)?,
                Field::Flag(flag) => map.serialize_entry(name, &flag)?,
            }
        }
        map.end()
    }
}

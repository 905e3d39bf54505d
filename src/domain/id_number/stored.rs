//! How a number stands in the private staging files: as `[kind, text]`.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{IdKind, IdNumber};

impl Serialize for IdNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.kind.name(), self.reveal()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for IdNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (kind, text) = <(Cow<'de, str>, Cow<'de, str>)>::deserialize(deserializer)?;
        IdKind::parse(&kind)
            .and_then(|kind| Self::from_stored(&text, kind))
            .ok_or_else(|| de::Error::custom("not a stored identity number"))
    }
}

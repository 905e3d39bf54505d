//! A value as the journal keeps it: the text, because trees of values are dear to make and nobody looks into them.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// A value as JSON text.
#[derive(Clone, PartialEq, Eq)]
pub struct Json(Cow<'static, str>);

impl Json {
    /// Nothing.
    pub const NULL: Self = Self(Cow::Borrowed("null"));

    /// The text of anything that JSON can hold.
    pub fn of(value: &impl Serialize) -> Self {
        serde_json::to_string(value).map_or(Self::NULL, |text| Self(Cow::Owned(text)))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json(hidden)")
    }
}

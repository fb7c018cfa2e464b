//! JSON text on its way into Lua and out of it, with no value of Rust's in between.

use std::error::Error as StdError;
use std::fmt;

use lunapool::{EmptyAs, Error, FromLua, Handle, IntoLua, Result, Scope, View, json};
use serde::de::IgnoredAny;

/// An argument on the command line: JSON, or else a string.
pub(crate) struct Argument<'a>(pub(crate) &'a [u8]);

impl IntoLua for Argument<'_> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        // Looked at first: JSON that Lua has no value for, such as a too large number, is an error and no string.
        match serde_json::from_slice::<IgnoredAny>(self.0) {
            Ok(_) => json::from_text(self.0, scope),
            Err(_) => Ok(scope.string(self.0)),
        }
    }
}

/// A record as it stands in the input.
pub(crate) struct Record(pub(crate) Vec<u8>);

impl IntoLua for Record {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        json::from_text(&self.0, scope).map_err(|error| {
            // A record is one line, so which line of it says nothing.
            Error::native(Unreadable(error.message().replace(" at line 1 column ", " at column ")))
        })
    }
}

/// Why a record did not get as far as the script.
#[derive(Debug)]
pub(crate) struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read the record: {}", self.0)
    }
}

impl StdError for Unreadable {}

/// A result as JSON.
pub(crate) struct Text(pub(crate) Vec<u8>);

impl FromLua for Text {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        // `json.encode` makes an unmarked empty table an array; as a result it is a table without fields.
        json::to_text(value, scope, None, EmptyAs::Object).map(Text)
    }
}

/// A result as JSON, unless it is a string.
pub(crate) struct RawText(pub(crate) Vec<u8>);

impl FromLua for RawText {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        match value.view(scope) {
            View::String(bytes) => Ok(RawText(bytes.to_vec())),
            _ => Text::from_lua(value, scope).map(|text| RawText(text.0)),
        }
    }
}

/// What becomes of a record: JSON, or nothing.
pub(crate) struct Mapped(pub(crate) Option<Vec<u8>>);

impl FromLua for Mapped {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        if value.is_nil() {
            return Ok(Mapped(None));
        }
        Text::from_lua(value, scope).map(|text| Mapped(Some(text.0)))
    }
}

//! [`Key`]: a table's key, and how it is deserialised.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, Error as _, Unexpected, Visitor};

use crate::error::{Error, ErrorKind, Result};
use crate::number::format_float;
use crate::scope::{Handle, Scope, View};

/// A key of a table.
#[derive(Clone, Copy)]
pub(super) enum Key<'de> {
    Text(&'de [u8]),
    Integer(i64),
    Number(f64),
    Bool(bool),
    /// Something else, by the name of its type.
    Other(&'static str),
}

impl<'de> Key<'de> {
    pub(super) fn of(key: Handle<'de>, scope: Scope<'de>) -> Self {
        match key.view(scope) {
            View::String(bytes) => Key::Text(bytes),
            View::Integer(value) => Key::Integer(value),
            View::Number(value) => Key::Number(value),
            View::Bool(value) => Key::Bool(value),
            _ => Key::Other(key.type_name()),
        }
    }

    /// The step to the value at this key, as Lua writes it: `[3]`, `.name`, `["a b"]`.
    pub(super) fn step(self) -> String {
        match self {
            Key::Text(bytes) if is_name(bytes) => format!(".{}", bytes.escape_ascii()),
            Key::Text(bytes) => format!("[\"{}\"]", bytes.escape_ascii()),
            Key::Integer(value) => format!("[{value}]"),
            Key::Number(value) => format!("[{}]", format_float(value)),
            Key::Bool(value) => format!("[{value}]"),
            Key::Other(name) => format!("[of type {name}]"),
        }
    }

    fn unexpected(self) -> Unexpected<'de> {
        match self {
            Key::Text(bytes) => std::str::from_utf8(bytes).map_or(Unexpected::Bytes(bytes), Unexpected::Str),
            Key::Integer(value) => Unexpected::Signed(value),
            Key::Number(value) => Unexpected::Float(value),
            Key::Bool(value) => Unexpected::Bool(value),
            Key::Other(name) => Unexpected::Other(name),
        }
    }
}

fn is_name(bytes: &[u8]) -> bool {
    let letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    bytes.first().is_some_and(|first| !first.is_ascii_digit()) && bytes.iter().all(letter)
}

/// The text of a string, or its bytes where it has none.
pub(super) fn visit_text<'de, V: Visitor<'de>>(bytes: &'de [u8], visitor: V) -> Result<V::Value> {
    match std::str::from_utf8(bytes) {
        Ok(text) => visitor.visit_borrowed_str(text),
        Err(_) => visitor.visit_borrowed_bytes(bytes),
    }
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        /// Owned tables and JSON have integer keys as text.
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            let Key::Text(bytes) = self else { return self.deserialize_any(visitor) };
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            if let Ok(value) = text.parse::<i64>() {
                return visitor.visit_i64(value);
            }
            match text.parse::<u64>() {
                Ok(value) => visitor.visit_u64(value),
                Err(_) => Err(Error::invalid_type(self.unexpected(), &visitor)),
            }
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Key::Text(bytes) => visit_text(bytes, visitor),
            Key::Integer(value) => visitor.visit_i64(value),
            Key::Number(value) => visitor.visit_f64(value),
            Key::Bool(value) => visitor.visit_bool(value),
            Key::Other(name) => {
                let message = format!("a key of type {name} has no owned form");
                Err(Error::new(ErrorKind::Conversion, message))
            }
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Key::Text(b"true") => visitor.visit_bool(true),
            Key::Text(b"false") => visitor.visit_bool(false),
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            // The name of a field or a variant is never its number.
            Key::Integer(value) => visitor.visit_string(value.to_string()),
            Key::Bool(value) => visitor.visit_str(if value { "true" } else { "false" }),
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self {
            Key::Text(bytes) => visitor.visit_borrowed_bytes(bytes),
            other => other.deserialize_str(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self {
            Key::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => visitor.visit_enum(BorrowedStrDeserializer::new(text)),
                Err(_) => Err(Error::invalid_type(self.unexpected(), &visitor)),
            },
            other => Err(Error::invalid_type(other.unexpected(), &visitor)),
        }
    }

    serde::forward_to_deserialize_any! {
        f32 f64 unit unit_struct seq tuple tuple_struct map struct ignored_any
    }
}

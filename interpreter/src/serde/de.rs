//! The deserializer: a [`Source`] into serde's data model.

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{self, DeserializeSeed, Error as _, Unexpected, Visitor};

use super::key::{Key, visit_text};
use super::out_of_range;
use super::source::{Seen, Source};
use crate::error::{Error, ErrorKind, Result};
use crate::number::float_to_integer;

/// Deserialises one value.
pub(super) struct Deserializer<S>(pub(super) S);

/// The elements that are left, and how many came before.
struct Elements<I> {
    left: I,
    before: usize,
}

/// The fields that are left, and the one whose key was read last.
struct Fields<'de, I, S> {
    left: I,
    value: Option<(Key<'de>, S)>,
}

impl<'de, S: Source<'de>> Deserializer<S> {
    fn list<V: Visitor<'de>>(self, table: S::Table, len: Option<usize>, visitor: V) -> Result<V::Value> {
        let mut elements = Elements { left: self.0.elements(table)?, before: 0 };
        let actual = elements.left.len();
        if let Some(len) = len.filter(|len| *len != actual) {
            return Err(wrong_len(len, actual));
        }
        let value = visitor.visit_seq(&mut elements)?;
        if elements.left.len() > 0 { Err(wrong_len(elements.before, actual)) } else { Ok(value) }
    }

    fn map<V: Visitor<'de>>(self, table: S::Table, visitor: V) -> Result<V::Value> {
        visitor.visit_map(Fields { left: self.0.fields(table)?, value: None })
    }

    fn integer<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            Seen::Integer(value) => visitor.visit_i64(value),
            Seen::Number(value) => match float_to_integer(value) {
                Some(value) => visitor.visit_i64(value),
                None => Err(Error::new(ErrorKind::Conversion, "number has no integer representation")),
            },
            other => Err(unexpected(&other, &visitor)),
        }
    }

    fn sequence<V: Visitor<'de>>(self, len: Option<usize>, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            Seen::Table(table) => self.list(table, len, visitor),
            other => Err(unexpected(&other, &visitor)),
        }
    }
}

fn wrong_len(expected: usize, actual: usize) -> Error {
    Error::new(ErrorKind::Conversion, format!("{expected} elements expected, got {actual}"))
}

fn unexpected<'de, T>(seen: &Seen<'de, T>, visitor: &impl Visitor<'de>) -> Error {
    let unexpected = match *seen {
        Seen::Nil => Unexpected::Unit,
        Seen::Bool(value) => Unexpected::Bool(value),
        Seen::Integer(value) => Unexpected::Signed(value),
        Seen::Number(value) => Unexpected::Float(value),
        Seen::String(bytes) => Unexpected::Bytes(bytes),
        Seen::Table(_) => Unexpected::Map,
        Seen::Other(name) => Unexpected::Other(name),
    };
    Error::invalid_type(unexpected, visitor)
}

macro_rules! typed {
    ($($method:ident |$this:ident, $visitor:ident $(, $argument:ident: $type:ty)*| $read:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* $visitor: V) -> Result<V::Value> {
            let $this = self;
            $read
        }
    )*};
}

impl<'de, S: Source<'de>> de::Deserializer<'de> for Deserializer<S> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            Seen::Nil => visitor.visit_unit(),
            Seen::Bool(value) => visitor.visit_bool(value),
            Seen::Integer(value) => visitor.visit_i64(value),
            Seen::Number(value) => visitor.visit_f64(value),
            Seen::String(bytes) => visit_text(bytes, visitor),
            Seen::Table(table) if self.0.is_list(table)? => self.list(table, None, visitor),
            Seen::Table(table) => self.map(table, visitor),
            Seen::Other(name) => {
                let message = format!("a value of type {name} has no owned form");
                Err(Error::new(ErrorKind::Conversion, message))
            }
        }
    }

    typed! {
        deserialize_i8 |this, visitor| this.integer(visitor);
        deserialize_i16 |this, visitor| this.integer(visitor);
        deserialize_i32 |this, visitor| this.integer(visitor);
        deserialize_i64 |this, visitor| this.integer(visitor);
        deserialize_i128 |this, visitor| this.integer(visitor);
        deserialize_u8 |this, visitor| this.integer(visitor);
        deserialize_u16 |this, visitor| this.integer(visitor);
        deserialize_u32 |this, visitor| this.integer(visitor);
        deserialize_u64 |this, visitor| this.integer(visitor);
        deserialize_u128 |this, visitor| this.integer(visitor);
        deserialize_string |this, visitor| this.deserialize_str(visitor);
        deserialize_char |this, visitor| this.deserialize_str(visitor);
        deserialize_identifier |this, visitor| this.deserialize_str(visitor);
        deserialize_byte_buf |this, visitor| this.deserialize_bytes(visitor);
        deserialize_unit_struct |this, visitor, _name: &'static str| this.deserialize_unit(visitor);
        deserialize_newtype_struct |this, visitor, _name: &'static str| visitor.visit_newtype_struct(this);
        deserialize_seq |this, visitor| this.sequence(None, visitor);
        deserialize_tuple |this, visitor, len: usize| this.sequence(Some(len), visitor);
        deserialize_tuple_struct |this, visitor, _name: &'static str, len: usize| this.sequence(Some(len), visitor);
        deserialize_ignored_any |_this, visitor| visitor.visit_unit();
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            Seen::Bool(value) => visitor.visit_bool(value),
            other => Err(unexpected(&other, &visitor)),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            // serde would make it infinite.
            Seen::Number(value) if value.is_finite() && (value as f32).is_infinite() => Err(out_of_range(value, "f32")),
            _ => self.deserialize_f64(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            Seen::Number(value) => visitor.visit_f64(value),
            Seen::Integer(value) => visitor.visit_i64(value),
            other => Err(unexpected(&other, &visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            Seen::String(bytes) => visit_text(bytes, visitor),
            other => Err(unexpected(&other, &visitor)),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            Seen::String(bytes) => visitor.visit_borrowed_bytes(bytes),
            // Types of bytes read lists of numbers as well.
            Seen::Table(table) => self.list(table, None, visitor),
            other => Err(unexpected(&other, &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            Seen::Nil => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            Seen::Nil => visitor.visit_unit(),
            other => Err(unexpected(&other, &visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0.look() {
            Seen::Table(table) => self.map(table, visitor),
            other => Err(unexpected(&other, &visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.0.look() {
            Seen::String(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => visitor.visit_enum(BorrowedStrDeserializer::new(text)),
                Err(_) => Err(unexpected(&Seen::<()>::String(bytes), &visitor)),
            },
            Seen::Table(table) => {
                let mut fields = self.0.fields(table)?;
                let (Some(variant), None) = (fields.next(), fields.next()) else {
                    return Err(Error::new(ErrorKind::Conversion, "a variant is a table with one field, its name"));
                };
                let variant = Fields { left: std::iter::once(variant), value: None };
                visitor.visit_enum(MapAccessDeserializer::new(variant))
            }
            other => Err(unexpected(&other, &visitor)),
        }
    }
}

impl<'de, S: Source<'de>, I: ExactSizeIterator<Item = S>> de::SeqAccess<'de> for Elements<I> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        let Some(element) = self.left.next() else { return Ok(None) };
        self.before += 1;
        let value = seed.deserialize(Deserializer(element));
        value.map(Some).map_err(|error| error.inside(format_args!("[{}]", self.before)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

impl<'de, S, I> de::MapAccess<'de> for Fields<'de, I, S>
where
    S: Source<'de>,
    I: Iterator<Item = Result<(Key<'de>, S)>>,
{
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some(field) = self.left.next() else { return Ok(None) };
        let (key, value) = field?;
        self.value = Some((key, value));
        seed.deserialize(key).map(Some).map_err(|error| error.inside(key.step()))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        match self.value.take() {
            Some((key, value)) => seed.deserialize(Deserializer(value)).map_err(|error| error.inside(key.step())),
            None => Err(Error::new(ErrorKind::Conversion, "a map was asked for a value before its key")),
        }
    }
}

//! serde for [`Value`], [`Table`] and [`LuaString`]: from JSON, into JSON, or any other format.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeSeq, Serializer};
use serde::{Deserialize, Serialize};

use super::{DEPTH, too_deep};
use crate::value::{LuaString, Table, Value};

/// Text as a string, other bytes as bytes.
impl Serialize for LuaString {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.to_str() {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => serializer.serialize_bytes(self.as_bytes()),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Nested { value: self, depth: 0 }.serialize(serializer)
    }
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_table(self, 1, serializer)
    }
}

/// A value inside so many others.
struct Nested<'a> {
    value: &'a Value,
    depth: usize,
}

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let depth = self.depth + 1;
        match self.value {
            Value::Nil => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Integer(value) => serializer.serialize_i64(*value),
            Value::Number(value) => serializer.serialize_f64(*value),
            Value::String(text) => text.serialize(serializer),
            Value::Array(_) if depth > DEPTH => Err(S::Error::custom(too_deep())),
            Value::Array(values) => {
                let mut list = serializer.serialize_seq(Some(values.len()))?;
                for value in values {
                    list.serialize_element(&Nested { value, depth })?;
                }
                list.end()
            }
            Value::Table(table) => serialize_table(table, depth, serializer),
        }
    }
}

fn serialize_table<S: Serializer>(table: &Table, depth: usize, serializer: S) -> Result<S::Ok, S::Error> {
    if depth > DEPTH {
        return Err(S::Error::custom(too_deep()));
    }
    let mut map = serializer.serialize_map(Some(table.len()))?;
    for (key, value) in table.iter() {
        map.serialize_entry(key, &Nested { value, depth })?;
    }
    map.end()
}

impl<'de> Deserialize<'de> for LuaString {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Text formats know strings as strings only; binary ones have both, and may not say which it is.
        if deserializer.is_human_readable() {
            deserializer.deserialize_string(Text)
        } else {
            deserializer.deserialize_byte_buf(Text)
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Inside(0).deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Fields)
    }
}

/// Reads a string; as a key, numbers and booleans too.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = LuaString;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<LuaString, D::Error> {
        deserializer.deserialize_any(Key)
    }
}

macro_rules! text {
    () => {
        fn visit_str<E>(self, text: &str) -> Result<LuaString, E> {
            Ok(text.into())
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<LuaString, E> {
            Ok(bytes.into())
        }
    };
}

impl<'de> Visitor<'de> for Text {
    type Value = LuaString;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("string")
    }

    text!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<LuaString, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = list.next_element::<u8>()? {
            bytes.push(byte);
        }
        Ok(bytes.into())
    }
}

/// Reads a key. A table has string keys only, so numbers become their text.
struct Key;

impl Visitor<'_> for Key {
    type Value = LuaString;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("string, integer or boolean as a key")
    }

    text!();

    fn visit_bool<E>(self, value: bool) -> Result<LuaString, E> {
        Ok(value.to_string().into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<LuaString, E> {
        Ok(value.to_string().into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<LuaString, E> {
        Ok(value.to_string().into())
    }
}

/// Reads the fields of a table that is not inside another.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Table;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("table with string keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Table, A::Error> {
        read_fields(map, 1)
    }

    /// An empty list: where it came from, the two may not differ.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Table, A::Error> {
        match list.next_element::<IgnoredAny>()? {
            Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
            None => Ok(Table::new()),
        }
    }
}

/// Reads a value inside so many others.
struct Inside(usize);

impl<'de> DeserializeSeed<'de> for Inside {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn read_fields<'de, A: MapAccess<'de>>(mut map: A, depth: usize) -> Result<Table, A::Error> {
    if depth > DEPTH {
        return Err(A::Error::custom(too_deep()));
    }
    let mut fields = Vec::new();
    while let Some(key) = map.next_key_seed(Text)? {
        fields.push((key, map.next_value_seed(Inside(depth))?));
    }
    Ok(fields.into_iter().collect())
}

fn integer<E: serde::de::Error, T: Copy + fmt::Display + TryInto<i64>>(value: T) -> Result<Value, E> {
    match value.try_into() {
        Ok(value) => Ok(Value::Integer(value)),
        Err(_) => Err(E::custom(format_args!("{value} is out of range for a Lua integer"))),
    }
}

macro_rules! plain {
    ($($method:ident($type:ty) => |$value:ident| $make:expr;)*) => {$(
        fn $method<E: serde::de::Error>(self, $value: $type) -> Result<Value, E> {
            $make
        }
    )*};
}

impl<'de> Visitor<'de> for Inside {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that Lua has")
    }

    plain! {
        visit_bool(bool) => |value| Ok(Value::Bool(value));
        visit_i64(i64) => |value| Ok(Value::Integer(value));
        visit_u64(u64) => |value| integer(value);
        visit_i128(i128) => |value| integer(value);
        visit_u128(u128) => |value| integer(value);
        visit_f64(f64) => |value| Ok(Value::Number(value));
        visit_str(&str) => |text| Ok(Value::String(text.into()));
        visit_bytes(&[u8]) => |bytes| Ok(Value::String(bytes.into()));
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let depth = self.0 + 1;
        if depth > DEPTH {
            return Err(A::Error::custom(too_deep()));
        }
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Inside(depth))? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        read_fields(map, self.0 + 1).map(Value::Table)
    }
}

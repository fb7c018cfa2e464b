//! The serializer: serde's data model into a [`Sink`].

use serde::ser::{self, Serialize};

use super::out_of_range;
use super::sink::Sink;
use crate::error::{Error, ErrorKind, Result};

/// Serialises one value.
pub(super) struct Serializer<S>(pub(super) S);

/// A list that is being serialised; `variant` is the name it will be the content of.
pub(super) struct List<S: Sink> {
    sink: S,
    inner: S,
    variant: Option<&'static str>,
    list: S::List,
    len: usize,
}

/// A map that is being serialised; `variant` is the name it will be the content of.
pub(super) struct Map<S: Sink> {
    sink: S,
    inner: S,
    variant: Option<&'static str>,
    map: S::Map,
    key: Option<S::Key>,
}

impl<S: Sink> Serializer<S> {
    fn integer<T: Copy + std::fmt::Display + TryInto<i64>>(self, value: T) -> Result<S::Value> {
        match value.try_into() {
            Ok(value) => Ok(self.0.integer(value)),
            Err(_) => Err(out_of_range(value, "a Lua integer")),
        }
    }

    fn list(self, len: Option<usize>, variant: Option<&'static str>) -> Result<List<S>> {
        let outer = if variant.is_some() { self.0.deeper()? } else { self.0 };
        let inner = outer.deeper()?;
        Ok(List { sink: self.0, inner, variant, list: outer.list(len)?, len: 0 })
    }

    fn map(self, len: Option<usize>, variant: Option<&'static str>) -> Result<Map<S>> {
        let outer = if variant.is_some() { self.0.deeper()? } else { self.0 };
        let inner = outer.deeper()?;
        Ok(Map { sink: self.0, inner, variant, map: outer.map(len)?, key: None })
    }
}

/// The content of a variant, under its name.
fn name_variant<S: Sink>(sink: S, variant: Option<&'static str>, content: S::Value) -> Result<S::Value> {
    let Some(variant) = variant else { return Ok(content) };
    let mut map = sink.map(Some(1))?;
    sink.insert(&mut map, sink.name(variant), sink.null(content))?;
    Ok(sink.end_map(map))
}

macro_rules! plain {
    ($($method:ident($type:ty) => |$this:ident, $value:ident| $make:expr;)*) => {$(
        fn $method(self, $value: $type) -> Result<S::Value> {
            let $this = self;
            $make
        }
    )*};
}

impl<S: Sink> ser::Serializer for Serializer<S> {
    type Ok = S::Value;
    type Error = Error;
    type SerializeSeq = List<S>;
    type SerializeTuple = List<S>;
    type SerializeTupleStruct = List<S>;
    type SerializeTupleVariant = List<S>;
    type SerializeMap = Map<S>;
    type SerializeStruct = Map<S>;
    type SerializeStructVariant = Map<S>;

    plain! {
        serialize_bool(bool) => |this, value| Ok(this.0.bool(value));
        serialize_i8(i8) => |this, value| this.integer(value);
        serialize_i16(i16) => |this, value| this.integer(value);
        serialize_i32(i32) => |this, value| this.integer(value);
        serialize_i64(i64) => |this, value| this.integer(value);
        serialize_i128(i128) => |this, value| this.integer(value);
        serialize_u8(u8) => |this, value| this.integer(value);
        serialize_u16(u16) => |this, value| this.integer(value);
        serialize_u32(u32) => |this, value| this.integer(value);
        serialize_u64(u64) => |this, value| this.integer(value);
        serialize_u128(u128) => |this, value| this.integer(value);
        serialize_f32(f32) => |this, value| Ok(this.0.number(value.into()));
        serialize_f64(f64) => |this, value| Ok(this.0.number(value));
        serialize_char(char) => |this, value| Ok(this.0.string(value.encode_utf8(&mut [0; 4]).as_bytes()));
        serialize_str(&str) => |this, value| Ok(this.0.string(value.as_bytes()));
        serialize_bytes(&[u8]) => |this, value| Ok(this.0.string(value));
        serialize_unit_struct(&'static str) => |this, _name| Ok(this.0.nil());
    }

    fn serialize_unit(self) -> Result<S::Value> {
        Ok(self.0.nil())
    }

    fn serialize_none(self) -> Result<S::Value> {
        Ok(self.0.nil())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Value> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<S::Value> {
        Ok(self.0.string(variant.as_bytes()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<S::Value> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Value> {
        let sink = self.0;
        let content = value.serialize(Serializer(sink.deeper()?));
        name_variant(sink, Some(variant), content.map_err(|error| error.inside(sink.step(&sink.name(variant))))?)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<List<S>> {
        self.list(len, None)
    }

    fn serialize_tuple(self, len: usize) -> Result<List<S>> {
        self.list(Some(len), None)
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<List<S>> {
        self.list(Some(len), None)
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, variant: &'static str, len: usize) -> Result<List<S>> {
        self.list(Some(len), Some(variant))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Map<S>> {
        self.map(len, None)
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Map<S>> {
        self.map(Some(len), None)
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, variant: &'static str, len: usize) -> Result<Map<S>> {
        self.map(Some(len), Some(variant))
    }
}

impl<S: Sink> List<S> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.len += 1;
        let value = value.serialize(Serializer(self.inner)).map_err(|error| {
            let error = error.inside(format_args!("[{}]", self.len));
            inside_variant(self.sink, self.variant, error)
        })?;
        self.inner.push(&mut self.list, value)
    }

    fn finish(self) -> Result<S::Value> {
        name_variant(self.sink, self.variant, self.inner.end_list(self.list))
    }
}

impl<S: Sink> Map<S> {
    fn insert<T: Serialize + ?Sized>(&mut self, key: S::Key, value: &T) -> Result<()> {
        let value = value.serialize(Serializer(self.inner)).map_err(|error| {
            let error = error.inside(self.sink.step(&key));
            inside_variant(self.sink, self.variant, error)
        })?;
        self.inner.insert(&mut self.map, key, value)
    }

    fn finish(self) -> Result<S::Value> {
        name_variant(self.sink, self.variant, self.inner.end_map(self.map))
    }
}

fn inside_variant<S: Sink>(sink: S, variant: Option<&'static str>, error: Error) -> Error {
    match variant {
        Some(variant) => error.inside(sink.step(&sink.name(variant))),
        None => error,
    }
}

macro_rules! lists {
    ($($trait:ident $method:ident;)*) => {$(
        impl<S: Sink> ser::$trait for List<S> {
            type Ok = S::Value;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.push(value)
            }

            fn end(self) -> Result<S::Value> {
                self.finish()
            }
        }
    )*};
}

lists! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! structs {
    ($($trait:ident)*) => {$(
        impl<S: Sink> ser::$trait for Map<S> {
            type Ok = S::Value;
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
                self.insert(self.sink.name(name), value)
            }

            fn end(self) -> Result<S::Value> {
                self.finish()
            }
        }
    )*};
}

structs!(SerializeStruct SerializeStructVariant);

impl<S: Sink> ser::SerializeMap for Map<S> {
    type Ok = S::Value;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let key = key.serialize(Serializer(self.inner))?;
        self.key = Some(self.sink.key(key)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        match self.key.take() {
            Some(key) => self.insert(key, value),
            None => Err(Error::new(ErrorKind::Conversion, "a map serialised a value before its key")),
        }
    }

    fn end(self) -> Result<S::Value> {
        self.finish()
    }
}

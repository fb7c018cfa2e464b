//! Numbers and booleans. They cross exactly or not at all.

use super::{FromLua, IntoLua};
use crate::error::{Error, ErrorKind, Result};
use crate::number::float_to_integer;
use crate::scope::{Handle, Scope};

fn out_of_range(value: impl std::fmt::Display, name: &str) -> Error {
    Error::new(ErrorKind::Conversion, format!("{value} is out of range for {name}"))
}

/// The number that a string reads as. Unlike Rust, Lua has no words for infinity and NaN.
fn numeric<'gc>(value: Handle<'gc>, text: piccolo::String<'gc>) -> Option<piccolo::Value<'gc>> {
    let words = text.is_empty() || text.as_bytes().iter().any(|byte| matches!(byte, b'n' | b'N'));
    if words { None } else { value.0.to_numeric() }
}

/// The integer that `value` is, or stands for as Lua sees it.
pub(super) fn integer(value: Handle<'_>) -> Result<i64> {
    let not_integral = || Error::new(ErrorKind::Conversion, "number has no integer representation");
    match value.0 {
        piccolo::Value::Integer(value) => Ok(value),
        piccolo::Value::Number(value) => float_to_integer(value).ok_or_else(not_integral),
        piccolo::Value::String(text) => match numeric(value, text) {
            Some(piccolo::Value::Integer(value)) => Ok(value),
            Some(piccolo::Value::Number(value)) => float_to_integer(value).ok_or_else(not_integral),
            _ => Err(Error::mismatch("number", "string")),
        },
        _ => Err(Error::mismatch("number", value.type_name())),
    }
}

fn float(value: Handle<'_>) -> Result<f64> {
    match value.0 {
        piccolo::Value::Number(value) => Ok(value),
        piccolo::Value::Integer(value) => Ok(value as f64),
        piccolo::Value::String(text) => match numeric(value, text) {
            Some(number) => float(Handle(number)),
            None => Err(Error::mismatch("number", "string")),
        },
        _ => Err(Error::mismatch("number", value.type_name())),
    }
}

macro_rules! integers {
    ($($type:ident)*) => {$(
        impl IntoLua for $type {
            #[inline]
            fn into_lua<'gc>(self, _: Scope<'gc>) -> Result<Handle<'gc>> {
                #[allow(irrefutable_let_patterns)]
                if let Ok(value) = i64::try_from(self) {
                    return Ok(value.into());
                }
                Err(out_of_range(self, "a Lua integer"))
            }
        }

        impl FromLua for $type {
            #[inline]
            fn from_lua<'gc>(value: Handle<'gc>, _: Scope<'gc>) -> Result<Self> {
                let value = integer(value)?;
                $type::try_from(value).map_err(|_| out_of_range(value, stringify!($type)))
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl IntoLua for f64 {
    fn into_lua<'gc>(self, _: Scope<'gc>) -> Result<Handle<'gc>> {
        Ok(self.into())
    }
}

impl FromLua for f64 {
    fn from_lua<'gc>(value: Handle<'gc>, _: Scope<'gc>) -> Result<Self> {
        float(value)
    }
}

impl IntoLua for f32 {
    fn into_lua<'gc>(self, _: Scope<'gc>) -> Result<Handle<'gc>> {
        Ok(f64::from(self).into())
    }
}

/// The nearest `f32`; what is beyond its range is an error.
impl FromLua for f32 {
    fn from_lua<'gc>(value: Handle<'gc>, _: Scope<'gc>) -> Result<Self> {
        let value = float(value)?;
        let narrow = value as f32;
        if narrow.is_infinite() && value.is_finite() { Err(out_of_range(value, "f32")) } else { Ok(narrow) }
    }
}

impl IntoLua for bool {
    fn into_lua<'gc>(self, _: Scope<'gc>) -> Result<Handle<'gc>> {
        Ok(self.into())
    }
}

impl FromLua for bool {
    fn from_lua<'gc>(value: Handle<'gc>, _: Scope<'gc>) -> Result<Self> {
        match value.0 {
            piccolo::Value::Boolean(value) => Ok(value),
            _ => Err(Error::mismatch("boolean", value.type_name())),
        }
    }
}

macro_rules! by_reference {
    ($($type:ty)*) => {$(
        impl IntoLua for &$type {
            fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
                (*self).into_lua(scope)
            }
        }
    )*};
}

by_reference!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 bool);

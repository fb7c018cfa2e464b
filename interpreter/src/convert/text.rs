//! Strings and bytes.

use std::borrow::Cow;
use std::sync::Arc;

use super::{FromLua, IntoLua};
use crate::error::{Error, ErrorKind, Result};
use crate::number::format_float;
use crate::scope::{Handle, Scope};
use crate::value::LuaString;

macro_rules! into_string {
    ($($(#[$generics:meta])? $type:ty => |$value:ident| $bytes:expr;)*) => {$(
        impl IntoLua for $type {
            #[inline]
            fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
                let $value = self;
                Ok(scope.string($bytes))
            }

            #[inline]
            fn into_key<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
                let $value = self;
                Ok(scope.name($bytes))
            }
        }
    )*};
}

into_string! {
    &str => |value| value;
    &&str => |value| *value;
    String => |value| value;
    &String => |value| value;
    Box<str> => |value| value.as_bytes();
    Arc<str> => |value| value.as_bytes();
    Cow<'_, str> => |value| value.as_bytes();
    LuaString => |value| value;
    &LuaString => |value| value;
    char => |value| value.encode_utf8(&mut [0; 4]).as_bytes();
}

fn not_utf8() -> Error {
    Error::new(ErrorKind::Conversion, "string is not valid UTF-8")
}

impl FromLua for LuaString {
    #[inline]
    fn from_lua<'gc>(value: Handle<'gc>, _: Scope<'gc>) -> Result<Self> {
        match value.0 {
            piccolo::Value::String(text) => Ok(text.as_bytes().into()),
            piccolo::Value::Integer(value) => Ok(value.to_string().into()),
            piccolo::Value::Number(value) => Ok(format_float(value).into()),
            _ => Err(Error::mismatch("string", value.type_name())),
        }
    }
}

impl FromLua for String {
    #[inline]
    fn from_lua<'gc>(value: Handle<'gc>, _: Scope<'gc>) -> Result<Self> {
        match value.0 {
            piccolo::Value::String(text) => Ok(text.to_str().map_err(|_| not_utf8())?.to_owned()),
            piccolo::Value::Integer(value) => Ok(value.to_string()),
            piccolo::Value::Number(value) => Ok(format_float(value)),
            _ => Err(Error::mismatch("string", value.type_name())),
        }
    }
}

impl FromLua for Box<str> {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        String::from_lua(value, scope).map(Into::into)
    }
}

impl FromLua for Arc<str> {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        String::from_lua(value, scope).map(Into::into)
    }
}

impl FromLua for char {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        let text = String::from_lua(value, scope)?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Error::new(ErrorKind::Conversion, "string of one character expected")),
        }
    }
}

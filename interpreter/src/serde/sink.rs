//! [`Sink`]: where serialised values go, and the two of them: a machine's heap, and owned values.

use super::key::Key;
use super::{DEPTH, too_deep};
use crate::error::{Error, ErrorKind, Result};
use crate::scope::{EmptyAs, Handle, Scope, TableHandle, step};
use crate::value::{LuaString, Value};

/// Makes values of one kind.
pub(super) trait Sink: Copy {
    type Value;
    type Key;
    type List;
    type Map;

    /// The sink for what is inside a list or a map.
    fn deeper(self) -> Result<Self>;

    fn nil(self) -> Self::Value;
    /// Nothing where it has to be something: as the content of a variant.
    fn null(self, value: Self::Value) -> Self::Value;
    fn bool(self, value: bool) -> Self::Value;
    fn integer(self, value: i64) -> Self::Value;
    fn number(self, value: f64) -> Self::Value;
    fn string(self, bytes: &[u8]) -> Self::Value;

    fn list(self, len: Option<usize>) -> Result<Self::List>;
    fn push(self, list: &mut Self::List, value: Self::Value) -> Result<()>;
    fn end_list(self, list: Self::List) -> Self::Value;

    fn map(self, len: Option<usize>) -> Result<Self::Map>;
    /// A key that is the name of a field.
    fn name(self, name: &str) -> Self::Key;
    /// A key from its value.
    fn key(self, value: Self::Value) -> Result<Self::Key>;
    /// The step to the value at `key`, for messages.
    fn step(self, key: &Self::Key) -> String;
    fn insert(self, map: &mut Self::Map, key: Self::Key, value: Self::Value) -> Result<()>;
    fn end_map(self, map: Self::Map) -> Self::Value;
}

/// Room that is made before there are values: what a type says about its length is a hint, and may be wrong.
const ROOM: usize = 1 << 16;

fn room(len: Option<usize>) -> usize {
    len.unwrap_or(0).min(ROOM)
}

fn not_a_key(type_name: &str) -> Error {
    let message = format!("string, integer or boolean expected as a key, got {type_name}");
    Error::new(ErrorKind::Conversion, message)
}

/// A table that is being filled. What it has room for is paid already.
pub(super) struct Filling<'gc> {
    table: TableHandle<'gc>,
    paid: usize,
    len: usize,
}

impl<'gc> Filling<'gc> {
    fn one_more(&mut self, scope: Scope<'gc>) -> Result<()> {
        self.len += 1;
        if self.len > self.paid { scope.charge(1) } else { Ok(()) }
    }
}

impl<'gc> Sink for Scope<'gc> {
    type Value = Handle<'gc>;
    type Key = Handle<'gc>;
    type List = Filling<'gc>;
    type Map = Filling<'gc>;

    fn deeper(self) -> Result<Self> {
        Scope::deeper(self)
    }

    fn nil(self) -> Handle<'gc> {
        Scope::nil(self)
    }

    fn null(self, value: Handle<'gc>) -> Handle<'gc> {
        if value.is_nil() { Scope::null(self) } else { value }
    }

    fn bool(self, value: bool) -> Handle<'gc> {
        value.into()
    }

    fn integer(self, value: i64) -> Handle<'gc> {
        value.into()
    }

    fn number(self, value: f64) -> Handle<'gc> {
        value.into()
    }

    fn string(self, bytes: &[u8]) -> Handle<'gc> {
        Scope::string(self, bytes)
    }

    fn list(self, len: Option<usize>) -> Result<Filling<'gc>> {
        let paid = room(len);
        Ok(Filling { table: self.table(paid, 0)?, paid, len: 0 })
    }

    fn push(self, list: &mut Filling<'gc>, value: Handle<'gc>) -> Result<()> {
        list.one_more(self)?;
        list.table.set_element(self, list.len - 1, Sink::null(self, value));
        Ok(())
    }

    fn end_list(self, list: Filling<'gc>) -> Handle<'gc> {
        if list.len == 0 { self.empty(EmptyAs::Array).into() } else { list.table.into() }
    }

    fn map(self, len: Option<usize>) -> Result<Filling<'gc>> {
        let paid = room(len);
        Ok(Filling { table: self.table(0, paid)?, paid, len: 0 })
    }

    fn name(self, name: &str) -> Handle<'gc> {
        Scope::name(self, name)
    }

    fn key(self, value: Handle<'gc>) -> Result<Handle<'gc>> {
        match Key::of(value, self) {
            Key::Text(_) | Key::Integer(_) | Key::Bool(_) => Ok(value),
            _ => Err(not_a_key(value.type_name())),
        }
    }

    fn step(self, key: &Handle<'gc>) -> String {
        step(*key)
    }

    fn insert(self, map: &mut Filling<'gc>, key: Handle<'gc>, value: Handle<'gc>) -> Result<()> {
        map.one_more(self)?;
        map.table.set(self, key, value)
    }

    fn end_map(self, map: Filling<'gc>) -> Handle<'gc> {
        map.table.into()
    }
}

/// Makes owned values.
#[derive(Clone, Copy)]
pub(super) struct Owned {
    pub(super) depth: usize,
}

impl Sink for Owned {
    type Value = Value;
    type Key = LuaString;
    type List = Vec<Value>;
    type Map = Vec<(LuaString, Value)>;

    fn deeper(self) -> Result<Self> {
        if self.depth >= DEPTH {
            return Err(Error::new(ErrorKind::Conversion, too_deep()));
        }
        Ok(Owned { depth: self.depth + 1 })
    }

    fn nil(self) -> Value {
        Value::Nil
    }

    fn null(self, value: Value) -> Value {
        value
    }

    fn bool(self, value: bool) -> Value {
        Value::Bool(value)
    }

    fn integer(self, value: i64) -> Value {
        Value::Integer(value)
    }

    fn number(self, value: f64) -> Value {
        Value::Number(value)
    }

    fn string(self, bytes: &[u8]) -> Value {
        Value::String(bytes.into())
    }

    fn list(self, len: Option<usize>) -> Result<Vec<Value>> {
        Ok(Vec::with_capacity(room(len)))
    }

    fn push(self, list: &mut Vec<Value>, value: Value) -> Result<()> {
        list.push(value);
        Ok(())
    }

    fn end_list(self, list: Vec<Value>) -> Value {
        Value::Array(list)
    }

    fn map(self, len: Option<usize>) -> Result<Vec<(LuaString, Value)>> {
        Ok(Vec::with_capacity(room(len)))
    }

    fn name(self, name: &str) -> LuaString {
        name.into()
    }

    fn key(self, value: Value) -> Result<LuaString> {
        match value {
            Value::String(text) => Ok(text),
            Value::Integer(value) => Ok(value.to_string().into()),
            Value::Bool(value) => Ok(value.to_string().into()),
            other => Err(not_a_key(other.type_name())),
        }
    }

    fn step(self, key: &LuaString) -> String {
        Key::Text(key.as_bytes()).step()
    }

    fn insert(self, map: &mut Vec<(LuaString, Value)>, key: LuaString, value: Value) -> Result<()> {
        map.push((key, value));
        Ok(())
    }

    fn end_map(self, map: Vec<(LuaString, Value)>) -> Value {
        Value::Table(map.into_iter().collect())
    }
}

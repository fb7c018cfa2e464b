//! [`Source`]: where values are read from, and the two of them: a machine's heap, and owned values.

use super::key::Key;
use super::{DEPTH, too_deep};
use crate::error::{Error, ErrorKind, Result};
use crate::scope::{Handle, Scope, Shape, TableHandle, View};
use crate::value::Value;

/// What a value is.
pub(super) enum Seen<'de, T> {
    Nil,
    Bool(bool),
    Integer(i64),
    Number(f64),
    String(&'de [u8]),
    Table(T),
    /// What has no owned form, by the name of its type.
    Other(&'static str),
}

/// One value to read.
pub(super) trait Source<'de>: Copy {
    type Table: Copy;

    fn look(self) -> Seen<'de, Self::Table>;

    /// Whether `table`, which is this value, is a list rather than a map, where nobody asked for either.
    fn is_list(self, table: Self::Table) -> Result<bool>;

    /// The elements of `table`; an error if it is no sequence.
    fn elements(self, table: Self::Table) -> Result<impl ExactSizeIterator<Item = Self>>;

    /// The keys and values of `table`, whichever they are.
    fn fields(self, table: Self::Table) -> Result<impl Iterator<Item = Result<(Key<'de>, Self)>>>;
}

/// A value in a machine's heap.
#[derive(Clone, Copy)]
pub(super) struct InLua<'gc> {
    pub(super) value: Handle<'gc>,
    pub(super) scope: Scope<'gc>,
}

impl<'gc> Source<'gc> for InLua<'gc> {
    type Table = TableHandle<'gc>;

    fn look(self) -> Seen<'gc, TableHandle<'gc>> {
        match self.value.view(self.scope) {
            View::Nil | View::Null => Seen::Nil,
            View::Bool(value) => Seen::Bool(value),
            View::Integer(value) => Seen::Integer(value),
            View::Number(value) => Seen::Number(value),
            View::String(bytes) => Seen::String(bytes),
            View::Table(table) => Seen::Table(table),
            View::Object(name) | View::Other(name) => Seen::Other(name),
        }
    }

    fn is_list(self, table: TableHandle<'gc>) -> Result<bool> {
        Ok(matches!(table.shape(self.scope)?, Shape::Sequence(_)))
    }

    fn elements(self, table: TableHandle<'gc>) -> Result<impl ExactSizeIterator<Item = Self>> {
        let len = match table.shape(self.scope)? {
            Shape::Sequence(len) => len,
            Shape::Fields if table.is_empty() => 0,
            Shape::Fields => return Err(not_a_sequence()),
        };
        let scope = self.scope.deeper()?;
        scope.charge(len)?;
        Ok((0..len).map(move |index| InLua { value: table.element(index + 1), scope }))
    }

    fn fields(self, table: TableHandle<'gc>) -> Result<impl Iterator<Item = Result<(Key<'gc>, Self)>>> {
        let scope = self.scope.deeper()?;
        Ok(table.iter().map(move |(key, value)| {
            scope.charge(1)?;
            Ok((Key::of(key, scope), InLua { value, scope }))
        }))
    }
}

/// An owned value.
#[derive(Clone, Copy)]
pub(super) struct InValue<'de> {
    pub(super) value: &'de Value,
    pub(super) depth: usize,
}

impl InValue<'_> {
    fn deeper(self) -> Result<usize> {
        if self.depth >= DEPTH {
            return Err(Error::new(ErrorKind::Conversion, too_deep()));
        }
        Ok(self.depth + 1)
    }
}

impl<'de> Source<'de> for InValue<'de> {
    type Table = ();

    fn look(self) -> Seen<'de, ()> {
        match self.value {
            Value::Nil => Seen::Nil,
            Value::Bool(value) => Seen::Bool(*value),
            Value::Integer(value) => Seen::Integer(*value),
            Value::Number(value) => Seen::Number(*value),
            Value::String(text) => Seen::String(text.as_bytes()),
            Value::Array(_) | Value::Table(_) => Seen::Table(()),
        }
    }

    fn is_list(self, (): ()) -> Result<bool> {
        Ok(matches!(self.value, Value::Array(_)))
    }

    fn elements(self, (): ()) -> Result<impl ExactSizeIterator<Item = Self>> {
        let values: &[Value] = match self.value {
            Value::Array(values) => values,
            Value::Table(table) if table.is_empty() => &[],
            _ => return Err(not_a_sequence()),
        };
        let depth = self.deeper()?;
        Ok(values.iter().map(move |value| InValue { value, depth }))
    }

    fn fields(self, (): ()) -> Result<impl Iterator<Item = Result<(Key<'de>, Self)>>> {
        let depth = self.deeper()?;
        // A list has the keys that it has in Lua.
        let elements = self.value.as_array().unwrap_or_default().iter();
        let elements = (1..).zip(elements).map(|(index, value)| (Key::Integer(index), value));
        let fields = self.value.as_table().into_iter().flat_map(|table| table.iter());
        let fields = fields.map(|(key, value)| (Key::Text(key.as_bytes()), value));
        Ok(elements.chain(fields).map(move |(key, value)| Ok((key, InValue { value, depth }))))
    }
}

fn not_a_sequence() -> Error {
    Error::mismatch("sequence", "table with string keys")
}

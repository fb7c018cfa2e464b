//! [`TableHandle`]: a table where it lives, and how its keys are to be read.

use piccolo::table::NextValue;

use super::{Handle, Scope, show_key};
use crate::error::{Error, ErrorKind, Result};

/// A table where it lives.
#[derive(Clone, Copy)]
pub struct TableHandle<'gc>(pub(crate) piccolo::Table<'gc>);

/// What an empty table stands for where lists and maps differ, as in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyAs {
    /// Nothing was said.
    Unsaid,
    /// A list: `json.array()`.
    Array,
    /// A map: `json.object()`.
    Object,
}

impl<'gc> TableHandle<'gc> {
    /// The value at `key`, without metamethods.
    #[must_use]
    pub fn get(self, key: Handle<'gc>) -> Handle<'gc> {
        Handle(self.0.get_raw(key.0))
    }

    /// Puts `value` at `key`, without metamethods.
    ///
    /// # Errors
    /// When `key` is `nil` or not a number.
    pub fn set(self, scope: Scope<'gc>, key: Handle<'gc>, value: Handle<'gc>) -> Result<()> {
        match self.0.set_raw(&scope.ctx, key.0, value.0) {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::new(ErrorKind::Conversion, error.to_string())),
        }
    }

    /// Puts `value` at the field `name`.
    pub fn set_field(self, scope: Scope<'gc>, name: &str, value: Handle<'gc>) {
        // A string is always a valid key.
        let _ = self.0.set_raw(&scope.ctx, scope.name(name).0, value.0);
    }

    /// Puts `value` at the element after the first `index` ones: 0 is Lua's 1.
    pub fn set_element(self, scope: Scope<'gc>, index: usize, value: Handle<'gc>) {
        let key = i64::try_from(index + 1).unwrap_or(i64::MAX);
        // An integer is always a valid key.
        let _ = self.0.set_raw(&scope.ctx, key.into(), value.0);
    }

    /// A border of the table: the number of elements, if it is a sequence. Without metamethods.
    #[must_use]
    pub fn len(self) -> usize {
        usize::try_from(self.0.length()).unwrap_or(0)
    }

    /// Whether the table has no elements and no fields.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// The element at `index`, counted from 1.
    #[must_use]
    pub fn element(self, index: usize) -> Handle<'gc> {
        Handle(self.0.get_raw(piccolo::Value::Integer(i64::try_from(index).unwrap_or(i64::MAX))))
    }

    /// Keys and values, elements first.
    pub fn iter(self) -> impl Iterator<Item = (Handle<'gc>, Handle<'gc>)> {
        self.0.iter().map(|(key, value)| (Handle(key), Handle(value)))
    }

    /// What the table says that it stands for when it is empty.
    #[must_use]
    pub fn empty_as(self, scope: Scope<'gc>) -> EmptyAs {
        match self.0.metatable() {
            Some(meta) if meta == scope.state.array_meta => EmptyAs::Array,
            Some(meta) if meta == scope.state.object_meta => EmptyAs::Object,
            _ => EmptyAs::Unsaid,
        }
    }

    /// Makes the table say what it stands for when it is empty, unless it has a metatable of its own.
    pub fn set_empty_as(self, scope: Scope<'gc>, meaning: EmptyAs) {
        if self.0.metatable().is_some() && self.empty_as(scope) == EmptyAs::Unsaid {
            return;
        }
        self.0.set_metatable(&scope.ctx, scope.empty_meta(meaning));
    }

    /// How the keys of this table are to be read.
    ///
    /// # Errors
    /// When the table begins like a sequence and is none; the error names the key that is in the way.
    pub fn shape(self, scope: Scope<'gc>) -> Result<Shape> {
        match self.iter().next() {
            None => Ok(match self.empty_as(scope) {
                EmptyAs::Array => Shape::Sequence(0),
                _ => Shape::Fields,
            }),
            Some((Handle(piccolo::Value::String(_)), _)) => Ok(Shape::Fields),
            Some(_) => {
                let length = self.list_len()?;
                match (1..=length).find(|&index| self.element(index).is_nil()) {
                    Some(index) => Err(hole(index)),
                    None => Ok(Shape::Sequence(length)),
                }
            }
        }
    }

    /// The length of a list, in which there may be holes.
    ///
    /// # Errors
    /// When there are other keys than 1 to that length; the error names one.
    pub(crate) fn list_len(self) -> Result<usize> {
        let (length, border) = (self.len(), self.0.length());
        if length > 0 && length <= self.0.into_inner().borrow().raw_table.array().len() {
            // The array part comes first and in order, so what follows the border is what does not belong.
            return match self.0.next(piccolo::Value::Integer(border)) {
                NextValue::Found { key: piccolo::Value::Integer(1..), .. } => Err(hole(length + 1)),
                NextValue::Found { key, .. } => Err(out_of_place(Handle(key))),
                _ => Ok(length),
            };
        }
        for (key, _) in self.iter() {
            if !matches!(key.0, piccolo::Value::Integer(index) if (1..=border).contains(&index)) {
                return Err(out_of_place(key));
            }
        }
        Ok(length)
    }
}

/// How the keys of a table are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 1, 2, 3 … up to this number. Whoever reads them checks each for nil: Lua's border may lie behind a hole.
    Sequence(usize),
    /// Strings, or none at all. Whoever reads them checks each with [`Handle::field_name`].
    Fields,
}

pub(super) fn out_of_place(key: Handle<'_>) -> Error {
    let message = format!("table is neither a sequence nor has string keys only: key {}", show_key(key));
    Error::new(ErrorKind::Conversion, message)
}

/// The error for a list that has nothing at `index`, and goes on behind it.
fn hole(index: usize) -> Error {
    Error::new(ErrorKind::Conversion, format!("table has a hole at index {index}"))
}

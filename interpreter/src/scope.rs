//! [`Scope`] and [`Handle`]: what conversions and natives see of a machine.
//!
//! Both are ours, so that no type of the VM underneath is part of the public API.

use std::sync::Arc;

use ottavino_gc_arena::Gc;
use piccolo::table::RawTable;

use crate::error::{Error, ErrorKind, Result};
use crate::machine::State;
use crate::native::Native;

/// Access to one machine's heap, for as long as one conversion or one native call lasts.
#[derive(Clone, Copy)]
pub struct Scope<'gc> {
    pub(crate) ctx: piccolo::Context<'gc>,
    pub(crate) state: Gc<'gc, State<'gc>>,
    depth: usize,
}

/// A Lua value where it lives: in the heap of the machine that a [`Scope`] gives access to.
#[derive(Clone, Copy)]
pub struct Handle<'gc>(pub(crate) piccolo::Value<'gc>);

/// What a [`Handle`] refers to.
#[non_exhaustive]
#[derive(Clone, Copy)]
pub enum View<'gc> {
    /// `nil`.
    Nil,
    /// `json.null`: what stands for nothing inside an array.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A float.
    Number(f64),
    /// The bytes of a string.
    String(&'gc [u8]),
    /// A table.
    Table(TableHandle<'gc>),
    /// A host object, by the name of its type.
    Object(&'static str),
    /// Anything else, by the name of its Lua type.
    Other(&'static str),
}

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

impl<'gc> Scope<'gc> {
    pub(crate) fn new(ctx: piccolo::Context<'gc>, state: Gc<'gc, State<'gc>>) -> Self {
        Scope { ctx, state, depth: 0 }
    }

    /// The scope for the elements of a container: one level deeper. Every conversion of a container takes this step
    /// first, so that no value can nest without end.
    ///
    /// # Errors
    /// When the value nests deeper than [`Limits::depth`](crate::Limits::depth), or contains itself.
    pub fn deeper(self) -> Result<Self> {
        let limit = self.state.limits.depth;
        if self.depth >= limit {
            let message = format!("value nests deeper than {limit} levels, or contains itself");
            return Err(Error::new(ErrorKind::Conversion, message));
        }
        Ok(Scope { depth: self.depth + 1, ..self })
    }

    /// Accounts for `count` values that are about to be converted.
    ///
    /// # Errors
    /// When one call converts more than [`Limits::values`](crate::Limits::values).
    pub fn charge(self, count: usize) -> Result<()> {
        let left = self.state.values_left.get();
        if count > left {
            let message = format!("more than {} values to convert", self.state.limits.values);
            return Err(Error::new(ErrorKind::Limit, message));
        }
        self.state.values_left.set(left - count);
        Ok(())
    }

    /// `nil`.
    #[must_use]
    pub fn nil(self) -> Handle<'gc> {
        Handle(piccolo::Value::Nil)
    }

    /// What stands for nothing inside an array: `json.null`.
    #[must_use]
    pub fn null(self) -> Handle<'gc> {
        Handle(self.state.null.into())
    }

    /// A string.
    #[must_use]
    pub fn string(self, bytes: impl AsRef<[u8]>) -> Handle<'gc> {
        Handle(piccolo::String::from_slice(&self.ctx, bytes).into())
    }

    /// A string that is likely to be there already, such as the name of a field.
    #[must_use]
    pub fn name(self, bytes: impl AsRef<[u8]>) -> Handle<'gc> {
        Handle(self.ctx.intern(bytes.as_ref()).into())
    }

    /// A Lua function that calls `native`.
    #[must_use]
    pub fn function(self, native: Arc<Native>) -> Handle<'gc> {
        Handle(crate::machine::new_callback(self.ctx, self.state, native).into())
    }

    /// A new table with room for so many elements and fields.
    ///
    /// # Errors
    /// When the room asked for is beyond [`Limits::values`](crate::Limits::values).
    pub fn table(self, elements: usize, fields: usize) -> Result<TableHandle<'gc>> {
        self.charge(elements.saturating_add(fields))?;
        let raw = RawTable::with_capacity(&self.ctx, elements, fields);
        Ok(TableHandle(piccolo::Table::from_parts(&self.ctx, raw, None)))
    }

    /// A new empty table that says what it stands for.
    #[must_use]
    pub fn empty(self, meaning: EmptyAs) -> TableHandle<'gc> {
        let table = piccolo::Table::new(&self.ctx);
        let meta = match meaning {
            EmptyAs::Unsaid => None,
            EmptyAs::Array => Some(self.state.array_meta),
            EmptyAs::Object => Some(self.state.object_meta),
        };
        table.set_metatable(&self.ctx, meta);
        TableHandle(table)
    }
}

impl<'gc> Handle<'gc> {
    /// What this is.
    #[must_use]
    pub fn view(self, scope: Scope<'gc>) -> View<'gc> {
        use piccolo::Value as V;
        match self.0 {
            V::Nil => View::Nil,
            V::Boolean(value) => View::Bool(value),
            V::Integer(value) => View::Integer(value),
            V::Number(value) => View::Number(value),
            V::String(value) => View::String(value.as_bytes()),
            V::Table(table) => View::Table(TableHandle(table)),
            V::UserData(data) if data == scope.state.null => View::Null,
            V::UserData(data) => match crate::object::type_name(data) {
                Some(name) => View::Object(name),
                None => View::Other("userdata"),
            },
            V::Function(_) => View::Other("function"),
            V::Thread(_) => View::Other("thread"),
        }
    }

    /// Whether this is `nil`.
    #[must_use]
    pub fn is_nil(self) -> bool {
        self.0.is_nil()
    }

    /// The bytes of a key that has to be a string.
    ///
    /// # Errors
    /// When it is something else; the error names the key.
    pub fn field_name(self) -> Result<&'gc [u8]> {
        match self.0 {
            piccolo::Value::String(text) => Ok(text.as_bytes()),
            _ => Err(out_of_place(self)),
        }
    }

    /// The name of its type, as error messages give it: a Lua type's, or a host object's own.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        match self.0 {
            piccolo::Value::UserData(data) => crate::object::type_name(data).unwrap_or("userdata"),
            other => other.type_name(),
        }
    }
}

impl From<bool> for Handle<'_> {
    fn from(value: bool) -> Self {
        Handle(piccolo::Value::Boolean(value))
    }
}

impl From<i64> for Handle<'_> {
    fn from(value: i64) -> Self {
        Handle(piccolo::Value::Integer(value))
    }
}

impl From<f64> for Handle<'_> {
    fn from(value: f64) -> Self {
        Handle(piccolo::Value::Number(value))
    }
}

impl<'gc> From<TableHandle<'gc>> for Handle<'gc> {
    fn from(table: TableHandle<'gc>) -> Self {
        Handle(table.0.into())
    }
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
        let meta = match meaning {
            EmptyAs::Unsaid => None,
            EmptyAs::Array => Some(scope.state.array_meta),
            EmptyAs::Object => Some(scope.state.object_meta),
        };
        self.0.set_metatable(&scope.ctx, meta);
    }

    /// How the keys of this table are to be read.
    ///
    /// # Errors
    /// When the table begins like a sequence and is none; the error names the key that is in the way.
    pub fn shape(self, scope: Scope<'gc>) -> Result<Shape> {
        use piccolo::table::NextValue;
        let Some((first, _)) = self.iter().next() else {
            return Ok(match self.empty_as(scope) {
                EmptyAs::Array => Shape::Sequence(0),
                _ => Shape::Fields,
            });
        };
        if matches!(first.0, piccolo::Value::String(_)) {
            return Ok(Shape::Fields);
        }
        let length = self.len();
        let in_array = length <= self.0.into_inner().borrow().raw_table.array().len();
        if in_array && length > 0 {
            // The array part comes first and in order, so what follows the border is what does not belong.
            return match self.0.next(piccolo::Value::Integer(self.0.length())) {
                NextValue::Found { key: piccolo::Value::Integer(1..), .. } => Err(hole(length + 1)),
                NextValue::Found { key, .. } => Err(out_of_place(Handle(key))),
                _ => Ok(Shape::Sequence(length)),
            };
        }
        let (mut count, limit) = (0, self.0.length());
        for (key, _) in self.iter() {
            match key.0 {
                piccolo::Value::Integer(index) if (1..=limit).contains(&index) => count += 1,
                _ => return Err(out_of_place(key)),
            }
        }
        if count == length { Ok(Shape::Sequence(length)) } else { Err(out_of_place(first)) }
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

fn out_of_place(key: Handle<'_>) -> Error {
    let message = format!("table is neither a sequence nor has string keys only: key {}", show_key(key));
    Error::new(ErrorKind::Conversion, message)
}

/// The error for a list that has nothing at `index`, and goes on behind it.
pub(crate) fn hole(index: usize) -> Error {
    Error::new(ErrorKind::Conversion, format!("table has a hole at index {index}"))
}

/// A key as Lua source would write it, for messages.
pub(crate) fn show_key(key: Handle<'_>) -> String {
    match key.0 {
        piccolo::Value::String(text) => format!("\"{}\"", text.as_bytes().escape_ascii()),
        piccolo::Value::Integer(value) => value.to_string(),
        piccolo::Value::Number(value) => crate::number::format_float(value),
        piccolo::Value::Boolean(value) => value.to_string(),
        _ => format!("of type {}", key.type_name()),
    }
}

/// The step from a table to the value at `key`, as Lua writes it: `[3]`, `.name`, `["a b"]`.
pub(crate) fn step(key: Handle<'_>) -> String {
    match key.0 {
        piccolo::Value::String(text) => match text.to_str() {
            Ok(name) if is_name(name) => format!(".{name}"),
            _ => format!("[{}]", show_key(key)),
        },
        _ => format!("[{}]", show_key(key)),
    }
}

/// Equality without metamethods: of values where they are values, of identity elsewhere.
pub(crate) fn raw_equal<'gc>(a: Handle<'gc>, b: Handle<'gc>) -> bool {
    use piccolo::Value as V;
    match (a.0, b.0) {
        (V::Nil, V::Nil) => true,
        (V::Boolean(a), V::Boolean(b)) => a == b,
        (V::Integer(a), V::Integer(b)) => a == b,
        (V::Number(a), V::Number(b)) => a == b,
        (V::Integer(a), V::Number(b)) | (V::Number(b), V::Integer(a)) => crate::number::float_to_integer(b) == Some(a),
        (V::String(a), V::String(b)) => a == b,
        (V::Table(a), V::Table(b)) => a == b,
        (V::UserData(a), V::UserData(b)) => a == b,
        (V::Thread(a), V::Thread(b)) => a == b,
        (V::Function(a), V::Function(b)) => a == b,
        _ => false,
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

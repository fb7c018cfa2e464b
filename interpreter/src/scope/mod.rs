//! [`Scope`] and [`Handle`]: what conversions and natives see of a machine.
//!
//! Both are ours, so that no type of the VM underneath is part of the public API.

mod table;

use std::sync::Arc;

use ottavino_gc_arena::Gc;
use piccolo::table::RawTable;

use crate::error::{Error, ErrorKind, Result};
use crate::machine::State;
use crate::native::Native;

use self::table::out_of_place;
pub use self::table::{EmptyAs, Shape, TableHandle};

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
        table.set_metatable(&self.ctx, self.empty_meta(meaning));
        TableHandle(table)
    }

    /// The mark of an empty table that stands for `meaning`.
    fn empty_meta(self, meaning: EmptyAs) -> Option<piccolo::Table<'gc>> {
        match meaning {
            EmptyAs::Unsaid => None,
            EmptyAs::Array => Some(self.state.array_meta),
            EmptyAs::Object => Some(self.state.object_meta),
        }
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

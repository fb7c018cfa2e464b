//! Lua values to JSON text.
//!
//! serde_json writes the text; this walks the tables. Serde's errors are text of the format's own making, so what
//! went wrong, and where, is kept beside them.

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::io;

use lunapool_interpreter::{EmptyAs, Error, ErrorKind, Handle, Result, Scope, Shape, TableHandle, View};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::ser::PrettyFormatter;

use super::MAX_INDENT;

/// The longest text that is written: what is alive in an interpreter by default. A value that is in a table twice is
/// written twice, so the size of the tables is no bound.
const MAX_TEXT: usize = 256 << 20;

/// Room for the usual record, so that it takes no second allocation.
const USUAL_TEXT: usize = 256;

/// The same, for the fields of it and of what it nests.
const USUAL_FIELDS: usize = 16;

/// The JSON text of a value; `unsaid` is what an empty table becomes that does not say what it stands for.
///
/// # Errors
/// When the value, or one inside it, has no JSON form; the error says where it is.
pub fn encode<'gc>(value: Handle<'gc>, scope: Scope<'gc>, indent: Option<usize>, unsaid: EmptyAs) -> Result<Vec<u8>> {
    let walk = Walk { unsaid, fields: RefCell::new(Vec::with_capacity(USUAL_FIELDS)), failure: Cell::new(None) };
    let node = Node { walk: &walk, value, scope };
    let mut text = Bounded { bytes: Vec::with_capacity(USUAL_TEXT), most: MAX_TEXT };
    let written = match indent {
        None => node.serialize(&mut serde_json::Serializer::new(&mut text)),
        Some(width) => {
            let spaces = [b' '; MAX_INDENT];
            let formatter = PrettyFormatter::with_indent(&spaces[..width.min(MAX_INDENT)]);
            node.serialize(&mut serde_json::Serializer::with_formatter(&mut text, formatter))
        }
    };
    match (written, walk.failure.take()) {
        (Ok(()), _) => Ok(text.bytes),
        (Err(_), Some(failure)) => Err(failure.error),
        // Only the text itself fails otherwise.
        (Err(_), None) => Err(Error::new(ErrorKind::Limit, format!("text is longer than {MAX_TEXT} bytes"))),
    }
}

/// Text that does not grow without end.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl io::Write for Bounded {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() > self.most - self.bytes.len() {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What one call shares between all its nodes.
struct Walk<'gc> {
    /// What an empty table becomes that does not say what it stands for.
    unsaid: EmptyAs,
    /// The fields of the tables around the one at hand, and then its own: one list for all, used as a stack.
    fields: RefCell<Vec<(&'gc [u8], Handle<'gc>)>>,
    failure: Cell<Option<Failure>>,
}

struct Failure {
    error: Error,
    /// Whether the way to the value helps. In a cycle it has as many steps as there are levels.
    placed: bool,
}

/// One value to be written.
#[derive(Clone, Copy)]
struct Node<'a, 'gc> {
    walk: &'a Walk<'gc>,
    value: Handle<'gc>,
    scope: Scope<'gc>,
}

impl Serialize for Node<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value.view(self.scope) {
            View::Nil | View::Null => serializer.serialize_unit(),
            View::Bool(value) => serializer.serialize_bool(value),
            View::Integer(value) => serializer.serialize_i64(value),
            View::Number(value) if value.is_finite() => serializer.serialize_f64(value),
            View::Number(value) => {
                let name = if value.is_nan() {
                    "nan"
                } else if value > 0.0 {
                    "inf"
                } else {
                    "-inf"
                };
                self.fail(Error::new(ErrorKind::Runtime, format!("cannot encode {name}")))
            }
            View::String(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => serializer.serialize_str(text),
                Err(_) => self.fail(Error::new(ErrorKind::Runtime, "string is not valid UTF-8")),
            },
            View::Table(table) => self.table(table, serializer),
            View::Object(name) | View::Other(name) => self.cannot(name),
            _ => self.cannot(self.value.type_name()),
        }
    }
}

impl<'gc> Node<'_, 'gc> {
    fn table<S: Serializer>(&self, table: TableHandle<'gc>, serializer: S) -> Result<S::Ok, S::Error> {
        let inner = self.scope.deeper().or_else(|error| self.fail_as(error, false))?;
        match table.shape(self.scope).or_else(|error| self.fail(error))? {
            Shape::Sequence(length) => self.sequence(table, length, inner, serializer),
            Shape::Fields => self.fields(table, inner, serializer),
        }
    }

    fn sequence<S: Serializer>(
        &self,
        table: TableHandle<'gc>,
        length: usize,
        inner: Scope<'gc>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        self.charge(length)?;
        let mut elements = serializer.serialize_seq(Some(length))?;
        for index in 1..=length {
            let element = Node { walk: self.walk, value: table.element(index), scope: inner };
            elements.serialize_element(&element).inspect_err(|_| self.add_step(format_args!("[{index}]")))?;
        }
        elements.end()
    }

    fn fields<S: Serializer>(
        &self,
        table: TableHandle<'gc>,
        inner: Scope<'gc>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut fields = self.walk.fields.borrow_mut();
        let first = fields.len();
        for (key, value) in table.iter() {
            fields.push((key.field_name().or_else(|error| self.fail(error))?, value));
        }
        let count = fields.len() - first;
        self.charge(count)?;
        fields[first..].sort_unstable_by_key(|(name, _)| *name);
        drop(fields);
        if count == 0 {
            let meaning = match table.empty_as(self.scope) {
                EmptyAs::Unsaid => self.walk.unsaid,
                said => said,
            };
            if meaning != EmptyAs::Object {
                return serializer.serialize_seq(Some(0))?.end();
            }
        }
        let mut entries = serializer.serialize_map(Some(count))?;
        for index in first..first + count {
            // Each field's own tables use the list above this table's fields, so it is not borrowed meanwhile.
            let (name, value) = self.walk.fields.borrow()[index];
            let Ok(text) = std::str::from_utf8(name) else {
                let message = format!("key \"{}\" is not valid UTF-8", name.escape_ascii());
                return self.fail(Error::new(ErrorKind::Runtime, message));
            };
            let field = Node { walk: self.walk, value, scope: inner };
            entries.serialize_entry(text, &field).inspect_err(|_| self.add_step(field_step(name)))?;
        }
        self.walk.fields.borrow_mut().truncate(first);
        entries.end()
    }

    fn charge<E: serde::ser::Error>(&self, count: usize) -> Result<(), E> {
        self.scope.charge(count).or_else(|error| self.fail_as(error, false))
    }

    #[cold]
    fn cannot<T, E: serde::ser::Error>(&self, type_name: &str) -> Result<T, E> {
        self.fail(Error::new(ErrorKind::Runtime, format!("cannot encode a value of type {type_name}")))
    }

    #[cold]
    fn fail<T, E: serde::ser::Error>(&self, error: Error) -> Result<T, E> {
        self.fail_as(error, true)
    }

    #[cold]
    fn fail_as<T, E: serde::ser::Error>(&self, error: Error, placed: bool) -> Result<T, E> {
        self.walk.failure.set(Some(Failure { error, placed }));
        Err(E::custom(""))
    }

    /// Says that what failed is inside this table.
    #[cold]
    fn add_step(&self, step: impl Display) {
        if let Some(Failure { error, placed }) = self.walk.failure.take() {
            let error = if placed { error.inside(step) } else { error };
            self.walk.failure.set(Some(Failure { error, placed }));
        }
    }
}

/// The step from a table to a field, as Lua writes it.
fn field_step(name: &[u8]) -> String {
    let is_name = !name.is_empty()
        && !name[0].is_ascii_digit()
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let text = name.escape_ascii();
    if is_name { format!(".{text}") } else { format!("[\"{text}\"]") }
}

/// Any key, for messages.
pub(super) fn key_text<'gc>(key: Handle<'gc>, scope: Scope<'gc>) -> String {
    match key.view(scope) {
        View::String(name) => format!("'{}'", name.escape_ascii()),
        View::Integer(index) => format!("[{index}]"),
        _ => format!("of type {}", key.type_name()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn text_is_bounded() -> io::Result<()> {
        let mut text = Bounded { bytes: Vec::new(), most: 5 };
        text.write_all(b"1234")?;
        assert!(text.write_all(b"56").is_err());
        text.write_all(b"5")?;
        assert!(text.write_all(b"6").is_err());
        assert_eq!(text.bytes, b"12345");
        Ok(())
    }
}

//! Generic owned values.

use super::{FromLua, IntoLua};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::carried;
use crate::scope::{EmptyAs, Handle, Scope, Shape, TableHandle, View, step};
use crate::value::{LuaString, Table, Value};

impl IntoLua for Value {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        (&self).into_lua(scope)
    }
}

impl IntoLua for &Value {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        match self {
            Value::Nil => Ok(scope.nil()),
            Value::Bool(value) => Ok((*value).into()),
            Value::Integer(value) => Ok((*value).into()),
            Value::Number(value) => Ok((*value).into()),
            Value::String(value) => value.into_lua(scope),
            Value::Array(values) => values.into_lua(scope),
            Value::Table(table) => table.into_lua(scope),
        }
    }
}

impl IntoLua for Table {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        (&self).into_lua(scope)
    }
}

impl IntoLua for &Table {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        if self.is_empty() {
            return Ok(scope.empty(EmptyAs::Object).into());
        }
        let inner = scope.deeper()?;
        let table = scope.table(0, self.len())?;
        for (key, value) in self.iter() {
            let key = scope.name(key);
            let value = value.into_lua(inner).map_err(|error| error.inside(step(key)))?;
            table.set(scope, key, value)?;
        }
        Ok(table.into())
    }
}

impl FromLua for Value {
    #[inline]
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        // The results of most runs, without what tables need.
        match value.0 {
            piccolo::Value::Nil => Ok(Value::Nil),
            piccolo::Value::Boolean(value) => Ok(Value::Bool(value)),
            piccolo::Value::Integer(value) => Ok(Value::Integer(value)),
            piccolo::Value::Number(value) => Ok(Value::Number(value)),
            piccolo::Value::String(text) => Ok(Value::String(text.as_bytes().into())),
            _ => Reader::default().value(value, scope, None),
        }
    }
}

impl FromLua for Table {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        match Value::from_lua(value, scope)? {
            Value::Table(table) => Ok(table),
            Value::Array(values) if values.is_empty() => Ok(Table::new()),
            _ => Err(Error::mismatch("table with string keys", value.type_name())),
        }
    }
}

/// The tables around the one at hand, to tell a cycle from mere depth.
struct Around<'a, 'gc> {
    table: TableHandle<'gc>,
    outer: Option<&'a Around<'a, 'gc>>,
}

/// Reads one value; remembers the names of fields, which records repeat.
#[derive(Default)]
struct Reader<'gc> {
    names: Vec<(piccolo::Value<'gc>, LuaString)>,
}

/// Names beyond this many are not remembered: looking for them would cost more than making them.
const NAMES: usize = 16;

impl<'gc> Reader<'gc> {
    fn value(&mut self, value: Handle<'gc>, scope: Scope<'gc>, around: Option<&Around<'_, 'gc>>) -> Result<Value> {
        match value.view(scope) {
            View::Nil | View::Null => Ok(Value::Nil),
            View::Bool(value) => Ok(Value::Bool(value)),
            View::Integer(value) => Ok(Value::Integer(value)),
            View::Number(value) => Ok(Value::Number(value)),
            View::String(bytes) => Ok(Value::String(bytes.into())),
            View::Table(table) => self.table(table, scope, around),
            View::Object(name) | View::Other(name) => match carried(value.0) {
                Some(error) => Ok(Value::from(error.to_string())),
                None => {
                    let message = format!("a value of type {name} has no owned form");
                    Err(Error::new(ErrorKind::Conversion, message))
                }
            },
        }
    }

    fn table(&mut self, table: TableHandle<'gc>, scope: Scope<'gc>, around: Option<&Around<'_, 'gc>>) -> Result<Value> {
        let mut outer = around;
        while let Some(enclosing) = outer {
            if enclosing.table.0 == table.0 {
                return Err(Error::new(ErrorKind::Conversion, "table contains itself"));
            }
            outer = enclosing.outer;
        }
        let around = Around { table, outer: around };
        let inner = scope.deeper()?;
        match table.shape(scope)? {
            Shape::Sequence(len) => {
                scope.charge(len)?;
                // Exactly as long as needed: many small lists would otherwise take several times their size.
                let mut values = Vec::with_capacity(len);
                for index in 1..=len {
                    let value = self.value(table.element(index), inner, Some(&around));
                    values.push(value.map_err(|error| error.inside(format_args!("[{index}]")))?);
                }
                Ok(Value::Array(values))
            }
            Shape::Fields => {
                let mut fields = Vec::new();
                for (key, value) in table.iter() {
                    scope.charge(1)?;
                    let name = self.name(key)?;
                    let value = self.value(value, inner, Some(&around)).map_err(|error| error.inside(step(key)))?;
                    fields.push((name, value));
                }
                Ok(Value::Table(fields.into_iter().collect()))
            }
        }
    }

    fn name(&mut self, key: Handle<'gc>) -> Result<LuaString> {
        // Names in a program's source are interned, so records of one program share them.
        if let Some((_, name)) = self.names.iter().find(|(known, _)| same_string(*known, key.0)) {
            return Ok(name.clone());
        }
        let name = LuaString::from(key.field_name()?);
        if self.names.len() < NAMES {
            self.names.push((key.0, name.clone()));
        }
        Ok(name)
    }
}

fn same_string<'gc>(a: piccolo::Value<'gc>, b: piccolo::Value<'gc>) -> bool {
    match (a, b) {
        (piccolo::Value::String(a), piccolo::Value::String(b)) => {
            ottavino_gc_arena::Gc::ptr_eq(a.into_inner(), b.into_inner())
        }
        _ => false,
    }
}

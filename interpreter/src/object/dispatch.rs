//! From `object.field` in Lua to the members that a type described.

use std::sync::Arc;

use piccolo::Table;

use super::describe::{Field, GetAny, SetAny};
use super::{LuaObject, Metamethod, ObjectData, ObjectType, object_data};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::new_callback;
use crate::native::{CallContext, Native};
use crate::scope::{Handle, Scope};

/// The fields of a type, found by name.
struct Fields {
    name: &'static str,
    /// Sorted by name: types have few fields, and names are short.
    sorted: Vec<Field>,
    index: Option<Box<GetAny>>,
    new_index: Option<Box<SetAny>>,
}

impl Fields {
    fn find(&self, name: &[u8]) -> Option<&Field> {
        let index = self.sorted.binary_search_by(|field| field.name.as_bytes().cmp(name)).ok()?;
        self.sorted.get(index)
    }
}

pub(super) fn new_metatable<'gc, T: LuaObject>(scope: Scope<'gc>) -> Table<'gc> {
    let ObjectType { mut fields, methods, metamethods, index, new_index, .. } = ObjectType::<T>::new();
    fields.sort_by_key(|field| field.name);
    let fields = Arc::new(Fields { name: T::NAME, sorted: fields, index, new_index });

    let meta = Table::new(&scope.ctx);
    let set = |name: &'static str, native: Native| {
        let callback = new_callback(scope.ctx, scope.state, Arc::new(native));
        meta.set_field(scope.ctx, name, callback);
    };
    let reading = fields.clone();
    set("__index", Native::raw(T::NAME, move |call| index_object::<T>(&reading, call)));
    set("__newindex", Native::raw(T::NAME, move |call| assign_object::<T>(&fields, call)));
    set(Metamethod::Eq.name(), Native::raw("__eq", same_object));
    for (which, native) in metamethods {
        set(which.name(), native);
    }
    // Methods are looked up in the metatable as well, where scripts cannot reach it.
    for native in methods {
        let key = scope.name(native.name());
        let callback = new_callback(scope.ctx, scope.state, Arc::new(native));
        // A string is always a valid key.
        let _ = meta.set_raw(&scope.ctx, key.0, callback.into());
    }
    meta.set_field(scope.ctx, "__name", T::NAME);
    meta.set_field(scope.ctx, "__metatable", T::NAME);
    meta
}

fn index_object<'gc, T: LuaObject>(fields: &Fields, call: &mut CallContext<'gc, '_>) -> Result<()> {
    let (object, key, scope) = (call.handle(0), call.handle(1), call.scope());
    let data = object_data::<T>(object)?;
    let value = read_field(fields, data, object, key, scope)?;
    call.set_handle(value);
    Ok(())
}

fn read_field<'gc>(
    fields: &Fields,
    data: &ObjectData,
    object: Handle<'gc>,
    key: Handle<'gc>,
    scope: Scope<'gc>,
) -> Result<Handle<'gc>> {
    if let piccolo::Value::String(name) = key.0 {
        if let Some(field) = fields.find(name.as_bytes()) {
            return match &field.get {
                Some(get) => get(data, scope),
                None => Err(refused(fields, key, "cannot be read")),
            };
        }
        if let piccolo::Value::UserData(object) = object.0 {
            let method = object.metatable().map_or(piccolo::Value::Nil, |meta| meta.get_raw(key.0));
            if !method.is_nil() && !name.as_bytes().starts_with(b"__") {
                return Ok(Handle(method));
            }
        }
    }
    match &fields.index {
        Some(index) => index(data, key, scope),
        None => Ok(scope.nil()),
    }
}

fn assign_object<'gc, T: LuaObject>(fields: &Fields, call: &mut CallContext<'gc, '_>) -> Result<()> {
    let (key, value, scope) = (call.handle(1), call.handle(2), call.scope());
    let data = object_data::<T>(call.handle(0))?;
    let field = match key.0 {
        piccolo::Value::String(name) => fields.find(name.as_bytes()),
        _ => None,
    };
    match (field, &fields.new_index) {
        (Some(Field { set: Some(set), .. }), _) => set(data, value, scope).map_err(|error| {
            if error.kind() != ErrorKind::Conversion {
                return error;
            }
            let message =
                format!("cannot assign {} of '{}': {}", crate::scope::show_key(key), fields.name, error.message());
            Error::new(ErrorKind::Runtime, message)
        }),
        (Some(_), _) => Err(refused(fields, key, "is read-only")),
        (None, Some(new_index)) => new_index(data, key, value, scope),
        (None, None) => {
            let message = format!("object '{}' has no field {}", fields.name, crate::scope::show_key(key));
            Err(Error::new(ErrorKind::Runtime, message))
        }
    }
}

fn refused(fields: &Fields, key: Handle<'_>, why: &str) -> Error {
    let message = format!("field {} of object '{}' {why}", crate::scope::show_key(key), fields.name);
    Error::new(ErrorKind::Runtime, message)
}

/// Two references are equal when they lead to the same value.
fn same_object(call: &mut CallContext<'_, '_>) -> Result<()> {
    let identity = |value: Handle<'_>| match value.0 {
        piccolo::Value::UserData(data) => {
            data.downcast_static::<ObjectData>().ok().and_then(|data| data.access.identity())
        }
        _ => None,
    };
    let (a, b) = (identity(call.handle(0)), identity(call.handle(1)));
    call.set_result(a.is_some() && a == b)
}

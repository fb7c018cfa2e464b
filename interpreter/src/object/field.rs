//! [`LuaField`]: what a field of a host object may be.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use super::access::Place;
use super::{LuaObject, new_object, no_assignment};
use crate::convert::{FromLua, IntoLua};
use crate::error::{Error, Result};
use crate::scope::{EmptyAs, Handle, Scope, View, step};
use crate::value::{LuaString, Table, Value};

/// A type that a field of a host object may have.
///
/// Numbers, strings and other values are copied to Lua when they are read, and replaced when they are assigned.
/// Objects are seen by reference: `person.address.city = "Rome"` changes the city of the person's own address. Lists
/// of objects are lists of such references.
pub trait LuaField: Sized + 'static {
    /// The value for Lua, if it is seen by value; `None` if it is seen by reference.
    ///
    /// # Errors
    /// When the value has no Lua form.
    fn copy<'gc>(&self, scope: Scope<'gc>) -> Result<Option<Handle<'gc>>>;

    /// The value that Lua assigned.
    ///
    /// # Errors
    /// When it is of another type, or the field cannot be assigned to.
    fn create<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self>;

    /// A reference for Lua to the field at `place`. Only called when [`copy`](Self::copy) gave `None`.
    ///
    /// # Errors
    /// When the field is no longer available.
    fn refer<'gc>(place: Place<Self>, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        let _ = place;
        Ok(scope.nil())
    }
}

impl<T: LuaObject> LuaField for T {
    fn copy<'gc>(&self, _: Scope<'gc>) -> Result<Option<Handle<'gc>>> {
        Ok(None)
    }

    fn create<'gc>(_: Handle<'gc>, _: Scope<'gc>) -> Result<Self> {
        Err(no_assignment(T::NAME))
    }

    fn refer<'gc>(place: Place<Self>, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        Ok(new_object::<T>(scope, place.access))
    }
}

macro_rules! values {
    ($($type:ty)*) => {$(
        impl LuaField for $type {
            fn copy<'gc>(&self, scope: Scope<'gc>) -> Result<Option<Handle<'gc>>> {
                self.into_lua(scope).map(Some)
            }

            fn create<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
                <$type>::from_lua(value, scope)
            }
        }
    )*};
}

values!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 bool String LuaString Value Table);

impl LuaField for char {
    fn copy<'gc>(&self, scope: Scope<'gc>) -> Result<Option<Handle<'gc>>> {
        (*self).into_lua(scope).map(Some)
    }

    fn create<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        char::from_lua(value, scope)
    }
}

impl LuaField for Arc<str> {
    fn copy<'gc>(&self, scope: Scope<'gc>) -> Result<Option<Handle<'gc>>> {
        (**self).into_lua(scope).map(Some)
    }

    fn create<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        FromLua::from_lua(value, scope)
    }
}

impl<T: LuaField> LuaField for Option<T> {
    fn copy<'gc>(&self, scope: Scope<'gc>) -> Result<Option<Handle<'gc>>> {
        self.as_ref().map_or(Ok(Some(scope.nil())), |value| value.copy(scope))
    }

    fn create<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        match value.view(scope) {
            View::Nil | View::Null => Ok(None),
            _ => T::create(value, scope).map(Some),
        }
    }

    fn refer<'gc>(place: Place<Self>, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        T::refer(place.part(Option::as_mut), scope)
    }
}

/// A shared object in a field is handed out as what it is.
impl<T: LuaObject> LuaField for super::Shared<T> {
    fn copy<'gc>(&self, scope: Scope<'gc>) -> Result<Option<Handle<'gc>>> {
        self.into_lua(scope).map(Some)
    }

    fn create<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        FromLua::from_lua(value, scope)
    }
}

impl<T: LuaField> LuaField for Vec<T> {
    fn copy<'gc>(&self, scope: Scope<'gc>) -> Result<Option<Handle<'gc>>> {
        if self.is_empty() {
            return Ok(Some(scope.empty(EmptyAs::Array).into()));
        }
        let inner = scope.deeper()?;
        let table = scope.table(self.len(), 0)?;
        for (index, value) in self.iter().enumerate() {
            let Some(value) = value.copy(inner)? else { return Ok(None) };
            table.set_element(scope, index, if value.is_nil() { scope.null() } else { value });
        }
        Ok(Some(table.into()))
    }

    fn create<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        let View::Table(table) = value.view(scope) else {
            return Err(Error::mismatch("table", value.type_name()));
        };
        let inner = scope.deeper()?;
        scope.charge(table.len())?;
        let element =
            |index| T::create(table.element(index), inner).map_err(|error| error.inside(format_args!("[{index}]")));
        (1..=table.len()).map(element).collect()
    }

    fn refer<'gc>(place: Place<Self>, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        let inner = scope.deeper()?;
        let len = place.with(|list| list.len()).map_err(|error| error.of("list"))?;
        let table = scope.table(len, 0)?;
        for index in 0..len {
            // Among objects there may be values, such as the `None`s of a list of options.
            let copied = place.with(|list| list.get(index).map(|value| value.copy(inner)));
            let value = match copied.map_err(|error| error.of("list"))?.transpose()?.flatten() {
                Some(value) if value.is_nil() => scope.null(),
                Some(value) => value,
                None => T::refer(place.part(move |list| list.get_mut(index)), inner)?,
            };
            table.set_element(scope, index, value);
        }
        Ok(table.into())
    }
}

macro_rules! maps {
    ($($map:ident [$($bound:tt)*] [$($hasher:ident)?];)*) => {$(
        impl<K, V $(, $hasher)?> LuaField for $map<K, V $(, $hasher)?>
        where
            K: FromLua + Clone + IntoLua + $($bound)* + 'static,
            V: LuaField,
            $($hasher: BuildHasher + Default + 'static,)?
        {
            fn copy<'gc>(&self, scope: Scope<'gc>) -> Result<Option<Handle<'gc>>> {
                let inner = scope.deeper()?;
                let table = scope.table(0, self.len())?;
                for (key, value) in self {
                    let Some(value) = value.copy(inner)? else { return Ok(None) };
                    table.set(scope, key.clone().into_lua(inner)?, value)?;
                }
                Ok(Some(table.into()))
            }

            fn create<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
                let View::Table(table) = value.view(scope) else {
                    return Err(Error::mismatch("table", value.type_name()));
                };
                let inner = scope.deeper()?;
                let field = |(key, value)| {
                    scope.charge(1)?;
                    let typed = V::create(value, inner).map_err(|error| error.inside(step(key)))?;
                    Ok((K::from_lua(key, inner)?, typed))
                };
                table.iter().map(field).collect()
            }

            fn refer<'gc>(place: Place<Self>, scope: Scope<'gc>) -> Result<Handle<'gc>> {
                let keys: Vec<K> =
                    place.with(|map| map.keys().cloned().collect()).map_err(|error| error.of("map"))?;
                let inner = scope.deeper()?;
                let table = scope.table(0, keys.len())?;
                for key in keys {
                    let copied = place.with(|map| map.get(&key).map(|value| value.copy(inner)));
                    let handle = key.clone().into_lua(inner)?;
                    let value = match copied.map_err(|error| error.of("map"))?.transpose()?.flatten() {
                        Some(value) => value,
                        None => V::refer(place.part(move |map| map.get_mut(&key)), inner)?,
                    };
                    table.set(scope, handle, value)?;
                }
                Ok(table.into())
            }
        }
    )*};
}

maps! {
    HashMap [Eq + Hash] [S];
    BTreeMap [Ord] [];
}

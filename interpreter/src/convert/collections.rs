//! Lists, maps, sets and options.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use super::{Argument, FromLua, IntoLua};
use crate::error::{Error, ErrorKind, Result};
use crate::scope::{EmptyAs, Handle, Scope, View, step};

impl<T: IntoLua> IntoLua for Option<T> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        self.map_or(Ok(scope.nil()), |value| value.into_lua(scope))
    }

    fn lend<R>(self, run: impl FnOnce(&mut dyn Argument) -> R) -> R {
        match self {
            Some(value) => value.lend(run),
            None => run(&mut None::<bool>),
        }
    }
}

impl<'a, T> IntoLua for &'a Option<T>
where
    &'a T: IntoLua,
{
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        self.as_ref().into_lua(scope)
    }
}

impl<T: FromLua> FromLua for Option<T> {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        match value.view(scope) {
            View::Nil | View::Null => Ok(None),
            _ => T::from_lua(value, scope).map(Some),
        }
    }
}

/// A list. Nothing, inside a list, is `json.null`: a sequence of Lua has no holes.
pub(crate) fn list_into_lua<'gc, T: IntoLua>(
    scope: Scope<'gc>,
    values: impl ExactSizeIterator<Item = T>,
) -> Result<Handle<'gc>> {
    if values.len() == 0 {
        return Ok(scope.empty(EmptyAs::Array).into());
    }
    let inner = scope.deeper()?;
    let table = scope.table(values.len(), 0)?;
    for (index, value) in values.enumerate() {
        let value = value.into_lua(inner).map_err(|error| error.inside(format_args!("[{}]", index + 1)))?;
        table.set_element(scope, index, if value.is_nil() { scope.null() } else { value });
    }
    Ok(table.into())
}

pub(crate) fn list_from_lua<'gc, T: FromLua, C: FromIterator<T>>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<C> {
    let View::Table(table) = value.view(scope) else {
        return Err(Error::mismatch("table", value.type_name()));
    };
    let inner = scope.deeper()?;
    let len = table.list_len()?;
    scope.charge(len)?;
    let element =
        |index| T::from_lua(table.element(index), inner).map_err(|error| error.inside(format_args!("[{index}]")));
    (1..=len).map(element).collect()
}

/// Maps up to this size are taken for records, whose keys repeat from call to call; those of larger ones are data.
const SMALL_MAP: usize = 32;

fn map_into_lua<'gc, K: IntoLua, V: IntoLua>(
    scope: Scope<'gc>,
    fields: impl ExactSizeIterator<Item = (K, V)>,
) -> Result<Handle<'gc>> {
    if fields.len() == 0 {
        return Ok(scope.empty(EmptyAs::Object).into());
    }
    let inner = scope.deeper()?;
    let small = fields.len() <= SMALL_MAP;
    let table = scope.table(0, fields.len())?;
    for (key, value) in fields {
        let key = if small { key.into_key(inner)? } else { key.into_lua(inner)? };
        let value = value.into_lua(inner).map_err(|error| error.inside(step(key)))?;
        table.set(scope, key, value)?;
    }
    Ok(table.into())
}

/// `len` tells the length of the map, which is shorter than the table when two keys became the same.
fn map_from_lua<'gc, K: FromLua, V: FromLua, C: FromIterator<(K, V)>>(
    value: Handle<'gc>,
    scope: Scope<'gc>,
    len: impl Fn(&C) -> usize,
) -> Result<C> {
    let View::Table(table) = value.view(scope) else {
        return Err(Error::mismatch("table", value.type_name()));
    };
    let inner = scope.deeper()?;
    let field = |(key, value): (Handle<'gc>, Handle<'gc>)| {
        scope.charge(1)?;
        let typed_key = K::from_lua(key, inner).map_err(|error| error.inside(step(key)))?;
        let typed_value = V::from_lua(value, inner).map_err(|error| error.inside(step(key)))?;
        Ok((typed_key, typed_value))
    };
    let mut count = 0;
    let map: C = table.iter().inspect(|_| count += 1).map(field).collect::<Result<_>>()?;
    if len(&map) == count {
        return Ok(map);
    }
    Err(Error::new(ErrorKind::Conversion, "two keys of the table are the same once they are converted"))
}

impl<T: IntoLua> IntoLua for Vec<T> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        list_into_lua(scope, self.into_iter())
    }
}

impl<'a, T> IntoLua for &'a Vec<T>
where
    &'a T: IntoLua,
{
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        list_into_lua(scope, self.iter())
    }
}

impl<'a, T> IntoLua for &'a [T]
where
    &'a T: IntoLua,
{
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        list_into_lua(scope, self.iter())
    }
}

impl<T: IntoLua, const N: usize> IntoLua for [T; N] {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        list_into_lua(scope, self.into_iter())
    }
}

impl<'a, T, const N: usize> IntoLua for &'a [T; N]
where
    &'a T: IntoLua,
{
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        list_into_lua(scope, self.iter())
    }
}

impl<T: FromLua> FromLua for Vec<T> {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        list_from_lua(value, scope)
    }
}

impl<T: FromLua, const N: usize> FromLua for [T; N] {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        let values: Vec<T> = list_from_lua(value, scope)?;
        values.try_into().map_err(|values: Vec<T>| {
            Error::new(ErrorKind::Conversion, format!("{N} elements expected, got {}", values.len()))
        })
    }
}

macro_rules! maps {
    ($($map:ident [$($bound:tt)*] [$($hasher:ident)?];)*) => {$(
        impl<K: IntoLua, V: IntoLua $(, $hasher)?> IntoLua for $map<K, V $(, $hasher)?> {
            fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
                map_into_lua(scope, self.into_iter())
            }
        }

        impl<'a, K, V $(, $hasher)?> IntoLua for &'a $map<K, V $(, $hasher)?>
        where
            &'a K: IntoLua,
            &'a V: IntoLua,
        {
            fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
                map_into_lua(scope, self.iter())
            }
        }

        impl<K: FromLua + $($bound)*, V: FromLua $(, $hasher: BuildHasher + Default)?> FromLua
            for $map<K, V $(, $hasher)?>
        {
            fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
                map_from_lua(value, scope, Self::len)
            }
        }
    )*};
}

maps! {
    HashMap [Eq + Hash] [S];
    BTreeMap [Ord] [];
}

impl<T: IntoLua, S> IntoLua for HashSet<T, S> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        list_into_lua(scope, self.into_iter())
    }
}

impl<T: IntoLua> IntoLua for BTreeSet<T> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        list_into_lua(scope, self.into_iter())
    }
}

impl<T: FromLua + Eq + Hash, S: BuildHasher + Default> FromLua for HashSet<T, S> {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        list_from_lua(value, scope)
    }
}

impl<T: FromLua + Ord> FromLua for BTreeSet<T> {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        list_from_lua(value, scope)
    }
}

impl<T: IntoLua> IntoLua for Box<T> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        (*self).into_lua(scope)
    }
}

impl<T: FromLua> FromLua for Box<T> {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        T::from_lua(value, scope).map(Box::new)
    }
}

//! Loans: `run(&mut person)` gives a script the use of a value until the run ends.

use std::any::Any;
use std::marker::PhantomData;
use std::rc::Rc;

use ottavino_util::freeze::{AccessError as FrozenError, Freeze, Frozen};

use super::access::{Access, AccessError};
use super::{LuaObject, ObjectData, new_object, object_data};
use crate::convert::{Argument, FromLua, IntoLua};
use crate::error::{Error, ErrorKind, Result};
use crate::scope::{Handle, Scope};

type Loan<T> = Frozen<Freeze![&'freeze mut T]>;

struct Lent<T: 'static>(Loan<T>);

impl<T: 'static> Access for Lent<T> {
    fn with(&self, run: &mut dyn FnMut(&mut dyn Any)) -> Result<(), AccessError> {
        self.0.try_with_mut(|value| run(&mut **value)).map_err(|error| match error {
            FrozenError::Expired => AccessError::Gone,
            FrozenError::BadBorrow => AccessError::Busy,
        })
    }

    fn identity(&self) -> Option<usize> {
        self.0.try_with(|value| std::ptr::from_ref::<T>(value).addr()).ok()
    }
}

impl<T: LuaObject> Argument for Loan<T> {
    fn take<'gc>(&mut self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        Ok(new_object::<T>(scope, Rc::new(Lent(self.clone()))))
    }
}

/// Lends an object to a script for the time of a call. What the script keeps of it afterwards is of no use.
impl<T: LuaObject> IntoLua for &mut T {
    fn into_lua<'gc>(self, _: Scope<'gc>) -> Result<Handle<'gc>> {
        let message = format!("a borrowed object of type {} can only be lent as an argument of its own", T::NAME);
        Err(Error::new(ErrorKind::Conversion, message))
    }

    fn lend<R>(self, run: impl FnOnce(&mut dyn Argument) -> R) -> R {
        Loan::<T>::in_scope(self, |mut loan| run(&mut loan))
    }
}

/// An object of type `T` as an argument of a native function, whichever way Lua holds it.
///
/// ```
/// use lunapool_interpreter::{LuaObject, Metamethod, ObjectRef, ObjectType};
///
/// struct Vector(f64, f64);
///
/// impl LuaObject for Vector {
///     const NAME: &'static str = "Vector";
///
///     fn describe(object: &mut ObjectType<Self>) {
///         object.meta_function(Metamethod::Eq, |a: ObjectRef<Vector>, b: ObjectRef<Vector>| {
///             let a = a.with(|a| (a.0, a.1))?;
///             Ok::<bool, lunapool_interpreter::Error>(a == b.with(|b| (b.0, b.1))?)
///         });
///     }
/// }
/// ```
pub struct ObjectRef<T> {
    access: Rc<dyn Access>,
    object: PhantomData<fn() -> T>,
}

impl<T: LuaObject> ObjectRef<T> {
    /// Calls `run` with the object.
    ///
    /// # Errors
    /// When the object is no longer available, or already in use further up the stack.
    pub fn with<R>(&self, run: impl FnOnce(&mut T) -> R) -> Result<R> {
        super::access::with(&*self.access, run).map_err(|error| error.of(T::NAME))
    }
}

impl<T: LuaObject> FromLua for ObjectRef<T> {
    fn from_lua<'gc>(value: Handle<'gc>, _: Scope<'gc>) -> Result<Self> {
        let ObjectData { access, .. } = object_data::<T>(value)?;
        Ok(ObjectRef { access: access.clone(), object: PhantomData })
    }
}

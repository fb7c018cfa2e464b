//! Conversions between Rust and Lua, typed, with no owned value in between.

mod collections;
mod numbers;
mod text;
mod tuples;
mod value;

use std::error::Error as StdError;

use crate::error::{Error, Result};
use crate::machine::{Arguments, Results};
use crate::native::{CallContext, Variadic};
use crate::scope::{Handle, Scope};

/// A Rust value that has a Lua form.
///
/// Implemented for all integers and floats, `bool`, strings, bytes as [`LuaString`](crate::LuaString), `Option`,
/// `Vec`, slices, arrays, maps, sets, [`Value`](crate::Value), [`Serde<T>`](crate::Serde), and host objects: `&mut T`
/// lends one for a call, [`Shared<T>`](crate::Shared) and `T` itself give one away.
///
/// ```
/// use lunapool_interpreter::{Handle, IntoLua, Result, Scope};
///
/// struct Celsius(f64);
///
/// impl IntoLua for Celsius {
///     fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
///         self.0.into_lua(scope)
///     }
/// }
/// ```
pub trait IntoLua: Sized {
    /// The value in the machine that `scope` gives access to.
    ///
    /// # Errors
    /// When the value has no Lua form, such as a `u64` above `i64::MAX`.
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>>;

    /// The value as a key of a small map: strings are likely to be there already.
    #[doc(hidden)]
    fn into_key<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        self.into_lua(scope)
    }

    /// Calls `run` with the value, in the form in which it may be used until `run` returns. Only borrowed objects
    /// need more than the value itself.
    #[doc(hidden)]
    fn lend<R>(self, run: impl FnOnce(&mut dyn Argument) -> R) -> R {
        run(&mut Some(self))
    }
}

/// A Rust value that a Lua value can become.
///
/// Conversions follow Lua's own: a float with an integral value or a numeric string is an integer where one is asked
/// for, and a number is a string. What does not fit is an error, never a rounding. `bool` is strict: only `true` and
/// `false` are booleans.
pub trait FromLua: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// When it is of another type, or out of range.
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self>;
}

/// The arguments of a call: `()`, one value, a tuple of up to 12, or a [`Variadic`].
pub trait IntoArgs: Sized {
    /// Calls `run` with the arguments, in the form in which they may be used until `run` returns.
    #[doc(hidden)]
    fn lend_all<R>(self, run: impl FnOnce(&mut dyn Arguments) -> R) -> R;
}

/// The results of a call: one value, a tuple of up to 12, or a [`Variadic`].
pub trait FromResults: Sized {
    /// Reads them. Missing results are nil, further ones are dropped, as in Lua.
    ///
    /// # Errors
    /// When one of them is of another type.
    fn from_results<'gc>(results: &Results<'gc>, scope: Scope<'gc>) -> Result<Self>;
}

/// The results of a native function: `()`, one value, a tuple of up to 12, or a [`Variadic`].
pub trait IntoResults: Sized {
    /// Hands each result to `push`, in order.
    ///
    /// # Errors
    /// When one of them has no Lua form.
    fn into_results<'gc>(self, scope: Scope<'gc>, push: impl FnMut(Handle<'gc>)) -> Result<()>;
}

/// What a native function may return: results, or a `Result` of them.
pub trait IntoReturn {
    /// Leaves the results in `call`, or fails.
    ///
    /// # Errors
    /// The error that was returned; [`Error::downcast_ref`] finds it again.
    fn into_return(self, call: &mut CallContext<'_, '_>) -> Result<()>;
}

impl<R: IntoResults> IntoReturn for R {
    #[inline]
    fn into_return(self, call: &mut CallContext<'_, '_>) -> Result<()> {
        call.set_results(self)
    }
}

impl<R: IntoResults, E: StdError + Send + Sync + 'static> IntoReturn for Result<R, E> {
    fn into_return(self, call: &mut CallContext<'_, '_>) -> Result<()> {
        match self {
            Ok(results) => call.set_results(results),
            Err(error) => Err(Error::native(error)),
        }
    }
}

/// What a native function may take: one argument, or all that are left.
pub trait FromArguments: Sized {
    /// Reads from the argument at `index`, and moves `index` on.
    ///
    /// # Errors
    /// `bad argument #1 to 'name' (string expected, got nil)`.
    fn from_arguments(call: &CallContext<'_, '_>, index: &mut usize) -> Result<Self>;
}

impl<T: FromLua> FromArguments for T {
    #[inline]
    fn from_arguments(call: &CallContext<'_, '_>, index: &mut usize) -> Result<Self> {
        *index += 1;
        call.argument(*index - 1)
    }
}

impl<T: FromLua> FromArguments for Variadic<T> {
    fn from_arguments(call: &CallContext<'_, '_>, index: &mut usize) -> Result<Self> {
        (*index..call.len()).map(|_| T::from_arguments(call, index)).collect()
    }
}

/// One argument on its way into a machine.
#[doc(hidden)]
pub trait Argument {
    /// The value. Called once.
    fn take<'gc>(&mut self, scope: Scope<'gc>) -> Result<Handle<'gc>>;
}

impl<T: IntoLua> Argument for Option<T> {
    fn take<'gc>(&mut self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        match Option::take(self) {
            Some(value) => value.into_lua(scope),
            None => Ok(scope.nil()),
        }
    }
}

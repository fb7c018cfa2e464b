//! Native functions: Rust functions that Lua calls.

mod typed;

use std::fmt;
use std::sync::Arc;

use piccolo::{Execution, Stack};

use crate::convert::{FromLua, IntoLua, IntoResults};
use crate::error::{Error, ErrorKind, Result};
use crate::scope::{Handle, Scope};

pub use typed::NativeFunction;

/// A Rust function under the name that error messages give it.
pub struct Native {
    name: Arc<str>,
    call: Box<Call>,
}

type Call = dyn for<'gc, 'a> Fn(&mut CallContext<'gc, 'a>) -> Result<()> + Send + Sync;

impl Native {
    /// A native from a typed closure of up to 12 arguments. What it returns becomes its results; `Result`s become
    /// errors.
    #[must_use]
    pub fn typed<A, F: NativeFunction<A>>(name: impl Into<Arc<str>>, function: F) -> Self {
        Native { name: name.into(), call: Box::new(move |call| function.call(call)) }
    }

    /// A native that reads its arguments and writes its results itself. One that sets none has none.
    #[must_use]
    pub fn raw<F>(name: impl Into<Arc<str>>, function: F) -> Self
    where
        F: for<'gc, 'a> Fn(&mut CallContext<'gc, 'a>) -> Result<()> + Send + Sync + 'static,
    {
        Native { name: name.into(), call: Box::new(function) }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[inline]
    pub(crate) fn call(&self, context: &mut CallContext<'_, '_>) -> Result<()> {
        (self.call)(context)
    }
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Native").field(&self.name).finish()
    }
}

/// One call of a native function: its arguments, its results, its caller.
pub struct CallContext<'gc, 'a> {
    pub(crate) scope: Scope<'gc>,
    pub(crate) stack: Stack<'gc, 'a>,
    pub(crate) exec: Execution<'gc, 'a>,
    pub(crate) native: &'a Native,
    /// Whether the stack holds results, and no longer arguments.
    pub(crate) returned: bool,
}

impl<'gc> CallContext<'gc, '_> {
    /// The heap that the arguments live in.
    #[must_use]
    pub fn scope(&self) -> Scope<'gc> {
        self.scope
    }

    /// How many arguments there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stack.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stack.is_empty()
    }

    /// The argument at `index`, counted from 0, or nil.
    #[inline]
    #[must_use]
    pub fn handle(&self, index: usize) -> Handle<'gc> {
        Handle(self.stack.get(index))
    }

    /// The argument at `index`, counted from 0, converted.
    ///
    /// # Errors
    /// `bad argument #1 to 'name' (string expected, got nil)`.
    #[inline]
    pub fn argument<T: FromLua>(&self, index: usize) -> Result<T> {
        T::from_lua(self.handle(index), self.scope).map_err(|error| self.bad_argument(index, error))
    }

    /// Makes `value` the only result.
    ///
    /// # Errors
    /// When `value` has no Lua form.
    pub fn set_result(&mut self, value: impl IntoLua) -> Result<()> {
        let value = value.into_lua(self.scope)?;
        self.set_handle(value);
        Ok(())
    }

    /// Makes a value that is in the machine already the only result.
    #[inline]
    pub fn set_handle(&mut self, value: Handle<'gc>) {
        self.returned = true;
        self.stack.clear();
        self.stack.push_back(value.0);
    }

    #[inline]
    pub(crate) fn set_results(&mut self, results: impl IntoResults) -> Result<()> {
        self.returned = true;
        self.stack.clear();
        results.into_results(self.scope, |value| self.stack.push_back(value.0))
    }

    /// Chunk and line of the Lua code that made this call, where they are known.
    #[must_use]
    pub fn caller(&self) -> Option<(String, u64)> {
        crate::machine::position(&self.exec)
    }

    /// A conversion error of the argument at `index`, in Lua's words.
    pub(crate) fn bad_argument(&self, index: usize, error: Error) -> Error {
        if error.kind() != ErrorKind::Conversion {
            return error;
        }
        let error = if index >= self.len() { error.absent() } else { error };
        let message = format!("bad argument #{} to '{}' ({})", index + 1, self.native.name, error.message());
        Error::new(ErrorKind::Runtime, message)
    }
}

/// All remaining arguments of a call, or any number of results: `|first: i64, rest: Variadic<String>|`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variadic<T>(pub Vec<T>);

impl<T> std::ops::Deref for Variadic<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> IntoIterator for Variadic<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<T> FromIterator<T> for Variadic<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Variadic(values.into_iter().collect())
    }
}

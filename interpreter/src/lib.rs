//! One Lua machine, owned by one thread: the interpreter of [lunapool](https://docs.rs/lunapool).
//!
//! [`Program`] is source compiled once and shared by all threads; [`Interpreter`] loads it and calls its functions
//! with ordinary Rust values. Conversions are the traits [`IntoLua`] and [`FromLua`]; Rust values that Lua sees by
//! reference implement [`LuaObject`]; Rust functions that Lua calls are [`Native`]s.
//!
//! This crate knows no threads and no modules: what `require` finds is up to a [`Resolver`]. No type of the VM
//! underneath is visible here, so that it can change.

#[doc(hidden)]
pub mod clock;
mod convert;
mod error;
mod interpreter;
mod limits;
mod machine;
mod native;
mod number;
mod object;
mod program;
mod require;
mod scope;
#[cfg(feature = "serde")]
mod serde;
mod stdlib;
mod value;

pub use convert::{Argument, FromArguments, FromLua, FromResults, IntoArgs, IntoLua, IntoResults, IntoReturn};
pub use error::{Error, ErrorKind, Result};
pub use interpreter::{Interpreter, InterpreterBuilder, Print};
pub use limits::{Budget, CancelToken, Limits};
#[cfg(feature = "derive")]
pub use lunapool_derive::LuaObject;
pub use machine::{Arguments, Buffer, Results};
pub use native::{CallContext, Native, NativeFunction, Variadic};
pub use object::{
    LuaField, LuaObject, Metamethod, Method, MethodMut, ObjectRef, ObjectType, Place, Shared, SharedGuard,
};
pub use program::{Program, read_source};
pub use require::{Loader, NoModules, Open, Resolved, Resolver};
pub use scope::{EmptyAs, Handle, Scope, Shape, TableHandle, View};
#[cfg(feature = "serde")]
pub use serde::{Serde, from_value, to_value};
pub use stdlib::Stdlib;
pub use value::{LuaString, Table, Value};

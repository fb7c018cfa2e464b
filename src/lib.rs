//! lunapool runs Lua scripts inside Rust programs: in pure Rust, on every core, with no C compiler anywhere.
//!
//! It keeps a set of updatable scripts running for a long time. A script has a `main`; Rust calls it with ordinary
//! values and gets ordinary values back; scripts `require` modules written in Rust or in Lua.
//!
//! # Usage
//!
//! ```
//! use lunapool::{NativeModule, Script};
//!
//! let geo = NativeModule::new("geo", "1.0.0").function("distance", |x: f64, y: f64| (x * x + y * y).sqrt());
//!
//! let script = Script::builder("route.lua")
//!     .source("
//!         local geo = require('geo')
//!         function main(x, y)
//!             if geo.distance(x, y) > 10 then return 'truck' end
//!             return 'bike'
//!         end
//!     ")
//!     .module(geo)
//!     .build()?;
//!
//! assert_eq!(script.call::<String>((3, 4))?, "bike");
//!
//! script.update("function main(x, y) return 'drone' end")?;
//! assert_eq!(script.call::<String>((3, 4))?, "drone");
//! # Ok::<(), lunapool::Error>(())
//! ```
//!
//! # Values
//!
//! Arguments are whatever implements [`IntoLua`], alone or in a tuple; results are whatever implements [`FromLua`].
//! [`Value`] is the generic form of both. Numbers cross exactly: an integer stays an integer, a float stays a float,
//! and what does not fit is an error. [`Serde<T>`] takes anything that serde can serialise.
//!
//! # Objects
//!
//! `#[derive(LuaObject)]` makes the fields of a struct those of a Lua object. `script.run(&mut person)` lends it for
//! the time of the call; [`Shared<T>`] gives one away for good, to other threads too.
//!
//! ```
//! use lunapool::{LuaObject, ObjectType, Script};
//!
//! #[derive(LuaObject)]
//! struct Address {
//!     city: String,
//! }
//!
//! #[derive(LuaObject)]
//! #[lua(methods = methods)]
//! struct Person {
//!     name: String,
//!     address: Address,
//!     #[lua(skip)]
//!     password: String,
//! }
//!
//! fn methods(person: &mut ObjectType<Person>) {
//!     person.method("greeting", |person: &Person, word: String| format!("{word}, {}!", person.name));
//! }
//!
//! let script = Script::new("move.lua", "
//!     function main(person)
//!         person.address.city = 'Rome'
//!         return person:greeting('Ciao')
//!     end
//! ")?;
//! let address = Address { city: "Paris".into() };
//! let mut person = Person { name: "Ada".into(), address, password: "secret".into() };
//! assert_eq!(script.call::<String>(&mut person)?, "Ciao, Ada!");
//! assert_eq!(person.address.city, "Rome");
//! # Ok::<(), lunapool::Error>(())
//! ```
//!
//! # Threads
//!
//! Every thread that runs a script owns an interpreter of it, made at its first run. Threads share nothing while they
//! run, so runs scale with the cores. Globals are therefore per thread; state that all threads see belongs into a
//! native module. A thread keeps at most [`MAX_RESIDENT`] interpreters between runs. A native that holds a strong
//! [`Script`] of the script that it belongs to keeps both alive for ever; let it hold what it needs of it instead.
//!
//! [`Script::submit`] hands a run to a [`Pool`] of threads of the same kind; its [`Job`] can be waited for or awaited.
//! [`Script::run_batch`] runs a script over many inputs on all cores and gives the results in order.
//!
//! # Limits
//!
//! [`Limits`] bound the memory, the time and the instructions of a script, and [`CancelToken`] stops a run from
//! outside. They are looked at between slices of some thousand instructions; a single library call is not interrupted
//! yet, so scripts from strangers are not what this version is for.
//!
//! # Performance
//!
//! A run whose interpreter is there costs about 90 ns, and most of that is the virtual machine. Prefer typed results
//! ([`Script::call`]) to generic ones for large tables, one call with many values to many calls with one, and
//! [`Script::run`] on the thread at hand to [`Script::submit`], which costs a hand-over.
//!
//! # Features
//!
//! All on by default, each can be left out: `derive` (`#[derive(LuaObject)]`), `serde` ([`Serde`], [`to_value`],
//! [`from_value`]), `json` (the built-in module), `threads` ([`Pool`], [`Job`]).

#[cfg(feature = "threads")]
pub use lunapool_executor::{Batch, Job, Pool, PoolBuilder, TrySubmitError};
pub use lunapool_executor::{Generation, MAX_REENTRANT, MAX_RESIDENT, Run, Script, ScriptBuilder, Stats};
pub use lunapool_interpreter::{
    Argument, Arguments, Budget, Buffer, CallContext, CancelToken, EmptyAs, Error, ErrorKind, FromArguments, FromLua,
    FromResults, Handle, Interpreter, InterpreterBuilder, IntoArgs, IntoLua, IntoResults, IntoReturn, Limits, Loader,
    LuaField, LuaObject, LuaString, Metamethod, Method, MethodMut, Native, NativeFunction, NoModules, ObjectRef,
    ObjectType, Open, Place, Print, Program, Resolved, Resolver, Result, Results, Scope, Shape, Shared, SharedGuard,
    Stdlib, Table, TableHandle, Value, Variadic, View, read_source,
};
#[cfg(feature = "serde")]
pub use lunapool_interpreter::{Serde, from_value, to_value};
#[cfg(feature = "json")]
pub use lunapool_modules::json;
pub use lunapool_modules::{IntoModule, Module, Modules, ModulesBuilder, NativeModule, ScriptModule};

/// The README's examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

//! Proves that values cross between Rust and Lua exactly or not at all, and that what does not fit says why and where.

#![allow(clippy::unwrap_used)]

mod arguments;
mod bounds;
mod collections;
mod floats;
mod integers;
mod nothing;
mod text;
mod values;

use std::fmt::Debug;

use lunapool_interpreter::{Error, ErrorKind, FromLua, FromResults, Interpreter, IntoLua, Limits, NoModules, Program};

fn load_with(limits: Limits, source: &str) -> Interpreter {
    let program = Program::compile("test.lua", source).unwrap();
    Interpreter::new(&program, &NoModules, limits).unwrap()
}

fn load(source: &str) -> Interpreter {
    load_with(Limits::default(), source)
}

/// Gives back what it takes.
fn echo() -> Interpreter {
    load("function main(...) return ... end")
}

/// What `return <expression>` becomes.
fn eval<R: FromResults>(expression: &str) -> Result<R, Error> {
    load(&format!("function main() return {expression} end")).call(())
}

/// The message of the conversion error that reading `expression` as `R` ends in.
fn refused<R: FromResults + Debug>(expression: &str) -> String {
    let error = eval::<R>(expression).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion, "{error}");
    assert_eq!(error.chunk(), Some("test.lua"));
    error.message()
}

fn crosses<T: IntoLua + FromLua + Clone + PartialEq + Debug>(lua: &mut Interpreter, value: T) {
    assert_eq!(lua.call::<T>(value.clone()).unwrap(), value);
}

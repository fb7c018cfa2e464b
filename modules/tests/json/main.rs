//! The module `json`, from Lua.
#![cfg(feature = "json")]
#![allow(clippy::unwrap_used)]

mod decode;
mod encode;

use lunapool_interpreter::{Error, FromResults, Interpreter, IntoArgs, Limits, Program};
use lunapool_modules::Modules;

fn load(source: &str, limits: Limits) -> Result<Interpreter, Error> {
    let program = Program::compile("main.lua", format!("local json = require('json') {source}"))?;
    Interpreter::new(&program, &Modules::default(), limits)
}

fn run<R: FromResults>(source: &str, args: impl IntoArgs) -> Result<R, Error> {
    load(source, Limits::default())?.call(args)
}

#[test]
fn the_module_has_a_version() {
    let version: String = run("function main() return json.version end", ()).unwrap();
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
}

//! Proves that compiling never panics, aborts or hangs, whatever the source is: the result is a program, or an error of
//! syntax or of a limit that names the chunk.

#![allow(clippy::unwrap_used)]

mod grammar;
mod jumps;
mod lexing;
mod nesting;
mod random;
mod sizes;

use lunapool_interpreter::{Error, ErrorKind, Interpreter, Limits, NoModules, Program};

/// Compiles on a thread whose stack is a quarter of the usual.
fn compile(source: impl AsRef<[u8]>) -> Result<Program, Error> {
    let source = source.as_ref();
    std::thread::scope(|scope| {
        let work = || Program::compile("hostile.lua", source);
        let thread = std::thread::Builder::new().stack_size(512 << 10).spawn_scoped(scope, work).unwrap();
        thread.join().unwrap()
    })
}

/// The error that `source` ends in, which is a proper one.
fn refused(source: impl AsRef<[u8]>) -> Error {
    let source = source.as_ref();
    let head = String::from_utf8_lossy(&source[..source.len().min(100)]);
    let Err(error) = compile(source) else { panic!("this compiles: {head}") };
    proper(&error);
    error
}

fn proper(error: &Error) {
    assert!(matches!(error.kind(), ErrorKind::Syntax | ErrorKind::Limit), "{error}");
    assert_eq!(error.chunk(), Some("hostile.lua"), "{error}");
    assert!(!error.message().is_empty());
    assert_ne!(error.message(), DEFECT);
}

/// piccolo's compiler panics over a function's last register; that is caught, and reported without a line.
const DEFECT: &str = "the compiler cannot handle this program";

/// Compiles, or is refused, whether or not the registers of a function are used to the last.
fn survives_crowding(source: impl AsRef<[u8]>) {
    match compile(source) {
        Err(error) if error.message() == DEFECT => assert_eq!(error.to_string(), format!("hostile.lua: {DEFECT}")),
        Err(error) => proper(&error),
        Ok(_) => {}
    }
}

/// Compiles, or is refused properly.
fn survives(source: impl AsRef<[u8]>) {
    if let Err(error) = compile(source) {
        proper(&error);
    }
}

fn compiles(source: impl AsRef<[u8]>) -> Program {
    let source = source.as_ref();
    let head = String::from_utf8_lossy(&source[..source.len().min(100)]);
    compile(source).unwrap_or_else(|error| panic!("{error}: {head}"))
}

/// What `source` makes of `main()`.
fn result(source: impl AsRef<[u8]>) -> i64 {
    Interpreter::new(&compiles(source), &NoModules, Limits::default()).unwrap().call(()).unwrap()
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    open.repeat(depth) + inner + &close.repeat(depth)
}

//! Proves what is told when a program cannot be read, compiled or started, or lacks the function that is called.

use std::error::Error as _;

use lunapool_interpreter::{ErrorKind, Interpreter, Limits, NoModules, Program};

use super::load;

#[test]
fn syntax_errors_name_chunk_and_line() {
    for (source, line) in [
        ("function main(", 1),
        ("x =", 1),
        ("\n\nlocal x = = 1", 3),
        ("return 1\nlocal y = 2", 2),
        ("if x then\n\nelse", 3),
        ("x = 'open", 1),
        ("x = [[open\n\n", 3),
        ("\nbreak", 2),
        ("\n\ngoto nowhere", 3),
        ("x = 1 y = 'a' .. 3 z = 4 w", 1),
        ("local x <const> = 1\nx = 2", 2),
        ("local x <wrong> = 1", 1),
        ("\nreturn ...,", 2),
        ("\nfunction f() return ... end", 2),
        ("x = '\\q'", 1),
        ("x = 0x", 1),
        ("x = 1..2", 1),
        ("\n@", 2),
    ] {
        let error = Program::compile("dir/bad.lua", source).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{source}");
        assert_eq!(error.chunk(), Some("dir/bad.lua"), "{source}");
        assert_eq!(error.line(), Some(line), "{source}: {error}");
        assert!(!error.message().is_empty());
        assert_eq!(error.to_string(), format!("dir/bad.lua:{line}: {}", error.message()));
        assert!(error.value().is_none() && error.source().is_none());
    }
}

#[test]
fn a_missing_function_is_named() {
    let mut lua = load("main = 5 function other() return 1 end");
    let error = lua.run(()).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::MissingMain, "test.lua: function 'main' is missing")
    );
    let error = lua.call_function::<()>("nothing", ()).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::MissingMain, "test.lua: function 'nothing' is missing")
    );
    assert!(lua.has_function("other") && !lua.has_function("main") && !lua.has_function("nothing"));
    assert_eq!(lua.call_function::<i64>("other", ()).unwrap(), 1);
    // A local function is none that the host can see.
    let error = load("local function main() end").run(()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingMain);
}

#[test]
fn the_start_of_a_program_can_fail() {
    let program = Program::compile("start.lua", "x = 1\nerror('not today')").unwrap();
    let error = Interpreter::new(&program, &NoModules, Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "start.lua:2: not today");
    let program = Program::compile("start.lua", "local x = nil\nx()").unwrap();
    let error = Interpreter::new(&program, &NoModules, Limits::default()).unwrap_err();
    assert_eq!((error.kind(), error.chunk()), (ErrorKind::Runtime, Some("start.lua")));
}

#[test]
fn a_file_that_cannot_be_read() {
    let error = Program::from_file("no/such/file.lua").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.message().starts_with("cannot read no/such/file.lua: "), "{error}");
    assert!(error.downcast_ref::<std::io::Error>().is_some());
}

//! Proves what is told about modules that are not there, and which library each profile has.

use lunapool_interpreter::{ErrorKind, Interpreter, Program, Stdlib};

use super::{fails, load};

#[test]
fn modules_that_are_not_there() {
    let error = fails("\nrequire 'x'");
    assert_eq!(error.kind(), ErrorKind::Module);
    assert_eq!(error.to_string(), "test.lua:2: module 'x' not found: there are no modules");
    let error = fails("require()");
    assert_eq!(
        (error.kind(), error.message().as_str()),
        (ErrorKind::Runtime, "bad argument #1 to 'require' (string expected, got no value)")
    );
    let error = fails("require({})");
    assert_eq!(error.message(), "bad argument #1 to 'require' (string expected, got table)");
    // A script may live without.
    let mut lua = load("function main() local ok, e = pcall(require, 'x') return ok, tostring(e) end");
    let (ok, message): (bool, String) = lua.call(()).unwrap();
    assert!(!ok && message.ends_with("module 'x' not found: there are no modules"), "{message}");
    // An error of require keeps its kind through pcall.
    let error = fails("local ok, e = pcall(require, 'x') error(e)");
    assert_eq!(error.kind(), ErrorKind::Module);
}

#[test]
fn stdlib_profiles() {
    let program =
        Program::compile("lib.lua", "function main() return type(print), type(string), type(math and math.random) end")
            .unwrap();
    let types = |stdlib| -> (String, String, String) {
        let mut lua = Interpreter::builder(&program).stdlib(stdlib).build().unwrap();
        // `type` is part of the library too.
        lua.call(()).unwrap_or_default()
    };
    assert_eq!(types(Stdlib::SAFE), ("function".into(), "table".into(), "function".into()));
    assert_eq!(types(Stdlib::PURE), ("function".into(), "table".into(), "nil".into()));
    assert_eq!(types(Stdlib::NONE), Default::default());
}

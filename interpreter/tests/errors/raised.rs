//! Proves that what Lua raises has its kind, its position and its value.

use lunapool_interpreter::{ErrorKind, Interpreter, Limits, NoModules, Program, Value};

use super::{fails, load};

#[test]
fn operations_that_lua_does_not_allow() {
    for (body, message) in [
        ("local x; return x.y", "attempt to index a nil value"),
        ("local x; x.y = 1", "attempt to index a nil value"),
        ("local x = 5; return x.y.z", "attempt to index a number value"),
        ("return nothing()", "attempt to call a nil value"),
        ("local t = {} t.f()", "attempt to call a nil value"),
        ("return ('x')()", "attempt to call a string value"),
        ("return 1 + nil", "attempt to perform arithmetic on a nil value"),
        ("return {} * 2", "attempt to perform arithmetic on a table value"),
        ("return -{}", "attempt to perform arithmetic on a table value"),
        ("return 1 < 'x'", "attempt to compare number with string"),
        ("return {} < {}", "attempt to compare two table values"),
        ("return nil <= 1", "attempt to compare nil with number"),
        ("return 'a' .. {}", "attempt to concatenate a table value"),
        ("return nil .. 'a'", "attempt to concatenate a nil value"),
        ("return #5", "attempt to get length of a number value"),
        ("return true & 1", "attempt to perform bitwise operation on a boolean value"),
        ("local t = {} t[nil] = 1", "index is nil"),
        ("local t = {} t[0/0] = 1", "index is NaN"),
    ] {
        let error = fails(body);
        assert_eq!(error.kind(), ErrorKind::Runtime, "{body}: {error}");
        assert_eq!(error.chunk(), Some("test.lua"));
        // Behind this may come the name of the variable.
        assert!(error.message().contains(message), "{body}: {error}");
        assert!(error.to_string().starts_with("test.lua:"), "{error}");
        assert!(error.value().is_none());
    }
}

#[test]
fn an_error_message_has_its_position_in_front() {
    let error = fails("\n\nerror('boom')");
    assert_eq!((error.kind(), error.chunk(), error.line()), (ErrorKind::Runtime, Some("test.lua"), Some(3)));
    assert_eq!((error.message().as_str(), error.to_string().as_str()), ("boom", "test.lua:3: boom"));
    // Only once, however often it is raised again.
    let error = fails("\nlocal ok, e = pcall(error, 'boom', 0) error(e, 0)");
    assert_eq!(error.to_string(), "test.lua: boom");
    let error = fails("\nlocal ok, e = pcall(function() error('boom') end)\nerror(e, 0)");
    assert_eq!(error.to_string(), "test.lua:2: boom");
    let error = fails("error('boom', 0)");
    assert_eq!((error.line(), error.to_string().as_str()), (None, "test.lua: boom"));
    let error = fails("error('a: b: 12: c')");
    assert_eq!((error.line(), error.message().as_str()), (Some(1), "a: b: 12: c"));
    let error = fails("error('')");
    assert_eq!(error.to_string(), "test.lua:1: ");
    let error = fails("\nerror('bytes \\xff end')");
    assert_eq!(error.to_string(), "test.lua:2: bytes \u{fffd} end");
    let error = fails("assert(false, 'no')");
    assert_eq!(error.message(), "no");
    let error = fails("assert(nil)");
    assert_eq!(error.message(), "assertion failed!");
}

#[test]
fn the_position_is_that_of_the_chunk_that_raised() {
    let error = fails("\nload('\\n\\nerror(\"inner\")', '=piece')()");
    assert_eq!(error.to_string(), "piece:3: inner");
    let program = Program::compile("odd: name:7.lua", "function main() error('x') end").unwrap();
    let mut lua = Interpreter::new(&program, &NoModules, Limits::default()).unwrap();
    assert_eq!(lua.run(()).unwrap_err().to_string(), "odd: name:7.lua:1: x");
}

#[test]
fn other_values_can_be_raised() {
    let error = fails("error({code = 7, why = {'a', 'b'}})");
    assert_eq!((error.kind(), error.message().as_str()), (ErrorKind::Runtime, "(error object is a table value)"));
    let value = error.value().unwrap();
    assert_eq!(value.get("code"), Some(&Value::Integer(7)));
    assert_eq!(value.get("why"), Some(&Value::from(vec!["a", "b"])));
    let error = fails("error(42)");
    assert_eq!((error.to_string().as_str(), error.value()), ("test.lua: 42", Some(&Value::Integer(42))));
    let error = fails("error(1.5)");
    assert_eq!((error.message().as_str(), error.value()), ("1.5", Some(&Value::Number(1.5))));
    let error = fails("error(true)");
    assert_eq!(
        (error.message().as_str(), error.value()),
        ("(error object is a boolean value)", Some(&Value::Bool(true)))
    );
    let error = fails("error()");
    assert_eq!((error.message().as_str(), error.value()), ("(error object is a nil value)", Some(&Value::Nil)));
    // What has no owned form is still an error.
    let error = fails("error(print)");
    assert_eq!((error.message().as_str(), error.value()), ("(error object is a function value)", None));
    let error = fails("local t = {} t.t = t error(t)");
    assert_eq!((error.message().as_str(), error.value()), ("(error object is a table value)", None));
    // Raised again it is the same.
    let error = fails("local ok, e = pcall(error, {code = 7}) e.code = e.code + 1 error(e)");
    assert_eq!(error.value().unwrap().get("code"), Some(&Value::Integer(8)));
}

#[test]
fn yielding_outside_a_coroutine_is_an_error() {
    let error = fails("coroutine.yield(1)");
    assert_eq!(
        (error.kind(), error.message().as_str()),
        (ErrorKind::Runtime, "attempt to yield from outside a coroutine")
    );
    let error = fails("local y = coroutine.yield return y()");
    assert_eq!(error.message(), "attempt to yield from outside a coroutine");
    let mut lua = load("main = coroutine.yield function ok() return 1 end");
    assert_eq!(lua.run(()).unwrap_err().message(), "attempt to yield from outside a coroutine");
    assert_eq!(lua.call_function::<i64>("ok", ()).unwrap(), 1);
    let program = Program::compile("start.lua", "coroutine.yield()").unwrap();
    let error = Interpreter::new(&program, &NoModules, Limits::default()).unwrap_err();
    assert_eq!(error.message(), "attempt to yield from outside a coroutine");
}

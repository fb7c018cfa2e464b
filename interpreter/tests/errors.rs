//! Proves what a failed run tells: its kind, its chunk and line, its words, the Lua value or the Rust error underneath,
//! and that the next run works.

#![allow(clippy::unwrap_used)]

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;

use lunapool_interpreter::{
    Error, ErrorKind, Handle, Interpreter, Limits, Loader, Native, NoModules, Open, Program, Resolved, Resolver,
    Result, Scope, Stdlib, Value,
};

fn load(source: &str) -> Interpreter {
    let program = Program::compile("test.lua", source).unwrap();
    Interpreter::new(&program, &NoModules, Limits::default()).unwrap()
}

/// The error that calling a `main` of this body ends in.
fn fails(body: &str) -> Error {
    let mut lua = load(&format!("function main() {body}\nend\nfunction ok() return 1 end"));
    let error = lua.run(()).unwrap_err();
    assert_eq!(lua.call_function::<i64>("ok", ()).unwrap(), 1, "{body}");
    error
}

#[derive(Debug, PartialEq)]
struct OutOfStock {
    item: String,
}

impl fmt::Display for OutOfStock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "out of stock: {}", self.item)
    }
}

impl std::error::Error for OutOfStock {}

#[derive(Debug)]
struct Wrapper(OutOfStock);

impl fmt::Display for Wrapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("order failed")
    }
}

impl std::error::Error for Wrapper {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// A module `shop` of natives that fail in different ways.
#[derive(Clone)]
struct Shop;

impl Resolver for Shop {
    fn resolve(&self, name: &str) -> Result<Resolved> {
        match name {
            "shop" => Ok(Resolved { key: "shop@1".into(), loader: Loader::Native(Arc::new(Shop)) }),
            _ => Err(Error::new(ErrorKind::Module, format!("module '{name}' not found"))),
        }
    }
}

impl Open for Shop {
    fn open<'gc>(&self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        let stock = |item: &str| OutOfStock { item: item.to_owned() };
        let natives = [
            Native::typed("buy", move |item: String| -> Result<i64, OutOfStock> { Err(stock(&item)) }),
            Native::typed("order", move |item: String| -> Result<(), Wrapper> { Err(Wrapper(stock(&item))) }),
            Native::typed("check", |ok: bool| -> Result<bool> {
                if ok { Ok(true) } else { Err(Error::new(ErrorKind::Runtime, "not in order")) }
            }),
            Native::typed("coupon", |text: String| text.parse::<u32>()),
            Native::typed("price", |_: String, amount: u8| u64::from(amount) + (u64::MAX - 255)),
            Native::typed("explode", |text: String| -> i64 { panic!("{text}") }),
            Native::typed("explode_value", || -> i64 { std::panic::panic_any(7) }),
        ];
        let module = scope.table(0, natives.len())?;
        for native in natives {
            let name = native.name().to_owned();
            module.set_field(scope, &name, scope.function(Arc::new(native)));
        }
        Ok(module.into())
    }
}

fn shop(source: &str) -> Interpreter {
    let program = Program::compile("shop.lua", format!("local shop = require 'shop'\n{source}")).unwrap();
    Interpreter::new(&program, &Shop, Limits::default()).unwrap()
}

#[test]
fn an_error_and_its_result_are_one_word() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    fn crosses_threads<T: Send + Sync + 'static>() {}
    crosses_threads::<Error>();
}

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
fn the_start_of_a_program_can_fail() {
    let program = Program::compile("start.lua", "x = 1\nerror('not today')").unwrap();
    let error = Interpreter::new(&program, &NoModules, Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "start.lua:2: not today");
    let program = Program::compile("start.lua", "local x = nil\nx()").unwrap();
    let error = Interpreter::new(&program, &NoModules, Limits::default()).unwrap_err();
    assert_eq!((error.kind(), error.chunk()), (ErrorKind::Runtime, Some("start.lua")));
}

#[test]
fn an_error_of_a_native_keeps_its_rust_value() {
    let mut lua = shop("function main(item) return shop.buy(item) + 1 end");
    let error = lua.run("tea").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Native);
    assert_eq!((error.chunk(), error.line()), (Some("shop.lua"), Some(2)));
    assert_eq!(error.to_string(), "shop.lua:2: out of stock: tea");
    assert_eq!(error.source().unwrap().to_string(), "out of stock: tea");
    assert_eq!(error.downcast_ref::<OutOfStock>(), Some(&OutOfStock { item: "tea".into() }));
    assert!(error.downcast_ref::<Wrapper>().is_none());
    // The next call has an error of its own.
    assert_eq!(lua.run("milk").unwrap_err().message(), "out of stock: milk");
}

#[test]
fn sources_of_sources_are_found() {
    let error = shop("function main() local x = shop.order('tea') return x end").run(()).unwrap_err();
    assert_eq!(error.to_string(), "shop.lua:2: order failed");
    assert!(error.downcast_ref::<Wrapper>().is_some());
    assert_eq!(error.downcast_ref::<OutOfStock>().unwrap().item, "tea");
}

#[test]
fn a_native_error_survives_pcall() {
    let source = "
        function rethrow()
            local ok, e = pcall(shop.buy, 'tea')
            assert(not ok)
            error(e)
        end
        function twice()
            local ok, e = pcall(rethrow)
            error(e, 0)
        end
        function coroutines()
            local co = coroutine.create(function() return shop.buy('co') + 1 end)
            local ok, e = coroutine.resume(co)
            error(e)
        end
        function wrapped()
            local x = coroutine.wrap(function() return shop.buy('wrap') + 1 end)()
            return x
        end
        function words()
            local ok, e = pcall(shop.buy, 'tea')
            return tostring(e), 'error: ' .. e, e .. '!'
        end
        function value()
            return select(2, pcall(shop.buy, 'tea'))
        end
        function handled()
            return xpcall(shop.buy, function(e) return 'handled ' .. e end, 'x')
        end
    ";
    let mut lua = shop(source);
    for (function, item) in [("rethrow", "tea"), ("twice", "tea"), ("coroutines", "co"), ("wrapped", "wrap")] {
        let error = lua.call_function::<Value>(function, ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Native, "{function}");
        assert_eq!(error.downcast_ref::<OutOfStock>().unwrap().item, item, "{function}");
        assert!(error.to_string().ends_with(&format!("out of stock: {item}")), "{error}");
    }
    let words: (String, String, String) = lua.call_function("words", ()).unwrap();
    assert!(words.0.ends_with("out of stock: tea"), "{words:?}");
    assert_eq!(words.1, format!("error: {}", words.0));
    assert_eq!(words.2, format!("{}!", words.0));
    let value: Value = lua.call_function("value", ()).unwrap();
    assert_eq!(value.as_str(), Some(words.0.as_str()));
    let (ok, handled): (bool, String) = lua.call_function("handled", ()).unwrap();
    assert!(!ok && handled.starts_with("handled ") && handled.ends_with("out of stock: x"), "{handled}");
}

#[test]
fn an_error_of_ours_keeps_its_kind_and_reads_like_luas() {
    let mut lua = shop(
        "function main(ok) local x = shop.check(ok) return x end function caught() return pcall(shop.check, false) end",
    );
    assert!(lua.call::<bool>(true).unwrap());
    let error = lua.run(false).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Runtime, "shop.lua:2: not in order"));
    let (ok, message): (bool, String) = lua.call_function("caught", ()).unwrap();
    assert!(!ok && message.ends_with("not in order"), "{message}");
    let error = shop("function main() local x = shop.coupon('x1') return x end").run(()).unwrap_err();
    assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
}

#[test]
fn wrong_arguments_of_natives() {
    let mut lua = shop("function main(...) local x = shop.price(...) return x end");
    let message = |error: Error| {
        assert_eq!((error.kind(), error.line()), (ErrorKind::Runtime, Some(2)));
        error.message()
    };
    assert_eq!(message(lua.run(()).unwrap_err()), "bad argument #1 to 'price' (string expected, got no value)");
    assert_eq!(message(lua.run("x").unwrap_err()), "bad argument #2 to 'price' (number expected, got no value)");
    assert_eq!(message(lua.run(("x", "y")).unwrap_err()), "bad argument #2 to 'price' (number expected, got string)");
    assert_eq!(
        message(lua.run(("x", 1.5)).unwrap_err()),
        "bad argument #2 to 'price' (number has no integer representation)"
    );
    assert_eq!(message(lua.run(("x", 256)).unwrap_err()), "bad argument #2 to 'price' (256 is out of range for u8)");
    // What the native gives has to have a Lua form too.
    assert_eq!(message(lua.run(("x", 1)).unwrap_err()), "18446744073709551361 is out of range for a Lua integer");
}

#[test]
fn conversion_errors_are_about_the_chunk() {
    let error = load("function main() return {} end").call::<i64>(()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    assert_eq!(error.to_string(), "test.lua: result #1: number expected, got table");
    assert_eq!((error.chunk(), error.line()), (Some("test.lua"), None));
}

#[test]
fn after_a_panic_the_interpreter_says_that_it_is_broken() {
    for (body, message) in [
        ("shop.explode('bang')", "a native function panicked: bang"),
        ("pcall(shop.explode, 'bang')", "a native function panicked: bang"),
        ("coroutine.wrap(shop.explode)('bang')", "a native function panicked: bang"),
        ("shop.explode_value()", "a native function panicked: without a message"),
    ] {
        let mut lua = shop(&format!("function main() {body} end function ok() return 1 end"));
        assert!(!lua.is_broken());
        assert_eq!(lua.call_function::<i64>("ok", ()).unwrap(), 1);
        let error = lua.run(()).unwrap_err();
        assert_eq!((error.kind(), error.message().as_str()), (ErrorKind::Native, message), "{body}");
        assert_eq!(error.chunk(), Some("shop.lua"));
        assert!(lua.is_broken());
        for _ in 0..2 {
            let error = lua.call_function::<i64>("ok", ()).unwrap_err();
            assert_eq!(error.to_string(), "shop.lua: the interpreter is broken by an earlier panic");
            assert_eq!(error.kind(), ErrorKind::Native);
        }
        assert!(!lua.has_function("ok"));
        lua.collect_garbage();
        assert!(Interpreter::new(lua.program(), &Shop, Limits::default()).is_ok());
    }
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
fn a_file_that_cannot_be_read() {
    let error = Program::from_file("no/such/file.lua").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.message().starts_with("cannot read no/such/file.lua: "), "{error}");
    assert!(error.downcast_ref::<std::io::Error>().is_some());
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

#[test]
fn an_error_can_be_cloned_and_shown() {
    let error = fails("error({code = 7})");
    let copy = error.clone();
    assert_eq!(copy.to_string(), error.to_string());
    assert_eq!(copy.value(), error.value());
    assert_eq!(format!("{error:?}"), "Error { kind: Runtime, message: \"test.lua: (error object is a table value)\" }");
    // Boxed it is an error like any other.
    let boxed: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert_eq!(boxed.to_string(), "test.lua: (error object is a table value)");
}

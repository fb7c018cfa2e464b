//! Native modules: what their functions take and give, and what their errors say.
#![allow(clippy::unwrap_used)]

use std::error::Error as _;
use std::fmt;

use lunapool_interpreter::{Error, ErrorKind, FromResults, Interpreter, Limits, LuaString, Program, Value, Variadic};
use lunapool_modules::{Modules, NativeModule};

fn hash(text: LuaString) -> u32 {
    text.as_bytes().iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[derive(Debug, PartialEq)]
struct OutOfStock {
    item: String,
}

impl fmt::Display for OutOfStock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no {} left", self.item)
    }
}

impl std::error::Error for OutOfStock {}

fn module() -> NativeModule {
    NativeModule::new("test", "1.0.0")
        .function("hash", hash)
        .function("add", |a: i64, b: Option<i64>| a + b.unwrap_or(100))
        .function("join", |separator: String, rest: Variadic<String>| rest.join(&separator))
        .function("order", |item: String| -> Result<i64, OutOfStock> { Err(OutOfStock { item }) })
        .function("halve", |n: f64| if n < 0.0 { Err(OutOfStock { item: "halves".into() }) } else { Ok(n / 2.0) })
        .function("divide", |a: i64, b: i64| (a / b, a % b))
        .function("nothing", || ())
        .function("total", |numbers: Vec<f64>| numbers.iter().sum::<f64>())
        .function("upto", |n: i64| (1..=n).collect::<Variadic<i64>>())
        .function(
            "twelve",
            |a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64, h: i64, i: i64, j: i64, k: i64, l: i64| {
                a + b + c + d + e + f + g + h + i + j + k + l
            },
        )
        .raw("count", |call| call.set_result(call.len() as i64))
        .raw("caller", |call| call.set_result(call.caller().map(|(chunk, line)| format!("{chunk}:{line}"))))
        .constant("PI", 3.25)
        .constant("names", vec!["a", "b"])
}

fn load(modules: NativeModule, source: &str) -> Result<Interpreter, Error> {
    let modules = Modules::builder().module(modules).build()?;
    let program = Program::compile("script.lua", format!("local t = require('test')\n{source}"))?;
    Interpreter::new(&program, &modules, Limits::default())
}

fn run<R: FromResults>(body: &str) -> Result<R, Error> {
    load(module(), &format!("function main()\n{body}\nend"))?.call(())
}

#[test]
fn values_cross() {
    for (body, expected) in [
        ("return t.hash('abcdef')", Value::Integer(4_282_878_506)),
        ("return t.hash(12)", Value::Integer(i64::from(hash("12".into())))),
        ("return t.add(1, 2)", Value::Integer(3)),
        ("return t.add(1)", Value::Integer(101)),
        ("return t.add(1, nil)", Value::Integer(101)),
        ("return t.add(2.0, '3')", Value::Integer(5)),
        ("return t.join(', ', 'a', 'b', 3)", Value::from("a, b, 3")),
        ("return t.join(', ')", Value::from("")),
        ("return t.halve(5)", Value::Number(2.5)),
        ("return t.nothing()", Value::Nil),
        ("return select('#', t.nothing(1, 2))", Value::Integer(0)),
        ("return {t.divide(17, 5)}", Value::from(vec![3, 2])),
        ("return {t.upto(4)}", Value::from(vec![1, 2, 3, 4])),
        ("return t.total({1, 2.5})", Value::Number(3.5)),
        ("return t.twelve(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)", Value::Integer(78)),
        ("return (t.count(nil, nil, nil))", Value::Integer(3)),
        ("local where = t.caller()\nreturn where", Value::from("script.lua:3")),
        ("return t.PI", Value::Number(3.25)),
        ("return t.names", Value::from(vec!["a", "b"])),
        ("return t.version", Value::from("1.0.0")),
        ("return type(t)", Value::from("table")),
        ("return t.absent", Value::Nil),
    ] {
        assert_eq!(run::<Value>(body).unwrap(), expected, "{body}");
    }
}

#[test]
fn wrong_arguments_are_named() {
    for (body, message) in [
        ("local x = t.hash(nil)", "script.lua:3: bad argument #1 to 'hash' (string expected, got nil)"),
        ("local x = t.hash()", "script.lua:3: bad argument #1 to 'hash' (string expected, got no value)"),
        ("local x = t.hash({})", "script.lua:3: bad argument #1 to 'hash' (string expected, got table)"),
        ("\nlocal x = t.add(1, {})", "script.lua:4: bad argument #2 to 'add' (number expected, got table)"),
        ("local x = t.join('', 'a', {})", "script.lua:3: bad argument #3 to 'join' (string expected, got table)"),
        (
            "local x = t.total({1, 'x'})",
            "script.lua:3: bad argument #1 to 'total' (number expected, got string at [2])",
        ),
    ] {
        let error = run::<Value>(body).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.kind()), (message, ErrorKind::Runtime), "{body}");
    }
    // A tail call leaves no caller behind, so the line is not known.
    let error = run::<Value>("return t.hash(nil)").unwrap_err();
    assert!(error.to_string().ends_with("bad argument #1 to 'hash' (string expected, got nil)"), "{error}");
}

#[test]
fn the_later_of_two_registrations_counts() {
    let module = NativeModule::new("test", "1.0.0").function("f", || 1).constant("f", 2).function("f", || 3);
    assert_eq!(load(module, "function main() return t.f() end").unwrap().call::<i64>(()).unwrap(), 3);
}

#[test]
fn unregistered_functions_are_gone() {
    let full = NativeModule::new("test", "1.0.0").function("f", || 1).function("g", || 2);
    let less = full.clone().unregister("f").unregister("never there");
    let source = "function main() return t.f ~= nil, t.g ~= nil end";
    assert_eq!(load(less, source).unwrap().call::<(bool, bool)>(()).unwrap(), (false, true));
    assert_eq!(load(full, source).unwrap().call::<(bool, bool)>(()).unwrap(), (true, true));
}

#[test]
fn each_interpreter_has_a_table_of_its_own() {
    let modules = Modules::builder().module(module()).build().unwrap();
    let source = "local t = require('test') function main() local old = t.extra t.extra = 1 return old end";
    let program = Program::compile("script.lua", source).unwrap();
    let mut one = Interpreter::new(&program, &modules, Limits::default()).unwrap();
    let mut two = Interpreter::new(&program, &modules, Limits::default()).unwrap();
    assert_eq!(one.run(()).unwrap(), Value::Nil);
    assert_eq!(one.run(()).unwrap(), Value::Integer(1));
    assert_eq!(two.run(()).unwrap(), Value::Nil);
}

#[test]
fn a_module_with_many_members_needs_no_room_among_the_values() {
    let modules = Modules::builder().module(module()).build().unwrap();
    let program = Program::compile("script.lua", "local t = require('test') function main() return t.PI end").unwrap();
    let limits = Limits { values: 2, ..Limits::default() };
    assert_eq!(Interpreter::new(&program, &modules, limits).unwrap().call::<f64>(()).unwrap(), 3.25);
}

#[test]
fn rust_errors_come_back_as_they_were() {
    for body in [
        "return t.order('tea')",
        "local x = t.order('tea') return x",
        "local _, e = pcall(t.order, 'tea') error(e)",
        "local _, e = pcall(t.order, 'tea') error(e, 0)",
        "local _, e = pcall(function() local _, e = pcall(t.order, 'tea') error(e) end) error(e)",
    ] {
        let error = run::<Value>(body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Native, "{body}");
        assert_eq!(error.message(), "no tea left", "{body}");
        assert_eq!(error.downcast_ref(), Some(&OutOfStock { item: "tea".into() }), "{body}");
        assert!(error.source().unwrap().is::<OutOfStock>(), "{body}");
    }
    let error = run::<Value>("local x = t.order('tea') return x").unwrap_err();
    assert_eq!(error.to_string(), "script.lua:3: no tea left");
}

#[test]
fn lua_sees_the_message_of_a_rust_error() {
    let body = "local ok, e = pcall(function() local x = t.order('tea') end)\n\
        return ok, tostring(e), 'x: ' .. e, e .. '!'";
    let (ok, text, after, before): (bool, String, String, String) = run(body).unwrap();
    assert!(!ok);
    assert_eq!(text, "script.lua:3: no tea left");
    assert_eq!(after, "x: script.lua:3: no tea left");
    assert_eq!(before, "script.lua:3: no tea left!");
}

#[test]
fn a_function_may_fail_or_not() {
    assert_eq!(run::<f64>("return t.halve(3)").unwrap(), 1.5);
    assert_eq!(run::<f64>("return t.halve(-3)").unwrap_err().message(), "no halves left");
}

#[test]
fn a_panic_does_not_leave_the_interpreter() {
    let mut lua = load(module(), "function main() return t.divide(1, 0) end").unwrap();
    let error = lua.run(()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Native);
    assert_eq!(error.message(), "a native function panicked: attempt to divide by zero");
    assert!(lua.is_broken());
}

#[test]
fn says_what_it_is() {
    let module = NativeModule::new("test", "1.0.0").function("f", || 1).constant("g", 2);
    assert_eq!(format!("{module:?}"), r#"NativeModule { name: "test", version: "1.0.0", members: ["f", "g"] }"#);
}

//! Script modules: loading, loading once, failing, and requiring each other.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lunapool_interpreter::{Error, ErrorKind, Interpreter, Limits, Program, Value};
use lunapool_modules::{Module, Modules, NativeModule, ScriptModule};

fn load(modules: &Modules, source: &str) -> Result<Interpreter, Error> {
    Interpreter::new(&Program::compile("main.lua", source)?, modules, Limits::default())
}

/// A native module that counts how often it is told to.
fn counter() -> (Arc<AtomicUsize>, NativeModule) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let module = NativeModule::new("counter", "1.0.0")
        .function("next", move || u32::try_from(counted.fetch_add(1, Ordering::Relaxed) + 1));
    (count, module)
}

#[test]
fn what_it_returns_is_the_module() {
    let demo = ScriptModule::new(
        "demo_mod",
        "1.0.0",
        "local demo_mod = {}\nfunction demo_mod.Mult(a, b) return a * b end\nreturn demo_mod",
    );
    let modules = Modules::builder().module(demo.unwrap()).build().unwrap();
    let mut lua = load(&modules, "local d = require('demo_mod') function main() return d.Mult(5, 5) end").unwrap();
    assert_eq!(lua.run(()).unwrap(), Value::Integer(25));
}

#[test]
fn a_module_may_be_any_value() {
    for (source, expected) in [
        ("return 7", Value::Integer(7)),
        ("return 'text'", Value::from("text")),
        ("return 1, 2", Value::Integer(1)),
        ("return false", Value::Bool(false)),
        ("", Value::Bool(true)),
        ("return nil", Value::Bool(true)),
        ("return ...", Value::from("m")),
    ] {
        let modules = Modules::builder().module(ScriptModule::new("m", "1.0.0", source).unwrap()).build().unwrap();
        let mut lua = load(&modules, "function main() return (require('m')) end").unwrap();
        assert_eq!(lua.run(()).unwrap(), expected, "{source}");
        assert_eq!(lua.run(()).unwrap(), expected, "{source}, again");
    }
}

#[test]
fn a_module_is_loaded_once_per_interpreter() {
    let (count, counter) = counter();
    let module = ScriptModule::new("m", "1.2.3", "return { number = require('counter').next() }").unwrap();
    let modules = Modules::builder().module(module.module(counter)).build().unwrap();
    let source = "function main()\n\
        local a, b, c = require('m'), require('m@1'), require('m@=1.2.3')\n\
        return a.number, rawequal(a, b) and rawequal(b, c)\nend";
    let mut lua = load(&modules, source).unwrap();
    assert_eq!(lua.call::<(i64, bool)>(()).unwrap(), (1, true));
    assert_eq!(lua.call::<(i64, bool)>(()).unwrap(), (1, true));
    assert_eq!(load(&modules, source).unwrap().call::<(i64, bool)>(()).unwrap(), (2, true));
    assert_eq!(count.load(Ordering::Relaxed), 2);
}

#[test]
fn a_module_that_fails_is_tried_again() {
    let (_, counter) = counter();
    let source = "local n = require('counter').next()\nif n < 3 then error('attempt ' .. n) end\nreturn n";
    let module = ScriptModule::new("m", "1.0.0", source).unwrap().module(counter);
    let modules = Modules::builder().module(module).build().unwrap();
    let mut lua = load(&modules, "function main()\nlocal m = require('m')\nreturn m\nend").unwrap();
    let error = lua.run(()).unwrap_err();
    assert_eq!((error.to_string().as_str(), error.kind()), ("m.lua:2: attempt 1", ErrorKind::Runtime));
    assert_eq!(lua.run(()).unwrap_err().to_string(), "m.lua:2: attempt 2");
    assert_eq!(lua.run(()).unwrap(), Value::Integer(3));
    assert_eq!(lua.run(()).unwrap(), Value::Integer(3));
}

#[test]
fn a_module_that_is_stopped_is_tried_again() {
    let (_, counter) = counter();
    let source = "if require('counter').next() == 1 then while true do end end return 'ready'";
    let module = ScriptModule::new("m", "1.0.0", source).unwrap().module(counter);
    let modules = Modules::builder().module(module).build().unwrap();
    let program = Program::compile("main.lua", "function main() return (require('m')) end").unwrap();
    let limits = Limits { fuel: Some(100_000), ..Limits::default() };
    let mut lua = Interpreter::new(&program, &modules, limits).unwrap();
    assert_eq!(lua.run(()).unwrap_err().kind(), ErrorKind::Limit);
    assert_eq!(lua.run(()).unwrap(), Value::from("ready"));
}

#[test]
fn cycles_are_errors() {
    let a = ScriptModule::new("a", "1.0.0", "local b = require('b')\nreturn { b = b }").unwrap();
    let b = ScriptModule::new("b", "1.0.0", "\nlocal a = require('a')\nreturn { a = a }").unwrap();
    let alone = ScriptModule::new("alone", "2.0.0", "local alone = require('alone')").unwrap();
    let modules = Modules::builder().module(a).module(b).module(alone).build().unwrap();
    for (name, expected) in [
        ("a", "b.lua:2: modules require each other: a@1.0.0 -> b@1.0.0 -> a@1.0.0"),
        ("b", "a.lua:1: modules require each other: b@1.0.0 -> a@1.0.0 -> b@1.0.0"),
        ("alone", "alone.lua:1: modules require each other: alone@2.0.0 -> alone@2.0.0"),
    ] {
        let mut lua = load(&modules, &format!("function main() local m = require('{name}') end")).unwrap();
        for _ in 0..2 {
            let error = lua.run(()).unwrap_err();
            assert_eq!((error.to_string().as_str(), error.kind()), (expected, ErrorKind::Module));
        }
    }
}

#[test]
fn dependencies_come_along() {
    let text = NativeModule::new("text", "1.0.0").function("upper", |s: String| s.to_uppercase());
    let text: Arc<dyn Module> = Arc::new(text);
    let inner = ScriptModule::new("inner", "1.0.0", "local t = require('text') return t.upper('deep')");
    let outer = ScriptModule::new("outer", "1.0.0", "return require('inner') .. require('text').upper('er')");
    let outer = outer.unwrap().module(inner.unwrap().module(Arc::clone(&text))).module(text);
    let modules = Modules::builder().module(outer).build().unwrap();
    let mut lua = load(&modules, "function main() return require('outer'), require('text').version end").unwrap();
    assert_eq!(lua.call::<(String, String)>(()).unwrap(), ("DEEPER".into(), "1.0.0".into()));
}

#[test]
fn chunk_names_are_the_names_of_files() {
    for (name, expected) in [("a", "a.lua:1: x"), ("a.lua", "a.lua:1: x"), ("tools/a.b", "tools/a.b.lua:1: x")] {
        let module = ScriptModule::new(name, "1.0.0", "error('x')").unwrap();
        let modules = Modules::builder().module(module).build().unwrap();
        let error = load(&modules, &format!("require('{name}')")).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let program = Program::compile("elsewhere.lua", "error('x')").unwrap();
    let module = ScriptModule::from_program("p", "1.0.0", program).unwrap();
    let modules = Modules::builder().module(module).build().unwrap();
    assert_eq!(load(&modules, "require('p')").unwrap_err().to_string(), "elsewhere.lua:1: x");
}

#[test]
fn files_are_modules() {
    let path = std::env::temp_dir().join(format!("lunapool-modules-{}.lua", std::process::id()));
    std::fs::write(&path, "return { answer = 42 }").unwrap();
    let module = ScriptModule::from_file("file", "1.0.0", &path);
    std::fs::remove_file(&path).unwrap();
    let modules = Modules::builder().module(module.unwrap()).build().unwrap();
    let mut lua = load(&modules, "function main() return require('file').answer end").unwrap();
    assert_eq!(lua.run(()).unwrap(), Value::Integer(42));

    let error = ScriptModule::from_file("file", "1.0.0", &path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().starts_with(&format!("cannot read {}: ", path.display())), "{error}");
}

#[test]
fn mistakes_show_at_once() {
    let error = ScriptModule::new("m", "1.0.0", "return = 1").unwrap_err();
    assert_eq!((error.kind(), error.chunk(), error.line()), (ErrorKind::Syntax, Some("m.lua"), Some(1)));
    for (name, version, message) in [
        ("", "1.0.0", "a module of version '1.0.0' has no name"),
        ("a@1", "1.0.0", "module 'a@1': a name must not contain '@', which begins a version in require"),
        (
            "m",
            "1.0",
            "module 'm': '1.0' is not a version such as 1.0.0: \
             unexpected end of input while parsing minor version number",
        ),
    ] {
        let error = ScriptModule::new(name, version, "").unwrap_err();
        assert_eq!((error.to_string().as_str(), error.kind()), (message, ErrorKind::Module));
        // Name and version count before the source does.
        assert_eq!(ScriptModule::from_file(name, version, "/absent").unwrap_err().to_string(), message);
    }
}

//! Proves what a script is made of: its source, its modules, its library and where it prints; and what is refused.

use std::io::{self, Read};
use std::sync::{Arc, Mutex};
use std::thread;

use lunapool_executor::Script;
use lunapool_interpreter::{ErrorKind, Stdlib, Value};
use lunapool_modules::{NativeModule, ScriptModule};

use super::{endless, shown};

#[test]
fn a_script_is_made_of_text_bytes_a_file_or_a_reader() {
    let source = "function main(x) return x * 2 end";
    let file = std::env::temp_dir().join(format!("lunapool-{}-double.lua", std::process::id()));
    std::fs::write(&file, source).unwrap();
    let scripts = [
        Script::new("double.lua", source).unwrap(),
        Script::new(String::from("double.lua"), source.as_bytes()).unwrap(),
        Script::from_reader("double.lua", source.as_bytes()).unwrap(),
        Script::from_file(&file).unwrap(),
        Script::builder("double.lua").source(source).build().unwrap(),
        Script::builder("double.lua").file(&file).build().unwrap(),
    ];
    for script in &scripts {
        assert_eq!(script.call::<i64>(21).unwrap(), 42);
        assert_eq!(script.run(21).unwrap(), Value::Integer(42));
        assert_eq!(script.generation().number(), 1);
        assert!(!script.is_closed());
    }
    let names: Vec<_> = scripts.iter().map(Script::name).collect();
    let path = file.to_string_lossy();
    assert_eq!(names, ["double.lua", "double.lua", "double.lua", &path, "double.lua", "double.lua"]);
    std::fs::remove_file(&file).unwrap();
    let error = Script::from_file(&file).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains(&format!("cannot read {path}: ")), "{error}");
    // What was read is not read again.
    assert_eq!(scripts[3].call::<i64>(4).unwrap(), 8);
}

#[test]
fn a_reader_that_fails_says_why() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is on fire"))
        }
    }
    let error = Script::from_reader("burnt.lua", Broken).unwrap_err();
    assert_eq!(shown(&error), (ErrorKind::Io, "burnt.lua: cannot read the source: the disk is on fire".into()));
}

#[test]
fn a_source_that_cannot_run_is_refused() {
    let refused = |source: &str| shown(&Script::new("a.lua", source).unwrap_err());
    assert_eq!(refused("local x = 1"), (ErrorKind::MissingMain, "a.lua: function 'main' is missing".into()));
    assert_eq!(refused("main = 7"), (ErrorKind::MissingMain, "a.lua: function 'main' is missing".into()));
    let error = Script::new("a.lua", "function main()\n  return +\nend").unwrap_err();
    assert_eq!((error.kind(), error.chunk(), error.line()), (ErrorKind::Syntax, Some("a.lua"), Some(2)));
    assert_eq!(refused("\nerror('not today')\nfunction main() end"), (ErrorKind::Runtime, "a.lua:2: not today".into()));
    let error = Script::builder("a.lua").build().unwrap_err();
    assert_eq!(shown(&error), (ErrorKind::Io, "a.lua: the script was given no source".into()));
    let error = Script::builder("a.lua").source("while true do end").limits(endless()).build().unwrap_err();
    assert_eq!(shown(&error), (ErrorKind::Limit, "a.lua: timeout of 50ms exceeded".into()));
}

#[test]
fn modules_are_given_one_by_one() {
    let native = NativeModule::new("math2", "1.0.0").function("add", |a: i64, b: i64| a + b);
    let lua = ScriptModule::new("shapes", "1.2.0", "return { square = function(x) return x * x end }").unwrap();
    let script = Script::builder("modules.lua")
        .source("local m, s = require('math2'), require('shapes') function main(x) return m.add(s.square(x), 1) end")
        .module(native)
        .module(lua)
        .build()
        .unwrap();
    assert_eq!(script.call::<i64>(4).unwrap(), 17);
    // An update finds the same modules.
    script.update("function main(x) return require('math2').add(x, 100) end").unwrap();
    assert_eq!(script.call::<i64>(4).unwrap(), 104);
    let error = script.update("local x = require('nowhere') function main() end").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Module);
    assert!(error.to_string().contains("module 'nowhere' not found"), "{error}");
    assert!(error.to_string().contains("math2"), "{error}");
    assert_eq!(script.call::<i64>(4).unwrap(), 104);

    let twice = Script::builder("twice.lua")
        .source("function main() end")
        .module(NativeModule::new("a", "1.0.0"))
        .module(NativeModule::new("a", "1.0.0"))
        .build()
        .unwrap_err();
    assert_eq!(shown(&twice), (ErrorKind::Module, "twice.lua: module 'a' 1.0.0 is given twice".into()));
}

#[test]
fn the_library_is_what_was_chosen() {
    let source = "function main() return math and math.random and 'random' or string and 'string' or 'nothing' end";
    let with = |stdlib| {
        let script = Script::builder("lib.lua").source(source).stdlib(stdlib).build().unwrap();
        script.call::<String>(()).unwrap()
    };
    assert_eq!(with(Stdlib::NONE), "nothing");
    assert_eq!(with(Stdlib::PURE), "string");
    assert_eq!(with(Stdlib::SAFE), "random");
    assert_eq!(Script::new("lib.lua", source).unwrap().call::<String>(()).unwrap(), "random");
    // Without a library `require` is all there is.
    let script = Script::builder("bare.lua")
        .source("function main(x) return require('one').add(x) end")
        .module(NativeModule::new("one", "1.0.0").function("add", |x: i64| x + 1))
        .stdlib(Stdlib::NONE)
        .build()
        .unwrap();
    assert_eq!(script.call::<i64>(1).unwrap(), 2);
}

#[test]
fn what_a_script_prints_goes_to_the_host() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let script = Script::builder("print.lua")
        .source("print('starting') function main(x) print('got', x, nil, 1.5) print() return x end")
        .on_print(move |line| sink.lock().unwrap().push(String::from_utf8_lossy(line).into_owned()))
        .build()
        .unwrap();
    script.run(7).unwrap();
    assert_eq!(*lines.lock().unwrap(), ["starting", "got\t7\tnil\t1.5", ""]);
    lines.lock().unwrap().clear();
    thread::scope(|scope| scope.spawn(|| script.run("elsewhere").unwrap()).join().unwrap());
    assert_eq!(*lines.lock().unwrap(), ["starting", "got\telsewhere\tnil\t1.5", ""]);
}

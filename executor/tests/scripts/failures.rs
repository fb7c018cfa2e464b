//! Proves that the next run works whatever the last one did, and with which globals.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lunapool_executor::Script;
use lunapool_interpreter::{ErrorKind, Limits};
use lunapool_modules::NativeModule;

use super::shown;

#[test]
fn after_the_memory_is_exhausted_the_next_run_starts_afresh() {
    let limits = Limits { memory: Some(8 << 20), ..Limits::default() };
    let script = Script::builder("fill.lua")
        .source(
            "kept = {} runs = 0
             function main(n)
                 runs = runs + 1
                 for i = 1, n do kept[#kept + 1] = 'some text that takes room ' .. #kept end
                 return #kept, runs
             end",
        )
        .limits(limits)
        .build()
        .unwrap();
    assert_eq!(script.call::<(i64, i64)>(10).unwrap(), (10, 1));
    assert_eq!(script.call::<(i64, i64)>(10).unwrap(), (20, 2));
    let error = script.run(10_000_000).unwrap_err();
    assert_eq!(shown(&error), (ErrorKind::Limit, "fill.lua: memory of 8388608 bytes exceeded".into()));
    assert_eq!(script.stats().interpreters, 0);
    assert_eq!(script.call::<(i64, i64)>(10).unwrap(), (10, 1));
    let stats = script.stats();
    assert_eq!((stats.runs, stats.failures, stats.interpreters), (4, 1, 1));
}

#[test]
fn after_other_failures_globals_are_still_there() {
    let script = Script::new(
        "keep.lua",
        "n = 0 function main(what)
            n = n + 1
            if what == 'error' then error('failed on purpose') end
            if what == 'spin' then while true do end end
            if what == 'bad' then return print end
            return n
        end",
    )
    .unwrap();
    let failed = |what: &str| script.with().timeout(Duration::from_millis(20)).run(what).unwrap_err().kind();
    assert_eq!(script.call::<i64>(()).unwrap(), 1);
    assert_eq!(failed("error"), ErrorKind::Runtime);
    assert_eq!(failed("spin"), ErrorKind::Limit);
    assert_eq!(failed("bad"), ErrorKind::Conversion);
    assert_eq!(script.call::<i64>(()).unwrap(), 5);
    assert_eq!(script.stats().failures, 3);
}

#[test]
fn a_panic_in_a_native_costs_one_run() {
    let armed = Arc::new(AtomicBool::new(false));
    let trap = armed.clone();
    let module = NativeModule::new("trap", "1.0.0").function("step", move || {
        assert!(!trap.load(Ordering::SeqCst), "stepped on it");
    });
    let script = Script::builder("trap.lua")
        .source("n = 0 function main() n = n + 1 require('trap').step() return n end")
        .module(module)
        .build()
        .unwrap();
    assert_eq!(script.call::<i64>(()).unwrap(), 1);
    assert_eq!(script.call::<i64>(()).unwrap(), 2);
    armed.store(true, Ordering::SeqCst);
    let error = script.run(()).unwrap_err();
    let expected = (ErrorKind::Native, "trap.lua: a native function panicked: stepped on it".to_owned());
    assert_eq!(shown(&error), expected);
    assert_eq!(script.stats().interpreters, 0);
    // `pcall` does not catch it either: nothing is known about the interpreter any more.
    script.update("function main() return pcall(require('trap').step) end").unwrap();
    assert_eq!(shown(&script.run(()).unwrap_err()), expected);
    armed.store(false, Ordering::SeqCst);
    script.update("n = 0 function main() n = n + 1 require('trap').step() return n end").unwrap();
    assert_eq!(script.call::<i64>(()).unwrap(), 1);
    armed.store(true, Ordering::SeqCst);
    script.run(()).unwrap_err();
    armed.store(false, Ordering::SeqCst);
    assert_eq!(script.call::<i64>(()).unwrap(), 1);
    assert_eq!((script.stats().interpreters, script.stats().failures), (1, 3));
}
